//! What the files around Python code say of packages: lock files, requirements, manifests.

mod folder;
mod locks;
mod manifests;
mod pip;
mod requirement;
mod specifier;
mod statement;

pub use folder::Folder;

use crate::clients::versions::Versions;
use crate::finding::Confidence;
use requirement::normalise;
use statement::{Kind, Statement};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Whether a package is installed where the code runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// A file lists it or asks for it.
    Present(Versions),
    /// A file that lists a whole environment does not list it (high), or one that pins the package beside it does not
    /// (medium).
    Absent(Confidence),
    /// Nothing tells.
    Unknown,
}

/// The packages of one project.
#[derive(Debug, Default)]
pub struct Packages {
    root: PathBuf,
    /// The project's folder and those above it within the repository, the nearest first.
    folders: Vec<Arc<Folder>>,
}

impl Packages {
    /// Of the project at `root`.
    pub fn new(root: &Path, folders: Vec<Arc<Folder>>) -> Self {
        Self { root: root.to_owned(), folders }
    }

    /// The versions of `package`: of the nearest lock file that fits what is asked for, else of pins, else what is asked for.
    pub fn versions(&self, package: &str) -> Versions {
        let package = &normalise(package);
        let asked = self.folders.iter().find_map(|folder| folder.asked(package));
        let known = self.folders.iter().flat_map(|folder| [folder.locked(package), folder.pinned(package)]);
        let fitting = known.flatten().find_map(|known| agreeing(known, asked.as_ref()));
        fitting.or(asked).unwrap_or_default()
    }

    /// Whether `package` is installed along with `beside`, which the code uses.
    pub fn presence(&self, package: &str, beside: &str) -> Presence {
        let (package, beside) = (&normalise(package), &normalise(beside));
        if self.statements().any(|said| said.versions(package).is_some()) {
            return Presence::Present(self.versions(package));
        }
        let listing = self.folders.iter().find_map(|folder| Some((folder, folder.listing(beside)?)));
        match listing {
            Some((_, said)) if said.kind == Kind::Requirements => Presence::Absent(Confidence::Medium),
            Some((folder, said)) if self.is_for_it(folder, said) => Presence::Absent(Confidence::High),
            _ => Presence::Unknown,
        }
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

/// Those of the `known` versions that are asked for; none where a lock file is of another project, or too old.
fn agreeing(known: Versions, asked: Option<&Versions>) -> Option<Versions> {
    let (Versions::Exact(all), Some(wanted)) = (&known, asked.and_then(Versions::set)) else { return Some(known) };
    let agreeing = all.iter().filter(|version| wanted.contains(*version)).cloned().collect::<BTreeSet<_>>();
    (!agreeing.is_empty()).then_some(Versions::Exact(agreeing))
}
