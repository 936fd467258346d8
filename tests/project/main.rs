//! What is read from the files around Python code: versions, ranges, extras, and what is not installed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/repository.rs"]
mod repository;
mod support;

mod environments;
mod locks;
mod manifests;
mod presence;
mod programs;
mod real;
mod requirements;
