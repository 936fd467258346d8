//! Which files are read.

use crate::support::{LOOP, Sandbox};

#[test]
fn the_working_directory_is_the_default() {
    let sandbox = Sandbox::new(&[("a/b/app.py", LOOP), ("a/types.pyi", LOOP), ("a/other.txt", LOOP)]);
    assert_eq!(sandbox.concise("").findings(), ["a/b/app.py:6 one-shot-request", "a/types.pyi:6 one-shot-request"]);
}

#[test]
fn ignore_files_count_but_not_for_named_files() {
    let sandbox = Sandbox::new(&[(".git/HEAD", ""), (".gitignore", "gen/\n"), ("gen/app.py", LOOP), ("app.py", LOOP)]);
    assert_eq!(sandbox.concise("").findings(), ["app.py:6 one-shot-request"]);
    assert_eq!(sandbox.concise("--no-ignore").findings().len(), 2);
    assert_eq!(sandbox.concise("gen/app.py").findings(), ["gen/app.py:6 one-shot-request"]);
}

#[test]
fn excludes_count_for_named_files_only_when_forced() {
    let sandbox = Sandbox::new(&[("gen/app.py", LOOP), ("app.py", LOOP)]);
    assert_eq!(sandbox.concise("--exclude gen").findings(), ["app.py:6 one-shot-request"]);
    assert_eq!(sandbox.concise("--exclude gen gen/app.py").findings().len(), 1);
    sandbox.concise("--exclude gen --force-exclude gen/app.py").exits(0);
}

#[test]
fn show_files_reads_nothing() {
    let sandbox = Sandbox::new(&[("b.py", LOOP), ("a.py", LOOP), ("c.txt", "")]);
    assert_eq!(sandbox.check("--show-files").exits(0).stdout, "a.py\nb.py\n");
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    let sandbox = Sandbox::new(&[("a/app.py", LOOP)]);
    std::os::unix::fs::symlink(sandbox.path(), sandbox.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink("self.py", sandbox.path().join("self.py")).unwrap();
    let run = sandbox.concise("").exits(1);
    assert_eq!(run.findings(), ["a/app.py:6 one-shot-request"]);
}

#[test]
fn the_lock_file_dates_the_defaults() {
    let app = "from concurrent.futures import ThreadPoolExecutor

from openai import OpenAI

client = OpenAI(base_url=\"https://gateway.example.com\")


def ask(text):
    return client.responses.create(model=\"m\", input=text)


def main(texts):
    with ThreadPoolExecutor(max_workers=150) as pool:
        return list(pool.map(ask, texts))
";
    let old = Sandbox::new(&[("app.py", app), ("uv.lock", "[[package]]\nname = \"openai\"\nversion = \"1.15.0\"\n")]);
    let new = Sandbox::new(&[("app.py", app), ("uv.lock", "[[package]]\nname = \"openai\"\nversion = \"3.54.0\"\n")]);
    assert_eq!(old.concise("--select pool-too-small").findings(), ["app.py:5 pool-too-small"]);
    new.concise("--select pool-too-small").exits(0);
    let client = &old.json("--select pool-too-small")["findings"][0]["client"];
    assert_eq!(client["version"], "1.15.0");
}
