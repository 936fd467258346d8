//! How long each stage of a run took.

use std::fmt;
use std::time::{Duration, Instant};

/// A stage, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// From paths to files.
    Discover,
    /// Settings, manifests and lock files.
    Projects,
    /// Reading, and looking for names of clients.
    Read,
    /// Parsing and lowering what names a client.
    Parse,
    /// Following names from file to file, and parsing where they lead.
    Link,
    /// How often clients are built.
    Lifetimes,
    /// The rules.
    Rules,
    /// Comments and settings.
    Settle,
    /// Writing the report.
    Output,
}

const STAGES: [(Stage, &str, bool); 9] = [
    (Stage::Discover, "discover", false),
    (Stage::Projects, "projects", false),
    (Stage::Read, "read and prefilter", true),
    (Stage::Parse, "parse", true),
    (Stage::Link, "link", true),
    (Stage::Lifetimes, "lifetimes", true),
    (Stage::Rules, "rules", true),
    (Stage::Settle, "settle", false),
    (Stage::Output, "output", false),
];

/// Wall time by stage, and how much there was to do.
#[derive(Debug)]
pub struct Timings {
    began: Instant,
    spent: [Duration; STAGES.len()],
    /// Threads of the stages that run in parallel.
    pub threads: usize,
    /// Files that name a client.
    pub parsed: usize,
    /// Files that do not, and could be parsed by linking.
    pub quiet: usize,
    /// Times that linking looked for further files.
    pub rounds: usize,
    /// Files that it parsed.
    pub followed: usize,
}

impl Default for Timings {
    fn default() -> Self {
        let spent = [Duration::ZERO; STAGES.len()];
        Self { began: Instant::now(), spent, threads: 1, parsed: 0, quiet: 0, rounds: 0, followed: 0 }
    }
}

impl Timings {
    /// Does `work`, which is part of `stage`.
    pub fn timed<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.spent[stage as usize] += began.elapsed();
        done
    }

    fn note(&self, stage: Stage, in_parallel: bool) -> String {
        let threads = (in_parallel && self.threads > 1).then(|| format!("in parallel on {} threads", self.threads));
        let work = match stage {
            Stage::Parse => Some(counted(self.parsed, "file that names a client", "files that name a client")),
            Stage::Link => {
                let rounds = counted(self.rounds, "round", "rounds");
                Some(format!("{rounds}, {} of {} further files parsed", self.followed, self.quiet))
            }
            _ => None,
        };
        threads.into_iter().chain(work).collect::<Vec<_>>().join(", ")
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut row = |name: &str, took: Duration, note: &str| {
            let line = format!("{name:<18} {:>8} ms  {note}", took.as_millis());
            writeln!(f, "{}", line.trim_end())
        };
        for (stage, name, in_parallel) in STAGES {
            row(name, self.spent[stage as usize], &self.note(stage, in_parallel))?;
        }
        let total = self.began.elapsed();
        row("other", total.saturating_sub(self.spent.iter().sum()), "")?;
        row("total", total, "")
    }
}
