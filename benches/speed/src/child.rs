//! One run of one client, in a process of its own.

use std::fmt;
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use crate::chime::Chime;
use crate::floor::Floor;
use crate::official::Official;
use crate::subject::{Client, PAGE, Subject};
use crate::work::Work;

/// How many calls run at once in [`Work::Concurrent`].
const AT_ONCE: usize = 64;

/// What is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) client: Client,
    pub(crate) work: Work,
    /// How many calls, pages or accounts.
    pub(crate) count: usize,
}

/// What a run took, the warm-up left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    count: f64,
    user_micros: f64,
    seconds: f64,
    /// The peak of the memory of the whole process.
    pub(crate) peak_kib: f64,
}

impl Run {
    pub(crate) fn measure(self, server: &str) -> Result<Outcome> {
        match self.client {
            Client::Chime => self.measure_with::<Chime>(server),
            Client::Official => self.measure_with::<Official>(server),
            Client::Floor => self.measure_with::<Floor>(server),
        }
    }

    fn measure_with<S: Subject>(self, server: &str) -> Result<Outcome> {
        let mut runtime = match self.work {
            Work::Concurrent => Builder::new_multi_thread(),
            _ => Builder::new_current_thread(),
        };
        runtime.worker_threads(2).enable_all().build()?.block_on(async {
            let subject = S::connect(&format!("http://{server}/{}", self.count))?;
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

    /// A little of the same work.
    fn warm_up(self) -> Self {
        match self.work {
            // A stream has no little: it goes to the end.
            Work::Stream => Self { work: Work::ListPage, count: 10, ..self },
            _ => Self { count: self.count / 20, ..self },
        }
    }

    async fn go<S: Subject>(self, subject: &S) -> Result<()> {
        match self.work {
            Work::GetAccount => {
                for _ in 0..self.count {
                    subject.get_account().await?;
                }
            }
            Work::ListPage => {
                for _ in 0..self.count {
                    ensure!(subject.list_page().await? == usize::from(PAGE), "a page is cut short");
                }
            }
            Work::Stream => {
                ensure!(subject.stream().await? == self.count, "accounts are missing");
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
                tasks.join_all().await.into_iter().collect::<Result<()>>()?;
            }
        }
        Ok(())
    }
}

impl Outcome {
    pub(crate) fn user_micros_each(&self) -> f64 {
        self.user_micros / self.count
    }

    pub(crate) fn each_second(&self) -> f64 {
        self.count / self.seconds
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, user_micros, seconds, peak_kib } = self;
        write!(f, "{count} {user_micros} {seconds} {peak_kib}")
    }
}

impl FromStr for Outcome {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> Result<Self> {
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>()?;
        let [count, user_micros, seconds, peak_kib] = numbers[..] else {
            anyhow::bail!("a child said {line:?}");
        };
        Ok(Self { count, user_micros, seconds, peak_kib })
    }
}

/// The time that all threads of this process were busy outside of the kernel.
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
