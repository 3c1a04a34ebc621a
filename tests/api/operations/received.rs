//! The record of requests that an embedded Chime has received.

use amazon_chime::RetryConfig;
use amazon_chime::local::LocalChime;
use serde_json::Value;

use super::model::Location;
use super::sensitive::assert_hides;
use super::table;

#[tokio::test]
async fn an_embedded_chime_records_every_parameter_and_shows_nothing_sensitive() {
    let chime = LocalChime::start().unwrap();
    let client = chime.client_builder().retry(RetryConfig::disabled()).build().unwrap();
    for entry in table() {
        // Most calls fail because their resources do not exist.
        _ = entry.sample_call(&client).sending.await;
        let requests = chime.requests();
        let request = requests.last().unwrap();
        assert_eq!(request.operation, Some(entry.name));
        assert!(request.status.is_some());
        for (name, given) in entry.sample().0 {
            let is_in_body = entry.model().input()[&name].location == Location::Body;
            let expected =
                if is_in_body || given.is_string() { given } else { given.to_string().into() };
            let received = request.parameter(&name).unwrap_or(&Value::Null);
            // The identifier of a phone number may have `+` or `%2B`.
            let [received, expected] =
                [received, &expected].map(|value| value.to_string().replace("%2B", "+"));
            assert_eq!(received, expected, "{name} of {}", entry.name);
        }
        assert_hides(&format!("{request:?} {request:#?}"), entry.name);
    }
}
