//! An embedded Amazon Chime for tests and experiments. Needs the feature
//! [`local`](crate::docs::features#local).
//!
//! [`LocalChime`] serves the Chime administration API on a free port of the loopback interface, inside the
//! process that starts it. It keeps everything in memory for as long as it lives, or in a directory if it is told to
//! ([`LocalChimeBuilder`]). It is strict: it
//! checks the signature of every request and every limit that the API documents, and it answers with the status
//! codes, headers and JSON of the real service. Whatever speaks to Chime can speak to it, be it this crate, an
//! AWS SDK or the AWS CLI.
//!
//! ```
//! use amazon_chime::local::LocalChime;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let chime = LocalChime::start()?;
//! let account = chime.client().create_account("Acme").await?;
//!
//! // Any other client of the API takes these three.
//! println!("{} {} {:?}", chime.endpoint_url(), chime.region(), chime.credentials());
//! # Ok(())
//! # }
//! ```
//!
//! It implements all operations of the API. Any other request gets an `UnknownOperationException`.
//!
//! - `CreateAccount`, `GetAccount`, `ListAccounts`, `UpdateAccount`, `DeleteAccount`
//! - `GetAccountSettings`, `UpdateAccountSettings`, `GetRetentionSettings`, `PutRetentionSettings`
//! - `AssociateSigninDelegateGroupsWithAccount`, `DisassociateSigninDelegateGroupsFromAccount`
//! - `CreateUser`, `GetUser`, `ListUsers`, `UpdateUser`, `BatchUpdateUser`, `BatchSuspendUser`, `BatchUnsuspendUser`
//! - `InviteUsers`, `LogoutUser`, `ResetPersonalPIN`, `GetUserSettings`, `UpdateUserSettings`
//! - `CreateRoom`, `GetRoom`, `ListRooms`, `UpdateRoom`, `DeleteRoom`
//! - `CreateRoomMembership`, `BatchCreateRoomMembership`, `ListRoomMemberships`, `UpdateRoomMembership`, `DeleteRoomMembership`
//! - `RedactConversationMessage`, `RedactRoomMessage`
//! - `CreateBot`, `GetBot`, `ListBots`, `UpdateBot`, `RegenerateSecurityToken`
//! - `GetEventsConfiguration`, `PutEventsConfiguration`, `DeleteEventsConfiguration`
//! - `GetPhoneNumber`, `ListPhoneNumbers`, `UpdatePhoneNumber`, `BatchUpdatePhoneNumber`
//! - `DeletePhoneNumber`, `BatchDeletePhoneNumber`, `RestorePhoneNumber`
//! - `AssociatePhoneNumberWithUser`, `DisassociatePhoneNumberFromUser`
//! - `SearchAvailablePhoneNumbers`, `ListSupportedPhoneNumberCountries`
//! - `CreatePhoneNumberOrder`, `GetPhoneNumberOrder`, `ListPhoneNumberOrders`
//! - `GetPhoneNumberSettings`, `UpdatePhoneNumberSettings`
//! - `GetGlobalSettings`, `UpdateGlobalSettings`
//! - `CreateMeetingDialOut`
//!
//! What no operation makes, such as Enterprise accounts and registered users, comes from
//! [`add_account`](LocalChime::add_account), [`add_registered_user`](LocalChime::add_registered_user) and
//! [`seed`](LocalChime::seed).
//!
//! # What is assumed
//!
//! AWS does not document everything that the service does. Where its documentation is silent, the embedded Chime does
//! this:
//!
//! | about | what it does |
//! |---|---|
//! | Enterprise accounts | Rooms, messages, bots and retention are for them only. Other accounts are refused with 403 `ForbiddenException`. |
//! | Team accounts | `InviteUsers` is for them only. Other accounts are refused with 403 `ForbiddenException`. |
//! | a seeded account without a type | It is neither an Enterprise account nor a Team account. |
//! | the licenses of a new account | Its default license is `Pro`. It supports `Basic` and `Pro`. |
//! | a seeded account without `SupportedLicenses` | It supports every license. |
//! | a license that the account does not support | It is refused with 400. In `BatchUpdateUser` only its entry fails, which then changes nothing. |
//! | settings of an account | An update sets the members that it has. The others stay. |
//! | sign-in delegate groups | A group without a name adds nothing. |
//! | retention | `PutRetentionSettings` sets the parts that it has, a part without days turns retention off, and the other part stays. `InitiateDeletionTimestamp` is 30 days after the last put that had a part. |
//! | deleting an account | The numbers of its users become unassigned. |
//! | e-mail addresses | They are equal if they differ only in the case of ASCII letters. |
//! | an invited address that the account has | It gets an invite with the `EmailStatus` `NotSent`, and no second user. |
//! | the `UserInvitationStatus` of a created user | It is `Pending` for a user with an e-mail address, and null for one without. |
//! | a user who is no longer suspended | The user has the registration status from before. One who was seeded as suspended is `Registered` if there is a `RegisteredOn`, and `Unregistered` otherwise. |
//! | who creates and invites | It is `arn:aws:iam::111122223333:user/local`. |
//! | a client request token that created a room | It gives the same room again with the name that the room was created with, whatever the room is called now. It is refused with 400 with another name. Deleting the room frees it. |
//! | a batch of members | It is refused as a whole if an entry has no `MemberId`. A member who is there twice is added once, and a `Conflict` the second time. |
//! | roles in a room | They can be changed for users only. A bot has the role that it is added with. |
//! | a seeded membership of nobody | It is listed like any other. Its role can be changed if its `MemberType` is `User`. |
//! | messages | They do not exist, so any message of a room that exists, or of any conversation, can be redacted. |
//! | the e-mail address of a bot | It is the name that was asked for, `-chimebot@`, and the domain, or `example.com` without one. Two bots may have the same. |
//! | an events configuration | Its URL begins with `https://` and its ARN with `arn:`; anything else is refused with 400. Deleting one that is not there changes nothing. |
//! | the numbers that exist | They are numbers for use in fiction: in the US the ones that end in `55501` and two digits, local ones of 24 area codes and toll-free ones, and a few hundred in Australia, Germany and the United Kingdom. `SearchAvailablePhoneNumbers` lists those that can be ordered. |
//! | the capabilities of an ordered number | They are all true. |
//! | an order of phone numbers, a new calling name | The answer of the call says that it is being worked on. Every later answer shows the outcome. |
//! | an order that names a number twice | It acquires the first one. The second one fails. |
//! | an order of no numbers | It is refused with 400. |
//! | a batch of no updates | It changes nothing. |
//! | a batch entry with a product type and a calling name | It refuses the whole batch with 400. |
//! | the product type of a number | It is checked in updates as in orders. That of an assigned number cannot be changed, which is refused with 400. |
//! | the calling name of a number | It may be empty. The same one again is an update like any other. |
//! | the default calling name | It can be set to the same name again at any time. |
//! | a number in the deletion queue | It can be updated and dialled from. Deleting it again changes nothing, its `DeletionTimestamp` included. |
//! | restoring a number that is not in the deletion queue | It changes nothing and returns the number. |
//! | associating a number | It is refused with 400 unless the number is unassigned and for `BusinessCalling` and the user has none. With the user who has the number, it changes nothing. |
//! | disassociating a user without a number | It changes nothing. |
//! | a seeded association of a number with a user | It need not name the account, and then means the users of all accounts that have this `UserId`. |
//! | a number that only the seeded user or only the seeded number names as the user's | It counts as the number that the user has. Associating it with the user completes the other one. |
//! | `CreateMeetingDialOut` | It takes any meeting. A number that is not in the inventory is refused with 403. |
//! | a page without `max-results` | It has 100 items, or 99 where the API allows no more. |
//! | a body of more than 1 MiB | It is refused with 413 `RequestEntityTooLargeException`. |
//! | a path with the segments `.` or `..` | It names no operation. It is accepted as signed in each form in which AWS SDKs sign it. |
//!
//! # Connections
//!
//! A connection on which nothing arrives for two minutes, between requests or within one, is closed. A body that stops
//! arriving is answered with 408 `RequestTimeoutException` first. 1,024 connections are served at once. Further ones wait until
//! one of these is closed, and while there are that many, every answer closes its connection.

