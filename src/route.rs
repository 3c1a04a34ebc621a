//! The encoded path and query of a request. No other file creates URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::asked::Asked;
use crate::paging::Paging;
use crate::sensitive::Sensitive;
use crate::validate::{self, InvalidParameter};

/// The part of the URL after the endpoint: a path of literal segments and identifiers, and a query.
pub struct Route {
    path: String,
    query: String,
    /// The sensitive values in path and query.
    sensitive: Vec<Sensitive>,
    /// The identifiers in the path.
    asked: Asked,
    invalid: Option<InvalidParameter>,
}

impl Route {
    /// Creates a route that begins with a literal segment, such as `accounts`.
    pub(crate) fn new(segment: &'static str) -> Self {
        let path = String::with_capacity(96);
        let (query, sensitive, asked) = Default::default();
        Self { path, query, sensitive, asked, invalid: None }.then(segment)
    }

    /// Appends a literal segment.
    pub(crate) fn then(mut self, segment: &'static str) -> Self {
        self.path.push('/');
        self.path.push_str(segment);
        self
    }

    /// Appends the value of a parameter. A value that would lead to another resource makes the route invalid.
    pub(crate) fn id(mut self, parameter: &'static str, value: &str) -> Self {
        if let Err(invalid) = validate::path_segment(parameter, value) {
            self.invalid.get_or_insert(invalid);
        }
        self.asked.add(parameter, value);
        self.path.push('/');
        encode_onto(&mut self.path, value);
        self
    }

    /// Appends the value of a parameter that no error may show.
    pub(crate) fn sensitive_id(self, parameter: &'static str, value: Sensitive) -> Self {
        let mut route = self.id(parameter, value.expose());
        route.sensitive.push(value);
        route
    }

    /// Adds the constant in the query by which operations with the same path differ.
    pub(crate) fn constant(mut self, name: &'static str, value: &'static str) -> Self {
        self.add(name, value);
        self
    }

    /// Adds a query parameter, if it has a value.
    pub(crate) fn query(mut self, name: &'static str, value: Option<&impl AsRef<str>>) -> Self {
        if let Some(value) = value {
            self.add(name, value.as_ref());
        }
        self
    }

    /// Adds a query parameter that no error may show, if it has a value.
    pub(crate) fn sensitive_query(mut self, name: &'static str, value: Option<&Sensitive>) -> Self {
        if let Some(value) = value {
            self.add(name, value.expose());
            self.sensitive.push(value.clone());
        }
        self
    }

    /// Adds the parameters of a listing. The token may contain anything, so no error may show it.
    pub(crate) fn paging(self, paging: &Paging) -> Self {
        let max_results = paging.max_results.map(|number| number.to_string());
        self.query("max-results", max_results.as_ref())
            .sensitive_query("next-token", paging.next_token.as_ref())
    }

    pub(crate) fn into_parts(self) -> (Vec<Sensitive>, Asked) {
        (self.sensitive, self.asked)
    }

    /// Returns the URL that begins with `base`, which has no slash at its end.
    pub(crate) fn url(&self, base: &str) -> Result<String, InvalidParameter> {
        if let Some(invalid) = &self.invalid {
            return Err(invalid.clone());
        }
        let separator = if self.query.is_empty() { "" } else { "?" };
        let url = [base, &self.path, separator, &self.query].concat();
        if url.len() > MAX_URL {
            let problem = format!("is longer than {MAX_URL} bytes with these parameters");
            return Err(InvalidParameter { parameter: "the URL", problem });
        }
        Ok(url)
    }

    fn add(&mut self, name: &'static str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(name);
        self.query.push('=');
        encode_onto(&mut self.query, value);
    }
}

/// The maximum length of a URL: more than any server accepts, and less than the limits of HTTP libraries.
const MAX_URL: usize = 60_000;

/// The encoded characters: all except the unreserved characters of RFC 3986, as `SigV4` requires.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn encode_onto(target: &mut String, value: &str) {
    target.extend(utf8_percent_encode(value, RESERVED));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unreserved_characters_stay_literal() {
        let route = Route::new("accounts").id("AccountId", "aZ09-_.~ +/%?#&=*'()!é😀");
        assert_eq!(
            route.url("").unwrap(),
            "/accounts/aZ09-_.~%20%2B%2F%25%3F%23%26%3D%2A%27%28%29%21%C3%A9%F0%9F%98%80"
        );
    }

    #[test]
    fn a_query_is_encoded_like_the_path_and_has_only_parameters_that_are_set() {
        let route = Route::new("accounts")
            .query("name", Some(&"a b+c"))
            .query("user-type", None::<&String>)
            .sensitive_query("user-email", None)
            .constant("operation", "t/=");
        assert_eq!(
            route.url("https://example.com/base").unwrap(),
            "https://example.com/base/accounts?name=a%20b%2Bc&operation=t%2F%3D"
        );
    }

    #[test]
    fn a_url_may_have_60_000_bytes_and_not_more() {
        let route = |length| Route::new("accounts").query("name", Some(&"a".repeat(length)));
        let others = route(0).url("https://example.com").unwrap().len();
        let longest = route(60_000 - others).url("https://example.com").unwrap();
        assert_eq!(longest.len(), 60_000);
        assert!(route(60_001 - others).url("https://example.com").is_err());
    }

    #[test]
    fn a_segment_that_would_lead_to_another_resource_is_refused_with_its_name() {
        for bad in ["", "  ", ".", ".."] {
            let route = Route::new("accounts").id("AccountId", bad).then("users");
            assert_eq!(route.url("").unwrap_err().parameter, "AccountId", "{bad:?}");
        }
    }

    #[test]
    fn a_route_remembers_its_sensitive_values() {
        let paging = Paging { next_token: Some("t".into()), max_results: Some(7) };
        let route = Route::new("accounts")
            .id("AccountId", "a")
            .query("name", Some(&"Acme"))
            .sensitive_query("user-email", Some(&"ana@example.com".into()))
            .paging(&paging);
        assert_eq!(
            route.url("").unwrap(),
            "/accounts/a?name=Acme&user-email=ana%40example.com&max-results=7&next-token=t"
        );
        assert_eq!(route.into_parts().0, ["ana@example.com", "t"]);
    }

    #[test]
    fn a_sensitive_id_is_encoded_checked_and_remembered() {
        let route = |id: &str| Route::new("phone-numbers").sensitive_id("PhoneNumberId", id.into());
        assert_eq!(route("+1206/a").url("").unwrap(), "/phone-numbers/%2B1206%2Fa");
        assert_eq!(route("..").url("").unwrap_err().parameter, "PhoneNumberId");
        assert_eq!(route("+1206").into_parts().0, ["+1206"]);
    }

    #[test]
    fn an_overlong_url_is_refused() {
        let route = |length| Route::new("accounts").id("AccountId", &"a".repeat(length)).url("");
        assert!(route(59_000).is_ok());
        assert_eq!(route(60_000).unwrap_err().parameter, "the URL");
    }

    proptest! {
        #[test]
        fn url_parsers_leave_every_route_as_it_is(id in "\\PC+", value in "\\PC*") {
            let route = Route::new("accounts").id("AccountId", &id).then("users").query("q", Some(&value));
            if let Ok(url) = route.url("https://example.com/base") {
                let parsed = url::Url::parse(&url).unwrap();
                prop_assert_eq!(parsed.as_str(), &url);
                let segments: Vec<_> = parsed.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 4);
                let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
                prop_assert_eq!(decoded, id);
                let (_, query) = parsed.query_pairs().next().unwrap();
                prop_assert_eq!(query, value);
            }
        }
    }
}
