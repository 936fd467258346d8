//! Jupyter notebooks (nbformat 4): the Python code cells joined into one text that remembers which line is whose.

use super::magics;
use super::{Cell, Language, LineIndex, SourceFile};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Why a notebook is not analysed. Displays as a reason for people.
#[derive(Debug, thiserror::Error)]
pub enum NotebookError {
    /// Not JSON, or not the shape of a notebook.
    #[error("not a notebook: {0}")]
    Json(#[from] serde_json::Error),
    /// Older than nbformat 4.
    #[error("notebook format {0}; convert it with `jupyter nbconvert --to notebook`")]
    OldFormat(i64),
    /// JSON without cells.
    #[error("not a notebook: it has no cells")]
    NoCells,
    /// The kernel runs another language.
    #[error("notebook in {0}, not Python")]
    OtherLanguage(String),
}

#[derive(Deserialize)]
struct Notebook {
    nbformat: Option<i64>,
    cells: Option<Vec<RawCell>>,
    worksheets: Option<IgnoredAny>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    kernelspec: Option<Kernel>,
    language_info: Option<LanguageInfo>,
}

#[derive(Deserialize)]
struct Kernel {
    language: Option<String>,
}

#[derive(Deserialize)]
struct LanguageInfo {
    name: Option<String>,
}

#[derive(Deserialize)]
struct RawCell {
    cell_type: String,
    #[serde(default)]
    source: Source,
    #[serde(default)]
    metadata: CellMetadata,
}

#[derive(Default, Deserialize)]
struct CellMetadata {
    vscode: Option<EditorCell>,
}

/// An editor may give a cell of a Python notebook a language of its own.
#[derive(Deserialize)]
struct EditorCell {
    #[serde(rename = "languageId")]
    language: Option<String>,
}

/// nbformat allows both shapes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Whole(String),
    Lines(Vec<String>),
}

impl Default for Source {
    fn default() -> Self {
        Self::Whole(String::new())
    }
}

impl Source {
    fn into_text(self) -> String {
        match self {
            Self::Whole(text) => text,
            Self::Lines(lines) => lines.concat(),
        }
    }
}

/// Joins the Python code cells of the notebook in `bytes`. Magics are blanked out in place, so that lines and columns
/// within a cell stay; cells in other languages are left out.
///
/// # Errors
/// [`NotebookError`] where it is no notebook of format 4, or not in Python.
pub fn parse(bytes: &[u8], shown: &str) -> Result<SourceFile, NotebookError> {
    let notebook: Notebook = serde_json::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))?;
    let format = notebook.nbformat.unwrap_or(if notebook.worksheets.is_some() { 3 } else { 4 });
    if format < 4 {
        return Err(NotebookError::OldFormat(format));
    }
    if let Some(language) = notebook.metadata.language()
        && !is_python(&language)
    {
        return Err(NotebookError::OtherLanguage(language));
    }
    Ok(join(notebook.cells.ok_or(NotebookError::NoCells)?, shown))
}

impl Metadata {
    fn language(&self) -> Option<String> {
        let info = self.language_info.as_ref().and_then(|info| info.name.clone());
        info.or_else(|| self.kernelspec.as_ref().and_then(|kernel| kernel.language.clone()))
    }
}

impl RawCell {
    fn is_python_code(&self) -> bool {
        let language = self.metadata.vscode.as_ref().and_then(|editor| editor.language.as_deref());
        self.cell_type == "code" && language.is_none_or(is_python)
    }
}

fn is_python(language: &str) -> bool {
    matches!(language.to_ascii_lowercase().as_str(), "python" | "python3" | "ipython" | "ipython3")
}

fn join(raw_cells: Vec<RawCell>, shown: &str) -> SourceFile {
    let mut text = String::new();
    let mut cells = Vec::new();
    let mut lines = 0;
    for (at, raw) in raw_cells.into_iter().enumerate() {
        if !raw.is_python_code() {
            continue;
        }
        let Some(mut source) = magics::blank(&raw.source.into_text()) else { continue };
        // Cells must not run into each other: the last line of a cell seldom has an end.
        source.push('\n');
        cells.push(Cell { number: at + 1, first_line: lines });
        lines += LineIndex::new(&source).len() - 1;
        text.push_str(&source);
    }
    let mut file = SourceFile::new(shown, Language::Python, text);
    file.cells = cells;
    file
}
