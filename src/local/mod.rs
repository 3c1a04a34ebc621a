//! The embedded Chime: a local server that behaves like Amazon Chime, for tests and experiments. Needs the feature
//! [`local`](crate::docs::features#local).
//!
//! [`LocalChime`] serves the Chime administration API on a free port of the loopback interface, inside the process that
//! starts it. It keeps its data in memory, or in a directory if [`LocalChimeBuilder`] sets one. It checks the signature
//! of every request and every limit that the API documents, and it responds with the status codes, headers and JSON of
//! the real service. This crate, the AWS SDKs and the AWS CLI can use it.
//!
//! ```
//! use amazon_chime::local::LocalChime;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let chime = LocalChime::start()?;
//! let account = chime.client().create_account("Acme").await?;
//!
//! // Another client of the API needs these three values.
//! println!("{} {} {:?}", chime.endpoint_url(), chime.region(), chime.credentials());
//! # Ok(())
//! # }
//! ```
//!
//! The embedded Chime implements all operations of the API, and refuses any other request with
//! `UnknownOperationException`.
//!
//! - `CreateAccount`, `GetAccount`, `ListAccounts`, `UpdateAccount`, `DeleteAccount`
//! - `GetAccountSettings`, `UpdateAccountSettings`, `GetRetentionSettings`, `PutRetentionSettings`
//! - `AssociateSigninDelegateGroupsWithAccount`, `DisassociateSigninDelegateGroupsFromAccount`
//! - `CreateUser`, `GetUser`, `ListUsers`, `UpdateUser`, `BatchUpdateUser`, `BatchSuspendUser`, `BatchUnsuspendUser`
//! - `InviteUsers`, `LogoutUser`, `ResetPersonalPIN`, `GetUserSettings`, `UpdateUserSettings`
//! - `CreateRoom`, `GetRoom`, `ListRooms`, `UpdateRoom`, `DeleteRoom`
//! - `CreateRoomMembership`, `BatchCreateRoomMembership`, `ListRoomMemberships`, `UpdateRoomMembership`
//! - `DeleteRoomMembership`, `RedactConversationMessage`, `RedactRoomMessage`
//! - `CreateBot`, `GetBot`, `ListBots`, `UpdateBot`, `RegenerateSecurityToken`
//! - `GetEventsConfiguration`, `PutEventsConfiguration`, `DeleteEventsConfiguration`
//! - `GetPhoneNumber`, `ListPhoneNumbers`, `UpdatePhoneNumber`, `BatchUpdatePhoneNumber`
//! - `DeletePhoneNumber`, `BatchDeletePhoneNumber`, `RestorePhoneNumber`
//! - `AssociatePhoneNumberWithUser`, `DisassociatePhoneNumberFromUser`
//! - `SearchAvailablePhoneNumbers`, `ListSupportedPhoneNumberCountries`
//! - `CreatePhoneNumberOrder`, `GetPhoneNumberOrder`, `ListPhoneNumberOrders`
//! - `GetPhoneNumberSettings`, `UpdatePhoneNumberSettings`, `GetGlobalSettings`, `UpdateGlobalSettings`
//! - `CreateMeetingDialOut`
//!
//! [`add_account`](LocalChime::add_account), [`add_registered_user`](LocalChime::add_registered_user) and
//! [`seed`](LocalChime::seed) add resources that no operation creates, such as Enterprise accounts and registered
//! users.
//!
//! # Assumptions
//!
//! The following tables describe how the embedded Chime behaves where AWS does not document the service.
//!
//! ## Accounts and users
//!
//! | Subject | Assumption |
//! |---|---|
//! | Enterprise accounts | Operations on rooms, messages, bots and retention settings need an Enterprise account. Otherwise they are refused with 403 `ForbiddenException`. |
//! | `InviteUsers` | The operation needs a Team account. Otherwise it is refused with 403 `ForbiddenException`. If a user of the account already has the invited address, the invite has the `EmailStatus` `NotSent` and no user is created. |
//! | `AccountType` | A seeded account without a type is neither an Enterprise account nor a Team account. |
//! | licenses | A new account supports `Basic` and `Pro`, and its default is `Pro`. A seeded account without `SupportedLicenses` supports every license. A license that the account does not support is refused with 400. In `BatchUpdateUser`, only the entry with this license fails, and this entry changes nothing. |
//! | settings | `UpdateAccountSettings` and `PutRetentionSettings` change only the settings that are in the request. `RoomRetentionSettings` without `RetentionDays` turn off the retention of rooms; `ConversationRetentionSettings` work in the same way. `InitiateDeletionTimestamp` is 30 days after the last `PutRetentionSettings` that had one of the two. |
//! | `DeleteAccount` | The phone numbers of the account's users become unassigned. |
//! | e-mail addresses | Two addresses are equal if they differ only in the case of ASCII letters. |
//! | `UserInvitationStatus` | A created user with an e-mail address has the status `Pending`. For a created user without an address, the status is null. |
//! | `BatchUnsuspendUser` | The user gets back the registration status from before the suspension. A user who was seeded as suspended becomes `Registered` if the user has a `RegisteredOn`, and `Unregistered` otherwise. |
//! | `CreatedBy`, `InvitedBy` | The value is always `arn:aws:iam::111122223333:user/local`. |
//!
//! ## Rooms and bots
//!
//! | Subject | Assumption |
//! |---|---|
//! | `ClientRequestToken` | `CreateRoom` with a token that has already created a room returns this room, even if the room has been renamed. The request must have the name that the room was created with. Another name is refused with 400. Deleting the room frees the token. |
//! | `BatchCreateRoomMembership` | The whole request is refused if an entry has no `MemberId`. If a member is listed twice, the second entry fails with `Conflict`. |
//! | memberships | A role can be changed only if the `MemberType` is `User`. The member of a seeded membership need not exist. |
//! | messages | Messages are not stored. Every message of an existing room and every message of a conversation can be redacted. |
//! | `BotEmail` | The address of a bot is the requested name, `-chimebot@` and the domain. The default domain is `example.com`. Two bots may have the same address. |
//! | `PutEventsConfiguration` | The URL must begin with `https://`, and the ARN with `arn:`. Other values are refused with 400. |
//!
//! ## Phone numbers
//!
//! | Subject | Assumption |
//! |---|---|
//! | available numbers | All phone numbers are reserved for use in fiction. US numbers end in `55501` and two digits: local numbers of 24 area codes, and toll-free numbers. Australia, Germany and the United Kingdom have 400 numbers in all. `SearchAvailablePhoneNumbers` lists the numbers that can be ordered. |
//! | orders | An order without numbers is refused with 400. If an order names a number twice, only the first of the two is acquired. All capabilities of an ordered number are true. |
//! | work in progress | The response to a new order or a new calling name says that the work is in progress. Every later response shows the outcome. |
//! | product types | Orders and updates have the same rules: a number outside of the US must be `SipMediaApplicationDialIn`, and a toll-free number cannot be `BusinessCalling`. A change of the product type of an assigned number is refused with 400. A batch with an entry that has both a product type and a calling name is refused with 400. |
//! | calling names | The calling name of a number may be empty. Setting the same calling name again is an update like any other. The default calling name can be set to the same name again at any time. |
//! | deletion queue | A number in the deletion queue can be updated, and a meeting can dial out from it. |
//! | `AssociatePhoneNumberWithUser` | The number must be unassigned and have the product type `BusinessCalling`, and the user must have no number. Otherwise the request is refused with 400. |
//! | seeded associations | A phone number may be associated with a `UserId` but with no `AccountId`. The number then belongs to the users with this `UserId` in all accounts. If only the seeded user or only the seeded number shows the association, `AssociatePhoneNumberWithUser` adds it to the other row. In both cases, the user has this number and can get no other. |
//! | `CreateMeetingDialOut` | Every meeting is accepted. A `FromPhoneNumber` that is not in the inventory is refused with 403. |
//!
//! ## All operations
//!
//! | Subject | Assumption |
//! |---|---|
//! | requests without effect | The following requests succeed and change nothing: associating a number with the user who has it, disassociating a user without a number, deleting a number that is in the deletion queue (its `DeletionTimestamp` stays), restoring a number that is not in the deletion queue, deleting an events configuration that does not exist, adding a sign-in delegate group without a name, and a batch update without entries. |
//! | pages | Without `max-results`, a page has 100 items, or 99 if the API allows at most 99. |
//! | request bodies | A body of more than 1 MiB is refused with 413 `RequestEntityTooLargeException`. |
//! | dot segments | A path with a segment `.` or `..` names no operation. AWS SDKs sign such paths in several forms, and each form is accepted. |
//!
//! # Connections
//!
//! A connection is closed if nothing arrives on it for two minutes. If a request body stops arriving, the response
//! 408 `RequestTimeoutException` is sent first.
//!
//! At most 1,024 connections are served at the same time, unless
//! [`connection_limit`](LocalChimeBuilder::connection_limit) sets another limit. Further connections wait until one is
//! closed. While the limit is reached, every response closes its connection.

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

