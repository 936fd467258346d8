//! Advice for Rust. What it shows is built from the user's own tokens.

use super::{Advice, blocks_others, is_async, needs_only_globals, shared_type};
use crate::frontend::rust_items;
use crate::model::{Repeat, SiteKind};
use crate::rules::SiteView;
use pep440_rs::Version;

/// What to do with `view`, which is built too often.
pub fn advice(view: &SiteView<'_>) -> Advice {
    let in_loop = view.site.place.repeats.last().is_some_and(Repeat::is_real);
    if blocks_others(view) {
        return async_instead(view);
    }
    if view.site.kind == SiteKind::Client && !in_loop && !view.site.caller_values.is_empty() {
        return per_caller(view);
    }
    if in_loop && view.site.loop_values.is_empty() {
        return above_the_loop(view);
    }
    if !needs_only_globals(view) {
        return Advice { help: "Build it once where its settings are known, and pass it in.".to_owned(), code: None };
    }
    let function = view.site.place.function.map(|id| view.file.module.function(id));
    let entry = view.lifetime.entry.as_ref();
    if let Some(state) = entry.and_then(|entry| State::of(&entry.framework)) {
        return in_the_state(view, &state);
    }
    match function.and_then(|function| function.class) {
        Some(class) => on_the_struct(view, &view.file.module.classes[class.0].name),
        None if view.file.project.is_library => from_the_caller(),
        None => in_a_static(view),
    }
}

/// A construction in the user's own words.
struct Built {
    /// As written, or what replaces a one-shot.
    text: String,
    /// The type, as the file names it.
    kind: String,
    /// It returns a `Result`.
    fallible: bool,
    /// It has to be awaited, which a static cannot do.
    awaited: bool,
}

impl Built {
    fn of(view: &SiteView<'_>) -> Self {
        if let Some((_, spec)) = view.one_shot() {
            let kind = shared_type(view.file.clients, &spec.instead);
            let text = if spec.instead.contains('(') { spec.instead.clone() } else { format!("{kind}::new()") };
            return Self { text, kind, fallible: false, awaited: false };
        }
        // What configures a client first has the name of its configuration: the client's own is not known.
        let kind = match view.site.symbol.ends_with("Config") {
            true => String::new(),
            false => rust_items::type_of(view.text(), &view.site.symbol),
        };
        let listed = |list: &[String]| list.iter().any(|name| is_named(name, &view.site.constructor));
        let spec = view.spec().map(|(_, spec)| spec);
        Self {
            text: view.text().to_owned(),
            kind,
            fallible: spec.is_some_and(|spec| listed(&spec.fallible)),
            awaited: spec.is_some_and(|spec| listed(&spec.awaited)),
        }
    }

    /// `let name = ..;`, failing as the user's code does.
    fn binding(&self, view: &SiteView<'_>, name: &str, wrapper: Option<&str>) -> Option<String> {
        let rest = view.file.source.text.get(view.site.place.span.end..).unwrap_or("").trim_start();
        let tail = match () {
            () if self.awaited && !self.text.ends_with(".await") => ".await",
            () => "",
        };
        let rest = rest.strip_prefix(".await").unwrap_or(rest).trim_start();
        let tried = if self.fallible && rest.starts_with('?') && !self.text.ends_with('?') { "?" } else { "" };
        rust_items::binding(name, wrapper, &format!("{}{tail}{tried}", self.text), self.fallible)
    }
}

/// `name` may be a whole path.
fn is_named(name: &str, constructor: &str) -> bool {
    name.rsplit("::").next() == Some(constructor)
}

fn variable(view: &SiteView<'_>) -> String {
    let fallback = || if Built::of(view).kind.ends_with("Agent") { "agent".to_owned() } else { "client".to_owned() };
    let plain = |name: &&String| name.chars().all(|at| at.is_alphanumeric() || at == '_');
    match view.site.kind {
        // The name in the code holds the response.
        SiteKind::OneShot => fallback(),
        SiteKind::Client => view.site.name.as_ref().filter(plain).cloned().unwrap_or_else(fallback),
    }
}

/// A blocking client has no place in async code.
pub fn async_instead(view: &SiteView<'_>) -> Advice {
    let twin = match view.site.symbol.contains("reqwest::blocking") {
        true => "the async `reqwest::Client`",
        false => "an async client, `reqwest::Client` for one,",
    };
    Advice {
        help: format!(
            "Use {twin} here, built once and shared; a blocking client must not be shared in async code, and what has to \
             block belongs into `spawn_blocking`, client and all."
        ),
        code: None,
    }
}

fn per_caller(view: &SiteView<'_>) -> Advice {
    let values = view.site.caller_values.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Advice {
        help: format!(
            "It is built from what the caller passes ({values}): send what differs with each request, or keep one client per \
             such value in a map."
        ),
        code: None,
    }
}

fn above_the_loop(view: &SiteView<'_>) -> Advice {
    let name = variable(view);
    let head = view.site.place.repeats.last().map(|repeat| view.file.source.slice(repeat.head)).unwrap_or_default();
    let head = head.trim_end_matches(['{', ' ']);
    let is_statement = ["for ", "while ", "loop"].iter().any(|word| head.starts_with(word)) && !head.contains('\n');
    let binding = Built::of(view).binding(view, &name, None).filter(|_| is_statement);
    Advice {
        help: "Build it once, above the loop, and use it in each turn; `clone()` is cheap where a task or a closure needs its own."
            .to_owned(),
        code: binding.map(|binding| format!("{binding}\n{head} {{\n    // {}\n}}", usage(view, &name))),
    }
}

