//! The versions that a manifest asks for.

use pep440_rs::Version as Pep440;
use semver::{Op, Version, VersionReq};
use std::str::FromStr;

/// `version = ".."` of a dependency. Where there is none (a path, a repository) every version will do.
#[derive(Debug, Clone, Default)]
pub struct Requirement(Option<VersionReq>);

impl Requirement {
    /// Of the text in a manifest; what is no requirement asks for nothing.
    pub fn parse(text: Option<&str>) -> Self {
        Self(text.and_then(|text| VersionReq::parse(text).ok()))
    }

    /// The least version that it allows, where all that it allows are compatible with each other.
    pub fn least(&self) -> Option<Version> {
        let [only] = self.0.as_ref()?.comparators.as_slice() else { return None };
        let is_one_line = matches!(only.op, Op::Exact | Op::Caret | Op::Tilde | Op::Wildcard);
        // Of `0` each minor version is a line of its own.
        let is_known = only.major > 0 || only.minor.is_some();
        (is_one_line && is_known).then(|| Version {
            pre: only.pre.clone(),
            ..Version::new(only.major, only.minor.unwrap_or(0), only.patch.unwrap_or(0))
        })
    }

    /// Whether `version` satisfies it.
    pub fn allows(&self, version: &Version) -> bool {
        self.0.as_ref().is_none_or(|requirement| requirement.matches(version))
    }

    /// The one version that it allows.
    pub fn exact(&self) -> Option<Version> {
        let [only] = self.0.as_ref()?.comparators.as_slice() else { return None };
        self.least().filter(|_| only.op == Op::Exact && only.patch.is_some())
    }

    /// Whether both ask for the same line of versions.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self.least(), other.least()) {
            (Some(one), Some(two)) => line(&one) == line(&two),
            _ => self.0 == other.0,
        }
    }

    /// Whether `version` is of the line that it asks for. Cargo unifies within a line, so that a manifest that asks for
    /// more within it still speaks of the same build.
    pub fn fits(&self, version: &Version) -> bool {
        match self.least() {
            Some(least) => line(&least) == line(version),
            None => self.allows(version),
        }
    }
}

/// What must be equal for two versions to be compatible.
fn line(version: &Version) -> (u64, u64) {
    (version.major, if version.major == 0 { version.minor } else { 0 })
}

/// The version as the rest of the program compares it; build metadata orders nothing.
pub fn plain(version: &Version) -> Option<Pep440> {
    let plain = Version { build: semver::BuildMetadata::EMPTY, ..version.clone() };
    Pep440::from_str(&plain.to_string()).ok()
}
