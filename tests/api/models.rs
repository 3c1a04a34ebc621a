//! The models: their JSON, their `Debug` forms, and their conversions.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::ops::Deref;
use std::str::FromStr;

use amazon_chime::chrono::{TimeZone, Utc};
use amazon_chime::{
    Account, AccountId, AccountStatus, AccountType, AlexaForBusinessMetadata, BotId, BotType,
    CallingNameStatus, ConversationId, EmailStatus, ErrorCode, InviteId, InviteStatus, License,
    MeetingId, MemberError, MemberId, MemberType, MessageId, OrderedPhoneNumberStatus,
    ParseKnownError, PhoneNumberAssociationName, PhoneNumberError, PhoneNumberId,
    PhoneNumberOrderId, PhoneNumberOrderStatus, PhoneNumberProductType, PhoneNumberStatus,
    PhoneNumberType, RegistrationStatus, RoomId, RoomMembershipRole, Sensitive,
    SigninDelegateGroup, TransactionId, User, UserError, UserId, UserType,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

use crate::operations::model::MODEL;
use crate::support;

fn full_account() -> Value {
    json!({
        "AwsAccountId": "111122223333",
        "AccountId": "a-1",
        "Name": "Acme",
        "AccountType": "EnterpriseLWA",
        "CreatedTimestamp": "2019-01-08T17:59:18.006Z",
        "DefaultLicense": "Pro",
        "SupportedLicenses": ["Basic", "Gold"],
        "AccountStatus": "Suspended",
        "SigninDelegateGroups": [{ "GroupName": "admins" }],
    })
}

fn full_user() -> Value {
    json!({
        "UserId": "u-1",
        "AccountId": "a-1",
        "PrimaryEmail": "ana@example.com",
        "PrimaryProvisionedNumber": "+12065550100",
        "DisplayName": "Ana Secret",
        "LicenseType": "Basic",
        "UserType": "SharedDevice",
        "UserRegistrationStatus": "Unregistered",
        "UserInvitationStatus": "Pending",
        "RegisteredOn": "2019-01-09T10:00:00Z",
        "InvitedOn": "2019-01-08T17:59:18.006Z",
        "AlexaForBusinessMetadata": {
            "IsAlexaForBusinessEnabled": false,
            "AlexaForBusinessRoomArn": "arn:secret",
        },
        "PersonalPIN": "9876543210",
    })
}

fn full_user_error() -> Value {
    json!({ "UserId": "u-1", "ErrorCode": "Throttled", "ErrorMessage": "Later." })
}

/// Asserts that a model serializes to the JSON from which it was deserialized.
fn keeps_its_wire_form<T: Serialize + DeserializeOwned + PartialEq + Debug>(wire: &Value) {
    let model: T = from_value(wire.clone()).unwrap();
    assert_eq!(to_value(&model).unwrap(), *wire);
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), model);
}

#[test]
fn models_serialise_to_the_json_of_the_api() {
    keeps_its_wire_form::<Account>(&full_account());
    keeps_its_wire_form::<User>(&full_user());
    keeps_its_wire_form::<UserError>(&full_user_error());
    keeps_its_wire_form::<SigninDelegateGroup>(&json!({ "GroupName": "admins" }));
    keeps_its_wire_form::<AlexaForBusinessMetadata>(&json!({ "IsAlexaForBusinessEnabled": true }));
}

#[test]
fn models_with_nothing_optional_survive_a_round_trip() {
    fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(wire: Value) {
        let model: T = from_value(wire).unwrap();
        assert_eq!(from_value::<T>(to_value(&model).unwrap()).unwrap(), model);
    }
    survives::<Account>(json!({ "AwsAccountId": "1", "AccountId": "a", "Name": "n" }));
    survives::<User>(json!({ "UserId": "u" }));
    survives::<UserError>(json!({}));
    survives::<SigninDelegateGroup>(json!({}));
    survives::<AlexaForBusinessMetadata>(json!({}));
}

