//! The settings of an embedded Chime and the seed that it loads.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use amazon_chime::Credentials;
use amazon_chime::local::LocalChime;
use serde_json::{Value, json};

use crate::client::{account, address, call, connect, read_until};

/// A directory with files, which is removed when this is dropped.
struct Files(PathBuf);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let name = format!("amazon-chime-{}-{:016x}", std::process::id(), fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        for (name, text) in files {
            fs::write(path.join(name), text).unwrap();
        }
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "a-secret", None, None, "test")
}

#[test]
fn it_listens_on_the_chosen_port_and_address() {
    let port = address(&LocalChime::start().unwrap()).port();
    let chime = LocalChime::builder().port(port).start().unwrap();
    assert_eq!(chime.endpoint_url(), format!("http://127.0.0.1:{port}"));

    let everywhere =
        LocalChime::builder().address(Ipv4Addr::UNSPECIFIED).credentials(credentials());
    let everywhere = everywhere.start().unwrap();
    assert!(everywhere.endpoint_url().starts_with("http://127.0.0.1:"));
    account(&everywhere, "Acme");
    let elsewhere = LocalChime::builder().address(Ipv4Addr::new(127, 0, 0, 2)).start().unwrap();
    assert!(elsewhere.endpoint_url().starts_with("http://127.0.0.2:"));
    account(&elsewhere, "Acme");
}

