//! A process with one client, which lists accounts and advances its clock on command.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use amazon_chime::Client;
use amazon_chime::aws_types::sdk_config::TimeSource;
use aws_config::BehaviorVersion;

use crate::environment::Environment;

/// The variable that is set for the process. Without this variable, the ignored test does nothing.
const MARK: &str = "AWS_CONFIG_EXAMPLE_SESSION";

const OUTCOME: &str = "outcome: ";

pub(crate) struct Session {
    process: Child,
    commands: Option<ChildStdin>,
    outcomes: Lines<BufReader<ChildStdout>>,
    /// It is kept because dropping it would delete the files of the process.
    _environment: Environment,
}

impl Session {
    pub(crate) fn start(mut command: Command, environment: Environment) -> Self {
        command
            .args(["--exact", "session::in_a_process_of_its_own", "--ignored", "--nocapture"])
            .env(MARK, "yes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let commands = process.stdin.take();
        let outcomes = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, commands, outcomes, _environment: environment }
    }

    /// Lists all accounts. Returns the number of accounts and attempts as text, or the error.
    pub(crate) fn list(&mut self) -> String {
        self.tell("list")
    }

    pub(crate) fn advance_hours(&mut self, hours: u64) {
        assert_eq!(self.tell(&format!("advance {hours}")), "advanced");
    }

    fn tell(&mut self, command: &str) -> String {
        writeln!(self.commands.as_mut().unwrap(), "{command}").unwrap();
        loop {
            let line = self.outcomes.next().expect("the process ended").unwrap();
            if let Some((_, outcome)) = line.split_once(OUTCOME) {
                return outcome.to_owned();
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The process ends when its input ends.
        drop(self.commands.take());
        _ = self.process.wait();
    }
}

/// The clock of the machine, plus some hours.
#[derive(Clone, Debug, Default)]
struct Clock(Arc<Mutex<Duration>>);

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        SystemTime::now() + *self.0.lock().unwrap()
    }
}

#[tokio::test]
#[ignore = "run by other tests, with an environment of its own"]
async fn in_a_process_of_its_own() {
    if std::env::var_os(MARK).is_none() {
        return;
    }
    let clock = Clock::default();
    let config =
        aws_config::defaults(BehaviorVersion::latest()).time_source(clock.clone()).load().await;
    let client = Client::from_sdk_config(&config).unwrap();
    for command in std::io::stdin().lines() {
        let command = command.unwrap();
        let outcome = match command.split_once(' ') {
            Some(("advance", hours)) => {
                *clock.0.lock().unwrap() += Duration::from_hours(hours.parse().unwrap());
                "advanced".to_owned()
            }
            _ => list(&client).await,
        };
        println!("{OUTCOME}{outcome}");
    }
}

async fn list(client: &Client) -> String {
    let plural = |count| if count == 1 { "" } else { "s" };
    match client.list_accounts().send_with_metadata().await {
        Ok(response) => {
            let (accounts, attempts) = (response.output.items.len(), response.attempts as usize);
            format!(
                "{accounts} account{}, {attempts} attempt{}",
                plural(accounts),
                plural(attempts)
            )
        }
        Err(error) => error.to_string(),
    }
}
