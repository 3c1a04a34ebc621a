//! Getting phone numbers: what can be ordered, and the orders.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::phone_numbers::{PhoneNumberProductType, PhoneNumberType};
use crate::asked::{Answers, Asked};
use crate::client::Client;
use crate::decode::{Enveloped, Listed, Model, null_as_empty, timestamp};
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
    /// The identifier of a [`PhoneNumberOrder`].
    PhoneNumberOrderId
}

/// An order of phone numbers.
///
/// ```
/// use amazon_chime::{OrderedPhoneNumberStatus, PhoneNumberOrderStatus, PhoneNumberProductType};
///
#[doc = with_client!()]
/// let numbers = client.search_available_phone_numbers().area_code("206").max_results(2).await?.items;
/// let product_type = PhoneNumberProductType::BusinessCalling;
/// let order = client.create_phone_number_order(product_type, &numbers).await?;
/// assert_eq!(order.status, Some(PhoneNumberOrderStatus::Processing));
///
/// let order = client.get_phone_number_order(&order.phone_number_order_id).await?;
/// assert_eq!(order.status, Some(PhoneNumberOrderStatus::Successful));
/// assert_eq!(order.ordered_phone_numbers[1].status, Some(OrderedPhoneNumberStatus::Acquired));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberOrder {
    /// Its identifier.
    pub phone_number_order_id: PhoneNumberOrderId,
    /// What the numbers are used for.
    pub product_type: Option<PhoneNumberProductType>,
    /// What became of it.
    pub status: Option<PhoneNumberOrderStatus>,
    /// The numbers, and what became of each.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub ordered_phone_numbers: Vec<OrderedPhoneNumber>,
    /// When it was created.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumberOrder {
    /// An order with this identifier and no other members.
    #[must_use]
    pub fn new(phone_number_order_id: impl Into<PhoneNumberOrderId>) -> Self {
        Self {
            phone_number_order_id: phone_number_order_id.into(),
            product_type: None,
            status: None,
            ordered_phone_numbers: Vec::new(),
            created_timestamp: None,
            updated_timestamp: None,
        }
    }
}

impl Model for PhoneNumberOrder {
    fn is_about(&self, asked: &Asked) -> Answers {
        asked.known_by("PhoneNumberOrderId", &self.phone_number_order_id)
    }
}

impl Enveloped for PhoneNumberOrder {
    const MEMBER: &'static str = "PhoneNumberOrder";
}

impl Listed for PhoneNumberOrder {
    const LIST: &'static str = "PhoneNumberOrders";
}

/// One phone number of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrderedPhoneNumber {
    /// The number in E.164 form, such as `+12065550100`.
    pub e164_phone_number: Option<Sensitive>,
    /// What became of it.
    pub status: Option<OrderedPhoneNumberStatus>,
}

impl OrderedPhoneNumber {
    /// A number in E.164 form, with no other members.
    #[must_use]
    pub fn new(e164_phone_number: impl Into<Sensitive>) -> Self {
        Self { e164_phone_number: Some(e164_phone_number.into()), status: None }
    }
}

/// A country that phone numbers can be ordered in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PhoneNumberCountry {
    /// The country, as two letters of ISO 3166-1.
    pub country_code: Option<String>,
    /// The types of numbers that there are.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub supported_phone_number_types: Vec<PhoneNumberType>,
}

impl PhoneNumberCountry {
    /// A country with this code and no types of numbers.
    #[must_use]
    pub fn new(country_code: impl Into<String>) -> Self {
        Self { country_code: Some(country_code.into()), supported_phone_number_types: Vec::new() }
    }
}

impl Model for PhoneNumberCountry {}

impl Listed for PhoneNumberCountry {
    const LIST: &'static str = "PhoneNumberCountries";
}

/// The only sensitive texts that the API lists are phone numbers in E.164 form.
impl Model for Sensitive {}

impl Listed for Sensitive {
    const LIST: &'static str = "E164PhoneNumbers";
}

open_enum! {
    /// What became of an order of phone numbers.
    PhoneNumberOrderStatus {
        /// It is being worked on.
        Processing,
        /// All numbers were acquired.
        Successful,
        /// No number was acquired.
        Failed,
        /// Some numbers were acquired, others not.
        Partial,
    }
}

open_enum! {
    /// What became of one phone number of an order.
    OrderedPhoneNumberStatus {
        /// It is being acquired.
        Processing,
        /// It is in the inventory.
        Acquired,
        /// It could not be acquired.
        Failed,
    }
}

