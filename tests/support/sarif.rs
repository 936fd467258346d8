//! Validates SARIF logs against the official schema.
#![allow(dead_code, reason = "each test program uses a part of this")]

use serde_json::Value;

/// The JSON schema of SARIF 2.1.0.
pub fn schema() -> Value {
    // A bracket too many, which some readers of regular expressions refuse; the errata of the standard take it out.
    let text = include_str!("../data/sarif-schema-2.1.0.json").replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}?$");
    serde_json::from_str(&text).unwrap()
}

/// `text` as a log, once it is valid against the schema.
pub fn valid(text: &str) -> Value {
    let schema = schema();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    log
}
