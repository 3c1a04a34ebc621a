//! Requests: calls that have not been sent yet.

use std::pin::Pin;
use std::time::Duration;

use tracing::field::{Empty, debug, display};
use tracing::{Instrument, Span};
use uuid::Uuid;

use crate::asked::Asked;
use crate::call::{Call, Deadline, Look, RetryConfig, Success, TARGET, execute};
use crate::client::Client;
use crate::decode::Decode;
use crate::docs::with_client;
use crate::error::Error;
use crate::operation::{Operation, Replay};
use crate::problem::{ErrorKind, Problem};

/// A call that has not been sent yet: set its optional parameters, then await it.
///
/// ```
/// use std::time::Duration;
///
#[doc = with_client!()]
/// # let acme = client.create_account("Acme").await?;
/// let request = client
///     .create_user(&acme.account_id)
///     .email("ana@example.com")
///     .operation_timeout(Duration::from_secs(5));
/// let user = request.await?;
/// # Ok(()) }
/// ```
///
/// Awaiting a request sends it and returns its output, such as an [`Account`](crate::Account). [`send`](Self::send)
/// does the same without a box around the future, and [`send_with_metadata`](Self::send_with_metadata) also returns the
/// request id, the status and the number of attempts. Dropping the future stops the call.
///
/// - Every request has the [settings of a call](#impl-Request%3CO%3E), such as timeouts.
/// - The request of a listing returns one [`Page`](crate::Page); its methods [`items`](Self::items) and
///   [`pages`](Self::pages) return [streams over all pages](#impl-Request%3CL%3E).
/// - Five creates can be [ensured](Self::ensure): an ensured create first looks whether the resource exists, and looks
///   again after each attempt that may have run.
///
/// These requests have optional parameters:
///
/// | request of | optional parameters |
/// |---|---|
/// | [`list_accounts`](Client::list_accounts) | [`name_prefix`, `user_email`](#impl-Request%3CListAccounts%3E) |
/// | [`update_account`](Client::update_account) | [`name`, `default_license`](#impl-Request%3CUpdateAccount%3E) |
/// | [`update_account_settings`](Client::update_account_settings) | [`disable_remote_control`, `enable_dial_out`](#impl-Request%3CUpdateAccountSettings%3E) |
/// | [`put_retention_settings`](Client::put_retention_settings) | [`room_retention_days`, `room_retention_off`, `conversation_retention_days`, `conversation_retention_off`](#impl-Request%3CPutRetentionSettings%3E) |
/// | [`create_user`](Client::create_user) | [`username`, `email`, `user_type`](#impl-Request%3CCreateUser%3E) |
/// | [`list_users`](Client::list_users) | [`user_email`, `user_type`](#impl-Request%3CListUsers%3E) |
/// | [`update_user`](Client::update_user) | [`license_type`, `user_type`, `alexa_for_business_metadata`](#impl-Request%3CUpdateUser%3E) |
/// | [`invite_users`](Client::invite_users) | [`user_type`](#impl-Request%3CInviteUsers%3E) |
/// | [`create_room`](Client::create_room) | [`client_request_token`](#impl-Request%3CCreateRoom%3E) |
/// | [`list_rooms`](Client::list_rooms) | [`member_id`](#impl-Request%3CListRooms%3E) |
/// | [`update_room`](Client::update_room) | [`name`](#impl-Request%3CUpdateRoom%3E) |
/// | [`create_room_membership`](Client::create_room_membership) | [`role`](#impl-Request%3CCreateRoomMembership%3E) |
/// | [`update_room_membership`](Client::update_room_membership) | [`role`](#impl-Request%3CUpdateRoomMembership%3E) |
/// | [`create_bot`](Client::create_bot) | [`domain`](#impl-Request%3CCreateBot%3E) |
/// | [`update_bot`](Client::update_bot) | [`disabled`](#impl-Request%3CUpdateBot%3E) |
/// | [`list_phone_numbers`](Client::list_phone_numbers) | [`status`, `product_type`, `filter`](#impl-Request%3CListPhoneNumbers%3E) |
/// | [`update_phone_number`](Client::update_phone_number) | [`product_type`, `calling_name`](#impl-Request%3CUpdatePhoneNumber%3E) |
/// | [`search_available_phone_numbers`](Client::search_available_phone_numbers) | [`area_code`, `city`, `country`, `state`, `toll_free_prefix`, `phone_number_type`](#impl-Request%3CSearchAvailablePhoneNumbers%3E) |
/// | [`update_global_settings`](Client::update_global_settings) | [`business_calling_cdr_bucket`, `voice_connector_cdr_bucket`](#impl-Request%3CUpdateGlobalSettings%3E) |
///
/// # Errors
///
/// Every call returns an [`Error`] if a parameter is outside its limits, if there are no credentials, if the service
/// cannot be reached, does not respond in time or responds with an error, or if the response cannot be read. The
/// documentation of each operation lists the errors that only this operation has.
///
/// # Panics
///
/// Sending panics outside of a Tokio runtime with time and I/O enabled.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing unless it is sent or awaited"]
pub struct Request<O> {
    pub(crate) client: Client,
    pub(crate) operation: O,
    retry: Option<RetryConfig>,
    attempt_timeout: Option<Duration>,
    operation_timeout: Option<Duration>,
    /// The deadline that all requests of one ensured create share; `None` for other requests.
    deadline: Option<Deadline>,
    accept_duplicates: bool,
    /// Who set the client request token, once the request has one.
    token_of: Option<TokenOf>,
}

