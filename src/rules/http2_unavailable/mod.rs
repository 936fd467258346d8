//! HTTP/2 cannot be had, although it is asked for or would help: with the features of a Rust package, or with the packages
//! and versions of a Python project.

mod cargo;
mod python;

use super::{Draft, FileView, SiteView};
use crate::finding::Finding;

pub const NAME: &str = "http2-unavailable";

pub fn check(views: &[&FileView<'_>]) -> Vec<Finding> {
    cargo::check(views).into_iter().chain(python::check(views)).collect()
}
