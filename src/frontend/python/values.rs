//! Expressions as values: literals, constants followed to their definition, environment reads, settings objects.

use super::resolve::Entity;
use super::scopes::{Def, Index};
use super::tree::{children, peel, span};
use crate::model::{Object, Setting, Value};
use std::collections::BTreeMap;
use tree_sitter::Node;

const MAX_STEPS: usize = 32;

impl<'t> Index<'t> {
    /// The value of an expression, with the place that sets it.
    pub fn setting(&self, node: Node<'t>) -> Setting {
        self.setting_in(node, MAX_STEPS)
    }

    fn setting_in(&self, node: Node<'t>, steps: usize) -> Setting {
        let peeled = peel(node);
        if peeled.kind() == "identifier"
            && let Some(Def::Value(value)) = self.only_def(peeled)
            && steps > 0
            && !self.is_changed(peeled, value)
        {
            let followed = self.setting_in(value, steps - 1);
            if followed.value != Value::Unknown {
                return followed;
            }
        }
        Setting { value: self.value_in(peeled, steps), span: span(node) }
    }

    pub(super) fn value_in(&self, node: Node<'t>, steps: usize) -> Value {
        let Some(steps) = steps.checked_sub(1) else { return Value::Unknown };
        let node = peel(node);
        if !matches!(node.kind(), "identifier" | "attribute" | "call" | "binary_operator" | "dictionary") {
            return self.evaluate(node, steps);
        }
        if let Some(known) = self.evaluated.borrow().get(&node.id()) {
            return known.clone();
        }
        self.evaluated.borrow_mut().insert(node.id(), Value::Unknown);
        // Shared parts are copied with each use, so that a value is bounded or not known.
        let value = Some(self.evaluate(node, steps)).filter(|value| weight(value, MAX_WEIGHT) <= MAX_WEIGHT);
        let value = value.unwrap_or(Value::Unknown);
        self.evaluated.borrow_mut().insert(node.id(), value.clone());
        value
    }

    fn evaluate(&self, node: Node<'t>, steps: usize) -> Value {
        match node.kind() {
            "none" => Value::Nothing,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "integer" => integer(self.ast.text(node)),
            "float" => self.ast.text(node).replace('_', "").parse().map_or(Value::Unknown, Value::Float),
            "unary_operator" => self.negative(node, steps),
            "string" | "concatenated_string" => self.string(node, steps),
            "binary_operator" => self.arithmetic(node, steps),
            "dictionary" => self.dictionary(node, steps),
            "identifier" => self.name_value(node, steps),
            "attribute" => self.attribute_value(node, steps),
            "subscript" => self.environment_subscript(node).unwrap_or(Value::Unknown),
            "boolean_operator" => self.fallback(node, steps),
            "call" => self.call_value(node, steps),
            _ => Value::Unknown,
        }
    }

    fn negative(&self, node: Node<'t>, steps: usize) -> Value {
        let Some(argument) = node.child_by_field_name("argument") else { return Value::Unknown };
        match (node.child(0).map_or("", |operator| operator.kind()), self.value_in(argument, steps)) {
            ("-", Value::Int(number)) => number.checked_neg().map_or(Value::Unknown, Value::Int),
            ("-", Value::Float(number)) => Value::Float(-number),
            _ => Value::Unknown,
        }
    }

    fn string(&self, node: Node<'t>, steps: usize) -> Value {
        let mut parts = Vec::new();
        let pieces = if node.kind() == "string" { vec![node] } else { children(node) };
        for piece in pieces {
            if self.ast.text(piece).starts_with(['b', 'B']) {
                return Value::Unknown;
            }
            for part in children(piece) {
                match part.kind() {
                    "string_content" => parts.push(Value::Text(self.ast.text(part).to_owned())),
                    "interpolation" => {
                        let inner = part.child_by_field_name("expression").or_else(|| children(part).first().copied());
                        parts.push(inner.map_or(Value::Unknown, |inner| self.setting_in(inner, steps).value));
                    }
                    _ => {}
                }
            }
        }
        join(parts)
    }

    /// Products and sums of known numbers, concatenations of strings.
    fn arithmetic(&self, node: Node<'t>, steps: usize) -> Value {
        let operand = |field: &str| {
            node.child_by_field_name(field).map_or(Value::Unknown, |operand| self.setting_in(operand, steps).value)
        };
        let (left, right) = (operand("left"), operand("right"));
        match (&left, self.ast.field_text(node, "operator"), &right) {
            (Value::Int(left), "*", Value::Int(right)) => left.checked_mul(*right).map_or(Value::Unknown, Value::Int),
            (Value::Int(left), "+", Value::Int(right)) => left.checked_add(*right).map_or(Value::Unknown, Value::Int),
            (Value::Int(_) | Value::Float(_), _, _) | (_, _, Value::Int(_) | Value::Float(_)) => Value::Unknown,
            (_, "+", _) => join(vec![left, right]),
            (Value::Text(text), "%", _) if text.contains("://") => {
                let front = text.split('%').next().unwrap_or(text);
                join(vec![Value::Text(front.to_owned()), Value::Unknown])
            }
            _ => Value::Unknown,
        }
    }

