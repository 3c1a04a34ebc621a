//! The model and the operations of chat rooms.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::accounts::{AccountId, account};
use super::bots::BotId;
use super::users::UserId;
use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, timestamp};
use crate::docs::with_client;
use crate::ensure::{Ensure, Ensured};
use crate::error::Error;
use crate::id::id;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::pages::{List, Page};
use crate::paging::Paging;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

id! {
    /// The identifier of a [`Room`].
    RoomId
}

id! {
    /// The identifier of a [`Member`](crate::Member), which is a user or a bot. A [`UserId`] and a [`BotId`] convert
    /// into it.
    MemberId
}

impl From<UserId> for MemberId {
    fn from(id: UserId) -> Self {
        Self::from(String::from(id))
    }
}

impl From<&UserId> for MemberId {
    fn from(id: &UserId) -> Self {
        Self::from(id.as_str())
    }
}

impl From<BotId> for MemberId {
    fn from(id: BotId) -> Self {
        Self::from(String::from(id))
    }
}

impl From<&BotId> for MemberId {
    fn from(id: &BotId) -> Self {
        Self::from(id.as_str())
    }
}

/// A chat room of an Enterprise account.
///
/// The name is [`Sensitive`], so `Debug` does not show it:
///
/// ```
/// # use amazon_chime::AccountType;
#[doc = with_client!()]
/// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
/// let room = client.create_room(&acme.account_id, "Merger").await?;
/// assert!(!format!("{room:?}").contains("Merger"));
/// assert_eq!(room.name.as_ref().map(|name| name.expose()), Some("Merger"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Room {
    /// The identifier of the room.
    pub room_id: RoomId,
    /// The name of the room.
    pub name: Option<Sensitive>,
    /// The account that the room belongs to.
    pub account_id: Option<AccountId>,
    /// The ARN of the creator.
    pub created_by: Option<String>,
    /// The time of the creation.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
}

impl Room {
    /// Creates a room in which only the identifier is set.
    #[must_use]
    pub fn new(room_id: impl Into<RoomId>) -> Self {
        Self {
            room_id: room_id.into(),
            name: None,
            account_id: None,
            created_by: None,
            created_timestamp: None,
            updated_timestamp: None,
        }
    }
}

impl Model for Room {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("RoomId", &self.room_id)?;
        asked.id("AccountId", self.account_id.as_deref())?;
        asked.text("Name", self.name.as_ref().map(Sensitive::expose), "")
    }
}

impl Enveloped for Room {
    const MEMBER: &'static str = "Room";
}

impl Listed for Room {
    const LIST: &'static str = "Rooms";
}

/// Chat rooms.
impl Client {
    /// Creates a chat room in an Enterprise account and returns the [`Room`].
    ///
    /// Optional parameters:
    ///
    /// - [`client_request_token`](Request::client_request_token): a token; calls with the same token create only one
    ///   room
    ///
    /// If the response is lost, unreadable or a server error, the request is sent again. Every call has a token, yours
    /// or a random one, so the service still creates only one room.
    ///
    /// [`ensure`](Request::ensure), in place of `send`, also reports whether the room is new:
    ///
    /// - [`Existed`](crate::Ensured::Existed): the caller has set a token, and the room existed before the call (the
    ///   call lists the rooms of the account first)
    /// - [`Recovered`](crate::Ensured::Recovered): an earlier attempt may have run, and either that attempt or the last
    ///   attempt created the room
    /// - [`Created`](crate::Ensured::Created): the last attempt created the room
    ///
    /// API: [CreateRoom](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreateRoom.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// assert_eq!(room.name, Some("Planning".into()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_access_denied`](crate::Error::is_access_denied): the account is not an Enterprise account
    /// - [`is_bad_request`](crate::Error::is_bad_request): a room with another name was created with this token
    /// - [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded): the account cannot have more rooms
    pub fn create_room(
        &self,
        account_id: impl Into<AccountId>,
        name: impl Into<Sensitive>,
    ) -> Request<CreateRoom> {
        let (account_id, name) = (account_id.into(), name.into());
        self.request(CreateRoom { account_id, name, client_request_token: None })
    }

