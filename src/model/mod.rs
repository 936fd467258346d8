//! What one file contributes, in words that no parser owns: functions, client constructions, calls and uses.
//!
//! The front ends produce a [`Module`] per file; everything behind them (link, lifetime, effective settings, rules)
//! reads only this.

mod condition;
mod definition;
mod place;
mod stream;
mod symbol;
mod value;

pub use condition::{Condition, Subject, Test};
pub use definition::{Class, Decorator, Function, Shape};
pub use place::{Fallback, Place, Repeat, RepeatKind};
pub use stream::{LeftLoop, Stream};
pub use symbol::Symbol;
pub use value::{Object, Setting, Spread, Value};

use crate::source::{Language, Span};
use std::collections::BTreeMap;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )*};
}

index!(
    /// Index into [`Module::functions`].
    FunctionId,
    /// Index into [`Module::classes`].
    ClassId,
    /// Index into [`Module::sites`].
    SiteId
);

/// What one source file contributes to the project.
#[derive(Debug, Default)]
pub struct Module {
    /// What it is written in.
    pub language: Language,
    /// Functions, methods and lambdas that have a name to be called by.
    pub functions: Vec<Function>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Client constructions and one-shot requests, in source order.
    pub sites: Vec<ClientSite>,
    /// Calls whose target is in the project or may be: the edges for linking.
    pub calls: Vec<Call>,
    /// What is done with clients after they are built.
    pub uses: Vec<ClientUse>,
    /// Responses that are read piece by piece.
    pub streams: Vec<Stream>,
    /// Constructions of settings objects (`httpx.Limits(..)`), wherever they stand.
    pub objects: Vec<ObjectSite>,
    /// Fan-out in sight: executors, semaphores, gathers.
    pub fan_outs: Vec<FanOut>,
    /// Names bound by import, with what they stand for: `("np", "numpy")`.
    pub imports: Vec<(String, String)>,
    /// What other files can name: top-level names; in Rust, those of inner modules as `inner::name`.
    pub exports: BTreeMap<String, Symbol>,
    /// Values of top-level names that are set once, where another file may need them: numbers, and objects.
    pub constants: BTreeMap<String, Value>,
    /// Modules whose names it takes over with `*`.
    pub wildcards: Vec<String>,
    /// Functions that are handed by name to what calls them later.
    pub handed: Vec<Handed>,
    /// Routers that are mounted below a path.
    pub mounts: Vec<Mount>,
    /// Environment variables read anywhere in the file.
    pub env_reads: Vec<String>,
    /// Comments, for suppressions.
    pub comments: Vec<Span>,
    /// Byte ranges that the parser could not read.
    pub broken: Vec<Span>,
    /// Packages that a manifest depends on; empty for source files.
    pub dependencies: Vec<Dependency>,
}

/// A package that a manifest depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Name in the registry: `reqwest`, also where the manifest renames it.
    pub package: String,
    /// Its key and value in the manifest.
    pub span: Span,
    /// Needed to run, not only to test or to build; an entry for the members of a workspace is needed by none yet.
    pub is_normal: bool,
    /// Features that it names.
    pub features: Vec<String>,
    /// It keeps the default features; `None` where the workspace's entry says.
    pub with_defaults: Option<bool>,
}

