//! Fills the arena from syn.

mod attributes;
mod expressions;

pub(super) use expressions::literal;

use super::patterns::{self, derives, imports, is_test_only, outline, pattern, pattern_type, range, word, words};
use super::{Function, Kind, NodeId, Param, Struct, Tree, nesting};
use crate::frontend::rust::gate::Gate;
use crate::source::Span;
use proc_macro2::TokenStream;
use std::time::Instant;
use syn::visit::Visit;

/// Reads `text`, if syn does. Code under `#[cfg(test)]` is left out: tests are quiet.
pub fn read(text: &str, gate: &Gate) -> Option<Tree> {
    // A `#!` line is no Rust; as a comment it keeps all offsets.
    let commented = (text.starts_with("#!") && !text.starts_with("#![")).then(|| text.replacen("#!", "//", 1));
    let tokens: TokenStream = commented.as_deref().unwrap_or(text).parse().ok()?;
    // Broken text may be deeper than tree-sitter's tree.
    if !gate.broken.is_empty() && !nesting::is_shallow(&tokens) {
        return None;
    }
    let file: syn::File = syn::parse2(tokens).ok()?;
    let mut tree = Tree::default();
    let root = tree.open(None);
    let mut reader = Reader { tree, text, parent: root, deadline: gate.deadline };
    if !is_test_only(&file.attrs) {
        reader.visit_file(&file);
    }
    let mut tree = reader.tree;
    tree.close(root, Kind::File, Span::new(0, text.len()));
    Some(tree)
}

/// Fills the tree while syn's visitor walks; `parent` is the node that is being filled.
pub(super) struct Reader<'s> {
    pub(super) tree: Tree,
    pub(super) text: &'s str,
    pub(super) parent: NodeId,
    pub(super) deadline: Instant,
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.item(item);
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        match item {
            _ if is_test_only(attributes::of_impl_item(item)) => {}
            syn::ImplItem::Fn(of) => {
                self.function(&of.attrs, Some(&of.vis), &of.sig, &of.block);
            }
            syn::ImplItem::Const(of) => self.constant(&of.ident, &of.ty, &of.expr),
            syn::ImplItem::Macro(of) => _ = self.macro_call(&of.mac, true),
            _ => {}
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        if let syn::TraitItem::Fn(of) = item
            && let Some(body) = &of.default
            && !is_test_only(&of.attrs)
        {
            self.function(&of.attrs, None, &of.sig, body);
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.block(block);
    }

    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        self.statement(statement);
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        self.expression(expression);
    }

    // Types and attributes hold no calls that run.
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

