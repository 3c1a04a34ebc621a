//! One run of one client in a process: `<client> <work> <count> <server>`.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use crate::outcome::Outcome;
use crate::subject::{PAGE, Subject};
use crate::work::{PAUSE, Work};

/// The number of concurrent calls in [`Work::Concurrent`].
const AT_ONCE: usize = 64;

/// Runs the work that the arguments name, and prints the outcome.
///
/// # Errors
///
/// Wrong arguments, and the errors of the client.
pub fn main<S: Subject>() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [work, count, server] = &arguments[..] else {
        anyhow::bail!("usage: <client> <work> <count> <server>");
    };
    let run = Run { work: work.parse()?, count: count.parse()? };
    println!("{}", run.measure::<S>(server)?);
    Ok(())
}

#[derive(Clone, Copy)]
struct Run {
    work: Work,
    count: usize,
}

impl Run {
    fn measure<S: Subject>(self, server: &str) -> Result<Outcome> {
        let mut runtime = match self.work {
            Work::Concurrent => Builder::new_multi_thread(),
            _ => Builder::new_current_thread(),
        };
        runtime.worker_threads(2).enable_all().build()?.block_on(async {
            let accounts = match self.work {
                Work::PageByPage | Work::ReadAhead => self.count * usize::from(PAGE),
                _ => self.count,
            };
            let delay = self.work.delay().as_millis();
            let subject = S::connect(&format!("http://{server}/{accounts}/{delay}"))?;
            self.warm_up().go(&subject).await?;
            let (user, start) = (user_micros()?, Instant::now());
            self.go(&subject).await?;
            let (user, wall) = (user_micros()? - user, start.elapsed());
            Ok(Outcome {
                count: f64::from(u32::try_from(self.count)?),
                user_micros: user,
                seconds: wall.as_secs_f64(),
                peak_kib: peak_kib()?,
            })
        })
    }

    /// Returns a short run of the same work.
    fn warm_up(self) -> Self {
        match self.work {
            // A stream always reads the whole listing, so the warm-up reads single pages.
            Work::Stream | Work::ShortStream | Work::PageByPage | Work::ReadAhead => {
                Self { work: Work::ListPage, count: 10 }
            }
            _ => Self { count: self.count / 20, ..self },
        }
    }

    async fn go<S: Subject>(self, subject: &S) -> Result<()> {
        let all = |read: usize, expected: usize| {
            ensure!(read == expected, "{read} accounts instead of {expected}");
            Ok(())
        };
        match self.work {
            Work::GetAccount => {
                for _ in 0..self.count {
                    subject.get_account().await?;
                }
                Ok(())
            }
            Work::ListPage => {
                for _ in 0..self.count {
                    all(subject.list_page().await?, PAGE.into())?;
                }
                Ok(())
            }
            Work::Stream | Work::ShortStream => all(subject.stream().await?, self.count),
            Work::PageByPage => all(subject.pages(PAUSE).await?, self.count * usize::from(PAGE)),
            Work::ReadAhead => {
                all(subject.pages_ahead(PAUSE).await?, self.count * usize::from(PAGE))
            }
            Work::Concurrent => {
                let mut tasks = JoinSet::new();
                for _ in 0..AT_ONCE {
                    let subject = subject.clone();
                    tasks.spawn(async move {
                        for _ in 0..self.count / AT_ONCE {
                            subject.get_account().await?;
                        }
                        Ok(())
                    });
                }
                tasks.join_all().await.into_iter().collect()
            }
        }
    }
}

fn user_micros() -> Result<f64> {
    let time = getrusage(UsageWho::RUSAGE_SELF)?.user_time();
    Ok(1e6 * f64::from(i32::try_from(time.tv_sec())?) + f64::from(i32::try_from(time.tv_usec())?))
}

fn peak_kib() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let figure = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(figure.context("no VmHWM in /proc/self/status")?.parse()?)
}
