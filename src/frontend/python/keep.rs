//! How long the things live that values are put into: a container, an object, a request.

use super::scopes::{Def, Index};
use super::tree::{children, peel, span};
use tree_sitter::Node;

/// Subscripts and attributes of one expression; real code nests a handful.
const MAX_STEPS: usize = 16;

/// Calls that make something new and empty to put values into.
const CONTAINERS: &[&str] = &[
    "dict",
    "list",
    "set",
    "deque",
    "defaultdict",
    "OrderedDict",
    "WeakValueDictionary",
    "WeakKeyDictionary",
    "local",
    "SimpleNamespace",
];

/// What a value is put into.
pub enum Keeper<'t> {
    /// A local that was made in the same call: it goes where that goes.
    Local(Node<'t>),
    /// A local that was made before the loop around: it is there to hold many.
    Collection(Node<'t>),
    /// A container that each object of the class has for itself, by its name.
    Field(&'t str),
    /// Something of the request that is served.
    Request,
    /// What may outlive the call.
    Other,
}

impl<'t> Index<'t> {
    /// How long what `object` names lives, as seen from there.
    pub fn keeper(&self, object: Node<'t>) -> Keeper<'t> {
        let mut object = peel(object);
        for _ in 0..MAX_STEPS {
            if object.kind() != "subscript" {
                break;
            }
            match object.child_by_field_name("value") {
                Some(inner) => object = peel(inner),
                None => return Keeper::Other,
            }
        }
        match object.kind() {
            "identifier" if self.is_request(object) => Keeper::Request,
            "identifier" if self.is_made_in_call(object) => match self.is_made_in_turn(object) {
                true => Keeper::Local(object),
                false => Keeper::Collection(object),
            },
            "attribute" => self.attribute_keeper(object),
            _ => Keeper::Other,
        }
    }

    /// Whether what `object` names is gone after the call.
    pub fn lives_for_call(&self, object: Node<'t>) -> bool {
        matches!(self.keeper(object), Keeper::Local(_) | Keeper::Request)
    }

    fn attribute_keeper(&self, attribute: Node<'t>) -> Keeper<'t> {
        let Some(object) = attribute.child_by_field_name("object") else { return Keeper::Other };
        let name = self.ast.field_text(attribute, "attribute");
        match self.receiver(object) {
            Some(class) if self.has_own_container(class, name) => Keeper::Field(name),
            _ if matches!(name, "state" | "ctx" | "context") && self.is_request(object) => Keeper::Request,
            _ => Keeper::Other,
        }
    }

    /// `request`, `self.request`, `flask.g`.
    fn is_request(&self, object: Node<'t>) -> bool {
        if object.kind() == "attribute" && self.ast.field_text(object, "attribute") == "request" {
            return object.child_by_field_name("object").is_some_and(|of| self.receiver(of).is_some());
        }
        let is_name = object.kind() == "identifier" && matches!(self.ast.text(object), "request" | "req");
        let path = || self.path_of(object);
        is_name || path().is_some_and(|path| matches!(path.as_str(), "flask.g" | "quart.g"))
    }

    /// Whether each object of `class` gets a container of its own under `name`.
    pub(super) fn has_own_container(&self, class: crate::model::ClassId, name: &'t str) -> bool {
        let set = self.fields.get(&(class, name)).into_iter().flatten().copied();
        let body = self.scopes.iter().find(|scope| scope.class == Some(class));
        let declared = body.and_then(|scope| scope.names.get(name)).into_iter().flatten().filter_map(|def| match def {
            Def::Value(value) => Some(*value),
            _ => None,
        });
        let mut values = set.filter(|value| value.kind() != "none").peekable();
        if values.peek().is_some() {
            return values.all(|value| self.is_container(value));
        }
        declared.into_iter().any(|value| self.field_factory(value).is_some_and(|made| self.is_container_type(made)))
    }

    /// A local that holds nothing but containers made in the same call.
    fn is_made_in_call(&self, name: Node<'t>) -> bool {
        let text = self.ast.text(name);
        let Some(scope) = self.binding_scope(text, self.scope_of(name)) else { return false };
        let function = self.scopes[scope].function;
        if function.is_none() || function != self.function_of(name) || self.is_outer(text, name) {
            return false;
        }
        let defs = self.defs(text, name);
        !defs.is_empty() && defs.iter().all(|def| matches!(def, Def::Value(value) if self.is_container(*value)))
    }

    /// Whether the nearest loop around `name` makes it anew in each turn.
    fn is_made_in_turn(&self, name: Node<'t>) -> bool {
        let turn = self.ast.ancestors(name).find(|at| matches!(at.kind(), "for_statement" | "while_statement"));
        let turn = turn.filter(|at| self.function_of(*at) == self.function_of(name));
        turn.is_none_or(|turn| {
            let mut defs = self.defs(self.ast.text(name), name).iter();
            defs.all(|def| matches!(def, Def::Value(value) if span(turn).contains(span(*value))))
        })
    }

    fn is_container(&self, value: Node<'t>) -> bool {
        let value = peel(value);
        match value.kind() {
            "dictionary" | "list" | "set" => true,
            "list_comprehension" | "dictionary_comprehension" | "set_comprehension" => true,
            "call" => value.child_by_field_name("function").is_some_and(|function| self.is_container_type(function)),
            _ => false,
        }
    }

    /// What makes containers: `dict`, `threading.local`.
    fn is_container_type(&self, callee: Node<'t>) -> bool {
        let text = self.ast.text(callee);
        CONTAINERS.contains(&text.rsplit('.').next().unwrap_or(text))
    }

    /// What `field(default_factory=f)` calls for each object: of `dataclasses`, `attrs` and pydantic.
    pub(super) fn field_factory(&self, value: Node<'t>) -> Option<Node<'t>> {
        let function = value.child_by_field_name("function").filter(|_| value.kind() == "call")?;
        let name = self.ast.text(function).rsplit('.').next().unwrap_or_default();
        if !matches!(name, "field" | "Field" | "ib" | "attrib" | "PrivateAttr") {
            return None;
        }
        let arguments = children(value.child_by_field_name("arguments")?);
        let factory = arguments
            .into_iter()
            .find(|argument| matches!(self.ast.field_text(*argument, "name"), "default_factory" | "factory"))?;
        factory.child_by_field_name("value")
    }
}
