//! Giving users phone numbers of the inventory.

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
    if number.is_of_user(user_id) {
        return Ok(Answer::ok(json!({})));
    }
    number.require_free_for_user()?;
    let mut numbers = phone_numbers.after(0, call.now());
    if user.phone_number().is_some() || numbers.any(|(_, number)| number.is_of_user(user_id)) {
        return Err(Refusal::bad_request("The user has a phone number."));
    }
    drop(numbers);

    let number = phone_numbers.find_mut(digits, call.now())?;
    number.associate(account_id, user_id, call.now());
    user.set_phone_number(Some(number.e164()));
    Ok(Answer::ok(json!({})))
}

pub(super) fn disassociate_phone_number_from_user(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let (account_id, user_id) = (call.any_id("accountId"), call.any_id("userId"));
    let user = directory.accounts.find_mut(account_id)?.user_mut(user_id)?;

    user.set_phone_number(None);
    directory.phone_numbers.disassociate(|number| number.is_of_user(user_id), call.now());
    Ok(Answer::ok(json!({})))
}
