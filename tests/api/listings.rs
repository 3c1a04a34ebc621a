//! Listings: single pages, streams of pages, and streams of items.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Waker};

use amazon_chime::local::LocalChime;
use amazon_chime::{Account, Client, ErrorKind, UserType};
use futures_util::stream::FusedStream;
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::{Action, Seen, Server, answer, http};

fn page_with(names: &[&str], token: &serde_json::Value) -> String {
    let account = |name: &&str| json!({ "AwsAccountId": "1", "AccountId": name, "Name": name });
    let accounts: Vec<_> = names.iter().map(account).collect();
    json!({ "Accounts": accounts, "NextToken": token }).to_string()
}

/// Returns a page with the token of the next page, if there is a token.
fn page(names: &[&str], token: Option<&str>) -> Action {
    answer(200, &page_with(names, &json!(token)))
}

fn token_of(request: &Seen) -> Option<&str> {
    let (_, query) = request.target.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("next-token="))
}

fn name(account: Result<Account, amazon_chime::Error>) -> String {
    account.unwrap().name
}

fn names(accounts: &[Account]) -> Vec<&str> {
    accounts.iter().map(|account| account.name.as_str()).collect()
}

async fn chime_with(names: impl IntoIterator<Item = String>) -> (LocalChime, Client) {
    let chime = LocalChime::start().unwrap();
    let client = chime.client();
    for name in names {
        client.create_account(name).await.unwrap();
    }
    (chime, client)
}

#[tokio::test]
async fn the_longest_page_of_users_is_read() {
    // Each character of a name may take 12 bytes, because JSON can write it as two escapes.
    let name = "\\ud83e\\udd80".repeat(512);
    let arn = "a".repeat(2048);
    let user = format!(
        r#"{{"UserId":"{id}","AccountId":"{id}","PrimaryEmail":"{email}","DisplayName":"{name}",
        "AlexaForBusinessMetadata":{{"AlexaForBusinessRoomArn":"{arn}"}}}}"#,
        id = "u".repeat(36),
        email = "e".repeat(320),
    );
    let body = format!(r#"{{"Users":[{}]}}"#, vec![user; 200].join(","));
    assert!(body.len() > 1 << 20);
    let server = Server::playing([answer(200, &body)]).await;
    let page = server.client().list_users("u".repeat(36)).await.unwrap();
    assert_eq!(page.items.len(), 200);
}

#[tokio::test]
async fn send_returns_one_page_with_the_token_of_the_next() {
    let (_chime, client) = chime_with(["a", "b", "c"].map(str::to_owned)).await;
    let first = client.list_accounts().max_results(2).await.unwrap();
    assert_eq!(names(&first.items), ["a", "b"]);
    let token = first.next_token.unwrap();
    let second = client.list_accounts().max_results(2).next_token(token).send().await.unwrap();
    assert_eq!(names(&second.items), ["c"]);
    assert_eq!(second.next_token, None);
}

