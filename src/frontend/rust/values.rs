//! What expressions evaluate to, as far as that can be known without running anything.

use super::index::Index;
use super::names::Bound;
use super::resolve::Entity;
use super::syntax::{Kind, Literal, NodeId};
use crate::model::{Object, Setting, Value};
use crate::source::Span;

const MAX_STEPS: usize = 16;

/// Whether a value stands within an object. What objects within objects hold is not read: clients that are handed from one to
/// the next would be read again for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    Outer,
    Inner,
}

/// How far a value is followed.
#[derive(Clone, Copy)]
struct Steps {
    left: usize,
    level: Level,
}

impl Steps {
    fn new(level: Level) -> Self {
        Self { left: MAX_STEPS, level }
    }

    fn next(self) -> Option<Self> {
        Some(Self { left: self.left.checked_sub(1)?, ..self })
    }
}

/// Methods and functions that give the same text, number or option in other clothes.
const SAME: &[&str] = &[
    "to_string",
    "to_owned",
    "into",
    "clone",
    "as_str",
    "as_ref",
    "unwrap",
    "expect",
    "parse",
    "join_path",
    "trim",
    "as_deref",
    "cloned",
    "into_boxed_str",
    "try_into",
    "as_bytes",
    "to_lowercase",
    "ok",
    "deref",
];
const SAME_FUNCTIONS: &[&str] =
    &["from", "parse", "Some", "Ok", "from_str", "from_static", "new", "try_from", "Url", "Cow"];

