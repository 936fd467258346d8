//! Fills the arena from syn.

use super::patterns::{
    attributes, derives, imports, is_test_only, outline, pattern, pattern_type, qualified, range, span_of, words,
};
use super::{Function, Kind, Literal, NodeId, Param, Struct, Tree, Type};
use crate::source::Span;
use syn::visit::{self, Visit};

/// Reads `text`. Code under `#[cfg(test)]` is left out: tests are quiet.
///
/// # Errors
/// syn refuses the file.
pub fn read(text: &str) -> syn::Result<Tree> {
    let _spans = Spans;
    // A `#!` line is no Rust; as a comment it keeps all offsets.
    let commented = (text.starts_with("#!") && !text.starts_with("#![")).then(|| text.replacen("#!", "//", 1));
    let file = syn::parse_file(commented.as_deref().unwrap_or(text))?;
    let mut tree = Tree::default();
    let root = tree.open(None);
    let mut reader = Reader { tree, text, parent: root };
    reader.visit_file(&file);
    let mut tree = reader.tree;
    tree.close(root, Kind::File, Span::new(0, text.len()));
    Ok(tree)
}

/// The source map is kept per thread until somebody clears it.
struct Spans;

impl Drop for Spans {
    fn drop(&mut self) {
        proc_macro2::extra::invalidate_current_thread_spans();
    }
}

