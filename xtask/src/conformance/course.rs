//! The way of one schema through the steps: what each took, or why it failed.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Result;

/// The steps, as the columns of the table at the end.
pub(super) const STEPS: [&str; 8] =
    ["validate", "format", "again", "files", "rust", "cargo check", "typescript", "tsc"];

#[derive(Default)]
pub(super) struct Course {
    log: PathBuf,
    outcomes: Vec<(&'static str, StepOutcome)>,
    pub(super) models: usize,
    pub(super) warnings: usize,
}

pub(super) enum StepOutcome {
    Passed(Duration),
    /// With the reason, many lines of it.
    Failed(String),
}

impl Course {
    /// Each step logs beside `log`.
    pub(super) fn new(log: &Path) -> Self {
        Self { log: log.to_path_buf(), ..Self::default() }
    }

    /// Takes the time of a step. Programs that it runs write to the log that it is given, which is then the reason.
    pub(super) fn step<T>(&mut self, name: &'static str, work: impl FnOnce(&Path) -> Result<T>) -> Option<T> {
        let log = self.log.with_extension(format!("{}.log", name.replace(' ', "-")));
        let start = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| work(&log))).unwrap_or_else(|_| Err("it panicked".to_owned()));
        let time = start.elapsed();
        match done {
            Ok(value) => {
                self.outcomes.push((name, StepOutcome::Passed(time)));
                Some(value)
            }
            Err(message) => {
                let said = fs::read_to_string(&log).unwrap_or_default();
                let reason = if said.is_empty() { message } else { said };
                // The command prints only the beginning. Without a log, that must do.
                let _ = fs::write(&log, &reason);
                self.outcomes.push((name, StepOutcome::Failed(reason)));
                None
            }
        }
    }

    pub(super) fn outcome(&self, step: &str) -> Option<&StepOutcome> {
        self.outcomes.iter().find(|(name, _)| *name == step).map(|(_, outcome)| outcome)
    }

    /// The steps that failed, and why.
    pub(super) fn failures(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.outcomes.iter().filter_map(|(name, outcome)| match outcome {
            StepOutcome::Passed(_) => None,
            StepOutcome::Failed(reason) => Some((*name, reason.as_str())),
        })
    }

    /// An error names the steps that failed.
    pub(super) fn verdict(&self) -> Result {
        let failed: Vec<&str> = self.failures().map(|(name, _)| name).collect();
        if failed.is_empty() { Ok(()) } else { Err(failed.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_leaves_its_reason() {
        let mut course = Course::new(Path::new("nowhere/course.log"));
        assert_eq!(course.step("validate", |_| Ok(1)), Some(1));
        assert!(course.verdict().is_ok());
        assert_eq!(course.step("rust", |_| Err::<(), _>("why".to_owned())), None);
        assert_eq!(course.failures().collect::<Vec<_>>(), [("rust", "why")]);
        assert_eq!(course.verdict(), Err("rust".to_owned()));
        assert!(matches!(course.outcome("validate"), Some(StepOutcome::Passed(_))));
        assert!(course.outcome("tsc").is_none());
    }
}
