use amazon_chime::{
    AlexaForBusinessMetadata, ErrorCode, InviteStatus, License, RegistrationStatus, Sensitive,
    UpdateUserRequestItem, UserType,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::entry::{Entry, call, call_with, call_with_items, list_with};
use super::sample::Given;
use crate::service::{Service, bodyless, post};

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        call("BatchSuspendUser", |client, given| {
            client.batch_suspend_user(given.text("AccountId"), given.texts("UserIdList"))
        }),
        call("BatchUnsuspendUser", |client, given| {
            client.batch_unsuspend_user(given.text("AccountId"), given.texts("UserIdList"))
        }),
        call_with_items(
            "BatchUpdateUser",
            |client, given| {
                let items = given.parts("UpdateUserRequestItems");
                client.batch_update_user(given.text("AccountId"), items.iter().map(item))
            },
            |client, given| {
                let items = given.parts("UpdateUserRequestItems");
                client.batch_update_user(given.text("AccountId"), items.iter().map(full_item))
            },
        ),
        call_with(
            "CreateUser",
            |client, given| client.create_user(given.text("AccountId")),
            |request, given| {
                request
                    .username(given.text("Username"))
                    .email(given.text("Email"))
                    .user_type(given.text("UserType"))
            },
        ),
        call("GetUser", |client, given| {
            client.get_user(given.text("AccountId"), given.text("UserId"))
        }),
        list_with(
            "ListUsers",
            |client, given| client.list_users(given.text("AccountId")),
            |request, given| {
                request.user_email(given.text("UserEmail")).user_type(given.text("UserType"))
            },
        ),
        call("LogoutUser", |client, given| {
            client.logout_user(given.text("AccountId"), given.text("UserId"))
        }),
        call("ResetPersonalPIN", |client, given| {
            client.reset_personal_pin(given.text("AccountId"), given.text("UserId"))
        }),
        call_with(
            "UpdateUser",
            |client, given| client.update_user(given.text("AccountId"), given.text("UserId")),
            |request, given| {
                request
                    .license_type(given.text("LicenseType"))
                    .user_type(given.text("UserType"))
                    .alexa_for_business_metadata(metadata(&given.part("AlexaForBusinessMetadata")))
            },
        ),
    ]
}

fn item(given: &Given) -> UpdateUserRequestItem {
    UpdateUserRequestItem::new(given.text("UserId"))
}

fn full_item(given: &Given) -> UpdateUserRequestItem {
    item(given)
        .license_type(given.text("LicenseType"))
        .user_type(given.text("UserType"))
        .alexa_for_business_metadata(metadata(&given.part("AlexaForBusinessMetadata")))
}

fn metadata(given: &Given) -> AlexaForBusinessMetadata {
    AlexaForBusinessMetadata::new()
        .enabled(given.flag("IsAlexaForBusinessEnabled"))
        .room_arn(given.text("AlexaForBusinessRoomArn"))
}

fn user_json() -> Value {
    json!({
        "UserId": "u-1",
        "AccountId": "a-1",
        "PrimaryEmail": "ana@example.com",
        "PrimaryProvisionedNumber": "+12065550100",
        "DisplayName": "Ana",
        "LicenseType": "ProTrial",
        "UserType": "PrivateUser",
        "UserRegistrationStatus": "Registered",
        "UserInvitationStatus": "Accepted",
        "RegisteredOn": "2019-01-09T10:00:00Z",
        "InvitedOn": "2019-01-08T17:59:18.006Z",
        "AlexaForBusinessMetadata": {
            "IsAlexaForBusinessEnabled": true,
            "AlexaForBusinessRoomArn": "arn:aws:a4b:us-east-1:111122223333:room/1/2",
        },
        "PersonalPIN": "1234567890",
    })
}

async fn user_service(status: u16) -> Service {
    Service::with_json(status, json!({ "User": user_json() })).await
}

