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
    // See `local_tls`.
    let brings_own = cfg!(feature = "local") && !endpoint.is_https && !has_custom_builder;
    match TLS {
        Tls::Missing if endpoint.is_https && !has_custom_builder => {
            Err(ConfigurationProblem::NoTls)
        }
        Tls::NeedsProvider if !brings_own && !is_provider_installed() => {
            Err(ConfigurationProblem::NoCryptoProvider)
        }
        Tls::Missing | Tls::Ready | Tls::NeedsProvider => Ok(()),
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
