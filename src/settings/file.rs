//! The configuration as written: every key optional, lists with the places of their items.

use super::error::{Place, SettingsError};
use super::nearest::nearest;
use crate::clients::schema::Library;
use crate::finding::{Confidence, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// Strings with their places.
pub type Words = Vec<Spanned<String>>;

/// A `coldcall.toml`, or the same keys in a section of another file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileConfig {
    pub select: Option<Words>,
    pub ignore: Option<Words>,
    pub min_confidence: Option<Confidence>,
    pub fail_on: Option<Severity>,
    pub exclude: Option<Words>,
    pub include_tests: Option<bool>,
    pub respect_ignore_files: Option<bool>,
    pub max_file_size: Option<u64>,
    pub python_env: Option<Spanned<String>>,
    pub test_patterns: Option<Words>,
    #[serde(default)]
    pub thresholds: FileThresholds,
    #[serde(default)]
    pub per_path_ignores: BTreeMap<Spanned<String>, Words>,
    #[serde(default)]
    pub clients: Vec<Library>,
}

/// `[thresholds]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileThresholds {
    pub keepalive_expiry: Option<Spanned<f64>>,
    pub pool_floor: Option<Spanned<i64>>,
}

/// A configuration with the text that it stands in.
#[derive(Debug)]
pub struct Document {
    /// Absolute path of the file.
    pub path: std::path::PathBuf,
    /// The file as shown.
    pub shown: String,
    /// The whole file.
    pub text: Arc<str>,
    /// What coldcall's section says.
    pub config: FileConfig,
}

impl Document {
    /// Reads coldcall's section of `text`, the content of the file at `path`: the first of `sections` that is there, each a
    /// path of keys; an empty path is the whole file. `None` where it has none of them.
    pub fn parse(path: &Path, shown: String, text: &str, sections: &[&[&str]]) -> Result<Option<Self>, SettingsError> {
        let text: Arc<str> = text.into();
        let fail = |error: &toml::de::Error| from_toml(error, &shown, &text);
        let table = DeTable::parse(&text).map_err(|error| fail(&error))?;
        let span = table.span();
        let root = Spanned::new(span, DeValue::Table(table.into_inner()));
        let Some(section) = sections.iter().find_map(|keys| descend(&root, keys)) else { return Ok(None) };
        let section = Spanned::new(section.span(), section.get_ref().clone());
        let config = FileConfig::deserialize(ValueDeserializer::from(section)).map_err(|error| fail(&error))?;
        Ok(Some(Self { path: path.to_owned(), shown, text, config }))
    }

    /// The place of `span`.
    pub fn place(&self, span: Range<usize>) -> Box<Place> {
        Box::new(Place::new(&self.shown, &self.text, span))
    }
}

fn descend<'a, 'i>(root: &'a Spanned<DeValue<'i>>, keys: &[&str]) -> Option<&'a Spanned<DeValue<'i>>> {
    keys.iter().try_fold(root, |value, &key| value.get_ref().get(key))
}

fn from_toml(error: &toml::de::Error, shown: &str, text: &Arc<str>) -> SettingsError {
    let place = Box::new(Place::new(shown, text, error.span().unwrap_or(0..0)));
    let message = error.message();
    // serde hands the names over in its message only.
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return SettingsError::Invalid { place, message: message.trim_end().replace('\n', ", ") };
    };
    let mut quoted = rest.split('`').step_by(2);
    let key = quoted.next().unwrap_or("").to_owned();
    let nearest = nearest(&key, quoted).map(str::to_owned);
    SettingsError::UnknownKey { place, key, nearest }
}
