//! What one file says of packages.

use super::requirement::{Requirement, normalise};
use crate::clients::versions::Versions;
use pep440_rs::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use version_ranges::Ranges;

/// Packages that hardly anybody names himself: a file that pins one lists the whole environment.
const BROUGHT_ALONG: &[&str] = &["certifi", "h11", "httpcore", "idna", "sniffio", "charset-normalizer"];

/// Packages that are often asked for beside an HTTP client and do not bring `h2` along: their newest versions were resolved
/// by uv on 2026-11-25.
const PLAIN: &[&str] = &[
    "aiofiles",
    "aiohttp",
    "anthropic",
    "attrs",
    "beautifulsoup4",
    "black",
    "boto3",
    "cachetools",
    "click",
    "colorama",
    "cryptography",
    "django",
    "fastapi",
    "flask",
    "groq",
    "gunicorn",
    "jinja2",
    "loguru",
    "lxml",
    "matplotlib",
    "mypy",
    "numpy",
    "openai",
    "orjson",
    "pandas",
    "pillow",
    "psycopg2-binary",
    "pydantic",
    "pydantic-settings",
    "pyjwt",
    "pytest",
    "pytest-asyncio",
    "pytest-cov",
    "python-dateutil",
    "python-dotenv",
    "python-multipart",
    "pytz",
    "pyyaml",
    "redis",
    "requests",
    "respx",
    "rich",
    "ruff",
    "setuptools",
    "sqlalchemy",
    "starlette",
    "tenacity",
    "toml",
    "tqdm",
    "typer",
    "typing-extensions",
    "ujson",
    "urllib3",
    "uvicorn",
    "uvloop",
    "websockets",
    "wheel",
];

/// What a file is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// All packages of an environment, each with its version.
    Lock,
    /// For pip: some packages.
    Requirements,
    /// What a project needs.
    #[default]
    Manifest,
}

/// One file's packages, by normalised name.
#[derive(Debug, Default)]
pub struct Statement {
    /// What the file is.
    pub kind: Kind,
    /// It asks for more than was read.
    pub is_partial: bool,
    /// Folders of the projects that it locks, where it tells them, relative to its own.
    pub members: Vec<PathBuf>,
    packages: BTreeMap<String, Package>,
    /// Extras that are asked for, by package.
    extras: BTreeMap<String, BTreeSet<String>>,
}

/// What is said of one package.
#[derive(Debug)]
struct Package {
    /// Where it is asked for whatever the platform: the versions that all of that allows.
    always: Option<Ranges<Version>>,
    /// Else the versions that one condition or another asks for.
    sometimes: Ranges<Version>,
    words: String,
}

impl Statement {
    /// Of nothing yet.
    pub fn new(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Adds what `asked` says.
    pub fn add(&mut self, asked: Requirement) {
        let Requirement { name, extras, set, words, is_conditional } = asked;
        self.add_extras(&name, extras.iter().map(String::as_str));
        let empty = || Package { always: None, sometimes: Ranges::empty(), words: words.clone() };
        let package = self.packages.entry(name).or_insert_with(empty);
        if is_conditional {
            package.sometimes = package.sometimes.union(&set);
        } else {
            package.always =
                Some(package.always.take().map_or_else(|| set.clone(), |always| always.intersection(&set)));
        }
        if package.words != words {
            package.words = package.set().to_string();
        }
    }

    /// Adds extras of a package that another one asks for.
    pub fn add_extras<'a>(&mut self, name: &str, extras: impl IntoIterator<Item = &'a str>) {
        let mut extras = extras.into_iter().map(normalise).peekable();
        if extras.peek().is_some() {
            self.extras.entry(normalise(name)).or_default().extend(extras);
        }
    }

    /// The versions that it gives or allows; `None` where it does not name the package.
    pub fn versions(&self, name: &str) -> Option<Versions> {
        let package = self.packages.get(name)?;
        Some(Versions::allowed(package.set().clone(), &package.words))
    }

    /// The extras of a package that it asks for.
    pub fn extras(&self, name: &str) -> impl Iterator<Item = &str> {
        self.extras.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Whether it gives a version of any package.
    pub fn pins(&self) -> bool {
        self.packages.keys().any(|name| self.is_pinned(name))
    }

    /// Whether nothing that it names brings along a package that it does not name, `beside` apart.
    pub fn is_plain(&self, beside: &str) -> bool {
        let plain =
            |name: &str| BROUGHT_ALONG.contains(&name) || (PLAIN.contains(&name) && self.extras(name).next().is_none());
        self.packages.keys().all(|name| name == beside || plain(name))
    }

    /// Whether every package has its version, some of them one that nobody asks for by itself.
    pub fn looks_compiled(&self) -> bool {
        let brought = self.packages.keys().any(|name| BROUGHT_ALONG.contains(&name.as_str()));
        brought && self.packages.keys().all(|name| self.is_pinned(name))
    }

    fn is_pinned(&self, name: &str) -> bool {
        matches!(self.versions(name), Some(Versions::Exact(_)))
    }
}

impl Package {
    fn set(&self) -> &Ranges<Version> {
        self.always.as_ref().unwrap_or(&self.sometimes)
    }
}
