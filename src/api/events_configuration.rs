//! The models and the operations of the events configurations of bots.

use serde::{Deserialize, Serialize};

use super::accounts::AccountId;
use super::bots::{BotId, bot};
use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Model};
use crate::docs::with_client;
use crate::operation::{Body, Operation, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;

/// The destination of a bot's events: an HTTPS endpoint or a Lambda function. Both values are [`Sensitive`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EventsConfiguration {
    /// The identifier of the bot.
    pub bot_id: Option<BotId>,
    /// The HTTPS endpoint that gets the events.
    #[serde(rename = "OutboundEventsHTTPSEndpoint")]
    pub outbound_events_https_endpoint: Option<Sensitive>,
    /// The ARN of the Lambda function that gets the events.
    pub lambda_function_arn: Option<Sensitive>,
}

impl EventsConfiguration {
    /// Creates a configuration of this bot without a destination.
    #[must_use]
    pub fn new(bot_id: impl Into<BotId>) -> Self {
        Self {
            bot_id: Some(bot_id.into()),
            outbound_events_https_endpoint: None,
            lambda_function_arn: None,
        }
    }
}

impl Model for EventsConfiguration {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.id("BotId", self.bot_id.as_deref())
    }
}

impl Enveloped for EventsConfiguration {
    const MEMBER: &'static str = "EventsConfiguration";
}

/// The destination of a bot's events, a parameter of [`Client::put_events_configuration`].
///
/// ```
/// use amazon_chime::EventsTarget;
///
/// let target = EventsTarget::https_endpoint("https://example.com/events?key=1234");
/// assert_eq!(format!("{target:?}"), "HttpsEndpoint(Sensitive(***))");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EventsTarget {
    /// The URL of an HTTPS endpoint.
    #[serde(rename = "OutboundEventsHTTPSEndpoint")]
    HttpsEndpoint(Sensitive),
    /// The ARN of a Lambda function.
    #[serde(rename = "LambdaFunctionArn")]
    LambdaFunction(Sensitive),
}

impl EventsTarget {
    /// Creates a target from the URL of an HTTPS endpoint.
    #[must_use]
    pub fn https_endpoint(url: impl Into<Sensitive>) -> Self {
        Self::HttpsEndpoint(url.into())
    }

    /// Creates a target from the ARN of a Lambda function.
    #[must_use]
    pub fn lambda_function(arn: impl Into<Sensitive>) -> Self {
        Self::LambdaFunction(arn.into())
    }
}

