//! The operations on the users of an account.

use std::iter::repeat_with;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::accounts;
use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::{Directory, User};
use super::validate;

pub(super) fn create_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let display_name = members.text("Username", validate::anything)?;
    let email = members.text("Email", validate::email)?;
    let user_type = members.text("UserType", validate::user_type)?;
    let account = directory.account_mut(account_id)?;
    if email.is_some_and(|email| account.has_email(email)) {
        let message = "The account has a user with this e-mail address.";
        return Err(Refusal::conflict(message));
    }

    let user = User {
        id: Uuid::new_v4().to_string(),
        account_id: account.id.clone(),
        email: email.map(str::to_owned),
        display_name: display_name.map(str::to_owned),
        license: account.default_license,
        kind: user_type.unwrap_or("PrivateUser"),
        registration: "Unregistered",
        suspended: false,
        invited_at: email.map(|_| call.now()),
        alexa_enabled: false,
        alexa_room_arn: None,
        personal_pin: repeat_with(|| fastrand::digit(10)).take(10).collect(),
    };
    let answer = json!({ "User": shape(&user) });
    account.users.insert(user.id.clone(), user);
    Ok(Answer::created(answer))
}

pub(super) fn get_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let user = directory.account(account_id)?.user(user_id)?;
    Ok(Answer::ok(json!({ "User": shape(user) })))
}

pub(super) fn list_users(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let email = call.query("user-email", validate::email)?;
    let user_type = call.query("user-type", validate::user_type)?;
    let paging = call.paging(200)?;
    directory.account(account_id)?;

    let Directory { accounts, tokens } = directory;
    let users = accounts.get(account_id).into_iter();
    let users = users.flat_map(|account| account.users.iter());
    let wanted = users.filter(|(_, user)| {
        email.is_none_or(|email| user.has_email(email))
            && user_type.is_none_or(|user_type| user.kind == user_type)
    });
    let listing = format!("ListUsers {:?}", (account_id, email, user_type));
    let (page, next_token) = tokens.page(listing, &paging, wanted)?;
    let page: Vec<Value> = page.into_iter().map(shape).collect();
    Ok(Answer::ok(json!({ "Users": page, "NextToken": next_token })))
}

pub(super) fn update_user(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.id("accountId")?, call.id("userId")?);
    let members = call.members()?;
    let license = members.text("LicenseType", validate::license)?;
    let user_type = members.text("UserType", validate::user_type)?;
    let alexa = members.object("AlexaForBusinessMetadata")?.unwrap_or_default();
    let alexa_enabled = alexa.flag("IsAlexaForBusinessEnabled")?;
    let alexa_room_arn = alexa.text("AlexaForBusinessRoomArn", validate::anything)?;
    let user = directory.account_mut(account_id)?.user_mut(user_id)?;
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

/// Changes the users that the body lists, and answers which of them do not exist.
fn for_each_user(
    call: &Call,
    directory: &mut Directory,
    change: impl Fn(&mut User),
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let user_ids = members.texts("UserIdList", 50, validate::not_blank)?;
    let user_ids = validate::required("UserIdList", user_ids)?;
    let account = directory.account_mut(account_id)?;

    let mut errors = Vec::new();
    for user_id in user_ids {
        match account.users.get_mut(user_id) {
            Some(user) => change(user),
            None => errors.push(json!({
                "UserId": user_id,
                "ErrorCode": "NotFound",
                "ErrorMessage": "The user does not exist in this account.",
            })),
        }
    }
    Ok(Answer::ok(json!({ "UserErrors": errors })))
}

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
