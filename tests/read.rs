//! Bytes on disk to source text: encodings, notebooks, and files that must not be opened.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use coldcall::source::SourceFile;
use coldcall::source::read::{DEFAULT_MAX_FILE_SIZE, ReadError, from_bytes, read};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

fn file_with(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn read_py(bytes: &[u8]) -> Result<SourceFile, ReadError> {
    let (_dir, path) = file_with("app.py", bytes);
    read(&path, "app.py", DEFAULT_MAX_FILE_SIZE)
}

fn reason(bytes: &[u8]) -> String {
    read_py(bytes).unwrap_err().to_string()
}

#[test]
fn a_byte_order_mark_moves_offsets_but_not_columns() {
    let file = read_py(b"\xEF\xBB\xBFimport httpx\n").unwrap();
    assert_eq!((file.text.as_str(), file.bom), ("import httpx\n", 3));
    let position = file.position(7);
    assert_eq!((position.line, position.column, position.offset), (1, 8, 10));
}

#[test]
fn coding_comments_choose_the_encoding() {
    let latin = read_py(b"# -*- coding: latin-1 -*-\nname = 'caf\xE9'; x = 1\n").unwrap();
    assert_eq!(latin.line_text(1), "name = 'café'; x = 1");
    // 0x80 is a control character in ISO 8859-1 and the euro sign in windows-1252.
    assert_eq!(read_py(b"# coding=iso-8859-1\n'\x80'\n").unwrap().line_text(1), "'\u{80}'");
    assert_eq!(read_py(b"# coding: cp1252\n'\x80'\n").unwrap().line_text(1), "'€'");
    let second =
        read_py(b"#!/usr/bin/env python\r\n# vim: set fileencoding=koi8-r :\r\n'\xD4\xC5\xD3\xD4'\r\n").unwrap();
    assert_eq!(second.line_text(2), "'тест'");
    assert_eq!(read_py(b"# coding: mac_roman\n'\x8E'\n").unwrap().line_text(1), "'é'");
}

#[test]
fn a_coding_comment_counts_only_where_python_looks_for_it() {
    // The first line holds code, so the comment on the second is none; and a third line is too late.
    assert!(reason(b"x = 1\n# coding: latin-1\n'\xE9'\n").starts_with("not UTF-8 (byte offset 25)"));
    assert!(reason(b"#\n#\n# coding: latin-1\n'\xE9'\n").starts_with("not UTF-8 (byte offset 23)"));
    // A string is no comment.
    assert!(reason(b"'# coding: latin-1 \xE9'\n").starts_with("not UTF-8 (byte offset 19)"));
}

#[test]
fn what_is_not_text_is_named() {
    assert_eq!(reason(b"x = 1\n\x00"), "binary (zero byte at offset 6)");
    assert!(reason(b"\xEF\xBB\xBFx = '\xFF'").contains("byte offset 8"));
    assert!(reason(b"\xFF\xFEi\x00m\x00").starts_with("UTF-16"));
    assert!(reason(b"\xFE\xFF\x00i\x00m").starts_with("UTF-16"));
    assert_eq!(reason(b"# coding: klingon\n"), "unknown encoding `klingon` in the coding comment");
    assert_eq!(reason(b"# coding: utf-16\n"), "unknown encoding `utf-16` in the coding comment");
    assert_eq!(reason(b"# coding: euc-jp\n'\xFF'\n"), "not `euc-jp`, which the coding comment names");
}

#[test]
fn of_rust_and_cargo_nothing_is_said_that_holds_for_python_only() {
    let reason = |name: &str, bytes: &[u8]| from_bytes(bytes, name).unwrap_err().to_string();
    assert_eq!(reason("a.rs", b"// caf\xE9\n"), "not UTF-8 (byte offset 6)");
    assert_eq!(reason("Cargo.toml", b"# coding: latin-1\n# caf\xE9\n"), "not UTF-8 (byte offset 23)");
    assert!(reason("a.rs", b"\xFF\xFE/\x00").starts_with("UTF-16 or UTF-32, which Rust does not read"));
    assert!(reason("Cargo.toml", b"\xFF\xFE#\x00").contains("which Cargo does not read"));
}

#[test]
fn empty_files_and_files_at_the_limit_are_read() {
    assert_eq!(read_py(b"").unwrap().text, "");
    let (_dir, path) = file_with("app.py", b"x = 1\n");
    assert!(read(&path, "app.py", 6).is_ok());
    let error = read(&path, "app.py", 5).unwrap_err();
    assert!(matches!(error, ReadError::TooLarge { size: 6, limit: 5 }), "{error}");
}

#[test]
fn an_endless_device_behind_a_link_is_not_opened() {
    let dir = TempDir::new().unwrap();
    let link = dir.path().join("zero.py");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    assert!(matches!(read(&link, "zero.py", 10), Err(ReadError::NotRegular)));
}

#[test]
fn a_named_pipe_does_not_hang() {
    let dir = TempDir::new().unwrap();
    let pipe = dir.path().join("pipe.py");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(read(&pipe, "pipe.py", 10).unwrap_err().to_string()));
    let reason = receiver.recv_timeout(std::time::Duration::from_secs(10)).expect("reading waits for a writer");
    assert_eq!(reason, "not a regular file");
}

