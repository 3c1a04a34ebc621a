//! Errors as a caller sees them, for all forms of error responses.

use std::error::Error as StdError;
use std::fmt::Write;
use std::time::Duration;

use amazon_chime::aws_credential_types::provider::error::CredentialsError;
use amazon_chime::aws_credential_types::provider::future;
use amazon_chime::{Error, ErrorKind, ProvideCredentials, RetryConfig};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{self, Action, BusyPort, ClosedPort, Server};

async fn serve(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Returns the error of a read that gets this response, without retries.
async fn error(answer: ResponseTemplate) -> Error {
    let server = serve(answer).await;
    let request = support::client(&server.uri()).get_account("a");
    request.retry(RetryConfig::disabled()).await.unwrap_err()
}

/// Returns the error of a create that gets this response, with retries.
async fn create_user_error(answer: ResponseTemplate) -> Error {
    let server = serve(answer).await;
    let request = support::client(&server.uri()).create_user("a").email("ana@example.com");
    let error = request.await.unwrap_err();
    assert_eq!(server.received_requests().await.unwrap().len(), 1, "a create is sent once");
    error
}

fn answer(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

fn typed(status: u16, error_type: &str) -> ResponseTemplate {
    answer(status).insert_header("x-amzn-ErrorType", error_type)
}

/// Returns all texts that an error can show.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {:?}", error.message());
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

fn hides_private_data(error: &Error) {
    let text = shown(error);
    for private in ["ana", "example.com", "206", "0100", "hunter2"] {
        assert!(!text.contains(private), "{text}");
    }
}

/// The errors of the API, with their statuses and the predicates that return `true`.
const SHAPES: &[(&str, u16, &[&str])] = &[
    ("AccessDeniedException", 403, &["access_denied"]),
    ("BadRequestException", 400, &["bad_request"]),
    ("ConflictException", 409, &["conflict"]),
    ("ForbiddenException", 403, &["access_denied"]),
    ("NotFoundException", 404, &["not_found"]),
    ("ResourceLimitExceededException", 400, &["resource_limit_exceeded"]),
    ("ServiceFailureException", 500, &["server_error", "may_have_applied"]),
    ("ServiceUnavailableException", 503, &["server_error", "may_have_applied"]),
    ("ThrottledClientException", 429, &["throttled"]),
    ("UnauthorizedClientException", 401, &["access_denied"]),
    ("UnprocessableEntityException", 422, &["unprocessable"]),
];

fn holding(error: &Error) -> Vec<&'static str> {
    [
        ("access_denied", error.is_access_denied()),
        ("bad_request", error.is_bad_request()),
        ("conflict", error.is_conflict()),
        ("not_found", error.is_not_found()),
        ("resource_limit_exceeded", error.is_resource_limit_exceeded()),
        ("server_error", error.is_server_error()),
        ("throttled", error.is_throttled()),
        ("unprocessable", error.is_unprocessable()),
        ("timeout", error.is_timeout()),
        ("may_have_applied", error.may_have_applied()),
    ]
    .into_iter()
    .filter_map(|(name, holds)| holds.then_some(name))
    .collect()
}

#[tokio::test]
async fn every_error_of_the_api_is_recognised_in_every_form() {
    for &(code, status, predicates) in SHAPES {
        let namespaced = format!("com.amazonaws.chime#{code}");
        let with_uri = format!("{code}:http://internal.amazon.com/coral/com.amazonaws.chime/");
        let both = format!("{namespaced}:http://internal.amazon.com/");
        for form in [
            typed(status, code),
            typed(status, &namespaced),
            typed(status, &with_uri),
            typed(status, &both),
            answer(status).set_body_json(json!({ "__type": code })),
            answer(status).set_body_json(json!({ "__type": namespaced })),
            answer(status).set_body_json(json!({ "code": with_uri })),
            answer(status).set_body_json(json!({ "Code": both })),
            typed(status, &with_uri).set_body_json(json!({ "Code": "Other", "__type": "Other" })),
        ] {
            let error = error(form).await;
            assert_eq!(error.kind(), ErrorKind::Service);
            assert_eq!(error.code(), Some(code));
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.operation(), Some("GetAccount"));
            assert_eq!(error.attempts(), 1);
            assert_eq!(holding(&error), predicates, "{error}");
        }
    }
}

