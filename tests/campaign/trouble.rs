//! The troubles: the causes of failures.

use std::time::Duration;

use amazon_chime::local::{Fault, SkewError};

use super::line::Moment;
use super::settings::Settings;

#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) name: &'static str,
    pub(crate) cause: Cause,
    /// The effect on a call that fails because of the trouble.
    pub(crate) effect: Effect,
}

#[derive(Clone, Debug)]
pub(crate) enum Cause {
    /// The embedded Chime produces a fault.
    Fault(PlannedFault),
    /// The embedded Chime produces a fault that makes the client wait until its timeout.
    Silence(PlannedFault),
    /// The embedded Chime redirects the client to the decoy.
    Redirect(PlannedFault),
    /// The line in front of the embedded Chime fails at this moment.
    Line(Moment),
    /// The clock of the embedded Chime is an hour ahead, for the whole run.
    Clock(SkewError),
    /// The embedded Chime repeatedly revokes the session token. The provider has the new token each time.
    Revocation,
    /// All faults and all moments of the line, with equal probabilities.
    Mix,
}

/// Creates a fault from the URL of the decoy and the settings of the client.
pub(crate) type PlannedFault = fn(decoy_url: &str, &Settings) -> Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The call may have run.
    Unknown,
    /// The service refused the call before it ran, and another attempt may succeed.
    None,
    /// The service refused the call before it ran, and another attempt will succeed.
    NoneAndMended,
}

const GARBAGE: usize = 3 * 1024 * 1024;

pub(crate) fn all() -> Vec<Trouble> {
    let unknown = |name, fault| Trouble::new(name, Cause::Fault(fault));
    let silence = |name, fault| Trouble::new(name, Cause::Silence(fault));
    let redirect = |name, fault| Trouble::new(name, Cause::Redirect(fault));
    let throttled = |name, fault| unknown(name, fault).with(Effect::None);
    let on_the_line = |name, moment| Trouble::new(name, Cause::Line(moment));
    let clock = |name, error| Trouble::new(name, Cause::Clock(error)).with(Effect::NoneAndMended);
    vec![
        unknown("reset before the effect", |_, _| Fault::reset()),
        unknown("reset after the effect", |_, _| Fault::reset().after_effect()),
        unknown("closed before the effect", |_, _| Fault::close()),
        unknown("closed after the effect", |_, _| Fault::close().after_effect()),
        unknown("500 before the effect", |_, _| Fault::status(500)),
        unknown("500 after the effect", |_, _| Fault::status(500).after_effect()),
        unknown("503 before the effect", |_, _| Fault::status(503)),
        unknown("503 after the effect", |_, _| Fault::status(503).after_effect()),
        unknown("502 with HTML before the effect", |_, _| Fault::html(502)),
        unknown("502 with HTML after the effect", |_, _| Fault::html(502).after_effect()),
        throttled("429", |_, _| Fault::status(429)),
        throttled("429 with Retry-After", |_, _| {
            Fault::status(429).retry_after(Duration::from_secs(1))
        }),
        unknown("body cut off", |_, _| Fault::cut_off()),
        silence("body stalls", |_, _| Fault::stall()),
        unknown("body is not JSON", |_, _| Fault::invalid_json()),
        silence("answer comes too late", |_, settings| Fault::delay(settings.attempt_timeout * 2)),
        redirect("redirect to another port, before the effect", |url, _| Fault::redirect(url)),
        redirect("redirect to another port, after the effect", |url, _| {
            Fault::redirect(url).after_effect()
        }),
        unknown("3 MB as a header", |_, _| Fault::long_header(GARBAGE).after_effect()),
        unknown("3 MB as a body", |_, _| Fault::long_body(GARBAGE)),
        unknown("3 MB instead of HTTP", |_, _| Fault::not_http(GARBAGE).after_effect()),
        on_the_line("idle connection closed as it is used", Moment::AfterAnswer),
        on_the_line("idle connection reset as it is used", Moment::AtNextRequest),
        on_the_line("idle connection half-closed as it is used", Moment::HalfClosed),
        on_the_line("request held up until the client gave up", Moment::HeldUp),
        clock("clock an hour ahead: RequestTimeTooSkewed", SkewError::RequestTimeTooSkewed),
        clock("clock an hour ahead: RequestExpired", SkewError::RequestExpired),
        clock("clock an hour ahead: SignatureDoesNotMatch", SkewError::SignatureDoesNotMatch),
        clock("clock an hour ahead: InvalidSignatureException", SkewError::InvalidSignature),
        Trouble::new("session token revoked", Cause::Revocation).with(Effect::NoneAndMended),
        Trouble::new("a mix of all", Cause::Mix),
    ]
}

impl Cause {
    pub(crate) fn fault(&self) -> Option<PlannedFault> {
        match self {
            Self::Fault(fault) | Self::Silence(fault) | Self::Redirect(fault) => Some(*fault),
            Self::Line(_) | Self::Clock(_) | Self::Revocation | Self::Mix => None,
        }
    }
}

impl Trouble {
    fn new(name: &'static str, cause: Cause) -> Self {
        Self { name, cause, effect: Effect::Unknown }
    }

    fn with(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }
}
