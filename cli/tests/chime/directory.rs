//! An invented directory for an embedded Chime: companies, their people and their rooms.

use std::collections::HashMap;

use amazon_chime::{AccountId, Client, Error, License, UserId, UserType};
use futures_util::{StreamExt, TryStreamExt, stream};

/// The number of requests at the same time.
const IN_FLIGHT: usize = 8;

/// Creates accounts with this number of users in total, the same each time: a few large accounts, many small accounts
/// and an empty account. The users are people and rooms with different licenses, and some are suspended.
pub(crate) async fn seed(client: &Client, accounts: usize, users: usize) -> Result<(), Error> {
    let companies: Vec<Company> = stream::iter(0..accounts)
        .map(|number| create_company(client, number))
        .buffered(IN_FLIGHT)
        .try_collect()
        .await?;

    let members = companies
        .iter()
        .zip(sizes(accounts, users))
        .flat_map(|(company, size)| (0..size).map(move |number| (company, number)));
    let suspended: Vec<Option<(&AccountId, UserId)>> = stream::iter(members)
        .map(|(company, number)| create_member(client, company, number))
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await?;

    let mut by_account: HashMap<&AccountId, Vec<UserId>> = HashMap::new();
    for (account_id, user_id) in suspended.into_iter().flatten() {
        by_account.entry(account_id).or_default().push(user_id);
    }
    for (account_id, user_ids) in by_account {
        for batch in user_ids.chunks(50) {
            client.batch_suspend_user(account_id, batch).await?;
        }
    }
    Ok(())
}

struct Company {
    account_id: AccountId,
    domain: String,
    /// The number of the company, so that companies have different people.
    number: usize,
}

async fn create_company(client: &Client, number: usize) -> Result<Company, Error> {
    let (word, trade) = (pick(WORDS, number), pick(TRADES, number));
    // After this number of companies, the names repeat.
    let round = number / (WORDS.len() * TRADES.len());
    let branch = if round == 0 { String::new() } else { format!(" {}", round + 1) };
    let account_id = client.create_account(format!("{word} {trade}{branch}")).await?.account_id;
    if number % 3 == 2 {
        client.update_account(&account_id).default_license(License::Basic).await?;
    }
    let host = format!("{word}{branch}").to_lowercase().replace(' ', "-");
    let domain = format!("{host}-{number}.example.{}", pick(&["com", "org", "net"], number));
    Ok(Company { account_id, domain, number })
}

/// Creates a user of a company, and returns the user if it must be suspended.
async fn create_member<'a>(
    client: &Client,
    company: &'a Company,
    number: usize,
) -> Result<Option<(&'a AccountId, UserId)>, Error> {
    let Company { account_id, domain, number: offset } = company;
    let request = if number % 20 == 19 {
        let room = pick(ROOMS, number / 20);
        client
            .create_user(account_id)
            .username(format!("Room {room} {number}"))
            .email(format!("room-{number}@{domain}"))
            .user_type(UserType::SharedDevice)
    } else {
        let person = number + offset * 7;
        let (first, last) = (pick(FIRST_NAMES, person), pick(LAST_NAMES, person));
        let address = format!("{first}.{last}").to_lowercase().replace(' ', "-");
        let round = number / (FIRST_NAMES.len() * LAST_NAMES.len());
        let namesake = if round == 0 { String::new() } else { format!("{}", round + 1) };
        client
            .create_user(account_id)
            .username(format!("{first} {last}"))
            .email(format!("{address}{namesake}@{domain}"))
            .user_type(UserType::PrivateUser)
    };
    let user_id = request.await?.user_id;
    if number % 10 == 7 {
        client.update_user(account_id, &user_id).license_type(License::Basic).await?;
    }
    Ok((number % 12 == 5).then_some((account_id, user_id)))
}

/// Returns the number of users of each account. The second account has half as many users as the first account, the
/// third account has a third, and so on. The last of several accounts has no users.
fn sizes(accounts: usize, users: usize) -> Vec<usize> {
    let mut weights: Vec<usize> = (1..=accounts).map(|rank| 1_000_000 / rank).collect();
    if let [_, .., last] = &mut weights[..] {
        *last = 0;
    }
    let total = weights.iter().sum::<usize>().max(1);
    let mut sizes: Vec<usize> = weights.iter().map(|weight| users * weight / total).collect();
    let rest = users - sizes.iter().sum::<usize>();
    if let Some(first) = sizes.first_mut() {
        *first += rest;
    }
    sizes
}

fn pick<'a>(from: &[&'a str], number: usize) -> &'a str {
    from[number % from.len()]
}

// Lists that are combined have lengths without a common divisor, so that the same combination rarely occurs again.

const WORDS: &[&str] = &[
    "Acorn", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Gorse", "Hazel", "Ivy", "Juniper",
    "Kauri", "Larch", "Maple", "Nutmeg", "Oak", "Pine", "Quince", "Rowan", "Spruce", "Teak",
    "Ulmus", "Vine", "Willow", "Yew", "Aspen", "Beech", "Cypress", "Ebony", "Fig", "Ginkgo",
];

const TRADES: &[&str] =
    &["Bakery", "Logistics", "Clinic", "Books", "Robotics", "Energy & Sons", "Legal, LLP"];

const ROOMS: &[&str] = &["Oslo", "Lima", "Zürich", "Kyōto", "Accra", "São Paulo", "Perth"];

const FIRST_NAMES: &[&str] = &[
    "Ana", "Ben", "Carla", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Liam",
    "Mei", "Noor", "Omar", "Petra", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wanda",
    "Yusuf", "Zoe",
];

const LAST_NAMES: &[&str] = &[
    "Abe", "Bauer", "Costa", "Diaz", "Eriksen", "Fischer", "Garcia", "Hansen", "Ivanov", "Jansen",
    "Kaya", "Lopez", "Mbeki", "Novak", "Okafor", "Park", "Qureshi", "Rossi", "Silva", "Tanaka",
    "Ueda", "Vega", "Weber", "Xu", "Yilmaz", "Zhang", "O'Neill", "van Dijk", "Haddad", "Kowalski",
    "Larsen", "Moreau",
];
