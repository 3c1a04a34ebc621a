//! Listings of any operation: one page, a stream of pages, a stream of items.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tracing::Instrument;

use crate::asked::{Answers, Asked};
use crate::decode::{self, Decode, Decoded, Envelope, Listed};
use crate::docs::with_client;
use crate::error::Error;
use crate::json::Json;
use crate::operation::Operation;
use crate::paging::Paging;
use crate::request::Request;
use crate::sensitive::Sensitive;

/// One page of a listing. [`Request::items`] and [`Request::pages`] return streams over all pages.
///
/// ```
#[doc = with_client!()]
/// for name in ["Acme", "Birch"] {
///     client.create_account(name).await?;
/// }
/// let first = client.list_accounts().max_results(1).await?;
/// assert_eq!(first.items[0].name, "Acme");
///
/// let token = first.next_token.ok_or("there is another page")?;
/// let second = client.list_accounts().max_results(1).next_token(token).await?;
/// assert_eq!(second.items[0].name, "Birch");
///
/// // The same, for a listing of any length.
/// let mut pages = client.list_accounts().max_results(1).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} accounts on this page", page.items.len());
/// }
/// # Ok(()) }
/// ```
///
/// Its serde form has the fields `items` and `next_token`; in the JSON of the API, the list is named after its items.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page. A page may be empty even if more pages follow.
    pub items: Vec<T>,
    /// The token of the next page; `None` on the last page.
    pub next_token: Option<String>,
}

impl<T> Page<T> {
    /// Creates a page with these items, as the last page of a listing, for tests of programs that work with pages.
    ///
    /// ```
    /// use amazon_chime::{Page, User};
    ///
    /// let page = Page::new([User::new("u-1"), User::new("u-2")]);
    /// assert_eq!((page.items.len(), page.next_token), (2, None));
    /// ```
    #[must_use]
    pub fn new(items: impl Into<Vec<T>>) -> Self {
        Self { items: items.into(), next_token: None }
    }

    /// Sets the token of the next page.
    #[must_use]
    pub fn next_token(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
        self
    }
}

/// The items are in the member `T::LIST`. An empty token becomes `None`.
impl<T: Listed> Decode for Page<T> {
    type AsJson = Page<Json<T>>;

    fn decode(json: &str) -> Decoded<Self> {
        let Envelope { member, next_token } = decode::envelope(json, T::LIST)?;
        let next_token = next_token.filter(|token| !token.is_empty());
        Ok(Self { items: member.unwrap_or_default(), next_token })
    }

    fn answers(&self, asked: &Asked) -> Answers {
        self.items.answers(asked)
    }
}

/// An operation that lists resources page by page: the bound on [`Pages`] and [`Items`].
///
/// ```
/// use amazon_chime::{Error, Request, operations::List};
///
/// /// Returns the first item of a listing.
/// async fn first<L: List>(request: Request<L>) -> Result<Option<L::Item>, Error> {
///     request.max_results(1).items().try_next().await
/// }
#[doc = with_client!()]
/// # assert!(first(client.list_accounts()).await?.is_none());
/// # Ok(()) }
/// ```
pub trait List: Operation<Output = Page<Self::Item>> {
    /// The type of the items.
    type Item: Listed + Unpin;

    #[doc(hidden)]
    fn paging(&mut self) -> &mut Paging;
}

/// Paging, for the requests of listings such as [`Client::list_accounts`](crate::Client::list_accounts).
impl<L: List> Request<L> {
    /// Sets the maximum number of items per page, not of the whole listing; each operation documents its limit.
    ///
    /// The service may send shorter pages, even empty pages.
    pub fn max_results(mut self, max_results: u32) -> Self {
        self.operation.paging().max_results = Some(max_results);
        self
    }

    /// Sets the page to start with, by a token from a [`Page`] or a stream of an earlier listing with the same filters.
    /// An empty token means the first page.
    pub fn next_token(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.operation.paging().next_token = (!token.is_empty()).then(|| token.into());
        self
    }

