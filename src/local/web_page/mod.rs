//! The page for browsers that shows the data as plain HTML and changes nothing.

mod html;
mod rows;
mod view;

use std::net::IpAddr;

use hyper::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, FORWARDED, HOST,
    HeaderName, HeaderValue, REFERRER_POLICY, VIA, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use uuid::Uuid;

use super::answer;
use super::content::Content;
use super::server::Chime;
use rows::Rows;
use view::View;

pub(super) struct PageRequest {
    view: View,
    is_allowed: bool,
}

impl PageRequest {
    /// Returns the request for the page, or `None` if `request` is for the API. The page is `GET /` without a signature
    /// and with an `Accept` of HTML. No operation has this path, and no client of the API sends such an `Accept`.
    pub(super) fn of<B>(request: &Request<B>, comes_from_loopback: bool) -> Option<Self> {
        let (uri, headers) = (request.uri(), request.headers());
        let query = uri.query().unwrap_or_default();
        let is_for_page = request.method() == Method::GET
            && uri.authority().is_none()
            && uri.path() == "/"
            && accepts_html(headers)
            && !headers.contains_key(AUTHORIZATION)
            && !query.to_ascii_lowercase().contains("x-amz-");
        let is_allowed = comes_from_loopback && names_loopback(headers) && !is_forwarded(headers);
        is_for_page.then(|| Self { view: View::of(query), is_allowed })
    }

    /// Reads and shows the requested rows, and yields between reads so that requests to the API can run.
    pub(super) async fn answer(&self, chime: &Chime) -> Response<Content> {
        if !self.is_allowed {
            let mut response = Response::new(Content::whole(NOT_ALLOWED));
            *response.status_mut() = StatusCode::FORBIDDEN;
            add_headers(&mut response, "text/plain; charset=utf-8", "default-src 'none'");
            return response;
        }
        let now = chime.resource_clock.now();
        let mut rows = Rows::new(self.view.after);
        loop {
            let read = chime.state.act(|directory| rows.read(&self.view, directory, now));
            match read {
                Ok(()) if rows.is_done() => break,
                Ok(()) => tokio::task::yield_now().await,
                Err(refusal) => return answer::respond(Err(refusal)),
            }
        }
        let nonce = Uuid::new_v4().simple().to_string();
        let mut response = Response::new(Content::whole(html::page(&self.view, &rows, &nonce)));
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        add_headers(&mut response, "text/html; charset=utf-8", &policy);
        response
    }
}

const NOT_ALLOWED: &str = "This page is shown on the machine that the embedded Chime runs on, and nowhere else. \
                           Open it as http://127.0.0.1 or http://localhost with the port.\n";

fn add_headers(response: &mut Response<Content>, content_type: &'static str, policy: &str) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
}

const CROSS_ORIGIN_OPENER_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let essences =
        values.flat_map(|value| value.split(',')).filter_map(|range| range.split(';').next());
    { essences }.any(|essence| essence.trim().eq_ignore_ascii_case("text/html"))
}

/// Returns `true` if the `Host` header has a name of the loopback interface. This check refuses the requests of
/// a website whose DNS name leads to this machine.
fn names_loopback(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else { return false };
    let host = authority.host();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
}

/// Returns `true` if a header says that a proxy forwarded the request.
fn is_forwarded(headers: &HeaderMap) -> bool {
    [FORWARDED, VIA, X_FORWARDED_FOR].iter().any(|name| headers.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Request<()> {
        let builder = Request::builder().method(method).uri(uri);
        let builder =
            headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
        builder.body(()).unwrap()
    }

    const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    #[test]
    fn only_an_unsigned_get_of_html_is_for_the_page() {
        let is_for_page = |request| PageRequest::of(&request, true).is_some();
        assert!(is_for_page(request("GET", "/", &[BROWSER])));
        assert!(is_for_page(request("GET", "/?list=users", &[("accept", "a/b, Text/HTML ;q=1")])));

        for (method, uri, headers) in [
            ("POST", "/", vec![BROWSER]),
            ("HEAD", "/", vec![BROWSER]),
            ("GET", "/accounts", vec![BROWSER]),
            ("GET", "http://127.0.0.1/", vec![BROWSER]),
            ("GET", "/?X-Amz-Signature=0", vec![BROWSER]),
            ("GET", "/?x-amz-algorithm=0", vec![BROWSER]),
            ("GET", "/", vec![BROWSER, ("authorization", "")]),
            ("GET", "/", vec![("accept", "*/*")]),
            ("GET", "/", vec![("accept", "application/json, text/htmlx, text/*")]),
            ("GET", "/", vec![]),
        ] {
            assert!(!is_for_page(request(method, uri, &headers)), "{method} {uri} {headers:?}");
        }
    }

    #[test]
    fn the_page_is_for_this_machine_only() {
        let is_allowed = |hosts: &[&str]| {
            let headers = hosts.iter().map(|host| ("host", *host));
            let headers: Vec<_> = headers.chain([BROWSER]).collect();
            PageRequest::of(&request("GET", "/", &headers), true).unwrap().is_allowed
        };
        for host in
            ["localhost", "LocalHost:80", "127.0.0.1:4510", "127.9.9.9", "[::1]:4510", "[::1]"]
        {
            assert!(is_allowed(&[host]), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "192.0.2.1:4510",
            "[::2]",
            "evil@",
            "local host",
            "127.0.0.1/",
        ] {
            assert!(!is_allowed(&[host]), "{host}");
        }
        for header in ["forwarded", "via", "x-forwarded-for"] {
            let headers = [("host", "localhost"), (header, "192.0.2.1"), BROWSER];
            let request = request("GET", "/", &headers);
            assert!(!PageRequest::of(&request, true).unwrap().is_allowed, "{header}");
        }
        let elsewhere = request("GET", "/", &[("host", "localhost"), BROWSER]);
        assert!(!PageRequest::of(&elsewhere, false).unwrap().is_allowed);
        assert!(!is_allowed(&[]) && !is_allowed(&["localhost", "localhost"]));
    }
}