#[tokio::test]
async fn pages_of_every_size_have_all_accounts_in_order() {
    let all: Vec<String> = (0..11).map(|number| format!("account {number}")).collect();
    let (_chime, client) = chime_with(all.clone()).await;
    for size in 1..=5 {
        let request = client.list_accounts().max_results(size);
        let items: Vec<_> = request.clone().items().map(name).collect().await;
        assert_eq!(items, all, "{size} a page");
        let pages: Vec<_> = request.pages().try_collect().await.unwrap();
        let sizes: Vec<_> = pages.iter().map(|page| page.items.len()).collect();
        let size = size as usize;
        assert_eq!(sizes.len(), 11_usize.div_ceil(size), "{sizes:?}");
        assert!(sizes[..sizes.len() - 1].iter().all(|length| *length == size), "{sizes:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_before_a_stream_is_polled() {
    let server = Server::playing([]).await;
    let client = server.client();
    let items = client.list_accounts().items();
    let pages = client.list_accounts().pages();
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    drop((items, pages));
    assert_eq!(server.state().connections, 0);
}

#[tokio::test]
async fn the_next_page_is_requested_only_after_all_items_of_the_page_before() {
    let server = Server::playing([page(&["a", "b"], Some("t")), page(&["c"], None)]).await;
    let mut items = server.client().list_accounts().items();
    for (expected, requests) in [("a", 1), ("b", 1), ("c", 2)] {
        assert_eq!(name(items.next().await.unwrap()), expected);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        assert_eq!(server.reads(), requests, "after {expected}");
    }
    assert!(items.next().await.is_none());
    assert_eq!(server.reads(), 2, "the end is known without asking");
}

#[tokio::test]
async fn the_size_hint_is_the_number_of_items_left_on_the_current_page() {
    let server = Server::playing([page(&["a", "b", "c"], None)]).await;
    let mut items = server.client().list_accounts().items();
    assert_eq!(items.size_hint(), (0, None));
    items.next().await.unwrap().unwrap();
    assert_eq!(items.size_hint(), (2, None));
}

#[tokio::test]
async fn the_debug_text_of_a_stream_names_the_operation_and_hides_e_mail_addresses() {
    let server = Server::playing([]).await;
    let request = server.client().list_accounts().user_email("ana@example.com");
    let texts = [format!("{:?}", request.clone().pages()), format!("{:?}", request.items())];
    for (text, name) in texts.iter().zip(["Pages {", "Items {"]) {
        assert!(text.starts_with(name) && text.contains("ListAccounts"), "{text}");
        assert!(!text.contains("ana@example.com"), "{text}");
    }
}

#[tokio::test]
async fn an_empty_page_with_a_token_is_not_the_end() {
    let script = || {
        let pages = [(&[][..], Some("1")), (&["a"], Some("2")), (&[], Some("3")), (&["b"], None)];
        pages.map(|(names, token)| page(names, token))
    };
    let server = Server::playing(script().into_iter().chain(script())).await;
    let client = server.client();
    let items: Vec<_> = client.list_accounts().items().map(name).collect().await;
    assert_eq!(items, ["a", "b"]);
    let pages: Vec<_> = client.list_accounts().pages().try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [0, 1, 0, 1]);
}

#[tokio::test]
async fn absent_null_and_empty_tokens_end_a_listing() {
    let absent = r#"{"Accounts":[{"AwsAccountId":"1","AccountId":"a","Name":"a"}]}"#.to_owned();
    let ends = [absent, page_with(&["a"], &json!(null)), page_with(&["a"], &json!(""))];
    for body in ends {
        let server = Server::playing([answer(200, &body), answer(200, &body)]).await;
        let mut items = server.client().list_accounts().items();
        assert_eq!(name(items.next().await.unwrap()), "a");
        assert!(items.next().await.is_none(), "{body}");
        assert_eq!(items.next_token(), None);
        let page = server.client().list_accounts().await.unwrap();
        assert_eq!(page.next_token, None, "{body}");
    }
}

#[tokio::test]
async fn absent_and_null_lists_are_empty_pages() {
    for body in [r#"{"NextToken":null}"#, r#"{"Accounts":null}"#, "{}"] {
        let server = Server::playing([answer(200, body)]).await;
        assert!(server.client().list_accounts().items().next().await.is_none(), "{body}");
    }
}

/// Reads a listing whose pages have these tokens. Each page has one item, whose name is the number of the page.
async fn listing_of_tokens(tokens: &[&str], start: Option<&str>) -> (Server, Vec<String>) {
    let pages = tokens.iter().enumerate();
    let pages = pages.map(|(number, token)| page(&[&number.to_string()], Some(token)));
    let server = Server::playing(pages.collect::<Vec<_>>()).await;
    let mut items = server.client().list_accounts().next_token(start.unwrap_or_default()).items();
    let mut seen = Vec::new();
    let error = loop {
        match items.next().await.expect("an error comes before the end") {
            Ok(account) => seen.push(account.name),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Listing, "{error}");
    assert_eq!(error.operation(), Some("ListAccounts"));
    assert!(!error.to_string().contains(tokens[0]), "a token is opaque: {error}");
    for _ in 0..3 {
        assert!(items.next().await.is_none(), "one error, and then nothing");
    }
    assert_eq!(server.reads(), tokens.len(), "no page twice");
    (server, seen)
}

#[tokio::test]
async fn a_token_sent_twice_is_an_error_after_the_items_of_its_page() {
    let (_, seen) = listing_of_tokens(&["tokenA", "tokenA"], None).await;
    assert_eq!(seen, ["0", "1"]);
}

#[tokio::test]
async fn a_cycle_of_tokens_is_an_error_after_the_items_of_its_pages() {
    let (_, seen) = listing_of_tokens(&["tokenA", "tokenB", "tokenA"], None).await;
    assert_eq!(seen, ["0", "1", "2"]);
}

#[tokio::test]
async fn the_token_that_a_listing_started_with_counts_as_seen() {
    let (server, seen) = listing_of_tokens(&["tokenB", "tokenA"], Some("tokenA")).await;
    assert_eq!(seen, ["0", "1"]);
    assert_eq!(token_of(&server.state().requests[0]), Some("tokenA"));
}

#[tokio::test]
async fn a_stream_of_pages_returns_a_page_before_the_error_for_its_repeated_token() {
    let server = Server::playing([page(&["a"], Some("A")), page(&["b"], Some("A"))]).await;
    let mut pages = server.client().list_accounts().pages();
    assert_eq!(names(&pages.try_next().await.unwrap().unwrap().items), ["a"]);
    assert_eq!(names(&pages.try_next().await.unwrap().unwrap().items), ["b"]);
    assert_eq!(pages.try_next().await.unwrap_err().kind(), ErrorKind::Listing);
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(server.reads(), 2);
}

#[tokio::test]
async fn streams_return_none_again_after_their_end() {
    let server = Server::playing([page(&["a"], None), page(&["a"], None)]).await;
    let client = server.client();
    let (mut items, mut pages) = (client.list_accounts().items(), client.list_accounts().pages());
    items.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    for _ in 0..3 {
        assert!(items.next().await.is_none());
        assert!(pages.next().await.is_none());
    }
    assert_eq!(server.reads(), 2);
}

#[tokio::test]
async fn an_error_in_the_middle_comes_after_the_items_before_it_and_ends_the_stream() {
    let script = [page(&["a", "b"], Some("t")), answer(403, "{}"), page(&["c"], None)];
    let server = Server::playing(script).await;
    let mut items = server.client().list_accounts().items();
    assert_eq!(items.next_token(), None);
    assert_eq!(name(items.next().await.unwrap()), "a");
    assert_eq!(name(items.next().await.unwrap()), "b");
    assert_eq!(items.next_token(), Some("t"));
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Service, Some(403)));
    assert_eq!(items.next_token(), Some("t"), "the page that could not be fetched");
    for _ in 0..3 {
        assert!(items.next().await.is_none());
    }
    assert_eq!(server.reads(), 2, "nothing is sent after an error");
}

