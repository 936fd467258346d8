//! Bodies of macros: syn takes them for flat tokens, yet calls stand in them.
//!
//! What is known of a macro says how its body reads; else the usual shapes are tried in turn, and where none fits
//! tree-sitter, which finds the calls in anything.

use super::from_syn::{Reader, between};
use super::patterns::{is_test_text, outline, pattern, range, word, words};
use super::{Kind, NodeId, from_tree, nesting};
use crate::source::Span;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

/// Bodies that are generated text, patterns or names: nothing in them runs where it stands.
const OPAQUE: &[&str] = &[
    "quote",
    "quote_spanned",
    "parse_quote",
    "parse_quote_spanned",
    "format_ident",
    "macro_rules",
    "stringify",
    "include_str",
    "include_bytes",
    "include",
    "concat",
    "env",
    "option_env",
    "module_path",
    "sql",
    "query",
    "query_as",
    "asm",
    "global_asm",
    "unimplemented",
    "todo",
    "unreachable",
];

/// Whether nothing in the macro's body runs where it stands.
pub(super) fn is_opaque(name: &str) -> bool {
    OPAQUE.contains(&name)
}

impl Reader<'_> {
    /// Adds a macro call. Where items may stand, its body is read as items first.
    pub(super) fn macro_call(&mut self, of: &syn::Macro, is_item: bool) -> NodeId {
        let path = words(&of.path);
        let name = path.last().cloned().unwrap_or_default();
        let close = match &of.delimiter {
            syn::MacroDelimiter::Paren(of) => range(of.span.close()),
            syn::MacroDelimiter::Brace(of) => range(of.span.close()),
            syn::MacroDelimiter::Bracket(of) => range(of.span.close()),
        };
        let start = of.path.segments.first().map_or(close, |first| range(first.ident.span()));
        let id = self.tree.open(Some(self.parent));
        if !is_opaque(&name) && !of.tokens.is_empty() {
            let outer = std::mem::replace(&mut self.parent, id);
            self.body(&name, &of.tokens, is_item);
            self.parent = outer;
        }
        if matches!(name.as_str(), "env" | "option_env")
            && let Some(TokenTree::Literal(literal)) = of.tokens.clone().into_iter().next()
            && let Ok(variable) = syn::parse2::<Expr>(TokenTree::Literal(literal).into())
        {
            let outer = std::mem::replace(&mut self.parent, id);
            self.expression(&variable);
            self.parent = outer;
        }
        self.tree.close(id, Kind::Macro { path }, between(start, close))
    }

    fn body(&mut self, name: &str, tokens: &TokenStream, is_item: bool) {
        if !nesting::is_shallow(tokens) {
            return self.any(tokens);
        }
        let known = match name {
            "select" | "select_biased" => self.select(tokens),
            "lazy_static" | "thread_local" | "thread_local_static" => self.statics(tokens),
            "cfg_if" => self.branches(tokens, is_item),
            "matches" | "assert_matches" => return self.matched(tokens),
            _ => is_item && self.items(tokens),
        };
        let known = known || (is_named(tokens) && self.named_list(tokens));
        if !known && !self.list(tokens) && !self.block_of(tokens) && !self.named_list(tokens) {
            self.any(tokens);
        }
    }

    /// What `matches!` holds against its pattern.
    fn matched(&mut self, tokens: &TokenStream) {
        let comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        let first = tokens.clone().into_iter().take_while(|token| !comma(token)).collect();
        if let Ok(expression) = syn::parse2::<Expr>(first) {
            self.expression(&expression);
        }
    }

    /// `a, b`, `a; b`, `biased; a, b`.
    fn list(&mut self, tokens: &TokenStream) -> bool {
        let comma = |input: ParseStream<'_>| {
            if input.peek(syn::Ident) && input.peek2(Token![;]) {
                input.parse::<syn::Ident>()?;
                input.parse::<Token![;]>()?;
            }
            Punctuated::<Expr, Token![,]>::parse_terminated(input)
        };
        let read = comma.parse2(tokens.clone()).map(|list| list.into_iter().collect::<Vec<_>>());
        let read = read.or_else(|_| {
            let semicolon = |input: ParseStream<'_>| Punctuated::<Expr, Token![;]>::parse_separated_nonempty(input);
            semicolon.parse2(tokens.clone()).map(|list| list.into_iter().collect())
        });
        let Ok(list) = read else { return false };
        list.iter().for_each(|part| _ = self.expression(part));
        true
    }

    /// Statements, as in `try_stream!`.
    fn block_of(&mut self, tokens: &TokenStream) -> bool {
        let Ok(statements) = syn::Block::parse_within.parse2(tokens.clone()) else { return false };
        self.add(|reader, _| {
            let tail = reader.statements(&statements);
            (Kind::Block { tail }, span_of_tokens(tokens))
        });
        true
    }

    /// `name = a, %b, ?c, "text {}", d`, as in `info!`.
    fn named_list(&mut self, tokens: &TokenStream) -> bool {
        let all = |input: ParseStream<'_>| Punctuated::<Named, Token![,]>::parse_terminated(input);
        let Ok(list) = all.parse2(tokens.clone()) else { return false };
        for of in list {
            match of.name {
                Some(name) => {
                    self.add(|reader, _| {
                        let value = reader.expression(&of.value);
                        let span = between(range(name.span()), reader.tree.span(value));
                        (Kind::Named { name: word(&name), value }, span)
                    });
                }
                None => _ = self.expression(&of.value),
            }
        }
        true
    }

    fn items(&mut self, tokens: &TokenStream) -> bool {
        let Ok(file) = syn::parse2::<syn::File>(tokens.clone()) else { return false };
        syn::visit::Visit::visit_file(self, &file);
        true
    }

    fn statics(&mut self, tokens: &TokenStream) -> bool {
        let all = |input: ParseStream<'_>| {
            let mut found = Vec::new();
            while !input.is_empty() {
                found.push(input.parse::<Static>()?);
            }
            Ok(found)
        };
        let Ok(statics) = all.parse2(tokens.clone()) else { return false };
        for of in statics {
            self.add(|reader, _| {
                let value = reader.expression(&of.value);
                let span = between(range(of.name.span()), reader.tree.span(value));
                (Kind::Static { name: word(&of.name), of: Some(outline(&of.of)), value: Some(value) }, span)
            });
        }
        true
    }

    /// `if #[cfg(..)] { .. } else if #[cfg(..)] { .. } else { .. }`.
    fn branches(&mut self, tokens: &TokenStream, is_item: bool) -> bool {
        let (mut bodies, mut is_test) = (Vec::new(), false);
        for token in tokens.clone() {
            let TokenTree::Group(group) = token else { continue };
            match group.delimiter() {
                Delimiter::Bracket => is_test = is_test_text(&group.stream().to_string()),
                Delimiter::Brace if !std::mem::take(&mut is_test) => bodies.push(group.stream()),
                _ => {}
            }
        }
        for body in &bodies {
            let read = (is_item && self.items(body)) || self.block_of(body);
            if !read {
                self.any(body);
            }
        }
        true
    }

    fn select(&mut self, tokens: &TokenStream) -> bool {
        let Ok(Select(branches)) = syn::parse2(tokens.clone()) else { return false };
        for branch in branches {
            let scrutinee = branch.awaited.as_ref().map(|awaited| self.expression(awaited));
            if let Some(guard) = &branch.guard {
                self.expression(guard);
            }
            match (scrutinee, &branch.bound) {
                (Some(scrutinee), Some(bound)) => {
                    self.add(|reader, _| {
                        let body = reader.expression(&branch.handler);
                        (Kind::Arm { pattern: pattern(bound), scrutinee, body }, reader.tree.span(body))
                    });
                }
                _ => _ = self.expression(&branch.handler),
            }
        }
        true
    }

    /// Whatever it is: tree-sitter finds the calls in it.
    fn any(&mut self, tokens: &TokenStream) {
        let span = span_of_tokens(tokens);
        let calls = self.text.get(span.start..span.end).is_some_and(|text| text.contains('('));
        if calls {
            from_tree::graft(self.text, span, self.parent, &mut self.tree, self.deadline);
        }
    }
}

