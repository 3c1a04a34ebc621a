//! The phone numbers that can be ordered, and the operations that list them. All numbers are reserved for use in
//! fiction.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::inventory::Inventory;
use super::phone_numbers::{BUSINESS_CALLING, SIP_MEDIA_APPLICATION_DIAL_IN, product_type};
use super::validate;

pub(super) fn search_available_phone_numbers(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let search = Search::read(call)?;
    let paging = call.paging(500)?;

    let Directory { phone_numbers, tokens, .. } = directory;
    let listing = format!("SearchAvailablePhoneNumbers {search:?}");
    let (page, next_token) = tokens.page(&listing, &paging, |position| {
        available_after(position, &search, phone_numbers, call.now())
    })?;
    Ok(Answer::ok(json!({ "E164PhoneNumbers": page, "NextToken": next_token })))
}

pub(super) fn list_supported_phone_number_countries(
    call: &Call,
    _directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let product_type = call.query("product-type", product_type)?;
    let product_type = validate::required("product-type", product_type)?;
    let is_for = |range: &&Range| check_product_type(&range.start, product_type).is_ok();

    let mut countries = Vec::new();
    for ranges in RANGES.chunk_by(|range, next| range.country == next.country) {
        let types = ranges.iter().filter(is_for).map(|range| range.number_type);
        let mut types: Vec<&str> = types.collect();
        types.dedup();
        if !types.is_empty() {
            let country = ranges[0].country;
            countries.push(json!({ "CountryCode": country, "SupportedPhoneNumberTypes": types }));
        }
    }
    Ok(Answer::ok(json!({ "PhoneNumberCountries": countries })))
}

/// A hundred phone numbers that differ only in their last two digits.
pub(super) struct Range {
    pub(super) country: &'static str,
    /// A value of the enum `PhoneNumberType`.
    pub(super) number_type: &'static str,
    /// The place of the numbers, if they are local numbers in the US.
    place: Option<&'static Place>,
    /// The prefix after the country code, if they are toll-free numbers in the US.
    toll_free_prefix: Option<&'static str>,
    /// All digits except the last two.
    start: String,
}

/// Returns the range of a number, or `None` if the number cannot be ordered.
pub(super) fn range_of(digits: &str) -> Option<&'static Range> {
    let is_last = |rest: &str| rest.len() == 2;
    RANGES.iter().find(|range| digits.strip_prefix(range.start.as_str()).is_some_and(is_last))
}

/// Refuses a product type that the number cannot have.
pub(super) fn check_product_type(digits: &str, product_type: &str) -> Result<(), Refusal> {
    let Some(number) = digits.strip_prefix('1') else {
        return if product_type == SIP_MEDIA_APPLICATION_DIAL_IN {
            Ok(())
        } else {
            let message = "Phone numbers outside of the US must be SipMediaApplicationDialIn.";
            Err(Refusal::bad_request(message))
        };
    };
    let is_toll_free = TOLL_FREE_PREFIXES.iter().any(|prefix| number.starts_with(prefix));
    if is_toll_free && product_type == BUSINESS_CALLING {
        return Err(Refusal::bad_request("Toll-free phone numbers cannot be BusinessCalling."));
    }
    Ok(())
}

#[derive(Clone, Copy, Debug)]
struct Search<'a> {
    country: &'a str,
    area_code: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'a str>,
    toll_free_prefix: Option<&'static str>,
    number_type: Option<&'static str>,
}

impl<'a> Search<'a> {
    fn read(call: &'a Call) -> Result<Self, Refusal> {
        let search = Self {
            country: call.query("country", country)?.unwrap_or(US),
            area_code: call.query("area-code", validate::anything)?,
            city: call.query("city", validate::anything)?,
            state: call.query("state", validate::anything)?,
            toll_free_prefix: call.query("toll-free-prefix", toll_free_prefix)?,
            number_type: call.query("phone-number-type", number_type)?,
        };
        search.check()?;
        Ok(search)
    }

    /// Refuses combinations of parameters that are not allowed.
    fn check(&self) -> Result<(), Refusal> {
        let Self { area_code, city, state, toll_free_prefix, number_type, .. } = self;
        let is_for_us = area_code.or(*city).or(*state).or(*toll_free_prefix).is_some();
        let message = match (self.country, is_for_us) {
            (US, false) => "One of area-code, city, state and toll-free-prefix is required.",
            (US, true) if city.is_some() && state.is_none() => "A city needs its state.",
            (US, true) => return Ok(()),
            (_, true) => "Outside of the US only phone-number-type can be searched for.",
            (_, false) if number_type.is_none() => {
                "Outside of the US phone-number-type is required."
            }
            (_, false) => return Ok(()),
        };
        Err(Refusal::bad_request(message))
    }

