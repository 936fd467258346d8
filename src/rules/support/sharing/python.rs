//! Advice for Python.

mod object;

use super::{Advice, is_async, needs_only_globals};
use crate::model::{FunctionId, Repeat, SiteKind};
use crate::rules::SiteView;

/// What to do with `view`, which is built too often.
pub fn advice(view: &SiteView<'_>) -> Advice {
    let in_loop = view.site.place.repeats.last().is_some_and(Repeat::is_real);
    if view.site.kind == SiteKind::Client && !in_loop && !view.site.caller_values.is_empty() {
        return per_caller(view);
    }
    if in_loop && view.site.loop_values.is_empty() {
        return above_the_loop(view);
    }
    if view.lifetime.new_loop && is_async(view) {
        return by_loop(view);
    }
    if !needs_only_globals(view) {
        return Advice { help: "Build it once where its settings are known, and pass it in.".to_owned(), code: None };
    }
    let function = view.site.place.function.map(|id| view.file.module.function(id));
    match (function.and_then(|function| function.class), &view.lifetime.entry) {
        (_, Some(entry)) if matches!(entry.framework.as_str(), "FastAPI" | "Starlette") => lifespan(view),
        // A view is built for each request: what it keeps is gone with it.
        (Some(class), entry) if !entry.as_ref().is_some_and(|entry| entry.kind.contains("view")) => {
            object::short_lived(view, class).unwrap_or_else(|| on_the_object(view))
        }
        _ if is_async(view) => from_the_loop_owner(view),
        _ => accessor(view),
    }
}

/// The client to build: the user's own construction, or the one that replaces a one-shot. Its further lines keep their
/// depth relative to the first.
fn construction(view: &SiteView<'_>) -> String {
    let text = match view.one_shot() {
        Some((_, spec)) => return spec.instead.clone(),
        None => view.text(),
    };
    let further = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let depth = further.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let lines = text.lines().enumerate().map(|(at, line)| if at == 0 { line } else { line.get(depth..).unwrap_or("") });
    lines.collect::<Vec<_>>().join("\n")
}

/// Puts `text` into a block.
fn indented(text: &str) -> String {
    text.replace('\n', "\n    ")
}

fn variable(view: &SiteView<'_>) -> String {
    let plain = |name: &&String| name.chars().all(|at| at.is_alphanumeric() || at == '_');
    let fallback = || if construction(view).contains("ession") { "session".to_owned() } else { "client".to_owned() };
    if view.site.kind == SiteKind::OneShot {
        // The name in the code holds the response.
        return fallback();
    }
    view.site.name.as_ref().filter(plain).cloned().unwrap_or_else(fallback)
}

fn per_caller(view: &SiteView<'_>) -> Advice {
    let values = view.site.caller_values.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let way = match view.spec() {
        Some((_, spec)) if spec.carries.iter().any(|argument| argument == "http_client") => {
            "share one transport among them (`http_client=`), or derive them from one client with `with_options()`, which shares its pool"
        }
        _ => "keep one client per such value, or send what differs with each request",
    };
    Advice { help: format!("It is built from what the caller passes ({values}): {way}."), code: None }
}

fn above_the_loop(view: &SiteView<'_>) -> Advice {
    let (name, built) = (variable(view), construction(view));
    let head = view.site.place.repeats.last().map(|repeat| view.file.source.slice(repeat.head)).unwrap_or_default();
    let is_statement = head.starts_with("for") || head.starts_with("while") || head.starts_with("async for");
    let scoped = view.site.scope.is_some() || view.site.kind == SiteKind::OneShot;
    let with = if is_async(view) { "async with" } else { "with" };
    let code = match (is_statement && !head.contains('\n'), scoped) {
        (false, _) => None,
        (true, true) => Some(format!("{with} {built} as {name}:\n    {head}:\n        ...  # {}", usage(view, &name))),
        (true, false) => Some(format!("{name} = {built}\n{head}:\n    ...")),
    };
    Advice { help: "Build it once, before the loop, and use it in each turn.".to_owned(), code }
}

/// How a one-shot's call looks on the shared client.
fn usage(view: &SiteView<'_>, name: &str) -> String {
    match view.one_shot() {
        Some(_) => format!("{name}.{}(..)", view.callee().rsplit('.').next().unwrap_or("request")),
        None => format!("use `{name}` here"),
    }
}

