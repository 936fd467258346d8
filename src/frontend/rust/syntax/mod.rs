//! Rust syntax as this front end reads it: one arena, in which every node knows its parent.
//!
//! syn gives no way upwards, and what is of interest here (where does a value go, what repeats around it) is asked upwards.
//! [`from_syn`] fills the arena from syn, the authority; [`from_tree`] from tree-sitter, where syn cannot read.

pub mod from_syn;
pub mod from_tree;
mod macros;
mod nesting;
mod patterns;

use crate::source::Span;
pub use nesting::is_shallow;

/// Index of a node in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// One piece of syntax.
#[derive(Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
    pub parent: Option<NodeId>,
    pub children: Vec<NodeId>,
}

/// What a node is, with the nodes that play a part in it.
#[derive(Debug)]
pub enum Kind {
    File,
    Module {
        name: String,
    },
    Function(Box<Function>),
    Impl {
        of: Type,
        of_trait: Option<Vec<String>>,
        attributes: Vec<Attribute>,
    },
    Trait {
        name: String,
    },
    /// A struct, enum or union.
    Struct(Box<Struct>),
    /// `static`, `const`, and what `lazy_static!` and `thread_local!` declare.
    Static {
        name: String,
        of: Option<Type>,
        value: Option<NodeId>,
    },
    Alias {
        name: String,
        of: Type,
    },
    Use(Vec<Import>),
    Let {
        pattern: Pattern,
        of: Option<Type>,
        value: Option<NodeId>,
    },
    /// `let PATTERN = VALUE` as a condition.
    LetCondition {
        pattern: Pattern,
        value: NodeId,
    },
    /// Its statements are the children; `tail` is its value.
    Block {
        tail: Option<NodeId>,
    },
    /// `<T as Trait>::name` is the path of `T` with `name`.
    Path(Vec<String>),
    Call {
        function: NodeId,
        arguments: Vec<NodeId>,
    },
    MethodCall {
        receiver: NodeId,
        name: String,
        arguments: Vec<NodeId>,
    },
    Field {
        base: NodeId,
        name: String,
    },
    StructLiteral {
        path: Vec<String>,
        fields: Vec<(String, NodeId)>,
    },
    Closure {
        params: Vec<Pattern>,
        body: NodeId,
        is_async: bool,
    },
    Async,
    If {
        condition: NodeId,
        then: NodeId,
        otherwise: Option<NodeId>,
    },
    Match {
        scrutinee: NodeId,
        arms: Vec<NodeId>,
    },
    Arm {
        pattern: Pattern,
        /// What the pattern is held against.
        scrutinee: NodeId,
        body: NodeId,
    },
    For {
        pattern: Pattern,
        iterated: NodeId,
        body: NodeId,
    },
    While {
        condition: NodeId,
        body: NodeId,
    },
    Loop {
        body: NodeId,
    },
    Assign {
        target: NodeId,
        value: NodeId,
    },
    /// `name = value` among the arguments of a macro.
    Named {
        name: String,
        value: NodeId,
    },
    Return(Option<NodeId>),
    Break,
    Continue,
    /// The same value in other clothes: `&x`, `*x`, `x?`, `x.await`, `(x)`, `x as T`.
    Through(NodeId),
    Literal(Literal),
    Binary {
        operator: char,
        left: NodeId,
        right: NodeId,
    },
    /// A tuple or array.
    List,
    /// A macro call; its children are what could be read of its body.
    Macro {
        path: Vec<String>,
    },
    Other,
}

/// A function or method.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub name_span: Span,
    pub params: Vec<Param>,
    pub output: Option<Type>,
    pub is_async: bool,
    /// `pub`, in whatever width.
    pub is_public: bool,
    /// It takes `self`.
    pub has_receiver: bool,
    pub attributes: Vec<Attribute>,
    pub body: Option<NodeId>,
}

/// A parameter that is not `self`.
#[derive(Debug)]
pub struct Param {
    pub pattern: Pattern,
    pub of: Option<Type>,
}

/// A struct, enum or union.
#[derive(Debug)]
pub struct Struct {
    pub name: String,
    /// Named fields; positional ones are `0`, `1`.
    pub fields: Vec<(String, Type)>,
    pub derives: Vec<String>,
}

