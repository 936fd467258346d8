//! coldcall finds requests that pay DNS, TCP, TLS and the loading of certificates each time, because of how a client
//! is built or configured.
//!
//! The flow goes one way: discover -> prefilter -> front end -> link -> lifetime -> effective settings -> rules ->
//! findings -> suppressions -> output.

pub mod audit;
pub mod cli;
pub mod clients;
pub mod discover;
pub mod effective;
mod embedded;
pub mod engine;
pub mod finding;
pub mod frameworks;
pub mod frontend;
pub mod lifetime;
pub mod link;
pub mod model;
pub mod output;
pub mod pages;
pub mod paths;
pub mod prefilter;
pub mod project;
pub mod rules;
pub mod settings;
pub mod source;
pub mod suppress;
