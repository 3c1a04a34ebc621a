//! The operations of chat messages.

use super::accounts::{AccountId, account};
use super::rooms::{RoomId, room};
use crate::client::Client;
use crate::docs::with_client;
use crate::id::id;
use crate::operation::{Operation, Replay, Spec};
use crate::request::Request;
use crate::route::Route;

id! {
    /// The identifier of a conversation between users.
    ConversationId
}

id! {
    /// The identifier of a message in a conversation or a chat room.
    MessageId
}

/// Chat messages.
impl Client {
    /// Redacts a message in a conversation of an Enterprise account, so that nobody can read the message any more.
    ///
    /// The API cannot list conversations and messages, so their identifiers must come from another source, such as an
    /// export of the messages.
    ///
    /// API: [RedactConversationMessage](https://docs.aws.amazon.com/chime/latest/APIReference/API_RedactConversationMessage.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let (conversation_id, message_id) = (
    /// #     "7b6b9c1e-9a43-4a05-8f0e-0d1f6f6f5c11",
    /// #     "c1f0c1a2-5b1e-4f5e-9d8a-2f6f3f1f7d22",
    /// # );
    /// client.redact_conversation_message(&acme.account_id, conversation_id, message_id).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the message does not exist in the conversation
    pub fn redact_conversation_message(
        &self,
        account_id: impl Into<AccountId>,
        conversation_id: impl Into<ConversationId>,
        message_id: impl Into<MessageId>,
    ) -> Request<RedactConversationMessage> {
        let (account_id, conversation_id) = (account_id.into(), conversation_id.into());
        let message_id = message_id.into();
        self.request(RedactConversationMessage { account_id, conversation_id, message_id })
    }

    /// Redacts a message in a chat room, so that nobody can read the message any more.
    ///
    /// The API cannot list messages, so their identifiers must come from another source, such as an export of the
    /// messages.
    ///
    /// API: [RedactRoomMessage](https://docs.aws.amazon.com/chime/latest/APIReference/API_RedactRoomMessage.html)
    ///
    /// ```
    /// # use amazon_chime::AccountType;
    #[doc = with_client!()]
    /// # let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    /// # let message_id = "c1f0c1a2-5b1e-4f5e-9d8a-2f6f3f1f7d22";
    /// let room = client.create_room(&acme.account_id, "Planning").await?;
    /// client.redact_room_message(&acme.account_id, &room.room_id, message_id).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): the room, or the message in the room, does not exist
    pub fn redact_room_message(
        &self,
        account_id: impl Into<AccountId>,
        room_id: impl Into<RoomId>,
        message_id: impl Into<MessageId>,
    ) -> Request<RedactRoomMessage> {
        let (account_id, room_id) = (account_id.into(), room_id.into());
        self.request(RedactRoomMessage { account_id, room_id, message_id: message_id.into() })
    }
}

/// The operation of [`Client::redact_conversation_message`]:
/// `POST /accounts/{accountId}/conversations/{conversationId}/messages/{messageId}?operation=redact`.
#[derive(Clone, Debug)]
pub struct RedactConversationMessage {
    account_id: AccountId,
    conversation_id: ConversationId,
    message_id: MessageId,
}

impl Operation for RedactConversationMessage {
    type Output = ();
    const SPEC: Spec = Spec::post("RedactConversationMessage", Replay::Safe);

    fn route(&self) -> Route {
        account(&self.account_id)
            .then("conversations")
            .id("ConversationId", &self.conversation_id)
            .then("messages")
            .id("MessageId", &self.message_id)
            .constant("operation", "redact")
    }
}

/// The operation of [`Client::redact_room_message`]:
/// `POST /accounts/{accountId}/rooms/{roomId}/messages/{messageId}?operation=redact`.
#[derive(Clone, Debug)]
pub struct RedactRoomMessage {
    account_id: AccountId,
    room_id: RoomId,
    message_id: MessageId,
}

impl Operation for RedactRoomMessage {
    type Output = ();
    const SPEC: Spec = Spec::post("RedactRoomMessage", Replay::Safe);

    fn route(&self) -> Route {
        room(&self.account_id, &self.room_id)
            .then("messages")
            .id("MessageId", &self.message_id)
            .constant("operation", "redact")
    }
}
