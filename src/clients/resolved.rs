//! What a project resolves a library to, and the facts that hold then.

use super::schema::{
    BaseUrlSpec, BuildsPerCallSpec, ClientSpec, CostSpec, DefaultSpec, FeatureCondition, FeatureSetSpec, Library,
    NoHttp2Spec, OverSpec, PoolSpec,
};
use crate::source::Language;
use pep440_rs::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// A package as a project has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Locked or pinned version, where there is one.
    pub version: Option<Version>,
    /// No lock file says so: `version` is the least that the manifest asks for, and any compatible one may be built.
    pub is_least: bool,
    /// Cargo features, where the manifest tells; never for Python.
    pub features: Option<Features>,
}

impl Resolved {
    /// The version, where a lock file or a pin says it.
    pub fn locked(self) -> Option<Version> {
        self.version.filter(|_| !self.is_least)
    }

    /// `library` with its version, for people: `reqwest 0.12.4`, `reqwest ^0.12.0 (not locked)`, or its name alone.
    pub fn shown(&self, library: &str) -> String {
        match &self.version {
            Some(version) if self.is_least => format!("{library} ^{version} (not locked)"),
            Some(version) => format!("{library} {version}"),
            None => library.to_owned(),
        }
    }
}

/// Cargo features that are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// Those that are on, the ones that others imply included.
    pub on: BTreeSet<String>,
    /// Those that may be on besides: the lock file lists a package that nothing else needs.
    pub possible: BTreeSet<String>,
    /// Those that are off for certain, with the package that they need and the lock file does not list.
    pub lacking: BTreeMap<String, String>,
    /// As resolved by Cargo itself. Otherwise read from manifests: another package may switch on more.
    pub certain: bool,
}

impl Features {
    /// The features that a manifest's words amount to: what is listed, the defaults, and what they imply.
    pub fn of(set: Option<&FeatureSetSpec>, listed: &[String], with_defaults: bool) -> Self {
        let defaults = set.filter(|_| with_defaults).map_or(&[][..], |set| set.default.as_slice());
        let mut todo: Vec<&String> = listed.iter().chain(defaults).collect();
        let mut on = BTreeSet::new();
        while let Some(feature) = todo.pop() {
            if on.insert(feature.clone()) {
                todo.extend(set.and_then(|set| set.implies.get(feature)).into_iter().flatten());
            }
        }
        Self { on, ..Self::default() }
    }

    /// Takes the lock file's word: `is_locked` tells whether it lists a package among the dependencies of the library.
    pub fn settle(&mut self, set: &FeatureSetSpec, is_locked: impl Fn(&str) -> bool) {
        for (feature, package) in set.needs_package.iter().filter(|(_, package)| !is_locked(package)) {
            // Where the manifest asks for it all the same, the two contradict each other, and nothing is certain.
            if !self.on.remove(feature) {
                self.lacking.insert(feature.clone(), package.clone());
            }
        }
        let explained: BTreeSet<&String> =
            self.on.iter().filter_map(|feature| set.needs_package.get(feature)).collect();
        let unexplained =
            set.needs_package.iter().filter(|(_, package)| is_locked(package) && !explained.contains(package));
        self.possible = unexplained.map(|(feature, _)| feature.clone()).collect();
    }

    /// Adds what the code proves: it calls builder methods that exist with a feature only.
    pub fn prove(&mut self, set: &FeatureSetSpec, is_called: impl Fn(&str) -> bool) {
        let proven = set.methods.iter().filter(|(method, _)| is_called(method)).map(|(_, feature)| feature.clone());
        self.on.extend(proven);
    }

    /// Whether `pattern` (`rustls-tls*` for all that start so) is on.
    pub fn has(&self, pattern: &str) -> bool {
        any(&self.on, pattern)
    }

    fn may_have(&self, pattern: &str) -> bool {
        self.has(pattern) || any(&self.possible, pattern)
    }
}

fn any(features: &BTreeSet<String>, pattern: &str) -> bool {
    features.iter().any(|feature| is_like(feature, pattern))
}

/// Whether `name` is what `pattern` says; `http2_*` stands for all that start so.
pub fn is_like(name: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
}