/// The output of a call, with details of the response.
///
/// ```
#[doc = with_client!()]
/// let response = client.create_account("Acme").send_with_metadata().await?;
/// assert_eq!(response.output.name, "Acme");
/// assert_eq!((response.status, response.attempts), (201, 1));
/// assert!(response.request_id.is_some());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Response<T> {
    /// The output of the operation.
    pub output: T,
    /// The HTTP status.
    pub status: u16,
    /// The request id, which AWS asks for in support cases.
    pub request_id: Option<String>,
    /// The number of attempts, including attempts that could not connect.
    pub attempts: u32,
}

impl<T> Response<T> {
    /// Creates a response of status 200 to the first attempt, without a request id, for tests of programs that work
    /// with responses.
    ///
    /// ```
    /// use amazon_chime::{Response, User};
    ///
    /// let mut response = Response::new(User::new("u-1"));
    /// response.attempts = 2;
    /// assert_eq!((response.output.user_id.as_str(), response.status), ("u-1", 200));
    /// ```
    #[must_use]
    pub fn new(output: T) -> Self {
        Self { output, status: 200, request_id: None, attempts: 1 }
    }
}

impl Client {
    pub(crate) fn request<O: Operation>(&self, operation: O) -> Request<O> {
        Request {
            client: self.clone(),
            operation,
            retry: None,
            attempt_timeout: None,
            operation_timeout: None,
            deadline: None,
            accept_duplicates: false,
            token_of: None,
        }
    }
}

/// Sending a call, and the settings of a call.
impl<O: Operation> Request<O> {
    /// Sends the request and returns its output.
    ///
    /// # Errors
    ///
    /// See [`Request`](Self#errors).
    pub async fn send(self) -> Result<O::Output, Error> {
        self.send_with_metadata().await.map(|response| response.output)
    }

    /// Sends the request and returns its output, with the request id, the status and the number of attempts.
    ///
    /// # Errors
    ///
    /// See [`Request`](Self#errors).
    pub async fn send_with_metadata(mut self) -> Result<Response<O::Output>, Error> {
        let call = self.encode();
        let (output, success) = self.perform(call, None).await?;
        let (Some(output), Some(status)) = (output, success.status) else {
            return Err(Error::new(Problem::NotDecoded).in_operation(O::SPEC.name));
        };
        let Success { request_id, attempts, .. } = success;
        Ok(Response { output, status, request_id, attempts })
    }

    /// Makes the call and returns the output, or `None` if a [`Look`] found that the resource exists.
    pub(crate) async fn perform(
        &self,
        call: Result<Call, Error>,
        look: Option<&mut dyn Look>,
    ) -> Result<(Option<O::Output>, Success), Error> {
        let endpoint = &self.client.shared().endpoint;
        let span = tracing::debug_span!(
            target: TARGET,
            "chime",
            otel.name = %format_args!("Chime.{}", O::SPEC.name),
            otel.kind = "client",
            otel.status_code = Empty,
            error.type = Empty,
            server.address = endpoint.host,
            server.port = endpoint.port,
            rpc.system = "aws-api",
            rpc.service = "Chime",
            rpc.method = O::SPEC.name,
            http.response.status_code = Empty,
            aws.request_id = Empty,
            attempts = Empty,
        );
        let result = self
            .call(call, look)
            .instrument(span.clone())
            .await
            .map_err(|error| error.in_operation(O::SPEC.name).of_endpoint(endpoint));
        let (status, request_id, attempts) = match &result {
            Ok((_, success)) => (success.status, success.request_id.as_deref(), success.attempts),
            Err(error) => (error.status(), error.request_id(), error.attempts()),
        };
        span.record("http.response.status_code", status);
        span.record("aws.request_id", request_id);
        span.record("attempts", attempts);
        span.record("otel.status_code", if result.is_ok() { "OK" } else { "ERROR" });
        if let Err(error) = &result {
            record_type(&span, error);
        }
        result
    }

