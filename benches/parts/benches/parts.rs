//! Measures the parts of a call that do no I/O. `cd benches/parts && cargo bench` takes about a minute.

use std::hint::black_box;
use std::time::Instant;

use amazon_chime::benching::{Operations, Refusal, decode_page, encode_body, encode_query, sign};
use amazon_chime::{Client, Credentials, UserType};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const ACCOUNT_ID: &str = "12a3456b-7c89-012d-3456-78901e23fg45";

const PAGE: u16 = 200;

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "secret", None, None, "parts")
}

fn signing(c: &mut Criterion) {
    let credentials = credentials();
    let url = format!("https://service.chime.aws.amazon.com/accounts/{ACCOUNT_ID}");
    c.bench_function("sign", |b| b.iter(|| sign(black_box(&url), &credentials).unwrap()));
}

fn encoding(c: &mut Criterion) {
    let endpoint = "http://127.0.0.1:9";
    let client = Client::builder().credentials_provider(credentials()).endpoint_url(endpoint);
    let client = client.build().unwrap();
    c.bench_function("encode a query", |b| {
        b.iter(|| {
            let request = client.list_users(black_box(ACCOUNT_ID)).user_email("ana@example.com");
            encode_query(request.max_results(100)).unwrap()
        });
    });
    c.bench_function("encode a body", |b| {
        b.iter(|| {
            let request = client.create_user(black_box(ACCOUNT_ID)).email("ana@example.com");
            encode_body(request.user_type(UserType::PrivateUser)).unwrap()
        });
    });
}

fn decoding(c: &mut Criterion) {
    let page = page();
    let mut group = c.benchmark_group("decode");
    group.throughput(Throughput::Elements(PAGE.into()));
    group.bench_function("a page of accounts", |b| {
        b.iter(|| decode_page(black_box(&page)).unwrap());
    });
    group.finish();
}

fn errors(c: &mut Criterion) {
    let body = r#"{"Code":"NotFound","Message":"The account is not there."}"#;
    let refusal = Refusal::new("NotFoundException", body);
    c.bench_function("read an error", |b| b.iter(|| black_box(&refusal).read()));
}

const ACCOUNTS: u32 = 1_000_000;

/// Measures the embedded Chime. The first and the last page should take the same time, and creating a user should not
/// depend on the number of users.
fn local(c: &mut Criterion) {
    let mut operations = Operations::default();
    for number in 1..ACCOUNTS {
        let body = format!(r#"{{"Name": "Account {number}"}}"#);
        operations.call("POST", "/accounts", &body);
    }
    let created = operations.call("POST", "/accounts", r#"{"Name": "The last"}"#);
    let account = format!("/accounts/{}", created["Account"]["AccountId"].as_str().unwrap());

    let first = format!("/accounts?max-results={PAGE}");
    let mut last = first.clone();
    let started = Instant::now();
    while let Some(token) = operations.call("GET", &last, "")["NextToken"].as_str() {
        last = format!("{first}&next-token={}", token.replace('&', "%26"));
    }
    println!("all {ACCOUNTS} accounts, {PAGE} per page: {:?}", started.elapsed());

    let mut group = c.benchmark_group("local");
    group.bench_function("the first page of accounts", |b| {
        b.iter(|| operations.call("GET", &first, ""));
    });
    group.bench_function("the last page of accounts", |b| {
        b.iter(|| operations.call("GET", &last, ""));
    });
    group.bench_function("GetAccount", |b| b.iter(|| operations.call("GET", &account, "")));
    let create_user = format!("{account}/users?operation=create");
    let mut number = 0;
    group.bench_function("CreateUser", |b| {
        b.iter(|| {
            number += 1;
            let body = format!(r#"{{"Email": "user{number}@example.com"}}"#);
            operations.call("POST", &create_user, &body)
        });
    });
    group.finish();
}

/// Returns a page of accounts in the form of the API reference, with members that the API's model does not have.
fn page() -> String {
    let account = |number: u16| {
        format!(
            r#"{{"AccountId": "12a3456b-7c89-012d-3456-78901e23{number:04x}","AccountStatus": "Active","AccountType": "Team","Admins": null,"AwsAccountId": "111122223333","BillingType": "SeatBilling","CreatedTimestamp": "2019-01-08T17:59:18.006Z","DefaultLicense": "Pro","DelegationStatus": "NoDelegation","DirectoryId": null,"Domains": null,"Groups": [],"Name": "example","Owner": null,"SupportedLicenses": ["Basic", "Pro"],"UseProTrialLicense": false}}"#
        )
    };
    let accounts: Vec<_> = (0..PAGE).map(account).collect();
    format!(r#"{{"Accounts": [{}],"NextToken": "200"}}"#, accounts.join(","))
}

criterion_group!(parts, signing, encoding, decoding, errors, local);
criterion_main!(parts);
