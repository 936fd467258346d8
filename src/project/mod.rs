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
    /// It is published for others to use, and nothing in it deploys it: its users set the environment.
    pub is_library: bool,
    /// Problems met while reading, as sentences with the path.
    pub warnings: Vec<String>,
}

impl Project {
    /// Reads the project at `root`: the lock files in it or above it, and its configuration files.
    fn read(root: &Path, cwd: &Path) -> Self {
        let mut project = Project { root: root.to_owned(), ..Project::default() };
        for folder in root.ancestors() {
            locks::read(folder, cwd, &mut project);
            if !project.versions.is_empty() || folder.join(".git").exists() {
                break;
            }
        }
        let configuration = variables::of(root);
        project.variables = configuration.variables;
        project.is_library = !configuration.deploys && is_package(root);
        project
    }

    /// The locked version of `package`.
    pub fn version(&self, package: &str) -> Option<Version> {
        self.versions.get(&locks::normalise(package)).cloned()
    }
}

/// Whether the folder is a distribution's source (`[build-system]`, `setup.py`) or an unpacked one (`*.dist-info`).
fn is_package(root: &Path) -> bool {
    let builds = std::fs::read_to_string(root.join("pyproject.toml")).is_ok_and(|text| text.contains("[build-system]"));
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let unpacked =
        || entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|end| end == "dist-info"));
    builds || root.join("setup.py").exists() || unpacked()
}

/// Projects by folder, read once each.
pub struct Projects {
    cwd: PathBuf,
    by_folder: HashMap<(PathBuf, PathBuf), PathBuf>,
    by_root: HashMap<PathBuf, Arc<Project>>,
}

impl Projects {
    /// Of a run in the absolute directory `cwd`; problems are told with paths relative to it.
    pub fn new(cwd: &Path) -> Self {
        Self { cwd: cwd.to_owned(), by_folder: HashMap::new(), by_root: HashMap::new() }
    }

    /// The project of the file at the absolute `path`: the nearest folder with a manifest, else the folder `start` in
    /// which the run began to look.
    pub fn of(&mut self, path: &Path, start: &Path) -> Arc<Project> {
        let folder = path.parent().unwrap_or(start).to_owned();
        let root = self.by_folder.entry((folder, start.to_owned())).or_insert_with_key(|(folder, start)| {
            let marked = folder.ancestors().find(|at| ROOT_MARKS.iter().any(|mark| at.join(mark).exists()));
            marked.unwrap_or(start).to_owned()
        });
        let cwd = &self.cwd;
        let project = self.by_root.entry(root.clone());
        Arc::clone(project.or_insert_with_key(|root| Arc::new(Project::read(root, cwd))))
    }

    /// Problems met in all projects so far, ordered.
    pub fn warnings(&self) -> Vec<String> {
        let all = self.by_root.values().flat_map(|project| project.warnings.iter().cloned());
        let mut warnings: Vec<String> = all.collect();
        warnings.sort();
        warnings.dedup();
        warnings
    }
}
