//! What the type of an expression is, and the method that a call on it runs.

use super::index::Index;
use super::resolve::{Entity, MAX_STEPS};
use super::syntax::{Kind, NodeId, Type};
use crate::model::{ClassId, FunctionId};

impl Index<'_> {
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
                        (_, Some(value)) if local.is_whole => self.typed(value, steps),
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
            // All branches have one type.
            Kind::Block { tail } => self.typed((*tail)?, steps),
            Kind::Arm { body, .. } => self.typed(*body, steps),
            Kind::Match { arms, .. } => arms.iter().find_map(|&arm| self.typed(arm, steps)),
            Kind::If { then, otherwise, .. } => {
                self.typed(*then, steps).or_else(|| otherwise.and_then(|otherwise| self.typed(otherwise, steps)))
            }
            Kind::Call { function, .. } => {
                let function = self.tree.peel(*function);
                match self.resolve(function)? {
                    Entity::Function(function) => self.output_of(function),
                    Entity::Member(class, _) => Some(Entity::Class(class)),
                    Entity::Class(class) => Some(Entity::Class(class)),
                    Entity::Path(path) => match self.clients.made_by(&path) {
                        Some(crate::clients::Made::Client(symbol)) => Some(Entity::Path(symbol)),
                        Some(crate::clients::Made::Builder(_)) => None,
                        // What a function of another file gives is known by the function's path.
                        None => self.may_link(&path).then_some(Entity::Path(path)),
                    },
                    _ => None,
                }
            }
            Kind::Field { base, name } => match self.typed(*base, steps)? {
                Entity::Path(path) => self.may_link(&path).then(|| Entity::Path(format!("{path}::{name}"))),
                _ => {
                    let (of, node) = self.field_type(*base, name, steps)?;
                    self.type_named(of, node)
                }
            },
            Kind::MethodCall { receiver, name, .. } => match self.method_on(id, steps) {
                Some(method) => self.output_of(method),
                None if super::flow::hands_through(name) => self.typed(*receiver, steps),
                None => match self.typed(*receiver, steps)? {
                    Entity::Path(path) if self.may_link(&path) && !self.clients.knows(&path) => {
                        Some(Entity::Path(format!("{path}::{name}")))
                    }
                    _ => None,
                },
            },
            _ => None,
        }
    }

    /// The written type of a field, and the struct that declares it.
    fn field_type(&self, base: NodeId, name: &str, steps: usize) -> Option<(&Type, NodeId)> {
        let Entity::Class(class) = self.typed(base, steps)? else { return None };
        self.field_of(class, name)
    }

    fn field_of(&self, class: ClassId, name: &str) -> Option<(&Type, NodeId)> {
        let node = *self.class_nodes.get(&class)?;
        let Kind::Struct(of) = self.tree.kind(node) else { return None };
        let (_, of) = of.fields.iter().find(|(field, _)| field == name)?;
        Some((of, node))
    }

    fn output(&self, function: FunctionId) -> Option<&Type> {
        let Kind::Function(of) = self.tree.kind(self.function_nodes[function.0]) else { return None };
        of.output.as_ref()
    }

    fn output_of(&self, function: FunctionId) -> Option<Entity> {
        self.type_named(self.output(function)?, self.function_nodes[function.0])
    }

    /// The type that is written where a value goes: at its `let`, its field, or the function that gives it.
    pub(super) fn wanted_type(&self, id: NodeId) -> Option<Entity> {
        let outer = self.tree.wrapped(id);
        let parent = self.tree.parent(outer)?;
        let (of, at) = match self.tree.kind(parent) {
            Kind::Let { of, .. } => (of.as_ref()?, parent),
            Kind::StructLiteral { path, fields } => {
                let Entity::Class(class) = self.resolve_words(path, parent)? else { return None };
                let (name, _) = fields.iter().find(|(_, value)| *value == outer)?;
                self.field_of(class, name)?
            }
            Kind::Block { tail } if *tail == Some(outer) => {
                let node = self.tree.parent(parent)?;
                let Kind::Function(of) = self.tree.kind(node) else { return None };
                (of.output.as_ref()?, node)
            }
            _ => return None,
        };
        // What stands in a wrapper is not made by its own functions.
        (of.unwrapped() == of).then(|| self.type_named(of, at)).flatten()
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
        let method = self.classes[class.0].methods.get(name).copied()?;
        (!self.is_held(*receiver, steps)).then_some(method)
    }

    /// Whether a value lies in a holder, whose own methods come first: `Option`, `OnceLock`.
    fn is_held(&self, id: NodeId, steps: usize) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        match self.tree.kind(id) {
            // `?` and `.await` take it out.
            Kind::Through(inner) => !self.takes_out(id, *inner) && self.is_held(*inner, steps),
            Kind::Path(_) => match self.resolve(id) {
                Some(Entity::Local(local)) => {
                    let local = self.names.local(local);
                    let value = local.value.filter(|_| local.is_plain);
                    local
                        .of
                        .as_ref()
                        .map_or_else(|| value.is_some_and(|value| self.is_held(value, steps)), Type::is_holder)
                }
                Some(Entity::Static(item)) => {
                    matches!(self.tree.kind(item), Kind::Static { of: Some(of), .. } if of.is_holder())
                }
                _ => false,
            },
            Kind::Field { base, name } => self.field_type(*base, name, steps).is_some_and(|(of, _)| of.is_holder()),
            Kind::Call { function, .. } => match self.resolve(self.tree.peel(*function)) {
                Some(Entity::Function(function)) => self.output(function).is_some_and(Type::is_holder),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether what stands around `inner` is a `?` or `.await`.
    pub(super) fn takes_out(&self, whole: NodeId, inner: NodeId) -> bool {
        let rest = self.text.get(self.tree.span(inner).end..self.tree.span(whole).end).unwrap_or("");
        rest.contains('?') || rest.contains("await")
    }
}
