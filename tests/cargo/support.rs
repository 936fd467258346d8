//! Folders with packages in them, and a library to ask about.

use super::repository::Repository;
use coldcall::clients::resolved::Resolved;
use coldcall::clients::schema::Library;
use coldcall::project::cargo::CargoMetadata;
use coldcall::project::{Project, Projects};
use coldcall::source::Language;
use std::ops::Deref;
use std::sync::Arc;

/// A client library with features that changed between its versions.
const LIBRARY: &str = r#"
library = "wire"
language = "rust"
package = "wire"
imports = ["wire"]
verified = "2026-11-01"
versions = "0.12"
source = "made up"

[[feature-set]]
until = "0.12.0"
default = ["old-tls"]
source = "made up"

[[feature-set]]
since = "0.12.0"
default = ["tls", "http2"]
implies = { tls = ["native"], alpn = ["native"] }
needs-package = { http2 = "h2", native = "native-tls" }
source = "made up"
"#;

pub fn library() -> Library {
    toml::from_str(LIBRARY).unwrap()
}

/// A repository, and what is read from it.
pub struct Folder(Repository);

impl Deref for Folder {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.0
    }
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self(Repository::new(files))
    }

    pub fn projects(&self) -> Projects {
        Projects::new(self.root(), None)
    }

    pub fn asking(&self, metadata: CargoMetadata) -> Projects {
        Projects::new(self.root(), Some(metadata))
    }

    /// The project of the file at `path`.
    pub fn of(&self, projects: &mut Projects, path: &str) -> Arc<Project> {
        let language = match path.rsplit(['.', '/']).next() {
            Some("py") => Language::Python,
            Some("rs") => Language::Rust,
            _ => Language::CargoManifest,
        };
        projects.of(&self.path(path), self.root(), language, None)
    }

    pub fn project(&self, path: &str) -> Arc<Project> {
        self.of(&mut self.projects(), path)
    }

    pub fn resolved(&self, path: &str) -> Resolved {
        self.project(path).resolved(&library())
    }

    /// What the file at `path` gets: the version as shown, and the features that are on.
    pub fn wire(&self, path: &str) -> (String, Option<String>) {
        shown(self.resolved(path))
    }
}

pub fn shown(resolved: Resolved) -> (String, Option<String>) {
    let features = resolved.features.as_ref();
    let features = features.map(|features| features.on.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
    (resolved.shown("wire"), features)
}

/// The manifest of a package with these lines under `[dependencies]`.
pub fn manifest(dependencies: &str) -> String {
    format!("[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n")
}

/// A lock file of packages: name, version, dependencies. `app` and what begins with `own` come from the workspace.
pub fn lock(packages: &[(&str, &str, &[&str])]) -> String {
    let package = |(name, version, dependencies): &(&str, &str, &[&str])| {
        let own = *name == "app" || name.starts_with("own");
        let source = if own { "" } else { "source = \"registry+https://example.com/index\"\n" };
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}dependencies = {dependencies:?}\n\n")
    };
    format!("version = 4\n\n{}", packages.iter().map(package).collect::<String>())
}
