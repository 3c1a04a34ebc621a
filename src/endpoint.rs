//! The endpoint: its URL and signing region, from the region, FIPS, dual-stack and a URL that the user sets.

use url::{Host, Url};

use crate::problem::ConfigurationProblem;

/// The URL that requests go to, and the region that they are signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// The URL without a slash at its end.
    pub(crate) url: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) signing_region: String,
    /// Whether requests bypass the proxies of the environment variables.
    pub(crate) is_direct: bool,
    pub(crate) is_https: bool,
}

impl Endpoint {
    /// Returns scheme, host and port, which are not secret.
    pub(crate) fn origin(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}:{}", self.host, self.port)
    }
}

/// The settings of an endpoint, without `Debug` because the URL may contain a password.
#[derive(Clone)]
pub(crate) struct EndpointSettings {
    pub(crate) region: String,
    pub(crate) url: Option<String>,
    pub(crate) fips: bool,
    pub(crate) dual_stack: bool,
    pub(crate) allow_plain_http: bool,
}

impl EndpointSettings {
    pub(crate) fn resolve(&self) -> Result<Endpoint, ConfigurationProblem> {
        let region = &self.region;
        if region.is_empty() {
            return Err(ConfigurationProblem::EmptyRegion);
        }
        // The region becomes a part of the host name, and must not change the host to another one.
        let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !region.chars().all(is_label) || region.starts_with('-') || region.ends_with('-') {
            return Err(ConfigurationProblem::MalformedRegion);
        }
        match &self.url {
            Some(url) => self.custom(url),
            None => Ok(self.regional()),
        }
    }

    fn regional(&self) -> Endpoint {
        let partition = Partition::of(&self.region);
        // Chime is a global service: all regions of the `aws` partition use one endpoint.
        let is_global = partition.prefix.is_empty() && !self.fips && !self.dual_stack;
        let region = if is_global { "us-east-1" } else { &self.region };
        let fips = if self.fips { "-fips" } else { "" };
        let suffix = if self.dual_stack { partition.dual_stack_suffix } else { partition.suffix };
        let host = format!("chime{fips}.{region}.{suffix}");
        Endpoint {
            url: format!("https://{host}"),
            host,
            port: 443,
            signing_region: region.to_owned(),
            is_direct: false,
            is_https: true,
        }
    }

    fn custom(&self, text: &str) -> Result<Endpoint, ConfigurationProblem> {
        for (is_set, name) in [(self.fips, "FIPS"), (self.dual_stack, "dual-stack")] {
            if is_set {
                return Err(ConfigurationProblem::EndpointExcludes(name));
            }
        }
        if text.trim().is_empty() {
            return Err(ConfigurationProblem::EmptyEndpoint);
        }
        let url = Url::parse(text).map_err(ConfigurationProblem::MalformedEndpoint)?;
        self.check(&url)?;
        Ok(Endpoint {
            url: url.as_str().trim_end_matches('/').to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default().unwrap_or_default(),
            signing_region: self.region.clone(),
            is_direct: url.scheme() == "http" || is_loopback(&url),
            is_https: url.scheme() == "https",
        })
    }

    fn check(&self, url: &Url) -> Result<(), ConfigurationProblem> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(ConfigurationProblem::EndpointScheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ConfigurationProblem::EndpointUserInformation);
        }
        if url.query().is_some() {
            return Err(ConfigurationProblem::EndpointQuery);
        }
        if url.fragment().is_some() {
            return Err(ConfigurationProblem::EndpointFragment);
        }
        if url.scheme() == "http" && !is_loopback(url) && !self.allow_plain_http {
            return Err(ConfigurationProblem::EndpointPlainHttp);
        }
        Ok(())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A part of AWS with its own domain names.
struct Partition {
    prefix: &'static str,
    suffix: &'static str,
    dual_stack_suffix: &'static str,
}

impl Partition {
    /// Returns the partition of a region, which is `aws` if no other partition matches.
    fn of(region: &str) -> &'static Self {
        let is_of = |partition: &&Self| region.starts_with(partition.prefix);
        PARTITIONS.iter().find(is_of).unwrap_or(&AWS)
    }
}

const AWS: Partition =
    Partition { prefix: "", suffix: "amazonaws.com", dual_stack_suffix: "api.aws" };

