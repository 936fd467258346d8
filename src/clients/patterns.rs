//! Paths in which `*` stands for any part of a segment: `aws_sdk_*::Client`.

use std::collections::HashMap;

/// Values by pattern. Every path of every file is asked for, so patterns are kept taken apart.
#[derive(Debug, Clone)]
pub(super) struct Patterns<T> {
    /// By the number of their segments, in the order in which they came.
    by_length: HashMap<usize, Vec<(Vec<Segment>, T)>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Exact(String),
    /// What stands before and behind the `*`.
    Open(String, String),
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self { by_length: HashMap::new() }
    }
}

impl<T> Patterns<T> {
    /// Adds `value` under `pattern`.
    pub(super) fn add(&mut self, pattern: &str, value: T) {
        let segments: Vec<Segment> = pattern.split("::").map(Segment::of).collect();
        self.by_length.entry(segments.len()).or_default().push((segments, value));
    }

    /// Adds all of `other`; its patterns are asked first.
    pub(super) fn overlay(&mut self, other: Self) {
        for (length, patterns) in other.by_length {
            self.by_length.entry(length).or_default().splice(..0, patterns);
        }
    }

    /// Values whose patterns fit `path`.
    pub(super) fn matching(&self, path: &str) -> impl Iterator<Item = &T> {
        let segments: Vec<&str> = path.split("::").collect();
        let candidates = self.by_length.get(&segments.len()).into_iter().flatten();
        // The last segments tell most patterns apart.
        let fitting = move |pattern: &[Segment]| pattern.iter().zip(&segments).rev().all(|(one, text)| one.fits(text));
        candidates.filter(move |(pattern, _)| fitting(pattern)).map(|(_, value)| value)
    }
}

impl Segment {
    fn of(text: &str) -> Self {
        match text.split_once('*') {
            Some((start, end)) => Self::Open(start.to_owned(), end.to_owned()),
            None => Self::Exact(text.to_owned()),
        }
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == text,
            Self::Open(start, end) => {
                text.len() >= start.len() + end.len()
                    && text.starts_with(start.as_str())
                    && text.ends_with(end.as_str())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn a_star_is_a_part_of_one_segment() {
        let mut patterns = Patterns::default();
        patterns.add("aws_sdk_*::Client::new", 1);
        patterns.add("*_client::*Client::connect", 2);
        let found = |path| patterns.matching(path).copied().collect::<Vec<i32>>();
        assert_eq!(found("aws_sdk_s3::Client::new"), [1]);
        assert_eq!(found("greeter_client::GreeterClient::connect"), [2]);
        for other in [
            "aws_sdk_s3::config::Client::new",
            "aws_sdk::Client::new",
            "aws_sdk_s3::Client",
            "client::Client::connect",
            "",
        ] {
            assert!(found(other).is_empty(), "{other}");
        }
    }
}
