//! Invitations, which are recognised by their addresses. Each address has its own look.

use amazon_chime::{AccountType, Ensured, Error, ErrorKind, User, UserType};
use serde_json::{Value, json};

use super::{bodies, breaks, emails, json_answer, lines, losses, lost, start, text, users};
use crate::support::{Action, Server};

const ANA: &str = "ana@example.com";
const BEN: &str = "ben@example.com";
const EVE: &str = "eve@example.com";

/// Returns each address with the variant of its user, such as `created`.
fn outcomes(ensured: &[Ensured<User>]) -> Vec<(&'static str, String)> {
    let outcome = |ensured: &Ensured<User>| {
        let how = match ensured {
            Ensured::Existed(_) => "existed",
            Ensured::Created(_) => "created",
            Ensured::Recovered(_) => "recovered",
            _ => "unknown",
        };
        (how, text(ensured.get().primary_email.clone()))
    };
    ensured.iter().map(outcome).collect()
}

fn expected<const N: usize>(outcomes: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    outcomes.into_iter().map(|(how, email)| (how, email.to_owned())).collect()
}

fn invited<const N: usize>(invites: [(&str, &str); N]) -> Action {
    let invite = |(email, status)| json!({ "EmailAddress": email, "EmailStatus": status });
    json_answer(201, &json!({ "Invites": invites.map(invite).to_vec() }))
}

async fn ensured_by<const N: usize, const E: usize>(
    script: [Action; N],
    addresses: [&str; E],
) -> (Result<Vec<Ensured<User>>, Error>, Server) {
    let server = Server::playing(script).await;
    let result = server.client().invite_users("acme", addresses).ensure().await;
    assert_eq!(server.reads(), N, "{result:?}");
    (result, server)
}

fn invitations(server: &Server) -> Vec<Value> {
    bodies(server).into_iter().map(|mut body| body["UserEmailList"].take()).collect()
}

#[tokio::test]
async fn only_missing_users_are_invited() {
    let (_chime, client, acme) = start().await;
    client.create_user(&acme).email(BEN).await.unwrap();
    let invite = || client.invite_users(&acme, [ANA, "BEN@example.com", EVE]);
    let ensured = invite().user_type(UserType::SharedDevice).ensure().await.unwrap();
    let all = [("created", ANA), ("existed", BEN), ("created", EVE)];
    assert_eq!(outcomes(&ensured), expected(all));
    assert_eq!(ensured[0].get().user_type, Some(UserType::SharedDevice));
    assert!(ensured[0].get().user_invitation_status.is_some());

    let again = invite().ensure().await.unwrap();
    assert!(again.iter().all(Ensured::existed), "{again:?}");
    assert_eq!(emails(&client, &acme).await, [BEN, ANA, EVE]);
}

#[tokio::test]
async fn a_user_is_recovered_after_a_lost_response_and_invited_again_after_a_lost_request() {
    for (faults, how) in [(losses().to_vec(), "recovered"), (breaks().to_vec(), "created")] {
        for fault in faults {
            let (chime, client, acme) = start().await;
            client.create_user(&acme).email(BEN).await.unwrap();
            chime.inject(fault.clone().on("InviteUsers"));
            let ensured = client.invite_users(&acme, [ANA, BEN]).ensure().await.unwrap();
            assert_eq!(outcomes(&ensured), expected([(how, ANA), ("existed", BEN)]), "{fault:?}");
            assert_eq!(emails(&client, &acme).await, [BEN, ANA], "{fault:?}");
        }
    }
}

#[tokio::test]
async fn after_a_lost_response_only_users_that_are_still_missing_are_invited() {
    let script = [
        users([]),
        users([BEN]),
        users([]),
        lost(),
        users([ANA]),
        users([]),
        invited([(EVE, "Sent")]),
        users([EVE]),
    ];
    let (result, server) = ensured_by(script, [ANA, BEN, EVE]).await;
    let all = [("recovered", ANA), ("existed", BEN), ("created", EVE)];
    assert_eq!(outcomes(&result.unwrap()), expected(all));
    assert_eq!(invitations(&server), [json!([ANA, EVE]), json!([EVE])]);
    let invite = "POST /accounts/acme/users?operation=add";
    assert_eq!(lines(&server).iter().filter(|line| **line == invite).count(), 2);
}

#[tokio::test]
async fn the_outcome_depends_on_the_user_and_not_on_the_status_of_the_email() {
    for (status, how) in [("Sent", "created"), ("Failed", "created"), ("NotSent", "existed")] {
        let script = [users([]), invited([(ANA, status)]), users([ANA])];
        let (result, _) = ensured_by(script, [ANA]).await;
        assert_eq!(outcomes(&result.unwrap()), expected([(how, ANA)]), "{status}");
    }
    // An earlier attempt has created the user.
    let script = [users([]), lost(), users([]), invited([(ANA, "NotSent")]), users([ANA])];
    let (result, _) = ensured_by(script, [ANA]).await;
    assert_eq!(outcomes(&result.unwrap()), expected([("recovered", ANA)]));
}

#[tokio::test]
async fn an_address_without_a_user_after_the_response_is_an_error() {
    for status in ["Failed", "Sent"] {
        let invites = invited([(ANA, "Sent"), (BEN, status)]);
        let script = [users([]), users([]), invites, users([ANA]), users([])];
        let (result, _) = ensured_by(script, [ANA, BEN]).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
        assert_eq!((error.operation(), error.attempts()), (Some("InviteUsers"), 1));
        assert!(error.may_have_applied());
        assert!(error.to_string().contains("has no user with one of the addresses"), "{error}");
    }
}

#[tokio::test]
async fn the_error_of_a_failed_look_after_the_response_says_that_the_call_may_have_run() {
    let script = [users([]), invited([(ANA, "Sent")]), lost(), lost(), lost()];
    let (result, _) = ensured_by(script, [ANA]).await;
    let error = result.unwrap_err();
    assert_eq!(error.operation(), Some("ListUsers"));
    assert!(error.may_have_applied() && error.is_server_error(), "{error:?}");
}

#[tokio::test]
async fn a_repeated_address_is_invited_once_and_an_empty_list_sends_nothing() {
    let (_chime, client, acme) = start().await;
    let addresses = [ANA, "ANA@example.com"];
    let ensured = client.invite_users(&acme, addresses).ensure().await.unwrap();
    assert_eq!(outcomes(&ensured), expected([("created", ANA), ("created", ANA)]));
    assert_eq!(emails(&client, &acme).await, [ANA]);

    let (result, _) = ensured_by([], []).await;
    assert!(result.unwrap().is_empty());
}

#[tokio::test]
async fn a_refusal_because_of_the_account_type_is_returned() {
    let (chime, client, _) = start().await;
    let birch = chime.add_account("Birch", AccountType::EnterpriseDirectory).unwrap().account_id;
    let error = client.invite_users(&birch, [ANA]).ensure().await.unwrap_err();
    assert!(error.is_access_denied() && !error.may_have_applied(), "{error:?}");
    assert_eq!(error.operation(), Some("InviteUsers"));
}
