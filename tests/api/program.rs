//! A small service that uses the crate as a program of a user does, and its tests.

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{AccountId, Client, Error, RegistrationStatus, Request, User, UserId, UserType};
use futures_util::{StreamExt, TryStreamExt, stream};

/// A person who needs a user in the account.
#[derive(Clone)]
struct Person {
    email: String,
    name: Option<String>,
    user_type: Option<UserType>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Created,
    Exists,
    /// The response was lost. The next synchronisation shows whether the user exists.
    Unknown,
}

/// The operations that the service needs.
trait Directory: Sync {
    fn add(&self, person: Person) -> impl Future<Output = Result<Outcome, Error>> + Send;
    fn users(&self) -> impl Future<Output = Result<Vec<User>, Error>> + Send;
    fn suspend(&self, users: &[UserId]) -> impl Future<Output = Result<(), Error>> + Send;
}

struct Chime {
    client: Client,
    account: AccountId,
}

impl Directory for Chime {
    async fn add(&self, person: Person) -> Result<Outcome, Error> {
        let request = self
            .client
            .create_user(&self.account)
            .email(person.email)
            .maybe(person.name, |request, name| request.username(name))
            .maybe(person.user_type, |request, user_type| request.user_type(user_type));
        match request.await {
            Ok(_) => Ok(Outcome::Created),
            Err(error) if error.is_conflict() => Ok(Outcome::Exists),
            Err(error) if error.may_have_applied() => Ok(Outcome::Unknown),
            Err(error) => Err(error),
        }
    }

    async fn users(&self) -> Result<Vec<User>, Error> {
        self.client.list_users(&self.account).items().read_ahead().try_collect().await
    }

    async fn suspend(&self, users: &[UserId]) -> Result<(), Error> {
        // A call accepts at most 50 users.
        let suspend = |users| self.client.batch_suspend_user(&self.account, users);
        let calls: Vec<_> = users.chunks(50).map(suspend).collect();
        stream::iter(calls).map(Request::send).buffer_unordered(4).try_collect::<Vec<_>>().await?;
        Ok(())
    }
}

/// Adds these people, eight at a time, and suspends all other users.
async fn synchronise(chime: &impl Directory, people: &[Person]) -> Result<Vec<Outcome>, Error> {
    let additions = stream::iter(people.to_vec()).map(|person| chime.add(person));
    let outcomes = additions.buffered(8).try_collect().await?;
    let stays = |user: &User| {
        let email = user.primary_email.as_ref();
        people.iter().any(|person| email.is_some_and(|email| *email == person.email))
    };
    let users = chime.users().await?.into_iter();
    let others: Vec<UserId> = users.filter(|user| !stays(user)).map(|user| user.user_id).collect();
    chime.suspend(&others).await?;
    Ok(outcomes)
}

fn people(names: &[&str]) -> Vec<Person> {
    let person = |name: &&str| Person {
        email: format!("{name}@example.com"),
        name: (*name != "ana").then(|| (*name).to_owned()),
        user_type: (*name == "lobby").then_some(UserType::SharedDevice),
    };
    names.iter().map(person).collect()
}

#[tokio::test]
async fn a_synchronisation_adds_missing_people_and_suspends_other_users() -> Result<(), Error> {
    let local = LocalChime::start().unwrap();
    let client = local.client();
    let account = client.create_account("Acme").await?.account_id;
    let chime = Chime { client, account };
    let outcomes = synchronise(&chime, &people(&["ana", "ben", "lobby"])).await?;
    assert_eq!(outcomes, [Outcome::Created; 3]);
    let outcomes = synchronise(&chime, &people(&["ana", "cy", "lobby"])).await?;
    assert_eq!(outcomes, [Outcome::Exists, Outcome::Created, Outcome::Exists]);

    let users = chime.users().await?;
    let is_suspended =
        |user: &&User| user.user_registration_status == Some(RegistrationStatus::Suspended);
    let suspended: Vec<_> = users.iter().filter(is_suspended).collect();
    assert_eq!(users.len(), 4);
    assert!(
        matches!(suspended[..], [ben] if ben.primary_email.as_ref().unwrap() == "ben@example.com")
    );
    Ok(())
}

#[tokio::test]
async fn a_user_whose_response_was_lost_is_reported_and_found_the_next_time() -> Result<(), Error> {
    let local = LocalChime::start().unwrap();
    let client = local.client();
    let account = client.create_account("Acme").await?.account_id;
    let chime = Chime { client, account };
    local.inject(Fault::reset().after_effect().on("CreateUser").times(1));
    assert_eq!(synchronise(&chime, &people(&["ana"])).await?, [Outcome::Unknown]);
    assert_eq!(synchronise(&chime, &people(&["ana"])).await?, [Outcome::Exists]);
    assert_eq!(chime.users().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_synchronisation_fails_if_the_directory_cannot_be_reached() {
    let local = LocalChime::start().unwrap();
    let chime = Chime { client: local.client(), account: "no-such-account".into() };
    let error = synchronise(&chime, &people(&["ana"])).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
