//! Clients from environment variables, which mean the same as for the AWS SDKs.

use std::ffi::OsString;

use aws_credential_types::Credentials;

use crate::builder::ClientBuilder;
use crate::call::RetryConfig;
use crate::client::Client;
use crate::error::Error;
use crate::problem::ConfigurationProblem;

impl Client {
    /// Creates a client from the environment variables of the AWS SDKs, which [`ClientBuilder::from_env`] lists.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// Creates a builder from the environment variables of the AWS SDKs.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` | the credentials; required |
    /// | `AWS_SESSION_TOKEN` | the session token of temporary credentials |
    /// | `AWS_REGION`, else `AWS_DEFAULT_REGION` | the region; `us-east-1` if neither is set |
    /// | `AWS_ENDPOINT_URL_CHIME`, else `AWS_ENDPOINT_URL` | the endpoint to use instead of the region's |
    /// | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `true`: ignore the two endpoint variables above |
    /// | `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` | `true`: use the FIPS endpoint, the dual-stack endpoint |
    /// | `AWS_MAX_ATTEMPTS` | the maximum number of attempts per call; 1 or more |
    ///
    /// An empty variable counts as not set. Profiles, instance roles and other sources are not read; for these, load a
    /// configuration with `aws-config` and use `from_sdk_config` (feature `aws-types`), or pass any
    /// [`ProvideCredentials`](crate::ProvideCredentials) to the builder.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), with the name of the variable that is
    /// missing or malformed.
    pub fn from_env() -> Result<Self, Error> {
        builder(|name| std::env::var_os(name)).map_err(Error::new)
    }
}

/// Creates a builder from variables; `variable` returns the value of a variable.
fn builder(
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<ClientBuilder, ConfigurationProblem> {
    let environment = Environment(variable);
    let access_key_id = environment.credential("AWS_ACCESS_KEY_ID")?;
    let secret_access_key = environment.credential("AWS_SECRET_ACCESS_KEY")?;
    let session_token = environment.text("AWS_SESSION_TOKEN")?;
    let mut builder = ClientBuilder::new()
        .credentials_provider(Credentials::new(
            access_key_id,
            secret_access_key,
            session_token,
            None,
            "environment",
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
    /// Returns the value of a variable; `None` if it is not set or blank.
    fn text(&self, name: &'static str) -> Result<Option<String>, ConfigurationProblem> {
        let Some(value) = (self.0)(name) else { return Ok(None) };
        let value = value.into_string().map_err(|_| ConfigurationProblem::VariableNotUtf8(name))?;
        let value = value.trim();
        Ok((!value.is_empty()).then(|| value.to_owned()))
    }

    fn credential(&self, name: &'static str) -> Result<String, ConfigurationProblem> {
        self.text(name)?.ok_or(ConfigurationProblem::NoCredentialsInEnvironment(name))
    }

    fn first_of(&self, names: [&'static str; 2]) -> Result<Option<String>, ConfigurationProblem> {
        match self.text(names[0])? {
            Some(value) => Ok(Some(value)),
            None => self.text(names[1]),
        }
    }

    fn flag(&self, name: &'static str) -> Result<bool, ConfigurationProblem> {
        match self.text(name)? {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(ConfigurationProblem::VariableNotBoolean(name)),
        }
    }

    fn positive_number(&self, name: &'static str) -> Result<Option<u32>, ConfigurationProblem> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        match value.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(ConfigurationProblem::VariableNotPositive(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [(&str, &str); 2] =
        [("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "hunter2")];

    fn client(variables: &[(&str, &str)]) -> Result<Client, Error> {
        let lookup = |name: &str| {
            let (_, value) = variables.iter().rev().find(|(variable, _)| *variable == name)?;
            Some(OsString::from(value))
        };
        builder(lookup).map_err(Error::new)?.build()
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
    fn max_attempts_sets_the_number_of_attempts() {
        let retry = |variables: &[_]| client_with(variables).unwrap().shared().retry.clone();
        assert_eq!(retry(&[("AWS_MAX_ATTEMPTS", "7")]), RetryConfig::standard().max_attempts(7));
        assert_eq!(retry(&[]), RetryConfig::standard());
    }

    #[tokio::test]
    async fn the_keys_and_the_session_token_become_the_credentials() {
        let client = client_with(&[("AWS_SESSION_TOKEN", "tok")]).unwrap();
        let credentials = client.shared().load_credentials().await.unwrap();
        assert_eq!(credentials.access_key_id(), "AKID");
        assert_eq!(credentials.secret_access_key(), "hunter2");
        assert_eq!(credentials.session_token(), Some("tok"));
    }

    #[test]
    fn an_endpoint_excludes_fips() {
        assert!(client_with(&[("AWS_USE_FIPS_ENDPOINT", "true")]).is_err());
    }
}
