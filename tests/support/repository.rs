//! A folder with files in it.

use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that is a repository, so that nothing above it counts.
pub struct Repository {
    dir: TempDir,
}

impl Repository {
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

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }
}