/// Events configurations of bots.
impl Client {
    /// Retrieves the destination of a bot's events and returns the [`EventsConfiguration`].
    ///
    /// API: [GetEventsConfiguration](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetEventsConfiguration.html)
    ///
    /// ```
    /// # use amazon_chime::{AccountType, EventsTarget};
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let bot = client.create_bot(&acme.account_id, "minutes").await?;
    /// let target = EventsTarget::https_endpoint("https://example.com/events");
    /// let set = client.put_events_configuration(&acme.account_id, &bot.bot_id, target).await?;
    /// let configuration = client.get_events_configuration(&acme.account_id, &bot.bot_id).await?;
    /// assert_eq!(configuration, set);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such bot, or the bot has no events
    ///   configuration
    pub fn get_events_configuration(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<GetEventsConfiguration> {
        let (account_id, bot_id) = (account_id.into(), bot_id.into());
        self.request(GetEventsConfiguration { account_id, bot_id })
    }

    /// Sets the destination of a bot's events and returns the [`EventsConfiguration`].
    ///
    /// `target` is an HTTPS endpoint or a Lambda function and replaces the previous destination.
    ///
    /// API: [PutEventsConfiguration](https://docs.aws.amazon.com/chime/latest/APIReference/API_PutEventsConfiguration.html)
    ///
    /// ```
    /// # use amazon_chime::{AccountType, EventsTarget};
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let bot = client.create_bot(&acme.account_id, "minutes").await?;
    /// let arn = "arn:aws:lambda:us-east-1:111122223333:function:events";
    /// let target = EventsTarget::lambda_function(arn);
    /// let configuration =
    ///     client.put_events_configuration(&acme.account_id, &bot.bot_id, target).await?;
    /// assert_eq!(configuration.lambda_function_arn, Some(arn.into()));
    /// assert_eq!(configuration.outbound_events_https_endpoint, None);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the account has no such bot
    pub fn put_events_configuration(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
        target: EventsTarget,
    ) -> Request<PutEventsConfiguration> {
        let (account_id, bot_id) = (account_id.into(), bot_id.into());
        self.request(PutEventsConfiguration { account_id, bot_id, target })
    }

    /// Deletes the events configuration of a bot, so that the service sends no more events of the bot.
    ///
    /// API: [DeleteEventsConfiguration](https://docs.aws.amazon.com/chime/latest/APIReference/API_DeleteEventsConfiguration.html)
    ///
    /// ```
    /// # use amazon_chime::{AccountType, EventsTarget};
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// let bot = client.create_bot(&acme.account_id, "minutes").await?;
    /// let target = EventsTarget::https_endpoint("https://example.com/events");
    /// client.put_events_configuration(&acme.account_id, &bot.bot_id, target).await?;
    /// client.delete_events_configuration(&acme.account_id, &bot.bot_id).await?;
    /// let error =
    ///     client.get_events_configuration(&acme.account_id, &bot.bot_id).await.unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The operation has only the [errors that every request has](Request#errors).
    pub fn delete_events_configuration(
        &self,
        account_id: impl Into<AccountId>,
        bot_id: impl Into<BotId>,
    ) -> Request<DeleteEventsConfiguration> {
        let (account_id, bot_id) = (account_id.into(), bot_id.into());
        self.request(DeleteEventsConfiguration { account_id, bot_id })
    }
}

/// The operation of [`Client::get_events_configuration`]:
/// `GET /accounts/{accountId}/bots/{botId}/events-configuration`.
#[derive(Clone, Debug)]
pub struct GetEventsConfiguration {
    account_id: AccountId,
    bot_id: BotId,
}

impl Operation for GetEventsConfiguration {
    type Output = EventsConfiguration;
    const SPEC: Spec = Spec::get("GetEventsConfiguration");

    fn route(&self) -> Route {
        bot(&self.account_id, &self.bot_id).then("events-configuration")
    }
}

/// The operation of [`Client::put_events_configuration`]:
/// `PUT /accounts/{accountId}/bots/{botId}/events-configuration`.
#[derive(Clone, Debug, Serialize)]
pub struct PutEventsConfiguration {
    #[serde(skip)]
    account_id: AccountId,
    #[serde(skip)]
    bot_id: BotId,
    #[serde(flatten)]
    target: EventsTarget,
}

impl Operation for PutEventsConfiguration {
    type Output = EventsConfiguration;
    const SPEC: Spec = Spec::put("PutEventsConfiguration");

    fn route(&self) -> Route {
        bot(&self.account_id, &self.bot_id).then("events-configuration")
    }

    fn body(&self) -> Body {
        let (EventsTarget::HttpsEndpoint(target) | EventsTarget::LambdaFunction(target)) =
            &self.target;
        Body::json(self).sensitive([target])
    }
}

/// The operation of [`Client::delete_events_configuration`]:
/// `DELETE /accounts/{accountId}/bots/{botId}/events-configuration`.
#[derive(Clone, Debug)]
pub struct DeleteEventsConfiguration {
    account_id: AccountId,
    bot_id: BotId,
}

impl Operation for DeleteEventsConfiguration {
    type Output = ();
    const SPEC: Spec = Spec::delete("DeleteEventsConfiguration");

    fn route(&self) -> Route {
        bot(&self.account_id, &self.bot_id).then("events-configuration")
    }
}
