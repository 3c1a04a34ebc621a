//! Makes calls with `aws-sdk-chime` or with `amazon-chime`. It reads one JSON object per line from its standard input,
//! for example `{"operation": "GetAccount", "parameters": {"AccountId": "…"}}`, and prints one line with the outcome.
//! The outcome has the same form for both libraries. The endpoint and the credentials are in the environment.

mod call;
mod credentials;
mod official;
mod this_crate;

use anyhow::{Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

use call::{Call, Tool};
use official::Official;
use this_crate::ThisCrate;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["aws-sdk-chime"] => make_calls(Official::connect(0)?).await,
        ["aws-sdk-chime", minutes_ahead] => {
            make_calls(Official::connect(minutes_ahead.parse()?)?).await
        }
        ["amazon-chime"] => make_calls(ThisCrate::connect()?).await,
        ["temporary-credentials"] => credentials::serve().await,
        _ => bail!(
            "usage: driver aws-sdk-chime [MINUTES_AHEAD] | amazon-chime | temporary-credentials"
        ),
    }
}

async fn make_calls(tool: impl Tool) -> Result<()> {
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let call: Call = serde_json::from_str(&line)?;
        println!("{}", call::outcome(tool.call(call).await));
    }
    Ok(())
}
