//! Clients that each object of a class is or has, without a call that says so: bases, and defaults of fields.

use super::resolve::Entity;
use super::scopes::Index;
use super::sites::Sites;
use super::tree::{children, span};
use crate::clients::Clients;
use crate::model::{Binding, ClassId, ClientSite, Module, Place, Read, SiteId, SiteKind};
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// Lowers the clients that objects of the file's classes are or have.
    pub(super) fn lower_held(&self, calls: &[Node<'t>], clients: &Clients, sites: &mut Sites, module: &mut Module) {
        for &call in calls {
            let Some(made) = self.field_factory(call) else { continue };
            if let (Some(name), Some(symbol)) = (self.field_name(call), self.client_path(made, clients)) {
                sites.insert(call.id(), SiteId(module.sites.len()));
                module.sites.push(self.held_site(made, symbol, name, None));
            }
        }
        let classes = self.scopes.iter().filter_map(|scope| Some((scope.class?, scope.node)));
        for (class, definition) in classes {
            let bases = definition.child_by_field_name("superclasses").map(children).unwrap_or_default();
            let known = bases.into_iter().find_map(|base| Some((base, self.client_path(base, clients)?)));
            if let Some((base, symbol)) = known {
                let set_up = calls.iter().copied().find(|call| self.sets_up_base(*call, class));
                module.sites.push(self.held_site(base, symbol, "super().__init__", set_up));
            }
        }
    }

    /// The path of a client class or function that is named without being called.
    fn client_path(&self, node: Node<'t>, clients: &Clients) -> Option<String> {
        match self.resolve(node).filter(|_| matches!(node.kind(), "identifier" | "attribute"))? {
            Entity::Path(path) => Some(path).filter(|path| clients.knows(path) && clients.client(path).is_some()),
            _ => None,
        }
    }

    /// The field of a class whose definition a call is.
    pub(super) fn field_name(&self, call: Node<'t>) -> Option<&'t str> {
        self.scopes[self.scope_of(call)].class?;
        let assignment = self.ast.parent(call).filter(|parent| parent.kind() == "assignment")?;
        Some(self.ast.field_text(assignment, "left"))
    }

    /// `super().__init__(..)` in the constructor of `class`.
    fn sets_up_base(&self, call: Node<'t>, class: ClassId) -> bool {
        let own = self.function_of(call).is_some_and(|function| self.functions[function.0].class == Some(class));
        let callee = self.ast.field_text(call, "function");
        own && callee.starts_with("super(") && callee.ends_with(".__init__")
    }

    /// A client that `made` names, set up by the call `set_up` if there is one in sight.
    fn held_site(&self, made: Node<'t>, symbol: String, field: &str, set_up: Option<Node<'t>>) -> ClientSite {
        let arguments = set_up.map(|call| self.arguments(call).0).unwrap_or_default();
        ClientSite {
            constructor: symbol.rsplit('.').next().unwrap_or(&symbol).to_owned(),
            symbol,
            kind: SiteKind::Client,
            place: Place { function: None, repeats: Vec::new(), ..self.place(made) },
            bindings: vec![Binding::SelfField(field.to_owned())],
            name: None,
            arguments,
            // Whoever makes the object may say more.
            open_ended: true,
            spread: set_up.map(|call| self.spread_in(call)).unwrap_or_default(),
            receiver: None,
            scope: None,
            amortised: false,
            guard: None,
            reopened: false,
            caller_values: set_up.map(|call| self.caller_values(call)).unwrap_or_default(),
            loop_values: Vec::new(),
            // It is no call that could be written elsewhere.
            reads: vec![Read { name: "self".to_owned(), bound: span(made) }],
            block: None,
            injectable: false,
        }
    }

    /// The field that a lambda makes values for: `client: Client = field(default_factory=lambda: Client())`.
    pub(super) fn field_made_by(&self, lambda: Node<'t>) -> Option<&'t str> {
        let definition = self.ast.ancestors(lambda).take(3).find(|at| at.kind() == "call")?;
        self.field_factory(definition).filter(|made| made.id() == lambda.id())?;
        self.field_name(definition)
    }
}
