//! Names that patterns bind, and the outline of types: the parts of syn's trees that are read without nodes.

use super::{Attribute, Import, Pattern, Type};
use crate::source::Span;
use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

/// Byte range of a span, within the file.
pub fn range(span: proc_macro2::Span) -> Span {
    let bytes = span.byte_range();
    Span::new(bytes.start, bytes.end)
}

/// Byte range of any piece of syntax. It counts tokens, so that it is for small pieces.
pub fn span_of(piece: &impl Spanned) -> Span {
    range(piece.span())
}

/// A name; `r#type` is `type`.
pub fn word(name: &syn::Ident) -> String {
    name.unraw().to_string()
}

/// Words of a path, generic arguments left out.
pub fn words(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| word(&segment.ident)).collect()
}

/// A path expression's words; `<T as Trait>::name` is the path of `T` with `name`.
pub fn qualified(qself: Option<&syn::QSelf>, path: &syn::Path) -> Vec<String> {
    match qself {
        Some(qself) => {
            let mut of = outline(&qself.ty).path;
            of.extend(path.segments.iter().skip(qself.position).map(|segment| word(&segment.ident)));
            of
        }
        None => words(path),
    }
}

/// The outline of a type.
pub fn outline(of: &syn::Type) -> Type {
    match of {
        syn::Type::Path(of) => Type {
            path: qualified(of.qself.as_ref(), &of.path),
            arguments: of.path.segments.last().map_or_else(Vec::new, |last| arguments(&last.arguments)),
        },
        syn::Type::Reference(of) => outline(&of.elem),
        syn::Type::Paren(of) => outline(&of.elem),
        syn::Type::Group(of) => outline(&of.elem),
        syn::Type::ImplTrait(of) => bound(&of.bounds),
        syn::Type::TraitObject(of) => bound(&of.bounds),
        syn::Type::Tuple(of) => {
            Type { path: vec!["(..)".to_owned()], arguments: of.elems.iter().map(outline).collect() }
        }
        _ => Type::default(),
    }
}

fn bound<P>(bounds: &Punctuated<syn::TypeParamBound, P>) -> Type {
    let first = bounds.iter().find_map(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => Some(&bound.path),
        _ => None,
    });
    let Some(path) = first else { return Type::default() };
    Type { path: words(path), arguments: path.segments.last().map_or_else(Vec::new, |last| arguments(&last.arguments)) }
}

fn arguments(given: &syn::PathArguments) -> Vec<Type> {
    let syn::PathArguments::AngleBracketed(given) = given else { return Vec::new() };
    given
        .args
        .iter()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(of) => Some(outline(of)),
            syn::GenericArgument::AssocType(of) => Some(outline(&of.ty)),
            _ => None,
        })
        .collect()
}

/// What a pattern binds.
pub fn pattern(of: &syn::Pat) -> Pattern {
    let mut names = Vec::new();
    bind(of, &mut names);
    let variant = match of {
        syn::Pat::TupleStruct(of) => of.path.segments.last().map(|last| word(&last.ident)),
        syn::Pat::Struct(of) => of.path.segments.last().map(|last| word(&last.ident)),
        syn::Pat::Path(of) => of.path.segments.last().map(|last| word(&last.ident)),
        syn::Pat::Ident(of) if word(&of.ident).starts_with(char::is_uppercase) => Some(word(&of.ident)),
        _ => None,
    };
    Pattern { names, variant }
}

fn bind(of: &syn::Pat, names: &mut Vec<String>) {
    match of {
        syn::Pat::Ident(of) => {
            names.push(word(&of.ident));
            if let Some((_, inner)) = &of.subpat {
                bind(inner, names);
            }
        }
        syn::Pat::Paren(of) => bind(&of.pat, names),
        syn::Pat::Reference(of) => bind(&of.pat, names),
        syn::Pat::Type(of) => bind(&of.pat, names),
        syn::Pat::Tuple(of) => of.elems.iter().for_each(|part| bind(part, names)),
        syn::Pat::TupleStruct(of) => of.elems.iter().for_each(|part| bind(part, names)),
        syn::Pat::Slice(of) => of.elems.iter().for_each(|part| bind(part, names)),
        syn::Pat::Struct(of) => of.fields.iter().for_each(|field| bind(&field.pat, names)),
        syn::Pat::Or(of) => of.cases.iter().for_each(|part| bind(part, names)),
        syn::Pat::Guard(of) => bind(&of.pat, names),
        _ => {}
    }
}

