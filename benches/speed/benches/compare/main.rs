//! Measures this crate, the official client and a minimal client (the floor) with one server, and prints a table.
//!
//! Each client runs in processes of its own. The clients take turns, in several rounds.
//!
//! `cargo bench --manifest-path benches/speed/Cargo.toml --bench compare [-- ROUNDS]` takes about six minutes.

mod client;
mod table;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use speed::outcome::Outcome;
use speed::work::Work;

use client::Client;

const ROUNDS: usize = 7;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match &arguments[..] {
        [] => compare(ROUNDS),
        [rounds] => compare(rounds.parse().context("the argument is no number of rounds")?),
        _ => anyhow::bail!("usage: compare [ROUNDS]"),
    }
}

fn compare(rounds: usize) -> Result<()> {
    ensure!(rounds > 0, "there is nothing to measure in no rounds");
    let server = Server::start()?;
    let mut lines = table::lines();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for work in Work::ALL {
            let mut clients = Client::ALL;
            // Each round starts with another client.
            clients.rotate_left(round % Client::ALL.len());
            for client in clients {
                let outcome = server.run(client, work)?;
                for line in lines.iter_mut().filter(|line| line.work == work) {
                    line.add(client, &outcome);
                }
            }
        }
    }
    println!("Medians of {rounds} rounds; of the ratios also the lowest and the highest.\n");
    table::print(&lines);
    Ok(())
}

/// The server, in a process that ends with this process.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        let output = process.stdout.take().context("the server has no output")?;
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().to_owned() })
    }

    fn run(&self, client: Client, work: Work) -> Result<Outcome> {
        let mut command = Command::new(client.program());
        command.args([work.name(), &work.count().to_string(), &self.address]);
        let output = command.stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "{command:?} failed");
        String::from_utf8(output.stdout)?.parse()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // This fails if the process has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
