//! coldcall finds requests that pay DNS, TCP, TLS and the loading of certificates each time, because of how a client
//! is built or configured.
//!
//! The flow goes one way: discover -> prefilter -> front end -> link -> lifetime -> effective settings -> rules ->
//! findings -> suppressions -> output.

pub mod clients;
mod embedded;
pub mod finding;
pub mod frameworks;
pub mod model;
pub mod source;
