//! Memoisation by hand: code that runs only where nothing was built or fetched before.

use super::place::is_field;
use super::scopes::{Def, Index};
use super::tree::{children, peel};
use crate::model::{Binding, Guard};
use tree_sitter::Node;

/// Names that hold names that hold the value.
const MAX_STEPS: usize = 8;
/// Functions of more bytes are made by machines, and are not searched.
const MAX_LENGTH: usize = 50_000;
/// Words of names that hold what was built or fetched before.
const KEPT: &[&str] = &[
    "cache",
    "cached",
    "caches",
    "loaded",
    "initialized",
    "initialised",
    "ready",
    "fetched",
    "instance",
    "memo",
    "expiry",
    "expires",
    "expired",
    "expiration",
];

/// Whether a name in `text` says that something is kept.
fn is_kept_name(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.split(|at: char| !at.is_alphanumeric()).any(|word| KEPT.contains(&word))
}

impl<'t> Index<'t> {
    /// What `node` runs behind where it runs only if nothing was there before: `if self.x is None`, a missing key, `except
    /// KeyError`, `if cached: return cached`.
    pub fn guard(&self, node: Node<'t>) -> Option<Guard> {
        self.guard_of(node).map(|guard| self.guard_kind(guard))
    }

    /// Whether `node` runs behind a look at what its function itself notes as done.
    pub(super) fn is_done_once(&self, node: Node<'t>) -> bool {
        let guard = self.guard_of(node).and_then(|guard| guard.child_by_field_name("condition"));
        guard.is_some_and(|condition| self.is_noted_later(condition))
    }

    /// The condition, or the statement, that is such a guard.
    fn guard_of(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut child = node;
        for ancestor in self.ast.ancestors(node) {
            let condition = || ancestor.child_by_field_name("condition");
            let guard = match ancestor.kind() {
                "function_definition" => return None,
                "if_statement" if is_field(ancestor, "consequence", child) => {
                    condition().filter(|condition| self.tests_absence(*condition))
                }
                "else_clause" | "elif_clause" => {
                    let statement = self.ast.parent(ancestor);
                    let condition = statement.and_then(|statement| statement.child_by_field_name("condition"));
                    condition.filter(|condition| self.tests_presence(*condition))
                }
                "except_clause" => Some(ancestor).filter(|at| self.ast.text(*at).starts_with("except KeyError")),
                "boolean_operator" if is_field(ancestor, "right", child) => {
                    child_left(ancestor).filter(|left| self.is_memory(Some(*left), MAX_STEPS))
                }
                "block" => self.block(ancestor).first_guard.filter(|guard| guard.start_byte() < child.start_byte()),
                _ => None,
            };
            if guard.is_some() {
                return guard;
            }
            child = ancestor;
        }
        None
    }

    /// Whether what is built here takes the place of what was closed, or dropped by `self._client = None`.
    pub fn is_reopened(&self, call: Node<'t>, bindings: &[Binding]) -> bool {
        let conditions = self.ast.ancestors(call).filter(|at| at.kind() == "if_statement");
        let mut conditions = conditions.filter_map(|statement| statement.child_by_field_name("condition"));
        let asks = conditions.any(|condition| self.ast.text(condition).contains("closed"));
        let class = self.function_of(call).and_then(|function| self.functions[function.0].class);
        let emptied = bindings.iter().any(|binding| match (binding, class) {
            (Binding::SelfField(name), Some(class)) => {
                let mut values = self.fields.get(&(class, name.as_str())).into_iter().flatten();
                values.any(|value| {
                    let setter = self.function_of(*value).map(|function| self.functions[function.0].constructs);
                    value.kind() == "none" && setter.is_some_and(|constructs| constructs.is_none())
                })
            }
            _ => false,
        });
        asks || emptied
    }

    /// Whether a guard looks under a key.
    fn guard_kind(&self, guard: Node<'t>) -> Guard {
        let guard = guard.child_by_field_name("condition").unwrap_or(guard);
        let looks_up = |text: &str| text.contains('[') || text.contains(".get(");
        let text = self.ast.text(guard);
        let named = self.identifiers(guard).into_iter().flat_map(|name| self.defs(self.ast.text(name), name));
        let mut values = named.filter_map(|def| match def {
            Def::Value(value) => Some(self.ast.text(*value)),
            _ => None,
        });
        let misses = guard.kind() == "except_clause";
        match misses || text.contains(" in ") || looks_up(text) || values.any(looks_up) {
            true => Guard::Keyed,
            false => Guard::Slot,
        }
    }

