//! The order of the inventory: what costs most comes first.
//!
//! 1. Clients that each call builds anew, where that is known; then those where callers are not known; then the kept ones.
//! 2. Within these, the dearest construction first, as far as it was measured.
//! 3. Then what repeats most: loops before requests before calls.
//! 4. Then what more findings of higher severity are about; then path and place.

use super::entry::Entry;
use crate::finding::{Confidence, Severity};
use crate::lifetime::Level;
use std::cmp::Reverse;

/// Sorts by cost.
pub fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| {
        let dear = |entry: &Entry| entry.cost.construction_ms.unwrap_or(0.0);
        let first = group(a).cmp(&group(b)).then(dear(b).total_cmp(&dear(a)));
        first.then_with(|| rest(a).cmp(&rest(b))).then_with(|| place(a).cmp(&place(b)))
    });
}

fn group(entry: &Entry) -> u8 {
    match (entry.cost.per_call, entry.lifetime.confidence) {
        (true, Confidence::Medium | Confidence::High) => 0,
        (true, Confidence::Low) => 1,
        (false, _) => 2,
    }
}

fn rest(entry: &Entry) -> (Reverse<Level>, Reverse<Vec<Severity>>) {
    let mut severities: Vec<Severity> = entry.findings.iter().map(|found| found.severity).collect();
    severities.sort_by_key(|severity| Reverse(*severity));
    (Reverse(entry.lifetime.level), Reverse(severities))
}

fn place(entry: &Entry) -> (&str, usize, &str) {
    (&entry.at.path, entry.at.start.offset, &entry.symbol)
}
