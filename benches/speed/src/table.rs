//! One figure of all clients, over all rounds.

use crate::child::Outcome;
use crate::subject::Client;

/// Takes a figure from the outcomes of one client in one round.
type Figure = fn(&[Outcome]) -> f64;

#[derive(Clone, Copy)]
pub(crate) enum Better {
    Less,
    More,
}

pub(crate) struct Table {
    title: &'static str,
    better: Better,
    figure: Figure,
    figures: [Vec<f64>; Client::ALL.len()],
}

impl Table {
    pub(crate) fn new(title: &'static str, better: Better, figure: Figure) -> Self {
        Self { title, better, figure, figures: Default::default() }
    }

    pub(crate) fn add(&mut self, client: Client, outcomes: &[Outcome]) {
        self.figures[client as usize].push((self.figure)(outcomes));
    }

    pub(crate) fn print(&self) {
        let better = match self.better {
            Better::Less => "less is better",
            Better::More => "more is better",
        };
        println!("| {} ({better}) | median (spread) | ratio to official (spread) |", self.title);
        println!("|---|--:|--:|");
        let official = &self.figures[Client::Official as usize];
        for client in Client::ALL {
            let figures = &self.figures[client as usize];
            let ratios: Vec<_> =
                figures.iter().zip(official).map(|(it, other)| it / other).collect();
            println!("| {} | {} | {} |", client.name(), spread(figures), spread(&ratios));
        }
        println!();
    }
}

/// The median, with the lowest and the highest.
fn spread(figures: &[f64]) -> String {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    let digits = match median {
        ..10.0 => 2,
        ..1_000.0 => 1,
        _ => 0,
    };
    let (lowest, highest) = (sorted[0], sorted[sorted.len() - 1]);
    format!("{median:.digits$} ({lowest:.digits$} – {highest:.digits$})")
}
