//! Lays the command line over a configuration over the defaults, and checks what the types cannot.

use super::error::{NO_ENVIRONMENT, SettingsError};
use super::file::{Document, FileThresholds, Words};
use super::globs::{Globs, Patterns};
use super::nearest::nearest;
use super::store::Overrides;
use super::{DEFAULT_TEST_PATTERNS, Origin, Settings, Thresholds};
use crate::finding::{Confidence, Severity};
use crate::paths;
use crate::project::site_packages;
use crate::source::read::DEFAULT_MAX_FILE_SIZE;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Makes settings of configurations, for one command line.
#[derive(Debug)]
pub struct Resolver {
    cwd: PathBuf,
    overrides: Overrides,
    /// The command line's `--exclude`.
    exclude: Option<Globs>,
    default_tests: Patterns,
    rules: Vec<String>,
}

impl Resolver {
    /// A resolver for a run in the absolute directory `cwd`; `rules` are the names of all rules.
    pub fn new(cwd: &Path, overrides: Overrides, rules: &[&str]) -> Result<Self, SettingsError> {
        let bad = |patterns: &[String], at: usize, message| SettingsError::BadArgument {
            glob: patterns.get(at).cloned().unwrap_or_default(),
            message,
        };
        let globs =
            Globs::new(cwd, &overrides.exclude).map_err(|(at, message)| bad(&overrides.exclude, at, message))?;
        let defaults = DEFAULT_TEST_PATTERNS.map(str::to_owned);
        let default_tests = Patterns::new(&defaults).map_err(|(at, message)| bad(&defaults, at, message))?;
        let exclude = (!overrides.exclude.is_empty()).then_some(globs);
        let is_environment = |path: &&PathBuf| !site_packages(&paths::absolute(path, cwd)).is_empty();
        if let Some(path) = overrides.python_env.as_ref().filter(|path| !is_environment(path)) {
            return Err(SettingsError::NoEnvironment { path: path.display().to_string() });
        }
        let rules = rules.iter().map(|&rule| rule.to_owned()).collect();
        Ok(Self { cwd: cwd.to_owned(), overrides, exclude, default_tests, rules })
    }

    /// The working directory.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// The settings without a configuration.
    pub fn unconfigured(&self) -> Settings {
        let mut settings = self.defaults();
        self.override_with_flags(&mut settings);
        settings
    }

    /// The settings that `document`, whose globs count from `root`, and the command line make.
    pub fn resolve(&self, document: &Document, root: &Path) -> Result<Settings, SettingsError> {
        let mut settings = Settings { root: root.to_owned(), ..self.defaults() };
        self.configure(&mut settings, document)?;
        self.override_with_flags(&mut settings);
        Ok(settings)
    }

    fn defaults(&self) -> Settings {
        Settings {
            root: self.cwd.clone(),
            file: None,
            select: None,
            ignore: Vec::new(),
            min_confidence: Confidence::Medium,
            fail_on: Severity::Warning,
            exclude: Vec::new(),
            include_tests: false,
            respect_ignore_files: true,
            max_file_size: DEFAULT_MAX_FILE_SIZE,
            python_env: None,
            test_patterns: self.default_tests.clone(),
            thresholds: Thresholds::default(),
            per_path_ignores: Vec::new(),
            clients: Vec::new(),
            origins: BTreeMap::new(),
        }
    }

    fn configure(&self, settings: &mut Settings, document: &Document) -> Result<(), SettingsError> {
        let config = &document.config;
        settings.file = Some(document.path.clone());
        let mut origins = BTreeMap::new();
        let mut note = |key| origins.insert(key, Origin::File(document.shown.clone()));
        self.choose_rules(settings, document, &mut note)?;
        if let Some(exclude) = &config.exclude {
            settings.exclude.push(globs(document, &settings.root, exclude)?);
            note("exclude");
        }
        if let Some(words) = &config.test_patterns {
            settings.test_patterns = Patterns::new(&texts(words)).map_err(|bad| bad_glob(document, words, bad))?;
            note("test-patterns");
        }
        if !config.clients.is_empty() {
            settings.clients.clone_from(&config.clients);
            note("clients");
        }
        set(&mut settings.min_confidence, config.min_confidence, || note("min-confidence"));
        set(&mut settings.fail_on, config.fail_on, || note("fail-on"));
        set(&mut settings.include_tests, config.include_tests, || note("include-tests"));
        set(&mut settings.respect_ignore_files, config.respect_ignore_files, || note("respect-ignore-files"));
        set(&mut settings.max_file_size, config.max_file_size, || note("max-file-size"));
        if let Some(word) = &config.python_env {
            settings.python_env = Some(environment(document, &settings.root, word)?);
            note("python-env");
        }
        thresholds(&mut settings.thresholds, document, &config.thresholds, &mut note)?;
        settings.origins = origins;
        Ok(())
    }

