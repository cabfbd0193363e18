//! How many checks a suite ran, read from the output of the tools that ran them.

use std::fmt;
use std::ops::AddAssign;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    /// The count of a single check.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), skipped: 0 }
    }

    /// What a command ends with that ran the checks.
    pub(crate) fn exit_code(self) -> ExitCode {
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The `test result:` lines of `cargo test`, one for each test binary.
pub(crate) fn cargo(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        for part in line.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<usize>().ok()) else { continue };
            match words.next() {
                Some("passed") => counts.passed += number,
                Some("failed") => counts.failed += number,
                Some("ignored") => counts.skipped += number,
                _ => {}
            }
        }
    }
    counts
}

/// The result lines of TAP, those of nested tests among them; a test that only holds others is not counted.
pub(crate) fn tap(output: &str) -> Counts {
    let mut counts = Counts::default();
    let mut before = "";
    for line in output.lines() {
        let previous = std::mem::replace(&mut before, line);
        let text = line.trim_start();
        let passed = text.starts_with("ok ");
        if !passed && !text.starts_with("not ok ") {
            continue;
        }
        let depth = line.len() - text.len();
        if is_plan(previous, depth + 4) {
            continue;
        }
        // `# SKIP` and `# TODO` are directives; a failing TODO is no failure in TAP.
        if text.contains(" # SKIP") || text.contains(" # TODO") {
            counts.skipped += 1;
        } else {
            counts += Counts::one(passed);
        }
    }
    counts
}

/// Whether the line is the `1..n` with which the tests inside another one end.
fn is_plan(line: &str, depth: usize) -> bool {
    let text = line.trim_start();
    line.len() - text.len() == depth && text.strip_prefix("1..").is_some_and(|rest| rest.parse::<usize>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Counts, cargo, tap};

    #[test]
    fn sums_every_binary_of_cargo_test() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\
            test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        assert_eq!(cargo(output), Counts { passed: 6, failed: 1, skipped: 1 });
    }

    #[test]
    fn counts_the_leaves_of_tap() {
        let output = "TAP version 13\n# Subtest: group\n    # Subtest: a\n    ok 1 - a\n      ---\n      duration_ms: 1\n      ...\n    \
            not ok 2 - b\n    ok 3 - c # SKIP\n    1..3\nnot ok 1 - group\n  ---\n  type: 'suite'\n  ...\nok 2 - alone\n1..2\n# pass 2\n";
        assert_eq!(tap(output), Counts { passed: 2, failed: 1, skipped: 1 });
    }
}