#[test]
fn an_address_outside_the_loopback_interface_needs_credentials() {
    for address in [Ipv4Addr::UNSPECIFIED.to_ipv6_mapped(), Ipv6Addr::UNSPECIFIED] {
        let error = LocalChime::builder().address(address).start().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("access key ID"), "{error}");
    }
    let error = LocalChime::builder().address([192, 0, 2, 1]).start().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn it_accepts_the_chosen_credentials() {
    let chime = LocalChime::builder().credentials(credentials()).start().unwrap();
    assert_eq!(chime.credentials(), credentials());
    account(&chime, "Acme");
    for (id, secret) in [("", "a-secret"), ("AKIDEXAMPLE", "")] {
        let credentials = Credentials::new(id, secret, None, None, "test");
        let error = LocalChime::builder().credentials(credentials).start().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn the_debug_form_of_the_builder_shows_no_secret() {
    let shown = format!("{:?}", LocalChime::builder().port(4510).credentials(credentials()));
    assert!(shown.contains("4510") && !shown.contains("secret"), "{shown}");
}

#[test]
fn every_response_is_delayed_by_the_latency() {
    let latency = Duration::from_millis(80);
    let chime = LocalChime::builder().latency(latency).start().unwrap();
    for uri in ["/accounts", "/unheard-of"] {
        let begin = Instant::now();
        call(&chime, "GET", uri, &Value::Null);
        assert!(begin.elapsed() >= latency, "{uri}");
    }
}

#[test]
fn a_connection_beyond_the_limit_waits_until_another_is_closed() {
    let chime = LocalChime::builder().connection_limit(2).start().unwrap();
    let mut open = [connect(&chime), connect(&chime)];
    for stream in &mut open {
        let head = "POST /accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n";
        write!(stream, "{head}expect: 100-continue\r\n\r\n").unwrap();
        read_until(stream, "100 Continue\r\n\r\n");
    }
    let mut third = connect(&chime);
    write!(third, "GET /accounts HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    third.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let waits = third.peek(&mut [0]).unwrap_err();
    assert!(matches!(waits.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waits}");

    drop(open);
    third.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    read_until(&mut third, "no Authorization header.\"}");
}

#[test]
fn on_answer_is_called_with_every_request() {
    let (sender, answers) = std::sync::mpsc::channel();
    let chime = LocalChime::builder().latency(Duration::from_millis(20));
    let chime =
        chime.on_answer(move |request| sender.send(request.clone()).unwrap()).start().unwrap();
    let id = account(&chime, "Acme");
    call(&chime, "GET", &format!("/accounts/{id}"), &Value::Null);
    call(&chime, "GET", "/unheard-of", &Value::Null);
    drop(chime);

    let answers: Vec<_> = answers.iter().collect();
    let seen = answers.iter().map(|request| (request.operation, request.status.unwrap()));
    let expected = [(Some("CreateAccount"), 201), (Some("GetAccount"), 200), (None, 404)];
    assert!(seen.eq(expected), "{answers:?}");
    assert_eq!(answers[1].parameter("AccountId").unwrap(), id.as_str());
    assert!(answers.iter().all(|request| request.duration >= Some(Duration::from_millis(20))));
}

#[test]
fn the_kinds_in_a_seed_may_have_any_order() {
    let lines = [
        r#"{"RoomMembership": {"Member": {"MemberId": "u"}}, "AccountId": "a", "RoomId": "r"}"#,
        r#"{"EventsConfiguration": {"LambdaFunctionArn": "arn"}, "AccountId": "a", "BotId": "b"}"#,
        r#"{"UserSettings": {"Unheard": "of"}, "AccountId": "a", "UserId": "u"}"#,
        r#"{"Bot": {"BotId": "b"}, "AccountId": "a"}"#,
        r#"{"Room": {"RoomId": "r"}, "AccountId": "a"}"#,
        r#"{"User": {"UserId": "u"}, "AccountId": "a"}"#,
        r#"{"User": {"UserId": "t"}, "AccountId": "a"}"#,
        r#"{"AccountRetention": {"Unheard": "of"}, "AccountId": "a"}"#,
        r#"{"AccountSettings": {"Unheard": "of"}, "AccountId": "a"}"#,
        r#"{"Account": {"AccountId": "a", "Name": "Acme", "AccountType": "EnterpriseOIDC"}}"#,
    ];
    let in_one_file = Files::new(&[("all", &lines.join("\n"))]);
    let names: Vec<String> = (0..lines.len()).map(|index| format!("{index}.jsonl")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(lines).collect();
    let in_many = Files::new(&files);
    for name in ["manifest.json", "users.csv", "users.jsonl.part"] {
        fs::write(in_many.path().join(name), "no seed").unwrap();
    }
    for path in [in_one_file.path().join("all"), in_many.path().to_owned()] {
        let chime = LocalChime::builder().load(&path).start().unwrap();
        for uri in [
            "/accounts/a/settings",
            "/accounts/a/retention-settings",
            "/accounts/a/users/u/settings",
            "/accounts/a/bots/b/events-configuration",
            "/accounts/a/rooms/r",
        ] {
            assert_eq!(call(&chime, "GET", uri, &Value::Null).0, 200, "{uri}");
        }
        let (_, memberships) = call(&chime, "GET", "/accounts/a/rooms/r/memberships", &Value::Null);
        assert_eq!(memberships["RoomMemberships"][0]["Member"], json!({ "MemberId": "u" }));
        let users = ["u", "t"].map(|id| json!({ "UserId": id, "AccountId": "a" }));
        let (_, listed) = call(&chime, "GET", "/accounts/a/users", &Value::Null);
        assert_eq!(listed["Users"], json!(users), "rows of one kind keep their order");
    }
}

#[test]
fn the_error_of_a_seed_names_the_file_and_the_line() {
    let files = Files::new(&[
        ("a.jsonl", "{\"Account\": {\"AccountId\": \"a\", \"Name\": \"Acme\"}}\n"),
        (
            "b.jsonl",
            "\n{\"User\": {}, \"AccountId\": \"a\"}\n{\"User\": {}, \"AccountId\": \"b\"}\n",
        ),
    ]);
    let empty = Files::new(&[("manifest.json", "{}")]);
    for (path, kind, named) in [
        (files.path(), ErrorKind::InvalidData, "b.jsonl: line 3 of the seed: "),
        (empty.path(), ErrorKind::NotFound, ".jsonl"),
        (Path::new("/nowhere"), ErrorKind::NotFound, "/nowhere"),
    ] {
        let error = LocalChime::builder().load(path).start().unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(named), "{error}");
    }
}
