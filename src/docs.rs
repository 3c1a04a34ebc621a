//! Pages about subjects rather than items.

#[doc = include_str!("docs/archiving.md")]
pub mod archiving {}

#[doc = include_str!("docs/credentials.md")]
pub mod credentials {}

#[doc = include_str!("docs/features.md")]
pub mod features {}

#[doc = include_str!("docs/from_aws_sdk_chime.md")]
pub mod from_aws_sdk_chime {}

#[doc = include_str!("docs/integrating.md")]
pub mod integrating {}

#[doc = include_str!("docs/measurements.md")]
pub mod measurements {}

#[doc = include_str!("docs/observing.md")]
pub mod observing {}

#[doc = include_str!("docs/reliability.md")]
pub mod reliability {}

#[doc = include_str!("docs/testing.md")]
pub mod testing {}

/// The hidden beginning of an example: a `client` of an embedded Chime. The
/// example ends with a hidden `Ok(()) }`.
macro_rules! with_client {
    () => {
        "# #[tokio::main(flavor = \"current_thread\")]
# async fn main() -> Result<(), Box<dyn std::error::Error>> {
# let chime = amazon_chime::local::LocalChime::start()?;
# let client = chime.client();"
    };
}

/// Hidden lines of an example, behind [`with_client`]: `numbers` that were ordered, one of them, and
/// `number`, as it is in the inventory.
macro_rules! with_phone_number {
    () => {
        "# let product_type = amazon_chime::PhoneNumberProductType::BusinessCalling;
# let numbers = client.search_available_phone_numbers().area_code(\"206\").max_results(1).await?.items;
# client.create_phone_number_order(product_type, &numbers).await?;
# let number = client.get_phone_number(&numbers[0]).await?;"
    };
}

pub(crate) use {with_client, with_phone_number};
