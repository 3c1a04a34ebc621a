//! Finds the operation of a request by its method, path and query.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use hyper::Request;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::{
    account_settings, accounts, bots, events_configuration, global_settings, invitations, meetings,
    messages, phone_number_associations, phone_number_catalog, phone_number_orders,
    phone_number_settings, phone_numbers, retention_settings, room_memberships, rooms,
    signin_delegate_groups, user_settings, users,
};

/// An operation reads its call, may change the directory, and returns an answer.
pub(super) type Operation = fn(&Call, &mut Directory) -> Result<Answer, Refusal>;

/// All operations, each with its name and with its method and URI from the API's model.
#[rustfmt::skip]
const OPERATIONS: &[(&str, &str, Operation)] = &[
    ("CreateAccount", "POST /accounts", accounts::create_account),
    ("ListAccounts", "GET /accounts", accounts::list_accounts),
    ("GetAccount", "GET /accounts/{accountId}", accounts::get_account),
    ("UpdateAccount", "POST /accounts/{accountId}", accounts::update_account),
    ("DeleteAccount", "DELETE /accounts/{accountId}", accounts::delete_account),
    ("GetAccountSettings", "GET /accounts/{accountId}/settings", account_settings::get_account_settings),
    ("UpdateAccountSettings", "PUT /accounts/{accountId}/settings", account_settings::update_account_settings),
    ("GetRetentionSettings", "GET /accounts/{accountId}/retention-settings", retention_settings::get_retention_settings),
    ("PutRetentionSettings", "PUT /accounts/{accountId}/retention-settings", retention_settings::put_retention_settings),
    ("AssociateSigninDelegateGroupsWithAccount", "POST /accounts/{accountId}?operation=associate-signin-delegate-groups", signin_delegate_groups::associate_signin_delegate_groups_with_account),
    ("DisassociateSigninDelegateGroupsFromAccount", "POST /accounts/{accountId}?operation=disassociate-signin-delegate-groups", signin_delegate_groups::disassociate_signin_delegate_groups_from_account),
    ("CreateUser", "POST /accounts/{accountId}/users?operation=create", users::create_user),
    ("BatchSuspendUser", "POST /accounts/{accountId}/users?operation=suspend", users::batch_suspend_user),
    ("BatchUnsuspendUser", "POST /accounts/{accountId}/users?operation=unsuspend", users::batch_unsuspend_user),
    ("InviteUsers", "POST /accounts/{accountId}/users?operation=add", invitations::invite_users),
    ("BatchUpdateUser", "POST /accounts/{accountId}/users", users::batch_update_user),
    ("ListUsers", "GET /accounts/{accountId}/users", users::list_users),
    ("GetUser", "GET /accounts/{accountId}/users/{userId}", users::get_user),
    ("UpdateUser", "POST /accounts/{accountId}/users/{userId}", users::update_user),
    ("LogoutUser", "POST /accounts/{accountId}/users/{userId}?operation=logout", users::logout_user),
    ("ResetPersonalPIN", "POST /accounts/{accountId}/users/{userId}?operation=reset-personal-pin", users::reset_personal_pin),
    ("GetUserSettings", "GET /accounts/{accountId}/users/{userId}/settings", user_settings::get_user_settings),
    ("UpdateUserSettings", "PUT /accounts/{accountId}/users/{userId}/settings", user_settings::update_user_settings),
    ("CreateRoom", "POST /accounts/{accountId}/rooms", rooms::create_room),
    ("ListRooms", "GET /accounts/{accountId}/rooms", rooms::list_rooms),
    ("GetRoom", "GET /accounts/{accountId}/rooms/{roomId}", rooms::get_room),
    ("UpdateRoom", "POST /accounts/{accountId}/rooms/{roomId}", rooms::update_room),
    ("DeleteRoom", "DELETE /accounts/{accountId}/rooms/{roomId}", rooms::delete_room),
    ("CreateRoomMembership", "POST /accounts/{accountId}/rooms/{roomId}/memberships", room_memberships::create_room_membership),
    ("BatchCreateRoomMembership", "POST /accounts/{accountId}/rooms/{roomId}/memberships?operation=batch-create", room_memberships::batch_create_room_membership),
    ("ListRoomMemberships", "GET /accounts/{accountId}/rooms/{roomId}/memberships", room_memberships::list_room_memberships),
    ("UpdateRoomMembership", "POST /accounts/{accountId}/rooms/{roomId}/memberships/{memberId}", room_memberships::update_room_membership),
    ("DeleteRoomMembership", "DELETE /accounts/{accountId}/rooms/{roomId}/memberships/{memberId}", room_memberships::delete_room_membership),
    ("RedactConversationMessage", "POST /accounts/{accountId}/conversations/{conversationId}/messages/{messageId}?operation=redact", messages::redact_conversation_message),
    ("RedactRoomMessage", "POST /accounts/{accountId}/rooms/{roomId}/messages/{messageId}?operation=redact", messages::redact_room_message),
    ("CreateBot", "POST /accounts/{accountId}/bots", bots::create_bot),
    ("ListBots", "GET /accounts/{accountId}/bots", bots::list_bots),
    ("GetBot", "GET /accounts/{accountId}/bots/{botId}", bots::get_bot),
    ("UpdateBot", "POST /accounts/{accountId}/bots/{botId}", bots::update_bot),
    ("RegenerateSecurityToken", "POST /accounts/{accountId}/bots/{botId}?operation=regenerate-security-token", bots::regenerate_security_token),
    ("GetEventsConfiguration", "GET /accounts/{accountId}/bots/{botId}/events-configuration", events_configuration::get_events_configuration),
    ("PutEventsConfiguration", "PUT /accounts/{accountId}/bots/{botId}/events-configuration", events_configuration::put_events_configuration),
    ("DeleteEventsConfiguration", "DELETE /accounts/{accountId}/bots/{botId}/events-configuration", events_configuration::delete_events_configuration),
    ("ListPhoneNumbers", "GET /phone-numbers", phone_numbers::list_phone_numbers),
    ("BatchUpdatePhoneNumber", "POST /phone-numbers?operation=batch-update", phone_numbers::batch_update_phone_number),
    ("BatchDeletePhoneNumber", "POST /phone-numbers?operation=batch-delete", phone_numbers::batch_delete_phone_number),
    ("GetPhoneNumber", "GET /phone-numbers/{phoneNumberId}", phone_numbers::get_phone_number),
    ("UpdatePhoneNumber", "POST /phone-numbers/{phoneNumberId}", phone_numbers::update_phone_number),
    ("DeletePhoneNumber", "DELETE /phone-numbers/{phoneNumberId}", phone_numbers::delete_phone_number),
    ("RestorePhoneNumber", "POST /phone-numbers/{phoneNumberId}?operation=restore", phone_numbers::restore_phone_number),
    ("AssociatePhoneNumberWithUser", "POST /accounts/{accountId}/users/{userId}?operation=associate-phone-number", phone_number_associations::associate_phone_number_with_user),
    ("DisassociatePhoneNumberFromUser", "POST /accounts/{accountId}/users/{userId}?operation=disassociate-phone-number", phone_number_associations::disassociate_phone_number_from_user),
    ("SearchAvailablePhoneNumbers", "GET /search?type=phone-numbers", phone_number_catalog::search_available_phone_numbers),
    ("ListSupportedPhoneNumberCountries", "GET /phone-number-countries", phone_number_catalog::list_supported_phone_number_countries),
    ("CreatePhoneNumberOrder", "POST /phone-number-orders", phone_number_orders::create_phone_number_order),
    ("ListPhoneNumberOrders", "GET /phone-number-orders", phone_number_orders::list_phone_number_orders),
    ("GetPhoneNumberOrder", "GET /phone-number-orders/{phoneNumberOrderId}", phone_number_orders::get_phone_number_order),
    ("GetPhoneNumberSettings", "GET /settings/phone-number", phone_number_settings::get_phone_number_settings),
    ("UpdatePhoneNumberSettings", "PUT /settings/phone-number", phone_number_settings::update_phone_number_settings),
    ("GetGlobalSettings", "GET /settings", global_settings::get_global_settings),
    ("UpdateGlobalSettings", "PUT /settings", global_settings::update_global_settings),
    ("CreateMeetingDialOut", "POST /meetings/{meetingId}/dial-outs", meetings::create_meeting_dial_out),
];

