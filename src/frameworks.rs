//! Loads `rules/frameworks/`: who calls a function, and how often. A new file there is a new framework.

use crate::model::Decorator;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::sync::LazyLock;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules/frameworks");

static EMBEDDED: LazyLock<Frameworks> = LazyLock::new(|| {
    // A test proves that every embedded file parses. Should one not, the others still serve.
    let files = crate::embedded::parse::<Framework>(&FILES);
    Frameworks { all: files.into_iter().filter_map(|(_, framework)| framework.ok()).collect() }
});

/// What is known about frameworks.
#[derive(Debug, Clone)]
pub struct Frameworks {
    all: Vec<Framework>,
}

impl Frameworks {
    /// The frameworks that the program brings along: every file of `rules/frameworks/`.
    pub fn embedded() -> &'static Frameworks {
        &EMBEDDED
    }

    /// All frameworks, ordered by file name.
    pub fn all(&self) -> &[Framework] {
        &self.all
    }

    /// What `decorator` makes of its function. A path that is sure comes before a convention (`*.get`).
    pub fn decorator(&self, decorator: &Decorator) -> Option<Match<'_>> {
        let fits = |spec: &DecoratorSpec| match (&spec.first_text, &decorator.first_text) {
            (Some(start), Some(text)) => text.starts_with(start.as_str()),
            (start, _) => start.is_none(),
        };
        let entries = self.all.iter().flat_map(|of| of.decorator.iter().map(move |spec| (of, spec)));
        best(entries.filter(|(_, spec)| fits(spec)).filter_map(|(of, spec)| {
            let path = decorator.path.as_str();
            let convention = spec.paths.iter().map(|known| convention(known, path)).reduce(first_exact)??;
            // Much is handed to something called `get`; of what registers, the name says so.
            if convention && decorator.is_handed && !spec.handed {
                return None;
            }
            Some(Match { framework: &of.framework, heat: spec.heat, what: &spec.what, convention })
        }))
    }

    /// What a subclass of `base` makes of its method `method`. One that `constructs` is called by a framework only where it
    /// is named.
    pub fn method(&self, base: &str, method: &str, constructs: bool) -> Option<Match<'_>> {
        let called = |spec: &BaseSpec| match spec.methods.is_empty() {
            true => !constructs && !method.starts_with('_'),
            false => spec.methods.iter().any(|name| name == method),
        };
        let entries = self.all.iter().flat_map(|of| of.base.iter().map(move |spec| (of, spec)));
        best(entries.filter(|(_, spec)| called(spec)).filter_map(|(of, spec)| {
            let convention = spec.bases.iter().map(|known| convention(known, base)).reduce(first_exact)??;
            Some(Match { framework: &of.framework, heat: spec.heat, what: &spec.what, convention })
        }))
    }

    /// Whether `base` is named as a base.
    pub fn knows_base(&self, base: &str) -> bool {
        let named = |spec: &BaseSpec| spec.bases.iter().any(|known| convention(known, base) == Some(false));
        self.all.iter().any(|of| of.base.iter().any(named))
    }

    /// What a file is whose top level calls `path`: a script that runs anew each time.
    pub fn script(&self, path: &str) -> Option<Match<'_>> {
        let entries = self.all.iter().flat_map(|of| of.script.iter().map(move |spec| (of, spec)));
        let covered = |spec: &ScriptSpec| {
            let is = |known: &Vec<String>| known.iter().any(|known| covers(known, path));
            is(&spec.calls) && !is(&spec.except)
        };
        let found = entries.into_iter().find(|(_, spec)| covered(spec));
        found.map(|(of, spec)| Match { framework: &of.framework, heat: spec.heat, what: &spec.what, convention: false })
    }

    /// What a function with this name and these parameters is by convention.
    pub fn convention(&self, name: &str, params: &[String]) -> Option<Match<'_>> {
        let entries = self.all.iter().flat_map(|of| of.convention.iter().map(move |spec| (of, spec)));
        let named = |spec: &ConventionSpec| spec.names.iter().any(|known| known == name);
        let shaped = |spec: &ConventionSpec| spec.params.as_ref().is_none_or(|known| known == params);
        entries
            .filter(|(_, spec)| named(spec) && shaped(spec))
            .map(|(of, spec)| Match { framework: &of.framework, heat: spec.heat, what: &spec.what, convention: true })
            .next()
    }
}

