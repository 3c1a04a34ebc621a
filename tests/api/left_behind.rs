//! Responses to an earlier call that a proxy delivers to the next call.

use amazon_chime::{ErrorKind, User};

use crate::support::{Action, Server, http};

fn user(id: &str, email: &str) -> Vec<u8> {
    let json = format!(r#"{{"User":{{"UserId":"{id}","PrimaryEmail":"{email}"}}}}"#);
    http(201, &[], &json)
}

/// Starts a service that sends two responses to each request: the response to the previous request, and then the right
/// response.
async fn service(mut answer: impl FnMut(usize) -> Vec<u8> + Send + 'static) -> Server {
    let mut number = 0;
    Server::start(move |_| {
        let left_behind = if number == 0 { Vec::new() } else { answer(number - 1) };
        let own = answer(number);
        number += 1;
        Action::Answer([left_behind, own].concat())
    })
    .await
}

fn email(user: &User) -> &str {
    user.primary_email.as_ref().unwrap().expose()
}

#[tokio::test]
async fn a_create_never_returns_the_user_of_another_call() {
    let server = service(|number| user("u", &format!("user-{number}@example.com"))).await;
    let client = server.client();
    let mut refused = 0;
    for number in 0..100 {
        let expected = format!("user-{number}@example.com");
        match client.create_user("a").email(expected.as_str()).await {
            Ok(user) => assert_eq!(email(&user), expected),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
                assert!(error.may_have_applied() && error.attempts() == 1, "{error:?}");
                let text = format!("{error} {error:?}");
                assert!(text.contains("its Email is not") && !text.contains('@'), "{text}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "an answer was found that belongs to another call");
    assert_eq!(server.reads(), 100, "no create was sent twice");
}

#[tokio::test]
async fn a_read_that_gets_the_response_to_another_call_is_sent_again() {
    let server = service(|number| user(&format!("u-{}", number.min(1)), "ana@example.com")).await;
    let client = server.client();
    client.get_user("a", "u-0").await.unwrap();
    let response = client.get_user("a", "u-1").send_with_metadata().await.unwrap();
    assert_eq!((response.output.user_id.as_str(), response.attempts), ("u-1", 2));
}
