//! Pages about subjects rather than items.

#[doc = include_str!("docs/features.md")]
pub mod features {}

#[doc = include_str!("docs/from_aws_sdk_chime.md")]
pub mod from_aws_sdk_chime {}

#[doc = include_str!("docs/integrating.md")]
pub mod integrating {}

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

pub(crate) use with_client;
