//! Prediction and measurement side by side.

use crate::measure::Measured;
use crate::predict::Predicted;

/// A program of which something was predicted that did not come.
pub struct Mismatch {
    pub program: String,
    pub what: &'static str,
    pub predicted: String,
    pub measured: String,
}

/// Where `measured` is not what was `predicted`.
pub fn mismatches(program: &str, predicted: &Result<Predicted, String>, measured: &Measured) -> Vec<Mismatch> {
    let mismatch =
        |what, predicted: String, measured: String| Mismatch { program: program.to_owned(), what, predicted, measured };
    let predicted = match predicted {
        Ok(predicted) => predicted,
        Err(why) => return vec![mismatch("all", format!("nothing: {why}"), format!("{measured:?}"))],
    };
    let rows = [
        (
            "connections",
            predicted.connections.holds(measured.connections),
            predicted.connections.to_string(),
            measured.connections.to_string(),
        ),
        (
            "requests",
            predicted.requests == measured.requests,
            predicted.requests.to_string(),
            measured.requests.to_string(),
        ),
        ("protocol", predicted.protocol == measured.protocol, predicted.protocol.clone(), measured.protocol.to_owned()),
        (
            "idle closes",
            predicted.idle_closes.holds(measured.idle_closes),
            predicted.idle_closes.to_string(),
            measured.idle_closes.to_string(),
        ),
        (
            "fails",
            same_failure(predicted.fails.as_deref(), measured.fails.as_deref()),
            format!("{:?}", predicted.fails),
            format!("{:?}", measured.fails),
        ),
    ];
    let wrong = rows.into_iter().filter(|(_, equal, _, _)| !equal);
    wrong.map(|(what, _, predicted, measured)| mismatch(what, predicted, measured)).collect()
}

/// Python puts the exception's name before its text.
fn same_failure(predicted: Option<&str>, measured: Option<&str>) -> bool {
    match (predicted, measured) {
        (None, None) => true,
        (Some(text), Some(line)) => line.contains(text),
        _ => false,
    }
}

/// All of them as a table.
pub fn table(mismatches: &[Mismatch]) -> String {
    let rows = mismatches.iter().map(|row| [row.program.as_str(), row.what, &row.predicted, &row.measured]);
    let rows: Vec<[&str; 4]> = [["program", "what", "predicted", "measured"]].into_iter().chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).min(60);
    let widths = [width(0), width(1), width(2)];
    let line = |[program, what, predicted, measured]: &[&str; 4]| {
        let [first, second, third] = widths;
        format!("{program:first$}  {what:second$}  {predicted:third$}  {measured}\n")
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::Range;

    fn predicted() -> Predicted {
        let range = |min, max| Range { min, max };
        Predicted {
            connections: range(1, 1),
            requests: 20,
            protocol: "h2".to_owned(),
            idle_closes: range(0, 2),
            fails: None,
        }
    }

    fn measured() -> Measured {
        Measured { connections: 1, resumed: 0, requests: 20, protocol: "h2", idle_closes: 2, fails: None }
    }

    fn wrong(predicted: Predicted, measured: &Measured) -> Vec<&'static str> {
        mismatches("a", &Ok(predicted), measured).iter().map(|row| row.what).collect()
    }

    #[test]
    fn what_was_predicted_is_no_mismatch_and_each_figure_counts() {
        assert!(wrong(predicted(), &measured()).is_empty());
        let other = Measured { connections: 2, requests: 21, protocol: "http/1.1", idle_closes: 3, ..measured() };
        assert_eq!(wrong(predicted(), &other), ["connections", "requests", "protocol", "idle closes"]);
        assert_eq!(mismatches("a", &Err("why".to_owned()), &measured()).len(), 1);
    }

    #[test]
    fn a_failure_is_known_by_its_text() {
        let failing = |text: &str| Predicted { fails: Some(text.to_owned()), ..predicted() };
        let failed = |line: &str| Measured { fails: Some(line.to_owned()), ..measured() };
        assert!(wrong(failing("no h2"), &failed("ImportError: no h2 here")).is_empty());
        assert_eq!(wrong(failing("no h2"), &failed("TypeError: what")), ["fails"]);
        assert_eq!(wrong(failing("no h2"), &measured()), ["fails"]);
        assert_eq!(wrong(predicted(), &failed("TypeError: what")), ["fails"]);
    }

    #[test]
    fn the_table_names_all() {
        let rows = mismatches("python/a/b", &Ok(predicted()), &Measured { connections: 9, requests: 9, ..measured() });
        let text = table(&rows);
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains("python/a/b  connections  1          9\n"), "{text}");
    }
}
