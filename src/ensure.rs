//! Ensuring: creates that look before they try again, so that what they create is there exactly once.

use std::pin::Pin;

use crate::call::{Call, Look};
use crate::docs::with_client;
use crate::error::Error;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::request::Request;

/// What [`Request::ensure`] gives: the thing, and how it came to be there.
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
/// // The service creates the user, but its answer is lost.
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
    /// It was there before, or another program created it meanwhile.
    Existed(T),
    /// The attempt that was answered created it.
    Created(T),
    /// An attempt of this call, whose answer was lost, created it: it was not there before. Whether another
    /// program was faster at the same time cannot be known.
    Recovered(T),
}

impl<T> Ensured<T> {
    /// The thing.
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

    /// The thing, owned.
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

    /// Whether it was not this call that created it.
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

/// An operation that creates what can be recognised: the bound on [`Request::ensure`].
///
/// | operation | what it creates is recognised by |
/// |---|---|
/// | [`CreateAccount`](crate::operations::CreateAccount) | its name, and that it is new |
/// | [`CreateUser`](crate::operations::CreateUser), [`InviteUsers`](crate::operations::InviteUsers) | account and e-mail address |
/// | [`CreateRoom`](crate::operations::CreateRoom) | the client request token |
/// | [`CreateRoomMembership`](crate::operations::CreateRoomMembership) | room and member |
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
    /// What [`Request::ensure`] gives.
    type Ensured: Send + 'static;

    /// What the looks of one call have found so far.
    #[doc(hidden)]
    type Found: Send + Sync + 'static;

    /// Whether a later call recognises what this one has created.
    #[doc(hidden)]
    const IS_RECOGNISED_LATER: bool;

    /// Checks that there is something to recognise it by, and looks before the first attempt.
    #[doc(hidden)]
    fn look_first(
        request: &Request<Self>,
    ) -> impl Future<Output = Result<Self::Found, Error>> + Send;

    /// Looks after an attempt that may have run, or that another program was faster than.
    #[doc(hidden)]
    fn look_again(
        request: &Request<Self>,
        found: &mut Self::Found,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// What is still to be created; `None` if nothing is.
    #[doc(hidden)]
    fn missing(&self, found: &Self::Found) -> Option<Self>;

    /// What the call gives, now that nothing is missing any more. Without an answer, everything has
    /// been found. `was_in_doubt` is whether an attempt that was not answered may have run.
    #[doc(hidden)]
    fn ensured(
        request: &Request<Self>,
        found: Self::Found,
        answer: Option<Self::Output>,
        was_in_doubt: bool,
    ) -> impl Future<Output = Result<Self::Ensured, Error>> + Send;
}

/// What the requests of creates have, such as that of [`Client::create_user`](crate::Client::create_user).
impl<E: Ensure> Request<E> {
    /// Creates what is not there yet, exactly once, even if answers are lost. Gives it with how it
    /// came to be there, [`Ensured`].
    ///
    /// [`send`](Self::send) fails after an attempt that may have run, because another attempt could create
    /// a second one. This method looks instead:
    ///
    /// 1. It looks whether the thing is there. If so, the call is over. The thing is not changed, even if
    ///    the request sets other values.
    /// 2. It creates the thing. What certainly did not run is tried again as always.
    /// 3. After an attempt that may have run, it waits as [`RetryConfig`](crate::RetryConfig) says, and
    ///    after one that timed out, here or at a gateway (504), at least as long as it took, up to the
    ///    [time for one attempt](Self::attempt_timeout), since it may still be under way. Then it
    ///    looks again, and continues with step 2 only if the thing is not there.
    ///
    /// | request of | the thing is known by |
    /// |---|---|
    /// | [`create_user`](crate::Client::create_user) | account and e-mail address, which must be set |
    /// | [`create_room_membership`](crate::Client::create_room_membership) | room and member |
    /// | [`create_room`](crate::Client::create_room) | the client request token |
    /// | [`create_account`](crate::Client::create_account) | its name, and that it was not there when the call began |
    /// | [`invite_users`](crate::Client::invite_users) | account and e-mail address, each on its own |
    ///
    /// The documentation of each says what it cannot know.
    ///
    /// All settings of the request hold, for the looks as well. The time for the whole call includes the
    /// looks and the delays. The number of attempts is that of the creates, and each look is a read with
    /// attempts of its own. [`accept_duplicates`](Self::accept_duplicates) has no effect.
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
    /// Those of [`send`](Self::send), and those of the reads that it looks with; [`Error::operation`] says
    /// which of them failed. If [`Error::may_have_applied`] is true, the thing may be there. A later call
    /// recognises it then, unless it is an account, or a room without a token of the caller.
    pub async fn ensure(mut self) -> Result<E::Ensured, Error> {
        self.start();
        let in_operation = |error: Error| error.in_operation(E::SPEC.name);
        let checked = self.clone().encode().map_err(in_operation)?;
        let caller_may_repeat = checked.caller_may_repeat || E::IS_RECOGNISED_LATER;

        let mut found = E::look_first(&self).await.map_err(|error| {
            let attempts = error.attempts();
            in_operation(error.after(attempts, false, true))
        })?;
        // All attempts have the same.
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
    /// One thing: found by a look, or created by the attempt that was answered.
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

/// Looks again, on behalf of the pipeline.
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
