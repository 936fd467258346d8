//! Who uses a client.

use super::entry::{At, User};
use crate::frameworks::Heat;
use crate::link::{FunctionRef, SiteRef};
use crate::model::{Binding, Place, SiteKind};
use crate::rules::{FileView, SiteView};
use std::collections::BTreeMap;

/// Functions that use the client, by place, each once. `views` are all files of the run.
pub fn of(view: &SiteView<'_>, views: &[FileView<'_>]) -> Vec<User> {
    let own = view.uses().into_iter().map(|usage| (view.file.index, &usage.place));
    let one_shot = (view.site.kind == SiteKind::OneShot).then_some((view.file.index, &view.site.place));
    let program = view.file.program;
    let foreign = program.foreign_uses(SiteRef { file: view.file.index, id: view.id });
    let foreign = foreign.iter().map(|usage| (usage.edge.file, &usage.edge.call.place));
    let returned = view.site.bindings.iter().any(|to| matches!(to, Binding::Returned | Binding::Yielded));
    let factory = view.site.place.function.filter(|_| returned).map(|id| view.file.function(id));
    let had = factory.map(|factory| program.callers(factory)).unwrap_or_default();
    let had = had.iter().map(|edge| (edge.file, &edge.call.place));
    let mut users = BTreeMap::new();
    for (file, place) in own.chain(one_shot).chain(foreign).chain(had) {
        let user = user(view, views, file, place);
        users.entry((user.at.path.clone(), user.at.start.offset, user.function.clone())).or_insert(user);
    }
    users.into_values().collect()
}

fn user(view: &SiteView<'_>, views: &[FileView<'_>], file: usize, place: &Place) -> User {
    let source = views[file].source;
    let Some(id) = place.function else {
        return User { at: At::new(source, place.span), function: "module level".to_owned(), entry: None };
    };
    let (function, program) = (FunctionRef { file, id }, view.file.program);
    let definition = program.function(function);
    let mark = views[file].module.language.member_mark();
    let class = program.class_of(function).map(|class| format!("{}{mark}", program.class(class).name));
    let name = if definition.is_closure() { "a closure" } else { &definition.name };
    User {
        at: At::new(source, definition.name_span),
        function: format!("{}{name}", class.unwrap_or_default()),
        entry: view
            .file
            .entries
            .get(function)
            .filter(|entry| entry.heat == Heat::PerRequest)
            .map(|entry| entry.what.clone()),
    }
}