const PARTITIONS: &[Partition] = &[
    Partition {
        prefix: "cn-",
        suffix: "amazonaws.com.cn",
        dual_stack_suffix: "api.amazonwebservices.com.cn",
    },
    Partition { prefix: "us-gov-", suffix: "amazonaws.com", dual_stack_suffix: "api.aws" },
    Partition { prefix: "us-iso-", suffix: "c2s.ic.gov", dual_stack_suffix: "api.aws.ic.gov" },
    Partition { prefix: "us-isob-", suffix: "sc2s.sgov.gov", dual_stack_suffix: "api.aws.scloud" },
    Partition {
        prefix: "us-isof-",
        suffix: "csp.hci.ic.gov",
        dual_stack_suffix: "api.aws.hci.ic.gov",
    },
    Partition {
        prefix: "eu-isoe-",
        suffix: "cloud.adc-e.uk",
        dual_stack_suffix: "api.cloud-aws.adc-e.uk",
    },
    Partition {
        prefix: "eusc-",
        suffix: "amazonaws.eu",
        dual_stack_suffix: "api.amazonwebservices.eu",
    },
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn settings(region: &str, url: Option<&str>) -> EndpointSettings {
        EndpointSettings {
            region: region.to_owned(),
            url: url.map(str::to_owned),
            fips: false,
            dual_stack: false,
            allow_plain_http: false,
        }
    }

    fn problem(url: &str) -> String {
        settings("us-east-1", Some(url)).resolve().unwrap_err().to_string()
    }

    #[test]
    fn every_row_of_the_endpoint_rules_resolves_as_it_says() {
        let rows: Vec<Value> =
            serde_json::from_str(include_str!("../tests/data/endpoints.json")).unwrap();
        assert_eq!(rows.len(), 30);
        for row in rows {
            // A client always has a region, so a row without a region has an empty region here. With an endpoint, the
            // rules do not say the signing region, so the default region is used.
            let url = row["endpoint"].as_str();
            let default = if url.is_some() { "us-east-1" } else { "" };
            let endpoint = EndpointSettings {
                fips: row["fips"].as_bool().unwrap(),
                dual_stack: row["dualStack"].as_bool().unwrap(),
                ..settings(row["region"].as_str().unwrap_or(default), url)
            };
            match endpoint.resolve() {
                Ok(endpoint) => {
                    assert_eq!(Some(endpoint.url.as_str()), row["url"].as_str(), "{row}");
                    let signing_region = row["signingRegion"].as_str().unwrap_or(default);
                    assert_eq!(endpoint.signing_region, signing_region, "{row}");
                }
                Err(error) => assert!(row["error"].is_string(), "{row}: {error}"),
            }
        }
    }

    #[test]
    fn a_region_cannot_name_another_host() {
        for region in ["us-east-1.evil.example", "a/b", "a@b", "us east", "-a", "a-", "é", ""] {
            assert!(settings(region, None).resolve().is_err(), "{region}");
        }
    }

    #[test]
    fn a_base_path_and_a_port_are_kept_and_a_slash_at_the_end_is_not() {
        for (url, kept) in [
            ("https://example.com/", "https://example.com"),
            ("https://example.com/chime/v1/", "https://example.com/chime/v1"),
            ("https://EXAMPLE.com:443/a", "https://example.com/a"),
            ("http://127.0.0.1:4510", "http://127.0.0.1:4510"),
            ("http://[::1]:4510/", "http://[::1]:4510"),
        ] {
            assert_eq!(settings("us-east-1", Some(url)).resolve().unwrap().url, kept);
        }
    }

    #[test]
    fn the_origin_is_scheme_host_and_port_without_the_path() {
        for (url, origin) in [
            ("https://EXAMPLE.com/chime/v1/", "https://example.com:443"),
            ("http://127.0.0.1:4510/hunter2", "http://127.0.0.1:4510"),
            ("http://localhost", "http://localhost:80"),
            ("http://[::1]:4510/", "http://[::1]:4510"),
        ] {
            assert_eq!(settings("us-east-1", Some(url)).resolve().unwrap().origin(), origin);
        }
        let regional = settings("eu-west-1", None).resolve().unwrap();
        assert_eq!(regional.origin(), "https://chime.us-east-1.amazonaws.com:443");
    }

    #[test]
    fn plain_http_is_for_this_machine_unless_it_is_allowed() {
        for url in ["http://localhost:1", "http://127.8.8.8", "http://[::1]"] {
            assert!(settings("us-east-1", Some(url)).resolve().unwrap().is_direct, "{url}");
        }
        for url in [
            "http://example.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
            "http://api.localhost",
        ] {
            assert!(problem(url).contains("allow_plain_http"), "{url}");
            let allowed =
                EndpointSettings { allow_plain_http: true, ..settings("us-east-1", Some(url)) };
            assert!(allowed.resolve().unwrap().is_direct, "{url}");
        }
    }

    #[test]
    fn user_information_query_and_fragment_are_refused_without_showing_them() {
        for (url, what) in [
            ("https://user:hunter2@example.com", "user information"),
            ("https://hunter2@example.com", "user information"),
            ("https://example.com?hunter2", "query"),
            ("https://example.com/?", "query"),
            ("https://example.com#hunter2", "fragment"),
            ("ftp://example.com/hunter2", "https://"),
            ("hunter2", "malformed"),
            ("https://", "malformed"),
        ] {
            let problem = problem(url);
            assert!(problem.contains(what), "{url}: {problem}");
            assert!(!problem.contains("hunter2"), "{url}: {problem}");
        }
    }
}
