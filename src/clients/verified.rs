//! What `scripts/check-facts.py` found in the real packages, and when: `rules/verified/`.

use serde::Deserialize;
use std::sync::LazyLock;

static RECORD: LazyLock<Record> = LazyLock::new(|| {
    // A test proves that the embedded record parses.
    toml::from_str(include_str!("../../rules/verified/python.toml")).unwrap_or_default()
});

/// The record of a run.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    library: Vec<Verified>,
}

/// What was found of one library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verified {
    /// Name of the library.
    pub library: String,
    /// Day of the run, `YYYY-MM-DD`.
    pub verified: String,
    /// Version of Python that it ran on.
    pub python: String,
    /// Versions that were installed and looked at, in order.
    pub versions: Vec<String>,
    /// Versions that were to be looked at, but do not install there.
    pub not_installed: Vec<String>,
    /// The facts.
    pub found: Vec<Found>,
}

/// A fact that some versions share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The client or settings object.
    pub subject: String,
    /// A setting, or what else of it: `base-url`, `unset max_connections`, `positional`.
    pub fact: String,
    /// As found.
    pub value: toml::Value,
    /// First of the versions looked at that it was found in.
    pub from: String,
    /// Last of them.
    pub to: String,
}

impl Verified {
    /// The record of `library`, where there is one.
    pub fn of(library: &str) -> Option<&'static Verified> {
        RECORD.library.iter().find(|verified| verified.library == library)
    }

    /// The versions that `found` holds for, of those that were looked at.
    pub fn versions_of(&self, found: &Found) -> &[String] {
        let place = |version: &String| self.versions.iter().position(|at| at == version);
        let range = place(&found.from).zip(place(&found.to));
        range.and_then(|(from, to)| self.versions.get(from..=to)).unwrap_or_default()
    }
}