    fn includes(&self, range: &Range) -> bool {
        let place = |part: fn(&Place) -> &'static str| range.place.map(part);
        self.country == range.country
            && is_or_any(self.area_code, place(|place| place.area_code))
            && is_or_any(self.city, place(|place| place.city))
            && is_or_any(self.state, place(|place| place.state))
            && is_or_any(self.toll_free_prefix, range.toll_free_prefix)
            && is_or_any(self.number_type, Some(range.number_type))
    }
}

fn is_or_any(wanted: Option<&str>, actual: Option<&str>) -> bool {
    wanted.is_none() || wanted == actual
}

/// Returns the numbers of a search that are after a position and not in the inventory, each with its own position. The
/// first number of the first range has the position 1.
fn available_after(
    position: u64,
    search: &Search,
    inventory: &Inventory,
    now: DateTime<Utc>,
) -> impl Iterator<Item = (u64, String)> {
    let ranges = (0..).zip(RANGES.iter()).filter(|(_, range)| search.includes(range));
    let numbers = ranges
        .flat_map(|(index, range)| (0..100).map(move |last| (index * 100 + last + 1, range, last)));
    numbers
        .filter(move |(own_position, ..)| *own_position > position)
        .map(|(own_position, range, last)| (own_position, format!("+{}{last:02}", range.start)))
        .filter(move |(_, number)| !inventory.has(&number[1..], now))
}

/// All ranges in the order of listings, grouped by country and then by type.
static RANGES: LazyLock<Vec<Range>> = LazyLock::new(|| {
    let local = US_PLACES.iter().map(|place| Range {
        country: US,
        number_type: LOCAL,
        place: Some(place),
        toll_free_prefix: None,
        start: format!("1{}55501", place.area_code),
    });
    let toll_free = TOLL_FREE_PREFIXES.iter().map(|prefix| Range {
        country: US,
        number_type: TOLL_FREE,
        place: None,
        toll_free_prefix: Some(prefix),
        start: format!("1{prefix}55501"),
    });
    let abroad = ABROAD.iter().map(|(country, number_type, start)| Range {
        country,
        number_type,
        place: None,
        toll_free_prefix: None,
        start: (*start).to_owned(),
    });
    local.chain(toll_free).chain(abroad).collect()
});

struct Place {
    area_code: &'static str,
    city: &'static str,
    state: &'static str,
}

impl Place {
    const fn new(area_code: &'static str, city: &'static str, state: &'static str) -> Self {
        Self { area_code, city, state }
    }
}

const US_PLACES: &[Place] = &[
    Place::new("206", "Seattle", "WA"),
    Place::new("212", "New York", "NY"),
    Place::new("213", "Los Angeles", "CA"),
    Place::new("215", "Philadelphia", "PA"),
    Place::new("253", "Tacoma", "WA"),
    Place::new("303", "Denver", "CO"),
    Place::new("305", "Miami", "FL"),
    Place::new("312", "Chicago", "IL"),
    Place::new("323", "Los Angeles", "CA"),
    Place::new("404", "Atlanta", "GA"),
    Place::new("408", "San Jose", "CA"),
    Place::new("415", "San Francisco", "CA"),
    Place::new("503", "Portland", "OR"),
    Place::new("509", "Spokane", "WA"),
    Place::new("510", "Oakland", "CA"),
    Place::new("512", "Austin", "TX"),
    Place::new("602", "Phoenix", "AZ"),
    Place::new("617", "Boston", "MA"),
    Place::new("619", "San Diego", "CA"),
    Place::new("646", "New York", "NY"),
    Place::new("702", "Las Vegas", "NV"),
    Place::new("713", "Houston", "TX"),
    Place::new("808", "Honolulu", "HI"),
    Place::new("916", "Sacramento", "CA"),
];

const TOLL_FREE_PREFIXES: &[&str] = &["800", "833", "844", "855", "866", "877", "888"];

/// Numbers outside the US: the country, the type, and all digits except the last two.
const ABROAD: &[(&str, &str, &str)] = &[
    ("AU", LOCAL, "612555000"),
    ("DE", LOCAL, "4930231250"),
    ("GB", LOCAL, "4420794600"),
    ("GB", TOLL_FREE, "4480815700"),
];

const US: &str = "US";
const LOCAL: &str = "Local";
const TOLL_FREE: &str = "TollFree";

/// Checks a country code of two capital letters.
fn country<'a>(name: &str, text: &'a str) -> Result<&'a str, Refusal> {
    match text.as_bytes() {
        [b'A'..=b'Z', b'A'..=b'Z'] => Ok(text),
        _ => Err(validate::must_be(name, "two capital letters")),
    }
}

fn toll_free_prefix(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, TOLL_FREE_PREFIXES)
}

fn number_type(name: &str, text: &str) -> Result<&'static str, Refusal> {
    validate::one_of(name, text, &[LOCAL, TOLL_FREE])
}

#[cfg(test)]
mod tests {
    use super::super::phone_numbers::{PhoneNumber, VOICE_CONNECTOR};
    use super::*;