/// The type that a pattern names (`|client: Client|`).
pub fn pattern_type(of: &syn::Pat) -> Option<Type> {
    match of {
        syn::Pat::Type(of) => Some(outline(&of.ty)),
        _ => None,
    }
}

/// Attributes with what is read of them.
pub fn attributes(of: &[syn::Attribute]) -> Vec<Attribute> {
    of.iter().filter(|attribute| !attribute.path().is_ident("doc")).map(attribute).collect()
}

fn attribute(of: &syn::Attribute) -> Attribute {
    let text = match &of.meta {
        syn::Meta::List(list) => first_text(list.tokens.clone()),
        _ => None,
    };
    Attribute { path: words(of.path()), text, span: span_of(of) }
}

fn first_text(tokens: proc_macro2::TokenStream) -> Option<String> {
    tokens
        .into_iter()
        .find_map(|token| match token {
            TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
            _ => None,
        })
        .map(|literal| literal.value())
}

/// Whether the attributes say `#[cfg(test)]`.
pub fn is_test_only(of: &[syn::Attribute]) -> bool {
    of.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("cfg") && says_test(list.tokens.clone())
    })
}

/// The same of the text within `#[` and `]`.
pub fn is_test_text(text: &str) -> bool {
    let Ok(tokens) = text.parse::<proc_macro2::TokenStream>() else { return false };
    let mut tokens = tokens.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group))) => name == "cfg" && says_test(group.stream()),
        _ => false,
    }
}

/// `test`, `all(test, ..)`; not `not(test)`, and not `any(test, ..)`, which holds without it too.
fn says_test(tokens: proc_macro2::TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    match tokens.next() {
        Some(TokenTree::Ident(name)) if name == "test" => true,
        Some(TokenTree::Ident(name)) if name == "all" => match tokens.next() {
            Some(TokenTree::Group(group)) => {
                group.stream().into_iter().any(|token| matches!(token, TokenTree::Ident(name) if name == "test"))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Traits that `#[derive(..)]` implements, by their last words. They are not parsed: tokens may nest without bound.
pub fn derives(of: &[syn::Attribute]) -> Vec<String> {
    let lists = of.iter().filter(|attribute| attribute.path().is_ident("derive"));
    lists
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .flat_map(|list| {
            let tokens: Vec<_> = list.tokens.clone().into_iter().collect();
            let paths = tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
            let last = |path: &[TokenTree]| path.iter().rev().find_map(ident);
            paths.filter_map(last).collect::<Vec<_>>()
        })
        .collect()
}

fn ident(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(name) => Some(word(name)),
        _ => None,
    }
}

/// Flattens a `use` tree.
pub fn imports(tree: &syn::UseTree, prefix: &[String], found: &mut Vec<Import>) {
    let with = |name: &syn::Ident| [prefix, &[word(name)]].concat();
    match tree {
        syn::UseTree::Path(of) => imports(&of.tree, &with(&of.ident), found),
        syn::UseTree::Group(of) => of.items.iter().for_each(|tree| imports(tree, prefix, found)),
        syn::UseTree::Glob(_) => found.push(Import { name: None, path: prefix.to_vec() }),
        syn::UseTree::Name(of) if of.ident == "self" => {
            found.push(Import { name: prefix.last().cloned(), path: prefix.to_vec() });
        }
        syn::UseTree::Name(of) => found.push(Import { name: Some(word(&of.ident)), path: with(&of.ident) }),
        syn::UseTree::Rename(of) => {
            let path = if of.ident == "self" { prefix.to_vec() } else { with(&of.ident) };
            found.push(Import { name: Some(word(&of.rename)), path });
        }
    }
}
