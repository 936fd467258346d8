//! Settings objects, as data.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A settings object: what its fields are when not named.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObjectSpec {
    /// Paths.
    pub symbols: Vec<String>,
    /// Fields in order, for positional use.
    #[serde(default)]
    pub positional: Vec<String>,
    /// Value of each field that is not named. A dotted key (`limits.max_connections`) is the value below a field that
    /// is not named itself.
    #[serde(default)]
    pub unset: BTreeMap<String, toml::Value>,
    /// Naming some but not all of these resets the others to their `unset` values; it matters where that is not the value
    /// in `library_defaults`.
    #[serde(default)]
    pub resets: Vec<String>,
    /// What the library uses where no object is given: the numbers to restate.
    #[serde(default)]
    pub library_defaults: BTreeMap<String, toml::Value>,
    /// Fields that count something else than people think, with the one that is mostly meant.
    #[serde(default)]
    pub mistaken: BTreeMap<String, String>,
    /// Fields in which `0` means no limit.
    #[serde(default)]
    pub zero_is_unlimited: Vec<String>,
}