#[test]
fn the_account_of_the_api_reference_decodes() {
    let account: Account = serde_json::from_str(
        r#"{"AccountId": "12a3456b-7c89-012d-3456-78901e23fg45","AccountStatus": "Active",
            "AccountType": "Team","Admins": null,"AwsAccountId": "111122223333",
            "BillingType": "SeatBilling","CreatedTimestamp": "2019-01-08T17:59:18.006Z",
            "DefaultLicense": "Pro","DelegationStatus": "NoDelegation","DirectoryId": null,
            "Domains": null,"Groups": [],"Name": "example","Owner": null,
            "SupportedLicenses": ["Basic", "Pro"],"UseProTrialLicense": false}"#,
    )
    .unwrap();
    assert_eq!(account.account_id, "12a3456b-7c89-012d-3456-78901e23fg45");
    assert_eq!(account.account_type, Some(AccountType::Team));
    assert_eq!(account.account_status, Some(AccountStatus::Active));
    assert_eq!(account.supported_licenses, [License::Basic, License::Pro]);
    let created = Utc.timestamp_millis_opt(1_546_970_358_006).unwrap();
    assert_eq!(account.created_timestamp, Some(created));
}

#[test]
fn absent_and_null_members_are_the_same() {
    fn with_nulls<T: DeserializeOwned>(mut wire: Value, required: &[&str]) -> [T; 2] {
        let members = wire.as_object_mut().unwrap();
        members.iter_mut().filter(|(name, _)| !required.contains(&name.as_str())).for_each(
            |(_, value)| {
                *value = Value::Null;
            },
        );
        let mut absent = wire.clone();
        absent.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        [from_value(wire).unwrap(), from_value(absent).unwrap()]
    }

    let [null, absent] =
        with_nulls::<Account>(full_account(), &["AwsAccountId", "AccountId", "Name"]);
    assert_eq!(null, absent);
    assert!(null.supported_licenses.is_empty() && null.signin_delegate_groups.is_empty());
    assert_eq!((null.account_type, null.account_status, null.default_license), (None, None, None));
    assert_eq!(null.created_timestamp, None);

    let [null, absent] = with_nulls::<User>(full_user(), &["UserId"]);
    assert_eq!(null, absent);
    assert_eq!((null.primary_email, null.personal_pin, null.account_id), (None, None, None));
    assert_eq!((null.registered_on, null.alexa_for_business_metadata), (None, None));

    let [null, absent] = with_nulls::<UserError>(full_user_error(), &[]);
    assert_eq!(null, absent);
    assert_eq!((null.user_id, null.error_code, null.error_message), (None, None, None));
}

#[test]
fn required_members_are_required() {
    fn requires<T: DeserializeOwned + Debug>(wire: &Value, members: &[&str]) {
        for member in members {
            let mut wire = wire.clone();
            wire.as_object_mut().unwrap().remove(*member);
            let error = from_value::<T>(wire).unwrap_err().to_string();
            assert!(error.contains(member), "{error}");
        }
    }
    requires::<Account>(&full_account(), &["AwsAccountId", "AccountId", "Name"]);
    requires::<User>(&full_user(), &["UserId"]);
}

#[test]
fn timestamps_with_an_offset_become_utc() {
    let user: User =
        from_value(json!({ "UserId": "u", "InvitedOn": "2019-01-08T19:59:18+02:00" })).unwrap();
    assert_eq!(user.invited_on, Some(Utc.with_ymd_and_hms(2019, 1, 8, 17, 59, 18).unwrap()));
    let json = to_value(&user).unwrap();
    assert_eq!(json["InvitedOn"], "2019-01-08T17:59:18Z");
}

/// The interface of every open enum, for tests of all enums.
trait OpenEnum:
    for<'a> From<&'a str>
    + FromStr
    + AsRef<str>
    + Display
    + Debug
    + PartialEq
    + Clone
    + Serialize
    + DeserializeOwned
    + 'static
{
    const SHAPE: &'static str;
    const NAMES: &'static [&'static str];

    fn known() -> &'static [Self];
    fn is_known(&self) -> bool;
    fn parse_known(value: &str) -> Result<Self, ParseKnownError>;
    fn text(&self) -> &str;
    fn unknown_text(&self) -> Option<&str>;
}

/// The text of a variant in the JSON of the API.
macro_rules! wire {
    ($value:ident) => {
        stringify!($value)
    };
    ($value:ident $wire:literal) => {
        $wire
    };
}

