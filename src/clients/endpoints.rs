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

/// The API hosts of a vendor, where its documents name them all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VendorHosts {
    /// Who: `Anthropic`.
    pub vendor: String,
    /// Domains of the vendor: `anthropic.com`.
    pub domains: Vec<String>,
    /// API hosts that its documents or its SDK name. Of a label, `*` stands for all of it, `?` for one letter.
    pub documented: Vec<String>,
    /// What there is to choose from by region, a sentence.
    pub regions: String,
    /// Where it says so.
    pub source: String,
}

impl VendorHosts {
    /// Whether `host` lies in a domain of the vendor.
    pub fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
    }

    /// Whether a document names `host`.
    pub fn documents(&self, host: &str) -> bool {
        self.documented.iter().any(|pattern| {
            let (pattern, host) = (pattern.split('.'), host.split('.'));
            pattern.clone().count() == host.clone().count()
                && pattern.zip(host).all(|(pattern, label)| fits(pattern, label))
        })
    }
}

fn fits(pattern: &str, label: &str) -> bool {
    let same = |(pattern, letter): (char, char)| pattern == '?' || pattern == letter;
    pattern == "*" || (pattern.len() == label.len() && pattern.chars().zip(label.chars()).all(same))
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
    /// Variables that look as if it read them, and that it does not read.
    #[serde(default)]
    pub not_read: Vec<String>,
    /// Only where the project sets one of `not_read`: without that, nobody says that the program runs without a region.
    #[serde(default)]
    pub only_mistaken: bool,
    /// First arguments for which it needs none: `s3`.
    #[serde(default)]
    pub not_for: Vec<String>,
    /// A session makes the client, and may hold the region: only one that is given counts.
    #[serde(default)]
    pub of_session: bool,
    /// Functions, or names that are assigned, that set it for the whole process.
    #[serde(default)]
    pub set_by: Vec<String>,
    /// Kinds of entry points whose platform sets one of `variables`: `Lambda handler`.
    #[serde(default)]
    pub set_under: Vec<String>,
    /// Values that stand for no place.
    #[serde(default)]
    pub global: Vec<String>,
    /// What happens without one, a clause: `raises NoRegionError`.
    pub without: String,
    /// What happened in earlier versions.
    pub before: Option<BeforeSpec>,
    /// Only where this argument is literally true (`vertexai`).
    pub only_with: Option<String>,
    /// Source.
    pub source: String,
}

/// What was otherwise in earlier versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BeforeSpec {
    /// The first version in which it is as it is now.
    pub version: String,
    /// What happens without a region before, a clause.
    pub without: String,
}
