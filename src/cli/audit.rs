//! `coldcall audit`.

use super::RunArgs;
use crate::audit::Workload;
use crate::audit::format::Format;
use crate::finding::Confidence;
use crate::output::Colour;
use crate::settings::Overrides;
use clap::Args;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  coldcall audit                                    a table of all clients
  coldcall audit --output-format html -o clients.html
  coldcall audit src --output-format csv
  coldcall audit --rounds 10 --at-once 50 --gap 6   what such a load does to the pools

Order:
  Clients that each call builds, then those where that is not sure, then the kept ones; within these the dearest
  construction, as far as it was measured, then what repeats most.";

/// Arguments of `coldcall audit`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AuditArgs {
    /// Files and folders to look through.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// How to write the inventory.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    pub output_format: Format,
    /// Write the inventory to FILE instead of standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output_file: Option<PathBuf>,
    /// When to colour.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub color: Colour,

    /// Rounds of calls to predict connections for, one after another.
    #[arg(long, value_name = "R", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Workload")]
    pub rounds: u32,
    /// Calls at once in each round.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000), help_heading = "Workload")]
    pub at_once: u32,
    /// Seconds between two rounds.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = parse_seconds, help_heading = "Workload")]
    pub gap: f64,
    /// The server speaks HTTP/1.1 only; otherwise it offers HTTP/2.
    #[arg(long, help_heading = "Workload")]
    pub server_http1: bool,
    /// The server closes idle connections after this; otherwise it outlives the client.
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, help_heading = "Workload")]
    pub server_keep_alive: Option<f64>,

    /// Which files, and under which configuration.
    #[command(flatten)]
    pub run: RunArgs,
}

impl AuditArgs {
    /// What the flags say about settings. An inventory shows what is not sure as well, and says so.
    pub fn overrides(&self) -> Overrides {
        Overrides { min_confidence: Some(Confidence::Low), ..self.run.overrides() }
    }

    /// What clap's types cannot check.
    pub(super) fn validate(&self) -> Result<(), String> {
        match self.paths.iter().any(|path| path == Path::new("-")) {
            true => Err("`audit` reads no standard input; name files or folders".to_owned()),
            false => Ok(()),
        }
    }

    /// The calls to predict connections for.
    pub fn workload(&self) -> Workload {
        Workload {
            rounds: self.rounds,
            at_once: self.at_once,
            gap_s: self.gap,
            server_http2: !self.server_http1,
            server_keep_alive_s: self.server_keep_alive,
        }
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds >= 0.0 && seconds.is_finite() => Ok(seconds),
        _ => Err("not a number of seconds".to_owned()),
    }
}
