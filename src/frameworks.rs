//! Loads `rules/frameworks/`: who calls a function, and how often.

use serde::Deserialize;

/// How often an entry point runs its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Heat {
    /// Once per process: start-up hooks, command-line entry points.
    Once,
    /// Once per key or process, kept: `lru_cache`.
    Memoised,
    /// For each request, message, task, tool call.
    PerRequest,
    /// Tests and fixtures: quiet.
    Test,
}

/// One file of `rules/frameworks/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Framework {
    /// Name for people: `FastAPI`.
    pub framework: String,
    /// Decorators and attributes.
    #[serde(default)]
    pub decorator: Vec<DecoratorSpec>,
    /// Methods of classes with a known base.
    #[serde(default)]
    pub base: Vec<BaseSpec>,
    /// Functions known by name and parameters only.
    #[serde(default)]
    pub convention: Vec<ConventionSpec>,
}

/// Decorators that make an entry point.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DecoratorSpec {
    /// Resolved paths (`fastapi.FastAPI.get`). `*.name` matches an unresolved object's attribute, as a convention.
    pub paths: Vec<String>,
    /// How often.
    pub heat: Heat,
    /// For people: `route`, `task`, `tool`.
    pub what: String,
    /// Only where the first argument is a string starting with this (`/`).
    pub first_text: Option<String>,
}

/// Methods of subclasses that a framework calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BaseSpec {
    /// Resolved base classes.
    pub bases: Vec<String>,
    /// Methods; empty for all public ones.
    #[serde(default)]
    pub methods: Vec<String>,
    /// How often.
    pub heat: Heat,
    /// For people: `view`, `tool`.
    pub what: String,
}

/// Functions known by name and shape only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConventionSpec {
    /// Function names.
    pub names: Vec<String>,
    /// Its parameters, exactly, in order; absent for any.
    pub params: Option<Vec<String>>,
    /// How often.
    pub heat: Heat,
    /// For people.
    pub what: String,
}
/// stub
pub struct Frameworks { list: Vec<Framework> }
impl Frameworks {
    /// stub
    pub fn embedded() -> &'static Self { static F: Frameworks = Frameworks { list: Vec::new() }; &F }
    /// stub
    pub fn all(&self) -> &[Framework] { &self.list }
}
