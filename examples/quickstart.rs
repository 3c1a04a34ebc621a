//! Creates an account, adds users, and lists both as streams.
//!
//! ```sh
//! cargo run --example quickstart
//! ```
//!
//! It uses the embedded Chime, a local server that behaves like Amazon Chime and verifies signatures. With `--aws`,
//! it uses AWS, and deletes the account at the end.

mod common;

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::{License, UserType};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    common::exit_code("quickstart [--aws]", quickstart().await)
}

async fn quickstart() -> Result<(), Box<dyn Error>> {
    let (client, _chime) = common::connect(common::only_aws()?)?;

    println!("\nCreating an account and three users …");
    let acme = client.create_account("Acme").await?;
    println!("  account {}  {}", acme.account_id, acme.name);
    for email in ["ana@example.com", "ben@example.com"] {
        let user = client.create_user(&acme.account_id).email(email).await?;
        println!("  user    {}  {email}", user.user_id);
    }
    let lobby = client
        .create_user(&acme.account_id)
        .username("lobby")
        .user_type(UserType::SharedDevice)
        .await?;
    println!("  device  {}  lobby", lobby.user_id);

    println!("\nChanging the device's license, suspending it …");
    let lobby =
        client.update_user(&acme.account_id, &lobby.user_id).license_type(License::Basic).await?;
    client.batch_suspend_user(&acme.account_id, [&lobby.user_id]).await?;

    println!("\nStreaming everything back, two users per page …");
    let mut accounts = client.list_accounts().name_prefix("Ac").items();
    while let Some(account) = accounts.try_next().await? {
        println!("  {}", account.name);
        let mut users = client.list_users(&account.account_id).max_results(2).items();
        while let Some(user) = users.try_next().await? {
            // `expose` returns the text, which `Debug` does not show.
            let email = user.primary_email.as_ref().map_or("no e-mail", |email| email.expose());
            let license = user.license_type.map_or(String::new(), |license| license.to_string());
            let status = user.user_registration_status;
            let status = status.map_or(String::new(), |status| status.to_string());
            println!("    {email:<16} {license:<6} {status}");
        }
    }

    println!("\nCreating ana@example.com once more, which must fail …");
    match client.create_user(&acme.account_id).email("ana@example.com").await {
        Ok(_) => println!("  it did not!"),
        Err(error) if error.is_conflict() => println!("  {error}"),
        Err(error) => return Err(error.into()),
    }

    println!("\nSuspending the users and deleting the account …");
    let mut users = client.list_users(&acme.account_id).items();
    while let Some(user) = users.try_next().await? {
        client.batch_suspend_user(&acme.account_id, [user.user_id]).await?;
    }
    client.delete_account(&acme.account_id).await?;
    println!("  done.");
    Ok(())
}
