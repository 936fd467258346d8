//! `coldcall check`.

use crate::finding::{Confidence, Severity};
use crate::output::{Colour, Format};
use crate::settings::{ConfigSource, Overrides, check_glob, nearest};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::num::NonZeroUsize;
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
    /// Report test files too: tests, fixtures, conftest; benches, examples and build.rs of Rust packages.
    #[arg(long, help_heading = "Findings")]
    pub include_tests: bool,
    /// Lowest severity that makes the exit code 1 [default: warning].
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), help_heading = "Findings")]
    pub fail_on: Option<Severity>,
    /// Exit with 0 even if there are findings.
    #[arg(long, help_heading = "Findings")]
    pub exit_zero: bool,
    /// Exit with 2 if a file was skipped.
    #[arg(long, help_heading = "Findings")]
    pub strict: bool,

    /// Do not read files and folders that match; may be repeated.
    #[arg(long, value_name = "GLOB", value_parser = parse_glob, help_heading = "Files")]
    pub exclude: Vec<String>,
    /// Let exclusions count for paths named on the command line, and pass over files of other kinds, as pre-commit needs it.
    #[arg(long, help_heading = "Files")]
    pub force_exclude: bool,
    /// Do not honour .gitignore and .ignore files.
    #[arg(long, help_heading = "Files")]
    pub no_ignore: bool,
    /// Skip larger files [default: 4194304].
    #[arg(long, value_name = "BYTES", help_heading = "Files")]
    pub max_file_size: Option<u64>,
    /// Name to show for standard input; it also decides which configuration applies.
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub stdin_filename: Option<PathBuf>,
    /// Print the files that would be read, and stop.
    #[arg(long, conflicts_with = "show_settings", help_heading = "Files")]
    pub show_files: bool,

    /// Run `cargo metadata` to learn exactly which features of Rust packages are on.
    ///
    /// This runs the program `cargo` (and `rustc`, for the platform) in each workspace: offline, for at most 60 seconds, and
    /// with Cargo.lock as it is. Otherwise coldcall runs nothing, and reads features from the manifests. Where cargo fails,
    /// the run goes on with those, and says why.
    #[arg(long, help_heading = "Files")]
    pub cargo_metadata: bool,

    /// Use this configuration for all files.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Ignore coldcall's own configuration; manifests and lock files still count.
    #[arg(long, help_heading = "Configuration")]
    pub isolated: bool,
    /// Print the settings for the first path with their origin, and stop.
    #[arg(long, help_heading = "Configuration")]
    pub show_settings: bool,
    /// Number of threads [default: one for each core].
    #[arg(short, long, value_name = "N", help_heading = "Configuration")]
    pub jobs: Option<NonZeroUsize>,
}

impl CheckArgs {
    /// What the flags say about settings.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            select: (!self.select.is_empty()).then(|| self.select.clone()),
            ignore: self.ignore.clone(),
            min_confidence: self.min_confidence,
            fail_on: self.fail_on,
            exclude: self.exclude.clone(),
            include_tests: self.include_tests.then_some(true),
            respect_ignore_files: self.no_ignore.then_some(false),
            max_file_size: self.max_file_size,
        }
    }

    /// Which configuration counts.
    pub fn config_source(&self) -> ConfigSource {
        match &self.config {
            Some(path) => ConfigSource::File(path.clone()),
            None if self.isolated => ConfigSource::Isolated,
            None => ConfigSource::Nearest,
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

fn parse_glob(text: &str) -> Result<String, String> {
    check_glob(text).map(|()| text.to_owned())
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
