//! The right spelling nearest to a wrong one.

/// The candidate that `word` was probably meant to be: the one with the fewest edits, if they are few for its length.
/// Case, and `_` for `-`, are no edits.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let word = plain(word);
    let distances = candidates.into_iter().map(|candidate| {
        let plain = plain(candidate);
        let edits = strsim::damerau_levenshtein(&word, &plain);
        // `keepalive` for `keepalive-expiry` is many edits and yet plain.
        let part = word.len() >= 4 && (plain.starts_with(&word) || plain.ends_with(&word));
        (if part { edits.min(1) } else { edits }, candidate)
    });
    let (edits, candidate) = distances.min_by_key(|&(edits, _)| edits)?;
    (edits <= (word.chars().count() / 3).max(1)).then_some(candidate)
}
