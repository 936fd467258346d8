//! How pools behave, as data: for predictions of what calls do to the network.

use serde::Deserialize;

/// What a pool does in versions from `since` up to `until`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PoolSpec {
    /// First version.
    pub since: Option<String>,
    /// First version that is not.
    pub until: Option<String>,
    /// What a call does that finds `pool-max` connections busy.
    pub at_max: AtMax,
    /// What counts against `pool-idle` when a response has ended.
    #[serde(default)]
    pub counted: Counted,
    /// What calls at once do that find no connection, where HTTP/2 is spoken.
    #[serde(default)]
    pub http2_start: Http2Start,
    /// Settings with which HTTP/2 is sure before the first connection is made, so that calls at once wait for that one:
    /// `http2_prior_knowledge`.
    #[serde(default)]
    pub http2_sure: Vec<String>,
    /// A connection is put back a while after its response has ended: a call that follows at once may miss it, and open
    /// another one.
    #[serde(default)]
    pub returns_late: bool,
    /// What HTTP/2 cannot be had without.
    pub http2_needs: Option<NeedsSpec>,
    /// File and line, or measurement.
    pub source: String,
}

/// A package without which a setting fails.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NeedsSpec {
    /// Name in the registry.
    pub package: String,
    /// The exception without it.
    pub error: String,
}

/// What a call does that finds all connections busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtMax {
    /// It waits for one.
    Wait,
    /// It opens one more, unless `pool-block` is on; what the pool cannot keep is closed after its response.
    Open,
}

/// Which connections count when one becomes idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// The idle ones.
    #[default]
    Idle,
    /// All of the pool, the busy ones too.
    All,
}

/// What calls at once do that find no connection, where HTTP/2 is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Http2Start {
    /// They wait for the first connection.
    #[default]
    One,
    /// Each connects; all but the first of these connections are thrown away.
    Each,
}

/// The library whose pool a library uses: `httpx` below `anthropic`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OverSpec {
    /// Name of that library.
    pub library: String,
    /// First version that does.
    pub since: Option<String>,
    /// First version that does not.
    pub until: Option<String>,
    /// Who says so.
    pub source: String,
}
