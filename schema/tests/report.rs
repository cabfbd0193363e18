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
        },
        {
            "severity": "error",
            "message": "a field has no attribute `@frob`",
            "code": "unknown-attribute",
            "file": "schema.prisma",
            "line": 2, "column": 29, "endLine": 2, "endColumn": 33,
        },
    ] });
    assert_eq!(json, expected);
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
