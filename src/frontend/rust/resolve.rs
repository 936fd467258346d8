//! What a path or an expression stands for.

use super::index::Index;
use super::names::{Declared, LocalId};
use super::syntax::{Kind, NodeId, Tree};
use crate::model::{ClassId, FunctionId};
use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// A function of this file.
    Function(FunctionId),
    /// A type of this file.
    Class(ClassId),
    /// Something of a type of this file that the file does not define: a derived `default`, a variant.
    Member(ClassId, String),
    /// A static or constant of this file.
    Static(NodeId),
    /// A module of this file.
    Module(NodeId),
    /// A local.
    Local(LocalId),
    /// What another crate or file defines, by its path.
    Path(String),
}

/// What `use path::*` names.
#[derive(Debug)]
pub enum Glob {
    /// A module of this file.
    Module(NodeId),
    /// A module of a crate.
    Crate(String),
}

/// Names that are followed from one to the next.
pub(super) const MAX_STEPS: usize = 24;

impl Index<'_> {
    /// What a path expression stands for.
    pub fn resolve(&self, id: NodeId) -> Option<Entity> {
        let Kind::Path(words) = self.tree.kind(id) else { return None };
        if let Some(local) = self.names.local_at(id) {
            return Some(Entity::Local(local));
        }
        if let Some(known) = self.resolved.borrow().get(&id) {
            return known.clone();
        }
        let found = self.resolve_words(words, id);
        self.resolved.borrow_mut().insert(id, found.clone());
        found
    }

    /// What the words of a path stand for where they are written.
    pub fn resolve_words(&self, words: &[String], at: NodeId) -> Option<Entity> {
        self.find(words, at, MAX_STEPS)
    }

    fn find(&self, words: &[String], at: NodeId, steps: usize) -> Option<Entity> {
        let steps = steps.checked_sub(1)?;
        let (first, rest) = words.split_first()?;
        match first.as_str() {
            "Self" => self.members(Entity::Class(self.class_around(at)?), rest, steps),
            "crate" => {
                let own = self.below_file(rest).and_then(|rest| self.within(Tree::ROOT, rest, steps));
                own.or_else(|| Some(Entity::Path(words.join("::"))))
            }
            "self" if rest.is_empty() => self.outwards(words, at, steps),
            "self" | "super" => {
                let (module, rest, path) = self.climb(words, at);
                module.and_then(|module| self.within(module, rest, steps)).or(Some(Entity::Path(path)))
            }
            _ => self.outwards(words, at, steps),
        }
    }

    /// Where the `self` and `super` that `words` begin with lead from `at`: the module, if this file holds it, the words behind
    /// them, and the path as it would be written at the file's top.
    fn climb<'w>(&self, words: &'w [String], at: NodeId) -> (Option<NodeId>, &'w [String], String) {
        let is_step = |word: &&String| matches!(word.as_str(), "self" | "super");
        let (steps, rest) = words.split_at(words.iter().take_while(is_step).count());
        let (mut module, mut above) = (Some(self.module_around(at)), Vec::new());
        for _ in steps.iter().filter(|word| *word == "super") {
            module = module.and_then(|inner| self.module_above(inner));
            if module.is_none() {
                above.push("super".to_owned());
            }
        }
        let start = match module {
            Some(inner) => [vec!["self".to_owned()], self.modules_to(inner)].concat(),
            None => above,
        };
        (module, rest, [start.as_slice(), rest].concat().join("::"))
    }

    /// The names of the modules from the file's top down to `inner`, itself included.
    pub(super) fn modules_to(&self, inner: NodeId) -> Vec<String> {
        let names =
            std::iter::once(inner).chain(self.tree.ancestors(inner)).filter_map(|at| match self.tree.kind(at) {
                Kind::Module { name } => Some(name.clone()),
                _ => None,
            });
        let mut names: Vec<String> = names.collect();
        names.reverse();
        names
    }

    /// An imported path as it would be written at the file's top, under the crate's own name.
    pub(super) fn path_from_top(&self, words: &[String], at: NodeId) -> String {
        match words.first().map(String::as_str) {
            Some("self" | "super") => self.climb(words, at).2,
            Some(first) if matches!(self.names.declared(Tree::ROOT, first), Some(Declared::Item(_))) => {
                words.join("::")
            }
            _ => self.crate_path(words),
        }
    }

    /// What follows this file's own module in a path of its crate; `None` where the path leads to another file.
    fn below_file<'w>(&self, path: &'w [String]) -> Option<&'w [String]> {
        path.strip_prefix(self.module_path.as_slice())
    }

    /// The module (or file) that holds `at`, or that it is.
    fn module_around(&self, at: NodeId) -> NodeId {
        let mut scopes = std::iter::once(at).chain(self.tree.ancestors(at));
        scopes.find(|&up| matches!(self.tree.kind(up), Kind::Module { .. })).unwrap_or(Tree::ROOT)
    }

    /// The module that holds the module `inner`.
    fn module_above(&self, inner: NodeId) -> Option<NodeId> {
        self.tree.parent(inner).map(|outer| self.module_around(outer))
    }

    /// Looks in the blocks and the module around, then among the crates.
    fn outwards(&self, words: &[String], at: NodeId, steps: usize) -> Option<Entity> {
        let mut passed = Vec::new();
        for scope in std::iter::once(at).chain(self.tree.ancestors(at)) {
            if let Some(declared) = self.names.declared(scope, &words[0]) {
                return self.declared(declared, scope, &words[1..], steps);
            }
            passed.push(scope);
            if matches!(self.tree.kind(scope), Kind::Module { .. } | Kind::File) {
                break;
            }
        }
        self.through_globs(passed, words, steps).or_else(|| Some(Entity::Path(self.crate_path(words))))
    }

    /// A path of a crate, under the crate's own name.
    fn crate_path(&self, words: &[String]) -> String {
        let renamed = words.first().and_then(|first| self.renames.get(first));
        match renamed {
            Some(renamed) => [std::slice::from_ref(renamed), &words[1..]].concat().join("::"),
            None => words.join("::"),
        }
    }

    /// A name that the globs of `scopes` may bring in, directly or through the globs of what they name. Of crates, only
    /// what is known to be there.
    fn through_globs(&self, scopes: Vec<NodeId>, words: &[String], steps: usize) -> Option<Entity> {
        let mut seen: HashSet<NodeId> = scopes.iter().copied().collect();
        let mut todo: VecDeque<NodeId> = scopes.into();
        while let Some(scope) = todo.pop_front() {
            for target in self.glob_targets(scope).iter() {
                match target {
                    Glob::Module(module) => match self.names.declared(*module, &words[0]) {
                        Some(declared) => return self.declared(declared, *module, &words[1..], steps),
                        None if seen.insert(*module) => todo.push_back(*module),
                        None => {}
                    },
                    // A library that is known by this very path needs no glob.
                    Glob::Crate(_) if self.is_known(&self.crate_path(words)) => {}
                    Glob::Crate(path) => {
                        let path = format!("{path}::{}", words.join("::"));
                        if self.is_known(&path) {
                            return Some(Entity::Path(path));
                        }
                    }
                }
            }
        }
        None
    }

    /// Paths that a name may have by the crates' globs around it: of `use salvo::prelude::*`, `salvo::prelude::name` and
    /// `salvo::name`.
    pub fn brought_by_globs(&self, words: &[String], at: NodeId) -> Vec<String> {
        let name = words.join("::");
        let mut paths = Vec::new();
        for scope in self.tree.ancestors(at) {
            for target in self.glob_targets(scope).iter() {
                let Glob::Crate(path) = target else { continue };
                let root = path.split("::").next().unwrap_or(path);
                paths.extend([format!("{path}::{name}"), format!("{root}::{name}")]);
            }
            if matches!(self.tree.kind(scope), Kind::Module { .. }) {
                break;
            }
        }
        paths
    }

    /// Whether a path is one of the client knowledge.
    fn is_known(&self, path: &str) -> bool {
        self.clients.made_by(path).is_some() || self.clients.one_shot(path).is_some() || self.clients.knows(path)
    }

    /// What the globs of a scope name.
    fn glob_targets(&self, scope: NodeId) -> Rc<[Glob]> {
        if let Some(known) = self.globs.borrow().get(&scope) {
            return Rc::clone(known);
        }
        let found = self.names.globs(scope).iter().filter_map(|path| self.glob_target(path, scope, MAX_STEPS));
        let found: Rc<[Glob]> = found.collect();
        self.globs.borrow_mut().insert(scope, Rc::clone(&found));
        found
    }

    /// What the path of a glob names. Other globs are not asked for its first word: two that bring each other in would be
    /// asked in turns without end.
    fn glob_target(&self, path: &[String], scope: NodeId, steps: usize) -> Option<Glob> {
        let steps = steps.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => {
                let rest = self.below_file(rest)?;
                return self.module_below(Tree::ROOT, rest, steps);
            }
            "self" => self.module_around(scope),
            "super" => self.module_above(self.module_around(scope))?,
            _ => {
                let mut scopes = std::iter::once(scope).chain(self.tree.ancestors(scope));
                let found = scopes.find_map(|scope| Some((self.names.declared(scope, first)?, scope)));
                return match found {
                    Some((Declared::Item(item), _)) => self.module_below(*item, rest, steps),
                    Some((Declared::Import(import), at)) if import.first() != Some(first) => {
                        self.glob_target(&[import.as_slice(), rest].concat(), at, steps)
                    }
                    Some((Declared::Import(import), _)) => {
                        Some(Glob::Crate(self.crate_path(&[import.as_slice(), rest].concat())))
                    }
                    None => Some(Glob::Crate(self.crate_path(path))),
                };
            }
        };
        self.module_below(start, rest, steps)
    }

    /// The module that a path leads to from a module of this file.
    fn module_below(&self, module: NodeId, path: &[String], steps: usize) -> Option<Glob> {
        let Some((first, rest)) = path.split_first() else {
            return matches!(self.tree.kind(module), Kind::Module { .. } | Kind::File).then_some(Glob::Module(module));
        };
        match self.names.declared(module, first)? {
            Declared::Item(item) => self.module_below(*item, rest, steps.checked_sub(1)?),
            Declared::Import(import) => self.glob_target(&[import.as_slice(), rest].concat(), module, steps),
        }
    }

    /// Looks up a path in a module of this file.
    fn within(&self, module: NodeId, words: &[String], steps: usize) -> Option<Entity> {
        let Some((first, rest)) = words.split_first() else { return Some(Entity::Module(module)) };
        match self.names.declared(module, first) {
            Some(declared) => self.declared(declared, module, rest, steps),
            None => {
                let found = self.through_globs(vec![module], words, steps.checked_sub(1)?);
                found.or_else(|| self.generated(module, words))
            }
        }
    }

    /// What a macro in the body of a module may make there: `mod pb { tonic::include_proto!("pb"); }`.
    fn generated(&self, module: NodeId, words: &[String]) -> Option<Entity> {
        let Kind::Module { name } = self.tree.kind(module) else { return None };
        let below = &self.tree.node(module).children;
        let makes = below.iter().any(|&child| matches!(self.tree.kind(child), Kind::Macro { .. }));
        makes.then(|| Entity::Path(format!("{name}::{}", words.join("::"))))
    }

    fn declared(&self, declared: &Declared, scope: NodeId, rest: &[String], steps: usize) -> Option<Entity> {
        let steps = steps.checked_sub(1)?;
        match declared {
            Declared::Import(path) => {
                let whole = [path.as_slice(), rest].concat();
                // `use reqwest;` and `use x::reqwest` of a name that the path itself begins with end here.
                match self.home_of(&path[0], scope).filter(|_| path.len() > 1) {
                    Some(home) => self.find(&whole, home, steps),
                    None => self.import(&whole, scope, steps),
                }
            }
            Declared::Item(item) => match self.tree.kind(*item) {
                Kind::Function(_) => self.function_at(*item).map(Entity::Function),
                Kind::Struct(_) | Kind::Trait { .. } => self.members(Entity::Class(self.class_at(*item)?), rest, steps),
                Kind::Static { .. } => Some(Entity::Static(*item)),
                Kind::Module { .. } => self.within(*item, rest, steps),
                Kind::Alias { of, .. } => self.find(&[of.path.as_slice(), rest].concat(), *item, steps),
                _ => None,
            },
        }
    }

    /// The scope from `scope` up to its module that declares `name`. What a crate's own name brings in has another home:
    /// `use cached::proc_macro::cached`.
    fn home_of(&self, name: &str, scope: NodeId) -> Option<NodeId> {
        for at in std::iter::once(scope).chain(self.tree.ancestors(scope)) {
            match self.names.declared(at, name) {
                Some(Declared::Import(path)) if path.first().is_some_and(|first| first == name) => return None,
                Some(_) => return Some(at),
                None => {}
            }
            if matches!(self.tree.kind(at), Kind::Module { .. } | Kind::File) {
                return None;
            }
        }
        None
    }

    /// An imported path: within this file where it says so, else of a crate.
    fn import(&self, path: &[String], scope: NodeId, steps: usize) -> Option<Entity> {
        if matches!(path[0].as_str(), "crate" | "self" | "super") {
            return self.find(path, scope, steps);
        }
        let joined = self.crate_path(path);
        // A type that another file declares and this one implements. A library's client stays one, whatever is
        // implemented for it.
        let (owner, member) = joined.rsplit_once("::").unwrap_or((&joined, ""));
        let implemented = |path: &str| self.class_named(path).filter(|_| !self.clients.knows(path));
        if let Some(class) = implemented(&joined) {
            return Some(Entity::Class(class));
        }
        match implemented(owner) {
            Some(class) => self.members(Entity::Class(class), &[member.to_owned()], steps),
            None => Some(Entity::Path(joined)),
        }
    }

    fn members(&self, entity: Entity, rest: &[String], steps: usize) -> Option<Entity> {
        steps.checked_sub(1)?;
        match (entity, rest) {
            (entity, []) => Some(entity),
            (Entity::Class(class), [name, ..]) => Some(match self.classes[class.0].methods.get(name) {
                Some(&method) => Entity::Function(method),
                None => Entity::Member(class, name.clone()),
            }),
            _ => None,
        }
    }
}
