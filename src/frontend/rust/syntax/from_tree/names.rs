//! Paths, types, patterns and imports: what is read without nodes of its own.

use super::super::{Import, Pattern, Type};
use super::{Reader, children};
use tree_sitter::Node;

impl Reader<'_> {
    /// `a::b::<T>::c` as `a`, `b`, `c`.
    pub(super) fn words(&self, node: Node<'_>) -> Vec<String> {
        self.outline(node).path
    }

    pub(super) fn outline(&self, node: Node<'_>) -> Type {
        match node.kind() {
            "reference_type" | "pointer_type" | "bracketed_type" => {
                let inner = node.child_by_field_name("type").or_else(|| children(node).into_iter().next());
                inner.map(|inner| self.outline(inner)).unwrap_or_default()
            }
            "qualified_type" => node.child_by_field_name("type").map(|inner| self.outline(inner)).unwrap_or_default(),
            "dynamic_type" | "abstract_type" => {
                node.child_by_field_name("trait").map(|inner| self.outline(inner)).unwrap_or_default()
            }
            "generic_type" | "generic_type_with_turbofish" => {
                let of = node.child_by_field_name("type").map(|inner| self.outline(inner)).unwrap_or_default();
                let arguments = node.child_by_field_name("type_arguments").map(children).unwrap_or_default();
                let types = arguments.into_iter().filter(|part| part.kind() != "lifetime");
                Type { path: of.path, arguments: types.map(|part| self.outline(part)).collect() }
            }
            "scoped_identifier" | "scoped_type_identifier" => {
                let mut path = node.child_by_field_name("path").map(|path| self.outline(path).path).unwrap_or_default();
                path.push(self.field_text(node, "name"));
                Type::named(path)
            }
            "tuple_type" => {
                let arguments = children(node).into_iter().map(|part| self.outline(part)).collect();
                Type { path: vec!["(..)".to_owned()], arguments }
            }
            _ => Type::named(self.text(node).split("::").map(|word| word.trim().to_owned()).collect()),
        }
    }

    pub(super) fn pattern(&self, node: Node<'_>) -> Pattern {
        let variant = match node.kind() {
            "tuple_struct_pattern" => node.child_by_field_name("type").and_then(|of| self.words(of).pop()),
            "identifier" => Some(self.text(node)).filter(|name| name.starts_with(char::is_uppercase)),
            "match_pattern" => return children(node).first().map(|inner| self.pattern(*inner)).unwrap_or_default(),
            _ => None,
        };
        let (mut names, mut todo) = (Vec::new(), vec![node]);
        while let Some(node) = todo.pop() {
            match node.kind() {
                "identifier" | "shorthand_field_identifier" => names.push(self.text(node)),
                "tuple_struct_pattern" => todo.extend(children(node).into_iter().skip(1)),
                "parameter" => todo.extend(node.child_by_field_name("pattern")),
                _ => todo.extend(children(node)),
            }
        }
        Pattern { names, variant }
    }

    pub(super) fn imports(&self, node: Node<'_>, prefix: &[String], found: &mut Vec<Import>) {
        let path = |of: Option<Node<'_>>| [prefix, of.map(|of| self.words(of)).unwrap_or_default().as_slice()].concat();
        let add = |name: Option<String>, path: Vec<String>, found: &mut Vec<Import>| found.push(Import { name, path });
        match node.kind() {
            "use_list" => children(node).into_iter().for_each(|part| self.imports(part, prefix, found)),
            "scoped_use_list" => {
                let prefix = path(node.child_by_field_name("path"));
                if let Some(list) = node.child_by_field_name("list") {
                    self.imports(list, &prefix, found);
                }
            }
            "use_wildcard" => add(None, path(children(node).first().copied()), found),
            "use_as_clause" => {
                add(Some(self.field_text(node, "alias")), path(node.child_by_field_name("path")), found);
            }
            "self" => add(prefix.last().cloned(), prefix.to_vec(), found),
            _ => {
                let path = path(Some(node));
                add(path.last().cloned(), path, found);
            }
        }
    }
}
