//! The log of public reports, `reports/reports.toml`: each entry is run, or what it refers to is found.
//! `cli/tests/reports.rs` runs the entries with an `env`.

#![allow(clippy::panic, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use purlin_migrate::connection::Connection;
use purlin_migrate::push::{self, DataLoss};
use purlin_migrate::rows::Value;
use purlin_schema::{Diagnostic, Schema, Severity, SourceFile};
use purlin_tests::expectation::{load, sentence};
use serde::Deserialize;

#[derive(Deserialize)]
struct Log {
    report: Vec<Report>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    issues: Vec<String>,
    says: String,
    /// `capability: name of the case`.
    #[serde(default)]
    cases: Vec<String>,
    /// `file: name of the test`, or a file alone where the file is the test.
    #[serde(default)]
    tests: Vec<String>,
    schema: Option<String>,
    errors: Option<Vec<usize>>,
    push: Option<Push>,
    env: Option<Env>,
}

/// Models that are pushed over others, with rows in the tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Push {
    from: String,
    rows: String,
    to: String,
    /// Statements that are run after the push, and the only value that each returns.
    #[serde(default)]
    gives: Vec<(String, String)>,
    /// The push would lose values, and does nothing.
    #[serde(default)]
    refused: bool,
}

/// What `cli/tests/reports.rs` runs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the form of an entry is checked here, and its content there")]
struct Env {
    text: String,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    file: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn reports() -> Vec<Report> {
    let log: Log = toml::from_str(&read(&repository().join("tests/reports/reports.toml"))).expect("the log is valid");
    log.report
}

/// Runs a check of each entry, and fails with all that it found.
fn each(check: impl Fn(&Report) -> Vec<String>) {
    let found: Vec<String> = reports()
        .iter()
        .flat_map(|report| check(report).into_iter().map(|what| format!("{}: {what}", report.issues.join(", "))))
        .collect();
    assert!(found.is_empty(), "reports/reports.toml\n{}", found.join("\n"));
}

#[test]
fn each_entry_names_its_reports_and_has_something_to_run() {
    each(|report| {
        let mut wrong = Vec::new();
        for issue in &report.issues {
            let (repository, number) = issue.split_once('#').unwrap_or_default();
            if repository.split('/').count() != 2
                || number.is_empty()
                || !number.bytes().all(|byte| byte.is_ascii_digit())
            {
                wrong.push(format!("`{issue}` is not an owner, a repository and a number"));
            }
        }
        if report.issues.is_empty() || !report.says.ends_with('.') || report.says.contains('\n') {
            wrong.push("needs an issue, and a sentence on one line".to_owned());
        }
        let runs = !report.cases.is_empty()
            || !report.tests.is_empty()
            || report.push.is_some()
            || report.env.is_some()
            || report.schema.is_some();
        if !runs || report.schema.is_some() != report.errors.is_some() {
            wrong.push("has nothing to run, or a schema without its `errors`".to_owned());
        }
        wrong
    });
    let mut seen = BTreeSet::new();
    for issue in reports().into_iter().flat_map(|report| report.issues) {
        assert!(seen.insert(issue.clone()), "{issue} is in two entries");
    }
}

#[test]
fn the_cases_of_the_log_are_the_cases_of_their_capability() {
    each(|report| {
        let missing = |case: &&String| {
            let (capability, name) = case.split_once(": ").unwrap_or_default();
            !load(capability).contains_key(name)
        };
        report.cases.iter().filter(missing).map(|case| format!("there is no case `{case}`")).collect()
    });
    let named: BTreeSet<String> = reports().into_iter().flat_map(|report| report.cases).collect();
    for (case, _) in load("reports") {
        assert!(named.contains(&format!("reports: {case}")), "no entry of reports/reports.toml has the case `{case}`");
    }
}

#[test]
fn the_tests_of_the_log_are_there() {
    each(|report| report.tests.iter().filter(|test| !is_there(test)).map(|test| format!("no test `{test}`")).collect());
}

/// Returns whether a file has a test of this name: a function with `#[test]`, or a text that stands in the same line as a
/// call of
/// `test` or `describe`. A test whose name is put together is named by the part that is written. In a file that the
/// compiler of TypeScript tests, it is a function; in one of `tests/cases` it is a case of both clients.
fn is_there(test: &str) -> bool {
    let (file, name) = test.split_once(": ").unwrap_or((test, ""));
    let path = repository().join(file);
    if !path.is_file() {
        return false;
    }
    let text = read(&path);
    if let Some(capability) = file.strip_prefix("tests/cases/").and_then(|file| file.strip_suffix(".rs")) {
        return load(capability).contains_key(&sentence(name));
    }
    if file == "query/tests/plans/main.rs" {
        // A plan and its query.
        return text.lines().any(|line| line.trim_start().starts_with(&format!("{name}: \"")));
    }
    if file.ends_with(".rs") {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let is_test =
            |index: &usize| lines.get(index.saturating_sub(3)..*index).unwrap_or_default().contains(&"#[test]");
        let is_named = |line: &str| line.starts_with(&format!("fn {name}("));
        return lines.iter().enumerate().any(|(index, line)| is_named(line) && is_test(&index));
    }
    if file.ends_with(".ts") {
        return text.contains(&format!("export async function {name}("));
    }
    let calls = ["test(", "describe("];
    name.is_empty() || text.lines().any(|line| line.contains(name) && calls.iter().any(|call| line.contains(call)))
}

/// The last cell of each row of `docs/differences.md` names tests in the same way.
#[test]
fn the_tests_of_the_differences_are_there() {
    let text = read(&repository().join("docs/differences.md"));
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.contains("| held by |"));
    let mut found = Vec::new();
    let mut count = 0;
    for row in rows {
        count += 1;
        let last = row.trim_end_matches(['|', ' ']).rsplit("| ").next().unwrap_or_default();
        let tests: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        found.extend(
            tests.iter().filter(|test| !test.contains(": ") || !is_there(test)).map(|test| format!("no test {test}")),
        );
        if tests.is_empty() {
            found.push(format!("no test in the row {row}"));
        }
    }
    assert!(found.is_empty(), "docs/differences.md\n{}", found.join("\n"));
    assert!(count > 40, "the rows of the tables are found: {count}");
}

