//! The server: instances, connections, faults, clocks and credentials.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use amazon_chime::local::{Fault, LocalChime, SkewError};
use serde_json::{Value, json};

use crate::client::{
    Response, account, address, call, connect, is_closed, read_until, send, signed_head,
};

#[test]
fn instances_share_nothing() {
    let (one, other) = (LocalChime::start().unwrap(), LocalChime::start().unwrap());
    let account = format!("/accounts/{}", account(&one, "Acme"));
    assert_eq!(call(&other, "GET", &account, &Value::Null).0, 404);
    let response = send(&other, one.credentials(), "GET", "/accounts", "");
    assert_eq!(response.status, 401);
}

#[test]
fn pipelined_requests_get_responses_in_order_even_after_a_long_body() {
    let chime = LocalChime::start().unwrap();
    let mut stream = connect(&chime);
    let head = "POST /accounts HTTP/1.1\r\nhost: x\r\n";
    let long = "x".repeat(3 << 20);
    write!(stream, "{head}content-length: {}\r\n\r\n{long}", long.len()).unwrap();
    read_until(&mut stream, "RequestEntityTooLargeException");
    write!(stream, "{head}\r\n{head}\r\n").unwrap();
    read_until(&mut stream, "MissingAuthenticationTokenException");
}

#[test]
fn dropping_an_instance_closes_every_connection_and_frees_the_port() {
    let chime = LocalChime::start().unwrap();
    let address = address(&chime);

    let mut idle = connect(&chime);
    write!(idle, "GET /accounts HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    read_until(&mut idle, "no Authorization header.\"}");
    let mut stalled = connect(&chime);
    let head = "POST /accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n";
    write!(stalled, "{head}expect: 100-continue\r\n\r\n").unwrap();
    read_until(&mut stalled, "100 Continue\r\n\r\n");

    drop(chime);
    assert!(is_closed(&mut idle));
    assert!(is_closed(&mut stalled));
    assert!(TcpStream::connect(address).is_err());
    assert!(LocalChime::start_on(address.port()).is_ok());
}

#[test]
fn an_instance_can_be_started_and_dropped_inside_an_async_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    runtime.block_on(async {
        for _ in 0..50 {
            let chime = LocalChime::start().unwrap();
            let _open = connect(&chime);
            drop(chime);
        }
    });
}

#[test]
fn the_debug_form_of_an_instance_shows_no_secret() {
    let chime = LocalChime::start().unwrap();
    let shown = format!("{chime:?}");
    assert_eq!(shown, format!("LocalChime {{ endpoint_url: {:?}, .. }}", chime.endpoint_url()));
}

#[test]
fn an_instance_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<LocalChime>();
}

#[test]
fn a_fault_affects_one_request_by_default() {
    let chime = LocalChime::start().unwrap();
    let list = || call(&chime, "GET", "/accounts", &Value::Null).0;
    chime.inject(Fault::status(503));
    assert_eq!([list(), list()], [503, 200]);
    chime.inject(Fault::status(500).times(2));
    assert_eq!([list(), list(), list()], [500, 500, 200]);
    chime.inject(Fault::status(500).times(9));
    chime.clear_faults();
    assert_eq!(list(), 200);
}