#[tokio::test]
async fn a_success_that_is_no_page_never_ends_a_listing() {
    for body in [r#"{"Message":"Internal failure","Code":"ServiceFailure"}"#, r#"{"Users":[]}"#] {
        let listing = || async {
            let script = [page(&["a"], Some("t")), answer(200, body), answer(200, body)];
            let client = Server::playing(script.into_iter().chain([answer(200, body)])).await;
            client.client().list_accounts()
        };
        let mut items = listing().await.items();
        assert_eq!(items.try_next().await.unwrap().unwrap().name, "a");
        let error = items.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableAnswer, "{error}");
        assert_eq!(items.next_token(), Some("t"));

        let mut pages = listing().await.pages();
        assert_eq!(pages.try_next().await.unwrap().unwrap().items.len(), 1);
        assert_eq!(pages.try_next().await.unwrap_err().kind(), ErrorKind::UnreadableAnswer);
    }
}

#[tokio::test]
async fn a_listing_that_starts_at_the_failed_page_returns_exactly_the_rest() {
    let mut failures = 1;
    let server = Server::start(move |request| match token_of(request) {
        None => page(&["a"], Some("t1")),
        Some("t1") => page(&["b"], Some("t2")),
        Some("t2") if failures > 0 => {
            failures -= 1;
            answer(403, "{}")
        }
        Some("t2") => page(&["c"], Some("t3")),
        Some(_) => page(&["d"], None),
    })
    .await;
    let client = server.client();
    let mut items = client.list_accounts().items();
    let before: Vec<_> = items
        .by_ref()
        .take_while(|item| std::future::ready(item.is_ok()))
        .map(name)
        .collect()
        .await;
    assert_eq!(before, ["a", "b"]);
    let token = items.next_token().unwrap().to_owned();
    let rest: Vec<_> = client.list_accounts().next_token(token).items().map(name).collect().await;
    assert_eq!(rest, ["c", "d"]);
}

#[tokio::test]
async fn a_temporary_error_in_the_middle_is_retried_and_not_returned() {
    let script = [page(&["a"], Some("t")), Action::close(), answer(503, ""), page(&["b"], None)];
    let server = Server::playing(script).await;
    let items: Vec<_> = server.client().list_accounts().items().map(name).collect().await;
    assert_eq!(items, ["a", "b"]);
    assert_eq!(server.reads(), 4);
}

