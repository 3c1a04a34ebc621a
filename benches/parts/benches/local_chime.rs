//! Measures the embedded Chime over HTTP: calls per second with 64 concurrent calls, with ten users and with a million.
//!
//! `cd benches/parts && cargo bench --bench local_chime` takes about two minutes.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use amazon_chime::local::LocalChime;
use amazon_chime::{Client, Error};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const AT_ONCE: usize = 64;

const USERS: [u32; 2] = [10, 1_000_000];

fn calls(c: &mut Criterion) {
    for users in USERS {
        let chime = seeded(users);
        let mut group = c.benchmark_group(format!("with {users} users"));
        group.throughput(Throughput::Elements(1)).sample_size(20);
        group.bench_function("GetAccount", |bencher| {
            bencher.iter_custom(|count| {
                at_once(
                    &chime,
                    count,
                    |client| async move { client.get_account("a").await.map(drop) },
                )
            });
        });
        let created = Arc::new(AtomicU64::new(0));
        group.bench_function("CreateUser", |bencher| {
            bencher.iter_custom(|count| {
                let created = Arc::clone(&created);
                at_once(&chime, count, move |client: Client| {
                    let number = created.fetch_add(1, Ordering::Relaxed);
                    let email = format!("new-{number}@example.com");
                    async move { client.create_user("a").email(email).await.map(drop) }
                })
            });
        });
        group.finish();
    }
}

/// Starts an embedded Chime with one account and this number of users.
fn seeded(users: u32) -> LocalChime {
    let mut seed =
        r#"{"Account": {"AccountId": "a", "Name": "Acme", "SupportedLicenses": ["Pro"]}}"#
            .to_owned();
    for user in 0..users {
        let email = format!("user-{user}@example.com");
        write!(
            seed,
            "\n{{\"User\": {{\"UserId\": \"u-{user}\", \"AccountId\": \"a\", \"PrimaryEmail\": \"{email}\"}}}}"
        )
        .unwrap();
    }
    let chime = LocalChime::start().unwrap();
    chime.seed(seed.as_bytes()).unwrap();
    chime
}

/// Returns the time for this number of calls. Concurrent tasks share a client, and each task makes one call at a time.
fn at_once<F>(
    chime: &LocalChime,
    count: u64,
    call: impl Fn(Client) -> F + Clone + Send + 'static,
) -> Duration
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let runtime = Runtime::new().unwrap();
    let client = chime.client_builder().build().unwrap();
    runtime.block_on(async {
        let start = Instant::now();
        let tasks: JoinSet<Result<(), Error>> = (0..AT_ONCE as u64)
            .map(|task| {
                let (client, call) = (client.clone(), call.clone());
                async move {
                    for _ in (task..count).step_by(AT_ONCE) {
                        call(client.clone()).await?;
                    }
                    Ok(())
                }
            })
            .collect();
        for ended in tasks.join_all().await {
            ended.unwrap();
        }
        start.elapsed()
    })
}

criterion_group!(local_chime, calls);
criterion_main!(local_chime);
