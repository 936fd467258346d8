//! Which host a client's requests go to: only calls to one host can share a connection.

use super::SiteView;
use crate::frontend::rust_items;
use crate::link::{FunctionRef, Program, SiteRef};
use crate::model::{Object, Setting, UseKind, Value};
use std::collections::{BTreeMap, HashSet};

/// What is known of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// One host: a literal, a constant, a setting of the object.
    Fixed,
    /// Whatever URL the caller, the loop or the data names: nothing to reuse.
    Arbitrary,
    /// This machine: a connection costs next to nothing.
    Local,
    /// Not known.
    Unknown,
}

/// The host of a kept client's requests, from its base URL or from what is requested through it.
pub fn of_client(view: &SiteView<'_>) -> Host {
    if in_process(view) {
        return Host::Local;
    }
    let base = view.site.arguments.get("base_url").map(|setting| of_url(&setting.value));
    if let Some(host) = base.filter(|host| *host != Host::Unknown) {
        return if host == Host::Arbitrary { Host::Unknown } else { host };
    }
    let host =
        |request: &Request<'_>| request.url.map_or(Host::Unknown, |url| through_callers(view, url, request.function));
    let requests = requests(view);
    let hosts: Vec<Host> = requests.iter().map(host).collect();
    match hosts.first() {
        Some(&first) if first != Host::Unknown && hosts.iter().all(|host| *host == first) => {
            forgive_transports(view, first)
        }
        _ if hosts.iter().all(|host| *host == Host::Unknown) && is_fetcher(view, &requests) => {
            forgive_transports(view, Host::Arbitrary)
        }
        _ => Host::Unknown,
    }
}

/// The URL of each request that is sent through a client, where it is given.
fn requested<'a>(view: &SiteView<'a>) -> Vec<Option<&'a Value>> {
    requests(view).into_iter().map(|request| request.url).collect()
}

/// What the URL of each request begins with that is sent through a client; `None` for one that is not known.
pub fn fronts<'a>(view: &SiteView<'a>) -> Vec<Option<&'a str>> {
    requested(view).into_iter().map(|url| front(url?)).collect()
}

/// A request that is sent through a client.
struct Request<'a> {
    /// Its URL, where it is given.
    url: Option<&'a Value>,
    /// The function that sends it.
    function: Option<FunctionRef>,
}

/// Requests in the client's file and in others.
fn requests<'a>(view: &SiteView<'a>) -> Vec<Request<'a>> {
    let own = view.uses().into_iter().filter(|usage| usage.kind == UseKind::Call && is_request(&usage.path));
    let own = own.map(|usage| Request {
        url: url_of(&usage.path, &usage.arguments),
        function: usage.place.function.map(|id| view.file.function(id)),
    });
    let foreign = view.file.program.foreign_uses(SiteRef { file: view.file.index, id: view.id });
    let foreign = foreign.iter().filter(|usage| is_request(&usage.member)).map(|usage| Request {
        url: url_of(&usage.member, &usage.edge.call.arguments),
        function: usage.edge.call.place.function.map(|id| FunctionRef { file: usage.edge.file, id }),
    });
    own.chain(foreign).collect()
}

fn url_of<'a>(method: &str, arguments: &'a BTreeMap<String, Setting>) -> Option<&'a Value> {
    let position = if matches!(method, "request" | "stream") { "1" } else { "0" };
    arguments.get("url").or(arguments.get(position)).map(|url| &url.value)
}

/// The host of a URL in `function`: where that, or its front, is handed in, the one that all callers hand in.
fn through_callers(view: &SiteView<'_>, url: &Value, function: Option<FunctionRef>) -> Host {
    let (mut hosts, mut todo, mut seen) = (Vec::new(), vec![(url, function, false)], HashSet::new());
    while let Some((url, function, is_front)) = todo.pop() {
        let (part, is_front) = match url {
            Value::Joined(parts) => (parts.first().unwrap_or(url), true),
            _ => (url, is_front),
        };
        match function.and_then(|function| Handed::of(view.file.program, part, function)) {
            Some(handed) if seen.insert(handed.parameter) => {
                todo.extend(handed.values.into_iter().map(|(value, function)| (value, function, is_front)));
            }
            Some(_) => {}
            None if is_front && !matches!(url, Value::Joined(_)) => hosts.push(of_front(url)),
            None => hosts.push(of_url(url)),
        }
    }
    match hosts.first() {
        Some(&first) if first != Host::Unknown && hosts.iter().all(|host| *host == first) => first,
        _ => of_url(url),
    }
}

