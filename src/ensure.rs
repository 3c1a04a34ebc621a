//! [`Request::ensure`], which creates a resource only if a read request does not find it.

use std::pin::Pin;

use crate::call::{Call, Look};
use crate::docs::with_client;
use crate::error::Error;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::request::Request;

/// The result of [`Request::ensure`]: a resource, and whether this call created it.
///
/// ```
/// use amazon_chime::Ensured;
/// use amazon_chime::local::Fault;
///
#[doc = with_client!()]
/// let acme = client.create_account("Acme").await?;
/// let ana = client.create_user(&acme.account_id).email("ana@example.com");
/// assert!(matches!(ana.clone().ensure().await?, Ensured::Created(_)));
/// assert!(matches!(ana.ensure().await?, Ensured::Existed(_)));
///
/// // The service creates the user, but its response is lost.
/// chime.inject(Fault::reset().after_effect().on("CreateUser"));
/// let ben = client.create_user(&acme.account_id).email("ben@example.com");
/// assert!(matches!(ben.ensure().await?, Ensured::Recovered(_)));
///
/// assert_eq!(client.list_users(&acme.account_id).await?.items.len(), 2);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ensured<T> {
    /// The resource existed before the call, or another program created it during the call.
    Existed(T),
    /// This call created the resource, and the response arrived.
    Created(T),
    /// The response to an attempt was lost, and the resource was found later. The resource did not exist before the
    /// call: this call created it, or another program created it during the call.
    Recovered(T),
}

impl<T> Ensured<T> {
    /// Returns the resource.
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").ensure().await?;
    /// assert_eq!(acme.get().name, "Acme");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn get(&self) -> &T {
        let (Self::Existed(thing) | Self::Created(thing) | Self::Recovered(thing)) = self;
        thing
    }

    /// Returns the owned resource.
    ///
    /// ```
    #[doc = with_client!()]
    /// let acme = client.create_account("Acme").ensure().await?.into_inner();
    /// assert_eq!(acme.name, "Acme");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        let (Self::Existed(thing) | Self::Created(thing) | Self::Recovered(thing)) = self;
        thing
    }

    /// Returns `true` if this call did not create the resource.
    ///
    /// ```
    #[doc = with_client!()]
    /// # let acme = client.create_account("Acme").await?;
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").ensure().await?;
    /// if !ana.existed() {
    ///     println!("{} is new", ana.get().user_id);
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn existed(&self) -> bool {
        matches!(self, Self::Existed(_))
    }
}

/// An operation that creates a resource that it can recognise later: the bound on [`Request::ensure`].
///
/// These are [`CreateAccount`](crate::operations::CreateAccount), [`CreateUser`](crate::operations::CreateUser),
/// [`InviteUsers`](crate::operations::InviteUsers), [`CreateRoom`](crate::operations::CreateRoom) and
/// [`CreateRoomMembership`](crate::operations::CreateRoomMembership).
///
/// ```
/// use amazon_chime::{Error, Request, operations::Ensure};
///
/// async fn ensure_both<E: Ensure>(
///     first: Request<E>,
///     second: Request<E>,
/// ) -> Result<(E::Ensured, E::Ensured), Error> {
///     Ok((first.ensure().await?, second.ensure().await?))
/// }
#[doc = with_client!()]
/// let (acme, birch) =
///     ensure_both(client.create_account("Acme"), client.create_account("Birch")).await?;
/// assert_ne!(acme.get().account_id, birch.get().account_id);
/// # Ok(()) }
/// ```
pub trait Ensure: Operation {
    /// The result of [`Request::ensure`].
    type Ensured: Send + 'static;

    /// The resources that the looks (the reads) of one call have found so far.
    #[doc(hidden)]
    type Found: Send + Sync + 'static;

    /// Whether a later call recognises the resource that this call has created.
    #[doc(hidden)]
    const IS_RECOGNISED_LATER: bool;

    /// Checks that the parameters for recognising the resource are set, and looks before the first attempt.
    #[doc(hidden)]
    fn look_first(
        request: &Request<Self>,
    ) -> impl Future<Output = Result<Self::Found, Error>> + Send;

