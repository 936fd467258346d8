//! The file as the modules beside this one ask it: syntax, names, and the functions and classes of the model.

use super::builders::Builder;
use super::names::Names;
use super::place::Block;
use super::syntax::{self, Attribute, Kind, NodeId, Pattern, Tree, Type};
use super::values::Level;
use crate::clients::Clients;
use crate::frameworks::Frameworks;
use crate::frontend::Renames;
use crate::frontend::rust::closures::Role;
use crate::frontend::rust::resolve::{Entity, Glob};
use crate::model::{Callee, Class, ClassId, Decorator, Function, FunctionId, RepeatKind, Shape, Value};
use crate::source::{SourceFile, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A file's syntax with everything that was learnt of its names.
pub struct Index<'a> {
    pub text: &'a str,
    pub tree: Tree,
    pub names: Names,
    pub clients: &'a Clients,
    pub renames: &'a Renames,
    /// Modules from the crate's root to this file: `["api", "chat"]` for `src/api/chat.rs`.
    pub module_path: Vec<String>,
    pub functions: Vec<Function>,
    pub function_nodes: Vec<NodeId>,
    pub classes: Vec<Class>,
    /// Functions, and closures that somebody else calls.
    function_of: HashMap<NodeId, FunctionId>,
    /// Types that the file declares or implements, by where they are declared or by their path.
    class_of: HashMap<ClassKey, ClassId>,
    /// The class whose methods an `impl` or a trait holds.
    class_of_impl: HashMap<NodeId, ClassId>,
    /// Declaration of a class in this file.
    pub class_nodes: HashMap<ClassId, NodeId>,
    pub(super) resolved: RefCell<HashMap<NodeId, Option<Entity>>>,
    pub(super) types: RefCell<HashMap<NodeId, Option<Entity>>>,
    pub(super) globs: RefCell<HashMap<NodeId, Rc<[Glob]>>>,
    pub(super) builders: RefCell<HashMap<(NodeId, Level), Option<Builder>>>,
    pub(super) values: RefCell<HashMap<(NodeId, Level), (Value, NodeId)>>,
    pub(super) blocks: RefCell<HashMap<NodeId, Block>>,
    pub(super) loops: RefCell<HashMap<NodeId, (RepeatKind, bool)>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum ClassKey {
    Node(NodeId),
    Path(String),
}

impl<'a> Index<'a> {
    /// Learns the file.
    pub fn build(file: &'a SourceFile, tree: Tree, clients: &'a Clients, renames: &'a Renames) -> Self {
        let names = Names::of(&tree);
        let mut index = Index {
            text: &file.text,
            tree,
            names,
            clients,
            renames,
            module_path: module_path(&file.path),
            functions: Vec::new(),
            function_nodes: Vec::new(),
            classes: Vec::new(),
            function_of: HashMap::new(),
            class_of: HashMap::new(),
            class_of_impl: HashMap::new(),
            class_nodes: HashMap::new(),
            resolved: RefCell::default(),
            types: RefCell::default(),
            globs: RefCell::default(),
            builders: RefCell::default(),
            values: RefCell::default(),
            blocks: RefCell::default(),
            loops: RefCell::default(),
        };
        index.learn_classes();
        index.learn_functions();
        // What was asked before all functions were known is asked again.
        index.resolved.take();
        index.types.take();
        index.learn_constructors();
        index.learn_decorators();
        index
    }

    /// The function, or closure that somebody else calls, that `id` is.
    pub fn function_at(&self, id: NodeId) -> Option<FunctionId> {
        self.function_of.get(&id).copied()
    }

    /// The function whose body holds `id`.
    pub fn function_around(&self, id: NodeId) -> Option<FunctionId> {
        self.tree.ancestors(id).find_map(|at| self.function_at(at))
    }

    /// The class declared at `node`.
    pub fn class_at(&self, node: NodeId) -> Option<ClassId> {
        self.class_of.get(&ClassKey::Node(node)).copied()
    }

    /// The class that another file declares under `path` and this one implements.
    pub fn class_named(&self, path: &str) -> Option<ClassId> {
        self.class_of.get(&ClassKey::Path(path.to_owned())).copied()
    }

    /// The class that `self` is in `id`.
    pub fn class_around(&self, id: NodeId) -> Option<ClassId> {
        self.tree.ancestors(id).find_map(|at| self.class_of_impl.get(&at).copied())
    }

    fn learn_classes(&mut self) {
        for id in self.tree.ids() {
            let name = match self.tree.kind(id) {
                Kind::Struct(of) => of.name.clone(),
                Kind::Trait { name } => name.clone(),
                _ => continue,
            };
            let class = self.add_class(ClassKey::Node(id), name, id);
            self.class_nodes.insert(class, id);
            if matches!(self.tree.kind(id), Kind::Trait { .. }) {
                self.class_of_impl.insert(id, class);
            }
        }
        for id in self.tree.ids() {
            let Kind::Impl { of, of_trait, .. } = self.tree.kind(id) else { continue };
            let key = match self.resolve_words(&of.path, id) {
                Some(Entity::Class(class)) => self.class_nodes.get(&class).map(|&node| ClassKey::Node(node)),
                Some(Entity::Path(path)) => Some(ClassKey::Path(path)),
                _ => None,
            };
            let (key, name) = (key.unwrap_or(ClassKey::Path(of.path.join("::"))), of.name().to_owned());
            let base = of_trait.as_ref().map(|path| self.trait_path(path, id));
            let class = match self.class_of.get(&key) {
                Some(&class) => class,
                None => self.add_class(key, name, id),
            };
            self.class_of_impl.insert(id, class);
            self.classes[class.0].bases.extend(base);
        }
    }

    fn add_class(&mut self, key: ClassKey, name: String, node: NodeId) -> ClassId {
        let class = ClassId(self.classes.len());
        let span = self.tree.span(node);
        let (is_data, shape) = (self.is_data(node), self.shape(node, &name));
        let declared = match &key {
            ClassKey::Path(path) => Some(path.clone()),
            ClassKey::Node(_) => None,
        };
        self.classes.push(Class { name, span, is_data, shape, declared, ..Class::default() });
        self.class_of.insert(key, class);
        class
    }

    fn is_data(&self, node: NodeId) -> bool {
        let Kind::Struct(of) = self.tree.kind(node) else { return false };
        of.derives.iter().any(|name| name == "Deserialize")
    }

    /// What kind of type stands at `node`, by the words around its name.
    fn shape(&self, node: NodeId, name: &str) -> Shape {
        let of = match self.tree.kind(node) {
            Kind::Struct(of) => of,
            Kind::Trait { .. } => return Shape::Fieldless,
            _ => return Shape::Unknown,
        };
        let (start, own) = (self.tree.span(node).start, self.slice(node));
        let inside = if own == name { Some(0) } else { own.find(&format!(" {name}")).map(|at| at + 1) };
        let Some(at) = inside.map(|at| start + at) else { return Shape::Unknown };
        let before = self.text.get(..at).unwrap_or("").trim_end();
        let behind = self.text.get(at + name.len()..).unwrap_or("").trim_start();
        match behind.chars().next() {
            _ if !before.ends_with("struct") => Shape::Fieldless,
            // What is compared, copied or written out cannot hold a client.
            _ if of.derives.iter().any(|name| !["Debug", "Clone", "Default"].contains(&name.as_str())) => Shape::Struct,
            Some('{' | ';') => Shape::Named(of.fields.iter().map(|(name, _)| name.clone()).collect()),
            _ => Shape::Struct,
        }
    }

    fn learn_functions(&mut self) {
        for id in self.tree.ids() {
            let function = match self.tree.kind(id) {
                Kind::Function(of) if of.body.is_some() => self.defined(id, of),
                Kind::Closure { params, is_async, body } => match self.closure(id, params, *is_async, *body) {
                    Some(closure) => closure,
                    None => continue,
                },
                _ => continue,
            };
            let at = FunctionId(self.functions.len());
            if let Some(class) = function.class {
                self.add_method(class, &function, at);
            }
            self.functions.push(function);
            self.function_nodes.push(id);
            self.function_of.insert(id, at);
        }
    }

    fn defined(&self, id: NodeId, of: &syntax::Function) -> Function {
        let holder = self.tree.parent(id);
        let implements = holder.and_then(|holder| match self.tree.kind(holder) {
            Kind::Impl { of_trait: Some(path), .. } => Some(self.trait_path(path, holder)),
            _ => None,
        });
        Function {
            name: of.name.clone(),
            name_span: of.name_span,
            span: self.tree.span(id),
            class: holder.and_then(|holder| self.class_of_impl.get(&holder).copied()),
            parent: self.function_around(id),
            params: of.params.iter().flat_map(|param| param.pattern.names.clone()).collect(),
            is_async: of.is_async,
            is_public: of.is_public,
            has_receiver: of.has_receiver,
            implements,
            ..Function::default()
        }
    }

    /// A closure that somebody else calls, later or by its name.
    fn closure(&self, id: NodeId, params: &[Pattern], is_async: bool, body: NodeId) -> Option<Function> {
        let name = match self.closure_role(id) {
            Role::Named(name) => name,
            Role::Handed(_) => Function::CLOSURE.to_owned(),
            Role::Inline | Role::Repeated | Role::Kept => return None,
        };
        let span = self.tree.span(id);
        Some(Function {
            name,
            name_span: Span::new(span.start, span.start + 1),
            span,
            parent: self.function_around(id),
            params: params.iter().flat_map(|pattern| pattern.names.clone()).collect(),
            is_async: is_async || matches!(self.tree.kind(self.tree.peel(body)), Kind::Async),
            ..Function::default()
        })
    }

    /// A type's own method comes before one of a trait, wherever it stands.
    fn add_method(&mut self, class: ClassId, function: &Function, at: FunctionId) {
        let known = self.classes[class.0].methods.get(&function.name).map(|known| &self.functions[known.0]);
        let is_first = known.is_none_or(|known| known.implements.is_some() && function.implements.is_none());
        if is_first {
            self.classes[class.0].methods.insert(function.name.clone(), at);
        }
    }

    /// `fn new() -> Self` and its like set an object up.
    fn learn_constructors(&mut self) {
        for at in 0..self.functions.len() {
            let Kind::Function(of) = self.tree.kind(self.function_nodes[at]) else { continue };
            let Some(output) = of.output.as_ref().filter(|_| sets_up(&of.name, of.is_async)) else { continue };
            let class = self.class_of_type(output, self.function_nodes[at]);
            self.functions[at].constructs = class.filter(|_| self.functions[at].class.is_some());
        }
    }

    /// The class that a type is, wrappers left out.
    pub fn class_of_type(&self, of: &Type, at: NodeId) -> Option<ClassId> {
        match self.resolve_words(&of.unwrapped().path, at)? {
            Entity::Class(class) => Some(class),
            _ => None,
        }
    }

    fn learn_decorators(&mut self) {
        for at in 0..self.functions.len() {
            let node = self.function_nodes[at];
            let mut decorators = Vec::new();
            if let Kind::Function(of) = self.tree.kind(node) {
                decorators.extend(of.attributes.iter().map(|attribute| self.decorator(attribute, node)));
            }
            if let Some(Kind::Impl { attributes, .. }) = self.tree.parent(node).map(|parent| self.tree.kind(parent)) {
                decorators.extend(attributes.iter().map(|attribute| self.decorator(attribute, node)));
            }
            if let Kind::Closure { .. } = self.tree.kind(node)
                && let Role::Handed(Some(receiver)) = self.closure_role(node)
            {
                decorators.push(receiver);
            }
            self.functions[at].decorators.extend(decorators);
        }
        for (function, decorator) in self.handed_functions() {
            if let Callee::Function(function) = function {
                self.functions[function.0].decorators.push(decorator);
            }
        }
    }

    fn decorator(&self, attribute: &Attribute, at: NodeId) -> Decorator {
        let written = self.path_text(&attribute.path, at);
        let known = |path: &String| {
            let found = Decorator { path: path.clone(), resolved: true, ..Decorator::default() };
            Frameworks::embedded().decorator(&found).is_some_and(|found| !found.convention)
        };
        let brought = || self.brought_by_globs(&attribute.path, at).into_iter().find(known);
        let path = if written.contains("::") { written } else { brought().unwrap_or(written) };
        let resolved = path.contains("::");
        Decorator { path, resolved, first_text: attribute.text.clone(), span: attribute.span, ..Decorator::default() }
    }

    /// The path of a trait. One that a glob brings in is one of those that frameworks know.
    fn trait_path(&self, words: &[String], at: NodeId) -> String {
        match self.resolve_words(words, at) {
            Some(Entity::Path(path)) if path.contains("::") => path,
            Some(Entity::Path(path)) => {
                let mut brought = self.brought_by_globs(words, at).into_iter();
                brought.find(|path| Frameworks::embedded().knows_base(path)).unwrap_or(path)
            }
            _ => words.join("::"),
        }
    }

    /// A path as text: resolved where it can be, else as written.
    pub fn path_text(&self, words: &[String], at: NodeId) -> String {
        match self.resolve_words(words, at) {
            Some(Entity::Path(path)) => path,
            _ => words.join("::"),
        }
    }
}

/// Modules from the crate's root to the file at `path`; none for a root, and where the layout does not tell.
fn module_path(path: &str) -> Vec<String> {
    let Some((_, below)) = path.rsplit_once("src/").filter(|(before, _)| before.is_empty() || before.ends_with('/'))
    else {
        return Vec::new();
    };
    let mut words: Vec<String> = below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let is_root = words.len() == 1 && matches!(words[0].as_str(), "lib" | "main");
    if is_root || words[0] == "bin" {
        return Vec::new();
    }
    if words.last().is_some_and(|last| last == "mod") {
        words.pop();
    }
    words
}

/// Names of associated functions that set an object up. Async ones with other names fetch what they return.
fn sets_up(name: &str, is_async: bool) -> bool {
    const NAMES: &[&str] = &["new", "default", "build", "init", "connect", "open", "setup", "initialize"];
    const STARTS: &[&str] = &["new_", "try_new", "build_", "connect_"];
    const CONVERSIONS: &[&str] = &["with_", "from", "try_from", "for_"];
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    NAMES.contains(&name) || begins(STARTS) || (!is_async && begins(CONVERSIONS))
}
