//! The story at its full size: 200 accounts and 20,000 users, and an export that is killed on the way.
//!
//! ```sh
//! cargo build --release --examples
//! cargo test --release --test examples -- --ignored --nocapture --test-threads 1
//! ```

use std::time::Instant;

use amazon_chime::local::LocalChime;

use crate::directory;
use crate::export_directory::{Directory, export_to, kill_when, users_read};
use crate::program::{Scratch, run};

const USERS: usize = 20_000;

/// Kills come when so many users have been read at most, or it might end before.
const LATEST_KILL: u64 = 19_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes long, unless it is built for release"]
async fn a_large_directory_is_exported_whole_though_killed_twice() {
    tell(&story(2).await);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes long, unless it is built for release"]
async fn a_large_directory_is_exported_whole_though_killed_fifty_times() {
    tell(&story(50).await);
}

fn tell(lines: &[String]) {
    for line in lines {
        println!("{line}");
    }
}

/// Exports all of it, killed so often at random moments, compares, and tells what happened.
async fn story(kills: usize) -> Vec<String> {
    let begun = Instant::now();
    let chime = LocalChime::start().unwrap();
    directory::seed(&chime.client(), 200, USERS).await.unwrap();
    let expected = Directory::in_chime(&chime.client()).await;
    assert_eq!(expected.sizes(), (200, USERS));
    let mut told = vec![format!("filled and listed in {:.1} s", begun.elapsed().as_secs_f32())];

    let scratch = Scratch::new();
    let export = scratch.join("export");
    let mut moments: Vec<u64> = (0..kills).map(|_| fastrand::u64(0..LATEST_KILL)).collect();
    moments.sort_unstable();
    for moment in moments {
        let run_begun = Instant::now();
        kill_when(|| users_read(&export) >= moment, &mut export_to(&export, &chime));
        let (read, seconds) = (users_read(&export), run_begun.elapsed().as_secs_f32());
        told.push(format!("killed after {seconds:.2} s with {read} users read"));
    }
    let run_begun = Instant::now();
    let ended = run(&mut export_to(&export, &chime));
    assert!(ended.succeeded, "{}{}", ended.stdout, ended.stderr);
    let exported = Directory::in_export(&export);
    assert_eq!(exported.sizes(), expected.sizes());
    assert!(exported == expected, "the numbers are right, but not what they count");
    let (accounts, users) = exported.sizes();
    let seconds = run_begun.elapsed().as_secs_f32();
    told.push(format!("finished in {seconds:.2} s: {accounts} accounts, {users} users, as seeded"));
    told
}
