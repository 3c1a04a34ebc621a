//! Creates a user in an account, and tells the errors apart.
//!
//! ```sh
//! cargo run --example create_user -- ana@example.com
//! cargo run --example create_user -- ana@example.com --account ACCOUNT_ID --aws
//! ```

mod common;

use std::error::Error;

use amazon_chime::AccountId;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut email, mut account, mut use_aws) = ("ana@example.com".to_owned(), None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--account" => account = arguments.next().map(AccountId::from),
            "--aws" => use_aws = true,
            _ => email = argument,
        }
    }

    let (client, chime) = common::connect(use_aws)?;
    let account_id = match (account, &chime) {
        (Some(account_id), _) => account_id,
        (None, Some(_)) => client.create_account("Acme").await?.account_id,
        (None, None) => return Err("with --aws, name an account: --account ACCOUNT_ID".into()),
    };

    match client.create_user(&account_id).email(&email).await {
        Ok(user) => println!("Created the user {}: {user:#?}", user.user_id),
        Err(error) if error.is_conflict() => println!("The account has this user already."),
        Err(error) if error.is_not_found() => println!("There is no account {account_id}."),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
