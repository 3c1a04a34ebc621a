//! The operation that calls a phone number from a meeting.

use serde::Serialize;

use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Model};
use crate::docs::{with_client, with_phone_number};
use crate::id::id;
use crate::operation::{Body, Operation, Replay, Spec};
use crate::request::Request;
use crate::route::Route;
use crate::sensitive::Sensitive;
use crate::validate::{self, Validity};

id! {
    /// The identifier of a meeting, a UUID.
    MeetingId
}

id! {
    /// The identifier of a phone call from a meeting.
    TransactionId
}

impl Model for TransactionId {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("TransactionId", self)
    }
}

impl Enveloped for TransactionId {
    const MEMBER: &'static str = "TransactionId";
}

/// Meetings.
impl Client {
    /// Calls a phone number, lets the person who answers join a meeting, and returns the [`TransactionId`] of the phone
    /// call.
    ///
    /// - `meeting_id`: the identifier of the meeting, a UUID
    /// - `from`: the phone number that the called person sees, in E.164 form such as `+12065550100`; the number must be
    ///   in the inventory
    /// - `to`: the phone number to call, also in E.164 form
    /// - `join_token`: the token of an attendee of the meeting, 2 to 2048 letters, digits, `+` and `/`
    ///
    /// If the response is lost, unreadable or a server error, the request is not sent again, because the phone could
    /// ring twice. If the request fails and [`may_have_applied`](crate::Error::may_have_applied) is `true`, check who
    /// is in the meeting before you try again.
    ///
    /// API: [CreateMeetingDialOut](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreateMeetingDialOut.html)
    ///
    /// ```
    #[doc = with_client!()]
    #[doc = with_phone_number!()]
    /// # let from = &numbers[0];
    /// let meeting_id = "12a3456b-7c89-412d-8456-78901e23fa45";
    /// let call = client.create_meeting_dial_out(meeting_id, from, "+12065550199", "aToken").await?;
    /// println!("{call}");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`is_access_denied`](crate::Error::is_access_denied): `from` is not in the inventory
    /// - [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded): there are too many phone calls
    pub fn create_meeting_dial_out(
        &self,
        meeting_id: impl Into<MeetingId>,
        from: impl Into<Sensitive>,
        to: impl Into<Sensitive>,
        join_token: impl Into<Sensitive>,
    ) -> Request<CreateMeetingDialOut> {
        self.request(CreateMeetingDialOut {
            meeting_id: meeting_id.into(),
            from_phone_number: from.into(),
            to_phone_number: to.into(),
            join_token: join_token.into(),
        })
    }
}

/// The operation of [`Client::create_meeting_dial_out`]: `POST /meetings/{meetingId}/dial-outs`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateMeetingDialOut {
    #[serde(skip)]
    meeting_id: MeetingId,
    from_phone_number: Sensitive,
    to_phone_number: Sensitive,
    join_token: Sensitive,
}

impl Operation for CreateMeetingDialOut {
    type Output = TransactionId;
    const SPEC: Spec = Spec::post("CreateMeetingDialOut", Replay::Never);

    fn route(&self) -> Route {
        Route::new("meetings").id("MeetingId", &self.meeting_id).then("dial-outs")
    }

    fn validate(&self) -> Validity {
        validate::uuid("MeetingId", &self.meeting_id)?;
        validate::e164("FromPhoneNumber", &self.from_phone_number)?;
        validate::e164("ToPhoneNumber", &self.to_phone_number)?;
        validate::join_token("JoinToken", &self.join_token)
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive([
            &self.from_phone_number,
            &self.to_phone_number,
            &self.join_token,
        ])
    }
}
