//! The Cargo side of a project: manifests, workspaces, lock files, and `cargo metadata` where the user asks for it.

mod dependency;
mod lock;
mod manifest;
mod metadata;
mod package;
mod requirement;
mod workspace;

pub use metadata::{CargoMetadata, MetadataError};
pub use package::Package;

use crate::frontend::Renames;
use crate::link::CratePackage;
use crate::paths;
use dependency::{Dependency, Purpose, dependencies};
use lock::Lock;
use manifest::Manifest;
use metadata::Metadata;
use package::Shared;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads packages; each file once.
#[derive(Default)]
pub struct Packages {
    cwd: PathBuf,
    /// How to ask Cargo, where the user wants that.
    metadata: Option<CargoMetadata>,
    manifests: HashMap<PathBuf, Option<Arc<Manifest>>>,
    renames: HashMap<PathBuf, Arc<Renames>>,
    shared: HashMap<PathBuf, Arc<Shared>>,
    warnings: Vec<String>,
}

impl Packages {
    /// Of a run in the absolute directory `cwd`.
    pub fn new(cwd: &Path, metadata: Option<CargoMetadata>) -> Self {
        Self { cwd: cwd.to_owned(), metadata, ..Self::default() }
    }

    /// The folder of the package that a file in `folder` belongs to: the nearest with a package, else with any manifest.
    pub fn root_of(&mut self, folder: &Path) -> Option<PathBuf> {
        let mut with_manifest = folder.ancestors().filter_map(|at| self.manifest(at));
        let mut nearest = with_manifest.next()?;
        if !nearest.is_package() {
            nearest = with_manifest.find(|manifest| manifest.is_package()).unwrap_or(nearest);
        }
        Some(nearest.folder.clone())
    }

    /// Whether a manifest stands in `folder`.
    pub fn has_manifest(&mut self, folder: &Path) -> bool {
        self.manifest(folder).is_some()
    }

    /// Crates that the package at `root` knows by another name. Reads no more than its manifest and its workspace's.
    pub fn renames(&mut self, root: &Path) -> Arc<Renames> {
        if let Some(known) = self.renames.get(root) {
            return Arc::clone(known);
        }
        let found = self.manifest(root).map(|manifest| {
            let workspace = self.workspace_of(&manifest);
            dependency::renames(&dependencies(&manifest, workspace.as_deref()))
        });
        let found = Arc::new(found.unwrap_or_default());
        self.renames.insert(root.to_owned(), Arc::clone(&found));
        found
    }

    /// The package at `root`, as other packages name it and as it names others.
    pub fn crate_at(&mut self, root: &Path) -> CratePackage {
        let in_code = |name: &String| name.replace('-', "_");
        let manifest = self.manifest(root);
        let name = manifest.as_ref().and_then(|manifest| manifest.crate_name()).unwrap_or_default();
        let package = manifest.as_ref().and_then(|manifest| manifest.said.package.as_ref()?.name.as_ref().map(in_code));
        let known_as = package.into_iter().chain([name.clone()]).collect();
        let dependencies = manifest.map(|manifest| {
            let workspace = self.workspace_of(&manifest);
            dependencies(&manifest, workspace.as_deref())
        });
        let dependencies = dependencies.unwrap_or_default();
        let needs = dependencies.iter().flat_map(|of| [in_code(&of.key), in_code(&of.package)]).collect();
        CratePackage { root: root.to_owned(), name, known_as, needs }
    }

    /// The package whose manifest stands in `root`.
    pub fn package(&mut self, root: &Path) -> Option<Package> {
        let manifest = self.manifest(root)?;
        let workspace = self.workspace_of(&manifest);
        let top = workspace.clone().unwrap_or_else(|| Arc::clone(&manifest));
        let shared = self.shared(&top);
        let dependencies = dependencies(&manifest, workspace.as_deref());
        Some(Package { manifest, workspace, dependencies, shared })
    }

