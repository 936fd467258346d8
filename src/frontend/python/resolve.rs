//! What an expression refers to: imported paths, functions and classes of the file, instances of either.

use super::scopes::{Def, Index};
use super::tree::{children, peel};
use crate::model::{ClassId, FunctionId};
use tree_sitter::Node;

/// Chains of aliases longer than this are not followed.
const MAX_STEPS: usize = 64;

/// Classes looked through for a method: no real hierarchy within one file is larger.
const MAX_BASES: usize = 64;

/// What an expression refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// Something imported: a dotted path.
    Path(String),
    /// An instance of an imported class, or the result of an imported function.
    Instance(String),
    /// A function of this file, or a method of it.
    Function(FunctionId),
    /// A class of this file.
    Class(ClassId),
    /// An instance of a class of this file, `self` included.
    Object(ClassId),
}

impl<'t> Index<'t> {
    /// Resolves an expression; `None` where it is local data or cannot be known.
    pub fn resolve(&self, node: Node<'t>) -> Option<Entity> {
        self.resolve_in(node, MAX_STEPS)
    }

    /// The dotted path that a callee resolves to; a method of an instance by its class: `session.client` of a
    /// `boto3.Session` is `boto3.Session.client`.
    pub fn path_of(&self, node: Node<'t>) -> Option<String> {
        match self.resolve(node)? {
            Entity::Path(path) => Some(path),
            _ => None,
        }
    }

    fn resolve_in(&self, node: Node<'t>, steps: usize) -> Option<Entity> {
        let steps = steps.checked_sub(1)?;
        let node = peel(node);
        if let Some(known) = self.resolved.borrow().get(&node.id()) {
            return known.clone();
        }
        // Until it is known, a node stands for nothing: cycles end, and each node is resolved once.
        self.resolved.borrow_mut().insert(node.id(), None);
        let entity = self.resolve_anew(node, steps);
        self.resolved.borrow_mut().insert(node.id(), entity.clone());
        entity
    }

    fn resolve_anew(&self, node: Node<'t>, steps: usize) -> Option<Entity> {
        match node.kind() {
            "identifier" => self.resolve_name(node, steps),
            "attribute" => self.resolve_attribute(node, steps),
            "call" => match self.resolve_in(node.child_by_field_name("function")?, steps)? {
                Entity::Path(path) => Some(Entity::Instance(path)),
                Entity::Class(class) => Some(Entity::Object(class)),
                Entity::Function(function) => self.resolve_result(function, steps),
                Entity::Object(class) if self.is_class_receiver(node) => Some(Entity::Object(class)),
                Entity::Instance(_) | Entity::Object(_) => None,
            },
            "boolean_operator" | "conditional_expression" => {
                children(node).into_iter().find_map(|child| self.resolve_in(child, steps))
            }
            "named_expression" => self.resolve_in(node.child_by_field_name("value")?, steps),
            _ => None,
        }
    }

    /// Whether a call is that of the class of a class method: `cls(..)`.
    pub(super) fn is_class_receiver(&self, call: Node<'t>) -> bool {
        let function = call.child_by_field_name("function");
        function.is_some_and(|function| self.ast.text(function) == "cls" && self.receiver(function).is_some())
    }

    fn resolve_name(&self, node: Node<'t>, steps: usize) -> Option<Entity> {
        if let Some(class) = self.receiver(node) {
            return Some(Entity::Object(class));
        }
        let name = self.ast.text(node);
        let scope = self.scope_of(node);
        let Some(bound) = self.binding_scope(name, scope) else {
            let module = self.wildcards.first()?;
            return Some(Entity::Path(format!("{module}.{name}")));
        };
        let defs = self.scopes[bound].names.get(name)?;
        // A fallback import (`try: import httpx2 as httpx`, `except ImportError:`) counts as its first form.
        defs.iter().find_map(|def| match def {
            Def::Import(path) => Some(Entity::Path(path.clone())),
            Def::Function(function) => Some(Entity::Function(*function)),
            Def::Class(class) => Some(Entity::Class(*class)),
            Def::Value(value) if !self.reads_itself(*value, node) => self.resolve_in(*value, steps),
            Def::With(value) => self.resolve_in(*value, steps),
            Def::Param { annotation, .. } => self.resolve_annotation((*annotation)?, steps),
            Def::Value(_) | Def::Part(_) | Def::Opaque => None,
        })
    }

