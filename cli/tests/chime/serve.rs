//! `chime serve`.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use amazon_chime::{Client, Credentials};
use serde_json::Value;

use crate::program::{archive_to, offline, run_to, scratch};
use crate::tenant::{chime_of_every_kind, names};

/// `chime serve` on a free port, killed when the value is dropped.
struct Served {
    program: Child,
    /// The lines that the program printed when it was ready.
    printed: Vec<String>,
}

impl Served {
    fn start(mut command: Command, arguments: &[&dyn AsRef<OsStr>]) -> Self {
        command.args(["serve", "--port", "0"]).args(arguments.iter().map(AsRef::as_ref));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut served = Self { program: command.spawn().unwrap(), printed: Vec::new() };
        let mut lines = BufReader::new(served.program.stdout.take().unwrap()).lines();
        let is_last = |line: &String| line.starts_with("export AWS_DEFAULT_REGION=");
        while !served.printed.last().is_some_and(is_last) {
            served.printed.push(lines.next().expect("it serves").unwrap());
        }
        served
    }

    /// Returns the value of a variable that the program printed.
    fn variable(&self, name: &str) -> &str {
        let start = format!("export {name}=");
        self.printed.iter().find_map(|line| line.strip_prefix(&start)).unwrap()
    }

    fn client(&self, credentials: Credentials) -> Client {
        Client::builder()
            .endpoint_url(self.variable("AWS_ENDPOINT_URL_CHIME"))
            .region(self.variable("AWS_REGION"))
            .credentials_provider(credentials)
            .build()
            .unwrap()
    }

    /// Returns a client with the credentials that the program printed.
    fn own_client(&self) -> Client {
        let variable = |name| self.variable(name).to_owned();
        let (id, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
        self.client(Credentials::new(id, secret, None, None, "test"))
    }

    /// Sends a signal to the program, and returns its exit code and its standard error.
    fn end(mut self, signal: &str) -> (i32, String) {
        let id = self.program.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let code = self.program.wait().unwrap().code().unwrap();
        let mut stderr = String::new();
        self.program.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (code, stderr)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        _ = self.program.kill();
        _ = self.program.wait();
    }
}

/// Returns the program with fixed credentials.
fn with_credentials() -> Command {
    let mut command = offline();
    command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "a+secret");
    command
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "a+secret", None, None, "test")
}