    /// Sets the time limit for one attempt of this call, from connecting to the end of the response.
    ///
    /// If it is shorter than the client's connect timeout and ends an attempt while connecting, the attempt counts as
    /// one that may have run.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the time limit for this whole call, with credentials, all attempts and the delays between them.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    #[doc = with_client!()]
    /// let page = client.list_accounts().operation_timeout(Duration::from_secs(5)).await?;
    /// # Ok(()) }
    /// ```
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = Some(timeout);
        self
    }

    /// Sets how often this call is tried, and the delays between attempts.
    ///
    /// ```
    /// use amazon_chime::RetryConfig;
    ///
    #[doc = with_client!()]
    /// let page = client.list_accounts().retry(RetryConfig::disabled()).await?;
    /// # Ok(()) }
    /// ```
    pub fn retry(mut self, config: RetryConfig) -> Self {
        self.retry = Some(config);
        self
    }

    /// Sends this request again even after an attempt that may have run, although that may create a second resource.
    ///
    /// An attempt may have run if it was sent and its response is lost, unreadable or a server error.
    ///
    /// ```
    /// use amazon_chime::local::Fault;
    ///
    #[doc = with_client!()]
    /// chime.inject(Fault::reset().after_effect());
    /// client.create_account("Acme").accept_duplicates().await?;
    /// assert_eq!(client.list_accounts().await?.items.len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn accept_duplicates(mut self) -> Self {
        self.accept_duplicates = true;
        self
    }

    /// Applies `set` with the value of an `Option`, and changes nothing for `None`.
    ///
    /// It works with every method of a request that takes a value.
    ///
    /// ```
    /// use amazon_chime::UserType;
    ///
    #[doc = with_client!()]
    /// # let account = client.create_account("Acme").await?;
    /// // Values from a form or a command line.
    /// let email = Some("ana@example.com");
    /// let user_type: Option<UserType> = None;
    ///
    /// let user = client
    ///     .create_user(&account.account_id)
    ///     .maybe(email, |request, email| request.email(email))
    ///     .maybe(user_type, |request, user_type| request.user_type(user_type))
    ///     .await?;
    /// assert!(user.primary_email.is_some());
    /// # Ok(()) }
    /// ```
    pub fn maybe<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut O)) -> Self {
        change(&mut self.operation);
        self
    }

    /// Returns the same request for another operation, which `map` makes from this operation.
    pub(crate) fn map_operation<P>(self, map: impl FnOnce(O) -> P) -> Request<P> {
        Request {
            client: self.client,
            operation: map(self.operation),
            retry: self.retry,
            attempt_timeout: self.attempt_timeout,
            operation_timeout: self.operation_timeout,
            deadline: self.deadline,
            accept_duplicates: self.accept_duplicates,
            token_of: self.token_of,
        }
    }

    /// Returns `part` with the settings and the deadline of this call.
    pub(crate) fn with_settings_for<P>(&self, part: Request<P>) -> Request<P> {
        Request {
            client: part.client,
            operation: part.operation,
            retry: self.retry.clone(),
            attempt_timeout: self.attempt_timeout,
            operation_timeout: self.operation_timeout,
            deadline: Some(self.deadline()),
            accept_duplicates: false,
            token_of: None,
        }
    }

    /// Starts the time limit of a call that consists of several requests.
    pub(crate) fn start(&mut self) {
        self.deadline = Some(self.deadline());
    }

    fn deadline(&self) -> Deadline {
        let timeout = self.operation_timeout.or(self.client.shared().operation_timeout);
        self.deadline.unwrap_or_else(|| Deadline::after(timeout))
    }

    async fn call(
        &self,
        call: Result<Call, Error>,
        look: Option<&mut dyn Look>,
    ) -> Result<(Option<O::Output>, Success), Error> {
        let mut output = None;
        let mut decode = |json: &str, asked: &Asked| {
            let decoded = O::Output::decode(json).map_err(|error| Problem::unreadable(&error))?;
            decoded.answers(asked)?;
            output = Some(decoded);
            Ok(())
        };
        let success = execute(self.client.shared(), call?, &mut decode, look).await?;
        Ok((output, success))
    }

    /// Checks the parameters and writes them into URL and body.
    pub(crate) fn encode(&mut self) -> Result<Call, Error> {
        let token = self.fill_in_client_request_token();
        let shared = self.client.shared();
        let route = self.operation.route();
        let url = route.url(&shared.endpoint.url).map_err(Error::new)?;
        self.operation.validate().map_err(Error::new)?;
        let body = self.operation.body();
        for timeout in [self.attempt_timeout, self.operation_timeout] {
            if timeout.is_some_and(|timeout| timeout.is_zero()) {
                return Err(Error::new(Problem::ZeroTimeout));
            }
        }
        let (mut sensitive, mut asked) = route.into_parts();
        sensitive.extend(body.sensitive);
        // With the caller's token, an earlier call may have created the resource, and it may have been changed since.
        if token != Some(TokenOf::Caller) {
            asked.append(body.asked);
        }
        let replay = O::SPEC.replay;
        Ok(Call {
            method: O::SPEC.method,
            url,
            body: body.json.map_err(|_| Error::new(Problem::UnwritableParameters))?,
            sensitive,
            asked,
            user_names: body.user_names,
            may_resend: self.accept_duplicates
                || replay == Replay::Safe
                || replay == Replay::Token && token.is_some(),
            caller_may_repeat: replay == Replay::Safe || token == Some(TokenOf::Caller),
            retry: self.retry.as_ref().unwrap_or(&shared.retry).clone(),
            attempt_timeout: self.attempt_timeout.unwrap_or(shared.attempt_timeout),
            deadline: self.deadline(),
        })
    }

    /// Fills in a client request token if the operation needs one and the caller has set none, and returns who set it.
    pub(crate) fn fill_in_client_request_token(&mut self) -> Option<TokenOf> {
        let token = self.operation.client_request_token()?;
        let whose = if token.is_some() { TokenOf::Caller } else { TokenOf::Call };
        token.get_or_insert_with(|| Uuid::new_v4().to_string().into());
        Some(*self.token_of.get_or_insert(whose))
    }
}

