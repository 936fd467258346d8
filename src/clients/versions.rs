//! The versions of a package that a project may run with, and whether a fact holds for them.

use pep440_rs::Version;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::str::FromStr;
use version_ranges::Ranges;

/// What a project says of a package's version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Versions {
    /// Locked, pinned or installed: one, or one for each platform.
    Exact(BTreeSet<Version>),
    /// What a manifest allows; no lock file says which of them it is.
    Allowed {
        /// Those that it allows.
        set: Ranges<Version>,
        /// The same as written: `>=0.27,<1`, `^0.12`.
        words: String,
    },
    /// Nothing tells.
    #[default]
    Unknown,
}

/// How much of a set of versions a fact holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// All of it.
    Whole,
    /// One part, and not another.
    Part,
    /// None of it.
    None,
}

impl From<Version> for Versions {
    fn from(version: Version) -> Self {
        Self::Exact(BTreeSet::from([version]))
    }
}

impl Versions {
    /// Those in `set`, which a file gives or asks for in `words`. Nothing is known where it allows none, or all.
    pub fn allowed(set: Ranges<Version>, words: &str) -> Self {
        let single = |(from, to): (&Bound<Version>, &Bound<Version>)| match (from, to) {
            (Bound::Included(from), Bound::Included(to)) if from == to => Some(from.clone()),
            _ => None,
        };
        match set.iter().map(single).collect::<Option<BTreeSet<_>>>() {
            Some(none) if none.is_empty() => Self::Unknown,
            Some(all) => Self::Exact(all),
            None if set == Ranges::full() => Self::Unknown,
            None => Self::Allowed { set, words: words.to_owned() },
        }
    }

    /// The version, where there is one only.
    pub fn exact(&self) -> Option<&Version> {
        match self {
            Self::Exact(all) => all.first().filter(|_| all.len() == 1),
            Self::Allowed { .. } | Self::Unknown => None,
        }
    }

    /// All of them; `None` where nothing is known.
    pub fn set(&self) -> Option<Ranges<Version>> {
        match self {
            Self::Exact(all) => {
                Some(all.iter().cloned().map(Ranges::singleton).fold(Ranges::empty(), |a, b| a.union(&b)))
            }
            Self::Allowed { set, .. } => Some(set.clone()),
            Self::Unknown => None,
        }
    }

    /// How much of it lies from `since` on and before `until`. Where nothing is known, the newest version is assumed.
    pub fn fit(&self, since: Option<&str>, until: Option<&str>) -> Fit {
        let range = range(since, until);
        match self.set() {
            None if until.is_none() => Fit::Whole,
            None => Fit::None,
            Some(set) if set.subset_of(&range) => Fit::Whole,
            Some(set) if set.is_disjoint(&range) => Fit::None,
            Some(_) => Fit::Part,
        }
    }
}

/// The versions from `since` on and before `until`.
pub fn range(since: Option<&str>, until: Option<&str>) -> Ranges<Version> {
    let bound = |text: Option<&str>| text.and_then(|text| Version::from_str(text).ok());
    let above = bound(since).map_or_else(Ranges::full, Ranges::higher_than);
    let below = bound(until).map_or_else(Ranges::full, Ranges::strictly_lower_than);
    above.intersection(&below)
}

/// The bounds of a fact's range in words, after one that ends at `before`: `before 0.22.0`, `since`, `from 1.0 before 2.0`.
pub fn words(range: &Ranges<Version>, before: Option<&Version>) -> String {
    let (since, until) = bounds(range);
    match (since, until) {
        (Some(since), None) if Some(since) == before => "since".to_owned(),
        (Some(since), None) => format!("since {since}"),
        (Some(since), Some(until)) if Some(since) == before => format!("then before {until}"),
        (Some(since), Some(until)) => format!("from {since} before {until}"),
        (None, Some(until)) => format!("before {until}"),
        (None, None) => "else".to_owned(),
    }
}

/// Where a range begins and ends.
pub fn bounds(range: &Ranges<Version>) -> (Option<&Version>, Option<&Version>) {
    let version = |bound| match bound {
        Bound::Included(version) | Bound::Excluded(version) => Some(version),
        Bound::Unbounded => None,
    };
    range.bounding_range().map_or((None, None), |(from, to)| (version(from), version(to)))
}
