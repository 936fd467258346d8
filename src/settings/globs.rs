//! Glob patterns for paths, as people know them from ignore files.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::{Path, PathBuf};

/// Patterns over relative paths with `/`. A pattern without a slash (but at its end) matches a name at any depth, one with
/// a slash counts from the root; `*` stays within a name, `**` crosses folders; a folder that matches matches all below
/// it, and with `/` or `/**` at its end a pattern matches folders only.
#[derive(Debug, Clone)]
pub struct Patterns {
    /// Matches files and folders by themselves.
    any: GlobSet,
    /// Matches folders by themselves.
    folders: GlobSet,
    /// Matches what is in a matching folder.
    below: GlobSet,
    originals: Vec<String>,
}

impl Patterns {
    /// Compiles `patterns`.
    ///
    /// # Errors
    /// Index of the first pattern that is no glob, with what is wrong.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, (usize, String)> {
        Self::compile(patterns, |pattern| Some(pattern.relative()))
    }

    fn compile<S: AsRef<str>>(
        patterns: &[S],
        meaning: impl Fn(Pattern) -> Option<String>,
    ) -> Result<Self, (usize, String)> {
        let mut sets = [GlobSetBuilder::new(), GlobSetBuilder::new(), GlobSetBuilder::new()];
        let [any, folders, below] = &mut sets;
        for (at, text) in patterns.iter().enumerate() {
            let fail = |message| (at, message);
            let pattern = Pattern::new(text.as_ref()).map_err(fail)?;
            let Some(itself) = meaning(pattern) else { continue };
            if pattern.folders_only { &mut *folders } else { &mut *any }.add(glob(&itself).map_err(fail)?);
            below.add(glob(&format!("{itself}/**")).map_err(fail)?);
        }
        let build = |set: &GlobSetBuilder| set.build().map_err(|error| (0, error.kind().to_string()));
        let originals = patterns.iter().map(|pattern| pattern.as_ref().to_owned()).collect();
        Ok(Self { any: build(any)?, folders: build(folders)?, below: build(below)?, originals })
    }

    /// Whether a pattern matches the file at `path`, or a folder above it.
    pub fn is_match(&self, path: impl AsRef<Path>) -> bool {
        self.any.is_match(&path) || self.below.is_match(&path)
    }

    /// Whether a pattern matches the file or folder at `path` by itself, whatever folders it lies in.
    pub fn is_entry_match(&self, path: impl AsRef<Path>, is_folder: bool) -> bool {
        self.any.is_match(&path) || is_folder && self.folders.is_match(&path)
    }

    /// The patterns as written.
    pub fn originals(&self) -> &[String] {
        &self.originals
    }
}

/// [`Patterns`] that count from a directory. A pattern that starts with a slash may also be an absolute path.
#[derive(Debug, Clone)]
pub struct Globs {
    root: PathBuf,
    relative: Patterns,
    absolute: Patterns,
}

impl Globs {
    /// Compiles `patterns` that count from the absolute directory `root`.
    ///
    /// # Errors
    /// Index of the first pattern that is no glob, with what is wrong.
    pub fn new<S: AsRef<str>>(root: &Path, patterns: &[S]) -> Result<Self, (usize, String)> {
        let relative = Patterns::new(patterns)?;
        let absolute = Patterns::compile(patterns, |pattern| pattern.absolute())?;
        Ok(Self { root: root.to_owned(), relative, absolute })
    }

    /// Whether a pattern matches the file at the absolute `path`, or a folder between the root and it.
    pub fn is_match(&self, path: &Path) -> bool {
        self.relative.is_match(self.relative_to_root(path)) || self.absolute.is_match(path)
    }

    /// Whether a pattern matches the file or folder at the absolute `path` by itself, whatever folders it lies in.
    pub fn is_entry_match(&self, path: &Path, is_folder: bool) -> bool {
        let relative = self.relative_to_root(path);
        self.relative.is_entry_match(relative, is_folder) || self.absolute.is_entry_match(path, is_folder)
    }

    /// The patterns as written.
    pub fn originals(&self) -> &[String] {
        self.relative.originals()
    }

    /// Outside the root the name alone: folders above a project say nothing about it.
    fn relative_to_root<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).ok().or_else(|| path.file_name().map(Path::new)).unwrap_or(path)
    }
}

/// Whether `pattern` is a glob.
///
/// # Errors
/// What is wrong with it.
pub fn check_glob(pattern: &str) -> Result<(), String> {
    glob(Pattern::new(pattern)?.body).map(drop)
}

fn glob(pattern: &str) -> Result<Glob, String> {
    GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| error.kind().to_string())
}

/// A pattern taken apart.
#[derive(Clone, Copy)]
struct Pattern<'a> {
    /// Without `/` or `/**` at the end.
    body: &'a str,
    folders_only: bool,
    /// Counts from the root, instead of being a name at any depth.
    anchored: bool,
}

impl<'a> Pattern<'a> {
    fn new(text: &'a str) -> Result<Self, String> {
        let whole_folder = text.strip_suffix("/**").filter(|body| !body.is_empty());
        let body = whole_folder.unwrap_or(text).trim_end_matches('/');
        if body.is_empty() {
            return Err("it is empty".to_owned());
        }
        Ok(Self { body, folders_only: body.len() < text.len(), anchored: body.contains('/') || whole_folder.is_some() })
    }

    fn relative(self) -> String {
        let body = self.body.strip_prefix("./").or_else(|| self.body.strip_prefix('/')).unwrap_or(self.body);
        if self.anchored { body.to_owned() } else { format!("**/{body}") }
    }

    fn absolute(self) -> Option<String> {
        self.body.starts_with('/').then(|| self.body.to_owned())
    }
}
