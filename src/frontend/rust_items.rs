//! Rust to suggest, built from the user's own tokens. Text goes in and comes out; no parser's type leaves.
//!
//! Each function is `None` where the construction is no expression, or cannot stand where it would be put: a static
//! cannot wait, and nothing can be returned from its initialiser.

use super::rust::is_shallow;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::parse::Parse;
use syn::visit::{self, Visit};
use syn::{Expr, Path, Type};

/// What a suggested program says when the client cannot be built.
const EXPECTATION: &str = "the HTTP client can be built";

/// `static NAME: LazyLock<Type> = LazyLock::new(..)`, for Rust 1.80 and later. `fallible` says that the construction
/// returns a `Result`.
pub fn lazy_lock(name: &str, type_path: &str, construction: &str, fallible: bool) -> Option<String> {
    let Shared { name, kind, make } = Shared::parse(name, type_path, construction, fallible)?;
    print(quote! {
        use std::sync::LazyLock;
        static #name: LazyLock<#kind> = LazyLock::new(#make);
    })
}

/// The same with `once_cell`, for Rust before 1.70.
pub fn once_cell_lazy(name: &str, type_path: &str, construction: &str, fallible: bool) -> Option<String> {
    let Shared { name, kind, make } = Shared::parse(name, type_path, construction, fallible)?;
    print(quote! {
        use once_cell::sync::Lazy;
        static #name: Lazy<#kind> = Lazy::new(#make);
    })
}

/// A function that builds the client on its first call and returns it ever after, for Rust 1.70 to 1.79.
pub fn once_lock(name: &str, type_path: &str, construction: &str, fallible: bool) -> Option<String> {
    let Shared { name, kind, make } = Shared::parse(name, type_path, construction, fallible)?;
    let function = format_ident!("{}", name.to_string().to_lowercase());
    print(quote! {
        use std::sync::OnceLock;
        fn #function() -> &'static #kind {
            static #name: OnceLock<#kind> = OnceLock::new();
            #name.get_or_init(#make)
        }
    })
}

