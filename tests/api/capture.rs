//! A subscriber that records spans and events.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::support::{Server, answer};

/// A layer that records the spans and events of all crates, at all levels.
#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Log>>);

#[derive(Default)]
pub(crate) struct Log {
    pub(crate) spans: Vec<Record>,
    pub(crate) events: Vec<Record>,
    /// Maps the ids of the open spans to positions in `spans`. `tracing` reuses ids.
    places: HashMap<u64, usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) target: String,
    pub(crate) name: String,
    pub(crate) level: Level,
    pub(crate) fields: Fields,
    /// The names of the enclosing spans, outermost first.
    pub(crate) inside: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Record {
    fn new(metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields), inside: Vec<String>) -> Self {
        let mut fields = Fields::default();
        record(&mut fields);
        let (target, name) = (metadata.target().to_owned(), metadata.name().to_owned());
        Self { target, name, level: *metadata.level(), fields, inside }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.0.get(name).map(String::as_str)
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.target.starts_with("amazon_chime")
    }
}

impl<S> Layer<S> for Capture
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut log = self.0.lock().unwrap();
        let place = log.spans.len();
        log.places.insert(id.into_u64(), place);
        let record = |fields: &mut Fields| attributes.record(fields);
        log.spans.push(Record::new(attributes.metadata(), record, Vec::new()));
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, _: Context<'_, S>) {
        let mut log = self.0.lock().unwrap();
        let place = log.places[&id.into_u64()];
        values.record(&mut log.spans[place].fields);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let spans = context
            .event_scope(event)
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root);
        let inside = spans.map(|span| span.name().to_owned()).collect();
        let record = Record::new(event.metadata(), |fields| event.record(fields), inside);
        self.0.lock().unwrap().events.push(record);
    }
}

impl Log {
    /// Returns the spans of this crate: one span per call.
    pub(crate) fn calls(&self) -> Vec<&Record> {
        self.spans.iter().filter(|span| span.is_ours()).collect()
    }

    pub(crate) fn events_at(&self, level: Level) -> Vec<&Record> {
        self.events.iter().filter(|event| event.is_ours() && event.level == level).collect()
    }
}

/// Runs a function and returns the spans and events, at all levels.
pub(crate) fn traced(run: impl AsyncFnOnce()) -> Log {
    // The first use of a trace point decides whether a subscriber wants the trace point. The first use may be in the
    // thread of another test, which has no subscriber. So this call uses all trace points before the real subscriber is
    // created.
    observed(async || {
        let script = [answer(429, ""), answer(200, "{}")];
        Server::playing(script).await.client().list_accounts().await.unwrap();
    });
    observed(run)
}

fn observed(run: impl AsyncFnOnce()) -> Log {
    let capture = Capture::default();
    let subscriber = tracing_subscriber::registry().with(capture.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tracing::subscriber::with_default(subscriber, || runtime.block_on(run()));
    drop(runtime);
    std::mem::take(&mut *capture.0.lock().unwrap())
}
