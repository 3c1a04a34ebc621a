//! Listings: one page, a stream of pages, a stream of items. Knows no endpoint.

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

/// One page of a listing.
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
/// # Ok(()) }
/// ```
///
/// Its serde form is that of this type; on the wire, the list has the name of what it lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page. A page may be empty though others follow.
    pub items: Vec<T>,
    /// The token of the page after this one; `None` on the last page.
    pub next_token: Option<String>,
}

/// For tests of programs that work with pages.
impl<T> Page<T> {
    /// A page with these items, which is the last one.
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

    /// Sets the token of the page after this one.
    #[must_use]
    pub fn next_token(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
        self
    }
}

/// Its items are under the name of what is listed; an empty token is none.
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

/// An operation that lists things page by page: the bound on [`Pages`] and [`Items`].
///
/// ```
/// use amazon_chime::{Error, Request, operations::List};
///
/// /// The first of what a listing has.
/// async fn first<L: List>(request: Request<L>) -> Result<Option<L::Item>, Error> {
///     request.max_results(1).items().try_next().await
/// }
#[doc = with_client!()]
/// # assert!(first(client.list_accounts()).await?.is_none());
/// # Ok(()) }
/// ```
pub trait List: Operation<Output = Page<Self::Item>> {
    /// What is listed.
    type Item: Listed + Unpin;

    #[doc(hidden)]
    fn paging(&mut self) -> &mut Paging;
}

/// What the requests of listings have, such as that of [`Client::list_accounts`](crate::Client::list_accounts).
impl<L: List> Request<L> {
    /// The largest number of items that one page may have; each operation documents its limit.
    ///
    /// This is about the size of the pages, not of the listing. The service may
    /// send shorter pages, even empty ones.
    pub fn max_results(mut self, max_results: u32) -> Self {
        self.operation.paging().max_results = Some(max_results);
        self
    }

    /// The token of the page to start with, taken from a [`Page`] or a stream of
    /// an earlier listing with the same filters. An empty one is none.
    pub fn next_token(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.operation.paging().next_token = (!token.is_empty()).then(|| token.into());
        self
    }

    /// A stream of the pages, each fetched when it is asked for.
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

    /// A stream of the items of all pages, each page fetched when the one before is used up.
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
/// It is a [`Stream`], so the methods of the `futures` crate work on it; [`try_next`](Self::try_next),
/// [`next`](Self::next) and [`try_collect`](Self::try_collect) need no other crate.
///
/// Nothing is sent before it is polled, and it holds one page at a time. After
/// the last page, or an error, it is over and stays so. To go on after an
/// error, start a new listing at [`next_token`](Self::next_token).
///
/// A token that was seen before in the same listing is an error rather than a
/// listing that never ends.
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
    /// The page that was handed out last named a token that was seen before.
    Repeated,
    Over,
}

type Fetch<L> = Pin<Box<dyn Future<Output = Result<<L as Operation>::Output, Error>> + Send>>;

impl<L: List> Pages<L> {
    /// Fetches the next page while the caller works on this one; see [`Items::read_ahead`].
    pub fn read_ahead(mut self) -> Self {
        self.reads_ahead = true;
        self
    }

    /// The next page, or `None` after the last one. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of the operation, and [`ErrorKind::Listing`](crate::ErrorKind::Listing)
    /// if the service sends a token twice. After an error the stream is over.
    pub async fn try_next(&mut self) -> Result<Option<Page<L::Item>>, Error> {
        self.next().await.transpose()
    }

    /// The next page or error, or `None` after the last one. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<Page<L::Item>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    /// All pages that are left, in a collection. One error is the result of all.
    ///
    /// # Errors
    ///
    /// As [`try_next`](Self::try_next).
    pub async fn try_collect<C: Default + Extend<Page<L::Item>>>(mut self) -> Result<C, Error> {
        let mut pages = C::default();
        while let Some(page) = self.try_next().await? {
            pages.extend([page]);
        }
        Ok(pages)
    }

    /// The token of the page that comes next; `None` after the last page, and before the first
    /// unless the listing was told where to start.
    ///
    /// After an error it is the token of the page that could not be fetched.
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

    /// Makes ready for the page after this one.
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

/// Sends the request at once, in a task of its own that ends with the future.
fn fetch_ahead<L: List>(
    request: Request<L>,
) -> impl Future<Output = Result<L::Output, Error>> + Send + 'static {
    let mut tasks = JoinSet::new();
    tasks.spawn(request.send().in_current_span());
    async move {
        match tasks.join_next().await {
            Some(Ok(result)) => result,
            // It panicked, or its runtime has ended.
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

/// A stream is terminated after its last page, and after an error.
impl<L: List> FusedStream for Pages<L> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Over)
    }
}

// The future is a box and the rest is plain data: nothing is pinned in place.
impl<L: List> Unpin for Pages<L> {}

impl<L: List> std::fmt::Debug for Pages<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("request", &self.request).finish_non_exhaustive()
    }
}

/// A stream of the items of a listing, from [`Request::items`].
///
/// It is a [`Stream`], so the methods of the `futures` crate work on it; [`try_next`](Self::try_next),
/// [`next`](Self::next) and [`try_collect`](Self::try_collect) need no other crate.
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
/// Nothing is sent before it is polled, and it holds one page at a time. After
/// the last item, or an error, it is over and stays so.
///
/// To be able to resume a long listing without missing or repeating an item,
/// use [`Request::pages`] and keep the token of each page.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<L: List> {
    pages: Pages<L>,
    page: std::vec::IntoIter<L::Item>,
}

impl<L: List> Items<L> {
    /// Fetches the next page while the caller works on the items of this one, in a task of its own.
    ///
    /// There is never more than one page ahead, and the first is still fetched when the stream is
    /// first polled. Errors come in their place, behind all items of the pages before. Dropping
    /// the stream stops what is being fetched.
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

    /// The next item, or `None` after the last one. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// As [`Pages::try_next`]. After an error the stream is over.
    pub async fn try_next(&mut self) -> Result<Option<L::Item>, Error> {
        self.next().await.transpose()
    }

    /// The next item or error, or `None` after the last one. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<L::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    /// All items that are left, in a collection: a `Vec`, or whatever else can be extended by items. One error is the
    /// result of all.
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
    /// As [`Pages::try_next`].
    pub async fn try_collect<C: Default + Extend<L::Item>>(mut self) -> Result<C, Error> {
        let mut items = C::default();
        while let Some(item) = self.try_next().await? {
            items.extend([item]);
        }
        Ok(items)
    }

    /// The token of the page after the one whose items are being handed out.
    ///
    /// After an error it is the token of the page that could not be fetched: a
    /// new listing that starts there misses and repeats nothing.
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

/// A stream is terminated after its last item, and after an error.
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

/// The tokens of a listing so far, as hashes: a listing may be long and its tokens too.
#[derive(Default)]
struct SeenTokens {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl SeenTokens {
    /// Whether the token is new.
    fn insert(&mut self, token: &str) -> bool {
        self.hashes.insert(self.hasher.hash_one(token))
    }
}
