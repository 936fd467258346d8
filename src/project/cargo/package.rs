//! One package: what its manifest, its workspace and its lock file say together.

use super::dependency::{Dependency, Purpose};
use super::lock::{Lock, Locked};
use super::manifest::{Inherited, Manifest, PackageTable};
use super::metadata::Metadata;
use super::requirement::plain;
use crate::clients::resolved::{Features, Resolved};
use crate::clients::schema::Library;
use crate::clients::versions::Versions;
use pep440_rs::Version;
use std::str::FromStr;
use std::sync::Arc;

/// What members of a workspace share.
#[derive(Debug, Default)]
pub struct Shared {
    /// The dependencies of each member.
    pub members: Vec<Vec<Dependency>>,
    /// The lock file.
    pub lock: Option<Lock>,
    /// What Cargo says, where it was asked.
    pub metadata: Option<Metadata>,
}

/// A package, or a workspace without one of its own.
#[derive(Debug)]
pub struct Package {
    pub(super) manifest: Arc<Manifest>,
    /// The manifest of the workspace that it is in.
    pub(super) workspace: Option<Arc<Manifest>>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) shared: Arc<Shared>,
}

impl Package {
    /// What it resolves `library` to.
    pub fn resolved(&self, library: &Library) -> Resolved {
        if self.manifest.error.is_some() {
            return Resolved::default();
        }
        let own = uses(&self.dependencies, &library.package);
        // Two versions under two names: which of them the code means is not known here.
        let first = own.first().copied();
        let is_one = |one: &&Dependency| first.is_some_and(|first| one.is_same_build(first));
        if !own.iter().all(is_one) {
            return Resolved::default();
        }
        let locked = self.locked(library, first);
        let versions = match locked {
            Some(locked) => plain(&locked.version).map_or(Versions::Unknown, Versions::from),
            None => first.map_or(Versions::Unknown, |first| first.requirement.versions()),
        };
        let features = self.features_of(library, &own, locked, &versions);
        Resolved { versions, features }
    }

    fn features_of(
        &self,
        library: &Library,
        own: &[&Dependency],
        locked: Option<&Locked>,
        versions: &Versions,
    ) -> Option<Features> {
        // What allows several lines of versions says nothing of the one that is built.
        let least = locked.map(|locked| locked.version.clone()).or_else(|| own.first()?.requirement.least())?;
        let from_cargo = || self.shared.metadata.as_ref()?.features(&library.package, &least);
        let from_manifests = || {
            let mut features = self.features(library, own, &least, versions)?;
            if let (Some(locked), [set]) = (locked, library.feature_sets_of(versions).as_slice()) {
                features.settle(set, |package| locked.depends_on(package));
            }
            Some(features)
        };
        from_cargo().or_else(from_manifests).filter(|_| *versions != Versions::Unknown)
    }

    /// The features that its own manifest switches on, with what it inherits.
    pub fn own_features(&self, library: &Library) -> Option<Features> {
        let versions = self.resolved(library).versions;
        let first = uses(&self.dependencies, &library.package).into_iter().next()?;
        (versions != Versions::Unknown).then(|| library.features_in(&versions, &first.features, first.defaults))
    }

    /// What the lock file says, unless the manifest has been changed since.
    fn locked(&self, library: &Library, own: Option<&Dependency>) -> Option<&Locked> {
        let wanted = |version: &semver::Version| own.is_some_and(|own| own.requirement.allows(version));
        let found = self.shared.lock.as_ref()?.select(self.name(), &library.package, wanted)?;
        (own.is_none() || wanted(&found.version)).then_some(found)
    }

    /// The features that the manifests of this package and of the others in its workspace switch on.
    fn features(
        &self,
        library: &Library,
        own: &[&Dependency],
        version: &semver::Version,
        versions: &Versions,
    ) -> Option<Features> {
        // Several entries are for several platforms.
        let first = own.first()?;
        if !own.iter().all(|one| one.is_complete && one.has_features_of(first)) {
            return None;
        }
        let others = self.shared.members.iter().flatten().filter(|other| other.purpose == Purpose::Normal);
        let others = others.filter(|other| other.package == library.package);
        let built: Vec<&Dependency> =
            own.iter().copied().chain(others).filter(|one| one.requirement.fits(version)).collect();
        let listed: Vec<String> = built.iter().flat_map(|dependency| dependency.features.iter().cloned()).collect();
        Some(library.features_in(versions, &listed, built.iter().any(|dependency| dependency.defaults)))
    }

    fn name(&self) -> Option<&str> {
        self.manifest.said.package.as_ref()?.name.as_deref()
    }

    /// Whether its code can use `package`.
    pub fn has_dependency(&self, package: &str) -> bool {
        let same = |name: &str| name.replace('_', "-") == package.replace('_', "-");
        self.dependencies.iter().any(|one| one.purpose == Purpose::Normal && same(&one.package))
    }

    /// The oldest compiler that it is to be built with.
    pub fn rust_version(&self) -> Option<Version> {
        Version::from_str(self.text(|package| package.rust_version.as_ref())?).ok()
    }

    /// Its edition: `2024`.
    pub fn edition(&self) -> Option<&str> {
        self.text(|package| package.edition.as_ref())
    }

    /// Whether it is published for others to use.
    pub fn is_library(&self) -> bool {
        self.manifest.is_library()
    }

    /// A field of `[package]`, or of `[workspace.package]` where it is inherited.
    fn text(&self, field: impl Fn(&PackageTable) -> Option<&Inherited>) -> Option<&str> {
        let own = field(self.manifest.said.package.as_ref()?)?;
        let shared = || field(&self.workspace.as_ref()?.said.workspace.as_ref()?.package)?.text();
        own.text().or_else(shared)
    }
}

/// The dependencies on `package`, if there are several for one purpose all of them: those of its own code, else those of
/// tests and the build script, else what members inherit. One that keeps the crate's name comes first.
fn uses<'a>(dependencies: &'a [Dependency], package: &str) -> Vec<&'a Dependency> {
    let all = || dependencies.iter().filter(|dependency| dependency.package == package);
    let Some(purpose) = all().map(|dependency| dependency.purpose).min() else { return Vec::new() };
    let mut uses: Vec<&Dependency> = all().filter(|dependency| dependency.purpose == purpose).collect();
    uses.sort_by_key(|dependency| dependency.key != package);
    uses
}
