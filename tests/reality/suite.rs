//! Runs everything that can be run here.

use crate::build;
use crate::compare::{self, Mismatch};
use crate::measure::{Measured, measure};
use crate::page;
use crate::parallel;
use crate::predict::{Predicted, predict};
use crate::programs::{Language, Program, sets};
use std::path::PathBuf;

/// Programs at once: they mostly wait for answers.
const WORKERS: usize = 3;

/// Times that a program is measured again, with nothing beside it. A busy machine holds calls up for longer than
/// connections live, or pulls apart those that come at once; what is really different stays so.
const AGAIN: usize = 2;

struct Outcome {
    program: Program,
    predicted: Result<Predicted, String>,
    /// Nothing where the program was not run.
    measured: Option<Measured>,
}

impl Outcome {
    fn mismatches(&self) -> Vec<Mismatch> {
        let compare = |measured| compare::mismatches(&self.program.name(), &self.predicted, measured);
        let mut found = self.measured.as_ref().map(compare).unwrap_or_default();
        found.extend(self.unexplained_range());
        found
    }

    /// Measures again what differs from its prediction.
    fn settle(mut self) -> Self {
        for _ in 0..AGAIN {
            if self.measured.is_none() || self.predicted.is_err() || self.mismatches().is_empty() {
                break;
            }
            eprintln!("{} is measured again", self.program.name());
            self.measured = Some(measure(&self.program));
        }
        self
    }

    /// A range needs a reason why the library leaves it open.
    fn unexplained_range(&self) -> Option<Mismatch> {
        let predicted = self.predicted.as_ref().ok()?;
        let open = [predicted.connections, predicted.idle_closes].into_iter().find(|range| range.min < range.max)?;
        self.program.workload.varies.is_none().then(|| Mismatch {
            program: self.program.name(),
            what: "range",
            predicted: open.to_string(),
            measured: "reality.toml does not say why it `varies`".to_owned(),
        })
    }
}

#[test]
fn what_is_predicted_is_what_happens() {
    let outcomes: Vec<Outcome> = Language::ALL.into_iter().flat_map(run).collect();
    if build::set("COLDCALL_WRITE_REALITY") {
        let row = |outcome: &Outcome| {
            let measured = outcome.measured.as_ref().map(page::measured);
            (page::row(&outcome.program, &outcome.predicted), measured)
        };
        page::write(&outcomes.iter().map(row).collect::<Vec<_>>());
    }
    let mismatches: Vec<Mismatch> = outcomes.iter().flat_map(Outcome::mismatches).collect();
    assert!(mismatches.is_empty(), "{} mismatches\n{}", mismatches.len(), compare::table(&mismatches));
}

/// Sets up and runs the programs of a language, or says why not.
fn run(language: Language) -> Vec<Outcome> {
    let wanted = std::env::var("COLDCALL_REALITY_ONLY").unwrap_or_default();
    let sets: Vec<(PathBuf, Vec<Program>)> = sets(language);
    let missing = build::missing(language);
    if let Some(why) = &missing {
        assert!(!build::required(), "the {} programs cannot be run: {why}", language.name());
        eprintln!("the {} programs of the reality suite were not run: {why}", language.name());
    }
    let chosen = |program: &Program| missing.is_none() && program.name().contains(&wanted);
    // Cargo builds one package after another anyway.
    let builders = if language == Language::Python { 2 } else { 1 };
    let to_build: Vec<&PathBuf> =
        sets.iter().filter(|(_, programs)| programs.iter().any(chosen)).map(|(folder, _)| folder).collect();
    let built = parallel::map(&to_build, builders, |folder| build::set_up(language, folder));
    let failures: Vec<String> = built.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let programs: Vec<Program> = sets.into_iter().flat_map(|(_, programs)| programs).collect();
    let outcomes = parallel::map(&programs, WORKERS, |program| Outcome {
        program: program.clone(),
        predicted: predict(program),
        measured: chosen(program).then(|| measure(program)),
    });
    outcomes.into_iter().map(Outcome::settle).collect()
}
