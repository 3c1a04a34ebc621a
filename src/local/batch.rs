//! Batches: operations on many entries, each of which is accepted or refused by itself.

use serde_json::Value;

use super::answer::Refusal;

/// Acts on the entries in their order, and returns what the answer says of those that were refused.
///
/// Each entry has an identifier, which the answer has under the name `id_name`.
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
