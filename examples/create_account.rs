//! Creates an account, and looks before it would create one twice.
//!
//! ```sh
//! cargo run --example create_account -- Acme [--aws]
//! ```

mod common;

use std::error::Error;
use std::process::ExitCode;

use lexopt::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    common::exit_code("create_account [NAME] [--aws]", create_account().await)
}

async fn create_account() -> Result<(), Box<dyn Error>> {
    let (mut name, mut use_aws) = (None, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("aws") => use_aws = true,
            Value(value) if name.is_none() => name = Some(value.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let name = name.as_deref().unwrap_or("Acme");

    let (client, _chime) = common::connect(use_aws)?;
    match client.create_account(name).await {
        Ok(account) => println!("Created {} with the id {}.", account.name, account.account_id),
        // Nobody knows whether it was created: list what has that name before trying again.
        Err(error) if error.may_have_applied() => {
            println!("{error}");
            let mut accounts = client.list_accounts().name_prefix(name).items();
            while let Some(account) = accounts.try_next().await? {
                println!("Found {} {:?}", account.account_id, account.created_timestamp);
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
