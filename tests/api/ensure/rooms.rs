//! Rooms, which are recognised by their client request tokens.

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{AccountType, Client, Ensured, Room};
use serde_json::json;

use super::{bodies, breaks, hasty_client, json_answer, lines, losses, lost};
use crate::support::{Action, Server};

fn start() -> (LocalChime, Client, String) {
    let chime = LocalChime::start().unwrap();
    let client = hasty_client(&chime);
    let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap();
    (chime, client, acme.account_id.to_string())
}

async fn rooms(client: &Client, account_id: &str) -> Vec<Room> {
    client.list_rooms(account_id).await.unwrap().items
}

fn created() -> Action {
    json_answer(201, &json!({ "Room": { "RoomId": "room", "Name": "Planning" } }))
}

#[tokio::test]
async fn a_room_is_created_once_whatever_is_lost() {
    for fault in losses().into_iter().chain(breaks()) {
        let (chime, client, acme) = start();
        chime.inject(fault.clone().on("CreateRoom"));
        let room = client.create_room(&acme, "Planning").ensure().await.unwrap();
        assert!(matches!(room, Ensured::Recovered(_)), "{fault:?}: {room:?}");
        assert_eq!(rooms(&client, &acme).await, [room.into_inner()], "{fault:?}");
    }
}

#[tokio::test]
async fn a_token_of_the_caller_shows_that_the_room_existed() {
    let (chime, client, acme) = start();
    let ensure = || client.create_room(&acme, "Planning").client_request_token("mine").ensure();
    let created = ensure().await.unwrap();
    assert!(matches!(created, Ensured::Created(_)), "{created:?}");
    let existing = ensure().await.unwrap();
    assert_eq!(existing, Ensured::Existed(created.into_inner()));
    chime.inject(Fault::reset().after_effect().on("CreateRoom"));
    assert!(ensure().await.unwrap().existed(), "whatever is lost");
    assert_eq!(rooms(&client, &acme).await, [existing.into_inner()]);

    let other = client.create_room(&acme, "Planning").ensure().await.unwrap();
    assert!(matches!(other, Ensured::Created(_)), "without a token, each call creates a room");
    assert_eq!(rooms(&client, &acme).await.len(), 2);
}

#[tokio::test]
async fn all_attempts_share_a_generated_token_and_list_no_rooms() {
    let server = Server::playing([lost(), lost(), created()]).await;
    server.client().create_room("acme", "Planning").ensure().await.unwrap();
    assert_eq!(lines(&server), ["POST /accounts/acme/rooms"; 3]);
    let bodies = bodies(&server);
    assert_eq!(bodies[0]["ClientRequestToken"].as_str().map(str::len), Some(36));
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}

#[tokio::test]
async fn the_response_to_another_request_is_refused() {
    let other = json_answer(201, &json!({ "Room": { "RoomId": "other", "Name": "Sales" } }));
    for answers in [vec![other.clone(), created()], vec![lost(), other, created()]] {
        let attempts = answers.len();
        let server = Server::playing(answers).await;
        let room = server.client().create_room("acme", "Planning").ensure().await.unwrap();
        assert_eq!(room.get().room_id, "room");
        assert_eq!(bodies(&server).len(), attempts);
    }
}

#[tokio::test]
async fn with_a_token_of_the_caller_the_rooms_are_listed_first() {
    let page = |id: &str, token: Option<&str>| {
        json_answer(200, &json!({ "Rooms": [{ "RoomId": id }], "NextToken": token }))
    };
    let server = Server::playing([page("other", Some("t")), page("room", None), created()]).await;
    let request = server.client().create_room("acme", "Planning").client_request_token("mine");
    assert!(request.ensure().await.unwrap().existed());
    let look = "GET /accounts/acme/rooms?max-results=99";
    let expected = [look, &format!("{look}&next-token=t"), "POST /accounts/acme/rooms"];
    assert_eq!(lines(&server), expected);
}

#[tokio::test]
async fn a_room_that_cannot_be_created_fails_after_all_attempts() {
    for (token, advises) in [(None, true), (Some("mine"), false)] {
        let (chime, client, acme) = start();
        chime.inject(Fault::status(500).on("CreateRoom").times(3));
        let mut request = client.create_room(&acme, "Planning");
        if let Some(token) = token {
            request = request.client_request_token(token);
        }
        let error = request.ensure().await.unwrap_err();
        assert_eq!((error.attempts(), error.may_have_applied()), (3, true));
        assert_eq!(error.to_string().contains("look before"), advises, "{error}");
    }
}
