//! One pass over bytes: a file that names no client library and holds no `coldcall:` comment is never parsed.

use crate::clients::Clients;
use crate::source::Language;
use aho_corasick::AhoCorasick;

/// Finds out whether a file is worth parsing.
pub struct Prefilter {
    names: Option<AhoCorasick>,
}

impl Prefilter {
    /// Looks for the import names of the libraries of `language`.
    pub fn new(clients: &Clients, language: Language) -> Self {
        let needles = clients.imports(language).chain(["coldcall:".to_owned()]);
        // Where the automaton cannot be built (absurdly many names), every file is parsed: slower, never wrong.
        Self { names: AhoCorasick::new(needles).ok() }
    }

    /// Whether `text` names a client library or addresses coldcall.
    pub fn wants(&self, text: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.is_match(text))
    }
}