pub(super) struct Routed {
    pub(super) name: &'static str,
    pub(super) operation: Operation,
    pub(super) call: Call,
}

pub(super) fn find(request: &Request<Bytes>, now: DateTime<Utc>) -> Result<Routed, Refusal> {
    let method = request.method().as_str();
    let path = segments(request.uri().path())?;
    let query = parameters(request.uri().query().unwrap_or_default())?;
    let route = ROUTES.iter().find(|route| route.is_for(method, &path, &query));
    let route = route.ok_or_else(unknown_operation)?;
    let call = Call::new(route.ids(path), query, request, now);
    Ok(Routed { name: route.name, operation: route.operation, call })
}

/// An entry of the table, which is parsed only once.
struct Route {
    name: &'static str,
    method: &'static str,
    path: Vec<Segment>,
    /// The query parameter that distinguishes operations with the same method and path, such as `operation=create`.
    constant: (&'static str, Option<&'static str>),
    operation: Operation,
}

enum Segment {
    Literal(&'static str),
    Id(&'static str),
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    OPERATIONS.iter().map(|(name, route, operation)| Route::new(name, route, *operation)).collect()
});

impl Route {
    fn new(name: &'static str, route: &'static str, operation: Operation) -> Self {
        let (method, uri) = route.split_once(' ').unwrap_or((route, ""));
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segment = |text: &'static str| {
            let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
            name.map_or(Segment::Literal(text), Segment::Id)
        };
        let constant = match query.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            // A route without a constant does not match a request with an `operation`.
            None => ("operation", None),
        };
        let path = path.split('/').skip(1).map(segment).collect();
        Self { name, method, path, constant, operation }
    }

    fn is_for(&self, method: &str, path: &[Cow<str>], query: &[(String, String)]) -> bool {
        let matches = |(expected, actual): (&Segment, &Cow<str>)| match expected {
            Segment::Literal(text) => text == actual,
            Segment::Id(_) => true,
        };
        let (name, value) = self.constant;
        let values = query.iter().filter(|(known, _)| known == name);
        self.path.len() == path.len()
            && self.method == method
            && self.path.iter().zip(path).all(matches)
            && values.map(|(_, value)| value.as_str()).eq(value)
    }

    /// Returns the identifiers in a path of this route, each with its name in the route.
    fn ids(&self, path: Vec<Cow<str>>) -> Vec<(&'static str, String)> {
        let named = self.path.iter().zip(path).filter_map(|(expected, actual)| match expected {
            Segment::Literal(_) => None,
            Segment::Id(name) => Some((*name, actual.into_owned())),
        });
        named.collect()
    }
}

