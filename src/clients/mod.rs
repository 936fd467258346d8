//! Loads `rules/clients/`: what each library offers, as data. A new file there is a new library; there is no list of
//! libraries in the source.

mod endpoints;
mod handling;
mod index;
mod objects;
pub mod page;
mod patterns;
pub mod places;
mod pools;
pub mod read;
pub mod resolved;
pub mod schema;
pub mod verified;
mod versioned;
pub mod versions;

pub use index::{ClientsError, Made};

use crate::source::Language;
use include_dir::{Dir, include_dir};
use index::Index;
use resolved::{Resolved, is_like};
use schema::{ClientSpec, Library, ObjectSpec, OneShotSpec};
use std::sync::LazyLock;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules/clients");

static EMBEDDED: LazyLock<Clients> = LazyLock::new(|| {
    // A test proves that every embedded file parses and that they agree. Should one not, the others still serve.
    let readable = crate::embedded::parse::<Library>(&FILES).into_iter().filter_map(|(_, library)| library.ok());
    Clients::none().add_all(readable)
});

/// What is known about client libraries, found by symbol.
#[derive(Debug, Clone)]
pub struct Clients {
    libraries: Vec<Library>,
    index: Index,
}

impl Clients {
    /// The library that `library` is built over, in the versions of `resolved`.
    pub fn below(&self, library: &Library, resolved: &Resolved) -> Option<&Library> {
        let over = library.over_of(resolved)?;
        self.libraries.iter().find(|below| below.library == over.library)
    }

    /// The libraries that the program brings along.
    pub fn embedded() -> &'static Clients {
        &EMBEDDED
    }

    /// The embedded libraries and the user's own. A symbol that both describe is the user's.
    ///
    /// # Errors
    /// When the user's libraries contradict themselves: a symbol described twice, a version that is none, a default
    /// that ends before it begins, a client without symbols.
    pub fn with_user(libraries: Vec<Library>) -> Result<Clients, ClientsError> {
        let mut all = Self::embedded().clone();
        let added = Index::of(&libraries, all.libraries.len())?;
        all.index.overlay(added);
        all.libraries.extend(libraries);
        Ok(all)
    }

    /// Whether `symbol` constructs a client, for some arguments at least.
    pub fn knows(&self, symbol: &str) -> bool {
        self.index.clients(symbol).next().is_some()
    }

    /// The client that `symbol` constructs, whatever its arguments are.
    pub fn client(&self, symbol: &str) -> Option<(&Library, &ClientSpec)> {
        self.client_for(symbol, None)
    }

    /// The client that `symbol` constructs when its first argument is the text `first_argument`
    /// (`boto3.client("bedrock-runtime")`): the one that names this service, or else the general one.
    pub fn client_for(&self, symbol: &str, first_argument: Option<&str>) -> Option<(&Library, &ClientSpec)> {
        let candidates =
            || self.index.clients(symbol).filter_map(|(library, at)| self.spec(library, at, |l| &l.client));
        let named =
            |spec: &ClientSpec| first_argument.is_some_and(|text| spec.services.iter().any(|s| is_like(text, s)));
        candidates().find(|(_, spec)| named(spec)).or_else(|| candidates().find(|(_, spec)| spec.services.is_empty()))
    }

    /// The function `symbol` that builds a client for each call.
    pub fn one_shot(&self, symbol: &str) -> Option<(&Library, &OneShotSpec)> {
        self.index.one_shot(symbol).and_then(|(library, at)| self.spec(library, at, |l| &l.one_shot))
    }

    /// The settings object that `symbol` constructs.
    pub fn object(&self, symbol: &str) -> Option<(&Library, &ObjectSpec)> {
        self.index.object(symbol).and_then(|(library, at)| self.spec(library, at, |l| &l.object))
    }

    /// What calling `path` makes (`reqwest::Client::new`, `reqwest::Client::builder`); Rust only.
    pub fn made_by(&self, path: &str) -> Option<Made> {
        self.index.made_by(path)
    }

    /// Whether a method of this name ends a builder of some client.
    pub fn ends_builder(&self, method: &str) -> bool {
        let mut specs = self.libraries.iter().flat_map(|library| &library.client);
        specs.any(|spec| spec.finish.iter().any(|finish| finish == method))
    }

    /// Text that a file must hold to use any of the libraries of `language`, for the prefilter. What a manifest names are
    /// packages, which are spelled as the code spells them but for dashes.
    pub fn imports(&self, language: Language) -> impl Iterator<Item = String> {
        let of = move |library: &&Library| match language {
            Language::CargoManifest => library.language == Language::Rust,
            _ => library.language == language,
        };
        self.libraries.iter().filter(of).flat_map(move |library| match language {
            Language::CargoManifest => vec![library.package.clone()],
            _ => library.imports.clone(),
        })
    }

    /// All libraries, the embedded ones first.
    pub fn libraries(&self) -> &[Library] {
        &self.libraries
    }

    fn none() -> Clients {
        Clients { libraries: Vec::new(), index: Index::default() }
    }

    /// Adds each library that does not contradict itself or the ones before it.
    fn add_all(mut self, libraries: impl Iterator<Item = Library>) -> Clients {
        for library in libraries {
            if let Ok(added) = Index::of(std::slice::from_ref(&library), self.libraries.len()) {
                self.index.overlay(added);
                self.libraries.push(library);
            }
        }
        self
    }

    fn spec<'a, T>(
        &'a self,
        library: usize,
        at: usize,
        list: impl Fn(&'a Library) -> &'a Vec<T>,
    ) -> Option<(&'a Library, &'a T)> {
        let library = self.libraries.get(library)?;
        Some((library, list(library).get(at)?))
    }
}
