//! The shape of a file in `rules/clients/`: what one library offers, as data.
//!
//! Settings have canonical names, the keys of `arguments` and the `setting` of a default: `pool-max` (connections at
//! most; per host for requests, niquests, urllib3 and boto3), `pool-idle` (kept while idle; per host in Rust),
//! `pool-idle-total` (kept while idle by all hosts together, where `pool-idle` is per host),
//! `keepalive-expiry` (seconds), `http2`, `force-close` and `pool-block` (yes or no), `headers` (a map),
//! `connect-timeout` and `timeout` (seconds), `base-url` (for clients without a `base-url` table), `http1-only` (what
//! switches HTTP/2 off), `pool-max-per-host`.
//!
//! Rust libraries name types as symbols (`reqwest::Client`); `constructors`, `builders` and `finish` tell how one comes to
//! be. The arguments of a construction are then the positional ones of the constructor and the calls on the builder by
//! method name: `.pool_idle_timeout(Duration::from_secs(90))` sets `pool_idle_timeout` to 90.0, a call without arguments
//! sets `true`, `Some(x)` is `x`, `None` is no limit; second and later arguments are `name.1`, `name.2`.
//!
//! How a setting is found. Each entry of `arguments` is a list of [places](super::places::SettingPlace); the first whose
//! argument is given wins. Only if none is given does the default hold. A place below a known object
//! (`limits.max_connections`) takes the object's `unset` value where the object does not name the field; below an
//! unknown value it is unknown. `None` in a field means no limit.
//!
//! How `carries` goes with that. Once an argument of `carries` is given (and is not `None`), it has the connections, and
//! their settings are its own: those of a known settings object, which is asked for the same places below it as the client
//! (`transport.limits.max_connections`), or for those that name it (`connector.limit`); the effective settings of a known
//! client (`http_client=httpx.Client(..)`); else they are unknown. `headers`, base URL and region stay the client's. So do
//! the time-outs, but for those that are said where a client is made that is handed over. An entry of `carries` may itself
//! be a place (`http_options.httpx_client`).

pub use super::endpoints::{BaseUrlSpec, BeforeSpec, RegionSpec, VendorHosts};
pub use super::handling::{AfterClose, LossSpec, OwnHttpSpec, StreamSpec};
pub use super::objects::ObjectSpec;
pub use super::pools::{AtMax, Counted, Http2Start, OverSpec, PoolSpec};
pub use super::versioned::{IgnoredSpec, TakesSpec};
use crate::source::Language;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One library: its clients, one-shot functions, settings objects and dated defaults.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Library {
    /// Name as people call it: `httpx`.
    pub library: String,
    /// Language of the code that uses it.
    #[serde(default)]
    pub language: Language,
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
    /// What arguments have to be.
    #[serde(default)]
    pub takes: Vec<TakesSpec>,
    /// HTTP clients with the library's own defaults, for those who hand one in.
    pub own_http: Option<OwnHttpSpec>,
    /// The hosts of its vendor.
    pub hosts: Option<VendorHosts>,
    /// How its pools behave, by version.
    #[serde(default)]
    pub pool: Vec<PoolSpec>,
    /// Libraries whose pools it uses, by version.
    #[serde(default)]
    pub over: Vec<OverSpec>,
    /// Calls whose response is read piece by piece.
    pub streams: Option<StreamSpec>,
    /// Cost of a construction where it depends on version and Cargo features. The first that fits holds.
    #[serde(default)]
    pub cost: Vec<CostSpec>,
    /// Its Cargo features, by version.
    #[serde(default)]
    pub feature_set: Vec<FeatureSetSpec>,
    /// Versions and Cargo features with which HTTP/2 over TLS cannot be had. The first that fits holds.
    #[serde(default)]
    pub no_http2: Vec<NoHttp2Spec>,
    /// Versions that build a client for each request themselves, whatever their user shares.
    #[serde(default)]
    pub builds_per_call: Vec<BuildsPerCallSpec>,
}

/// Cargo features that must be on or off for a fact to hold. `rustls-tls*` stands for all that start so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FeatureCondition {
    /// All of these are on.
    #[serde(default)]
    pub all: Vec<String>,
    /// At least one of these is on; no matter where empty.
    #[serde(default)]
    pub any: Vec<String>,
    /// None of these is on.
    #[serde(default)]
    pub none: Vec<String>,
}

/// Cost of building a client in some versions, with some features.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CostSpec {
    /// Milliseconds of one construction.
    pub ms: f64,
    /// What the time goes into: `loading the CA bundle with OpenSSL`.
    pub why: String,
    /// Source of the figure.
    pub source: String,
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
    /// Features with which it holds; where they are not known, an entry that has this does not fit.
    pub features: Option<FeatureCondition>,
}