fn rows(archive: &Path) -> Vec<(String, String)> {
    let names = names(archive).into_iter().map(|name| name.into_string().unwrap());
    let names = names.filter(|name| name.contains(".jsonl"));
    names.map(|name| (fs::read_to_string(archive.join(&name)).unwrap(), name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_served_and_archived_again_has_the_same_bytes() {
    let chime = chime_of_every_kind().await;
    let scratch = scratch();
    let [first, second, third] = ["first", "second", "third"].map(|name| scratch.path().join(name));
    run_to(0, archive_to(&first, &chime).arg("--user-settings"));
    // An unknown member, in a JSON form that this program would not write.
    for (name, kind) in [("01_accounts.jsonl", "Account"), ("04_users.jsonl", "User")] {
        let text = fs::read_to_string(first.join(name)).unwrap();
        let unheard = format!(r#"{{"{kind}":{{"Unheard":[1.50, 1e400,"\u00fc"],"#);
        let text = text.replace(&format!(r#"{{"{kind}":{{"#), &unheard);
        fs::write(first.join(name), text).unwrap();
    }
    let data = scratch.path().join("data");
    // First the loaded rows are served, and then the stored rows.
    for again in [&second, &third] {
        let served = Served::start(with_credentials(), &[&"--load", &first, &"--data", &data]);
        let mut archive = with_credentials();
        archive.env("AWS_ENDPOINT_URL_CHIME", served.variable("AWS_ENDPOINT_URL_CHIME"));
        run_to(0, archive.arg("archive").arg(again).arg("--user-settings"));
        assert_eq!(rows(again), rows(&first));
        assert_eq!(served.end("-TERM").0, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_end_it_cleanly_and_the_next_start_has_all_data() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let mut names: Vec<String> = Vec::new();
    for (signal, code) in [("-TERM", 0), ("-INT", 130), ("-TERM", 0)] {
        let served = Served::start(with_credentials(), &[&"--data", &data, &"--sync"]);
        let client = served.client(credentials());
        let accounts = client.list_accounts().await.unwrap().items;
        let kept: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
        assert_eq!(kept, names);
        client.create_account(signal).await.unwrap();
        names.push(signal.to_owned());
        assert_eq!(served.end(signal).0, code);
        assert!(
            !data.join("chime.db-wal").exists(),
            "everything is in one file after an orderly end"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_prints_the_variables_for_clients_but_not_the_users_own_secret() {
    let served = Served::start(offline(), &[]);
    served.own_client().list_accounts().await.unwrap();
    drop(served);

    let served = Served::start(with_credentials(), &[]);
    served.client(credentials()).list_accounts().await.unwrap();
    let arguments = ["--access-key-id", "AKIDOTHER", "--secret-access-key", "other"];
    let other = Served::start(with_credentials(), &arguments.each_ref().map(|text| text as _));
    let credentials = Credentials::new("AKIDOTHER", "other", None, None, "test");
    other.client(credentials).list_accounts().await.unwrap();
    for served in [served, other] {
        let printed = served.printed.join("\n");
        assert!(!printed.contains("secret") && !printed.contains("other"), "{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_writes_a_log_line_without_values() {
    for form in ["text", "json"] {
        let served = Served::start(with_credentials(), &[&"--log", &form, &"--latency", &"20"]);
        let client = served.client(credentials());
        let account = client.create_account("Acme of the North").await.unwrap().account_id;
        let user =
            client.create_user(&account).email("ana@example.com").username("Ana").await.unwrap();
        client.get_account("unheard-of").await.unwrap_err();
        client.get_account("a\nFORGED 200\u{1b}[2J").await.unwrap_err();
        let (_, stderr) = served.end("-TERM");
        for value in
            ["Acme", "ana@example.com", "Ana", "a+secret", user.personal_pin.unwrap().expose()]
        {
            assert!(!stderr.contains(value), "{value}: {stderr}");
        }
        assert!(!stderr.lines().any(|line| line.starts_with("FORGED")), "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "{stderr}");
        let line = |operation: &str| stderr.lines().find(|line| line.contains(operation)).unwrap();
        if form == "json" {
            let line: Value = serde_json::from_str(line("CreateUser")).unwrap();
            assert_eq!(
                (&line["status"], &line["ids"]["AccountId"]),
                (&201.into(), &account.as_str().into())
            );
            assert!(line["microseconds"].as_u64().unwrap() >= 20_000, "{line}");
        } else {
            assert!(line("CreateUser").contains(" CreateUser 201 "), "{stderr}");
            assert!(line("CreateUser").ends_with(&format!(" AccountId={account}")), "{stderr}");
            assert!(line("GetAccount").contains(" GetAccount 404 "), "{stderr}");
        }
    }
}

#[test]
fn browsers_get_the_page_only_with_the_option_web() {
    for (arguments, status) in [(&["--web"][..], "200"), (&[], "403")] {
        let arguments: Vec<&dyn AsRef<OsStr>> =
            arguments.iter().map(|argument| argument as &dyn AsRef<OsStr>).collect();
        let served = Served::start(offline(), &arguments);
        let address = served.variable("AWS_ENDPOINT_URL_CHIME").trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        let head =
            "GET / HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

#[test]
fn wrong_options_and_files_are_reported_at_once() {
    let scratch = scratch();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().port().to_string();
    let nowhere = scratch.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    let serve = |arguments: &[&str], code, problem: &str| {
        let ended = run_to(code, offline().arg("serve").args(arguments));
        assert!(ended.stderr.contains(problem), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    };
    serve(&["--bind", "0.0.0.0"], 1, "so credentials are required");
    serve(&["--port", &taken], 1, &format!("cannot serve on 127.0.0.1:{taken}"));
    serve(&["--load", nowhere], 1, nowhere);
    serve(&["--data", "/proc/data"], 1, "/proc/data");
    serve(&["--access-key-id", "AKIDEXAMPLE"], 2, "--secret-access-key");
    serve(&["--sync"], 2, "--data");
    let half = run_to(1, offline().env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").arg("serve"));
    assert!(half.stderr.contains("set both"), "{}", half.stderr);
}