mod account_settings;
mod accounts;
mod answer;
mod authorization;
mod batch;
#[cfg(benching)]
#[allow(clippy::unwrap_used, reason = "only benchmarks call it")]
pub(crate) mod benching;
mod bots;
mod builder;
mod call;
mod changes;
mod clock;
mod content;
#[cfg(feature = "durable")]
mod data_directory;
mod directory;
mod document;
mod events_configuration;
mod fault;
mod global_settings;
mod inventory;
mod invitations;
mod keys;
mod load;
mod meetings;
mod members;
mod messages;
mod paging;
mod phone_number_associations;
mod phone_number_catalog;
mod phone_number_orders;
mod phone_number_settings;
mod phone_numbers;
mod received_request;
#[cfg(feature = "durable")]
mod restore;
mod retention_settings;
mod room_memberships;
mod rooms;
mod routes;
mod seed;
mod server;
mod signature;
mod signed_path;
mod signin_delegate_groups;
mod single;
mod state;
#[cfg(feature = "durable")]
mod store;
mod table;
mod user_settings;
mod users;
mod validate;
mod web_page;
#[cfg(feature = "durable")]
mod write_ahead_log;

use std::fmt;
use std::io::{self, BufRead};
use std::sync::Arc;
use std::thread::JoinHandle;

