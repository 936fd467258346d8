//! Entry points: functions that a framework, a convention or the interpreter calls.

use crate::finding::Confidence;
use crate::frameworks::{Frameworks, Heat, Match};
use crate::link::{ClassRef, FunctionRef, Program};
use crate::model::{Callee, Decorator, Function, FunctionId, Module};
use crate::source::Span;
use rayon::prelude::*;

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
    /// Where it is handed to the framework, if that is not where it is defined: file and place.
    pub handed: Option<(usize, Span)>,
}

impl Entry {
    /// "once per request", in the framework's own unit.
    pub fn every(&self) -> &'static str {
        let unit = |word: &str| self.kind.contains(word);
        match () {
            () if unit("task") || unit("job") => "once per task",
            () if unit("tool") => "once per tool call",
            () if unit("script") => "once per rerun",
            () if unit("node") => "once per step",
            () if unit("message") || unit("event") => "once per message",
            () if unit("function") || unit("Lambda") || unit("invocation") => "once per invocation",
            () => "once per request",
        }
    }
}

/// The entry points of a run.
pub struct Entries {
    by_file: Vec<Vec<Option<Entry>>>,
    /// What makes the top level of a file run again and again, and where it says so.
    scripts: Vec<Option<(Entry, Span)>>,
}

impl Entries {
    /// Looks at every function of `program`.
    pub fn of(program: &Program<'_>, frameworks: &Frameworks) -> Self {
        let of_file = |file: usize| {
            let functions = 0..program.module(file).functions.len();
            functions.map(|at| of(FunctionRef { file, id: FunctionId(at) }, program, frameworks)).collect()
        };
        let files = 0..program.files();
        Self {
            by_file: files.clone().into_par_iter().map(of_file).collect(),
            scripts: files.map(|file| script(program.module(file), frameworks)).collect(),
        }
    }

    /// What runs the top level of a file again and again, if anything does, with the call that says so.
    pub fn script(&self, file: usize) -> Option<&(Entry, Span)> {
        self.scripts.get(file)?.as_ref()
    }

    /// The entry point that `function` is, if it is one.
    pub fn get(&self, function: FunctionRef) -> Option<&Entry> {
        self.by_file.get(function.file)?.get(function.id.0)?.as_ref()
    }
}

fn script(module: &Module, frameworks: &Frameworks) -> Option<(Entry, Span)> {
    let top = module.calls.iter().filter(|call| call.place.function.is_none());
    top.into_iter().find_map(|call| match &call.callee {
        Callee::Path(path) => Some((entry(&frameworks.script(path)?, path), call.place.span)),
        _ => None,
    })
}

fn of(function: FunctionRef, program: &Program<'_>, frameworks: &Frameworks) -> Option<Entry> {
    by_decorator(function, program, frameworks)
        .or_else(|| by_base(function, program, frameworks))
        .or_else(|| by_convention(program.function(function), frameworks))
}

fn by_decorator(function: FunctionRef, program: &Program<'_>, frameworks: &Frameworks) -> Option<Entry> {
    let name = &program.function(function).name;
    let known = |decorator: &Decorator| {
        let found = frameworks.decorator(decorator)?;
        let route = decorator.first_text.as_ref().filter(|text| text.starts_with('/'));
        let prefix = decorator.of.as_ref().map_or("", |router| program.prefix(function.file, router));
        let route = route.map(|route| format!("{}{prefix}{route}", method(&decorator.path)));
        Some(entry(&found, route.as_ref().unwrap_or(name)))
    };
    let own = program.decorators(function).filter_map(|decorator| known(&decorator));
    let handed = program
        .handed(function)
        .iter()
        .filter_map(|(file, decorator)| Some(Entry { handed: Some((*file, decorator.span)), ..known(decorator)? }));
    own.chain(handed).max_by_key(|entry| (entry.confidence, entry.heat == Heat::Memoised))
}

/// The method that a decorator is named for: `POST ` of `app.post`.
fn method(path: &str) -> &'static str {
    match path.rsplit(['.', ':']).next().unwrap_or(path) {
        "get" => "GET ",
        "post" => "POST ",
        "put" => "PUT ",
        "patch" => "PATCH ",
        "delete" => "DELETE ",
        _ => "",
    }
}

fn by_base(function: FunctionRef, program: &Program<'_>, frameworks: &Frameworks) -> Option<Entry> {
    let definition = program.function(function);
    let class = definition.class.map(|id| ClassRef { file: function.file, id })?;
    let (_, bases) = program.ancestry(class);
    let constructs = definition.constructs.is_some();
    let found = bases.iter().find_map(|base| frameworks.method(base, &definition.name, constructs))?;
    Some(entry(&found, &definition.name))
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
        handed: None,
    }
}

fn by_convention(function: &Function, frameworks: &Frameworks) -> Option<Entry> {
    let found = frameworks.convention(&function.name, &function.params)?;
    (function.class.is_none() && function.parent.is_none()).then(|| entry(&found, &function.name))
}

/// Words of names that stand for something done once in a while, not on a hot path.
const SELDOM: &[&str] = &[
    "main",
    "refresh",
    "register",
    "configure",
    "config",
    "deploy",
    "onboard",
    "onboarding",
    "start",
    "startup",
    "shutdown",
    "close",
    "aclose",
    "terminate",
    "teardown",
    "cleanup",
    "disconnect",
    "dispose",
    "exit",
    "stop",
    "connect",
    "cli",
    "update_check",
    "self_test",
    "selftest",
    "healthcheck",
    "health",
    "ping",
    "warmup",
    "warm_up",
    "seed",
    "demo",
    "example",
    "run_server",
    "serve",
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

/// Verbs that functions begin with which set something up.
const SETS_UP: &[&str] = &[
    "make",
    "create",
    "build",
    "new",
    "init",
    "initialize",
    "setup",
    "set",
    "open",
    "load",
    "configure",
    "default",
    "prepare",
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

/// Named for getting something ready that is used from then on: what it fetches is kept, where it is guarded.
pub fn prepares(function: &Function) -> bool {
    const WORDS: &[&str] = &[
        "token",
        "auth",
        "authenticate",
        "login",
        "refresh",
        "ensure",
        "init",
        "initialize",
        "load",
        "connect",
        "setup",
        "populate",
        "prepare",
        "credentials",
        "session",
    ];
    has_word(&function.name, WORDS)
}

/// Whether a type is named for standing in for another in tests: `LocalTestServer`, `MockClient`.
pub fn is_test_double(name: &str) -> bool {
    const DOUBLES: &[&str] = &["Test", "Mock", "Fake", "Stub", "Dummy"];
    let begins_word = |rest: &str| !rest.starts_with(char::is_lowercase);
    DOUBLES.iter().any(|word| name.match_indices(word).any(|(at, _)| begins_word(&name[at + word.len()..])))
}

/// With unknown callers: a method, or a function that takes work and is not named for setting something up.
pub fn looks_hot(function: &Function) -> bool {
    let first = function.name.trim_matches('_').split('_').next().unwrap_or_default();
    let takes_work = function.class.is_some() || (!function.params.is_empty() && !SETS_UP.contains(&first));
    takes_work && !looks_seldom(function) && (!function.name.starts_with("__") || function.name == "__call__")
}
