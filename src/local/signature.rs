//! Verifies Signature Version 4 of a request by signing the request again.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue};
use subtle::ConstantTimeEq;

use super::answer::Refusal;
use super::authorization::Authorization;
use super::clock::SkewError;
use super::keys::{Found, Keys};
use super::signed_path::{SignedPath, signed_paths};

pub(super) const REGION: &str = "us-east-1";
const SERVICE: &str = "chime";
const DATE: &str = "x-amz-date";
const TOKEN: &str = "x-amz-security-token";
const CONTENT_HASH: &str = "x-amz-content-sha256";

/// Refuses a request if it was not recently signed for this service with one of the keys, or if it was changed later.
pub(super) fn verify(
    request: &Request<Bytes>,
    keys: &Keys,
    skew_error: SkewError,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let headers = request.headers();
    check_host(request)?;
    let authorization = Authorization::parse(authorization_header(headers)?)?;
    check_occurs_once(headers)?;
    let signed_at = signing_time(headers)?;
    let credentials = match keys.find(authorization.access_key_id) {
        Some(Found::Valid(credentials)) if has_token_of(&credentials, headers) => credentials,
        Some(Found::Expired(credentials)) if has_token_of(&credentials, headers) => {
            let message = "The security token included in the request is expired.";
            return Err(Refusal::expired_token(message));
        }
        _ => {
            let message = "The security token included in the request is invalid.";
            return Err(Refusal::unauthorized(message));
        }
    };
    check_scope(&authorization, signed_at)?;
    check_signed_headers(&authorization, headers)?;
    check_age(signed_at, skew_error, now)?;

    let actual = authorization.signature.as_bytes();
    let matches = |path: SignedPath| {
        let expected = signature(request, &path, &authorization, &credentials, signed_at);
        expected.is_some_and(|expected| expected.as_bytes().ct_eq(actual).into())
    };
    if signed_paths(request.uri().path()).into_iter().any(matches) {
        Ok(())
    } else {
        Err(Refusal::invalid_signature(
            "The request signature we calculated does not match the signature you provided. \
             Check your AWS Secret Access Key and signing method.",
        ))
    }
}

/// Checks that the request has at most one `Host` header, and that a host in the unsigned request target is the same.
fn check_host(request: &Request<Bytes>) -> Result<(), Refusal> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, other) = (hosts.next(), hosts.next());
    if other.is_some() {
        return Err(Refusal::bad_request("The request has more than one Host header."));
    }
    let without_port = |host: &str| host.strip_suffix(":80").unwrap_or(host).to_ascii_lowercase();
    let host = host.and_then(|host| host.to_str().ok()).map(without_port);
    let target = request.uri().authority().map(|authority| without_port(authority.as_str()));
    if target.is_some() && target != host {
        let message = "The host in the request target is not the one in the Host header.";
        return Err(Refusal::bad_request(message));
    }
    Ok(())
}

fn authorization_header(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => {
            Err(Refusal::missing_authentication("The request has no Authorization header."))
        }
        (Some(value), None) => value
            .to_str()
            .map_err(|_| Refusal::incomplete_signature("The Authorization header is not ASCII.")),
        (Some(_), Some(_)) => Err(Refusal::incomplete_signature(
            "The request has more than one Authorization header.",
        )),
    }
}

/// Checks that each header of the signer occurs at most once, because a second value would not be signed.
fn check_occurs_once(headers: &HeaderMap) -> Result<(), Refusal> {
    let twice = |name: &&str| headers.get_all(*name).iter().nth(1).is_some();
    match [DATE, TOKEN, CONTENT_HASH].iter().find(|name| twice(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("The request has more than one header '{name}'.");
            Err(Refusal::incomplete_signature(message))
        }
    }
}

const DATE_FORMAT: &str = "%Y%m%dT%H%M%SZ";

fn signing_time(headers: &HeaderMap) -> Result<DateTime<Utc>, Refusal> {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| NaiveDateTime::parse_from_str(date, DATE_FORMAT).ok());
    let date = date.map(|date| date.and_utc());
    date.ok_or_else(|| {
        let message = "The request needs an X-Amz-Date header, such as 20190108T175918Z.";
        Refusal::incomplete_signature(message)
    })
}

/// Returns `true` if the request has the session token of the credentials, or if both have none.
fn has_token_of(credentials: &Credentials, headers: &HeaderMap) -> bool {
    let expected = credentials.session_token().map(str::as_bytes);
    let actual = headers.get(TOKEN).map(HeaderValue::as_bytes);
    match (expected, actual) {
        (Some(expected), Some(actual)) => expected.ct_eq(actual).into(),
        (expected, actual) => expected == actual,
    }
}

