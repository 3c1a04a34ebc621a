//! Phone numbers: their operations and their rows.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accounts::Account;
use super::answer::{Answer, Refusal, enveloped};
use super::batch;
use super::call::Call;
use super::directory::Directory;
use super::document::{Document, later, timestamp};
use super::members::Members;
use super::phone_number_catalog::{self as catalog, Range};
use super::seed::Line;
use super::table::Row;
use super::validate;

pub(super) fn get_phone_number(call: &Call, directory: &mut Directory) -> Result<Answer, Refusal> {
    let digits = id_digits(call.any_id("phoneNumberId"))?;
    let number = directory.phone_numbers.find(digits, call.now())?;
    Ok(Answer::ok(enveloped("PhoneNumber", &number.document)))
}

pub(super) fn list_phone_numbers(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let status = call.query("status", status)?;
    let product_type = call.query("product-type", product_type)?;
    let filter_name = call.query("filter-name", association_name)?;
    let filter_value = call.query("filter-value", validate::anything)?;
    if filter_name.is_some() != filter_value.is_some() {
        return Err(Refusal::bad_request("filter-name and filter-value go together."));
    }
    let association = filter_name.zip(filter_value);
    let paging = call.paging(99)?;

    let Directory { phone_numbers, tokens, .. } = directory;
    let listing = format!("ListPhoneNumbers {:?}", (status, product_type, association));
    tokens.list("PhoneNumbers", &listing, &paging, |position| {
        phone_numbers.after(position, call.now()).filter(move |(_, number)| {
            status.is_none_or(|status| number.status().as_deref() == Some(status))
                && product_type
                    .is_none_or(|wanted| number.product_type().as_deref() == Some(wanted))
                && association.is_none_or(|(name, value)| number.is_associated(name, value))
        })
    })
}

pub(super) fn update_phone_number(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let id = call.any_id("phoneNumberId");
    let members = call.members()?;
    let update = Update::read(&members)?;
    let number = directory.phone_numbers.find_by_id(id, call.now())?;

    number.update(&update, call.now())?;
    let mut answer = number.document.clone();
    if let Update::CallingName(_) = update {
        answer.set(CALLING_NAME_STATUS, "UpdateInProgress");
    }
    Ok(Answer::ok(enveloped("PhoneNumber", &answer)))
}

pub(super) fn batch_update_phone_number(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let items = members.objects("UpdatePhoneNumberRequestItems", usize::MAX)?;
    let items = validate::required("UpdatePhoneNumberRequestItems", items)?;
    let mut updates = Vec::new();
    for item in &items {
        let id = item.text(ID, validate::not_blank)?;
        updates.push((validate::required(ID, id)?, Update::read(item)?));
    }

    let errors = batch::errors(ID, updates, |id, update| {
        directory.phone_numbers.find_by_id(id, call.now())?.update(&update, call.now())
    });
    Ok(Answer::ok(json!({ "PhoneNumberErrors": errors })))
}

pub(super) fn delete_phone_number(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let number = directory.phone_numbers.find_by_id(call.any_id("phoneNumberId"), call.now())?;
    number.delete(call.now())?;
    Ok(Answer::no_content())
}

pub(super) fn batch_delete_phone_number(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let ids = members.texts("PhoneNumberIds", usize::MAX, validate::anything)?;
    let ids = validate::not_empty("PhoneNumberIds", ids)?;

    let entries = ids.into_iter().map(|id| (id, ()));
    let errors = batch::errors(ID, entries, |id, ()| {
        directory.phone_numbers.find_by_id(id, call.now())?.delete(call.now())
    });
    Ok(Answer::ok(json!({ "PhoneNumberErrors": errors })))
}

pub(super) fn restore_phone_number(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let number = directory.phone_numbers.find_by_id(call.id("phoneNumberId")?, call.now())?;
    number.restore(call.now());
    Ok(Answer::ok(enveloped("PhoneNumber", &number.document)))
}

/// Adds a number from a seed, which may be in the deletion queue.
pub(super) fn seed(directory: &mut Directory, line: Line) -> Result<(), Refusal> {
    let Line { mut document, now, .. } = line;
    let e164 = document.text("E164PhoneNumber").filter(|_| document.member(ID).is_null());
    if let Some(e164) = e164 {
        let id = format!("%2B{}", validate::e164("E164PhoneNumber", &e164)?);
        document.set(ID, id);
    }
    let id = validate::required(ID, document.text(ID))?;
    if id_digits(&id).is_err() {
        return Err(validate::must_be(ID, "a phone number such as %2B12065550100"));
    }
    let deletion = document.member(DELETION_TIMESTAMP);
    if !deletion.is_null() && document.time(DELETION_TIMESTAMP).is_none() {
        return Err(validate::must_be(DELETION_TIMESTAMP, "a time in RFC 3339 form"));
    }
    directory.phone_numbers.add(PhoneNumber::of(document), now)
}

