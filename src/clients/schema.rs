//! The shape of a file in `rules/clients/`: what one library offers, as data.
//!
//! Settings have canonical names, the keys of `arguments` and the `setting` of a default: `pool-max` (connections at
//! most; per host for requests, niquests, urllib3 and boto3), `pool-idle` (kept while idle), `keepalive-expiry` (seconds),
//! `http2`, `force-close` and `pool-block` (yes or no), `headers` (a map).
//!
//! How a setting is found. Each entry of `arguments` is a list of [places](super::places::SettingPlace); the first whose
//! argument is given wins. Only if none is given does the default hold. A place below a known object
//! (`limits.max_connections`) takes the object's `unset` value where the object does not name the field; below an
//! unknown value it is unknown. `None` in a field means no limit.
//!
//! How `carries` goes with that. Once an argument of `carries` is given (and is not `None`), no default and no place
//! outside that argument counts any more, `headers` excepted. What counts is, in this order: a place below it, where it
//! is a known settings object (`connector.limit` of an `aiohttp.TCPConnector`, `transport.http2` of an
//! `httpx.HTTPTransport`); the effective settings of the client, where it is a known client
//! (`http_client=httpx.Client(..)`); else the setting is unknown. So an argument may stand in `carries` and in
//! `arguments` without a clash. An entry of `carries` may itself be a place (`http_options.httpx_client`).

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
    /// Where settings are read from, for all clients of the library: setting to places.
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
    /// Loses requests when threads share it and HTTP/2 is on: two of them may take the same stream.
    #[serde(default)]
    pub http2_thread_race: bool,
    /// Arguments that hand over a ready client, transport, session or connector: its settings hold instead (see above).
    #[serde(default)]
    pub carries: Vec<String>,
    /// Attributes that do nothing when assigned after construction.
    #[serde(default)]
    pub inert: Vec<String>,
    /// Arguments in order, for positional use.
    #[serde(default)]
    pub positional: Vec<String>,
    /// Settings read from other places than the library's; a setting named here does not look at the library's places.
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
    /// All calls go to one host, whatever the arguments are (an in-house wrapper, say).
    #[serde(default)]
    pub fixed_host: bool,
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
    /// Value of each field that is not named. A dotted key (`limits.max_connections`) is the value below a field that
    /// is not named itself.
    #[serde(default)]
    pub unset: BTreeMap<String, toml::Value>,
    /// Naming some but not all of these resets the others to their `unset` values; it matters where that is not the value
    /// in `library_defaults`.
    #[serde(default)]
    pub resets: Vec<String>,
    /// What the library uses where no object is given: the numbers to restate.
    #[serde(default)]
    pub library_defaults: BTreeMap<String, toml::Value>,
    /// Fields in which `0` means no limit.
    #[serde(default)]
    pub zero_is_unlimited: Vec<String>,
}

/// Base URL of an SDK.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BaseUrlSpec {
    /// Arguments that set it, as places (`base_url`, `http_options.base_url`).
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
    /// Arguments that set it, as places.
    pub arguments: Vec<String>,
    /// Arguments that name the endpoint and so make a region needless.
    #[serde(default)]
    pub endpoint_arguments: Vec<String>,
    /// Variables that the SDK reads: for the region, or for the endpoint where that makes a region needless.
    pub variables: Vec<String>,
    /// What happens without one, a clause: `raises NoRegionError`.
    pub without: String,
    /// Only where this argument is literally true (`vertexai`).
    pub only_with: Option<String>,
    /// Source.
    pub source: String,
}
