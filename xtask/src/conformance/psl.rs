//! `cargo xtask conformance psl`: is a schema valid, and on which lines is something wrong with it? Compared with what
//! Prisma says of the same text.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use purlin_schema::{Severity, SourceFile};

use super::corpus::{Case, Finding, places};
use super::{Request, accepted, corpus};
use crate::Result;
use crate::counts::Counts;

/// How a schema's judgements compare.
struct Verdict {
    /// Both find an error, or neither does.
    valid: bool,
    /// Both find the same on the same lines.
    lines: bool,
    ours: Vec<Finding>,
}

pub(super) fn run(request: &Request) -> Result<ExitCode> {
    let corpus = corpus::read(&request.corpus)?;
    let accepted = accepted::read()?;
    let (mut valid, mut lines) = (0, 0);
    let mut differing = BTreeSet::new();
    let mut counts = Counts { skipped: corpus.skipped.len(), ..Counts::default() };
    for case in &corpus.cases {
        let verdict = judge(case);
        valid += usize::from(verdict.valid);
        lines += usize::from(verdict.lines);
        counts += Counts::one(verdict.valid && verdict.lines);
        if verdict.valid && !verdict.lines {
            differing.insert(case.name.clone());
        }
        if request.verbose && !(verdict.valid && verdict.lines) {
            print_difference(case, &verdict, accepted.contains(&case.name));
        }
    }
    if request.verbose {
        for (name, reason) in &corpus.skipped {
            println!("skipped {name}: {reason}");
        }
        println!();
    }
    for name in accepted.difference(&differing) {
        println!("docs/conformance.md accepts {name}, which is no difference in lines here");
    }
    println!("{} about other databases, not ours", corpus.not_ours);
    let listed = differing.intersection(&accepted).count();
    println!("of the failed, {listed} accepted in docs/conformance.md");
    println!("valid agree {}", percentage(valid, corpus.cases.len()));
    println!("lines agree {}", percentage(lines, corpus.cases.len()));
    println!("{counts}");
    let done = valid == corpus.cases.len() && counts.failed == listed;
    Ok(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn judge(case: &Case) -> Verdict {
    let files = [SourceFile { path: "schema.prisma".into(), text: case.text.clone() }];
    let Ok((_, diagnostics)) = catch_unwind(AssertUnwindSafe(|| purlin_schema::parse(&files))) else {
        let finding = Finding { severity: Severity::Error, line: 0, message: "the parser panicked".to_owned() };
        return Verdict { valid: false, lines: false, ours: vec![finding] };
    };
    let ours: Vec<Finding> = diagnostics
        .iter()
        .filter(|diagnostic| case.warnings_known || diagnostic.severity == Severity::Error)
        .map(|diagnostic| Finding {
            severity: diagnostic.severity,
            line: 1 + case.text.bytes().take(diagnostic.span.start).filter(|byte| *byte == b'\n').count(),
            message: format!("[{}] {}", diagnostic.rule, diagnostic.message),
        })
        .collect();
    let fails = |findings: &[Finding]| findings.iter().any(|finding| finding.severity == Severity::Error);
    Verdict { valid: fails(&ours) == fails(&case.expected), lines: places(&ours) == places(&case.expected), ours }
}

fn print_difference(case: &Case, verdict: &Verdict, is_accepted: bool) {
    let kind = match (verdict.valid, is_accepted) {
        (false, _) => "valid",
        (true, false) => "lines",
        (true, true) => "accepted",
    };
    println!("{kind} {} ({})", case.name, case.provider);
    print_findings("missing", case, &case.expected, &verdict.ours);
    print_findings("extra", case, &verdict.ours, &case.expected);
}

/// What `these` have and `others` have not.
fn print_findings(label: &str, case: &Case, these: &[Finding], others: &[Finding]) {
    let others = places(others);
    for finding in these {
        if places(std::slice::from_ref(finding)).is_subset(&others) {
            continue;
        }
        let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
        let source = case.text.lines().nth(finding.line.wrapping_sub(1)).unwrap_or_default().trim();
        println!("  {label} {severity} {}: {source}\n      {}", finding.line, finding.message);
    }
}

fn percentage(part: usize, whole: usize) -> String {
    // Rounded down: all means all.
    let permille = (part * 1000).checked_div(whole).unwrap_or(0);
    format!("{}.{}%", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str, lines: &[usize]) -> Case {
        let error = |line: &usize| Finding { severity: Severity::Error, line: *line, message: String::new() };
        Case {
            name: "a".to_owned(),
            provider: "none".to_owned(),
            text: text.to_owned(),
            expected: lines.iter().map(error).collect(),
            warnings_known: true,
        }
    }

    #[test]
    fn compares_validity_and_lines_apart() {
        let wrong = "model A {\n  id Int @id\n  b Nothing\n}\n";
        let agree = |text, lines: &[usize]| {
            let verdict = judge(&case(text, lines));
            (verdict.valid, verdict.lines)
        };
        assert_eq!(agree(wrong, &[3]), (true, true));
        assert_eq!(agree(wrong, &[2]), (true, false));
        assert_eq!(agree(wrong, &[]), (false, false));
        assert_eq!(agree("model A {\n  id Int @id\n}\n", &[]), (true, true));
    }

    #[test]
    fn a_percentage_is_rounded_down() {
        assert_eq!(percentage(999, 1000), "99.9%");
        assert_eq!(percentage(9999, 10000), "99.9%");
        assert_eq!(percentage(3, 3), "100.0%");
    }
}
