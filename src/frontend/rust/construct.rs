//! What makes a client: constructors, builders, `Default` in all its forms, constructors as values.

use super::index::Index;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId, Type};
use super::values::Level;
use crate::clients::Made;
use crate::model::{ClassId, FunctionId, Setting, SiteKind};
use std::collections::BTreeMap;

/// A construction of a client, or a one-shot request.
#[derive(Debug, Clone)]
pub struct Construction {
    pub symbol: String,
    /// `new`, `build`, `default`.
    pub constructor: String,
    pub kind: SiteKind,
    pub arguments: BTreeMap<String, Setting>,
    pub open_ended: bool,
    /// Nodes of the arguments, wherever they stand.
    pub inputs: Vec<NodeId>,
    /// Where its builder began, where that is another statement.
    pub begun: Option<NodeId>,
}

/// No constructor or setter takes more.
pub const MAX_ARGUMENTS: usize = 16;

impl Index<'_> {
    /// What `id` constructs, if it does.
    pub fn construction(&self, id: NodeId, level: Level) -> Option<Construction> {
        match self.tree.kind(id) {
            Kind::Call { function, arguments } => self.called_constructor(id, *function, arguments, level),
            Kind::MethodCall { receiver, name, arguments } => self
                .finished(*receiver, name, arguments, level)
                .or_else(|| (name == "unwrap_or_default").then(|| self.default_of(self.type_of(*receiver)?)).flatten()),
            Kind::Path(_) if self.is_handed_over(id) => match self.resolve(id)? {
                Entity::Path(path) => self.made(&path, BTreeMap::new(), Vec::new()),
                Entity::Member(class, name) if name == "default" => self.derived_default(class),
                _ => None,
            },
            _ => None,
        }
    }

    fn called_constructor(
        &self,
        id: NodeId,
        function: NodeId,
        arguments: &[NodeId],
        level: Level,
    ) -> Option<Construction> {
        match self.resolve(self.tree.peel(function))? {
            Entity::Path(path) if path == "Default::default" || path.ends_with("::Default::default") => {
                self.default_of(self.expected_type(id)?)
            }
            Entity::Path(path) => {
                let (settings, inputs) = self.positional(arguments, level);
                self.made(&path, settings, inputs)
            }
            Entity::Member(class, name) if name == "default" => self.derived_default(class),
            _ => None,
        }
    }

    fn made(&self, path: &str, arguments: BTreeMap<String, Setting>, inputs: Vec<NodeId>) -> Option<Construction> {
        let constructor = path.rsplit("::").next().unwrap_or(path).to_owned();
        let (symbol, kind) = match self.clients.made_by(path) {
            Some(Made::Client(symbol)) => (symbol, SiteKind::Client),
            Some(Made::Builder(_)) => return None,
            None => (self.clients.one_shot(path).map(|_| path.to_owned())?, SiteKind::OneShot),
        };
        Some(Construction { symbol, constructor, kind, arguments, open_ended: false, inputs, begun: None })
    }

    /// `Default::default()` where a client is expected.
    fn default_of(&self, of: Entity) -> Option<Construction> {
        match of {
            Entity::Path(path) => self.made(&format!("{path}::default"), BTreeMap::new(), Vec::new()),
            Entity::Class(class) => self.derived_default(class),
            _ => None,
        }
    }

    /// `Api::default()` where `Api` derives it and holds a client.
    fn derived_default(&self, class: ClassId) -> Option<Construction> {
        let node = *self.class_nodes.get(&class)?;
        let Kind::Struct(of) = self.tree.kind(node) else { return None };
        if !of.derives.iter().any(|name| name == "Default") {
            return None;
        }
        of.fields.iter().find_map(|(_, of)| {
            let Entity::Path(path) = self.defaulted(of, node)? else { return None };
            self.made(&format!("{path}::default"), BTreeMap::new(), Vec::new())
        })
    }

    /// The type of which the default of `of` makes one: holders that may be empty, or are filled later, make none.
    fn defaulted(&self, of: &Type, at: NodeId) -> Option<Entity> {
        const FILLED: &[&str] = &["Arc", "Rc", "Box", "Mutex", "RwLock", "RefCell", "Cell", "Cow", "Pin"];
        let mut of = of;
        while FILLED.contains(&of.name())
            && let Some(inner) = of.arguments.first()
        {
            of = inner;
        }
        (of.unwrapped() == of).then(|| self.type_named(of, at)).flatten()
    }

    /// The type whose default the place of an expression asks for.
    fn expected_type(&self, id: NodeId) -> Option<Entity> {
        let outer = self.tree.wrapped(id);
        let parent = self.tree.parent(outer)?;
        match self.tree.kind(parent) {
            Kind::Let { of: Some(of), .. } | Kind::Static { of: Some(of), .. } => self.defaulted(of, parent),
            Kind::StructLiteral { path, fields } => {
                let (name, _) = fields.iter().find(|(_, value)| *value == outer)?;
                let Entity::Class(class) = self.resolve_words(path, parent)? else { return None };
                let node = *self.class_nodes.get(&class)?;
                let Kind::Struct(of) = self.tree.kind(node) else { return None };
                let (_, of) = of.fields.iter().find(|(field, _)| field == name)?;
                self.defaulted(of, node)
            }
            _ => None,
        }
    }

    /// Settings by their positions, and the nodes of all arguments.
    pub fn positional(&self, arguments: &[NodeId], level: Level) -> (BTreeMap<String, Setting>, Vec<NodeId>) {
        let read = arguments.iter().take(MAX_ARGUMENTS).enumerate();
        let settings = read.map(|(at, argument)| (at.to_string(), self.setting_at(*argument, level)));
        (settings.collect(), arguments.to_vec())
    }

    /// A path that is an argument, not what is called.
    fn is_handed_over(&self, id: NodeId) -> bool {
        let outer = self.tree.wrapped(id);
        self.tree.parent(outer).is_some_and(|parent| match self.tree.kind(parent) {
            Kind::Call { arguments, .. } | Kind::MethodCall { arguments, .. } => arguments.contains(&outer),
            _ => false,
        })
    }

    /// What a function returns: its tail and its `return`s, outcomes of branches included.
    pub fn returned(&self, function: FunctionId) -> Vec<NodeId> {
        let node = self.function_nodes[function.0];
        let body = match self.tree.kind(node) {
            Kind::Function(of) => of.body,
            Kind::Closure { body, .. } => Some(*body),
            _ => None,
        };
        let Some(body) = body else { return Vec::new() };
        let explicit = self.tree.descendants(body).into_iter().filter_map(|id| match self.tree.kind(id) {
            Kind::Return(Some(value)) if self.function_around(id) == Some(function) => Some(*value),
            _ => None,
        });
        std::iter::once(body).chain(explicit).collect()
    }
}
