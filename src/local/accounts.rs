//! The operations on accounts.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::{Account, Directory, Table};
use super::validate;

pub(super) fn create_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let name = members.text("Name", validate::account_name)?;
    let name = validate::required("Name", name)?;

    let account = Account {
        id: Uuid::new_v4().to_string(),
        name: name.to_owned(),
        default_license: "Pro",
        created_at: call.now(),
        users: Table::default(),
    };
    let answer = json!({ "Account": shape(&account) });
    directory.accounts.insert(account.id.clone(), account);
    Ok(Answer::created(answer))
}

pub(super) fn get_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let account = directory.account(call.id("accountId")?)?;
    Ok(Answer::ok(json!({ "Account": shape(account) })))
}

pub(super) fn list_accounts(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let name = call.query("name", validate::account_name)?;
    let email = call.query("user-email", validate::email)?;
    let paging = call.paging(200)?;

    let Directory { accounts, tokens } = directory;
    let wanted = accounts.iter().filter(|(_, account)| {
        name.is_none_or(|prefix| account.name.starts_with(prefix))
            && email.is_none_or(|email| account.has_email(email))
    });
    let listing = format!("ListAccounts {:?}", (name, email));
    let (page, next_token) = tokens.page(listing, &paging, wanted)?;
    let page: Vec<Value> = page.into_iter().map(shape).collect();
    Ok(Answer::ok(json!({ "Accounts": page, "NextToken": next_token })))
}

pub(super) fn update_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let id = call.id("accountId")?;
    let members = call.members()?;
    let name = members.text("Name", validate::account_name)?;
    let license = members.text("DefaultLicense", validate::license)?;
    let account = directory.account_mut(id)?;
    check_support(license)?;

    if let Some(name) = name {
        name.clone_into(&mut account.name);
    }
    account.default_license = license.unwrap_or(account.default_license);
    Ok(Answer::ok(json!({ "Account": shape(account) })))
}

pub(super) fn delete_account(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let id = call.id("accountId")?;
    let users = &directory.account(id)?.users;
    if users.iter().any(|(_, user)| !user.suspended) {
        let message = "The account has users that are not suspended.";
        return Err(Refusal::unprocessable(message));
    }
    directory.accounts.remove(id);
    Ok(Answer::no_content())
}

const SUPPORTED_LICENSES: [&str; 2] = ["Basic", "Pro"];

/// Refuses a license that accounts of this kind cannot give to their users.
pub(super) fn check_support(license: Option<&str>) -> Result<(), Refusal> {
    if license.is_none_or(|license| SUPPORTED_LICENSES.contains(&license)) {
        Ok(())
    } else {
        let message = "The account does not support this license.";
        Err(Refusal::bad_request(message))
    }
}

/// As the service answers, with the members that its model does not mention.
fn shape(account: &Account) -> Value {
    let created_at = account.created_at;
    json!({
        "AccountId": account.id,
        "AccountStatus": "Active",
        "AccountType": "Team",
        "Admins": null,
        "AwsAccountId": "111122223333",
        "BillingType": "SeatBilling",
        "CreatedTimestamp": created_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "DefaultLicense": account.default_license,
        "DelegationStatus": "NoDelegation",
        "DirectoryId": null,
        "Domains": null,
        "Groups": [],
        "Name": account.name,
        "Owner": null,
        "SigninDelegateGroups": null,
        "SupportedLicenses": SUPPORTED_LICENSES,
        "UseProTrialLicense": false,
    })
}
