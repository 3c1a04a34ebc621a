//! The table: one line per figure, one column per client.

use speed::outcome::Outcome;
use speed::work::Work;

use crate::client::Client;

/// One figure of all clients, in all rounds.
pub(crate) struct Line {
    pub(crate) work: Work,
    title: &'static str,
    figure: fn(&Outcome) -> f64,
    figures: [Vec<f64>; Client::ALL.len()],
}

pub(crate) fn lines() -> Vec<Line> {
    vec![
        Line::new(
            Work::GetAccount,
            "`get_account`, one after the other: user CPU a call, µs",
            Outcome::user_micros_each,
        ),
        Line::new(Work::GetAccount, "the same: peak memory, KiB", |run| run.peak_kib),
        Line::new(
            Work::ListPage,
            "`list_accounts`, pages of 200: user CPU a page, µs",
            Outcome::user_micros_each,
        ),
        Line::new(Work::Stream, "streaming 1,000,000 accounts: accounts/s", Outcome::each_second),
        Line::new(Work::Stream, "the same: user CPU an account, ns", |run| {
            1e3 * run.user_micros_each()
        }),
        Line::new(Work::Stream, "the same: peak memory, KiB", |run| run.peak_kib),
        Line::new(Work::ShortStream, "streaming 10,000 accounts: peak memory, KiB", |run| {
            run.peak_kib
        }),
        Line::new(
            Work::Concurrent,
            "`get_account`, 64 at once, 2 threads: calls/s",
            Outcome::each_second,
        ),
        Line::new(
            Work::PageByPage,
            "5 ms for the server, 5 ms for the caller: pages/s",
            Outcome::each_second,
        ),
        Line::new(
            Work::ReadAhead,
            "the same with read-ahead, which only amazon-chime has: pages/s",
            Outcome::each_second,
        ),
    ]
}

impl Line {
    fn new(work: Work, title: &'static str, figure: fn(&Outcome) -> f64) -> Self {
        Self { work, title, figure, figures: Default::default() }
    }

    pub(crate) fn add(&mut self, client: Client, outcome: &Outcome) {
        self.figures[client as usize].push((self.figure)(outcome));
    }
}

/// Prints the medians, and for the ratios also the lowest and the highest round.
pub(crate) fn print(lines: &[Line]) {
    println!("| | amazon-chime | official | floor | to official | to official, floor |");
    println!("|---|--:|--:|--:|--:|--:|");
    for Line { title, figures, .. } in lines {
        let [chime, official, floor] = figures;
        let ratios = |of: &[f64]| -> Vec<_> {
            of.iter().zip(official).map(|(it, official)| it / official).collect()
        };
        println!(
            "| {title} | {} | {} | {} | {} | {} |",
            median(chime),
            median(official),
            median(floor),
            spread(&ratios(chime)),
            spread(&ratios(floor))
        );
    }
}

fn median(figures: &[f64]) -> String {
    let median = middle(&sorted(figures));
    if median < 1_000.0 { format!("{median:.1}") } else { format!("{median:.0}") }
}

fn spread(ratios: &[f64]) -> String {
    let sorted = sorted(ratios);
    let (lowest, highest) = (sorted[0], sorted[sorted.len() - 1]);
    format!("**{:.2}** ({lowest:.2} – {highest:.2})", middle(&sorted))
}

fn sorted(figures: &[f64]) -> Vec<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
