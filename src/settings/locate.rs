//! The configuration of one directory.

use super::error::SettingsError;
use super::file::Document;
use crate::paths::shown;
use std::fs;
use std::path::Path;
use toml::de::DeTable;

/// One kind of file that may hold coldcall's configuration.
struct Candidate {
    name: &'static str,
    /// Paths of keys at which the configuration may stand; an empty path is the whole file.
    sections: &'static [&'static [&'static str]],
    /// Text that a file with the section holds, should it not parse.
    mark: &'static str,
    /// The sections, for people.
    title: &'static str,
}

const WHOLE_FILE: &[&[&str]] = &[&[]];

/// In order of precedence within one directory.
const CANDIDATES: [Candidate; 4] = [
    Candidate { name: "coldcall.toml", sections: WHOLE_FILE, mark: "", title: "" },
    Candidate { name: ".coldcall.toml", sections: WHOLE_FILE, mark: "", title: "" },
    Candidate {
        name: "pyproject.toml",
        sections: &[&["tool", "coldcall"]],
        mark: "tool.coldcall",
        title: "[tool.coldcall]",
    },
    Candidate {
        name: "Cargo.toml",
        sections: &[&["package", "metadata", "coldcall"], &["workspace", "metadata", "coldcall"]],
        mark: "metadata.coldcall",
        title: "[package.metadata.coldcall] or [workspace.metadata.coldcall]",
    },
];

/// The configuration in directory `dir`; `None` where it has none. `cwd` is for showing paths.
pub fn in_directory(dir: &Path, cwd: &Path) -> Result<Option<Document>, SettingsError> {
    for candidate in &CANDIDATES {
        let path = dir.join(candidate.name);
        // A folder or pipe of that name is none of ours, and opening a pipe would wait.
        if !fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            continue;
        }
        if let Some(document) = candidate.read_found(&path, cwd)? {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// The configuration in the file at `path`, named by the user.
pub fn in_file(path: &Path, cwd: &Path) -> Result<Document, SettingsError> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let [own, ..] = &CANDIDATES;
    let candidate = CANDIDATES.iter().find(|candidate| candidate.name == name).unwrap_or(own);
    let fail = |source| SettingsError::Read { path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(fail)?;
    if metadata.is_dir() {
        return Err(fail(std::io::ErrorKind::IsADirectory.into()));
    }
    let text = fs::read_to_string(path).map_err(fail)?;
    let document = Document::parse(path, shown(path, cwd), &text, candidate.sections)?;
    document.ok_or_else(|| SettingsError::NoSection { path: shown(path, cwd), sections: candidate.title })
}

impl Candidate {
    /// Reads a file that was come across. A manifest that is broken, and does not speak of coldcall, is other tools' business.
    fn read_found(&self, path: &Path, cwd: &Path) -> Result<Option<Document>, SettingsError> {
        let text = match fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            _ if !self.mark.is_empty() => return Ok(None),
            Ok(Err(error)) => {
                let source = std::io::Error::new(std::io::ErrorKind::InvalidData, error);
                return Err(SettingsError::Read { path: path.to_owned(), source });
            }
            Err(source) => return Err(SettingsError::Read { path: path.to_owned(), source }),
        };
        // Parsing every manifest of a large tree takes longer than a look.
        if !text.contains("coldcall") && !self.mark.is_empty() {
            return Ok(None);
        }
        if !text.contains(self.mark) && DeTable::parse(&text).is_err() {
            return Ok(None);
        }
        Document::parse(path, shown(path, cwd), &text, self.sections)
    }
}
