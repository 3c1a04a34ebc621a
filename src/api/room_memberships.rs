//! The models and the operations of memberships of chat rooms.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ErrorCode;
use super::accounts::AccountId;
use super::rooms::{MemberId, RoomId, room};
use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, timestamp};
use crate::docs::with_client;
use crate::ensure::{Ensure, Ensured};
use crate::error::Error;
use crate::open_enum::open_enum;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::pages::{List, Page};
use crate::paging::Paging;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

/// The membership of a user or a bot in a chat room.
///
/// ```
/// use amazon_chime::{MemberId, MemberType, RoomMembershipRole};
/// # use amazon_chime::AccountType;
///
#[doc = with_client!()]
/// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
/// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
/// # let room = client.create_room(&acme.account_id, "Planning").await?;
/// let membership =
///     client.create_room_membership(&acme.account_id, &room.room_id, &ana.user_id).await?;
/// assert_eq!(membership.role, Some(RoomMembershipRole::Member));
/// assert_eq!(membership.member.member_id, MemberId::from(&ana.user_id));
/// assert_eq!(membership.member.member_type, Some(MemberType::User));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RoomMembership {
    /// The identifier of the chat room.
    pub room_id: Option<RoomId>,
    /// The user or bot.
    pub member: Member,
    /// The role of the member in the room.
    pub role: Option<RoomMembershipRole>,
    /// The ARN of the identity that added the member.
    pub invited_by: Option<String>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
}

impl RoomMembership {
    /// Creates a membership of this member in which nothing else is set.
    #[must_use]
    pub fn new(member: Member) -> Self {
        Self { room_id: None, member, role: None, invited_by: None, updated_timestamp: None }
    }
}

impl Model for RoomMembership {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("MemberId", &self.member.member_id)?;
        asked.id("RoomId", self.room_id.as_deref())
    }
}

impl Enveloped for RoomMembership {
    const MEMBER: &'static str = "RoomMembership";
}

impl Listed for RoomMembership {
    const LIST: &'static str = "RoomMemberships";
}

/// A member of a chat room: a user or a bot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Member {
    /// The identifier of the user or bot.
    pub member_id: MemberId,
    /// The type of the member.
    pub member_type: Option<MemberType>,
    /// The member's e-mail address.
    pub email: Option<Sensitive>,
    /// The member's name.
    pub full_name: Option<Sensitive>,
    /// The account that the member belongs to.
    pub account_id: Option<AccountId>,
}

impl Member {
    /// Creates a member in which only the identifier is set.
    #[must_use]
    pub fn new(member_id: impl Into<MemberId>) -> Self {
        Self {
            member_id: member_id.into(),
            member_type: None,
            email: None,
            full_name: None,
            account_id: None,
        }
    }
}

/// A member to add to a chat room with [`Client::batch_create_room_membership`].
///
/// ```
/// use amazon_chime::{MembershipItem, RoomMembershipRole, UserId};
///
/// let ana = UserId::from("user-1");
/// let item = MembershipItem::new(&ana).role(RoomMembershipRole::Administrator);
/// assert_eq!(item.member_id, "user-1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MembershipItem {
    /// The identifier of the user or bot.
    pub member_id: MemberId,
    /// The role of the member in the room.
    pub role: Option<RoomMembershipRole>,
}

impl MembershipItem {
    /// Creates an item without a role; the service then uses the role [`Member`](RoomMembershipRole::Member).
    #[must_use]
    pub fn new(member_id: impl Into<MemberId>) -> Self {
        Self { member_id: member_id.into(), role: None }
    }

    /// Sets the role of the member in the room.
    #[must_use]
    pub fn role(mut self, role: impl Into<RoomMembershipRole>) -> Self {
        self.role = Some(role.into());
        self
    }
}

/// The reason why a batch operation did not add a member.
///
/// ```
/// use amazon_chime::{ErrorCode, MembershipItem};
/// # use amazon_chime::AccountType;
///
#[doc = with_client!()]
/// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
/// let room = client.create_room(&acme.account_id, "Planning").await?;
/// let items = [MembershipItem::new("no-such-member")];
/// let errors =
///     client.batch_create_room_membership(&acme.account_id, &room.room_id, items).await?;
/// assert_eq!(errors[0].error_code, Some(ErrorCode::NotFound));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MemberError {
    /// The identifier of the user or bot.
    pub member_id: Option<MemberId>,
    /// The kind of the error.
    pub error_code: Option<ErrorCode>,
    /// The message of the service, which may quote the request; `Debug` does not show it.
    pub error_message: Option<Sensitive>,
}