use aws_credential_types::Credentials;
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use crate::{Account, AccountType, Client, ClientBuilder, User};
use answer::Refusal;
use directory::Directory;
use document::Document;
use server::Chime;

pub use builder::LocalChimeBuilder;
pub use clock::SkewError;
pub use fault::Fault;
pub use received_request::ReceivedRequest;

/// Removes the variables that would lead a client elsewhere.
const UNSET: &str = "unset AWS_SESSION_TOKEN AWS_PROFILE AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT \
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

/// A running embedded Chime; it stops when dropped.
///
/// Each one has its own accounts, its own credentials and its own thread, so that tests which start one each
/// cannot disturb each other. [`builder`](Self::builder) has the settings of one that is used in other ways. Starting and dropping it work the same in blocking code and on any async runtime.
/// Dropping it closes its connections and returns once its port is free.
///
/// ```
/// use amazon_chime::local::LocalChime;
///
/// let (one, other) = (LocalChime::start()?, LocalChime::start()?);
/// assert_ne!(one.endpoint_url(), other.endpoint_url());
/// assert_ne!(one.credentials(), other.credentials());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct LocalChime {
    endpoint_url: String,
    client: Client,
    chime: Arc<Chime>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl LocalChime {
    /// Starts an embedded Chime on a free port of 127.0.0.1. It accepts requests when this returns.
    ///
    /// # Errors
    ///
    /// If the system grants no port, no thread or no resources for the event loop.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// The settings of an embedded Chime, to be completed and started.
    ///
    /// ```
    /// use std::time::Duration;
    /// use amazon_chime::local::LocalChime;
    ///
    /// let chime = LocalChime::builder().latency(Duration::from_millis(5)).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn builder() -> LocalChimeBuilder {
        LocalChimeBuilder::new()
    }

    /// Starts an embedded Chime on this port of 127.0.0.1, for clients that must be told where it is before it
    /// runs. Port 0 takes a free one, as [`start`](Self::start) does.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let chime = LocalChime::start()?;
    /// let (_, port) = chime.endpoint_url().rsplit_once(':').ok_or("there is a port in it")?;
    ///
    /// assert!(LocalChime::start_on(port.parse()?).is_err(), "the port is taken");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the port is taken, or as for [`start`](Self::start).
    pub fn start_on(port: u16) -> io::Result<Self> {
        Self::builder().port(port).start()
    }

    /// The URL to send requests to, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The region that requests must be signed for, `us-east-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        signature::REGION
    }

    /// The variables that lead the AWS CLI and the AWS SDKs to this instance, as lines that a shell reads. The secret access
    /// key is among them.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let chime = LocalChime::start()?;
    /// assert!(chime.exports().contains(&format!("export AWS_ENDPOINT_URL_CHIME={}\n", chime.endpoint_url())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn exports(&self) -> String {
        let credentials = self.credentials();
        let variables = [
            ("AWS_ENDPOINT_URL_CHIME", self.endpoint_url()),
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key()),
            ("AWS_REGION", self.region()),
            // The name that boto3 and the AWS CLI read.
            ("AWS_DEFAULT_REGION", self.region()),
        ];
        let exports = variables.map(|(name, value)| format!("export {name}={value}\n"));
        format!("{UNSET}\n{}", exports.concat())
    }

    /// The long-lived credentials that this instance accepts: random, and accepted by no other.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.chime.keys.permanent().clone()
    }

    /// Credentials with a session token, accepted as well. A request that is signed with them but sends another
    /// token, or none, is refused.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// let credentials = LocalChime::start()?.temporary_credentials();
    /// assert!(credentials.access_key_id().starts_with("ASIA"));
    /// assert!(credentials.session_token().is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn temporary_credentials(&self) -> Credentials {
        self.chime.keys.temporary()
    }

    /// Expires the temporary credentials and gives new ones. From now on the former are refused with
    /// `ExpiredTokenException`.
    ///
    /// ```
    /// use amazon_chime::{Client, local::LocalChime};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// let client = Client::builder()
    ///     .endpoint_url(chime.endpoint_url())
    ///     .region(chime.region())
    ///     .credentials_provider(chime.temporary_credentials())
    ///     .build()?;
    /// client.list_accounts().await?;
    ///
    /// let _ = chime.renew_temporary_credentials();
    /// let error = client.list_accounts().await.unwrap_err();
    /// assert_eq!(error.code(), Some("ExpiredTokenException"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "these are the only ones that are valid now"]
    pub fn renew_temporary_credentials(&self) -> Credentials {
        self.chime.keys.renew_temporary()
    }

    /// Shifts the clock that signatures are checked against.
    ///
    /// It is `ahead` of this machine's clock from now on, or behind it if negative. A request that was signed with a
    /// time more than five minutes away from it is refused with `error`.
    ///
    /// ```
    /// use amazon_chime::chrono::TimeDelta;
    /// use amazon_chime::local::{LocalChime, SkewError};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// chime.shift_clock(TimeDelta::hours(1), SkewError::RequestTimeTooSkewed);
    ///
    /// let response = chime.client().list_accounts().send_with_metadata().await?;
    /// assert_eq!(response.attempts, 2, "refused once, then signed with the service's time");
    /// # Ok(())
    /// # }
    /// ```
    pub fn shift_clock(&self, ahead: TimeDelta, error: SkewError) {
        self.chime.clock.shift(ahead, error);
    }

    /// Moves the clock that resources go by forward by `time`. With a data directory it stays so after a restart.
    ///
    /// What is created from now on is that much younger, and what has a time to end comes closer to it. Signatures
    /// are checked against another clock, so clients still get in.
    ///
    /// ```
    /// use amazon_chime::chrono::{TimeDelta, Utc};
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// chime.advance(TimeDelta::days(7));
    ///
    /// let account = chime.client().create_account("Acme").await?;
    /// assert!(account.created_timestamp > Some(Utc::now() + TimeDelta::days(6)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// This clock never goes back: a negative `time` is ignored, and the clock stops at its last time, 30 days before
    /// [`DateTime::MAX_UTC`].
    pub fn advance(&self, time: TimeDelta) {
        let ahead = self.chime.resource_clock.advance(time);
        self.chime.state.keep_clock(ahead);
    }

    /// Adds an account of any type. Returns it as `GetAccount` does.
    ///
    /// `CreateAccount` makes [`Team`](AccountType::Team) accounts only; rooms, bots and retention need one of the
    /// Enterprise types. The name has 1 to 100 characters, not all of them white space.
    ///
    /// ```
    /// use amazon_chime::AccountType;
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    ///
    /// assert_eq!(chime.client().get_account(&acme.account_id).await?, acme);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if the name is outside of its limits or the API does not
    /// define the type.
    pub fn add_account(
        &self,
        name: &str,
        account_type: impl Into<AccountType>,
    ) -> io::Result<Account> {
        let account_type = account_type.into();
        self.add(|directory, now| {
            accounts::add_account(directory, name, account_type.as_str(), now)
        })
    }

    /// Adds a user who has registered, which no operation of the API can do. Returns it as `GetUser` does.
    ///
    /// ```
    /// use amazon_chime::RegistrationStatus;
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// let acme = chime.client().create_account("Acme").await?;
    /// let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    ///
    /// assert_eq!(ana.user_registration_status, Some(RegistrationStatus::Registered));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) if there is no such account,
    /// [`AlreadyExists`](io::ErrorKind::AlreadyExists) if it has a user with this e-mail address, and
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if `email` is no e-mail address.
    pub fn add_registered_user(&self, account_id: &str, email: &str) -> io::Result<User> {
        self.add(|directory, now| users::add_registered_user(directory, account_id, email, now))
    }

    /// Adds the rows of a seed: JSON Lines, each of which is one row in its wire form under its kind, with the
    /// identifiers of what it belongs to beside it.
    ///
    /// A seed can hold what no operation makes, such as Enterprise accounts and registered users. Each row is served
    /// as it was seeded, with members that the API does not define and with its timestamps. Empty lines are skipped.
    ///
    /// The identifiers of what a row belongs to are beside the row or in it. Those beside it are added to the row where
    /// the API defines a member for them. The row's own identifier is made up if it is absent, except that a phone
    /// number needs a `PhoneNumberId` or an `E164PhoneNumber`, of which the `PhoneNumberId` is then made, and a
    /// membership needs the `MemberId` of its `Member`. An account without an `AwsAccountId` gets that of all others.
    ///
    /// | kind | what it belongs to | it is |
    /// |---|---|---|
    /// | `Account` | | an account, which needs a `Name` |
    /// | `AccountSettings` | `AccountId` | the settings of an account, all of them |
    /// | `AccountRetention` | `AccountId` | the answer of `GetRetentionSettings`, for an Enterprise account |
    /// | `User` | `AccountId` | a user |
    /// | `UserSettings` | `AccountId`, `UserId` | the settings of a user, all of them |
    /// | `Room` | `AccountId` | a room of an Enterprise account |
    /// | `RoomMembership` | `AccountId`, `RoomId` | a membership |
    /// | `Bot` | `AccountId` | a bot of an Enterprise account |
    /// | `EventsConfiguration` | `AccountId`, `BotId` | where the events of a bot go to |
    /// | `PhoneNumber` | | a number of the inventory, also one in the deletion queue |
    /// | `PhoneNumberOrder` | | an order, whose identifier is a UUID; it adds no numbers |
    /// | `PhoneNumberSettings`, `GlobalSettings` | | the settings of the AWS account, all of them |
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let seed = r#"
    /// {"Account": {"AccountId": "acme", "Name": "Acme", "AccountType": "EnterpriseOIDC"}}
    /// {"User": {"UserId": "ana", "UserRegistrationStatus": "Registered"}, "AccountId": "acme"}
    /// "#;
    /// let chime = LocalChime::start()?;
    /// chime.seed(seed.as_bytes())?;
    ///
    /// let client = chime.client();
    /// assert_eq!(client.get_account("acme").await?.name, "Acme");
    /// assert_eq!(client.list_users("acme").await?.items[0].user_id, "ana");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If `lines` cannot be read, and [`InvalidData`](io::ErrorKind::InvalidData) if a line is not such a row, if
    /// what it belongs to is not there, or if there is another row with its identifier or e-mail address. The error
    /// has the number of the line; the lines before it have been added.
    pub fn seed(&self, lines: impl BufRead) -> io::Result<()> {
        seed::read(&self.chime, lines)
    }

    /// Injects a fault. The requests that it is for are answered as [`Fault`] says.
    pub fn inject(&self, fault: Fault) {
        self.chime.faults.add(fault);
    }

    /// Forgets all faults that were injected and not played yet.
    pub fn clear_faults(&self) {
        self.chime.faults.clear();
    }

    /// The requests that came in, in this order, with what each was answered.
    ///
    /// All requests are among them: attempts of one call, and those that were refused or met a [`Fault`]. The newest
    /// 10,000 are kept, and of these as many as have 16 MiB of URIs and bodies.
    ///
    /// ```
    /// use amazon_chime::local::LocalChime;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let chime = LocalChime::start()?;
    /// let acme = chime.client().create_account("Acme").await?;
    /// chime.client().create_user(&acme.account_id).email("ana@example.com").await?;
    ///
    /// let requests = chime.requests();
    /// let creates = requests.iter().filter(|request| request.operation == Some("CreateUser"));
    /// assert_eq!(creates.count(), 1);
    /// assert_eq!(requests[1].status, Some(201));
    /// assert_eq!(requests[1].parameter("Email").unwrap(), "ana@example.com");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.chime.requests.all()
    }

    /// A client for this Chime.
    ///
    /// It is the same one each time, so it belongs to one Tokio runtime; for
    /// another, or other settings, take [`client_builder`](Self::client_builder).
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The settings of a client for this Chime, to be completed.
    ///
    /// ```
    /// use amazon_chime::{RetryConfig, local::LocalChime};
    ///
    /// let chime = LocalChime::start()?;
    /// let client = chime.client_builder().retry(RetryConfig::disabled()).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_builder(&self) -> ClientBuilder {
        client_builder(&self.endpoint_url, &self.chime)
    }

    /// Adds a row, and reads its wire form into the client's model.
    fn add<T: DeserializeOwned>(
        &self,
        add: impl FnOnce(&mut Directory, DateTime<Utc>) -> Result<Document, Refusal>,
    ) -> io::Result<T> {
        let now = self.chime.resource_clock.now();
        let row = self.chime.state.act(|directory| add(directory, now)).flatten();
        let row = row.map_err(Refusal::into_io_error)?;
        // The message of serde_json would quote the row.
        serde_json::from_str(row.json())
            .map_err(|_| io::Error::other("the row does not fit the model of the client"))
    }
}

fn client_builder(endpoint_url: &str, chime: &Chime) -> ClientBuilder {
    Client::builder()
        .endpoint_url(endpoint_url)
        // This machine is its own, at whatever address.
        .allow_plain_http(true)
        .region(signature::REGION)
        .credentials_provider(chime.keys.permanent().clone())
}

/// Shows the endpoint, never the credentials.
impl fmt::Debug for LocalChime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalChime")
            .field("endpoint_url", &self.endpoint_url)
            .finish_non_exhaustive()
    }
}

impl Drop for LocalChime {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}
