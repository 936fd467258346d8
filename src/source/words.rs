//! Words in source text: names as a whole, not parts of longer ones.

/// Whether a character may be part of a name.
pub fn is_part(at: char) -> bool {
    at.is_alphanumeric() || at == '_'
}

/// Whether the text at `at`, which is `word`, is no part of a longer name.
pub fn is_whole(text: &str, at: usize, word: &str) -> bool {
    let before = text.get(..at).unwrap_or("");
    let behind = text.get(at + word.len()..).unwrap_or("");
    !before.ends_with(is_part) && !behind.starts_with(is_part)
}

/// Whether `text` holds `word` as a name of its own.
pub fn has(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| is_whole(text, at, word))
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_of_names_are_no_words() {
        assert!(super::has("from a import make_client\n", "make_client"));
        assert!(!super::has("remake_client make_clients", "make_client"));
    }
}