impl MemberError {
    /// Creates an error of this member without a message.
    #[must_use]
    pub fn new(member_id: impl Into<MemberId>, error_code: impl Into<ErrorCode>) -> Self {
        Self {
            member_id: Some(member_id.into()),
            error_code: Some(error_code.into()),
            error_message: None,
        }
    }
}

impl Model for MemberError {}

impl Listed for MemberError {
    const LIST: &'static str = "Errors";
}

open_enum! {
    /// The type of a member of a chat room.
    MemberType {
        /// A user.
        User,
        /// A bot.
        Bot,
        /// A webhook.
        Webhook,
    }
}

open_enum! {
    /// The role of a member in a chat room.
    RoomMembershipRole {
        /// The member may chat and may manage the room and its members.
        Administrator,
        /// The member may chat.
        Member,
    }
}

/// Memberships of chat rooms.
impl Client {
    /// Adds a user or a bot to a chat room and returns the [`RoomMembership`].
    ///
    /// Optional parameters:
    ///
    /// - [`role`](Request#method.role): the role of the member; [`Member`](RoomMembershipRole::Member) by default
    ///
    /// `member_id` is a [`UserId`](crate::UserId) or a [`BotId`](crate::BotId) of the room's account.
    ///
    /// If the response is lost, unreadable or a server error, the request is
    /// [not sent again](crate::docs::reliability).
    ///
    /// [`ensure`](Request::ensure), in place of `send`, creates the membership exactly once. It looks for the member in
    /// the memberships of the room, before the first attempt and after each lost response. It returns an existing
    /// membership as [`Existed`](crate::Ensured::Existed) and does not change its role.
    ///
    /// API: [CreateRoomMembership](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreateRoomMembership.html)
    ///
    /// ```
    /// # use amazon_chime::{AccountType, RoomMembershipRole};
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// let membership = client
    ///     .create_room_membership(&acme.account_id, &room.room_id, &ana.user_id)
    ///     .role(RoomMembershipRole::Administrator)
    ///     .await?;
    /// assert_eq!(membership.role, Some(RoomMembershipRole::Administrator));
    ///
    /// let bot = client.create_bot(&acme.account_id, "minutes").await?;
    /// client.create_room_membership(&acme.account_id, &room.room_id, &bot.bot_id).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_conflict`](crate::Error::is_conflict): the room already has this member
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room, user or bot
    /// - [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded): the room cannot have more members
    pub fn create_room_membership(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
        member_id: impl Into<MemberId>,
    ) -> Request<CreateRoomMembership> {
        let (account_id, room_id, member_id) =
            (account_id.into(), room_id.into(), member_id.into());
        self.request(CreateRoomMembership { account_id, room_id, member_id, role: None })
    }

    /// Adds up to 50 users and bots to a chat room and returns a [`MemberError`] for each member that was not added.
    ///
    /// If the response is lost, unreadable or a server error, the request is not sent again. If the call fails and
    /// [`may_have_applied`](crate::Error::may_have_applied) is `true`, list the members before you try again.
    ///
    /// API: [BatchCreateRoomMembership](https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchCreateRoomMembership.html)
    ///
    /// ```
    /// # use amazon_chime::{AccountType, MembershipItem, RoomMembershipRole};
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    /// # let bot = client.create_bot(&acme.account_id, "minutes").await?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// let items = [
    ///     MembershipItem::new(&ana.user_id).role(RoomMembershipRole::Administrator),
    ///     MembershipItem::new(&bot.bot_id),
    /// ];
    /// let errors =
    ///     client.batch_create_room_membership(&acme.account_id, &room.room_id, items).await?;
    /// assert!(errors.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room
    pub fn batch_create_room_membership(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
        items: impl IntoIterator<Item = MembershipItem>,
    ) -> Request<BatchCreateRoomMembership> {
        let (account_id, room_id) = (account_id.into(), room_id.into());
        let membership_item_list = items.into_iter().collect();
        self.request(BatchCreateRoomMembership { account_id, room_id, membership_item_list })
    }

