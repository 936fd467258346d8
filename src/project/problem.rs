//! What is wrong with a TOML file, in a line for people.

use serde::de::DeserializeOwned;
use toml::de::Error;

/// Reads `text`; the error is a clause with line and column.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| describe(text, &error))
}

fn describe(text: &str, error: &Error) -> String {
    let message = error.message().replace('\n', ", ").replace("a sequence", "a list");
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else { return message };
    let line = before.rsplit('\n').next().unwrap_or(before);
    let place = format!("line {}, column {}", before.matches('\n').count() + 1, line.chars().count() + 1);
    match key(line).filter(|_| message.starts_with("invalid type")) {
        Some(key) => format!("`{key}` in {place}: {message}"),
        None => format!("{place}: {message}"),
    }
}

/// The key of the value that follows `line`.
fn key(line: &str) -> Option<&str> {
    let words = line.trim_end().strip_suffix('=')?;
    Some(words.rsplit([',', '{']).next().unwrap_or(words).trim())
}