/// The names that a pattern binds.
#[derive(Debug, Default, Clone)]
pub struct Pattern {
    pub names: Vec<String>,
    /// Last word of the outermost variant: `Ok` of `Ok(client)`.
    pub variant: Option<String>,
}

/// A type as far as names tell: references, `dyn`, `impl` and lifetimes are left out.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Type {
    pub path: Vec<String>,
    pub arguments: Vec<Type>,
}

/// `#[path(..)]`.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub path: Vec<String>,
    /// First string literal within.
    pub text: Option<String>,
    pub span: Span,
}

/// One name that a `use` brings in.
#[derive(Debug, Clone)]
pub struct Import {
    /// The name; `None` for `*`.
    pub name: Option<String>,
    pub path: Vec<String>,
}

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Int(i64),
    Float(f64),
    Text(String),
    Bool(bool),
    Other,
}

/// All nodes of a file; the first is the file itself.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// What was passed over: broken, too deep, or there was no time left.
    pub unread: Vec<Span>,
}

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    /// Adds a node whose kind and span are set when its parts are known.
    pub fn open(&mut self, parent: Option<NodeId>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { kind: Kind::Other, span: Span::default(), parent, children: Vec::new() });
        if let Some(parent) = parent {
            self.nodes[parent.0 as usize].children.push(id);
        }
        id
    }

    /// Says what an opened node is.
    pub fn close(&mut self, id: NodeId, kind: Kind, span: Span) -> NodeId {
        let node = &mut self.nodes[id.0 as usize];
        (node.kind, node.span) = (kind, span);
        id
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.node(id).kind
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// All nodes; a parent comes before its children.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// Ancestors, nearest first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |&id| self.parent(id))
    }

    /// The node itself and all below it, in source order.
    pub fn descendants(&self, id: NodeId) -> Vec<NodeId> {
        let (mut todo, mut found) = (vec![id], Vec::new());
        while let Some(id) = todo.pop() {
            found.push(id);
            todo.extend(self.node(id).children.iter().rev());
        }
        found
    }

    /// Takes off `&`, `?`, `.await`, parentheses.
    pub fn peel(&self, mut id: NodeId) -> NodeId {
        while let Kind::Through(inner) = self.kind(id) {
            id = *inner;
        }
        id
    }

    /// The outermost node that is `id` in other clothes.
    pub fn wrapped(&self, mut id: NodeId) -> NodeId {
        while let Some(parent) = self.parent(id).filter(|&parent| matches!(self.kind(parent), Kind::Through(_))) {
            id = parent;
        }
        id
    }

    /// The path of a path expression.
    pub fn path(&self, id: NodeId) -> Option<&[String]> {
        match self.kind(self.peel(id)) {
            Kind::Path(path) => Some(path),
            _ => None,
        }
    }
}

/// Types through which a method call reaches what they hold.
const POINTERS: &[&str] =
    &["Arc", "Rc", "Box", "Pin", "LazyLock", "Lazy", "LazyCell", "Cow", "State", "Data", "Extension"];
/// Types that hold a value which has to be taken out first.
const HOLDERS: &[&str] = &[
    "Option", "Result", "Mutex", "RwLock", "OnceCell", "OnceLock", "Cell", "RefCell", "LocalKey", "ArcSwap", "Future",
];

impl Type {
    /// A type that is only a name.
    pub fn named(path: Vec<String>) -> Self {
        Self { path, arguments: Vec::new() }
    }

    /// Its last word: `Client` of `reqwest::Client`.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// What has methods of its own, which come before those of what it holds.
    pub fn is_holder(&self) -> bool {
        HOLDERS.contains(&self.name())
    }

    /// The type inside of what only wraps it: `Arc<T>`, `Option<T>`, `Result<T, E>`, `Box<T>`.
    pub fn unwrapped(&self) -> &Type {
        let mut inner = self;
        while (POINTERS.contains(&inner.name()) || inner.is_holder())
            && let Some(first) = inner.arguments.first()
        {
            inner = first;
        }
        inner
    }
}