/// Records the type of an error in its trace: its code, or else its status, or else its kind.
fn record_type(span: &Span, error: &Error) {
    match (error.code(), error.status()) {
        (Some(code), _) => span.record("error.type", code),
        (None, Some(status)) if error.kind() == ErrorKind::Service => {
            span.record("error.type", display(status))
        }
        (None, _) => span.record("error.type", debug(error.kind())),
    };
}

/// Who set a client request token: only a caller who has set it can use it again in another call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TokenOf {
    Caller,
    Call,
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    /// Creates a room, with errors as the first two responses, and returns the token of each attempt.
    async fn tokens(token: Option<&str>) -> Vec<String> {
        let server = MockServer::start().await;
        let lost = Mock::given(any()).respond_with(ResponseTemplate::new(500));
        lost.up_to_n_times(2).mount(&server).await;
        let room = json!({ "Room": { "RoomId": "r-1" } });
        let created = ResponseTemplate::new(201).set_body_json(room);
        Mock::given(any()).respond_with(created).mount(&server).await;
        let client = Client::builder()
            .credentials_provider(crate::Credentials::new("AKID", "secret", None, None, "test"))
            .endpoint_url(server.uri())
            .retry(RetryConfig::standard().max_backoff(Duration::ZERO))
            .build()
            .unwrap();
        let mut request = client.create_room("a-1", "Planning");
        if let Some(token) = token {
            request = request.client_request_token(token);
        }
        request.await.unwrap();
        let token = |request: &wiremock::Request| {
            let body: Value = request.body_json().unwrap();
            body["ClientRequestToken"].as_str().unwrap().to_owned()
        };
        server.received_requests().await.unwrap().iter().map(token).collect()
    }

    #[tokio::test]
    async fn every_attempt_of_a_create_has_the_same_token() {
        let sent = tokens(None).await;
        assert_eq!(sent.len(), 3);
        assert_eq!(sent[0].len(), 36, "a UUID was filled in");
        assert!(sent.iter().all(|token| *token == sent[0]));
        assert_ne!(sent, tokens(None).await, "another call has another token");
        assert_eq!(tokens(Some("mine")).await, ["mine", "mine", "mine"]);
    }
}