/// Orders of phone numbers.
impl Client {
    /// Lists phone numbers that can be ordered. Gives each number in E.164 form, such as
    /// `+12065550100`, as a [`Sensitive`] text.
    ///
    /// [`send`](Request::send) gives one page, [`pages`](Request::pages) and
    /// [`items`](Request::items) give streams. In the US, which is the default, the service needs at
    /// least one of `area_code`, `city`, `state` and `toll_free_prefix`; elsewhere it takes
    /// `phone_number_type` only, and needs it.
    /// [Set on the request](Request#impl-Request%3CSearchAvailablePhoneNumbers%3E):
    ///
    /// - `area_code`: only numbers of this area code
    /// - `city`: only numbers of this city, for which `state` is needed, too
    /// - `state`: only numbers of this state
    /// - `toll_free_prefix`: only toll-free numbers that begin so: 800, 833, 844, 855, 866, 877 or 888
    /// - `country`: only numbers of this country, as two letters of ISO 3166-1
    /// - `phone_number_type`: local or toll-free numbers
    /// - [`max_results`](Request::max_results): how many numbers a page has at most, 1 to 500
    /// - [`next_token`](Request::next_token): the page to start with
    ///
    /// API: [SearchAvailablePhoneNumbers](https://docs.aws.amazon.com/chime/latest/APIReference/API_SearchAvailablePhoneNumbers.html)
    ///
    /// ```
    #[doc = with_client!()]
    /// let page = client.search_available_phone_numbers().area_code("206").max_results(3).await?;
    /// assert_eq!(page.items.len(), 3);
    /// assert!(page.items.iter().all(|number| number.expose().starts_with("+1206")));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_bad_request`](crate::Error::is_bad_request) for a combination of parameters that the service does
    /// not take, and for a token that is not of a search with the same ones.
    pub fn search_available_phone_numbers(&self) -> Request<SearchAvailablePhoneNumbers> {
        self.request(SearchAvailablePhoneNumbers {
            area_code: None,
            city: None,
            country: None,
            state: None,
            toll_free_prefix: None,
            phone_number_type: None,
            paging: Paging::default(),
        })
    }

    /// Lists the countries that phone numbers for this use can be ordered in. Gives a
    /// [`PhoneNumberCountry`] for each.
    ///
    /// API: [ListSupportedPhoneNumberCountries](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListSupportedPhoneNumberCountries.html)
    ///
    /// ```
    /// # use amazon_chime::PhoneNumberProductType;
    #[doc = with_client!()]
    /// let product_type = PhoneNumberProductType::BusinessCalling;
    /// let countries = client.list_supported_phone_number_countries(product_type).await?;
    /// assert!(countries.iter().any(|country| country.country_code.as_deref() == Some("US")));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None but those of every [`Request`](Request#errors).
    pub fn list_supported_phone_number_countries(
        &self,
        product_type: impl Into<PhoneNumberProductType>,
    ) -> Request<ListSupportedPhoneNumberCountries> {
        self.request(ListSupportedPhoneNumberCountries { product_type: product_type.into() })
    }

    /// Orders phone numbers for the inventory. Gives the [`PhoneNumberOrder`], which is still being
    /// worked on then; [`get_phone_number_order`](Self::get_phone_number_order) says what became of it.
    ///
    /// `numbers` are in E.164 form, such as `+12065550100`;
    /// [`search_available_phone_numbers`](Self::search_available_phone_numbers) lists those that
    /// can be ordered. Toll-free numbers cannot be for
    /// [`BusinessCalling`](PhoneNumberProductType::BusinessCalling). Numbers outside of the US must be for
    /// [`SipMediaApplicationDialIn`](PhoneNumberProductType::SipMediaApplicationDialIn).
    ///
    /// It is not sent again once it may have run; if it fails with
    /// [`may_have_applied`](crate::Error::may_have_applied), list the orders before trying again.
    ///
    /// API: [CreatePhoneNumberOrder](https://docs.aws.amazon.com/chime/latest/APIReference/API_CreatePhoneNumberOrder.html)
    ///
    /// ```
    /// # use amazon_chime::{PhoneNumberProductType, PhoneNumberStatus};
    #[doc = with_client!()]
    /// let numbers = client.search_available_phone_numbers().area_code("206").max_results(1).await?.items;
    /// let product_type = PhoneNumberProductType::BusinessCalling;
    /// let order = client.create_phone_number_order(product_type, &numbers).await?;
    /// assert_eq!(order.ordered_phone_numbers[0].e164_phone_number.as_ref(), Some(&numbers[0]));
    ///
    /// let number = client.get_phone_number(&numbers[0]).await?;
    /// assert_eq!(number.status, Some(PhoneNumberStatus::Unassigned));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_bad_request`](crate::Error::is_bad_request) for numbers that cannot be for this use,
    /// [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded) if the inventory
    /// cannot have as many.
    pub fn create_phone_number_order(
        &self,
        product_type: impl Into<PhoneNumberProductType>,
        numbers: impl IntoIterator<Item = impl Into<Sensitive>>,
    ) -> Request<CreatePhoneNumberOrder> {
        self.request(CreatePhoneNumberOrder {
            product_type: product_type.into(),
            e164_phone_numbers: numbers.into_iter().map(Into::into).collect(),
        })
    }

