//! `chime serve`: serves an embedded Chime, a local server that behaves like Amazon Chime, to any client.

mod log;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use amazon_chime::Credentials;
use amazon_chime::local::{LocalChime, LocalChimeBuilder};
use anyhow::{Context, bail};
use clap::Args;

use crate::ending::{Ending, interrupted};
use crate::output::{say, tell};
use log::Format;

/// Serves the Amazon Chime API from this machine.
///
/// Prints the environment variables for the AWS CLI and the AWS SDKs, as lines for a shell. With a data directory,
/// changes are kept even if the program is killed. Without a data directory, changes are lost when the program ends.
///
/// Clients need the credentials that you set with the options or with the variables AWS_ACCESS_KEY_ID and
/// AWS_SECRET_ACCESS_KEY. If you set no credentials, the program creates random credentials at each start.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "it is printed as it stands")]
#[command(after_help = "Example: chime serve --data my-data --load my-archive")]
pub(crate) struct Arguments {
    /// The port to listen on; 0 means any free port.
    #[arg(long, value_name = "PORT", default_value = "4510")]
    port: u16,
    /// The address to listen on. If other machines can reach it, you must set credentials, and clients use plain HTTP.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The access key ID that clients sign with.
    #[arg(long, value_name = "ID", requires = "secret_access_key")]
    access_key_id: Option<String>,
    /// The secret access key that clients sign with. Other users of this machine can see this option, but not the
    /// variable AWS_SECRET_ACCESS_KEY.
    #[arg(long, value_name = "KEY", requires = "access_key_id")]
    secret_access_key: Option<String>,
    /// The directory for the data, created if it does not exist.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// An archive, or a JSON Lines file with rows, to load; with --data, it is loaded only once, into a new directory.
    #[arg(long, value_name = "PATH")]
    load: Option<PathBuf>,
    /// A delay before each response.
    #[arg(long, value_name = "MILLISECONDS", default_value = "0")]
    latency: u64,
    /// Write each change to the disk before the response, so that it survives a power failure.
    #[arg(long, requires = "data")]
    sync: bool,
    /// Show the data on a read-only page for browsers on this machine.
    #[arg(long)]
    web: bool,
    /// The format of the log line for each request, on standard error.
    #[arg(long, value_name = "FORM", default_value = "text")]
    log: Format,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<Ending> {
    // Before the server is started, so that no signal is lost.
    let ended = ended()?;
    let credentials = arguments.credentials()?;
    let is_given = credentials.is_some();
    if credentials.is_none() && !arguments.bind.is_loopback() {
        bail!(
            "other machines can reach this address, so credentials are required: set AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or give --access-key-id and --secret-access-key"
        );
    }
    if let (Some(data), Some(load)) = (&arguments.data, &arguments.load)
        && data.join("chime.db").exists()
    {
        let (data, load) = (data.display(), load.display());
        tell(format_args!(
            "{data} exists: {load} is loaded only if nothing was loaded into {data} before"
        ));
    }
    let address = format!("{}:{}", arguments.bind, arguments.port);
    let chime = arguments.builder(credentials).start();
    let chime = chime.with_context(|| format!("cannot serve on {address}"))?;
    tell_how_to_use(&chime, is_given);
    let ending = ended.await;
    // Stops the server, and closes its data directory.
    drop(chime);
    tell("Ended");
    Ok(ending)
}

impl Arguments {
    /// Returns the credentials of the options or of the environment.
    fn credentials(&self) -> anyhow::Result<Option<Credentials>> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let (id, secret) = match (&self.access_key_id, &self.secret_access_key) {
            (None, None) => (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")),
            (id, secret) => (id.clone(), secret.clone()),
        };
        match (id, secret) {
            (Some(id), Some(secret)) => {
                Ok(Some(Credentials::new(id, secret, None, None, "chime serve")))
            }
            (None, None) => Ok(None),
            _ => bail!("set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither of them"),
        }
    }

    fn builder(&self, credentials: Option<Credentials>) -> LocalChimeBuilder {
        let mut builder = LocalChime::builder()
            .address(self.bind)
            .port(self.port)
            .latency(Duration::from_millis(self.latency))
            .sync(self.sync)
            .web_page(self.web)
            .on_answer(self.log.observer());
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        if let Some(data) = &self.data {
            builder = builder.data_directory(data);
        }
        if let Some(load) = &self.load {
            builder = builder.load(load);
        }
        builder
    }
}

/// Prints the lines to paste into a shell, without credentials that the user has set.
fn tell_how_to_use(chime: &LocalChime, is_given: bool) {
    let is_known = |line: &str| {
        is_given
            && ["export AWS_ACCESS_KEY_ID=", "export AWS_SECRET_ACCESS_KEY="]
                .iter()
                .any(|export| line.starts_with(export))
    };
    for line in chime.exports().lines().filter(|line| !is_known(line)) {
        say(line);
    }
    if is_given {
        say("# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have the values that you set.");
    }
    tell(format_args!("Serving on {}", chime.endpoint_url()));
}

/// Completes when the user or the service manager ends the program.
#[cfg(unix)]
fn ended() -> anyhow::Result<impl Future<Output = Ending>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            () = interrupted() => Ending::Interrupted,
            _ = terminated.recv() => Ending::Done,
        }
    })
}

#[cfg(not(unix))]
fn ended() -> anyhow::Result<impl Future<Output = Ending>> {
    Ok(async {
        interrupted().await;
        Ending::Interrupted
    })
}
