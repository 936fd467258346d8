//! What the files around Python code say of packages: lock files, requirements, manifests.

mod conda;
mod environment;
mod folder;
mod locks;
mod manifests;
mod pip;
mod requirement;
mod setup_cfg;
mod specifier;
mod statement;

pub use environment::site_packages;
pub use folder::Folder;
pub use statement::Statement;

use crate::clients::versions::Versions;
use crate::finding::Confidence;
use requirement::normalise;
use statement::Kind;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Whether a package is installed where the code runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// A file lists it or asks for it.
    Present(Versions),
    /// A file that lists a whole environment does not list it (high), or one that pins the package beside it does not, and
    /// nothing else that is asked for brings it along (medium) as far as is known (low).
    Absent(Confidence),
    /// Nothing tells.
    Unknown,
}

/// The environment that tools make in a project's folder.
pub const USUAL_ENVIRONMENT: &str = ".venv";

/// The packages of one project.
#[derive(Debug, Default)]
pub struct Packages {
    root: PathBuf,
    /// The project's folder and those above it within the repository, the nearest first.
    folders: Vec<Arc<Folder>>,
    /// The environment that the user names: it counts before all files.
    named: Option<Arc<Statement>>,
    /// The one in the project's folder, where there is no lock file: it counts before what is asked for only.
    found: Option<Arc<Statement>>,
}

impl Packages {
    /// Of the project at `root`, with the environment that the user names for it.
    pub fn new(root: &Path, folders: Vec<Arc<Folder>>, named: Option<Arc<Statement>>) -> Self {
        Self { root: root.to_owned(), folders, named, found: None }
    }

    /// With the packages of the environment in the project's folder.
    pub fn with_found(self, found: Option<Arc<Statement>>) -> Self {
        Self { found, ..self }
    }

    /// Whether nothing is known of what is installed.
    pub fn may_look_for_environment(&self) -> bool {
        self.named.is_none() && !self.folders.iter().any(|folder| folder.has_lock())
    }

    /// The versions of `package`: of the environment that the user names, else of the nearest lock file that fits what is
    /// asked for, else of pins, else of the environment in the project's folder, else what is asked for.
    pub fn versions(&self, package: &str) -> Versions {
        let package = &normalise(package);
        if let Some(installed) = self.named.as_ref().and_then(|named| named.versions(package)) {
            return installed;
        }
        let mut nearer = None;
        for folder in &self.folders {
            let own = folder.asked(package);
            if let Some(locked) = folder.locked(package).and_then(|known| agreeing(known, nearer.as_ref())) {
                return agreeing(locked.clone(), own.as_ref()).unwrap_or(locked);
            }
            let asked = nearer.or(own);
            if let Some(pinned) = folder.pinned(package).and_then(|known| agreeing(known, asked.as_ref())) {
                return pinned;
            }
            nearer = asked;
        }
        let found = self.found.as_ref().and_then(|found| found.versions(package));
        found.and_then(|known| agreeing(known, nearer.as_ref())).or(nearer).unwrap_or_default()
    }

    /// Whether `package` is installed along with `beside`, which the code uses.
    pub fn presence(&self, package: &str, beside: &str) -> Presence {
        let (package, beside) = (&normalise(package), &normalise(beside));
        let in_environment = |said: &Statement, confidence| match (said.versions(package), said.versions(beside)) {
            (Some(versions), _) => Presence::Present(versions),
            (None, Some(_)) => Presence::Absent(confidence),
            (None, None) => Presence::Unknown,
        };
        if let Some(named) = &self.named {
            return in_environment(named, Confidence::High);
        }
        if self.statements().any(|said| said.versions(package).is_some()) {
            return Presence::Present(self.versions(package));
        }
        let listing = self.folders.iter().find_map(|folder| Some((folder, folder.listing(beside)?)));
        match listing {
            Some((_, said)) if said.kind == Kind::Requirements => self.by_requirements(beside),
            Some((_, said)) if said.is_partial => Presence::Unknown,
            Some((folder, said)) if self.is_for_it(folder, said) => Presence::Absent(Confidence::High),
            Some(_) => Presence::Unknown,
            // It may be out of date, or not the one that the program runs in.
            None => self.found.as_ref().map_or(Presence::Unknown, |found| in_environment(found, Confidence::Medium)),
        }
    }

    /// Whether a package is absent that no file names, though one pins `beside`: what else is asked for may bring it along.
    fn by_requirements(&self, beside: &str) -> Presence {
        if self.statements().any(|said| said.is_partial) {
            return Presence::Unknown;
        }
        let is_all = self.statements().all(|said| said.is_plain(beside));
        Presence::Absent(if is_all { Confidence::Medium } else { Confidence::Low })
    }

    /// The extras of `package` that are asked for: `http2` of `httpx[http2]`.
    pub fn extras(&self, package: &str) -> BTreeSet<&str> {
        let package = normalise(package);
        self.statements().flat_map(|said| said.extras(&package)).collect()
    }

    fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.folders.iter().flat_map(|folder| folder.statements())
    }

    /// Whether a lock file is one of this project: it stands beside it, or names it as a member of its workspace.
    fn is_for_it(&self, folder: &Folder, said: &Statement) -> bool {
        let names = |member: &PathBuf| crate::paths::absolute(member, &folder.path) == self.root;
        folder.path == self.root || said.members.iter().any(names)
    }
}

/// Those of the `known` versions that are asked for; none where the file is of another project, or too old.
fn agreeing(known: Versions, asked: Option<&Versions>) -> Option<Versions> {
    let (Versions::Exact(all), Some(wanted)) = (&known, asked.and_then(Versions::set)) else { return Some(known) };
    let agreeing = all.iter().filter(|version| wanted.contains(*version)).cloned().collect::<BTreeSet<_>>();
    (!agreeing.is_empty()).then_some(Versions::Exact(agreeing))
}