#[test]
fn a_fault_can_be_limited_to_one_operation() {
    let chime = LocalChime::start().unwrap();
    chime.inject(Fault::html(502).on("CreateAccount"));
    assert_eq!(call(&chime, "GET", "/accounts", &Value::Null).0, 200);
    let response = send(&chime, chime.credentials(), "POST", "/accounts", r#"{"Name": "Acme"}"#);
    assert_eq!((response.status, response.headers["content-type"].as_str()), (502, "text/html"));
    assert!(response.body.contains("<title>502"));
}

#[test]
fn a_fault_can_happen_before_or_after_the_effect_of_a_request() {
    let chime = LocalChime::start().unwrap();
    let accounts =
        || call(&chime, "GET", "/accounts", &Value::Null).1["Accounts"].as_array().unwrap().len();
    let create = || call(&chime, "POST", "/accounts", &json!({ "Name": "Acme" })).0;
    chime.inject(Fault::status(500));
    assert_eq!((create(), accounts()), (500, 0));
    chime.inject(Fault::status(500).after_effect());
    assert_eq!((create(), accounts()), (500, 1));
    chime.inject(Fault::redirect("http://127.0.0.1:9/"));
    assert_eq!((create(), accounts()), (307, 1));
    chime.inject(Fault::invalid_json());
    assert_eq!((create(), accounts()), (201, 2));
}

#[test]
fn a_fault_with_the_same_seed_affects_the_same_requests() {
    let statuses = || {
        let chime = LocalChime::start().unwrap();
        chime.inject(
            Fault::status(429).retry_after(Duration::from_millis(1)).with_probability(0.2, 7),
        );
        (0..50).map(|_| call(&chime, "GET", "/accounts", &Value::Null).0).collect::<Vec<_>>()
    };
    let first = statuses();
    let faults = first.iter().filter(|status| **status == 429).count();
    assert!((3..=20).contains(&faults), "{faults}");
    assert_eq!(first, statuses());
}

/// Returns the part of a broken response that arrives, and the error at its end.
fn broken_answer(fault: Fault) -> (String, Option<std::io::ErrorKind>) {
    let chime = LocalChime::start().unwrap();
    chime.inject(fault);
    let mut stream = connect(&chime);
    write!(stream, "GET /accounts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    (String::from_utf8(bytes).unwrap(), ended.err().map(|error| error.kind()))
}

#[test]
fn faults_break_connections_in_the_documented_ways() {
    let (answer, ended) = broken_answer(Fault::reset());
    assert_eq!((answer.as_str(), ended), ("", Some(std::io::ErrorKind::ConnectionReset)));
    assert_eq!(broken_answer(Fault::close()), (String::new(), None));
    let (answer, _) = broken_answer(Fault::not_http(100));
    assert!(answer.starts_with("nonsense ") && answer.len() >= 100, "{answer}");

    let (answer, ended) = broken_answer(Fault::cut_off());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2);
    assert_eq!(ended, None);
    let (answer, _) = broken_answer(Fault::long_header(100_000));
    assert!(answer.contains(&"x".repeat(100_000)));
    let (answer, _) = broken_answer(Fault::long_body(100_000));
    assert!(answer.ends_with(&"x".repeat(100_000)));
}

/// Returns the beginning of a response that never ends.
fn endless_answer(fault: Fault) -> String {
    let chime = LocalChime::start().unwrap();
    chime.inject(fault);
    let mut stream = connect(&chime);
    write!(stream, "GET /accounts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut bytes = vec![0; 1 << 20];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn faults_can_have_any_size() {
    let answer = endless_answer(Fault::not_http(usize::MAX));
    assert!(answer.starts_with("nonsense nonsense "));
    let answer = endless_answer(Fault::long_body(usize::MAX));
    assert!(answer.contains("content-length: 9223372036854775807\r\n") && answer.ends_with("xxx"));
    let (answer, _) = broken_answer(Fault::not_http(20_000));
    assert_eq!(answer.len(), 20_000);
    let (answer, _) = broken_answer(Fault::long_header(usize::MAX));
    assert!(answer.contains(&format!("x-long: {}\r\n", "x".repeat(16 << 20))));
    let (answer, _) = broken_answer(Fault::status(503).retry_after(Duration::MAX));
    assert!(answer.contains("retry-after: 18446744073709551615\r\n"), "{answer}");
}

#[test]
fn a_fault_can_have_any_error_code() {
    let chime = LocalChime::start().unwrap();
    for (code, status, error_type) in [
        ("AccessDeniedException", 403, "AccessDeniedException"),
        ("Conflict", 409, "ConflictException"),
        ("Throttled", 429, "ThrottledClientException"),
        ("ExpiredTokenException", 403, "ExpiredTokenException"),
        ("NoSuchException", 400, "NoSuchException"),
    ] {
        chime.inject(Fault::error(code).retry_after(Duration::from_millis(1)));
        let response = send(&chime, chime.credentials(), "GET", "/accounts", "");
        assert_eq!(response.status, status, "{code}");
        assert_eq!(response.headers["x-amzn-errortype"], error_type);
        assert_eq!(response.headers["retry-after"], "1");
    }
}

#[test]
fn a_signed_path_with_dot_segments_names_no_operation() {
    let chime = LocalChime::start().unwrap();
    for path in ["/accounts/.", "/accounts/..", "/accounts/./users", "/accounts/a/users/.."] {
        let response = send(&chime, chime.credentials(), "GET", path, "");
        assert_eq!(response.status, 404, "{path}");
        assert_eq!(response.headers["x-amzn-errortype"], "UnknownOperationException");
    }
    let response = send(&chime, chime.credentials(), "GET", "/accounts/%2E%2E", "");
    assert_eq!(response.headers["x-amzn-errortype"], "NotFoundException");
}

#[test]
fn a_request_target_with_another_host_is_refused() {
    let chime = LocalChime::start().unwrap();
    let status = |target: &str| {
        let mut stream = connect(&chime);
        let head = signed_head(&chime, chime.credentials(), "GET", "/accounts", "");
        let head = head.replacen(" /accounts ", &format!(" {target} "), 1);
        write!(stream, "{head}\r\n").unwrap();
        Response::read(stream).status
    };
    assert_eq!(status(&format!("{}/accounts", chime.endpoint_url())), 200);
    assert_eq!(status("http://chime.example.com/accounts"), 400);
}

#[test]
fn a_body_may_have_one_mebibyte_and_not_more() {
    let chime = LocalChime::start().unwrap();
    let status = |length: usize| {
        let json = r#"{"Name":"Acme"}"#;
        let body = [json, &" ".repeat(length - json.len())].concat();
        send(&chime, chime.credentials(), "POST", "/accounts", &body).status
    };
    assert_eq!((status(1 << 20), status((1 << 20) + 1)), (201, 413));
}

#[test]
fn every_received_request_has_the_status_of_its_response() {
    let chime = LocalChime::start().unwrap();
    let account = account(&chime, "Acme");
    let stranger = LocalChime::start().unwrap().credentials();
    send(&chime, stranger, "GET", &format!("/accounts/{account}/users?user-email=a%40b"), "");
    chime.inject(Fault::close());
    let mut stream = connect(&chime);
    let head = signed_head(&chime, chime.credentials(), "DELETE", "/accounts/a", "");
    write!(stream, "{head}\r\n").unwrap();
    assert!(is_closed(&mut stream));
    call(&chime, "GET", "/nothing", &Value::Null);
    call(&chime, "POST", "/accounts", &json!({ "Name": "x".repeat(2 << 20) }));

    let requests = chime.requests();
    let seen: Vec<_> = requests.iter().map(|it| (it.operation, it.status)).collect();
    assert_eq!(
        seen,
        [
            (Some("CreateAccount"), Some(201)),
            (Some("ListUsers"), Some(401)),
            (Some("DeleteAccount"), None),
            (None, Some(404)),
            (Some("CreateAccount"), Some(413)),
        ]
    );
    assert_eq!(requests[1].parameter("AccountId").unwrap(), account.as_str());
    assert_eq!(requests[1].parameter("UserEmail").unwrap(), "a@b");
    let shown = format!("{requests:?}");
    assert!(!shown.contains("a@b") && !shown.contains("Acme"), "{shown}");
}

#[test]
fn a_shifted_clock_refuses_the_right_time_with_the_chosen_error() {
    let chime = LocalChime::start().unwrap();
    for (error, name) in [
        (SkewError::InvalidSignature, "InvalidSignatureException"),
        (SkewError::SignatureDoesNotMatch, "SignatureDoesNotMatch"),
        (SkewError::RequestTimeTooSkewed, "RequestTimeTooSkewed"),
        (SkewError::RequestExpired, "RequestExpired"),
    ] {
        chime.shift_clock(chrono::TimeDelta::hours(1), error);
        let response = send(&chime, chime.credentials(), "GET", "/accounts", "");
        assert_eq!((response.status, response.headers["x-amzn-errortype"].as_str()), (403, name));
        let date = chrono::DateTime::parse_from_rfc2822(&response.headers["date"]).unwrap();
        let ahead = date.timestamp() - chrono::Utc::now().timestamp();
        assert!((3590..=3610).contains(&ahead), "{ahead}");
    }
}

#[test]
fn renewing_the_temporary_credentials_expires_the_old_ones() {
    let chime = LocalChime::start().unwrap();
    let former = chime.temporary_credentials();
    let renewed = chime.renew_temporary_credentials();
    let response = send(&chime, former, "GET", "/accounts", "");
    assert_eq!(response.headers["x-amzn-errortype"], "ExpiredTokenException");
    assert_eq!(send(&chime, renewed.clone(), "GET", "/accounts", "").status, 200);
    assert_eq!(chime.temporary_credentials(), renewed);
}

#[test]
fn the_time_of_a_request_is_the_end_of_its_body() {
    let chime = LocalChime::start().unwrap();
    let body = r#"{"Name": "Acme"}"#;
    let mut stream = connect(&chime);
    let head = signed_head(&chime, chime.credentials(), "POST", "/accounts", body);
    write!(stream, "{head}expect: 100-continue\r\n\r\n").unwrap();
    read_until(&mut stream, "100 Continue\r\n\r\n");
    chime.advance(chrono::TimeDelta::days(7));
    write!(stream, "{body}").unwrap();
    let account = Response::read(stream).json()["Account"].clone();
    let created = account["CreatedTimestamp"].as_str().unwrap();
    let created: chrono::DateTime<chrono::Utc> = created.parse().unwrap();
    assert!(created > chrono::Utc::now() + chrono::TimeDelta::days(6), "{created}");
}
