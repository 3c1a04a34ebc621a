//! The progress of a command: a bar in a terminal, and otherwise a line every few seconds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::format;
use crate::output::tell;

/// The time between two lines if there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

const BETWEEN_DRAWINGS: Duration = Duration::from_millis(100);

/// The steps that a command has done and must do, and the number of rows of each kind.
pub(crate) struct Progress {
    /// `None` if there is no terminal.
    bar: Option<ProgressBar>,
    begun: Instant,
    steps: Cell<Steps>,
    rows: RefCell<BTreeMap<&'static str, u64>>,
}

#[derive(Clone, Copy, Default)]
struct Steps {
    total: u64,
    done: u64,
    /// The steps in `done` that an earlier run did.
    done_before: u64,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:30} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, begun: Instant::now(), steps: Cell::default(), rows: RefCell::default() }
    }

    /// Adds steps that must be done.
    pub(crate) fn expect(&self, steps: u64) {
        self.change(|known| known.total += steps);
    }

    pub(crate) fn did(&self, steps: u64) {
        self.change(|known| known.done += steps);
    }

    /// Records steps of an earlier run, which do not count for the speed of this run.
    pub(crate) fn did_before(&self, steps: u64) {
        self.change(|known| {
            known.done += steps;
            known.done_before += steps;
        });
    }

    pub(crate) fn add_rows(&self, what: &'static str, rows: u64) {
        if rows > 0 {
            *self.rows.borrow_mut().entry(what).or_default() += rows;
        }
    }

    /// Shows the progress until the future is dropped.
    pub(crate) async fn show(&self) {
        loop {
            let pause = if self.bar.is_some() { BETWEEN_DRAWINGS } else { BETWEEN_LINES };
            tokio::time::sleep(pause).await;
            let steps = self.steps.get();
            let line = self.line(steps, self.begun.elapsed());
            match &self.bar {
                Some(bar) => {
                    bar.set_position(percent(steps));
                    bar.set_message(line);
                }
                None => tell(line),
            }
        }
    }

    /// Prints lines above the bar.
    pub(crate) fn print(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Removes the bar, so that other lines can follow.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Returns the numbers of rows, such as `2 rooms, 1,200 users`.
    pub(crate) fn rows(&self) -> String {
        let rows = self.rows.borrow();
        let rows: Vec<_> = rows.iter().map(|(what, rows)| format::count(*rows, what)).collect();
        rows.join(", ")
    }

    fn line(&self, steps: Steps, elapsed: Duration) -> String {
        let mut line = format!("{} %", percent(steps));
        for part in [self.rows(), left(steps, elapsed).unwrap_or_default()] {
            if !part.is_empty() {
                line += ", ";
                line += &part;
            }
        }
        line
    }

    fn change(&self, change: impl FnOnce(&mut Steps)) {
        let mut steps = self.steps.get();
        change(&mut steps);
        self.steps.set(steps);
    }
}

fn percent(steps: Steps) -> u64 {
    steps.done * 100 / steps.total.max(1)
}

/// Returns the time that the remaining steps will take at the speed of this run.
fn left(steps: Steps, elapsed: Duration) -> Option<String> {
    let done = u32::try_from(steps.done - steps.done_before).ok().filter(|done| *done > 0)?;
    let left = u32::try_from(steps.total.saturating_sub(steps.done)).ok()?;
    Some(format!("about {} left", format::time(elapsed / done * left)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_time_is_estimated_from_the_steps_of_this_run() {
        let progress = Progress::new();
        progress.expect(100);
        progress.did_before(50);
        progress.add_rows("user", 1200);
        let ten_seconds = Duration::from_secs(10);
        assert_eq!(progress.line(progress.steps.get(), ten_seconds), "50 %, 1,200 users");
        progress.did(25);
        let line = progress.line(progress.steps.get(), ten_seconds);
        assert_eq!(line, "75 %, 1,200 users, about 10 s left");
    }

    #[test]
    fn zero_steps_are_zero_percent() {
        assert_eq!(percent(Steps::default()), 0);
    }
}
