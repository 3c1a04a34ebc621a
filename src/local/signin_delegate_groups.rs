//! The sign-in delegate groups of accounts: their operations.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::validate;

pub(super) fn associate_signin_delegate_groups_with_account(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let groups = call.members()?.objects("SigninDelegateGroups", usize::MAX)?;
    let groups = validate::required("SigninDelegateGroups", groups)?;
    let names = groups.iter().map(|group| group.text("GroupName", validate::not_blank));
    let names: Vec<Option<&str>> = names.collect::<Result<_, _>>()?;
    let account = directory.accounts.find_mut(account_id)?;

    let mut groups = account.signin_delegate_groups().to_vec();
    // The API's model does not require a name. A group without one adds nothing.
    for name in names.into_iter().flatten() {
        if !groups.iter().any(|group| has_name(group, name)) {
            groups.push(json!({ "GroupName": name }));
        }
    }
    account.set_signin_delegate_groups(groups);
    Ok(Answer::ok(json!({})))
}

pub(super) fn disassociate_signin_delegate_groups_from_account(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let account_id = call.id("accountId")?;
    let members = call.members()?;
    let names = members.texts("GroupNames", usize::MAX, validate::anything)?;
    let names = validate::required("GroupNames", names)?;
    if names.is_empty() {
        return Err(validate::must_be("GroupNames", "a list of at least 1 item"));
    }
    let account = directory.accounts.find_mut(account_id)?;

    let mut groups = account.signin_delegate_groups().to_vec();
    groups.retain(|group| !names.iter().any(|name| has_name(group, name)));
    account.set_signin_delegate_groups(groups);
    Ok(Answer::ok(json!({})))
}

fn has_name(group: &Value, name: &str) -> bool {
    group["GroupName"] == name
}
