//! Clients where they are built, one-shot requests, settings objects.

use super::scopes::{Def, Index};
use super::tree::{Step, children, peel, span, walk};
use crate::clients::Clients;
use crate::model::{Binding, ClientSite, Module, Object, ObjectSite, Place, Read, SiteId, SiteKind, Value};
use crate::source::Span;
use std::collections::{HashMap, HashSet};
use tree_sitter::Node;

/// Arguments that every call may vary without needing its own client.
const HARMLESS: &[&str] = &[
    "timeout",
    "verify",
    "trust_env",
    "follow_redirects",
    "http2",
    "limits",
    "max_retries",
    "proxy",
    "proxies",
    "transport",
];

/// A larger expression is data, and is not searched for what the caller passed.
const MAX_NODES: usize = 500;
/// Locals behind locals that are followed.
const MAX_LOCALS: usize = 12;

/// The call node of each site.
pub type Sites = HashMap<usize, SiteId>;

impl<'t> Index<'t> {
    /// Lowers every call that builds a client, makes a one-shot request or builds a settings object.
    pub fn lower_sites(&self, calls: &[Node<'t>], clients: &Clients, module: &mut Module) -> Sites {
        let mut sites = Sites::new();
        let mut owners = Vec::new();
        for &call in calls {
            let Some(path) = call.child_by_field_name("function").and_then(|function| self.path_of(function)) else {
                continue;
            };
            if matches!(path.as_str(), "os.getenv" | "os.environ.get" | "os.environ.setdefault") {
                module.env_reads.extend(self.first_text(call));
            }
            if path == "os.environ.update" {
                module.env_reads.extend(self.updated(call));
            }
            let kind = if clients.one_shot(&path).is_some() {
                SiteKind::OneShot
            } else if clients.knows(&path) && clients.client_for(&path, self.first_text(call).as_deref()).is_some() {
                SiteKind::Client
            } else {
                if clients.object(&path).is_some() {
                    module.objects.push(self.object_site(call, path));
                }
                continue;
            };
            let (site, owned_by) = self.site(call, path, kind);
            sites.insert(call.id(), SiteId(module.sites.len()));
            owners.push(owned_by);
            module.sites.push(site);
        }
        for (at, owned_by) in owners.into_iter().enumerate() {
            let owned = owned_by.iter().find_map(|call| sites.get(&call.id())).filter(|owner| owner.0 != at);
            module.sites[at].bindings.extend(owned.map(|&owner| Binding::Owned(owner)));
        }
        self.lower_held(calls, clients, &mut sites, module);
        self.environment_subscripts(module);
        sites
    }

    fn object_site(&self, call: Node<'t>, symbol: String) -> ObjectSite {
        let (arguments, open_ended) = self.arguments(call);
        ObjectSite { object: Object { symbol, arguments, open_ended, span: span(call) }, place: self.place(call) }
    }

    fn site(&self, call: Node<'t>, symbol: String, kind: SiteKind) -> (ClientSite, Vec<Node<'t>>) {
        let (arguments, open_ended) = self.arguments(call);
        let place = self.place(call);
        let flow = self.flow(call);
        let loop_values = self.loop_values(call, &place);
        let reopened = self.is_reopened(call, &flow.bindings);
        let site = ClientSite {
            constructor: symbol.rsplit('.').next().unwrap_or(&symbol).to_owned(),
            symbol,
            kind,
            reopened,
            bindings: flow.bindings,
            name: flow.name,
            arguments,
            open_ended,
            spread: self.spread_in(call),
            receiver: self.receiver_object(call),
            scope: flow.scope,
            amortised: flow.amortised,
            guard: self.guard(call),
            caller_values: self.caller_values(call),
            loop_values,
            reads: self.reads(call),
            block: None,
            injectable: flow.injectable || self.is_of_fallback(call),
            place,
        };
        (site, flow.owners)
    }

    /// `(self.session or requests).get(..)`: called on what stands in for something that was handed in.
    fn is_of_fallback(&self, call: Node<'t>) -> bool {
        let object = call.child_by_field_name("function").and_then(|function| function.child_by_field_name("object"));
        let Some(object) = object.map(peel) else { return false };
        let value = match self.defs(self.ast.text(object), object) {
            [Def::Value(value)] if object.kind() == "identifier" => peel(*value),
            _ => object,
        };
        self.ast.field_text(value, "operator") == "or"
    }

    /// Names in the callee or the arguments that exist only in the function.
    fn reads(&self, call: Node<'t>) -> Vec<Read> {
        let mut names = self.identifiers(call);
        names.retain(|name| {
            let scope = self.binding_scope(self.ast.text(*name), self.scope_of(*name));
            let imported = self.defs(self.ast.text(*name), *name).iter().any(|def| matches!(def, Def::Import(_)));
            scope.is_some_and(|scope| scope != 0) && !imported && self.receiver(*name).is_none()
        });
        names.into_iter().map(|name| Read { name: self.ast.text(name).to_owned(), bound: span(name) }).collect()
    }

    /// The construction that the callee is a method of.
    fn receiver_object(&self, call: Node<'t>) -> Option<Object> {
        let object = call.child_by_field_name("function")?.child_by_field_name("object")?;
        match self.setting(object).value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Parameters of the enclosing functions that the arguments read.
    pub(super) fn caller_values(&self, call: Node<'t>) -> Vec<String> {
        let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
        let telling =
            children(list).into_iter().filter(|argument| !HARMLESS.contains(&self.ast.field_text(*argument, "name")));
        // `session.client(..)`: what the session was built from counts too.
        let receiver = call.child_by_field_name("function").and_then(|function| function.child_by_field_name("object"));
        let telling = telling.chain(receiver).chain(self.stored_in_spreads(list));
        let mut names: Vec<String> = telling.flat_map(|argument| self.parameters_read(argument)).collect();
        names.sort();
        names.dedup();
        names
    }

    /// `arguments["cookies"] = cookies` before `Client(**arguments)`.
    fn stored_in_spreads(&self, list: Node<'t>) -> Vec<Node<'t>> {
        let spread = children(list).into_iter().filter(|argument| argument.kind() == "dictionary_splat");
        let names = spread.filter_map(|spread| children(spread).first().copied());
        let stored = names.filter(|name| name.kind() == "identifier").flat_map(|name| {
            let text = self.ast.text(name);
            let scope = self.binding_scope(text, self.scope_of(name));
            scope.map_or(&[][..], |scope| self.reads_of(text, scope)).iter().filter_map(|read| {
                let target = self.ast.parent(*read).filter(|parent| parent.kind() == "subscript")?;
                let assignment = self.ast.parent(target).filter(|parent| parent.kind() == "assignment")?;
                assignment.child_by_field_name("right")
            })
        });
        stored.collect()
    }

    /// Names of parameters that an expression reads, directly or through locals.
    fn parameters_read(&self, expression: Node<'t>) -> Vec<String> {
        let mut found = Vec::new();
        let mut todo = vec![expression];
        let mut seen = HashSet::new();
        while let Some(expression) = todo.pop() {
            if !seen.insert(expression.id()) || expression.descendant_count() > MAX_NODES || seen.len() > MAX_LOCALS {
                continue;
            }
            for name in self.identifiers(expression) {
                let defs = self.defs(self.ast.text(name), name);
                let local = self.receiver(name).is_none() && self.function_of(name).is_some();
                for def in defs.iter().filter(|_| local) {
                    match def {
                        Def::Param { .. } => found.push(self.ast.text(name).to_owned()),
                        Def::Value(value) | Def::Part(value) => todo.push(*value),
                        _ => {}
                    }
                }
            }
        }
        found
    }

    /// Names in the arguments that an enclosing loop binds or sets anew in each turn.
    pub(super) fn loop_values(&self, call: Node<'t>, place: &Place) -> Vec<String> {
        let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
        let changes = |name: &Node<'t>| {
            let set_in = |of: Span| {
                self.defs(self.ast.text(*name), *name).iter().any(|def| match def {
                    Def::Value(value) => of.contains(span(*value)),
                    _ => false,
                })
            };
            let text = self.ast.text(*name);
            place.repeats.iter().any(|repeat| repeat.binds.iter().any(|bound| bound == text) || set_in(repeat.span))
        };
        let names = self.identifiers(list).into_iter().filter(changes);
        names.map(|name| self.ast.text(name).to_owned()).collect()
    }

    pub(super) fn identifiers(&self, root: Node<'t>) -> Vec<Node<'t>> {
        let mut names = Vec::new();
        // The tree was walked whole before, so its depth is within bounds.
        let _ = walk(root, |step| {
            if let Step::Enter(node) = step
                && node.kind() == "identifier"
                && self.is_read(node)
            {
                names.push(node);
            }
        });
        names
    }

    /// The first positional argument where it is text.
    pub fn first_text(&self, call: Node<'t>) -> Option<String> {
        let list = children(call.child_by_field_name("arguments")?);
        let names = ["service_name", "model"];
        let named = list.iter().find(|argument| names.contains(&self.ast.field_text(**argument, "name")));
        let first = named
            .and_then(|argument| argument.child_by_field_name("value"))
            .or_else(|| list.first().copied().filter(|first| first.kind() != "keyword_argument"))?;
        match self.setting(first).value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The names in `os.environ.update({"NAME": ..}, NAME=..)`.
    fn updated(&self, call: Node<'t>) -> Vec<String> {
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        let keywords = list.iter().filter(|argument| argument.kind() == "keyword_argument");
        let keywords = keywords.map(|argument| self.ast.field_text(*argument, "name").to_owned());
        let pairs = list.iter().filter(|argument| argument.kind() == "dictionary").flat_map(|pairs| children(*pairs));
        let keys = pairs.filter_map(|pair| match self.setting(pair.child_by_field_name("key")?).value {
            Value::Text(name) => Some(name),
            _ => None,
        });
        keywords.chain(keys).collect()
    }

    /// `os.environ["NAME"]`, read or written: the code knows the variable.
    fn environment_subscripts(&self, module: &mut Module) {
        for &name in self.reads.iter().filter(|name| matches!(self.ast.text(**name), "environ" | "os")) {
            let subscript = self.ast.ancestors(name).take(2).find(|parent| parent.kind() == "subscript");
            let key = subscript.and_then(|subscript| subscript.child_by_field_name("subscript"));
            if let Some(Value::Text(name)) = key.map(|key| self.setting(key).value) {
                module.env_reads.push(name);
            }
        }
    }
}
