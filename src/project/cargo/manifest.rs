//! Cargo.toml as written, as far as anything here asks.

use crate::project::problem;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt::{self, Formatter};
use std::path::{Path, PathBuf};

/// A manifest with the folder that it stands in.
#[derive(Debug, Default)]
pub struct Manifest {
    /// Its folder.
    pub folder: PathBuf,
    /// What it says; nothing where it cannot be read.
    pub said: Document,
    /// Why it cannot be read.
    pub error: Option<String>,
}

/// Dependencies by their key.
pub type Table = BTreeMap<String, Written>;

/// The content of a manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Document {
    pub package: Option<PackageTable>,
    pub workspace: Option<WorkspaceTable>,
    pub features: BTreeMap<String, Vec<String>>,
    pub target: BTreeMap<String, Tables>,
    /// Read by itself: flattened, an error in it would have no place.
    #[serde(skip)]
    pub tables: Tables,
    lib: Option<LibTable>,
    bin: Vec<BinTable>,
}

/// `[lib]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LibTable {
    name: Option<String>,
}

/// `[[bin]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct BinTable {
    required_features: Vec<String>,
}

/// The tables of dependencies that a manifest and each of its targets have.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Tables {
    pub dependencies: Table,
    #[serde(alias = "dev_dependencies")]
    pub dev_dependencies: Table,
    #[serde(alias = "build_dependencies")]
    pub build_dependencies: Table,
}

/// `[package]`, and `[workspace.package]`, which says the same for members.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct PackageTable {
    pub name: Option<String>,
    pub edition: Option<Inherited>,
    pub rust_version: Option<Inherited>,
    /// Where the workspace is, if not above.
    pub workspace: Option<String>,
    publish: Option<toml::Value>,
}

/// `[workspace]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct WorkspaceTable {
    pub members: Vec<String>,
    pub exclude: Vec<String>,
    pub dependencies: Table,
    pub package: PackageTable,
}

/// A text, or `.workspace = true`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Inherited {
    Text(String),
    Workspace(IgnoredAny),
}

impl Inherited {
    /// The text where it stands here.
    pub fn text(&self) -> Option<&str> {
        match self {
            Inherited::Text(text) => Some(text),
            Inherited::Workspace(_) => None,
        }
    }
}

/// A dependency: a version alone, or a table.
#[derive(Debug, Clone)]
pub enum Written {
    Version(String),
    Table(Detail),
}

impl<'de> Deserialize<'de> for Written {
    // Untagged, an error would say neither where nor what.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WrittenVisitor)
    }
}

struct WrittenVisitor;

impl<'de> Visitor<'de> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("a version in quotes or a table")
    }

    fn visit_str<E: de::Error>(self, version: &str) -> Result<Written, E> {
        Ok(Written::Version(version.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written, A::Error> {
        Detail::deserialize(MapAccessDeserializer::new(map)).map(Written::Table)
    }
}

/// A dependency's table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Detail {
    pub version: Option<String>,
    pub path: Option<String>,
    pub package: Option<String>,
    pub features: Vec<String>,
    #[serde(alias = "default_features")]
    pub default_features: Option<bool>,
    pub workspace: bool,
}

impl Written {
    /// As a table.
    pub fn detail(&self) -> Detail {
        match self {
            Written::Version(version) => Detail { version: Some(version.clone()), ..Detail::default() },
            Written::Table(detail) => detail.clone(),
        }
    }
}

impl Manifest {
    /// Reads the manifest in `folder`; `None` where there is none.
    pub fn read(folder: &Path) -> Option<Self> {
        let text = super::text_of(&folder.join("Cargo.toml"))?;
        let folder = folder.to_owned();
        let read = text.map_err(|error| error.to_string()).and_then(|text| parse(&text));
        Some(match read {
            Ok(said) => Self { folder, said, error: None },
            Err(error) => Self { folder, error: Some(error), ..Self::default() },
        })
    }

    /// Whether it describes a package. One that cannot be read is taken for one: what lies below it is not the folder's above.
    pub fn is_package(&self) -> bool {
        self.said.package.is_some() || self.error.is_some()
    }

    /// The name of its library in the code.
    pub fn crate_name(&self) -> Option<String> {
        let own = self.said.lib.as_ref().and_then(|lib| lib.name.clone());
        let name = own.or_else(|| self.said.package.as_ref()?.name.clone())?;
        Some(name.replace('-', "_"))
    }

    /// Whether it is published for others to use: a library alone, kept from no registry.
    pub fn is_library(&self) -> bool {
        let has = |path: &str| self.folder.join(path).exists();
        let publishes = |package: &PackageTable| package.publish != Some(toml::Value::Boolean(false));
        // A program that needs features of its own comes along with the library.
        let bins = &self.said.bin;
        let runs = bins.iter().any(|bin| bin.required_features.is_empty())
            || has("src/main.rs")
            || (bins.is_empty() && has("src/bin"));
        self.said.package.as_ref().is_some_and(publishes) && (self.said.lib.is_some() || has("src/lib.rs")) && !runs
    }
}

fn parse(text: &str) -> Result<Document, String> {
    let said: Document = problem::read(text)?;
    if said.package.as_ref().is_some_and(|package| package.name.is_none()) {
        return Err("`[package]` has no `name`".to_owned());
    }
    Ok(Document { tables: problem::read(text)?, ..said })
}