    /// Lists the members of a chat room and returns a [`Page`] of [`RoomMembership`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages. Optional parameters:
    ///
    /// - [`max_results`](Request::max_results): the largest number of memberships on a page, 1 to 99
    /// - [`next_token`](Request::next_token): the token of the page to start with
    ///
    /// API: [ListRoomMemberships](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListRoomMemberships.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// client.create_room_membership(&acme.account_id, &room.room_id, &ana.user_id).await?;
    ///
    /// let mut memberships = client.list_room_memberships(&acme.account_id, &room.room_id).items();
    /// while let Some(membership) = memberships.try_next().await? {
    ///     println!("{}: {:?}", membership.member.member_id, membership.role);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from another listing
    pub fn list_room_memberships(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
    ) -> Request<ListRoomMemberships> {
        let (account_id, room_id) = (account_id.into(), room_id.into());
        self.request(ListRoomMemberships { account_id, room_id, paging: Paging::default() })
    }

    /// Changes a membership of a chat room and returns the changed [`RoomMembership`].
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`role`](Request#method.role-1): the role of the member; the role of a bot cannot be changed
    ///
    /// API: [UpdateRoomMembership](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateRoomMembership.html)
    ///
    /// ```
    /// # use amazon_chime::{AccountType, RoomMembershipRole};
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// client.create_room_membership(&acme.account_id, &room.room_id, &ana.user_id).await?;
    /// let membership = client
    ///     .update_room_membership(&acme.account_id, &room.room_id, &ana.user_id)
    ///     .role(RoomMembershipRole::Administrator)
    ///     .await?;
    /// assert_eq!(membership.role, Some(RoomMembershipRole::Administrator));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room, or the room has no such member
    /// - [`is_bad_request`](crate::Error::is_bad_request): the member is a bot
    pub fn update_room_membership(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
        member_id: impl Into<MemberId>,
    ) -> Request<UpdateRoomMembership> {
        let (account_id, room_id, member_id) =
            (account_id.into(), room_id.into(), member_id.into());
        self.request(UpdateRoomMembership { account_id, room_id, member_id, role: None })
    }

    /// Removes a member from a chat room.
    ///
    /// API: [DeleteRoomMembership](https://docs.aws.amazon.com/chime/latest/APIReference/API_DeleteRoomMembership.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// client.create_room_membership(&acme.account_id, &room.room_id, &ana.user_id).await?;
    /// client.delete_room_membership(&acme.account_id, &room.room_id, &ana.user_id).await?;
    /// let page = client.list_room_memberships(&acme.account_id, &room.room_id).await?;
    /// assert!(page.items.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such room, or the room has no such member; if
    ///   an earlier attempt of this call may have removed the member,
    ///   [`may_have_applied`](crate::Error::may_have_applied) is also `true`
    pub fn delete_room_membership(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
        member_id: impl Into<MemberId>,
    ) -> Request<DeleteRoomMembership> {
        let (account_id, room_id) = (account_id.into(), room_id.into());
        self.request(DeleteRoomMembership { account_id, room_id, member_id: member_id.into() })
    }
}

/// The operation of [`Client::create_room_membership`]:
/// `POST /accounts/{accountId}/rooms/{roomId}/memberships`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateRoomMembership {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    room_id: RoomId,
    member_id: MemberId,
    role: Option<RoomMembershipRole>,
}

/// Optional parameters of [`Client::create_room_membership`].
impl Request<CreateRoomMembership> {
    /// Sets the role of the member; [`Member`](RoomMembershipRole::Member) by default.
    pub fn role(self, role: impl Into<RoomMembershipRole>) -> Self {
        self.set(|operation| operation.role = Some(role.into()))
    }
}

impl Operation for CreateRoomMembership {
    type Output = RoomMembership;
    const SPEC: Spec = Spec::post("CreateRoomMembership", Replay::Never);

    fn route(&self) -> Route {
        memberships(&self.account_id, &self.room_id)
    }

    fn validate(&self) -> Validity {
        validate::not_blank("MemberId", &self.member_id)
    }

    fn body(&self) -> Body {
        Body::json(self).asks("MemberId", Some(&self.member_id))
    }
}

impl Ensure for CreateRoomMembership {
    type Ensured = Ensured<RoomMembership>;
    type Found = Option<RoomMembership>;
    const IS_RECOGNISED_LATER: bool = true;

