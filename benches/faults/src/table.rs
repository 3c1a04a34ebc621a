//! Tables in Markdown.

use std::fmt::Display;

pub(crate) struct Table {
    columns: usize,
}

impl Table {
    /// Starts a table by printing its title and head.
    pub(crate) fn start(title: &str, columns: &[&str]) -> Self {
        println!("\n### {title}\n");
        println!("| {} |", columns.join(" | "));
        println!("|---{}|", "|---:".repeat(columns.len() - 1));
        Self { columns: columns.len() - 1 }
    }

    pub(crate) fn row<const N: usize>(&self, name: impl Display, figures: [&dyn Display; N]) {
        assert_eq!(N, self.columns, "the table has other columns");
        let figures = figures.map(|figure| format!(" {figure} |"));
        println!("| {name} |{}", figures.concat());
    }
}
