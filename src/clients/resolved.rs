//! What a project resolves a library to, and the facts that hold then.

use super::schema::{
    BaseUrlSpec, BuildsPerCallSpec, ClientSpec, CostSpec, DefaultSpec, FeatureCondition, FeatureSetSpec, Library,
    NoHttp2Spec, OverSpec, OwnHttpSpec, PoolSpec,
};
use super::versions::{Fit, Versions, bounds, range};
use crate::source::Language;
use pep440_rs::Version;
use std::collections::{BTreeMap, BTreeSet};
use version_ranges::Ranges;

/// A package as a project has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Its versions.
    pub versions: Versions,
    /// Cargo features, where the manifest tells; never for Python.
    pub features: Option<Features>,
}

impl Resolved {
    /// In these versions, without a word of features.
    pub fn at(versions: impl Into<Versions>) -> Self {
        Self { versions: versions.into(), features: None }
    }

    /// `library` with its versions, for people: `reqwest 0.12.4`, `reqwest ^0.12 (not locked)`, or its name alone.
    pub fn shown(&self, library: &str) -> String {
        match &self.versions {
            Versions::Exact(all) => {
                let all: Vec<String> = all.iter().map(Version::to_string).collect();
                format!("{library} {}", all.join(" or "))
            }
            Versions::Allowed { words, .. } => format!("{library} {words} (not locked)"),
            Versions::Unknown => library.to_owned(),
        }
    }

    /// The same where a fact is stated that was chosen for the versions: says what was assumed.
    pub fn stated(&self, library: &str) -> String {
        let shown = self.shown(library);
        if self.versions == Versions::Unknown { format!("{shown}, newest version assumed") } else { shown }
    }

    /// Whether what is so from `since` on and before `until` is so in all its versions.
    pub(super) fn holds(&self, since: &Option<String>, until: &Option<String>) -> bool {
        self.versions.fit(since.as_deref(), until.as_deref()) == Fit::Whole
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
    fn of(set: Option<&FeatureSetSpec>, listed: &[String], with_defaults: bool) -> Self {
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

    /// Those of one version or another.
    fn common(self, other: Self) -> Self {
        let possible = self.possible.iter().chain(&other.possible).chain(self.on.symmetric_difference(&other.on));
        Self { possible: possible.cloned().collect(), on: &self.on & &other.on, ..self }
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

    /// The same without those that are like one of `patterns`.
    pub fn without(mut self, patterns: &[String]) -> Self {
        let stays = |feature: &String| !patterns.iter().any(|pattern| is_like(feature, pattern));
        self.on.retain(stays);
        self.possible.retain(stays);
        self
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
        always || resolved().holds(&self.since, &self.until)
    }
}

impl BaseUrlSpec {
    /// Whether `constructor` reads the variables in the version that `resolved` gives.
    pub fn is_read_by(&self, constructor: &str, resolved: impl FnOnce() -> Resolved) -> bool {
        let reads = self.constructors.is_empty() || self.constructors.iter().any(|name| name == constructor);
        reads && (self.since.is_none() || resolved().holds(&self.since, &None))
    }
}

impl OwnHttpSpec {
    /// Whether the SDK offers its own HTTP clients in the versions of `resolved`.
    pub fn is_in(&self, resolved: &Resolved) -> bool {
        resolved.versions.fit(Some(&self.since), None) == Fit::Whole
    }
}

/// A default, and the versions in which it is the one that counts.
pub struct Dated<'a> {
    /// The default.
    pub fact: &'a DefaultSpec,
    /// The versions, beyond those of the project too.
    pub range: Ranges<Version>,
}

impl Library {
    /// Its name beside a version: that of the package whose version it is, where one file describes several (`aws-sdk`).
    pub fn told(&self) -> &str {
        match self.language {
            Language::Python => &self.library,
            Language::Rust | Language::CargoManifest => &self.package,
        }
    }

    /// The default of `setting`: the client's own, or else the library's. It holds for all versions of `resolved`; where these
    /// are not known, for the newest.
    pub fn default_of<'a>(
        &'a self,
        spec: &'a ClientSpec,
        setting: &str,
        resolved: &Resolved,
    ) -> Option<&'a DefaultSpec> {
        let found = self.defaults_of(spec, setting, resolved);
        let set = resolved.versions.set();
        let [only] = found.as_slice() else { return None };
        set.is_none_or(|set| set.subset_of(&only.range)).then_some(only.fact)
    }

