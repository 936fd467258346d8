//! Where the value of an expression goes.

use super::keep::Keeper;
use super::place::is_field;
use super::resolve::Entity;
use super::scopes::{Def, Index};
use super::tree::{children, span};
use crate::model::{Binding, FunctionId};
use crate::source::Span;
use tree_sitter::Node;

/// Expressions around a value that are climbed: real code nests a handful.
const MAX_CLIMB: usize = 64;
/// Locals that hold locals that hold the value.
const MAX_RENAMES: usize = 6;

/// What became of an expression's value.
#[derive(Debug, Default)]
pub struct Flow<'t> {
    /// Everywhere it goes.
    pub bindings: Vec<Binding>,
    /// Calls that it is an argument of, outermost last.
    pub owners: Vec<Node<'t>>,
    /// Body of the `with` that scopes it.
    pub scope: Option<Span>,
    /// First name that holds it, as written.
    pub name: Option<String>,
    /// That name may also hold what a caller passed in.
    pub injectable: bool,
    /// A loop or comprehension behind it uses it in each turn.
    pub amortised: bool,
    /// Where the value was made.
    origin: Span,
    /// The attribute of a local that holds it: `local.session`.
    member: Option<&'t str>,
    /// Locals already followed, by scope and name.
    followed: Vec<(usize, &'t str)>,
}

