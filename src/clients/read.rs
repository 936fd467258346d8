//! What `scripts/check-facts-rust.py` read in the sources of crates, and when: `rules/verified/rust.toml`.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static RECORD: LazyLock<Record> = LazyLock::new(|| {
    // A test proves that the embedded record parses.
    toml::from_str(include_str!("../../rules/verified/rust.toml")).unwrap_or_default()
});

/// The record of a run.
#[derive(Debug, Default, Deserialize)]
struct Record {
    verified: String,
    default: Vec<ReadDefault>,
}

/// A default that held.
#[derive(Debug, Deserialize)]
struct ReadDefault {
    library: String,
    /// `reqwest 0.13.5 src/async_impl/client.rs:302`
    read: Vec<String>,
}

/// The day of the last run, and the crates with their versions in which the defaults of `library` were read.
pub fn of(library: &str) -> Option<(&'static str, BTreeSet<String>)> {
    let own = RECORD.default.iter().filter(|default| default.library == library);
    let crates: BTreeSet<String> = own.flat_map(|default| &default.read).map(|place| crate_of(place)).collect();
    (!crates.is_empty()).then_some((RECORD.verified.as_str(), crates))
}

fn crate_of(place: &str) -> String {
    place.split(' ').take(2).collect::<Vec<_>>().join(" ")
}
