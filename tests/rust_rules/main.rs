//! What the rules say of Rust code, on modules made by hand; the pages in `rules/` test them together with the front end.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod advice;
mod costs;
mod packages;
mod places;
mod settings;
mod support;
mod waits;
