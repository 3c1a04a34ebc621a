//! Bots: their model and operations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::accounts::{AccountId, account};
use super::users::UserId;
use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, timestamp};
use crate::docs::with_client;
use crate::id::id;
use crate::open_enum::open_enum;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::pages::{List, Page};
use crate::paging::Paging;
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

id! {
    /// The identifier of a [`Bot`].
    BotId
}

/// A bot of an Enterprise account.
///
/// Its name, its e-mail address and its security token are [`Sensitive`]:
///
/// ```
/// # use amazon_chime::AccountType;
#[doc = with_client!()]
/// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
/// let bot = client.create_bot(&acme.account_id, "minutes").await?;
/// let token = bot.security_token.as_ref().map(|token| token.expose()).unwrap_or_default();
/// assert!(!token.is_empty());
/// assert!(!format!("{bot:?}").contains(token));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Bot {
    /// Its identifier.
    pub bot_id: BotId,
    /// The user that it is in chats.
    pub user_id: Option<UserId>,
    /// The name that others see.
    pub display_name: Option<Sensitive>,
    /// What kind of bot it is.
    pub bot_type: Option<BotType>,
    /// Whether it is stopped.
    pub disabled: Option<bool>,
    /// When it was created.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
    /// Its e-mail address.
    pub bot_email: Option<Sensitive>,
    /// The token by which it knows that an event comes from the service.
    pub security_token: Option<Sensitive>,
}

impl Bot {
    /// A bot with this identifier and no other members.
    #[must_use]
    pub fn new(bot_id: impl Into<BotId>) -> Self {
        Self {
            bot_id: bot_id.into(),
            user_id: None,
            display_name: None,
            bot_type: None,
            disabled: None,
            created_timestamp: None,
            updated_timestamp: None,
            bot_email: None,
            security_token: None,
        }
    }
}

impl Model for Bot {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("BotId", &self.bot_id)?;
        asked.text("DisplayName", self.display_name.as_ref().map(Sensitive::expose), " (Bot)")
    }
}

impl Enveloped for Bot {
    const MEMBER: &'static str = "Bot";
}

impl Listed for Bot {
    const LIST: &'static str = "Bots";
}

open_enum! {
    /// What kind of bot a bot is.
    BotType {
        /// A bot for chats.
        ChatBot,
    }
}

/// Bots.
impl Client {
    /// Creates a bot in an Enterprise account. Gives the [`Bot`]. Optional,
    /// [set on the request](Request#impl-Request%3CCreateBot%3E):
    ///
    /// - `domain`: the domain of its e-mail address, one of the account's; not blank
    ///
    /// It is not sent again once it may have run; if it fails with
    /// [`may_have_applied`](crate::Error::may_have_applied), list the bots before trying again.
    ///
    /// API: [CreateBot](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreateBot.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let bot = client.create_bot(&acme.account_id, "minutes").domain("example.com").await?;
    /// assert_eq!(bot.disabled, Some(false));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such account,
    /// [`is_access_denied`](crate::Error::is_access_denied) if it is not an Enterprise account,
    /// [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded) if it can have no more
    /// bots.
    pub fn create_bot(
        &self,
        account_id: impl Into<AccountId>,
        display_name: impl Into<Sensitive>,
    ) -> Request<CreateBot> {
        let (account_id, display_name) = (account_id.into(), display_name.into());
        self.request(CreateBot { account_id, display_name, domain: None })
    }

