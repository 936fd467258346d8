//! Advice for Rust. What it shows is built from the user's own tokens, and compiles where it is to stand, or is not shown.

mod built;
mod state;

use super::{Advice, blocks_others, is_async, is_movable};
use crate::frontend::rust_items;
use crate::model::{Class, Function, Repeat, Shape, SiteKind};
use crate::rules::SiteView;
use built::{Built, Item, variable};
use pep440_rs::Version;
use state::{State, in_the_state};
use std::collections::BTreeSet;

/// What to do with `view`, which is built too often.
pub fn advice(view: &SiteView<'_>) -> Advice {
    let in_loop = view.site.place.repeats.last().is_some_and(Repeat::is_real);
    if blocks_others(view) {
        return async_instead(view);
    }
    if view.site.kind == SiteKind::Client && !in_loop && !view.site.caller_values.is_empty() {
        return per_caller(view);
    }
    if in_loop {
        return outermost(view).map_or_else(|| in_each_turn(view), |repeat| above_the_loop(view, repeat));
    }
    if !is_movable(view) {
        return Advice { help: "Build it once where its settings are known, and pass it in.".to_owned(), code: None };
    }
    if view.site.kind == SiteKind::Client && !view.site.reads.is_empty() {
        return from_the_receiver(view);
    }
    if view.site.symbol.starts_with("awc::") {
        return on_its_thread();
    }
    let entry = view.lifetime.entry.as_ref();
    if let Some(state) = entry.and_then(|entry| State::of(&entry.framework)) {
        return in_the_state(view, state);
    }
    match holder(view) {
        Some(class) => on_the_struct(view, class),
        None if view.file.project.is_library => from_the_caller(view),
        None => in_a_static(view),
    }
}

/// awc's client is not `Send`: no static, and no state that workers share.
fn on_its_thread() -> Advice {
    Advice {
        help: "Keep one for each worker: build it in the closure that is given to `HttpServer::new`, in `web::Data`, or in a \
               `thread_local!`."
            .to_owned(),
        code: None,
    }
}

/// The method that builds it, closures in it left out.
fn method<'a>(view: &SiteView<'a>) -> Option<&'a Function> {
    let mut function = view.file.module.function(view.site.place.function?);
    while let Some(parent) = function.parent.filter(|_| function.is_closure()) {
        function = view.file.module.function(parent);
    }
    Some(function)
}

/// The class whose objects may keep it: the method has one at hand, and it can be given a field.
fn holder<'a>(view: &SiteView<'a>) -> Option<&'a Class> {
    let class = method(view).filter(|method| method.has_receiver)?.class?;
    Some(&view.file.module.classes[class.0]).filter(|class| !class.is_data && class.shape != Shape::Fieldless)
}

/// Whether what it reads is all held by the receiver.
fn reads_receiver_only(view: &SiteView<'_>) -> bool {
    view.site.reads.iter().all(|read| is_receiver(&read.name))
}

fn is_receiver(name: &str) -> bool {
    name == "self" || name.starts_with("self.")
}

/// The outermost loop above which it can be built: everything that it reads is there already.
fn outermost<'a>(view: &SiteView<'a>) -> Option<&'a Repeat> {
    let is_client = view.site.kind == SiteKind::Client;
    let reads = || view.site.reads.iter().filter(|read| is_client && !is_receiver(&read.name));
    view.site.place.repeats.iter().find(|repeat| !reads().any(|read| repeat.span.contains(read.bound)))
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

/// Its arguments are made in the loop, or differ from turn to turn.
fn in_each_turn(view: &SiteView<'_>) -> Advice {
    let values =
        |names: BTreeSet<&String>| names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = match view.site.loop_values.is_empty() {
        false => format!(
            "It is built from what each turn of the loop brings ({}): send what differs with each request, or keep one client \
             per such value in a map.",
            values(view.site.loop_values.iter().collect())
        ),
        true => {
            let turn = view.site.place.repeats.last().map(|repeat| repeat.span);
            let made = view.site.reads.iter().filter(|read| turn.is_some_and(|turn| turn.contains(read.bound)));
            let made = values(made.map(|read| &read.name).filter(|name| !is_receiver(name)).collect());
            format!(
                "It is built from what is made in the loop ({made}): make that above the loop, and the client with it, where it \
                 stays the same; else send it with each request."
            )
        }
    };
    Advice { help, code: None }
}