    /// Retrieves one order of phone numbers. Gives the [`PhoneNumberOrder`].
    ///
    /// The identifier is a UUID.
    ///
    /// API: [GetPhoneNumberOrder](https://docs.aws.amazon.com/chime/latest/APIReference/API_GetPhoneNumberOrder.html)
    ///
    /// ```
    /// # use amazon_chime::{PhoneNumberOrderStatus, PhoneNumberProductType};
    #[doc = with_client!()]
    /// # let numbers = client.search_available_phone_numbers().area_code("206").max_results(1).await?.items;
    /// # let product_type = PhoneNumberProductType::BusinessCalling;
    /// let order = client.create_phone_number_order(product_type, numbers).await?;
    /// let order = client.get_phone_number_order(&order.phone_number_order_id).await?;
    /// assert_eq!(order.status, Some(PhoneNumberOrderStatus::Successful));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such order.
    pub fn get_phone_number_order(
        &self,
        id: impl Into<PhoneNumberOrderId>,
    ) -> Request<GetPhoneNumberOrder> {
        self.request(GetPhoneNumberOrder { phone_number_order_id: id.into() })
    }

    /// Lists the orders of phone numbers. Gives each [`PhoneNumberOrder`].
    ///
    /// [`send`](Request::send) gives one page, [`pages`](Request::pages) and
    /// [`items`](Request::items) give streams. Optional:
    ///
    /// - [`max_results`](Request::max_results): how many orders a page has at most, 1 to 99
    /// - [`next_token`](Request::next_token): the page to start with
    ///
    /// API: [ListPhoneNumberOrders](https://docs.aws.amazon.com/chime/latest/APIReference/API_ListPhoneNumberOrders.html)
    ///
    /// ```
    /// # use amazon_chime::PhoneNumberProductType;
    #[doc = with_client!()]
    /// # let numbers = client.search_available_phone_numbers().area_code("206").max_results(1).await?.items;
    /// # client.create_phone_number_order(PhoneNumberProductType::BusinessCalling, numbers).await?;
    /// let mut orders = client.list_phone_number_orders().items();
    /// while let Some(order) = orders.try_next().await? {
    ///     println!("{}: {:?}", order.phone_number_order_id, order.status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_bad_request`](crate::Error::is_bad_request) for a token that is not of this listing.
    pub fn list_phone_number_orders(&self) -> Request<ListPhoneNumberOrders> {
        self.request(ListPhoneNumberOrders { paging: Paging::default() })
    }
}

/// The operation of [`Client::search_available_phone_numbers`]: `GET /search?type=phone-numbers`.
#[derive(Clone, Debug)]
pub struct SearchAvailablePhoneNumbers {
    area_code: Option<String>,
    city: Option<String>,
    country: Option<String>,
    state: Option<String>,
    toll_free_prefix: Option<String>,
    phone_number_type: Option<PhoneNumberType>,
    paging: Paging,
}

/// Optional parameters of [`Client::search_available_phone_numbers`].
impl Request<SearchAvailablePhoneNumbers> {
    /// Only numbers of this area code, in the US.
    pub fn area_code(self, area_code: impl Into<String>) -> Self {
        self.set(|operation| operation.area_code = Some(area_code.into()))
    }

    /// Only numbers of this city, in the US; its state is needed, too.
    pub fn city(self, city: impl Into<String>) -> Self {
        self.set(|operation| operation.city = Some(city.into()))
    }

    /// Only numbers of this country, as two letters of ISO 3166-1; by default those of the US.
    pub fn country(self, country: impl Into<String>) -> Self {
        self.set(|operation| operation.country = Some(country.into()))
    }

