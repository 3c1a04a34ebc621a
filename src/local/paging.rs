//! Cutting listings into pages, with opaque tokens.

use std::collections::HashMap;

use super::answer::Refusal;

/// Which page the caller wants.
#[derive(Debug)]
pub(super) struct Paging {
    pub(super) token: Option<String>,
    pub(super) max_results: usize,
}

/// The tokens handed out so far. One can be used again, for a request whose answer was lost.
#[derive(Default)]
pub(super) struct Tokens(HashMap<String, Bookmark>);

struct Bookmark {
    listing: String,
    last_seen: u64,
}

impl Tokens {
    /// The wanted page of `rows`, which are in the order of their sequence numbers, and the token of the next page.
    /// `listing` tells the operation and its filters: a token is good for the listing that it came from only.
    pub(super) fn page<T>(
        &mut self,
        listing: String,
        paging: &Paging,
        rows: impl Iterator<Item = (u64, T)>,
    ) -> Result<(Vec<T>, Option<String>), Refusal> {
        let last_seen = self.last_seen(&listing, paging.token.as_deref())?;
        let mut rows = rows
            .skip_while(|(sequence, _)| last_seen.is_some_and(|last| *sequence <= last))
            .peekable();

        let mut page = Vec::new();
        let mut last_seen = None;
        for (sequence, row) in rows.by_ref().take(paging.max_results) {
            last_seen = Some(sequence);
            page.push(row);
        }
        let more_after = last_seen.filter(|_| rows.peek().is_some());
        let token = more_after.map(|last_seen| self.remember(Bookmark { listing, last_seen }));
        Ok((page, token))
    }

    fn last_seen(&self, listing: &str, token: Option<&str>) -> Result<Option<u64>, Refusal> {
        let Some(token) = token else {
            return Ok(None);
        };
        match self.0.get(token) {
            Some(bookmark) if bookmark.listing == listing => Ok(Some(bookmark.last_seen)),
            _ => Err(Refusal::bad_request("The next-token does not belong to this listing.")),
        }
    }

    fn remember(&mut self, bookmark: Bookmark) -> String {
        // Like real tokens it needs encoding in a query, and shows clients that forget it.
        let token = format!("{}+/&==", uuid::Uuid::new_v4().simple());
        self.0.insert(token.clone(), bookmark);
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(
        tokens: &mut Tokens,
        token: Option<String>,
        max_results: usize,
        rows: &[u64],
    ) -> (Vec<u64>, Option<String>) {
        let paging = Paging { token, max_results };
        let rows = rows.iter().map(|row| (*row, *row));
        tokens.page("rows".to_owned(), &paging, rows).unwrap()
    }

    #[test]
    fn pages_hold_every_row_once() {
        for max_results in 1..=6 {
            let mut tokens = Tokens::default();
            let (mut seen, mut next) = page(&mut tokens, None, max_results, &[1, 2, 3, 5, 8]);
            while next.is_some() {
                let (rows, token) = page(&mut tokens, next, max_results, &[1, 2, 3, 5, 8]);
                assert!(!rows.is_empty());
                seen.extend(rows);
                next = token;
            }
            assert_eq!(seen, [1, 2, 3, 5, 8], "{max_results} a page");
        }
    }

    #[test]
    fn a_full_last_page_has_no_token() {
        let (rows, token) = page(&mut Tokens::default(), None, 2, &[1, 2]);
        assert_eq!((rows, token), (vec![1, 2], None));
    }

    #[test]
    fn nothing_is_one_empty_page() {
        let (rows, token) = page(&mut Tokens::default(), None, 2, &[]);
        assert_eq!((rows, token), (vec![], None));
    }

    #[test]
    fn rows_that_come_and_go_disturb_no_page() {
        let mut tokens = Tokens::default();
        let (_, token) = page(&mut tokens, None, 2, &[1, 2, 3]);
        assert_eq!(page(&mut tokens, token, 9, &[1, 3, 4]).0, [3, 4]);
    }

    #[test]
    fn a_token_can_be_used_again() {
        let mut tokens = Tokens::default();
        let (_, token) = page(&mut tokens, None, 1, &[1, 2]);
        for _ in 0..2 {
            assert_eq!(page(&mut tokens, token.clone(), 1, &[1, 2]).0, [2]);
        }
    }

    #[test]
    fn a_token_belongs_to_one_listing() {
        let mut tokens = Tokens::default();
        let (_, token) = page(&mut tokens, None, 1, &[1, 2]);
        for (listing, token) in [("others", token), ("rows", Some("made up".to_owned()))] {
            let paging = Paging { token, max_results: 1 };
            let rows = [(1, 1)].into_iter();
            assert!(tokens.page(listing.to_owned(), &paging, rows).is_err());
        }
    }
}
