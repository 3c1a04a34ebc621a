//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use lexopt::prelude::*;

use crate::output::Format;

const USAGE: &str =
    "usage: export_directory [DIRECTORY] [--format jsonl|csv] [--in-flight ACCOUNTS] [--aws]";

pub(crate) struct Arguments {
    pub(crate) directory: Option<PathBuf>,
    pub(crate) format: Format,
    /// How many accounts are read at a time.
    pub(crate) in_flight: NonZeroUsize,
    pub(crate) use_aws: bool,
}

pub(crate) fn parse() -> Result<Arguments, String> {
    read(lexopt::Parser::from_env()).map_err(|error| format!("{error}\n{USAGE}"))
}

fn read(mut parser: lexopt::Parser) -> Result<Arguments, lexopt::Error> {
    let mut arguments = Arguments {
        directory: None,
        format: Format::Jsonl,
        in_flight: NonZeroUsize::new(4).ok_or("4 is zero")?,
        use_aws: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(directory) if arguments.directory.is_none() => {
                arguments.directory = Some(directory.into());
            }
            Long("format") => arguments.format = parser.value()?.parse()?,
            Long("in-flight") => arguments.in_flight = parser.value()?.parse()?,
            Long("aws") => arguments.use_aws = true,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(arguments)
}