impl Reader<'_> {
    /// Opens a node below the present one, lets `fill` add its parts, and closes it with what `fill` says it is.
    pub(super) fn add(&mut self, fill: impl FnOnce(&mut Self, NodeId) -> (Kind, Span)) -> NodeId {
        let id = self.tree.open(Some(self.parent));
        let outer = std::mem::replace(&mut self.parent, id);
        let (kind, span) = fill(self, id);
        self.parent = outer;
        self.tree.close(id, kind, span)
    }

    fn item(&mut self, item: &syn::Item) {
        match item {
            _ if is_test_only(attributes::of_item(item)) => {}
            syn::Item::Fn(of) => {
                self.function(&of.attrs, Some(&of.vis), &of.sig, &of.block);
            }
            syn::Item::Mod(of) => {
                let Some((braces, items)) = &of.content else { return };
                self.add(|reader, _| {
                    items.iter().for_each(|item| reader.item(item));
                    (Kind::Module { name: word(&of.ident) }, range(braces.span.join()))
                });
            }
            syn::Item::Impl(of) => {
                self.add(|reader, _| {
                    of.items.iter().for_each(|item| reader.visit_impl_item(item));
                    let kind = Kind::Impl {
                        of: outline(&of.self_ty),
                        of_trait: of.trait_.as_ref().map(|(path, _)| words(path)),
                        attributes: patterns::attributes(&of.attrs),
                    };
                    (kind, between(range(of.impl_token.span), range(of.brace_token.span.join())))
                });
            }
            syn::Item::Trait(of) => {
                self.add(|reader, _| {
                    of.items.iter().for_each(|item| reader.visit_trait_item(item));
                    (Kind::Trait { name: word(&of.ident) }, range(of.brace_token.span.join()))
                });
            }
            syn::Item::Struct(of) => self.structure(&of.attrs, &of.ident, Some(&of.fields)),
            syn::Item::Enum(of) => self.structure(&of.attrs, &of.ident, None),
            syn::Item::Union(of) => self.structure(&of.attrs, &of.ident, None),
            syn::Item::Static(of) => self.constant(&of.ident, &of.ty, &of.expr),
            syn::Item::Const(of) => self.constant(&of.ident, &of.ty, &of.expr),
            syn::Item::Type(of) => {
                self.add(|_, _| (Kind::Alias { name: word(&of.ident), of: outline(&of.ty) }, range(of.ident.span())));
            }
            syn::Item::Use(of) => {
                self.add(|_, _| {
                    let mut found = Vec::new();
                    imports(&of.tree, &[], &mut found);
                    (Kind::Use(found), range(of.use_token.span))
                });
            }
            syn::Item::ExternCrate(of) => {
                if let Some((_, name)) = &of.rename {
                    let import = super::Import { name: Some(word(name)), path: vec![word(&of.ident)] };
                    self.add(|_, _| (Kind::Use(vec![import]), range(of.ident.span())));
                }
            }
            syn::Item::Macro(of) if of.ident.is_none() => _ = self.macro_call(&of.mac, true),
            _ => {}
        }
    }

    fn function(
        &mut self,
        attrs: &[syn::Attribute],
        visibility: Option<&syn::Visibility>,
        signature: &syn::Signature,
        body: &syn::Block,
    ) -> NodeId {
        self.add(|reader, _| {
            let body = reader.block(body);
            let (start, end) = (range(signature.fn_token.span), reader.tree.span(body));
            let params = signature.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(of) => Some(Param { pattern: pattern(&of.pat), of: Some(outline(&of.ty)) }),
                syn::FnArg::Receiver(_) => None,
            });
            let function = Function {
                name: word(&signature.ident),
                name_span: range(signature.ident.span()),
                params: params.collect(),
                output: match &signature.output {
                    syn::ReturnType::Type(_, of) => Some(outline(of)),
                    syn::ReturnType::Default => None,
                },
                is_async: signature.asyncness.is_some(),
                is_public: matches!(visibility, Some(syn::Visibility::Public(_) | syn::Visibility::Restricted(_))),
                has_receiver: signature.receiver().is_some(),
                attributes: patterns::attributes(attrs),
                body: Some(body),
            };
            (Kind::Function(Box::new(function)), between(start, end))
        })
    }

    fn structure(&mut self, attrs: &[syn::Attribute], name: &syn::Ident, fields: Option<&syn::Fields>) {
        let fields =
            fields.into_iter().flatten().filter(|field| !is_test_only(&field.attrs)).enumerate().map(|(at, field)| {
                let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
                (name, outline(&field.ty))
            });
        let of = Struct { name: word(name), fields: fields.collect(), derives: derives(attrs) };
        self.add(|_, _| (Kind::Struct(Box::new(of)), range(name.span())));
    }

    fn constant(&mut self, name: &syn::Ident, of: &syn::Type, value: &syn::Expr) {
        self.add(|reader, _| {
            let value = reader.expression(value);
            let span = between(range(name.span()), reader.tree.span(value));
            (Kind::Static { name: word(name), of: Some(outline(of)), value: Some(value) }, span)
        });
    }

    pub(super) fn block(&mut self, block: &syn::Block) -> NodeId {
        self.add(|reader, _| {
            let tail = reader.statements(&block.stmts);
            (Kind::Block { tail }, range(block.brace_token.span.join()))
        })
    }

    /// Adds statements; the node of the last one where it is the block's value.
    pub(super) fn statements(&mut self, statements: &[syn::Stmt]) -> Option<NodeId> {
        let mut tail = None;
        for statement in statements {
            tail = self.statement(statement);
        }
        tail
    }

    /// Adds a statement; the node of its value, if it is an expression without a semicolon.
    fn statement(&mut self, statement: &syn::Stmt) -> Option<NodeId> {
        match statement {
            _ if is_test_only(attributes::of_statement(statement)) => None,
            syn::Stmt::Local(of) => {
                self.local(of);
                None
            }
            syn::Stmt::Item(of) => {
                self.item(of);
                None
            }
            syn::Stmt::Expr(of, semicolon) => {
                let id = self.expression(of);
                semicolon.is_none().then_some(id)
            }
            syn::Stmt::Macro(of) => {
                let id = self.macro_call(&of.mac, false);
                of.semi_token.is_none().then_some(id)
            }
        }
    }

    fn local(&mut self, of: &syn::Local) {
        self.add(|reader, _| {
            let value = of.init.as_ref().map(|init| reader.expression(&init.expr));
            if let Some((_, otherwise)) = of.init.as_ref().and_then(|init| init.diverge.as_ref()) {
                reader.expression(otherwise);
            }
            let kind = Kind::Let { pattern: pattern(&of.pat), of: pattern_type(&of.pat), value };
            (kind, between(range(of.let_token.span), range(of.semi_token.span)))
        });
    }
}

/// From the start of one to the end of the other.
pub(super) fn between(start: Span, end: Span) -> Span {
    Span::new(start.start, end.end.max(start.end))
}
