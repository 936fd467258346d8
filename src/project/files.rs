//! Reads a project's files: small enough, regular, text. What cannot be read is told, and the run goes on.

use crate::paths;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Larger files are no lock files: those of the largest projects have a few megabytes.
const MAX_BYTES: u64 = 32 << 20;

/// Reads files, and keeps what is wrong with them as sentences with the path.
#[derive(Debug)]
pub struct Files {
    /// Paths are told relative to it.
    cwd: PathBuf,
    /// Problems met.
    pub warnings: Vec<String>,
}

impl Files {
    /// Tells paths relative to `cwd`.
    pub fn new(cwd: &Path) -> Self {
        Self { cwd: cwd.to_owned(), warnings: Vec::new() }
    }

    /// The text of the file at `path`, which is to be `what` (`a lock file`); `None` where there is none, or none to read.
    pub fn text(&mut self, path: &Path, what: &str) -> Option<String> {
        let known = std::fs::metadata(path).ok()?;
        // Reading a pipe would wait for ever.
        let read = match known.is_file() {
            false => Err("not a regular file".to_owned()),
            true if known.len() > MAX_BYTES => Err(format!("larger than {} MB", MAX_BYTES >> 20)),
            // Pseudo files such as `/proc/kmsg` say so, and never end.
            true if known.len() == 0 => Ok(String::new()),
            true => bytes(path).map_err(|error| error.to_string()).and_then(|bytes| decode(&bytes)),
        };
        read.map_err(|error| self.unread(path, what, &error)).ok()
    }

    /// Reads the file at `path` with `parse`, whose error is a clause.
    pub fn parsed<T>(&mut self, path: &Path, what: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(path, what)?;
        parse(&text).map_err(|error| self.unread(path, what, &error)).ok()
    }

    fn unread(&mut self, path: &Path, what: &str, error: &str) {
        self.warn(path, &format!("not read as {what}: {error}"));
    }

    /// Whether `path` is in the folder `root`, where the run is, or in the repository of `root`.
    pub fn is_inside(&self, path: &Path, root: &Path) -> bool {
        let repository = root.ancestors().find(|folder| folder.join(".git").exists());
        [root, &self.cwd].into_iter().chain(repository).any(|folder| path.starts_with(folder))
    }

    /// Tells `what` of the file at `path`.
    pub fn warn(&mut self, path: &Path, what: &str) {
        self.warnings.push(format!("{}: {what}", paths::shown(path, &self.cwd)));
    }
}

/// Not more than are wanted, should the file grow meanwhile.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// PowerShell's `>` writes UTF-16, with a mark that tells.
fn decode(bytes: &[u8]) -> Result<String, String> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    // A comment in another encoding says nothing against the rest.
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
    if text.contains('\0') { Err("not a text file".to_owned()) } else { Ok(text.into_owned()) }
}
