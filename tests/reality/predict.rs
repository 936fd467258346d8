//! What `coldcall audit` says of a program.

use crate::programs::Program;
use serde::Deserialize;
use std::fmt;
use std::process::Command;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub struct Range {
    pub min: usize,
    pub max: usize,
}

impl Range {
    pub fn holds(self, number: usize) -> bool {
        (self.min..=self.max).contains(&number)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min == self.max { write!(f, "{}", self.min) } else { write!(f, "{} to {}", self.min, self.max) }
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Predicted {
    pub connections: Range,
    pub requests: usize,
    pub protocol: String,
    pub idle_closes: Range,
    pub fails: Option<String>,
}

#[derive(Deserialize)]
struct Report {
    predicted: Option<Predicted>,
    why: Option<String>,
}

/// The prediction, or why there is none.
pub fn predict(program: &Program) -> Result<Predicted, String> {
    let workload = &program.workload;
    let mut command = Command::new(env!("CARGO_BIN_EXE_coldcall"));
    command.current_dir(&program.set).args(["audit", &program.source, "--output-format", "json"]);
    command.args(["--rounds", &workload.rounds.to_string(), "--at-once", &workload.at_once.to_string()]);
    command.args(["--gap", &workload.gap_s.to_string()]);
    if !workload.http2 {
        command.arg("--server-http1");
    }
    if let Some(seconds) = workload.keep_alive_s {
        command.args(["--server-keep-alive", &seconds.to_string()]);
    }
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    let report: Report = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    report.predicted.ok_or_else(|| report.why.unwrap_or_else(|| "no client found".to_owned()))
}
