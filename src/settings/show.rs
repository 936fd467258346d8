//! Prints resolved settings, for `--show-settings`.

use super::{Globs, Origin, Settings};
use crate::finding::{Confidence, Severity};
use std::fmt;
use toml::Value;

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(file) => write!(f, "from {file}"),
            Self::CommandLine => f.write_str("from the command line"),
        }
    }
}

impl Settings {
    /// The settings as TOML that a `coldcall.toml` could hold, each with its origin as a comment. Clients, which are long, are
    /// named in a comment only.
    pub fn to_toml(&self) -> String {
        let mut lines = Vec::new();
        if self.select.is_none() {
            lines.push("# select: every rule".to_owned());
        }
        let mut line = |key: &str, value: Value| lines.push(format!("{key} = {value}  # {}", self.origin(key)));
        if let Some(select) = &self.select {
            line("select", list(select));
        }
        line("ignore", list(&self.ignore));
        line("min-confidence", confidence(self.min_confidence).into());
        line("fail-on", severity(self.fail_on).into());
        line("exclude", list(self.exclude.iter().flat_map(Globs::originals)));
        line("include-tests", self.include_tests.into());
        line("respect-ignore-files", self.respect_ignore_files.into());
        line("max-file-size", i64::try_from(self.max_file_size).unwrap_or(i64::MAX).into());
        if let Some(path) = &self.python_env {
            line("python-env", path.to_string_lossy().as_ref().into());
        }
        line("test-patterns", list(self.test_patterns.originals()));
        lines.push(self.tables());
        lines.join("\n")
    }

    fn tables(&self) -> String {
        let mut text = format!(
            "\n[thresholds]\nkeepalive-expiry = {}  # {}\npool-floor = {}  # {}\n",
            Value::Float(self.thresholds.keepalive_expiry),
            self.origin("thresholds.keepalive-expiry"),
            self.thresholds.pool_floor,
            self.origin("thresholds.pool-floor"),
        );
        if !self.per_path_ignores.is_empty() {
            text.push_str(&format!("\n[per-path-ignores]  # {}\n", self.origin("per-path-ignores")));
        }
        for (globs, rules) in &self.per_path_ignores {
            for glob in globs.originals() {
                text.push_str(&format!("{} = {}\n", Value::from(glob.as_str()), list(rules)));
            }
        }
        if !self.clients.is_empty() {
            let names: Vec<&str> = self.clients.iter().map(|client| client.library.as_str()).collect();
            text.push_str(&format!("\n# clients: {} ({})\n", names.join(", "), self.origin("clients")));
        }
        text
    }
}

fn list<'a>(items: impl IntoIterator<Item = &'a String>) -> Value {
    Value::Array(items.into_iter().map(|item| Value::from(item.as_str())).collect())
}

/// The word for `value` in flags and configuration.
fn confidence(value: Confidence) -> &'static str {
    match value {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// The word for `value` in flags and configuration.
fn severity(value: Severity) -> &'static str {
    match value {
        Severity::Advice => "advice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
