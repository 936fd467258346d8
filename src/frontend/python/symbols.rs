//! What other files can name, and what the members of classes and the results of functions are.

use super::resolve::Entity;
use super::scopes::{Def, Index};
use super::sites::Sites;
use super::tree::{children, peel};
use crate::model::{Callee, ClassId, Decorator, FunctionId, Handed, Module, Symbol, Value};
use std::collections::BTreeMap;
use tree_sitter::Node;

const MAX_STEPS: usize = 32;

/// Types whose first parameter is what one has in the end: `Optional[Client]`, `AsyncIterator[Client]`.
const WRAPPERS: &[&str] = &[
    "Optional",
    "Annotated",
    "Iterator",
    "Iterable",
    "Generator",
    "AsyncIterator",
    "AsyncIterable",
    "AsyncGenerator",
    "Awaitable",
    "ContextManager",
    "AsyncContextManager",
    "AbstractContextManager",
    "AbstractAsyncContextManager",
    "ClassVar",
    "Final",
];

impl<'t> Index<'t> {
    /// Fills in exports, fields and results.
    pub fn lower_symbols(&mut self, sites: &Sites, module: &mut Module) {
        module.exports = self.exports(sites);
        module.constants = self.constants();
        module.wildcards.clone_from(&self.wildcards);
        let results: Vec<_> = (0..self.functions.len()).map(|at| self.result_of(FunctionId(at), sites)).collect();
        let defaults: Vec<_> = self.function_nodes.iter().map(|node| self.defaults_of(*node)).collect();
        for (function, (result, defaults)) in self.functions.iter_mut().zip(results.into_iter().zip(defaults)) {
            (function.result, function.defaults) = (result, defaults);
        }
        let fields: Vec<_> = (0..self.classes.len()).map(|at| self.fields_of(ClassId(at), sites)).collect();
        for (class, fields) in self.classes.iter_mut().zip(fields) {
            class.fields = fields;
        }
    }

    fn exports(&self, sites: &Sites) -> BTreeMap<String, Symbol> {
        let symbols = in_order(&self.scopes[0].names).into_iter().filter_map(|(name, defs)| {
            let symbol = defs.iter().find_map(|def| match def {
                Def::Import(path) => Some(Symbol::Path(path.clone())),
                Def::Function(function) => Some(Symbol::Function(*function)),
                Def::Class(class) => Some(Symbol::Class(*class)),
                Def::Value(value) => self.provided(*value).or_else(|| self.symbol_of(*value, sites)),
                Def::With(value) => self.symbol_of(*value, sites),
                Def::Param { .. } | Def::Part(_) | Def::Opaque => None,
            })?;
            Some(((*name).to_owned(), symbol))
        });
        symbols.collect()
    }

    /// What an expression stands for.
    fn symbol_of(&self, node: Node<'t>, sites: &Sites) -> Option<Symbol> {
        match self.site_of(node, sites, MAX_STEPS) {
            Some(site) => Some(Symbol::Client(site)),
            None => Some(symbol(self.resolve(node)?)),
        }
    }

    fn result_of(&self, function: FunctionId, sites: &Sites) -> Option<Symbol> {
        let returned = self.returned(function);
        let from_body = returned.into_iter().flat_map(parts).find_map(|value| self.symbol_of(value, sites));
        from_body.or_else(|| {
            let annotation = self.function_nodes[function.0].child_by_field_name("return_type")?;
            Some(symbol(self.resolve_annotation(annotation, MAX_STEPS)?))
        })
    }

    /// What parameters are unless somebody says otherwise: `base_url: str = "https://api.example.com"`, `cached=True`.
    fn defaults_of(&self, function: Node<'t>) -> BTreeMap<String, Value> {
        let parameters = function.child_by_field_name("parameters").map(children).unwrap_or_default();
        let known = parameters.into_iter().filter_map(|parameter| {
            let value = self.setting(parameter.child_by_field_name("value")?).value;
            let name = self.ast.field_text(parameter, "name").to_owned();
            let is_known = value.is_literal() || matches!(value, Value::Env { .. } | Value::Imported(_));
            is_known.then_some((name, value))
        });
        known.collect()
    }

