//! Walks one folder that the user named.

use super::ignores::Ignores;
use super::{Found, Gathered, is_default_exclude};
use crate::paths;
use crate::settings::{SettingsError, SettingsStore};
use crate::source::read::FileKind;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Gathers the sources and manifests below the absolute folder `root`. Links to folders are not followed, links to files are.
pub fn walk(root: &Path, store: &SettingsStore, gathered: &mut Gathered) -> Result<(), Box<SettingsError>> {
    let canonical = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let mut walk = Walk { root, canonical, store, ignores: Ignores::above(root, store.cwd()), gathered };
    let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Err(error) => walk.unreadable(&error),
            Ok(entry) if is_folder(&entry) => {
                if !walk.enters(&entry)? {
                    entries.skip_current_dir();
                }
            }
            Ok(entry) => walk.file(&entry)?,
        }
    }
    Ok(())
}

/// The named folder itself may be a link.
fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() || entry.depth() == 0
}

struct Walk<'a> {
    root: &'a Path,
    canonical: PathBuf,
    store: &'a SettingsStore,
    ignores: Ignores,
    gathered: &'a mut Gathered,
}

impl Walk<'_> {
    /// Whether to read the folder `entry`.
    fn enters(&mut self, entry: &DirEntry) -> Result<bool, Box<SettingsError>> {
        self.ignores.leave_below(entry.depth());
        let named = entry.depth() == 0;
        if !named && (is_default_exclude(entry.file_name()) || self.is_left_out(entry, true)? || is_environment(entry))
        {
            return Ok(false);
        }
        self.ignores.enter(entry.path(), entry.depth());
        Ok(true)
    }

    fn file(&mut self, entry: &DirEntry) -> Result<(), Box<SettingsError>> {
        self.ignores.leave_below(entry.depth());
        if FileKind::of(entry.path()).is_none() || self.is_left_out(entry, false)? {
            return Ok(());
        }
        let is_link = entry.path_is_symlink();
        let shown = paths::shown(entry.path(), self.store.cwd());
        match fs::metadata(entry.path()) {
            Err(_) if is_link => self.gathered.skip(shown, "broken symbolic link"),
            Err(error) => self.gathered.skip(shown, &error.kind().to_string()),
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) if !metadata.is_file() => self.gathered.skip(shown, "not a regular file"),
            Ok(_) => {
                let path = entry.path().to_owned();
                let root_relative = paths::shown(&path, self.root);
                let found = Found { path, shown, root_relative, explicit: false };
                self.gathered.add(self.canonical(entry), found);
            }
        }
        Ok(())
    }

    /// Whether the configuration excludes `entry`, or an ignore file names it.
    fn is_left_out(&self, entry: &DirEntry, is_folder: bool) -> Result<bool, Box<SettingsError>> {
        let path = entry.path();
        let settings = self.store.for_file(path)?;
        Ok(settings.is_entry_excluded(path, is_folder)
            || settings.respect_ignore_files && self.ignores.is_ignored(path, is_folder))
    }

    /// Only links need the disk to tell what they are.
    fn canonical(&self, entry: &DirEntry) -> PathBuf {
        let path = entry.path();
        match path.strip_prefix(self.root) {
            Ok(relative) if !entry.path_is_symlink() => self.canonical.join(relative),
            _ => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        }
    }

    fn unreadable(&mut self, error: &walkdir::Error) {
        let path = error.path().unwrap_or(self.root);
        let kind = error.io_error().map_or_else(|| error.to_string(), |error| error.kind().to_string());
        self.gathered.skip(paths::shown(path, self.store.cwd()), &kind);
    }
}

/// A virtual environment, whatever its name.
fn is_environment(entry: &DirEntry) -> bool {
    entry.path().join("pyvenv.cfg").is_file()
}
