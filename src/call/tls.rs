//! TLS: the library of this build, and the settings of the HTTP client.

use reqwest::ClientBuilder;

use crate::endpoint::Endpoint;
use crate::problem::ConfigurationProblem;

enum Tls {
    Missing,
    Ready,
    /// The program must install a crypto provider for rustls.
    NeedsProvider,
}

/// The TLS of this build: with several features, rustls comes first, as in [`configure`].
const TLS: Tls = if cfg!(feature = "rustls") {
    Tls::Ready
} else if cfg!(feature = "rustls-no-provider") {
    Tls::NeedsProvider
} else if cfg!(feature = "native-tls") {
    Tls::Ready
} else {
    Tls::Missing
};

/// Checks that this build can reach the endpoint, because without a crypto provider reqwest would panic.
pub(super) fn check(
    endpoint: &Endpoint,
    has_custom_builder: bool,
) -> Result<(), ConfigurationProblem> {
    TLS.check(endpoint.is_https, has_custom_builder, is_provider_installed())
}

impl Tls {
    fn check(
        &self,
        is_https: bool,
        has_custom_builder: bool,
        is_provider_installed: bool,
    ) -> Result<(), ConfigurationProblem> {
        // See `local_tls`.
        let brings_own = cfg!(feature = "local") && !is_https && !has_custom_builder;
        match self {
            Self::Missing if is_https && !has_custom_builder => Err(ConfigurationProblem::NoTls),
            Self::NeedsProvider if !brings_own && !is_provider_installed => {
                Err(ConfigurationProblem::NoCryptoProvider)
            }
            Self::Missing | Self::Ready | Self::NeedsProvider => Ok(()),
        }
    }
}

/// Sets the TLS of this build, even if other crates of the program turn on another TLS in reqwest.
pub(super) fn configure(builder: ClientBuilder, endpoint: &Endpoint) -> ClientBuilder {
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
    let builder = builder.tls_backend_rustls();
    #[cfg(all(
        feature = "native-tls",
        not(any(feature = "rustls", feature = "rustls-no-provider"))
    ))]
    let builder = builder.tls_backend_native();
    if endpoint.is_https { builder } else { plain_http(builder) }
}

/// Turns off CA certificates, so that plain HTTP works on machines without them.
fn plain_http(builder: ClientBuilder) -> ClientBuilder {
    #[cfg(any(feature = "rustls", feature = "native-tls", feature = "rustls-no-provider"))]
    let builder = builder.tls_certs_only([]);
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls"), feature = "local"))]
    let builder = match local_tls() {
        Some(tls) => builder.tls_backend_preconfigured(tls),
        None => builder,
    };
    builder
}

/// Returns a TLS configuration that trusts no certificate, for plain HTTP. reqwest needs one even if it is never used.
#[cfg(all(feature = "rustls-no-provider", not(feature = "rustls"), feature = "local"))]
fn local_tls() -> Option<rustls::ClientConfig> {
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ClientConfig::builder_with_provider(provider.into());
    let config = config.with_safe_default_protocol_versions().ok()?;
    Some(config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

#[cfg(feature = "rustls-no-provider")]
fn is_provider_installed() -> bool {
    rustls::crypto::CryptoProvider::get_default().is_some()
}

#[cfg(not(feature = "rustls-no-provider"))]
fn is_provider_installed() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [bool; 2] = [false, true];

    #[test]
    fn without_tls_only_an_https_endpoint_with_the_default_http_client_is_refused() {
        for (is_https, has_custom_builder) in
            BOTH.map(|https| BOTH.map(|own| (https, own))).concat()
        {
            let checked = Tls::Missing.check(is_https, has_custom_builder, false);
            let is_refused = matches!(checked, Err(ConfigurationProblem::NoTls));
            assert_eq!(is_refused, is_https && !has_custom_builder);
            assert_eq!(checked.is_ok(), !is_refused);
        }
    }

    #[test]
    fn without_a_crypto_provider_only_plain_http_with_the_provider_of_the_feature_local_works() {
        let check = |is_https, own, installed| Tls::NeedsProvider.check(is_https, own, installed);
        for (is_https, own) in BOTH.map(|https| BOTH.map(|own| (https, own))).concat() {
            assert!(check(is_https, own, true).is_ok());
            let works = cfg!(feature = "local") && !is_https && !own;
            let checked = check(is_https, own, false);
            assert_eq!(checked.is_ok(), works, "{is_https} {own}");
            assert!(works || matches!(checked, Err(ConfigurationProblem::NoCryptoProvider)));
        }
    }

    #[test]
    fn a_library_with_a_provider_of_its_own_is_always_ready() {
        assert!(Tls::Ready.check(true, false, false).is_ok());
    }
}
