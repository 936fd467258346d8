//! Names of environment variables that a project's configuration files set. Values are never kept.

use std::collections::BTreeSet;
use std::path::Path;
use walkdir::WalkDir;

/// Deep enough for `deploy/k8s/base/`, not for a whole vendored tree.
const MAX_DEPTH: usize = 6;
/// Larger files are data, not configuration.
const MAX_BYTES: u64 = 1 << 20;
const PASSED_OVER: &[&str] =
    &["node_modules", "site-packages", "__pycache__", "target", "venv", ".venv", ".git", ".tox"];

/// What configuration files say.
#[derive(Debug, Default)]
pub struct Configuration {
    /// Variables that are set.
    pub variables: BTreeSet<String>,
    /// Those of them that the program is run with: set by an environment file, an image, a compose file, a unit.
    pub run_with: BTreeSet<String>,
    /// There is something that deploys or runs the program: an image, a compose file, an environment file, a unit.
    pub deploys: bool,
    /// The words of Dockerfiles.
    image: BTreeSet<String>,
}

impl Configuration {
    /// What configuration files below `root` say. Ignore files are not asked: `.env` is mostly ignored.
    pub fn read(root: &Path) -> Self {
        read(root)
    }

    /// Whether an image may install the Python package `package`, by its name or by an extra of `beside`.
    pub fn may_install(&self, package: &str, beside: &str) -> bool {
        let names = |word: &String| {
            let rest = word.strip_prefix(package);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['=', '<', '>', '~', '!', '[']))
                || word.strip_prefix(beside).is_some_and(|rest| rest.starts_with('['))
        };
        self.image.iter().any(names)
    }
}

fn read(root: &Path) -> Configuration {
    let walk = WalkDir::new(root).max_depth(MAX_DEPTH).follow_links(false).into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| PASSED_OVER.contains(&name))
    });
    let files = walk.flatten().filter(|entry| {
        let small = entry.metadata().is_ok_and(|data| data.is_file() && data.len() <= MAX_BYTES);
        small && entry.file_name().to_str().is_some_and(|name| is_configuration(name, entry.path()))
    });
    let mut found = Configuration::default();
    for file in files {
        // What lies deeper is a template or an example of a package, not how this project runs.
        let runs = file.depth() <= 2 && file.file_name().to_str().is_some_and(deploys);
        found.deploys |= runs;
        if let Ok(text) = std::fs::read_to_string(file.path()) {
            if file.file_name().to_str().is_some_and(is_dockerfile) {
                let words = text.split(|at: char| at.is_whitespace() || matches!(at, '"' | '\'' | ','));
                found.image.extend(words.map(str::to_owned));
            }
            let names: Vec<String> = text.lines().filter_map(assigned).map(str::to_owned).collect();
            found.run_with.extend(names.iter().filter(|_| runs).cloned());
            found.variables.extend(names);
        }
    }
    found
}

fn is_dockerfile(name: &str) -> bool {
    name.to_ascii_lowercase().contains("dockerfile")
}

fn deploys(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let starts = [".env", "dockerfile", "docker-compose", "compose.y", "procfile", "fly.toml", "app.json", "render."];
    starts.iter().any(|start| name.starts_with(start)) || name.ends_with(".service")
}

/// `.env*`, Dockerfiles, compose files, Kubernetes and workflow YAML, Procfiles, systemd units, shell profiles of a deployment.
fn is_configuration(name: &str, path: &Path) -> bool {
    let lower = name.to_ascii_lowercase();
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    lower.starts_with(".env")
        || lower.ends_with(".env")
        || is_dockerfile(name)
        || lower.starts_with("procfile")
        || matches!(ending, "yml" | "yaml" | "service" | "envrc")
        || lower == ".envrc"
        || matches!(lower.as_str(), "fly.toml" | "app.json" | "vercel.json" | "render.json" | "justfile" | "makefile")
}

/// The variable that a line sets: `NAME=value`, `export NAME=`, `ENV NAME value`, `NAME: value`, `- name: NAME`,
/// `- NAME=value`, `Environment=NAME=value`. A commented line sets nothing.
fn assigned(line: &str) -> Option<&str> {
    let mut rest = line.trim();
    for prefix in ["- ", "export ", "ENV ", "ARG ", "Environment=", "name:", "\"", "'"] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest).trim_start();
    }
    let rest = rest.trim_start_matches(['"', '\'']);
    let end = rest.find(|at: char| !(at.is_ascii_alphanumeric() || at == '_')).unwrap_or(rest.len());
    let name = &rest[..end];
    let is_variable = name.len() > 3 && name.starts_with(|at: char| at.is_ascii_uppercase()) && name.contains('_');
    (is_variable && !name.contains(|at: char| at.is_ascii_lowercase())).then_some(name)
}
