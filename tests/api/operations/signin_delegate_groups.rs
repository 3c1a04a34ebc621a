use amazon_chime::SigninDelegateGroup;
use serde_json::{Value, from_value, json};

use super::entry::{Entry, call};
use super::sample::Given;
use crate::service::{Service, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("AssociateSigninDelegateGroupsWithAccount", |client, given| {
            let groups = given.parts("SigninDelegateGroups").into_iter().map(group);
            client.associate_signin_delegate_groups_with_account(given.text("AccountId"), groups)
        }),
        call("DisassociateSigninDelegateGroupsFromAccount", |client, given| {
            let names = given.texts("GroupNames");
            client.disassociate_signin_delegate_groups_from_account(given.text("AccountId"), names)
        }),
    ]
}

/// Creates a group from its JSON. The name is optional in the model of a group.
fn group(given: Given) -> SigninDelegateGroup {
    from_value(Value::Object(given.0)).unwrap()
}

#[tokio::test]
async fn groups_are_added_by_name_or_from_the_model() {
    let service = Service::with_json(200, json!({})).await;
    let client = &service.client;
    let group = SigninDelegateGroup::from("admins");
    client.associate_signin_delegate_groups_with_account("a-1", ["admins"]).await.unwrap();
    client.associate_signin_delegate_groups_with_account("a-1", [group]).await.unwrap();
    let name = "admins".to_owned();
    client.associate_signin_delegate_groups_with_account("a-1", [&name]).await.unwrap();

    let sent = || {
        let body = json!({ "SigninDelegateGroups": [{ "GroupName": "admins" }] });
        post("/accounts/a-1?operation=associate-signin-delegate-groups", body)
    };
    assert_eq!(service.sent().await, [sent(), sent(), sent()]);
}

#[tokio::test]
async fn groups_are_removed_by_name() {
    let service = Service::with_json(200, json!({})).await;
    let names = ["admins", "assistants"];
    service.client.disassociate_signin_delegate_groups_from_account("a-1", names).await.unwrap();

    let target = "/accounts/a-1?operation=disassociate-signin-delegate-groups";
    assert_eq!(service.sent().await, [post(target, json!({ "GroupNames": names }))]);
}
