//! What each name stands for: items and imports by the block or module that declares them, locals by where they are bound.

use super::syntax::{Kind, NodeId, Pattern, Tree, Type};
use std::collections::HashMap;

/// What a module or block declares under a name.
#[derive(Debug, Clone)]
pub enum Declared {
    /// `use path as name`.
    Import(Vec<String>),
    /// A function, static, struct, trait, alias or module.
    Item(NodeId),
}

/// Index into [`Names::locals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocalId(pub usize);

/// What binds a local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `let`, `if let`, a match arm.
    Value,
    /// A parameter of a function.
    Param,
    /// A parameter of a closure.
    ClosureParam,
    /// What a `for` binds.
    Loop,
}

/// A local name.
#[derive(Debug)]
pub struct Local {
    pub name: String,
    /// Node that binds it.
    pub node: NodeId,
    pub bound: Bound,
    /// What it is bound to, or to a part of.
    pub value: Option<NodeId>,
    /// It is the whole value, or what an `Ok` or `Some` holds.
    pub is_whole: bool,
    /// It is the whole value as it stands.
    pub is_plain: bool,
    pub of: Option<Type>,
    /// Values assigned later.
    pub assigned: Vec<NodeId>,
    /// Where it is read.
    pub reads: Vec<NodeId>,
    /// Those of the reads on which a method is called.
    pub called: Vec<NodeId>,
}

/// The names of a file.
#[derive(Debug, Default)]
pub struct Names {
    declared: HashMap<NodeId, HashMap<String, Declared>>,
    globs: HashMap<NodeId, Vec<Vec<String>>>,
    pub locals: Vec<Local>,
    by_scope: HashMap<(NodeId, String), Vec<LocalId>>,
    of_read: HashMap<NodeId, LocalId>,
    by_value: HashMap<NodeId, Vec<LocalId>>,
}

impl Names {
    /// Learns the names of `tree`.
    pub fn of(tree: &Tree) -> Self {
        let mut names = Self::default();
        for id in tree.ids() {
            names.declare(tree, id);
            names.bind(tree, id);
        }
        for id in tree.ids() {
            names.read(tree, id);
        }
        names
    }

    /// What `scope` (a file, module or block) declares under `name`.
    pub fn declared(&self, scope: NodeId, name: &str) -> Option<&Declared> {
        self.declared.get(&scope)?.get(name)
    }

    /// Modules whose names `scope` brings in with `*`.
    pub fn globs(&self, scope: NodeId) -> &[Vec<String>] {
        self.globs.get(&scope).map_or(&[], Vec::as_slice)
    }

