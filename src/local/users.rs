//! Users: their operations, and what the embedded Chime stores of each.

use std::iter::repeat_with;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts::{self, Account};
use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
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
    user.display_name = display_name.map(str::to_owned);
    user.kind = user_type.unwrap_or(user.kind);
    let answer = json!({ "User": shape(&user) });
    directory.accounts.add_user(user)?;
    Ok(Answer::created(answer))
}

pub(super) fn get_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let user = directory.accounts.find(account_id)?.user(user_id)?;
    Ok(Answer::ok(json!({ "User": shape(user) })))
}

pub(super) fn list_users(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let email = call.query("user-email", validate::email)?;
    let user_type = call.query("user-type", user_type)?;
    let paging = call.paging(200)?;

    let Directory { accounts, tokens } = directory;
    let account = accounts.find(account_id)?;
    let listing = format!("ListUsers {:?}", (account_id, email, user_type));
    let (page, next_token) = tokens.page(&listing, &paging, |position| {
        let users = accounts.users_after(account, position, email);
        users.filter(move |(_, user)| user_type.is_none_or(|user_type| user.kind == user_type))
    })?;
    let page: Vec<Value> = page.into_iter().map(shape).collect();
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
    let user = directory.accounts.find_mut(account_id)?.user_mut(user_id)?;
    accounts::check_support(license)?;

    user.license = license.unwrap_or(user.license);
    user.kind = user_type.unwrap_or(user.kind);
    user.alexa_enabled = alexa_enabled.unwrap_or(user.alexa_enabled);
    if let Some(arn) = alexa_room_arn {
        user.alexa_room_arn = Some(arn.to_owned());
    }
    Ok(Answer::ok(json!({ "User": shape(user) })))
}

pub(super) fn batch_suspend_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    for_each_user(call, directory, |user| user.suspended = true)
}

pub(super) fn batch_unsuspend_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    for_each_user(call, directory, |user| user.suspended = false)
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
    pub(super) account_id: String,
    pub(super) suspended: bool,
    id: String,
    /// Never changes: [`Accounts`](super::accounts::Accounts) has an index of the addresses.
    email: Option<String>,
    display_name: Option<String>,
    license: &'static str,
    /// A value of the enum `UserType`.
    kind: &'static str,
    /// A value of the enum `RegistrationStatus`. It does not show while the user is suspended.
    registration: &'static str,
    invited_at: Option<DateTime<Utc>>,
    alexa_enabled: bool,
    alexa_room_arn: Option<String>,
    personal_pin: String,
}

impl User {
    /// A new private user of an account. One with an e-mail address is invited.
    pub(super) fn new(account: &Account, email: Option<&str>, now: DateTime<Utc>) -> Self {
        Self {
            account_id: account.id.clone(),
            suspended: false,
            id: Uuid::new_v4().to_string(),
            email: email.map(str::to_owned),
            display_name: None,
            license: account.default_license,
            kind: "PrivateUser",
            registration: "Unregistered",
            invited_at: email.map(|_| now),
            alexa_enabled: false,
            alexa_room_arn: None,
            personal_pin: repeat_with(|| fastrand::digit(10)).take(10).collect(),
        }
    }

    pub(super) fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

impl Row for User {
    const NOT_FOUND: &'static str = "The user does not exist in this account.";

    fn id(&self) -> &str {
        &self.id
    }
}

/// A value of the enum `UserType`.
fn user_type(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, &["PrivateUser", "SharedDevice"])
}

/// The user as the service answers it.
fn shape(user: &User) -> Value {
    let invited_at = user.invited_at;
    json!({
        "UserId": user.id,
        "AccountId": user.account_id,
        "PrimaryEmail": user.email,
        "PrimaryProvisionedNumber": null,
        "DisplayName": user.display_name,
        "LicenseType": user.license,
        "UserType": user.kind,
        "UserRegistrationStatus": if user.suspended { "Suspended" } else { user.registration },
        "UserInvitationStatus": invited_at.map(|_| "Pending"),
        "RegisteredOn": null,
        "InvitedOn": invited_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        "AlexaForBusinessMetadata": {
            "IsAlexaForBusinessEnabled": user.alexa_enabled,
            "AlexaForBusinessRoomArn": user.alexa_room_arn,
        },
        "PersonalPIN": user.personal_pin,
    })
}
