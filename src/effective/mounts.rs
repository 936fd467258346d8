//! Which of the adapters that are mounted on a session serves its requests.

use crate::model::{ClientUse, Setting, Value};

/// Requests that are looked at.
const MAX: usize = 100;

/// An argument of the call that mounts the adapter.
pub enum Mounted<'a> {
    /// The adapter serves all requests, as far as they are known.
    All(&'a Setting),
    /// It depends on the request.
    Depends,
}

/// How many of the requests an adapter serves.
enum Share {
    All,
    Part,
    None,
}

/// What the call of `method` for the adapter in use gives for `argument`: requests take the longest prefix that fits.
pub fn mounted<'a>(uses: &[&'a ClientUse], method: &str, argument: &str) -> Option<Mounted<'a>> {
    let urls: Vec<Option<String>> = uses.iter().filter_map(|usage| requested(usage)).take(MAX).collect();
    let mut best: Option<(usize, &Setting)> = None;
    for usage in uses.iter().filter(|usage| usage.path == method) {
        let Some(given) = usage.arguments.get(argument) else { continue };
        let prefix = usage.arguments.get("prefix").or(usage.arguments.get("0"));
        // One that is not known is mostly `https://`.
        let prefix = prefix.and_then(|prefix| front(&prefix.value)).unwrap_or_default();
        match share(&prefix, &urls) {
            Share::Part => return Some(Mounted::Depends),
            Share::All if best.is_none_or(|(length, _)| length <= prefix.len()) => best = Some((prefix.len(), given)),
            Share::All | Share::None => {}
        }
    }
    best.map(|(_, given)| Mounted::All(given))
}

/// The beginning of the URL that a request goes to, where it is known; `None` for what is no request.
fn requested(usage: &ClientUse) -> Option<Option<String>> {
    let position = match usage.path.as_str() {
        "get" | "post" | "put" | "patch" | "delete" | "head" | "options" => "0",
        "request" => "1",
        _ => return None,
    };
    let url = usage.arguments.get("url").or(usage.arguments.get(position));
    Some(url.and_then(|url| front(&url.value)))
}

fn front(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_ascii_lowercase()),
        Value::Joined(parts) => parts.first().and_then(front),
        _ => None,
    }
}

fn share(prefix: &str, urls: &[Option<String>]) -> Share {
    let is_plain = |url: &String| url.starts_with("http://");
    if "https://".starts_with(prefix) {
        let all_plain = !urls.is_empty() && urls.iter().all(|url| url.as_ref().is_some_and(is_plain));
        return if all_plain && prefix == "https://" { Share::None } else { Share::All };
    }
    if prefix == "http://" {
        return if urls.iter().flatten().any(is_plain) { Share::All } else { Share::None };
    }
    if !prefix.starts_with("https://") && !prefix.starts_with("http://") {
        return Share::None;
    }
    let serves = |url: &&String| url.starts_with(prefix);
    let known = urls.iter().flatten();
    let may_serve = |url: &Option<String>| url.as_ref().is_none_or(|url| prefix.starts_with(url.as_str()));
    match (known.clone().all(|url| serves(&url)), known.clone().any(|url| serves(&url))) {
        (true, true) => Share::All,
        (false, false) if !urls.iter().any(may_serve) => Share::None,
        _ => Share::Part,
    }
}
