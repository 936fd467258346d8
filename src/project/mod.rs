//! What the project around a source file says: locked versions, and variables that its configuration sets.

mod locks;
mod variables;

use pep440_rs::Version;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files whose presence makes a folder the root of a project.
const ROOT_MARKS: &[&str] =
    &["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "uv.lock", "poetry.lock", ".git"];

/// One project: a folder with a manifest.
#[derive(Debug, Default)]
pub struct Project {
    /// Its folder.
    pub root: PathBuf,
    /// Locked or pinned versions by normalised package name.
    pub versions: BTreeMap<String, Version>,
    /// Environment variables that its configuration files set. Values are not kept.
    pub variables: BTreeSet<String>,
    /// Problems met while reading, as sentences with the path.
    pub warnings: Vec<String>,
}

impl Project {
    /// Reads the project at `root`: the lock files in it or above it, and its configuration files.
    fn read(root: &Path) -> Self {
        let mut project = Project { root: root.to_owned(), ..Project::default() };
        for folder in root.ancestors() {
            locks::read(folder, &mut project);
            if !project.versions.is_empty() || folder.join(".git").exists() {
                break;
            }
        }
        project.variables = variables::of(root);
        project
    }

    /// The locked version of `package`.
    pub fn version(&self, package: &str) -> Option<Version> {
        self.versions.get(&locks::normalise(package)).cloned()
    }
}

/// Projects by folder, read once each.
#[derive(Default)]
pub struct Projects {
    by_folder: HashMap<PathBuf, PathBuf>,
    by_root: HashMap<PathBuf, Arc<Project>>,
}

impl Projects {
    /// The project of the file at `path` (absolute).
    pub fn of(&mut self, path: &Path) -> Arc<Project> {
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        let root = self.by_folder.entry(folder).or_insert_with_key(|folder| root_of(folder)).clone();
        self.by_root.entry(root).or_insert_with_key(|root| Arc::new(Project::read(root))).clone()
    }

    /// Problems met in all projects so far, ordered.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<String> =
            self.by_root.values().flat_map(|project| project.warnings.iter().cloned()).collect();
        warnings.sort();
        warnings.dedup();
        warnings
    }
}

/// The nearest folder at or above `folder` with a manifest, else `folder` itself.
fn root_of(folder: &Path) -> PathBuf {
    let marked = folder.ancestors().find(|at| ROOT_MARKS.iter().any(|mark| at.join(mark).exists()));
    marked.unwrap_or(folder).to_owned()
}
