//! Creates exactly one account, even if responses are lost.
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
    let account = client.create_account(name).ensure().await?.into_inner();
    println!("Created {} with the id {}.", account.name, account.account_id);
    Ok(())
}
