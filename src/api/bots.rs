//! The model and the operations of bots.

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
/// The name, the e-mail address and the security token are [`Sensitive`], so `Debug` does not show them:
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
    /// The identifier of the bot.
    pub bot_id: BotId,
    /// The identifier of the user that represents the bot in chats.
    pub user_id: Option<UserId>,
    /// The name that users see.
    pub display_name: Option<Sensitive>,
    /// The type of the bot.
    pub bot_type: Option<BotType>,
    /// Whether the bot is stopped.
    pub disabled: Option<bool>,
    /// The time of the creation.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
    /// The e-mail address of the bot.
    pub bot_email: Option<Sensitive>,
    /// The token that the bot uses to check that an event comes from the service.
    pub security_token: Option<Sensitive>,
}

impl Bot {
    /// Creates a bot in which only the identifier is set.
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
    /// The type of a bot.
    BotType {
        /// A bot for chats.
        ChatBot,
    }
}

/// Bots.
impl Client {
    /// Creates a bot in an Enterprise account and returns the [`Bot`].
    ///
    /// Optional parameters:
    ///
    /// - [`domain`](Request::domain): the domain of the bot's e-mail address
    ///
    /// If the response is lost, unreadable or a server error, the request is
    /// [not sent again](crate::docs::reliability). If the call fails and
    /// [`may_have_applied`](crate::Error::may_have_applied) is `true`, list the bots before you try again.
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
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_access_denied`](crate::Error::is_access_denied): the account is not an Enterprise account
    /// - [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded): the account cannot have more bots
    pub fn create_bot(
        &self,
        account_id: impl Into<AccountId>,
        display_name: impl Into<Sensitive>,
    ) -> Request<CreateBot> {
        let (account_id, display_name) = (account_id.into(), display_name.into());
        self.request(CreateBot { account_id, display_name, domain: None })
    }

    /// Retrieves a bot and returns the [`Bot`].
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
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such bot
    pub fn get_bot(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<GetBot> {
        self.request(GetBot { account_id: account_id.into(), bot_id: bot_id.into() })
    }

    /// Lists the bots of an account and returns a [`Page`] of [`Bot`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages. Optional parameters:
    ///
    /// - [`max_results`](Request::max_results): the largest number of bots on a page, 1 to 99
    /// - [`next_token`](Request::next_token): the token of the page to start with
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
    /// - [`is_not_found`](crate::Error::is_not_found): the account does not exist
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from another listing
    pub fn list_bots(&self, account_id: impl Into<AccountId>) -> Request<ListBots> {
        self.request(ListBots { account_id: account_id.into(), paging: Paging::default() })
    }

    /// Starts or stops a bot and returns the changed [`Bot`].
    ///
    /// Optional parameters; a value that is not set stays as it is:
    ///
    /// - [`disabled`](Request::disabled): `true` stops the bot, `false` starts it
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
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such bot
    pub fn update_bot(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<UpdateBot> {
        let (account_id, bot_id) = (account_id.into(), bot_id.into());
        self.request(UpdateBot { account_id, bot_id, disabled: None })
    }

    /// Replaces the security token of a bot and returns the [`Bot`] with its new
    /// [`security_token`](Bot::security_token).
    ///
    /// If the response is lost, unreadable or a server error, the request is not sent again, because a delayed first
    /// request could replace the token of the second. If the call fails and
    /// [`may_have_applied`](crate::Error::may_have_applied) is `true`, read the bot to get the current token.
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
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such bot
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
    /// Sets the domain of the bot's e-mail address: a domain of the account, not blank.
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
    /// Stops the bot (`true`) or starts it (`false`).
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

pub(crate) fn bot(account_id: &AccountId, bot_id: &BotId) -> Route {
    account(account_id).then("bots").id("BotId", bot_id)
}
