//! Creates a user in an account, and distinguishes the errors.
//!
//! ```sh
//! cargo run --example create_user -- ana@example.com --type SharedDevice
//! cargo run --example create_user -- ana@example.com --account ACCOUNT_ID --aws
//! ```

mod common;

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::{AccountId, UserType};
use lexopt::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let usage = "create_user [EMAIL] [--type TYPE] [--account ACCOUNT_ID] [--aws]";
    common::exit_code(usage, create_user().await)
}

async fn create_user() -> Result<(), Box<dyn Error>> {
    let (mut email, mut user_type, mut account, mut use_aws) = (None, None, None, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("type") => user_type = Some(arguments.value()?.parse_with(UserType::parse_known)?),
            Long("account") => account = Some(AccountId::from(arguments.value()?.string()?)),
            Long("aws") => use_aws = true,
            Value(value) if email.is_none() => email = Some(value.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let email = email.as_deref().unwrap_or("ana@example.com");

    let (client, chime) = common::connect(use_aws)?;
    let account_id = match (account, &chime) {
        (Some(account_id), _) => account_id,
        (None, Some(_)) => client.create_account("Acme").await?.account_id,
        (None, None) => return Err("with --aws, name an account: --account ACCOUNT_ID".into()),
    };

    let request = client
        .create_user(&account_id)
        .email(email)
        .maybe(user_type, |request, user_type| request.user_type(user_type));
    match request.await {
        Ok(user) => println!("Created the user {}: {user:#?}", user.user_id),
        Err(error) if error.is_conflict() => println!("The account has this user already."),
        Err(error) if error.is_not_found() => println!("There is no account {account_id}."),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