    /// The defaults of `setting` that hold for some of the versions of `resolved`, oldest first; equal ones count as one.
    pub fn defaults_of<'a>(&'a self, spec: &'a ClientSpec, setting: &str, resolved: &Resolved) -> Vec<Dated<'a>> {
        let of_setting = |default: &&DefaultSpec| default.setting == setting;
        let candidates = spec.default.iter().chain(&self.default).filter(of_setting);
        let mut candidates = candidates.filter(|default| fits(default.features.as_ref(), resolved));
        let dated = |fact: &'a DefaultSpec| Dated { fact, range: range(fact.since.as_deref(), fact.until.as_deref()) };
        let Some(set) = resolved.versions.set() else {
            return candidates.find(|default| default.until.is_none()).map(dated).into_iter().collect();
        };
        let (mut found, mut taken) = (Vec::new(), Ranges::empty());
        for Dated { fact, range } in candidates.map(dated) {
            let own = range.intersection(&taken.complement());
            taken = taken.union(&range);
            if !own.is_disjoint(&set) {
                found.push(Dated { fact, range: own });
            }
        }
        found.sort_by(|a, b| bounds(&a.range).0.cmp(&bounds(&b.range).0));
        found.into_iter().fold(Vec::new(), join)
    }

    /// What building a client costs.
    pub fn cost_of(&self, resolved: &Resolved) -> Option<&CostSpec> {
        let holds =
            |cost: &&CostSpec| resolved.holds(&cost.since, &cost.until) && fits(cost.features.as_ref(), resolved);
        self.cost.iter().find(holds)
    }

    /// What its features are, one entry for each part of `versions`; where these are not known, the newest.
    pub fn feature_sets_of(&self, versions: &Versions) -> Vec<&FeatureSetSpec> {
        let within = |set: &&FeatureSetSpec| versions.fit(set.since.as_deref(), set.until.as_deref()) != Fit::None;
        self.feature_set.iter().filter(within).collect()
    }

    /// The features that a manifest's words amount to in all of `versions`; those of some are possible.
    pub fn features_in(&self, versions: &Versions, listed: &[String], with_defaults: bool) -> Features {
        let sets = self.feature_sets_of(versions).into_iter();
        let each = sets.map(|set| Features::of(Some(set), listed, with_defaults));
        each.reduce(Features::common).unwrap_or_else(|| Features::of(None, listed, with_defaults))
    }

    /// Why HTTP/2 over TLS cannot be had; `None` where it can or where nothing is known.
    pub fn no_http2_of(&self, resolved: &Resolved) -> Option<&NoHttp2Spec> {
        let holds =
            |spec: &&NoHttp2Spec| resolved.holds(&spec.since, &spec.until) && fits(Some(&spec.features), resolved);
        self.no_http2.iter().find(holds)
    }

    /// How its pools behave.
    pub fn pool_of(&self, resolved: &Resolved) -> Option<&PoolSpec> {
        self.pool.iter().find(|spec| resolved.holds(&spec.since, &spec.until))
    }

    /// The library whose pools it uses.
    pub fn over_of(&self, resolved: &Resolved) -> Option<&OverSpec> {
        self.over.iter().find(|spec| resolved.holds(&spec.since, &spec.until))
    }

    /// Why sharing its client does not help; only for versions that are known.
    pub fn builds_per_call_in(&self, resolved: &Resolved) -> Option<&BuildsPerCallSpec> {
        let holds = |spec: &&BuildsPerCallSpec| resolved.holds(&spec.since, &spec.until);
        self.builds_per_call.iter().find(holds).filter(|_| resolved.versions != Versions::Unknown)
    }
}

/// Adds a default to those found; equal neighbours become one.
fn join<'a>(mut found: Vec<Dated<'a>>, next: Dated<'a>) -> Vec<Dated<'a>> {
    match found.last_mut() {
        Some(last) if last.fact.value == next.fact.value => {
            last.range = last.range.union(&next.range);
            last.fact = next.fact;
        }
        _ => found.push(next),
    }
    found
}

fn fits(condition: Option<&FeatureCondition>, resolved: &Resolved) -> bool {
    let condition = condition.filter(|condition| **condition != FeatureCondition::default());
    condition.is_none_or(|condition| resolved.features.as_ref().is_some_and(|features| condition.holds(features)))
}
