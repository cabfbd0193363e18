//! What is judged in another way than by Prisma 7 on purpose; `docs/differences.md` has the reasons.

use purlin_schema::{Severity, SourceFile};

const SQLITE: &str = "datasource db {\n  provider = \"sqlite\"\n}\n";
const POSTGRESQL: &str = "datasource db {\n  provider = \"postgresql\"\n}\n";

/// The findings of a schema: the line and the code of each.
fn findings(text: &str, severity: Severity) -> Vec<(usize, &'static str)> {
    let (_, found) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text: text.to_owned() }]);
    let line = |start: usize| text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    let mut lines: Vec<_> =
        found.iter().filter(|one| one.severity == severity).map(|one| (line(one.span.start), one.code())).collect();
    lines.dedup();
    lines
}

fn errors(text: &str) -> Vec<(usize, &'static str)> {
    findings(text, Severity::Error)
}

#[test]
fn names_that_the_database_takes_for_one_are_errors() {
    let id = "  id Int @id\n";
    let clash = |models: &str| errors(&format!("{SQLITE}{models}"));
    assert_eq!(clash(&format!("model user {{\n{id}}}\nmodel User {{\n{id}}}\n")), [(7, "database-name-clash")]);
    assert_eq!(
        clash(&format!("model A {{\n{id}  b  Int\n\n  @@index([b], map: \"B\")\n}}\nmodel B {{\n{id}}}\n")),
        [(8, "database-name-clash")]
    );
    assert_eq!(clash(&format!("model A {{\n{id}\n  @@map(\"sqlite_a\")\n}}\n")), [(7, "database-name-reserved")]);
}

#[test]
fn what_means_nothing_is_an_error() {
    let sqlite = |rest: &str| errors(&format!("{SQLITE}{rest}"));
    assert_eq!(sqlite("model A { {\n  id Int @id\n}\n"), [(4, "syntax")]);
    assert_eq!(sqlite("generatorjs {\n  provider = \"x\"\n}\nmodel A {\n  id Int @id\n}\n"), [(4, "unknown-block")]);
    assert_eq!(sqlite("model A {\n  id Int @id\n  b  Int @map(\"\")\n}\n"), [(6, "empty-name")]);
    assert_eq!(sqlite("model A {\n  id Int @id\n\n  @@map(\"\")\n}\n"), [(7, "empty-name")]);
    // What is stored for the value of an enum may be empty.
    assert_eq!(sqlite("enum E {\n  NONE @map(\"\")\n}\nmodel A {\n  id Int @id\n  e  E\n}\n"), []);
    let key = "model A {\n  a Int\n  b Int\n\n  @@id([a(ops: raw(\"int4_ops\")), b])\n}\n";
    assert_eq!(errors(&format!("{POSTGRESQL}{key}")), [(8, "operator-class-of-key")]);
}

/// Neither views nor anything else needs a preview flag where a generator of Purlin stands in the schema.
#[test]
fn two_selectors_of_a_view_need_two_names() {
    let generator = "generator client {\n  provider = \"purlin-typescript\"\n}\n";
    let keys = "  @@unique([a, b], name: \"x\")\n  @@unique([b, c], name: \"x\")\n";
    let view = format!("view V {{\n  a Int\n  b Int\n  c Int\n\n{keys}}}\n");
    let found = errors(&format!("{generator}{POSTGRESQL}{view}"));
    assert_eq!(found, [(12, "duplicate-selector"), (13, "duplicate-selector")]);
}

#[test]
fn what_follows_from_a_line_that_cannot_be_read_is_not_repeated() {
    let sqlite = |rest: &str| errors(&format!("{SQLITE}{rest}"));
    assert_eq!(sqlite("modle A {\n  id Int @id\n  b  String\n}\n"), [(4, "unknown-block")]);
    assert_eq!(sqlite("model A {\n  id Int @id\n  b: Int\n\n  @@index([b])\n}\n"), [(6, "legacy-colon")]);
}

#[test]
fn a_preview_flag_of_earlier_versions_is_a_warning() {
    let generator =
        "generator client {\n  provider        = \"prisma-client-js\"\n  previewFeatures = [\"metrics\"]\n}\n";
    let text = format!("{generator}{SQLITE}model A {{\n  id Int @id\n}}\n");
    assert_eq!(errors(&text), []);
    assert_eq!(findings(&text, Severity::Warning), [(3, "stable-feature")]);
}
