use amazon_chime::{
    BotId, ErrorCode, MemberType, MembershipItem, RoomMembershipRole, Sensitive, UserId,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with, call_with_items, list_with};
use super::sample::Given;
use crate::service::{Service, bodyless, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call_with_items(
            "BatchCreateRoomMembership",
            |client, given| {
                let items = given.parts("MembershipItemList");
                let (account_id, room_id) = (given.text("AccountId"), given.text("RoomId"));
                client.batch_create_room_membership(account_id, room_id, items.iter().map(item))
            },
            |client, given| {
                let items = given.parts("MembershipItemList");
                let items = items.iter().map(|given| item(given).role(given.text("Role")));
                let (account_id, room_id) = (given.text("AccountId"), given.text("RoomId"));
                client.batch_create_room_membership(account_id, room_id, items)
            },
        ),
        call_with(
            "CreateRoomMembership",
            |client, given| {
                client.create_room_membership(
                    given.text("AccountId"),
                    given.text("RoomId"),
                    given.text("MemberId"),
                )
            },
            |request, given| request.role(given.text("Role")),
        ),
        call("DeleteRoomMembership", |client, given| {
            client.delete_room_membership(
                given.text("AccountId"),
                given.text("RoomId"),
                given.text("MemberId"),
            )
        }),
        list_with(
            "ListRoomMemberships",
            |client, given| {
                client.list_room_memberships(given.text("AccountId"), given.text("RoomId"))
            },
            |request, _| request,
        ),
        call_with(
            "UpdateRoomMembership",
            |client, given| {
                client.update_room_membership(
                    given.text("AccountId"),
                    given.text("RoomId"),
                    given.text("MemberId"),
                )
            },
            |request, given| request.role(given.text("Role")),
        ),
    ]
}

fn item(given: &Given) -> MembershipItem {
    MembershipItem::new(given.text("MemberId"))
}

fn membership_json() -> Value {
    json!({
        "RoomId": "r-1",
        "Member": {
            "MemberId": "u-1",
            "MemberType": "User",
            "Email": "ana@example.com",
            "FullName": "Ana Secret",
            "AccountId": "a-1",
        },
        "Role": "Administrator",
        "InvitedBy": "arn:aws:iam::111122223333:user/ben",
        "UpdatedTimestamp": "2019-12-02T22:36:41.969Z",
    })
}

async fn membership_service(status: u16) -> Service {
    Service::with_json(status, json!({ "RoomMembership": membership_json() })).await
}

#[tokio::test]
async fn create_room_membership_posts_the_member_and_gives_the_membership() {
    let service = membership_service(201).await;
    let create = |id: &str| service.client.create_room_membership("a-1", "r-1", id);
    let membership = create("u-1").await.unwrap();
    create("u-1").role(RoomMembershipRole::Administrator).await.unwrap();

    let target = "/accounts/a-1/rooms/r-1/memberships";
    let all = json!({ "MemberId": "u-1", "Role": "Administrator" });
    assert_eq!(
        service.sent().await,
        [post(target, json!({ "MemberId": "u-1" })), post(target, all)]
    );
    assert_eq!(membership.room_id, Some("r-1".into()));
    assert_eq!(membership.role, Some(RoomMembershipRole::Administrator));
    assert_eq!(membership.invited_by.as_deref(), Some("arn:aws:iam::111122223333:user/ben"));
    let updated = membership.updated_timestamp.unwrap();
    assert_eq!(updated.to_rfc3339(), "2019-12-02T22:36:41.969+00:00");
    let member = membership.member;
    assert_eq!(member.member_id, "u-1");
    assert_eq!(member.member_type, Some(MemberType::User));
    assert_eq!(member.email, Some("ana@example.com".into()));
    assert_eq!(member.full_name, Some("Ana Secret".into()));
    assert_eq!(member.account_id, Some("a-1".into()));
}

