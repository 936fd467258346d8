//! What rules are written with: the view of a file and its clients, what is known of the endpoint, how to share a client
//! where it is used, and the finding as a rule drafts it.

pub mod comments;
pub mod cost;
mod draft;
pub mod endpoint;
pub mod sharing;
pub mod view;

pub use draft::Draft;
pub use view::{FileView, SiteView};

use crate::model::SiteKind;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The clients of a project that its own configuration is responsible for, each with the question whether the code or the
/// configuration names an environment variable. A library's users set the environment, so it has none.
pub fn deployed_sites<'a>(
    views: &'a [&'a FileView<'a>],
) -> impl Iterator<Item = (SiteView<'a>, impl Fn(&str) -> bool + 'a)> {
    let read: BTreeSet<&str> = views.iter().flat_map(|view| &view.module.env_reads).map(String::as_str).collect();
    let read = Rc::new(read);
    let own = views.iter().filter(|view| !view.project.is_library);
    own.flat_map(|view| view.sites()).filter(|site| site.site.kind == SiteKind::Client).map(move |site| {
        let (read, project) = (Rc::clone(&read), site.file.project);
        (site, move |name: &str| read.contains(name) || project.sets(name))
    })
}
