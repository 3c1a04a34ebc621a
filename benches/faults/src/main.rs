//! Runs the long form of the fault campaign for this crate and for the official client, and prints the outcomes.
//!
//! `cargo run --release --manifest-path benches/faults/Cargo.toml` takes about half an hour, mostly because the clients
//! wait for missing responses. With the argument `ensures`, it runs only the ensured creates.

mod memory;
mod official;
#[path = "../../../tests/campaign/plan.rs"]
mod plan;
mod report;
mod table;

use anyhow::{Context, Result};

use plan::settings::Settings;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(memory::CHILD) {
        let client = arguments.next().context("the client is missing")?;
        let url = arguments.next().context("the URL is missing")?;
        return memory::child(&client, url).await;
    }
    let settings = Settings::hasty();
    report::versions_and(&settings);
    if std::env::args().nth(1).as_deref() == Some("ensures") {
        return report::ensures(&settings).await;
    }
    report::creates(&settings).await?;
    report::ensures(&settings).await?;
    report::turned_away(&settings).await?;
    report::repeats(&settings).await?;
    report::listings(&settings).await?;
    report::memory().await
}
