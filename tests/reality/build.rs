//! From a set to programs that can be run: a virtual environment, or a build.

use crate::programs::{Language, Program};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where all that is made for the suite is kept between runs.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/reality")
}

/// Why the programs of a language are not run. Setting them up takes minutes and the network, so it has to be asked for.
pub fn missing(language: Language) -> Option<String> {
    let asked_for = match language {
        Language::Python => "COLDCALL_REALITY_PYTHON",
        Language::Rust => "COLDCALL_REALITY_RUST",
    };
    if !required() && !set(asked_for) {
        return Some(format!("{asked_for}=1 is not set"));
    }
    let python = || Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    let works = language != Language::Python || python().is_ok_and(|output| output.status.success());
    (!works).then(|| "python3 with venv is missing".to_owned())
}

pub fn set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

pub fn required() -> bool {
    set("COLDCALL_REQUIRE_REALITY")
}

/// Makes what a set's programs need.
pub fn set_up(language: Language, folder: &Path) -> Result<(), String> {
    let name = folder.file_name().unwrap();
    match language {
        Language::Python => virtual_environment(folder, &kept().join("python").join(name)),
        Language::Rust => cargo_build(folder, &kept().join("rust/bin").join(name)),
    }
}

/// The command that runs a program of a set that was set up.
pub fn command(program: &Program) -> Command {
    let made = match program.language {
        Language::Python => kept().join("python").join(program.set_name()).join("bin/python"),
        Language::Rust => kept().join("rust/bin").join(program.set_name()).join(program.stem()),
    };
    let mut command = Command::new(made);
    if program.language == Language::Python {
        command.arg(&program.source);
    }
    command
}

/// A virtual environment with the set's requirements; the one of the last run if they are the same.
fn virtual_environment(folder: &Path, environment: &Path) -> Result<(), String> {
    let wanted = folder.join("requirements.txt");
    let text = fs::read(&wanted).map_err(|error| format!("{}: {error}", wanted.display()))?;
    let installed = environment.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|known| known == text) {
        return Ok(());
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment))?;
    let pip = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--requirement"];
    run(Command::new(environment.join("bin/python")).args(pip).arg(&wanted))?;
    fs::write(installed, text).map_err(|error| error.to_string())
}

/// Builds a set in the target folder that all sets share. Their programs bear the same names, so they are put aside.
fn cargo_build(folder: &Path, programs: &Path) -> Result<(), String> {
    let target = kept().join("rust/target");
    let manifest = folder.join("Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--locked", "--bins", "--manifest-path"]).arg(manifest);
    run(build.arg("--target-dir").arg(&target))?;
    fs::create_dir_all(programs).map_err(|error| error.to_string())?;
    for source in fs::read_dir(folder.join("src/bin")).map_err(|error| error.to_string())? {
        let path = source.map_err(|error| error.to_string())?.path();
        let Some(stem) = path.file_stem() else { continue };
        let built = target.join("debug").join(stem);
        fs::copy(&built, programs.join(stem)).map_err(|error| format!("{}: {error}", built.display()))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{command:?}: {told}")) }
}
