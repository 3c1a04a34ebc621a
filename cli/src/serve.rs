//! `chime serve`: an embedded Chime for any client, for as long as it is let run.

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

/// Serves the Amazon Chime API from this machine, to any client of it.
///
/// It prints the lines that lead the AWS CLI and the AWS SDKs to it, as a shell reads them. With a data directory it keeps
/// everything that it has acknowledged, whatever happens to it, and goes on there when it is started again. Without one, it
/// forgets everything when it ends.
///
/// The credentials that clients need are those that you give it by the options or by the variables AWS_ACCESS_KEY_ID and
/// AWS_SECRET_ACCESS_KEY. Without any, it makes random ones, others at each start.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "it is printed as it stands")]
#[command(after_help = "Example: chime serve --data my-data --load my-archive")]
pub(crate) struct Arguments {
    /// The port to listen on; 0 is any free one.
    #[arg(long, value_name = "PORT", default_value = "4510")]
    port: u16,
    /// The address to listen on. Beyond this machine, it needs credentials that you give, and clients send plain HTTP.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The access key ID that clients sign with.
    #[arg(long, value_name = "ID", requires = "secret_access_key")]
    access_key_id: Option<String>,
    /// The secret access key that clients sign with. Others on this machine can see it here, but not in
    /// AWS_SECRET_ACCESS_KEY.
    #[arg(long, value_name = "KEY", requires = "access_key_id")]
    secret_access_key: Option<String>,
    /// The directory to keep the data in, which is made if it is not there.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// An archive, or a file of its form, to begin with. With --data, it is loaded when DIR is new.
    #[arg(long, value_name = "PATH")]
    load: Option<PathBuf>,
    /// How much later than it could be each request is answered.
    #[arg(long, value_name = "MILLISECONDS", default_value = "0")]
    latency: u64,
    /// Wait for the disk before each answer to a change, so that it survives a power failure, too.
    #[arg(long, requires = "data")]
    sync: bool,
    /// Show browsers on this machine a page, to look through what is served. It changes nothing.
    #[arg(long)]
    web: bool,
    /// The form of the line on standard error that each request leaves.
    #[arg(long, value_name = "FORM", default_value = "text")]
    log: Format,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<Ending> {
    // Before anything is started, so that no signal is lost.
    let ended = ended()?;
    let credentials = arguments.credentials()?;
    let is_given = credentials.is_some();
    if credentials.is_none() && !arguments.bind.is_loopback() {
        bail!(
            "beyond this machine it needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, \
             or give --access-key-id and --secret-access-key"
        );
    }
    if let (Some(data), Some(load)) = (&arguments.data, &arguments.load)
        && data.join("chime.db").exists()
    {
        let (data, load) = (data.display(), load.display());
        tell(format_args!(
            "{data} is there: {load} is loaded only if nothing was loaded into it before"
        ));
    }
    let address = format!("{}:{}", arguments.bind, arguments.port);
    let chime = arguments.builder(credentials).start();
    let chime = chime.with_context(|| format!("cannot serve on {address}"))?;
    tell_how_to_use(&chime, is_given);
    let ending = ended.await;
    // It is stopped, and its data directory is closed.
    drop(chime);
    tell("Ended");
    Ok(ending)
}

impl Arguments {
    /// The credentials of the options, or those of the environment.
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
            _ => bail!(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together: set both, or neither"
            ),
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

/// Prints the lines to paste into a shell. A secret that was given is known already.
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
        say("# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are those that you gave.");
    }
    tell(format_args!("Serving on {}", chime.endpoint_url()));
}

/// Ends when the program is told to end: by the user, or by who runs it as a service.
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
