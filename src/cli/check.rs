//! `coldcall check`.

use super::RunArgs;
use crate::finding::{Confidence, Severity};
use crate::output::{Colour, Format};
use crate::settings::{Overrides, nearest};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  coldcall check                                 everything below the working directory
  coldcall check src --fail-on advice            be strict
  coldcall check app.py --select client-per-call
  coldcall check --output-format sarif -o coldcall.sarif
  coldcall check --stdin-filename app.py - < app.py
  coldcall check --cargo-metadata                exact features of Rust packages";

/// Arguments of `coldcall check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// Files and folders to check; `-` reads one source from standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// How to write findings.
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        env = "COLDCALL_OUTPUT_FORMAT",
        default_value_t,
        help_heading = "Output"
    )]
    pub output_format: Format,
    /// Write findings to FILE instead of standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output_file: Option<PathBuf>,
    /// When to colour.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, help_heading = "Output")]
    pub color: Colour,
    /// Print findings only.
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
    /// Print to standard error how long each stage took.
    #[arg(long, help_heading = "Output")]
    pub timings: bool,

    /// Run these rules only; also lifts the configuration's `ignore`.
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<String>,
    /// Do not run these rules.
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<String>,
    /// Show findings of at least this confidence [default: medium].
    #[arg(long, value_name = "LEVEL", value_parser = confidences(), help_heading = "Findings")]
    pub min_confidence: Option<Confidence>,
    /// Lowest severity that makes the exit code 1 [default: warning].
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), help_heading = "Findings")]
    pub fail_on: Option<Severity>,
    /// Exit with 0 even if there are findings.
    #[arg(long, help_heading = "Findings")]
    pub exit_zero: bool,
    /// Exit with 2 if a file was skipped.
    #[arg(long, help_heading = "Findings")]
    pub strict: bool,

    /// Which files, and under which configuration.
    #[command(flatten)]
    pub run: RunArgs,
    /// Name to show for standard input; it also decides which configuration applies.
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub stdin_filename: Option<PathBuf>,
    /// Print the files that would be read, and stop.
    #[arg(long, conflicts_with = "show_settings", help_heading = "Files")]
    pub show_files: bool,

    /// Print the settings for the first path with their origin, and stop.
    #[arg(long, help_heading = "Configuration")]
    pub show_settings: bool,
}

impl CheckArgs {
    /// What the flags say about settings.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            select: (!self.select.is_empty()).then(|| self.select.clone()),
            ignore: self.ignore.clone(),
            min_confidence: self.min_confidence,
            fail_on: self.fail_on,
            ..self.run.overrides()
        }
    }

    /// Whether the source comes from standard input. Then `-` is the only path.
    pub fn reads_stdin(&self) -> bool {
        self.paths.iter().any(|path| path == Path::new("-"))
    }

    /// What clap's types cannot check.
    pub(super) fn validate(&self, rules: &[&str]) -> Result<(), String> {
        let mut names = self.select.iter().chain(&self.ignore);
        if let Some(rule) = names.find(|rule| !rules.contains(&rule.as_str())) {
            let hint = match nearest(rule, rules.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`coldcall rule` lists all rules".to_owned(),
            };
            return Err(format!("unknown rule `{rule}`; {hint}"));
        }
        if self.reads_stdin() && self.paths.len() > 1 {
            return Err("`-` must be the only path".to_owned());
        }
        if self.stdin_filename.is_some() && !self.reads_stdin() {
            return Err("`--stdin-filename` needs the path `-`".to_owned());
        }
        Ok(())
    }
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["error", "warning", "advice"]).map(|word| match word.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Advice,
    })
}

fn confidences() -> impl TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(["low", "medium", "high"]).map(|word| match word.as_str() {
        "low" => Confidence::Low,
        "medium" => Confidence::Medium,
        _ => Confidence::High,
    })
}