impl Index<'_> {
    /// The value of an expression with its place.
    pub fn setting(&self, id: NodeId) -> Setting {
        self.setting_at(id, Level::Outer)
    }

    /// The same, for what stands within an object too.
    pub fn setting_at(&self, id: NodeId, level: Level) -> Setting {
        let (value, at) = self.value(id, Steps::new(level));
        Setting { value, span: self.tree.span(at) }
    }

    /// The value, and the node that it stands at once constants are followed.
    fn value(&self, id: NodeId, steps: Steps) -> (Value, NodeId) {
        let id = self.tree.peel(id);
        let Some(steps) = steps.next() else { return (Value::Unknown, id) };
        let key = (id, steps.level);
        if let Some(known) = self.values.borrow().get(&key) {
            return known.clone();
        }
        self.values.borrow_mut().insert(key, (Value::Unknown, id));
        let found = self.find_value(id, steps);
        self.values.borrow_mut().insert(key, found.clone());
        found
    }

    fn find_value(&self, id: NodeId, steps: Steps) -> (Value, NodeId) {
        let value = match self.tree.kind(id) {
            Kind::Literal(literal) => from_literal(literal),
            Kind::Binary { operator, left, right } => {
                let (left, right) = (self.value(*left, steps).0, self.value(*right, steps).0);
                combined(*operator, left, right)
            }
            Kind::Path(_) => return self.named(id, steps),
            Kind::Field { base, name } => match self.tree.path(*base) {
                Some([receiver]) if receiver == "self" => Value::SelfField(name.clone()),
                _ => Value::Unknown,
            },
            Kind::Call { function, arguments } => return self.called(id, *function, arguments, steps),
            Kind::MethodCall { receiver, name, arguments } => match name.as_str() {
                "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "or" | "or_else" | "map_or" => {
                    self.with_default(*receiver, arguments, steps)
                }
                name if SAME.contains(&name) => return self.value(*receiver, steps),
                _ => self.object(id, steps),
            },
            Kind::Macro { path } => self.macro_value(id, path, steps),
            Kind::Named { value, .. } => return self.value(*value, steps),
            Kind::Block { tail: Some(tail) } => return self.value(*tail, steps),
            _ => Value::Unknown,
        };
        (value, id)
    }

    fn named(&self, id: NodeId, steps: Steps) -> (Value, NodeId) {
        let value = match self.resolve(id) {
            Some(Entity::Local(local)) => {
                let local = self.names.local(local);
                // More may be set on it behind the `let`.
                if let Some(object) = self.settings_object(id) {
                    return (Value::Object(object), id);
                }
                match (local.bound, local.value) {
                    (Bound::Param | Bound::Loop | Bound::ClosureParam, _) => Value::Parameter(local.name.clone()),
                    (Bound::Value, Some(value)) if local.assigned.is_empty() => {
                        let whole =
                            matches!(self.tree.kind(local.node), Kind::Let { pattern, .. } if pattern.names.len() == 1);
                        return if whole { self.value(value, steps) } else { (self.part_of(value, steps), id) };
                    }
                    _ => Value::Unknown,
                }
            }
            Some(Entity::Static(item)) => match self.tree.kind(item) {
                Kind::Static { value: Some(value), .. } => return self.value(*value, steps),
                _ => Value::Unknown,
            },
            Some(Entity::Path(path)) => match path.rsplit("::").next() {
                Some("None") => Value::Nothing,
                Some("ZERO") if path.ends_with("Duration::ZERO") => Value::Float(0.0),
                _ => Value::Imported(path),
            },
            _ => Value::Unknown,
        };
        (value, id)
    }

    /// A part of what a pattern takes apart: another value each time where the whole is.
    fn part_of(&self, whole: NodeId, steps: Steps) -> Value {
        match self.value(whole, steps).0 {
            Value::Parameter(name) => Value::Parameter(name),
            _ => Value::Unknown,
        }
    }

    fn called(&self, id: NodeId, function: NodeId, arguments: &[NodeId], steps: Steps) -> (Value, NodeId) {
        let Some(words) = self.tree.path(function) else { return (Value::Unknown, id) };
        let last = words.last().map_or("", String::as_str);
        let owner = words.iter().rev().nth(1).map_or("", String::as_str);
        if owner == "Duration" {
            let numbers =
                arguments.iter().map(|argument| number(&self.value(*argument, steps).0)).collect::<Option<Vec<_>>>();
            return (numbers.and_then(|numbers| seconds(last, &numbers)).map_or(Value::Unknown, Value::Float), id);
        }
        let reads_variable = last == "var"
            && (owner == "env"
                || matches!(self.resolve(self.tree.peel(function)), Some(Entity::Path(path)) if path == "std::env::var"));
        if reads_variable && let Some(name) = arguments.first() {
            let name = match self.value(*name, steps).0 {
                Value::Text(name) => name,
                _ => return (Value::Unknown, id),
            };
            return (Value::Env { name, default: None }, id);
        }
        let same = SAME_FUNCTIONS.contains(&last)
            && matches!(
                owner,
                "" | "String" | "Url" | "Uri" | "Cow" | "HeaderValue" | "HeaderName" | "Some" | "Arc" | "Box"
            );
        match (same, arguments) {
            (true, [argument]) => self.value(*argument, steps),
            _ => (self.object(id, steps), id),
        }
    }

    /// `env::var("X").unwrap_or_else(|_| "y".into())`.
    fn with_default(&self, receiver: NodeId, arguments: &[NodeId], steps: Steps) -> Value {
        match self.value(receiver, steps).0 {
            Value::Env { name, default: None } => {
                let default = arguments.first().map(|argument| match self.tree.kind(self.tree.peel(*argument)) {
                    Kind::Closure { body, .. } => self.value(*body, steps).0,
                    _ => self.value(*argument, steps).0,
                });
                Value::Env { name, default: default.map(Box::new) }
            }
            Value::Parameter(name) => Value::Parameter(name),
            Value::SelfField(name) => Value::SelfField(name),
            _ => Value::Unknown,
        }
    }

    /// `format!("{base}/path/{}", id)`.
    fn macro_value(&self, id: NodeId, path: &[String], steps: Steps) -> Value {
        let name = path.last().map_or("", String::as_str);
        let children = &self.tree.node(id).children;
        if matches!(name, "env" | "option_env") {
            return Value::Imported(format!("{name}!"));
        }
        let Some((first, rest)) = children.split_first().filter(|_| matches!(name, "format" | "formatcp")) else {
            return Value::Unknown;
        };
        let Kind::Literal(Literal::Text(text)) = self.tree.kind(self.tree.peel(*first)) else { return Value::Unknown };
        let mut next = rest.iter();
        let known = |argument: Option<&NodeId>| argument.map_or(Value::Unknown, |id| self.value(*id, steps).0);
        let parts = pieces(text).into_iter().map(|piece| match piece {
            Piece::Text(text) => Value::Text(text),
            Piece::Next => known(next.next()),
            Piece::At(position) => known(rest.get(position)),
            Piece::Name(name) => match self.argument_named(rest, &name) {
                Some(argument) => self.value(argument, steps).0,
                None => self.named_value(&name, id, steps),
            },
        });
        joined(parts.collect())
    }

    /// The value of a name as seen from `at`.
    pub fn value_of_name(&self, name: &str, at: NodeId) -> Value {
        self.named_value(name, at, Steps::new(Level::Outer))
    }

    /// `x = value` among the arguments of a macro.
    fn argument_named(&self, arguments: &[NodeId], wanted: &str) -> Option<NodeId> {
        arguments.iter().find_map(|id| match self.tree.kind(*id) {
            Kind::Named { name, value } if name == wanted => Some(*value),
            _ => None,
        })
    }

    fn named_value(&self, name: &str, at: NodeId, steps: Steps) -> Value {
        if let Some(local) = self.names.lookup(&self.tree, name, at) {
            let local = self.names.local(local);
            return match (local.bound, local.value) {
                (Bound::Value, Some(value)) if local.assigned.is_empty() => self.value(value, steps).0,
                (Bound::Value, _) => Value::Unknown,
                _ => Value::Parameter(name.to_owned()),
            };
        }
        match self.resolve_words(&[name.to_owned()], at) {
            Some(Entity::Static(item)) => match self.tree.kind(item) {
                Kind::Static { value: Some(value), .. } => self.value(*value, steps).0,
                _ => Value::Unknown,
            },
            Some(Entity::Path(path)) if path.contains("::") => Value::Imported(path),
            _ => Value::Unknown,
        }
    }

    /// A client or its settings that are handed over; not what such a one is made of.
    fn object(&self, id: NodeId, steps: Steps) -> Value {
        if steps.level != Level::Outer {
            return Value::Unknown;
        }
        let client = self.construction(id, Level::Inner).map(|built| Object {
            symbol: built.symbol,
            arguments: built.arguments,
            open_ended: built.open_ended,
            span: self.tree.span(id),
        });
        client.or_else(|| self.settings_object(id)).map_or(Value::Unknown, Value::Object)
    }

    /// Environment variables that the file reads.
    pub fn env_reads(&self) -> Vec<String> {
        let calls = self.tree.ids().filter(|&id| matches!(self.tree.kind(id), Kind::Call { .. }));
        let names = calls.filter_map(|id| match self.value(id, Steps::new(Level::Outer)).0 {
            Value::Env { name, .. } => Some(name),
            _ => None,
        });
        names.collect()
    }

    /// The span of a node.
    pub fn span(&self, id: NodeId) -> Span {
        self.tree.span(id)
    }
}

