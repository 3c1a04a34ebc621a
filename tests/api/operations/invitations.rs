use amazon_chime::{EmailStatus, InviteStatus, UserType};
use serde_json::{Value, json};

use super::entry::{Entry, call_with};
use crate::service::{Service, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![call_with(
        "InviteUsers",
        |client, given| client.invite_users(given.text("AccountId"), given.texts("UserEmailList")),
        |request, given| request.user_type(given.text("UserType")),
    )]
}

fn invites_json() -> Value {
    json!({ "Invites": [
        {
            "InviteId": "i-1",
            "Status": "Pending",
            "EmailAddress": "ana@example.com",
            "EmailStatus": "Sent",
        },
        { "EmailAddress": "ben@example.com", "Status": "Failed", "EmailStatus": "NotSent" },
    ] })
}

#[tokio::test]
async fn invite_users_posts_the_addresses_and_gives_the_invites() {
    let service = Service::with_json(201, invites_json()).await;
    let emails = ["ana@example.com", "ben@example.com"];
    let invites = service.client.invite_users("a-1", emails).await.unwrap();
    let request = service.client.invite_users("a-1", emails);
    request.user_type(UserType::SharedDevice).await.unwrap();

    let target = "/accounts/a-1/users?operation=add";
    let all = json!({ "UserEmailList": emails, "UserType": "SharedDevice" });
    assert_eq!(
        service.sent().await,
        [post(target, json!({ "UserEmailList": emails })), post(target, all)]
    );
    assert_eq!(invites.len(), 2);
    assert_eq!(invites[0].invite_id, Some("i-1".into()));
    assert_eq!(invites[0].status, Some(InviteStatus::Pending));
    assert_eq!(invites[0].email_address, Some("ana@example.com".into()));
    assert_eq!(invites[0].email_status, Some(EmailStatus::Sent));
    assert_eq!(invites[1].invite_id, None);
    assert_eq!(invites[1].email_status, Some(EmailStatus::NotSent));
}

#[tokio::test]
async fn the_debug_form_of_an_invite_shows_no_address() {
    let service = Service::with_json(201, invites_json()).await;
    let request = service.client.invite_users("a-1", ["ana@example.com"]);
    let requested = format!("{request:?} {request:#?}");
    let invites = request.await.unwrap();

    let shown = format!("{requested} {invites:?} {invites:#?}");
    assert!(!shown.contains("example.com"), "{shown}");
    assert!(shown.contains("i-1"), "{shown}");
}