#[test]
fn broken_links_and_folders_say_so() {
    let dir = TempDir::new().unwrap();
    let link = dir.path().join("gone.py");
    std::os::unix::fs::symlink("nowhere.py", &link).unwrap();
    assert_eq!(read(&link, "gone.py", 10).unwrap_err().to_string(), "broken symbolic link");
    let own = dir.path().join("self.py");
    std::os::unix::fs::symlink("self.py", &own).unwrap();
    assert_eq!(read(&own, "self.py", 10).unwrap_err().to_string(), "broken symbolic link");
    assert_eq!(read(dir.path(), "x", 10).unwrap_err().to_string(), "not a regular file");
    assert_eq!(read(&dir.path().join("no.py"), "no.py", 10).unwrap_err().to_string(), "entity not found");
}

fn notebook(cells: Value) -> Value {
    json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"language": "python", "name": "python3"}}, "cells": cells})
}

fn code(source: &str) -> Value {
    json!({"cell_type": "code", "source": source, "outputs": [], "execution_count": null, "metadata": {}})
}

fn parse(value: &Value) -> Result<SourceFile, ReadError> {
    from_bytes(value.to_string().as_bytes(), "demo.ipynb")
}

fn text_of(source: &str) -> String {
    parse(&notebook(json!([code(source)]))).unwrap().text
}

#[test]
fn positions_in_a_notebook_count_within_the_cell() {
    let lines = json!({"cell_type": "code", "source": ["import httpx\n", "a = 1"], "metadata": {}});
    let file = parse(&notebook(json!([
        {"cell_type": "markdown", "source": "# Title", "metadata": {}},
        lines,
        code(""),
        code("b = 2\n"),
        code("é = 3; c = httpx.get('x')"),
    ])))
    .unwrap();
    assert_eq!(file.text, "import httpx\na = 1\nb = 2\n\né = 3; c = httpx.get('x')\n");
    let place = |needle: &str| {
        let position = file.position(file.text.find(needle).unwrap());
        (position.cell.unwrap(), position.line, position.column)
    };
    assert_eq!(place("httpx"), (2, 1, 8));
    assert_eq!(place("a = 1"), (2, 2, 1));
    assert_eq!(place("b = 2"), (4, 1, 1));
    assert_eq!(place("c = "), (5, 1, 8));
}

#[test]
fn magics_leave_every_other_line_where_it_was() {
    let source = "!pip install httpx \\\n   openai\n%matplotlib inline\nimport httpx\nfiles = !ls *.py\nhttpx.get?\n?httpx\n!w\nif x:\n    !ls -l\ny = httpx.get(u)";
    let blanked = text_of(source);
    for (before, after) in source.split('\n').zip(blanked.split('\n')) {
        assert_eq!(before.len(), after.len(), "{before:?} became {after:?}");
    }
    let kept: Vec<&str> = blanked.lines().filter(|line| !matches!(line.trim(), "pass" | "0")).collect();
    assert_eq!(kept, ["import httpx", "if x:", "y = httpx.get(u)"]);
    assert!(blanked.contains("\n    pass  \n"), "the block keeps a statement: {blanked:?}");
}

#[test]
fn what_only_looks_like_a_magic_stays() {
    for source in [
        "x = (10\n  % 3)",
        "text = '''\n%s and\n!not shell\n'''\ny = 1",
        "x = 10 \\\n  % 3",
        "s = '''a \\''' \n%d'''",
        "d = {\n  '(': 1,  # (\n}\nz = f'{a!r}'",
        "ok = a != b",
        "q = 'why?'",
        "# really?",
    ] {
        assert_eq!(text_of(source), format!("{source}\n"));
    }
    // After the string and the bracket have ended, a magic is a magic again.
    assert_eq!(text_of("s = ')('  # (\n%cd x"), "s = ')('  # (\npass \n");
    assert_eq!(text_of("t = '''(\n'''\n%cd x"), "t = '''(\n'''\npass \n");
}

#[test]
fn timed_statements_are_code() {
    assert_eq!(text_of("%time r = httpx.get(u)"), "0;    r = httpx.get(u)\n");
    assert_eq!(text_of("%%time\nr = httpx.get(u)"), "pass  \nr = httpx.get(u)\n");
    assert_eq!(text_of("\n%%capture out\n%%timeit -n 3\nr = 1"), "\npass         \npass         \nr = 1\n");
}

#[test]
fn cells_of_other_languages_are_left_out() {
    let mut sql = code("select 1");
    sql["metadata"] = json!({"vscode": {"languageId": "sql"}});
    let file =
        parse(&notebook(json!([code("%%bash\ncurl x"), code("%%writefile a.py\nimport httpx"), sql, code("x = 1")])));
    let file = file.unwrap();
    assert_eq!(file.text, "x = 1\n");
    assert_eq!(file.position(0).cell, Some(4));
}

#[test]
fn notebooks_that_are_no_python_notebooks_are_named() {
    let reason = |value: Value| parse(&value).unwrap_err().to_string();
    let mut julia = notebook(json!([]));
    julia["metadata"] = json!({"language_info": {"name": "julia"}});
    assert_eq!(reason(julia), "notebook in julia, not Python");
    assert!(reason(json!({"nbformat": 3, "worksheets": [{"cells": []}]})).starts_with("notebook format 3"));
    assert_eq!(reason(json!({"nbformat": 4})), "not a notebook: it has no cells");
    let broken = from_bytes(b"{\"cells\": [", "demo.ipynb").unwrap_err().to_string();
    assert!(broken.starts_with("not a notebook: EOF"), "{broken}");
    let deep = "[".repeat(100_000);
    assert!(from_bytes(deep.as_bytes(), "demo.ipynb").is_err());
}

#[test]
fn a_notebook_without_a_kernel_is_python() {
    let file = parse(&json!({"nbformat": 4, "cells": [code("x = 1")]})).unwrap();
    assert_eq!(file.text, "x = 1\n");
}