macro_rules! open_enums {
    ($($name:ident: $($value:ident $(=$wire:literal)?)+;)+) => {
        $(impl OpenEnum for $name {
            const SHAPE: &'static str = stringify!($name);
            const NAMES: &'static [&'static str] = &[$(wire!($value $($wire)?)),+];

            fn known() -> &'static [Self] {
                assert_eq!(Self::KNOWN, [$(Self::$value),+]);
                Self::KNOWN
            }

            fn is_known(&self) -> bool {
                Self::is_known(self)
            }

            fn parse_known(value: &str) -> Result<Self, ParseKnownError> {
                Self::parse_known(value)
            }

            fn text(&self) -> &str {
                self.as_str()
            }

            fn unknown_text(&self) -> Option<&str> {
                match self {
                    Self::Unknown(value) => Some(value.as_str()),
                    _ => None,
                }
            }
        })+

        const SHAPES: &[&str] = &[$(<$name as OpenEnum>::SHAPE),+];

        const ALL_NAMES: &[&str] = &[$($(wire!($value $($wire)?)),+),+];

        macro_rules! for_every_enum {
            ($check:ident($argument:expr)) => { $($check::<$name>($argument);)+ };
        }
    };
}

open_enums! {
    AccountType: Team EnterpriseDirectory EnterpriseLwa="EnterpriseLWA" EnterpriseOidc="EnterpriseOIDC";
    AccountStatus: Suspended Active;
    License: Basic Plus Pro ProTrial;
    UserType: PrivateUser SharedDevice;
    RegistrationStatus: Unregistered Registered Suspended;
    InviteStatus: Pending Accepted Failed;
    EmailStatus: NotSent Sent Failed;
    BotType: ChatBot;
    MemberType: User Bot Webhook;
    RoomMembershipRole: Administrator Member;
    PhoneNumberProductType: BusinessCalling VoiceConnector SipMediaApplicationDialIn;
    PhoneNumberType: Local TollFree;
    PhoneNumberStatus: AcquireInProgress AcquireFailed Unassigned Assigned ReleaseInProgress
        DeleteInProgress ReleaseFailed DeleteFailed;
    CallingNameStatus: Unassigned UpdateInProgress UpdateSucceeded UpdateFailed;
    PhoneNumberAssociationName: AccountId UserId VoiceConnectorId VoiceConnectorGroupId SipRuleId;
    PhoneNumberOrderStatus: Processing Successful Failed Partial;
    OrderedPhoneNumberStatus: Processing Acquired Failed;
    ErrorCode: BadRequest Conflict Forbidden NotFound PreconditionFailed ResourceLimitExceeded
        ServiceFailure AccessDenied ServiceUnavailable Throttled Throttling Unauthorized
        Unprocessable VoiceConnectorGroupAssociationsExist PhoneNumberAssociationsExist;
}

#[test]
fn the_crate_has_every_enum_of_the_api() {
    let shapes: BTreeSet<_> = SHAPES.iter().copied().collect();
    assert_eq!(shapes, MODEL.enums().collect());
}

#[test]
fn the_enums_know_the_values_of_the_api() {
    fn check<E: OpenEnum>((): ()) {
        let known: Vec<_> = E::known().iter().map(E::text).collect();
        assert_eq!(known, E::NAMES);
        assert_eq!(
            known,
            MODEL.shape(E::SHAPE).values,
            "{} has the values of AWS's model",
            E::SHAPE
        );
        for (variant, name) in E::known().iter().zip(E::NAMES) {
            assert_eq!(E::from(name), *variant);
            assert_eq!(from_value::<E>(json!(name)).unwrap(), *variant);
            assert_eq!(to_value(variant).unwrap(), json!(name));
            assert_eq!(variant.unknown_text(), None);
        }
    }
    for_every_enum!(check(()));
}

#[test]
fn values_that_differ_in_case_or_space_are_unknown() {
    fn check<E: OpenEnum>((): ()) {
        for name in E::NAMES {
            for other in [name.to_lowercase(), name.to_uppercase(), format!(" {name}")] {
                assert_eq!(E::from(&other).unknown_text(), Some(other.as_str()));
            }
        }
    }
    for_every_enum!(check(()));
}

