//! The sign-in delegate groups of accounts: their operations.

use std::collections::HashSet;

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

    let former = account.signin_delegate_groups();
    let mut groups = former.clone();
    let mut known: HashSet<&str> = former.iter().filter_map(name_of).collect();
    // The API's model does not require a name. A group without a name adds nothing.
    for name in names.into_iter().flatten() {
        if known.insert(name) {
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
    let names = validate::not_empty("GroupNames", names)?;
    let names: HashSet<&str> = names.into_iter().collect();
    let account = directory.accounts.find_mut(account_id)?;

    let mut groups = account.signin_delegate_groups();
    groups.retain(|group| name_of(group).is_none_or(|name| !names.contains(name)));
    account.set_signin_delegate_groups(groups);
    Ok(Answer::ok(json!({})))
}

fn name_of(group: &Value) -> Option<&str> {
    group["GroupName"].as_str()
}