    async fn look_first(request: &Request<Self>) -> Result<Option<RoomMembership>, Error> {
        let Self { account_id, room_id, member_id, .. } = &request.operation;
        let listing = request.client.list_room_memberships(account_id, room_id);
        let mut memberships = request.with_settings_for(listing.max_results(MAX_PAGE)).items();
        while let Some(membership) = memberships.try_next().await? {
            if membership.member.member_id == *member_id {
                return Ok(Some(membership));
            }
        }
        Ok(None)
    }

    async fn look_again(
        request: &Request<Self>,
        found: &mut Option<RoomMembership>,
    ) -> Result<(), Error> {
        *found = Self::look_first(request).await?;
        Ok(())
    }

    fn missing(&self, found: &Option<RoomMembership>) -> Option<Self> {
        found.is_none().then(|| self.clone())
    }

    async fn ensured(
        _: &Request<Self>,
        found: Option<RoomMembership>,
        answer: Option<RoomMembership>,
        was_in_doubt: bool,
    ) -> Result<Ensured<RoomMembership>, Error> {
        Ensured::one(found, answer, was_in_doubt)
    }
}

/// The operation of [`Client::batch_create_room_membership`]:
/// `POST /accounts/{accountId}/rooms/{roomId}/memberships?operation=batch-create`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchCreateRoomMembership {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    room_id: RoomId,
    membership_item_list: Vec<MembershipItem>,
}

impl Operation for BatchCreateRoomMembership {
    type Output = Vec<MemberError>;
    const SPEC: Spec = Spec::post("BatchCreateRoomMembership", Replay::Never);

    fn route(&self) -> Route {
        memberships(&self.account_id, &self.room_id).constant("operation", "batch-create")
    }

    fn validate(&self) -> Validity {
        validate::at_most("MembershipItemList", &self.membership_item_list, 50)?;
        let mut items = self.membership_item_list.iter();
        items.try_for_each(|item| validate::not_blank("MemberId", &item.member_id))
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::list_room_memberships`]:
/// `GET /accounts/{accountId}/rooms/{roomId}/memberships`.
#[derive(Clone, Debug)]
pub struct ListRoomMemberships {
    account_id: AccountId,
    room_id: RoomId,
    paging: Paging,
}

impl Operation for ListRoomMemberships {
    type Output = Page<RoomMembership>;
    const SPEC: Spec = Spec::get("ListRoomMemberships");

    fn route(&self) -> Route {
        memberships(&self.account_id, &self.room_id).paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        self.paging.validate(MAX_PAGE)
    }
}

const MAX_PAGE: u32 = 99;

impl List for ListRoomMemberships {
    type Item = RoomMembership;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::update_room_membership`]:
/// `POST /accounts/{accountId}/rooms/{roomId}/memberships/{memberId}`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateRoomMembership {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    room_id: RoomId,
    #[serde(skip)]
    member_id: MemberId,
    role: Option<RoomMembershipRole>,
}

/// Optional parameters of [`Client::update_room_membership`].
impl Request<UpdateRoomMembership> {
    /// Sets the role of the member.
    pub fn role(self, role: impl Into<RoomMembershipRole>) -> Self {
        self.set(|operation| operation.role = Some(role.into()))
    }
}

impl Operation for UpdateRoomMembership {
    type Output = RoomMembership;
    const SPEC: Spec = Spec::post("UpdateRoomMembership", Replay::Safe);

    fn route(&self) -> Route {
        memberships(&self.account_id, &self.room_id).id("MemberId", &self.member_id)
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::delete_room_membership`]:
/// `DELETE /accounts/{accountId}/rooms/{roomId}/memberships/{memberId}`.
#[derive(Clone, Debug)]
pub struct DeleteRoomMembership {
    account_id: AccountId,
    room_id: RoomId,
    member_id: MemberId,
}

impl Operation for DeleteRoomMembership {
    type Output = ();
    const SPEC: Spec = Spec::delete("DeleteRoomMembership");

    fn route(&self) -> Route {
        memberships(&self.account_id, &self.room_id).id("MemberId", &self.member_id)
    }
}

fn memberships(account_id: &AccountId, room_id: &RoomId) -> Route {
    room(account_id, room_id).then("memberships")
}
