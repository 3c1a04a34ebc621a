//! Invitations of users: their operation.

use serde_json::json;
use uuid::Uuid;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::users::{User, user_type};
use super::validate;

pub(super) fn invite_users(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let emails = members.texts("UserEmailList", 50, validate::email)?;
    let emails = validate::required("UserEmailList", emails)?;
    let user_type = members.text("UserType", user_type)?;
    let accounts = &mut directory.accounts;
    accounts.find(account_id)?.require_team()?;

    let mut invites = Vec::new();
    for email in emails {
        let user = User::new(accounts.find(account_id)?, Some(email), user_type, call.now());
        // An existing user with this address is not invited again.
        let is_new = accounts.add_user(user).is_ok();
        invites.push(json!({
            "InviteId": Uuid::new_v4().to_string(),
            "Status": "Pending",
            "EmailAddress": email,
            "EmailStatus": if is_new { "Sent" } else { "NotSent" },
        }));
    }
    Ok(Answer::created(json!({ "Invites": invites })))
}
