//! What a path or an expression stands for.

use super::index::Index;
use super::names::{Declared, LocalId};
use super::syntax::{Kind, NodeId, Tree, Type};
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

const MAX_STEPS: usize = 24;

impl Index<'_> {
    /// What a path expression stands for.
    pub fn resolve(&self, id: NodeId) -> Option<Entity> {
        let Kind::Path(words) = self.tree.kind(id) else { return None };
        match self.names.local_at(id) {
            Some(local) => Some(Entity::Local(local)),
            None => self.resolve_words(words, id),
        }
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
            "crate" => self.within(Tree::ROOT, rest, steps).or_else(|| Some(Entity::Path(words.join("::")))),
            "self" if !rest.is_empty() => self.within(self.module_around(at), rest, steps),
            "super" => {
                let module = self.module_around(at);
                let outer = (module != Tree::ROOT).then(|| self.module_around(module));
                outer.and_then(|outer| self.within(outer, rest, steps)).or_else(|| Some(Entity::Path(words.join("::"))))
            }
            _ => self.outwards(words, at, steps),
        }
    }

    /// The module (or file) that holds `at`.
    fn module_around(&self, at: NodeId) -> NodeId {
        self.tree.ancestors(at).find(|&up| matches!(self.tree.kind(up), Kind::Module { .. })).unwrap_or(Tree::ROOT)
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
                    Glob::Crate(path) => {
                        let path = format!("{path}::{}", words.join("::"));
                        let known = self.clients.made_by(&path).is_some()
                            || self.clients.one_shot(&path).is_some()
                            || self.clients.knows(&path);
                        if known {
                            return Some(Entity::Path(path));
                        }
                    }
                }
            }
        }
        None
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
            "crate" => Tree::ROOT,
            "self" => self.module_around(scope),
            "super" => {
                let module = self.module_around(scope);
                (module != Tree::ROOT).then(|| self.module_around(module))?
            }
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
            None => self.through_globs(vec![module], words, steps.checked_sub(1)?),
        }
    }

    fn declared(&self, declared: &Declared, scope: NodeId, rest: &[String], steps: usize) -> Option<Entity> {
        let steps = steps.checked_sub(1)?;
        match declared {
            Declared::Import(path) => {
                let whole = [path.as_slice(), rest].concat();
                // `use reqwest;` and `use x::reqwest` of a name that the path itself begins with end here.
                if path.len() == 1 || self.names.declared(scope, &path[0]).is_none() {
                    return self.import(&whole, scope, steps);
                }
                self.find(&whole, scope, steps)
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

    /// An imported path: within this file where it says so, else of a crate.
    fn import(&self, path: &[String], scope: NodeId, steps: usize) -> Option<Entity> {
        if matches!(path[0].as_str(), "crate" | "self" | "super") {
            return self.find(path, scope, steps);
        }
        let joined = self.crate_path(path);
        // A type that another file declares and this one implements.
        let (owner, member) = joined.rsplit_once("::").unwrap_or((&joined, ""));
        if let Some(class) = self.class_named(&joined) {
            return Some(Entity::Class(class));
        }
        match self.class_named(owner) {
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

    /// The type of an expression, wrappers left out: a class of this file or the path of a foreign type.
    pub fn type_of(&self, id: NodeId) -> Option<Entity> {
        self.typed(id, MAX_STEPS)
    }

    fn typed(&self, id: NodeId, steps: usize) -> Option<Entity> {
        let steps = steps.checked_sub(1)?;
        let id = self.tree.peel(id);
        if let Some(known) = self.types.borrow().get(&id) {
            return known.clone();
        }
        self.types.borrow_mut().insert(id, None);
        let found = self.find_type(id, steps);
        self.types.borrow_mut().insert(id, found.clone());
        found
    }

    fn find_type(&self, id: NodeId, steps: usize) -> Option<Entity> {
        match self.tree.kind(id) {
            Kind::Path(words) if words.len() == 1 && words[0] == "self" => self.class_around(id).map(Entity::Class),
            Kind::Path(_) => match self.resolve(id)? {
                Entity::Local(local) => {
                    let local = self.names.local(local);
                    match (&local.of, local.value) {
                        (Some(of), _) if !of.path.is_empty() => self.type_named(of, local.node),
                        (_, Some(value)) => self.typed(value, steps),
                        _ => None,
                    }
                }
                Entity::Static(item) => match self.tree.kind(item) {
                    Kind::Static { of: Some(of), .. } => self.type_named(of, item),
                    _ => None,
                },
                _ => None,
            },
            Kind::StructLiteral { path, .. } => self.as_type(self.resolve_words(path, id)?),
            Kind::Call { function, .. } => {
                let function = self.tree.peel(*function);
                match self.resolve(function)? {
                    Entity::Function(function) => self.output_of(function),
                    Entity::Member(class, _) => Some(Entity::Class(class)),
                    Entity::Class(class) => Some(Entity::Class(class)),
                    Entity::Path(path) => match self.clients.made_by(&path)? {
                        crate::clients::Made::Client(symbol) => Some(Entity::Path(symbol)),
                        crate::clients::Made::Builder(_) => None,
                    },
                    _ => None,
                }
            }
            Kind::Field { base, name } => {
                let Entity::Class(class) = self.typed(*base, steps)? else { return None };
                let node = *self.class_nodes.get(&class)?;
                let Kind::Struct(of) = self.tree.kind(node) else { return None };
                let (_, of) = of.fields.iter().find(|(field, _)| field == name)?;
                self.type_named(of, node)
            }
            Kind::MethodCall { receiver, name, .. } => match self.method_on(id, steps) {
                Some(method) => self.output_of(method),
                None if super::flow::hands_through(name) => self.typed(*receiver, steps),
                None => None,
            },
            _ => None,
        }
    }

    fn output_of(&self, function: FunctionId) -> Option<Entity> {
        let node = self.function_nodes[function.0];
        let Kind::Function(of) = self.tree.kind(node) else { return None };
        self.type_named(of.output.as_ref()?, node)
    }

    /// What a written type is, wrappers left out.
    pub fn type_named(&self, of: &Type, at: NodeId) -> Option<Entity> {
        self.as_type(self.resolve_words(&of.unwrapped().path, at)?)
    }

    fn as_type(&self, entity: Entity) -> Option<Entity> {
        match entity {
            Entity::Class(_) | Entity::Path(_) => Some(entity),
            Entity::Member(class, _) => Some(Entity::Class(class)),
            _ => None,
        }
    }

    /// The method of this file that a method call runs.
    pub fn method_of(&self, call: NodeId) -> Option<FunctionId> {
        self.method_on(call, MAX_STEPS)
    }

    fn method_on(&self, call: NodeId, steps: usize) -> Option<FunctionId> {
        let Kind::MethodCall { receiver, name, .. } = self.tree.kind(call) else { return None };
        let Entity::Class(class) = self.typed(*receiver, steps)? else { return None };
        self.classes[class.0].methods.get(name).copied()
    }
}
