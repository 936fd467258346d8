//! What is known of handing clients to SDKs, of closing them, and of reading responses to their end.

use super::resolved::Resolved;
use super::schema::Mode;
use serde::Deserialize;

/// HTTP clients that a library makes with its own defaults, so that its user may change one setting and keep the others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnHttpSpec {
    /// First version that has them.
    pub since: String,
    /// The blocking one: `DefaultHttpxClient`.
    pub sync: String,
    /// The async one.
    pub r#async: String,
    /// The same for httpx2, where they are others.
    pub httpx2: Option<(String, String)>,
    /// What a client of one's own loses besides the size of the pool.
    #[serde(default)]
    pub loses: Vec<LossSpec>,
    /// Who says so.
    pub source: String,
}

/// What a client of one's own loses, in some versions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LossSpec {
    /// A clause: `redirects are not followed`.
    pub what: String,
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
}

impl LossSpec {
    /// Whether it is so in all versions of `resolved`.
    pub fn holds(&self, resolved: &Resolved) -> bool {
        resolved.holds(&self.since, &self.until)
    }
}

/// What happens when a closed client is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterClose {
    /// It raises.
    #[default]
    Fails,
    /// It opens connections anew.
    Reconnects,
}

/// Calls with `stream=True`: the response holds its connection until it is read to the end or closed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StreamSpec {
    /// Methods of the library's clients that return such a response: `messages.create`.
    pub methods: Vec<String>,
    /// What else happens to one that is left unread, a sentence.
    pub unread: Option<String>,
    /// How it is closed, a sentence.
    pub close: String,
    /// Responses that the library itself does not read to the end of the body.
    #[serde(default)]
    pub cut_short: Vec<CutShortSpec>,
    /// Who says so.
    pub source: String,
}

/// Responses of which the library leaves the end unread, so that HTTP/1.1 connections are lost, even if its user reads all
/// that it gives out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CutShortSpec {
    /// Methods that return such a response.
    pub methods: Vec<String>,
    /// Of the blocking or the async clients.
    pub mode: Mode,
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
    /// Who says so.
    pub source: String,
}
