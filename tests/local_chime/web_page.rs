//! The page for a browser.

use std::fmt::Write as _;
use std::io::Write as _;

use amazon_chime::local::{Fault, LocalChime};
use serde_json::{Value, json};

use crate::client::{Response, call, connect, signed_head};

const ACCEPT: &str = "accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";

fn start(seed: &str) -> LocalChime {
    let chime = LocalChime::builder().web_page(true).start().unwrap();
    chime.seed(seed.as_bytes()).unwrap();
    chime
}

/// Sends a request as a browser does.
fn get_with_host(chime: &LocalChime, uri: &str, host: &str) -> Response {
    let mut stream = connect(chime);
    write!(stream, "GET {uri} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{ACCEPT}\r\n")
        .unwrap();
    Response::read(stream)
}

/// Returns the HTML at a link.
fn get(chime: &LocalChime, uri: &str) -> String {
    let response = get_with_host(chime, uri, &chime.endpoint_url()["http://".len()..]);
    assert_eq!(response.status, 200, "{uri}");
    response.body
}

/// Returns the target of the link with this text, without HTML escapes.
fn link(html: &str, text: &str) -> Option<String> {
    let (before, _) = html.split_once(&format!(">{text}</a>"))?;
    let (_, link) = before.rsplit_once("href=\"")?;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

/// Returns the link to the details of the first row.
fn first_row(html: &str) -> String {
    let (_, link) = html.split_once("<td class=\"id\"><a href=\"").unwrap();
    link.split('"').next().unwrap().replace("&amp;", "&")
}

/// Returns a seed with rows of each kind.
fn tenant() -> String {
    [
        json!({ "Account": { "AccountId": "acc", "Name": "Acme", "AccountType": "EnterpriseOIDC" } }),
        json!({ "Account": { "AccountId": "other", "Name": "Other", "AccountType": "Team" } }),
        json!({ "AccountId": "acc", "User": {
            "UserId": "ana-id", "PrimaryEmail": "ana@example.com", "DisplayName": "Ana Silva", "LicenseType": "Pro",
            "PrimaryProvisionedNumber": "+12065550177", "PersonalPIN": "7777777777", "Unheard": { "Of": "secret-thing" },
            "PersonalCode": 424_242,
        } }),
        json!({ "AccountId": "other", "User": { "UserId": "ben-id", "PrimaryEmail": "ben@example.org" } }),
        json!({ "AccountId": "acc", "Bot": {
            "BotId": "bot-id", "BotEmail": "bot-chimebot@example.com", "DisplayName": "Helper", "SecurityToken": "tok-tok",
        } }),
        json!({ "AccountId": "acc", "Room": { "RoomId": "room-id", "Name": "Merger" } }),
        json!({ "AccountId": "acc", "RoomId": "room-id", "RoomMembership": { "Role": "Administrator", "Member": {
            "MemberId": "ana-id", "MemberType": "User", "Email": "ana@example.com", "FullName": "Ana Silva",
        } } }),
        json!({ "PhoneNumber": {
            "PhoneNumberId": "%2B12065550177", "Status": "Unassigned", "CallingName": "Acme Sales",
        } }),
    ]
    .iter()
    .fold(String::new(), |mut lines, line| {
        writeln!(lines, "{line}").unwrap();
        lines
    })
}

const SENSITIVE: &[&str] = &[
    "ana@",
    "ben@",
    "Silva",
    "2065550177",
    "7777777777",
    "424242",
    "secret-thing",
    "chimebot",
    "Helper",
    "tok-tok",
    "Merger",
    "Sales",
];

#[test]
fn the_page_is_disabled_by_default() {
    let chime = LocalChime::start().unwrap();
    let response = get_with_host(&chime, "/", "localhost");
    assert_eq!(response.status, 403);
    assert_eq!(response.headers["x-amzn-errortype"], "MissingAuthenticationTokenException");
}

#[test]
fn the_rows_of_every_kind_are_listed() {
    let chime = start(&tenant());
    let home = get(&chime, "/");
    for text in [
        "<b>2</b> Accounts",
        "<b>2</b> Users",
        "<b>1</b> Rooms",
        "<b>1</b> Bots",
        "<b>1</b> Phone numbers",
    ] {
        assert!(home.contains(text), "{text} {home}");
    }
    assert!(home.contains("Acme") && home.contains("Other"));

    let shown = |uri: &str| get(&chime, &format!("{uri}&show=1"));
    let users = shown("/?list=users");
    assert!(users.contains("ana@example.com") && users.contains("ben@example.org"));
    let users = shown("/?list=users&account=1");
    assert!(users.contains("ana@example.com") && !users.contains("ben@example.org"));
    assert!(shown("/?list=bots").contains("Helper"));
    assert!(shown("/?list=phone-numbers").contains("12065550177"));
    let rooms = shown("/?list=rooms");
    assert!(rooms.contains("Merger"));
    let members = get(&chime, &link(&rooms, "1").unwrap());
    assert!(members.contains("Ana Silva") && members.contains("Administrator"), "{members}");
    let member = get(&chime, &first_row(&members));
    assert!(member.contains("ana@example.com") && member.contains("MemberType"), "{member}");
    for nothing in ["/?list=members", "/?list=users&account=9", "/?list=users&account=1&row=9"] {
        assert!(get(&chime, nothing).contains("There is nothing here."), "{nothing}");
    }
}

#[test]
fn sensitive_values_are_hidden_by_default() {
    let chime = start(&tenant());
    let mut seen = String::new();
    for list in ["accounts", "users", "rooms", "bots", "phone-numbers"] {
        let listing = get(&chime, &format!("/?list={list}"));
        let details = get(&chime, &first_row(&listing));
        for page in [&listing, &details] {
            let sensitive = SENSITIVE.iter().find(|text| page.contains(**text));
            assert_eq!(sensitive, None, "{page}");
            let shown = get(&chime, &link(page, "Show sensitive values").unwrap());
            assert!(link(&shown, "Hide sensitive values").is_some());
            seen += &shown;
        }
    }
    let members = get(&chime, "/?list=members&account=1&room=1");
    assert!(members.contains("ana-id") && !members.contains("Silva"), "{members}");
    for text in SENSITIVE {
        assert!(seen.contains(text), "{text}");
    }
}

#[test]
fn html_in_values_is_escaped() {
    let evil = "</td><script>alert(1)</script><img src=x onerror='x'>\"&";
    let row = json!({ "UserId": evil, "DisplayName": evil, evil: { evil: [evil] } });
    let seed = [
        json!({ "Account": { "AccountId": "acc", "Name": evil } }),
        json!({ "AccountId": "acc", "User": row }),
    ];
    let chime = start(&format!("{}\n{}\n", seed[0], seed[1]));
    let search = "%3Cscript%3Ealert(1)%22%27%3E";
    for uri in [
        "/?show=1",
        "/?list=users&show=1",
        "/?list=users&account=1&row=1&show=1",
        "/?list=users&account=1&row=1",
        &format!("/?list=users&account=1&search={search}"),
    ] {
        let html = get(&chime, uri);
        assert!(!html.contains("<script") && !html.contains("<img"), "{uri} {html}");
        assert!(html.contains("&lt;script&gt;alert(1)"), "{uri} {html}");
    }
    assert!(get(&chime, &format!("/?search={search}")).contains("&quot;&#39;"));
}

#[test]
fn the_headers_forbid_scripts_resources_and_frames() {
    let chime = start("");
    let response = get_with_host(&chime, "/", "localhost");
    let headers = &response.headers;
    let policy = &headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script"), "{policy}");
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let (nonce, _) = nonce.split_once('\'').unwrap();
    assert!(response.body.contains(&format!("<style nonce=\"{nonce}\">")));
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
}

#[test]
fn a_search_finds_parts_of_any_value_in_any_case() {
    let chime = start(&tenant());
    for (search, found, other) in [
        ("ANA%40example", "ana-id", "ben-id"),
        ("silva", "ana-id", "ben-id"),
        ("2065550177", "ana-id", "ben-id"),
        ("secret-thing", "ana-id", "ben-id"),
        ("example.org", "ben-id", "ana-id"),
    ] {
        let html = get(&chime, &format!("/?list=users&search={search}"));
        assert!(html.contains(found) && !html.contains(other), "{search} {html}");
    }
    let accounts = get(&chime, "/?search=acm");
    assert!(accounts.contains("Acme") && !accounts.contains("Other"), "{accounts}");
    assert!(get(&chime, "/?list=users&search=displayname").contains("There is nothing here."));
}

#[test]
fn phone_numbers_are_counted_up_to_10_000() {
    let seed = |range: std::ops::Range<u64>| {
        let mut lines = String::new();
        for number in range {
            let id = format!("%2B{}", 12_065_550_000 + number);
            writeln!(lines, "{}", json!({ "PhoneNumber": { "PhoneNumberId": id } })).unwrap();
        }
        lines
    };
    let chime = start(&seed(0..10_000));
    let html = get(&chime, "/");
    assert!(html.contains("10000") && !html.contains("more than"), "{html}");
    chime.seed(seed(10_000..10_001).as_bytes()).unwrap();
    assert!(get(&chime, "/").contains("more than 10000"));
}

#[test]
fn a_large_table_is_shown_in_pages() {
    let mut seed = String::new();
    for account in 0..4 {
        writeln!(
            seed,
            "{}",
            json!({ "Account": { "AccountId": format!("acc{account}"), "Name": "A" } })
        )
        .unwrap();
        for user in 0..account * 500 {
            let id = format!("user-{account}-{user:04}");
            writeln!(
                seed,
                "{}",
                json!({ "AccountId": format!("acc{account}"), "User": { "UserId": id } })
            )
            .unwrap();
        }
    }
    let chime = start(&seed);
    let ids = |html: &str| -> Vec<String> {
        let ids =
            html.match_indices(">user-").map(|(index, _)| html[index + 1..index + 12].to_owned());
        ids.collect()
    };
    let mut users = Vec::new();
    let mut next = Some("/?list=users".to_owned());
    while let Some(uri) = next {
        let html = get(&chime, &uri);
        let page = ids(&html);
        assert_eq!(page.len(), 50, "{uri}");
        users.extend(page);
        next = link(&html, "Next page");
    }
    assert_eq!(users.len(), 3000);
    assert!(users.is_sorted_by(|one, other| one < other), "each is there once, in order");

    let last = get(&chime, "/?list=users&search=user-3-1499");
    assert_eq!(ids(&last), ["user-3-1499"]);
    assert_eq!(link(&last, "Next page"), None);
    let many = get(&chime, "/?list=users&search=99");
    assert_eq!(ids(&many).len(), 48);
}

#[test]
fn the_page_is_refused_under_a_host_name_of_another_machine() {
    let chime = start(&tenant());
    for host in ["evil.example.com", "localhost.example.com", "192.0.2.1:80", ""] {
        let response = get_with_host(&chime, "/", host);
        assert_eq!(response.status, 403, "{host}");
        assert!(response.body.contains("http://127.0.0.1") && !response.body.contains("Acme"));
    }
    for host in ["localhost:1", "127.0.0.1", "[::1]:80"] {
        assert_eq!(get_with_host(&chime, "/", host).status, 200, "{host}");
    }
}

#[test]
fn requests_to_the_api_never_get_the_page() {
    let chime = start(&tenant());
    let mut answers = Vec::new();
    for uri in ["/accounts", "/"] {
        let mut stream = connect(&chime);
        let head = signed_head(&chime, chime.credentials(), "GET", uri, "");
        write!(stream, "{head}{ACCEPT}\r\n").unwrap();
        answers.push(Response::read(stream));
    }
    assert_eq!(answers[0].status, 200);
    assert_eq!(answers[0].json()["Accounts"].as_array().unwrap().len(), 2);
    assert_eq!(answers[1].status, 404);
    assert_eq!(answers[1].headers["x-amzn-errortype"], "UnknownOperationException");
    let mut stream = connect(&chime);
    write!(stream, "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept: */*\r\n\r\n")
        .unwrap();
    assert_eq!(Response::read(stream).status, 403);
}

#[test]
fn a_request_for_the_page_uses_no_fault_and_is_not_recorded() {
    let chime = start(&tenant());
    let before = chime.requests().len();
    chime.inject(Fault::status(500));
    get(&chime, "/?list=users&show=1");
    assert_eq!(chime.requests().len(), before);
    assert_eq!(call(&chime, "GET", "/accounts", &Value::Null).0, 500);
}