impl FeatureCondition {
    /// Whether `features` are as the condition wants them.
    pub fn holds(&self, features: &Features) -> bool {
        let on = |pattern: &String| features.has(pattern);
        let off = |pattern: &String| !features.may_have(pattern);
        self.all.iter().all(on) && (self.any.is_empty() || self.any.iter().any(on)) && self.none.iter().all(off)
    }
}

impl ClientSpec {
    /// Whether it has a pool of its own in the version that `resolved` gives.
    pub fn pools_in(&self, resolved: impl FnOnce() -> Resolved) -> bool {
        let always = self.since.is_none() && self.until.is_none();
        always || covers(&self.since, &self.until, resolved().version.as_ref())
    }
}

impl BaseUrlSpec {
    /// Whether `constructor` reads the variables in the version that `resolved` gives.
    pub fn is_read_by(&self, constructor: &str, resolved: impl FnOnce() -> Resolved) -> bool {
        let reads = self.constructors.is_empty() || self.constructors.iter().any(|name| name == constructor);
        reads && (self.since.is_none() || covers(&self.since, &None, resolved().version.as_ref()))
    }
}

impl Library {
    /// Its name beside a version: that of the package whose version it is, where one file describes several (`aws-sdk`).
    pub fn told(&self) -> &str {
        match self.language {
            Language::Python => &self.library,
            Language::Rust | Language::CargoManifest => &self.package,
        }
    }

    /// The default of `setting`: the client's own, or else the library's. Without a version, the newest.
    pub fn default_of<'a>(
        &'a self,
        spec: &'a ClientSpec,
        setting: &str,
        resolved: &Resolved,
    ) -> Option<&'a DefaultSpec> {
        let holds = |default: &&DefaultSpec| {
            default.setting == setting
                && covers(&default.since, &default.until, resolved.version.as_ref())
                && fits(default.features.as_ref(), resolved)
        };
        spec.default.iter().find(holds).or_else(|| self.default.iter().find(holds))
    }

    /// What building a client costs.
    pub fn cost_of(&self, resolved: &Resolved) -> Option<&CostSpec> {
        self.cost.iter().find(|cost| {
            covers(&cost.since, &cost.until, resolved.version.as_ref()) && fits(cost.features.as_ref(), resolved)
        })
    }

    /// What its features are in a version; without one, in the newest.
    pub fn feature_set_of(&self, version: Option<&Version>) -> Option<&FeatureSetSpec> {
        self.feature_set.iter().find(|set| covers(&set.since, &set.until, version))
    }

    /// Why HTTP/2 over TLS cannot be had; `None` where it can or where nothing is known.
    pub fn no_http2_of(&self, resolved: &Resolved) -> Option<&NoHttp2Spec> {
        self.no_http2.iter().find(|spec| {
            covers(&spec.since, &spec.until, resolved.version.as_ref()) && fits(Some(&spec.features), resolved)
        })
    }

    /// How its pools behave.
    pub fn pool_of(&self, resolved: &Resolved) -> Option<&PoolSpec> {
        self.pool.iter().find(|spec| covers(&spec.since, &spec.until, resolved.version.as_ref()))
    }

    /// The library whose pools it uses.
    pub fn over_of(&self, resolved: &Resolved) -> Option<&OverSpec> {
        self.over.iter().find(|spec| covers(&spec.since, &spec.until, resolved.version.as_ref()))
    }

    /// Why sharing its client does not help; only for a version that is known.
    pub fn builds_per_call_in(&self, version: &Version) -> Option<&BuildsPerCallSpec> {
        self.builds_per_call.iter().find(|spec| covers(&spec.since, &spec.until, Some(version)))
    }
}

fn fits(condition: Option<&FeatureCondition>, resolved: &Resolved) -> bool {
    let condition = condition.filter(|condition| **condition != FeatureCondition::default());
    condition.is_none_or(|condition| resolved.features.as_ref().is_some_and(|features| condition.holds(features)))
}

/// Whether `version` lies in the range; without a version, whether the range reaches to this day.
fn covers(since: &Option<String>, until: &Option<String>, version: Option<&Version>) -> bool {
    let Some(version) = version else { return until.is_none() };
    let bound = |text: &Option<String>| text.as_deref().and_then(|text| Version::from_str(text).ok());
    bound(since).is_none_or(|since| *version >= since) && bound(until).is_none_or(|until| *version < until)
}