#[tokio::test]
async fn the_short_codes_of_the_model_have_the_same_predicates_as_the_long_codes() {
    for &(code, status, predicates) in SHAPES {
        let short = match code.strip_suffix("Exception").unwrap() {
            "ThrottledClient" => "Throttled",
            "UnauthorizedClient" => "Unauthorized",
            "UnprocessableEntity" => "Unprocessable",
            short => short,
        };
        let error = error(answer(status).set_body_json(json!({ "Code": short }))).await;
        assert_eq!(error.code(), Some(short));
        assert_eq!(holding(&error), predicates, "{error}");
    }
}

#[tokio::test]
async fn without_a_code_the_status_decides_the_kind() {
    for (status, predicates) in [
        (400, vec!["bad_request"]),
        (401, vec!["access_denied"]),
        (403, vec!["access_denied"]),
        (404, vec!["not_found"]),
        (409, vec!["conflict"]),
        (418, vec![]),
        (422, vec!["unprocessable"]),
        (429, vec!["throttled"]),
        (302, vec!["may_have_applied"]),
        (500, vec!["server_error", "may_have_applied"]),
        (504, vec!["server_error", "may_have_applied"]),
    ] {
        let error = error(answer(status)).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Service, None));
        assert_eq!(holding(&error), predicates, "{status}");
    }
}

#[tokio::test]
async fn a_code_that_the_crate_does_not_know_is_kept() {
    let error = error(typed(404, "BrandNewException")).await;
    assert_eq!(error.code(), Some("BrandNewException"));
    assert!(!error.is_not_found());
    assert_eq!(error.to_string(), "GetAccount: BrandNewException (HTTP 404)");
}

#[tokio::test]
async fn the_message_is_found_under_both_names() {
    for body in [
        json!({ "Message": "No such account." }),
        json!({ "message": "No such account." }),
        json!({ "Message": null, "message": "No such account." }),
        json!({ "Message": "No such account.", "message": "Other." }),
        json!({ "Code": "NotFound", "Message": "No such account.", "Extra": [1, {}] }),
    ] {
        let error = error(typed(404, "NotFoundException").set_body_json(&body)).await;
        assert_eq!(error.message(), Some("No such account."), "{body}");
    }
}

#[tokio::test]
async fn display_says_what_happened() {
    let body = json!({ "Code": "NotFound", "Message": "No such account." });
    let answer = typed(404, "NotFoundException").insert_header("x-amzn-RequestId", "r-1");
    let error = error(answer.set_body_json(body)).await;
    assert_eq!(
        error.to_string(),
        "GetAccount: NotFoundException: No such account. (HTTP 404, request id r-1)"
    );

    let error = create_user_error(typed(503, "ServiceUnavailableException")).await;
    assert_eq!(
        error.to_string(),
        "CreateUser: ServiceUnavailableException (HTTP 503); \
         it may have taken effect: look before trying again"
    );
}

#[tokio::test]
async fn display_ends_with_advice_for_some_errors() {
    for (status, code, advice) in [
        (429, "ThrottledClientException", "send fewer requests, or allow more attempts"),
        (403, "SignatureDoesNotMatch", "check the secret access key and this machine's clock"),
        (403, "UnrecognizedClientException", "check the access key id and the session token"),
    ] {
        let text = error(typed(status, code)).await.to_string();
        assert!(text.ends_with(advice), "{text}");
    }
}

#[tokio::test]
async fn an_error_says_how_many_attempts_were_made() {
    let server = serve(answer(500)).await;
    let client = support::client(&server.uri());
    let error = client.get_account("a").await.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert!(error.to_string().contains("(HTTP 500, 3 attempts)"), "{error}");
    assert_eq!(server.received_requests().await.unwrap().len(), 3);

    assert_eq!(create_user_error(answer(500)).await.attempts(), 1);
}

#[tokio::test]
async fn the_request_id_is_found_under_both_names() {
    for name in ["x-amzn-RequestId", "x-amz-request-id"] {
        let error = error(answer(404).insert_header(name, "d4f09103-9543-4ff9-b0a0")).await;
        assert_eq!(error.request_id(), Some("d4f09103-9543-4ff9-b0a0"), "{name}");
    }
    let error = error(answer(404).insert_header("x-amzn-RequestId", "ana@example.com")).await;
    assert_eq!(error.request_id(), None);
    hides_private_data(&error);
}

#[tokio::test]
async fn only_the_title_of_a_proxys_html_page_is_shown() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>ana@example.com</body>";
    let error = error(answer(502).set_body_raw(page, "text/html; charset=utf-8")).await;
    assert_eq!((error.code(), error.message()), (None, Some("502 Bad Gateway")));
    assert!(error.is_server_error());
    hides_private_data(&error);
}

