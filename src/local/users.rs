//! Users: their operations and their rows.

use std::borrow::Cow;
use std::iter::repeat_with;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::{self, Account};
use super::answer::{Answer, Refusal, enveloped};
use super::batch;
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::members::Members;
use super::seed::Line;
use super::table::Row;
use super::validate;

pub(super) fn create_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let display_name = members.text("Username", validate::anything)?;
    let email = members.text("Email", validate::email)?;
    let user_type = members.text("UserType", user_type)?;
    let account = directory.accounts.find(account_id)?;

    let mut user = User::new(account, email, user_type, call.now());
    user.document.set_some("DisplayName", display_name);
    let answer = Answer::created(enveloped("User", &user.document));
    directory.accounts.add_user(user)?;
    Ok(answer)
}

pub(super) fn get_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let user = directory.accounts.find(account_id)?.user(user_id)?;
    Ok(Answer::ok(enveloped("User", &user.document)))
}

pub(super) fn list_users(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let email = call.query("user-email", validate::email)?;
    let user_type = call.query("user-type", user_type)?;
    let paging = call.paging(200)?;

    let Directory { accounts, tokens, .. } = directory;
    let account = accounts.find(account_id)?;
    let listing = format!("ListUsers {:?}", (account_id, email, user_type));
    tokens.list("Users", &listing, &paging, |position| {
        let users = accounts.users_after(account, position, email);
        users.filter(move |(_, user)| {
            user_type.is_none_or(|wanted| user.kind().as_deref() == Some(wanted))
        })
    })
}

pub(super) fn update_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let members = call.members()?;
    let change = Change::read(&members)?;
    let account = directory.accounts.find_mut(account_id)?;

    let user = change.apply(account, user_id)?;
    Ok(Answer::ok(enveloped("User", &user.document)))
}

pub(super) fn batch_update_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let items = call.members()?.objects("UpdateUserRequestItems", 20)?;
    let items = validate::required("UpdateUserRequestItems", items)?;
    let changes = items.iter().map(|item| {
        let user_id = item.text("UserId", validate::not_blank)?;
        Ok((validate::required("UserId", user_id)?, Change::read(item)?))
    });
    let changes: Vec<(&str, Change)> = changes.collect::<Result<_, _>>()?;
    let account = directory.accounts.find_mut(account_id)?;

    let errors = batch::errors("UserId", changes, |user_id, change| {
        change.apply(account, user_id).map(drop)
    });
    Ok(Answer::ok(json!({ "UserErrors": errors })))
}

pub(super) fn batch_suspend_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    for_each_user(call, directory, User::suspend)
}

pub(super) fn batch_unsuspend_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    for_each_user(call, directory, User::unsuspend)
}

pub(super) fn logout_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    directory.accounts.find(account_id)?.user(user_id)?;
    Ok(Answer::no_content())
}

pub(super) fn reset_personal_pin(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let user = directory.accounts.find_mut(account_id)?.user_mut(user_id)?;
    user.document.set("PersonalPIN", random_pin());
    Ok(Answer::ok(enveloped("User", &user.document)))
}

/// Changes the users whose identifiers are in the body. The response lists the users that do not exist.
fn for_each_user(
    call: &Call,
    directory: &mut Directory,
    change: impl Fn(&mut User),
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let user_ids = members.texts("UserIdList", 50, validate::not_blank)?;
    let user_ids = validate::required("UserIdList", user_ids)?;
    let account = directory.accounts.find_mut(account_id)?;

    let entries = user_ids.into_iter().map(|user_id| (user_id, ()));
    let errors =
        batch::errors("UserId", entries, |user_id, ()| account.user_mut(user_id).map(&change));
    Ok(Answer::ok(json!({ "UserErrors": errors })))
}

/// The values that `UpdateUser` and each entry of `BatchUpdateUser` set.
struct Change {
    license: Option<&'static str>,
    user_type: Option<&'static str>,
    alexa_enabled: Option<bool>,
    alexa_room_arn: Option<String>,
}

impl Change {
    fn read(members: &Members) -> Result<Self, Refusal> {
        let alexa = members.object("AlexaForBusinessMetadata")?.unwrap_or_default();
        let alexa_room_arn = alexa.text("AlexaForBusinessRoomArn", validate::anything)?;
        Ok(Self {
            license: members.text("LicenseType", accounts::license)?,
            user_type: members.text("UserType", user_type)?,
            alexa_enabled: alexa.flag("IsAlexaForBusinessEnabled")?,
            alexa_room_arn: alexa_room_arn.map(str::to_owned),
        })
    }

    /// Changes a user, unless the account does not support the license.
    fn apply<'a>(self, account: &'a mut Account, user_id: &str) -> Result<&'a User, Refusal> {
        account.user(user_id)?;
        account.check_support(self.license)?;

        let user = account.user_mut(user_id)?;
        user.document.set_some("LicenseType", self.license);
        user.document.set_some("UserType", self.user_type);
        if self.alexa_enabled.is_some() || self.alexa_room_arn.is_some() {
            user.document.change("AlexaForBusinessMetadata", |alexa| {
                alexa.set_some("IsAlexaForBusinessEnabled", self.alexa_enabled);
                alexa.set_some("AlexaForBusinessRoomArn", self.alexa_room_arn);
            });
        }
        Ok(user)
    }
}

