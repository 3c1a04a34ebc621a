//! Lists accounts as a stream, with the optional filters of the API.
//!
//! ```sh
//! cargo run --example list_accounts -- [--name PREFIX] [--email ADDRESS] [--aws]
//! ```

mod common;

use std::error::Error;
use std::process::ExitCode;

use lexopt::prelude::*;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let usage = "list_accounts [--name PREFIX] [--email ADDRESS] [--aws]";
    common::exit_code(usage, list_accounts().await)
}

async fn list_accounts() -> Result<(), Box<dyn Error>> {
    let (mut name, mut email, mut use_aws) = (None, None, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("name") => name = Some(arguments.value()?.string()?),
            Long("email") => email = Some(arguments.value()?.string()?),
            Long("aws") => use_aws = true,
            _ => return Err(argument.unexpected().into()),
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

    let mut accounts = client
        .list_accounts()
        .maybe(name, |request, prefix| request.name_prefix(prefix))
        .maybe(email, |request, email| request.user_email(email))
        .items();
    while let Some(account) = accounts.try_next().await? {
        let created = account.created_timestamp.map(|time| time.to_rfc3339());
        println!("{}  {:<20} {}", account.account_id, account.name, created.unwrap_or_default());
    }
    Ok(())
}