#[tokio::test]
async fn the_first_line_of_plain_text_is_the_message() {
    let text = "no healthy upstream\nana@example.com";
    let error = error(answer(503).set_body_raw(text, "text/plain")).await;
    assert_eq!((error.code(), error.message()), (None, Some("no healthy upstream")));
    hides_private_data(&error);
}

#[tokio::test]
async fn a_body_without_an_error_object_gives_no_message() {
    let not_utf8 = b"{\"Message\": \"\xFF\xFE ana@example.com\"}".as_slice();
    for body in [
        b"".as_slice(),
        br#"["ana@example.com"]"#,
        br#""ana@example.com""#,
        br#"{"Message": "ana@exa"#,
        br#"{"Code": 7, "Message": {"email": "ana@example.com"}}"#,
        br#"{"Message": ""}"#,
        not_utf8,
    ] {
        let error = error(answer(400).set_body_raw(body, "application/json")).await;
        assert_eq!((error.code(), error.message()), (None, None));
        assert_eq!(error.to_string(), "GetAccount: an answer without an error message (HTTP 400)");
        hides_private_data(&error);
    }
}

#[tokio::test]
async fn sensitive_values_are_removed_from_all_texts_of_an_error() {
    for (message, expected) in [
        ("User ana@example.com exists.", "User *** exists."),
        ("'ana@example.com','bo@example.com' exist", "*** exist"),
        ("user-email=ana%40example.com", "***"),
        ("Call +12065550100.", "Call ***."),
        ("Call +1 (206) 555-0100 now", "Call *** now"),
        ("Call 206-555-0100, or not", "Call ***, or not"),
    ] {
        for member in ["Message", "message"] {
            let body = json!({ "Code": "Conflict", member: message });
            let error = error(answer(409).set_body_json(body)).await;
            assert_eq!(error.message(), Some(expected));
            hides_private_data(&error);
        }
    }
    let page = "<html><title>ana@example.com at +12065550100</title></html>";
    let error = error(answer(502).set_body_raw(page, "text/html")).await;
    assert_eq!(error.message(), Some("*** at ***"));
}

async fn create_ana_error(answer: ResponseTemplate) -> Error {
    let server = serve(answer).await;
    let request = support::client(&server.uri()).create_user("a").email("ana@example.com");
    request.username("Ana Lee").retry(RetryConfig::disabled()).await.unwrap_err()
}