fn above_the_loop(view: &SiteView<'_>, repeat: &Repeat) -> Advice {
    let (name, built) = (variable(view), Built::of(view));
    let head = view.file.source.slice(repeat.head).trim_end_matches(['{', ' ']);
    let is_statement = ["for ", "while ", "loop"].iter().any(|word| head.starts_with(word)) && !head.contains('\n');
    // What `?` and `await` leave would be another block up there.
    let binding = match view.site.block.is_some_and(|block| repeat.span.contains(block)) {
        true => Some(&built).filter(|built| !built.awaited).and_then(|built| built.binding(&name, None)),
        false => built.binding_here(view, &name),
    };
    let binding = binding.filter(|_| is_statement);
    Advice {
        help: "Build it once, above the loop, and use it in each turn; `clone()` is cheap where a task or a closure needs its own."
            .to_owned(),
        code: binding.map(|binding| format!("{binding}\n{head} {{\n    // {}\n}}", usage(view, &name))),
    }
}

/// How a one-shot's call looks on the shared client.
fn usage(view: &SiteView<'_>, name: &str) -> String {
    let method = view.callee().rsplit("::").next().unwrap_or("request");
    let in_task = view.site.block.is_some();
    match view.one_shot() {
        Some((_, spec)) if spec.instead.starts_with("ureq::") => format!("{name}.{method}(..).call()"),
        Some(_) if is_async(view) => format!("{name}.{method}(..).send().await"),
        Some(_) => format!("{name}.{method}(..).send()"),
        None if in_task => format!("use `{name}` here, and `{name}.clone()` in a task or closure that takes it"),
        None => format!("use `{name}` here"),
    }
}

fn on_the_struct(view: &SiteView<'_>, class: &Class) -> Advice {
    let (name, holder) = (variable(view), &class.name);
    let has_room = matches!(&class.shape, Shape::Named(fields) if !fields.contains(&name));
    let code = Some(Built::of(view)).filter(|_| has_room).and_then(|built| built.field(holder, &name));
    Advice {
        help: format!(
            "Keep one in a field of `{holder}`, set where it is made, so that all calls share it; where `{holder}` itself is made \
             for each call, hand it in from what outlives the calls. `clone()` is cheap."
        ),
        code,
    }
}

/// It is built from what the object holds: whoever sets that can build it.
fn from_the_receiver(view: &SiteView<'_>) -> Advice {
    if !reads_receiver_only(view) {
        return Advice { help: "Build it once where its settings are known, and pass it in.".to_owned(), code: None };
    }
    let names: BTreeSet<&str> = view.site.reads.iter().map(|read| read.name.as_str()).collect();
    let fields = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = match (holder(view), names.contains("self")) {
        (Some(class), true) => format!("Keep one in a field of `{0}`, built where the `{0}` is made;", class.name),
        (Some(class), false) => format!("Keep one in a field of `{}`, built where {fields} is set;", class.name),
        (None, _) => {
            return Advice { help: format!("Build it once where {fields} is set, and pass it in."), code: None };
        }
    };
    Advice { help: format!("{help} all calls then share it, and `clone()` is cheap."), code: None }
}

/// Longer types say less than none.
const MAX_TYPE: usize = 40;

/// A static of a library would outlive the runtime of whoever uses it.
fn from_the_caller(view: &SiteView<'_>) -> Advice {
    let kind = Some(Built::of(view).kind).filter(|kind| !kind.is_empty() && kind.len() <= MAX_TYPE);
    let kind = kind.map_or(String::new(), |kind| format!(" (`&{kind}`)"));
    Advice {
        help: format!(
            "Take it as a parameter{kind}, or keep it in a field of a type that callers build once: a library does not know in \
             which runtime, or with which settings, its callers want it."
        ),
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
    let (make, needs) = cell(view);
    let code = built.item(make, &static_name(view, &built));
    let needs = needs.filter(|_| code.is_some()).unwrap_or_default();
    let caveat = match is_async(view) {
        true => {
            " A static is right for one `#[tokio::main]`; where several runtimes come and go, its connections end with the \
             runtime that made them, so keep it beside the runtime there."
        }
        false => "",
    };
    Advice {
        help: format!("Build it once per process, on first use, and let every call share it.{caveat}{needs}"),
        code,
    }
}

fn static_name(view: &SiteView<'_>, built: &Built) -> String {
    match view.spec() {
        Some((_, spec)) if spec.base_url.is_some() || spec.region.is_some() => "CLIENT".to_owned(),
        _ if built.kind.ends_with("Channel") => "CHANNEL".to_owned(),
        _ => "HTTP".to_owned(),
    }
}

/// What holds a static, by the oldest toolchain that the package promises to build with, and what it needs for that.
fn cell(view: &SiteView<'_>) -> (Item, Option<&'static str>) {
    let project = view.file.project;
    let reaches = |minor: u64| project.rust_version().is_none_or(|version| version >= Version::new([1, minor]));
    match project.has_dependency("once_cell") {
        _ if reaches(80) => (rust_items::lazy_lock, None),
        true => (rust_items::once_cell_lazy, None),
        false if reaches(70) => (rust_items::once_lock, None),
        false => (rust_items::once_cell_lazy, Some(" Add the dependency `once_cell` for that.")),
    }
}
