//! Runs a program against an embedded Chime.

use std::process::{Command, Output, Stdio};

use amazon_chime::local::LocalChime;

/// Returns the command of an example, with no arguments and an empty environment.
pub(crate) fn built(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(|deps| deps.parent()).unwrap();
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is missing: build the examples of this profile first, with `cargo build --examples`; \
         `cargo test` without `--test` does",
        program.display()
    );

    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null());
    command
}

/// Returns the command of an example with `--aws` and an environment that points to this embedded Chime.
pub(crate) fn example(name: &str, chime: &LocalChime) -> Command {
    let credentials = chime.credentials();
    let mut command = built(name);
    command
        .env("AWS_ENDPOINT_URL_CHIME", chime.endpoint_url())
        .env("AWS_ACCESS_KEY_ID", credentials.access_key_id())
        .env("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key())
        .env("AWS_REGION", chime.region())
        .arg("--aws");
    command
}

/// The output and the exit code of a program.
pub(crate) struct Ended {
    pub(crate) succeeded: bool,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run(command: &mut Command) -> Ended {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let ended = Ended {
        succeeded: status.success(),
        code: status.code(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    };
    assert!(status.code().is_some(), "it ended with {status}: {}", ended.stderr);
    ended
}
