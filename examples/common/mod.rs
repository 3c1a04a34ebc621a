//! The common code of the examples: clients, command lines and exit codes.

#![allow(dead_code, reason = "no example uses all of it")]

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::Client;
use amazon_chime::local::LocalChime;
use lexopt::prelude::*;

/// Returns a client. Also returns the embedded Chime, which stops when it is dropped, unless AWS is used.
pub(crate) fn connect(use_aws: bool) -> Result<(Client, Option<LocalChime>), Box<dyn Error>> {
    if use_aws {
        let client = Client::from_env()?;
        println!("Using {}, as the environment variables say.", client.endpoint_url());
        return Ok((client, None));
    }
    let chime = LocalChime::start()?;
    println!("Using the embedded Chime at {} (--aws uses AWS).", chime.endpoint_url());
    Ok((chime.client(), Some(chime)))
}

/// Returns `true` if the argument is `--aws`, and `false` if there is none.
pub(crate) fn only_aws() -> Result<bool, lexopt::Error> {
    let mut use_aws = false;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("aws") => use_aws = true,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(use_aws)
}

pub(crate) fn port() -> Result<Option<u16>, lexopt::Error> {
    let mut port = None;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = Some(arguments.value()?.parse()?),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(port)
}

pub(crate) fn no_arguments() -> Result<(), lexopt::Error> {
    match lexopt::Parser::from_env().next()? {
        Some(argument) => Err(argument.unexpected()),
        None => Ok(()),
    }
}

/// Prints why an example failed, and returns its exit code: 0 done, 1 failed, 2 wrong arguments.
///
/// The examples do not know the option `--help`, so it arrives here as an unknown option.
pub(crate) fn exit_code(usage: &str, result: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    match error.downcast_ref::<lexopt::Error>() {
        Some(lexopt::Error::UnexpectedOption(option)) if option == "--help" || option == "-h" => {
            println!("usage: {usage}");
            ExitCode::SUCCESS
        }
        Some(error) => {
            eprintln!("{error}\nusage: {usage}");
            ExitCode::from(2)
        }
        None => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