    /// Retrieves a chat room and returns the [`Room`].
    ///
    /// API: [GetRoom](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetRoom.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let planning = client.create_room(&acme.account_id, "Planning").await?;
    /// let room = client.get_room(&acme.account_id, &planning.room_id).await?;
    /// assert_eq!(room, planning);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room
    pub fn get_room(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
    ) -> Request<GetRoom> {
        self.request(GetRoom { account_id: account_id.into(), room_id: room_id.into() })
    }

    /// Lists the chat rooms of an account and returns a [`Page`] of [`Room`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages. Optional parameters:
    ///
    /// - [`member_id`](Request::member_id): only rooms that this user or bot is a member of
    /// - [`max_results`](Request::max_results): the largest number of rooms on a page, 1 to 99
    /// - [`next_token`](Request::next_token): the token of the page to start with
    ///
    /// API: [ListRooms](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListRooms.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// client.create_room_membership(&acme.account_id, &room.room_id, &ana.user_id).await?;
    ///
    /// let mut rooms = client.list_rooms(&acme.account_id).member_id(&ana.user_id).items();
    /// while let Some(room) = rooms.try_next().await? {
    ///     println!("{} by {:?}", room.room_id, room.created_by);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from a listing with other filters
    pub fn list_rooms(&self, account_id: impl Into<AccountId>) -> Request<ListRooms> {
        let account_id = account_id.into();
        self.request(ListRooms { account_id, member_id: None, paging: Paging::default() })
    }

    /// Changes a chat room and returns the changed [`Room`].
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`name`](Request#method.name-1): the new name
    ///
    /// API: [UpdateRoom](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateRoom.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// let room = client.update_room(&acme.account_id, &room.room_id).name("Plans").await?;
    /// assert_eq!(room.name, Some("Plans".into()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room
    pub fn update_room(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
    ) -> Request<UpdateRoom> {
        let (account_id, room_id) = (account_id.into(), room_id.into());
        self.request(UpdateRoom { account_id, room_id, name: None })
    }

    /// Deletes a chat room and its memberships.
    ///
    /// API: [DeleteRoom](https://docs.aws.amazon.com/chime/latest/APIReference/API_DeleteRoom.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// client.delete_room(&acme.account_id, &room.room_id).await?;
    /// let error = client.get_room(&acme.account_id, &room.room_id).await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room; if an earlier attempt of this call
    ///   may have deleted the room, [`may_have_applied`](crate::Error::may_have_applied) is also `true`
    pub fn delete_room(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
    ) -> Request<DeleteRoom> {
        self.request(DeleteRoom { account_id: account_id.into(), room_id: room_id.into() })
    }
}

/// The operation of [`Client::create_room`]: `POST /accounts/{accountId}/rooms`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateRoom {
    #[serde(skip)]
    account_id: AccountId,
    name: Sensitive,
    client_request_token: Option<Sensitive>,
}

/// Optional parameters of [`Client::create_room`].
impl Request<CreateRoom> {
    /// Sets a token of 2 to 64 letters, digits, hyphens and underscores. By default, each call has a token of its own.
    pub fn client_request_token(self, token: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.client_request_token = Some(token.into()))
    }
}

impl Operation for CreateRoom {
    type Output = Room;
    const SPEC: Spec = Spec::post("CreateRoom", Replay::Token);

    fn route(&self) -> Route {
        account(&self.account_id).then("rooms")
    }

    fn validate(&self) -> Validity {
        validate::client_request_token("ClientRequestToken", self.client_request_token.as_ref())
    }

    fn body(&self) -> Body {
        let sensitive = self.client_request_token.iter().chain([&self.name]);
        Body::json(self).sensitive(sensitive).asks("Name", Some(self.name.expose()))
    }

    fn client_request_token(&mut self) -> Option<&mut Option<Sensitive>> {
        Some(&mut self.client_request_token)
    }
}

impl Ensure for CreateRoom {
    type Ensured = Ensured<Room>;
    /// The rooms that existed before the call; empty if the caller has set no token.
    type Found = HashSet<RoomId>;
    const IS_RECOGNISED_LATER: bool = false;

