//! Finds and keeps the settings of each directory.

use super::error::SettingsError;
use super::locate;
use super::resolve::Resolver;
use super::{Settings, file::Document};
use crate::finding::{Confidence, Severity};
use crate::paths;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the command line says; `None` and empty where it is silent.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Rules to run; also lifts the configuration's `ignore`.
    pub select: Option<Vec<String>>,
    /// Rules not to run, besides those of the configuration.
    pub ignore: Vec<String>,
    /// See [`Settings::min_confidence`].
    pub min_confidence: Option<Confidence>,
    /// See [`Settings::fail_on`].
    pub fail_on: Option<Severity>,
    /// Globs from the working directory, besides those of the configuration.
    pub exclude: Vec<String>,
    /// See [`Settings::include_tests`].
    pub include_tests: Option<bool>,
    /// See [`Settings::respect_ignore_files`].
    pub respect_ignore_files: Option<bool>,
    /// See [`Settings::max_file_size`].
    pub max_file_size: Option<u64>,
    /// `--python-env`.
    pub python_env: Option<PathBuf>,
}

/// Which configuration counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ConfigSource {
    /// The nearest above each source file.
    #[default]
    Nearest,
    /// One file for all; its globs count from the working directory.
    File(PathBuf),
    /// None.
    Isolated,
}

/// Settings by directory, each read once. Shared between threads by reference.
#[derive(Debug)]
pub struct SettingsStore {
    source: ConfigSource,
    resolver: Resolver,
    /// Settings where no configuration is found.
    unconfigured: Arc<Settings>,
    /// Of the file that [`ConfigSource::File`] names.
    fixed: Option<Arc<Settings>>,
    directories: Mutex<HashMap<PathBuf, Arc<Settings>>>,
}

impl SettingsStore {
    /// A store for a run in the absolute directory `cwd`. `rules` are the names of all rules.
    ///
    /// # Errors
    /// [`SettingsError`] where a glob of `overrides` is none, or the file of `source` cannot be used.
    pub fn new(
        cwd: &Path,
        overrides: Overrides,
        source: ConfigSource,
        rules: &[&str],
    ) -> Result<Self, Box<SettingsError>> {
        let resolver = Resolver::new(cwd, overrides, rules)?;
        let unconfigured = Arc::new(resolver.unconfigured());
        let fixed = match &source {
            ConfigSource::File(path) => {
                let document = locate::in_file(&paths::absolute(path, cwd), cwd)?;
                Some(Arc::new(resolver.resolve(&document, cwd)?))
            }
            ConfigSource::Nearest | ConfigSource::Isolated => None,
        };
        Ok(Self { source, resolver, unconfigured, fixed, directories: Mutex::default() })
    }

    /// The working directory, absolute.
    pub fn cwd(&self) -> &Path {
        self.resolver.cwd()
    }

    /// The settings for the file at `path`, absolute or relative to the working directory. It need not exist.
    ///
    /// # Errors
    /// [`SettingsError`] where the nearest configuration cannot be used.
    pub fn for_file(&self, path: &Path) -> Result<Arc<Settings>, Box<SettingsError>> {
        let path = paths::absolute(path, self.cwd());
        path.parent().map_or_else(|| Ok(Arc::clone(&self.unconfigured)), |dir| self.for_directory(dir))
    }

    /// The settings for the files directly in the directory `dir`, absolute or relative to the working directory.
    ///
    /// # Errors
    /// As for [`SettingsStore::for_file`].
    pub fn for_directory(&self, dir: &Path) -> Result<Arc<Settings>, Box<SettingsError>> {
        if self.source != ConfigSource::Nearest {
            return Ok(Arc::clone(self.fixed.as_ref().unwrap_or(&self.unconfigured)));
        }
        let dir = paths::absolute(dir, self.cwd());
        let mut passed = Vec::new();
        let mut settings = Arc::clone(&self.unconfigured);
        for ancestor in dir.ancestors() {
            if let Some(known) = self.cache().get(ancestor) {
                settings = Arc::clone(known);
                break;
            }
            passed.push(ancestor);
            if let Some(document) = self.read(ancestor)? {
                settings = Arc::new(self.resolver.resolve(&document, ancestor)?);
                break;
            }
        }
        let mut cache = self.cache();
        cache.extend(passed.into_iter().map(|dir| (dir.to_owned(), Arc::clone(&settings))));
        Ok(settings)
    }

    fn read(&self, dir: &Path) -> Result<Option<Document>, SettingsError> {
        locate::in_directory(dir, self.cwd())
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<Settings>>> {
        // A thread that panicked cannot have left a half-written entry: values are put in whole.
        self.directories.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
