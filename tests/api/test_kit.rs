//! Errors, faults and models for the tests of users.

use std::collections::BTreeSet;
use std::fs;

use amazon_chime::local::{Fault, LocalChime};
use amazon_chime::{
    Account, AccountRetention, AccountSettings, AlexaForBusinessMetadata, Bot,
    BusinessCallingSettings, ConversationRetentionSettings, Error, ErrorCode, ErrorKind,
    EventsConfiguration, GlobalSettings, Invite, Member, MemberError, MembershipItem,
    OrderedPhoneNumber, Page, PhoneNumber, PhoneNumberAssociation, PhoneNumberAssociationName,
    PhoneNumberCapabilities, PhoneNumberCountry, PhoneNumberError, PhoneNumberOrder,
    PhoneNumberSettings, Response, RetentionSettings, RetryConfig, Room, RoomMembership,
    RoomRetentionSettings, SigninDelegateGroup, TelephonySettings, UpdateUserRequestItem, User,
    UserError, UserSettings, VoiceConnectorSettings,
};
use serde_json::{Value, json, to_value};

use crate::operations::model::MODEL;

#[tokio::test]
async fn a_built_error_is_equal_to_the_error_of_a_call() {
    let chime = LocalChime::start().unwrap();
    let client = chime.client_builder().retry(RetryConfig::disabled()).build().unwrap();
    let facts = |error: &Error| {
        let predicates = [
            error.is_not_found(),
            error.is_conflict(),
            error.is_throttled(),
            error.is_access_denied(),
            error.is_bad_request(),
            error.is_unprocessable(),
            error.is_resource_limit_exceeded(),
            error.is_server_error(),
            error.is_timeout(),
        ];
        (error.to_string(), error.kind(), predicates, error.attempts(), error.status())
    };
    let mut errors = 0;
    for (code, status) in MODEL.errors() {
        chime.inject(Fault::error(code));
        let real = client.get_account("a-1").await.unwrap_err();
        assert_eq!((real.code(), real.status()), (Some(code), Some(status)));
        let made = Error::builder(ErrorKind::Service)
            .operation("GetAccount")
            .code(code)
            .message("A fault that was injected.")
            .request_id(real.request_id().unwrap())
            .may_have_applied(real.may_have_applied())
            .build();
        if real.may_have_applied() {
            // The real error has no advice, because a GET can be repeated.
            assert!(made.to_string().starts_with(&real.to_string()));
        } else {
            assert_eq!(facts(&made), facts(&real));
        }
        errors += 1;
    }
    assert_eq!(errors, 11);
}

/// Returns the name of each model, the JSON of its `new`, and the expected JSON without absent members.
fn models() -> Vec<(&'static str, Value, Value)> {
    macro_rules! models {
        ($($model:ident($($argument:expr),*) => $json:tt,)+) => {
            vec![$((stringify!($model), to_value($model::new($($argument),*)).unwrap(), json!($json)),)+]
        };
    }
    let telephony = json!({ "InboundCalling": false, "OutboundCalling": false, "SMS": false });
    models! {
        Account("1", "a", "Acme") => { "AwsAccountId": "1", "AccountId": "a", "Name": "Acme" },
        AccountRetention() => {},
        AccountSettings() => {},
        AlexaForBusinessMetadata() => {},
        Bot("b") => { "BotId": "b" },
        BusinessCallingSettings() => {},
        ConversationRetentionSettings() => {},
        EventsConfiguration("b") => { "BotId": "b" },
        GlobalSettings() => {},
        Invite("ana@example.com") => { "EmailAddress": "ana@example.com" },
        Member("m") => { "MemberId": "m" },
        MemberError("m", ErrorCode::NotFound) => { "MemberId": "m", "ErrorCode": "NotFound" },
        MembershipItem("m") => { "MemberId": "m" },
        OrderedPhoneNumber("+12065550100") => { "E164PhoneNumber": "+12065550100" },
        PhoneNumber("+12065550100") => { "PhoneNumberId": "+12065550100" },
        PhoneNumberAssociation(PhoneNumberAssociationName::UserId, "u") => { "Name": "UserId", "Value": "u" },
        PhoneNumberCapabilities() => {},
        PhoneNumberCountry("US") => { "CountryCode": "US" },
        PhoneNumberError("+12065550100", "Conflict") => { "PhoneNumberId": "+12065550100", "ErrorCode": "Conflict" },
        PhoneNumberOrder("o") => { "PhoneNumberOrderId": "o" },
        PhoneNumberSettings() => {},
        RetentionSettings() => {},
        Room("r") => { "RoomId": "r" },
        RoomMembership(Member::new("m")) => { "Member": { "MemberId": "m" } },
        RoomRetentionSettings() => {},
        SigninDelegateGroup("g") => { "GroupName": "g" },
        TelephonySettings() => { "InboundCalling": false, "OutboundCalling": false, "SMS": false },
        UpdateUserRequestItem("u") => { "UserId": "u" },
        User("u") => { "UserId": "u" },
        UserError("u", ErrorCode::Conflict) => { "UserId": "u", "ErrorCode": "Conflict" },
        UserSettings(TelephonySettings::new()) => { "Telephony": telephony },
        VoiceConnectorSettings() => {},
    }
}

fn remove_absent(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, member| !member.is_null() && *member != json!([]));
        members.values_mut().for_each(remove_absent);
    }
}

#[test]
fn models_are_created_from_their_required_members() {
    for (model, mut made, expected) in models() {
        remove_absent(&mut made);
        assert_eq!(made, expected, "{model}");
    }
}

#[test]
fn every_model_can_be_made() {
    let mut names = BTreeSet::new();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api")).unwrap() {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        let structs = source.split("#[non_exhaustive]\npub struct ").skip(1);
        names.extend(structs.filter_map(|text| Some(text.split_once(" {\n")?.0.to_owned())));
    }
    // Structs of operations without parameters end with a semicolon, so their text is not a name.
    names.retain(|name| name.chars().all(char::is_alphanumeric));
    let made: BTreeSet<_> = models().into_iter().map(|(model, ..)| model.to_owned()).collect();
    assert_eq!(made, names);
}

#[test]
fn pages_and_responses_can_be_made() {
    let page = Page::new(vec![User::new("u-1")]).next_token("t");
    assert_eq!((page.items.len(), page.next_token.as_deref()), (1, Some("t")));
    let mut response = Response::new(page);
    response.request_id = Some("r-1".to_owned());
    assert_eq!((response.status, response.attempts), (200, 1));
}