    fn reads_itself(&self, value: Node<'t>, name: Node<'t>) -> bool {
        value.start_byte() <= name.start_byte() && name.end_byte() <= value.end_byte()
    }

    fn resolve_attribute(&self, node: Node<'t>, steps: usize) -> Option<Entity> {
        let name = self.ast.field_text(node, "attribute");
        match self.resolve_in(node.child_by_field_name("object")?, steps)? {
            Entity::Path(path) | Entity::Instance(path) => Some(Entity::Path(format!("{path}.{name}"))),
            Entity::Object(class) => self.resolve_member(class, name, steps),
            Entity::Class(class) => self.resolve_member(class, name, steps),
            Entity::Function(_) => None,
        }
    }

    fn resolve_member(&self, class: ClassId, name: &str, steps: usize) -> Option<Entity> {
        if let Some(method) = self.method(class, name) {
            return match self.is_property(method) {
                true => self.resolve_result(method, steps),
                false => Some(Entity::Function(method)),
            };
        }
        let fields = self.fields.get(&(class, name)).into_iter().flatten();
        let from_fields = fields.copied().find_map(|value| self.resolve_in(value, steps));
        let from_body = || {
            let body = self.scopes.iter().find(|scope| scope.class == Some(class))?;
            body.names.get(name)?.iter().find_map(|def| match def {
                Def::Value(value) => self.resolve_in(*value, steps),
                _ => None,
            })
        };
        let from_type = || self.resolve_annotation(*self.field_types.get(&(class, name))?, steps);
        let inherited = || Some(Entity::Path(format!("{}.{name}", self.foreign_base(class)?)));
        from_fields.or_else(from_body).or_else(from_type).or_else(inherited)
    }

    /// The first base of a class, or of its bases in this file, that another file defines.
    fn foreign_base(&self, class: ClassId) -> Option<&str> {
        let bases = self.hierarchy(class).into_iter().flat_map(|class| &self.classes[class.0].bases);
        bases.map(String::as_str).find(|base| !self.class_ids.contains_key(*base) && base.contains('.'))
    }

    /// A class and its bases in this file.
    fn hierarchy(&self, class: ClassId) -> Vec<ClassId> {
        let mut todo = vec![class];
        let mut seen = Vec::new();
        while let Some(class) = todo.pop() {
            if seen.contains(&class) || seen.len() >= MAX_BASES {
                continue;
            }
            seen.push(class);
            let bases = &self.classes[class.0].bases;
            todo.extend(bases.iter().filter_map(|base| self.class_ids.get(base)).flatten());
        }
        seen
    }

    /// What a function of the file returns: the first of its results that resolves.
    fn resolve_result(&self, function: FunctionId, steps: usize) -> Option<Entity> {
        self.returned(function).into_iter().find_map(|value| self.resolve_in(value, steps))
    }

    pub(super) fn resolve_annotation(&self, annotation: Node<'t>, steps: usize) -> Option<Entity> {
        let inner = self.annotated(annotation)?;
        let entity = match inner.kind() {
            // A type that is written before it is defined.
            "string" => {
                let name = self.ast.text(inner).trim_matches(['"', '\'']);
                match self.scopes[0].names.get(name)?.first()? {
                    Def::Class(class) => Entity::Class(*class),
                    Def::Import(path) => Entity::Path(path.clone()),
                    _ => return None,
                }
            }
            _ => self.resolve_in(inner, steps)?,
        };
        match entity {
            Entity::Path(path) => Some(Entity::Instance(path)),
            Entity::Class(class) => Some(Entity::Object(class)),
            _ => None,
        }
    }

    /// The method `name` of `class` or of its bases in this file.
    pub fn method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        self.hierarchy(class).into_iter().find_map(|class| self.classes[class.0].methods.get(name).copied())
    }

    /// Whether attribute access runs the function.
    pub fn is_property(&self, function: FunctionId) -> bool {
        self.functions[function.0].is_property()
    }

    /// The expressions that a function returns or yields.
    pub fn returned(&self, function: FunctionId) -> Vec<Node<'t>> {
        self.returns.get(&function).cloned().unwrap_or_default()
    }
}
