//! Files that would have to be parsed to follow a path to its end.

use super::names::{Contents, Names, join};
use super::trail::Trail;
use crate::model::Symbol;
use crate::source::Language;

impl Names<'_> {
    /// The file on the way of `path` that would have to be parsed to follow it further.
    pub fn unread(&self, file: usize, path: &str) -> Option<usize> {
        self.unread_on(file, path, &mut Trail::default())
    }

    fn unread_on(&self, file: usize, path: &str, trail: &mut Trail) -> Option<usize> {
        trail.step()?;
        if self.language(file) == Language::Rust {
            return self.unread_rust(file, path, trail);
        }
        let rest = path.trim_start_matches('.');
        let words: Vec<&str> = rest.split('.').filter(|word| !word.is_empty()).collect();
        let (lead, used) = self.layout.python(file, path.len() - rest.len(), &words)?;
        let (first, rest) = words[used..].split_first()?;
        match self.contents[lead] {
            Contents::Imports(imports) => match imports.iter().find(|import| import.name == *first) {
                Some(import) => self.unread_on(lead, &join(&import.path, rest), trail),
                None => Some(lead),
            },
            Contents::Lowered(module) => match module.exports.get(*first)? {
                Symbol::Path(path) | Symbol::Result(path) => self.unread_on(lead, &join(path, rest), trail),
                _ => None,
            },
        }
    }

    fn unread_rust(&self, file: usize, path: &str, trail: &mut Trail) -> Option<usize> {
        let words: Vec<&str> = path.split("::").collect();
        self.layout.rust(file, &words).into_iter().find_map(|(lead, used)| {
            let (first, rest) = words.get(used..)?.split_first()?;
            match self.contents[lead] {
                Contents::Imports(_) => Some(lead),
                Contents::Lowered(module) => match module.exports.get(*first)? {
                    Symbol::Path(path) => {
                        let path = rest.iter().fold(path.clone(), |path, word| format!("{path}::{word}"));
                        self.unread_on(lead, &path, trail)
                    }
                    _ => None,
                },
            }
        })
    }
}
