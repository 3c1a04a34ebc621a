//! The environment of a process: nothing of this one's but the way to its programs.

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::session::Session;

/// Variables, and a home of its own for the files that they point to.
pub(crate) struct Environment {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl Environment {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().to_str().unwrap().to_owned();
        let environment = Self { home, variables: Vec::new() };
        environment
            .set("HOME", &path)
            .set("PATH", &std::env::var("PATH").unwrap())
            .set("AWS_EC2_METADATA_DISABLED", "true")
    }

    /// Sets a variable; nothing is what sets none.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.variables.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub(crate) fn config_file(self, text: &str) -> Self {
        self.file("AWS_CONFIG_FILE", "config", text)
    }

    pub(crate) fn credentials_file(self, text: &str) -> Self {
        self.file("AWS_SHARED_CREDENTIALS_FILE", "credentials", text)
    }

    fn file(self, variable: &str, name: &str, text: &str) -> Self {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        self.set(variable, path.to_str().unwrap())
    }

    /// Where a file of this name is, or would be.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs the example to its end.
    pub(crate) fn run(&self) -> Run {
        let output = self.command(env!("CARGO_BIN_EXE_aws-config-example")).output().unwrap();
        Run(output)
    }

    /// Starts a process that lists accounts whenever it is told to.
    pub(crate) fn start(self) -> Session {
        let command = self.command(std::env::current_exe().unwrap().to_str().unwrap());
        Session::start(command, self)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// What came of a run.
pub(crate) struct Run(Output);

impl Run {
    /// What it printed.
    pub(crate) fn succeeds(self) -> String {
        assert!(self.0.status.success(), "{:?}", self.0);
        String::from_utf8(self.0.stdout).unwrap()
    }

    /// Its message.
    pub(crate) fn fails(self) -> String {
        assert!(!self.0.status.success(), "{:?}", self.0);
        String::from_utf8(self.0.stderr).unwrap()
    }
}
