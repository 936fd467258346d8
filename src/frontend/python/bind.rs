//! Second half of the first pass: binds names to what they stand for, once all scopes exist.

use super::scopes::{Def, Index, is_comprehension, parameter_name};
use super::tree::{children, peel};
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// Binds what `node`, evaluated in `scope`, defines; notes reads, returns and yields.
    pub(super) fn bind(&mut self, node: Node<'t>, scope: usize) {
        match node.kind() {
            "function_definition" => {
                if let Some(&opened) = self.scope_of_node.get(&node.id())
                    && let Some(function) = self.scopes[opened].function
                {
                    if !self.is_overload(node) {
                        self.define(scope, self.ast.field_text(node, "name"), Def::Function(function));
                    }
                    self.bind_parameters(node, opened);
                }
            }
            "lambda" => {
                if let Some(&opened) = self.scope_of_node.get(&node.id()) {
                    self.bind_parameters(node, opened);
                }
            }
            "class_definition" => {
                if let Some(class) = self.scope_of_node.get(&node.id()).and_then(|&opened| self.scopes[opened].class) {
                    self.define(scope, self.ast.field_text(node, "name"), Def::Class(class));
                }
            }
            "import_statement" | "import_from_statement" | "future_import_statement" => self.bind_import(node, scope),
            "assignment" => {
                if let (Some(left), right) = (node.child_by_field_name("left"), node.child_by_field_name("right")) {
                    self.bind_type(left, node.child_by_field_name("type"), scope);
                    self.bind_target(left, right, scope);
                }
            }
            // What is added to or deleted is no constant.
            "augmented_assignment" | "delete_statement" => {
                let target = node.child_by_field_name("left").or_else(|| children(node).first().copied());
                if let Some(target) = target.filter(|target| target.kind() == "identifier") {
                    self.bind_target(target, None, scope);
                }
            }
            "named_expression" => {
                if let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value"))
                {
                    let scope = self.enclosing(scope).find(|&at| !is_comprehension(self.scopes[at].node)).unwrap_or(0);
                    self.bind_target(name, Some(value), scope);
                }
            }
            "for_statement" | "for_in_clause" => {
                if let Some(left) = node.child_by_field_name("left") {
                    self.bind_target(left, None, scope);
                }
            }
            "as_pattern" => self.bind_as(node, scope),
            "yield" | "return_statement" => {
                if let Some(function) = self.function_of(node) {
                    self.returns.entry(function).or_default().extend(children(node));
                }
            }
            "identifier" if self.is_read(node) => {
                self.reads.push(node);
            }
            _ => {}
        }
    }

    fn bind_parameters(&mut self, function: Node<'t>, scope: usize) {
        let Some(parameters) = function.child_by_field_name("parameters") else { return };
        for parameter in children(parameters) {
            if let Some(name) = parameter_name(parameter) {
                let annotation = parameter.child_by_field_name("type");
                let around = self.ast.parent(name).map_or("", |around| around.kind());
                let gathers = matches!(around, "list_splat_pattern" | "dictionary_splat_pattern");
                self.define(scope, self.ast.text(name), Def::Param { annotation, gathers });
            }
        }
    }

    fn bind_as(&mut self, node: Node<'t>, scope: usize) {
        let parts = children(node);
        let (Some(&value), Some(alias)) = (parts.first(), node.child_by_field_name("alias")) else { return };
        let in_with = self.ast.parent(node).is_some_and(|parent| parent.kind() == "with_item");
        for target in children(alias) {
            if in_with && target.kind() == "identifier" {
                self.define(scope, self.ast.text(target), Def::With(value));
            } else if in_with && target.kind() == "attribute" {
                self.bind_target(target, Some(value), scope);
            } else {
                self.bind_target(target, None, scope);
            }
        }
    }

    /// `name: T` in the body of a class, `self.name: T`.
    fn bind_type(&mut self, target: Node<'t>, annotation: Option<Node<'t>>, scope: usize) {
        let Some(annotation) = annotation else { return };
        let (class, name) = match target.kind() {
            "identifier" => (self.scopes[scope].class, self.ast.text(target)),
            _ => {
                let object = target.child_by_field_name("object");
                (object.and_then(|object| self.receiver(object)), self.ast.field_text(target, "attribute"))
            }
        };
        if let Some(class) = class {
            self.field_types.entry((class, name)).or_insert(annotation);
        }
    }

    fn bind_target(&mut self, target: Node<'t>, value: Option<Node<'t>>, scope: usize) {
        match target.kind() {
            "identifier" => {
                let name = self.ast.text(target);
                self.define(scope, name, value.map_or(Def::Opaque, Def::Value));
            }
            "attribute" => {
                let (Some(object), Some(value)) = (target.child_by_field_name("object"), value) else { return };
                let name = self.ast.field_text(target, "attribute");
                if let Some(class) = self.receiver(object) {
                    self.fields.entry((class, name)).or_default().push(value);
                } else if self.ast.text(object).ends_with(".state") {
                    self.states.entry(name).or_default().push(value);
                }
            }
            "subscript" => {
                if let (Some(object), Some(value)) = (target.child_by_field_name("value"), value) {
                    self.items.entry(self.ast.text(object)).or_default().push(value);
                }
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" => {
                let targets = children(target);
                let values = value.map(peel).filter(|value| matches!(value.kind(), "expression_list" | "tuple"));
                let values = values.map(children).filter(|values| values.len() == targets.len());
                for (at, target) in targets.into_iter().enumerate() {
                    match (values.as_ref().and_then(|values| values.get(at).copied()), value) {
                        (None, Some(whole)) if target.kind() == "identifier" => {
                            self.define(scope, self.ast.text(target), Def::Part(whole));
                        }
                        (part, _) => self.bind_target(target, part, scope),
                    }
                }
            }
            _ => {}
        }
    }

    fn bind_import(&mut self, node: Node<'t>, scope: usize) {
        let module = self.ast.field_text(node, "module_name").replace(char::is_whitespace, "");
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            let (path, alias) = match name.kind() {
                "aliased_import" => (self.ast.field_text(name, "name"), Some(self.ast.field_text(name, "alias"))),
                _ => (self.ast.text(name), None),
            };
            if node.kind() == "import_statement" {
                let first = path.split('.').next().unwrap_or(path);
                let (local, target) = alias.map_or((first, first), |alias| (alias, path));
                self.define(scope, local, Def::Import(target.to_owned()));
            } else {
                let dot = if module.ends_with('.') { "" } else { "." };
                self.define(scope, alias.unwrap_or(path), Def::Import(format!("{module}{dot}{path}")));
            }
        }
        if children(node).iter().any(|child| child.kind() == "wildcard_import") {
            self.wildcards.push(module);
        }
    }

    fn define(&mut self, scope: usize, name: &'t str, def: Def<'t>) {
        let declared_outer = self.scopes[scope].outer.contains(&name);
        let scope = if declared_outer {
            let parent = self.scopes[scope].parent.unwrap_or(0);
            self.binding_scope(name, parent).unwrap_or(0)
        } else {
            scope
        };
        self.scopes[scope].names.entry(name).or_default().push(def);
    }

    /// Whether the identifier reads its name, rather than binds it.
    pub(super) fn is_read(&self, node: Node<'t>) -> bool {
        let Some(parent) = self.ast.parent(node) else { return false };
        let is_field = |field: &str| parent.child_by_field_name(field).is_some_and(|child| child.id() == node.id());
        match parent.kind() {
            "attribute" => is_field("object"),
            "keyword_argument" | "default_parameter" | "typed_default_parameter" => is_field("value"),
            "assignment" => !is_field("left"),
            "parameters"
            | "lambda_parameters"
            | "as_pattern_target"
            | "function_definition"
            | "class_definition"
            | "dotted_name"
            | "global_statement"
            | "typed_parameter" => false,
            _ => true,
        }
    }
}
