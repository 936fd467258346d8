//! What the inventory says of one client, in words and numbers that every format can show.

use super::predict::Prediction;
use crate::finding::{Confidence, Severity};
use crate::lifetime::Level;
use crate::source::{Position, SourceFile, Span};
use serde::Serialize;

/// A place in a file, as people count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct At {
    /// Path as shown.
    pub path: String,
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
}

impl At {
    /// The place of `span` in `source`.
    pub fn new(source: &SourceFile, span: Span) -> Self {
        let end = span.end.max(span.start);
        Self { path: source.path.clone(), start: source.position(span.start), end: source.position(end) }
    }
}

/// `path:line`, with the cell of a notebook.
impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.path)?;
        if let Some(cell) = self.start.cell {
            write!(f, "cell {cell}:")?;
        }
        write!(f, "{}", self.start.line)
    }
}

/// One client, or one function that builds a client for each call.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Where it is built.
    #[serde(flatten)]
    pub at: At,
    /// What it is.
    pub kind: Kind,
    /// Class or function: `httpx.AsyncClient`.
    pub symbol: String,
    /// The library as people call it.
    pub library: String,
    /// Its version, as far as the project says: `0.28.1`, `^0.12.0 (not locked)`.
    pub version: Option<String>,
    /// How often it is built.
    pub lifetime: Lifetime,
    /// Effective settings.
    pub settings: Settings,
    /// Functions that use it.
    pub users: Vec<User>,
    /// What the rules find at it.
    pub findings: Vec<Found>,
    /// What each call pays because of how it is built.
    pub cost: Cost,
    /// What the calls of the workload do to the network; `None` where that cannot be known.
    pub predicted: Option<Prediction>,
    /// Why there is no prediction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where its pool is made: another client's place, where that is handed in.
    #[serde(skip)]
    pub pool: Span,
    /// Index of its file, for findings.
    #[serde(skip)]
    pub file: usize,
    /// Where it stands in the file.
    #[serde(skip)]
    pub span: Span,
}

impl Entry {
    /// Each call connects: it builds a client, or it is one that keeps none.
    pub fn connects_anew(&self) -> bool {
        self.cost.per_call || (self.kind == Kind::OneShot && !self.lifetime.process_wide)
    }
}

/// A client that can be kept, or a function that builds one for each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `httpx.Client()`.
    Client,
    /// `requests.get()`.
    OneShot,
}

/// How often a client is built.
#[derive(Debug, Clone, Serialize)]
pub struct Lifetime {
    /// Class of lifetime.
    pub level: Level,
    /// How sure that is.
    pub confidence: Confidence,
    /// For people: `in each turn of a loop`.
    pub text: String,
    /// Its pool is that of another client, which it is handed to.
    pub owned: bool,
    /// It uses one pool that the whole process shares.
    #[serde(skip)]
    pub process_wide: bool,
    /// How that comes: built, returned, called.
    pub chain: Vec<Step>,
}

/// One step of a chain.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Where.
    #[serde(flatten)]
    pub at: At,
    /// What happens there.
    pub note: String,
}

/// Effective settings, each with its origin.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings {
    /// Connections at most.
    pub pool_max: Cell,
    /// Connections kept while idle.
    pub pool_idle: Cell,
    /// Seconds for which an idle connection is kept.
    pub keepalive_expiry: Cell,
    /// Whether HTTP/2 is spoken where the server offers it.
    pub http2: Cell,
    /// Seconds for a whole call, or for the server's silence.
    pub timeout: Cell,
    /// Seconds for connecting.
    pub connect_timeout: Cell,
    /// Where requests go.
    pub base_url: Cell,
}

/// One value with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The value alone: `100`, `off`, `unlimited`, `unknown`.
    pub value: String,
    /// Where it comes from: `default of httpx 0.28.1`, `set at app.py:14`; empty where there is nothing to say.
    pub origin: String,
}

impl Cell {
    /// Value and origin.
    pub fn new(value: impl Into<String>, origin: impl Into<String>) -> Self {
        Self { value: value.into(), origin: origin.into() }
    }

    /// Not known, and why.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self::new("unknown", why)
    }
}

/// `100 (default of httpx 0.28.1)`.
impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.value.as_str(), self.origin.as_str()) {
            (value, "") => f.write_str(value),
            ("unknown", why) => write!(f, "unknown: {why}"),
            (value, origin) => write!(f, "{value} ({origin})"),
        }
    }
}

/// A function that uses a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Where the function is defined; where the client is used, outside of functions.
    #[serde(flatten)]
    pub at: At,
    /// Its name with that of its class; `module level` outside of functions.
    pub function: String,
    /// The entry point that it is: ``FastAPI route `/chat` ``.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}

/// What a rule finds at a client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Found {
    /// Rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
}

/// What each call pays because of how a client is built.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cost {
    /// Each call builds a client and connects.
    pub per_call: bool,
    /// Measured milliseconds of one construction, where it was measured.
    pub construction_ms: Option<f64>,
    /// For people: `21 ms and a handshake for each call`.
    pub text: String,
}
