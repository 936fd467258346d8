//! What the project around a source file says: locked versions, Cargo features, and variables that its configuration sets.

pub mod cargo;
mod files;
mod problem;
mod python;
mod variables;

pub use python::{Presence, site_packages};

use crate::clients::resolved::{Features, Resolved};
use crate::clients::schema::Library;
use crate::frontend::Renames;
use crate::link::CratePackage;
use crate::source::Language;
use cargo::{CargoMetadata, Package};
use pep440_rs::Version;
use std::collections::{BTreeSet, HashMap};
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
    /// What its files say of Python packages.
    python: python::Packages,
    /// What Cargo's files say, where it is a project of Rust code.
    cargo: Option<Package>,
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
        match &self.cargo {
            Some(package) => package.resolved(library),
            None => Resolved::at(self.python.versions(&library.package)),
        }
    }

    /// The features of `library` that its own manifest switches on, whatever the rest of the build does.
    pub fn own_features(&self, library: &Library) -> Option<Features> {
        self.cargo.as_ref()?.own_features(library)
    }

    /// The oldest Rust compiler that it is to be built with (`package.rust-version`).
    pub fn rust_version(&self) -> Option<Version> {
        self.cargo.as_ref()?.rust_version()
    }

    /// The edition of its Rust code: `2024`.
    pub fn edition(&self) -> Option<&str> {
        self.cargo.as_ref()?.edition()
    }

    /// Whether its Rust code can use `package`: a normal dependency, on some platform at least. Tests' and the build
    /// script's do not count.
    pub fn has_dependency(&self, package: &str) -> bool {
        self.cargo.as_ref().is_some_and(|own| own.has_dependency(package))
    }

    /// Whether the Python package `package` is installed along with `beside`, which the code uses: `h2` along with `httpx`.
    /// A package that is asked for by an extra (see [`Self::extras`]) may be missing from a lock file that is old.
    pub fn presence(&self, package: &str, beside: &str) -> Presence {
        match self.python.presence(package, beside) {
            Presence::Absent(_) if self.configured.iter().any(|all| all.may_install(package, beside)) => {
                Presence::Unknown
            }
            known => known,
        }
    }

    /// The extras of the Python package `package` that are asked for, by the project or by what it depends on: `http2` of
    /// `httpx[http2]`.
    pub fn extras(&self, package: &str) -> BTreeSet<&str> {
        self.python.extras(package)
    }

    /// Whether a configuration file sets the environment variable `name`.
    pub fn sets(&self, name: &str) -> bool {
        self.configured.iter().any(|configured| configured.variables.contains(name))
    }

    /// Whether what runs the program sets the environment variable `name`: an environment file or an image, not a workflow.
    pub fn runs_with(&self, name: &str) -> bool {
        self.configured.iter().any(|configured| configured.run_with.contains(name))
    }
}

/// Whether the folder is a distribution's source (`[build-system]`, `setup.py`) or an unpacked one (`*.dist-info`).
fn is_package(root: &Path) -> bool {
    // What is wrong with it is told where its dependencies are read.
    let manifest = files::Files::new(root).text(&root.join("pyproject.toml"), "a manifest");
    let builds = manifest.is_some_and(|text| text.contains("[build-system]"));
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let unpacked =
        || entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|end| end == "dist-info"));
    builds || root.join("setup.py").exists() || unpacked()
}

/// Projects by folder; in a monorepo many share a lock file and a configuration, so each is read once.
#[derive(Default)]
pub struct Projects {
    cwd: PathBuf,
    by_folder: HashMap<(PathBuf, PathBuf, Language), PathBuf>,
    /// By root, and whether it is a project of Rust code: in mixed folders both kinds stand side by side.
    by_root: HashMap<(PathBuf, bool, Option<PathBuf>), Arc<Project>>,
    packages: cargo::Packages,
    crates: HashMap<PathBuf, Arc<CratePackage>>,
    folders: HashMap<PathBuf, Arc<python::Folder>>,
    environments: HashMap<PathBuf, Option<Arc<python::Statement>>>,
    configured: HashMap<PathBuf, Arc<Configuration>>,
}

impl Projects {
    /// Of a run in the absolute directory `cwd`; problems are told with paths relative to it. Cargo is asked only if the user
    /// wants that (`metadata`).
    pub fn new(cwd: &Path, metadata: Option<CargoMetadata>) -> Self {
        Self { cwd: cwd.to_owned(), packages: cargo::Packages::new(cwd, metadata), ..Self::default() }
    }

    /// The project of the file at the absolute `path`: the nearest folder with a manifest of its language, else the folder
    /// `start` in which the run began to look. Python code may run in the `environment` that the user names.
    pub fn of(&mut self, path: &Path, start: &Path, language: Language, environment: Option<&Path>) -> Arc<Project> {
        let root = self.root_of(path.parent().unwrap_or(start), start, language);
        let key = (root, language != Language::Python, environment.map(Path::to_owned));
        if let Some(known) = self.by_root.get(&key) {
            return Arc::clone(known);
        }
        let project = Arc::new(self.read(&key.0, language, environment));
        self.by_root.insert(key, Arc::clone(&project));
        project
    }

