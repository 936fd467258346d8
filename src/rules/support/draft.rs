//! A finding as a rule writes it.

use super::FileView;
use crate::finding::{ClientRef, Confidence, Evidence, Finding, Hop, Severity};
use crate::source::Span;
use std::collections::BTreeMap;

/// A finding without the parts that the engine knows.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Primary place.
    pub span: Span,
    severity: Severity,
    confidence: Confidence,
    message: String,
    why: String,
    help: String,
    suggestion: Option<String>,
    chain: Vec<Hop>,
    client: Option<ClientRef>,
    settings: BTreeMap<&'static str, String>,
    evidence: Evidence,
    raises: Option<String>,
    once: Option<String>,
}

impl Draft {
    /// A warning of high confidence at `span`: what is wrong, one sentence without a full stop.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            severity: Severity::Warning,
            confidence: Confidence::High,
            message: message.into(),
            why: String::new(),
            help: String::new(),
            suggestion: None,
            chain: Vec::new(),
            client: None,
            settings: BTreeMap::new(),
            evidence: Evidence::Syntax,
            raises: None,
            once: None,
        }
    }

    /// Sets the severity.
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Sets the confidence.
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// Says why it costs.
    pub fn why(self, why: impl Into<String>) -> Self {
        Self { why: why.into(), ..self }
    }

    /// Says what to do.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// Shows code to write instead.
    pub fn suggestion(self, code: Option<String>) -> Self {
        Self { suggestion: code, ..self }
    }

    /// Tells how the client gets hot.
    pub fn chain(self, chain: Vec<Hop>) -> Self {
        Self { chain, ..self }
    }

    /// Says that it holds for all of `what` in the project, and is told once.
    pub fn once(self, view: &FileView<'_>, what: &str) -> Self {
        Self { once: Some(format!("{what} in {}", view.project.root.display())), ..self }
    }

    /// Names the exception that stops the program.
    pub fn raises(self, exception: String) -> Self {
        Self { raises: Some(exception), ..self }
    }

    /// Names the client.
    pub fn client(self, client: ClientRef) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Names a setting that matters, with its origin.
    pub fn setting(mut self, name: &'static str, value: String) -> Self {
        self.settings.insert(name, value);
        self.evidence = Evidence::Version;
        self
    }

    /// The finding of `rule` in file number `file`.
    pub fn finish(self, rule: &'static str, file: usize) -> Finding {
        Finding {
            rule,
            severity: self.severity,
            confidence: self.confidence,
            file,
            span: self.span,
            message: self.message,
            why: self.why,
            help: self.help,
            suggestion: self.suggestion,
            chain: self.chain,
            client: self.client,
            settings: self.settings,
            evidence: self.evidence,
            raises: self.raises,
            once: self.once,
        }
    }
}