    /// Which rules run, and where.
    fn choose_rules<N>(
        &self,
        settings: &mut Settings,
        document: &Document,
        note: &mut impl FnMut(&'static str) -> N,
    ) -> Result<(), SettingsError> {
        let config = &document.config;
        if let Some(select) = &config.select {
            settings.select = Some(self.rule_names(document, select)?);
            note("select");
        }
        if let Some(ignore) = &config.ignore {
            settings.ignore = self.rule_names(document, ignore)?;
            note("ignore");
        }
        for (glob, rules) in &config.per_path_ignores {
            let globs = globs(document, &settings.root, std::slice::from_ref(glob))?;
            settings.per_path_ignores.push((globs, self.rule_names(document, rules)?));
            note("per-path-ignores");
        }
        Ok(())
    }

    fn override_with_flags(&self, settings: &mut Settings) {
        let flags = &self.overrides;
        let origins = &mut settings.origins;
        let mut note = |key| origins.insert(key, Origin::CommandLine);
        if let Some(select) = &flags.select {
            settings.select = Some(select.clone());
            // Whoever asks for a rule by name wants to see it.
            settings.ignore.clear();
            note("select");
            note("ignore");
        }
        if !flags.ignore.is_empty() {
            settings.ignore.extend(flags.ignore.iter().cloned());
            note("ignore");
        }
        if let Some(exclude) = &self.exclude {
            settings.exclude.push(exclude.clone());
            note("exclude");
        }
        set(&mut settings.min_confidence, flags.min_confidence, || note("min-confidence"));
        set(&mut settings.fail_on, flags.fail_on, || note("fail-on"));
        set(&mut settings.include_tests, flags.include_tests, || note("include-tests"));
        set(&mut settings.respect_ignore_files, flags.respect_ignore_files, || note("respect-ignore-files"));
        set(&mut settings.max_file_size, flags.max_file_size, || note("max-file-size"));
        let named = flags.python_env.as_ref().map(|path| Some(paths::absolute(path, &self.cwd)));
        set(&mut settings.python_env, named, || note("python-env"));
    }

    /// `names`, if all are rules.
    fn rule_names(&self, document: &Document, names: &Words) -> Result<Vec<String>, SettingsError> {
        let known = |name: &str| self.rules.iter().any(|rule| rule == name);
        match names.iter().find(|name| !known(name.get_ref())) {
            None => Ok(texts(names)),
            Some(name) => Err(SettingsError::UnknownRule {
                place: document.place(name.span()),
                rule: name.get_ref().clone(),
                nearest: nearest(name.get_ref(), self.rules.iter().map(String::as_str)).map(str::to_owned),
            }),
        }
    }
}

fn set<T, N>(target: &mut T, value: Option<T>, note: impl FnOnce() -> N) {
    if let Some(value) = value {
        *target = value;
        note();
    }
}

fn texts(words: &[Spanned<String>]) -> Vec<String> {
    words.iter().map(|word| word.get_ref().clone()).collect()
}

fn globs(document: &Document, root: &Path, words: &[Spanned<String>]) -> Result<Globs, SettingsError> {
    Globs::new(root, &texts(words)).map_err(|bad| bad_glob(document, words, bad))
}

/// The environment that `word` names, counted from `root`.
fn environment(document: &Document, root: &Path, word: &Spanned<String>) -> Result<PathBuf, SettingsError> {
    let path = paths::absolute(word.get_ref().as_ref(), root);
    match site_packages(&path).is_empty() {
        false => Ok(path),
        true => Err(SettingsError::Invalid {
            place: document.place(word.span()),
            message: format!("`{}` is {NO_ENVIRONMENT}", word.get_ref()),
        }),
    }
}

fn bad_glob(document: &Document, words: &[Spanned<String>], (at, message): (usize, String)) -> SettingsError {
    let word = words.get(at);
    SettingsError::BadGlob {
        place: document.place(word.map_or(0..0, Spanned::span)),
        glob: word.map(|word| word.get_ref().clone()).unwrap_or_default(),
        message,
    }
}

fn thresholds<N>(
    target: &mut Thresholds,
    document: &Document,
    file: &FileThresholds,
    note: &mut impl FnMut(&'static str) -> N,
) -> Result<(), SettingsError> {
    let invalid =
        |span, message: &str| SettingsError::Invalid { place: document.place(span), message: message.to_owned() };
    if let Some(seconds) = &file.keepalive_expiry {
        if !seconds.get_ref().is_finite() || *seconds.get_ref() < 0.0 {
            return Err(invalid(seconds.span(), "`keepalive-expiry` is a number of seconds, 0 or more"));
        }
        target.keepalive_expiry = *seconds.get_ref();
        note("thresholds.keepalive-expiry");
    }
    if let Some(floor) = &file.pool_floor {
        if *floor.get_ref() < 0 {
            return Err(invalid(floor.span(), "`pool-floor` is a number of connections, 0 or more"));
        }
        target.pool_floor = *floor.get_ref();
        note("thresholds.pool-floor");
    }
    Ok(())
}
