//! A large test: 200 accounts and 20,000 users, and an archive that is killed several times.
//!
//! ```sh
//! cargo test --release -p amazon-chime-cli -- --ignored --nocapture --test-threads 1
//! ```

use std::time::Instant;

use amazon_chime::local::LocalChime;

use crate::directory;
use crate::program::{archive_to, kill_when, run_to, scratch};
use crate::tenant::{Directory, users_read};

const USERS: usize = 20_000;

/// Each kill is due before this number of users is read, so that the program does not end before the kill.
const LATEST_KILL: u64 = 19_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes long, unless it is built for release"]
async fn a_large_directory_is_archived_completely_after_two_kills() {
    tell(&story(2).await);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes long, unless it is built for release"]
async fn a_large_directory_is_archived_completely_after_fifty_kills() {
    tell(&story(50).await);
}

fn tell(lines: &[String]) {
    for line in lines {
        println!("{line}");
    }
}

/// Archives a large directory with kills at random moments, checks the archive, and returns a report.
async fn story(kills: usize) -> Vec<String> {
    let begun = Instant::now();
    let chime = LocalChime::start().unwrap();
    directory::seed(&chime.client(), 200, USERS).await.unwrap();
    let expected = Directory::in_chime(&chime.client()).await;
    assert_eq!(expected.sizes(), (200, USERS));
    let mut told = vec![format!("filled and listed in {:.1} s", begun.elapsed().as_secs_f32())];

    let scratch = scratch();
    let archive = scratch.path().join("archive");
    let mut moments: Vec<u64> = (0..kills).map(|_| fastrand::u64(0..LATEST_KILL)).collect();
    moments.sort_unstable();
    for moment in moments {
        let run_begun = Instant::now();
        kill_when(|| users_read(&archive) >= moment, &mut archive_to(&archive, &chime));
        let (read, seconds) = (users_read(&archive), run_begun.elapsed().as_secs_f32());
        told.push(format!("killed after {seconds:.2} s with {read} users read"));
    }
    let run_begun = Instant::now();
    run_to(0, &mut archive_to(&archive, &chime));
    let archived = Directory::in_archive(&archive);
    assert_eq!(archived.sizes(), expected.sizes());
    assert!(archived == expected, "the numbers are right, but not what they count");
    let (accounts, users) = archived.sizes();
    let seconds = run_begun.elapsed().as_secs_f32();
    told.push(format!("finished in {seconds:.2} s: {accounts} accounts, {users} users, as seeded"));
    told
}
