//! The log line of each request: operation, status, duration and identifiers, but no values.

use std::collections::BTreeMap;
use std::time::SystemTime;

use amazon_chime::chrono::{DateTime, SecondsFormat, Utc};
use amazon_chime::local::ReceivedRequest;
use clap::ValueEnum;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::json;

use crate::output::tell;

/// The format of a log line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Format {
    /// Returns a function that prints a line for each request.
    pub(crate) fn observer(self) -> impl Fn(&ReceivedRequest) + Send + Sync + 'static {
        move |request| tell(self.line(request, SystemTime::now().into()))
    }

    fn line(self, request: &ReceivedRequest, now: DateTime<Utc>) -> String {
        let time = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        match self {
            Self::Text => {
                let operation = request.operation.unwrap_or("-");
                let status = request.status.map_or("-".to_owned(), |status| status.to_string());
                let milliseconds = request.duration.unwrap_or_default().as_secs_f64() * 1000.0;
                let mut line = format!("{time} {operation} {status} {milliseconds:.1} ms");
                for (name, id) in ids(request) {
                    line = format!("{line} {name}={}", utf8_percent_encode(&id, ESCAPED));
                }
                line
            }
            Self::Json => json!({
                "time": time,
                "operation": request.operation,
                "status": request.status,
                "microseconds": request.duration.map(|duration| duration.as_micros()),
                "ids": ids(request),
            })
            .to_string(),
        }
    }
}

/// Returns the identifiers in a request, except identifiers of phone numbers, which contain the number.
fn ids(request: &ReceivedRequest) -> BTreeMap<&'static str, String> {
    let id = |name: &&'static str| Some((*name, request.parameter(name)?.as_str()?.to_owned()));
    IDS.iter().filter_map(id).collect()
}

const IDS: [&str; 6] = ["AccountId", "UserId", "RoomId", "MemberId", "BotId", "PhoneNumberOrderId"];

/// The characters that could end a line, add fields to it, or control a terminal.
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'=').add(b'%');