#[tokio::test]
async fn users_and_bots_are_members() {
    // The service responds with the member in the request.
    let service = Service::responding(|request| {
        let member_id = match request.body_json::<Value>() {
            Ok(body) if body["MemberId"].is_string() => body["MemberId"].clone(),
            _ => json!(request.url.path_segments().unwrap().next_back()),
        };
        let membership = json!({ "Member": { "MemberId": member_id } });
        ResponseTemplate::new(200).set_body_json(json!({ "RoomMembership": membership }))
    })
    .await;
    let client = &service.client;
    let (user, bot) = (UserId::from("u-1"), BotId::from("b-1"));
    client.create_room_membership("a", "r", &user).await.unwrap();
    client.create_room_membership("a", "r", &bot).await.unwrap();
    client.update_room_membership("a", "r", user.clone()).await.unwrap();
    client.delete_room_membership("a", "r", bot.clone()).await.unwrap();
    let items = [MembershipItem::new(&user), MembershipItem::new(bot)];
    assert_eq!(items.map(|item| String::from(item.member_id)), ["u-1", "b-1"]);

    let target = "/accounts/a/rooms/r/memberships";
    assert_eq!(
        service.sent().await,
        [
            post(target, json!({ "MemberId": "u-1" })),
            post(target, json!({ "MemberId": "b-1" })),
            post(&format!("{target}/u-1"), json!({})),
            bodyless("DELETE", &format!("{target}/b-1")),
        ]
    );
}

#[tokio::test]
async fn batch_create_room_membership_posts_the_items_and_gives_the_errors() {
    let answer = json!({ "Errors": [
        { "MemberId": "u-2", "ErrorCode": "NotFound", "ErrorMessage": "No such user." },
        { "ErrorCode": "BrandNew" },
    ] });
    let service = Service::with_json(201, answer).await;
    let items =
        [MembershipItem::new("u-1"), MembershipItem::new("u-2").role(RoomMembershipRole::Member)];
    let errors = service.client.batch_create_room_membership("a-1", "r-1", items).await.unwrap();

    let target = "/accounts/a-1/rooms/r-1/memberships?operation=batch-create";
    let items = json!([{ "MemberId": "u-1" }, { "MemberId": "u-2", "Role": "Member" }]);
    assert_eq!(service.sent().await, [post(target, json!({ "MembershipItemList": items }))]);
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].member_id, Some("u-2".into()));
    assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
    assert_eq!(errors[0].error_message.as_ref().map(Sensitive::expose), Some("No such user."));
    assert_eq!(errors[1].member_id, None);
    assert_eq!(errors[1].error_code, Some("BrandNew".into()));
}

#[tokio::test]
async fn list_room_memberships_gives_a_page() {
    let answer = json!({ "RoomMemberships": [membership_json()], "NextToken": "t/2" });
    let service = Service::with_json(200, answer).await;
    let request = service.client.list_room_memberships("a-1", "r-1");
    let page = request.next_token("t 1").max_results(2).await.unwrap();

    let target = "/accounts/a-1/rooms/r-1/memberships?max-results=2&next-token=t%201";
    assert_eq!(service.sent().await, [bodyless("GET", target)]);
    assert_eq!(page.items[0].member.member_id, "u-1");
    assert_eq!(page.next_token.as_deref(), Some("t/2"));
}

#[tokio::test]
async fn update_room_membership_posts_only_what_is_set() {
    let service = membership_service(200).await;
    let request = || service.client.update_room_membership("a-1", "r-1", "u-1");
    let membership = request().await.unwrap();
    request().role(RoomMembershipRole::Member).await.unwrap();

    let target = "/accounts/a-1/rooms/r-1/memberships/u-1";
    assert_eq!(
        service.sent().await,
        [post(target, json!({})), post(target, json!({ "Role": "Member" }))]
    );
    assert_eq!(membership.member.member_id, "u-1");
}

#[tokio::test]
async fn delete_room_membership_sends_and_receives_no_body() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    service.client.delete_room_membership("a-1", "r-1", "u-1").await.unwrap();

    let target = "/accounts/a-1/rooms/r-1/memberships/u-1";
    assert_eq!(service.sent().await, [bodyless("DELETE", target)]);
}

#[tokio::test]
async fn the_debug_form_of_a_membership_shows_neither_name_nor_address() {
    let service = membership_service(200).await;
    let membership = service.client.update_room_membership("a-1", "r-1", "u-1").await.unwrap();
    let shown = format!("{membership:?} {membership:#?}");
    assert!(!shown.contains("example.com") && !shown.contains("Secret"), "{shown}");
    assert!(shown.contains("u-1"), "{shown}");
}