/// How a one-shot's call looks on the shared client.
fn usage(view: &SiteView<'_>, name: &str) -> String {
    let method = view.callee().rsplit("::").next().unwrap_or("request");
    match view.one_shot() {
        Some((_, spec)) if spec.instead.starts_with("ureq::") => format!("{name}.{method}(..).call()"),
        Some(_) if is_async(view) => format!("{name}.{method}(..).send().await"),
        Some(_) => format!("{name}.{method}(..).send()"),
        None => format!("use `{name}` here"),
    }
}

/// How a framework hands what the application holds to its handlers.
struct State {
    /// Function that wraps the client before it is handed over.
    wrapper: Option<&'static str>,
    /// The call on the application, with `{}` for the client.
    register: &'static str,
    /// The handler's parameter: before and behind the type.
    parameter: (&'static str, &'static str),
    /// Its name in a sentence.
    name: &'static str,
}

impl State {
    fn of(framework: &str) -> Option<Self> {
        let framework = framework.to_ascii_lowercase();
        match () {
            () if framework.starts_with("axum") => Some(Self {
                wrapper: None,
                register: ".with_state({})",
                parameter: ("State({}): State<", ">"),
                name: "`State`",
            }),
            () if framework.starts_with("actix") => Some(Self {
                wrapper: Some("web::Data::new"),
                register: ".app_data({}.clone())",
                parameter: ("{}: web::Data<", ">"),
                name: "`web::Data`",
            }),
            () if framework.starts_with("rocket") => Some(Self {
                wrapper: None,
                register: ".manage({})",
                parameter: ("{}: &State<", ">"),
                name: "rocket's `State`",
            }),
            () => None,
        }
    }
}

fn in_the_state(view: &SiteView<'_>, state: &State) -> Advice {
    let (name, built) = (variable(view), Built::of(view));
    let named = |pattern: &str| pattern.replace("{}", &name);
    let (before, behind) = state.parameter;
    let code = built.binding(view, &name, state.wrapper).map(|binding| {
        format!(
            "// where the application is put together\n{binding}\napp{}\n// in the handler's parameters\n{}{}{behind}",
            named(state.register),
            named(before),
            built.kind
        )
    });
    Advice {
        help: format!(
            "Build it once where the application is put together, and take it from the application's state ({}).",
            state.name
        ),
        code,
    }
}

fn on_the_struct(view: &SiteView<'_>, holder: &str) -> Advice {
    let (name, built) = (variable(view), Built::of(view));
    let code = (!built.awaited)
        .then(|| rust_items::field(holder, &name, &built.kind, &built.text, built.fallible))
        .flatten()
        .map(|items| format!("// beside what `{holder}` has already\n{items}"));
    Advice {
        help: format!(
            "Keep one in a field of `{holder}`, set where it is made; all calls then share it, and `clone()` is cheap."
        ),
        code,
    }
}

/// A static of a library would outlive the runtime of whoever uses it.
fn from_the_caller() -> Advice {
    Advice {
        help: "Take it as a parameter (`&Client`), or keep it in a field of a type that callers build once: a library does \
               not know in which runtime, or with which settings, its callers want it."
            .to_owned(),
        code: None,
    }
}

fn in_a_static(view: &SiteView<'_>) -> Advice {
    let built = Built::of(view);
    if built.awaited {
        return Advice {
            help: "Build it once at start-up and pass it on; where it must be made on first use, `tokio::sync::OnceCell` waits for it."
                .to_owned(),
            code: None,
        };
    }
    let make = holder(view);
    let name = static_name(view, &built);
    let caveat = match is_async(view) {
        true => {
            " A static is right for one `#[tokio::main]`; where several runtimes come and go, its connections end with the \
             runtime that made them, so keep it beside the runtime there."
        }
        false => "",
    };
    Advice {
        help: format!("Build it once per process, on first use, and let every call share it.{caveat}"),
        code: make(&name, &built.kind, &built.text, built.fallible),
    }
}

fn static_name(view: &SiteView<'_>, built: &Built) -> String {
    match view.spec() {
        Some((_, spec)) if spec.base_url.is_some() || spec.region.is_some() => "CLIENT".to_owned(),
        _ if built.kind.ends_with("Channel") => "CHANNEL".to_owned(),
        _ => "HTTP".to_owned(),
    }
}

/// What holds a static, by the oldest toolchain that the package promises to build with.
fn holder(view: &SiteView<'_>) -> fn(&str, &str, &str, bool) -> Option<String> {
    let project = view.file.project;
    let reaches = |minor: u64| project.rust_version().is_none_or(|version| version >= Version::new([1, minor]));
    match () {
        () if reaches(80) => rust_items::lazy_lock,
        () if project.has_dependency("once_cell") || !reaches(70) => rust_items::once_cell_lazy,
        () => rust_items::once_lock,
    }
}
