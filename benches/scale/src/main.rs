//! Measures the embedded Chime with a million users in a thousand accounts, with and without a data directory.
//!
//! `cargo run --release` takes a few minutes, 2 GB of disk in the temporary directory, and 1.5 GB of memory. Each case
//! runs in a process of its own, so that its memory can be measured.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use amazon_chime::Client;
use amazon_chime::local::LocalChime;
use anyhow::{Context, Result, bail};

const ACCOUNTS: usize = 1000;
const USERS: usize = 1000;
const CALLS: usize = 2000;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => all(),
        ["empty", data] => empty(data),
        ["loaded", accounts, seed, data] => loaded(accounts.parse()?, Path::new(seed), data),
        _ => bail!("usage: scale"),
    }
}

fn all() -> Result<()> {
    let scratch = std::env::temp_dir().join(format!("chime-scale-{}", std::process::id()));
    fs::create_dir(&scratch)?;
    let outcome = cases(&scratch);
    fs::remove_dir_all(&scratch)?;
    outcome
}

fn cases(scratch: &Path) -> Result<()> {
    let text = |path: PathBuf| path.display().to_string();
    let (ten, million) = (text(scratch.join("ten")), text(scratch.join("million")));
    write_seed(Path::new(&ten), 1, 10)?;
    write_seed(Path::new(&million), ACCOUNTS, USERS)?;
    let data = |name| text(scratch.join(name));
    println!(
        "Ten users, then a million, each in memory, then with a data directory, then that one again:"
    );
    run(&["empty", "-"])?;
    run(&["empty", &data("empty-data")])?;
    run(&["loaded", "1", &ten, "-"])?;
    run(&["loaded", "1", &ten, &data("ten-data")])?;
    let accounts = ACCOUNTS.to_string();
    run(&["loaded", &accounts, &million, "-"])?;
    run(&["loaded", &accounts, &million, &data("million-data")])?;
    run(&["loaded", &accounts, &million, &data("million-data")])
}

fn run(arguments: &[&str]) -> Result<()> {
    let status = Command::new(std::env::current_exe()?).args(arguments).status()?;
    if status.success() { Ok(()) } else { bail!("{arguments:?} failed") }
}

fn write_seed(directory: &Path, accounts: usize, users: usize) -> Result<()> {
    fs::create_dir(directory)?;
    let file = |name| File::create(directory.join(name)).map(BufWriter::new);
    let (mut account_lines, mut user_lines) = (file("accounts.jsonl")?, file("users.jsonl")?);
    for account in 0..accounts {
        writeln!(
            account_lines,
            r#"{{"Account":{{"AccountId":"{0}","Name":"Account {account}","AccountType":"EnterpriseDirectory","AwsAccountId":"111122223333","CreatedTimestamp":"2019-01-08T17:59:18.006Z","DefaultLicense":"Pro","SupportedLicenses":["Basic","Pro"],"SigninDelegateGroups":null}}}}"#,
            id(account, 0)
        )?;
        for user in 1..=users {
            writeln!(
                user_lines,
                r#"{{"User":{{"UserId":"{0}","AccountId":"{1}","PrimaryEmail":"user{user}@account{account}.example.com","PrimaryProvisionedNumber":null,"DisplayName":"User {user} of {account}","LicenseType":"Pro","UserType":"PrivateUser","UserRegistrationStatus":"Registered","UserInvitationStatus":"Accepted","RegisteredOn":"2019-02-01T10:30:00.123Z","InvitedOn":"2019-01-31T09:12:34.567Z","AlexaForBusinessMetadata":{{"IsAlexaForBusinessEnabled":false,"AlexaForBusinessRoomArn":null}},"PersonalPIN":"{2:010}"}}}}"#,
                id(account, user),
                id(account, 0),
                account * users + user
            )?;
        }
    }
    Ok(())
}

/// Returns an identifier in the form of the service's identifiers.
fn id(account: usize, user: usize) -> String {
    let mut random = fastrand::Rng::with_seed((account * 1_000_003 + user) as u64);
    let number = random.u128(..);
    let mut id = format!("{number:032x}");
    for place in [20, 16, 12, 8] {
        id.insert(place, '-');
    }
    id
}

/// Measures the time from the start to the first response.
fn empty(data: &str) -> Result<()> {
    let begin = Instant::now();
    let chime = builder(data).start()?;
    let started = begin.elapsed();
    runtime()?.block_on(async { chime.client().list_accounts().await })?;
    println!(
        "{}: started {}, first answer {}",
        name("empty", data),
        ms(started),
        ms(begin.elapsed())
    );
    Ok(())
}

fn loaded(accounts: usize, seed: &Path, data: &str) -> Result<()> {
    let begin = Instant::now();
    let chime = builder(data).load(seed).start()?;
    let started = begin.elapsed();
    let after_start = memory()?;
    let users = if accounts == 1 { 10 } else { USERS };
    let mut line = format!(
        "{}: started {}, memory {after_start}",
        name(&format!("{} users", accounts * users), data),
        ms(started)
    );
    runtime()?.block_on(measure(&chime.client(), accounts, users, &mut line))?;
    let begin = Instant::now();
    drop(chime);
    write!(line, "; ended {}, most memory {}", ms(begin.elapsed()), most_memory()?)?;
    println!("{line}");
    Ok(())
}

async fn measure(client: &Client, accounts: usize, users: usize, line: &mut String) -> Result<()> {
    let mut get = Vec::new();
    let mut create = Vec::new();
    for _ in 0..CALLS {
        let account = fastrand::usize(..accounts);
        let (account_id, user_id) = (id(account, 0), id(account, fastrand::usize(1..=users)));
        let begin = Instant::now();
        client.get_user(&account_id, &user_id).await?;
        get.push(begin.elapsed());

        let email = format!("{:016x}@example.com", fastrand::u64(..));
        let begin = Instant::now();
        client.create_user(&account_id).email(email).await?;
        create.push(begin.elapsed());
    }
    write!(line, "; GetUser {}, CreateUser {}", median(get), median(create))?;

    let size = 10;
    let mut pages = Vec::new();
    let account_id = id(accounts - 1, 0);
    let mut token = None;
    loop {
        let mut times = Vec::new();
        let mut page = None;
        for _ in 0..20 {
            let mut request = client.list_users(&account_id).max_results(size);
            if let Some(token) = &token {
                request = request.next_token(token);
            }
            let begin = Instant::now();
            page = Some(request.await?);
            times.push(begin.elapsed());
        }
        let next = page.and_then(|page| page.next_token);
        pages.push(median(times));
        if next.is_none() {
            break;
        }
        token = next;
    }
    let (first, last) =
        (pages.first().context("there is a page")?, pages.last().context("there is")?);
    write!(line, "; a page of {size}: first {first}, last {last}")?;
    Ok(())
}

fn builder(data: &str) -> amazon_chime::local::LocalChimeBuilder {
    let builder = LocalChime::builder();
    if data == "-" { builder } else { builder.data_directory(data) }
}

fn name(what: &str, data: &str) -> String {
    format!("{what}, {}", if data == "-" { "in memory" } else { "data directory" })
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn median(mut times: Vec<Duration>) -> String {
    times.sort();
    format!("{} µs", times[times.len() / 2].as_micros())
}

fn ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn memory() -> Result<String> {
    status("VmRSS:")
}

fn most_memory() -> Result<String> {
    status("VmHWM:")
}

fn status(name: &str) -> Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("it is there")?;
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse()?;
    Ok(format!("{} MB", kilobytes / 1024))
}