fn check_scope(authorization: &Authorization, signed_at: DateTime<Utc>) -> Result<(), Refusal> {
    let problem = if authorization.region != REGION {
        format!("Credential should be scoped to a valid region: '{REGION}'.")
    } else if authorization.service != SERVICE {
        format!("Credential should be scoped to correct service: '{SERVICE}'.")
    } else if authorization.date != signed_at.format("%Y%m%d").to_string() {
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."
            .to_owned()
    } else {
        return Ok(());
    };
    Err(Refusal::invalid_signature(problem))
}

/// Checks that the important headers are signed, because an unsigned header could have been changed on the way.
fn check_signed_headers(authorization: &Authorization, headers: &HeaderMap) -> Result<(), Refusal> {
    let must_be_signed =
        |name: &str| ["host", "content-type"].contains(&name) || name.starts_with("x-amz-");
    let unsigned = headers
        .keys()
        .map(HeaderName::as_str)
        .chain(["host"])
        .find(|name| must_be_signed(name) && !authorization.signs(name));
    let mut signed = authorization.signed_headers.iter();
    let missing = signed.find(|name| !headers.contains_key(**name));
    match (unsigned, missing) {
        (None, None) => Ok(()),
        (Some(name), _) => {
            Err(Refusal::invalid_signature(format!("The header '{name}' must be signed.")))
        }
        (None, Some(_)) => Err(Refusal::invalid_signature(
            "A header that SignedHeaders names is not in the request.",
        )),
    }
}

fn check_age(
    signed_at: DateTime<Utc>,
    skew_error: SkewError,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let tolerance = TimeDelta::minutes(5);
    let (oldest, newest) = (now - tolerance, now + tolerance);
    let [signed, current, oldest_text, newest_text] =
        [signed_at, now, oldest, newest].map(|time| time.format(DATE_FORMAT).to_string());
    let problem = if signed_at < oldest {
        format!(
            "Signature expired: {signed} is now earlier than {oldest_text} ({current} - 5 min.)"
        )
    } else if signed_at > newest {
        format!(
            "Signature not yet current: {signed} is still later than {newest_text} ({current} + 5 min.)"
        )
    } else {
        return Ok(());
    };
    Err(Refusal::wrong_clock(skew_error.error_type(), problem))
}

