//! Guards: what runs only where nothing was kept before, or where a look-up failed.

use super::closures::Role;
use super::index::Index;
use super::names::Bound;
use super::resolve::Entity;
use super::syntax::{Kind, NodeId, Pattern};
use super::values::Level;
use crate::model::Guard;

impl Index<'_> {
    /// What `id` runs behind where it runs only if nothing was built before, or where a look-up failed.
    pub fn guard(&self, id: NodeId) -> Option<Guard> {
        let mut child = id;
        for up in self.tree.ancestors(id) {
            let guarded = match self.tree.kind(up) {
                Kind::Function(_) => return None,
                Kind::Arm { pattern, body, .. } => *body == child && self.is_missing(up, pattern),
                Kind::If { condition, then, otherwise } => self.is_missing_branch(*condition, *then, *otherwise, child),
                Kind::Closure { .. } => {
                    match self.tree.parent(self.tree.wrapped(up)).map(|call| self.tree.kind(call)) {
                        Some(Kind::MethodCall { receiver, name, .. }) => {
                            let kept = || matches!(self.closure_role(up), Role::Kept);
                            name.contains("or_else") || (kept() && self.forgetful_local(*receiver).is_none())
                        }
                        _ => false,
                    }
                }
                Kind::Block { .. } => match self.block(up).first_guard.filter(|guard| *guard < child) {
                    Some(guard) if self.looks_up(guard) => return Some(Guard::Keyed),
                    guard => guard.is_some(),
                },
                _ => false,
            };
            if guarded {
                return Some(Guard::Slot);
            }
            child = up;
        }
        None
    }

    /// Whether the condition of a guard asks for something by its key.
    fn looks_up(&self, guard: NodeId) -> bool {
        let Kind::If { condition, .. } = self.tree.kind(guard) else { return false };
        self.tree.descendants(*condition).into_iter().any(|id| match self.tree.kind(id) {
            Kind::MethodCall { name, arguments, .. } => name.starts_with("get") && !arguments.is_empty(),
            _ => false,
        })
    }

    /// The arm for `None`, `Err` or the rest, where another arm takes what is there.
    fn is_missing(&self, arm: NodeId, pattern: &Pattern) -> bool {
        let rest = pattern.variant.is_none() && pattern.names.is_empty();
        let missing = matches!(pattern.variant.as_deref(), Some("None" | "Err")) || rest;
        let Some(parent) = self.tree.parent(arm) else { return false };
        let Kind::Match { scrutinee, arms } = self.tree.kind(parent) else { return false };
        let taken = arms.iter().any(|other| match self.tree.kind(*other) {
            Kind::Arm { pattern, body, .. } => {
                matches!(pattern.variant.as_deref(), Some("Some" | "Ok")) && !self.builds(*body)
            }
            _ => false,
        });
        missing && taken && self.forgetful_local(*scrutinee).is_none()
    }

    /// Whether a branch builds a client of its own: then it takes no kept one.
    fn builds(&self, branch: NodeId) -> bool {
        self.tree.descendants(branch).into_iter().any(|id| self.construction(id, Level::Inner).is_some())
    }

    fn is_missing_branch(&self, condition: NodeId, then: NodeId, otherwise: Option<NodeId>, child: NodeId) -> bool {
        match self.tree.kind(condition) {
            Kind::LetCondition { pattern, value } => {
                let taken = matches!(pattern.variant.as_deref(), Some("Some" | "Ok"));
                otherwise == Some(child)
                    && taken
                    && !self.builds(then)
                    && !self.is_choice(*value, child)
                    && self.forgetful_local(*value).is_none()
            }
            _ => {
                let asks = |word: &str| {
                    self.tree.descendants(condition).into_iter().any(|id| match self.tree.kind(id) {
                        Kind::MethodCall { receiver, name, .. } => {
                            name == word && self.forgetful_local(*receiver).is_none()
                        }
                        _ => false,
                    })
                };
                (then == child && asks("is_none")) || (otherwise == Some(child) && asks("is_some"))
            }
        }
    }

    /// Whether a branch is one of several things to do with what a caller passes, rather than the making of what is missing.
    fn is_choice(&self, value: NodeId, otherwise: NodeId) -> bool {
        let mut root = self.tree.peel(value);
        while let Kind::Field { base, .. } = self.tree.kind(root) {
            root = self.tree.peel(*base);
        }
        let is_part = root != self.tree.peel(value) && self.tree.path(root).is_some_and(|path| path != ["self"]);
        let is_param = match self.resolve(root) {
            Some(Entity::Local(local)) => is_part || self.names.local(local).bound == Bound::Param,
            _ => false,
        };
        is_param && !self.builds(otherwise)
    }

    pub(super) fn hands_back_kept(&self, statement: NodeId) -> bool {
        let Kind::If { condition, then, .. } = self.tree.kind(statement) else { return false };
        let Kind::LetCondition { pattern, value } = self.tree.kind(*condition) else { return false };
        pattern.variant.as_deref() == Some("Some")
            && self.forgetful_local(*value).is_none()
            && self.tree.descendants(*then).into_iter().any(|id| match self.tree.kind(id) {
                Kind::Return(Some(value)) => self.hands_back(*value, &pattern.names),
                _ => false,
            })
    }

    /// What is returned is what the pattern took out, not something else.
    fn hands_back(&self, value: NodeId, names: &[String]) -> bool {
        self.tree.descendants(value).into_iter().any(|id| match self.tree.kind(id) {
            Kind::Path(words) => words.len() == 1 && names.contains(&words[0]),
            _ => false,
        })
    }
}