#[test]
fn enums_are_not_read_from_numbers_or_objects() {
    fn check<E: OpenEnum>((): ()) {
        for value in [json!(1), json!(true), json!({}), json!(["Team"]), json!(null)] {
            assert!(from_value::<E>(value).is_err());
        }
    }
    for_every_enum!(check(()));
}

#[test]
fn enums_are_padded_like_text() {
    assert_eq!(format!("{:>6}|{:<6}|", License::Pro, License::from("X")), "   Pro|X     |");
    let License::Unknown(value) = License::from("X") else { panic!("X is known") };
    assert_eq!(format!("{value:>2}"), " X");
}

proptest! {
    #[test]
    fn every_enum_keeps_every_text(
        text in prop_oneof![any::<String>(), proptest::sample::select(ALL_NAMES).prop_map(String::from)],
    ) {
        fn check<E: OpenEnum>(text: &str) {
            let value = E::from(text);
            assert_eq!((value.text(), value.as_ref()), (text, text));
            assert_eq!(value.to_string(), text);
            assert_eq!(E::from_str(text).ok(), Some(value.clone()));

            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(json, serde_json::to_string(text).unwrap());
            assert_eq!(serde_json::from_str::<E>(&json).unwrap(), value);
            assert_eq!(from_value::<E>(json!(text)).unwrap(), value);

            let unknown = (!E::NAMES.contains(&text)).then_some(text);
            assert_eq!(value.unknown_text(), unknown);
            assert_eq!(value.is_known(), unknown.is_none());
            match E::parse_known(text) {
                Ok(known) => assert_eq!((&known, unknown), (&value, None)),
                Err(error) => {
                    assert!(unknown.is_some(), "{text} is known");
                    let allowed = E::NAMES.join(", ");
                    assert_eq!(error.to_string(), format!("unknown value: it must be one of {allowed}"));
                }
            }
        }
        for_every_enum!(check(&text));
    }

    #[test]
    fn sensitive_texts_and_ids_serialise_as_plain_text(text in any::<String>()) {
        prop_assert_eq!(to_value(Sensitive::from(&text)).unwrap(), json!(text));
        prop_assert_eq!(from_value::<Sensitive>(json!(text)).unwrap().into_inner(), text.clone());
        prop_assert_eq!(to_value(AccountId::from(&text)).unwrap(), json!(text));
        prop_assert_eq!(from_value::<UserId>(json!(text)).unwrap(), UserId::from(text));
    }
}

/// Texts that no `Debug` form may show.
const SECRETS: &[&str] = &["ana", "Secret", "secret", "2065550100", "9876543210"];