    /// Looks after an attempt that may have run, or that conflicted with an existing resource.
    #[doc(hidden)]
    fn look_again(
        request: &Request<Self>,
        found: &mut Self::Found,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Returns the operation that creates the missing resources; `None` if no resource is missing.
    #[doc(hidden)]
    fn missing(&self, found: &Self::Found) -> Option<Self>;

    /// Returns the result of the call, when no resource is missing any more. If there is no `answer`, the looks have
    /// found all resources. `was_in_doubt` says whether an earlier attempt may have run.
    #[doc(hidden)]
    fn ensured(
        request: &Request<Self>,
        found: Self::Found,
        answer: Option<Self::Output>,
        was_in_doubt: bool,
    ) -> impl Future<Output = Result<Self::Ensured, Error>> + Send;
}

/// Ensured creates, for requests such as [`Client::create_user`](crate::Client::create_user).
impl<E: Ensure> Request<E> {
    /// Creates a resource exactly once, even if responses are lost, and returns it as [`Ensured`].
    ///
    /// An attempt may have run if it was sent and the response is lost, unreadable or a server error. After such an
    /// attempt, [`send`](Self::send) returns an error, because another attempt could create a second resource. This method
    /// instead looks, with a read request, whether the resource exists:
    ///
    /// 1. If the resource exists, it returns the resource unchanged, even if the request sets other values.
    /// 2. It creates the resource. An attempt that certainly did not run is repeated, as with [`send`](Self::send).
    /// 3. After an attempt that may have run, it waits and looks again. If the resource does not exist, it continues
    ///    with step 2.
    ///
    /// The wait follows [`RetryConfig`](crate::RetryConfig). After a timeout of the attempt or of a gateway (504), the
    /// service may still be running the attempt. The wait is then at least as long as the attempt took, up to the
    /// [`attempt_timeout`](Self::attempt_timeout).
    ///
    /// | request of | the resource is recognised by |
    /// |---|---|
    /// | [`create_user`](crate::Client::create_user) | account and e-mail address, which must be set |
    /// | [`create_room_membership`](crate::Client::create_room_membership) | room and member |
    /// | [`create_room`](crate::Client::create_room) | the client request token |
    /// | [`create_account`](crate::Client::create_account) | the name, among accounts that did not exist before the call |
    /// | [`invite_users`](crate::Client::invite_users) | account and e-mail address, for each address separately |
    ///
    /// The documentation of each of these methods describes special cases and remaining risks.
    ///
    /// All settings of the request also apply to the looks. The [`operation_timeout`](Self::operation_timeout) includes
    /// the looks and the delays, and each look has its own attempts. [`accept_duplicates`](Self::accept_duplicates) has
    /// no effect.
    ///
    /// ```
    /// use amazon_chime::local::Fault;
    ///
    #[doc = with_client!()]
    /// # let acme = client.create_account("Acme").await?;
    /// chime.inject(Fault::reset().after_effect().on("CreateUser"));
    /// let ana = client.create_user(&acme.account_id).email("ana@example.com").ensure().await?;
    /// assert!(!ana.existed());
    /// assert_eq!(client.list_users(&acme.account_id).await?.items, [ana.into_inner()]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`send`](Self::send) and of the looks; [`Error::operation`] returns the operation that
    /// failed. If [`Error::may_have_applied`] returns `true`, the resource may exist. A later call recognises the
    /// resource, unless it is an account, or a room for which the caller set no token.
    pub async fn ensure(mut self) -> Result<E::Ensured, Error> {
        self.start();
        let in_operation = |error: Error| error.in_operation(E::SPEC.name);
        let checked = self.clone().encode().map_err(in_operation)?;
        let caller_may_repeat = checked.caller_may_repeat || E::IS_RECOGNISED_LATER;

        let mut found = E::look_first(&self).await.map_err(|error| {
            let attempts = error.attempts();
            in_operation(error.after(attempts, false, true))
        })?;
        // All attempts have the same token.
        self.fill_in_client_request_token();
        let Some(missing) = self.operation.missing(&found) else {
            return E::ensured(&self, found, None, false).await;
        };
        let call = self.encode_part(missing).map(|call| Call { caller_may_repeat, ..call });
        let mut look = LookAgain { request: &self, found: &mut found };
        let (answer, success) = self.perform(call, Some(&mut look)).await?;
        E::ensured(&self, found, answer, success.was_in_doubt).await.map_err(|error| {
            let is_of_read = error.operation().is_some();
            let attempts = if is_of_read { error.attempts() } else { success.attempts };
            in_operation(error.after(attempts, true, caller_may_repeat))
        })
    }

    fn encode_part(&self, missing: E) -> Result<Call, Error> {
        let mut part = self.clone();
        part.operation = missing;
        part.encode()
    }
}

impl<T> Ensured<T> {
    /// Returns the result for one resource, which a look has `found` or which is in the `answer` to an attempt.
    pub(crate) fn one(
        found: Option<T>,
        answer: Option<T>,
        was_in_doubt: bool,
    ) -> Result<Self, Error> {
        match (found, answer) {
            (Some(thing), _) if was_in_doubt => Ok(Self::Recovered(thing)),
            (Some(thing), _) => Ok(Self::Existed(thing)),
            (None, Some(thing)) => Ok(Self::Created(thing)),
            (None, None) => Err(Error::new(Problem::NotDecoded)),
        }
    }
}

/// The looks after attempts, for the retry loop.
struct LookAgain<'a, E: Ensure> {
    request: &'a Request<E>,
    found: &'a mut E::Found,
}

impl<E: Ensure> Look for LookAgain<'_, E> {
    fn look(&mut self) -> Pin<Box<dyn Future<Output = Result<Option<Call>, Error>> + Send + '_>> {
        Box::pin(async {
            E::look_again(self.request, self.found).await?;
            let missing = self.request.operation.missing(self.found);
            missing.map(|missing| self.request.encode_part(missing)).transpose()
        })
    }
}