#[tokio::test]
async fn a_message_that_quotes_the_request_in_escaped_form_is_not_shown() {
    let withheld =
        "the service's message is withheld, because it quotes the request in another form";
    for (quote, expected) in [
        ("ana%2540example.com", withheld),
        ("ana&#64;example.com", withheld),
        ("ana&#x40;example&period;com", withheld),
        ("ana&commat;example.com", withheld),
        ("ANA=40example.com", withheld),
        (r#"{"email":"ana\u0040example.com"}"#, withheld),
        (r#"{"said":"{\"email\":\"ana\\u0040example.com\"}"}"#, withheld),
        ("%26quot;ana%26%2364%3Bexample.com", withheld),
        ("Ana+Lee", withheld),
        ("name=%41na%20Lee", withheld),
        ("Ana Lee", "No *** here"),
        ("Ana  LEE, Dana Lee", "No ***, Dana Lee here"),
        ("ANA@example.com", "No *** here"),
        ("100%", "No 100% here"),
    ] {
        let message = format!("No {quote} here");
        let body = json!({ "Code": "Conflict", "Message": message });
        let error = create_ana_error(answer(409).set_body_json(body)).await;
        assert_eq!((error.code(), error.message()), (Some("Conflict"), Some(expected)), "{quote}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    let title = "<title>ana&amp;#64;example.com</title>";
    let error = create_ana_error(answer(502).set_body_raw(title, "text/html")).await;
    assert_eq!(error.message(), Some(withheld));
}

#[tokio::test]
async fn a_code_or_a_request_id_that_quotes_the_request_is_not_shown() {
    let quoting = |status| {
        let answer = answer(status).insert_header("x-amzn-RequestId", "id/ANA=3D40example=2Ecom");
        answer.set_body_raw("{", "application/json")
    };
    let error_type = ("x-amzn-ErrorType", "No.Ana-Lee");
    for answer in [quoting(409), quoting(201), quoting(201).insert_header(error_type.0, "Odd")] {
        let error = create_ana_error(answer).await;
        assert_eq!(error.request_id(), None, "{error:?}");
    }
    let server = serve(quoting(404).insert_header(error_type.0, error_type.1)).await;
    let client = support::client(&server.uri());
    let error = client.create_user("a").username("Lee").await.unwrap_err();
    assert_eq!((error.code(), error.request_id()), (None, Some("id/ANA=3D40example=2Ecom")));
    let error = client.create_user("a").username("Le").await.unwrap_err();
    assert_eq!(error.code(), Some("No.Ana-Lee"));

    let user = json!({ "User": { "UserId": "u" } });
    let server = serve(quoting(201).set_body_json(user)).await;
    let request = support::client(&server.uri()).create_user("a").email("ana@example.com");
    assert_eq!(request.send_with_metadata().await.unwrap().request_id, None);
}

#[tokio::test]
async fn messages_are_one_line_of_bounded_length() {
    let body = json!({ "Message": format!("two\r\nlines {}", "ü ".repeat(2_000)) });
    let error = error(answer(400).set_body_json(body)).await;
    let message = error.message().unwrap();
    assert!(message.starts_with("two lines ü"));
    assert!(message.chars().count() < 400, "{message}");
    assert!(!error.to_string().contains(['\r', '\n']));
}

async fn assert_unreadable(status: u16, body: impl Into<Vec<u8>>) -> Error {
    let body = body.into();
    let text = String::from_utf8_lossy(&body).into_owned();
    let answer = answer(status)
        .insert_header("x-amzn-RequestId", "r-1")
        .set_body_raw(body, "application/json");
    let error = create_user_error(answer).await;
    assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{text}");
    assert!(error.may_have_applied(), "{text}");
    assert_eq!((error.status(), error.request_id()), (Some(status), Some("r-1")), "{text}");
    assert_eq!(holding(&error), ["may_have_applied"], "{text}");
    error
}

#[tokio::test]
async fn a_call_with_an_unreadable_success_may_have_run() {
    let cut_off_utf8 = b"{\"User\": {\"UserId\": \"\xC3".as_slice();
    for body in [
        b"".as_slice(),
        b"{",
        b"null",
        b"[]",
        b"<html>Welcome to our hotel</html>",
        b"{}",
        br#"{"User": null}"#,
        br#"{"User": {}}"#,
        br#"{"User": {"UserId": null}}"#,
        br#"{"User": {"UserId": 7}}"#,
        br#"{"User": {"UserId": "u"}} {}"#,
        br#"{"User": {"UserId": "u", "RegisteredOn": "yesterday"}}"#,
        cut_off_utf8,
    ] {
        assert_unreadable(201, body).await;
    }
    assert_unreadable(200, "{}").await;
    assert_unreadable(204, "").await;
}

#[tokio::test]
async fn the_error_of_an_unreadable_success_names_the_position() {
    let error = assert_unreadable(201, "{\n\"User\": {\"UserId\": 7}}").await;
    let text = error.to_string();
    assert!(text.starts_with("CreateUser: the answer says success but cannot be read"), "{text}");
    assert!(text.contains("line 2, column"), "{text}");
    assert!(text.contains("(HTTP 201, request id r-1)"), "{text}");
    assert!(text.ends_with("it may have taken effect: look before trying again"), "{text}");
}

#[tokio::test]
async fn values_in_an_unreadable_success_are_never_quoted() {
    let email = "ana@example.com";
    for user in [
        json!(email),
        json!([email]),
        json!({ "UserId": [email] }),
        json!({ "UserId": { email: email } }),
        json!({ "UserId": "u", "RegisteredOn": email }),
        json!({ "UserId": "u", "AlexaForBusinessMetadata": email }),
        json!({ "UserId": "u", "AlexaForBusinessMetadata": { "IsAlexaForBusinessEnabled": email } }),
        json!({ "UserId": "u", "PrimaryEmail": { email: email } }),
        json!({ "UserId": "u", "PrimaryProvisionedNumber": 2_065_550_100_u32 }),
        json!({ "UserId": "u", "LicenseType": [email] }),
    ] {
        let error = assert_unreadable(201, json!({ "User": user }).to_string()).await;
        hides_private_data(&error);
    }
}

async fn not_found() -> Error {
    error(typed(404, "NotFoundException")).await
}

#[tokio::test]
async fn an_anyhow_error_can_be_downcast_to_the_error() {
    async fn fails() -> anyhow::Result<()> {
        Err(not_found().await)?;
        Ok(())
    }
    let error = fails().await.unwrap_err();
    assert_eq!(error.to_string(), "GetAccount: NotFoundException (HTTP 404)");
    assert!(error.downcast::<Error>().unwrap().is_not_found());
}

#[tokio::test]
async fn a_boxed_error_can_be_downcast_to_the_error() {
    async fn fails() -> Result<(), Box<dyn StdError + Send + Sync>> {
        Err(not_found().await)?;
        Ok(())
    }
    let error = fails().await.unwrap_err();
    assert_eq!(error.to_string(), "GetAccount: NotFoundException (HTTP 404)");
    assert!(error.downcast::<Error>().unwrap().is_not_found());
}

#[tokio::test]
async fn a_main_that_returns_an_error_prints_readable_text() {
    let error = not_found().await;
    let text = "GetAccount: NotFoundException (HTTP 404)";
    assert_eq!(format!("{error:?}"), text);
    let boxed: Box<dyn StdError> = Box::new(error);
    // The standard library prints this text after "Error: ".
    assert_eq!(format!("{boxed:?}"), text);
}

#[tokio::test]
async fn the_alternate_debug_form_has_the_parts_of_the_error() {
    let text = format!("{:#?}", not_found().await);
    for part in [
        "Error {",
        "kind: Service",
        "operation: Some(",
        "\"NotFoundException\"",
        "status: Some(",
        "attempts: 1",
        "may_have_applied: false",
        "source: None",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// Returns the error of a read with one attempt.
async fn error_at(url: &str) -> Error {
    let retry = RetryConfig::disabled();
    let timeout = Duration::from_millis(200);
    let client = support::builder(&format!("{url}/base")).retry(retry).attempt_timeout(timeout);
    client.build().unwrap().get_account("a").await.unwrap_err()
}

#[tokio::test]
async fn the_error_names_an_unreachable_endpoint_and_gives_advice() {
    let closed = ClosedPort::new();
    let refused = error_at(&closed.url()).await;
    assert_eq!(refused.kind(), ErrorKind::Connection);
    let busy = BusyPort::new().await;
    let too_long = error_at(busy.url()).await;
    assert!(too_long.is_timeout());
    for (error, url) in [(&refused, closed.url()), (&too_long, busy.url().to_owned())] {
        let text = error.to_string();
        assert!(text.starts_with("GetAccount: the service could not be reached: "), "{text}");
        assert!(text.contains(&format!("(endpoint {url})")), "scheme, host and port: {text}");
        let advice = "; check the network and its proxies, and the endpoint URL or the region";
        assert!(text.ends_with(advice), "{text}");
    }
    let lines = format!("{refused:?}");
    let (first, second) = lines.split_once('\n').unwrap();
    assert_eq!(first, refused.to_string());
    assert!(second.starts_with("caused by: ") && !second.contains("refused"), "{lines}");
}

#[tokio::test]
async fn the_error_names_the_endpoint_only_if_there_was_no_response() {
    let script = [Action::Stall(Vec::new()), Action::close(), support::answer(404, "")];
    let server = Server::playing(script).await;
    let late = error_at(server.url()).await;
    assert!(late.is_timeout());
    let broken = error_at(server.url()).await;
    assert_eq!(broken.kind(), ErrorKind::Connection);
    for error in [late, broken] {
        let text = error.to_string();
        assert!(text.contains(&format!("(endpoint {})", server.url())), "{text}");
        assert!(!text.contains("check the network"), "{text}");
    }
    let text = error_at(server.url()).await.to_string();
    assert_eq!(text, "GetAccount: an answer without an error message (HTTP 404)");
}

/// A provider whose error has the output of a program as a source.
#[derive(Debug)]
struct Failing(fn(&'static str) -> CredentialsError);

impl ProvideCredentials for Failing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err((self.0)("the program printed hunter2")))
    }
}

async fn credentials_error(provider: Failing) -> Error {
    let builder = support::builder("http://127.0.0.1:1").credentials_provider(provider);
    builder.build().unwrap().get_account("a").await.unwrap_err()
}

#[tokio::test]
async fn the_error_for_missing_credentials_says_where_to_set_them() {
    let error = credentials_error(Failing(CredentialsError::not_loaded)).await;
    let text = error.to_string();
    for part in [
        "no credentials",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "aws sso login",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn no_text_of_an_error_quotes_the_credentials_provider() {
    let failures: [fn(&'static str) -> CredentialsError; 2] =
        [CredentialsError::not_loaded, CredentialsError::provider_error];
    for failure in failures {
        let error = credentials_error(Failing(failure)).await;
        let text = format!("{error} {error:?} {error:#?}");
        assert!(!text.contains("hunter2"), "{text}");
        let deepest = error.source().and_then(StdError::source).map(ToString::to_string);
        assert_eq!(deepest.as_deref(), Some("the program printed hunter2"), "it is a source");
    }
}
