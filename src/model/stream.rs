//! Responses that are read piece by piece.

use super::SiteId;
use crate::source::Span;

/// A response that is read piece by piece.
#[derive(Debug, Clone)]
pub struct Stream {
    /// The client that sent the request, or the one-shot.
    pub site: SiteId,
    /// Attribute path of the call on the client: `messages.create`; empty for a one-shot.
    pub path: String,
    /// The call.
    pub call: Span,
    /// A `with` closes it.
    pub closed: bool,
    /// The loop that reads it, where that may be left before the end.
    pub left: Option<LeftLoop>,
}

/// A loop that may be left before its end.
#[derive(Debug, Clone, Copy)]
pub struct LeftLoop {
    /// Its head.
    pub head: Span,
    /// What leaves it: `break`, `return`.
    pub exit: Span,
}