/// Adds a user who was invited and has registered, and returns the user in the JSON form that the API uses.
pub(super) fn add_registered_user(
    directory: &mut Directory,
    account_id: &str,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Document, Refusal> {
    let email = validate::email("PrimaryEmail", email)?;
    let account = directory.accounts.find(account_id)?;

    let mut user = User::new(account, Some(email), None, now);
    user.document.set(STATUS, REGISTERED);
    user.document.set("RegisteredOn", timestamp(now));
    user.document.set("UserInvitationStatus", "Accepted");
    let document = user.document.clone();
    directory.accounts.add_user(user)?;
    Ok(document)
}

pub(super) fn seed(directory: &mut Directory, mut line: Line) -> Result<(), Refusal> {
    line.identify("UserId")?;
    line.fill_in_parent("AccountId")?;
    directory.accounts.add_user(User::seeded(line.document))
}

#[derive(Deserialize, Serialize)]
pub(super) struct User {
    document: Document,
    /// The settings, or `None` if they were never set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) settings: Option<Document>,
    /// The registration status from before the suspension of a suspended user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    former_status: Option<String>,
}

impl User {
    /// Creates a user of an account, by default a private user. A user with an e-mail address is invited.
    pub(super) fn new(
        account: &Account,
        email: Option<&str>,
        user_type: Option<&str>,
        now: DateTime<Utc>,
    ) -> Self {
        let document = Document::new(json!({
            "UserId": Uuid::new_v4().to_string(),
            "AccountId": account.id(),
            "PrimaryEmail": email,
            "PrimaryProvisionedNumber": null,
            "DisplayName": null,
            "LicenseType": account.default_license(),
            "UserType": user_type.unwrap_or("PrivateUser"),
            "UserRegistrationStatus": UNREGISTERED,
            "UserInvitationStatus": email.map(|_| "Pending"),
            "RegisteredOn": null,
            "InvitedOn": email.map(|_| timestamp(now)),
            "AlexaForBusinessMetadata": {
                "IsAlexaForBusinessEnabled": false,
                "AlexaForBusinessRoomArn": null,
            },
            "PersonalPIN": random_pin(),
        }));
        Self { document, settings: None, former_status: None }
    }

    /// Creates a user from a seed. A suspended user with a `RegisteredOn` is registered after the suspension.
    fn seeded(document: Document) -> Self {
        let registered_on = document.text("RegisteredOn");
        let former_status = registered_on.map(|_| REGISTERED.to_owned());
        Self { document, settings: None, former_status }
    }

    pub(super) fn account_id(&self) -> Cow<'_, str> {
        self.document.text("AccountId").unwrap_or_default()
    }

    /// Returns the e-mail address. It must not change, because [`Accounts`](super::accounts::Accounts) has an index of
    /// the addresses.
    pub(super) fn email(&self) -> Option<Cow<'_, str>> {
        self.document.text("PrimaryEmail")
    }

    pub(super) fn display_name(&self) -> Option<Cow<'_, str>> {
        self.document.text("DisplayName")
    }

    /// Returns the phone number of the user in E.164 form.
    pub(super) fn phone_number(&self) -> Option<Cow<'_, str>> {
        self.document.text(PHONE_NUMBER)
    }

    pub(super) fn set_phone_number(&mut self, number: String) {
        self.document.set(PHONE_NUMBER, number);
    }

    pub(super) fn remove_phone_number(&mut self) {
        if self.phone_number().is_some() {
            self.document.set(PHONE_NUMBER, Value::Null);
        }
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.document.text(STATUS).as_deref() == Some(SUSPENDED)
    }

    /// Returns a value of the enum `UserType`.
    fn kind(&self) -> Option<Cow<'_, str>> {
        self.document.text("UserType")
    }

    fn suspend(&mut self) {
        if !self.is_suspended() {
            self.former_status = self.document.text(STATUS).map(Cow::into_owned);
            self.document.set(STATUS, SUSPENDED);
        }
    }

    fn unsuspend(&mut self) {
        if self.is_suspended() {
            let former = self.former_status.take();
            self.document.set(STATUS, former.unwrap_or_else(|| UNREGISTERED.to_owned()));
        }
    }
}

const PHONE_NUMBER: &str = "PrimaryProvisionedNumber";
const STATUS: &str = "UserRegistrationStatus";
const SUSPENDED: &str = "Suspended";
const REGISTERED: &str = "Registered";
const UNREGISTERED: &str = "Unregistered";

/// Returns a PIN for the personal meetings of a user.
fn random_pin() -> String {
    repeat_with(|| fastrand::digit(10)).take(10).collect()
}

impl Row for User {
    const NOT_FOUND: &'static str = "The user does not exist in this account.";

    fn id(&self) -> Cow<'_, str> {
        self.document.text("UserId").unwrap_or_default()
    }

    fn document(&self) -> &Document {
        &self.document
    }
}

pub(super) fn user_type(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, &["PrivateUser", "SharedDevice"])
}
