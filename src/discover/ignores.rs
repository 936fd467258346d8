//! `.gitignore`, `.ignore` and `.git/info/exclude`, as git and ripgrep read them.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs;
use std::path::{Path, PathBuf};

/// The ignore files that hold for a folder: outermost first.
pub struct Ignores {
    levels: Vec<Level>,
}

/// The ignore files of one folder.
struct Level {
    /// Depth in the walk; `None` for folders above it.
    depth: Option<usize>,
    ignore: Gitignore,
    gitignore: Gitignore,
    /// `.git/info/exclude`, where the folder is the root of a repository: ignore files above it do not count.
    exclude: Option<Gitignore>,
}

impl Ignores {
    /// The ignore files above the folder `root`: up to the root of its repository, or else to the working directory. None
    /// count where they ignore `root` itself, since whoever names an ignored folder wants it read.
    pub fn above(root: &Path, cwd: &Path) -> Self {
        let mut ignores = Self { levels: Vec::new() };
        let Some(top) = top(root, cwd) else { return ignores };
        let mut folders: Vec<&Path> = root.ancestors().take_while(|folder| folder.starts_with(top)).collect();
        folders.reverse();
        for (at, folder) in folders.iter().enumerate() {
            if at > 0 && ignores.is_ignored(folder, true) {
                ignores.levels.clear();
                break;
            }
            if *folder != root {
                ignores.levels.push(Level::read(folder, None));
            }
        }
        ignores
    }

    /// Adds the ignore files of the folder `folder` at `depth` of the walk.
    pub fn enter(&mut self, folder: &Path, depth: usize) {
        self.levels.push(Level::read(folder, Some(depth)));
    }

    /// Drops the ignore files of folders that an entry at `depth` of the walk does not lie in.
    pub fn leave_below(&mut self, depth: usize) {
        while self.levels.last().is_some_and(|level| level.depth.is_some_and(|own| own >= depth)) {
            self.levels.pop();
        }
    }

    /// Whether the file or folder at `path`, in the innermost folder, is ignored. `.ignore` files go before git's, inner before
    /// outer ones, and the last line that matches decides.
    pub fn is_ignored(&self, path: &Path, is_folder: bool) -> bool {
        let own = self.levels.iter().rev().find_map(|level| decision(&level.ignore, path, is_folder));
        own.or_else(|| self.git_decision(path, is_folder)).unwrap_or(false)
    }

    fn git_decision(&self, path: &Path, is_folder: bool) -> Option<bool> {
        for level in self.levels.iter().rev() {
            let decided = decision(&level.gitignore, path, is_folder);
            if decided.is_some() {
                return decided;
            }
            if let Some(exclude) = &level.exclude {
                return decision(exclude, path, is_folder);
            }
        }
        None
    }
}

impl Level {
    fn read(folder: &Path, depth: Option<usize>) -> Self {
        Self {
            depth,
            ignore: matcher(folder, &folder.join(".ignore")),
            gitignore: matcher(folder, &folder.join(".gitignore")),
            exclude: git_folder(folder).map(|git| matcher(folder, &git.join("info/exclude"))),
        }
    }
}

fn decision(matcher: &Gitignore, path: &Path, is_folder: bool) -> Option<bool> {
    match matcher.matched(path, is_folder) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// The patterns in `file`, which count from `folder`. Lines that are no patterns are passed over, as git does.
fn matcher(folder: &Path, file: &Path) -> Gitignore {
    // Reading a pipe would wait for ever.
    if !file.is_file() {
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new(folder);
    builder.add(file);
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The outermost folder whose ignore files count for `root`.
fn top<'a>(root: &'a Path, cwd: &'a Path) -> Option<&'a Path> {
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    repository.or_else(|| root.starts_with(cwd).then_some(cwd))
}

/// The git folder that holds `info/` for the repository or linked work tree at `folder`.
fn git_folder(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    let metadata = fs::metadata(&git).ok()?;
    if metadata.is_dir() {
        return Some(git);
    }
    // A file that names the folder: a linked work tree or a submodule.
    let text = metadata.is_file().then(|| fs::read_to_string(&git).ok()).flatten().unwrap_or_default();
    let linked = folder.join(text.strip_prefix("gitdir:").map_or("", str::trim));
    let common = fs::read_to_string(linked.join("commondir")).unwrap_or_default();
    Some(linked.join(common.trim()))
}