impl<'t> Index<'t> {
    /// Follows the value of `node`.
    pub fn flow(&self, node: Node<'t>) -> Flow<'t> {
        let mut flow = Flow { origin: span(node), ..Flow::default() };
        self.follow(node, MAX_RENAMES, &mut flow);
        flow.bindings.dedup();
        flow
    }

    fn follow(&self, node: Node<'t>, renames: usize, flow: &mut Flow<'t>) {
        let (mut child, mut argument) = (node, node);
        for parent in self.ast.ancestors(node).take(MAX_CLIMB) {
            match parent.kind() {
                "parenthesized_expression"
                | "await"
                | "list"
                | "tuple"
                | "set"
                | "dictionary"
                | "pair"
                | "expression_list"
                | "conditional_expression"
                | "boolean_operator"
                | "list_splat"
                | "dictionary_splat"
                | "list_comprehension"
                | "dictionary_comprehension"
                | "set_comprehension"
                | "generator_expression"
                | "keyword_argument" => {}
                "argument_list" => argument = child,
                "call" if is_field(parent, "function", child) => {}
                "call" => {
                    flow.owners.push(parent);
                    if !self.passes_on(parent, argument, renames, flow) {
                        return;
                    }
                }
                "subscript" if is_field(parent, "value", child) && !self.is_target(parent) => {}
                "attribute" => {
                    let same = flow.member == Some(self.ast.field_text(parent, "attribute"));
                    let holds = same && !self.is_target(parent);
                    if !holds && !self.returns_itself(parent) {
                        flow.bindings.push(if self.closes(parent) { Binding::Closed } else { Binding::Dropped });
                        return;
                    }
                }
                "named_expression" | "assignment" => {
                    self.follow_assignment(parent, renames, flow);
                    if parent.kind() == "assignment" {
                        return;
                    }
                }
                "return_statement" => return flow.bindings.push(Binding::Returned),
                "yield" => return flow.bindings.push(Binding::Yielded),
                "as_pattern" | "with_item" | "with_clause" => {
                    if self.follow_with(parent, renames, flow) {
                        return;
                    }
                }
                "default_parameter" | "typed_default_parameter" | "decorator" => {
                    return flow.bindings.push(Binding::Stored("a default evaluated once".to_owned()));
                }
                "lambda" => {
                    let field = self.field_made_by(parent).map(|name| Binding::SelfField(name.to_owned()));
                    return flow.bindings.push(field.unwrap_or(Binding::Deferred));
                }
                "expression_statement" | "module" | "block" => return flow.bindings.push(Binding::Dropped),
                _ => return flow.bindings.push(Binding::Local),
            }
            child = parent;
        }
        flow.bindings.push(Binding::Local);
    }

    /// `client.with_options(..)` and the like give the same client back.
    fn returns_itself(&self, attribute: Node<'t>) -> bool {
        matches!(
            self.ast.field_text(attribute, "attribute"),
            "with_options" | "copy" | "__aenter__" | "__enter__" | "with_raw_response" | "with_streaming_response"
        )
    }

    /// `client.aclose`, called or handed on.
    fn closes(&self, attribute: Node<'t>) -> bool {
        let name = self.ast.field_text(attribute, "attribute");
        name.contains("close") || matches!(name, "__aexit__" | "__exit__" | "shutdown" | "disconnect")
    }

    /// Whether something is assigned to it.
    fn is_target(&self, node: Node<'t>) -> bool {
        self.ast.parent(node).is_some_and(|parent| is_field(parent, "left", node))
    }

    /// Whether a call with the value as its argument holds it on, so that the call's own value is followed.
    fn passes_on(&self, call: Node<'t>, argument: Node<'t>, renames: usize, flow: &mut Flow<'t>) -> bool {
        let Some(function) = call.child_by_field_name("function") else { return false };
        let name = self.ast.text(function).rsplit('.').next().unwrap_or_default();
        let stores = ["set", "add", "append", "put", "insert", "register", "install", "store", "setdefault", "init"];
        let of_client = ["client", "session", "http", "connection"].iter().any(|word| name.contains(word));
        if stores.iter().any(|verb| name == *verb || (of_client && name.starts_with(&format!("{verb}_")))) {
            self.follow_stored(call, function, renames, flow);
            return false;
        }
        let wraps = name.starts_with(|first: char| first.is_uppercase())
            || ["from_", "wrap", "patch", "instrument", "create_", "make_", "build_", "enter_"]
                .iter()
                .any(|verb| name.trim_start_matches('_').starts_with(verb))
            || matches!(self.resolve(function), Some(Entity::Class(_)))
            || matches!(name, "cast" | "partial" | "tuple" | "list" | "dict" | "closing" | "aclosing");
        if matches!(name, "enter_context" | "enter_async_context" | "closing" | "aclosing") {
            flow.bindings.push(Binding::Scoped);
        }
        if name == "__init__" {
            flow.bindings.push(Binding::SelfField("super().__init__".to_owned()));
            return false;
        }
        if wraps {
            return true;
        }
        self.follow_into(call, argument, renames, flow).unwrap_or_else(|| {
            flow.bindings.push(Binding::Argument(name.to_owned()));
            false
        })
    }

    /// Follows the value into the function of this file that it is an argument of; whether that hands it back.
    fn follow_into(&self, call: Node<'t>, argument: Node<'t>, renames: usize, flow: &mut Flow<'t>) -> Option<bool> {
        let Entity::Function(function) = self.resolve(call.child_by_field_name("function")?)? else { return None };
        let (scope, name) = self.parameter_for(function, call, argument)?;
        let renames = renames.checked_sub(1)?;
        if flow.followed.contains(&(scope, name)) {
            return Some(false);
        }
        flow.followed.push((scope, name));
        let (before, amortised) = (flow.bindings.len(), flow.amortised);
        self.reads_of(name, scope).iter().for_each(|read| self.follow_read(*read, scope, renames, flow));
        // A loop there goes through what one call asks for; the next call builds another client.
        flow.amortised = amortised;
        let found = flow.bindings.split_off(before);
        let is_returned = found.iter().any(|to| matches!(to, Binding::Returned | Binding::Yielded));
        // What keeps it is another object than the one here, or may be.
        let kept = |to| if let Binding::SelfField(name) = to { Binding::Argument(name) } else { to };
        let goes_on = |to: &Binding| !matches!(to, Binding::Returned | Binding::Yielded);
        flow.bindings.extend(found.into_iter().filter(goes_on).map(kept));
        flow.bindings.push(Binding::Local);
        Some(is_returned)
    }

    /// The parameter of `function` that an argument of a call fills, with its scope; `None` where that is not sure.
    fn parameter_for(&self, function: FunctionId, call: Node<'t>, argument: Node<'t>) -> Option<(usize, &'t str)> {
        let before = children(call.child_by_field_name("arguments")?);
        let position = before.iter().position(|other| other.id() == argument.id())?;
        let name = match argument.kind() {
            "keyword_argument" => self.ast.field_text(argument, "name"),
            "list_splat" | "dictionary_splat" => return None,
            _ if before[..position].iter().any(|other| other.kind() == "list_splat") => return None,
            _ => self.functions[function.0].params.get(position)?.as_str(),
        };
        let scope = *self.scope_of_node.get(&self.function_nodes.get(function.0)?.id())?;
        let (name, defs) = self.scopes[scope].names.get_key_value(name)?;
        matches!(defs.as_slice(), [Def::Param { .. }]).then_some((scope, *name))
    }

    fn follow_assignment(&self, node: Node<'t>, renames: usize, flow: &mut Flow<'t>) {
        let Some(target) = node.child_by_field_name("left").or_else(|| node.child_by_field_name("name")) else {
            return;
        };
        self.follow_target(target, node, renames, flow);
        // `a = b = Client()` nests an assignment in the right-hand side.
        if let Some(outer) = self.ast.parent(node).filter(|outer| outer.kind() == "assignment") {
            self.follow_assignment(outer, renames, flow);
        }
    }

    fn follow_target(&self, target: Node<'t>, at: Node<'t>, renames: usize, flow: &mut Flow<'t>) {
        match target.kind() {
            "identifier" => self.follow_name(target, at, renames, flow),
            "attribute" => {
                let name = self.ast.field_text(target, "attribute").to_owned();
                flow.name.get_or_insert_with(|| self.ast.text(target).to_owned());
                let object = target.child_by_field_name("object");
                match object.filter(|object| self.receiver(*object).is_none()) {
                    Some(object) => {
                        if matches!(self.keeper(object), Keeper::Local(_)) {
                            flow.member = Some(self.ast.field_text(target, "attribute"));
                        }
                        self.follow_kept(object, self.ast.text(target), renames, flow);
                    }
                    None => flow.bindings.push(Binding::SelfField(name)),
                }
            }
            "subscript" => {
                if let Some(object) = target.child_by_field_name("value") {
                    self.follow_kept(object, self.ast.text(target), renames, flow);
                }
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" => {
                for part in children(target) {
                    self.follow_target(part, at, renames, flow);
                }
            }
            _ => flow.bindings.push(Binding::Local),
        }
    }

    /// The value is put into `object`, as `written`.
    fn follow_kept(&self, object: Node<'t>, written: &str, renames: usize, flow: &mut Flow<'t>) {
        match self.keeper(object) {
            Keeper::Local(name) => self.follow_name(name, name, renames, flow),
            Keeper::Collection(name) => {
                let (before, followed) = (flow.bindings.len(), flow.followed.len());
                self.follow_name(name, name, renames, flow);
                let is_new = flow.followed.len() > followed;
                if is_new && flow.bindings[before..].iter().all(|binding| *binding == Binding::Local) {
                    flow.bindings.push(Binding::Stored(self.ast.text(name).to_owned()));
                }
            }
            Keeper::Field(name) => flow.bindings.push(Binding::SelfField(name.to_owned())),
            Keeper::Request => flow.bindings.push(Binding::Local),
            Keeper::Other => flow.bindings.push(Binding::Stored(written.to_owned())),
        }
    }

    /// `function`, called by `call` with the value, stores it.
    fn follow_stored(&self, call: Node<'t>, function: Node<'t>, renames: usize, flow: &mut Flow<'t>) {
        let name = self.ast.text(function).rsplit('.').next().unwrap_or_default();
        // `setdefault` has its argument built before it looks.
        if name == "setdefault" && self.guard(call).is_none() {
            return flow.bindings.push(Binding::Argument(name.to_owned()));
        }
        match function.child_by_field_name("object") {
            Some(object) => self.follow_kept(object, name, renames, flow),
            None => flow.bindings.push(Binding::Stored(name.to_owned())),
        }
    }

    fn follow_name(&self, name_node: Node<'t>, at: Node<'t>, renames: usize, flow: &mut Flow<'t>) {
        let name = self.ast.text(name_node);
        flow.name.get_or_insert_with(|| name.to_owned());
        let here = self.scope_of(at);
        let Some(scope) = (if self.is_outer(name, at) {
            self.enclosing(here).skip(1).find(|&scope| self.scopes[scope].names.contains_key(name))
        } else {
            self.binding_scope(name, here)
        }) else {
            return flow.bindings.push(Binding::Local);
        };
        let owner = &self.scopes[scope];
        if owner.class.is_some() {
            return flow.bindings.push(Binding::ClassField(name.to_owned()));
        }
        if scope == 0 {
            return flow.bindings.push(Binding::Global(name.to_owned()));
        }
        if scope != here && self.is_outer(name, at) {
            return flow.bindings.push(Binding::Stored(name.to_owned()));
        }
        flow.injectable |=
            owner.names.get(name).is_some_and(|defs| defs.iter().any(|def| matches!(def, Def::Param { .. })));
        flow.bindings.push(Binding::Local);
        let Some(renames) = renames.checked_sub(1) else { return };
        if flow.followed.contains(&(scope, name)) {
            return;
        }
        flow.followed.push((scope, name));
        for &read in self.reads_of(name, scope) {
            self.follow_read(read, scope, renames, flow);
        }
    }

    /// A read of a local that holds the value: only where it goes counts, what is done with it is a use.
    fn follow_read(&self, read: Node<'t>, scope: usize, renames: usize, flow: &mut Flow<'t>) {
        let (origin, followed) = (flow.origin, std::mem::take(&mut flow.followed));
        let turns = self.place(read).repeats;
        let inside = turns.iter().any(|repeat| repeat.is_real() && !repeat.span.contains(origin));
        flow.amortised |= inside && self.function_of(read) == self.scopes[scope].function;
        let mut seen = Flow { followed, origin, member: flow.member, ..Flow::default() };
        self.follow(read, renames, &mut seen);
        flow.followed = std::mem::take(&mut seen.followed);
        let returns_it = self.scope_of(read) != scope && seen.bindings.contains(&Binding::Returned);
        if returns_it || self.is_in_returned_closure(read, scope) {
            // Somebody else decides how long a closure lives.
            flow.bindings.push(Binding::Deferred);
        }
        let goes = seen.bindings.into_iter().filter(|binding| {
            !matches!(binding, Binding::Local | Binding::Dropped | Binding::Returned)
                || (*binding == Binding::Returned && self.scope_of(read) == scope)
        });
        flow.bindings.extend(goes);
        flow.owners.extend(seen.owners);
        flow.scope = flow.scope.or(seen.scope);
        flow.amortised |= seen.amortised;
    }

    /// Whether `read` stands in an inner function that the function of `scope` hands out.
    fn is_in_returned_closure(&self, read: Node<'t>, scope: usize) -> bool {
        let (inner, outer) = (self.function_of(read), self.scopes[scope].function);
        let (Some(inner), Some(outer)) = (inner, outer) else { return false };
        let name = &self.functions[inner.0].name;
        inner != outer && self.returned(outer).iter().any(|value| self.ast.text(*value) == name)
    }

    /// Handles `with EXPR as name`; true where nothing is left to follow.
    fn follow_with(&self, node: Node<'t>, renames: usize, flow: &mut Flow<'t>) -> bool {
        match node.kind() {
            "as_pattern" => {
                if let Some(alias) = node.child_by_field_name("alias") {
                    for target in children(alias) {
                        self.follow_target(target, node, renames, flow);
                    }
                }
                false
            }
            "with_item" => {
                flow.bindings.push(Binding::Scoped);
                let statement = self.ast.ancestors(node).find(|ancestor| ancestor.kind() == "with_statement");
                flow.scope = flow.scope.or(statement.and_then(|with| with.child_by_field_name("body")).map(span));
                true
            }
            _ => true,
        }
    }
}