/// What Cargo features switch on, in a range of versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FeatureSetSpec {
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
    /// Features that are on unless `default-features = false`.
    #[serde(default)]
    pub default: Vec<String>,
    /// Features that another one switches on: `native-tls-alpn = ["native-tls"]`.
    #[serde(default)]
    pub implies: BTreeMap<String, Vec<String>>,
    /// Features that need a package: where Cargo.lock does not list it among the dependencies of the library, the feature
    /// is off for certain.
    #[serde(default)]
    pub needs_package: BTreeMap<String, String>,
    /// Builder methods that exist with a feature only (`"http2_*" = "http2"`): code that calls one proves that it is on.
    #[serde(default)]
    pub methods: BTreeMap<String, String>,
    /// File and line, or index.
    pub source: String,
}

/// HTTP/2 over TLS cannot be had.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NoHttp2Spec {
    /// First version with it.
    pub since: Option<String>,
    /// First version without it.
    pub until: Option<String>,
    /// Features with which it holds.
    #[serde(default)]
    pub features: FeatureCondition,
    /// Builder methods that lift it (`use_rustls_tls`).
    #[serde(default)]
    pub unless: Vec<String>,
    /// The feature that is missing: where the lock file shows that it is off, this is certain.
    pub missing: Option<String>,
    /// The manifest contradicts itself (it asks for what it cannot get), so that it is worth saying by itself: the headline.
    pub contradiction: Option<String>,
    /// Features that ask for HTTP/2: a manifest that names one contradicts itself, with the headline for that.
    #[serde(default)]
    pub asks: BTreeMap<String, String>,
    /// Why, a sentence.
    pub why: String,
    /// What to change in the manifest, a sentence.
    pub help: String,
    /// Source.
    pub source: String,
}

/// A library that builds a client for each request itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BuildsPerCallSpec {
    /// First version that does.
    pub since: Option<String>,
    /// First version that does not.
    pub until: Option<String>,
    /// Where, a clause: `every `generate` and `stream` of the Claude, OpenAI, Qwen and Deepseek models`.
    pub what: String,
    /// What to do, a sentence.
    pub help: String,
    /// File and line.
    pub source: String,
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
    /// First version in which it has a pool of its own; in others it is no client. Without a version, the newest counts.
    pub since: Option<String>,
    /// First version in which it has none any more.
    pub until: Option<String>,
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
    /// What a use after closing does: `fails` (the default), or `reconnects`.
    #[serde(default)]
    pub after_close: AfterClose,
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
    /// Sends its own time-outs with each request, so that those of a client that it is given do not count.
    #[serde(default)]
    pub own_timeouts: bool,
    /// Places that hold milliseconds.
    #[serde(default)]
    pub milliseconds: Vec<String>,
    /// Arguments that do nothing.
    #[serde(default)]
    pub ignored: Vec<IgnoredSpec>,
    /// Those of them that it closes with itself, at the end of a `with` around it.
    #[serde(default)]
    pub closes: Vec<String>,
    /// Arguments of its requests that are part of the pool's key: a new object is a new connection (`ssl`).
    #[serde(default)]
    pub pool_key: Vec<String>,
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
    /// First arguments for which the symbol is this client (`boto3.client("bedrock-runtime")`, `openai:*` for all that start
    /// so); empty for all.
    #[serde(default)]
    pub services: Vec<String>,
    /// A construction is no client but a holder of configuration (`boto3.Session`): calls on it are looked up, it is not reported.
    #[serde(default)]
    pub holder: bool,
    /// Closing behaviour or sharing caveat for people, one sentence.
    pub caveat: Option<String>,
    /// Rust: associated functions that make one (`new`), or functions by their whole path (`surf::client`). A `default` here
    /// also stands for `Default::default()` and what calls it.
    #[serde(default)]
    pub constructors: Vec<String>,
    /// Rust: functions that start a builder of it, by their whole path (`reqwest::Client::builder`, `reqwest::ClientBuilder::new`).
    #[serde(default)]
    pub builders: Vec<String>,
    /// Rust: methods that end a builder (`build`).
    #[serde(default)]
    pub finish: Vec<String>,
    /// Rust: those of `constructors` and `finish` that return a `Result`.
    #[serde(default)]
    pub fallible: Vec<String>,
    /// Rust: those of `constructors` and `finish` that are async.
    #[serde(default)]
    pub awaited: Vec<String>,
    /// Rust: builder methods that choose a TLS backend, and the Cargo features of the others, which then count as off:
    /// `use_rustls_tls = ["default-tls", "native-tls*"]`.
    #[serde(default)]
    pub sets_aside: BTreeMap<String, Vec<String>>,
    /// Settings that do nothing without another one: `http2_keep_alive_timeout = "http2_keep_alive_interval"`.
    #[serde(default)]
    pub needs: BTreeMap<String, String>,
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
    /// Cargo features with which it holds; where they are not known, an entry that has this does not fit.
    pub features: Option<FeatureCondition>,
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
    /// The library keeps no connection, whatever is shared: `instead` is a client of another one.
    #[serde(default)]
    pub keeps_none: bool,
    /// It uses one pool that the whole process shares: it only looks like a one-shot.
    #[serde(default)]
    pub process_wide: bool,
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
