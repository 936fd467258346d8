//! From symbols to the entries that describe them.

use super::patterns::Patterns;
use super::schema::{ClientSpec, DefaultSpec, Library};
use pep440_rs::Version;
use std::collections::{HashMap, HashSet};
use std::str::FromStr;

/// Why a set of libraries cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ClientsError {
    /// A symbol (with the same service) has two descriptions.
    #[error("{library}: `{symbol}` is described twice")]
    Twice {
        /// Library of the second description.
        library: String,
        /// The symbol; followed by its service in parentheses where it has one.
        symbol: String,
    },
    /// `since` or `until` of a default is no version.
    #[error("{library}: `{text}`, a bound of the default of `{setting}`, is not a version")]
    Version {
        /// Library.
        library: String,
        /// Setting.
        setting: String,
        /// What stands there.
        text: String,
    },
    /// A default ends before it begins.
    #[error("{library}: a default of `{setting}` ends at {until}, which is not after {since}, where it begins")]
    EmptyRange {
        /// Library.
        library: String,
        /// Setting.
        setting: String,
        /// First version with it.
        since: String,
        /// First version without it.
        until: String,
    },
    /// An entry that nothing can match.
    #[error("{library}: a client, one-shot function or object has no symbols")]
    NoSymbols {
        /// Library.
        library: String,
    },
}

/// Where an entry stands: index of the library, index in its list.
type At = (usize, usize);

/// What a Rust path makes when it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A client of this symbol.
    Client(String),
    /// A builder of a client of this symbol.
    Builder(String),
}

/// Entries by symbol. A symbol with `*` (`aws_sdk_*::Client`) stands for all that fit.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    clients: HashMap<String, Vec<At>>,
    patterns: Patterns<At>,
    made: HashMap<String, Made>,
    made_patterns: Patterns<Made>,
    one_shots: HashMap<String, At>,
    objects: HashMap<String, At>,
}

impl Index {
    /// Indexes `libraries`, the first of which has the number `first`.
    pub(super) fn of(libraries: &[Library], first: usize) -> Result<Index, ClientsError> {
        let mut index = Index::default();
        let mut claimed = HashSet::new();
        for (offset, library) in libraries.iter().enumerate() {
            check_defaults(library)?;
            let mut claims = Claims { library, claimed: &mut claimed };
            for (at, spec) in library.client.iter().enumerate() {
                for symbol in claims.client(spec)? {
                    match symbol.contains('*') {
                        true => index.patterns.add(symbol, (first + offset, at)),
                        false => index.clients.entry(symbol.clone()).or_default().push((first + offset, at)),
                    }
                }
                index.add_makers(spec);
            }
            for (at, spec) in library.one_shot.iter().enumerate() {
                let symbols = claims.symbols(&spec.symbols, "")?;
                index.one_shots.extend(symbols.iter().map(|symbol| (symbol.clone(), (first + offset, at))));
            }
            for (at, spec) in library.object.iter().enumerate() {
                let symbols = claims.symbols(&spec.symbols, "")?;
                index.objects.extend(symbols.iter().map(|symbol| (symbol.clone(), (first + offset, at))));
            }
        }
        Ok(index)
    }

    fn add_makers(&mut self, spec: &ClientSpec) {
        let Some(first) = spec.symbols.first() else { return };
        for symbol in &spec.symbols {
            for name in &spec.constructors {
                let whole = name.contains("::");
                let (path, made) = if whole { (name.clone(), first) } else { (format!("{symbol}::{name}"), symbol) };
                self.add_maker(path, Made::Client(made.clone()));
            }
        }
        for path in &spec.builders {
            self.add_maker(path.clone(), Made::Builder(first.clone()));
        }
    }

    fn add_maker(&mut self, path: String, made: Made) {
        match path.contains('*') {
            true => self.made_patterns.add(&path, made),
            false => _ = self.made.insert(path, made),
        }
    }

