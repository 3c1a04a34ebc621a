//! The `Authorization` header of a signed request.

use super::answer::Refusal;

/// The parts of the `Authorization` header.
#[derive(Debug, PartialEq)]
pub(super) struct Authorization<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) date: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
}

impl<'a> Authorization<'a> {
    pub(super) fn parse(header: &'a str) -> Result<Self, Refusal> {
        Self::parts(header).ok_or_else(|| {
            Refusal::incomplete_signature(
                "The Authorization header must be: AWS4-HMAC-SHA256 \
                 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX, \
                 with the names of the headers in lower case and sorted.",
            )
        })
    }

    fn parts(header: &'a str) -> Option<Self> {
        let parts = header.strip_prefix("AWS4-HMAC-SHA256 ")?;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return None,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let scope: Vec<&str> = credential?.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = scope[..] else {
            return None;
        };
        let signed_headers: Vec<&str> = signed_headers?.split(';').collect();
        let in_order = signed_headers.is_sorted_by(|one, next| one < next);
        let lower_case = |name: &&str| !name.is_empty() && !name.contains(char::is_uppercase);
        (in_order && signed_headers.iter().all(lower_case)).then_some(Self {
            access_key_id,
            date,
            region,
            service,
            signed_headers,
            signature: signature?,
        })
    }

    pub(super) fn signs(&self, header: &str) -> bool {
        self.signed_headers.contains(&header)
    }
}
