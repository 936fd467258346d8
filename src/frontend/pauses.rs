//! How long a loop sleeps, where its text says so.

/// No server and no client keeps an idle connection for as long as this, in seconds: a turn that sleeps longer finds none.
const LONG: f64 = 90.0;

/// Whether `text` calls one of `sleepers` (`sleep(`) for longer than connections are kept: `sleep(8 * 3600)`,
/// `interval(Duration::from_secs(3595 * 8))`.
pub fn is_long(text: &str, sleepers: &[&str]) -> bool {
    let calls = sleepers.iter().flat_map(|sleeper| text.match_indices(sleeper).map(|(at, _)| at + sleeper.len()));
    calls.into_iter().any(|at| {
        let rest = text.get(at..).unwrap_or("").trim_start();
        let rest =
            ["tokio::time::", "std::time::", "time::"].iter().fold(rest, |rest, path| rest.trim_start_matches(path));
        let rest = rest.strip_prefix("Duration::from_secs(").unwrap_or(rest);
        product(rest).is_some_and(|seconds| seconds > LONG)
    })
}

/// The value of a product of numbers that ends with a bracket: `8 * 3600)`.
fn product(text: &str) -> Option<f64> {
    let expression = text.split([')', ',']).next()?;
    let factors = expression.split('*').map(|factor| factor.trim().replace('_', "").parse::<f64>());
    factors.collect::<Result<Vec<_>, _>>().ok().map(|factors| factors.into_iter().product())
}

#[cfg(test)]
mod tests {
    use super::is_long;

    #[test]
    fn constants_are_multiplied() {
        assert!(is_long("await asyncio.sleep(8 * 3600)", &["sleep("]));
        assert!(is_long("interval(Duration::from_secs(3595 * 8))", &["interval("]));
        assert!(is_long("tokio::time::sleep(tokio::time::Duration::from_secs(1_000)).await", &["sleep("]));
        for short in ["sleep(1)", "sleep(delay)", "sleep(60)", "sleep()", "sleep(Duration::from_millis(100_000))"] {
            assert!(!is_long(short, &["sleep("]), "{short}");
        }
    }
}