    fn dictionary(&self, node: Node<'t>, steps: usize) -> Value {
        let mut map = BTreeMap::new();
        for pair in children(node) {
            let (Some(key), Some(value)) = (pair.child_by_field_name("key"), pair.child_by_field_name("value")) else {
                continue;
            };
            if let Value::Text(key) = self.value_in(key, steps) {
                map.insert(key, self.setting_in(value, steps));
            }
        }
        Value::Map(map)
    }

    fn attribute_value(&self, node: Node<'t>, steps: usize) -> Value {
        let name = self.ast.field_text(node, "attribute");
        let Some(object) = node.child_by_field_name("object") else { return Value::Unknown };
        match self.resolve(object) {
            Some(Entity::Path(path) | Entity::Instance(path)) => Value::Imported(format!("{path}.{name}")),
            Some(Entity::Object(class) | Entity::Class(class)) => {
                match self.fields.get(&(class, name)).map(Vec::as_slice) {
                    Some([value]) => match self.value_in(*value, steps) {
                        Value::Unknown | Value::Parameter(_) | Value::Imported(_) => Value::SelfField(name.to_owned()),
                        known => known,
                    },
                    Some(values) => self.one_of(values, steps).unwrap_or_else(|| Value::SelfField(name.to_owned())),
                    None => Value::SelfField(name.to_owned()),
                }
            }
            _ if self.ast.text(object).starts_with("self.") || self.ast.text(object) == "self" => {
                Value::SelfField(name.to_owned())
            }
            _ => match self.value_in(object, steps) {
                Value::Parameter(of) => Value::Parameter(format!("{of}.{name}")),
                _ => Value::Unknown,
            },
        }
    }

