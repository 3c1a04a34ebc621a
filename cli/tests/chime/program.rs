//! Runs the program against the embedded Chime of a test.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use amazon_chime::local::LocalChime;
use tempfile::TempDir;

/// The time limit for waiting, longer than a successful test needs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Returns the program with the environment for this Chime.
pub(crate) fn chime(chime: &LocalChime) -> Command {
    chime_at(chime.endpoint_url(), chime)
}

/// Returns the program with the credentials of this Chime and another endpoint.
pub(crate) fn chime_at(endpoint_url: &str, chime: &LocalChime) -> Command {
    let credentials = chime.credentials();
    let mut command = offline();
    command
        .env("AWS_ENDPOINT_URL_CHIME", endpoint_url)
        .env("AWS_ACCESS_KEY_ID", credentials.access_key_id())
        .env("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key())
        .env("AWS_REGION", chime.region());
    command
}

pub(crate) fn offline() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chime"));
    // The program must not use the machine's configuration files or the metadata of an instance.
    command
        .env_clear()
        .env("AWS_CONFIG_FILE", "/nowhere")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(Stdio::null());
    command
}

/// The output and the exit code of a program.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run(command: &mut Command) -> Ended {
    ended(command.output().unwrap())
}

pub(crate) fn ended(output: Output) -> Ended {
    let Output { status, stdout, stderr } = output;
    let stderr = String::from_utf8(stderr).unwrap();
    let code = status.code().unwrap_or_else(|| panic!("it ended with {status}: {stderr}"));
    assert!(!stderr.contains("panicked"), "{stderr}");
    Ended { code, stdout: String::from_utf8(stdout).unwrap(), stderr }
}

/// Runs the program, and checks its exit code.
pub(crate) fn run_to(code: i32, command: &mut Command) -> Ended {
    let ended = run(command);
    assert_eq!(ended.code, code, "{ended:?}");
    ended
}

pub(crate) fn wait_until(program: &mut Child, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "nothing happens");
        assert!(program.try_wait().unwrap().is_none(), "it has ended");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Kills the program when the condition is true.
pub(crate) fn kill_when(is_so: impl Fn() -> bool, command: &mut Command) {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut program = quiet.spawn().unwrap();
    wait_until(&mut program, is_so);
    program.kill().unwrap();
    assert!(!program.wait().unwrap().success(), "it had ended before it was killed");
}

/// Sends the signal of Ctrl-C.
pub(crate) fn interrupt(program: &Child) {
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

pub(crate) fn scratch() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Returns the command `chime archive` for this directory.
pub(crate) fn archive_to(directory: &Path, service: &LocalChime) -> Command {
    let mut command = chime(service);
    command.arg("archive").arg(directory);
    command
}
