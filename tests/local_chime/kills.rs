//! Tests that no data is lost if an embedded Chime is killed under load or its disk is full.
//!
//! `KILLS=500 cargo test --all-features --test local_chime kills -- --nocapture` kills it more often.

use std::collections::HashMap;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use amazon_chime::{Client, Error, License, Room, RoomId, User, UserId};

use crate::durable::Scratch;
use crate::process::Process;

const CLIENTS: usize = 4;

/// Writes a seed with an Enterprise account for each client.
fn seed(scratch: &Scratch) -> PathBuf {
    let account = |index| {
        format!(
            r#"{{"Account": {{"AccountId": "a{index}", "Name": "A", "AccountType": "EnterpriseOIDC"}}}}"#
        )
    };
    let path = scratch.path().join("seed.jsonl");
    let lines: Vec<String> = (0..CLIENTS).map(account).collect();
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

/// The state of a client's account according to the responses that the client received.
#[derive(Default)]
struct Known {
    account: String,
    users: HashMap<UserId, User>,
    rooms: HashMap<RoomId, Room>,
    /// The action without a response, which may have run.
    open: Option<Action>,
    count: usize,
    acknowledged: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Action {
    CreateUser(String),
    UpdateUser(UserId),
    CreateRoom(String),
    UpdateRoom(RoomId),
    DeleteRoom(RoomId),
}

impl Known {
    /// Makes random changes until a change is not acknowledged.
    async fn change(&mut self, client: &Client) -> Error {
        loop {
            let action = self.next_action();
            self.open = Some(action.clone());
            if let Err(error) = self.act(client, action).await {
                return error;
            }
            self.open = None;
            self.acknowledged += 1;
        }
    }

    fn next_action(&mut self) -> Action {
        self.count += 1;
        let name = format!("{}-{}@example.com", self.account, self.count);
        let user = fastrand::choice(self.users.keys()).cloned();
        let room = fastrand::choice(self.rooms.keys()).cloned();
        match (fastrand::u8(0..6), user, room) {
            (0, Some(user), _) => Action::UpdateUser(user),
            (1, _, Some(room)) => Action::UpdateRoom(room),
            (2, _, Some(room)) => Action::DeleteRoom(room),
            (3, ..) => Action::CreateRoom(name),
            _ => Action::CreateUser(name),
        }
    }

    async fn act(&mut self, client: &Client, action: Action) -> Result<(), Error> {
        let account = self.account.as_str();
        match action {
            Action::CreateUser(email) => {
                let user = client.create_user(account).email(email).await?;
                self.users.insert(user.user_id.clone(), user);
            }
            Action::UpdateUser(id) => {
                let license = if fastrand::bool() { License::Pro } else { License::Basic };
                let user = client.update_user(account, &id).license_type(license).await?;
                self.users.insert(id, user);
            }
            Action::CreateRoom(name) => {
                let room = client.create_room(account, name).await?;
                self.rooms.insert(room.room_id.clone(), room);
            }
            Action::UpdateRoom(id) => {
                let name = format!("{}", fastrand::u64(..));
                let room = client.update_room(account, &id).name(name).await?;
                self.rooms.insert(id, room);
            }
            Action::DeleteRoom(id) => {
                client.delete_room(account, &id).await?;
                self.rooms.remove(&id);
            }
        }
        Ok(())
    }

    /// Checks that the served rows match the known rows. Afterwards, the outcome of the open action is known.
    async fn check(&mut self, client: &Client) {
        let account = self.account.as_str();
        let users: Vec<User> = client.list_users(account).items().try_collect().await.unwrap();
        let rooms: Vec<Room> = client.list_rooms(account).items().try_collect().await.unwrap();
        let open = self.open.take();
        let count = users.len() + rooms.len();
        let users: HashMap<UserId, User> =
            users.into_iter().map(|user| (user.user_id.clone(), user)).collect();
        let rooms: HashMap<RoomId, Room> =
            rooms.into_iter().map(|room| (room.room_id.clone(), room)).collect();
        assert_eq!(users.len() + rooms.len(), count, "a row is there twice");

        for (id, user) in &self.users {
            if open != Some(Action::UpdateUser(id.clone())) {
                assert_eq!(users.get(id), Some(user));
            }
        }
        for (id, room) in &self.rooms {
            let is_open = [Action::UpdateRoom(id.clone()), Action::DeleteRoom(id.clone())];
            if !is_open.map(Some).contains(&open) {
                assert_eq!(rooms.get(id), Some(room));
            }
        }
        for user in users.values().filter(|user| !self.users.contains_key(&user.user_id)) {
            let email = user.primary_email.as_ref().map(|email| email.expose().to_owned());
            assert_eq!(open, email.map(Action::CreateUser), "a user that nobody created");
        }
        for room in rooms.values().filter(|room| !self.rooms.contains_key(&room.room_id)) {
            let name = room.name.as_ref().map(|name| name.expose().to_owned());
            assert_eq!(
                open,
                name.map(Action::CreateRoom),
                "a room that is deleted, or nobody created"
            );
        }
        (self.users, self.rooms) = (users, rooms);
    }
}

/// Runs `run` for each client in its own thread.
fn each(
    known: Vec<Known>,
    process: &Process,
    run: impl AsyncFn(&mut Known, &Client) + Sync,
) -> Vec<Known> {
    thread::scope(|scope| {
        let threads: Vec<_> = known
            .into_iter()
            .map(|mut known| {
                let run = &run;
                scope.spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async { run(&mut known, &process.client()).await });
                    known
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn clients() -> Vec<Known> {
    (0..CLIENTS).map(|index| Known { account: format!("a{index}"), ..Known::default() }).collect()
}

fn kills() -> usize {
    std::env::var("KILLS").map_or(10, |kills| kills.parse().unwrap())
}

#[test]
fn acknowledged_changes_survive_kills_at_any_moment() {
    let kills = kills();
    let scratch = Scratch::new();
    let seed = seed(&scratch);
    let mut known = clients();
    for _ in 0..kills {
        let process = Process::start(&scratch.data(), &seed);
        known = each(known, &process, async |known, client| known.check(client).await);
        let changing = thread::scope(|scope| {
            let clients: Vec<_> = known
                .into_iter()
                .map(|mut known| {
                    let client = process.client();
                    scope.spawn(move || {
                        let runtime = tokio::runtime::Builder::new_current_thread()
                            .enable_all()
                            .build()
                            .unwrap();
                        runtime.block_on(known.change(&client));
                        known
                    })
                })
                .collect();
            thread::sleep(Duration::from_micros(fastrand::u64(10_000..250_000)));
            process.kill();
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        known = changing;
    }
    let process = Process::start(&scratch.data(), &seed);
    known = each(known, &process, async |known, client| known.check(client).await);
    process.kill();
    let acknowledged: usize = known.iter().map(|known| known.acknowledged).sum();
    println!("{kills} kills, {acknowledged} acknowledged changes, none lost");
    assert!(acknowledged > kills);
}

#[test]
fn a_seed_is_loaded_completely_after_interrupted_starts() {
    let scratch = Scratch::new();
    let mut lines = vec![r#"{"Account": {"AccountId": "a", "Name": "Acme"}}"#.to_owned()];
    lines.extend((0..USERS).map(|index| {
        format!(r#"{{"User": {{"UserId": "{index}", "AccountId": "a", "DisplayName": "Ana"}}}}"#)
    }));
    let seed = scratch.path().join("seed.jsonl");
    std::fs::write(&seed, lines.join("\n")).unwrap();
    for _ in 0..kills() {
        let process = Process::start_without_waiting(&scratch.data(), &seed);
        thread::sleep(Duration::from_micros(fastrand::u64(1_000..200_000)));
        process.kill();
        if fastrand::u8(0..5) == 0 {
            let process = Process::start(&scratch.data(), &seed);
            assert_eq!(count_users(&process), USERS);
            process.kill();
            std::fs::remove_dir_all(scratch.data()).unwrap();
        }
    }
    assert_eq!(count_users(&Process::start(&scratch.data(), &seed)), USERS);
}

const USERS: usize = 2000;

fn count_users(process: &Process) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let users = process.client().list_users("a").items().try_collect::<Vec<User>>();
    runtime.block_on(users).unwrap().len()
}

#[test]
fn a_full_disk_refuses_changes_and_loses_none() {
    let scratch = Scratch::new();
    let seed = seed(&scratch);
    let process = Process::start_on_a_small_disk(&scratch.data(), &seed);
    let mut known = each(clients(), &process, async |known, client| {
        let error = known.change(client).await;
        assert_eq!(error.status(), Some(503), "{error}");
        assert_eq!(error.code(), Some("ServiceUnavailableException"), "{error}");
        // A refused change has no effect.
        known.open = None;
        known.check(client).await;
    });
    process.kill();
    for _ in 0..2 {
        let process = Process::start(&scratch.data(), &seed);
        known = each(known, &process, async |known, client| known.check(client).await);
        process.kill();
    }
}