/// What a framework makes of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'a> {
    /// Name of the framework, for people.
    pub framework: &'a str,
    /// How often the function runs.
    pub heat: Heat,
    /// For people: `route`, `task`, `tool`.
    pub what: &'a str,
    /// Known by a convention only: the finding's chain has a step that is likely, not certain.
    pub convention: bool,
}

/// The first exact match, or else the first by convention.
fn best<'a>(matches: impl Iterator<Item = Match<'a>>) -> Option<Match<'a>> {
    let mut fallback = None;
    for found in matches {
        if !found.convention {
            return Some(found);
        }
        fallback = fallback.or(Some(found));
    }
    fallback
}

/// Whether `known` covers `path`: not at all, surely (`Some(false)`), or by convention (`Some(true)`): of a path that
/// begins with anything, with what was not resolved (`?.route`) or that is a bare name, only the end is known.
fn convention(known: &str, path: &str) -> Option<bool> {
    let rooted = !known.starts_with(['*', '?']) && known.contains(['.', ':']);
    covers(known, path).then_some(!rooted)
}

/// Whether `path` is `known`, in which each `*` stands for some text.
fn covers(known: &str, path: &str) -> bool {
    let Some((start, rest)) = known.split_once('*') else { return known == path };
    let after = path.strip_prefix(start).unwrap_or_default();
    (1..=after.len()).any(|at| after.get(at..).is_some_and(|end| covers(rest, end)))
}

/// Of two answers of [`convention`], the surer.
fn first_exact(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, None) => None,
    }
}

/// How often an entry point runs its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Heat {
    /// Once per process: start-up hooks, command-line entry points.
    Once,
    /// Once per key or process, kept: `lru_cache`.
    Memoised,
    /// For each request, message, task, tool call.
    PerRequest,
    /// Tests and fixtures: quiet.
    Test,
}

/// One file of `rules/frameworks/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Framework {
    /// Name for people: `FastAPI`.
    pub framework: String,
    /// Decorators and attributes.
    #[serde(default)]
    pub decorator: Vec<DecoratorSpec>,
    /// Methods of classes with a known base.
    #[serde(default)]
    pub base: Vec<BaseSpec>,
    /// Functions known by name and parameters only.
    #[serde(default)]
    pub convention: Vec<ConventionSpec>,
    /// Files whose top level runs again and again.
    #[serde(default)]
    pub script: Vec<ScriptSpec>,
}

/// What makes a file a script that its framework runs anew each time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScriptSpec {
    /// Resolved paths of which a call at the top level says so; `*` stands for some text.
    pub calls: Vec<String>,
    /// Calls that do not.
    #[serde(default)]
    pub except: Vec<String>,
    /// How often it runs.
    pub heat: Heat,
    /// For people: `script`.
    pub what: String,
}

/// Decorators that make an entry point.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DecoratorSpec {
    /// Resolved paths (`fastapi.FastAPI.get`), in which `*` stands for some text. `*.name` matches an unresolved object's
    /// attribute, as a convention; so do a bare name and, in Rust, `?.name`.
    ///
    /// In Rust, an attribute of a function is a decorator (`actix_web::get`), and one of an `impl` block is one of its
    /// methods. A function that is handed to a call is decorated with what is called (`axum::routing::get`); where that is
    /// a method, with what its receiver's call is, and then the method (`actix_web::web::get.to`).
    pub paths: Vec<String>,
    /// How often.
    pub heat: Heat,
    /// For people: `route`, `task`, `tool`.
    pub what: String,
    /// Only where the first argument is a string starting with this (`/`).
    pub first_text: Option<String>,
    /// In Python, a convention holds for functions that are handed to a call only where this is set. What is sure
    /// always does.
    #[serde(default)]
    pub handed: bool,
}

/// Methods of subclasses that a framework calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BaseSpec {
    /// Resolved base classes, or traits, in which `*` stands for some text. `*Servicer` matches every base that ends so, as a
    /// convention.
    pub bases: Vec<String>,
    /// Methods; empty for all public ones.
    #[serde(default)]
    pub methods: Vec<String>,
    /// How often.
    pub heat: Heat,
    /// For people: `view`, `tool`.
    pub what: String,
}

/// Functions known by name and shape only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConventionSpec {
    /// Function names.
    pub names: Vec<String>,
    /// Its parameters, exactly, in order; absent for any.
    pub params: Option<Vec<String>>,
    /// How often.
    pub heat: Heat,
    /// For people.
    pub what: String,
}
