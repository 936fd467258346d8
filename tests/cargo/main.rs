//! The Cargo side of a project, on real folders: manifests, workspaces, lock files, and `cargo metadata`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod frontend;
mod metadata;
mod program;
mod projects;
#[path = "../support/repository.rs"]
mod repository;
mod resolved;
mod support;
mod workspaces;