    /// Problems met so far, as sentences with the path.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn manifest(&mut self, folder: &Path) -> Option<Arc<Manifest>> {
        if let Some(known) = self.manifests.get(folder) {
            return known.clone();
        }
        let read = Manifest::read(folder).map(Arc::new);
        if let Some(error) = read.as_ref().and_then(|manifest| manifest.error.as_ref()) {
            self.warn(&folder.join("Cargo.toml"), &format!("not read as a manifest: {error}"));
        }
        self.manifests.insert(folder.to_owned(), read.clone());
        read
    }

    /// The manifest of the workspace that `manifest` is in: its own, the one that it names, or the nearest above.
    fn workspace_of(&mut self, manifest: &Arc<Manifest>) -> Option<Arc<Manifest>> {
        if manifest.said.workspace.is_some() {
            return Some(Arc::clone(manifest));
        }
        let folder = &manifest.folder;
        if let Some(named) = manifest.said.package.as_ref().and_then(|package| package.workspace.as_ref()) {
            return self.manifest(&paths::absolute(named.as_ref(), folder));
        }
        folder.ancestors().skip(1).filter_map(|at| self.manifest(at)).find(|above| {
            let table = above.said.workspace.as_ref();
            table.is_some_and(|table| !workspace::excludes(table, &above.folder, folder))
        })
    }

    /// What the members of the workspace at `top` share.
    fn shared(&mut self, top: &Arc<Manifest>) -> Arc<Shared> {
        if let Some(known) = self.shared.get(&top.folder) {
            return Arc::clone(known);
        }
        let shared =
            Shared { members: self.built_with(top), lock: self.lock(&top.folder), metadata: self.ask(&top.folder) };
        let shared = Arc::new(shared);
        self.shared.insert(top.folder.clone(), Arc::clone(&shared));
        shared
    }

    /// The dependencies of each member of the workspace at `top`, and of what they depend on by its path.
    fn built_with(&mut self, top: &Manifest) -> Vec<Vec<Dependency>> {
        let (mut todo, mut seen, mut all) = (workspace::members(top), HashSet::new(), Vec::new());
        while let Some(folder) = todo.pop() {
            let Some(manifest) = self.manifest(&folder).filter(|_| seen.insert(folder)) else { continue };
            let workspace = self.workspace_of(&manifest);
            let found = dependencies(&manifest, workspace.as_deref());
            let built = found.iter().filter(|dependency| dependency.purpose == Purpose::Normal);
            todo.extend(built.filter_map(|dependency| dependency.path.clone()));
            all.push(found);
        }
        all
    }

    /// The lock file of the workspace at `folder`. One above belongs to another.
    fn lock(&mut self, folder: &Path) -> Option<Lock> {
        let path = folder.join("Cargo.lock");
        let read = text_of(&path)?.map_err(|error| error.to_string());
        let read = read.and_then(|text| Lock::parse(&text));
        read.map_err(|error| self.warn(&path, &format!("not read as a lock file: {error}"))).ok()
    }

    fn ask(&mut self, folder: &Path) -> Option<Metadata> {
        let answer = self.metadata.as_ref()?.ask(folder);
        let told = |error: MetadataError| {
            let reason = format!("`cargo metadata` failed: {error}; features are read from the manifests");
            self.warn(&folder.join("Cargo.toml"), &reason);
        };
        answer.map_err(told).ok()
    }

    fn warn(&mut self, path: &Path, what: &str) {
        self.warnings.push(format!("{}: {what}", paths::shown(path, &self.cwd)));
    }
}

/// The text of the file at `path`; `None` where there is none. Reading a pipe would wait for ever.
fn text_of(path: &Path) -> Option<io::Result<String>> {
    match path.is_file() {
        true => Some(std::fs::read_to_string(path)),
        false => path.exists().then(|| Err(io::Error::other("not a regular file"))),
    }
}