/// Removes the variables that would make a client use another endpoint or other credentials.
const UNSET: &str = "unset AWS_SESSION_TOKEN AWS_PROFILE AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT \
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

/// A running embedded Chime, which stops when it is dropped.
///
/// Each instance has its own accounts, credentials and thread, so tests that use one instance each cannot disturb each
/// other. An instance can be started and dropped in blocking code and in any async runtime. Dropping it closes its
/// connections and returns once its port is free.
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
    /// Starts an embedded Chime on a free port of 127.0.0.1. It accepts requests when this function returns.
    ///
    /// # Errors
    ///
    /// Returns an error if the system grants no port, no thread or no resources for the event loop.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Returns a builder for an embedded Chime with other settings.
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

    /// Starts an embedded Chime on this port of 127.0.0.1. Port 0 means any free port.
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
    /// Returns an error if the port is taken, or for the reasons of [`start`](Self::start).
    pub fn start_on(port: u16) -> io::Result<Self> {
        Self::builder().port(port).start()
    }

    /// Returns the URL to send requests to, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// Returns the region that requests must be signed for, `us-east-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        signature::REGION
    }

    /// Returns shell commands that make the AWS CLI and the AWS SDKs use this instance. The commands contain the
    /// secret access key.
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
            // boto3 and the AWS CLI read this name.
            ("AWS_DEFAULT_REGION", self.region()),
        ];
        let exports = variables.map(|(name, value)| format!("export {name}={value}\n"));
        format!("{UNSET}\n{}", exports.concat())
    }

    /// Returns the long-lived credentials that this instance accepts. They are random unless
    /// [`LocalChimeBuilder::credentials`] sets them.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.chime.keys.permanent().clone()
    }

    /// Returns credentials with a session token, which this instance also accepts. A request that is signed with them
    /// is refused if it sends another session token or none.
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

    /// Expires the temporary credentials and returns new ones. Requests with the expired credentials are refused with
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
    /// The clock is then `ahead` of this machine's clock, or behind it if `ahead` is negative. A request is refused
    /// with `error` if its signing time differs from the shifted clock by more than five minutes.
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

    /// Moves the clock of the resources forward by `time`, for example past the `DeletionTimestamp` of a phone number.
    ///
    /// Signatures are checked against another clock, so clients can still send requests. With a data directory, the
    /// clock is still ahead after a restart.
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
    /// A negative `time` is ignored, and the clock stops 30 days before [`DateTime::MAX_UTC`].
    pub fn advance(&self, time: TimeDelta) {
        let ahead = self.chime.resource_clock.advance(time);
        self.chime.state.keep_clock(ahead);
    }

    /// Adds an account of any type and returns it as `GetAccount` does.
    ///
    /// `CreateAccount` creates only [`Team`](AccountType::Team) accounts, but rooms, bots and retention settings need
    /// an Enterprise account. The name must have 1 to 100 characters, not all of them white space.
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
    /// Returns [`InvalidInput`](io::ErrorKind::InvalidInput) if the name breaks these limits or the API does not define
    /// the type.
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

    /// Adds a registered user, which no operation creates, and returns the user as `GetUser` does.
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
    /// Returns [`NotFound`](io::ErrorKind::NotFound) if the account does not exist,
    /// [`AlreadyExists`](io::ErrorKind::AlreadyExists) if the account has a user with this e-mail address, and
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if `email` is not an e-mail address.
    pub fn add_registered_user(&self, account_id: &str, email: &str) -> io::Result<User> {
        self.add(|directory, now| users::add_registered_user(directory, account_id, email, now))
    }

    /// Adds the rows of a seed, a text in the JSON Lines format.
    ///
    /// A line such as `{"User": {…}, "AccountId": "acme"}` has a kind (`User`), a row (`{…}`) and the identifiers of
    /// the row's parents. The row is a resource in the JSON form that the API uses. Responses show the row as it was
    /// seeded, including members that the API does not define. Empty lines are skipped.
    ///
    /// The row may also have the identifiers of its parents. An absent identifier is added to the row if the API has a
    /// member for it, such as `AccountId` for a user. A row without an identifier of its own gets a random one, but a
    /// phone number needs a `PhoneNumberId` or an `E164PhoneNumber`, and a membership needs the `MemberId` of its
    /// `Member`. An account without an `AwsAccountId` gets `111122223333`.
    ///
    /// | kind | parents | row |
    /// |---|---|---|
    /// | `Account` | | an account, which needs a `Name` |
    /// | `AccountSettings` | `AccountId` | all settings of an account |
    /// | `AccountRetention` | `AccountId` | the response of `GetRetentionSettings` for an Enterprise account |
    /// | `User` | `AccountId` | a user |
    /// | `UserSettings` | `AccountId`, `UserId` | all settings of a user |
    /// | `Room` | `AccountId` | a room of an Enterprise account |
    /// | `RoomMembership` | `AccountId`, `RoomId` | a membership of a room |
    /// | `Bot` | `AccountId` | a bot of an Enterprise account |
    /// | `EventsConfiguration` | `AccountId`, `BotId` | the events configuration of a bot |
    /// | `PhoneNumber` | | a phone number in the inventory, which includes the deletion queue |
    /// | `PhoneNumberOrder` | | an order whose identifier is a UUID; it adds no phone numbers |
    /// | `PhoneNumberSettings`, `GlobalSettings` | | all settings of the AWS account |
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
    /// Returns an error if `lines` cannot be read, and [`InvalidData`](io::ErrorKind::InvalidData) if a line is not as
    /// described above, if a parent does not exist, or if another row has the same identifier or e-mail address. The
    /// error has the number of the line. The lines before it have been added.
    pub fn seed(&self, lines: impl BufRead) -> io::Result<()> {
        seed::read(&self.chime, lines)
    }

    /// Injects a fault, a failure that the embedded Chime produces on request.
    pub fn inject(&self, fault: Fault) {
        self.chime.faults.add(fault);
    }

    /// Removes all injected faults.
    pub fn clear_faults(&self) {
        self.chime.faults.clear();
    }

    /// Returns the received requests, oldest first, with the status of each response.
    ///
    /// Each attempt of a call, each refused request and each request with a [`Fault`] is included. The newest 10,000
    /// requests are kept, or fewer if their URIs and bodies exceed 16 MiB.
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

    /// Returns a client for this embedded Chime.
    ///
    /// The client is the same one each time, so it belongs to one Tokio runtime. For another runtime or other settings,
    /// use [`client_builder`](Self::client_builder).
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Returns a builder for a client of this embedded Chime.
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

    /// Adds a row and returns it as a model of the client.
    fn add<T: DeserializeOwned>(
        &self,
        add: impl FnOnce(&mut Directory, DateTime<Utc>) -> Result<Document, Refusal>,
    ) -> io::Result<T> {
        let now = self.chime.resource_clock.now();
        let row = self.chime.state.act(|directory| add(directory, now)).flatten();
        let row = row.map_err(Refusal::into_io_error)?;
        // The error of serde_json would quote the row.
        serde_json::from_str(row.json())
            .map_err(|_| io::Error::other("the row does not fit the model of the client"))
    }
}

fn client_builder(endpoint_url: &str, chime: &Chime) -> ClientBuilder {
    Client::builder()
        .endpoint_url(endpoint_url)
        // The server is on this machine, even if its address is not a loopback address.
        .allow_plain_http(true)
        .region(signature::REGION)
        .credentials_provider(chime.keys.permanent().clone())
}

/// Shows the endpoint but not the credentials.
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
