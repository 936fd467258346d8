//! What an application holds for its handlers, by framework. Paths are whole, so that nothing need be imported.

use super::built::{Built, variable};
use crate::rules::SiteView;
use crate::rules::support::sharing::Advice;

/// How a framework hands what the application holds to its handlers.
pub struct State {
    /// Function that wraps the client before it is handed over.
    wrapper: Option<&'static str>,
    /// Where it is built.
    place: &'static str,
    /// The call on the application, with `{}` for the client.
    register: &'static str,
    /// The handler's parameter: before and behind the type.
    parameter: (&'static str, &'static str),
    /// Its name in a sentence.
    name: &'static str,
}

const AXUM: State = State {
    wrapper: None,
    place: "where the application is put together",
    register: ".with_state({})",
    parameter: ("axum::extract::State({}): axum::extract::State<", ">"),
    name: "`State`",
};

const ACTIX: State = State {
    wrapper: Some("actix_web::web::Data::new"),
    place: "above `HttpServer::new`, whose closure takes it by `move`",
    register: ".app_data({}.clone())",
    parameter: ("{}: actix_web::web::Data<", ">"),
    name: "`web::Data`",
};

const ROCKET: State = State {
    wrapper: None,
    place: "where the application is put together",
    register: ".manage({})",
    parameter: ("{}: &rocket::State<", ">"),
    name: "rocket's `State`",
};

impl State {
    pub fn of(framework: &str) -> Option<&'static Self> {
        let framework = framework.to_ascii_lowercase();
        match () {
            () if framework.starts_with("axum") => Some(&AXUM),
            () if framework.starts_with("actix") => Some(&ACTIX),
            () if framework.starts_with("rocket") => Some(&ROCKET),
            () => None,
        }
    }
}

pub fn in_the_state(view: &SiteView<'_>, state: &State) -> Advice {
    let (name, built) = (variable(view), Built::of(view));
    let named = |pattern: &str| pattern.replace("{}", &name);
    let (before, behind) = state.parameter;
    let fits = !built.kind.is_empty() && !has_a_state(view);
    let binding = built.binding(&name, state.wrapper).filter(|_| fits);
    let code = binding.map(|binding| {
        format!(
            "// {}\n{binding}\napp{}\n// in the handler's parameters\n{}{}{behind}",
            state.place,
            named(state.register),
            named(before),
            built.kind
        )
    });
    let beside = if has_a_state(view) { ", in a field beside what that holds already" } else { "" };
    Advice {
        help: format!(
            "Build it once {}, and take it from the application's state ({}){beside}.",
            state.place, state.name
        ),
        code,
    }
}

/// Whether the application has a state already (axum knows one), or what runs here is no handler, which takes it another way.
fn has_a_state(view: &SiteView<'_>) -> bool {
    let entry = view.lifetime.entry.as_ref();
    let has_one = entry.is_some_and(|entry| entry.framework.eq_ignore_ascii_case("axum"))
        && view.file.source.text.contains(".with_state(");
    has_one || entry.is_some_and(|entry| entry.kind.contains("middleware"))
}
