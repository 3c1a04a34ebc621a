//! The environment of a process. It takes only `PATH` from the environment of the test.

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::session::Session;

/// Environment variables, and a home directory for the files that they name.
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

    /// Sets a variable, or removes it if the value is empty.
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

    /// Returns the path of a file in the home directory. The file may not exist.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn run(&self) -> Run {
        let output = self.command(env!("CARGO_BIN_EXE_aws-config-example")).output().unwrap();
        Run(output)
    }

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

/// The output of a process that has ended.
pub(crate) struct Run(Output);

impl Run {
    /// Asserts that the process succeeded, and returns its standard output.
    pub(crate) fn succeeds(self) -> String {
        assert!(self.0.status.success(), "{:?}", self.0);
        String::from_utf8(self.0.stdout).unwrap()
    }

    /// Asserts that the process failed, and returns its standard error.
    pub(crate) fn fails(self) -> String {
        assert!(!self.0.status.success(), "{:?}", self.0);
        String::from_utf8(self.0.stderr).unwrap()
    }
}
