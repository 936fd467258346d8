//! Attributes of whatever may carry them.

use syn::{Attribute, Expr, ImplItem, Item, Stmt};

pub fn of_item(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(of) => &of.attrs,
        Item::Enum(of) => &of.attrs,
        Item::ExternCrate(of) => &of.attrs,
        Item::Fn(of) => &of.attrs,
        Item::Impl(of) => &of.attrs,
        Item::Macro(of) => &of.attrs,
        Item::Mod(of) => &of.attrs,
        Item::Static(of) => &of.attrs,
        Item::Struct(of) => &of.attrs,
        Item::Trait(of) => &of.attrs,
        Item::Type(of) => &of.attrs,
        Item::Union(of) => &of.attrs,
        Item::Use(of) => &of.attrs,
        _ => &[],
    }
}

pub fn of_impl_item(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Const(of) => &of.attrs,
        ImplItem::Fn(of) => &of.attrs,
        ImplItem::Macro(of) => &of.attrs,
        ImplItem::Type(of) => &of.attrs,
        _ => &[],
    }
}

pub fn of_statement(statement: &Stmt) -> &[Attribute] {
    match statement {
        Stmt::Local(of) => &of.attrs,
        Stmt::Item(of) => of_item(of),
        Stmt::Expr(of, _) => of_expression(of),
        Stmt::Macro(of) => &of.attrs,
    }
}

/// syn gives the attributes of a statement to what stands leftmost in it.
fn of_expression(mut expression: &Expr) -> &[Attribute] {
    loop {
        expression = match expression {
            Expr::Assign(of) => &of.left,
            Expr::Binary(of) => &of.left,
            Expr::Cast(of) => &of.expr,
            _ => break,
        };
    }
    match expression {
        Expr::Async(of) => &of.attrs,
        Expr::Await(of) => &of.attrs,
        Expr::Block(of) => &of.attrs,
        Expr::Call(of) => &of.attrs,
        Expr::ForLoop(of) => &of.attrs,
        Expr::If(of) => &of.attrs,
        Expr::Loop(of) => &of.attrs,
        Expr::Macro(of) => &of.attrs,
        Expr::Match(of) => &of.attrs,
        Expr::MethodCall(of) => &of.attrs,
        Expr::Path(of) => &of.attrs,
        Expr::Return(of) => &of.attrs,
        Expr::Struct(of) => &of.attrs,
        Expr::Try(of) => &of.attrs,
        Expr::Unsafe(of) => &of.attrs,
        Expr::While(of) => &of.attrs,
        _ => &[],
    }
}
