use std::sync::Arc;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};

use crate::call::Shared;
use crate::docs::with_client;

/// A client of the Amazon Chime administration API.
///
/// It has one method per operation, which returns a [`Request`](crate::Request). Create a client once and clone it
/// freely: clones share the connections, the credentials and the retry budget, which limits the retries of all clones.
///
/// | operations on | methods |
/// |---|---|
/// | Accounts | [`create_account`](Self::create_account), [`get_account`](Self::get_account), [`list_accounts`](Self::list_accounts), [`update_account`](Self::update_account), [`delete_account`](Self::delete_account) |
/// | Account settings and retention | [`get_account_settings`](Self::get_account_settings), [`update_account_settings`](Self::update_account_settings), [`get_retention_settings`](Self::get_retention_settings), [`put_retention_settings`](Self::put_retention_settings) |
/// | Sign-in delegate groups | [`associate_signin_delegate_groups_with_account`](Self::associate_signin_delegate_groups_with_account), [`disassociate_signin_delegate_groups_from_account`](Self::disassociate_signin_delegate_groups_from_account) |
/// | Users | [`create_user`](Self::create_user), [`get_user`](Self::get_user), [`list_users`](Self::list_users), [`update_user`](Self::update_user), [`batch_update_user`](Self::batch_update_user), [`batch_suspend_user`](Self::batch_suspend_user), [`batch_unsuspend_user`](Self::batch_unsuspend_user), [`logout_user`](Self::logout_user), [`reset_personal_pin`](Self::reset_personal_pin) |
/// | User settings | [`get_user_settings`](Self::get_user_settings), [`update_user_settings`](Self::update_user_settings) |
/// | Invitations | [`invite_users`](Self::invite_users) |
/// | Rooms | [`create_room`](Self::create_room), [`get_room`](Self::get_room), [`list_rooms`](Self::list_rooms), [`update_room`](Self::update_room), [`delete_room`](Self::delete_room) |
/// | Room memberships | [`create_room_membership`](Self::create_room_membership), [`batch_create_room_membership`](Self::batch_create_room_membership), [`list_room_memberships`](Self::list_room_memberships), [`update_room_membership`](Self::update_room_membership), [`delete_room_membership`](Self::delete_room_membership) |
/// | Messages | [`redact_conversation_message`](Self::redact_conversation_message), [`redact_room_message`](Self::redact_room_message) |
/// | Bots | [`create_bot`](Self::create_bot), [`get_bot`](Self::get_bot), [`list_bots`](Self::list_bots), [`update_bot`](Self::update_bot), [`regenerate_security_token`](Self::regenerate_security_token) |
/// | Events of bots | [`get_events_configuration`](Self::get_events_configuration), [`put_events_configuration`](Self::put_events_configuration), [`delete_events_configuration`](Self::delete_events_configuration) |
/// | Phone numbers | [`get_phone_number`](Self::get_phone_number), [`list_phone_numbers`](Self::list_phone_numbers), [`update_phone_number`](Self::update_phone_number), [`batch_update_phone_number`](Self::batch_update_phone_number), [`delete_phone_number`](Self::delete_phone_number), [`batch_delete_phone_number`](Self::batch_delete_phone_number), [`restore_phone_number`](Self::restore_phone_number), [`associate_phone_number_with_user`](Self::associate_phone_number_with_user), [`disassociate_phone_number_from_user`](Self::disassociate_phone_number_from_user) |
/// | Orders of phone numbers | [`search_available_phone_numbers`](Self::search_available_phone_numbers), [`list_supported_phone_number_countries`](Self::list_supported_phone_number_countries), [`create_phone_number_order`](Self::create_phone_number_order), [`get_phone_number_order`](Self::get_phone_number_order), [`list_phone_number_orders`](Self::list_phone_number_orders) |
/// | Settings of the AWS account | [`get_global_settings`](Self::get_global_settings), [`update_global_settings`](Self::update_global_settings), [`get_phone_number_settings`](Self::get_phone_number_settings), [`update_phone_number_settings`](Self::update_phone_number_settings) |
/// | Meetings | [`create_meeting_dial_out`](Self::create_meeting_dial_out) |
///
/// Timeouts and retries can also be set [for one call](crate::Request#impl-Request%3CO%3E).
///
/// A client belongs to the Tokio runtime that first uses it, because that runtime drives its idle connections. On AWS
/// Lambda, create the client once, outside of the handler. In tests, create one client per test, because each
/// `#[tokio::test]` has its own runtime. [`docs::integrating`](crate::docs::integrating) has examples, also for
/// blocking code.
///
/// ```no_run
/// use amazon_chime::{Client, Credentials};
///
/// # fn main() -> Result<(), amazon_chime::Error> {
/// # let (key_id, secret) = ("AKIDEXAMPLE", "secret");
/// let client = Client::builder()
///     .credentials_provider(Credentials::new(key_id, secret, None, None, "my program"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    /// Returns the URL that requests go to, without a slash at the end.
    ///
    /// ```
    #[doc = with_client!()]
    /// assert_eq!(client.endpoint_url(), chime.endpoint_url());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.shared.endpoint.url
    }

    /// Returns a client with other credentials, for programs that work for many tenants.
    ///
    /// The new client loads and keeps its own credentials. It shares the endpoint, the connections, TLS, the timeouts
    /// and the retry settings, so it takes about 1 KiB of memory.
    ///
    /// Both clients share one retry budget: if the service fails or throttles, all tenants together stop retrying. For
    /// a separate budget, create the client with [`ClientBuilder`](crate::ClientBuilder).
    ///
    /// ```
    #[doc = with_client!()]
    /// # let provider_of_tenant = chime.temporary_credentials();
    /// let tenant = client.with_credentials_provider(provider_of_tenant);
    /// tenant.create_account("Acme").await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_credentials_provider(&self, provider: impl ProvideCredentials + 'static) -> Self {
        let provider = SharedCredentialsProvider::new(provider);
        Self::new(self.shared.with_credentials_provider(provider))
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.shared.endpoint.url)
            .field("signing_region", &self.shared.endpoint.signing_region)
            .field("user_agent", &self.shared.user_agent)
            .field("attempt_timeout", &self.shared.attempt_timeout)
            .field("operation_timeout", &self.shared.operation_timeout)
            .field("retry", &self.shared.retry)
            .finish_non_exhaustive()
    }
}
