//! Settings: what the command line and the nearest configuration say, resolved for each source file.
//!
//! Configuration stands in `coldcall.toml`, `.coldcall.toml`, `[tool.coldcall]` of `pyproject.toml`, or
//! `[package.metadata.coldcall]` and `[workspace.metadata.coldcall]` of `Cargo.toml`. The nearest directory above a source
//! file that has one of them decides alone; levels are not merged.

mod error;
mod file;
mod globs;
mod locate;
mod nearest;
mod resolve;
mod show;
mod store;

pub use error::{Place, SettingsError};
pub use globs::{Globs, Patterns, check_glob};
pub use nearest::nearest;
pub use store::{ConfigSource, Overrides, SettingsStore};

use crate::clients::schema::Library;
use crate::finding::{Confidence, Severity};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What counts as a test file where `test-patterns` is not set: names and folders that pytest, unittest, Cargo and the usual
/// project layouts use, and the helpers and data that stand beside them. Examples of Rust packages are built with the tests;
/// those of Python projects are programs like others.
pub const DEFAULT_TEST_PATTERNS: [&str; 21] = [
    "test/",
    "tests/",
    "testing/",
    "__tests__/",
    "*_tests/",
    "fixtures/",
    "testdata/",
    "test_data/",
    "test_*.py",
    "*_test.py",
    "tests.py",
    "test_*.ipynb",
    "conftest.py",
    "benches/",
    "**/examples/**/*.rs",
    "**/examples/**/Cargo.toml",
    "build.rs",
    "tests.rs",
    "*_test.rs",
    "*_tests.rs",
    "test_*.rs",
];

/// Where a setting's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Origin {
    /// Built in.
    #[default]
    Default,
    /// A configuration file, as shown: relative to the working directory where possible, with `/`.
    File(String),
    /// A flag.
    CommandLine,
}

/// Limits that rules compare with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Idle connections dropped sooner than this many seconds are too short-lived. 30 s: the pause between two turns of
    /// a conversation or two requests of one user is seldom longer.
    pub keepalive_expiry: f64,
    /// A pool set explicitly to fewer connections than this is small, where no concurrency is in sight. 20: what the
    /// common clients keep idle by default.
    pub pool_floor: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { keepalive_expiry: 30.0, pool_floor: 20 }
    }
}

/// Everything that is configurable, resolved for one directory.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Directory that the configuration's globs count from: the one that holds it, else the working directory. Absolute.
    pub root: PathBuf,
    /// The configuration file that applies; `None` where there is none.
    pub file: Option<PathBuf>,
    /// Rules to run; `None` for all.
    pub select: Option<Vec<String>>,
    /// Rules not to run.
    pub ignore: Vec<String>,
    /// Findings below this are counted, not shown.
    pub min_confidence: Confidence,
    /// Findings from this severity on make the run exit with 1.
    pub fail_on: Severity,
    /// Files and folders that are not read: the configuration's, then the command line's.
    pub exclude: Vec<Globs>,
    /// Whether findings in test files are reported.
    pub include_tests: bool,
    /// Whether `.gitignore` and `.ignore` files count.
    pub respect_ignore_files: bool,
    /// Largest file that is read, in bytes.
    pub max_file_size: u64,
    /// The virtual environment that Python code runs in. Absolute.
    pub python_env: Option<PathBuf>,
    /// What is a test file, on a path relative to the project.
    pub test_patterns: Patterns,
    /// Limits that rules compare with.
    pub thresholds: Thresholds,
    /// Rules that are off below some paths.
    pub per_path_ignores: Vec<(Globs, Vec<String>)>,
    /// The user's own clients and wrappers.
    pub clients: Vec<Library>,
    /// Where each key's value comes from; a key that is absent has its default.
    origins: BTreeMap<&'static str, Origin>,
}

impl Settings {
    /// Whether `rule` is selected and not ignored. Paths are not considered: see [`Settings::is_ignored_at`].
    pub fn is_enabled(&self, rule: &str) -> bool {
        let selected = self.select.as_ref().is_none_or(|select| select.iter().any(|name| name == rule));
        selected && !self.ignore.iter().any(|name| name == rule)
    }

    /// Whether `per-path-ignores` switch `rule` off in the file at `path`, an absolute path.
    pub fn is_ignored_at(&self, rule: &str, path: &Path) -> bool {
        self.per_path_ignores.iter().any(|(globs, rules)| rules.iter().any(|name| name == rule) && globs.is_match(path))
    }

    /// Whether the file at `path`, relative to the project with `/` ([`crate::discover::Found::root_relative`]), is a test, a
    /// fixture or a helper of tests. Directories above the project say nothing about it.
    pub fn is_test(&self, path: &str) -> bool {
        self.test_patterns.is_match(path)
    }

    /// Whether the file at `path`, relative as for [`Settings::is_test`], is a test and tests are not asked for.
    pub fn passes_over(&self, path: &str) -> bool {
        !self.include_tests && self.is_test(path)
    }

    /// Whether `exclude` names the file at `path`, an absolute path, or a folder above it.
    pub fn is_excluded(&self, path: &Path) -> bool {
        self.exclude.iter().any(|globs| globs.is_match(path))
    }

    /// Whether `exclude` names the file or folder at `path`, an absolute path, itself, whatever folders it lies in.
    pub fn is_entry_excluded(&self, path: &Path, is_folder: bool) -> bool {
        self.exclude.iter().any(|globs| globs.is_entry_match(path, is_folder))
    }

    /// Where the value of `key`, spelt as in the configuration, comes from.
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or_default()
    }
}
