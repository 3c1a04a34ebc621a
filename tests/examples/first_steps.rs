//! The arguments, the output and the exit codes of the examples.

use std::process::Command;

use amazon_chime::local::LocalChime;

use crate::program::{Ended, built, example, run};

/// The examples that can use AWS.
const AT_AWS: [&str; 4] = ["create_account", "create_user", "list_accounts", "quickstart"];

const ALL: [&str; 7] = [
    "create_account",
    "create_user",
    "list_accounts",
    "quickstart",
    "rooms_and_bots",
    "phone_numbers",
    "local_chime",
];

async fn accounts(chime: &LocalChime) -> Vec<String> {
    let accounts: Vec<_> = chime.client().list_accounts().items().try_collect().await.unwrap();
    accounts.into_iter().map(|account: amazon_chime::Account| account.name).collect()
}

fn with(mut command: Command, arguments: &[&str]) -> Ended {
    run(command.args(arguments))
}

fn is_usage_of(name: &str, text: &str) {
    assert!(text.lines().any(|line| line.starts_with(&format!("usage: {name}"))), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_flag_is_refused_with_the_usage_and_nothing_is_created() {
    let chime = LocalChime::start().unwrap();
    for name in AT_AWS {
        for flags in [&["--dry-run"][..], &["-n", "Foo"], &["--AWS"], &["--aws=no"]] {
            let ended = with(example(name, &chime), flags);
            assert_eq!(ended.code, Some(2), "{name} {flags:?}: {}", ended.stdout);
            is_usage_of(name, &ended.stderr);
            assert_eq!(ended.stdout, "", "{name} {flags:?}");
        }
    }
    assert!(accounts(&chime).await.is_empty());
    for name in ALL {
        let ended = with(built(name), &["--dry-run"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(ended.stderr.contains("--dry-run"), "{}", ended.stderr);
        is_usage_of(name, &ended.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn help_prints_the_usage_and_nothing_is_created() {
    let chime = LocalChime::start().unwrap();
    for help in ["--help", "-h"] {
        let at_aws = AT_AWS.map(|name| (name, with(example(name, &chime), &[help])));
        let all = ALL.map(|name| (name, with(built(name), &[help])));
        for (name, ended) in at_aws.into_iter().chain(all) {
            assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{name}");
            assert_eq!(ended.stdout.lines().count(), 1, "{name}: {}", ended.stdout);
            is_usage_of(name, &ended.stdout);
        }
    }
    assert!(accounts(&chime).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extra_argument_or_a_missing_or_unknown_value_is_refused() {
    for (name, arguments, problem) in [
        ("create_account", &["Acme", "Birch"][..], "Birch"),
        ("create_user", &["--account"], "--account"),
        ("create_user", &["--type", "Robot"], "PrivateUser, SharedDevice"),
        ("list_accounts", &["--name"], "--name"),
        ("quickstart", &["Acme"], "Acme"),
        ("local_chime", &["--port", "many"], "many"),
        ("local_chime", &["--users", "7"], "--users"),
    ] {
        let ended = with(built(name), arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name} {arguments:?}");
        assert!(ended.stderr.contains(problem), "{}", ended.stderr);
        is_usage_of(name, &ended.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_example_names_its_endpoint_and_makes_its_calls() {
    let chime = LocalChime::start().unwrap();
    let ended = with(example("create_account", &chime), &["Birch"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(ended.stdout.contains(chime.endpoint_url()), "{}", ended.stdout);
    assert_eq!(accounts(&chime).await, ["Birch"]);

    let ended = with(example("list_accounts", &chime), &["--name", "Bi"]);
    assert!(ended.stdout.contains("Birch"), "{}", ended.stdout);
    let ended = with(built("create_user"), &["lobby@example.com", "--type", "SharedDevice"]);
    assert!(ended.stdout.contains("SharedDevice"), "{}", ended.stdout);
    assert!(ended.stdout.contains("http://127.0.0.1:"), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_example_prints_the_text_of_the_error() {
    let chime = LocalChime::start().unwrap();
    for name in AT_AWS {
        let ended = with(built(name), &["--aws"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{name}");
        let text = ended.stderr;
        assert!(text.starts_with("no credentials: ") && !text.contains("Error"), "{text}");
    }
    let mut refused = example("list_accounts", &chime);
    let ended = run(refused.env("AWS_SECRET_ACCESS_KEY", "hunter2"));
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.starts_with("ListAccounts: InvalidSignature"), "{}", ended.stderr);
}

#[test]
fn the_readme_shows_the_last_lines_that_the_quickstart_prints() {
    let readme = include_str!("../../README.md");
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();

    let ended = run(&mut built("quickstart"));
    let (before, after) = ended.stdout.split_once("request id ").unwrap();
    let (request_id, after) = after.split_once(')').unwrap();
    assert_eq!(request_id.len(), 36);
    let printed = format!("{before}request id …){after}");
    assert!(printed.ends_with(shown), "{printed}");
}
