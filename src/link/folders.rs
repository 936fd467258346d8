//! Python files in the tree of their folders: a step along a path is one look-up of one word.

use super::layout::Lead;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Index of a node; what begins all paths is the first.
pub type Place = usize;

const TOP: Place = 0;

/// A folder, a module, or both.
#[derive(Debug, Default)]
struct Node {
    above: Option<Place>,
    depth: usize,
    name: String,
    below: HashMap<String, Place>,
    /// The module or package of this path.
    file: Option<usize>,
    /// It holds Python files, directly or not.
    is_folder: bool,
}

/// Python files by the paths that lead to them.
#[derive(Debug)]
pub struct Folders {
    nodes: Vec<Node>,
    /// Folders from which the top-level packages of this name are imported.
    roots: HashMap<String, Vec<Place>>,
}

impl Default for Folders {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], roots: HashMap::new() }
    }
}

impl Folders {
    /// The place of a path, with `/`.
    pub fn place(&mut self, path: &str) -> Place {
        path.split('/').fold(TOP, |above, word| match self.nodes[above].below.get(word) {
            Some(&known) => known,
            None => {
                let next = self.nodes.len();
                let depth = self.nodes[above].depth + 1;
                self.nodes.push(Node { above: Some(above), depth, name: word.to_owned(), ..Node::default() });
                self.nodes[above].below.insert(word.to_owned(), next);
                next
            }
        })
    }

    /// Adds the Python file `file`.
    pub fn add(&mut self, file: usize, path: &str) {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let package = stem.strip_suffix("/__init__");
        let module = self.place(package.unwrap_or(stem));
        // A package comes before a module of the same name.
        if package.is_some() || self.nodes[module].file.is_none() {
            self.nodes[module].file = Some(file);
        }
        let mut folder = if package.is_some() { Some(module) } else { self.nodes[module].above };
        while let Some(at) = folder.filter(|&at| at != TOP && !self.nodes[at].is_folder) {
            self.nodes[at].is_folder = true;
            folder = self.nodes[at].above;
        }
    }

    /// A package's root is the folder above its topmost `__init__.py`. To be called when all files are known.
    pub fn learn_roots(&mut self) {
        let is_package = |at: Place| self.nodes[at].file.is_some();
        let mut roots: HashMap<String, Vec<Place>> = HashMap::new();
        for node in self.nodes.iter().filter(|node| node.is_folder && node.file.is_some()) {
            if let Some(root) = node.above.filter(|&root| root != TOP && !is_package(root)) {
                roots.entry(node.name.clone()).or_default().push(root);
            }
        }
        roots
            .values_mut()
            .filter(|roots| roots.len() > 1)
            .for_each(|roots| roots.sort_by_cached_key(|&at| self.path(at)));
        self.roots = roots;
    }

    fn path(&self, at: Place) -> String {
        let mut names: Vec<&str> = self.up(at).map(|at| self.nodes[at].name.as_str()).collect();
        names.reverse();
        names.join("/")
    }

    /// The place itself and those above it, nearest first.
    pub fn up(&self, at: Place) -> impl Iterator<Item = Place> + '_ {
        std::iter::successors(Some(at), |&at| self.nodes[at].above)
    }

    /// Where an absolute import in the folder `here` leads, the likeliest root first.
    pub fn absolute(&self, here: Place, words: &[&str]) -> Option<Lead> {
        let first = words.first()?;
        // Within a package an absolute import does not look beside the file.
        let beside = self.up(here).filter(|&at| self.nodes[at].file.is_none() && self.nodes[at].is_folder);
        let mut near = beside.flat_map(|at| {
            let sources = ["src", "lib", "python"].iter().filter_map(move |below| self.nodes[at].below.get(*below));
            std::iter::once(at).chain(sources.copied())
        });
        near.find_map(|root| self.below(root, words)).or_else(|| {
            let mut others = self.roots.get(*first)?.clone();
            others.sort_by_cached_key(|&root| Reverse(self.shared(root, here)));
            others.into_iter().find_map(|root| self.below(root, words))
        })
    }

    /// The longest way down from `base`.
    pub fn below(&self, base: Place, words: &[&str]) -> Option<Lead> {
        let mut found = self.nodes[base].file.map(|file| (file, 0));
        let mut at = base;
        for (used, word) in words.iter().enumerate() {
            let Some(&next) = self.nodes[at].below.get(*word) else { break };
            at = next;
            found = self.nodes[at].file.map(|file| (file, used + 1)).or(found);
        }
        found
    }

    /// Number of folders that both are below.
    fn shared(&self, one: Place, other: Place) -> usize {
        let (mut one, mut other) = (one, other);
        while one != other {
            let deeper = if self.nodes[one].depth >= self.nodes[other].depth { &mut one } else { &mut other };
            *deeper = self.nodes[*deeper].above.unwrap_or(TOP);
        }
        self.nodes[one].depth
    }
}
