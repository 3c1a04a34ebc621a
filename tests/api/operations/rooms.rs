use amazon_chime::{BotId, MemberId, UserId};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with, list_with};
use super::stage::Stage;
use crate::service::{Service, bodyless, post};
use crate::support::answer;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call_with(
            "CreateRoom",
            |client, given| client.create_room(given.text("AccountId"), given.text("Name")),
            |request, given| request.client_request_token(given.text("ClientRequestToken")),
        ),
        call("DeleteRoom", |client, given| {
            client.delete_room(given.text("AccountId"), given.text("RoomId"))
        }),
        call("GetRoom", |client, given| {
            client.get_room(given.text("AccountId"), given.text("RoomId"))
        }),
        list_with(
            "ListRooms",
            |client, given| client.list_rooms(given.text("AccountId")),
            |request, given| request.member_id(given.text("MemberId")),
        ),
        call_with(
            "UpdateRoom",
            |client, given| client.update_room(given.text("AccountId"), given.text("RoomId")),
            |request, given| request.name(given.text("Name")),
        ),
    ]
}

fn room_json() -> Value {
    json!({
        "RoomId": "r-1",
        "Name": "Planning",
        "AccountId": "a-1",
        "CreatedBy": "arn:aws:iam::111122223333:user/ana",
        "CreatedTimestamp": "2019-12-02T22:29:31.549Z",
        "UpdatedTimestamp": "2019-12-03T22:29:31Z",
    })
}

async fn room_service(status: u16) -> Service {
    Service::with_json(status, json!({ "Room": room_json() })).await
}

#[tokio::test]
async fn create_room_posts_the_name_and_the_token_and_gives_the_room() {
    let service = room_service(201).await;
    let request = service.client.create_room("a-1", "Planning");
    let room = request.client_request_token("token-1").await.unwrap();

    let body = json!({ "Name": "Planning", "ClientRequestToken": "token-1" });
    assert_eq!(service.sent().await, [post("/accounts/a-1/rooms", body)]);
    assert_eq!(room.room_id, "r-1");
    assert_eq!(room.name, Some("Planning".into()));
    assert_eq!(room.account_id, Some("a-1".into()));
    assert_eq!(room.created_by.as_deref(), Some("arn:aws:iam::111122223333:user/ana"));
    let created = room.created_timestamp.unwrap();
    assert_eq!(created.to_rfc3339(), "2019-12-02T22:29:31.549+00:00");
    assert_eq!(room.updated_timestamp.unwrap().to_rfc3339(), "2019-12-03T22:29:31+00:00");
}

#[tokio::test]
async fn create_room_generates_one_token_per_call_and_keeps_it_in_retries() {
    let stage = Stage::new().await;
    let created = || answer(201, &json!({ "Room": room_json() }).to_string());
    let request = stage.client.create_room("a-1", "Planning");
    let mut tokens = Vec::new();
    for _ in 0..2 {
        stage.will_answer([answer(500, ""), created()]);
        request.clone().await.unwrap();
        let sent = stage.requests().into_iter().map(|request| {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            body["ClientRequestToken"].as_str().unwrap().to_owned()
        });
        let sent: Vec<_> = sent.collect();
        assert_eq!((sent.len(), &sent[0]), (2, &sent[1]));
        tokens.extend(sent);
    }
    assert_ne!(tokens[0], tokens[2]);
    assert!(tokens.iter().all(|token| (2..=64).contains(&token.len())), "{tokens:?}");
}

#[tokio::test]
async fn rooms_are_read_and_deleted_by_both_ids() {
    let service = room_service(200).await;
    let room = service.client.get_room("a-1", "r-1").await.unwrap();
    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/rooms/r-1")]);
    assert_eq!(room.room_id, "r-1");

    let service = Service::answering(ResponseTemplate::new(204)).await;
    service.client.delete_room(room.account_id.unwrap(), room.room_id).await.unwrap();
    assert_eq!(service.sent().await, [bodyless("DELETE", "/accounts/a-1/rooms/r-1")]);
}

#[tokio::test]
async fn list_rooms_lists_all_rooms_or_the_rooms_of_one_member() {
    let service = Service::with_json(200, json!({ "Rooms": [room_json()] })).await;
    let list = || service.client.list_rooms("a-1");
    let page = list().await.unwrap();
    list().member_id("m 1").await.unwrap();
    list().member_id(MemberId::from("m-2")).await.unwrap();
    list().member_id(UserId::from("u-1")).await.unwrap();
    list().member_id(BotId::from("b-1")).max_results(99).next_token("t").await.unwrap();

    let targets = [
        "/accounts/a-1/rooms",
        "/accounts/a-1/rooms?member-id=m%201",
        "/accounts/a-1/rooms?member-id=m-2",
        "/accounts/a-1/rooms?member-id=u-1",
        "/accounts/a-1/rooms?member-id=b-1&max-results=99&next-token=t",
    ];
    assert_eq!(service.sent().await, targets.map(|target| bodyless("GET", target)));
    assert_eq!(page.items[0].room_id, "r-1");
    assert_eq!(page.next_token, None);
}

#[tokio::test]
async fn update_room_posts_only_what_is_set() {
    let service = room_service(200).await;
    let request = || service.client.update_room("a-1", "r-1");
    let room = request().await.unwrap();
    request().name("Planning").await.unwrap();

    let target = "/accounts/a-1/rooms/r-1";
    assert_eq!(
        service.sent().await,
        [post(target, json!({})), post(target, json!({ "Name": "Planning" }))]
    );
    assert_eq!(room.room_id, "r-1");
}

#[tokio::test]
async fn the_debug_form_of_a_room_shows_no_name_and_no_token() {
    let service = room_service(201).await;
    let request = service.client.create_room("a-1", "Planning").client_request_token("token-1");
    let requested = format!("{request:?} {request:#?}");
    let room = request.await.unwrap();

    let shown = format!("{requested} {room:?} {room:#?}");
    assert!(!shown.contains("Planning") && !shown.contains("token-1"), "{shown}");
    assert!(shown.contains("r-1"), "{shown}");
}
