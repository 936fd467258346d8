//! Entry points: functions that a framework, a convention or the interpreter calls.

use crate::finding::Confidence;
use crate::frameworks::{Frameworks, Heat, Match};
use crate::model::{Function, FunctionId, Module};
use std::collections::HashSet;

/// Why a function is known to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// How often.
    pub heat: Heat,
    /// Framework's name.
    pub framework: String,
    /// For people: ``FastAPI route `/chat` ``.
    pub what: String,
    /// What it is without its name: `route`.
    pub kind: String,
    /// High where it was resolved, medium where it is a convention.
    pub confidence: Confidence,
}

impl Entry {
    /// "once per request", in the framework's own unit.
    pub fn every(&self) -> &'static str {
        let unit = |word: &str| self.kind.contains(word);
        match () {
            () if unit("task") || unit("job") => "once per task",
            () if unit("tool") => "once per tool call",
            () if unit("node") => "once per step",
            () if unit("message") || unit("event") => "once per message",
            () if unit("function") || unit("Lambda") || unit("invocation") => "once per invocation",
            () => "once per request",
        }
    }
}

/// The entry point that `function` is, if it is one.
pub fn of(function: FunctionId, module: &Module, frameworks: &Frameworks) -> Option<Entry> {
    let definition = module.function(function);
    by_decorator(definition, frameworks)
        .or_else(|| by_base(definition, module, frameworks))
        .or_else(|| by_convention(definition, frameworks))
}

fn by_decorator(function: &Function, frameworks: &Frameworks) -> Option<Entry> {
    let found = function.decorators.iter().filter_map(|decorator| Some((decorator, frameworks.decorator(decorator)?)));
    let entries = found.map(|(decorator, found)| {
        let route = decorator.first_text.as_ref().filter(|text| text.starts_with('/'));
        entry(&found, route.unwrap_or(&function.name))
    });
    entries.max_by_key(|entry| entry.confidence)
}

fn by_base(function: &Function, module: &Module, frameworks: &Frameworks) -> Option<Entry> {
    let bases = all_bases(module, function.class?);
    let found = bases.iter().find_map(|base| frameworks.method(base, &function.name, function.constructs.is_some()))?;
    Some(entry(&found, &function.name))
}

fn entry(found: &Match<'_>, name: &str) -> Entry {
    // "a job queue" names no product, and what it calls says enough.
    let product = !found.framework.starts_with("a ") && !found.framework.starts_with("the ");
    let framework = if product { format!("{} ", found.framework) } else { String::new() };
    Entry {
        heat: found.heat,
        framework: found.framework.to_owned(),
        what: format!("{framework}{} `{name}`", found.what),
        kind: found.what.to_owned(),
        confidence: if found.convention { Confidence::Medium } else { Confidence::High },
    }
}

/// Bases of a class, those of its bases in the same file included, each once.
fn all_bases(module: &Module, class: crate::model::ClassId) -> Vec<&str> {
    let mut todo: Vec<&str> = module.classes[class.0].bases.iter().map(String::as_str).collect();
    let (mut bases, mut seen) = (Vec::new(), HashSet::new());
    while let Some(base) = todo.pop() {
        if seen.insert(base) {
            bases.push(base);
            let inherited = module.classes.iter().filter(|class| class.name == base);
            todo.extend(inherited.flat_map(|class| class.bases.iter().map(String::as_str)));
        }
    }
    bases
}

fn by_convention(function: &Function, frameworks: &Frameworks) -> Option<Entry> {
    let found = frameworks.convention(&function.name, &function.params)?;
    (function.class.is_none() && function.parent.is_none()).then(|| entry(&found, &function.name))
}

/// Words of names that stand for something done once in a while, not on a hot path.
const SELDOM: &[&str] = &[
    "main",
    "authenticate",
    "authorize",
    "auth",
    "token",
    "oauth",
    "api_key",
    "key",
    "secret",
    "credentials",
    "role",
    "download",
    "register",
    "configure",
    "config",
    "deploy",
    "onboard",
    "onboarding",
    "start",
    "startup",
    "stop",
    "shutdown",
    "close",
    "connect",
    "cli",
    "update_check",
    "self_test",
    "selftest",
    "healthcheck",
    "health",
    "ping",
    "validate",
    "verify",
    "check",
    "discover",
    "discovery",
    "warmup",
    "warm_up",
    "seed",
    "demo",
    "example",
    "test",
    "run_server",
    "serve",
    "session",
    "build_client",
    "create_client",
    "get_client",
    "make_client",
    "heartbeat",
    "cron",
    "daily",
    "nightly",
    "periodic",
    "list_models",
    "get_models",
    "fetch_models",
];

/// Verbs of functions that send something each time they are called.
const SENDS: &[&str] = &[
    "request",
    "post",
    "get",
    "send",
    "call",
    "fetch",
    "query",
    "search",
    "invoke",
    "upload",
    "api",
    "embed",
    "embedding",
    "embeddings",
    "complete",
    "completion",
    "generate",
    "chat",
    "publish",
    "notify",
    "ask",
    "answer",
    "translate",
    "transcribe",
    "classify",
    "predict",
    "summarize",
    "extract",
    "retrieve",
    "lookup",
    "scrape",
    "crawl",
    "push",
    "submit",
    "run",
    "process",
    "handle",
    "execute",
    "stream",
    "batch",
    "respond",
    "reply",
    "llm",
    "forward",
    "proxy",
];

fn has_word(name: &str, words: &[&str]) -> bool {
    let name = name.trim_matches('_').to_ascii_lowercase();
    let parts: Vec<&str> = name.split('_').collect();
    words.iter().any(|word| parts.contains(word) || (word.contains('_') && name.contains(word)))
}

/// Words that say so in a trait's method too, whose other words the trait chose.
const SELDOM_IN_TRAITS: &[&str] = &[
    "setup",
    "set_up",
    "init",
    "initialize",
    "install",
    "login",
    "logout",
    "migrate",
    "bootstrap",
    "version",
    "release",
    "releases",
];

/// Named for something done once in a while.
pub fn looks_seldom(function: &Function) -> bool {
    let own_name = function.implements.is_none();
    has_word(&function.name, SELDOM_IN_TRAITS) || (own_name && has_word(&function.name, SELDOM))
}

/// Whether a type is named for standing in for another in tests: `LocalTestServer`, `MockClient`.
pub fn is_test_double(name: &str) -> bool {
    const DOUBLES: &[&str] = &["Test", "Mock", "Fake", "Stub", "Dummy"];
    let begins_word = |rest: &str| !rest.starts_with(char::is_lowercase);
    DOUBLES.iter().any(|word| name.match_indices(word).any(|(at, _)| begins_word(&name[at + word.len()..])))
}

/// With unknown callers: a method, or a function that takes work and is named for sending it.
pub fn looks_hot(function: &Function) -> bool {
    let takes_work = function.class.is_some() || (!function.params.is_empty() && has_word(&function.name, SENDS));
    takes_work && !looks_seldom(function) && !function.name.starts_with("__")
}
