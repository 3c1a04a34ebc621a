//! Users: their operations, and what the embedded Chime stores of each.

use std::iter::repeat_with;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::accounts::{self, Account};
use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, timestamp};
use super::table::Row;
use super::validate;

pub(super) fn create_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let display_name = members.text("Username", validate::anything)?;
    let email = members.text("Email", validate::email)?;
    let user_type = members.text("UserType", user_type)?;
    let account = directory.accounts.find(account_id)?;

    let mut user = User::new(account, email, call.now());
    user.document.set_some("DisplayName", display_name);
    user.document.set_some("UserType", user_type);
    let answer = json!({ "User": user.document });
    directory.accounts.add_user(user)?;
    Ok(Answer::created(answer))
}

pub(super) fn get_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let user = directory.accounts.find(account_id)?.user(user_id)?;
    Ok(Answer::ok(json!({ "User": user.document })))
}

pub(super) fn list_users(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let email = call.query("user-email", validate::email)?;
    let user_type = call.query("user-type", user_type)?;
    let paging = call.paging(200)?;

    let Directory { accounts, tokens, .. } = directory;
    let account = accounts.find(account_id)?;
    let listing = format!("ListUsers {:?}", (account_id, email, user_type));
    let (page, next_token) = tokens.page(&listing, &paging, |position| {
        let users = accounts.users_after(account, position, email);
        users.filter(move |(_, user)| user_type.is_none_or(|wanted| user.kind() == Some(wanted)))
    })?;
    let page: Vec<_> = page.into_iter().map(|user| &user.document).collect();
    Ok(Answer::ok(json!({ "Users": page, "NextToken": next_token })))
}

pub(super) fn update_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let members = call.members()?;
    let license = members.text("LicenseType", accounts::license)?;
    let user_type = members.text("UserType", user_type)?;
    let alexa = members.object("AlexaForBusinessMetadata")?.unwrap_or_default();
    let alexa_enabled = alexa.flag("IsAlexaForBusinessEnabled")?;
    let alexa_room_arn = alexa.text("AlexaForBusinessRoomArn", validate::anything)?;
    let account = directory.accounts.find_mut(account_id)?;
    account.user(user_id)?;
    account.check_support(license)?;

    let user = account.user_mut(user_id)?;
    user.document.set_some("LicenseType", license);
    user.document.set_some("UserType", user_type);
    let mut alexa = Document::new(user.document.member("AlexaForBusinessMetadata").clone());
    alexa.set_some("IsAlexaForBusinessEnabled", alexa_enabled);
    alexa.set_some("AlexaForBusinessRoomArn", alexa_room_arn);
    user.document.set("AlexaForBusinessMetadata", alexa);
    Ok(Answer::ok(json!({ "User": user.document })))
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

/// Changes the users whose identifiers are in the body. The answer lists those that do not exist.
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

    let mut errors = Vec::new();
    for user_id in user_ids {
        match account.user_mut(user_id) {
            Ok(user) => change(user),
            Err(_) => errors.push(json!({
                "UserId": user_id,
                "ErrorCode": "NotFound",
                "ErrorMessage": User::NOT_FOUND,
            })),
        }
    }
    Ok(Answer::ok(json!({ "UserErrors": errors })))
}

pub(super) struct User {
    document: Document,
    /// The registration status that a suspended user had before, and has again afterwards.
    former_status: Option<String>,
}

impl User {
    /// A new private user of an account. One with an e-mail address is invited.
    pub(super) fn new(account: &Account, email: Option<&str>, now: DateTime<Utc>) -> Self {
        let document = Document::new(json!({
            "UserId": Uuid::new_v4().to_string(),
            "AccountId": account.id(),
            "PrimaryEmail": email,
            "PrimaryProvisionedNumber": null,
            "DisplayName": null,
            "LicenseType": account.default_license(),
            "UserType": "PrivateUser",
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
        Self { document, former_status: None }
    }

    pub(super) fn account_id(&self) -> &str {
        self.document.text("AccountId").unwrap_or_default()
    }

    /// The e-mail address. It never changes, since [`Accounts`](super::accounts::Accounts) has an index of it.
    pub(super) fn email(&self) -> Option<&str> {
        self.document.text("PrimaryEmail")
    }

    /// The phone number that the user has, in E.164 form.
    pub(super) fn phone_number(&self) -> Option<&str> {
        self.document.text(PHONE_NUMBER)
    }

    pub(super) fn set_phone_number(&mut self, number: Option<String>) {
        self.document.set(PHONE_NUMBER, number);
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.document.text(STATUS) == Some(SUSPENDED)
    }

    /// A value of the enum `UserType`.
    fn kind(&self) -> Option<&str> {
        self.document.text("UserType")
    }

    fn suspend(&mut self) {
        if !self.is_suspended() {
            self.former_status = self.document.text(STATUS).map(str::to_owned);
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
const UNREGISTERED: &str = "Unregistered";

/// The PIN of a user's personal meetings.
fn random_pin() -> String {
    repeat_with(|| fastrand::digit(10)).take(10).collect()
}

impl Row for User {
    const NOT_FOUND: &'static str = "The user does not exist in this account.";

    fn id(&self) -> &str {
        self.document.text("UserId").unwrap_or_default()
    }
}

/// A value of the enum `UserType`.
fn user_type(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, &["PrivateUser", "SharedDevice"])
}
