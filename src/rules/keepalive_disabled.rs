//! Connections are closed after every request by the client's own settings.

use super::support::{comments, endpoint};
use super::{Draft, SiteView};

pub const NAME: &str = "keepalive-disabled";

pub fn check(view: &SiteView<'_>) -> Option<Draft> {
    view.spec()?;
    let (setting, what) = [
        ("keepalive-expiry", "idle connections expire at once"),
        ("pool-idle", "no idle connection is kept"),
        ("pool-idle-total", "no idle connection is kept"),
        ("force-close", "every connection is closed after its response"),
    ]
    .into_iter()
    .find(|(setting, _)| {
        let effective = view.effective(setting);
        effective.set_at().is_some() && (effective.number() == Some(0.0) || effective.is_true())
    })?;
    let span = view.effective(setting).set_at().filter(|span| !comments::explained(view, *span))?;
    let set_up = endpoint::set_up(view);
    let mark = view.file.source.language.comment_mark();
    Some(
        view.draft(span, format!("keep-alive is off: {what}"))
            .why(format!("Every request pays {}, {}, however long the client lives.", set_up.what, set_up.trips))
            .help(format!(
                "Leave the setting out, or keep a few idle connections for 30 to 60 s. Where the server breaks on reuse, say so in \
                 `{mark} coldcall: ignore[keepalive-disabled] reason`."
            )),
    )
}
