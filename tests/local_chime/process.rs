//! An embedded Chime in its own process, which can be killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use amazon_chime::local::LocalChime;
use amazon_chime::{Client, Credentials, RetryConfig};

/// A process that serves a data directory.
pub(crate) struct Process {
    child: Child,
    endpoint_url: String,
}

impl Process {
    /// Starts a process that loads a seed.
    pub(crate) fn start(data: &Path, seed: &Path) -> Self {
        Self::of(this_program(), data, seed)
    }

    /// Starts a process that cannot write files of more than about 200 KiB, as on a full disk.
    pub(crate) fn start_on_a_small_disk(data: &Path, seed: &Path) -> Self {
        let mut shell = Command::new("sh");
        // Without the trap, the signal of the limit would end the process.
        shell.args(["-c", r#"trap "" XFSZ; ulimit -f 400; exec "$0" "$@""#]);
        shell.arg(std::env::current_exe().unwrap()).args(ARGUMENTS);
        Self::of(shell, data, seed)
    }

    /// Starts a process and does not wait until it serves.
    pub(crate) fn start_without_waiting(data: &Path, seed: &Path) -> Self {
        Self { child: spawn(this_program(), data, seed), endpoint_url: String::new() }
    }

    fn of(program: Command, data: &Path, seed: &Path) -> Self {
        let mut child = spawn(program, data, seed);
        let endpoint_url = said(&mut child);
        assert!(endpoint_url.starts_with("http://"), "{endpoint_url}");
        Self { child, endpoint_url }
    }

    /// Returns a client that sends each request once.
    pub(crate) fn client(&self) -> Client {
        Client::builder()
            .endpoint_url(&self.endpoint_url)
            .region("us-east-1")
            .credentials_provider(credentials())
            .retry(RetryConfig::disabled())
            .build()
            .unwrap()
    }

    /// Ends the process as `kill -9` does.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Returns the error of an embedded Chime whose user can read the data directory but not write it.
pub(crate) fn error_of_a_user_who_can_only_read(scratch: &Path, data: &Path) -> String {
    let mut program = this_program();
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        // For root, nothing is read-only. Another user may be unable to reach the directory of this program.
        let copy = scratch.join("program");
        fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
        program = Command::new(copy);
        program.args(ARGUMENTS).current_dir("/").uid(65534).gid(65534);
    }
    let mut child = program.env(DATA, data).stdout(Stdio::piped()).spawn().unwrap();
    let error = said(&mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    error
}

fn spawn(mut program: Command, data: &Path, seed: &Path) -> Child {
    program.env(DATA, data).env(SEED, seed).stdin(Stdio::piped()).stdout(Stdio::piped());
    program.spawn().unwrap()
}

fn this_program() -> Command {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(ARGUMENTS);
    program
}

/// Returns the rest of the first output line with `MARK`, which no other line has.
fn said(child: &mut Child) -> String {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut said = lines.filter_map(|line| Some(line.split_once(MARK)?.1.to_owned()));
    said.next().unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "a-secret", None, None, "test")
}

const ARGUMENTS: [&str; 4] = ["--exact", "process::serve", "--ignored", "--nocapture"];
const DATA: &str = "LOCAL_CHIME_TEST_DATA";
const SEED: &str = "LOCAL_CHIME_TEST_SEED";
const MARK: &str = "embedded Chime: ";

/// The program of the process, which serves until it is killed or the process that started it ends.
#[test]
#[ignore = "it is the process of other tests"]
fn serve() {
    let Some(data) = std::env::var_os(DATA) else {
        return;
    };
    let mut builder = LocalChime::builder().credentials(credentials()).data_directory(data);
    if let Some(seed) = std::env::var_os(SEED) {
        builder = builder.load(seed);
    }
    match builder.start() {
        Ok(chime) => {
            println!("{MARK}{}", chime.endpoint_url());
            _ = std::io::stdin().read_line(&mut String::new());
        }
        Err(error) => println!("{MARK}{error}"),
    }
}
