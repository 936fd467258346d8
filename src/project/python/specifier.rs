//! The versions that a specifier allows: PEP 440, Poetry's carets and tildes, conda's single `=`.

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers, release_specifier_to_range};
use std::str::FromStr;
use version_ranges::Ranges;

/// Larger numbers are no versions, and cannot be counted on from.
const MAX_NUMBER: u64 = u32::MAX as u64;

/// Of `>=0.27,<1`; `None` where it is none.
pub fn pep440(text: &str) -> Option<Ranges<Version>> {
    let specifiers = VersionSpecifiers::from_str(text.trim()).ok()?;
    let each = specifiers.iter().map(|one| allowed(one.clone()));
    each.reduce(|all, one| Some(all?.intersection(&one?))).unwrap_or_else(|| Some(Ranges::full()))
}

fn allowed(one: VersionSpecifier) -> Option<Ranges<Version>> {
    if one.version().release().iter().any(|number| *number > MAX_NUMBER) {
        return None;
    }
    Some(match one.operator() {
        Operator::Equal | Operator::ExactEqual => Ranges::singleton(one.version().clone()),
        Operator::GreaterThanEqual => Ranges::higher_than(one.version().clone()),
        // Pre-releases before a bound are nobody's default.
        _ => release_specifier_to_range(one),
    })
}

/// Of `^1.2 || ~0.9`, `>=1,<2`, `1.2.3`, `*`, as Poetry and Pipenv have them.
pub fn poetry(text: &str) -> Option<Ranges<Version>> {
    let either = text.split("||").map(|part| {
        let all = part.split(',').map(str::trim).filter(|word| !word.is_empty()).map(poetry_word);
        all.reduce(|all, one| Some(all?.intersection(&one?))).unwrap_or_else(|| Some(Ranges::full()))
    });
    either.reduce(|all, one| Some(all?.union(&one?)))?
}

fn poetry_word(word: &str) -> Option<Ranges<Version>> {
    if word == "*" {
        return Some(Ranges::full());
    }
    let line = |text: &str, keep: fn(&[u64]) -> usize| {
        let version = Version::from_str(text.trim()).ok()?;
        let numbers = version.release().to_vec();
        let after = after(&numbers, keep(&numbers))?;
        Some(Ranges::from_range_bounds(version..after))
    };
    match (word.strip_prefix('^'), word.strip_prefix('~').filter(|rest| !rest.starts_with('='))) {
        (Some(text), _) => line(text, |numbers| numbers.iter().take_while(|number| **number == 0).count()),
        (_, Some(text)) => line(text, |_| 1),
        _ if word.starts_with(|first: char| first.is_ascii_digit()) => pep440(&format!("=={word}")),
        _ => pep440(word),
    }
}

/// The first version after all that agree with `numbers` up to the one at `at`.
fn after(numbers: &[u64], at: usize) -> Option<Version> {
    let at = at.min(numbers.len().checked_sub(1)?);
    let bumped = numbers.get(at).filter(|number| **number <= MAX_NUMBER)?.saturating_add(1);
    Some(Version::new(numbers.iter().take(at).copied().chain([bumped])))
}

/// Of `=0.27`, `==0.27.0`, `>=0.27,<1`, `0.27.* py_0`, `=0.27=py_0`, as conda has them.
pub fn conda(text: &str) -> Option<Ranges<Version>> {
    let text = text.trim();
    let fuzzy = text.strip_prefix('=').filter(|rest| !rest.starts_with('='));
    match fuzzy.map(|rest| rest.split('=').next().unwrap_or(rest).trim_end_matches(".*")) {
        Some(version) => pep440(&format!("=={version}.*")),
        None if text.starts_with(|first: char| first.is_ascii_digit()) => {
            pep440(&format!("=={}", text.split_whitespace().next().unwrap_or(text)))
        }
        None => pep440(text),
    }
}
