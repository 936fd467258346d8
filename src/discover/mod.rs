//! From the paths of the command line to the files to read.

mod ignores;
mod walk;

use crate::finding::Skipped;
use crate::paths;
use crate::settings::{SettingsError, SettingsStore};
use crate::source::read::FileKind;
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that hold no source of the project: version control, environments, caches, build output. They are passed over
/// in a walk, wherever they stand, but not when the user names them.
pub const DEFAULT_EXCLUDES: [&str; 27] = [
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "target",
    "venv",
];

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Absolute path, symbolic links not resolved.
    pub path: PathBuf,
    /// For people: relative to the working directory where the file lies below it, with `/`, else absolute.
    pub shown: String,
    /// With `/`, relative to the folder that the user named, or to the working directory for a file that the user named (its
    /// name alone where it lies elsewhere). For [`crate::settings::Settings::is_test`].
    pub root_relative: String,
    /// Whether the user named the file itself.
    pub explicit: bool,
}

/// What a run has to read, and what it could not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Files to read, each once, ordered by [`Found::shown`].
    pub files: Vec<Found>,
    /// Files and folders that cannot be read, ordered by path. What is ignored or excluded is not among them.
    pub skipped: Vec<Skipped>,
}

impl Discovery {
    /// Files that the user named, as shown.
    pub fn named(&self) -> Vec<String> {
        self.files.iter().filter(|file| file.explicit).map(|file| file.shown.clone()).collect()
    }
}

/// Why there is nothing to run on.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// Paths of the command line that do not exist or cannot be reached.
    #[error("{}", Lines(.0))]
    Paths(Vec<Skipped>),
    /// A configuration on the way cannot be used.
    #[error(transparent)]
    Settings(#[from] Box<SettingsError>),
}

struct Lines<'a>(&'a [Skipped]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|path| format!("{}: {}", path.path, path.reason)).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// Finds the files that `named` (files and folders, as on the command line) mean. With `force_exclude`, exclusions count for
/// the named paths too, and files of other kinds are passed over in silence.
///
/// # Errors
/// [`DiscoverError::Paths`] with all paths that do not exist; [`DiscoverError::Settings`].
pub fn discover(named: &[PathBuf], store: &SettingsStore, force_exclude: bool) -> Result<Discovery, DiscoverError> {
    let kinds: Vec<io::Result<bool>> = named.iter().map(|path| is_folder(&store.cwd().join(path))).collect();
    let missing: Vec<Skipped> =
        named.iter().zip(&kinds).filter_map(|(path, kind)| unreachable(path, kind, store.cwd())).collect();
    if !missing.is_empty() {
        return Err(DiscoverError::Paths(missing));
    }
    let mut gathered = Gathered::new(store.cwd());
    for (path, kind) in named.iter().zip(kinds) {
        let is_folder = kind.unwrap_or(false);
        let path = paths::absolute(path, store.cwd());
        if force_exclude && is_named_excluded(&path, is_folder, store)? {
            continue;
        }
        if is_folder {
            walk::walk(&path, store, &mut gathered)?;
        } else if !force_exclude || FileKind::of(&path).is_some() {
            // A hook hands over every TOML file, to have the manifests among them checked.
            gathered.add_named_file(path);
        }
    }
    Ok(gathered.finish())
}

fn is_folder(path: &Path) -> io::Result<bool> {
    fs::metadata(path).map(|metadata| metadata.is_dir())
}

fn unreachable(path: &Path, kind: &io::Result<bool>, cwd: &Path) -> Option<Skipped> {
    let error = kind.as_ref().err()?;
    let reason = match error.kind() {
        io::ErrorKind::NotFound if cwd.join(path).is_symlink() => "broken symbolic link".to_owned(),
        kind => paths::reason(kind),
    };
    Some(Skipped { path: paths::with_slashes(path), reason })
}

/// Whether an exclusion covers a path that the user named. Default exclusions above the working directory do not count.
fn is_named_excluded(path: &Path, is_folder: bool, store: &SettingsStore) -> Result<bool, Box<SettingsError>> {
    let relative = path.strip_prefix(store.cwd()).unwrap_or(Path::new(""));
    let folders = if is_folder { Some(relative) } else { relative.parent() };
    let by_default = folders.into_iter().flatten().any(is_default_exclude);
    let settings = store.for_file(path)?;
    Ok(by_default || settings.is_excluded(path) || settings.is_entry_excluded(path, is_folder))
}

fn is_default_exclude(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| DEFAULT_EXCLUDES.contains(&name))
}

/// Files gathered so far, by canonical path: links and overlapping arguments give a file several names.
struct Gathered {
    cwd: PathBuf,
    canonical_cwd: PathBuf,
    files: HashMap<PathBuf, Candidate>,
    skipped: Vec<Skipped>,
}

struct Candidate {
    found: Found,
    /// Its path goes through a symbolic link.
    is_link: bool,
}

impl Gathered {
    fn new(cwd: &Path) -> Self {
        let canonical_cwd = fs::canonicalize(cwd).unwrap_or_else(|_| cwd.to_owned());
        Self { cwd: cwd.to_owned(), canonical_cwd, files: HashMap::new(), skipped: Vec::new() }
    }

    fn add_named_file(&mut self, path: PathBuf) {
        let cwd = self.cwd.as_path();
        let shown = paths::shown(&path, cwd);
        if FileKind::of(&path).is_none() {
            return self.skip(shown, "neither Python (.py, .pyi, .ipynb) nor Rust (.rs, Cargo.toml)");
        }
        let root = if path.starts_with(cwd) { Some(cwd) } else { path.parent() };
        let root_relative = paths::shown(&path, root.unwrap_or(cwd));
        let canonical = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        self.add(canonical, Found { path, shown, root_relative, explicit: true });
    }

    fn add(&mut self, canonical: PathBuf, found: Found) {
        // A working directory that is itself reached through a link makes no file in it a link.
        let own = found.path.strip_prefix(&self.cwd).map(|relative| self.canonical_cwd.join(relative));
        let is_link = own.as_ref().unwrap_or(&found.path) != &canonical;
        let candidate = Candidate { found, is_link };
        match self.files.remove(&canonical) {
            Some(known) => self.files.insert(canonical, known.merge(candidate)),
            None => self.files.insert(canonical, candidate),
        };
    }

    fn skip(&mut self, path: String, reason: &str) {
        self.skipped.push(Skipped { path, reason: reason.to_owned() });
    }

    fn finish(mut self) -> Discovery {
        let mut files: Vec<Found> = self.files.into_values().map(|candidate| candidate.found).collect();
        files.sort_by(|left, right| (&left.shown, &left.path).cmp(&(&right.shown, &right.path)));
        self.skipped.sort_by(|left, right| (&left.path, &left.reason).cmp(&(&right.path, &right.reason)));
        self.skipped.dedup();
        Discovery { files, skipped: self.skipped }
    }
}

impl Candidate {
    /// One file found twice: its own name before a link's, and the reading of the innermost folder that the user named.
    fn merge(self, other: Self) -> Self {
        let explicit = self.found.explicit || other.found.explicit;
        let rank = |one: &Self| (one.is_link, one.found.root_relative.len(), one.found.shown.clone());
        let mut first = if rank(&self) <= rank(&other) { self } else { other };
        first.found.explicit = explicit;
        first
    }
}
