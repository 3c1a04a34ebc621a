//! Searches, orders, assigns, deletes and restores a phone number.
//!
//! ```sh
//! cargo run --example phone_numbers
//! ```
//!
//! It uses only the embedded Chime, a local server that behaves like Amazon Chime, because orders at AWS cost money.

mod common;

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::chrono::TimeDelta;
use amazon_chime::local::LocalChime;
use amazon_chime::{PhoneNumberId, PhoneNumberProductType};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    common::exit_code("phone_numbers", phone_numbers().await)
}

async fn phone_numbers() -> Result<(), Box<dyn Error>> {
    common::no_arguments()?;
    let chime = LocalChime::start()?;
    let client = chime.client();
    println!("Using the embedded Chime at {}.", chime.endpoint_url());

    println!("\nSearching for two numbers in Seattle …");
    let found = client.search_available_phone_numbers().area_code("206").max_results(2).await?;
    // `Debug` does not show phone numbers.
    println!("  {:?}", found.items);

    println!("\nOrdering them …");
    let product_type = PhoneNumberProductType::BusinessCalling;
    let order = client.create_phone_number_order(product_type, &found.items).await?;
    println!("  the order is {}", text(order.status));
    let order = client.get_phone_number_order(&order.phone_number_order_id).await?;
    println!("  the order is {}", text(order.status));

    println!("\nGiving the first one to Ana …");
    let [number, ..] = &found.items[..] else { return Err("no number is available".into()) };
    let id = PhoneNumberId::from(number);
    let acme = client.create_account("Acme").await?;
    let ana = client.create_user(&acme.account_id).email("ana@example.com").await?;
    client.associate_phone_number_with_user(&acme.account_id, &ana.user_id, number).await?;
    client.update_phone_number(&id).calling_name("Acme").await?;
    let assigned = client.get_phone_number(&id).await?;
    println!("  it is {}", text(assigned.status));

    println!("\nTaking it back, deleting it, changing our mind …");
    client.disassociate_phone_number_from_user(&acme.account_id, &ana.user_id).await?;
    client.delete_phone_number(&id).await?;
    let deleted = client.get_phone_number(&id).await?;
    println!("  it is {} until {:?}", text(deleted.status), deleted.deletion_timestamp);
    let restored = client.restore_phone_number(&id).await?;
    println!("  it is {}", text(restored.status));

    println!("\nDeleting it for good: a week later, it can be ordered again …");
    client.delete_phone_number(&id).await?;
    chime.advance(TimeDelta::days(7));
    let error = client.get_phone_number(&id).await.err().ok_or("it is still there")?;
    println!("  {error}");
    Ok(())
}

/// Returns the text of an enum value, or `unknown` if the response does not have it.
fn text(value: Option<impl ToString>) -> String {
    value.map_or("unknown".to_owned(), |value| value.to_string())
}