/// A construction of a client, or a request that builds one for itself.
#[derive(Debug, Clone)]
pub struct ClientSite {
    /// What it is: a key of the client knowledge.
    pub symbol: String,
    /// The function or method that yields it: `new`, `build`; the class itself in Python.
    pub constructor: String,
    /// A kept client or a one-shot request.
    pub kind: SiteKind,
    /// Where it runs.
    pub place: Place,
    /// Where the client goes. One site may flow to several places.
    pub bindings: Vec<Binding>,
    /// The name in the source that holds it first, for suggestions.
    pub name: Option<String>,
    /// Arguments: keywords by name, positionals by index (`"0"`).
    pub arguments: BTreeMap<String, Setting>,
    /// Arguments are spread in from elsewhere (`**kwargs`): any setting may be given.
    pub open_ended: bool,
    /// What may be among the arguments besides, by way of a mapping that is spread in: `arguments["http2"] = True`.
    pub spread: Vec<Spread>,
    /// What its constructor is a method of: `boto3.Session(..)` in `session.client(..)`.
    pub receiver: Option<Object>,
    /// Body of the `with` statement that scopes it.
    pub scope: Option<Span>,
    /// The scope holds a loop or a fan-out that uses the client.
    pub amortised: bool,
    /// What it runs behind, where that keeps it from running each time.
    pub guard: Option<Guard>,
    /// It is built anew where it was closed or dropped: its guard asks for that, or its place is emptied somewhere.
    pub reopened: bool,
    /// Names of the enclosing function's parameters that its arguments read, time-outs and the like left out.
    pub caller_values: Vec<String>,
    /// Names bound by enclosing loops that its arguments read.
    pub loop_values: Vec<String>,
    /// What it reads that exists only in the function, so that it cannot be written elsewhere as it stands.
    pub reads: Vec<Read>,
    /// The innermost closure or async block around it, which `?` and `await` cannot leave.
    pub block: Option<Span>,
    /// The name that holds it may also hold what a caller passed in (`client = client or Client()`).
    pub injectable: bool,
}

/// A name that exists only in a function, where a construction reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The name; `self`, or `self.config`, for what the receiver holds.
    pub name: String,
    /// Where it gets its value; in Python, and of the receiver, where it is read.
    pub bound: Span,
}

/// A condition that holds only where nothing was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// One place for many keys: `if key not in cache`. It holds once for each key.
    Keyed,
    /// One place: `if self._client is None`. It holds once.
    Slot,
}

/// A kept client or a one-shot request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKind {
    /// `httpx.Client()`: can be kept.
    Client,
    /// `requests.get()`: builds and drops a client inside.
    OneShot,
}

/// Where a client goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// Stays in a local of the function.
    Local,
    /// Opened by `with`.
    Scoped,
    /// Used at once and dropped: `Client().get(..)`.
    Dropped,
    /// Closed, or handed on to be: `client.aclose`.
    Closed,
    /// Returned to the caller.
    Returned,
    /// Yielded: a context manager, fixture or dependency.
    Yielded,
    /// A module-level name or `static`.
    Global(String),
    /// An attribute of the receiver: `self.x`.
    SelfField(String),
    /// An attribute of the class, evaluated once.
    ClassField(String),
    /// A container, another object's attribute, a thread-local: outlives the call.
    Stored(String),
    /// An argument of a call to something that is not a known client.
    Argument(String),
    /// The pool of another client of this file.
    Owned(SiteId),
    /// Made by a lambda or closure that somebody else calls.
    Deferred,
}

/// A settings object where it is built.
#[derive(Debug, Clone)]
pub struct ObjectSite {
    /// The object.
    pub object: Object,
    /// Where it runs.
    pub place: Place,
}

/// An edge: a call to something of the project.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// Where.
    pub place: Place,
    /// Arguments as in [`ClientSite::arguments`].
    pub arguments: BTreeMap<String, Setting>,
    /// Arguments are spread in, or are not those of the callee: any may be given.
    pub open_ended: bool,
    /// The result is kept: where it goes.
    pub bindings: Vec<Binding>,
    /// Body of the `with` statement that its result scopes.
    pub scope: Option<Span>,
    /// A loop or fan-out behind it uses its result in each turn.
    pub amortised: bool,
    /// What it runs behind, where that keeps it from running each time.
    pub guard: Option<Guard>,
    /// It stands in a lambda, which somebody else calls, some time.
    pub deferred: bool,
    /// What is called fills the place that the guard asks for: `if self._tools is None: self.load()`; or its caller notes
    /// there that it is done.
    pub fills: bool,
    /// Its result, which is kept nowhere, stands in for what may be handed in: `opts.client or create()`.
    pub stands_in: bool,
    /// Its arguments read parameters of the enclosing function, time-outs and the like left out.
    pub by_caller: bool,
    /// Its arguments read what an enclosing loop binds.
    pub by_turn: bool,
}

