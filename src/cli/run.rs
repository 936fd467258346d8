//! What all commands that read source files have in common.

use crate::settings::{ConfigSource, Overrides, check_glob};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Which files a run reads, and under which configuration.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Report test files too: tests, fixtures, conftest; benches, examples and build.rs of Rust packages.
    #[arg(long, help_heading = "Findings")]
    pub include_tests: bool,

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

    /// Virtual environment that the Python code runs in: its packages count before lock files.
    ///
    /// Names and versions are read from the packages' metadata; nothing is run. Without this, a `.venv` in the project's folder
    /// is read where there is no lock file. `VIRTUAL_ENV` is not: it tells how coldcall was started, not where the code runs.
    #[arg(long, value_name = "PATH", help_heading = "Files")]
    pub python_env: Option<PathBuf>,
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
    /// Number of threads [default: one for each core].
    #[arg(short, long, value_name = "N", help_heading = "Configuration")]
    pub jobs: Option<NonZeroUsize>,
}

impl RunArgs {
    /// What the flags say about settings.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            exclude: self.exclude.clone(),
            include_tests: self.include_tests.then_some(true),
            respect_ignore_files: self.no_ignore.then_some(false),
            max_file_size: self.max_file_size,
            python_env: self.python_env.clone(),
            ..Overrides::default()
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
}

fn parse_glob(text: &str) -> Result<String, String> {
    check_glob(text).map(|()| text.to_owned())
}
