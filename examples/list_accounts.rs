//! Lists accounts as a stream, with the filters of the API.
//!
//! ```sh
//! cargo run --example list_accounts -- [--name PREFIX] [--email ADDRESS] [--aws]
//! ```

mod common;

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut name, mut email, mut use_aws) = (None, None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--name" => name = arguments.next(),
            "--email" => email = arguments.next(),
            "--aws" => use_aws = true,
            _ => {
                return Err("usage: list_accounts [--name PREFIX] [--email ADDRESS] [--aws]".into());
            }
        }
    }

    let (client, chime) = common::connect(use_aws)?;
    if chime.is_some() {
        // The embedded Chime starts empty.
        for (name, email) in
            [("Acme", "ana@example.com"), ("Acorn", "ben@example.com"), ("Birch", "cy@example.com")]
        {
            let account = client.create_account(name).await?;
            client.create_user(&account.account_id).email(email).await?;
        }
    }

    let mut request = client.list_accounts();
    if let Some(prefix) = name {
        request = request.name_prefix(prefix);
    }
    if let Some(email) = email {
        request = request.user_email(email);
    }
    let mut accounts = request.items();
    while let Some(account) = accounts.try_next().await? {
        let created = account.created_timestamp.map(|time| time.to_rfc3339());
        println!("{}  {:<20} {}", account.account_id, account.name, created.unwrap_or_default());
    }
    Ok(())
}
