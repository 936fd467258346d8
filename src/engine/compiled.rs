//! Rust files that no `mod` names are not compiled: what stands in them runs nowhere.

use super::reach::Reached;
use crate::link::CratePackage;
use crate::model::Module;
use crate::source::{Language, words};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Empties the modules that nothing compiles. Where that is not sure, they stay.
pub fn drop_unnamed(reached: &mut Reached) {
    let unnamed = unnamed(reached);
    for at in unnamed {
        reached.analysed[at].module = Module { language: Language::Rust, ..Module::default() };
    }
}

fn unnamed(reached: &Reached) -> Vec<usize> {
    let mut crates = Crates::new(reached);
    let is_rust = |at: &usize| reached.analysed[*at].unit.language == Language::Rust;
    let files = (0..reached.analysed.len()).filter(is_rust);
    files.filter(|&at| crates.is_unnamed(&reached.analysed[at].unit.path, MAX_DEPTH)).collect()
}

/// Modules inside of each other.
const MAX_DEPTH: usize = 32;

/// The Rust files of a run, by their crates.
struct Crates<'r> {
    reached: &'r Reached,
    /// Index among the parsed files, then among the others.
    files: HashMap<&'r str, usize>,
    /// Files without their comments.
    code: HashMap<usize, Arc<str>>,
    manifests: HashMap<PathBuf, Option<Arc<str>>>,
    /// Names of files in string literals of the run's code: `#[path = "other.rs"]`.
    literals: Option<HashSet<String>>,
    /// What was found out of files, by their paths.
    known: HashMap<String, bool>,
}

impl<'r> Crates<'r> {
    fn new(reached: &'r Reached) -> Self {
        let analysed = reached.analysed.iter().map(|file| &file.unit);
        let units = analysed.chain(reached.quiet.iter().map(|file| &file.unit)).enumerate();
        let files = units.filter(|(_, unit)| unit.language == Language::Rust);
        Self {
            reached,
            files: files.map(|(at, unit)| (unit.path.as_str(), at)).collect(),
            code: HashMap::new(),
            manifests: HashMap::new(),
            literals: None,
            known: HashMap::new(),
        }
    }

    /// Whether the file at `path` is surely no part of its crate.
    fn is_unnamed(&mut self, path: &str, depth: usize) -> bool {
        if let Some(&known) = self.known.get(path) {
            return known;
        }
        // Nothing is sure of files that name each other.
        self.known.insert(path.to_owned(), false);
        let found = self.is_named_by_none(path, depth);
        self.known.insert(path.to_owned(), found);
        found
    }

    fn is_named_by_none(&mut self, path: &str, depth: usize) -> bool {
        let (Some(depth), Some(package)) = (depth.checked_sub(1), self.package(path)) else { return false };
        let Some(manifest) = self.manifest(&package.root) else { return false };
        let root = package.root.to_string_lossy().replace('\\', "/");
        let Some(place) = Place::of(path, &root, &manifest) else { return false };
        let mut seen = false;
        for parent in place.parents(&manifest) {
            match self.files.get(parent.as_str()) {
                Some(&at) => {
                    let names = may_name(&self.code(at), &place.name);
                    if names && !self.is_unnamed(&parent, depth) {
                        return false;
                    }
                    seen = true;
                }
                // What was not read may say anything.
                None if Path::new(&parent).exists() => return false,
                None => {}
            }
        }
        seen && !self.is_in_literals(&place.file)
    }

    fn package(&self, path: &str) -> Option<Arc<CratePackage>> {
        let at = *self.files.get(path)?;
        let parsed = self.reached.analysed.len();
        let unit = if at < parsed { &self.reached.analysed[at].unit } else { &self.reached.quiet[at - parsed].unit };
        unit.package.clone()
    }

    fn manifest(&mut self, root: &Path) -> Option<Arc<str>> {
        let read = || std::fs::read_to_string(root.join("Cargo.toml")).ok().map(Arc::from);
        self.manifests.entry(root.to_path_buf()).or_insert_with(read).clone()
    }

    fn text(&self, at: usize) -> String {
        let parsed = self.reached.analysed.len();
        match at.checked_sub(parsed) {
            None => self.reached.analysed[at].source.text.to_string(),
            Some(at) => self.reached.quiet[at].text(),
        }
    }

