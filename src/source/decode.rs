//! Bytes to text: UTF-8, with or without a byte order mark; in Python, also the encoding that a coding comment (PEP 263)
//! names.

use super::Language;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// Text with what was taken off its front.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// Bytes of byte order mark: 0 or 3.
    pub bom: usize,
}

/// Why bytes are no source text. Displays as a reason for people.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A zero byte, which Python and Rust refuse too.
    #[error("binary (zero byte at offset {offset})")]
    Binary {
        /// Byte offset from the start of the file.
        offset: usize,
    },
    /// Neither UTF-8 nor, in Python, declared to be something else.
    #[error("not UTF-8 (byte offset {offset}){}", declared(*.language))]
    InvalidUtf8 {
        /// Byte offset of the first bad byte from the start of the file.
        offset: usize,
        /// Language of the file.
        language: Language,
    },
    /// What runs or compiles it cannot read it either.
    #[error("UTF-16 or UTF-32, which {} does not read; save it as UTF-8", reader(*.language))]
    Utf16 {
        /// Language of the file.
        language: Language,
    },
    /// The coding comment names an encoding that is not known here.
    #[error("unknown encoding `{name}` in the coding comment")]
    UnknownEncoding {
        /// As the comment spells it.
        name: String,
    },
    /// The bytes are not in the encoding that the coding comment names.
    #[error("not `{name}`, which the coding comment names")]
    WrongEncoding {
        /// As the comment spells it.
        name: String,
    },
}

fn declared(language: Language) -> &'static str {
    match language {
        Language::Python => ", and no coding comment names another encoding",
        Language::Rust | Language::CargoManifest => "",
    }
}

fn reader(language: Language) -> &'static str {
    match language {
        Language::Python => "Python",
        Language::Rust => "Rust",
        Language::CargoManifest => "Cargo",
    }
}

/// Decodes a source file of `language`.
///
/// # Errors
/// [`DecodeError`]; its offsets count from the start of `bytes`.
pub fn decode(bytes: &[u8], language: Language) -> Result<Decoded, DecodeError> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || bytes.starts_with(b"\x00\x00\xFE\xFF") {
        return Err(DecodeError::Utf16 { language });
    }
    if let Some(offset) = bytes.iter().position(|&byte| byte == 0) {
        return Err(DecodeError::Binary { offset });
    }
    if let Some(rest) = bytes.strip_prefix(UTF8_BOM) {
        return Ok(Decoded { text: utf8(rest, UTF8_BOM.len(), language)?, bom: UTF8_BOM.len() });
    }
    let text = match coding_comment(bytes).filter(|_| language == Language::Python) {
        Some(name) => with_encoding(bytes, name)?,
        None => utf8(bytes, 0, language)?,
    };
    Ok(Decoded { text, bom: 0 })
}

fn utf8(bytes: &[u8], start: usize, language: Language) -> Result<String, DecodeError> {
    let text = std::str::from_utf8(bytes).map(str::to_owned);
    text.map_err(|error| DecodeError::InvalidUtf8 { offset: start + error.valid_up_to(), language })
}

fn with_encoding(bytes: &[u8], name: &str) -> Result<String, DecodeError> {
    let label = name.to_ascii_lowercase().replace('_', "-");
    match label.as_str() {
        "utf-8" | "utf8" | "u8" | "utf-8-sig" | "ascii" | "us-ascii" | "646" => utf8(bytes, 0, Language::Python),
        // The web's label `latin1` means windows-1252; Python's means ISO 8859-1, in which every byte is a character.
        "latin-1" | "latin1" | "l1" | "latin" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" => {
            Ok(encoding_rs::mem::decode_latin1(bytes).into_owned())
        }
        _ => {
            let encoding = encoding(&label).ok_or_else(|| DecodeError::UnknownEncoding { name: name.to_owned() })?;
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
            text.map(String::from).ok_or_else(|| DecodeError::WrongEncoding { name: name.to_owned() })
        }
    }
}

/// The encoding that Python calls `label`, where it can hold a coding comment: UTF-16 cannot.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let web = match label {
        "mac-roman" | "macroman" => "macintosh",
        "shiftjis" | "s-jis" => "shift_jis",
        "cp932" | "ms932" => "windows-31j",
        "cp936" => "gbk",
        "cp949" => "euc-kr",
        "cp950" => "big5",
        "eucjp" => "euc-jp",
        "euckr" => "euc-kr",
        other => other,
    };
    let encoding = Encoding::for_label_no_replacement(web.as_bytes())?;
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

/// The encoding named by a coding comment (PEP 263): in the first line, or in the second where the first holds no code.
fn coding_comment(bytes: &[u8]) -> Option<&str> {
    let (first, rest) = split_line(bytes);
    let (second, _) = split_line(rest);
    if let Some(name) = coding_of(first) {
        return Some(name);
    }
    let no_code = first.is_empty() || first.starts_with(b"#");
    no_code.then_some(second).and_then(coding_of)
}

/// The first line of `bytes` without the white space around it, and what follows it.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r').unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at(end);
    let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or(b"");
    (line.trim_ascii(), rest)
}

/// What follows `coding:` or `coding=` in a comment line.
fn coding_of(line: &[u8]) -> Option<&str> {
    let comment = line.strip_prefix(b"#")?;
    let word = b"coding";
    (0..comment.len()).find_map(|at| {
        let rest = comment.get(at..)?.strip_prefix(word)?;
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let rest = rest.trim_ascii_start();
        let end = rest.iter().position(|&byte| !is_name_byte(byte)).unwrap_or(rest.len());
        std::str::from_utf8(rest.get(..end)?).ok().filter(|name| !name.is_empty())
    })
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}
