//! coldcall finds requests that pay DNS, TCP, TLS and the loading of certificates each time, because of how a client
//! is built or configured.
//!
//! The flow goes one way: discover -> prefilter -> front end -> link -> lifetime -> effective settings -> rules ->
//! findings -> suppressions -> output.

pub mod clients;
pub mod effective;
pub mod finding;
pub mod frameworks;
pub mod frontend;
pub mod lifetime;
pub mod link;
pub mod model;
pub mod pages;
pub mod prefilter;
pub mod project;
pub mod output;
pub mod source;
