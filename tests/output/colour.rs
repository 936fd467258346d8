//! When to colour.

use coldcall::output::{Colour, use_colour};

type Variables<'a> = &'a [(&'a str, &'a str)];

fn decide(choice: Colour, is_terminal: bool, variables: Variables<'_>) -> bool {
    use_colour(choice, is_terminal, |name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_flag_wins() {
    assert!(decide(Colour::Always, false, &[("NO_COLOR", "1"), ("TERM", "dumb")]));
    assert!(!decide(Colour::Never, true, &[("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
}

#[test]
fn the_environment_decides_next() {
    let cases: [(bool, Variables<'_>, bool); 14] = [
        (true, &[], true),
        (false, &[], false),
        (true, &[("NO_COLOR", "1")], false),
        (true, &[("NO_COLOR", "0")], false),
        (true, &[("NO_COLOR", "")], true),
        (false, &[("FORCE_COLOR", "1")], true),
        (false, &[("FORCE_COLOR", "")], false),
        (true, &[("FORCE_COLOR", "0")], false),
        (true, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
        (false, &[("CLICOLOR_FORCE", "1")], true),
        (false, &[("CLICOLOR_FORCE", "0")], false),
        (true, &[("CLICOLOR", "0")], false),
        (true, &[("TERM", "dumb")], false),
        (false, &[("FORCE_COLOR", "1"), ("TERM", "dumb")], true),
    ];
    for (is_terminal, variables, wanted) in cases {
        assert_eq!(decide(Colour::Auto, is_terminal, variables), wanted, "terminal: {is_terminal}, {variables:?}");
    }
}
