//! Effective settings as cells: a value and where it comes from.

use super::entry::{At, Cell, Settings};
use super::{address, handed};
use crate::clients::schema::{ClientSpec, Http2, Library};
use crate::effective::{Effective, Origin};
use crate::model::{Object, SiteKind};
use crate::rules::{SiteView, in_words, shared_type};

/// All settings of a client, or of the one that a one-shot builds inside.
pub fn of(view: &SiteView<'_>) -> Settings {
    Settings {
        pool_max: pool_max(view),
        pool_idle: cell(view, "pool-idle", ""),
        keepalive_expiry: cell(view, "keepalive-expiry", " s"),
        http2: http2_cell(view),
        timeout: time_cell(view, "timeout"),
        connect_timeout: time_cell(view, "connect-timeout"),
        base_url: address::of(view),
    }
}

/// Whether the client has a setting at all, by its own library or by that of what is handed in.
pub fn applies(view: &SiteView<'_>, setting: &str) -> bool {
    let Some((library, spec)) = view.spec() else { return false };
    let clients = view.file.clients;
    let handed = |object: &Object| match (clients.client(&object.symbol), clients.object(&object.symbol)) {
        (Some((library, spec)), _) => has(library, spec, setting),
        (None, Some(_)) => false,
        (None, None) => true,
    };
    has(library, spec, setting)
        || match handed::carried(view) {
            Ok(None) => false,
            Ok(Some(object)) => handed(&object),
            Err(_) => true,
        }
}

fn has(library: &Library, spec: &ClientSpec, setting: &str) -> bool {
    let named =
        |defaults: &[crate::clients::schema::DefaultSpec]| defaults.iter().any(|known| known.setting == setting);
    let places = spec.arguments.contains_key(setting) || library.arguments.contains_key(setting);
    places || named(&spec.default) || named(&library.default)
}

fn cell(view: &SiteView<'_>, setting: &str, unit: &str) -> Cell {
    if view.site.kind == SiteKind::OneShot {
        return Cell::new("n/a", "one connection for one call");
    }
    if !applies(view, setting) {
        return Cell::new("n/a", "the library has no such setting");
    }
    shown(view, &view.effective(setting), unit)
}

/// Connections at most, with the limit for one host where there is one.
fn pool_max(view: &SiteView<'_>) -> Cell {
    let all = cell(view, "pool-max", "");
    if view.site.kind == SiteKind::OneShot || !applies(view, "pool-max-per-host") {
        return all;
    }
    let host = view.effective("pool-max-per-host");
    match host.number().filter(|_| host.set_at().is_some()) {
        Some(number) => {
            let (origin, set) = (&all.origin, origin(view, &host));
            Cell::new(all.value, format!("{origin}; {number} for each host, {set}"))
        }
        None => all,
    }
}

/// A time-out; a one-shot is told its own with the call.
fn time_cell(view: &SiteView<'_>, setting: &str) -> Cell {
    if view.site.kind == SiteKind::Client {
        return cell(view, setting, " s");
    }
    if let Some(given) = view.site.arguments.get("timeout") {
        return shown(view, &Effective { value: given.value.clone(), origin: Origin::Set(given.span) }, " s");
    }
    let default = effective(view, setting);
    match default.origin {
        Origin::Unknown if !view.site.open_ended => Cell::new("n/a", "the library has no default"),
        _ => shown(view, &default, " s"),
    }
}

/// The effective value of a setting; of a function, that of the client inside.
pub fn effective(view: &SiteView<'_>, setting: &str) -> Effective {
    match inside(view) {
        Some((library, spec)) => view.default_of(library, spec, setting),
        None => view.effective(setting),
    }
}

/// Value and origin of an effective setting.
pub fn shown(view: &SiteView<'_>, effective: &Effective, unit: &str) -> Cell {
    let value = in_words(&effective.value, unit);
    match (value.as_str(), &effective.origin) {
        ("unknown", Origin::Set(_)) => {
            Cell::unknown(format!("{} to what the source does not tell", origin(view, effective)))
        }
        _ => Cell::new(value, origin(view, effective)),
    }
}

/// Where a value comes from.
pub fn origin(view: &SiteView<'_>, effective: &Effective) -> String {
    let at = |span| At::new(view.file.source, span);
    match &effective.origin {
        Origin::Default { library, .. } => format!("default of {library}"),
        Origin::Set(span) => format!("set at {}", at(*span)),
        Origin::Reset { span, symbol } => format!("`{symbol}` at {} leaves it out", at(*span)),
        Origin::Lost { why, span } => format!("what was meant is lost: {why}, at {}", at(*span)),
        Origin::Depends(all) => {
            let all = all.iter().map(|(value, versions)| format!("{} {versions}", in_words(value, "")));
            format!("depends on the version: {}", all.collect::<Vec<_>>().join(", "))
        }
        Origin::Unknown if view.site.open_ended => "further arguments are spread in".to_owned(),
        Origin::Unknown => "the source does not tell".to_owned(),
    }
}

/// Whether HTTP/2 is spoken with a server that offers it, where that is known.
pub fn http2(view: &SiteView<'_>) -> Option<bool> {
    match http2_cell(view).value.as_str() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn http2_cell(view: &SiteView<'_>) -> Cell {
    let Some((library, spec)) = view.spec().or_else(|| view.shared_spec()).or_else(|| inside(view)) else {
        return Cell::unknown("nothing is known of it");
    };
    let effective = match view.site.kind {
        SiteKind::Client => view.effective("http2"),
        SiteKind::OneShot => view.default_of(library, spec, "http2"),
    };
    if spec.http2 == Http2::Never && !effective.is_true() && view.effective("http2").set_at().is_none() {
        return Cell::new("off", format!("{} has no HTTP/2", library.library));
    }
    if view.effective("http1-only").is_true() {
        return shown_as(view, "off", &view.effective("http1-only"));
    }
    let possible = view.file.project.resolved(library).features.map(|features| features.possible).unwrap_or_default();
    match (&effective.origin, possible.iter().find(|feature| feature.contains("http2"))) {
        (Origin::Unknown, Some(feature)) => Cell::unknown(format!(
            "no manifest here turns on Cargo feature `{feature}` of {}, but a dependency does, where it is built along",
            library.library
        )),
        _ => shown(view, &effective, ""),
    }
}

fn shown_as(view: &SiteView<'_>, value: &str, effective: &Effective) -> Cell {
    Cell::new(value, origin(view, effective))
}

/// The client that a one-shot builds inside.
fn inside<'a>(view: &SiteView<'a>) -> Option<(&'a Library, &'a ClientSpec)> {
    let clients = view.file.clients;
    let (_, spec) = clients.one_shot(&view.site.symbol)?;
    clients.client(&shared_type(clients, &spec.instead))
}