/// Returns the decoded segments of a path. An escaped slash does not separate segments.
fn segments(path: &str) -> Result<Vec<Cow<'_, str>>, Refusal> {
    let path = path.strip_prefix('/').ok_or_else(unknown_operation)?;
    let segments = path.split('/').map(|segment| match segment {
        "" | "." | ".." => Err(unknown_operation()),
        _ => decode(segment),
    });
    segments.collect()
}

fn parameters(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(name, value)| Ok((decode(name)?.into_owned(), decode(value)?.into_owned())))
        .collect()
}

/// Percent-decodes a text. A plus sign stays a plus sign.
fn decode(text: &str) -> Result<Cow<'_, str>, Refusal> {
    let whole = |escape: &[u8]| escape.iter().all(u8::is_ascii_hexdigit);
    let mut escapes = text.split('%').skip(1).map(|after| after.as_bytes().get(..2));
    let decoded = percent_decode_str(text).decode_utf8().ok();
    decoded
        .filter(|_| escapes.all(|escape| escape.is_some_and(whole)))
        .ok_or_else(|| Refusal::bad_request("The URI is not percent-encoded UTF-8."))
}

fn unknown_operation() -> Refusal {
    Refusal::unknown_operation(
        "The embedded Chime does not implement an operation with this method, path and query.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(method: &str, uri: &str) -> Result<String, Refusal> {
        let request = Request::builder().method(method).uri(uri);
        let request = request.body(Bytes::new()).unwrap();
        let found = find(&request, Utc::now())?;
        let route = OPERATIONS.iter().find(|(name, ..)| *name == found.name);
        Ok(route.unwrap().1.to_owned())
    }

    #[test]
    fn every_route_matches_exactly_one_operation() {
        for (_, route, _) in OPERATIONS {
            let (method, uri) = route.split_once(' ').unwrap();
            let uri = uri.replace(['{', '}'], "");
            assert_eq!(routed(method, &uri).as_deref(), Ok(*route));

            let request = Request::builder().method(method).uri(&uri).body(()).unwrap();
            let path = segments(request.uri().path()).unwrap();
            let query = parameters(request.uri().query().unwrap_or_default()).unwrap();
            let matching = ROUTES.iter().filter(|route| route.is_for(method, &path, &query));
            assert_eq!(matching.count(), 1, "{route}");
        }
    }

    #[test]
    fn identifiers_have_their_names_in_the_route() {
        let request = Request::builder().uri("/accounts/a%2Fb/users/c");
        let found = find(&request.body(Bytes::new()).unwrap(), Utc::now()).unwrap();
        assert_eq!((found.name, found.call.id("accountId")), ("GetUser", Ok("a/b")));
        assert_eq!(found.call.id("userId"), Ok("c"));
    }

    #[test]
    fn the_documentation_lists_the_operations() {
        let list = include_str!("mod.rs").lines().filter_map(|line| line.strip_prefix("//! - "));
        let documented: Vec<&str> =
            list.flat_map(|item| item.split(", ")).map(|name| name.trim_matches('`')).collect();
        let implemented: Vec<&str> = OPERATIONS.iter().map(|(name, ..)| *name).collect();
        let sorted = |mut names: Vec<&'static str>| {
            names.sort_unstable();
            names
        };
        assert_eq!(sorted(documented), sorted(implemented));
    }

    #[test]
    fn any_other_request_is_an_unknown_operation() {
        for (method, uri) in [
            ("GET", "/"),
            ("GET", "/accounts/"),
            ("GET", "//accounts"),
            ("GET", "/accounts//users"),
            ("GET", "/accounts/./users"),
            ("GET", "/accounts/a/users/.."),
            ("GET", "/rooms"),
            ("PUT", "/accounts"),
            ("HEAD", "/accounts"),
            ("OPTIONS", "/accounts"),
            ("GET", "/accounts?operation=list"),
            ("PUT", "/accounts/a/users"),
            ("POST", "/accounts/a/users?operation="),
            ("POST", "/accounts/a/users?operation=Create"),
            ("POST", "/accounts/a/users?operation=create&operation=create"),
            ("POST", "/accounts/a/users?operation=create&operation=suspend"),
        ] {
            assert_eq!(routed(method, uri), Err(unknown_operation()), "{method} {uri}");
        }
    }

    #[test]
    fn segments_are_decoded_after_they_are_split() {
        assert_eq!(segments("/accounts/a%2Fb%20c%C3%A9+").unwrap(), ["accounts", "a/b cé+"]);
    }

    #[test]
    fn parameters_are_decoded_after_they_are_split() {
        let expected = [("name", "a&b=c+d"), ("x", ""), ("y", "=")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parameters("name=a%26b%3Dc+d&x&&y==").unwrap(), expected);
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["%", "a%2", "%zz", "%+1", "%C3", "%FF"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