/// A field `name` of the struct `holder`, and what sets it where a `holder` is made. Fragments: what else stands there is the
/// user's.
pub fn field(holder: &str, name: &str, type_path: &str, construction: &str, fallible: bool) -> Option<String> {
    let ident: Ident = parse(name)?;
    let kind: Type = parse(type_path)?;
    let construction = without_try(construction).filter(|construction| !has_exit(construction))?;
    let made = called(&construction, fallible);
    let declared = statement(quote!(let #ident: #kind;))?;
    let set = statement(quote!(let #ident = #made;))?;
    let declared = declared.trim_start_matches("let ").trim_end_matches(';');
    let set = set.strip_prefix(&format!("let {name} = "))?.trim_end_matches(';');
    Some(format!("// a field of `{holder}`\n{declared},\n// where a `{holder}` is made\n{name}: {set},"))
}

/// `let name = construction;`, the construction handed to the function `wrapper` where one is given. A `?` at its end
/// stays.
pub fn binding(name: &str, wrapper: Option<&str>, construction: &str, fallible: bool) -> Option<String> {
    let name: Ident = parse(name)?;
    let construction: Expr = parse(construction)?;
    let tried = matches!(construction, Expr::Try(_));
    let made = called(&construction, fallible && !tried);
    let wrapper: Option<Path> = match wrapper {
        Some(wrapper) => Some(parse(wrapper)?),
        None => None,
    };
    let value = wrapper.map_or(made.clone(), |wrapper| quote!(#wrapper(#made)));
    statement(quote!(let #name = #value;))
}

fn statement(tokens: TokenStream) -> Option<String> {
    let printed = print(quote!(fn suggested() { #tokens }))?;
    let body = printed.lines().skip(1).filter(|line| *line != "}");
    Some(body.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n"))
}

/// The type that `construction` makes, as its author names it (`Client` where it is imported, `http::Client` where the
/// manifest renames the crate), or else `symbol`.
pub fn type_of(construction: &str, symbol: &str) -> String {
    let wanted = symbol.rsplit("::").next().unwrap_or(symbol);
    let written = parse::<Expr>(construction).and_then(|construction| {
        let path = root(&construction)?;
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let plain = path.segments.iter().all(|segment| segment.arguments.is_none());
        let (_, owner) = names.split_last().filter(|_| plain)?;
        (owner.last().is_some_and(|last| last == wanted)).then(|| owner.join("::"))
    });
    written.unwrap_or_else(|| symbol.to_owned())
}

/// The identifiers in `text`; what stands in literals and comments is none.
pub fn names_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut todo: Vec<TokenStream> = text.parse().into_iter().collect();
    while let Some(tokens) = todo.pop() {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => names.push(name.to_string()),
                TokenTree::Group(group) => todo.push(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    names
}

/// Whether `construction` ends in the call of `constructor`, or names it: else it is a part of one.
pub fn ends_in(construction: &str, constructor: &str) -> bool {
    syn::parse_str::<Expr>(construction)
        .is_ok_and(|construction| last_name(&construction).is_some_and(|last| last == constructor))
}

fn last_name(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Expr::Call(call) => last_name(&call.func),
        Expr::MethodCall(call) => Some(&call.method),
        Expr::Try(tried) => last_name(&tried.expr),
        Expr::Await(awaited) => last_name(&awaited.base),
        _ => None,
    }
}

/// Whether `construction` waits, or leaves the function that it stands in.
pub fn leaves(construction: &str) -> bool {
    without_try(construction).is_none_or(|construction| has_exit(&construction))
}

fn has_exit(construction: &Expr) -> bool {
    let mut leaves = Leaves(false);
    leaves.visit_expr(construction);
    leaves.0
}

/// The parts of a static.
struct Shared {
    name: Ident,
    kind: Type,
    /// A closure that builds the client, or the path of the function that does.
    make: TokenStream,
}

impl Shared {
    fn parse(name: &str, type_path: &str, construction: &str, fallible: bool) -> Option<Self> {
        let construction = without_try(construction)?;
        if has_exit(&construction) {
            return None;
        }
        let make = match &construction {
            Expr::Path(path) if !fallible => quote!(#path),
            construction => {
                let made = called(construction, fallible);
                quote!(|| #made)
            }
        };
        Some(Self { name: parse(name)?, kind: parse(type_path)?, make })
    }
}

/// Whether an expression waits, or leaves the function that it stands in.
struct Leaves(bool);

impl<'ast> Visit<'ast> for Leaves {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            Expr::Await(_) | Expr::Try(_) | Expr::Return(_) | Expr::Break(_) => self.0 = true,
            // What stands in these leaves only them.
            Expr::Closure(_) | Expr::Async(_) => {}
            _ => visit::visit_expr(self, expression),
        }
    }
}

/// Parses what is not too deep for syn.
fn parse<T: Parse>(text: &str) -> Option<T> {
    let tokens: TokenStream = text.parse().ok()?;
    is_shallow(&tokens).then(|| syn::parse2(tokens).ok()).flatten()
}

fn without_try(construction: &str) -> Option<Expr> {
    match parse::<Expr>(construction)? {
        Expr::Try(tried) => Some(*tried.expr),
        construction => Some(construction),
    }
}

/// The construction as a value: a constructor that is only named is called.
fn called(construction: &Expr, fallible: bool) -> TokenStream {
    let made = match construction {
        Expr::Path(path) => quote!(#path()),
        construction => quote!(#construction),
    };
    if fallible { quote!(#made.expect(#EXPECTATION)) } else { made }
}

/// The path at the start of a chain of calls.
fn root(expression: &Expr) -> Option<&Path> {
    match expression {
        Expr::Path(path) => Some(&path.path),
        Expr::Call(call) => root(&call.func),
        Expr::MethodCall(call) => root(&call.receiver),
        Expr::Try(tried) => root(&tried.expr),
        Expr::Await(awaited) => root(&awaited.base),
        Expr::Paren(inner) => root(&inner.expr),
        _ => None,
    }
}

fn print(items: TokenStream) -> Option<String> {
    let file = syn::parse2(items).ok()?;
    Some(prettyplease::unparse(&file).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: &str = "Client::builder()\n        .timeout(Duration::from_secs(9))\n        .build()";

    #[test]
    fn a_static_holds_what_the_user_wrote() {
        let item = lazy_lock("HTTP", "reqwest::Client", "reqwest::Client::new()", false);
        let expected = "use std::sync::LazyLock;\n\
            static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| reqwest::Client::new());";
        assert_eq!(item.as_deref(), Some(expected));
        let named = lazy_lock("HTTP", "Client", "Client::new", false).unwrap_or_default();
        assert!(named.ends_with("LazyLock::new(Client::new);"), "{named}");
    }

    #[test]
    fn what_may_fail_is_expected_and_a_question_mark_goes() {
        for construction in [CHAIN.to_owned(), format!("{CHAIN}?")] {
            let item = lazy_lock("HTTP", "Client", &construction, true).unwrap_or_default();
            assert!(item.contains(".build()\n        .expect(\"the HTTP client can be built\")"), "{item}");
            assert!(!item.contains('?'), "{item}");
        }
    }

    #[test]
    fn older_toolchains_get_what_they_have() {
        let accessor = once_lock("HTTP", "Client", "Client::new()", false).unwrap_or_default();
        assert!(accessor.contains("fn http() -> &'static Client {"), "{accessor}");
        assert!(accessor.contains("HTTP.get_or_init(|| Client::new())"), "{accessor}");
        let lazy = once_cell_lazy("HTTP", "Client", "Client::new", false).unwrap_or_default();
        assert_eq!(lazy, "use once_cell::sync::Lazy;\nstatic HTTP: Lazy<Client> = Lazy::new(Client::new);");
    }

    #[test]
    fn a_field_is_set_where_the_object_is_made() {
        let items = field("Api", "client", "Client", "Client::new()", false).unwrap_or_default();
        let expected = "// a field of `Api`\nclient: Client,\n// where a `Api` is made\nclient: Client::new(),";
        assert_eq!(items, expected);
        let chain = field("Api", "http", "Client", CHAIN, true).unwrap_or_default();
        assert!(chain.contains("\nhttp: Client::builder()\n    .timeout("), "{chain}");
        assert_eq!(field("Api", "http", "Client", "Client::with(key?)", false), None);
    }

    #[test]
    fn a_binding_keeps_its_question_mark_and_may_be_wrapped() {
        let built = binding("client", None, "Client::builder().build()?", true);
        assert_eq!(built.as_deref(), Some("let client = Client::builder().build()?;"));
        let shared = binding("client", Some("web::Data::new"), "Client::new()", false);
        assert_eq!(shared.as_deref(), Some("let client = web::Data::new(Client::new());"));
        let expected = binding("client", None, "Client::builder().build()", true).unwrap_or_default();
        assert!(expected.contains(".expect("), "{expected}");
    }

    #[test]
    fn a_type_is_named_as_its_author_names_it() {
        for (construction, expected) in [
            ("Client::new()", "Client"),
            ("http::Client::builder().build()?", "http::Client"),
            ("Client::new", "Client"),
            ("ClientBuilder::new().build()", "reqwest::Client"),
            ("Default::default()", "reqwest::Client"),
            ("builder.build()", "reqwest::Client"),
            ("not an expression", "reqwest::Client"),
        ] {
            assert_eq!(type_of(construction, "reqwest::Client"), expected, "{construction}");
        }
    }

    #[test]
    fn what_cannot_be_a_static_is_none() {
        for construction in [
            "Client::builder(",
            "Client::connect(url).await",
            "Client::builder().identity(read(path)?).build()",
            "if x { return None } else { Client::new() }",
        ] {
            assert_eq!(lazy_lock("HTTP", "Client", construction, false), None, "{construction}");
        }
        let deep = format!("Client::new({}1{})", "f(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(type_of(&deep, "reqwest::Client"), "reqwest::Client");
        assert_eq!(binding("client", None, &deep, false), None);
        assert_eq!(lazy_lock("not a name", "Client", "Client::new()", false), None);
        assert!(lazy_lock("HTTP", "Client", "Client::with(|x| x?)", false).is_some());
    }
}
