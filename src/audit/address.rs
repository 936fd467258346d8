//! Where a client's requests go, told without what is secret in an address.

use super::entry::{At, Cell};
use super::settings::origin;
use crate::effective::Origin;
use crate::model::{SiteKind, Value};
use crate::rules::SiteView;

/// Parts of a path from this length on that mix letters and digits are taken for keys.
const KEY_LENGTH: usize = 16;

/// The base URL of a client, or the URL of a one-shot.
pub fn of(view: &SiteView<'_>) -> Cell {
    if let Some((_, spec)) = view.one_shot().filter(|_| view.site.kind == SiteKind::OneShot) {
        let url = view.site.arguments.get("url").or(view.site.arguments.get(&spec.url.to_string()));
        return url.map_or(Cell::unknown("no URL in sight"), |url| {
            told(&url.value, format!("set at {}", At::new(view.file.source, url.span)))
        });
    }
    let base = view.effective("base-url");
    match (&base.value, &base.origin) {
        (Value::Nothing, _) => Cell::new("n/a", "each request names its own"),
        (Value::Unknown, Origin::Unknown) if !view.site.open_ended && view.base_url().is_none() => {
            match view.library().is_some_and(|library| library.hosts.is_some()) {
                true => Cell::unknown("the library chooses it"),
                false => Cell::new("n/a", "each request names its own"),
            }
        }
        (Value::Env { name, .. }, Origin::Default { .. }) if view.file.project.sets(name) => {
            Cell::new(format!("${name}"), "set in the project's configuration")
        }
        (value, _) => told(value, origin(view, &base)),
    }
}

fn told(value: &Value, origin: String) -> Cell {
    match words(value) {
        Some(words) => Cell::new(words, origin),
        None => Cell::unknown(origin),
    }
}

/// A value as an address; what is not known of it stands in braces.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(without_secrets(text)),
        Value::Env { name, default: None } => Some(format!("${name}")),
        Value::Env { name, default: Some(default) } => {
            Some(words(default).map_or(format!("${name}"), |default| format!("${name}, else {default}")))
        }
        Value::Parameter(name) => Some(format!("{{{name}}}")),
        Value::SelfField(name) => Some(format!("{{self.{name}}}")),
        Value::Imported(path) => Some(format!("{{{path}}}")),
        Value::Joined(parts) => {
            let parts: String = parts.iter().map(piece).collect();
            Some(without_secrets(&parts))
        }
        _ => None,
    }
}

fn piece(part: &Value) -> String {
    match part {
        Value::Text(text) => text.clone(),
        part => words(part).unwrap_or_else(|| "{..}".to_owned()),
    }
}

/// An address without user and password, query and fragment, and without parts of the path that look like keys.
pub fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    // A password may hold any character; what stands behind the last `@` cannot be part of it.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or("").to_owned();
    let path = parts.map(|part| if is_key(part) { "..." } else { part });
    let rest = std::iter::once(host.as_str()).chain(path).collect::<Vec<_>>().join("/");
    if scheme.is_empty() { rest } else { format!("{scheme}://{rest}") }
}

fn is_key(part: &str) -> bool {
    let mixed = part.chars().any(|at| at.is_ascii_digit()) && part.chars().any(|at| at.is_ascii_alphabetic());
    part.chars().count() >= KEY_LENGTH && mixed && !part.contains(['{', '.'])
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn secrets_are_left_out() {
        for (url, told) in [
            ("https://api.example.com/v1", "https://api.example.com/v1"),
            ("https://user:pass@api.example.com/v1", "https://api.example.com/v1"),
            ("https://us@er:p@ss/word@api.example.com/v1", "https://api.example.com/v1"),
            ("https://api.example.com/v1?key=secret#more", "https://api.example.com/v1"),
            ("https://hooks.example.com/services/T0123456789ABCDEF/x", "https://hooks.example.com/services/.../x"),
            ("//user:pass@host/x", "host/x"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(url), told, "{url}");
        }
    }
}