    /// Whether a statement hands back what was kept: `if self._cache: return self._cache`.
    pub(super) fn returns_kept(&self, statement: Node<'t>) -> bool {
        if statement.kind() == "try_statement" {
            return self.tries_memory(statement);
        }
        let Some(condition) = statement.child_by_field_name("condition") else { return false };
        let body = statement.child_by_field_name("consequence").map(children).unwrap_or_default();
        let returned =
            body.last().filter(|last| last.kind() == "return_statement" && statement.kind() == "if_statement");
        returned.is_some_and(|returned| self.mentions_memory(condition, *returned))
    }

    /// `try: return CACHE[key]`, `except KeyError: pass`.
    fn tries_memory(&self, statement: Node<'t>) -> bool {
        let tried = statement.child_by_field_name("body").map(children).unwrap_or_default();
        let returned = tried.last().filter(|last| last.kind() == "return_statement").map(|last| children(*last));
        returned.and_then(|values| values.first().copied()).is_some_and(|value| value.kind() == "subscript")
    }

    /// The condition asks for something kept by its name (a cache, a flag, an expiry), or what is returned is kept.
    fn mentions_memory(&self, condition: Node<'t>, returned: Node<'t>) -> bool {
        let tested = self.ast.text(condition);
        let value = children(returned).first().map(|value| self.ast.text(*value)).unwrap_or_default();
        let same = !value.is_empty() && (tested.contains(value) || value.contains(tested) || value.ends_with(']'));
        let kept = children(returned).first().copied().filter(|value| value.kind() != "call");
        let kept_here = self.identifiers(condition).into_iter().any(|name| self.lives_for_call(name));
        (is_kept_name(tested) && !kept_here)
            || (same && self.tests_presence(condition))
            || self.is_memory(kept, MAX_STEPS)
            || self.is_noted_later(condition)
    }

    /// `key in done`, of something that outlives the call and that the function puts the key into afterwards.
    fn is_noted_later(&self, condition: Node<'t>) -> bool {
        let condition = peel(condition);
        let [key, done] = children(condition)[..] else { return false };
        let operator = self.ast.text.get(key.end_byte()..done.start_byte()).unwrap_or_default();
        let function = self.ast.ancestors(condition).find(|at| at.kind() == "function_definition");
        let function = function.filter(|function| function.end_byte() - function.start_byte() <= MAX_LENGTH);
        let (Some(function), "in") = (function, operator.trim()) else { return false };
        let after = self.ast.text.get(condition.end_byte()..function.end_byte()).unwrap_or_default();
        let (of_call, done) = (done.kind() != "attribute" && self.lives_for_call(done), self.ast.text(done));
        let key = self.ast.text(key);
        let notes = [format!("{done}.add({key})"), format!("{done}.append({key})"), format!("{done}[{key}] = ")];
        !of_call && notes.iter().any(|note| after.contains(note))
    }

    /// `x is None`, `not x`, `key not in cache`, of something that outlives the call; also joined to more.
    pub(super) fn tests_absence(&self, condition: Node<'t>) -> bool {
        let condition = peel(condition);
        let text = self.ast.text(condition);
        match condition.kind() {
            "not_operator" => self.is_memory(condition.child_by_field_name("argument"), MAX_STEPS),
            "comparison_operator" if text.contains(" not in ") => {
                self.is_memory(children(condition).last().copied(), MAX_STEPS)
            }
            "comparison_operator" if text.contains(" is None") || text.contains("== None") => {
                self.is_memory(children(condition).first().copied(), MAX_STEPS)
            }
            "boolean_operator" => children(condition).into_iter().any(|part| self.tests_absence(part)),
            _ => false,
        }
    }

