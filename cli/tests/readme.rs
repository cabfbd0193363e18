//! What the README shows of the command is what it prints.

#![allow(clippy::panic, reason = "a test that panics fails, which is its purpose")]

use purlin_schema::source::SourceFile;

/// The text of the first block of the README with these words behind its fence.
fn block(language: &str) -> String {
    let readme = include_str!("../../README.md");
    let fence = format!("```{language}\n");
    let (_, rest) = readme.split_once(&fence).unwrap_or_else(|| panic!("there is a block of {language}"));
    rest.split_once("```").map(|(text, _)| text.to_owned()).unwrap_or_default()
}

fn findings(text: String) -> String {
    let files = [SourceFile { path: "schema.prisma".into(), text }];
    let (_, diagnostics) = purlin_schema::parse(&files);
    purlin_schema::report::text(&files, &diagnostics, false)
}

#[test]
fn the_schema_is_valid() {
    assert_eq!(findings(block("prisma")), "");
}

#[test]
fn the_error_is_that_of_the_schema_without_the_author() {
    let schema: Vec<String> =
        block("prisma").lines().filter(|line| !line.contains("author")).map(str::to_owned).collect();
    assert_eq!(findings(schema.join("\n") + "\n").trim(), block("text").trim());
}