#[test]
fn a_test_that_is_not_there_is_noticed() {
    assert!(is_there("tests/reports.rs: a_test_that_is_not_there_is_noticed"));
    for test in [
        "tests/reports.rs: is_there",
        "tests/reports.rs: nothing",
        "tests/nothing.rs: a",
        "tests/cases/filters.rs: nothing",
        "node/package/test/bulk.test.mjs: nobody",
    ] {
        assert!(!is_there(test), "{test}");
    }
}

/// The models of an entry, for SQLite. The datasource stands below them, so that lines are counted from the models.
fn parse(models: &str) -> (Schema, Vec<Diagnostic>) {
    let text = format!("{models}\n\ndatasource db {{\n  provider = \"sqlite\"\n  url      = \"file:./dev.db\"\n}}\n");
    purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }])
}

#[test]
fn each_schema_has_its_errors() {
    each(|report| {
        let (Some(models), Some(expected)) = (&report.schema, &report.errors) else {
            return Vec::new();
        };
        let text = models.strip_prefix('\n').unwrap_or(models);
        let line = |start: usize| text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
        let (_, found) = parse(text);
        let found = found.iter().filter(|finding| finding.severity == Severity::Error);
        let lines: BTreeSet<usize> = found.map(|finding| line(finding.span.start)).collect();
        let expected: BTreeSet<usize> = expected.iter().copied().collect();
        if lines == expected { Vec::new() } else { vec![format!("errors on the lines {lines:?}, not {expected:?}")] }
    });
}

#[test]
fn each_push_keeps_its_rows_or_is_refused() {
    each(|report| report.push.as_ref().map(pushed).and_then(Result::err).into_iter().collect());
}

fn pushed(push: &Push) -> Result<(), String> {
    let mut connection = Connection::in_memory().map_err(|error| error.to_string())?;
    let schema = |models: &str| match parse(models) {
        (schema, findings) if findings.is_empty() => Ok(schema),
        (_, findings) => Err(format!("{findings:?}")),
    };
    let apply = |connection: &mut Connection, models: &str| {
        let push = push::plan(connection, &schema(models)?).map_err(|error| error.to_string())?;
        push::apply(connection, &push, DataLoss::Refused).map_err(|error| error.to_string())?;
        let again = push::plan(connection, &schema(models)?).map_err(|error| error.to_string())?;
        if again.plan().is_empty() { Ok(()) } else { Err("a second push of the same schema has changes".to_owned()) }
    };
    apply(&mut connection, &push.from)?;
    connection.execute(&push.rows).map_err(|error| error.to_string())?;
    if push.refused {
        let push = push::plan(&mut connection, &schema(&push.to)?).map_err(|error| error.to_string())?;
        return match push::apply(&mut connection, &push, DataLoss::Refused) {
            Err(error) if error.is_refused() => Ok(()),
            other => Err(format!("the push is not refused: {other:?}")),
        };
    }
    apply(&mut connection, &push.to)?;
    for (statement, expected) in &push.gives {
        let rows = connection.execute_for_rows(statement).map_err(|error| error.to_string())?;
        let given = rows.last().and_then(|rows| rows.rows.first()?.first()).map_or_else(String::new, shown);
        if &given != expected {
            return Err(format!("{statement}\n  returns {given}, not {expected}"));
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("{bytes:?}"),
    }
}
