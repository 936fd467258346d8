//! What one file says of packages.

use super::requirement::{Requirement, normalise};
use crate::clients::versions::Versions;
use pep440_rs::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use version_ranges::Ranges;

/// Packages that hardly anybody names himself: a file that pins one lists the whole environment.
const BROUGHT_ALONG: &[&str] = &["certifi", "h11", "httpcore", "idna", "sniffio", "charset-normalizer"];

/// What a file is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// All packages of an environment, each with its version.
    Lock,
    /// For pip: some packages.
    Requirements,
    /// What a project needs.
    #[default]
    Manifest,
}

/// One file's packages, by normalised name.
#[derive(Debug, Default)]
pub struct Statement {
    /// What the file is.
    pub kind: Kind,
    /// Folders of the projects that it locks, where it tells them, relative to its own.
    pub members: Vec<PathBuf>,
    packages: BTreeMap<String, Package>,
    /// Extras that are asked for, by package.
    extras: BTreeMap<String, BTreeSet<String>>,
}

/// What is said of one package.
#[derive(Debug)]
struct Package {
    /// Where it is asked for whatever the platform: the versions that all of that allows.
    always: Option<Ranges<Version>>,
    /// Else the versions that one condition or another asks for.
    sometimes: Ranges<Version>,
    words: String,
}

impl Statement {
    /// Of nothing yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Adds what `asked` says.
    pub fn add(&mut self, asked: Requirement) {
        let Requirement { name, extras, set, words, is_conditional } = asked;
        self.add_extras(&name, extras.iter().map(String::as_str));
        let empty = || Package { always: None, sometimes: Ranges::empty(), words: words.clone() };
        let package = self.packages.entry(name).or_insert_with(empty);
        if is_conditional {
            package.sometimes = package.sometimes.union(&set);
        } else {
            package.always =
                Some(package.always.take().map_or_else(|| set.clone(), |always| always.intersection(&set)));
        }
        if package.words != words {
            package.words = package.set().to_string();
        }
    }

    /// Adds extras of a package that another one asks for.
    pub fn add_extras<'a>(&mut self, name: &str, extras: impl IntoIterator<Item = &'a str>) {
        let mut extras = extras.into_iter().map(normalise).peekable();
        if extras.peek().is_some() {
            self.extras.entry(normalise(name)).or_default().extend(extras);
        }
    }

    /// The versions that it gives or allows; `None` where it does not name the package.
    pub fn versions(&self, name: &str) -> Option<Versions> {
        let package = self.packages.get(name)?;
        Some(Versions::allowed(package.set().clone(), &package.words))
    }

    /// The extras of a package that it asks for.
    pub fn extras(&self, name: &str) -> impl Iterator<Item = &str> {
        self.extras.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Whether it gives a version of any package.
    pub fn pins(&self) -> bool {
        self.packages.keys().any(|name| self.is_pinned(name))
    }

    /// Whether every package has its version, some of them one that nobody asks for by itself.
    pub fn looks_compiled(&self) -> bool {
        let brought = self.packages.keys().any(|name| BROUGHT_ALONG.contains(&name.as_str()));
        brought && self.packages.keys().all(|name| self.is_pinned(name))
    }

    fn is_pinned(&self, name: &str) -> bool {
        matches!(self.versions(name), Some(Versions::Exact(_)))
    }
}

impl Package {
    fn set(&self) -> &Ranges<Version> {
        self.always.as_ref().unwrap_or(&self.sometimes)
    }
}
