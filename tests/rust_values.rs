//! What arguments of Rust clients evaluate to.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::clients::Clients;
use coldcall::frontend::{Renames, lower};
use coldcall::model::Value;
use coldcall::source::{Language, SourceFile};

/// The value of `argument` where it is handed to a client.
fn value(before: &str, argument: &str) -> Value {
    let text = format!("fn f() {{ {before} reqwest::Client::builder().user_agent({argument}).build(); }}");
    let file = SourceFile::new("src/lib.rs", Language::Rust, text);
    let module = lower(&file, Clients::embedded(), &Renames::new()).unwrap();
    module.sites[0].arguments["user_agent"].value.clone()
}

fn joined(parts: &[&str]) -> Value {
    Value::Joined(parts.iter().map(|part| Value::Text((*part).to_owned())).collect())
}

#[test]
fn arguments_of_a_format_stand_where_it_says() {
    assert_eq!(value("", r#"format!("{}{}", "a", "b")"#), joined(&["a", "b"]));
    assert_eq!(value("", r#"format!("{1}{0}", "a", "b")"#), joined(&["b", "a"]));
    assert_eq!(value("", r#"format!("{0}{}{0:?}", "a")"#), joined(&["a", "a", "a"]));
    assert_eq!(value(r#"let x = "no"; let y = "a";"#, r#"format!("{x}", x = y)"#), joined(&["a"]));
    assert_eq!(value(r#"let x = "a";"#, r#"format!("{x}{}", "b")"#), joined(&["a", "b"]));
}
