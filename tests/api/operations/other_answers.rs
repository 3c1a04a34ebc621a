//! Responses to other requests are refused. A broken proxy may deliver such a response.

use amazon_chime::{Error, ErrorKind, RetryConfig};
use serde_json::{Value, json};

use super::entry::Entry;
use super::model::Location;
use super::sample::{self, is_marked};
use super::stage::{ECHOED, Stage, about, answer_with_output};
use super::table;
use crate::support::answer;

/// The operations whose responses repeat a parameter of the request: operation, parameter, and place in the response.
const NAMED: &[(&str, &str, &str)] = &[
    ("CreateAccount", "Name", "/Account/Name"),
    ("CreateBot", "DisplayName", "/Bot/DisplayName"),
    ("CreateRoom", "AccountId", "/Room/AccountId"),
    ("CreateRoom", "Name", "/Room/Name"),
    ("CreateRoomMembership", "MemberId", "/RoomMembership/Member/MemberId"),
    ("CreateRoomMembership", "RoomId", "/RoomMembership/RoomId"),
    ("CreateUser", "AccountId", "/User/AccountId"),
    ("CreateUser", "Email", "/User/PrimaryEmail"),
    ("GetAccount", "AccountId", "/Account/AccountId"),
    ("GetBot", "BotId", "/Bot/BotId"),
    ("GetEventsConfiguration", "BotId", "/EventsConfiguration/BotId"),
    ("GetPhoneNumber", "PhoneNumberId", "/PhoneNumber/PhoneNumberId"),
    ("GetPhoneNumberOrder", "PhoneNumberOrderId", "/PhoneNumberOrder/PhoneNumberOrderId"),
    ("GetRoom", "AccountId", "/Room/AccountId"),
    ("GetRoom", "RoomId", "/Room/RoomId"),
    ("GetUser", "AccountId", "/User/AccountId"),
    ("GetUser", "UserId", "/User/UserId"),
    ("ListRoomMemberships", "RoomId", "/RoomMemberships/1/RoomId"),
    ("ListRooms", "AccountId", "/Rooms/1/AccountId"),
    ("ListUsers", "AccountId", "/Users/1/AccountId"),
    ("PutEventsConfiguration", "BotId", "/EventsConfiguration/BotId"),
    ("RegenerateSecurityToken", "BotId", "/Bot/BotId"),
    ("ResetPersonalPIN", "AccountId", "/User/AccountId"),
    ("ResetPersonalPIN", "UserId", "/User/UserId"),
    ("RestorePhoneNumber", "PhoneNumberId", "/PhoneNumber/PhoneNumberId"),
    ("UpdateAccount", "AccountId", "/Account/AccountId"),
    ("UpdateBot", "BotId", "/Bot/BotId"),
    ("UpdatePhoneNumber", "PhoneNumberId", "/PhoneNumber/PhoneNumberId"),
    ("UpdateRoom", "AccountId", "/Room/AccountId"),
    ("UpdateRoom", "RoomId", "/Room/RoomId"),
    ("UpdateRoomMembership", "MemberId", "/RoomMembership/Member/MemberId"),
    ("UpdateRoomMembership", "RoomId", "/RoomMembership/RoomId"),
    ("UpdateUser", "AccountId", "/User/AccountId"),
    ("UpdateUser", "UserId", "/User/UserId"),
];

/// The places that may differ from the request, because a member of a room may belong to another account.
const OTHERS: &[&str] = &[
    "/RoomMembership/Member/AccountId",
    "/RoomMemberships/0/Member/AccountId",
    "/RoomMemberships/1/Member/AccountId",
];

/// The main identifiers of resources in responses.
const IDENTIFIERS: &[&str] = &[
    "/Account/AccountId",
    "/Accounts/1/AccountId",
    "/Bot/BotId",
    "/Bots/1/BotId",
    "/PhoneNumber/PhoneNumberId",
    "/PhoneNumbers/1/PhoneNumberId",
    "/PhoneNumberOrder/PhoneNumberOrderId",
    "/PhoneNumberOrders/1/PhoneNumberOrderId",
    "/Room/RoomId",
    "/Rooms/1/RoomId",
    "/RoomMembership/Member/MemberId",
    "/RoomMemberships/1/Member/MemberId",
    "/TransactionId",
    "/User/UserId",
    "/Users/1/UserId",
];

async fn stage() -> Stage {
    Stage::with(|builder| builder.retry(RetryConfig::disabled())).await
}

fn output(entry: &Entry) -> Value {
    let output = Value::Object(sample::output(entry.model().output(), 0));
    about(entry, &entry.sample(), output)
}

/// Makes a call whose response has another value in this place.
async fn call_with(stage: &Stage, entry: &Entry, at: &str, value: Value) -> Result<(), Error> {
    let mut output = output(entry);
    *output.pointer_mut(at).expect(at) = value;
    stage.will_answer([answer_with_output(entry, &output)]);
    let given = entry.sample();
    let call = match entry.name {
        // A room that was created with the caller's token may have another name now, so no token is set here.
        "CreateRoom" => entry.call_with_required(&stage.client, &given),
        _ => entry.call(&stage.client, &given),
    };
    call.sending.await.map(drop)
}

