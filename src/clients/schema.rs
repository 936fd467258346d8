//! The shape of a file in `rules/clients/`: what one library offers, as data.

use serde::Deserialize;
use std::collections::BTreeMap;

/// One library: its clients, one-shot functions, settings objects and dated defaults.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Library {
    /// Name as people call it: `httpx`.
    pub library: String,
    /// Name in the package registry, as a lock file spells it.
    pub package: String,
    /// Text that a file must hold to use the library: its import names. The prefilter looks for these.
    pub imports: Vec<String>,
    /// Day on which the facts were checked, `YYYY-MM-DD`.
    pub verified: String,
    /// Versions they were checked with.
    pub versions: String,
    /// Where the facts stand: package files, documentation, issues.
    pub source: String,
    /// Where settings are read from arguments, for all clients of the library.
    #[serde(default)]
    pub arguments: BTreeMap<String, Vec<String>>,
    /// Defaults for all clients of the library.
    #[serde(default)]
    pub default: Vec<DefaultSpec>,
    /// Kept clients.
    #[serde(default)]
    pub client: Vec<ClientSpec>,
    /// Functions that build a client for each call.
    #[serde(default)]
    pub one_shot: Vec<OneShotSpec>,
    /// Settings objects.
    #[serde(default)]
    pub object: Vec<ObjectSpec>,
}

/// Blocking or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Blocks the thread.
    Sync,
    /// Runs on an event loop.
    Async,
    /// Offers both from one object.
    Both,
}

/// How a client comes by HTTP/2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Http2 {
    /// Not at all.
    #[default]
    Never,
    /// By an argument.
    OptIn,
    /// Unless switched off.
    ByDefault,
}

/// A group of constructors that behave alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientSpec {
    /// Every path by which it can be imported, the usual one first.
    pub symbols: Vec<String>,
    /// Blocking or not.
    pub mode: Mode,
    /// How it comes by HTTP/2.
    #[serde(default)]
    pub http2: Http2,
    /// Cost of one construction in milliseconds (minimum of many), where it was measured.
    pub construction_ms: Option<f64>,
    /// What that time goes into: `loading the CA bundle`.
    pub construction_why: Option<String>,
    /// Source of the figure.
    pub construction_source: Option<String>,
    /// Methods that close it.
    #[serde(default)]
    pub close: Vec<String>,
    /// Left unclosed, its connections stay until the garbage collector runs.
    #[serde(default)]
    pub leaks: bool,
    /// An async client that belongs to the event loop of its first use.
    #[serde(default)]
    pub loop_bound: bool,
    /// Arguments that hand over a ready client, transport or session: its settings hold instead.
    #[serde(default)]
    pub carries: Vec<String>,
    /// Attributes that do nothing when assigned after construction.
    #[serde(default)]
    pub inert: Vec<String>,
    /// Arguments in order, for positional use.
    #[serde(default)]
    pub positional: Vec<String>,
    /// Settings read from other arguments than the library's.
    #[serde(default)]
    pub arguments: BTreeMap<String, Vec<String>>,
    /// Defaults that differ from the library's.
    #[serde(default)]
    pub default: Vec<DefaultSpec>,
    /// Base URL: variables that it reads and documented default.
    pub base_url: Option<BaseUrlSpec>,
    /// Region: what it is read from.
    pub region: Option<RegionSpec>,
    /// First arguments for which the symbol is this client (`boto3.client("bedrock-runtime")`); empty for all.
    #[serde(default)]
    pub services: Vec<String>,
    /// A construction is no client but a holder of configuration (`boto3.Session`): calls on it are looked up, it is not reported.
    #[serde(default)]
    pub holder: bool,
    /// Closing behaviour or sharing caveat for people, one sentence.
    pub caveat: Option<String>,
}

/// One default, dated.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DefaultSpec {
    /// `pool-max`, `pool-idle`, `keepalive-expiry`, `http2`, ...
    pub setting: String,
    /// The value; `"unlimited"` for no limit.
    pub value: toml::Value,
    /// First version with it; from the beginning where absent.
    pub since: Option<String>,
    /// First version without it; to this day where absent.
    pub until: Option<String>,
    /// File and line, or measurement.
    pub source: String,
}

/// A function that builds and drops a client inside.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OneShotSpec {
    /// Paths.
    pub symbols: Vec<String>,
    /// Blocking or not.
    pub mode: Mode,
    /// The client to share instead: `requests.Session()`.
    pub instead: String,
    /// Position of the URL among the positional arguments.
    #[serde(default)]
    pub url: usize,
    /// Cost of the client inside, in milliseconds.
    pub construction_ms: Option<f64>,
    /// What that time goes into.
    pub construction_why: Option<String>,
    /// Source of the figure.
    pub construction_source: Option<String>,
}

/// A settings object: what its fields are when not named.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObjectSpec {
    /// Paths.
    pub symbols: Vec<String>,
    /// Fields in order, for positional use.
    #[serde(default)]
    pub positional: Vec<String>,
    /// Value of each field that is not named.
    #[serde(default)]
    pub unset: BTreeMap<String, toml::Value>,
    /// Naming some but not all of these resets the others.
    #[serde(default)]
    pub resets: Vec<String>,
    /// What the library uses where no object is given: the numbers to restate.
    #[serde(default)]
    pub library_defaults: BTreeMap<String, toml::Value>,
}

/// Base URL of an SDK.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BaseUrlSpec {
    /// Arguments that set it.
    pub arguments: Vec<String>,
    /// Variables that the SDK reads.
    pub variables: Vec<String>,
    /// Documented default.
    pub default: String,
    /// Source.
    pub source: String,
}

/// Region of an SDK.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RegionSpec {
    /// Arguments that set it.
    pub arguments: Vec<String>,
    /// Arguments that name the endpoint and so make a region needless.
    #[serde(default)]
    pub endpoint_arguments: Vec<String>,
    /// Variables that the SDK reads.
    pub variables: Vec<String>,
    /// What happens without one, a clause: `raises NoRegionError`.
    pub without: String,
    /// Only where this argument is true (`vertexai`).
    pub only_with: Option<String>,
    /// Source.
    pub source: String,
}
