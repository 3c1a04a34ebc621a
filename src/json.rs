//! Responses as JSON, exactly as the service sent them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::asked::{Answers, Asked};
use crate::decode::{Decode, Enveloped, Listed, Model};
use crate::docs::with_client;
use crate::error::Error;
use crate::operation::{Body, Operation, Spec};
use crate::pages::List;
use crate::paging::Paging;
use crate::problem::Problem;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::Validity;

/// The JSON text of a `T` as the service sent it, from [`Request::as_json`].
///
/// It keeps what a model, such as [`User`](crate::User), does not keep: unknown members, timestamps as they were
/// written, numbers of any size, nulls, and the order of the members.
///
/// ```
#[doc = with_client!()]
/// let account = client.create_account("Acme").as_json().await?;
/// let text: &str = account.get();
/// assert!(text.contains(r#""Name":"Acme""#));
///
/// let account: amazon_chime::Account = account.parse()?;
/// assert_eq!(account.name, "Acme");
/// # Ok(()) }
/// ```
///
/// Its `Debug` form hides the content, which may be sensitive. With `serde_json`, its serde form is the JSON itself.
/// Two values are equal if their texts are equal.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T> {
    text: Box<RawValue>,
    #[serde(skip)]
    model: PhantomData<fn() -> T>,
}

impl<T> Json<T> {
    /// Returns the text as the service sent it, which may have line breaks between members.
    #[must_use]
    pub fn get(&self) -> &str {
        self.text.get()
    }

    /// Returns the text as an owned string.
    #[must_use]
    pub fn into_string(self) -> String {
        Box::<str>::from(self.text).into()
    }

    /// Parses the JSON as the model, or as any other type.
    ///
    /// A type of your own can have members that the model does not have:
    ///
    /// ```
    /// use amazon_chime::{AccountId, chrono::DateTime, chrono::Utc};
    ///
    /// #[derive(serde::Deserialize)]
    /// #[serde(rename_all = "PascalCase")]
    /// struct Account {
    ///     account_id: AccountId,
    ///     closed_timestamp: Option<DateTime<Utc>>,
    /// }
    ///
    #[doc = with_client!()]
    /// # client.create_account("Acme").await?;
    /// let mut accounts = client.list_accounts().as_json().items();
    /// while let Some(account) = accounts.try_next().await? {
    ///     let account: Account = account.parse()?;
    ///     println!("{} {:?}", account.account_id, account.closed_timestamp);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnreadableAnswer`](crate::ErrorKind::UnreadableAnswer) if the JSON is not of this type. The
    /// error names the line and the column, and shows nothing of the JSON.
    pub fn parse<U: DeserializeOwned>(&self) -> Result<U, Error> {
        serde_json::from_str(self.get()).map_err(|error| Error::new(Problem::wrong_type(&error)))
    }
}

impl<T> Clone for Json<T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), model: PhantomData }
    }
}

impl<T> PartialEq for Json<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T> Eq for Json<T> {}

impl<T> Hash for Json<T> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.get().hash(hasher);
    }
}

impl<T> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json(***)")
    }
}

/// If the JSON cannot be read as the model, `is_about` returns `Ok`, because `Json` keeps any JSON.
impl<T: Model> Model for Json<T> {
    fn is_about(&self, asked: &Asked) -> Answers {
        let model = serde_json::from_str::<T>(self.get());
        model.map_or(Ok(()), |model| model.is_about(asked))
    }
}

impl<T: Enveloped> Enveloped for Json<T> {
    const MEMBER: &'static str = T::MEMBER;
}

impl<T: Listed> Listed for Json<T> {
    const LIST: &'static str = T::LIST;
}

/// An operation whose output is JSON, from [`Request::as_json`].
#[derive(Clone, Debug)]
pub struct AsJson<O>(O);

impl<O: Operation> Request<O> {
    /// Changes the output to the JSON that the service sent.
    ///
    /// For example, the output becomes a [`Json<User>`](Json) instead of a [`User`](crate::User), or a page of
    /// `Json<User>` instead of a page of users; an output of `()` stays `()`.
    ///
    /// Set the optional parameters of the operation first. Settings of a call, pages and streams work as before, and a
    /// response that does not belong to the request is still an error.
    ///
    /// ```
    #[doc = with_client!()]
    /// client.create_account("Acme").await?;
    /// let mut accounts = client.list_accounts().name_prefix("Ac").as_json().items();
    /// while let Some(account) = accounts.try_next().await? {
    ///     println!("{}", account.get());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn as_json(self) -> Request<AsJson<O>> {
        self.map_operation(AsJson)
    }
}

impl<O: Operation> Operation for AsJson<O> {
    type Output = <O::Output as Decode>::AsJson;
    const SPEC: Spec = O::SPEC;

    fn route(&self) -> Route {
        self.0.route()
    }

    fn validate(&self) -> Validity {
        self.0.validate()
    }

    fn body(&self) -> Body {
        self.0.body()
    }

    fn client_request_token(&mut self) -> Option<&mut Option<Sensitive>> {
        self.0.client_request_token()
    }
}

impl<L: List> List for AsJson<L> {
    type Item = Json<L::Item>;

    fn paging(&mut self) -> &mut Paging {
        self.0.paging()
    }
}
