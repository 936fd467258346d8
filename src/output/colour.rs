//! Whether to write colour.

use serde::{Deserialize, Serialize};

/// The choice that `--color` offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Colour on a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Colour, whatever the output is.
    Always,
    /// No colour.
    Never,
}

/// Decides whether to write colour.
///
/// `choice` wins when it is not [`Colour::Auto`]. Otherwise the variables are asked through `env` in this order:
/// `NO_COLOR` (any value but the empty one) turns colour off; `FORCE_COLOR` and then `CLICOLOR_FORCE` turn it on, or, as
/// `0` or (`FORCE_COLOR` only) `false`, leave it to the rest; `FORCE_COLOR=0` turns it off, as its other users have it.
/// Then `CLICOLOR=0` and `TERM=dumb` turn it off, and `is_terminal` has the last word.
pub fn use_colour(choice: Colour, is_terminal: bool, env: impl Fn(&str) -> Option<String>) -> bool {
    match choice {
        Colour::Always => return true,
        Colour::Never => return false,
        Colour::Auto => {}
    }
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if let Some(force) = set("FORCE_COLOR") {
        return !matches!(force.as_str(), "0" | "false");
    }
    if set("CLICOLOR_FORCE").is_some_and(|force| force != "0") {
        return true;
    }
    is_terminal && set("CLICOLOR").as_deref() != Some("0") && set("TERM").as_deref() != Some("dumb")
}
