//! Associations of phone numbers with users: the operations.

use serde_json::json;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::validate;

pub(super) fn associate_phone_number_with_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.any_id("accountId"), call.any_id("userId"));
    let members = call.members()?;
    let digits = members.text("E164PhoneNumber", validate::e164)?;
    let digits = validate::required("E164PhoneNumber", digits)?;
    let Directory { accounts, phone_numbers, .. } = directory;
    let user = accounts.find_mut(account_id)?.user_mut(user_id)?;
    let number = phone_numbers.find(digits, call.now())?;
    let e164 = number.e164();
    if !number.is_of_user(account_id, user_id) {
        number.require_free_for_user()?;
        let has_other = user.phone_number().is_some_and(|other| other != e164);
        if has_other || phone_numbers.of_user(account_id, user_id, call.now()).next().is_some() {
            return Err(Refusal::bad_request("The user has a phone number."));
        }
        phone_numbers.associate(digits, account_id, user_id, call.now())?;
    }
    // In a seed, the row of the number can have an association that the row of the user does not show.
    if user.phone_number().is_none() {
        user.set_phone_number(e164);
    }
    Ok(Answer::ok(json!({})))
}

pub(super) fn disassociate_phone_number_from_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.any_id("accountId"), call.any_id("userId"));
    let user = directory.accounts.find_mut(account_id)?.user_mut(user_id)?;

    user.remove_phone_number();
    directory.phone_numbers.disassociate_user(account_id, user_id, call.now());
    Ok(Answer::ok(json!({})))
}
