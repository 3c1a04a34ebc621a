//! The report: a line for each line of the file, except that failed lines are grouped by the kind of failure.

use std::collections::BTreeMap;

use super::user::Outcome;
use crate::ending::Ending;
use crate::errors;
use crate::format;
use crate::output::{say, tell};
use crate::progress::Progress;

pub(crate) struct Report {
    total: usize,
    is_dry_run: bool,
    in_account: usize,
    would_create: usize,
    repeated: usize,
    skipped: usize,
    /// For each kind of failure, the text of the first error, and the numbers of the lines.
    failed: BTreeMap<String, (String, Vec<usize>)>,
}

impl Report {
    pub(crate) fn new(total: usize, is_dry_run: bool) -> Self {
        Self {
            total,
            is_dry_run,
            in_account: 0,
            would_create: 0,
            repeated: 0,
            skipped: 0,
            failed: BTreeMap::new(),
        }
    }

    /// Counts a line, and prints it unless it failed.
    pub(crate) fn line(&mut self, number: usize, outcome: &Outcome, progress: &Progress) {
        match outcome {
            Outcome::InAccount { .. } => self.in_account += 1,
            Outcome::WouldCreate => self.would_create += 1,
            Outcome::Repeats(_) => self.repeated += 1,
            Outcome::Skipped(_) => self.skipped += 1,
            Outcome::Failed(error) => {
                let first = || (error.to_string(), Vec::new());
                let (_, lines) = self.failed.entry(errors::kind(error)).or_insert_with(first);
                lines.push(number);
                return;
            }
        }
        progress.print(|| say(format_args!("line {number}: {outcome}")));
    }

    pub(crate) fn has_trouble(&self) -> bool {
        self.skipped > 0 || !self.failed.is_empty()
    }

    pub(crate) fn finish(&self, ending: Ending) {
        for (first, lines) in self.failed.values() {
            let numbers = if lines.len() == 1 { "line" } else { "lines" };
            say(format_args!("{numbers} {}: failed: {first}", ranges(lines)));
        }
        let failed: usize = self.failed.values().map(|(_, lines)| lines.len()).sum();
        let Self { total, in_account, would_create, repeated, skipped, .. } = self;
        let would_create =
            if self.is_dry_run { format!(", {would_create} to create") } else { String::new() };
        let lines = format::count(*total as u64, "line");
        say(format_args!(
            "{lines}: {in_account} in the account{would_create}, {repeated} repeated, \
             {skipped} skipped, {failed} failed."
        ));
        let done = in_account + self.would_create + repeated + skipped + failed;
        let left = format::count((total - done) as u64, "line");
        match ending {
            Ending::Interrupted => {
                tell(format_args!("Interrupted with {left} left. Run it again to continue."));
            }
            Ending::Incomplete => {
                let why = "because too many requests in a row failed";
                tell(format_args!("Stopped with {left} left, {why}. Run it again to continue."));
            }
            Ending::Done if failed > 0 => say("Run it again to retry the failed lines."),
            Ending::Done => {}
        }
    }
}

/// Returns numbers in ascending order as ranges, such as `2, 5-7`.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let range = |(first, last): &(usize, usize)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_numbers_are_a_range() {
        assert_eq!(ranges(&[2, 4, 5, 6, 8, 9]), "2, 4-6, 8-9");
    }
}
