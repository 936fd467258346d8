//! What is known of the hosts and regions that SDKs talk to.

use serde::Deserialize;

/// Base URL of an SDK.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BaseUrlSpec {
    /// Arguments that set it, as places (`base_url`, `http_options.base_url`).
    pub arguments: Vec<String>,
    /// Variables that the SDK reads.
    pub variables: Vec<String>,
    /// Documented default.
    pub default: String,
    /// First version that reads the variables and has this default; before, nothing is known.
    pub since: Option<String>,
    /// Rust: those of `constructors` that read the variables; all where empty.
    #[serde(default)]
    pub constructors: Vec<String>,
    /// Source.
    pub source: String,
}

/// Region of an SDK.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RegionSpec {
    /// Arguments that set it, as places.
    pub arguments: Vec<String>,
    /// Arguments that name the endpoint and so make a region needless.
    #[serde(default)]
    pub endpoint_arguments: Vec<String>,
    /// Variables that the SDK reads: for the region, or for the endpoint where that makes a region needless.
    pub variables: Vec<String>,
    /// What happens without one, a clause: `raises NoRegionError`.
    pub without: String,
    /// Only where this argument is literally true (`vertexai`).
    pub only_with: Option<String>,
    /// Source.
    pub source: String,
}