    fn fields_of(&self, class: ClassId, sites: &Sites) -> BTreeMap<String, Symbol> {
        let mut fields = BTreeMap::new();
        let set = self.fields.iter().filter(|((of, _), _)| *of == class);
        for (name, values) in in_order(set.map(|((_, name), values)| (name, values))) {
            let found = values.iter().find_map(|value| self.symbol_of(*value, sites));
            fields.extend(found.map(|symbol| ((*name).to_owned(), symbol)));
        }
        let typed = self.field_types.iter().filter(|((of, _), _)| *of == class);
        for (name, annotation) in in_order(typed.map(|((_, name), annotation)| (name, annotation))) {
            if let Some(entity) = self.resolve_annotation(*annotation, MAX_STEPS) {
                fields.entry((*name).to_owned()).or_insert(symbol(entity));
            }
        }
        let body = self.scopes.iter().filter(|scope| scope.class == Some(class)).flat_map(|scope| &scope.names);
        for (name, defs) in in_order(body) {
            let values = defs.iter().filter_map(|def| if let Def::Value(value) = def { Some(*value) } else { None });
            if let Some(symbol) = values.filter_map(|value| self.symbol_of(value, sites)).next() {
                fields.entry((*name).to_owned()).or_insert(symbol);
            }
        }
        fields
    }

