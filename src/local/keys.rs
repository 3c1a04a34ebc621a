//! The credentials that one embedded Chime accepts.

use std::iter::repeat_with;

use aws_credential_types::Credentials;

/// One pair of credentials without and one with a session token, random for each instance.
pub(super) struct Keys {
    permanent: Credentials,
    temporary: Credentials,
}

impl Keys {
    pub(super) fn new(permanent: Credentials, temporary: Credentials) -> Self {
        Self { permanent, temporary }
    }

    pub(super) fn permanent(&self) -> &Credentials {
        &self.permanent
    }

    pub(super) fn temporary(&self) -> &Credentials {
        &self.temporary
    }

    /// The credentials that this access key belongs to.
    pub(super) fn find(&self, access_key_id: &str) -> Option<&Credentials> {
        [&self.permanent, &self.temporary]
            .into_iter()
            .find(|credentials| credentials.access_key_id() == access_key_id)
    }
}

impl Default for Keys {
    fn default() -> Self {
        // Real tokens are base64 and need encoding wherever they go.
        let token = format!("{}+/==", random(SECRET, 200));
        Self::new(credentials("AKIA", None), credentials("ASIA", Some(token)))
    }
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
    fn looks_like_credentials_of_aws() {
        let keys = Keys::default();
        assert_eq!(keys.permanent().access_key_id().len(), 20);
        assert_eq!(keys.permanent().secret_access_key().len(), 40);
        assert_eq!(keys.permanent().session_token(), None);
        assert_eq!(keys.temporary().access_key_id().len(), 20);
        assert!(keys.temporary().session_token().is_some());
    }

    #[test]
    fn finds_credentials_by_their_access_key() {
        let keys = Keys::default();
        for known in [keys.permanent(), keys.temporary()] {
            assert_eq!(keys.find(known.access_key_id()), Some(known));
        }
        assert_eq!(keys.find("AKIAIOSFODNN7EXAMPLE"), None);
    }
}