    /// Crates that the package of the Rust file at the absolute `path` knows by another name.
    pub fn renames(&mut self, path: &Path) -> Arc<Renames> {
        let root = path.parent().and_then(|folder| self.packages.root_of(folder));
        root.map(|root| self.packages.renames(&root)).unwrap_or_default()
    }

    /// The package of the Rust file at the absolute `path`.
    pub fn crate_of(&mut self, path: &Path) -> Option<Arc<CratePackage>> {
        let root = self.packages.root_of(path.parent()?)?;
        if let Some(known) = self.crates.get(&root) {
            return Some(Arc::clone(known));
        }
        let package = Arc::new(self.packages.crate_at(&root));
        self.crates.insert(root, Arc::clone(&package));
        Some(package)
    }

    fn root_of(&mut self, folder: &Path, start: &Path, language: Language) -> PathBuf {
        let key = (folder.to_owned(), start.to_owned(), language);
        if let Some(known) = self.by_folder.get(&key) {
            return known.clone();
        }
        let marked = match language {
            Language::Python => marked(folder),
            // A manifest speaks for its own folder, also where it describes a workspace only.
            Language::CargoManifest if self.packages.has_manifest(folder) => Some(folder.to_owned()),
            Language::CargoManifest | Language::Rust => self.packages.root_of(folder),
        };
        let root = marked.unwrap_or(start.to_owned());
        self.by_folder.insert(key, root.clone());
        root
    }

    fn read(&mut self, root: &Path, language: Language, environment: Option<&Path>) -> Project {
        let repository = root.ancestors().find(|folder| folder.join(".git").exists());
        let mut project = Project { root: root.to_owned(), ..Project::default() };
        match language {
            Language::Python => {
                let folders = self.folders(root, repository, &mut project.warnings);
                let named = environment.and_then(|path| self.environment(path, &mut project.warnings));
                let python = python::Packages::new(root, folders, named);
                let usual = root.join(python::USUAL_ENVIRONMENT);
                let looked_for = python.may_look_for_environment().then_some(usual);
                let found = looked_for.and_then(|path| self.environment(&path, &mut project.warnings));
                project.python = python.with_found(found);
            }
            Language::Rust | Language::CargoManifest => project.cargo = self.packages.package(root),
        }
        let mut configured = |folder: &Path| {
            let known = self.configured.entry(folder.to_owned());
            Arc::clone(known.or_insert_with(|| Arc::new(Configuration::read(folder))))
        };
        let own = configured(root);
        let published = project.cargo.as_ref().map_or_else(|| is_package(root), Package::is_library);
        project.is_library = !own.deploys && published;
        project.configured =
            [Some(own), repository.filter(|folder| *folder != root).map(configured)].into_iter().flatten().collect();
        project
    }

    /// What files say of Python packages in `root` and above it, within the repository.
    fn folders(
        &mut self,
        root: &Path,
        repository: Option<&Path>,
        warnings: &mut Vec<String>,
    ) -> Vec<Arc<python::Folder>> {
        let mut folders: Vec<Arc<python::Folder>> = Vec::new();
        for path in root.ancestors() {
            let known = self.folders.entry(path.to_owned());
            let folder = Arc::clone(known.or_insert_with(|| Arc::new(python::Folder::read(path, &self.cwd))));
            // Outside a repository, what stands above what tells is of others.
            let is_last = Some(path) == repository || (repository.is_none() && folder.gives_versions());
            folders.push(folder);
            if is_last {
                break;
            }
        }
        warnings.extend(folders.iter().flat_map(|folder| folder.warnings.iter().cloned()));
        folders
    }

    /// What is installed in the environment at `path`.
    fn environment(&mut self, path: &Path, warnings: &mut Vec<String>) -> Option<Arc<python::Statement>> {
        let known = self.environments.entry(path.to_owned());
        let read = || {
            let mut files = files::Files::new(&self.cwd);
            let found = python::Statement::of_environment(path, &mut files);
            warnings.append(&mut files.warnings);
            found.map(Arc::new)
        };
        known.or_insert_with(read).clone()
    }

    /// Problems met in all projects so far, ordered.
    pub fn warnings(&self) -> Vec<String> {
        let all = self.by_root.values().flat_map(|project| &project.warnings).chain(self.packages.warnings());
        let mut warnings: Vec<String> = all.cloned().collect();
        warnings.sort();
        warnings.dedup();
        warnings
    }
}

/// The nearest folder that holds a mark of a project.
fn marked(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|at| ROOT_MARKS.iter().any(|mark| at.join(mark).exists())).map(Path::to_owned)
}
