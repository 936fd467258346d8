//! Below which paths routers are mounted.

use super::Program;
use crate::model::Module;
use std::collections::HashMap;

impl<'m> Program<'m> {
    pub(super) fn all_mounts(&self) -> HashMap<(usize, &'m str), &'m str> {
        let of_file = |(file, module): (usize, &&'m Module)| {
            let mounts = module.mounts.iter().filter_map(move |mount| {
                let (home, name) = match mount.router.rsplit_once('.') {
                    Some((path, name)) => {
                        let dots = &mount.router[..mount.router.len() - mount.router.trim_start_matches('.').len()];
                        let path = if path.len() < dots.len() { dots } else { path };
                        (self.names.module_at(file, path)?, name)
                    }
                    None => (file, mount.router.as_str()),
                };
                Some(((home, name), mount.prefix.as_str()))
            });
            mounts.collect::<Vec<_>>()
        };
        self.modules.iter().enumerate().flat_map(of_file).collect()
    }

    /// What the routes of the router begin with that a file knows as `name`.
    pub fn prefix(&self, file: usize, name: &str) -> &'m str {
        self.mounts.get(&(file, name)).copied().unwrap_or_default()
    }
}
