//! What the project around a source file says: locked versions, and variables that its configuration sets.

mod locks;
mod variables;

use crate::clients::resolved::Resolved;
use crate::clients::schema::Library;
use locks::Locked;
use pep440_rs::Version;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use variables::Configuration;

/// Files whose presence makes a folder the root of a project.
const ROOT_MARKS: &[&str] =
    &["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "uv.lock", "poetry.lock", ".git"];

/// One project: a folder with a manifest.
#[derive(Debug, Default)]
pub struct Project {
    /// Its folder.
    pub root: PathBuf,
    /// Locked or pinned versions.
    locked: Arc<Locked>,
    /// What its configuration files and those of its repository set.
    configured: Vec<Arc<Configuration>>,
    /// It is published for others to use, and nothing in it deploys it: its users set the environment.
    pub is_library: bool,
    /// Problems met while reading, as sentences with the path.
    pub warnings: Vec<String>,
}

impl Project {
    /// What the project resolves `library` to.
    pub fn resolved(&self, library: &Library) -> Resolved {
        Resolved { version: self.version(&library.package), ..Resolved::default() }
    }

    fn version(&self, package: &str) -> Option<Version> {
        self.locked.versions.get(&locks::normalise(package)).cloned()
    }

    /// The oldest toolchain that the package promises to build with.
    pub fn rust_version(&self) -> Option<Version> {
        None
    }

    /// Whether the package depends on `package`.
    pub fn has_dependency(&self, _package: &str) -> bool {
        false
    }

    /// Whether a configuration file sets the environment variable `name`.
    pub fn sets(&self, name: &str) -> bool {
        self.configured.iter().any(|configured| configured.variables.contains(name))
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

/// Projects by folder; in a monorepo many share a lock file and a configuration, so each is read once.
#[derive(Default)]
pub struct Projects {
    cwd: PathBuf,
    by_folder: HashMap<(PathBuf, PathBuf), PathBuf>,
    by_root: HashMap<PathBuf, Arc<Project>>,
    locked: HashMap<PathBuf, Arc<Locked>>,
    configured: HashMap<PathBuf, Arc<Configuration>>,
}

impl Projects {
    /// Of a run in the absolute directory `cwd`; problems are told with paths relative to it.
    pub fn new(cwd: &Path) -> Self {
        Self { cwd: cwd.to_owned(), ..Self::default() }
    }

    /// The project of the file at the absolute `path`: the nearest folder with a manifest, else the folder `start` in
    /// which the run began to look.
    pub fn of(&mut self, path: &Path, start: &Path) -> Arc<Project> {
        let folder = path.parent().unwrap_or(start).to_owned();
        let root = self.by_folder.entry((folder, start.to_owned())).or_insert_with_key(|(folder, start)| {
            let marked = folder.ancestors().find(|at| ROOT_MARKS.iter().any(|mark| at.join(mark).exists()));
            marked.unwrap_or(start).to_owned()
        });
        let root = root.clone();
        if let Some(known) = self.by_root.get(&root) {
            return Arc::clone(known);
        }
        let project = Arc::new(self.read(&root));
        self.by_root.insert(root, Arc::clone(&project));
        project
    }

    /// Reads the project at `root`: the nearest lock files in it or above it, and the configuration files of it and of the
    /// repository that it lies in.
    fn read(&mut self, root: &Path) -> Project {
        let repository = root.ancestors().find(|folder| folder.join(".git").exists());
        let mut project = Project { root: root.to_owned(), ..Project::default() };
        for folder in root.ancestors() {
            let cwd = &self.cwd;
            let locked = self.locked.entry(folder.to_owned()).or_insert_with(|| Arc::new(Locked::read(folder, cwd)));
            project.warnings.extend(locked.warnings.iter().cloned());
            if !locked.versions.is_empty() || Some(folder) == repository {
                project.locked = Arc::clone(locked);
                break;
            }
        }
        let mut configured = |folder: &Path| {
            let known = self.configured.entry(folder.to_owned());
            Arc::clone(known.or_insert_with(|| Arc::new(Configuration::read(folder))))
        };
        let own = configured(root);
        project.is_library = !own.deploys && is_package(root);
        project.configured =
            [Some(own), repository.filter(|folder| *folder != root).map(configured)].into_iter().flatten().collect();
        project
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