    /// Only numbers of this state, in the US.
    pub fn state(self, state: impl Into<String>) -> Self {
        self.set(|operation| operation.state = Some(state.into()))
    }

    /// Only toll-free numbers that begin so: 800, 833, 844, 855, 866, 877 or 888.
    pub fn toll_free_prefix(self, prefix: impl Into<String>) -> Self {
        self.set(|operation| operation.toll_free_prefix = Some(prefix.into()))
    }

    /// Local or toll-free numbers, outside of the US.
    pub fn phone_number_type(self, phone_number_type: impl Into<PhoneNumberType>) -> Self {
        self.set(|operation| operation.phone_number_type = Some(phone_number_type.into()))
    }
}

impl Operation for SearchAvailablePhoneNumbers {
    type Output = Page<Sensitive>;
    const SPEC: Spec = Spec::get("SearchAvailablePhoneNumbers");

    fn route(&self) -> Route {
        Route::new("search")
            .constant("type", "phone-numbers")
            .query("area-code", self.area_code.as_ref())
            .query("city", self.city.as_ref())
            .query("country", self.country.as_ref())
            .query("state", self.state.as_ref())
            .query("toll-free-prefix", self.toll_free_prefix.as_ref())
            .query("phone-number-type", self.phone_number_type.as_ref())
            .paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        validate::country("Country", self.country.as_deref())?;
        validate::toll_free_prefix("TollFreePrefix", self.toll_free_prefix.as_deref())?;
        self.paging.validate(500)
    }
}

impl List for SearchAvailablePhoneNumbers {
    type Item = Sensitive;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}

/// The operation of [`Client::list_supported_phone_number_countries`]: `GET /phone-number-countries`.
#[derive(Clone, Debug)]
pub struct ListSupportedPhoneNumberCountries {
    product_type: PhoneNumberProductType,
}

impl Operation for ListSupportedPhoneNumberCountries {
    type Output = Vec<PhoneNumberCountry>;
    const SPEC: Spec = Spec::get("ListSupportedPhoneNumberCountries");

    fn route(&self) -> Route {
        Route::new("phone-number-countries").query("product-type", Some(&self.product_type))
    }
}

/// The operation of [`Client::create_phone_number_order`]: `POST /phone-number-orders`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreatePhoneNumberOrder {
    product_type: PhoneNumberProductType,
    e164_phone_numbers: Vec<Sensitive>,
}

impl Operation for CreatePhoneNumberOrder {
    type Output = PhoneNumberOrder;
    const SPEC: Spec = Spec::post("CreatePhoneNumberOrder", Replay::Never);

    fn route(&self) -> Route {
        Route::new("phone-number-orders")
    }

    fn validate(&self) -> Validity {
        let mut numbers = self.e164_phone_numbers.iter();
        numbers.try_for_each(|number| validate::e164("E164PhoneNumbers", number))
    }

    fn body(&self) -> Body {
        Body::json(self).sensitive(&self.e164_phone_numbers)
    }
}

/// The operation of [`Client::get_phone_number_order`]: `GET /phone-number-orders/{phoneNumberOrderId}`.
#[derive(Clone, Debug)]
pub struct GetPhoneNumberOrder {
    phone_number_order_id: PhoneNumberOrderId,
}

impl Operation for GetPhoneNumberOrder {
    type Output = PhoneNumberOrder;
    const SPEC: Spec = Spec::get("GetPhoneNumberOrder");

    fn route(&self) -> Route {
        Route::new("phone-number-orders").id("PhoneNumberOrderId", &self.phone_number_order_id)
    }

    fn validate(&self) -> Validity {
        validate::uuid("PhoneNumberOrderId", &self.phone_number_order_id)
    }
}

/// The operation of [`Client::list_phone_number_orders`]: `GET /phone-number-orders`.
#[derive(Clone, Debug)]
pub struct ListPhoneNumberOrders {
    paging: Paging,
}

impl Operation for ListPhoneNumberOrders {
    type Output = Page<PhoneNumberOrder>;
    const SPEC: Spec = Spec::get("ListPhoneNumberOrders");

    fn route(&self) -> Route {
        Route::new("phone-number-orders").paging(&self.paging)
    }

    fn validate(&self) -> Validity {
        self.paging.validate(99)
    }
}

impl List for ListPhoneNumberOrders {
    type Item = PhoneNumberOrder;

    fn paging(&mut self) -> &mut Paging {
        &mut self.paging
    }
}
