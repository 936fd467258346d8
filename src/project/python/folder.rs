//! What the files of one folder say of Python packages.

use super::statement::{Kind, Statement};
use super::{locks, manifests, pip};
use crate::clients::versions::Versions;
use crate::project::files::Files;
use std::path::{Path, PathBuf};
use version_ranges::Ranges;

/// One folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Files that could not be read as what they are, as sentences with the path.
    pub warnings: Vec<String>,
    locks: Vec<Statement>,
    /// A file each.
    requirements: Vec<Statement>,
    /// What the project itself needs, before what is only asked for besides.
    manifests: Vec<Statement>,
}

impl Folder {
    /// Reads what stands in `path`; problems are told relative to `cwd`.
    pub fn read(path: &Path, cwd: &Path) -> Self {
        let mut files = Files::new(cwd);
        let locks = locks::read(path, &mut files);
        let requirements = requirement_files(path).iter().map(|file| pip::read(file, path, &mut files)).collect();
        let needs = manifests::read(path, &mut files);
        let manifests = vec![needs.own, needs.aside];
        Self { path: path.to_owned(), locks, requirements, manifests, warnings: files.warnings }
    }

    /// What its lock files give.
    pub fn locked(&self, package: &str) -> Option<Versions> {
        self.locks.iter().find_map(|lock| lock.versions(package))
    }

    /// Whether it has a lock file.
    pub fn has_lock(&self) -> bool {
        !self.locks.is_empty()
    }

    /// What its requirements pin: where files differ, any of it may be installed.
    pub fn pinned(&self, package: &str) -> Option<Versions> {
        let said = self.requirements.iter().filter_map(|file| file.versions(package));
        any_of(said.filter(|versions| matches!(versions, Versions::Exact(_))))
    }

    /// Whether it has a lock file, or requirements that pin something.
    pub fn gives_versions(&self) -> bool {
        !self.locks.is_empty() || self.requirements.iter().any(Statement::pins)
    }

    /// What is asked for.
    pub fn asked(&self, package: &str) -> Option<Versions> {
        let own = || self.manifests.first()?.versions(package);
        let in_files = || any_of(self.requirements.iter().filter_map(|file| file.versions(package)));
        let aside = || self.manifests.iter().find_map(|needs| needs.versions(package));
        own().or_else(in_files).or_else(aside)
    }

    /// What one of its files says, each of these with what kind of file that is.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.locks.iter().chain(&self.requirements).chain(&self.manifests)
    }

    /// The file that gives the version of `package`, one of a whole environment first.
    pub fn listing(&self, package: &str) -> Option<&Statement> {
        let gives = |said: &&Statement| matches!(said.versions(package), Some(Versions::Exact(_)));
        let mut whole = self.statements().filter(|said| said.kind == Kind::Lock).filter(gives);
        whole.next().or_else(|| self.requirements.iter().find(gives))
    }
}

/// What holds where one of several files counts, and nothing says which.
fn any_of(mut said: impl Iterator<Item = Versions>) -> Option<Versions> {
    let first = said.next()?;
    Some(said.fold(first, |all, one| match (all.set(), one.set()) {
        _ if all == one => all,
        (Some(set), Some(other)) => both(&set, &other),
        // A file that asks for any version says nothing against the others.
        (None, _) => one,
        (_, None) => all,
    }))
}

fn both(set: &Ranges<pep440_rs::Version>, other: &Ranges<pep440_rs::Version>) -> Versions {
    let union = set.union(other);
    Versions::allowed(union.clone(), &union.to_string())
}

/// `requirements*.txt`, `dev-requirements.txt` and the like, `requirements/*.txt`, and the same ending in `.in`; in order.
fn requirement_files(folder: &Path) -> Vec<PathBuf> {
    let named = |folder: &Path, part: &'static str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.filter(move |path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
            name.contains(part) && (name.ends_with(".txt") || name.ends_with(".in"))
        })
    };
    let mut files: Vec<PathBuf> =
        named(folder, "requirements").chain(named(&folder.join("requirements"), "")).collect();
    files.sort();
    files
}
