//! Clients that share a pool: it is counted once.

use super::entry::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Takes the prediction from clients whose pool another one is counted with. `entries` are in their final order.
pub fn join(entries: &mut [Entry]) {
    let handed: BTreeSet<_> = entries.iter().filter(|entry| entry.pool != entry.span).map(pool).collect();
    let mut counted: BTreeMap<_, String> = BTreeMap::new();
    for entry in entries.iter_mut() {
        let key = pool(entry);
        if entry.pool == entry.span && handed.contains(&key) {
            entry.leave_to("the client that it is handed to");
        } else if let Some(first) = counted.get(&key) {
            entry.leave_to(first);
        } else {
            counted.insert(key, format!("the client at {}", entry.at));
        }
    }
}

fn pool(entry: &Entry) -> (usize, usize, usize) {
    (entry.file, entry.pool.start, entry.pool.end)
}

impl Entry {
    fn leave_to(&mut self, other: &str) {
        self.lifetime.owned = true;
        self.predicted = None;
        self.why = Some(format!("its pool is that of {other}, and counted there"));
    }
}