#[derive(Deserialize, Serialize)]
pub(super) struct PhoneNumber {
    document: Document,
}

impl PhoneNumber {
    /// Creates a number of the catalog for an order.
    pub(super) fn new(range: &Range, digits: &str, product_type: &str, now: DateTime<Utc>) -> Self {
        let document = Document::new(json!({
            "PhoneNumberId": format!("%2B{digits}"),
            "E164PhoneNumber": format!("+{digits}"),
            "Country": range.country,
            "Type": range.number_type,
            "ProductType": product_type,
            "Status": UNASSIGNED,
            "Capabilities": {
                "InboundCall": true,
                "OutboundCall": true,
                "InboundSMS": true,
                "OutboundSMS": true,
                "InboundMMS": true,
                "OutboundMMS": true,
            },
            "Associations": [],
            "CallingName": null,
            "CallingNameStatus": "Unassigned",
            "CreatedTimestamp": timestamp(now),
            "UpdatedTimestamp": timestamp(now),
            "DeletionTimestamp": null,
        }));
        Self::of(document)
    }

    pub(super) fn of(document: Document) -> Self {
        Self { document }
    }

    pub(super) fn e164(&self) -> String {
        format!("+{}", self.id())
    }

    /// Returns a value of the enum `PhoneNumberStatus`.
    fn status(&self) -> Option<Cow<'_, str>> {
        self.document.text(STATUS)
    }

    /// Returns a value of the enum `PhoneNumberProductType`.
    fn product_type(&self) -> Option<Cow<'_, str>> {
        self.document.text(PRODUCT_TYPE)
    }

    fn associations(&self) -> Vec<Value> {
        match self.document.member(ASSOCIATIONS) {
            Value::Array(associations) => associations,
            _ => Vec::new(),
        }
    }

    /// Returns the values of the associations with this name.
    fn associated(&self, name: &str) -> impl Iterator<Item = String> {
        let associations = self.associations().into_iter();
        let of_name = associations.filter(move |association| association["Name"] == name);
        of_name.filter_map(|association| association["Value"].as_str().map(str::to_owned))
    }

    fn is_associated(&self, name: &str, value: &str) -> bool {
        self.associated(name).any(|other| other == value)
    }

    pub(super) fn user_ids(&self) -> impl Iterator<Item = String> {
        self.associated(USER_ID)
    }

    pub(super) fn is_of_user(&self, account_id: &str, user_id: &str) -> bool {
        self.is_associated(USER_ID, user_id)
            && (self.is_associated(ACCOUNT_ID, account_id) || self.has_no_account())
    }

    /// Returns `true` if the number is associated with the account or with one of its users.
    pub(super) fn is_of_account(&self, account: &Account) -> bool {
        let is_of_user = |user_id: String| account.user(&user_id).is_ok();
        self.is_associated(ACCOUNT_ID, &account.id())
            || self.has_no_account() && self.user_ids().any(is_of_user)
    }

    /// Returns `true` if no association has an account, which is possible for seeded numbers.
    fn has_no_account(&self) -> bool {
        self.associated(ACCOUNT_ID).next().is_none()
    }

    /// Refuses a number that cannot be associated with a user.
    pub(super) fn require_free_for_user(&self) -> Result<(), Refusal> {
        self.require_unassigned()?;
        if self.user_ids().next().is_some() {
            Err(Refusal::bad_request("The phone number is associated with a user."))
        } else if self.product_type().as_deref() == Some(BUSINESS_CALLING) {
            Ok(())
        } else {
            Err(Refusal::bad_request(
                "The product type of the phone number is not BusinessCalling.",
            ))
        }
    }

    fn require_unassigned(&self) -> Result<(), Refusal> {
        if self.status().as_deref() == Some(UNASSIGNED) {
            Ok(())
        } else {
            Err(Refusal::bad_request("The phone number is not unassigned."))
        }
    }

    /// Only the inventory may call this, because it has an index of the users.
    pub(super) fn associate(&mut self, account_id: &str, user_id: &str, now: DateTime<Utc>) {
        let mut associations = self.associations();
        associations.extend([(ACCOUNT_ID, account_id), (USER_ID, user_id)].map(|(name, value)| {
            json!({ "Name": name, "Value": value, "AssociatedTimestamp": timestamp(now) })
        }));
        self.document.set(ASSOCIATIONS, associations);
        self.document.set(STATUS, ASSIGNED);
        self.document.set(UPDATED_TIMESTAMP, timestamp(now));
    }

    /// Only the inventory may call this, because it has an index of the users.
    pub(super) fn disassociate(&mut self, now: DateTime<Utc>) {
        let mut others = self.associations();
        others.retain(|association| {
            association["Name"] != ACCOUNT_ID && association["Name"] != USER_ID
        });
        if others.is_empty() && self.status().as_deref() == Some(ASSIGNED) {
            self.document.set(STATUS, UNASSIGNED);
        }
        self.document.set(ASSOCIATIONS, others);
        self.document.set(UPDATED_TIMESTAMP, timestamp(now));
    }

    fn update(&mut self, update: &Update, now: DateTime<Utc>) -> Result<(), Refusal> {
        match *update {
            Update::Nothing => return Ok(()),
            Update::ProductType(product_type) => {
                catalog::check_product_type(&self.id(), product_type)?;
                if self.product_type().as_deref() != Some(product_type)
                    && self.status().as_deref() == Some(ASSIGNED)
                {
                    let message = "The product type of an assigned phone number cannot be changed.";
                    return Err(Refusal::bad_request(message));
                }
                self.document.set(PRODUCT_TYPE, product_type);
            }
            Update::CallingName(name) => {
                self.document.set("CallingName", name);
                self.document.set(CALLING_NAME_STATUS, "UpdateSucceeded");
            }
        }
        self.document.set(UPDATED_TIMESTAMP, timestamp(now));
        Ok(())
    }

    fn is_in_deletion_queue(&self) -> bool {
        self.status().as_deref() == Some(RELEASE_IN_PROGRESS)
    }

    /// Returns `true` if the number's time in the deletion queue is over.
    pub(super) fn is_gone(&self, now: DateTime<Utc>) -> bool {
        self.is_in_deletion_queue()
            && self.document.time(DELETION_TIMESTAMP).is_some_and(|time| time <= now)
    }

    /// Moves the number into the deletion queue, unless it is already there.
    pub(super) fn delete(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.is_in_deletion_queue() {
            return Ok(());
        }
        self.require_unassigned()?;
        let deletion = later(now, TIME_IN_DELETION_QUEUE);
        self.document.set(STATUS, RELEASE_IN_PROGRESS);
        self.document.set(DELETION_TIMESTAMP, timestamp(deletion));
        self.document.set(UPDATED_TIMESTAMP, timestamp(now));
        Ok(())
    }

    /// Removes the number from the deletion queue, if it is there.
    fn restore(&mut self, now: DateTime<Utc>) {
        if self.is_in_deletion_queue() {
            self.document.set(STATUS, UNASSIGNED);
            self.document.set(DELETION_TIMESTAMP, Value::Null);
            self.document.set(UPDATED_TIMESTAMP, timestamp(now));
        }
    }
}