    async fn look_first(request: &Request<Self>) -> Result<HashSet<RoomId>, Error> {
        let Self { account_id, client_request_token, .. } = &request.operation;
        let mut before = HashSet::new();
        if client_request_token.is_some() {
            let listing = request.client.list_rooms(account_id).max_results(MAX_PAGE);
            let mut rooms = request.with_settings_for(listing).items();
            while let Some(room) = rooms.try_next().await? {
                before.insert(room.room_id);
            }
        }
        Ok(before)
    }

    /// Does nothing, because the API cannot search for a room by its token; the next attempt returns the room.
    async fn look_again(_: &Request<Self>, _: &mut HashSet<RoomId>) -> Result<(), Error> {
        Ok(())
    }

    fn missing(&self, _: &HashSet<RoomId>) -> Option<Self> {
        Some(self.clone())
    }

    async fn ensured(
        _: &Request<Self>,
        before: HashSet<RoomId>,
        answer: Option<Room>,
        was_in_doubt: bool,
    ) -> Result<Ensured<Room>, Error> {
        match answer {
            Some(room) if before.contains(&room.room_id) => Ok(Ensured::Existed(room)),
            Some(room) if was_in_doubt => Ok(Ensured::Recovered(room)),
            room => Ensured::one(None, room, was_in_doubt),
        }
    }
}

/// The operation of [`Client::get_room`]: `GET /accounts/{accountId}/rooms/{roomId}`.
#[derive(Clone, Debug)]
pub struct GetRoom {
    account_id: AccountId,
    room_id: RoomId,
}

impl Operation for GetRoom {
    type Output = Room;
    const SPEC: Spec = Spec::get("GetRoom");

    fn route(&self) -> Route {
        room(&self.account_id, &self.room_id)
    }
}

/// The operation of [`Client::list_rooms`]: `GET /accounts/{accountId}/rooms`.
#[derive(Clone, Debug)]
pub struct ListRooms {
    account_id: AccountId,
    member_id: Option<MemberId>,
    paging: Paging,
}

/// Optional parameters of [`Client::list_rooms`].
impl Request<ListRooms> {
    /// Lists only rooms that this user or bot is a member of.
    pub fn member_id(self, member_id: impl Into<MemberId>) -> Self {
        self.set(|operation| operation.member_id = Some(member_id.into()))
    }
}

impl Operation for ListRooms {
    type Output = Page<Room>;
    const SPEC: Spec = Spec::get("ListRooms");

    fn route(&self) -> Route {
        account(&self.account_id)
            .then("rooms")
            .query("member-id", self.member_id.as_ref())
            .paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        self.paging.validate(MAX_PAGE)
    }
}

const MAX_PAGE: u32 = 99;

impl List for ListRooms {
    type Item = Room;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::update_room`]: `POST /accounts/{accountId}/rooms/{roomId}`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateRoom {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    room_id: RoomId,
    name: Option<Sensitive>,
}

/// Optional parameters of [`Client::update_room`].
impl Request<UpdateRoom> {
    /// Sets the new name.
    pub fn name(self, name: impl Into<Sensitive>) -> Self {
        self.set(|operation| operation.name = Some(name.into()))
    }
}

impl Operation for UpdateRoom {
    type Output = Room;
    const SPEC: Spec = Spec::post("UpdateRoom", Replay::Safe);

    fn route(&self) -> Route {
        room(&self.account_id, &self.room_id)
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive(&self.name)
    }
}

/// The operation of [`Client::delete_room`]: `DELETE /accounts/{accountId}/rooms/{roomId}`.
#[derive(Clone, Debug)]
pub struct DeleteRoom {
    account_id: AccountId,
    room_id: RoomId,
}

impl Operation for DeleteRoom {
    type Output = ();
    const SPEC: Spec = Spec::delete("DeleteRoom");

    fn route(&self) -> Route {
        room(&self.account_id, &self.room_id)
    }
}

pub(crate) fn room(account_id: &AccountId, room_id: &RoomId) -> Route {
    account(account_id).then("rooms").id("RoomId", room_id)
}