/// What callers hand in for a parameter.
struct Handed<'a> {
    /// The function and the parameter's name.
    parameter: (FunctionRef, &'a str),
    /// The values, and where each stands.
    values: Vec<(&'a Value, Option<FunctionRef>)>,
}

impl<'a> Handed<'a> {
    /// `None` where `url` is no parameter, or not every caller shows what it hands in.
    fn of(program: &Program<'a>, url: &'a Value, function: FunctionRef) -> Option<Self> {
        let Value::Parameter(name) = url else { return None };
        let definition = program.function(function);
        let position = definition.params.iter().position(|param| param == name)?.to_string();
        let is_url = |default: &&Value| matches!(default, Value::Text(_) | Value::Env { .. } | Value::Imported(_));
        let default = definition.defaults.get(name).filter(is_url);
        let given = program.callers(function).into_iter().map(|edge| {
            let setting = edge.call.arguments.get(name).or(edge.call.arguments.get(&position));
            let place = edge.call.place.function.map(|id| FunctionRef { file: edge.file, id });
            setting.map(|setting| (&setting.value, place)).or(default.map(|default| (default, None)))
        });
        let mut values: Vec<_> = given.collect::<Option<_>>()?;
        if values.is_empty() {
            values.extend(default.map(|default| (default, None)));
        }
        (!values.is_empty()).then_some(Self { parameter: (function, name), values })
    }
}

/// What a new connection pays, in parts of a sentence.
pub struct SetUp {
    /// `TCP and TLS set-up`.
    pub what: &'static str,
    /// `2 round trips`.
    pub trips: &'static str,
}

/// What a new connection of the client, or of the one-shot, pays.
pub fn set_up(view: &SiteView<'_>) -> SetUp {
    let arguments = &view.site.arguments;
    let urls = match view.one_shot() {
        Some((_, spec)) => {
            let url = arguments.get("url").or(arguments.get(&spec.url.to_string()));
            vec![url.map(|url| &url.value)]
        }
        None => requested(view),
    };
    let base = arguments.get("base_url").is_some_and(|base| is_plain(&base.value));
    let plain = |url: &Option<&Value>| url.is_some_and(|url| is_plain(url) || (base && !has_scheme(url)));
    match !urls.is_empty() && urls.iter().all(plain) {
        true => SetUp { what: "TCP set-up", trips: "1 round trip" },
        false => SetUp { what: "TCP and TLS set-up", trips: "2 round trips" },
    }
}

/// The text that a value begins with.
fn front(url: &Value) -> Option<&str> {
    match url {
        Value::Text(text) => Some(text),
        Value::Joined(parts) => parts.first().and_then(front),
        _ => None,
    }
}

/// The name of the host that a value's text spells out to its end: `api.example.com`, or `https://api.example.com/v1`.
pub fn name_of(url: &Value) -> Option<String> {
    let text = front(url)?;
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let end = rest.find(['/', ':', '?']);
    let whole = matches!(url, Value::Text(_)) || end.is_some();
    let host = &rest[..end.unwrap_or(rest.len())];
    (whole && !host.contains('@')).then(|| host.to_ascii_lowercase())
}

fn is_plain(url: &Value) -> bool {
    front(url).is_some_and(|text| text.starts_with("http://"))
}

fn has_scheme(url: &Value) -> bool {
    front(url).is_none_or(|text| text.contains("://"))
}

/// Clients for whatever host.
const GENERAL: &[&str] = &[
    "httpx",
    "requests",
    "aiohttp",
    "urllib3",
    "niquests",
    "reqwest",
    "ureq",
    "hyper",
    "attohttpc",
    "minreq",
    "isahc",
    "surf",
    "awc",
];

/// A function that is handed a URL, where what is requested is out of sight: `fetch(url)`.
fn is_fetcher(view: &SiteView<'_>, requests: &[Request<'_>]) -> bool {
    // An SDK has a host of its own; what it is handed is the subject, not the way.
    if !GENERAL.iter().any(|library| view.site.symbol.starts_with(library)) {
        return false;
    }
    let own = view.site.place.function.map(|function| view.file.function(function));
    let senders = requests.iter().filter_map(|request| request.function);
    // Also through `client.send(client.build_request(..))`.
    let foreign = view.file.program.foreign_uses(SiteRef { file: view.file.index, id: view.id }).iter();
    let users =
        foreign.filter_map(|usage| Some(FunctionRef { file: usage.edge.file, id: usage.edge.call.place.function? }));
    let senders = senders.chain(users);
    let functions = own.into_iter().chain(view.lifetime.hot).chain(senders);
    functions.map(|function| view.file.program.function(function)).any(|function| {
        function.params.iter().any(|name| matches!(name.as_str(), "url" | "uri" | "link" | "href" | "image_url"))
    })
}

/// Whether all that the client does is to listen to a stream (`stream("GET", ..)`): one connection, held for long.
pub fn listens(view: &SiteView<'_>) -> bool {
    let uses = view.uses();
    let reads = |value: &Value| matches!(value, Value::Text(method) if method.eq_ignore_ascii_case("get"));
    let sent = || uses.iter().filter(|usage| usage.kind == UseKind::Call && is_request(&usage.path));
    // A web socket is a connection of its own, whatever the pool holds.
    if sent().next().is_some() && sent().all(|usage| usage.path == "ws_connect") {
        return true;
    }
    let mut requests = sent().peekable();
    requests.peek().is_some()
        && requests
            .all(|usage| usage.path == "stream" && usage.arguments.get("0").is_some_and(|method| reads(&method.value)))
}

