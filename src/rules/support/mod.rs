//! What rules are written with: the view of a file and its clients, what is known of the endpoint, how to share a client
//! where it is used, and the finding as a rule drafts it.

mod draft;
pub mod endpoint;
pub mod sharing;
pub mod view;

pub use draft::Draft;
pub use view::{FileView, SiteView};