impl Row for PhoneNumber {
    const NOT_FOUND: &'static str = "The phone number is not in the inventory.";

    /// Returns the digits, which are the same in all forms of the identifier.
    fn id(&self) -> Cow<'_, str> {
        let id = self.document.text(ID).unwrap_or_default();
        id_digits(&id).unwrap_or_default().to_owned().into()
    }

    fn document(&self) -> &Document {
        &self.document
    }
}

/// An update of a phone number, which sets at most one value.
enum Update<'a> {
    Nothing,
    ProductType(&'static str),
    CallingName(&'a str),
}

impl<'a> Update<'a> {
    fn read(members: &'a Members) -> Result<Self, Refusal> {
        let product_type = members.text(PRODUCT_TYPE, product_type)?;
        let calling_name = members.text("CallingName", validate::calling_name)?;
        match (product_type, calling_name) {
            (None, None) => Ok(Self::Nothing),
            (Some(product_type), None) => Ok(Self::ProductType(product_type)),
            (None, Some(name)) => Ok(Self::CallingName(name)),
            (Some(_), Some(_)) => {
                let message = "ProductType and CallingName cannot be set at once.";
                Err(Refusal::bad_request(message))
            }
        }
    }
}

const TIME_IN_DELETION_QUEUE: TimeDelta = TimeDelta::days(7);

const ID: &str = "PhoneNumberId";
const PRODUCT_TYPE: &str = "ProductType";
const ASSOCIATIONS: &str = "Associations";
const CALLING_NAME_STATUS: &str = "CallingNameStatus";
const UPDATED_TIMESTAMP: &str = "UpdatedTimestamp";
const DELETION_TIMESTAMP: &str = "DeletionTimestamp";

const STATUS: &str = "Status";
const UNASSIGNED: &str = "Unassigned";
const ASSIGNED: &str = "Assigned";
const RELEASE_IN_PROGRESS: &str = "ReleaseInProgress";

const ACCOUNT_ID: &str = "AccountId";
const USER_ID: &str = "UserId";

pub(super) const BUSINESS_CALLING: &str = "BusinessCalling";
pub(super) const VOICE_CONNECTOR: &str = "VoiceConnector";
pub(super) const SIP_MEDIA_APPLICATION_DIAL_IN: &str = "SipMediaApplicationDialIn";

pub(super) fn product_type(name: &str, text: &str) -> Result<&'static str, Refusal> {
    let values = &[BUSINESS_CALLING, VOICE_CONNECTOR, SIP_MEDIA_APPLICATION_DIAL_IN];
    validate::one_of(name, text, values)
}