#[tokio::test]
async fn an_empty_starting_token_is_not_sent() {
    let server = Server::playing([page(&[], None), page(&[], None)]).await;
    let request = server.client().list_accounts().next_token("t").next_token("");
    request.clone().send().await.unwrap();
    assert!(request.items().next().await.is_none());
    assert_eq!(server.targets(), ["/accounts", "/accounts"]);
}

#[tokio::test]
async fn a_stream_of_pages_knows_the_token_of_the_next_page() {
    let server = Server::playing([page(&["a"], Some("t2")), page(&["b"], None)]).await;
    let mut pages = server.client().list_accounts().next_token("t1").pages();
    assert_eq!(pages.next_token(), Some("t1"));
    pages.next().await.unwrap().unwrap();
    assert_eq!(pages.next_token(), Some("t2"));
    pages.next().await.unwrap().unwrap();
    assert_eq!(pages.next_token(), None);
}

#[tokio::test]
async fn filters_and_page_size_are_repeated_with_every_token() {
    let script = [page(&["a"], Some("x+/=&")), page(&["b"], Some("y")), page(&["c"], None)];
    let server = Server::playing(script.clone()).await;
    let request = server.client().list_accounts().name_prefix("A b").max_results(7);
    let items: Vec<_> = request.items().map(name).collect().await;
    assert_eq!(items, ["a", "b", "c"]);
    let base = "/accounts?name=A%20b&max-results=7";
    let second = format!("{base}&next-token=x%2B%2F%3D%26");
    assert_eq!(server.targets(), [base.to_owned(), second, format!("{base}&next-token=y")]);

    let users = r#"{"Users":[],"NextToken":"n"}"#;
    let server = Server::playing([answer(200, users), answer(200, r#"{"Users":[]}"#)]).await;
    let request = server.client().list_users("acc").user_type(UserType::SharedDevice);
    let request = request.user_email("ana@example.com").max_results(3);
    assert!(request.items().next().await.is_none());
    let base =
        "/accounts/acc/users?user-email=ana%40example.com&user-type=SharedDevice&max-results=3";
    assert_eq!(server.targets(), [base.to_owned(), format!("{base}&next-token=n")]);
}

#[tokio::test]
async fn dropping_futures_of_next_loses_and_repeats_no_item() {
    let told = Arc::new(Notify::new());
    let when_told = |names: &[&str], token: Option<&str>| {
        let bytes = http(200, &[], &page_with(names, &json!(token)));
        Action::AnswerWhenTold(Arc::clone(&told), bytes)
    };
    let script =
        [when_told(&["a", "b"], Some("t1")), when_told(&[], Some("t2")), when_told(&["c"], None)];
    let server = Server::playing(script).await;
    let mut items = server.client().list_accounts().items();
    let mut seen = Vec::new();
    for requests in 1..=3 {
        // During each request, one future is dropped after the server has received the request. Several other futures
        // are dropped after one poll.
        tokio::select! {
            biased;
            item = items.next() => panic!("nothing was answered, and yet: {item:?}"),
            () = server.until(|state| state.requests.len() == requests) => {}
        }
        for _ in 0..5 {
            assert!(items.next().now_or_never().is_none());
            assert!(items.try_next().now_or_never().is_none());
            tokio::task::yield_now().await;
        }
        assert_eq!(server.reads(), requests);
        told.notify_one();
        match requests {
            1 => {
                seen.push(name(items.next().await.unwrap()));
                // The second item is ready, so one poll returns it.
                seen.push(name(items.next().now_or_never().unwrap().unwrap()));
            }
            // This page is empty, so the next page is requested.
            2 => {}
            _ => seen.push(name(items.next().await.unwrap())),
        }
    }
    assert!(items.next().await.is_none());
    assert_eq!(seen, ["a", "b", "c"]);
    assert_eq!(server.reads(), 3, "no request was sent twice");
}

#[tokio::test]
async fn a_dropped_stream_cancels_its_request() {
    let server = Server::playing([Action::Stall(Vec::new())]).await;
    let mut pages = server.client().list_accounts().pages();
    tokio::select! {
        page = pages.next() => panic!("nothing was answered, and yet: {page:?}"),
        () = server.until(|state| state.requests.len() == 1) => {}
    }
    assert_eq!(server.state().closed, 0);
    drop(pages);
    server.until(|state| state.closed == 1).await;
}

#[tokio::test]
async fn the_combinators_of_futures_work() {
    let (_chime, client) = chime_with((0..7).map(|number| number.to_string())).await;
    let items = || client.list_accounts().max_results(2).items();

    let all: Vec<Account> = items().try_collect().await.unwrap();
    assert_eq!(names(&all), ["0", "1", "2", "3", "4", "5", "6"]);
    let some: Vec<_> = items().skip(1).take(3).map(name).collect().await;
    assert_eq!(some, ["1", "2", "3"]);
    let pairs: Vec<_> =
        items().zip(items().skip(5)).map(|(one, other)| name(one) + &name(other)).collect().await;
    assert_eq!(pairs, ["05", "16"]);
    let details: Vec<Account> = items()
        .map_ok(|account| client.get_account(account.account_id).send())
        .try_buffered(3)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(details, all);
    let batches: Vec<_> = client.list_accounts().max_results(3).pages().collect().await;
    assert_eq!(batches.len(), 3);
    let merged = futures_util::stream::select(items(), items()).count().await;
    assert_eq!(merged, 14);
}

#[tokio::test]
async fn a_stream_can_be_sent_to_another_task_in_the_middle() {
    let (_chime, client) = chime_with((0..5).map(|number| number.to_string())).await;
    let mut items = client.list_accounts().max_results(2).items();
    assert_eq!(name(items.next().await.unwrap()), "0");
    let rest = tokio::spawn(async move { items.map(name).collect::<Vec<_>>().await });
    assert_eq!(rest.await.unwrap(), ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_stream_wakes_the_task_that_polled_it_last() {
    let told = Arc::new(Notify::new());
    let bytes = http(200, &[], &page_with(&["a"], &json!(null)));
    let server = Server::playing([Action::AnswerWhenTold(Arc::clone(&told), bytes)]).await;
    let mut items = Box::pin(server.client().list_accounts().items());
    let mut idle = Context::from_waker(Waker::noop());
    assert!(items.as_mut().poll_next(&mut idle).is_pending());
    // The stream was polled with a waker that does nothing. Now the task polls it with its own waker.
    told.notify_one();
    assert_eq!(name(items.next().await.unwrap()), "a");
    assert_eq!(server.reads(), 1);
}

#[tokio::test]
async fn a_listing_of_2000_pages_is_read_to_its_end() {
    const PAGES: usize = 2_000;
    let mut number = 0;
    let server = Server::start(move |request| {
        let expected = (number > 0).then(|| format!("token-{number}"));
        assert_eq!(token_of(request), expected.as_deref());
        number += 1;
        let token = (number < PAGES).then(|| format!("token-{number}"));
        page(&[&number.to_string()], token.as_deref())
    })
    .await;
    let mut items = server.client().list_accounts().max_results(1).items();
    let mut count = 0;
    while let Some(account) = items.try_next().await.unwrap() {
        count += 1;
        assert_eq!(account.name, count.to_string());
    }
    assert_eq!(count, PAGES);
    assert_eq!(server.state().connections, 1, "one connection serves them all");
}

#[tokio::test]
async fn reading_ahead_fetches_one_page_while_the_caller_works_on_another() {
    let script = [page(&["a"], Some("1")), page(&["b"], Some("2")), page(&["c"], None)];
    let server = Server::playing(script).await;
    let mut accounts = server.client().list_accounts().items().read_ahead();
    assert_eq!(server.reads(), 0, "nothing is sent before it is polled");
    assert_eq!(name(accounts.next().await.unwrap()), "a");
    server.until(|state| state.requests.len() == 2).await;
    assert_eq!(name(accounts.next().await.unwrap()), "b");
    server.until(|state| state.requests.len() == 3).await;
    assert_eq!(name(accounts.next().await.unwrap()), "c");
    assert!(accounts.next().await.is_none() && accounts.next().await.is_none());
    assert_eq!(server.reads(), 3);
}

#[tokio::test]
async fn reading_ahead_never_has_more_than_one_page_ahead() {
    let told = Arc::new(Notify::new());
    let second = http(200, &[], &page_with(&["b"], &json!("2")));
    let waits = Action::AnswerWhenTold(Arc::clone(&told), second);
    let server = Server::playing([page(&["a"], Some("1")), waits, page(&["c"], None)]).await;
    let mut pages = server.client().list_accounts().pages().read_ahead();
    pages.next().await.unwrap().unwrap();
    server.until(|state| state.requests.len() == 2).await;
    told.notify_one();
    assert_eq!(names(&pages.next().await.unwrap().unwrap().items), ["b"]);
    server.until(|state| state.requests.len() == 3).await;
    assert_eq!(names(&pages.next().await.unwrap().unwrap().items), ["c"]);
}

#[tokio::test]
async fn an_error_of_a_page_read_ahead_comes_after_the_items_before_it() {
    let script = [page(&["a", "b"], Some("1")), answer(403, "")];
    let server = Server::playing(script).await;
    let mut accounts = server.client().list_accounts().items().read_ahead();
    assert_eq!(name(accounts.next().await.unwrap()), "a");
    server.until(|state| state.requests.len() == 2).await;
    assert_eq!(name(accounts.next().await.unwrap()), "b");
    assert!(accounts.next().await.unwrap().unwrap_err().is_access_denied());
    assert_eq!(accounts.next_token(), Some("1"), "it is the page to start anew with");
    assert!(accounts.next().await.is_none());
}

#[tokio::test]
async fn dropping_a_stream_stops_its_reading_ahead() {
    let server = Server::playing([page(&["a"], Some("1")), Action::Stall(Vec::new())]).await;
    let mut accounts = server.client().list_accounts().items().read_ahead();
    accounts.next().await.unwrap().unwrap();
    server.until(|state| state.requests.len() == 2).await;
    drop(accounts);
    server.until(|state| state.closed == 1).await;
}

#[tokio::test]
async fn reading_ahead_loses_and_repeats_no_item() {
    let all: Vec<String> = (0..11).map(|number| format!("account {number}")).collect();
    let (_chime, client) = chime_with(all.clone()).await;
    for size in 1..=5 {
        let request = client.list_accounts().max_results(size);
        let items: Vec<_> = request.items().read_ahead().map(name).collect().await;
        assert_eq!(items, all, "{size} a page");
    }
}

#[tokio::test]
async fn the_rest_of_a_stream_is_collected_until_an_error() {
    let script = || [page(&["a", "b"], Some("t")), page(&["c"], None)];
    let cut = || [page(&["a"], Some("t")), answer(404, "")];
    let server = Server::playing([script(), script(), cut(), cut()].into_iter().flatten()).await;
    let list = || server.client().list_accounts();

    let mut items = list().items();
    assert_eq!(name(items.next().await.unwrap()), "a");
    let rest: VecDeque<Account> = items.try_collect().await.unwrap();
    assert_eq!(rest.iter().map(|account| account.name.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    let pages = list().pages().try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [2, 1]);

    assert!(list().items().try_collect::<Vec<_>>().await.unwrap_err().is_not_found());
    assert!(list().pages().try_collect::<Vec<_>>().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn streams_are_terminated_after_their_end_and_after_an_error() {
    let pages = [page(&["a", "b"], Some("t")), page(&[], None)];
    let cut = [page(&["a"], Some("t")), answer(404, "")];
    let script = [pages.clone(), pages, cut.clone(), cut].into_iter().flatten();
    let server = Server::playing(script).await;
    let list = || server.client().list_accounts();

    let mut items = list().items();
    for _ in ["a", "b"] {
        assert!(!items.is_terminated());
        items.next().await.unwrap().unwrap();
    }
    assert!(!items.is_terminated(), "there is another page, which turns out empty");
    assert!(items.next().await.is_none() && items.is_terminated());

    let mut pages = list().pages();
    for _ in ["first", "last"] {
        assert!(!pages.is_terminated());
        pages.next().await.unwrap().unwrap();
    }
    assert!(pages.is_terminated());

    let mut items = list().items();
    items.next().await.unwrap().unwrap();
    assert!(!items.is_terminated());
    assert!(items.next().await.unwrap().is_err() && items.is_terminated());

    let mut pages = list().pages();
    pages.next().await.unwrap().unwrap();
    assert!(!pages.is_terminated());
    assert!(pages.next().await.unwrap().is_err() && pages.is_terminated());
}

#[tokio::test]
async fn a_stream_is_terminated_only_after_the_error_for_a_repeated_token() {
    let server = Server::playing([page(&["a"], Some("t")), page(&["b"], Some("t"))]).await;
    let mut items = server.client().list_accounts().items();
    for _ in ["a", "b"] {
        items.next().await.unwrap().unwrap();
        assert!(!items.is_terminated());
    }
    assert_eq!(items.next().await.unwrap().unwrap_err().kind(), ErrorKind::Listing);
    assert!(items.is_terminated());
}