fn from_literal(literal: &Literal) -> Value {
    match literal {
        Literal::Int(number) => Value::Int(*number),
        Literal::Float(number) => Value::Float(*number),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Other => Value::Unknown,
    }
}

fn number(value: &Value) -> Option<f64> {
    crate::effective::number(value)
}

fn combined(operator: char, left: Value, right: Value) -> Value {
    match (operator, left, right) {
        ('*', Value::Int(left), Value::Int(right)) => left.checked_mul(right).map_or(Value::Unknown, Value::Int),
        ('+', Value::Int(left), Value::Int(right)) => left.checked_add(right).map_or(Value::Unknown, Value::Int),
        ('*', Value::Float(seconds), factor) | ('*', factor, Value::Float(seconds)) => {
            number(&factor).map_or(Value::Unknown, |factor| Value::Float(seconds * factor))
        }
        ('+', Value::Int(_) | Value::Float(_), _) | ('*', ..) => Value::Unknown,
        (_, left, right) => joined(vec![left, right]),
    }
}

/// Text put together from parts. What stands in front says where it leads, so of texts within only the first is kept, and
/// the beginning of that: texts of texts would grow without bound.
fn joined(parts: Vec<Value>) -> Value {
    const FRONT: usize = 3;
    let parts = parts.into_iter().enumerate().flat_map(|(at, part)| match part {
        Value::Joined(inner) if at == 0 => inner.into_iter().take(FRONT).collect(),
        Value::Joined(_) => vec![Value::Unknown],
        part => vec![part],
    });
    Value::Joined(parts.collect())
}

/// The seconds of `Duration::from_millis(500)` and its like.
fn seconds(constructor: &str, numbers: &[f64]) -> Option<f64> {
    let first = *numbers.first()?;
    Some(match constructor {
        "from_secs" | "from_secs_f64" | "from_secs_f32" => first,
        "from_millis" => first / 1e3,
        "from_micros" => first / 1e6,
        "from_nanos" => first / 1e9,
        "from_mins" => first * 60.0,
        "from_hours" => first * 3600.0,
        "from_days" => first * 86_400.0,
        "new" => first + numbers.get(1)? / 1e9,
        _ => return None,
    })
}

/// A piece of a format string.
enum Piece {
    Text(String),
    /// `{}`
    Next,
    /// `{0}`
    At(usize),
    /// `{name}`
    Name(String),
}

fn pieces(format: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find('{') {
        let (text, tail) = rest.split_at(at);
        if let Some(behind) = tail.strip_prefix("{{") {
            found.push(Piece::Text(format!("{text}{{")));
            rest = behind;
            continue;
        }
        if !text.is_empty() {
            found.push(Piece::Text(text.to_owned()));
        }
        let Some(end) = tail.find('}') else { break };
        let name = tail[1..end].split(':').next().unwrap_or("").trim();
        found.push(match (name, name.parse()) {
            ("", _) => Piece::Next,
            (_, Ok(position)) => Piece::At(position),
            _ => Piece::Name(name.to_owned()),
        });
        rest = &tail[end + 1..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    found
}
