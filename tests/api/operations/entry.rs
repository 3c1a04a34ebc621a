//! An entry of the table of operations: how the tests call one operation with values from AWS's model.

use std::fmt::Debug;
use std::hash::Hash;
use std::pin::Pin;

use amazon_chime::operations::{AsJson, List, Operation};
use amazon_chime::{Client, Error, Items, Pages, Request};
use futures_util::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, to_value};

use super::model::{self, MODEL};
use super::sample::{self, Given};

pub(crate) struct Entry {
    pub(crate) name: &'static str,
    /// A parameter that this entry does not set.
    pub(crate) without: Option<&'static str>,
    required: MakeCall,
    all: MakeCall,
}

type MakeCall = Box<dyn Fn(&Client, &Given) -> Call>;

/// A type-erased call of an operation.
pub(crate) struct Call {
    /// The `Debug` forms of the request, and of its streams.
    pub(crate) shown: String,
    pub(crate) sending: Sending<Success>,
    /// The same call with the response as JSON text.
    pub(crate) sending_as_json: Sending<String>,
}

type Sending<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) json: Value,
    /// The `Debug` forms of the output.
    pub(crate) shown: String,
}

/// Creates an entry for an operation without optional parameters. The closure creates a request from the values.
pub(crate) fn call<O>(
    name: &'static str,
    required: impl Fn(&Client, &Given) -> Request<O> + Copy + 'static,
) -> Entry
where
    O: Operation,
    O::Output: Data,
    <AsJson<O> as Operation>::Output: Serialize,
{
    call_with(name, required, |request, _| request)
}

/// Creates an entry for an operation with optional parameters. The second closure sets all of them.
pub(crate) fn call_with<O>(
    name: &'static str,
    required: impl Fn(&Client, &Given) -> Request<O> + Copy + 'static,
    optional: impl Fn(Request<O>, &Given) -> Request<O> + 'static,
) -> Entry
where
    O: Operation,
    O::Output: Data,
    <AsJson<O> as Operation>::Output: Serialize,
{
    call_with_items(name, required, move |client, given| optional(required(client, given), given))
}

/// Creates an entry for an operation whose optional parameters are within required parameters. The first closure
/// creates a request without the optional parameters, the second closure a request with all of them.
pub(crate) fn call_with_items<O>(
    name: &'static str,
    required: impl Fn(&Client, &Given) -> Request<O> + 'static,
    all: impl Fn(&Client, &Given) -> Request<O> + 'static,
) -> Entry
where
    O: Operation,
    O::Output: Data,
    <AsJson<O> as Operation>::Output: Serialize,
{
    Entry {
        name,
        without: None,
        required: Box::new(move |client, given| single(required(client, given))),
        all: Box::new(move |client, given| single(all(client, given))),
    }
}

/// Creates an entry for a listing with pages. The second closure sets all optional parameters except `MaxResults` and
/// `NextToken`.
pub(crate) fn list_with<L>(
    name: &'static str,
    required: impl Fn(&Client, &Given) -> Request<L> + Copy + 'static,
    optional: impl Fn(Request<L>, &Given) -> Request<L> + 'static,
) -> Entry
where
    L: List,
    L::Output: Data,
    <AsJson<L> as Operation>::Output: Serialize,
{
    let paged = move |client: &Client, given: &Given| {
        let request = optional(required(client, given), given);
        request.max_results(given.number("MaxResults")).next_token(given.text("NextToken"))
    };
    Entry {
        name,
        without: None,
        required: Box::new(move |client, given| listing(required(client, given))),
        all: Box::new(move |client, given| listing(paged(client, given))),
    }
}

impl Entry {
    pub(crate) fn model(&self) -> &'static model::Operation {
        MODEL.operation(self.name)
    }

    /// Returns the entry without a parameter, which may be within another parameter. A second entry of the operation
    /// must set it.
    pub(crate) fn without(self, parameter: &'static str) -> Self {
        Self { without: Some(parameter), ..self }
    }

    /// Returns a value for each parameter.
    pub(crate) fn sample(&self) -> Given {
        self.variant(0)
    }

    /// Returns a value for each parameter. Each variant uses other enum values.
    pub(crate) fn variant(&self, variant: usize) -> Given {
        self.given(sample::input(self.model().input(), variant))
    }

    /// Returns a value for each required parameter.
    pub(crate) fn minimal_sample(&self) -> Given {
        self.given(sample::minimal_input(self.model().input()))
    }

    fn given(&self, mut values: Map<String, Value>) -> Given {
        if let Some(parameter) = self.without {
            remove(&mut values, parameter);
        }
        Given(values)
    }

    pub(crate) fn call_with_required(&self, client: &Client, given: &Given) -> Call {
        (self.required)(client, given)
    }

    /// Returns a call with all parameters of the entry.
    pub(crate) fn call(&self, client: &Client, given: &Given) -> Call {
        (self.all)(client, given)
    }

    /// Returns a call with sample values for all parameters.
    pub(crate) fn sample_call(&self, client: &Client) -> Call {
        self.call(client, &self.sample())
    }
}

/// Removes a member at any depth.
fn remove(members: &mut Map<String, Value>, name: &str) {
    members.remove(name);
    for member in members.values_mut() {
        match member {
            Value::Object(members) => remove(members, name),
            Value::Array(items) => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(|item| {
                    remove(item, name);
                });
            }
            _ => {}
        }
    }
}

/// The traits of every output.
pub(crate) trait Data:
    Clone + Debug + Eq + Hash + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

impl<T> Data for T where
    T: Clone + Debug + Eq + Hash + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

fn single<O>(request: Request<O>) -> Call
where
    O: Operation,
    O::Output: Data,
    <AsJson<O> as Operation>::Output: Serialize,
{
    fn is_shareable<T: Clone + Debug + Send + Sync + 'static>(_: &T) {}
    fn is_sendable<T>(_: &(impl Future<Output = T> + Send + 'static)) {}
    is_shareable(&request);
    is_sendable(&request.clone().send());
    let shown = shown(&request);
    let as_json = request.clone().as_json();
    let sending_as_json = Box::pin(async move {
        let output = as_json.send().await?;
        Ok(serde_json::to_string(&output).expect("JSON can be written"))
    });
    let sending = Box::pin(async move {
        let response = request.send_with_metadata().await?;
        is_shareable(&response);
        let json = to_value(&response.output).expect("outputs can be written as JSON");
        let read: O::Output = serde_json::from_value(json.clone()).expect("and read again");
        assert_eq!(read, response.output);
        Ok(Success { json, shown: self::shown(&response) })
    });
    Call { shown, sending, sending_as_json }
}

fn listing<L>(request: Request<L>) -> Call
where
    L: List,
    L::Output: Data,
    <AsJson<L> as Operation>::Output: Serialize,
{
    fn is_stream<S: Stream + Debug + Send + Unpin + 'static>(stream: &S) -> String {
        shown(stream)
    }
    let pages: Pages<L> = request.clone().pages();
    let items: Items<L> = request.clone().items();
    let streams = is_stream(&pages) + &is_stream(&items);
    let call = single(request);
    Call { shown: call.shown + &streams, ..call }
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}\n")
}