    /// Returns a stream of the pages, which fetches each page when it is needed.
    ///
    /// ```
    #[doc = with_client!()]
    /// # client.create_account("Acme").await?;
    /// let mut pages = client.list_accounts().max_results(50).pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} accounts, then {:?}", page.items.len(), page.next_token);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn pages(mut self) -> Pages<L> {
        let next_token = self.operation.paging().next_token.clone().map(Sensitive::into_inner);
        let mut seen = SeenTokens::default();
        if let Some(token) = &next_token {
            seen.insert(token);
        }
        Pages { request: self, next_token, seen, reads_ahead: false, state: State::Ready }
    }

    /// Returns a stream of the items of all pages, which fetches a page when the items of the page before are used up.
    ///
    /// ```
    #[doc = with_client!()]
    /// # client.create_account("Acme").await?;
    /// let mut accounts = client.list_accounts().items();
    /// while let Some(account) = accounts.try_next().await? {
    ///     println!("{}", account.name);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn items(self) -> Items<L> {
        Items { pages: self.pages(), page: Vec::new().into_iter() }
    }
}

/// A stream of the pages of a listing, from [`Request::pages`].
///
/// Read it with [`try_next`](Self::try_next), [`next`](Self::next) or [`try_collect`](Self::try_collect), or with the
/// methods of the `futures` crate, because it is a [`Stream`]. Dropping a future of `try_next` or `next` loses no page.
///
/// The stream sends nothing before it is polled, and it holds one page at a time. It ends after the last page, or after
/// an error. To continue after an error, start a new listing with the token from [`next_token`](Self::next_token).
///
/// The stream returns an error if the service sends the same token twice, because the listing would never end.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Pages<L: List> {
    request: Request<L>,
    next_token: Option<String>,
    seen: SeenTokens,
    reads_ahead: bool,
    state: State<L>,
}

enum State<L: List> {
    Ready,
    Fetching(Fetch<L>),
    /// The page before had a token that an earlier page had, too.
    Repeated,
    Over,
}

type Fetch<L> = Pin<Box<dyn Future<Output = Result<<L as Operation>::Output, Error>> + Send>>;

impl<L: List> Pages<L> {
    /// Makes the stream fetch the next page while the caller works on the current page; see [`Items::read_ahead`].
    pub fn read_ahead(mut self) -> Self {
        self.reads_ahead = true;
        self
    }

    /// Returns the next page, or `None` after the last page.
    ///
    /// # Errors
    ///
    /// Returns the errors of the operation, and [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the service sends
    /// a token twice.
    pub async fn try_next(&mut self) -> Result<Option<Page<L::Item>>, Error> {
        self.next().await.transpose()
    }

    /// Returns the next page or error, or `None` after the last page.
    pub async fn next(&mut self) -> Option<Result<Page<L::Item>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    /// Collects the remaining pages, or returns the first error.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`try_next`](Self::try_next).
    pub async fn try_collect<C: Default + Extend<Page<L::Item>>>(mut self) -> Result<C, Error> {
        let mut pages = C::default();
        while let Some(page) = self.try_next().await? {
            pages.extend([page]);
        }
        Ok(pages)
    }

    /// Returns the token of the next page; `None` after the last page, and before the first page unless the request set
    /// a token.
    ///
    /// After an error, it is the token of the page that could not be fetched.
    #[must_use]
    pub fn next_token(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<L::Item>, Error>>> {
        loop {
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Repeated => {
                    self.state = State::Over;
                    return Poll::Ready(Some(Err(Error::repeated_token(L::SPEC.name))));
                }
                State::Ready => self.state = State::Fetching(Box::pin(self.next_request().send())),
                State::Fetching(fetch) => {
                    let result = ready!(fetch.as_mut().poll(context));
                    self.state = State::Over;
                    if let Ok(page) = &result {
                        self.turn(page);
                    }
                    return Poll::Ready(Some(result));
                }
            }
        }
    }

    /// Prepares for the page after this one.
    fn turn(&mut self, page: &Page<L::Item>) {
        self.next_token.clone_from(&page.next_token);
        let Some(token) = &page.next_token else { return };
        self.state = if !self.seen.insert(token) {
            State::Repeated
        } else if self.reads_ahead {
            State::Fetching(Box::pin(fetch_ahead(self.next_request())))
        } else {
            State::Ready
        };
    }

    fn next_request(&self) -> Request<L> {
        let mut request = self.request.clone();
        request.operation.paging().next_token = self.next_token.clone().map(Sensitive::from);
        request
    }
}