/// The host of a one-shot's request.
pub fn of_one_shot(view: &SiteView<'_>, position: usize) -> Host {
    let arguments = &view.site.arguments;
    let url = arguments.get("url").or(arguments.get(&position.to_string()));
    let function = view.site.place.function.map(|id| view.file.function(id));
    forgive_transports(view, url.map_or(Host::Unknown, |url| through_callers(view, &url.value, function)))
}

/// The one function through which a whole SDK sends takes its URL as a parameter, and still talks to one host.
fn forgive_transports(view: &SiteView<'_>, host: Host) -> Host {
    let function = view.site.place.function.map(|function| view.file.module.function(function));
    let is_transport = function.is_some_and(|function| {
        let name = function.name.trim_matches('_');
        function.class.is_some() && (name.split('_').any(|word| word == "request") || name == "send")
    });
    if is_transport && matches!(host, Host::Arbitrary | Host::Unknown) { Host::Fixed } else { host }
}

/// A transport that hands requests to an application or a stub in this process.
pub fn connects_nothing(transport: &Object) -> bool {
    ["ASGITransport", "WSGITransport", "MockTransport"].iter().any(|name| transport.symbol.ends_with(name))
}

/// Requests that leave this process or this machine by no connection.
fn in_process(view: &SiteView<'_>) -> bool {
    // A connector over a socket of this machine: `Client::builder().build(UnixConnector)`.
    if view.is_rust() && rust_items::names_in(view.text()).iter().any(|name| names_a_socket(name)) {
        return true;
    }
    view.site.arguments.get("transport").is_some_and(|transport| match &transport.value {
        Value::Object(object) => connects_nothing(object),
        _ => false,
    })
}

/// `UnixConnector`, `uds_path`, `UdsConnector`.
fn names_a_socket(name: &str) -> bool {
    name.contains("Unix") || name.starts_with("Uds") || name.split('_').any(|word| matches!(word, "unix" | "uds"))
}

/// Whether a method sends, or starts to.
pub fn is_request(path: &str) -> bool {
    let verbs = ["get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "ws_connect"];
    verbs.contains(&path)
}

fn of_url(url: &Value) -> Host {
    match url {
        Value::Text(text) => of_text(text),
        Value::Env { .. } => Host::Fixed,
        Value::SelfField(name) if names_an_endpoint(name) => Host::Fixed,
        Value::Imported(path) if !path.starts_with("sys.") => Host::Fixed,
        // One service's own address, whichever it is: callers have one each, not one per call.
        Value::Parameter(name) if names_a_service(name) => Host::Unknown,
        Value::SelfField(_) | Value::Parameter(_) => Host::Arbitrary,
        Value::Joined(parts) => of_parts(parts),
        _ => Host::Unknown,
    }
}

/// `https://host/{path}`, `{self.base}/path`: what stands in front decides.
fn of_parts(parts: &[Value]) -> Host {
    match parts.first() {
        Some(Value::Text(text)) => match text.split_once("://") {
            // What follows the scheme is the host itself.
            Some((_, "")) => parts.get(1).map_or(Host::Unknown, |host| match host {
                Value::Parameter(_) => Host::Arbitrary,
                host => of_front(host),
            }),
            // `https://{court}.example.com`, `https://ecf.{court}.example.com`: another host for each.
            Some((_, start)) if !start.contains(['/', '?']) && parts.get(1).is_some_and(picks_a_host) => {
                Host::Arbitrary
            }
            _ => of_text(text),
        },
        Some(first) => of_front(first),
        None => Host::Unknown,
    }
}

/// A part of a host's name that the caller picks, and not the configuration by way of the caller.
fn picks_a_host(part: &Value) -> bool {
    let configured = ["region", "zone", "location", "account", "tenant", "domain", "host", "port", "env"];
    matches!(part, Value::Parameter(name) if !configured.iter().any(|word| name.to_ascii_lowercase().contains(word)))
}

/// A part in front of a path is a base, whatever its name.
fn of_front(value: &Value) -> Host {
    match value {
        Value::SelfField(_) => Host::Fixed,
        Value::Parameter(name) if names_an_endpoint(name) => Host::Unknown,
        value => of_url(value),
    }
}

fn of_text(text: &str) -> Host {
    let host = text.split_once("://").map_or("", |(_, rest)| rest);
    let local = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].iter().any(|name| host.starts_with(name));
    match (local, host.is_empty()) {
        (true, _) => Host::Local,
        (false, false) => Host::Fixed,
        (false, true) => Host::Unknown,
    }
}

/// A name that stands for where a service is, rather than for some document.
fn names_an_endpoint(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["base", "endpoint", "server", "host", "api", "service", "domain", "webhook", "notify"]
        .iter()
        .any(|word| name.contains(word))
        || name.ends_with("_url")
}

/// A parameter that stands for the address of one service: `introspection_endpoint`, `jwks_uri`.
fn names_a_service(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["endpoint", "jwks", "discovery", "issuer", "webhook", "base_ur", "server_ur", "token_ur", "userinfo", "api_ur"]
        .iter()
        .any(|word| name.contains(word))
}
