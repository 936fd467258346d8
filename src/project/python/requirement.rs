//! One requirement: `httpx[http2]>=0.27,<1 ; python_version >= "3.9"`, or a wheel.

use super::specifier;
use pep440_rs::Version;
use std::collections::BTreeSet;
use std::str::FromStr;
use version_ranges::Ranges;

/// A package that is asked for.
#[derive(Debug, Clone)]
pub struct Requirement {
    /// Normalised name.
    pub name: String,
    /// Its extras that are asked for.
    pub extras: BTreeSet<String>,
    /// The versions that will do.
    pub set: Ranges<Version>,
    /// The same as written.
    pub words: String,
    /// It counts on some platforms or for some versions of Python only.
    pub is_conditional: bool,
}

impl Requirement {
    /// Any version of `name`.
    pub fn any(name: &str) -> Self {
        let (extras, words) = (BTreeSet::new(), String::new());
        Self { name: normalise(name), extras, set: Ranges::full(), words, is_conditional: false }
    }

    /// One that a lock file lists: another version of it may be locked for another platform.
    pub fn locked(name: &str, version: Version) -> Self {
        Self { set: Ranges::singleton(version), is_conditional: true, ..Self::any(name) }
    }

    /// With the versions that `words` stand for, as `read` understands them; any where it does not.
    pub fn within(self, words: &str, read: fn(&str) -> Option<Ranges<Version>>) -> Self {
        Self { set: read(words).unwrap_or_else(Ranges::full), words: words.split_whitespace().collect(), ..self }
    }

    /// Of PEP 508, and what pip takes besides: a path or an address of a wheel. `None` where it names no package.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, marker) = text.split_once(';').map_or((text, None), |(text, marker)| (text, Some(marker)));
        let text = text.trim();
        let end = text.find(|letter: char| !is_of_name(letter)).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let (extras, rest) = match rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((extras, rest)) => (words_of(extras), rest),
            None => (BTreeSet::new(), rest),
        };
        let rest = rest.trim_start();
        let found = match rest.strip_prefix('@') {
            Some(address) => Self { set: wheel(address).map_or_else(Ranges::full, |it| it.set), ..Self::any(name) },
            None if text.ends_with(".whl") => wheel(text)?,
            None if name.is_empty() || !rest.starts_with(['<', '>', '=', '!', '~', '(']) && !rest.is_empty() => {
                return None;
            }
            None => Self::any(name).within(rest.trim_matches(['(', ')']), specifier::pep440),
        };
        let known = !found.name.is_empty();
        known.then(|| Self { extras, is_conditional: marker.is_some(), ..found })
    }
}

/// `httpx-0.28.1-py3-none-any.whl`, with a path or an address before it and a fragment after it.
fn wheel(address: &str) -> Option<Requirement> {
    let path = address.split(['#', '?']).next().unwrap_or(address).trim();
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path).strip_suffix(".whl")?;
    let mut parts = file.split('-');
    let (name, version) = (parts.next()?, Version::from_str(parts.next()?).ok()?);
    Some(Requirement { set: Ranges::singleton(version), ..Requirement::any(name) })
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

fn words_of(list: &str) -> BTreeSet<String> {
    list.split(',').map(normalise).filter(|word| !word.is_empty()).collect()
}

/// Names of packages and extras compare without case, runs of `-`, `_` and `.` being the same.
pub fn normalise(name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase();
    lower.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
