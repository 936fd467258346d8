//! Which module path leads to which file: Python packages below the roots of a repository, Rust modules below their crate.

use super::folders::{Folders, Place};
use crate::source::Language;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A file of the run, as others name it.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Absolute path, with `/`.
    pub path: String,
    /// What it is written in.
    pub language: Language,
    /// The package of a Rust file.
    pub package: Option<Arc<CratePackage>>,
}

/// A package of Rust code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CratePackage {
    /// Folder of its manifest.
    pub root: PathBuf,
    /// Name in the code: with `_`.
    pub name: String,
    /// Names under which manifests may mean it: that of the package and that in the code, with `_`.
    pub known_as: Vec<String>,
    /// What it depends on: the keys and packages of its manifest, with `_`.
    pub needs: Vec<String>,
}

/// Index of a crate: of a package's own, or of a target with a file of its own (`src/bin/x.rs`).
type Crate = usize;

/// A Rust file among the modules of its crate.
#[derive(Debug, Clone)]
struct Home {
    of: Crate,
    modules: Vec<String>,
}

/// Files by the paths that lead to them.
#[derive(Debug, Default)]
pub struct Layout {
    folders: Folders,
    /// The folder of each file.
    folder_of: Vec<Place>,
    /// Files of each crate by their module path.
    rust: Vec<HashMap<String, Vec<usize>>>,
    crates: HashMap<(PathBuf, String), Crate>,
    /// Crates of packages by their name.
    named: HashMap<String, Vec<Crate>>,
    homes: Vec<Option<Home>>,
}

/// Where a path leads: a file, and how many words of the path lead to it.
pub type Lead = (usize, usize);

impl Layout {
    /// Learns where `units` stand.
    pub fn new(units: &[Unit]) -> Self {
        let mut layout = Layout::default();
        for (at, unit) in units.iter().enumerate() {
            let folder = unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            layout.folder_of.push(layout.folders.place(folder));
            layout.homes.push(None);
            match unit.language {
                Language::Python => layout.folders.add(at, &unit.path),
                Language::Rust => layout.add_rust(at, unit),
                Language::CargoManifest => {}
            }
        }
        layout.folders.learn_roots();
        layout
    }

    /// Where the dotted path `words` leads from file `from`; `up` is the number of leading dots.
    pub fn python(&self, from: usize, up: usize, words: &[&str]) -> Option<Lead> {
        let here = self.folder_of[from];
        match up.checked_sub(1) {
            Some(above) => self.folders.below(self.folders.up(here).nth(above)?, words),
            None => self.folders.absolute(here, words),
        }
    }

    fn add_rust(&mut self, at: usize, unit: &Unit) {
        let Some(package) = &unit.package else { return };
        let root = package.root.to_string_lossy().replace('\\', "/");
        let Some(below) = unit.path.strip_prefix(&root).map(|below| below.trim_start_matches('/')) else { return };
        let mut words: Vec<String> = below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        let target = match words.first().map(String::as_str) {
            Some("src") if words.get(1).is_some_and(|word| word == "bin") && words.len() > 2 => {
                words.drain(..2);
                words.remove(0)
            }
            Some("src") => {
                words.remove(0);
                String::new()
            }
            Some("tests" | "examples" | "benches") if words.len() > 1 => {
                words.remove(0);
                format!("{below}/..")
            }
            _ => String::new(),
        };
        let is_root = words.len() == 1 && matches!(words[0].as_str(), "lib" | "main");
        if is_root {
            words.clear();
        }
        if words.last().is_some_and(|last| last == "mod") {
            words.pop();
        }
        let of = self.crate_at(package, target);
        self.rust[of].entry(words.join("::")).or_default().push(at);
        self.homes[at] = Some(Home { of, modules: words });
    }

    fn crate_at(&mut self, package: &CratePackage, target: String) -> Crate {
        let is_main = target.is_empty();
        let next = self.rust.len();
        let of = *self.crates.entry((package.root.clone(), target)).or_insert(next);
        if of == next {
            self.rust.push(HashMap::new());
            if is_main {
                self.named.entry(package.name.clone()).or_default().push(of);
            }
        }
        of
    }

    /// Where the path `words` may lead from file `from`: below its own module, or into another crate.
    pub fn rust(&self, from: usize, words: &[&str]) -> Vec<Lead> {
        let Some(home) = &self.homes[from] else { return Vec::new() };
        let (first, rest) = match words.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return Vec::new(),
        };
        match first {
            "crate" => self.within(home.of, &[], rest, 1),
            "self" => self.within(home.of, &home.modules, rest, 1),
            "super" => {
                let ups = words.iter().take_while(|word| **word == "super").count();
                let kept = home.modules.len().checked_sub(ups);
                kept.map_or(Vec::new(), |kept| self.within(home.of, &home.modules[..kept], &words[ups..], ups))
            }
            _ => {
                let mut found = self.within(home.of, &home.modules, words, 0);
                // What only the file itself could define is not what the path says.
                found.retain(|(_, used)| *used > 0);
                let other = self.named.get(first).into_iter().flatten();
                found.extend(other.flat_map(|of| self.within(*of, &[], rest, 1)));
                found
            }
        }
    }

    /// The longest way down; `lib.rs` and `main.rs` are two.
    fn within(&self, of: Crate, modules: &[String], words: &[&str], used: usize) -> Vec<Lead> {
        let mut path = modules.join("::");
        let mut found = self.rust[of].get(&path).map_or((0, &[][..]), |files| (0, files.as_slice()));
        for (at, word) in words.iter().enumerate() {
            if !path.is_empty() {
                path.push_str("::");
            }
            path.push_str(word);
            if let Some(files) = self.rust[of].get(&path) {
                found = (at + 1, files);
            }
        }
        found.1.iter().map(|&file| (file, used + found.0)).collect()
    }
}
