//! The cost of a run, and the line with which a process reports it to another process.

use std::fmt;
use std::str::FromStr;

use anyhow::Result;

/// The cost of a run, without the warm-up.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub count: f64,
    /// The user CPU time of all threads of the process.
    pub user_micros: f64,
    pub seconds: f64,
    pub peak_kib: f64,
}

impl Outcome {
    #[must_use]
    pub fn user_micros_each(&self) -> f64 {
        self.user_micros / self.count
    }

    #[must_use]
    pub fn each_second(&self) -> f64 {
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
            anyhow::bail!("a client said {line:?}");
        };
        Ok(Self { count, user_micros, seconds, peak_kib })
    }
}