    /// Every import of the file.
    pub fn imports(&self) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.declared.values().flatten().filter_map(|(name, declared)| match declared {
            Declared::Import(path) => Some((name, path)),
            Declared::Item(_) => None,
        })
    }

    pub fn local(&self, id: LocalId) -> &Local {
        &self.locals[id.0]
    }

    /// The local that a path expression reads.
    pub fn local_at(&self, read: NodeId) -> Option<LocalId> {
        self.of_read.get(&read).copied()
    }

    /// Locals that are bound to `value`, or to parts of it.
    pub fn bound_to(&self, value: NodeId) -> &[LocalId] {
        self.by_value.get(&value).map_or(&[], Vec::as_slice)
    }

    /// The local `name` as seen from `at`.
    pub fn lookup(&self, tree: &Tree, name: &str, at: NodeId) -> Option<LocalId> {
        let position = tree.span(at).start;
        let mut key = (at, name.to_owned());
        for scope in std::iter::once(at).chain(tree.ancestors(at)) {
            key.0 = scope;
            // What a `let` or `for` binds is seen behind it only, not in the value itself.
            let seen = self.by_scope.get(&key).and_then(|bound| {
                let behind = |local: &LocalId| match tree.kind(self.local(*local).node) {
                    Kind::Let { .. } | Kind::LetCondition { .. } => tree.span(self.local(*local).node).end <= position,
                    Kind::For { iterated, .. } => tree.span(*iterated).end <= position,
                    _ => true,
                };
                bound[..bound.partition_point(behind)].last()
            });
            if let Some(&local) = seen {
                return Some(local);
            }
            if matches!(tree.kind(scope), Kind::Function(_)) {
                return None;
            }
        }
        None
    }

    fn declare(&mut self, tree: &Tree, id: NodeId) {
        let name = match tree.kind(id) {
            Kind::Function(of) => &of.name,
            Kind::Static { name, .. } | Kind::Alias { name, .. } | Kind::Trait { name } | Kind::Module { name } => name,
            Kind::Struct(of) => &of.name,
            Kind::Use(imports) => {
                let scope = item_scope(tree, id);
                for import in imports {
                    match &import.name {
                        Some(name) => {
                            let declared = self.declared.entry(scope).or_default();
                            declared.entry(name.clone()).or_insert(Declared::Import(import.path.clone()));
                        }
                        None => self.globs.entry(scope).or_default().push(import.path.clone()),
                    }
                }
                return;
            }
            _ => return,
        };
        // What an `impl` or trait holds is reached through its type.
        let is_member =
            tree.parent(id).is_some_and(|parent| matches!(tree.kind(parent), Kind::Impl { .. } | Kind::Trait { .. }));
        if !is_member {
            let declared = self.declared.entry(item_scope(tree, id)).or_default();
            declared.entry(name.clone()).or_insert(Declared::Item(id));
        }
    }

    fn bind(&mut self, tree: &Tree, id: NodeId) {
        match tree.kind(id) {
            Kind::Let { pattern, of, value } => {
                let scope = tree.parent(id).unwrap_or(Tree::ROOT);
                self.add(tree, scope, id, Bound::Value, pattern, *value, of.clone());
            }
            Kind::LetCondition { pattern, value } => {
                let holds = |&at: &NodeId| {
                    matches!(
                        tree.kind(at),
                        Kind::If { .. } | Kind::While { .. } | Kind::Arm { .. } | Kind::Closure { .. }
                    )
                };
                // It is seen in the rest of the condition and in what runs where it holds, not in the `else`.
                let (scope, more) = match tree.ancestors(id).find(holds).map(|at| (at, tree.kind(at))) {
                    Some((_, Kind::If { condition, then, .. })) => (*then, Some(*condition)),
                    Some((_, Kind::While { condition, body })) => (*body, Some(*condition)),
                    Some((arm, Kind::Arm { .. })) => (arm, None),
                    _ => (id, None),
                };
                let first = self.locals.len();
                self.add(tree, scope, id, Bound::Value, pattern, Some(*value), None);
                for at in more.into_iter().flat_map(|more| (first..self.locals.len()).map(move |at| (more, at))) {
                    let name = self.locals[at.1].name.clone();
                    self.by_scope.entry((at.0, name)).or_default().push(LocalId(at.1));
                }
            }
            Kind::Arm { pattern, scrutinee, .. } => {
                self.add(tree, id, id, Bound::Value, pattern, Some(*scrutinee), None)
            }
            Kind::For { pattern, iterated, .. } => self.add(tree, id, id, Bound::Loop, pattern, Some(*iterated), None),
            Kind::Closure { params, .. } => {
                for pattern in params {
                    self.add(tree, id, id, Bound::ClosureParam, pattern, None, None);
                }
            }
            Kind::Function(function) => {
                for param in &function.params {
                    self.add(tree, id, id, Bound::Param, &param.pattern, None, param.of.clone());
                }
            }
            _ => {}
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one record, in the order of its fields")]
    fn add(
        &mut self,
        tree: &Tree,
        scope: NodeId,
        node: NodeId,
        bound: Bound,
        pattern: &Pattern,
        value: Option<NodeId>,
        of: Option<Type>,
    ) {
        for name in pattern.names.iter().filter(|name| !name.starts_with(char::is_uppercase)) {
            let id = LocalId(self.locals.len());
            let (name, of) = (name.clone(), of.clone());
            if let Some(value) = value.filter(|_| bound == Bound::Value) {
                self.by_value.entry(tree.peel(value)).or_default().push(id);
            }
            self.by_scope.entry((scope, name.clone())).or_default().push(id);
            let is_plain = pattern.names.len() == 1 && pattern.variant.is_none();
            let is_whole = is_plain || (pattern.names.len() == 1 && pattern.variant.as_deref().is_some_and(hands_out));
            self.locals.push(Local {
                name,
                node,
                bound,
                value,
                is_whole,
                is_plain,
                of,
                assigned: Vec::new(),
                reads: Vec::new(),
                called: Vec::new(),
            });
        }
    }

    fn read(&mut self, tree: &Tree, id: NodeId) {
        match tree.kind(id) {
            Kind::Path(path) if path.len() == 1 => {
                let Some(local) = self.lookup(tree, &path[0], id) else { return };
                self.of_read.insert(id, local);
                let target = tree
                    .parent(id)
                    .is_some_and(|parent| matches!(tree.kind(parent), Kind::Assign { target, .. } if *target == id));
                if target {
                    if let Some(Kind::Assign { value, .. }) = tree.parent(id).map(|parent| tree.kind(parent)) {
                        self.locals[local.0].assigned.push(*value);
                        self.by_value.entry(tree.peel(*value)).or_default().push(local);
                    }
                } else {
                    self.locals[local.0].reads.push(id);
                    let called = |parent| matches!(tree.kind(parent), Kind::MethodCall { receiver, .. } if tree.peel(*receiver) == id);
                    if tree.parent(tree.wrapped(id)).is_some_and(called) {
                        self.locals[local.0].called.push(id);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Variants that only wrap a value.
fn hands_out(variant: &str) -> bool {
    matches!(variant, "Some" | "Ok" | "Err" | "Ready" | "Break" | "Continue")
}

/// The file, module or block in which an item's name is known.
fn item_scope(tree: &Tree, id: NodeId) -> NodeId {
    let holds = |&at: &NodeId| matches!(tree.kind(at), Kind::File | Kind::Module { .. } | Kind::Block { .. });
    tree.ancestors(id).find(holds).unwrap_or(Tree::ROOT)
}
