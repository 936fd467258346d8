//! The reader of page examples itself: a reader that drops a block or a mark would let a rule break in silence.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/pages.rs"]
mod pages;

use pages::{Mark, blocks, difference, examples, marked_rules};

const PAGE: &str = "\
# some-rule

```python
import httpx
client = httpx.Client()  # error: [some-rule]
```

Text, and a block without a language:

```
# error: [not-an-example]
```

```python file=app/main.py project=svc min-confidence=low
x = 1
y = 2  # error: [a] [b]
```

```dotenv file=.env project=svc
HOST=example
```

```python all-rules
pass
```
";

fn mark(path: &str, line: usize, rule: &str) -> Mark {
    (path.to_owned(), line, rule.to_owned())
}

#[test]
fn blocks_of_a_project_form_one_example() {
    let examples = examples(PAGE).unwrap();
    let names: Vec<&str> = examples.iter().map(|example| example.name.as_str()).collect();
    assert_eq!(names, ["line 4", "svc", "line 24"]);
    let paths: Vec<&str> = examples[1].blocks.iter().map(|block| block.path()).collect();
    assert_eq!(paths, ["app/main.py", ".env"]);
    assert_eq!(examples[1].option("min-confidence"), Some("low"));
    assert_eq!(examples[2].option("all-rules"), Some(""));
    assert_eq!(examples[0].option("all-rules"), None);
}

#[test]
fn marks_name_file_line_and_every_rule() {
    let examples = examples(PAGE).unwrap();
    assert_eq!(examples[0].marks(), [mark("example.py", 2, "some-rule")]);
    assert_eq!(examples[1].marks(), [mark("app/main.py", 2, "a"), mark("app/main.py", 2, "b")]);
    assert_eq!(examples[2].marks(), []);
}

#[test]
fn a_finding_is_shown_with_its_line_in_the_page() {
    let examples = examples(PAGE).unwrap();
    let (line, source) = examples[1].source_line("app/main.py", 2).unwrap();
    assert_eq!(PAGE.lines().nth(line - 1), Some(source));
    assert_eq!(examples[1].source_line("app/main.py", 3), None);
    assert_eq!(examples[1].source_line("app/main.py", 0), None);
}

#[test]
fn the_text_of_a_block_is_kept_as_it_stands() {
    let blocks = blocks("```python\n\ndef f():\n    '''``'''\n```\n").unwrap();
    assert_eq!(blocks[0].text, "\ndef f():\n    '''``'''\n");
    assert_eq!(blocks[0].line, 2);
}

#[test]
fn a_mark_stands_at_the_end_of_the_line() {
    assert_eq!(marked_rules("x = 1  # error: [a]"), ["a"]);
    assert_eq!(marked_rules("let x = 1; // error: [a] [b]"), ["a", "b"]);
    assert_eq!(marked_rules("x = 1  # coldcall: ignore[a]  # error: [unused-ignore]"), ["unused-ignore"]);
    assert!(marked_rules("raise Error  # error: gone").is_empty());
    assert!(marked_rules("x = 1").is_empty());
}

#[test]
fn the_program_sees_no_marks_but_every_other_comment() {
    let page = "```rust\nlet x = 1; // why\nlet y = 2; // error: [a]\nlet z = 3; // so  // error: [a] [b]\n```\n";
    let example = &examples(page).unwrap()[0];
    assert_eq!(example.blocks[0].path(), "example.rs");
    assert_eq!(example.marks()[0], mark("example.rs", 2, "a"));
    assert_eq!(example.blocks[0].without_marks(), "let x = 1; // why\nlet y = 2;\nlet z = 3; // so\n");
}

#[test]
fn a_mark_in_a_manifest_counts() {
    let page = "```toml file=Cargo.toml project=a\n[dependencies]\nx = \"1\"  # error: [a]\n```\n";
    let example = &examples(page).unwrap()[0];
    assert_eq!(example.marks(), [mark("Cargo.toml", 2, "a")]);
    assert_eq!(example.blocks[0].without_marks(), "[dependencies]\nx = \"1\"\n");
}

#[test]
fn slips_in_a_page_are_errors_with_their_line() {
    for (page, expected) in [
        ("```python\nx = 1\n", "line 1: the block has no end"),
        ("\n```python fil=x.py\n```\n", "line 2: unknown option `fil`"),
        ("```python\n\nx = 1  # error: [a\n```\n", "line 3: the mark cannot be read"),
        ("```python\nx = 1  # error:[a]\n```\n", "line 2: the mark cannot be read"),
        ("```toml file=x.toml\n```\n", "line 1: a `toml` block must name its project"),
        ("```toml project=a\n```\n", "line 1: a `toml` block must name its file"),
        ("```python project=a\n```\n```python project=a\n```\n", "line 3: `example.py` is in project `a` twice"),
    ] {
        assert_eq!(examples(page).unwrap_err(), expected, "{page}");
    }
}

#[test]
fn the_difference_counts_findings_at_one_place() {
    let twice = [mark("a.py", 1, "r"), mark("a.py", 1, "r")];
    let once = [mark("a.py", 1, "r")];
    assert_eq!(difference(&once, &once), (vec![], vec![]));
    assert_eq!(difference(&once, &twice), (vec![], once.to_vec()));
    assert_eq!(difference(&twice, &once), (once.to_vec(), vec![]));
    assert_eq!(difference(&[mark("a.py", 2, "r")], &once), (vec![mark("a.py", 2, "r")], once.to_vec()));
}