    fn code(&mut self, at: usize) -> Arc<str> {
        if let Some(known) = self.code.get(&at) {
            return Arc::clone(known);
        }
        let code: Arc<str> = without_comments(&self.text(at)).into();
        self.code.insert(at, Arc::clone(&code));
        code
    }

    /// Whether a string literal somewhere ends with a file's name: that of a `#[path]` or `include!`.
    fn is_in_literals(&mut self, file: &str) -> bool {
        if self.literals.is_none() {
            let texts = self.files.values().map(|&at| self.text(at));
            self.literals = Some(texts.flat_map(|text| file_names(&text)).collect());
        }
        self.literals.as_ref().is_some_and(|literals| literals.contains(file))
    }
}

/// Where a file stands that a `mod` has to name.
struct Place {
    /// The module's name.
    name: String,
    /// The folder in which its parent has its modules.
    folder: String,
    /// The crate's `src`.
    source: String,
    /// What a `#[path]` ends with.
    file: String,
}

impl Place {
    /// `None` for the root of a crate, and for what does not stand in the package's `src`.
    fn of(path: &str, root: &str, manifest: &str) -> Option<Self> {
        let source = format!("{root}/src");
        let below = path.strip_prefix(&source)?.strip_prefix('/')?;
        let (folder, file) = path.rsplit_once('/')?;
        let stem = file.strip_suffix(".rs")?;
        let (folder, name) = if stem == "mod" { folder.rsplit_once('/')? } else { (folder, stem) };
        let is_root = folder == format!("{source}/bin")
            || matches!(below, "lib.rs" | "main.rs" | "mod.rs")
            || (stem == "main" && folder.starts_with(&format!("{source}/bin/")))
            || manifest.contains(&format!("{file}\""));
        let file = file.to_owned();
        (!is_root).then(|| Self { name: name.to_owned(), folder: folder.to_owned(), source, file })
    }

    /// Files that may name the module.
    fn parents(&self, manifest: &str) -> Vec<String> {
        let folder = &self.folder;
        let mut parents = vec![format!("{folder}/main.rs"), format!("{folder}/lib.rs")];
        if *folder == self.source {
            // Roots with names of their own.
            parents.extend(file_names(manifest).into_iter().map(|file| format!("{folder}/{file}")));
        } else {
            parents.extend([format!("{folder}.rs"), format!("{folder}/mod.rs")]);
        }
        parents
    }
}

/// Whether code may declare the module `name`: with `mod`, or with a macro that makes modules of names.
fn may_name(code: &str, name: &str) -> bool {
    let named = code.match_indices(name).filter(|(at, _)| words::is_whole(code, *at, name));
    // `automod::dir!("src")`, `include!(concat!(env!("OUT_DIR"), "/modules.rs"))`, `macro_rules! .. mod $name;`
    let is_opaque = ["automod", "include!", "mod $"].iter().any(|word| code.contains(word));
    let has_macro = code.lines().any(is_macro_call);
    let declares = |before: &str| {
        let before = before.strip_suffix("r#").unwrap_or(before);
        let before = before.trim_end();
        before.strip_suffix("mod").is_some_and(|before| !before.ends_with(words::is_part))
    };
    is_opaque || named.into_iter().any(|(at, _)| has_macro || declares(&code[..at]))
}

/// `modules! {` at the start of a line.
fn is_macro_call(line: &str) -> bool {
    let Some((path, _)) = line.split_once('!') else { return false };
    let is_path = path.chars().all(|at| at.is_alphanumeric() || matches!(at, '_' | ':'));
    is_path && !path.is_empty() && path != "macro_rules"
}

/// Code without comments that have lines of their own, and without what follows `//`: no `mod` stands there.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.lines() {
        inside |= line.trim_start().starts_with("/*");
        let mut rest = line;
        if inside {
            let Some((_, behind)) = line.rsplit_once("*/") else { continue };
            (inside, rest) = (false, behind);
        }
        code.push_str(rest.split("//").next().unwrap_or(rest));
        code.push('\n');
    }
    if inside { text.to_owned() } else { code }
}

/// Names of Rust files with which text literals end: `"../shared/other.rs"`.
fn file_names(text: &str) -> Vec<String> {
    let is_part = |at: char| at.is_alphanumeric() || at == '_' || at == '-';
    let ends = text.match_indices(".rs\"").map(|(at, _)| at);
    ends.filter_map(|end| Some(format!("{}.rs", text[..end].rsplit(|at| !is_part(at)).next()?))).collect()
}
