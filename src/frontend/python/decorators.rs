//! Decorators and bases, resolved once all names are bound.

use super::resolve::Entity;
use super::scopes::{Def, Index};
use super::tree::{children, span};
use crate::model::{Decorator, Module, Mount, Setting, Value};
use crate::source::Span;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// Fills in the decorators of functions and the bases of classes.
    pub fn resolve_decorators(&mut self) {
        for at in 0..self.classes.len() {
            self.classes[at].bases = self.bases(at);
        }
        for at in 0..self.functions.len() {
            let node = self.function_nodes[at];
            let definition = self.ast.parent(node).filter(|parent| parent.kind() == "decorated_definition");
            let decorators = definition.map(children).unwrap_or_default();
            let decorators = decorators.into_iter().filter(|part| part.kind() == "decorator");
            self.functions[at].decorators = decorators.filter_map(|part| self.decorator(part)).collect();
        }
        // Properties and bases were not known while these were resolved.
        self.resolved.borrow_mut().clear();
        self.evaluated.borrow_mut().clear();
    }

    fn decorator(&self, node: Node<'t>) -> Option<Decorator> {
        let expression = children(node).first().copied()?;
        let (callee, call) = match expression.kind() {
            "call" => (expression.child_by_field_name("function")?, Some(expression)),
            _ => (expression, None),
        };
        // `@lru_cache(maxsize=0)` keeps nothing.
        if call.is_some_and(|call| self.arguments(call).0.get("maxsize").is_some_and(is_zero)) {
            return None;
        }
        self.decorator_of(callee, call, span(node))
    }

    /// `callee`, called by `call` or not, as a decorator.
    pub(super) fn decorator_of(&self, callee: Node<'t>, call: Option<Node<'t>>, span: Span) -> Option<Decorator> {
        let first = call.and_then(|call| self.arguments(call).0.remove("0"));
        let object = callee.child_by_field_name("object").filter(|object| object.kind() == "identifier");
        let first_text = match first.map(|setting| setting.value) {
            Some(Value::Text(text)) => Some(self.below_prefix(object, text)),
            _ => None,
        };
        let path = match self.resolve(callee) {
            Some(Entity::Path(path)) => Some(path),
            Some(Entity::Function(function)) => Some(self.functions[function.0].name.clone()),
            _ => None,
        };
        let resolved = path.is_some();
        Some(Decorator {
            path: path.unwrap_or_else(|| self.ast.text(callee).to_owned()),
            resolved,
            first_text,
            of: object.map(|object| self.ast.text(object).to_owned()),
            span,
            is_handed: false,
        })
    }

    /// A route with the prefix of its router: `APIRouter(prefix="/chat")`, `Blueprint("chat", __name__, url_prefix="/chat")`.
    fn below_prefix(&self, router: Option<Node<'t>>, route: String) -> String {
        let made = router.map(|router| self.setting(router).value);
        let prefix = match &made {
            Some(Value::Object(object)) => object.arguments.get("prefix").or(object.arguments.get("url_prefix")),
            _ => None,
        };
        match prefix.map(|setting| &setting.value) {
            Some(Value::Text(prefix)) if route.starts_with('/') || route.is_empty() => format!("{prefix}{route}"),
            _ => route,
        }
    }

    /// `app.include_router(chat.router, prefix="/v1")`, `app.register_blueprint(chat, url_prefix="/v1")`.
    pub fn lower_mounts(&self, calls: &[Node<'t>], module: &mut Module) {
        let mounts = calls.iter().filter_map(|call| {
            let verb = self.ast.field_text(call.child_by_field_name("function")?, "attribute");
            if !matches!(verb, "include_router" | "register_blueprint") {
                return None;
            }
            let router = children(call.child_by_field_name("arguments")?).first().copied()?;
            let arguments = self.arguments(*call).0;
            let Value::Text(prefix) = &arguments.get("prefix").or(arguments.get("url_prefix"))?.value else {
                return None;
            };
            let router = match self.resolve(router) {
                Some(Entity::Path(path)) => path,
                _ => self.ast.text(router).to_owned(),
            };
            Some(Mount { router, prefix: prefix.clone() })
        });
        module.mounts = mounts.collect();
    }

    fn bases(&self, class: usize) -> Vec<String> {
        let scope = self.scopes.iter().find(|scope| scope.class.is_some_and(|id| id.0 == class));
        let Some(list) = scope.and_then(|scope| scope.node.child_by_field_name("superclasses")) else {
            return Vec::new();
        };
        children(list)
            .into_iter()
            .filter(|base| base.kind() != "keyword_argument")
            .map(|base| {
                // `Generic[T]`, `Base[T]`: the base is what is subscripted.
                let base = base.child_by_field_name("value").filter(|_| base.kind() == "subscript").unwrap_or(base);
                match self.resolve(base) {
                    Some(Entity::Path(path)) => path,
                    Some(Entity::Class(class)) => self.classes[class.0].name.clone(),
                    _ => self.ast.text(base).to_owned(),
                }
            })
            .collect()
    }

    /// All imports of the file.
    pub fn imports(&self) -> Vec<(String, String)> {
        let names = self.scopes.iter().flat_map(|scope| &scope.names);
        let mut imports: Vec<(String, String)> = names
            .flat_map(|(name, defs)| {
                defs.iter().filter_map(|def| match def {
                    Def::Import(path) => Some(((*name).to_owned(), path.clone())),
                    _ => None,
                })
            })
            .collect();
        imports.sort();
        imports.dedup();
        imports
    }
}

fn is_zero(setting: &Setting) -> bool {
    setting.value == Value::Int(0)
}
