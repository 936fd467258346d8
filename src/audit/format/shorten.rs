//! Places where room is short.

/// A place in `room` characters: folders in the middle are left out first, then the start of the file's name.
pub(super) fn shorter(place: &str, room: usize, dots: &str) -> String {
    let length = |text: &str| text.chars().count();
    if length(place) <= room {
        return place.to_owned();
    }
    let parts: Vec<&str> = place.split('/').collect();
    let (folders, file) = parts.split_at(parts.len() - 1);
    let file = file.concat();
    for left_out in 1..=folders.len() {
        // What is near the file says more than what is near the root.
        let start = (folders.len() - left_out).min(1);
        let (head, tail) = (&folders[..start], &folders[start + left_out..]);
        let kept: Vec<&str> = head.iter().chain([&dots]).chain(tail).copied().chain([file.as_str()]).collect();
        let kept = kept.join("/");
        if length(&kept) <= room {
            return kept;
        }
    }
    let end: Vec<char> = file.chars().rev().take(room.saturating_sub(length(dots))).collect();
    if length(&file) <= room { file } else { dots.chars().chain(end.into_iter().rev()).collect() }
}

#[cfg(test)]
mod tests {
    use super::shorter;

    #[test]
    fn places_are_shortened_in_the_middle() {
        for (room, told) in [
            (40, "src/common/data/v21/sdmx_client.py:361"),
            (37, "src/…/data/v21/sdmx_client.py:361"),
            (28, "src/…/v21/sdmx_client.py:361"),
            (24, "src/…/sdmx_client.py:361"),
            (20, "…/sdmx_client.py:361"),
            (18, "sdmx_client.py:361"),
            (10, "…nt.py:361"),
        ] {
            assert_eq!(shorter("src/common/data/v21/sdmx_client.py:361", room, "…"), told);
        }
    }
}