fn status(name: &str, text: &str) -> Result<&'static str, Refusal> {
    let values = &[
        "AcquireInProgress",
        "AcquireFailed",
        UNASSIGNED,
        ASSIGNED,
        RELEASE_IN_PROGRESS,
        "DeleteInProgress",
        "ReleaseFailed",
        "DeleteFailed",
    ];
    validate::one_of(name, text, values)
}

fn association_name(name: &str, text: &str) -> Result<&'static str, Refusal> {
    let values = &[ACCOUNT_ID, USER_ID, "VoiceConnectorId", "VoiceConnectorGroupId", "SipRuleId"];
    validate::one_of(name, text, values)
}

/// Returns the digits of a phone number's identifier in the form of responses (`%2B12065550100`) or in E.164 form. No
/// number is found for any other text.
pub(super) fn id_digits(id: &str) -> Result<&str, Refusal> {
    let digits = id.strip_prefix("%2B").or_else(|| id.strip_prefix('+'));
    let is_number =
        |digits: &&str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.filter(is_number).ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::not_found(PhoneNumber::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> DateTime<Utc> {
        format!("2026-03-{day:02}T12:00:00Z").parse().unwrap()
    }

    fn seeded(documents: &[Value]) -> Directory {
        let mut directory = Directory::default();
        for document in documents {
            seed(&mut directory, Line::of(Document::new(document.clone()))).unwrap();
        }
        directory
    }

    #[test]
    fn an_identifier_has_the_form_of_responses_or_of_e164() {
        for id in ["%2B12065550100", "+12065550100"] {
            assert_eq!(id_digits(id), Ok("12065550100"));
        }
        for id in
            ["", "+", "%2B", "12065550100", "%252B12065550100", "%2b12065550100", "+1206x", "++1"]
        {
            assert_eq!(id_digits(id), Err(not_found()), "{id}");
        }
    }

    #[test]
    fn a_seeded_number_is_kept_unchanged_until_its_deletion_timestamp() {
        let document = json!({
            "PhoneNumberId": "+12065550100",
            "Status": "ReleaseInProgress",
            "CreatedTimestamp": "2019-08-09T21:35:21Z",
            "DeletionTimestamp": "2026-03-05T13:00:00+01:00",
            "OrderId": 7,
        });
        let inventory = seeded(std::slice::from_ref(&document)).phone_numbers;
        let number = inventory.find("12065550100", day(4)).unwrap();
        assert_eq!(json!(number.document), document);
        assert!(!inventory.has("12065550100", day(5)));
    }

    #[test]
    fn a_seeded_number_is_refused_if_it_is_invalid_or_in_the_inventory() {
        let number = json!({ "PhoneNumberId": "%2B12065550100" });
        let mut directory = seeded(std::slice::from_ref(&number));
        for bad in [
            json!({}),
            json!({ "PhoneNumberId": "12065550101" }),
            json!({ "PhoneNumberId": "+12065550101", "DeletionTimestamp": "soon" }),
            json!({ "PhoneNumberId": "+12065550101", "DeletionTimestamp": 1_572_301_000 }),
            json!({ "PhoneNumberId": "+12065550100" }),
        ] {
            let line = Line::of(Document::new(bad.clone()));
            assert!(seed(&mut directory, line).is_err(), "{bad}");
        }
        assert_eq!(directory.phone_numbers.after(0, day(1)).count(), 1);
    }
}
