//! Folders with files in them, and what they say of httpx.

use super::repository::Repository;
use coldcall::clients::Clients;
use coldcall::project::{Presence, Project, Projects};
use coldcall::source::Language;
use std::ops::Deref;
use std::sync::Arc;

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

    /// The project of the file at `path`, and what was told.
    pub fn read(&self, path: &str) -> (Arc<Project>, Vec<String>) {
        self.read_in(path, None)
    }

    /// The same where the code runs in the environment at `environment`.
    pub fn read_in(&self, path: &str, environment: Option<&str>) -> (Arc<Project>, Vec<String>) {
        let mut projects = Projects::new(self.root(), None);
        let environment = environment.map(|path| self.path(path));
        let project = projects.of(&self.path(path), self.root(), Language::Python, environment.as_deref());
        (project, projects.warnings())
    }

    pub fn project(&self, path: &str) -> Arc<Project> {
        self.read(path).0
    }

    /// httpx with its versions, for code in `path`.
    pub fn httpx_at(&self, path: &str) -> String {
        shown(&self.project(path))
    }

    pub fn httpx(&self) -> String {
        self.httpx_at("app.py")
    }

    /// Whether h2 is there, along with httpx.
    pub fn h2(&self) -> Presence {
        self.project("app.py").presence("h2", "httpx")
    }

    pub fn extras(&self) -> Vec<String> {
        self.project("app.py").extras("httpx").into_iter().map(str::to_owned).collect()
    }

    pub fn warnings(&self) -> Vec<String> {
        self.read("app.py").1
    }
}

/// httpx with its versions.
pub fn shown(project: &Project) -> String {
    let (httpx, _) = Clients::embedded().client("httpx.Client").unwrap();
    project.resolved(httpx).shown("httpx")
}

/// httpx with its versions, where `name` is the only file.
pub fn httpx(name: &str, text: &str) -> String {
    Folder::new(&[(name, text)]).httpx()
}