    fn tests_presence(&self, condition: Node<'t>) -> bool {
        let condition = peel(condition);
        let text = self.ast.text(condition);
        match condition.kind() {
            "identifier" | "attribute" => self.is_memory(Some(condition), MAX_STEPS),
            "comparison_operator" => {
                let parts = children(condition);
                if text.contains(" in ") && !text.contains(" not in ") {
                    return self.is_memory(parts.last().copied(), MAX_STEPS);
                }
                text.contains(" is not None") && self.is_memory(parts.first().copied(), MAX_STEPS)
            }
            _ => false,
        }
    }

    /// Whether an expression reads something that outlives the call: an attribute, a module-level name, a local taken from
    /// either.
    fn is_memory(&self, node: Option<Node<'t>>, steps: usize) -> bool {
        // `x = x.get(..)` leads back to itself.
        let (Some(node), Some(steps)) = (node.map(peel), steps.checked_sub(1)) else { return false };
        match node.kind() {
            "subscript" => !self.lives_for_call(node),
            "attribute" => self.is_set_later(node),
            "call" => self.is_look_up(node, steps),
            "named_expression" => self.is_memory(node.child_by_field_name("value"), steps),
            "identifier" => self.is_remembered(node, steps),
            "comparison_operator" => self.is_memory(children(node).first().copied(), steps),
            _ => false,
        }
    }

    /// `cache.get(key)`, `getattr(self, "_client", None)`.
    fn is_look_up(&self, call: Node<'t>, steps: usize) -> bool {
        let Some(function) = call.child_by_field_name("function") else { return false };
        let object = function.child_by_field_name("object");
        match self.ast.field_text(function, "attribute") {
            "get" | "setdefault" => object.is_some_and(|object| match object.kind() {
                "attribute" => object.child_by_field_name("object").is_some_and(|of| self.receiver(of).is_some()),
                _ => self.is_remembered(object, steps),
            }),
            "is_closed" => true,
            _ if !matches!(self.ast.text(function), "getattr" | "hasattr") => false,
            _ => {
                let asked = call.child_by_field_name("arguments").and_then(|list| children(list).first().copied());
                asked.is_some_and(|asked| !self.lives_for_call(asked))
            }
        }
    }

    /// An attribute of the receiver counts where something other than the constructor sets it: else it is what the
    /// constructor was given, and what is built without it is kept nowhere.
    fn is_set_later(&self, attribute: Node<'t>) -> bool {
        let Some(object) = attribute.child_by_field_name("object") else { return true };
        let Some(class) = self.receiver(object) else { return !self.lives_for_call(object) };
        let name = self.ast.field_text(attribute, "attribute");
        let values = self.fields.get(&(class, name)).into_iter().flatten();
        let in_constructor = |value: &Node<'t>| {
            let function = self.function_of(*value).map(|function| self.functions[function.0].name.as_str());
            function.is_some_and(|name| matches!(name, "__init__" | "__new__" | "__post_init__"))
        };
        let filled_later = self.has_own_container(class, name);
        filled_later || values.clone().any(|value| !in_constructor(value)) || is_kept_name(name)
    }

    /// A local that is set before the loop around `name` outlives the loop's turns.
    fn is_before_loop(&self, value: Node<'t>, name: Node<'t>) -> bool {
        let around = self.ast.ancestors(name).find(|at| matches!(at.kind(), "for_statement" | "while_statement"));
        around.is_some_and(|around| value.start_byte() < around.start_byte())
    }

    fn is_remembered(&self, name: Node<'t>, steps: usize) -> bool {
        let text = self.ast.text(name);
        match self.binding_scope(text, self.scope_of(name)) {
            Some(0) => self.scopes[0].names.get(text).into_iter().flatten().any(|def| matches!(def, Def::Value(_))),
            Some(scope) => self.scopes[scope].names.get(text).into_iter().flatten().any(|def| match def {
                Def::Value(value) if value.kind() == "none" => self.is_before_loop(*value, name),
                Def::Value(value) => {
                    let value = peel(*value);
                    matches!(value.kind(), "attribute" | "subscript")
                        || (value.kind() == "call" && self.is_memory(Some(value), steps))
                }
                _ => false,
            }),
            None => false,
        }
    }
}

fn child_left(node: Node<'_>) -> Option<Node<'_>> {
    node.child_by_field_name("left")
}
