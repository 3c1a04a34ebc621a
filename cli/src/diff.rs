//! `chime diff`: lists the differences between two archives.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use clap::Args;
use fs_err::File;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::archive::manifest::Manifest;
use crate::ending::Ending;
use crate::format;
use crate::output::say;
use crate::rows::{KINDS, Kind, Members, Row};

/// Lists the differences between two archives, by identifiers and names of members.
///
/// A line shows no values. It begins with + for a row that is only in the second archive, with - for a row that is only
/// in the first archive, and with ~ for a row that differs.
#[derive(Args)]
#[command(after_help = "Example: chime diff archive-of-monday archive-of-friday")]
pub(crate) struct Arguments {
    /// The directory of the first archive.
    #[arg(value_name = "DIR")]
    first: PathBuf,
    /// The directory of the second archive.
    #[arg(value_name = "DIR")]
    second: PathBuf,
}

#[derive(Default)]
struct Counts {
    added: u64,
    removed: u64,
    changed: u64,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Ending> {
    for directory in [&arguments.first, &arguments.second] {
        Manifest::read(directory)?;
    }
    let mut counts = Counts::default();
    for kind in KINDS {
        compare(kind, &arguments.first, &arguments.second, &mut counts)?;
    }
    let Counts { added, removed, changed } = counts;
    let [added, removed, changed] = [added, removed, changed].map(format::number);
    say(format_args!("{added} added, {removed} removed, {changed} changed."));
    Ok(Ending::Done)
}

fn compare(kind: &Kind, first: &Path, second: &Path, counts: &mut Counts) -> anyhow::Result<()> {
    let (first, second) = (first.join(kind.file), second.join(kind.file));
    // Keeps the positions of rows instead of the rows, so that a large archive needs little memory.
    let mut places = HashMap::new();
    for_each_row(kind, &first, |row, place| {
        places.insert(row.id(), place);
        Ok(())
    })?;
    let mut file = File::open(&first).ok().map(BufReader::new);
    for_each_row(kind, &second, |row, _| {
        let id = row.id();
        let Some((place, file)) = places.remove(&id).zip(file.as_mut()) else {
            say(format_args!("+ {} {id}", kind.name));
            counts.added += 1;
            return Ok(());
        };
        file.seek(SeekFrom::Start(place))?;
        let mut line = String::new();
        file.read_line(&mut line)?;
        let before = Row::read(kind, line.trim_end_matches('\n')).map_err(anyhow::Error::msg)?;
        let members = changed_members(&before.members(), &row.members());
        if !members.is_empty() {
            say(format_args!("~ {} {id}: {}", kind.name, members.join(", ")));
            counts.changed += 1;
        }
        Ok(())
    })?;
    let mut removed: Vec<_> = places.into_iter().collect();
    removed.sort_unstable_by_key(|(_, place)| *place);
    for (id, _) in removed {
        say(format_args!("- {} {id}", kind.name));
        counts.removed += 1;
    }
    Ok(())
}

/// Calls the function with each row of a file and the row's position in the file. A missing file has no rows.
fn for_each_row(
    kind: &Kind,
    path: &Path,
    mut act: impl FnMut(Row<'_>, u64) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if !path.try_exists()? {
        return Ok(());
    }
    let mut file = BufReader::new(File::open(path)?);
    let (mut place, mut number, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        let length = file.read_line(&mut line)? as u64;
        if length == 0 {
            return Ok(());
        }
        number += 1;
        let row = Row::read(kind, line.trim_end_matches('\n')).map_err(|problem| {
            anyhow::anyhow!("{} line {number}: {problem}; see chime verify", path.display())
        })?;
        act(row, place)?;
        place += length;
    }
}

/// Returns the names of the members that differ.
fn changed_members(before: &Members<'_>, after: &Members<'_>) -> Vec<String> {
    let all = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let differs = |name: &&String| match (before.get(*name), after.get(*name)) {
        (Some(before), Some(after)) => !is_same(before, after),
        _ => true,
    };
    all.filter(differs).cloned().collect()
}

/// Returns `true` if both are the same, apart from white space, the order of members, and escapes in texts.
fn is_same(one: &RawValue, other: &RawValue) -> bool {
    let (one, other) = (one.get(), other.get());
    if one == other {
        return true;
    }
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => both::<Members<'_>>(one, other).is_some_and(|(one, other)| {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| is_same(value, other)))
        }),
        (Some(b'['), Some(b'[')) => {
            both::<Vec<&RawValue>>(one, other).is_some_and(|(one, other)| {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| is_same(one, other))
            })
        }
        (Some(b'"'), Some(b'"')) => {
            both::<String>(one, other).is_some_and(|(one, other)| one == other)
        }
        // Numbers are compared as text, because values would be rounded.
        _ => false,
    }
}

fn both<'a, T: Deserialize<'a>>(one: &'a str, other: &'a str) -> Option<(T, T)> {
    serde_json::from_str(one).ok().zip(serde_json::from_str(other).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_removed_and_changed_members_are_named() {
        let before =
            r#"{"A":1,"B":"x","C":{"X":1,"Y":[2]},"D":null,"E":1.0,"G":[9007199254740993]}"#;
        let after =
            r#"{"E":1.00,"C": {"Y": [2], "X": 1},"B":"y","A":1,"F":0,"G":[9007199254740993.0]}"#;
        let [before, after] = [before, after].map(|json| serde_json::from_str(json).unwrap());
        assert_eq!(changed_members(&before, &after), ["B", "D", "E", "G", "F"]);
    }
}