    /// The type in an annotation, wrappers and quotation marks left out.
    pub(super) fn annotated(&self, annotation: Node<'t>) -> Option<Node<'t>> {
        let mut node = annotation;
        for _ in 0..MAX_STEPS {
            let inside = children(node);
            node = match node.kind() {
                "type" | "type_parameter" | "parenthesized_expression" => *inside.first()?,
                "generic_type" | "subscript" => {
                    let name = self.ast.text(*inside.first()?);
                    let wraps = WRAPPERS.contains(&name.rsplit('.').next().unwrap_or(name));
                    if !wraps { *inside.first()? } else { *inside.get(1)? }
                }
                // `Client | None`.
                "binary_operator" | "union_type" => *inside.iter().find(|part| self.ast.text(**part) != "None")?,
                _ => return Some(node),
            };
        }
        None
    }

    /// The dependency in `Annotated[T, Depends(f)]`.
    fn provided(&self, value: Node<'t>) -> Option<Symbol> {
        let dependency = self.depended_in(value)?;
        Some(Symbol::Provided(Box::new(match dependency {
            Callee::Function(function) => Symbol::Function(function),
            Callee::Class(class) => Symbol::Class(class),
            Callee::Path(path) | Callee::Property(path) | Callee::Provider(path) => Symbol::Path(path),
            Callee::Parameter { .. } => return None,
        })))
    }

    /// What the `Depends(f)` in the parameters of a type calls.
    pub(super) fn depended_in(&self, of: Node<'t>) -> Option<Callee> {
        let of = if of.kind() == "type" { *children(of).first()? } else { of };
        if !matches!(of.kind(), "generic_type" | "subscript") {
            return None;
        }
        let parts = children(of).into_iter().flat_map(|part| match part.kind() {
            "type_parameter" => children(part),
            _ => vec![part],
        });
        let calls = parts.filter_map(|part| match part.kind() {
            "type" => children(part).first().copied(),
            _ => Some(part),
        });
        calls.filter(|part| part.kind() == "call").find_map(|call| self.depended(call))
    }

    /// Functions that are handed to a call by name: `app.add_api_route("/x", handler)`, `Route("/x", endpoint=handler)`,
    /// `FastAPI(dependencies=[Depends(check)])`.
    pub fn lower_handed(&self, calls: &[Node<'t>], module: &mut Module) {
        for &call in calls {
            let Some(list) = call.child_by_field_name("arguments") else { continue };
            let named = children(list).into_iter().enumerate().filter_map(|(at, argument)| match argument.kind() {
                "keyword_argument" => {
                    Some((self.ast.field_text(argument, "name").to_owned(), argument.child_by_field_name("value")?))
                }
                _ => Some((at.to_string(), argument)),
            });
            let values: Vec<(String, Node<'t>)> = named
                .flat_map(|(slot, value)| parts(value).into_iter().map(move |part| (slot.clone(), part)))
                .collect();
            let target = |(slot, value): &(String, Node<'t>)| Some((slot.clone(), self.named_callee(*value)?));
            let targets: Vec<(String, Callee)> = values.iter().filter_map(target).collect();
            let depends = values.iter().filter(|(_, value)| value.kind() == "call");
            let needed: Vec<Callee> = depends.filter_map(|(_, value)| self.depended(*value)).collect();
            if targets.is_empty() && needed.is_empty() {
                continue;
            }
            let Some(to) = self.called_as_decorator(call) else { continue };
            let through = Decorator { path: format!("{}.dependencies", to.path), ..to.clone() };
            let callee = call.child_by_field_name("function").and_then(|function| self.callee(function));
            module.handed.extend(targets.into_iter().map(|(slot, target)| {
                let into = callee.clone().map(|callee| (callee, slot));
                Handed { target, to: to.clone(), into }
            }));
            module.handed.extend(needed.into_iter().map(|target| Handed { target, to: through.clone(), into: None }));
        }
    }

    /// What a call hands its arguments to; of `app.post("/x")(handler)`, the inner call.
    fn called_as_decorator(&self, call: Node<'t>) -> Option<Decorator> {
        let mut function = call.child_by_field_name("function")?;
        let mut made_by = call;
        if function.kind() == "call" {
            made_by = function;
            function = function.child_by_field_name("function")?;
        }
        let found = self.decorator_of(function, Some(made_by), super::tree::span(call))?;
        Some(Decorator { is_handed: true, ..found })
    }

    /// The function or class that an expression names, by itself or through `partial`.
    pub fn named_callee(&self, node: Node<'t>) -> Option<Callee> {
        match node.kind() {
            "call" => {
                let function = node.child_by_field_name("function")?;
                // `View.as_view()` stands for the view.
                if self.ast.field_text(function, "attribute") == "as_view" {
                    return self.named_callee(function.child_by_field_name("object")?);
                }
                match self.resolve(function)? {
                    Entity::Path(path) if path == "functools.partial" => {
                        let list = node.child_by_field_name("arguments")?;
                        self.named_callee(children(list).first().copied()?)
                    }
                    // An object that is called: `Answer(model)` of a class with `__call__`.
                    Entity::Path(path) => Some(Callee::Path(format!("{path}.__call__"))),
                    Entity::Class(class) => self.method(class, "__call__").map(Callee::Function),
                    _ => None,
                }
            }
            "identifier" | "attribute" => match self.resolve(node)? {
                Entity::Function(function) => Some(Callee::Function(function)),
                Entity::Class(class) => Some(Callee::Class(class)),
                Entity::Path(path) => Some(Callee::Path(path)),
                Entity::Instance(_) | Entity::Object(_) => None,
            },
            _ => None,
        }
    }
}

/// By name: of names that stand for each other, what is asked for first decides what they are.
fn in_order<'a, T>(named: impl IntoIterator<Item = (&'a &'a str, T)>) -> BTreeMap<&'a &'a str, T> {
    named.into_iter().collect()
}

/// An expression, or the items of a literal list or tuple.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let node = peel(node);
    match node.kind() {
        "list" | "tuple" | "expression_list" => children(node),
        _ => vec![node],
    }
}

fn symbol(entity: Entity) -> Symbol {
    match entity {
        Entity::Path(path) => Symbol::Path(path),
        Entity::Instance(path) => Symbol::Result(path),
        Entity::Function(function) => Symbol::Function(function),
        Entity::Class(class) => Symbol::Class(class),
        Entity::Object(class) => Symbol::Object(class),
    }
}
