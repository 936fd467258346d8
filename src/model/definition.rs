//! What a file defines: functions and classes.

use super::{ClassId, FunctionId, Symbol, Value};
use crate::source::Span;
use std::collections::BTreeMap;

/// A function, method or named lambda.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// Bare name.
    pub name: String,
    /// Span of the name, for labels.
    pub name_span: Span,
    /// Whole definition, decorators excluded.
    pub span: Span,
    /// The class whose body holds it.
    pub class: Option<ClassId>,
    /// The function whose body holds it.
    pub parent: Option<FunctionId>,
    /// Parameter names, the receiver (`self`, `cls`) excluded.
    pub params: Vec<String>,
    /// Defined with `async`.
    pub is_async: bool,
    /// Others may call it: `pub` in Rust, no leading underscore in Python.
    pub is_public: bool,
    /// It is called on an object: it takes `self`.
    pub has_receiver: bool,
    /// The class whose objects it sets up: `__init__` of a class, `fn new() -> Self`.
    pub constructs: Option<ClassId>,
    /// The trait whose method it is: somebody calls it through the trait.
    pub implements: Option<String>,
    /// Resolved decorators or attributes.
    pub decorators: Vec<Decorator>,
    /// Values that its parameters have where nothing is handed in, as far as they are known.
    pub defaults: BTreeMap<String, Value>,
    /// What it returns or yields.
    pub result: Option<Symbol>,
    /// Its name stands elsewhere in its file, too.
    pub is_mentioned: bool,
}

/// A decorator or attribute: the path that it resolves to.
#[derive(Debug, Clone, Default)]
pub struct Decorator {
    /// Resolved dotted path (`fastapi.FastAPI.get`); as written where it could not be resolved.
    pub path: String,
    /// Whether `path` was resolved through imports and assignments.
    pub resolved: bool,
    /// The function is handed to it by name, in Python.
    pub is_handed: bool,
    /// First positional argument where it is a string literal: the route, mostly, with the prefix of its router.
    pub first_text: Option<String>,
    /// The name of the file that it is an attribute of: `router` of `@router.get("/x")`.
    pub of: Option<String>,
    /// Span of the decorator.
    pub span: Span,
}

/// A class or struct.
#[derive(Debug, Clone, Default)]
pub struct Class {
    /// Bare name.
    pub name: String,
    /// Whole definition.
    pub span: Span,
    /// Resolved dotted paths of its bases; as written where unresolved. A base in this file is its bare name.
    pub bases: Vec<String>,
    /// Methods by name.
    pub methods: BTreeMap<String, FunctionId>,
    /// What its attributes hold.
    pub fields: BTreeMap<String, Symbol>,
    /// Path of the type that this file only implements; another file declares it.
    pub declared: Option<String>,
    /// Its objects are data: in Rust, read from and written to documents, and no place to keep a client; in Python, equal
    /// where their parts are.
    pub is_data: bool,
    /// What kind of type it is.
    pub shape: Shape,
}

/// What kind of type a class of Rust is: what its objects can hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Shape {
    /// Declared elsewhere.
    #[default]
    Unknown,
    /// A struct with fields of these names, or none.
    Named(Vec<String>),
    /// A tuple struct, a generic one, or one that derives what a client is not.
    Struct,
    /// An enum, a union, a trait: no fields.
    Fieldless,
}

impl Function {
    /// What a closure without a name is called in [`Function::name`].
    pub const CLOSURE: &str = "closure";

    /// Reading it as an attribute runs it.
    pub fn is_property(&self) -> bool {
        self.decorators.iter().any(|decorator| {
            let name = decorator.path.rsplit('.').next().unwrap_or(&decorator.path);
            name == "property" || name == "cached_property"
        })
    }

    /// A closure that has no name.
    pub fn is_closure(&self) -> bool {
        self.name == Self::CLOSURE
    }
}

impl Decorator {
    /// It makes a method one of the class, not of its objects.
    pub fn is_of_class(&self) -> bool {
        matches!(self.path.as_str(), "classmethod" | "staticmethod")
    }
}
