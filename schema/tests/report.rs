//! The forms of a report that other programs rely on.

use purlin_schema::{SourceFile, parse, report};

fn files(text: &str) -> [SourceFile; 1] {
    [SourceFile { path: "schema.prisma".into(), text: text.into() }]
}

#[test]
fn json_counts_from_one_and_in_characters() {
    let files = files("model Ü {\n  id Int @id @default(\"é\") @frob\n}\n");
    let (_, diagnostics) = parse(&files);
    let json: serde_json::Value = serde_json::from_str(&report::json(&files, &diagnostics)).expect("it is JSON");
    let expected = serde_json::json!({ "diagnostics": [
        {
            "severity": "error",
            "message": "the default of `Ü.id` must be a whole number, found a string",
            "code": "wrong-value",
            "file": "schema.prisma",
            "line": 2, "column": 23, "endLine": 2, "endColumn": 26,
            "label": "expected a whole number",
            "help": diagnostics[0].help,
            "related": [],
        },
        {
            "severity": "error",
            "message": "a field has no attribute `@frob`",
            "code": "unknown-attribute",
            "file": "schema.prisma",
            "line": 2, "column": 29, "endLine": 2, "endColumn": 33,
            "label": "unknown attribute",
            "help": diagnostics[1].help,
            "related": [],
        },
    ] });
    assert_eq!(json, expected);
}

#[test]
fn json_has_the_other_places() {
    let files = files("generator client {\n  output =\n}\n");
    let (_, diagnostics) = parse(&files);
    let json: serde_json::Value = serde_json::from_str(&report::json(&files, &diagnostics)).expect("it is JSON");
    let expected = serde_json::json!([{
        "message": "no value after its `=`",
        "file": "schema.prisma",
        "line": 2, "column": 3, "endLine": 2, "endColumn": 9,
    }]);
    assert_eq!(json.pointer("/diagnostics/0/related"), Some(&expected), "{json}");
}

#[test]
fn github_gets_workflow_commands() {
    let text = "model A {\n  id Int @id @frob\n  many B[] @map(\n    \"b\"\n  )\n}\n\nmodel B {\n  id Int @id\n}\n";
    let files = [SourceFile { path: "50%,a:b.prisma".into(), text: text.into() }];
    let (_, diagnostics) = parse(&files);
    let [first, second] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    let expected = format!(
        "::error file=50%25%2Ca%3Ab.prisma,line=2,col=15,endLine=2,endColumn=19,title=unknown-attribute::{}%0Ahelp: {}\n\
         ::error file=50%25%2Ca%3Ab.prisma,line=3,endLine=5,title=misplaced-attribute::{}%0Ahelp: {}\n",
        first.message,
        first.help.as_deref().unwrap_or_default(),
        second.message,
        second.help.as_deref().unwrap_or_default(),
    );
    assert_eq!(report::github(&files, &diagnostics), expected);
}

#[test]
fn github_hears_of_warnings_and_of_text_that_breaks_lines() {
    let mut diagnostics =
        parse(&files("generator g {\n  provider = \"x\"\n  previewFeatures = [\"createMany\"]\n}\n")).1;
    for diagnostic in &mut diagnostics {
        diagnostic.message = "100 %\r\nof it: a, b".to_owned();
        diagnostic.help = None;
    }
    let commands = report::github(&files(""), &diagnostics);
    assert_eq!(
        commands,
        "::warning file=schema.prisma,line=1,col=1,endLine=1,endColumn=1,title=stable-feature::100 %25%0D%0Aof it: a, b\n"
    );
}

#[test]
fn json_of_a_valid_schema_is_an_empty_list() {
    let files = files("model A {\n  id Int @id\n}\n");
    let (_, diagnostics) = parse(&files);
    assert_eq!(report::json(&files, &diagnostics), r#"{"diagnostics":[]}"#);
    assert_eq!(report::text(&files, &diagnostics, false), "");
}

#[test]
fn text_has_color_only_on_request() {
    let files = files("model A {\n}\n");
    let (_, diagnostics) = parse(&files);
    assert!(report::text(&files, &diagnostics, true).contains('\u{1b}'));
    assert!(!report::text(&files, &diagnostics, false).contains('\u{1b}'));
}

/// One line of a megabyte is neither shown whole nor searched once a diagnostic.
#[test]
fn text_shows_little_of_a_long_line() {
    let text = format!("model A {{\n  id Int @id @default(\"{}\") @frob @frob\n}}\n", "x".repeat(1_000_000));
    let files = files(&text);
    let (_, diagnostics) = parse(&files);
    let shown = report::text(&files, &diagnostics[1..], false);
    assert!(shown.len() < 20_000, "{} bytes", shown.len());
}

/// A schema with so many errors and warnings.
fn wrong(errors: usize, warnings: usize) -> String {
    let mut text = "generator g {\n  provider = \"x\"\n  previewFeatures = [".to_owned();
    text.push_str(&vec!["\"createMany\""; warnings].join(", "));
    text.push_str("]\n}\n\nmodel A {\n  id Int @id\n");
    for index in 0..errors {
        text.push_str(&format!("  a{index} Nothing\n"));
    }
    text.push_str("}\n");
    text
}

#[test]
fn a_long_report_shows_the_first_errors_and_counts_the_rest() {
    let report = |errors, warnings| {
        let files = files(&wrong(errors, warnings));
        let diagnostics = parse(&files).1;
        assert_eq!(diagnostics.len(), errors + warnings);
        let json: serde_json::Value = serde_json::from_str(&report::json(&files, &diagnostics)).expect("it is JSON");
        assert_eq!(json["diagnostics"].as_array().map(Vec::len), Some(errors + warnings), "JSON is complete");
        let text = report::text(&files, &diagnostics, false);
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        let last = text.trim_end().lines().last().unwrap_or_default().to_owned();
        (count("error["), count("warning["), last)
    };
    let (errors, warnings, last) = report(50, 0);
    assert_eq!((errors, warnings, last.contains("not shown")), (50, 0, false));
    let (errors, warnings, last) = report(30, 20);
    assert_eq!((errors, warnings, last.contains("not shown")), (30, 20, false));
    let (errors, warnings, last) = report(51, 0);
    assert_eq!((errors, warnings), (50, 0));
    assert_eq!(last, "not shown: 1 more error; `purlin validate --format json` lists all");
    let (errors, warnings, last) = report(40, 30);
    assert_eq!((errors, warnings), (40, 10));
    assert_eq!(last, "not shown: 20 more warnings; `purlin validate --format json` lists all");
    // Errors come first, wherever the warnings stand.
    let (errors, warnings, last) = report(9_000, 7);
    assert_eq!((errors, warnings), (50, 0));
    assert_eq!(last, "not shown: 8950 more errors and 7 more warnings; `purlin validate --format json` lists all");
}