/// Sends the request immediately, in a new task that is aborted when the future is dropped.
fn fetch_ahead<L: List>(
    request: Request<L>,
) -> impl Future<Output = Result<L::Output, Error>> + Send + 'static {
    let mut tasks = JoinSet::new();
    tasks.spawn(request.send().in_current_span());
    async move {
        match tasks.join_next().await {
            Some(Ok(result)) => result,
            // The task panicked, or its runtime has ended.
            Some(Err(_)) | None => Err(Error::lost_page(L::SPEC.name)),
        }
    }
}

impl<L: List> Stream for Pages<L> {
    type Item = Result<Page<L::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<L: List> FusedStream for Pages<L> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Over)
    }
}

// The future is boxed, and no other field needs to be pinned.
impl<L: List> Unpin for Pages<L> {}

impl<L: List> std::fmt::Debug for Pages<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("request", &self.request).finish_non_exhaustive()
    }
}

/// A stream of the items of a listing, from [`Request::items`].
///
/// Read it with [`try_next`](Self::try_next), [`next`](Self::next) or [`try_collect`](Self::try_collect), or with the
/// methods of the `futures` crate, because it is a [`Stream`]. Dropping a future of `try_next` or `next` loses no item.
///
/// ```
/// use futures_util::TryStreamExt;
///
#[doc = with_client!()]
/// for name in ["Acme", "Birch"] {
///     client.create_account(name).await?;
/// }
/// let names: Vec<String> =
///     client.list_accounts().items().map_ok(|account| account.name).try_collect().await?;
/// assert_eq!(names, ["Acme", "Birch"]);
/// # Ok(()) }
/// ```
///
/// The stream sends nothing before it is polled, and it holds one page at a time. It ends after the last item, or after
/// an error.
///
/// To resume a long listing later without missing or repeating an item, use [`Request::pages`] and keep the token of
/// each page.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<L: List> {
    pages: Pages<L>,
    page: std::vec::IntoIter<L::Item>,
}

impl<L: List> Items<L> {
    /// Makes the stream fetch the next page, in a separate task, while the caller works on the items of the current
    /// page.
    ///
    /// The stream is at most one page ahead, and still fetches the first page when it is first polled. An error arrives
    /// after all items of the pages before it. Dropping the stream also stops the task.
    ///
    /// ```
    #[doc = with_client!()]
    /// # client.create_account("Acme").await?;
    /// let mut accounts = client.list_accounts().items().read_ahead();
    /// while let Some(account) = accounts.try_next().await? {
    ///     println!("{} {}", account.account_id, account.name);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn read_ahead(mut self) -> Self {
        self.pages = self.pages.read_ahead();
        self
    }

    /// Returns the next item, or `None` after the last item.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Pages::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<L::Item>, Error> {
        self.next().await.transpose()
    }

    /// Returns the next item or error, or `None` after the last item.
    pub async fn next(&mut self) -> Option<Result<L::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    /// Collects the remaining items in a `Vec` or another collection, or returns the first error.
    ///
    /// ```
    /// use amazon_chime::Account;
    ///
    #[doc = with_client!()]
    /// # client.create_account("Acme").await?;
    /// let accounts: Vec<Account> = client.list_accounts().items().try_collect().await?;
    /// assert_eq!(accounts.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Pages::try_next`].
    pub async fn try_collect<C: Default + Extend<L::Item>>(mut self) -> Result<C, Error> {
        let mut items = C::default();
        while let Some(item) = self.try_next().await? {
            items.extend([item]);
        }
        Ok(items)
    }

    /// Returns the token of the page after the page of the current item.
    ///
    /// After an error, it is the token of the page that could not be fetched: a new listing that starts with this token
    /// misses no item and repeats none.
    #[must_use]
    pub fn next_token(&self) -> Option<&str> {
        self.pages.next_token()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<L::Item, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.page = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<L: List> Stream for Items<L> {
    type Item = Result<L::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.page.len(), None)
    }
}

impl<L: List> FusedStream for Items<L> {
    fn is_terminated(&self) -> bool {
        self.page.len() == 0 && self.pages.is_terminated()
    }
}

impl<L: List> std::fmt::Debug for Items<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items").field("request", &self.pages.request).finish_non_exhaustive()
    }
}

/// The tokens of a listing so far, as hashes, because a listing may have many long tokens.
#[derive(Default)]
struct SeenTokens {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl SeenTokens {
    /// Adds a token, and returns `true` if it is new.
    fn insert(&mut self, token: &str) -> bool {
        self.hashes.insert(self.hasher.hash_one(token))
    }
}
