//! How deep syn's trees may get, told from the flat tokens before it reads them: tree-sitter sees no levels in the body of
//! a macro nor in broken text, and syn answers depth with an overflow of the stack that nothing can catch.

use crate::frontend::rust::gate::SYN_DEPTH;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Whether syn reads `tokens` without danger to the stack.
///
/// Each token that can open a level counts as one (an operator, a call, a field, a keyword in front of an expression), until
/// something ends all levels that are open. So it counts too many, never too few.
pub fn is_shallow(tokens: &TokenStream) -> bool {
    let mut open = vec![(tokens.clone().into_iter(), Run::default())];
    while let Some((rest, run)) = open.last_mut() {
        let Some(token) = rest.next() else {
            open.pop();
            continue;
        };
        run.add(&token);
        let inner = Run { depth: run.depth, start: run.depth, ..Run::default() };
        if run.depth > SYN_DEPTH {
            return false;
        }
        if let TokenTree::Group(group) = token {
            open.push((group.stream().into_iter(), inner));
        }
    }
    true
}

/// Tokens of one group since the last that ended all levels in it.
#[derive(Default)]
struct Run {
    /// Levels around the group.
    start: usize,
    depth: usize,
    last: Last,
    /// A comma may stand within a level: in `A<B, C>`, `|a, b| c`.
    holds_commas: bool,
}

/// What stood before.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Punct,
    /// The first half of `=>`, or of `==`.
    Equals,
    Hash,
    Braces,
}

impl Run {
    fn add(&mut self, token: &TokenTree) {
        if self.is_end(token) {
            (self.depth, self.holds_commas) = (self.start, false);
        }
        self.holds_commas |= matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '<' | '|'));
        self.depth += usize::from(self.opens(token));
        self.last = match token {
            TokenTree::Punct(punct) if punct.as_char() == '=' && punct.spacing() == Spacing::Joint => Last::Equals,
            TokenTree::Punct(punct) if punct.as_char() == '#' => Last::Hash,
            TokenTree::Punct(_) => Last::Punct,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Last::Braces,
            _ => Last::Other,
        };
    }

    /// A separator, an arrow behind a pattern, or the start of a statement or item behind braces.
    fn is_end(&self, token: &TokenTree) -> bool {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => true,
            TokenTree::Punct(punct) if punct.as_char() == ',' => !self.holds_commas,
            TokenTree::Punct(punct) if punct.as_char() == '#' => self.last == Last::Braces,
            TokenTree::Punct(punct) if punct.as_char() == '>' => self.last == Last::Equals,
            TokenTree::Ident(name) => self.last == Last::Braces && name != "else" && name != "as" && name != "in",
            _ => false,
        }
    }

    fn opens(&self, token: &TokenTree) -> bool {
        match token {
            TokenTree::Literal(_) => false,
            TokenTree::Punct(punct) if punct.as_char() == ':' => punct.spacing() == Spacing::Joint,
            TokenTree::Punct(punct) => !matches!(punct.as_char(), ',' | ';' | '#'),
            // The name behind a `.`, `::` or `=` belongs to it.
            TokenTree::Ident(_) => !matches!(self.last, Last::Punct | Last::Equals),
            // `#[..]` stands before a level, and is none.
            TokenTree::Group(_) => self.last != Last::Hash,
        }
    }
}