/// The target of a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A function of this file.
    Function(FunctionId),
    /// A class of this file: its constructor.
    Class(ClassId),
    /// Something that other files define, by its path.
    Path(String),
    /// An attribute that is read: it runs a function where it is a property.
    Property(String),
    /// A type that a parameter is annotated with: it runs a function where it is the alias of a dependency.
    Provider(String),
    /// What a caller hands in for a parameter of a function of this file.
    Parameter {
        /// The function.
        function: FunctionId,
        /// The parameter.
        name: String,
    },
}

/// A function that is handed by name to what calls it later: a router, a scheduler, a graph.
#[derive(Debug, Clone)]
pub struct Handed {
    /// The function.
    pub target: Callee,
    /// What it is handed to, as a decorator of it.
    pub to: Decorator,
    /// The same where it may be of the project, and which argument it is there: a keyword, or a position (`"0"`).
    pub into: Option<(Callee, String)>,
}

/// `app.include_router(chat.router, prefix="/v1")`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The router: a name of this file, or a path.
    pub router: String,
    /// What its routes begin with.
    pub prefix: String,
}

/// What is done with a client after it was built.
#[derive(Debug, Clone)]
pub struct ClientUse {
    /// The client, where it is one of this file.
    pub site: SiteId,
    /// Attribute path: `get`, `messages.create`, `headers.update`.
    pub path: String,
    /// Called, assigned, or handed on.
    pub kind: UseKind,
    /// Where.
    pub place: Place,
    /// Arguments of the call, or the assigned value under `"="`.
    pub arguments: BTreeMap<String, Setting>,
}

/// How a client's attribute is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseKind {
    /// `client.get(..)`.
    Call,
    /// `client.limits = ..`, `client.headers["x"] = ..`.
    Assign,
    /// `stack.push_async_callback(client.aclose)`: somebody else calls it.
    HandOn,
}

/// Concurrency that the source shows.
#[derive(Debug, Clone)]
pub struct FanOut {
    /// Kind, in words for people: `ThreadPoolExecutor(max_workers=50)`.
    pub text: String,
    /// Threads or tasks.
    pub kind: FanOutKind,
    /// How many at once, where that is known.
    pub width: Option<i64>,
    /// Where it stands.
    pub place: Place,
    /// Functions that run under it.
    pub runs: Vec<Callee>,
    /// It runs them once for each of many items by itself (`pool.map`), without a loop around it.
    pub each: bool,
}

/// What runs at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FanOutKind {
    /// Operating-system threads.
    Threads,
    /// Tasks of an event loop.
    Tasks,
    /// One event loop or runtime that is made for what runs in it, and ends with it.
    Loop,
}

impl Call {
    /// What a call of `function` hands in for a parameter, its default included.
    pub fn handed<'m>(&'m self, function: &'m Function, parameter: &str) -> Option<&'m Value> {
        let position = function.params.iter().position(|name| name == parameter)?;
        let given = self.arguments.get(parameter).or_else(|| self.arguments.get(&position.to_string()));
        match given {
            Some(setting) => Some(&setting.value),
            None if self.open_ended => None,
            None => function.defaults.get(parameter),
        }
    }
}

impl Module {
    /// The function at `id`.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0]
    }

    /// The site at `id`.
    pub fn site(&self, id: SiteId) -> &ClientSite {
        &self.sites[id.0]
    }

    /// Uses of the client built at `site`.
    pub fn uses_of(&self, site: SiteId) -> impl Iterator<Item = &ClientUse> {
        self.uses.iter().filter(move |usage| usage.site == site)
    }

    /// Whether `span` overlaps text that the parser could not read.
    pub fn is_broken(&self, span: Span) -> bool {
        self.broken.iter().any(|broken| broken.start < span.end && span.start < broken.end)
    }
}
