//! The versions that a manifest asks for.

use crate::clients::versions::Versions;
use pep440_rs::Version as Pep440;
use semver::{Comparator, Op, Version, VersionReq};
use std::str::FromStr;
use version_ranges::Ranges;

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

    /// All versions that it allows.
    pub fn versions(&self) -> Versions {
        let Some(requirement) = &self.0 else { return Versions::Unknown };
        let sets = requirement.comparators.iter().map(allowed);
        let set = sets.fold(Ranges::full(), |all, set| all.intersection(&set));
        Versions::allowed(set, &requirement.to_string())
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

/// The versions that `asked` allows, by the rules of Cargo; all where the version is none of ours.
fn allowed(asked: &Comparator) -> Ranges<Pep440> {
    let (minor, patch) = (asked.minor.unwrap_or(0), asked.patch.unwrap_or(0));
    let least = Version { pre: asked.pre.clone(), ..Version::new(asked.major, minor, patch) };
    let Some(least) = plain(&least) else { return Ranges::full() };
    let by_major = || Pep440::new([asked.major.saturating_add(1), 0, 0]);
    let by_minor = || Pep440::new([asked.major, minor.saturating_add(1), 0]);
    let by_patch = || Pep440::new([asked.major, minor, patch.saturating_add(1)]);
    // The first version after all that have the numbers which are given.
    let after = match (asked.minor, asked.patch) {
        (None, _) => by_major(),
        (_, None) => by_minor(),
        _ => by_patch(),
    };
    match asked.op {
        Op::Exact if asked.patch.is_some() => Ranges::singleton(least),
        Op::Greater if asked.patch.is_some() => Ranges::strictly_higher_than(least),
        Op::Greater => Ranges::higher_than(after),
        Op::GreaterEq => Ranges::higher_than(least),
        Op::Less => Ranges::strictly_lower_than(least),
        Op::LessEq if asked.patch.is_some() => Ranges::lower_than(least),
        Op::LessEq => Ranges::strictly_lower_than(after),
        Op::Tilde if asked.minor.is_some() => Ranges::from_range_bounds(least..by_minor()),
        Op::Caret if asked.major > 0 || asked.minor.is_none() => Ranges::from_range_bounds(least..by_major()),
        Op::Caret if minor > 0 || asked.patch.is_none() => Ranges::from_range_bounds(least..by_minor()),
        _ => Ranges::from_range_bounds(least..after),
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
