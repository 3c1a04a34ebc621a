//! The models and the operations of orders of phone numbers, and the search for numbers to order.

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
    /// The identifier of the order.
    pub phone_number_order_id: PhoneNumberOrderId,
    /// The product type of the numbers.
    pub product_type: Option<PhoneNumberProductType>,
    /// The status of the order.
    pub status: Option<PhoneNumberOrderStatus>,
    /// The ordered numbers, each with its status.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub ordered_phone_numbers: Vec<OrderedPhoneNumber>,
    /// The time of the creation.
    #[serde(default, deserialize_with = "timestamp")]
    pub created_timestamp: Option<DateTime<Utc>>,
    /// The time of the last change.
    #[serde(default, deserialize_with = "timestamp")]
    pub updated_timestamp: Option<DateTime<Utc>>,
}

impl PhoneNumberOrder {
    /// Creates an order in which only the identifier is set.
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
    /// The status of the number.
    pub status: Option<OrderedPhoneNumberStatus>,
}

impl OrderedPhoneNumber {
    /// Creates a number in E.164 form without a status.
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
    /// The country code, which is two letters of ISO 3166-1.
    pub country_code: Option<String>,
    /// The types of numbers that can be ordered.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub supported_phone_number_types: Vec<PhoneNumberType>,
}

impl PhoneNumberCountry {
    /// Creates a country with this code and no types of numbers.
    #[must_use]
    pub fn new(country_code: impl Into<String>) -> Self {
        Self { country_code: Some(country_code.into()), supported_phone_number_types: Vec::new() }
    }
}

impl Model for PhoneNumberCountry {}

impl Listed for PhoneNumberCountry {
    const LIST: &'static str = "PhoneNumberCountries";
}

/// An item of `SearchAvailablePhoneNumbers`: a phone number in E.164 form.
impl Model for Sensitive {}

impl Listed for Sensitive {
    const LIST: &'static str = "E164PhoneNumbers";
}

open_enum! {
    /// The status of an order of phone numbers.
    PhoneNumberOrderStatus {
        /// The order is in progress.
        Processing,
        /// All numbers were acquired.
        Successful,
        /// No number was acquired.
        Failed,
        /// Some numbers were acquired, and others were not.
        Partial,
    }
}

open_enum! {
    /// The status of one phone number of an order.
    OrderedPhoneNumberStatus {
        /// The number is being acquired.
        Processing,
        /// The number is in the inventory.
        Acquired,
        /// The number could not be acquired.
        Failed,
    }
}

/// Orders of phone numbers.
impl Client {
    /// Lists phone numbers that can be ordered and returns a [`Page`] of numbers, such as `+12065550100`, as
    /// [`Sensitive`] texts.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages.
    ///
    /// A search in the US, the default country, needs at least one of `area_code`, `city`, `state` and
    /// `toll_free_prefix`. A search in another country needs `phone_number_type` and accepts none of these four
    /// parameters.
    ///
    /// Optional parameters:
    ///
    /// - [`area_code`](Request::area_code): only numbers with this area code
    /// - [`city`](Request::city): only numbers of this city; `state` must also be set
    /// - [`state`](Request::state): only numbers of this state
    /// - [`toll_free_prefix`](Request::toll_free_prefix): only toll-free numbers with this prefix
    /// - [`country`](Request::country): only numbers of this country
    /// - [`phone_number_type`](Request::phone_number_type): only local numbers or only toll-free numbers
    /// - [`max_results`](Request::max_results): the largest number of phone numbers on a page, 1 to 500
    /// - [`next_token`](Request::next_token): the token of the page to start with
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
    /// - [`is_bad_request`](crate::Error::is_bad_request): the service does not accept this combination of parameters,
    ///   or the token is from a search with other parameters
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

    /// Lists the countries in which phone numbers of a product type can be ordered, and returns a
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
    /// The operation has only the [errors that every request has](Request#errors).
    pub fn list_supported_phone_number_countries(
        &self,
        product_type: impl Into<PhoneNumberProductType>,
    ) -> Request<ListSupportedPhoneNumberCountries> {
        self.request(ListSupportedPhoneNumberCountries { product_type: product_type.into() })
    }

    /// Orders phone numbers for the inventory and returns the [`PhoneNumberOrder`], which is still in progress.
    /// [`get_phone_number_order`](Self::get_phone_number_order) returns the later status of the order.
    ///
    /// `numbers` are in E.164 form, such as `+12065550100`.
    /// [`search_available_phone_numbers`](Self::search_available_phone_numbers) lists numbers that can be ordered.
    /// Toll-free numbers cannot have the product type [`BusinessCalling`](PhoneNumberProductType::BusinessCalling).
    /// Numbers outside of the US must have the product type
    /// [`SipMediaApplicationDialIn`](PhoneNumberProductType::SipMediaApplicationDialIn).
    ///
    /// If the response is lost, unreadable or a server error, the request is
    /// [not sent again](crate::docs::reliability). If the call fails and
    /// [`may_have_applied`](crate::Error::may_have_applied) is `true`, list the orders before you try again.
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
    /// - [`is_bad_request`](crate::Error::is_bad_request): a number cannot have this product type
    /// - [`is_resource_limit_exceeded`](crate::Error::is_resource_limit_exceeded): the inventory cannot have so many
    ///   numbers
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

    /// Retrieves an order of phone numbers and returns the [`PhoneNumberOrder`].
    ///
    /// `id` must be a UUID.
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
    /// - [`is_not_found`](crate::Error::is_not_found): the order does not exist
    pub fn get_phone_number_order(
        &self,
        id: impl Into<PhoneNumberOrderId>,
    ) -> Request<GetPhoneNumberOrder> {
        self.request(GetPhoneNumberOrder { phone_number_order_id: id.into() })
    }

    /// Lists the orders of phone numbers and returns a [`Page`] of [`PhoneNumberOrder`]s.
    ///
    /// [`items`](Request::items) and [`pages`](Request::pages) return streams over all pages. Optional parameters:
    ///
    /// - [`max_results`](Request::max_results): the largest number of orders on a page, 1 to 99
    /// - [`next_token`](Request::next_token): the token of the page to start with
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
    /// - [`is_bad_request`](crate::Error::is_bad_request): the token is from another listing
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
    /// Lists only US numbers with this area code.
    pub fn area_code(self, area_code: impl Into<String>) -> Self {
        self.set(|operation| operation.area_code = Some(area_code.into()))
    }

    /// Lists only US numbers of this city; `state` must also be set.
    pub fn city(self, city: impl Into<String>) -> Self {
        self.set(|operation| operation.city = Some(city.into()))
    }

    /// Lists only numbers of this country: two capital letters of ISO 3166-1, `US` by default.
    pub fn country(self, country: impl Into<String>) -> Self {
        self.set(|operation| operation.country = Some(country.into()))
    }

    /// Lists only US numbers of this state.
    pub fn state(self, state: impl Into<String>) -> Self {
        self.set(|operation| operation.state = Some(state.into()))
    }

    /// Lists only US toll-free numbers with this prefix: 800, 833, 844, 855, 866, 877 or 888.
    pub fn toll_free_prefix(self, prefix: impl Into<String>) -> Self {
        self.set(|operation| operation.toll_free_prefix = Some(prefix.into()))
    }

    /// Lists only numbers of this type; required outside of the US.
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
