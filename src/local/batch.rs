//! Batches: operations on many entries, each of which can fail on its own.

use serde_json::Value;

use super::answer::Refusal;

/// Runs `act` for each entry and returns the errors for the response. `id_name` is the name of the member with the
/// identifier of a failed entry.
pub(super) fn errors<'a, T>(
    id_name: &str,
    entries: impl IntoIterator<Item = (&'a str, T)>,
    mut act: impl FnMut(&'a str, T) -> Result<(), Refusal>,
) -> Vec<Value> {
    let mut errors = Vec::new();
    for (id, entry) in entries {
        if let Err(refusal) = act(id, entry) {
            errors.push(refusal.of_entry(id_name, id));
        }
    }
    errors
}
