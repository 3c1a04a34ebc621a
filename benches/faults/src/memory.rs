//! The memory that a client uses for a response without an end. Each client runs in a process of its own.

use std::fmt;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use amazon_chime::Credentials;
use amazon_chime::aws_credential_types::provider::SharedCredentialsProvider;
use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::official::Official;
use crate::plan::settings::Settings;
use crate::plan::subject::{Endpoint, Subject};
use crate::plan::this_crate::ThisCrate;

/// The first argument of a child process.
pub(crate) const CHILD: &str = "memory-of";

/// The part of the response that has no end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Endless {
    Header,
    Headers,
    Body,
}

impl Endless {
    pub(crate) const ALL: [Self; 3] = [Self::Header, Self::Headers, Self::Body];

    fn start(self) -> &'static str {
        match self {
            Self::Header => "HTTP/1.1 201 Created\r\nx-endless: ",
            Self::Headers => "HTTP/1.1 201 Created\r\n",
            Self::Body => "HTTP/1.1 201 Created\r\n\r\n{\"Account\": {\"Name\": \"",
        }
    }

    fn rest(self) -> &'static str {
        match self {
            Self::Headers => "x-endless: xxxxxxxxxxxxxxxx\r\n",
            Self::Header | Self::Body => "x",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Client {
    ThisCrate,
    Official,
}

pub(crate) struct Growth {
    mebibytes: u64,
    failure: String,
    duration: Duration,
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mebibytes, failure, duration } = self;
        write!(f, "{mebibytes} MiB, {:.1} s: {failure}", duration.as_secs_f64())
    }
}

/// Makes one call in a child process, and returns the growth of its peak memory.
pub(crate) async fn measure(endless: Endless, client: Client) -> Result<Growth> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let serving = tokio::spawn(serve(listener, endless));
    let mut child = Command::new(std::env::current_exe()?);
    child.args([CHILD, &format!("{client:?}"), &url]).stderr(Stdio::inherit());
    let start = Instant::now();
    let output = tokio::task::spawn_blocking(move || child.output()).await??;
    let duration = start.elapsed();
    serving.abort();
    let output = String::from_utf8(output.stdout)?;
    let (kibibytes, failure) = output.trim().split_once(' ').context("a child without a figure")?;
    Ok(Growth { mebibytes: kibibytes.parse::<u64>()? >> 10, failure: failure.to_owned(), duration })
}

/// Makes one call in the child process, and prints a line with the outcome.
pub(crate) async fn child(client: &str, url: String) -> Result<()> {
    // The timeout is long, so that the call ends for another reason.
    let settings = Settings { attempt_timeout: Duration::from_secs(20), ..Settings::hasty() };
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "campaign");
    let credentials = SharedCredentialsProvider::new(credentials);
    let endpoint = Endpoint { url, region: "us-east-1".to_owned(), credentials };
    match client {
        "ThisCrate" => call(&<ThisCrate>::connect(&endpoint, &settings)?).await,
        "Official" => call(&Official::connect(&endpoint, &settings)?).await,
        other => bail!("unknown client {other}"),
    }
}

async fn call(subject: &impl Subject) -> Result<()> {
    let before = peak_kibibytes()?;
    let result = subject.create_account("Acme").await;
    let failure = result.map_or_else(|failure| failure.what, |_| "success".to_owned());
    println!("{} {failure}", peak_kibibytes()? - before);
    Ok(())
}

fn peak_kibibytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let figure = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(figure.context("no VmHWM in /proc/self/status")?.parse()?)
}

/// The size of the response: more than a client should keep, but little enough for this machine.
const END: usize = 1 << 30;

async fn serve(listener: TcpListener, endless: Endless) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(flood(client, endless));
    }
}

async fn flood(mut client: TcpStream, endless: Endless) -> std::io::Result<()> {
    client.read_u8().await?;
    client.write_all(endless.start().as_bytes()).await?;
    let chunk = endless.rest().repeat(64 * 1024);
    for _ in 0..END / chunk.len() {
        client.write_all(chunk.as_bytes()).await?;
    }
    Ok(())
}