#[tokio::test]
async fn create_user_posts_only_what_is_set_and_gives_the_user() {
    let service = user_service(201).await;
    let user = service.client.create_user("a-1").await.unwrap();
    service
        .client
        .create_user("a-1")
        .username("ana")
        .email("ana@example.com")
        .user_type(UserType::SharedDevice)
        .await
        .unwrap();

    let target = "/accounts/a-1/users?operation=create";
    let all = json!({ "Username": "ana", "Email": "ana@example.com", "UserType": "SharedDevice" });
    assert_eq!(service.sent().await, [post(target, json!({})), post(target, all)]);

    assert_eq!(user.user_id, "u-1");
    assert_eq!(user.account_id, Some("a-1".into()));
    assert_eq!(user.primary_email, Some("ana@example.com".into()));
    assert_eq!(user.primary_provisioned_number, Some("+12065550100".into()));
    assert_eq!(user.display_name, Some("Ana".into()));
    assert_eq!(user.license_type, Some(License::ProTrial));
    assert_eq!(user.user_type, Some(UserType::PrivateUser));
    assert_eq!(user.user_registration_status, Some(RegistrationStatus::Registered));
    assert_eq!(user.user_invitation_status, Some(InviteStatus::Accepted));
    assert_eq!(user.registered_on.unwrap().to_rfc3339(), "2019-01-09T10:00:00+00:00");
    assert_eq!(user.invited_on.unwrap().to_rfc3339(), "2019-01-08T17:59:18.006+00:00");
    let alexa = user.alexa_for_business_metadata.unwrap();
    assert_eq!(alexa.is_alexa_for_business_enabled, Some(true));
    assert!(alexa.alexa_for_business_room_arn.unwrap().expose().starts_with("arn:aws:a4b"));
    assert_eq!(user.personal_pin, Some("1234567890".into()));
}

#[tokio::test]
async fn get_user_has_both_ids_in_the_path() {
    let service = user_service(200).await;
    let user = service.client.get_user("a-1", "u-1").await.unwrap();

    assert_eq!(service.sent().await, [bodyless("GET", "/accounts/a-1/users/u-1")]);
    assert_eq!(user.user_id, "u-1");
}

#[tokio::test]
async fn list_users_has_its_filters_in_the_query() {
    let answer = json!({ "Users": [user_json(), { "UserId": "u-2" }] });
    let service = Service::with_json(200, answer).await;
    let page = service.client.list_users("a-1").await.unwrap();
    service
        .client
        .list_users("a-1")
        .user_email("ana@example.com")
        .user_type(UserType::PrivateUser)
        .next_token("t 1")
        .max_results(200)
        .await
        .unwrap();

    let all = "/accounts/a-1/users?user-email=ana%40example.com&user-type=PrivateUser\
               &max-results=200&next-token=t%201";
    assert_eq!(
        service.sent().await,
        [bodyless("GET", "/accounts/a-1/users"), bodyless("GET", all)]
    );
    let ids: Vec<_> = page.items.iter().map(|user| user.user_id.as_str()).collect();
    assert_eq!(ids, ["u-1", "u-2"]);
    assert_eq!(page.next_token, None);
}

#[tokio::test]
async fn update_user_posts_only_what_is_set() {
    let service = user_service(200).await;
    let request = || service.client.update_user("a-1", "u-1");
    let alexa = AlexaForBusinessMetadata::new;
    let user = request().await.unwrap();
    request().alexa_for_business_metadata(alexa()).await.unwrap();
    request()
        .license_type(License::Basic)
        .user_type(UserType::PrivateUser)
        .alexa_for_business_metadata(alexa().enabled(false).room_arn("arn:1"))
        .await
        .unwrap();

    let target = "/accounts/a-1/users/u-1";
    let all = json!({
        "LicenseType": "Basic",
        "UserType": "PrivateUser",
        "AlexaForBusinessMetadata": {
            "IsAlexaForBusinessEnabled": false,
            "AlexaForBusinessRoomArn": "arn:1",
        },
    });
    assert_eq!(
        service.sent().await,
        [
            post(target, json!({})),
            post(target, json!({ "AlexaForBusinessMetadata": {} })),
            post(target, all)
        ]
    );
    assert_eq!(user.user_id, "u-1");
}

