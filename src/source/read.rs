//! Reads one file into a [`SourceFile`], or says in words why it cannot be analysed.

use super::decode::{self, DecodeError};
use super::notebook::{self, NotebookError};
use super::{Language, SourceFile};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Largest file that is read unless the settings say otherwise, in bytes: 4 MiB. Hand-written modules stay far below;
/// what is larger is generated, or data.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 4 * 1024 * 1024;

/// Why a file is not analysed. Displays as the reason, in words for people, without the path.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A pipe, device, socket or directory: opening it could wait for ever.
    #[error("not a regular file")]
    NotRegular,
    /// A symbolic link whose target does not exist, or that leads back to itself.
    #[error("broken symbolic link")]
    BrokenLink,
    /// Larger than the limit.
    #[error("larger than {limit} bytes ({size} bytes); raise `max-file-size` to read it")]
    TooLarge {
        /// Size in bytes, as far as it was read.
        size: u64,
        /// Limit in bytes.
        limit: u64,
    },
    /// The text could not be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Not a Python notebook of format 4.
    #[error(transparent)]
    Notebook(#[from] NotebookError),
    /// The operating system refused.
    #[error("{}", .0.kind())]
    Io(#[from] io::Error),
}

/// What the name of a file says about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `.py`, `.pyi`.
    Python,
    /// `.ipynb`.
    Notebook,
    /// `.rs`.
    Rust,
    /// `Cargo.toml`.
    CargoManifest,
}

impl FileKind {
    /// The kind of the file at `path`, by its name; `None` where it is nothing that coldcall reads.
    pub fn of(path: &Path) -> Option<Self> {
        if path.file_name()?.to_str()? == "Cargo.toml" {
            return Some(Self::CargoManifest);
        }
        let extension = path.extension()?.to_str()?;
        match extension.to_ascii_lowercase().as_str() {
            "py" | "pyi" => Some(Self::Python),
            "ipynb" => Some(Self::Notebook),
            "rs" => Some(Self::Rust),
            _ => None,
        }
    }
}

/// Reads the file at `path`, to be shown as `shown`, if it has at most `max_size` bytes.
///
/// # Errors
/// [`ReadError`], which displays as the reason for skipping the file. Never waits: what is no regular file is not opened.
pub fn read(path: &Path, shown: &str, max_size: u64) -> Result<SourceFile, ReadError> {
    let bytes = read_bytes(path, max_size)?;
    from_bytes(&bytes, shown)
}

/// Makes a source file of `bytes`, to be shown as `shown`, of the kind that its name says; Python where it says none. This
/// is the way in for standard input.
///
/// # Errors
/// [`ReadError::Decode`] and [`ReadError::Notebook`].
pub fn from_bytes(bytes: &[u8], shown: &str) -> Result<SourceFile, ReadError> {
    let language = match FileKind::of(Path::new(shown)) {
        Some(FileKind::Notebook) => return Ok(notebook::parse(bytes, shown)?),
        Some(FileKind::Rust) => Language::Rust,
        Some(FileKind::CargoManifest) => Language::CargoManifest,
        Some(FileKind::Python) | None => Language::Python,
    };
    let decoded = decode::decode(bytes, language)?;
    let mut file = SourceFile::new(shown, language, decoded.text);
    file.bom = decoded.bom;
    Ok(file)
}

/// The bytes of the regular file at `path`, at most `max_size`.
fn read_bytes(path: &Path, max_size: u64) -> Result<Vec<u8>, ReadError> {
    // Opening a named pipe waits for a writer, so the kind is asked first; and again afterwards, since the name may
    // have changed hands in between.
    check_regular(&metadata(path)?, max_size)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check_regular(&metadata, max_size)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // A file that grows while it is read must not pass the limit either.
    file.take(max_size.saturating_add(1)).read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    if size > max_size { Err(ReadError::TooLarge { size, limit: max_size }) } else { Ok(bytes) }
}

fn metadata(path: &Path) -> Result<fs::Metadata, ReadError> {
    fs::metadata(path).map_err(|error| match fs::symlink_metadata(path) {
        Ok(link) if link.is_symlink() && error.kind() != io::ErrorKind::PermissionDenied => ReadError::BrokenLink,
        _ => ReadError::Io(error),
    })
}

fn check_regular(metadata: &fs::Metadata, limit: u64) -> Result<(), ReadError> {
    match metadata.len() {
        _ if !metadata.is_file() => Err(ReadError::NotRegular),
        size if size > limit => Err(ReadError::TooLarge { size, limit }),
        _ => Ok(()),
    }
}
