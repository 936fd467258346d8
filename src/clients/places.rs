//! Where a setting is read from: the small language of the `arguments` tables in `rules/clients/`.

/// A place that may set something.
///
/// * `http2`: the keyword argument `http2` of the construction, or the positional one of that name.
/// * `limits.max_connections`: the field `max_connections` of the object that is passed as `limits`. Fields may nest
///   (`transport.limits.max_connections`), and a mapping's keys count as fields.
/// * `@mount.1.pool_maxsize`: the field `pool_maxsize` of what a later call `client.mount(..)` gets as positional
///   argument 1; `@mount.adapter.pool_maxsize` where it is passed by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingPlace<'a> {
    /// Method of the client whose later call sets it; absent where the construction does.
    pub method: Option<&'a str>,
    /// Argument: a keyword, or for method calls also the index of a positional one.
    pub argument: &'a str,
    /// Fields from the argument's value inwards, joined by dots; absent where the argument is the value. An object
    /// that lacks the first of them is asked for the whole of this in its `unset` table.
    pub field: Option<&'a str>,
}

impl<'a> SettingPlace<'a> {
    /// Reads a place. `None` where the text is malformed: an empty part, or a method without an argument.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (method, rest) = match text.strip_prefix('@') {
            Some(call) => call.split_once('.').map(|(method, rest)| (Some(method), rest))?,
            None => (None, text),
        };
        let (argument, field) = match rest.split_once('.') {
            Some((argument, field)) => (argument, Some(field)),
            None => (rest, None),
        };
        let whole = !argument.is_empty()
            && method != Some("")
            && field.is_none_or(|field| field.split('.').all(|part| !part.is_empty()));
        whole.then_some(Self { method, argument, field })
    }
}

#[cfg(test)]
mod tests {
    use super::SettingPlace;

    #[test]
    fn reads_every_form() {
        let place = |method, argument, field| Some(SettingPlace { method, argument, field });
        assert_eq!(SettingPlace::parse("http2"), place(None, "http2", None));
        assert_eq!(
            SettingPlace::parse("transport.limits.max_connections"),
            place(None, "transport", Some("limits.max_connections"))
        );
        assert_eq!(SettingPlace::parse("@mount.1.pool_maxsize"), place(Some("mount"), "1", Some("pool_maxsize")));
        assert_eq!(SettingPlace::parse("@mount.1"), place(Some("mount"), "1", None));
    }

    #[test]
    fn refuses_empty_parts() {
        for text in ["", ".", "limits.", ".limits", "a..b", "@", "@mount", "@mount.", "@.1", "a.b."] {
            assert_eq!(SettingPlace::parse(text), None, "{text:?}");
        }
    }
}