fn hides_secrets(value: &impl Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn the_debug_form_of_a_user_shows_nothing_private() {
    let user: User = from_value(full_user()).unwrap();
    hides_secrets(&user);
    assert!(format!("{user:?}").contains("u-1"));
    assert!(to_value(&user).unwrap().to_string().contains("ana@example.com"));
}

#[test]
fn the_debug_form_of_alexa_for_business_metadata_shows_nothing_private() {
    hides_secrets(&AlexaForBusinessMetadata::new().room_arn("arn:secret"));
}

#[test]
fn the_debug_form_of_a_batch_entrys_error_hides_its_message() {
    let json = json!({ "ErrorCode": "Conflict", "ErrorMessage": "ana@example.com has it" });
    hides_secrets(&from_value::<UserError>(json.clone()).unwrap());
    hides_secrets(&from_value::<MemberError>(json.clone()).unwrap());
    let error: PhoneNumberError = from_value(json).unwrap();
    hides_secrets(&error);
    assert_eq!(error.error_message.unwrap().expose(), "ana@example.com has it");
}

#[test]
fn only_expose_shows_a_sensitive_text() {
    let email = Sensitive::from("ana@example.com");
    hides_secrets(&email);
    hides_secrets(&Some(&email));
    assert_eq!(email.expose(), "ana@example.com");
    assert_eq!(Sensitive::from(&email), email);
    assert_eq!(Sensitive::from(&"ana@example.com".to_owned()), email);
    assert_eq!(Sensitive::from("ana@example.com".to_owned()), email);
    assert_eq!(email.into_inner(), "ana@example.com");
}

/// Asserts that a text type can be created from every string type and compared with it.
fn is_made_from_and_compared_with_text<T>()
where
    T: for<'a> From<&'a str>
        + From<String>
        + for<'a> From<&'a String>
        + for<'a> From<&'a T>
        + From<Box<str>>
        + for<'a> From<Cow<'a, str>>
        + FromStr<Err = Infallible>
        + PartialEq<str>
        + for<'a> PartialEq<&'a str>
        + PartialEq<String>
        + Debug,
    str: PartialEq<T>,
    for<'a> &'a str: PartialEq<T>,
    String: PartialEq<T>,
{
    let text = "+12065550100";
    let (owned, other) = (text.to_owned(), "x".to_owned());
    for value in [
        T::from(text),
        T::from(text.to_owned()),
        T::from(&text.to_owned()),
        T::from(&T::from(text)),
        T::from(Box::<str>::from(text)),
        T::from(Cow::Borrowed(text)),
        text.parse().unwrap(),
    ] {
        assert!(value == *text && value == text && value == owned);
        assert!(*text == value && text == value && owned == value);
        assert!(value != *"x" && value != "x" && value != other);
        assert!(*"x" != value && "x" != value && other != value);
    }
}

#[test]
fn sensitive_texts_and_identifiers_can_be_created_from_and_compared_with_text() {
    is_made_from_and_compared_with_text::<Sensitive>();
    is_made_from_and_compared_with_text::<PhoneNumberId>();
    is_made_from_and_compared_with_text::<AccountId>();
    is_made_from_and_compared_with_text::<UserId>();
    // The forms with and without a plus are equal, in both orders.
    let id = PhoneNumberId::from("+12065550100");
    assert!("%2B12065550100" == id);
}

#[test]
fn identifiers_can_be_created_from_and_read_as_text() {
    fn check<I>()
    where
        I: for<'a> From<&'a str>
            + From<String>
            + for<'a> From<&'a String>
            + for<'a> From<&'a I>
            + From<Box<str>>
            + for<'a> From<Cow<'a, str>>
            + FromStr<Err = Infallible>
            + Into<String>
            + Deref<Target = str>
            + AsRef<str>
            + Borrow<str>
            + Display
            + Debug
            + Clone
            + Ord
            + Hash
            + PartialEq<str>
            + for<'a> PartialEq<&'a str>
            + PartialEq<String>,
    {
        let text = "id-1".to_owned();
        let id = I::from("id-1");
        assert_eq!(I::from(&text), id);
        assert_eq!(text.parse().ok(), Some(id.clone()));
        assert_eq!(I::from(&id), id);
        assert_eq!(I::from(text), id);
        let later = I::from("id-2");
        assert!(id == *"id-1" && id == "id-1" && id < later);
        assert_eq!((&*id, id.as_ref(), id.len()), ("id-1", "id-1", 4));
        assert_eq!(format!("{id:>6}"), "  id-1");
        assert!(format!("{id:?}").contains("id-1"));
        assert_eq!(HashMap::from([(id.clone(), 7)]).get("id-1"), Some(&7));
        let text: String = id.into();
        assert_eq!(text, "id-1");
    }
    check::<AccountId>();
    check::<BotId>();
    check::<ConversationId>();
    check::<InviteId>();
    check::<MeetingId>();
    check::<MemberId>();
    check::<MessageId>();
    check::<PhoneNumberOrderId>();
    check::<RoomId>();
    check::<TransactionId>();
    check::<UserId>();
}

#[test]
fn methods_accept_ids_in_every_form() {
    let client = support::client("http://localhost:1");
    let (text, id) = ("a".to_owned(), AccountId::from("a"));
    let shown = format!("{:?}", client.get_account("a"));
    for request in [
        client.get_account(text.clone()),
        client.get_account(&text),
        client.get_account(&id),
        client.get_account(id.clone()),
    ] {
        assert_eq!(format!("{request:?}"), shown);
    }
    let user: User = from_value(json!({ "UserId": "u" })).unwrap();
    let shown = format!("{:?}", client.batch_suspend_user("a", ["u"]));
    assert_eq!(format!("{:?}", client.batch_suspend_user(&id, [&user.user_id])), shown);
    assert_eq!(format!("{:?}", client.batch_suspend_user(id, vec![user.user_id])), shown);
}
