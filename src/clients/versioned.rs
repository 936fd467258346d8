//! What a library takes and what it ignores, by version.

use super::handling::CutShortSpec;
use super::resolved::Resolved;
use super::schema::{Library, Mode};
use super::versions::{Fit, range};
use serde::Deserialize;
use version_ranges::Ranges;

/// What an argument has to be, where another package has classes of the same names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TakesSpec {
    /// The argument: `http_client`.
    pub argument: String,
    /// It is one of the library's own HTTP clients, and not of its SDK clients.
    #[serde(default)]
    pub of_own_http: bool,
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
    /// Packages whose classes it takes, the usual one first.
    pub of: Vec<String>,
    /// When a class of another package fails: `when it is constructed`.
    pub when: String,
    /// The exception then. `{given}` is what was given (`httpx.Client`), `{class}` its class, `{wanted}` the class it should be.
    pub error: String,
    /// The exception for a blocking client in the place of an async one, or the reverse; those are told apart where it is given.
    pub kind_error: Option<String>,
    /// File and line, or run.
    pub source: String,
}

/// Arguments that do nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IgnoredSpec {
    /// The arguments; `limits.max_keepalive_connections` is a field of one.
    pub arguments: Vec<String>,
    /// Where this one is given too; anywhere where absent.
    pub beside: Option<String>,
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
    /// Why, a sentence without a full stop.
    pub why: String,
    /// File and line, or measurement.
    pub source: String,
}

impl TakesSpec {
    /// Whether both say the same, apart from versions and errors.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.argument, self.of_own_http, &self.of) == (&other.argument, other.of_own_http, &other.of)
    }
}

impl Library {
    /// What it takes in all versions of `resolved`: of entries that differ in their errors only, the newest that fits.
    pub fn takes_in(&self, resolved: &Resolved) -> Vec<&TakesSpec> {
        let within =
            |takes: &&TakesSpec| resolved.versions.fit(takes.since.as_deref(), takes.until.as_deref()) != Fit::None;
        let fitting: Vec<&TakesSpec> = self.takes.iter().filter(within).collect();
        let set = resolved.versions.set();
        let is_whole = |takes: &TakesSpec| {
            let alike = fitting.iter().filter(|other| other.is_like(takes));
            let ranges = alike.map(|other| range(other.since.as_deref(), other.until.as_deref()));
            let all = ranges.fold(Ranges::empty(), |all, range| all.union(&range));
            set.as_ref().is_none_or(|set| set.subset_of(&all))
        };
        let is_last = |at: usize, takes: &TakesSpec| !fitting.iter().skip(at + 1).any(|later| later.is_like(takes));
        let newest = fitting.iter().enumerate().filter(|(at, takes)| is_last(*at, takes) && is_whole(takes));
        newest.map(|(_, takes)| *takes).collect()
    }
}

impl CutShortSpec {
    /// Whether responses of the method are cut short in all versions of `resolved`.
    pub fn holds(&self, method: &str, mode: Mode, resolved: &Resolved) -> bool {
        resolved.holds(&self.since, &self.until)
            && self.mode == mode
            && self.methods.iter().any(|known| known == method)
    }
}

impl IgnoredSpec {
    /// Whether it is so in all versions of `resolved`.
    pub fn holds(&self, resolved: &Resolved) -> bool {
        resolved.holds(&self.since, &self.until)
    }
}
