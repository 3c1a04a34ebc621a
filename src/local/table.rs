//! Tables: rows in the order in which they were added, which are found by their identifiers.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::ops::Bound::{Excluded, Unbounded};

use serde::Serialize;

use super::answer::Refusal;
use super::changes::{Change, Place};
use super::document::Document;

/// A row of a [`Table`].
pub(super) trait Row: Serialize {
    /// The message if no row has the requested identifier.
    const NOT_FOUND: &'static str;

    /// Returns the identifier, which never changes.
    fn id(&self) -> Cow<'_, str>;

    /// Returns the row in the form of responses.
    fn document(&self) -> &Document;
}

/// Rows of one kind.
///
/// The first added row has the position 1, the next row has the position 2, and so on. A position is never used again,
/// even after its row is removed.
pub(super) struct Table<R> {
    rows: BTreeMap<u64, R>,
    positions: HashMap<String, u64>,
    added: u64,
    /// The positions of the rows that were added, changed or removed since the last [`drain`](Self::drain).
    touched: Vec<u64>,
}

impl<R: Row> Table<R> {
    /// Adds a row with a new identifier and returns the position of the row.
    pub(super) fn insert(&mut self, row: R) -> u64 {
        self.added += 1;
        self.positions.insert(row.id().into_owned(), self.added);
        self.rows.insert(self.added, row);
        self.touched.push(self.added);
        self.added
    }

    /// Adds a row and returns its position, unless another row has the same identifier.
    pub(super) fn try_insert(&mut self, row: R) -> Result<u64, Refusal> {
        if self.positions.contains_key(&*row.id()) {
            return Err(Refusal::conflict("The identifier is taken."));
        }
        Ok(self.insert(row))
    }

    /// Returns the row with this identifier, or a 404 if there is no such row.
    pub(super) fn find(&self, id: &str) -> Result<&R, Refusal> {
        let position = self.position(id)?;
        self.rows.get(&position).ok_or_else(not_found::<R>)
    }

    /// Returns the row with this identifier, to change it, or a 404.
    pub(super) fn find_mut(&mut self, id: &str) -> Result<&mut R, Refusal> {
        let position = self.position(id)?;
        self.touched.push(position);
        self.rows.get_mut(&position).ok_or_else(not_found::<R>)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.positions.contains_key(id)
    }

    /// Removes and returns the row with this identifier, or returns a 404.
    pub(super) fn remove(&mut self, id: &str) -> Result<R, Refusal> {
        let position = self.positions.remove(id).ok_or_else(not_found::<R>)?;
        self.touched.push(position);
        self.rows.remove(&position).ok_or_else(not_found::<R>)
    }

    /// Returns the position of the row with this identifier, or a 404.
    pub(super) fn position(&self, id: &str) -> Result<u64, Refusal> {
        self.positions.get(id).copied().ok_or_else(not_found::<R>)
    }

    pub(super) fn at(&self, position: u64) -> Option<&R> {
        self.rows.get(&position)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.values()
    }

    /// Returns the rows after a position, oldest first, each with its own position. Earlier rows are not read.
    pub(super) fn after(&self, position: u64) -> impl Iterator<Item = (u64, &R)> {
        let after = self.rows.range((Excluded(position), Unbounded));
        after.map(|(position, row)| (*position, row))
    }

    /// Visits the rows that were added, changed or removed since the last call. `below` visits the child rows of a row.
    ///
    /// `place` has the kind, the account and the room of the rows; this method sets the position.
    pub(super) fn drain(
        &mut self,
        place: Place,
        visit: &mut dyn FnMut(Place, Change<'_>),
        mut below: impl FnMut(u64, &mut R, &mut dyn FnMut(Place, Change<'_>)),
    ) {
        let mut touched = mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for position in touched {
            let place = Place { position, ..place };
            match self.rows.get_mut(&position) {
                Some(row) => {
                    visit(place, Change::Put(&|| serde_json::to_string(row)));
                    below(position, row, visit);
                }
                None => visit(place, Change::Remove { added: self.added }),
            }
        }
    }
}

/// Restores stored rows, which does not count as a change.
#[cfg(feature = "durable")]
impl<R: Row> Table<R> {
    pub(super) fn restore(&mut self, position: u64, row: R) {
        self.positions.insert(row.id().into_owned(), position);
        self.rows.insert(position, row);
        self.restore_added(position);
    }

    /// Ensures that no new row gets one of the first `added` positions.
    pub(super) fn restore_added(&mut self, added: u64) {
        self.added = self.added.max(added);
    }

    pub(super) fn at_mut(&mut self, position: u64) -> Option<&mut R> {
        self.rows.get_mut(&position)
    }

    /// Removes a row from memory, before the stored row is restored.
    pub(super) fn take(&mut self, position: u64) -> Option<R> {
        let row = self.rows.remove(&position)?;
        self.positions.remove(&*row.id());
        Some(row)
    }
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), positions: HashMap::new(), added: 0, touched: Vec::new() }
    }
}

