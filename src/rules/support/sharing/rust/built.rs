//! A construction in the user's own words.

use super::super::shared_type;
use crate::frontend::rust_items;
use crate::model::SiteKind;
use crate::rules::SiteView;

/// Types with parameters that the construction does not name, and traits: what is declared needs a whole type.
const NOT_WHOLE: &[&str] = &[
    "async_openai::Client",
    "hyper::Client",
    "hyper::client::Client",
    "hyper_util::client::legacy::Client",
    "llm::LLMProvider",
];

/// What is built, and how.
pub struct Built {
    /// As written, or what replaces a one-shot.
    pub text: String,
    /// The type, as the file names it; empty where it cannot be written down.
    pub kind: String,
    /// It returns a `Result`.
    fallible: bool,
    /// It has to be awaited, which a static cannot do.
    pub awaited: bool,
    /// The text is all of it: its builder begins in no other statement, and it makes the client itself.
    whole: bool,
}

/// A function of [`rust_items`] that makes an item of name, type, construction, and whether that may fail.
pub type Item = fn(&str, &str, &str, bool) -> Option<String>;

impl Built {
    pub fn of(view: &SiteView<'_>) -> Self {
        if let Some((_, spec)) = view.one_shot() {
            let kind = shared_type(view.file.clients, &spec.instead);
            let text = if spec.instead.contains('(') { spec.instead.clone() } else { format!("{kind}::new()") };
            return Self { text, kind, fallible: false, awaited: false, whole: true };
        }
        let kind = match is_whole(&view.site.symbol) {
            true => rust_items::type_of(view.text(), &view.site.symbol),
            false => String::new(),
        };
        // Elsewhere nothing tells which type `Default` is asked for.
        let text = match view.text() {
            "Default::default()" => format!("{kind}::default()"),
            text => text.to_owned(),
        };
        // What is to come of `into` its place must say.
        let is_inferred = matches!(view.site.constructor.as_str(), "into" | "try_into");
        let listed = |list: &[String]| list.iter().any(|name| is_named(name, &view.site.constructor));
        let spec = view.spec().map(|(_, spec)| spec);
        Self {
            whole: rust_items::ends_in(&text, &view.site.constructor) && !is_inferred && !makes_a_holder(view, &text),
            text,
            kind,
            fallible: spec.is_some_and(|spec| listed(&spec.fallible)),
            awaited: spec.is_some_and(|spec| listed(&spec.awaited)),
        }
    }

    /// `let name = ..;` where nothing is there to fail into or to wait in.
    pub fn binding(&self, name: &str, wrapper: Option<&str>) -> Option<String> {
        let plain = self.whole && !rust_items::leaves(&self.text) && !self.names_its_place();
        let tail = if self.awaited { ".await" } else { "" };
        plain.then(|| rust_items::binding(name, wrapper, &format!("{}{tail}", self.text), self.fallible)).flatten()
    }

    /// `let name = ..;` in the same block, failing as the user's code does.
    pub fn binding_here(&self, view: &SiteView<'_>, name: &str) -> Option<String> {
        let rest = view.file.source.text.get(view.site.place.span.end..).unwrap_or("").trim_start();
        let tail = if self.awaited && !self.text.ends_with(".await") { ".await" } else { "" };
        let rest = rest.strip_prefix(".await").unwrap_or(rest).trim_start();
        let tried = if self.fallible && rest.starts_with('?') && !self.text.ends_with('?') { "?" } else { "" };
        let construction = format!("{}{tail}{tried}", self.text);
        self.whole.then(|| rust_items::binding(name, None, &construction, self.fallible)).flatten()
    }

    /// An item that holds it.
    pub fn item(&self, make: Item, name: &str) -> Option<String> {
        let plain = self.whole && !self.names_its_place();
        plain.then(|| make(name, &self.kind, &self.text, self.fallible)).flatten()
    }

    /// Whether it names what only its `impl` or function knows: `Self`, a type parameter.
    fn names_its_place(&self) -> bool {
        let is_parameter = |name: &str| name.len() == 1 && name.starts_with(char::is_uppercase);
        rust_items::names_in(&self.text).iter().any(|name| name == "Self" || is_parameter(name))
    }

    /// A field of the struct `holder`, and what sets it.
    pub fn field(&self, holder: &str, name: &str) -> Option<String> {
        let plain = self.whole && !self.awaited;
        plain.then(|| rust_items::field(holder, name, &self.kind, &self.text, self.fallible)).flatten()
    }
}

/// Whether `symbol` is a type as it stands. What configures a client first has the name of its configuration, and clients that
/// tonic generates have their channel as a parameter.
fn is_whole(symbol: &str) -> bool {
    !NOT_WHOLE.contains(&symbol) && !symbol.ends_with("Config") && !symbol.contains("_client::")
}

/// `Api::default()`, which makes the client within a type of the file.
fn makes_a_holder(view: &SiteView<'_>, text: &str) -> bool {
    let owner = text.split_once("::").map_or("", |(owner, _)| owner);
    view.site.constructor == "default" && view.file.module.classes.iter().any(|class| class.name == owner)
}

/// `name` may be a whole path.
fn is_named(name: &str, constructor: &str) -> bool {
    name.rsplit("::").next() == Some(constructor)
}

/// The name to give it.
pub fn variable(view: &SiteView<'_>) -> String {
    let fallback = || if Built::of(view).kind.ends_with("Agent") { "agent".to_owned() } else { "client".to_owned() };
    let plain = |name: &&String| name.chars().all(|at| at.is_alphanumeric() || at == '_');
    match view.site.kind {
        // The name in the code holds the response.
        SiteKind::OneShot => fallback(),
        SiteKind::Client => view.site.name.as_ref().filter(plain).cloned().unwrap_or_else(fallback),
    }
}
