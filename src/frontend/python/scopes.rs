//! First pass: scopes, and what each name in them stands for.

use super::place::Block;
use super::resolve::Entity;
use super::tree::{Ast, Step, children, span, walk};
use crate::frontend::LowerError;
use crate::model::{Class, ClassId, Function, FunctionId, RepeatKind, SiteId, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use tree_sitter::Node;

/// What a name was bound to.
#[derive(Debug, Clone)]
pub enum Def<'t> {
    /// An import, as a dotted path (leading dots for relative ones).
    Import(String),
    /// A function of this file.
    Function(FunctionId),
    /// A class of this file.
    Class(ClassId),
    /// An assigned expression.
    Value(Node<'t>),
    /// `with EXPR as name`.
    With(Node<'t>),
    /// A parameter with its annotation; `*urls` and `**options` gather what is handed in.
    Param { annotation: Option<Node<'t>>, gathers: bool },
    /// One of the names that an expression is unpacked into.
    Part(Node<'t>),
    /// Something that is not followed: loop variables, `except as`.
    Opaque,
}

/// A namespace.
#[derive(Debug)]
pub struct Scope<'t> {
    /// The node that opens it.
    pub node: Node<'t>,
    /// Enclosing scope.
    pub parent: Option<usize>,
    /// The function that it is the body of.
    pub function: Option<FunctionId>,
    /// The class that it is the body of.
    pub class: Option<ClassId>,
    /// Bindings in source order.
    pub names: HashMap<&'t str, Vec<Def<'t>>>,
    /// Names declared `global` or `nonlocal`: bound elsewhere.
    pub(super) outer: Vec<&'t str>,
}

/// Everything that the first pass learns.
pub struct Index<'t> {
    /// The tree.
    pub ast: Ast<'t>,
    /// All scopes; the module's is the first.
    pub scopes: Vec<Scope<'t>>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Definition node of each function.
    pub function_nodes: Vec<Node<'t>>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Values assigned to `self.name`, by class and name.
    pub fields: HashMap<(ClassId, &'t str), Vec<Node<'t>>>,
    /// Values put under keys (`_clients[key] = ..`), by the text of the container.
    pub items: HashMap<&'t str, Vec<Node<'t>>>,
    /// Values put into attributes of states (`app.state.client = ..`), by the attribute.
    pub states: HashMap<&'t str, Vec<Node<'t>>>,
    /// Annotations of attributes, by class and name.
    pub field_types: HashMap<(ClassId, &'t str), Node<'t>>,
    /// Identifiers that read a name, in source order.
    pub reads: Vec<Node<'t>>,
    /// The same by the scope that binds the name, and the name.
    reads_by_scope: HashMap<(usize, &'t str), Vec<Node<'t>>>,
    /// Classes by name.
    pub(super) class_ids: HashMap<String, Vec<ClassId>>,
    /// What is known of blocks and loops, by node.
    pub(super) blocks: RefCell<HashMap<usize, Rc<Block<'t>>>>,
    pub(super) loops: RefCell<HashMap<usize, (RepeatKind, bool)>>,
    /// Expressions that each function returns or yields.
    pub returns: HashMap<FunctionId, Vec<Node<'t>>>,
    /// Modules imported with `*`.
    pub wildcards: Vec<String>,
    /// What nodes were resolved to, by node.
    pub(super) resolved: RefCell<HashMap<usize, Option<Entity>>>,
    /// Which client an expression holds, by node.
    pub(super) clients: RefCell<HashMap<usize, Option<SiteId>>>,
    /// Values of names and calls, by node.
    pub(super) evaluated: RefCell<HashMap<usize, Value>>,
    pub(super) scope_of_node: HashMap<usize, usize>,
}

impl<'t> Index<'t> {
    /// Runs the first pass.
    pub fn build(ast: Ast<'t>) -> Result<Self, LowerError> {
        let root = ast.root;
        let mut index = Index {
            ast,
            scopes: Vec::new(),
            functions: Vec::new(),
            function_nodes: Vec::new(),
            classes: Vec::new(),
            fields: HashMap::new(),
            items: HashMap::new(),
            states: HashMap::new(),
            field_types: HashMap::new(),
            reads: Vec::new(),
            reads_by_scope: HashMap::new(),
            class_ids: HashMap::new(),
            blocks: RefCell::default(),
            loops: RefCell::default(),
            returns: HashMap::new(),
            wildcards: Vec::new(),
            resolved: RefCell::default(),
            clients: RefCell::default(),
            evaluated: RefCell::default(),
            scope_of_node: HashMap::new(),
        };
        index.open(root, None, None, None);
        let mut stack = vec![0];
        let mut nodes = Vec::new();
        walk(root, |step| match step {
            Step::Enter(node) if node.is_named() => {
                let current = stack.last().copied().unwrap_or(0);
                nodes.push((node, current));
                if let Some(opened) = index.enter(node, current) {
                    stack.push(opened);
                }
            }
            Step::Leave(node) if stack.len() > 1 && index.scope_of_node.contains_key(&node.id()) => {
                stack.pop();
            }
            _ => {}
        })?;
        // Names are bound after all scopes exist, so that `global` counts wherever it stands in the function.
        for (node, scope) in nodes {
            index.bind(node, scope);
        }
        index.sort_reads();
        Ok(index)
    }

    /// The innermost scope that `node` is evaluated in.
    pub fn scope_of(&self, node: Node<'t>) -> usize {
        let mut child = node;
        for ancestor in self.ast.ancestors(node) {
            if let Some(&scope) = self.scope_of_node.get(&ancestor.id())
                && !evaluated_outside(ancestor, child)
            {
                return scope;
            }
            child = ancestor;
        }
        0
    }

    /// The function whose body holds `node`.
    pub fn function_of(&self, node: Node<'t>) -> Option<FunctionId> {
        self.enclosing(self.scope_of(node)).find_map(|scope| self.scopes[scope].function)
    }

    /// `scope` and the scopes around it, innermost first.
    pub fn enclosing(&self, scope: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(scope), |&scope| self.scopes[scope].parent)
    }

    /// The scope that binds `name` as seen from `scope`. Class bodies are invisible from the functions in them.
    pub fn binding_scope(&self, name: &str, scope: usize) -> Option<usize> {
        self.enclosing(scope)
            .find(|&at| (at == scope || self.scopes[at].class.is_none()) && self.scopes[at].names.contains_key(name))
    }

    /// What `name` stands for at `node`.
    pub fn defs(&self, name: &str, node: Node<'t>) -> &[Def<'t>] {
        self.binding_scope(name, self.scope_of(node))
            .and_then(|scope| self.scopes[scope].names.get(name))
            .map_or(&[], Vec::as_slice)
    }

    /// Places that read the variable that `name` is in `scope`.
    pub fn reads_of(&self, name: &'t str, scope: usize) -> &[Node<'t>] {
        self.reads_by_scope.get(&(scope, name)).map_or(&[], Vec::as_slice)
    }

    fn sort_reads(&mut self) {
        for &read in &self.reads {
            let name = self.ast.text(read);
            if let Some(scope) = self.binding_scope(name, self.scope_of(read)) {
                self.reads_by_scope.entry((scope, name)).or_default().push(read);
            }
        }
        for (at, class) in self.classes.iter().enumerate() {
            self.class_ids.entry(class.name.clone()).or_default().push(ClassId(at));
        }
    }

    /// The class whose receiver `node` is, where it is `self` or `cls` of a method.
    pub fn receiver(&self, node: Node<'t>) -> Option<ClassId> {
        if node.kind() != "identifier" {
            return None;
        }
        let name = self.ast.text(node);
        let scope = self.binding_scope(name, self.scope_of(node))?;
        let function = self.scopes[scope].function?;
        let class = self.functions[function.0].class?;
        let first = self.function_nodes[function.0]
            .child_by_field_name("parameters")
            .and_then(|parameters| children(parameters).first().copied())?;
        let is_static = self.functions[function.0].decorators.iter().any(|decorator| decorator.path == "staticmethod");
        (!is_static && parameter_name(first).is_some_and(|first| self.ast.text(first) == name)).then_some(class)
    }

    fn open(
        &mut self,
        node: Node<'t>,
        parent: Option<usize>,
        function: Option<FunctionId>,
        class: Option<ClassId>,
    ) -> usize {
        let id = self.scopes.len();
        self.scopes.push(Scope { node, parent, function, class, names: HashMap::new(), outer: Vec::new() });
        self.scope_of_node.insert(node.id(), id);
        id
    }

    /// Opens the scope that `node` stands for, and notes `global` names.
    fn enter(&mut self, node: Node<'t>, current: usize) -> Option<usize> {
        match node.kind() {
            "function_definition" => {
                let function = self.add_function(node, current);
                Some(self.open(node, Some(current), Some(function), None))
            }
            "class_definition" => {
                let class = self.add_class(node);
                Some(self.open(node, Some(current), None, Some(class)))
            }
            "lambda"
            | "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => Some(self.open(node, Some(current), None, None)),
            "global_statement" | "nonlocal_statement" => {
                let names: Vec<&str> = children(node).into_iter().map(|name| self.ast.text(name)).collect();
                self.scopes[current].outer.extend(names);
                None
            }
            _ => None,
        }
    }

    fn add_function(&mut self, node: Node<'t>, scope: usize) -> FunctionId {
        let id = FunctionId(self.functions.len());
        let class = self.scopes[scope].class;
        let name_node = node.child_by_field_name("name").unwrap_or(node);
        let name = self.ast.text(name_node).to_owned();
        let mut params = self.parameter_names(node);
        if class.is_some() && !params.is_empty() && !self.is_decorated(node, &["@staticmethod"]) {
            params.remove(0);
        }
        let is_async = node.child(0).is_some_and(|first| first.kind() == "async");
        let parent = self.enclosing(scope).find_map(|scope| self.scopes[scope].function);
        if let Some(class) = class.filter(|_| !self.is_overload(node)) {
            self.classes[class.0].methods.entry(name.clone()).or_insert(id);
        }
        let constructs = class.filter(|_| CONSTRUCTORS.contains(&name.as_str()));
        self.functions.push(Function {
            is_public: !name.starts_with('_') || name == "__call__",
            has_receiver: class.is_some(),
            name,
            constructs,
            implements: None,
            name_span: span(name_node),
            span: span(node),
            class,
            parent,
            params,
            is_async,
            decorators: Vec::new(),
            result: None,
            defaults: BTreeMap::new(),
            is_mentioned: false,
        });
        self.function_nodes.push(node);
        id
    }

    /// `@overload` declares a form of the function that follows.
    pub(super) fn is_overload(&self, function: Node<'t>) -> bool {
        self.is_decorated(function, &["@overload", "@typing.overload", "@t.overload"])
    }

    fn is_decorated(&self, function: Node<'t>, written: &[&str]) -> bool {
        let definition = self.ast.parent(function).filter(|parent| parent.kind() == "decorated_definition");
        let decorators = definition.map(children).unwrap_or_default();
        decorators.iter().any(|part| written.contains(&self.ast.text(*part)))
    }

    fn parameter_names(&self, function: Node<'t>) -> Vec<String> {
        let Some(parameters) = function.child_by_field_name("parameters") else { return Vec::new() };
        children(parameters).into_iter().filter_map(parameter_name).map(|name| self.ast.text(name).to_owned()).collect()
    }

    fn add_class(&mut self, node: Node<'t>) -> ClassId {
        let id = ClassId(self.classes.len());
        let name = self.ast.field_text(node, "name").to_owned();
        let definition = self.ast.parent(node).filter(|parent| parent.kind() == "decorated_definition");
        let decorators = definition.map(children).unwrap_or_default();
        let makes_data = |text: &str| ["dataclass", "attr", "define", "frozen"].iter().any(|word| text.contains(word));
        let is_data = decorators.iter().any(|part| part.kind() == "decorator" && makes_data(self.ast.text(*part)));
        self.classes.push(Class { name, span: span(node), is_data, ..Class::default() });
        id
    }

    /// Whether the name written at `node` in its function is declared `global` or `nonlocal` there.
    pub fn is_outer(&self, name: &str, node: Node<'t>) -> bool {
        self.enclosing(self.scope_of(node)).any(|scope| self.scopes[scope].outer.contains(&name))
    }
}

/// Default values and bases stand inside the definition's node and are evaluated outside its scope.
fn evaluated_outside<'t>(definition: Node<'t>, child: Node<'t>) -> bool {
    let is = |field: &str| definition.child_by_field_name(field).is_some_and(|node| node.id() == child.id());
    match definition.kind() {
        "function_definition" => is("parameters") || is("return_type"),
        "class_definition" => is("superclasses"),
        _ => false,
    }
}

pub(super) fn is_comprehension(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression"
    )
}

pub(super) fn parameter_name(parameter: Node<'_>) -> Option<Node<'_>> {
    match parameter.kind() {
        "identifier" => Some(parameter),
        "default_parameter" | "typed_default_parameter" => parameter.child_by_field_name("name"),
        "typed_parameter" => children(parameter).first().copied().and_then(parameter_name),
        "list_splat_pattern" | "dictionary_splat_pattern" => children(parameter).first().copied(),
        _ => None,
    }
}

/// Methods that set up an object.
const CONSTRUCTORS: &[&str] =
    &["__init__", "__post_init__", "__attrs_post_init__", "__new__", "model_post_init", "__aenter__", "__enter__"];