fn span_of_tokens(tokens: &TokenStream) -> Span {
    let mut spans = tokens.clone().into_iter().map(|token| range(token.span()));
    let Some(first) = spans.next() else { return Span::default() };
    between(first, spans.last().unwrap_or(first))
}

/// Whether `name =` stands where an argument begins.
fn is_named(tokens: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_punct = |at: usize, char: char| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == char && punct.spacing() == Spacing::Alone,
        _ => false,
    };
    tokens.iter().enumerate().any(|(at, token)| {
        let begins = at == 0 || is_punct(at - 1, ',') || is_punct(at - 1, '.');
        begins && matches!(token, TokenTree::Ident(_)) && is_punct(at + 1, '=')
    })
}

/// `value`, `%value`, `name = value`, `a.b = ?value`, `target: value`.
struct Named {
    name: Option<syn::Ident>,
    value: Expr,
}

impl Parse for Named {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
            input.parse::<syn::Ident>()?;
            input.parse::<Token![:]>()?;
        }
        sigils(input)?;
        let ahead = input.fork();
        let name = match name(&ahead) {
            Ok(_) => Some(name(input)?),
            Err(_) => None,
        };
        sigils(input)?;
        Ok(Self { name, value: input.parse()? })
    }
}

fn sigils(input: ParseStream<'_>) -> syn::Result<()> {
    while input.peek(Token![%]) || input.peek(Token![?]) {
        input.parse::<proc_macro2::Punct>()?;
    }
    Ok(())
}

