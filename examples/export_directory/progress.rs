//! What the terminal shows meanwhile; nothing if standard error is no terminal.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

pub(crate) struct Progress {
    pub(crate) accounts: ProgressBar,
    pub(crate) users: ProgressBar,
}

impl Progress {
    pub(crate) fn of(accounts: usize) -> Self {
        let lines = MultiProgress::new();
        let progress = Self {
            accounts: lines.add(ProgressBar::new(accounts as u64)),
            users: lines.add(ProgressBar::new_spinner()),
        };
        progress.accounts.set_style(style("{wide_bar} {pos}/{len} accounts, {eta} left"));
        progress.users.set_style(style("{pos} users, {per_sec}"));
        progress
    }

    pub(crate) fn finish(&self) {
        self.accounts.finish_and_clear();
        self.users.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
