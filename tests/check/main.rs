//! The whole program, from outside: real files, a real process, its bytes and its exit code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod advice;
mod config;
mod cpython;
mod exit_codes;
mod files;
mod filters;
mod formats;
mod hostile;
mod projects;
mod readme;
mod regressions;
mod rust;
mod rust_hostile;
mod streams;
mod support;
mod timings;
