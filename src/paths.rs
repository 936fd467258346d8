//! Paths made absolute by name, and shown as people type them.

use std::io;
use std::path::{Component, Path, PathBuf};

/// `path` from the absolute directory `cwd`, with `.` and `..` taken out by name. Where a name before `..` is a symbolic
/// link to a directory that would be another place: then `..` stays.
pub fn absolute(path: &Path, cwd: &Path) -> PathBuf {
    let joined = cwd.join(path);
    let mut plain = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if !plain.is_symlink() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// `path`, absolute, as people are shown it: relative to the directory `cwd` where it lies below it, with `/`.
pub fn shown(path: &Path, cwd: &Path) -> String {
    match path.strip_prefix(cwd) {
        Ok(relative) if relative.as_os_str().is_empty() => ".".to_owned(),
        Ok(relative) => with_slashes(relative),
        Err(_) => with_slashes(path),
    }
}

/// `path` with `/` between its names on every system.
pub fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Why a path cannot be read, in the words that people know.
pub fn reason(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        kind => kind.to_string(),
    }
}