/// Fills the tree while syn's visitor walks; `parent` is the node that is being filled.
pub(super) struct Reader<'s> {
    pub(super) tree: Tree,
    pub(super) text: &'s str,
    pub(super) parent: NodeId,
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.item(item);
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        match item {
            syn::ImplItem::Fn(of) if !is_test_only(&of.attrs) => {
                self.function(&of.attrs, &of.sig, Some(&of.block));
            }
            syn::ImplItem::Const(of) => self.constant(&of.ident, &of.ty, &of.expr),
            syn::ImplItem::Macro(of) => _ = self.macro_call(&of.mac, true),
            _ => {}
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        if let syn::TraitItem::Fn(of) = item
            && let Some(body) = &of.default
        {
            self.function(&of.attrs, &of.sig, Some(body));
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
            syn::Item::Fn(of) if !is_test_only(&of.attrs) => {
                self.function(&of.attrs, &of.sig, Some(&of.block));
            }
            syn::Item::Mod(of) if !is_test_only(&of.attrs) => {
                let Some((braces, items)) = &of.content else { return };
                self.add(|reader, _| {
                    items.iter().for_each(|item| reader.item(item));
                    (Kind::Module { name: of.ident.to_string() }, range(braces.span.join()))
                });
            }
            syn::Item::Impl(of) if !is_test_only(&of.attrs) => {
                self.add(|reader, _| {
                    of.items.iter().for_each(|item| reader.visit_impl_item(item));
                    let kind = Kind::Impl {
                        of: outline(&of.self_ty),
                        of_trait: of.trait_.as_ref().map(|(path, _)| words(path)),
                        attributes: attributes(&of.attrs),
                    };
                    (kind, between(range(of.impl_token.span), range(of.brace_token.span.join())))
                });
            }
            syn::Item::Trait(of) => {
                self.add(|reader, _| {
                    of.items.iter().for_each(|item| reader.visit_trait_item(item));
                    (Kind::Trait { name: of.ident.to_string() }, range(of.brace_token.span.join()))
                });
            }
            syn::Item::Struct(of) => self.structure(&of.attrs, &of.ident, Some(&of.fields)),
            syn::Item::Enum(of) => self.structure(&of.attrs, &of.ident, None),
            syn::Item::Static(of) if !is_test_only(&of.attrs) => self.constant(&of.ident, &of.ty, &of.expr),
            syn::Item::Const(of) if !is_test_only(&of.attrs) => self.constant(&of.ident, &of.ty, &of.expr),
            syn::Item::Type(of) => {
                self.add(|_, _| {
                    (Kind::Alias { name: of.ident.to_string(), of: outline(&of.ty) }, range(of.ident.span()))
                });
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
                    let import = super::Import { name: Some(name.to_string()), path: vec![of.ident.to_string()] };
                    self.add(|_, _| (Kind::Use(vec![import]), range(of.ident.span())));
                }
            }
            syn::Item::Macro(of) if of.ident.is_none() => _ = self.macro_call(&of.mac, true),
            _ => {}
        }
    }

    fn function(&mut self, attrs: &[syn::Attribute], signature: &syn::Signature, body: Option<&syn::Block>) -> NodeId {
        self.add(|reader, _| {
            let body = body.map(|body| reader.block(body));
            let start = range(signature.fn_token.span);
            let end = body.map_or(range(signature.ident.span()), |body| reader.tree.span(body));
            let params = signature.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(of) => Some(Param { pattern: pattern(&of.pat), of: Some(outline(&of.ty)) }),
                syn::FnArg::Receiver(_) => None,
            });
            let function = Function {
                name: signature.ident.to_string(),
                name_span: range(signature.ident.span()),
                params: params.collect(),
                output: match &signature.output {
                    syn::ReturnType::Type(_, of) => Some(outline(of)),
                    syn::ReturnType::Default => None,
                },
                is_async: signature.asyncness.is_some(),
                attributes: attributes(attrs),
                body,
            };
            (Kind::Function(Box::new(function)), between(start, end))
        })
    }

    fn structure(&mut self, attrs: &[syn::Attribute], name: &syn::Ident, fields: Option<&syn::Fields>) {
        let fields = fields.into_iter().flatten().enumerate().map(|(at, field)| {
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
            (name, outline(&field.ty))
        });
        let of = Struct { name: name.to_string(), fields: fields.collect(), derives: derives(attrs) };
        self.add(|_, _| (Kind::Struct(Box::new(of)), range(name.span())));
    }

    fn constant(&mut self, name: &syn::Ident, of: &syn::Type, value: &syn::Expr) {
        self.add(|reader, _| {
            let value = reader.expression(value);
            let span = between(range(name.span()), reader.tree.span(value));
            (Kind::Static { name: name.to_string(), of: Some(outline(of)), value: Some(value) }, span)
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

    pub(super) fn expression(&mut self, of: &syn::Expr) -> NodeId {
        match of {
            syn::Expr::Macro(of) => self.macro_call(&of.mac, false),
            syn::Expr::Block(of) => self.block(&of.block),
            syn::Expr::Unsafe(of) => self.block(&of.block),
            syn::Expr::Const(of) => self.block(&of.block),
            syn::Expr::Group(of) => self.expression(&of.expr),
            _ => self.add(|reader, _| reader.fill(of)),
        }
    }

    /// Adds the parts of an expression to the node that is open, and says what it is.
    fn fill(&mut self, of: &syn::Expr) -> (Kind, Span) {
        match of {
            syn::Expr::Path(of) => (Kind::Path(qualified(of.qself.as_ref(), &of.path)), span_of(of)),
            syn::Expr::Lit(of) => (Kind::Literal(literal(&of.lit)), range(of.lit.span())),
            syn::Expr::Call(of) => {
                let function = self.expression(&of.func);
                let arguments = self.expressions(&of.args);
                let span = between(self.tree.span(function), range(of.paren_token.span.close()));
                (Kind::Call { function, arguments }, span)
            }
            syn::Expr::MethodCall(of) => {
                let receiver = self.expression(&of.receiver);
                let arguments = self.expressions(&of.args);
                let span = between(self.tree.span(receiver), range(of.paren_token.span.close()));
                (Kind::MethodCall { receiver, name: of.method.to_string(), arguments }, span)
            }
            syn::Expr::Field(of) => {
                let base = self.expression(&of.base);
                let (name, end) = match &of.member {
                    syn::Member::Named(name) => (name.to_string(), range(name.span())),
                    syn::Member::Unnamed(index) => (index.index.to_string(), range(index.span)),
                };
                (Kind::Field { base, name }, between(self.tree.span(base), end))
            }
            syn::Expr::Reference(of) => self.through(&of.expr, Some(range(of.and_token.span)), None),
            syn::Expr::Paren(of) => self.through(&of.expr, Some(range(of.paren_token.span.join())), None),
            syn::Expr::Try(of) => self.through(&of.expr, None, Some(range(of.question_token.span))),
            syn::Expr::Await(of) => self.through(&of.base, None, Some(range(of.await_token.span))),
            syn::Expr::Cast(of) => self.through(&of.expr, None, Some(span_of(&of.ty))),
            syn::Expr::Unary(of) => self.unary(of),
            syn::Expr::Binary(of) => self.binary(of),
            syn::Expr::Struct(of) => self.struct_literal(of),
            syn::Expr::Closure(of) => self.closure(of),
            syn::Expr::Async(of) => {
                let body = self.block(&of.block);
                (Kind::Async, between(range(of.async_token.span), self.tree.span(body)))
            }
            syn::Expr::Assign(of) => {
                let (target, value) = (self.expression(&of.left), self.expression(&of.right));
                (Kind::Assign { target, value }, between(self.tree.span(target), self.tree.span(value)))
            }
            syn::Expr::Return(of) => {
                let value = of.expr.as_ref().map(|value| self.expression(value));
                (Kind::Return(value), self.up_to(range(of.return_token.span), value))
            }
            syn::Expr::Break(of) => {
                let value = of.expr.as_ref().map(|value| self.expression(value));
                (Kind::Break, self.up_to(range(of.break_token.span), value))
            }
            syn::Expr::Continue(of) => (Kind::Continue, range(of.continue_token.span)),
            syn::Expr::Tuple(of) => {
                self.expressions(&of.elems);
                (Kind::List, range(of.paren_token.span.join()))
            }
            syn::Expr::Array(of) => {
                self.expressions(&of.elems);
                (Kind::List, range(of.bracket_token.span.join()))
            }
            _ => self.fill_control(of),
        }
    }

    fn fill_control(&mut self, of: &syn::Expr) -> (Kind, Span) {
        match of {
            syn::Expr::If(of) => {
                let condition = self.expression(&of.cond);
                let then = self.block(&of.then_branch);
                let otherwise = of.else_branch.as_ref().map(|(_, otherwise)| self.expression(otherwise));
                let end = self.tree.span(otherwise.unwrap_or(then));
                (Kind::If { condition, then, otherwise }, between(range(of.if_token.span), end))
            }
            syn::Expr::Let(of) => {
                let value = self.expression(&of.expr);
                let span = between(range(of.let_token.span), self.tree.span(value));
                (Kind::LetCondition { pattern: pattern(&of.pat), value }, span)
            }
            syn::Expr::Match(of) => {
                let scrutinee = self.expression(&of.expr);
                let arms = of.arms.iter().map(|arm| self.arm(arm, scrutinee)).collect();
                let span = between(range(of.match_token.span), range(of.brace_token.span.close()));
                (Kind::Match { scrutinee, arms }, span)
            }
            syn::Expr::ForLoop(of) => {
                let iterated = self.expression(&of.expr);
                let body = self.block(&of.body);
                let span = between(range(of.for_token.span), self.tree.span(body));
                (Kind::For { pattern: pattern(&of.pat), iterated, body }, span)
            }
            syn::Expr::While(of) => {
                let condition = self.expression(&of.cond);
                let body = self.block(&of.body);
                (Kind::While { condition, body }, between(range(of.while_token.span), self.tree.span(body)))
            }
            syn::Expr::Loop(of) => {
                let body = self.block(&of.body);
                (Kind::Loop { body }, between(range(of.loop_token.span), self.tree.span(body)))
            }
            _ => {
                visit::visit_expr(self, of);
                (Kind::Other, span_of(of))
            }
        }
    }

    fn expressions<'e>(&mut self, of: impl IntoIterator<Item = &'e syn::Expr>) -> Vec<NodeId> {
        of.into_iter().map(|part| self.expression(part)).collect()
    }

    fn through(&mut self, of: &syn::Expr, start: Option<Span>, end: Option<Span>) -> (Kind, Span) {
        let inner = self.expression(of);
        let own = self.tree.span(inner);
        (
            Kind::Through(inner),
            between(start.unwrap_or(own), end.or(start).filter(|end| end.end > own.end).unwrap_or(own)),
        )
    }

    fn unary(&mut self, of: &syn::ExprUnary) -> (Kind, Span) {
        let inner = self.expression(&of.expr);
        let span = between(span_of(&of.op), self.tree.span(inner));
        match (&of.op, self.tree.kind(inner)) {
            (syn::UnOp::Deref(_), _) => (Kind::Through(inner), span),
            (syn::UnOp::Neg(_), Kind::Literal(Literal::Int(number))) => (Kind::Literal(Literal::Int(-number)), span),
            _ => (Kind::Other, span),
        }
    }

    fn binary(&mut self, of: &syn::ExprBinary) -> (Kind, Span) {
        let (left, right) = (self.expression(&of.left), self.expression(&of.right));
        let span = between(self.tree.span(left), self.tree.span(right));
        let operator = match of.op {
            syn::BinOp::Add(_) => '+',
            syn::BinOp::Mul(_) => '*',
            _ => return (Kind::Other, span),
        };
        (Kind::Binary { operator, left, right }, span)
    }

    fn struct_literal(&mut self, of: &syn::ExprStruct) -> (Kind, Span) {
        let fields = of.fields.iter().map(|field| {
            let name = match &field.member {
                syn::Member::Named(name) => name.to_string(),
                syn::Member::Unnamed(index) => index.index.to_string(),
            };
            (name, self.expression(&field.expr))
        });
        let fields = fields.collect();
        if let Some(rest) = &of.rest {
            self.expression(rest);
        }
        let path = qualified(of.qself.as_ref(), &of.path);
        let span = between(span_of(&of.path), range(of.brace_token.span.close()));
        (Kind::StructLiteral { path, fields }, span)
    }

    fn closure(&mut self, of: &syn::ExprClosure) -> (Kind, Span) {
        let body = self.expression(&of.body);
        let params = of.inputs.iter().map(pattern).collect();
        let span = between(range(of.inputs_begin.span), self.tree.span(body));
        (Kind::Closure { params, body, is_async: of.asyncness.is_some() }, span)
    }

    fn arm(&mut self, of: &syn::Arm, scrutinee: NodeId) -> NodeId {
        self.add(|reader, _| {
            if let syn::Pat::Guard(guard) = &of.pat {
                reader.expression(&guard.guard);
            }
            let body = reader.expression(&of.body);
            let span = between(range(of.fat_arrow_token.spans[0]), reader.tree.span(body));
            (Kind::Arm { pattern: pattern(&of.pat), scrutinee, body }, span)
        })
    }

    fn up_to(&self, start: Span, end: Option<NodeId>) -> Span {
        end.map_or(start, |end| between(start, self.tree.span(end)))
    }
}

/// From the start of one to the end of the other.
pub(super) fn between(start: Span, end: Span) -> Span {
    Span::new(start.start, end.end.max(start.end))
}

fn literal(of: &syn::Lit) -> Literal {
    match of {
        syn::Lit::Str(of) => Literal::Text(of.value()),
        syn::Lit::Int(of) => of.base10_parse().map_or(Literal::Other, Literal::Int),
        syn::Lit::Float(of) => of.base10_parse().map_or(Literal::Other, Literal::Float),
        syn::Lit::Bool(of) => Literal::Bool(of.value),
        _ => Literal::Other,
    }
}

/// A type named by one path, for macros that name one.
pub(super) fn type_of(of: &syn::Type) -> Type {
    outline(of)
}