    const ANY: Search<'static> = Search {
        country: US,
        area_code: None,
        city: None,
        state: None,
        toll_free_prefix: None,
        number_type: None,
    };

    fn found(search: &Search, position: u64, inventory: &Inventory) -> Vec<String> {
        let available = available_after(position, search, inventory, Utc::now());
        available.map(|(_, number)| number).collect()
    }

    #[test]
    fn numbers_in_the_us_are_reserved_for_fiction() {
        let numbers = found(&ANY, 0, &Inventory::default());
        assert_eq!(numbers.len(), (US_PLACES.len() + TOLL_FREE_PREFIXES.len()) * 100);
        for number in numbers {
            assert!(number.starts_with("+1") && number[5..].starts_with("55501"), "{number}");
            assert_eq!(number.len(), "+12065550100".len(), "{number}");
        }
    }

    #[test]
    fn every_number_is_valid_in_the_api_and_is_found_in_its_range() {
        for country in ["AU", "DE", "GB", US] {
            for number in found(&Search { country, ..ANY }, 0, &Inventory::default()) {
                let digits = validate::e164("E164PhoneNumber", &number).unwrap();
                assert_eq!(range_of(digits).unwrap().country, country, "{number}");
            }
        }
        for digits in
            ["12065550200", "1206555010", "120655501000", "13605550100", "33199000000", ""]
        {
            assert!(range_of(digits).is_none(), "{digits}");
        }
    }

    #[test]
    fn places_are_in_the_order_of_their_area_codes() {
        assert!(US_PLACES.is_sorted_by(|one, next| one.area_code < next.area_code));
    }

    #[test]
    fn a_search_returns_the_available_numbers_after_a_position_in_order() {
        let search = Search { area_code: Some("206"), ..ANY };
        let mut inventory = Inventory::default();
        let range = range_of("12065550101").unwrap();
        let number = PhoneNumber::new(range, "12065550101", VOICE_CONNECTOR, Utc::now());
        inventory.add(number, Utc::now()).unwrap();
        let all = found(&search, 0, &inventory);
        assert_eq!(all[..2], ["+12065550100", "+12065550102"]);
        assert_eq!((all.len(), all.last().unwrap().as_str()), (99, "+12065550199"));

        let (position, first) = available_after(0, &search, &inventory, Utc::now()).next().unwrap();
        assert_eq!((position, first.as_str()), (1, "+12065550100"));
        assert_eq!(found(&search, position, &inventory)[0], "+12065550102");
    }

    #[test]
    fn a_number_must_match_all_filters() {
        let count = |search: Search| found(&search, 0, &Inventory::default()).len();
        assert_eq!(count(Search { state: Some("WA"), ..ANY }), 300);
        assert_eq!(count(Search { state: Some("NY"), city: Some("New York"), ..ANY }), 200);
        assert_eq!(count(Search { state: Some("WA"), city: Some("New York"), ..ANY }), 0);
        assert_eq!(count(Search { area_code: Some("800"), ..ANY }), 0);
        assert_eq!(count(Search { toll_free_prefix: Some("800"), ..ANY }), 100);
        let toll_free = Search { number_type: Some(TOLL_FREE), ..ANY };
        assert_eq!(count(Search { area_code: Some("206"), ..toll_free }), 0);
        assert_eq!(count(Search { country: "GB", ..toll_free }), 100);
    }

    #[test]
    fn only_some_combinations_of_parameters_are_allowed() {
        let in_germany = Search { country: "DE", number_type: Some(LOCAL), ..ANY };
        for (search, is_good) in [
            (ANY, false),
            (Search { number_type: Some(LOCAL), ..ANY }, false),
            (Search { city: Some("Seattle"), ..ANY }, false),
            (Search { city: Some("Seattle"), area_code: Some("206"), ..ANY }, false),
            (Search { city: Some("Seattle"), state: Some("WA"), ..ANY }, true),
            (Search { area_code: Some("206"), number_type: Some(LOCAL), ..ANY }, true),
            (Search { toll_free_prefix: Some("800"), ..ANY }, true),
            (Search { country: "DE", ..ANY }, false),
            (Search { state: Some("WA"), ..in_germany }, false),
            (Search { toll_free_prefix: Some("800"), ..in_germany }, false),
            (in_germany, true),
        ] {
            assert_eq!(search.check().is_ok(), is_good, "{search:?}");
        }
    }

    #[test]
    fn a_number_allows_only_some_product_types() {
        for (digits, product_type, is_good) in [
            ("12065550100", BUSINESS_CALLING, true),
            ("18005550100", BUSINESS_CALLING, false),
            ("18005551234", BUSINESS_CALLING, false),
            ("18085550100", BUSINESS_CALLING, true),
            ("18005550100", VOICE_CONNECTOR, true),
            ("4930231250", VOICE_CONNECTOR, false),
            ("4930231250", SIP_MEDIA_APPLICATION_DIAL_IN, true),
            ("8005550100", BUSINESS_CALLING, false),
        ] {
            let outcome = check_product_type(digits, product_type);
            assert_eq!(outcome.is_ok(), is_good, "{digits} {product_type}");
        }
    }
}