    /// Texts that a field is set to in several places: what they start with is known.
    fn one_of(&self, values: &[Node<'t>], steps: usize) -> Option<Value> {
        let texts: Option<Vec<String>> = values
            .iter()
            .map(|value| match self.value_in(*value, steps) {
                Value::Text(text) => Some(text),
                _ => None,
            })
            .collect();
        let texts = texts?;
        let first = texts.first()?;
        let same = |at: &usize| texts.iter().all(|text| text.as_bytes().get(*at) == first.as_bytes().get(*at));
        let length = (0..first.len()).take_while(same).last()? + 1;
        Some(join(vec![Value::Text(first.get(..length)?.to_owned()), Value::Unknown]))
    }

    /// `os.environ["NAME"]`.
    fn environment_subscript(&self, node: Node<'t>) -> Option<Value> {
        let object = self.path_of(node.child_by_field_name("value")?)?;
        let key = self.value_in(node.child_by_field_name("subscript")?, 1);
        match (object.as_str(), key) {
            ("os.environ", Value::Text(name)) => Some(Value::Env { name, default: None }),
            _ => None,
        }
    }

    /// `os.getenv("NAME") or "default"`.
    fn fallback(&self, node: Node<'t>, steps: usize) -> Value {
        let [left, right] = children(node)[..] else { return Value::Unknown };
        match (self.value_in(left, steps), self.ast.field_text(node, "operator")) {
            (Value::Env { name, default: None }, "or") => {
                Value::Env { name, default: Some(Box::new(self.value_in(right, steps))) }
            }
            _ => Value::Unknown,
        }
    }

    fn call_value(&self, node: Node<'t>, steps: usize) -> Value {
        let Some(function) = node.child_by_field_name("function") else { return Value::Unknown };
        let path = match self.resolve(function) {
            Some(Entity::Path(path)) => path,
            // A class of this file goes by its bare name, as in the bases of another.
            Some(Entity::Class(class)) => self.classes[class.0].name.clone(),
            _ => return self.formatted(function, steps),
        };
        let arguments = || self.arguments_in(node, steps);
        match path.as_str() {
            "os.getenv" | "os.environ.get" => {
                let (arguments, _) = arguments();
                let Some(Value::Text(name)) = arguments.get("0").map(|setting| setting.value.clone()) else {
                    return Value::Unknown;
                };
                let default = arguments.get("1").or(arguments.get("default"));
                Value::Env { name, default: default.map(|setting| Box::new(setting.value.clone())) }
            }
            _ => {
                let (arguments, open_ended) = arguments();
                Value::Object(Object { symbol: path, arguments, open_ended, span: span(node) })
            }
        }
    }

    /// `"https://host/{}".format(..)`: known up to the first brace.
    fn formatted(&self, function: Node<'t>, steps: usize) -> Value {
        let object =
            function.child_by_field_name("object").filter(|_| self.ast.field_text(function, "attribute") == "format");
        match object.map(|object| self.value_in(object, steps)) {
            Some(Value::Text(text)) => match text.split_once('{') {
                Some((front, _)) => join(vec![Value::Text(front.to_owned()), Value::Unknown]),
                None => Value::Text(text),
            },
            _ => self.looked_up(function, steps),
        }
    }

    /// `self._checked(url)`: what a function of the project makes of a URL still goes where the URL says.
    fn checked_url(&self, function: Node<'t>, steps: usize) -> Value {
        let first = self.ast.parent(function).and_then(|call| call.child_by_field_name("arguments")).map(children);
        match first.and_then(|list| list.first().copied()).map(|first| self.value_in(first, steps)) {
            Some(Value::Parameter(name)) if name.contains("url") || name.contains("uri") => Value::Parameter(name),
            _ => Value::Unknown,
        }
    }

    /// `item.get("url")` of something that differs each time.
    fn looked_up(&self, function: Node<'t>, steps: usize) -> Value {
        let object =
            function.child_by_field_name("object").filter(|_| self.ast.field_text(function, "attribute") == "get");
        match object.map(|object| self.value_in(object, steps)) {
            Some(Value::Parameter(of)) => Value::Parameter(format!("{of}.get")),
            _ => self.checked_url(function, steps),
        }
    }

    /// The arguments of a call: keywords by name, positionals by index; and whether more are spread in.
    pub fn arguments(&self, call: Node<'t>) -> (BTreeMap<String, Setting>, bool) {
        self.arguments_in(call, MAX_STEPS)
    }

    fn arguments_in(&self, call: Node<'t>, steps: usize) -> (BTreeMap<String, Setting>, bool) {
        let mut arguments = BTreeMap::new();
        let mut open_ended = false;
        let Some(list) = call.child_by_field_name("arguments") else { return (arguments, false) };
        let mut position = 0;
        for argument in children(list) {
            match argument.kind() {
                "keyword_argument" => {
                    let Some(value) = argument.child_by_field_name("value") else { continue };
                    let mut setting = self.setting_in(value, steps);
                    if setting.span == span(value) {
                        setting.span = span(argument);
                    }
                    arguments.insert(self.ast.field_text(argument, "name").to_owned(), setting);
                }
                "dictionary_splat" => {
                    let inner = children(argument).first().copied();
                    // A mapping with a name may have been added to on the way.
                    open_ended |= inner.is_none_or(|inner| inner.kind() != "dictionary");
                    if let Some(Value::Map(map)) = inner.map(|inner| self.setting_in(inner, steps).value) {
                        arguments.extend(map);
                    }
                }
                "list_splat" => open_ended = true,
                _ => {
                    arguments.insert(position.to_string(), self.setting_in(argument, steps));
                    position += 1;
                }
            }
        }
        (arguments, open_ended)
    }

    /// The single definition that a name has, where it has one.
    pub fn only_def(&self, name: Node<'t>) -> Option<Def<'t>> {
        match self.defs(self.ast.text(name), name) {
            [def] => Some(def.clone()),
            _ => None,
        }
    }
}

fn integer(text: &str) -> Value {
    let text = text.replace('_', "").to_ascii_lowercase();
    let parsed = match text.get(..2) {
        Some("0x") => i64::from_str_radix(&text[2..], 16),
        Some("0o") => i64::from_str_radix(&text[2..], 8),
        Some("0b") => i64::from_str_radix(&text[2..], 2),
        _ => text.parse(),
    };
    parsed.map_or(Value::Unknown, Value::Int)
}

/// Larger values are data, not settings.
const MAX_WEIGHT: usize = 500;

/// How many values a value is made of, counted up to a little over `limit`.
fn weight(value: &Value, limit: usize) -> usize {
    let settings = |settings: &BTreeMap<String, Setting>| {
        settings.values().fold(1, |sum, setting| if sum > limit { sum } else { sum + weight(&setting.value, limit) })
    };
    match value {
        Value::Map(map) => settings(map),
        Value::Object(object) => settings(&object.arguments),
        Value::Joined(parts) => {
            parts.iter().fold(1, |sum, part| if sum > limit { sum } else { sum + weight(part, limit) })
        }
        _ => 1,
    }
}

/// Joins the parts of a string; one text where all parts are known.
fn join(parts: Vec<Value>) -> Value {
    let mut joined: Vec<Value> = Vec::new();
    let flat = parts.into_iter().flat_map(|part| match part {
        Value::Joined(inner) => inner,
        part => vec![part],
    });
    for part in flat {
        match (joined.last_mut(), part) {
            (Some(Value::Text(text)), Value::Text(next)) => text.push_str(&next),
            (_, part) => joined.push(part),
        }
    }
    match joined.len() {
        0 => Value::Text(String::new()),
        1 => joined.remove(0),
        _ if joined.iter().all(|part| *part == Value::Unknown) => Value::Unknown,
        _ => Value::Joined(joined),
    }
}
