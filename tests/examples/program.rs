//! Running a program against an embedded Chime of the test.

use std::process::{Command, Output, Stdio};

use amazon_chime::local::LocalChime;

/// An example without arguments and without an environment.
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

/// An example with its arguments, and with the environment that leads to this Chime.
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

/// What a program has printed, and whether it was content.
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
