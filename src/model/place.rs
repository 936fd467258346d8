//! Where an expression runs: its function, the repetitions around it, what has to hold.

use super::{Condition, FunctionId};
use crate::source::Span;

/// Where an expression runs.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Span of the expression.
    pub span: Span,
    /// Enclosing function; `None` at module level.
    pub function: Option<FunctionId>,
    /// Enclosing repetitions within the function, outermost first.
    pub repeats: Vec<Repeat>,
    /// In an async function or block: what blocks here blocks an executor.
    pub is_async: bool,
    /// What has to hold of the function's parameters for it to run, as far as that is known.
    pub conditions: Vec<Condition>,
    /// In a branch for what seldom happens: an exception, what leads to one, a request that was refused.
    pub is_rare: bool,
    /// What the code has besides, where it chooses or fails.
    pub fallback: Option<Fallback>,
}

/// Another way of the code, which may well be there because this one cannot always be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fallback {
    /// It runs under a condition.
    Branch,
    /// What it raises where something is missing or has other arguments is caught.
    Handler,
}

/// One repetition around an expression.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// Kind of repetition.
    pub kind: RepeatKind,
    /// The loop's head (`for url in urls`), for labels.
    pub head: Span,
    /// Whole loop.
    pub span: Span,
    /// Names that the loop binds.
    pub binds: Vec<String>,
    /// It sleeps in each turn, so that set-up between two turns is hardly noticed.
    pub pauses: bool,
}

/// Kinds of repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatKind {
    /// `for`, `while`, `loop`.
    Loop,
    /// Comprehension, generator expression, iterator closure.
    Comprehension,
    /// A loop that repeats only after a failure.
    Retry,
    /// A loop that waits in each turn for a person, or for longer than a connection is kept.
    Paced,
}

impl Repeat {
    /// Whether it repeats for the sake of the work, as fast as it can.
    pub fn is_real(&self) -> bool {
        matches!(self.kind, RepeatKind::Loop | RepeatKind::Comprehension)
    }
}
