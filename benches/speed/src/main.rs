//! Measures this crate, the official client and a client written by hand against one server, each client in
//! processes of its own, in turn, in several rounds; prints the tables.
//!
//! `cargo run --release --manifest-path benches/speed/Cargo.toml [rounds]` takes about two minutes.

mod child;
mod chime;
mod floor;
mod official;
mod server;
mod subject;
mod table;
mod work;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use child::{Outcome, Run};
use subject::Client;
use table::Table;
use work::Work;

const ROUNDS: usize = 7;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => compare(ROUNDS),
        ["server"] => server::run(),
        ["child", client, work, count, server] => {
            let run = Run { client: client.parse()?, work: work.parse()?, count: count.parse()? };
            println!("{}", run.measure(server)?);
            Ok(())
        }
        [rounds] => compare(rounds.parse().context("the argument is no number of rounds")?),
        _ => anyhow::bail!("usage: speed [rounds]"),
    }
}

fn compare(rounds: usize) -> Result<()> {
    ensure!(rounds > 0, "there is nothing to measure in no rounds");
    let server = Server::start()?;
    println!(
        "{rounds} rounds: the median (lowest – highest) of the figures and of each round's ratios\n"
    );
    for work in Work::ALL {
        let mut tables = work.tables();
        for _ in 0..rounds {
            for client in Client::ALL {
                let outcomes = work
                    .counts()
                    .iter()
                    .map(|&count| server.run(Run { client, work, count }))
                    .collect::<Result<Vec<_>>>()?;
                for table in &mut tables {
                    table.add(client, &outcomes);
                }
            }
        }
        tables.iter().for_each(Table::print);
    }
    Ok(())
}

/// The server, in a process of its own that ends with this one.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process =
            command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        let output = process.stdout.take().context("the server has no output")?;
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().to_owned() })
    }

    fn run(&self, Run { client, work, count }: Run) -> Result<Outcome> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["child", client.name(), work.name(), &count.to_string(), &self.address]);
        let output = command.stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "the child {command:?} failed");
        String::from_utf8(output.stdout)?.parse()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