fn not_found<R: Row>() -> Refusal {
    Refusal::not_found(R::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize)]
    struct Fruit(&'static str, u8);

    static EMPTY: LazyLock<Document> = LazyLock::new(Document::default);

    impl Row for Fruit {
        const NOT_FOUND: &'static str = "The fruit does not exist.";

        fn id(&self) -> Cow<'_, str> {
            self.0.into()
        }

        fn document(&self) -> &Document {
            &EMPTY
        }
    }

    fn fruits() -> Table<Fruit> {
        let mut fruits = Table::default();
        for fruit in [Fruit("pear", 1), Fruit("apple", 2), Fruit("fig", 3)] {
            fruits.insert(fruit);
        }
        fruits
    }

    #[test]
    fn rows_are_found_by_their_identifiers() {
        let mut fruits = fruits();
        assert_eq!(fruits.find("apple"), Ok(&Fruit("apple", 2)));
        fruits.find_mut("apple").unwrap().1 = 9;
        assert_eq!(fruits.find("apple"), Ok(&Fruit("apple", 9)));
        assert!(fruits.contains("apple") && !fruits.contains("plum"));
        assert_eq!(fruits.at(fruits.position("apple").unwrap()), Some(&Fruit("apple", 9)));
    }

    #[test]
    fn an_unknown_identifier_is_refused_with_the_message_of_the_table() {
        let mut fruits = fruits();
        assert_eq!(fruits.remove("apple"), Ok(Fruit("apple", 2)));
        let refusal = Refusal::not_found("The fruit does not exist.");
        assert_eq!(fruits.find("apple"), Err(refusal.clone()));
        assert_eq!(fruits.find_mut("apple"), Err(refusal.clone()));
        assert_eq!(fruits.position("apple"), Err(refusal.clone()));
        assert_eq!(fruits.remove("apple"), Err(refusal));
    }

    #[test]
    fn a_row_with_the_identifier_of_another_row_is_refused() {
        let mut fruits = fruits();
        let refusal = Refusal::conflict("The identifier is taken.");
        assert_eq!(fruits.try_insert(Fruit("apple", 4)), Err(refusal));
        assert_eq!(fruits.find("apple"), Ok(&Fruit("apple", 2)));
        assert_eq!(fruits.try_insert(Fruit("plum", 5)), Ok(4));
    }

    #[test]
    fn rows_stay_in_the_order_in_which_they_were_added() {
        let mut fruits = fruits();
        fruits.remove("apple").unwrap();
        fruits.insert(Fruit("apple", 4));
        let ids: Vec<&str> = fruits.rows().map(|fruit| fruit.0).collect();
        assert_eq!(ids, ["pear", "fig", "apple"]);
    }

    #[test]
    fn the_rows_after_a_position_do_not_include_it() {
        let fruits = fruits();
        let apple = fruits.position("apple").unwrap();
        let fig = fruits.position("fig").unwrap();
        assert!(fruits.after(apple).eq([(fig, &Fruit("fig", 3))]));
    }

    #[test]
    fn a_position_may_belong_to_a_removed_row() {
        let mut fruits = fruits();
        let apple = fruits.position("apple").unwrap();
        fruits.remove("apple").unwrap();
        let after = |position| fruits.after(position).map(|(_, row)| row.0).collect::<Vec<_>>();
        assert_eq!(after(0), ["pear", "fig"]);
        assert_eq!(after(apple), ["fig"]);
        assert_eq!(after(u64::MAX), [""; 0]);
    }
}
