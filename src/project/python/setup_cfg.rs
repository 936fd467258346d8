//! `install_requires` and `extras_require` of setup.cfg.

use super::manifests::Needs;
use super::requirement::Requirement;
use super::statement::Statement;
use crate::project::files::Files;
use configparser::ini::Ini;
use std::path::Path;

/// Adds what setup.cfg in `folder` says.
pub fn add(folder: &Path, files: &mut Files, needs: &mut Needs) {
    let Some(file) = files.parsed(&folder.join("setup.cfg"), "a manifest", parse) else { return };
    let requires = file.get("options", "install_requires");
    requires.into_iter().for_each(|lines| add_lines(&lines, &mut needs.own));
    let extras = file.get_map_ref().get("options.extras_require").into_iter().flatten();
    extras.filter_map(|(_, lines)| lines.as_ref()).for_each(|lines| add_lines(lines, &mut needs.aside));
}

fn parse(text: &str) -> Result<Ini, String> {
    let mut file = Ini::new();
    file.set_multiline(true);
    // In a requirement `;` begins a condition, and `#` is part of an address.
    file.set_inline_comment_symbols(Some(&[]));
    file.read(text.to_owned())?;
    Ok(file)
}

fn add_lines(lines: &str, statement: &mut Statement) {
    lines.lines().filter_map(Requirement::parse).for_each(|asked| statement.add(asked));
}
