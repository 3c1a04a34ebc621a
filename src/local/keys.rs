//! The credentials that an embedded Chime accepts.

use std::collections::{HashMap, VecDeque};
use std::iter::repeat_with;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_credential_types::Credentials;

/// Long-lived credentials and temporary credentials with a session token, by default random.
pub(super) struct Keys {
    permanent: Credentials,
    temporary: Mutex<Temporary>,
}

struct Temporary {
    current: Credentials,
    expired: Expired,
}

#[derive(Default)]
struct Expired {
    by_access_key_id: HashMap<String, Credentials>,
    oldest_first: VecDeque<String>,
}

impl Expired {
    fn add(&mut self, credentials: Credentials) {
        let access_key_id = credentials.access_key_id().to_owned();
        self.oldest_first.push_back(access_key_id.clone());
        self.by_access_key_id.insert(access_key_id, credentials);
        if self.oldest_first.len() > EXPIRED_LIMIT
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_access_key_id.remove(&oldest);
        }
    }
}

/// The number of expired credentials that are remembered. Older credentials are unknown.
const EXPIRED_LIMIT: usize = 1000;

#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Valid(Credentials),
    Expired(Credentials),
}

impl Keys {
    pub(super) fn new(permanent: Credentials, temporary: Credentials) -> Self {
        let temporary = Temporary { current: temporary, expired: Expired::default() };
        Self { permanent, temporary: Mutex::new(temporary) }
    }

    /// Accepts these long-lived credentials instead of random ones.
    pub(super) fn of(permanent: Credentials) -> Self {
        Self::new(permanent, random_temporary())
    }

    pub(super) fn permanent(&self) -> &Credentials {
        &self.permanent
    }

    pub(super) fn temporary(&self) -> Credentials {
        self.lock().current.clone()
    }

    /// Expires the temporary credentials and creates new ones.
    pub(super) fn renew_temporary(&self) -> Credentials {
        let mut temporary = self.lock();
        let expired = std::mem::replace(&mut temporary.current, random_temporary());
        temporary.expired.add(expired);
        temporary.current.clone()
    }

    pub(super) fn find(&self, access_key_id: &str) -> Option<Found> {
        let is_named = |credentials: &&Credentials| credentials.access_key_id() == access_key_id;
        let temporary = self.lock();
        let valid = [&self.permanent, &temporary.current].into_iter().find(is_named);
        let valid = valid.cloned().map(Found::Valid);
        let expired = || temporary.expired.by_access_key_id.get(access_key_id).cloned();
        valid.or_else(|| expired().map(Found::Expired))
    }

    fn lock(&self) -> MutexGuard<'_, Temporary> {
        self.temporary.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new(credentials("AKIA", None), random_temporary())
    }
}

fn random_temporary() -> Credentials {
    // Real tokens are base64 and need encoding in URLs.
    let token = format!("{}+/==", random(SECRET, 200));
    credentials("ASIA", Some(token))
}

const KEY_ID: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn credentials(prefix: &str, session_token: Option<String>) -> Credentials {
    let access_key_id = format!("{prefix}{}", random(KEY_ID, 16));
    Credentials::new(access_key_id, random(SECRET, 40), session_token, None, "LocalChime")
}

fn random(alphabet: &[u8], length: usize) -> String {
    repeat_with(|| char::from(alphabet[fastrand::usize(..alphabet.len())])).take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credentials_look_like_aws_credentials() {
        let keys = Keys::default();
        assert_eq!(keys.permanent().access_key_id().len(), 20);
        assert_eq!(keys.permanent().secret_access_key().len(), 40);
        assert_eq!(keys.permanent().session_token(), None);
        assert_eq!(keys.temporary().access_key_id().len(), 20);
        assert!(keys.temporary().session_token().is_some());
    }

    #[test]
    fn credentials_are_found_by_their_access_key_id() {
        let keys = Keys::default();
        for known in [keys.permanent().clone(), keys.temporary()] {
            assert_eq!(keys.find(known.access_key_id()), Some(Found::Valid(known)));
        }
        assert_eq!(keys.find("AKIAIOSFODNN7EXAMPLE"), None);
    }

    #[test]
    fn renewed_credentials_replace_the_expired_credentials() {
        let keys = Keys::default();
        let former = keys.temporary();
        let renewed = keys.renew_temporary();
        assert_eq!(keys.find(renewed.access_key_id()), Some(Found::Valid(renewed)));
        assert_eq!(keys.find(former.access_key_id()), Some(Found::Expired(former)));
    }

    #[test]
    fn only_the_most_recently_expired_credentials_are_remembered() {
        let keys = Keys::default();
        let [first, second] = [keys.temporary(), keys.renew_temporary()];
        for _ in 0..EXPIRED_LIMIT {
            let _ = keys.renew_temporary();
        }
        assert_eq!(keys.find(first.access_key_id()), None);
        assert_eq!(keys.find(second.access_key_id()), Some(Found::Expired(second)));
        let temporary = keys.lock();
        assert_eq!(temporary.expired.by_access_key_id.len(), EXPIRED_LIMIT);
        assert_eq!(temporary.expired.oldest_first.len(), EXPIRED_LIMIT);
    }
}
