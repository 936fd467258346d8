//! Rebuilds the crate when a file appears in or leaves `rules/`: embedding alone notices changed files only.
#![allow(clippy::print_stdout, reason = "a build script speaks to cargo through its standard output")]

fn main() {
    println!("cargo::rerun-if-changed=rules");
}
