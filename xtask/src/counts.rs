//! How many checks a suite ran and which of them failed, read from the output of the tools that ran them.

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

/// What a suite found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) counts: Counts,
    /// The checks that failed, each with what the tool says of it.
    pub(crate) failures: Vec<String>,
}

/// Reads the output of `cargo test`: a `test result:` line for each test binary.
pub(crate) fn cargo(output: &str) -> Report {
    let mut report = Report::default();
    let mut lines = output.lines().peekable();
    while let Some(line) = lines.next() {
        // What a failed test has said, up to the next one's or the list of their names.
        if line.starts_with("---- ") {
            let mut failure = line.to_owned();
            while let Some(detail) = lines.next_if(|line| !line.starts_with("---- ") && *line != "failures:") {
                failure.push('\n');
                failure.push_str(detail);
            }
            report.failures.push(failure.trim_end().to_owned());
        }
        let Some(sums) = line.strip_prefix("test result: ") else { continue };
        for part in sums.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|word| word.parse::<usize>().ok()) else { continue };
            match words.next() {
                Some("passed") => report.counts.passed += number,
                Some("failed") => report.counts.failed += number,
                Some("ignored") => report.counts.skipped += number,
                _ => {}
            }
        }
    }
    report
}

/// Reads the result lines of TAP, those of nested tests among them; a test that only holds others is not counted.
pub(crate) fn tap(output: &str) -> Report {
    let mut report = Report::default();
    let mut before = "";
    let mut lines = output.lines().peekable();
    while let Some(line) = lines.next() {
        let previous = std::mem::replace(&mut before, line);
        let text = line.trim_start();
        let passed = text.starts_with("ok ");
        let depth = line.len() - text.len();
        if !passed && !text.starts_with("not ok ") || is_plan(previous, depth + 4) {
            continue;
        }
        // `# SKIP` and `# TODO` are directives; a failing TODO is no failure in TAP.
        if text.contains(" # SKIP") || text.contains(" # TODO") {
            report.counts.skipped += 1;
            continue;
        }
        report.counts += Counts::one(passed);
        if !passed {
            let mut failure = text.to_owned();
            // What follows deeper is about this check: why it failed, and where.
            while let Some(detail) = lines.next_if(|line| line.len() - line.trim_start().len() > depth) {
                failure.push('\n');
                failure.push_str(detail);
            }
            report.failures.push(failure);
        }
    }
    report
}

/// Returns whether the line is the `1..n` with which the tests inside another one end.
fn is_plan(line: &str, depth: usize) -> bool {
    let text = line.trim_start();
    line.len() - text.len() == depth && text.strip_prefix("1..").is_some_and(|rest| rest.parse::<usize>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Counts, Report, cargo, tap};

    #[test]
    fn sums_every_binary_of_cargo_test() {
        let output = "running 2 tests\n\
            test a ... ok\n\
            test b ... FAILED\n\n\
            failures:\n\n\
            ---- b stdout ----\n\
            why\n\n\
            failures:\n    b\n\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\
            test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        let counts = Counts { passed: 6, failed: 1, skipped: 1 };
        assert_eq!(cargo(output), Report { counts, failures: vec!["---- b stdout ----\nwhy".to_owned()] });
    }

    #[test]
    fn counts_the_leaves_of_tap() {
        let output = "\
TAP version 13
# Subtest: group
    # Subtest: a
    ok 1 - a
      ---
      duration_ms: 1
      ...
    not ok 2 - b
      ---
      error: 'why'
      ...
    ok 3 - c # SKIP
    1..3
not ok 1 - group
  ---
  type: 'suite'
  ...
ok 2 - alone
1..2
# pass 2
";
        let failures = vec!["not ok 2 - b\n      ---\n      error: 'why'\n      ...".to_owned()];
        assert_eq!(tap(output), Report { counts: Counts { passed: 2, failed: 1, skipped: 1 }, failures });
    }
}
