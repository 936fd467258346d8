//! Cargo.lock: exact versions, and who depends on whom.

use crate::project::problem;
use semver::Version;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A lock file, by package name; several versions of one package are usual.
#[derive(Debug, Default)]
pub struct Lock {
    packages: BTreeMap<String, Vec<Locked>>,
}

/// One version of one package.
#[derive(Debug)]
pub struct Locked {
    /// The version.
    pub version: Version,
    /// It comes from the workspace itself, not from a registry or a repository.
    is_own: bool,
    /// `name`, or `name version` where several versions are locked, or with the source after it.
    dependencies: Vec<String>,
}

impl Locked {
    /// Whether it depends on `package`.
    pub fn depends_on(&self, package: &str) -> bool {
        self.dependencies.iter().any(|line| line.split(' ').next() == Some(package))
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    package: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    version: String,
    source: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// Reads the text of a lock file. Packages whose version is none are left out.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut packages: BTreeMap<String, Vec<Locked>> = BTreeMap::new();
        for Entry { name, version, source, dependencies } in problem::read::<File>(text)?.package {
            if let Ok(version) = Version::parse(&version) {
                packages.entry(name).or_default().push(Locked { version, is_own: source.is_none(), dependencies });
            }
        }
        Ok(Self { packages })
    }

    /// The version of `package` that `dependent`, a package of the workspace, is built with: the one in its own list, else
    /// any; among several the newest that is `wanted`, else the newest.
    pub fn select(&self, dependent: Option<&str>, package: &str, wanted: impl Fn(&Version) -> bool) -> Option<&Locked> {
        let all: Vec<&Locked> = self.packages.get(package)?.iter().collect();
        let lines = dependent.map_or(&[][..], |dependent| self.lines_of(dependent));
        let narrowed = narrow(all, |locked| lines.iter().any(|line| names(line, package, &locked.version)));
        let narrowed = narrow(narrowed, |locked| wanted(&locked.version));
        narrowed.into_iter().max_by(|a, b| a.version.cmp(&b.version))
    }

    fn lines_of(&self, dependent: &str) -> &[String] {
        let own = self.packages.get(dependent).into_iter().flatten().find(|locked| locked.is_own);
        own.map_or(&[], |locked| locked.dependencies.as_slice())
    }
}

/// Those that `keep` holds for, or all where it holds for none.
fn narrow(all: Vec<&Locked>, keep: impl Fn(&Locked) -> bool) -> Vec<&Locked> {
    let kept: Vec<&Locked> = all.iter().copied().filter(|locked| keep(locked)).collect();
    if kept.is_empty() { all } else { kept }
}

/// Whether a line of a dependency list means this version of `package`.
fn names(line: &str, package: &str, version: &Version) -> bool {
    let mut words = line.split(' ');
    words.next() == Some(package) && words.next().is_none_or(|word| word == version.to_string())
}
