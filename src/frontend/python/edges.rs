//! Calls between the functions and classes of a file, and to what it imports.

use super::resolve::Entity;
use super::scopes::{Def, Index};
use super::sites::Sites;
use super::tree::{children, peel};
use crate::model::{Binding, Call, Callee, FunctionId, Module, Place};
use crate::source::words;
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::Node;

/// Definitions of one imported name; real code has two or three.
const MAX_FORMS: usize = 8;

impl<'t> Index<'t> {
    /// Lowers calls that are edges.
    pub fn lower_edges(&self, calls: &[Node<'t>], sites: &Sites, module: &mut Module) {
        for &call in calls {
            if sites.contains_key(&call.id()) {
                continue;
            }
            for callee in self.callees(call) {
                module.calls.push(self.edge(call, callee, self.place(call)));
            }
            if let Some((callee, place)) = self.dependency(call) {
                // It stands in a default, yet its result lives for one call. Its arguments are those of `Depends`.
                let edge = self.edge(call, callee, place);
                module.calls.push(Call {
                    bindings: vec![Binding::Local],
                    open_ended: true,
                    arguments: BTreeMap::new(),
                    ..edge
                });
            }
        }
        self.annotated_dependencies(module);
        self.entered_objects(module);
        self.attribute_reads(module);
    }

    fn edge(&self, node: Node<'t>, callee: Callee, place: Place) -> Call {
        let flow = self.flow(node);
        let is_call = node.kind() == "call";
        let (arguments, open_ended) = match callee {
            Callee::Function(_) | Callee::Class(_) | Callee::Path(_) if is_call => self.arguments(node),
            _ => (BTreeMap::new(), true),
        };
        Call {
            arguments,
            open_ended,
            deferred: self.is_in_lambda(node),
            fills: is_call && (self.fills(node, &callee) || self.is_done_once(node)),
            stands_in: self.stands_in(node) && flow.bindings.iter().all(|to| *to == Binding::Local),
            by_caller: is_call && !self.caller_values(node).is_empty(),
            by_turn: is_call && !self.loop_values(node, &place).is_empty(),
            callee,
            place,
            bindings: flow.bindings,
            scope: flow.scope,
            amortised: flow.amortised,
            guard: self.guard(node),
        }
    }

    /// What a call may run: each form of a name that is defined in several ways.
    fn callees(&self, call: Node<'t>) -> Vec<Callee> {
        let Some(function) = call.child_by_field_name("function") else { return Vec::new() };
        let first = match self.resolve(function) {
            Some(Entity::Object(class)) if self.is_class_receiver(call) => Some(Callee::Class(class)),
            _ => self.callee(function),
        };
        let first = first.or_else(|| self.parameter(function));
        let mut callees: Vec<Callee> = first.into_iter().chain(self.other_imports(function)).collect();
        let mut seen = BTreeSet::new();
        callees.retain(|callee| seen.insert(callee.clone()));
        callees
    }

    /// The parameter that a call runs, by itself or kept in a field by the constructor.
    fn parameter(&self, function: Node<'t>) -> Option<Callee> {
        let name = match function.kind() {
            "attribute" => {
                let class = self.receiver(function.child_by_field_name("object")?)?;
                match self.fields.get(&(class, self.ast.field_text(function, "attribute")))?.as_slice() {
                    [value] if value.kind() == "identifier" => *value,
                    _ => return None,
                }
            }
            "identifier" => function,
            _ => return None,
        };
        let text = self.ast.text(name);
        let scope = self.binding_scope(text, self.scope_of(name))?;
        let owner = self.scopes[scope].function.filter(|_| self.receiver(name).is_none())?;
        let is_parameter = matches!(self.scopes[scope].names.get(text)?.as_slice(), [Def::Param { .. }]);
        is_parameter.then(|| Callee::Parameter { function: owner, name: text.to_owned() })
    }

    /// `try: from a import f`, `except ImportError: from b import f`: what a name with such definitions stands for.
    fn other_imports(&self, function: Node<'t>) -> Vec<Callee> {
        let mut root = function;
        while let Some(object) = root.child_by_field_name("object").filter(|_| root.kind() == "attribute") {
            root = object;
        }
        if root.kind() != "identifier" {
            return Vec::new();
        }
        let defs = self.defs(self.ast.text(root), root);
        let imported = defs.iter().filter(|def| matches!(def, Def::Import(_))).count();
        let rest = self.ast.text.get(root.end_byte()..function.end_byte()).unwrap_or_default();
        let own = defs.iter().filter_map(|def| match def {
            Def::Import(path) => Some(Callee::Path(format!("{path}{rest}"))),
            Def::Function(function) if rest.is_empty() => Some(Callee::Function(*function)),
            Def::Class(class) if rest.is_empty() => Some(Callee::Class(*class)),
            _ => None,
        });
        if imported > 0 && defs.len() > 1 { own.take(MAX_FORMS).collect() } else { Vec::new() }
    }

    /// Whether a lambda stands between a call and its function. One that is handed to a call runs there, most likely.
    fn is_in_lambda(&self, call: Node<'t>) -> bool {
        let around = self.ast.ancestors(call).take_while(|at| at.kind() != "function_definition");
        let lambda = around.into_iter().find(|at| at.kind() == "lambda");
        let holder = lambda.and_then(|lambda| self.ast.parent(lambda));
        holder.is_some_and(|holder| !matches!(holder.kind(), "argument_list" | "keyword_argument"))
    }

    /// Whether the method that is called sets what the condition around the call asks for.
    fn fills(&self, call: Node<'t>, callee: &Callee) -> bool {
        let Callee::Function(function) = callee else { return false };
        let Some(class) = self.functions[function.0].class else { return false };
        let conditions = self.ast.ancestors(call).take_while(|at| at.kind() != "function_definition");
        let conditions = conditions.filter(|at| at.kind() == "if_statement");
        let mut conditions = conditions.filter_map(|statement| statement.child_by_field_name("condition"));
        conditions.any(|condition| {
            let asked = self
                .ast
                .text(condition)
                .split('.')
                .skip(1)
                .filter_map(|rest| rest.split(|at| !words::is_part(at)).next());
            let mut values = asked.filter_map(|name| self.fields.get(&(class, name))).flatten();
            values.any(|value| self.function_of(*value) == Some(*function))
        })
    }

    /// `opts.client or create()`: what is called stands in for something that was handed in, and is kept nowhere.
    fn stands_in(&self, call: Node<'t>) -> bool {
        let mut around =
            self.ast.ancestors(call).skip_while(|at| matches!(at.kind(), "await" | "parenthesized_expression"));
        let either = around.next().filter(|at| self.ast.field_text(*at, "operator") == "or");
        let Some(first) = either.and_then(|either| either.child_by_field_name("left")).map(peel) else { return false };
        let of = first.child_by_field_name("object").unwrap_or(first);
        let may_be_given = matches!(first.kind(), "identifier" | "attribute") && self.receiver(of).is_none();
        may_be_given && first.end_byte() <= call.start_byte()
    }

    pub(super) fn callee(&self, function: Node<'t>) -> Option<Callee> {
        match self.resolve(function)? {
            Entity::Function(function) => Some(Callee::Function(function)),
            Entity::Class(class) => Some(Callee::Class(class)),
            Entity::Path(path) => Some(Callee::Path(path)),
            Entity::Object(class) => self.method(class, "__call__").map(Callee::Function),
            // `connect: Callable[[], Client]` says nothing of what it is.
            Entity::Instance(path) if path.ends_with("Callable") => None,
            Entity::Instance(path) => Some(Callee::Path(format!("{path}.__call__"))),
        }
    }

    /// `param = Depends(make_client)`: run for each call of the function that has the parameter.
    fn dependency(&self, call: Node<'t>) -> Option<(Callee, Place)> {
        let dependency = self.depended(call)?;
        let owner = self.ast.ancestors(call).find(|node| node.kind() == "function_definition")?;
        let function = self.function_nodes.iter().position(|node| node.id() == owner.id()).map(FunctionId)?;
        Some((dependency, Place { function: Some(function), ..self.place(call) }))
    }

    /// What `Depends(f)` calls.
    pub(super) fn depended(&self, call: Node<'t>) -> Option<Callee> {
        let path = self.path_of(call.child_by_field_name("function")?)?;
        if !matches!(path.as_str(), "fastapi.Depends" | "fastapi.param_functions.Depends" | "fastapi.Security") {
            return None;
        }
        let first = call.child_by_field_name("arguments").and_then(|list| children(list).first().copied())?;
        self.named_callee(first)
    }

    /// Parameters whose type is filled in by a dependency: an alias of this file, or maybe one of another.
    fn annotated_dependencies(&self, module: &mut Module) {
        for (at, node) in self.function_nodes.iter().enumerate() {
            let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
            for annotation in parameters.into_iter().filter_map(|parameter| parameter.child_by_field_name("type")) {
                let Some(callee) = self.provider(annotation) else { continue };
                let place = Place { function: Some(FunctionId(at)), ..self.place(annotation) };
                let edge = self.edge(annotation, callee, place);
                module.calls.push(Call { bindings: vec![Binding::Local], ..edge });
            }
        }
    }

    /// `with SHARED:` of an object that another file makes.
    fn entered_objects(&self, module: &mut Module) {
        for &name in &self.reads {
            let Some((object, method)) = self.entered(name) else { continue };
            if let Some(Entity::Path(path) | Entity::Instance(path)) = self.resolve(object) {
                let callee = Callee::Path(format!("{path}.{method}"));
                module.calls.push(self.edge(object, callee, self.place(object)));
            }
        }
    }

    fn provider(&self, annotation: Node<'t>) -> Option<Callee> {
        let name = children(annotation).first().copied().filter(|inner| inner.kind() == "identifier")?;
        self.defs(self.ast.text(name), name).iter().find_map(|def| match def {
            Def::Value(value) => self.depended_in(*value),
            Def::Import(path) => Some(Callee::Provider(path.clone())),
            _ => None,
        })
    }

    /// Reading a property runs its function.
    fn attribute_reads(&self, module: &mut Module) {
        for &name in &self.reads {
            let mut object = name;
            while let Some(attribute) = self.ast.parent(object).filter(|parent| parent.kind() == "attribute") {
                let callee = self.property_read(object, attribute);
                module.calls.extend(callee.map(|callee| self.edge(attribute, callee, self.place(attribute))));
                object = attribute;
            }
        }
    }

    /// The property that `attribute` of `object` is, or may be where another file defines it.
    fn property_read(&self, object: Node<'t>, attribute: Node<'t>) -> Option<Callee> {
        let called = self.ast.parent(attribute).is_some_and(|parent| parent.kind() == "call");
        match self.resolve(object)? {
            Entity::Object(class) => match self.method(class, self.ast.field_text(attribute, "attribute")) {
                Some(method) => self.is_property(method).then_some(Callee::Function(method)),
                None => self.path_of(attribute).filter(|_| !called).map(Callee::Property),
            },
            Entity::Path(_) | Entity::Instance(_) => self.path_of(attribute).filter(|_| !called).map(Callee::Property),
            Entity::Function(_) | Entity::Class(_) => None,
        }
    }
}
