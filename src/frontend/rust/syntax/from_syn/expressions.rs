//! Expressions.

use super::super::patterns::{is_test_only, pattern, qualified, range, span_of, word};
use super::super::{Kind, Literal, NodeId};
use super::{Reader, between};
use crate::source::Span;
use syn::visit;

impl Reader<'_> {
    pub(in super::super) fn expression(&mut self, of: &syn::Expr) -> NodeId {
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
                    syn::Member::Named(name) => (word(name), range(name.span())),
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
                let arms = of.arms.iter().filter(|arm| !is_test_only(&arm.attrs));
                let arms = arms.map(|arm| self.arm(arm, scrutinee)).collect();
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
        let fields = of.fields.iter().filter(|field| !is_test_only(&field.attrs)).map(|field| {
            let name = match &field.member {
                syn::Member::Named(name) => word(name),
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

/// What a literal says.
pub(in super::super) fn literal(of: &syn::Lit) -> Literal {
    match of {
        syn::Lit::Str(of) => Literal::Text(of.value()),
        syn::Lit::Int(of) => of.base10_parse().map_or(Literal::Other, Literal::Int),
        syn::Lit::Float(of) => of.base10_parse().map_or(Literal::Other, Literal::Float),
        syn::Lit::Bool(of) => Literal::Bool(of.value),
        _ => Literal::Other,
    }
}
