//! Pages of listings, and the tokens of the next pages.

use aws_sigv4::sign::v4::calculate_signature;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::answer::{Answer, Refusal};
use super::document::Document;
use super::table::Row;

struct Listed<'a> {
    items: &'a str,
    page: Vec<&'a Document>,
    next_token: Option<String>,
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry(self.items, &self.page)?;
        members.serialize_entry("NextToken", &self.next_token)?;
        members.end()
    }
}

#[derive(Debug)]
pub(super) struct Paging {
    pub(super) token: Option<String>,
    pub(super) max_results: usize,
}

/// Creates and reads the tokens of pages.
///
/// A token has the position before its page, and a keyed hash of this position and of the listing. Tokens are not
/// stored, so a client that lost a response can use a token again. Because of the hash, the token does not show the
/// filters of the listing, such as an e-mail address.
pub(super) struct Tokens {
    key: [u8; 16],
}

impl Tokens {
    #[cfg(feature = "durable")]
    pub(super) fn with_key(key: [u8; 16]) -> Self {
        Self { key }
    }

    /// Returns the response of a listing: the page under the name `items`, and the token of the next page. The other
    /// parameters are the parameters of [`page`](Self::page).
    pub(super) fn list<'a, R: Row + 'a, Rows: Iterator<Item = (u64, &'a R)>>(
        &self,
        items: &str,
        listing: &str,
        paging: &Paging,
        rows_after: impl FnOnce(u64) -> Rows,
    ) -> Result<Answer, Refusal> {
        let (page, next_token) = self.page(listing, paging, rows_after)?;
        let page = page.into_iter().map(Row::document).collect();
        Ok(Answer::ok(Listed { items, page, next_token }))
    }

    /// Returns the requested page of a listing, and the token of the next page if there is one.
    ///
    /// `listing` names the operation and its filters, and a token is valid only for one listing. `rows_after` returns
    /// the rows after a position, each with its own position. Only the rows of the page and the next row are read.
    pub(super) fn page<T, Rows: Iterator<Item = (u64, T)>>(
        &self,
        listing: &str,
        paging: &Paging,
        rows_after: impl FnOnce(u64) -> Rows,
    ) -> Result<(Vec<T>, Option<String>), Refusal> {
        let mut last = match &paging.token {
            Some(token) => self.position(listing, token)?,
            None => 0,
        };
        let mut rows = rows_after(last);

        let mut page = Vec::new();
        for (position, row) in rows.by_ref().take(paging.max_results) {
            last = position;
            page.push(row);
        }
        let next_token = rows.next().map(|_| self.token(listing, last));
        Ok((page, next_token))
    }

    /// Returns the position in a token, and refuses a token of another listing.
    fn position(&self, listing: &str, token: &str) -> Result<u64, Refusal> {
        let position = token.split_once('-').and_then(|(position, _)| position.parse().ok());
        position
            .filter(|position| self.token(listing, *position) == token)
            .ok_or_else(|| Refusal::bad_request("The next-token does not belong to this listing."))
    }

    fn token(&self, listing: &str, position: u64) -> String {
        // `calculate_signature` is an HMAC-SHA256 in hexadecimal digits.
        let hash = calculate_signature(self.key, format!("{position} {listing}").as_bytes());
        // Real tokens need encoding in a query. These tokens also need it, so that a client without encoding fails.
        format!("{position}-{hash}+/&==")
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self { key: Uuid::new_v4().into_bytes() }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn page(
        tokens: &Tokens,
        token: Option<String>,
        max_results: usize,
        rows: &[u64],
    ) -> (Vec<u64>, Option<String>) {
        let paging = Paging { token, max_results };
        tokens.page("rows", &paging, |position| rows_after(rows, position)).unwrap()
    }

    fn rows_after(rows: &[u64], position: u64) -> impl Iterator<Item = (u64, u64)> {
        rows.iter().filter(move |row| **row > position).map(|row| (*row, *row))
    }

    #[test]
    fn every_row_is_on_exactly_one_page() {
        for max_results in 1..=6 {
            let tokens = Tokens::default();
            let (mut seen, mut next) = page(&tokens, None, max_results, &[1, 2, 3, 5, 8]);
            while next.is_some() {
                let (rows, token) = page(&tokens, next, max_results, &[1, 2, 3, 5, 8]);
                assert!(!rows.is_empty());
                seen.extend(rows);
                next = token;
            }
            assert_eq!(seen, [1, 2, 3, 5, 8], "{max_results} a page");
        }
    }

    #[test]
    fn a_page_reads_its_own_rows_and_one_more() {
        let tokens = Tokens::default();
        let paging = Paging { token: Some(tokens.token("rows", 900_000)), max_results: 200 };
        let read = RefCell::new(Vec::new());
        let rows_after = |position| {
            let rows = position + 1..=1_000_000;
            rows.inspect(|row| read.borrow_mut().push(*row)).map(|row| (row, row))
        };
        tokens.page("rows", &paging, rows_after).unwrap();
        assert!(read.into_inner().into_iter().eq(900_001..=900_201));
    }

    #[test]
    fn a_full_last_page_has_no_next_token() {
        let (rows, token) = page(&Tokens::default(), None, 2, &[1, 2]);
        assert_eq!((rows, token), (vec![1, 2], None));
    }

    #[test]
    fn a_listing_without_rows_has_one_empty_page() {
        let (rows, token) = page(&Tokens::default(), None, 2, &[]);
        assert_eq!((rows, token), (vec![], None));
    }

    #[test]
    fn a_page_is_correct_after_rows_are_added_and_removed() {
        let tokens = Tokens::default();
        let (_, token) = page(&tokens, None, 2, &[1, 2, 3]);
        assert_eq!(page(&tokens, token, 9, &[1, 3, 4]).0, [3, 4]);
    }

    #[test]
    fn a_token_can_be_used_again() {
        let tokens = Tokens::default();
        let (_, token) = page(&tokens, None, 1, &[1, 2]);
        for _ in 0..2 {
            assert_eq!(page(&tokens, token.clone(), 1, &[1, 2]).0, [2]);
        }
    }

    #[test]
    fn a_token_is_valid_only_for_its_listing() {
        let tokens = Tokens::default();
        let (_, token) = page(&tokens, None, 1, &[1, 2]);
        for (listing, token) in [("others", token), ("rows", Some("made up".to_owned()))] {
            let paging = Paging { token, max_results: 1 };
            assert!(tokens.page(listing, &paging, |position| rows_after(&[1], position)).is_err());
        }
    }

    #[test]
    fn a_token_with_another_position_or_from_another_embedded_chime_is_refused() {
        let tokens = Tokens::default();
        let token = tokens.token("rows", 2);
        assert_eq!(tokens.position("rows", &token), Ok(2));
        let others = ["3", "02", "+2", ""].map(|position| token.replacen('2', position, 1));
        for other in others.into_iter().chain([Tokens::default().token("rows", 2)]) {
            assert!(tokens.position("rows", &other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_token_needs_encoding_and_does_not_show_its_listing() {
        let token = Tokens::default().token("ListUsers ana@example.com", 2);
        assert!(token.ends_with("+/&=="));
        assert!(!token.contains("ana"));
    }
}
