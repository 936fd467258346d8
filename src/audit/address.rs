//! Where a client's requests go, told without what is secret in an address.

use super::entry::{At, Cell};
use super::settings::origin;
use crate::effective::Origin;
use crate::model::{SiteKind, Value};
use crate::rules::SiteView;

/// Parts of a path from this length on that mix letters and digits are taken for keys.
const KEY_LENGTH: usize = 16;
/// Parts from this length on that are one word are taken for keys too.
const WORD_LENGTH: usize = 20;
const HIDDEN: &str = "...";

/// The base URL of a client, or the URL of a one-shot.
pub fn of(view: &SiteView<'_>) -> Cell {
    if let Some((_, spec)) = view.one_shot().filter(|_| view.site.kind == SiteKind::OneShot) {
        let url = view.site.arguments.get("url").or(view.site.arguments.get(&spec.url.to_string()));
        return url.map_or(Cell::unknown("no URL in sight"), |url| {
            told(&url.value, format!("set at {}", At::new(view.file.source, url.span)))
        });
    }
    let base = view.effective("base-url");
    let has_default = view.spec().is_some_and(|(_, spec)| spec.base_url.is_some());
    match (&base.value, &base.origin) {
        (Value::Nothing, _) => Cell::new("n/a", "each request names its own"),
        (Value::Unknown, Origin::Unknown) if !view.site.open_ended && !has_default => {
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
    let host = parts.next().filter(|host| !names_no_port(&outside_braces(host))).unwrap_or(HIDDEN);
    let path = parts.map(|part| part.split(';').next().unwrap_or(part));
    let path = path.map(|part| if is_key(&outside_braces(part)) { HIDDEN } else { part });
    let rest = std::iter::once(host).chain(path).collect::<Vec<_>>().join("/");
    if scheme.is_empty() { rest } else { format!("{scheme}://{rest}") }
}

/// What is written out of a part; names stand in braces.
fn outside_braces(part: &str) -> String {
    let mut pieces = part.split('{');
    let first = pieces.next().unwrap_or("");
    pieces.fold(first.to_owned(), |all, piece| all + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

/// Whether what follows the colon of a host is no port: then it is a password, or the key of a relative address.
fn names_no_port(host: &str) -> bool {
    let is_port = |port: &str| port.starts_with('$') || port.chars().all(|at| at.is_ascii_digit());
    !host.ends_with(']') && host.rsplit_once(':').is_some_and(|(_, port)| !is_port(port))
}

fn is_key(part: &str) -> bool {
    let variable = |name: &str| name.chars().all(|at| at.is_ascii_uppercase() || at.is_ascii_digit() || at == '_');
    if part.contains(':') {
        return true;
    }
    if part.contains('.') || part.strip_prefix('$').is_some_and(variable) {
        return false;
    }
    let mixed = part.chars().any(|at| at.is_ascii_digit()) && part.chars().any(|at| at.is_ascii_alphabetic());
    let length = part.chars().count();
    (length >= KEY_LENGTH && mixed) || (length >= WORD_LENGTH && !part.contains('-'))
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
            (
                "https://hooks.example.com/services/T0/B0/abcdefghijklmnopqrstuvwx",
                "https://hooks.example.com/services/T0/B0/...",
            ),
            ("https://api.example.com/bot123456:AAAA/x", "https://api.example.com/.../x"),
            ("{base}bot123456:AAAA/x", ".../x"),
            ("https://api.example.com/v1;token=sk-secret/x", "https://api.example.com/v1/x"),
            ("https://user:pa?ss@api.example.com/v1", "https://..."),
            (
                "http://[::1]:8080/{config::VERSION}/$A_LONG_NAME_OF_A_VARIABLE",
                "http://[::1]:8080/{config::VERSION}/$A_LONG_NAME_OF_A_VARIABLE",
            ),
            (
                "http://{host}:{port}/chat/completions-of-a-long-name",
                "http://{host}:{port}/chat/completions-of-a-long-name",
            ),
            ("//user:pass@host/x", "host/x"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(url), told, "{url}");
        }
    }
}