#[tokio::test]
async fn batch_operations_post_the_ids_and_give_the_errors() {
    let answer = json!({ "UserErrors": [
        { "UserId": "u-2", "ErrorCode": "NotFound", "ErrorMessage": "No such user." },
        { "UserId": null, "ErrorCode": "BrandNew" },
    ] });
    let service = Service::with_json(200, answer).await;
    let errors = service.client.batch_suspend_user("a-1", ["u-1", "u-2"]).await.unwrap();
    let same_errors = service.client.batch_unsuspend_user("a-1", ["u-1", "u-2"]).await.unwrap();

    let body = json!({ "UserIdList": ["u-1", "u-2"] });
    assert_eq!(
        service.sent().await,
        [
            post("/accounts/a-1/users?operation=suspend", body.clone()),
            post("/accounts/a-1/users?operation=unsuspend", body)
        ]
    );
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].user_id, Some("u-2".into()));
    assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
    assert_eq!(errors[0].error_message.as_ref().map(Sensitive::expose), Some("No such user."));
    assert_eq!(errors[1].user_id, None);
    assert_eq!(errors[1].error_code, Some("BrandNew".into()));
    assert_eq!(errors, same_errors);
}

#[tokio::test]
async fn batch_update_user_posts_only_what_is_set_and_gives_the_errors() {
    let answer = json!({ "UserErrors": [{ "UserId": "u-2", "ErrorCode": "NotFound" }] });
    let service = Service::with_json(200, answer).await;
    let item = UpdateUserRequestItem::new;
    let alexa = AlexaForBusinessMetadata::new().room_arn("arn:1");
    let items = [
        item("u-1").license_type(License::Basic),
        item("u-2").user_type(UserType::SharedDevice).alexa_for_business_metadata(alexa),
        item("u-3"),
    ];
    let errors = service.client.batch_update_user("a-1", items).await.unwrap();

    let body = json!({ "UpdateUserRequestItems": [
        { "UserId": "u-1", "LicenseType": "Basic" },
        {
            "UserId": "u-2",
            "UserType": "SharedDevice",
            "AlexaForBusinessMetadata": { "AlexaForBusinessRoomArn": "arn:1" },
        },
        { "UserId": "u-3" },
    ] });
    assert_eq!(service.sent().await, [post("/accounts/a-1/users", body)]);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].user_id, Some("u-2".into()));
}

#[tokio::test]
async fn logout_user_and_reset_personal_pin_have_no_body() {
    let service = Service::answering(ResponseTemplate::new(204)).await;
    service.client.logout_user("a-1", "u-1").await.unwrap();
    let target = "/accounts/a-1/users/u-1?operation=logout";
    assert_eq!(service.sent().await, [bodyless("POST", target)]);

    let service = user_service(200).await;
    let user = service.client.reset_personal_pin("a-1", "u-1").await.unwrap();
    let target = "/accounts/a-1/users/u-1?operation=reset-personal-pin";
    assert_eq!(service.sent().await, [bodyless("POST", target)]);
    assert_eq!(user.personal_pin, Some("1234567890".into()));
    assert!(!format!("{user:?}").contains("1234567890"));
}

#[tokio::test]
async fn batch_operations_without_errors_give_none() {
    for answer in [json!({}), json!({ "UserErrors": null }), json!({ "UserErrors": [] })] {
        let service = Service::with_json(200, answer).await;
        assert_eq!(service.client.batch_suspend_user("a", ["u"]).await.unwrap(), []);
        assert_eq!(service.client.batch_unsuspend_user("a", ["u"]).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_batch_may_be_empty() {
    let service = Service::with_json(200, json!({})).await;
    service.client.batch_suspend_user("a", Vec::<String>::new()).await.unwrap();

    let target = "/accounts/a/users?operation=suspend";
    assert_eq!(service.sent().await, [post(target, json!({ "UserIdList": [] }))]);
}

#[tokio::test]
async fn enum_values_that_the_crate_does_not_know_are_sent_as_they_are() {
    let service = user_service(200).await;
    service.client.update_user("a-1", "u-1").license_type("Gold & Co").await.unwrap();
    let target = "/accounts/a-1/users/u-1";
    assert_eq!(service.sent().await, [post(target, json!({ "LicenseType": "Gold & Co" }))]);

    let service = Service::with_json(200, json!({})).await;
    service.client.list_users("a").user_type("Room & Co").await.unwrap();
    let target = "/accounts/a/users?user-type=Room%20%26%20Co";
    assert_eq!(service.sent().await, [bodyless("GET", target)]);
}
