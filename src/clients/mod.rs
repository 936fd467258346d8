//! Loads `rules/clients/`: what each library offers, as data.

pub mod schema;
use schema::*;
/// stub
pub struct Clients;
impl Clients {
    /// s
    pub fn embedded() -> &'static Clients { &Clients }
    /// s
    pub fn client(&self, _s: &str) -> Option<(&Library, &ClientSpec)> { None }
    /// s
    pub fn client_for(&self, _s: &str, _f: Option<&str>) -> Option<(&Library, &ClientSpec)> { None }
    /// s
    pub fn one_shot(&self, _s: &str) -> Option<(&Library, &OneShotSpec)> { None }
    /// s
    pub fn object(&self, _s: &str) -> Option<(&Library, &ObjectSpec)> { None }
    /// s
    pub fn imports(&self) -> impl Iterator<Item = &str> { std::iter::empty() }
    /// s
    pub fn default_of<'a>(&self, _l: &'a Library, _s: &'a ClientSpec, _n: &str, _v: Option<&pep440_rs::Version>) -> Option<&'a DefaultSpec> { None }
}