    /// Retrieves one bot. Gives the [`Bot`].
    ///
    /// API: [GetBot](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetBot.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let minutes = client.create_bot(&acme.account_id, "minutes").await?;
    /// let bot = client.get_bot(&acme.account_id, &minutes.bot_id).await?;
    /// assert_eq!(bot, minutes);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such bot in that account.
    pub fn get_bot(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<GetBot> {
        self.request(GetBot { account_id: account_id.into(), bot_id: bot_id.into() })
    }

    /// Lists the bots of an account. Gives a [`Page`] of [`Bot`]s.
    ///
    /// [`send`](Request::send) gives one page, [`pages`](Request::pages) and
    /// [`items`](Request::items) give streams. Optional:
    ///
    /// - [`max_results`](Request::max_results): how many bots a page has at most, 1 to 99
    /// - [`next_token`](Request::next_token): the page to start with
    ///
    /// API: [ListBots](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListBots.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// client.create_bot(&acme.account_id, "minutes").await?;
    ///
    /// let mut bots = client.list_bots(&acme.account_id).items();
    /// while let Some(bot) = bots.try_next().await? {
    ///     println!("{} disabled: {:?}", bot.bot_id, bot.disabled);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such account,
    /// [`is_bad_request`](crate::Error::is_bad_request) for a token that is not of this listing.
    pub fn list_bots(&self, account_id: impl Into<AccountId>) -> Request<ListBots> {
        self.request(ListBots { account_id: account_id.into(), paging: Paging::default() })
    }

    /// Starts or stops a bot. Gives the [`Bot`] as it is then. What is not
    /// [set on the request](Request#impl-Request%3CUpdateBot%3E) stays:
    ///
    /// - `disabled`: whether it is stopped
    ///
    /// API: [UpdateBot](https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateBot.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let bot = client.create_bot(&acme.account_id, "minutes").await?;
    /// let bot = client.update_bot(&acme.account_id, &bot.bot_id).disabled(true).await?;
    /// assert_eq!(bot.disabled, Some(true));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such bot in that account.
    pub fn update_bot(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<UpdateBot> {
        let (account_id, bot_id) = (account_id.into(), bot_id.into());
        self.request(UpdateBot { account_id, bot_id, disabled: None })
    }

    /// Replaces the security token of a bot by a new one. Gives the [`Bot`], with the new
    /// [`security_token`](Bot::security_token).
    ///
    /// It is not sent again once it may have run: if the first request ran last, the caller would have a
    /// token that is no longer the bot's. If it fails with
    /// [`may_have_applied`](crate::Error::may_have_applied), read the bot to see which token holds.
    ///
    /// API: [RegenerateSecurityToken](https://docs.aws.amazon.com/chime/latest/APIReference/API_RegenerateSecurityToken.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let before = client.create_bot(&acme.account_id, "minutes").await?;
    /// let after = client.regenerate_security_token(&acme.account_id, &before.bot_id).await?;
    /// assert_ne!(after.security_token, before.security_token);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such bot in that account.
    pub fn regenerate_security_token(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<RegenerateSecurityToken> {
        let (account_id, bot_id) = (account_id.into(), bot_id.into());
        self.request(RegenerateSecurityToken { account_id, bot_id })
    }
}

/// The operation of [`Client::create_bot`]: `POST /accounts/{accountId}/bots`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateBot {
    #[serde(skip)]
    account_id: AccountId,
    display_name: Sensitive,
    domain: Option<String>,
}

/// Optional parameters of [`Client::create_bot`].
impl Request<CreateBot> {
    /// The domain of its e-mail address, one of the account's; not blank.
    pub fn domain(self, domain: impl Into<String>) -> Self {
        self.set(|operation| operation.domain = Some(domain.into()))
    }
}

impl Operation for CreateBot {
    type Output = Bot;
    const SPEC: Spec = Spec::post("CreateBot", Replay::Never);

    fn route(&self) -> Route {
        account(&self.account_id).then("bots")
    }

    fn validate(&self) -> Validity {
        self.domain.iter().try_for_each(|domain| validate::not_blank("Domain", domain))
    }

    fn body(&self) -> Body {
        let name = self.display_name.expose();
        Body::json(self).sensitive([&self.display_name]).asks("DisplayName", Some(name))
    }
}

/// The operation of [`Client::get_bot`]: `GET /accounts/{accountId}/bots/{botId}`.
#[derive(Clone, Debug)]
pub struct GetBot {
    account_id: AccountId,
    bot_id: BotId,
}

impl Operation for GetBot {
    type Output = Bot;
    const SPEC: Spec = Spec::get("GetBot");

    fn route(&self) -> Route {
        bot(&self.account_id, &self.bot_id)
    }
}

/// The operation of [`Client::list_bots`]: `GET /accounts/{accountId}/bots`.
#[derive(Clone, Debug)]
pub struct ListBots {
    account_id: AccountId,
    paging: Paging,
}

impl Operation for ListBots {
    type Output = Page<Bot>;
    const SPEC: Spec = Spec::get("ListBots");

    fn route(&self) -> Route {
        account(&self.account_id).then("bots").paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        self.paging.validate(99)
    }
}

impl List for ListBots {
    type Item = Bot;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::update_bot`]: `POST /accounts/{accountId}/bots/{botId}`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateBot {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    bot_id: BotId,
    disabled: Option<bool>,
}

/// Optional parameters of [`Client::update_bot`].
impl Request<UpdateBot> {
    /// Whether it is stopped.
    pub fn disabled(self, disabled: bool) -> Self {
        self.set(|operation| operation.disabled = Some(disabled))
    }
}

impl Operation for UpdateBot {
    type Output = Bot;
    const SPEC: Spec = Spec::post("UpdateBot", Replay::Safe);

    fn route(&self) -> Route {
        bot(&self.account_id, &self.bot_id)
    }

    fn body(&self) -> Body {
        Body::json(self)
    }
}

/// The operation of [`Client::regenerate_security_token`]:
/// `POST /accounts/{accountId}/bots/{botId}?operation=regenerate-security-token`.
#[derive(Clone, Debug)]
pub struct RegenerateSecurityToken {
    account_id: AccountId,
    bot_id: BotId,
}

impl Operation for RegenerateSecurityToken {
    type Output = Bot;
    const SPEC: Spec = Spec::post("RegenerateSecurityToken", Replay::Never);

    fn route(&self) -> Route {
        bot(&self.account_id, &self.bot_id).constant("operation", "regenerate-security-token")
    }
}

/// `/accounts/{accountId}/bots/{botId}`
pub(crate) fn bot(account_id: &AccountId, bot_id: &BotId) -> Route {
    account(account_id).then("bots").id("BotId", bot_id)
}