    /// What calling `path` makes.
    pub(super) fn made_by(&self, path: &str) -> Option<Made> {
        if let Some(made) = self.made.get(path) {
            return Some(made.clone());
        }
        let made = self.made_patterns.matching(path).next()?;
        // The symbol of a pattern is the type that the path names.
        let of_type = |symbol: &String| match (symbol.contains('*'), path.rsplit_once("::")) {
            (true, Some((owner, _))) => owner.to_owned(),
            _ => symbol.clone(),
        };
        Some(match made {
            Made::Client(symbol) => Made::Client(of_type(symbol)),
            Made::Builder(symbol) => Made::Builder(of_type(symbol)),
        })
    }

    /// Adds `other`; what it describes, it alone describes from now on.
    pub(super) fn overlay(&mut self, other: Index) {
        let symbols = other.clients.keys().chain(other.one_shots.keys()).chain(other.objects.keys());
        for symbol in symbols {
            self.clients.remove(symbol);
            self.one_shots.remove(symbol);
            self.objects.remove(symbol);
        }
        self.clients.extend(other.clients);
        self.patterns.overlay(other.patterns);
        self.made.extend(other.made);
        self.made_patterns.overlay(other.made_patterns);
        self.one_shots.extend(other.one_shots);
        self.objects.extend(other.objects);
    }

    /// Clients with this symbol.
    pub(super) fn clients(&self, symbol: &str) -> impl Iterator<Item = At> {
        let exact = self.clients.get(symbol).into_iter().flatten().copied();
        exact.chain(self.patterns.matching(symbol).copied())
    }

    /// One-shot function with this symbol.
    pub(super) fn one_shot(&self, symbol: &str) -> Option<At> {
        self.one_shots.get(symbol).copied()
    }

    /// Settings object with this symbol.
    pub(super) fn object(&self, symbol: &str) -> Option<At> {
        self.objects.get(symbol).copied()
    }
}

/// Sees to it that nothing is described twice.
struct Claims<'a> {
    library: &'a Library,
    claimed: &'a mut HashSet<(String, String)>,
}

impl Claims<'_> {
    fn client<'s>(&mut self, spec: &'s ClientSpec) -> Result<&'s [String], ClientsError> {
        if spec.services.is_empty() {
            return self.symbols(&spec.symbols, "");
        }
        for service in &spec.services {
            self.symbols(&spec.symbols, service)?;
        }
        Ok(&spec.symbols)
    }

    fn symbols<'s>(&mut self, symbols: &'s [String], service: &str) -> Result<&'s [String], ClientsError> {
        let library = || self.library.library.clone();
        if symbols.is_empty() {
            return Err(ClientsError::NoSymbols { library: library() });
        }
        for symbol in symbols {
            if !self.claimed.insert((symbol.clone(), service.to_owned())) {
                let symbol = if service.is_empty() { symbol.clone() } else { format!("{symbol} ({service})") };
                return Err(ClientsError::Twice { library: library(), symbol });
            }
        }
        Ok(symbols)
    }
}

fn check_defaults(library: &Library) -> Result<(), ClientsError> {
    let own = library.client.iter().flat_map(|spec| &spec.default);
    library.default.iter().chain(own).try_for_each(|default| check_default(library, default))
}

fn check_default(library: &Library, default: &DefaultSpec) -> Result<(), ClientsError> {
    let version = |text: &String| {
        Version::from_str(text).map_err(|_| ClientsError::Version {
            library: library.library.clone(),
            setting: default.setting.clone(),
            text: text.clone(),
        })
    };
    let since = default.since.as_ref().map(version).transpose()?;
    let until = default.until.as_ref().map(version).transpose()?;
    match (since, until) {
        (Some(since), Some(until)) if since >= until => Err(ClientsError::EmptyRange {
            library: library.library.clone(),
            setting: default.setting.clone(),
            since: since.to_string(),
            until: until.to_string(),
        }),
        _ => Ok(()),
    }
}