/// `name =`, `a.b =`.
fn name(input: ParseStream<'_>) -> syn::Result<syn::Ident> {
    let mut name = input.parse::<syn::Ident>()?;
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        name = input.parse()?;
    }
    if input.peek(Token![==]) || input.peek(Token![=>]) {
        return Err(input.error("no name"));
    }
    input.parse::<Token![=]>()?;
    Ok(name)
}

/// `pub static ref NAME: T = value;`.
struct Static {
    name: syn::Ident,
    of: syn::Type,
    value: Expr,
}

impl Parse for Static {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(syn::Attribute::parse_outer)?;
        input.parse::<syn::Visibility>()?;
        input.parse::<Token![static]>()?;
        input.parse::<Option<Token![ref]>>()?;
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let of = input.parse()?;
        input.parse::<Token![=]>()?;
        if input.peek(Token![const]) && input.peek2(syn::token::Brace) {
            input.parse::<Token![const]>()?;
        }
        let value = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(Self { name, of, value })
    }
}

/// One branch of `select!`.
struct Branch {
    bound: Option<syn::Pat>,
    awaited: Option<Expr>,
    guard: Option<Expr>,
    handler: Expr,
}

struct Select(Vec<Branch>);

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let biased = input.peek(syn::Ident) && input.peek2(Token![;]);
        if biased {
            input.parse::<syn::Ident>()?;
            input.parse::<Token![;]>()?;
        }
        let mut branches = Vec::new();
        while !input.is_empty() {
            branches.push(branch(input)?);
        }
        Ok(Self(branches))
    }
}

fn branch(input: ParseStream<'_>) -> syn::Result<Branch> {
    let plain = |input: ParseStream<'_>| -> syn::Result<Branch> {
        // `else => handler`, `complete => handler`.
        if input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
        } else {
            input.parse::<syn::Ident>()?;
        }
        Ok(Branch { bound: None, awaited: None, guard: None, handler: handler(input)? })
    };
    if input.peek(Token![else]) || (input.peek(syn::Ident) && input.peek2(Token![=>])) {
        return plain(input);
    }
    let bound = syn::Pat::parse_multi_with_leading_vert(input)?;
    input.parse::<Token![=]>()?;
    let awaited = input.parse()?;
    let guard = if input.peek(Token![,]) && input.peek2(Token![if]) {
        input.parse::<Token![,]>()?;
        input.parse::<Token![if]>()?;
        Some(input.parse()?)
    } else {
        None
    };
    Ok(Branch { bound: Some(bound), awaited: Some(awaited), guard, handler: handler(input)? })
}

/// `=> { .. }`, `=> expression,`.
fn handler(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse::<Token![=>]>()?;
    let handler = match input.peek(syn::token::Brace) {
        true => Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: input.parse()? }),
        false => input.parse()?,
    };
    input.parse::<Option<Token![,]>>()?;
    Ok(handler)
}
