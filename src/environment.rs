//! The settings in environment variables, with the meaning that AWS's SDKs give them.

use std::ffi::OsString;

use aws_credential_types::Credentials;

use crate::builder::ClientBuilder;
use crate::call::retry::RetryConfig;
use crate::error::Error;

/// A builder with what the variables say; `variable` looks one up.
pub(crate) fn builder(variable: impl Fn(&str) -> Option<OsString>) -> Result<ClientBuilder, Error> {
    let environment = Environment(variable);
    let access_key_id = environment.required("AWS_ACCESS_KEY_ID")?;
    let secret_access_key = environment.required("AWS_SECRET_ACCESS_KEY")?;
    let session_token = environment.text("AWS_SESSION_TOKEN")?;
    let provider = "environment";
    let mut builder = ClientBuilder::new()
        .credentials_provider(Credentials::new(
            access_key_id,
            secret_access_key,
            session_token,
            None,
            provider,
        ))
        .use_fips(environment.flag("AWS_USE_FIPS_ENDPOINT")?)
        .use_dual_stack(environment.flag("AWS_USE_DUALSTACK_ENDPOINT")?);
    if let Some(region) = environment.first_of(["AWS_REGION", "AWS_DEFAULT_REGION"])? {
        builder = builder.region(region);
    }
    if !environment.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?
        && let Some(url) = environment.first_of(["AWS_ENDPOINT_URL_CHIME", "AWS_ENDPOINT_URL"])?
    {
        builder = builder.endpoint_url(url);
    }
    if let Some(max_attempts) = environment.positive_number("AWS_MAX_ATTEMPTS")? {
        builder = builder.retry(RetryConfig::standard().max_attempts(max_attempts));
    }
    Ok(builder)
}

struct Environment<F>(F);

impl<F: Fn(&str) -> Option<OsString>> Environment<F> {
    /// The value of a variable; none if it is not set, or set to nothing.
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(value) = (self.0)(name) else { return Ok(None) };
        let value = value.into_string().map_err(|_| malformed(name, "is not UTF-8"))?;
        let value = value.trim();
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    fn required(&self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| malformed(name, "is not set"))
    }

    fn first_of(&self, names: [&str; 2]) -> Result<Option<String>, Error> {
        match self.text(names[0])? {
            Some(value) => Ok(Some(value)),
            None => self.text(names[1]),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.text(name)? {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(malformed(name, "must be true or false")),
        }
    }

    fn positive_number(&self, name: &str) -> Result<Option<u32>, Error> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        match value.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(malformed(name, "must be a whole number of 1 or more")),
        }
    }
}

fn malformed(name: &str, problem: &str) -> Error {
    Error::configuration(format!("the environment variable {name} {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;

    const KEYS: [(&str, &str); 2] =
        [("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];

    fn client(variables: &[(&str, &str)]) -> Result<Client, Error> {
        let lookup = |name: &str| {
            let (_, value) = variables.iter().rev().find(|(variable, _)| *variable == name)?;
            Some(OsString::from(value))
        };
        builder(lookup)?.build()
    }

    fn client_with(variables: &[(&str, &str)]) -> Result<Client, Error> {
        let endpoint = [("AWS_ENDPOINT_URL", "http://127.0.0.1:1")];
        client(&[&KEYS[..], &endpoint, variables].concat())
    }

    fn endpoint(variables: &[(&str, &str)]) -> String {
        client_with(variables).unwrap().shared().endpoint.url.clone()
    }

    #[test]
    fn missing_keys_are_named() {
        assert!(client(&[]).unwrap_err().to_string().contains("AWS_ACCESS_KEY_ID is not set"));
        for secret in ["", " "] {
            let error = client(&[KEYS[0], ("AWS_SECRET_ACCESS_KEY", secret)]).unwrap_err();
            assert!(error.to_string().contains("AWS_SECRET_ACCESS_KEY is not set"));
        }
    }

    #[test]
    fn malformed_values_are_named_but_not_shown() {
        for (name, value) in [
            ("AWS_USE_FIPS_ENDPOINT", "hunter2"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "1"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "yes"),
            ("AWS_MAX_ATTEMPTS", "0"),
            ("AWS_MAX_ATTEMPTS", "-1"),
            ("AWS_MAX_ATTEMPTS", "hunter2"),
        ] {
            let error = client_with(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn the_endpoint_of_the_service_comes_before_the_general_one() {
        assert_eq!(endpoint(&[]), "http://127.0.0.1:1");
        assert_eq!(
            endpoint(&[("AWS_ENDPOINT_URL_CHIME", "http://127.0.0.1:2")]),
            "http://127.0.0.1:2"
        );
        assert_eq!(endpoint(&[("AWS_ENDPOINT_URL_CHIME", "")]), "http://127.0.0.1:1");
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn configured_endpoints_can_be_ignored() {
        let ignoring = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True");
        let service = ("AWS_ENDPOINT_URL_CHIME", "http://127.0.0.1:2");
        assert_eq!(endpoint(&[ignoring, service]), "https://chime.us-east-1.amazonaws.com");
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn fips_and_dual_stack_choose_the_endpoint() {
        let variables = [
            ("AWS_ENDPOINT_URL", ""),
            ("AWS_USE_FIPS_ENDPOINT", "TRUE"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
        ];
        assert_eq!(endpoint(&variables), "https://chime-fips.us-east-1.api.aws");
    }

    #[test]
    fn the_region_is_the_first_that_is_set_and_has_a_default() {
        let region = |variables: &[_]| {
            client_with(variables).unwrap().shared().endpoint.signing_region.clone()
        };
        assert_eq!(region(&[]), "us-east-1");
        assert_eq!(region(&[("AWS_DEFAULT_REGION", "eu-west-1")]), "eu-west-1");
        let both = [("AWS_DEFAULT_REGION", "eu-west-1"), ("AWS_REGION", "us-west-2")];
        assert_eq!(region(&both), "us-west-2");
    }

    #[test]
    fn the_number_of_attempts_counts() {
        let retry = |variables: &[_]| client_with(variables).unwrap().shared().retry.clone();
        assert_eq!(retry(&[("AWS_MAX_ATTEMPTS", "7")]), RetryConfig::standard().max_attempts(7));
        assert_eq!(retry(&[]), RetryConfig::standard());
    }

    #[tokio::test]
    async fn the_keys_and_the_session_token_become_the_credentials() {
        let client = client_with(&[("AWS_SESSION_TOKEN", "tok")]).unwrap();
        let credentials =
            client.shared().credentials.get(std::time::SystemTime::now()).await.unwrap();
        assert_eq!(credentials.access_key_id(), "AKID");
        assert_eq!(credentials.secret_access_key(), "hunter2");
        assert_eq!(credentials.session_token(), Some("tok"));
    }

    #[test]
    fn an_endpoint_excludes_fips() {
        assert!(client_with(&[("AWS_USE_FIPS_ENDPOINT", "true")]).is_err());
    }
}
