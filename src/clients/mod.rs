//! Loads `rules/clients/`: what each library offers, as data.

pub mod schema;