/// Returns the signature that the request should have, or `None` if the request cannot be signed.
fn signature(
    request: &Request<Bytes>,
    SignedPath { path, mode }: &SignedPath,
    authorization: &Authorization,
    credentials: &Credentials,
    signed_at: DateTime<Utc>,
) -> Option<String> {
    // The signer decodes a plus sign in a query as a space, but AWS keeps the plus sign.
    let uri = match request.uri().query() {
        Some(query) => format!("{path}?{}", query.replace('+', "%2B")),
        None => path.clone().into_owned(),
    };

    let mut settings = SigningSettings::default();
    settings.uri_path_normalization_mode = *mode;
    settings.excluded_headers = None;
    if authorization.signs(CONTENT_HASH) {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    // The signer adds these headers itself.
    let added = [DATE, TOKEN, CONTENT_HASH];
    let headers = request.headers().iter();
    let headers = headers
        .filter(|(name, _)| authorization.signs(name.as_str()) && !added.contains(&name.as_str()))
        .map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect::<Option<Vec<_>>>()?;

    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(SERVICE)
        .time(SystemTime::from(signed_at))
        .settings(settings)
        .build()
        .ok()?
        .into();
    let body = SignableBody::Bytes(request.body());
    let method = request.method().as_str();
    let signable = SignableRequest::new(method, uri, headers.into_iter(), body).ok()?;
    // The signer traces the URI, which may contain an e-mail address.
    let nowhere = tracing::Dispatch::none();
    let signed = tracing::dispatcher::with_default(&nowhere, || sign(signable, &params));
    let (instructions, signature) = signed.ok()?.into_parts();
    // The added headers include the hash of the body, which must be the hash that was sent.
    let sent = |name| request.headers().get(name);
    let mut added = instructions.headers().filter(|(name, _)| added.contains(name));
    let as_sent = added.all(|(name, value)| sent(name).is_some_and(|sent| sent == value));
    as_sent.then_some(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// The headers of requests that botocore 1.44.5 signed with the keys below.
    const CREATE: &[(&str, &str)] = &[
        ("host", "127.0.0.1:4510"),
        ("content-type", "application/json"),
        ("x-amz-date", "20190108T175918Z"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20190108/us-east-1/chime/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=059d9f2bba63f1b1c51fc1f249222e935b764664df9fc8e0ba5b5e253928c342",
        ),
    ];
    const GET: &[(&str, &str)] = &[
        ("host", "127.0.0.1:4510"),
        ("x-amz-date", "20190108T175918Z"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20190108/us-east-1/chime/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=39194a5a5e387799cfea0beb9a6782ff1bd0733f0d10e38d605d0a1fdde649f2",
        ),
    ];
    const DELETE: &[(&str, &str)] = &[
        ("host", "127.0.0.1:4510"),
        ("x-amz-date", "20190108T175918Z"),
        ("x-amz-security-token", "to+ken/=="),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=ASIDEXAMPLE/20190108/us-east-1/chime/aws4_request, \
             SignedHeaders=host;x-amz-date;x-amz-security-token, \
             Signature=0fd0cd51886045ccd32cf44eef16355846eb910e71dc5947f2d1c44f00723b67",
        ),
    ];
    const GET_URI: &str = "/accounts/a%2Fb%20c?user-email=ana%40example.com&max-results=2";

    fn create() -> Request<Bytes> {
        request("POST", "/accounts", CREATE, r#"{"Name": "Acmé"}"#)
    }

    fn get() -> Request<Bytes> {
        request("GET", GET_URI, GET, "")
    }

    fn delete() -> Request<Bytes> {
        request("DELETE", "/accounts/x", DELETE, "")
    }

    fn request(
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        body: &'static str,
    ) -> Request<Bytes> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    /// The hash of the body of `create`.
    const HASH: &str = "43591080fa304aafe1eba81fba58edd416821350ed5ce1d566244fbe0984d4c1";

    /// Returns a signed request with a header that has this hash of its body.
    fn with_hash(hash: &str) -> Request<Bytes> {
        let request = with_header(create(), CONTENT_HASH, hash);
        let request = forged(request, "host;", "host;x-amz-content-sha256;");
        let own = "059d9f2bba63f1b1c51fc1f249222e935b764664df9fc8e0ba5b5e253928c342";
        let signature = "1dd8c85d1a85dfbd25338c03d95478b353801e485a1b8ca0814ce102305bf819";
        forged(request, own, signature)
    }

    fn with_header(mut request: Request<Bytes>, name: &'static str, value: &str) -> Request<Bytes> {
        let value = value.parse().unwrap();
        request.headers_mut().insert(name, value);
        request
    }

    /// Replaces a part of the `Authorization` header.
    fn forged(request: Request<Bytes>, from: &str, to: &str) -> Request<Bytes> {
        let header = request.headers()[AUTHORIZATION].to_str().unwrap();
        assert!(header.contains(from));
        let header = header.replace(from, to);
        with_header(request, "authorization", &header)
    }

    fn verify_after(request: &Request<Bytes>, seconds: i64) -> Result<(), Refusal> {
        let key = |id: &str, token| Credentials::new(id, SECRET, token, None, "test");
        let token = Some("to+ken/==".to_owned());
        let keys = Keys::new(key("AKIDEXAMPLE", None), key("ASIDEXAMPLE", token));
        let signed_at = "2019-01-08T17:59:18Z".parse::<DateTime<Utc>>().unwrap();
        let now = signed_at + TimeDelta::seconds(seconds);
        verify(request, &keys, SkewError::default(), now)
    }

    fn refusal(request: &Request<Bytes>) -> String {
        format!("{:?}", verify_after(request, 0).unwrap_err())
    }

    #[test]
    fn requests_that_botocore_signed_are_accepted() {
        for request in [create(), get(), delete()] {
            assert_eq!(verify_after(&request, 0), Ok(()));
        }
    }

    #[test]
    fn spaces_after_commas_are_optional() {
        for spaces in ["", "   "] {
            let request = forged(get(), ", ", &format!(",{spaces}"));
            assert_eq!(verify_after(&request, 0), Ok(()));
        }
    }

    #[test]
    fn a_request_that_was_changed_after_signing_is_refused() {
        let mut other_uri = get();
        *other_uri.uri_mut() = GET_URI.replace("=2", "=3").parse().unwrap();
        let mut plus_for_space = get();
        *plus_for_space.uri_mut() = GET_URI.replace("%20", "+").parse().unwrap();
        let mut other_method = get();
        *other_method.method_mut() = hyper::Method::DELETE;
        let mut other_body = create();
        *other_body.body_mut() = Bytes::from_static(b"{}");
        for request in [
            other_uri,
            plus_for_space,
            other_method,
            other_body,
            with_header(get(), "host", "127.0.0.1:4511"),
            with_header(create(), "content-type", "application/jsonx"),
            forged(get(), "39194a5a", "39194a5b"),
            forged(get(), "39194a5a", ""),
        ] {
            let refusal = refusal(&request);
            assert!(refusal.contains("does not match"), "{refusal}");
            assert!(!refusal.contains("example.com"), "{refusal}");
        }
    }

    #[test]
    fn a_header_of_the_signer_is_refused_if_it_occurs_twice() {
        for (request, name, value) in [
            (get(), DATE, "20190108T175918Z"),
            (get(), DATE, "20300108T175918Z"),
            (delete(), TOKEN, "to+ken/=="),
            (delete(), TOKEN, "another"),
            (with_hash(HASH), CONTENT_HASH, HASH),
            (with_hash(HASH), CONTENT_HASH, "UNSIGNED-PAYLOAD"),
        ] {
            assert_eq!(verify_after(&request, 0), Ok(()));
            let mut request = request;
            request.headers_mut().append(name, value.parse().unwrap());
            let refusal = refusal(&request);
            assert!(refusal.contains("IncompleteSignatureException"), "{refusal}");
            assert!(refusal.contains(name), "{refusal}");
        }
    }

    #[test]
    fn a_path_with_dot_segments_is_accepted_in_the_form_of_each_signer() {
        let own = "39194a5a5e387799cfea0beb9a6782ff1bd0733f0d10e38d605d0a1fdde649f2";
        for (path, signatures) in [
            // Two signatures by botocore: with a normalized path, and without, which is the form of the AWS SDK for Go.
            (
                "/accounts/.",
                [
                    "8d4cb6631d71284a177dc440aa391b946a8ae8320a5ff2fe3bcd3b40e470b29b",
                    "a41dadd48c4dbb7113c0c7d8d0c629300a4c89b6da5a7ff128687d1e789c3e9a",
                ],
            ),
            (
                "/accounts/a/users/..",
                [
                    "09f73e8ccfc54e2a357de6a37606048043fc5fbf94bb2fc4c6961077d03e616f",
                    "7f623118d78b377622f2221c0a279170b26c7aa7b359eb385ee540b31978c496",
                ],
            ),
            (
                "/accounts/../accounts",
                [
                    "8d4cb6631d71284a177dc440aa391b946a8ae8320a5ff2fe3bcd3b40e470b29b",
                    "153ced1a4ce915e095e67945d18bf8ccae0d744d25ffddc1e0c41cdcb65c216e",
                ],
            ),
            (
                "/accounts/./",
                [
                    "04af0f4e7b2c5e5e0c8f74e9af7bf8322440c502d5b3b316480d927f22f6efcb",
                    "df145a0754c2d6e4f1304abee933f1a8f42d14f0ba3312a7fc3d82928b962992",
                ],
            ),
            // For all signers, encoded dots are not dot segments.
            (
                "/accounts/%2E%2E/users",
                [
                    "35d315b7fd960b13e2f581c6b96711df063016a571da120ee7a19c67129878a6",
                    "35d315b7fd960b13e2f581c6b96711df063016a571da120ee7a19c67129878a6",
                ],
            ),
        ] {
            for signature in signatures {
                let request = forged(request("GET", path, GET, ""), own, signature);
                assert_eq!(verify_after(&request, 0), Ok(()), "{path}");
            }
        }
        let refusal = refusal(&request("GET", "/accounts/..", GET, ""));
        assert!(refusal.contains("does not match"), "{refusal}");
    }

    #[test]
    fn a_request_target_with_another_host_is_refused() {
        let with_target = |host: &str| request("GET", &format!("http://{host}{GET_URI}"), GET, "");
        assert_eq!(verify_after(&with_target("127.0.0.1:4510"), 0), Ok(()));
        for host in ["127.0.0.1:4511", "127.0.0.1", "example.com", "user@127.0.0.1:4510"] {
            let refusal = refusal(&with_target(host));
            assert!(refusal.contains("BadRequestException"), "{refusal}");
        }
        let mut request = get();
        request.headers_mut().append(HOST, HeaderValue::from_static("127.0.0.1:4510"));
        assert!(refusal(&request).contains("more than one Host header"));
    }

    #[test]
    fn hosts_are_compared_without_case_and_without_port_80() {
        for (target, host) in [
            ("http://Chime.example.com/", "chime.EXAMPLE.com:80"),
            ("http://chime.example.com:80/", "chime.example.com"),
        ] {
            let request = request("GET", target, &[("host", host)], "");
            assert_eq!(check_host(&request), Ok(()));
        }
    }

    #[test]
    fn a_request_that_cannot_be_signed_again_has_no_valid_signature() {
        let request = forged(get(), "host;x-amz-date", "host;x;x-amz-date");
        let signature = "39194a5a5e387799cfea0beb9a6782ff1bd0733f0d10e38d605d0a1fdde649f2";
        let request = with_header(forged(request, signature, ""), "x", "\u{e9}");
        assert!(refusal(&request).contains("does not match"));
    }

    #[test]
    fn important_headers_must_be_signed() {
        let date =
            with_header(forged(get(), "host;x-amz-date", "host"), "x-amz-date", "20190108T175918Z");
        for (request, name) in [
            (date, "x-amz-date"),
            (forged(get(), "host;x-amz-date", "x-amz-date"), "host"),
            (with_header(get(), "x-amz-user-agent", "x"), "x-amz-user-agent"),
            (with_header(get(), "content-type", "x"), "content-type"),
        ] {
            assert!(refusal(&request).contains(&format!("'{name}' must be signed")));
        }
        let absent = forged(get(), "SignedHeaders=", "SignedHeaders=absent;");
        assert!(refusal(&absent).contains("not in the request"));
        assert_eq!(verify_after(&with_header(get(), "accept", "*/*"), 0), Ok(()));
    }

    #[test]
    fn the_content_hash_must_be_the_hash_of_the_body() {
        assert_eq!(verify_after(&with_hash(HASH), 0), Ok(()));
        for wrong in [&HASH.replace('1', "2"), "UNSIGNED-PAYLOAD", ""] {
            assert!(refusal(&with_hash(wrong)).contains("does not match"));
        }
    }

    #[test]
    fn the_scope_has_this_region_this_service_and_the_day_of_signing() {
        for (from, to, problem) in [
            ("us-east-1", "eu-west-1", "valid region"),
            ("/chime/", "/s3/", "correct service"),
            ("20190108/", "20190109/", "Date in Credential scope"),
        ] {
            assert!(refusal(&forged(get(), from, to)).contains(problem));
        }
    }

    #[test]
    fn unknown_keys_and_tokens_are_unauthorized() {
        let mut without_token = delete();
        without_token.headers_mut().remove(TOKEN);
        for request in [
            forged(get(), "AKIDEXAMPLE", "AKIDUNKNOWN"),
            with_header(get(), TOKEN, "to+ken/=="),
            with_header(delete(), TOKEN, "to+ken/="),
            without_token,
        ] {
            assert!(refusal(&request).contains("UnauthorizedClientException"));
        }
    }

    #[test]
    fn signatures_are_valid_for_five_minutes() {
        let refused = |seconds| format!("{:?}", verify_after(&get(), seconds).unwrap_err());
        assert_eq!(verify_after(&get(), 300), Ok(()));
        assert_eq!(verify_after(&get(), -300), Ok(()));
        assert!(refused(301).contains(
            "Signature expired: 20190108T175918Z is now earlier than 20190108T175919Z \
             (20190108T180419Z - 5 min.)"
        ));
        assert!(refused(-301).contains("Signature not yet current: 20190108T175918Z"));
    }

    #[test]
    fn the_error_for_an_unusable_signature_says_why() {
        let mut anonymous = get();
        anonymous.headers_mut().remove(AUTHORIZATION);
        assert!(refusal(&anonymous).contains("MissingAuthenticationTokenException"));

        let mut twice = get();
        let basic = HeaderValue::from_static("Basic YTpi");
        twice.headers_mut().append(AUTHORIZATION, basic);
        let mut undated = get();
        undated.headers_mut().remove(DATE);
        for request in [
            twice,
            undated,
            with_header(get(), "x-amz-date", "Tue, 08 Jan 2019 17:59:18 GMT"),
            with_header(get(), "authorization", "Basic YTpi"),
            forged(get(), "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
            forged(get(), "/aws4_request", ""),
            forged(get(), "Signature=", "Signature"),
            forged(get(), "Signature=", "Signature=x, Signature="),
            forged(get(), "host;x-amz-date", "x-amz-date;host"),
            forged(get(), "host;x-amz-date", "host;host;x-amz-date"),
            forged(get(), "host;x-amz-date", "Host;x-amz-date"),
            forged(get(), "host;x-amz-date", ""),
        ] {
            let refusal = refusal(&request);
            assert!(refusal.contains("IncompleteSignatureException"), "{refusal}");
        }
    }
}