/// Asserts that a response was refused because of this parameter, and that the error shows no value.
fn assert_unreadable(error: &Error, parameter: &str, what: &str) {
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{what}: {error}");
    assert!(error.may_have_applied(), "{what}: {error}");
    let text = error.to_string();
    assert!(text.contains(&format!("its {parameter} is ")), "{what}: {text}");
    let shown = format!("{text} {error:?}");
    assert!(!shown.contains("stranger") && !is_marked(&shown), "{what}: {shown}");
}

/// Lists the places of members with this name.
fn places(at: &str, value: &Value, name: &str) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let member = |(known, member): (&String, &Value)| {
                let at = format!("{at}/{known}");
                let inner = places(&at, member, name);
                inner.into_iter().chain((known == name).then_some(at)).collect::<Vec<_>>()
            };
            members.iter().flat_map(member).collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(i, item)| places(&format!("{at}/{i}"), item, name)).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_response_about_another_resource_is_refused() {
    let stage = stage().await;
    let table = table();
    for (name, parameter, at) in NAMED {
        for entry in table.iter().filter(|entry| entry.name == *name) {
            let what = format!("{name} with another {at}");
            let error = call_with(&stage, entry, at, json!("a stranger")).await.expect_err(&what);
            assert_unreadable(&error, parameter, &what);
        }
    }
}

#[tokio::test]
async fn every_operation_compares_the_ids_of_its_path_with_the_response() {
    let stage = stage().await;
    for entry in table() {
        for (parameter, _) in
            entry.model().input().iter().filter(|(_, id)| id.location == Location::Uri)
        {
            for at in places("", &output(&entry), parameter) {
                let is_compared =
                    call_with(&stage, &entry, &at, json!("a stranger")).await.is_err();
                assert_eq!(is_compared, !OTHERS.contains(&&*at), "{} at {at}", entry.name);
                let at = at.replace("/0/", "/1/");
                let is_named = NAMED.contains(&(entry.name, parameter, &at));
                assert_eq!(is_compared, is_named, "{} at {at}", entry.name);
            }
        }
    }
}

#[tokio::test]
async fn a_response_that_does_not_repeat_a_parameter_is_accepted() {
    let stage = stage().await;
    let table = table();
    for (name, _, at) in NAMED {
        // A response without these members is unreadable.
        if IDENTIFIERS.contains(at) || *at == "/Account/Name" {
            continue;
        }
        for entry in table.iter().filter(|entry| entry.name == *name) {
            call_with(&stage, entry, at, Value::Null).await.expect(at);
        }
    }
}

#[tokio::test]
async fn a_blank_main_identifier_is_refused() {
    let stage = stage().await;
    for entry in table() {
        for at in IDENTIFIERS.iter().filter(|at| output(&entry).pointer(at).is_some()) {
            for blank in ["", " "] {
                let what = format!("{} with a blank {at}", entry.name);
                let error = call_with(&stage, &entry, at, json!(blank)).await.expect_err(&what);
                assert_unreadable(&error, at.rsplit('/').next().unwrap(), &what);
            }
        }
    }
}

#[tokio::test]
async fn a_name_with_other_case_or_white_space_is_accepted() {
    let stage = stage().await;
    let table = table();
    for (name, parameter, member) in ECHOED.iter().filter(|(.., member)| *member != "MemberId") {
        let entry = table.iter().find(|entry| entry.name == *name).unwrap();
        let (_, _, at) =
            NAMED.iter().find(|(known, of, _)| known == name && of == parameter).unwrap();
        assert!(at.ends_with(member));
        let sent = entry.sample().text(parameter).to_owned();
        for made in [sent.to_uppercase(), format!(" {} ", sent.replace(' ', "\u{a0}"))] {
            call_with(&stage, entry, at, json!(made)).await.expect(name);
        }
        let with_suffix = call_with(&stage, entry, at, json!(format!("{sent} (Bot)"))).await;
        assert_eq!(with_suffix.is_ok(), *name == "CreateBot", "{name}");
    }
}

#[tokio::test]
async fn a_phone_number_id_is_compared_as_a_number() {
    let stage = stage().await;
    for sent in ["+12065550100", "%2B12065550100"] {
        for (answered, is_same) in
            [("+12065550100", true), ("%2B12065550100", true), ("+12065550101", false)]
        {
            let number = json!({ "PhoneNumber": { "PhoneNumberId": answered } });
            stage.will_answer([answer(200, &number.to_string())]);
            let result = stage.client.get_phone_number(sent).await;
            assert_eq!(result.is_ok(), is_same, "{sent} {answered}");
        }
    }
}

#[tokio::test]
async fn a_renamed_room_is_accepted_for_a_token_of_the_caller() {
    let stage = stage().await;
    let table = table();
    let entry = table.iter().find(|entry| entry.name == "CreateRoom").unwrap();
    let mut output = output(entry);
    output["Room"]["Name"] = json!("Renamed");
    stage.will_answer([answer_with_output(entry, &output)]);
    entry.sample_call(&stage.client).sending.await.unwrap();
}
