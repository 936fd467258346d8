//! Folders with files in them, and what they say of httpx.

use coldcall::clients::Clients;
use coldcall::project::{Presence, Project, Projects};
use coldcall::source::Language;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A folder that is a repository, so that nothing above it counts.
pub struct Folder {
    dir: TempDir,
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { dir: TempDir::new().unwrap() };
        fs::create_dir(folder.path(".git")).unwrap();
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// The project of the file at `path`, and what was told.
    pub fn read(&self, path: &str) -> (Arc<Project>, Vec<String>) {
        self.read_in(path, None)
    }

    /// The same where the code runs in the environment at `environment`.
    pub fn read_in(&self, path: &str, environment: Option<&str>) -> (Arc<Project>, Vec<String>) {
        let mut projects = Projects::new(self.dir.path(), None);
        let environment = environment.map(|path| self.path(path));
        let project = projects.of(&self.path(path), self.dir.path(), Language::Python, environment.as_deref());
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
