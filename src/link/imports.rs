//! The imports of a Python file by a look at its lines, for files that need not be parsed.

/// One imported name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name in the file; `*` for all names of a module.
    pub name: String,
    /// What it stands for, as written: `.clients.make_client`. Of `import a.b`, the module, though the name is `a`.
    pub path: String,
    /// A module is imported by `import`, not a name from it.
    pub is_whole: bool,
}

/// All imports of `text`, wherever they stand.
pub fn of(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if let Some(rest) = line.strip_prefix("import ") {
            found.extend(code(rest).split(',').filter_map(whole));
        } else if let Some((module, names)) = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import")) {
            let module = module.trim();
            let mut names = code(names).to_owned();
            let mut in_list = names.contains('(');
            let mut is_open = if in_list { !names.contains(')') } else { is_continued(&names) };
            // What begins like a statement ends a list that prose in a docstring seemed to begin.
            while is_open && let Some(next) = lines.next_if(|next| !begins_statement(next)) {
                let next = code(next);
                in_list |= next.contains('(');
                is_open = if in_list { !next.contains(')') } else { is_continued(next) };
                names.truncate(names.trim_end().trim_end_matches('\\').len());
                names.push_str(next);
            }
            let names = names.trim().trim_start_matches('(').trim_end_matches([')', ';']);
            found.extend(names.split(',').filter_map(|name| from(module, name)));
        }
    }
    found
}

fn begins_statement(line: &str) -> bool {
    ["import ", "from ", "def ", "class ", "@"].iter().any(|word| line.starts_with(word))
}

fn code(line: &str) -> &str {
    line.split('#').next().unwrap_or(line)
}

fn is_continued(line: &str) -> bool {
    line.trim_end().ends_with('\\')
}

fn is_path(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|at| at.is_alphanumeric() || matches!(at, '_' | '.'))
}

fn whole(part: &str) -> Option<Import> {
    let mut words = part.split_whitespace();
    let path = words.next().map(|path| path.trim_end_matches(';')).filter(|path| is_path(path))?;
    let alias = words.next().filter(|word| *word == "as").and_then(|_| words.next());
    let name = alias.unwrap_or_else(|| path.split('.').next().unwrap_or(path));
    Some(Import { name: name.to_owned(), path: path.to_owned(), is_whole: alias.is_none() })
}

fn from(module: &str, part: &str) -> Option<Import> {
    let mut words = part.split_whitespace();
    let name = words.next()?;
    let alias = words.next().filter(|word| *word == "as").and_then(|_| words.next());
    if !is_path(module) || !(is_path(name) || name == "*") {
        return None;
    }
    if name == "*" {
        return Some(Import { name: "*".to_owned(), path: module.to_owned(), is_whole: false });
    }
    let dot = if module.ends_with('.') { "" } else { "." };
    let path = format!("{module}{dot}{name}");
    Some(Import { name: alias.unwrap_or(name).to_owned(), path, is_whole: false })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn prose_hides_no_import() {
        let found = of("from x import (see below\n\nfrom .clients import make\n");
        assert!(found.iter().any(|import| import.path == ".clients.make"), "{found:?}");
    }

    #[test]
    fn every_form_of_import_is_seen() {
        let text = "import a.b, c as d  # x\nfrom . import clients\nfrom .x import (\n    one,\n    two as zwei,  # y\n)\n\
                    if True:\n    from pkg import *\nfrom p import q, \\\n    r\ntext = 'from here'\nfrom nothing\n";
        let found = of(text).into_iter().map(|import| format!("{}={}", import.name, import.path));
        let expected = "a=a.b d=c clients=.clients one=.x.one zwei=.x.two *=pkg q=p.q r=p.r";
        assert_eq!(found.collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn a_list_that_never_ends_is_read_once() {
        let found = of(&format!("from a import (\n{}", "name,\n".repeat(300_000)));
        assert_eq!(found.len(), 300_000);
    }
}
