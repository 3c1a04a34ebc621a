//! Signature Version 4, by `aws-sigv4`.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as sigv4};
use aws_sigv4::sign::v4;
use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::problem::{CredentialsProblem, Problem};

/// The name of the service in the scope of a signature.
const SERVICE: &str = "chime";

/// The signed parts of a request.
#[derive(Clone, Copy)]
pub(crate) struct Signable<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a str,
    /// The headers to sign, besides `host`, the date and the session token.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
}

/// Headers that carry a signature, all of them marked as sensitive.
pub(crate) type SignedHeaders = Vec<(&'static str, HeaderValue)>;

/// Signs a request, and returns the headers to add.
pub(crate) fn sign(
    request: Signable<'_>,
    credentials: &Credentials,
    region: &str,
    time: SystemTime,
) -> Result<SignedHeaders, Problem> {
    check(credentials)?;
    let signature = || signature(request, credentials, region, SERVICE, time);
    let headers = if tracing::dispatcher::has_been_set() {
        // aws-sigv4 traces the URL, and a query may contain an e-mail address.
        tracing::dispatcher::with_default(&tracing::Dispatch::none(), signature)
    } else {
        // A dispatcher, even an empty one, would stop the forwarding from tracing to `log` in the whole program.
        signature()
    };
    headers.map_err(Problem::Signing)
}

fn signature(
    request: Signable<'_>,
    credentials: &Credentials,
    region: &str,
    service: &str,
    time: SystemTime,
) -> Result<SignedHeaders, Box<dyn std::error::Error + Send + Sync>> {
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(time)
        .settings(SigningSettings::default())
        .build()?
        .into();
    let signable = SignableRequest::new(
        request.method.as_str(),
        request.url,
        request.headers.iter().copied(),
        SignableBody::Bytes(request.body.as_bytes()),
    )?;
    let (instructions, _) = sigv4(signable, &params)?.into_parts();
    let (headers, _) = instructions.into_parts();
    let mut signed = Vec::with_capacity(headers.len());
    for header in headers {
        let mut value = HeaderValue::from_str(header.value())?;
        value.set_sensitive(true);
        signed.push((header.name(), value));
    }
    Ok(signed)
}

/// Checks that headers can contain the credentials, because aws-sigv4 would panic otherwise.
fn check(credentials: &Credentials) -> Result<(), CredentialsProblem> {
    let is_sendable =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_sendable(credentials.access_key_id()) {
        return Err(CredentialsProblem::AccessKeyId);
    }
    if credentials.secret_access_key().is_empty() {
        return Err(CredentialsProblem::SecretAccessKey);
    }
    if !credentials.session_token().is_none_or(is_sendable) {
        return Err(CredentialsProblem::SessionToken);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::Value;

    use super::*;
    use crate::{Error, ErrorKind};

    fn value<'a>(headers: &'a SignedHeaders, name: &str) -> Option<&'a str> {
        let (_, value) = headers.iter().find(|(header, _)| *header == name)?;
        value.to_str().ok()
    }

    fn text<'a>(case: &'a Value, member: &str) -> &'a str {
        case[member].as_str().unwrap_or_else(|| panic!("{member} in {case}"))
    }

    fn time(case: &Value) -> SystemTime {
        DateTime::parse_from_rfc3339(text(case, "time")).unwrap().into()
    }

    #[test]
    fn signatures_match_the_published_test_suite() {
        let suite: Value =
            serde_json::from_str(include_str!("../../tests/data/sigv4_test_suite.json")).unwrap();
        let cases = suite["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 13);
        for case in cases {
            let credentials = Credentials::new(
                text(&suite, "access_key"),
                text(&suite, "secret_key"),
                case["session_token"].as_str().map(str::to_owned),
                None,
                "test",
            );
            let url = format!("https://{}{}", text(case, "host"), text(case, "target"));
            let method = text(case, "method").parse().unwrap();
            let request = Signable { method: &method, url: &url, headers: &[], body: "" };
            let (region, service) = (text(&suite, "region"), text(&suite, "service"));
            let headers = signature(request, &credentials, region, service, time(&suite)).unwrap();
            let authorization = value(&headers, "authorization").unwrap();
            let expected = format!("Signature={}", text(case, "signature"));
            assert!(authorization.ends_with(&expected), "{}: {authorization}", text(case, "name"));
        }
    }

    #[test]
    fn signatures_match_those_of_botocore_for_chime() {
        let recorded: Value =
            serde_json::from_str(include_str!("../../tests/data/botocore_signatures.json"))
                .unwrap();
        let cases = recorded["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 28);
        for case in cases {
            let keys = &case["credentials"];
            let credentials = Credentials::new(
                text(keys, "access_key"),
                text(keys, "secret_key"),
                keys["session_token"].as_str().map(str::to_owned),
                None,
                "test",
            );
            let content_type = case["headers"]["content-type"].as_str();
            let to_sign: Vec<_> =
                content_type.map(|value| ("content-type", value)).into_iter().collect();
            let method = text(case, "method").parse().unwrap();
            let request = Signable {
                method: &method,
                url: text(case, "url"),
                headers: &to_sign,
                body: text(case, "body"),
            };
            let headers = sign(request, &credentials, text(case, "region"), time(case)).unwrap();
            let name = text(case, "name");
            assert_eq!(value(&headers, "authorization"), case["authorization"].as_str(), "{name}");
            assert_eq!(
                value(&headers, "x-amz-date"),
                case["headers"]["x-amz-date"].as_str(),
                "{name}"
            );
            assert_eq!(
                value(&headers, "x-amz-security-token"),
                keys["session_token"].as_str(),
                "{name}"
            );
            assert!(headers.iter().all(|(_, value)| value.is_sensitive()), "{name}");
        }
    }

    #[test]
    fn credentials_that_no_header_can_contain_are_an_error_that_does_not_show_them() {
        let request =
            Signable { method: &Method::GET, url: "https://example.com/", headers: &[], body: "" };
        for (key_id, secret, token) in [
            ("", "hunter2", None),
            ("hunter2\n", "hunter2", None),
            ("hunter2ü", "hunter2", None),
            ("AKID", "", Some("hunter2")),
            ("AKID", "hunter2", Some("hunter2é")),
            ("AKID", "hunter2", Some("hunter2\r\nx: y")),
            ("AKID", "hunter2", Some("")),
        ] {
            let credentials =
                Credentials::new(key_id, secret, token.map(str::to_owned), None, "test");
            let signed = sign(request, &credentials, "us-east-1", SystemTime::now());
            let error = Error::new(signed.unwrap_err());
            assert_eq!(error.kind(), ErrorKind::Credentials);
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
