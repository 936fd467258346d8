//! What a library takes and what it ignores, by version.

use super::handling::CutShortSpec;
use super::resolved::Resolved;
use super::schema::Mode;
use super::versions::Fit;
use serde::Deserialize;

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
    /// Whether it is so in all versions of `resolved`.
    pub fn holds(&self, resolved: &Resolved) -> bool {
        resolved.versions.fit(self.since.as_deref(), self.until.as_deref()) == Fit::Whole
    }
}

impl CutShortSpec {
    /// Whether responses of the method are cut short in all versions of `resolved`.
    pub fn holds(&self, method: &str, mode: Mode, resolved: &Resolved) -> bool {
        let holds = resolved.versions.fit(self.since.as_deref(), self.until.as_deref()) == Fit::Whole;
        holds && self.mode == mode && self.methods.iter().any(|known| known == method)
    }
}

impl IgnoredSpec {
    /// Whether it is so in all versions of `resolved`.
    pub fn holds(&self, resolved: &Resolved) -> bool {
        resolved.versions.fit(self.since.as_deref(), self.until.as_deref()) == Fit::Whole
    }
}