fn lifespan(view: &SiteView<'_>) -> Advice {
    let (name, built) = (variable(view), construction(view));
    let close = close_call(view, &format!("app.state.{name}"));
    let handler = format!("# in the handler, which takes `request: Request`: request.app.state.{name}");
    let module = view.file.module;
    let after = match close.trim() {
        "" => String::new(),
        close => format!("# after it\n{close}\n"),
    };
    let has_one = module.functions.iter().any(|function| function.name == "lifespan");
    let has_app = module.imports.iter().any(|(_, path)| path == "fastapi.FastAPI" || path == "fastapi");
    if has_one || !has_app {
        let code = format!(
            "# in the application's lifespan, before its `yield`\napp.state.{name} = {built}\n{after}{handler}"
        );
        return Advice {
            help: "Build it once in the lifespan and take it from `app.state`.".to_owned(),
            code: Some(code),
        };
    }
    let code = format!(
        "@asynccontextmanager\nasync def lifespan(app: FastAPI):\n    app.state.{name} = {}\n    yield\n{close}\
         app = FastAPI(lifespan=lifespan)\n{handler}",
        indented(&built)
    );
    Advice {
        help: "Build it once in the application's lifespan and take it from `app.state`.".to_owned(),
        code: Some(code),
    }
}

fn close_call(view: &SiteView<'_>, name: &str) -> String {
    let close = match view.spec() {
        Some((_, spec)) => spec.close.first().cloned(),
        None => Some(if is_async(view) { "aclose" } else { "close" }.to_owned()),
    };
    let wait = if is_async(view) { "await " } else { "" };
    close.map_or(String::new(), |close| format!("    {wait}{name}.{close}()\n\n"))
}

fn on_the_object(view: &SiteView<'_>) -> Advice {
    let name = variable(view);
    let field = if name.starts_with('_') { name } else { format!("_{name}") };
    let built = construction(view);
    let lazily = view.spec().is_some_and(|(library, _)| library.library == "aiohttp");
    if lazily {
        return Advice {
            help: "Keep one session on the object; build it on first use, inside the running event loop, and close it \
                   with the object."
                .to_owned(),
            code: None,
        };
    }
    let close = if is_async(view) { "an async" } else { "a" };
    Advice {
        help: format!("Keep one on the object and give the object {close} `close`; it then serves all calls."),
        code: Some(format!("def __init__(self, ...):\n    self.{field} = {}", indented(&built))),
    }
}

/// Where event loops come and go, each needs a client of its own.
fn by_loop(view: &SiteView<'_>) -> Advice {
    let (name, built) = (variable(view), construction(view));
    let code = needs_only_globals(view).then(|| {
        format!(
            "_by_loop = weakref.WeakKeyDictionary()\n\ndef {name}_of_loop():\n    loop = asyncio.get_running_loop()\n    \
             if loop not in _by_loop:\n        _by_loop[loop] = {}\n    return _by_loop[loop]",
            indented(&indented(&built))
        )
    });
    Advice {
        help: "An event loop is made for what uses it, and a client belongs to its loop: keep one event loop for the process \
               and hand coroutines to it; until then, at most one client for each loop can be shared."
            .to_owned(),
        code,
    }
}

/// A bare module-level async client breaks where event loops come and go, so the caller hands one in.
fn from_the_loop_owner(view: &SiteView<'_>) -> Advice {
    let name = view.site.place.function.map(|id: FunctionId| view.file.module.function(id).name.as_str());
    let function = name.map_or(String::new(), |name| format!(" to `{name}`"));
    Advice {
        help: format!(
            "Open one where the event loop is owned (start-up, lifespan, the outermost coroutine) and pass it{function}. A \
             module-level async client is safe only where one event loop lives as long as the process."
        ),
        code: Some(format!("async with {} as {}:\n    ...  # all calls", construction(view), variable(view))),
    }
}

fn accessor(view: &SiteView<'_>) -> Advice {
    let (name, built) = (variable(view), construction(view));
    let kind = built.split('(').next().unwrap_or(&built);
    let kind = if kind.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase)) {
        format!(" -> {kind}")
    } else {
        String::new()
    };
    Advice {
        help: "Build it once per process, on first use, and let every call share it.".to_owned(),
        code: Some(format!(
            "@functools.lru_cache(maxsize=None)\ndef shared_{name}(){kind}:\n    return {}",
            indented(&built)
        )),
    }
}
