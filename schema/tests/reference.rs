//! The reference of all errors says what is so: its wrong schemas are wrong in that way alone, its right ones are right.

use std::path::{Path, PathBuf};

use purlin_schema::format::format;
use purlin_schema::{Diagnostic, Rule, Severity, SourceFile, parse, reference, report};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn check(text: &str) -> (Vec<Diagnostic>, String) {
    let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
    let (_, diagnostics) = parse(&files);
    let shown = report::text(&files, &diagnostics, false);
    (diagnostics, shown)
}

#[test]
fn each_rule_has_an_entry() {
    for rule in Rule::ALL {
        let entry = reference::entry(*rule)
            .unwrap_or_else(|| panic!("schema/reference/{rule}.md has not the form of an entry"));
        assert_eq!(entry.rule, *rule);
        assert!(!entry.title.ends_with('.'), "the title of {rule} ends with a full stop");
        assert!(entry.text.ends_with('.'), "the text of {rule} does not end with a full stop");
    }
    assert_eq!(reference::entries().count(), Rule::ALL.len());
    assert_eq!(reference::closest("missing-back-relatoin"), Some("missing-back-relation"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "only the tests read files")]
fn each_entry_has_a_rule() {
    for file in std::fs::read_dir(path("reference")).expect("the folder exists") {
        let path = file.expect("the entry can be read").path();
        let code = path.file_stem().expect("a file has a name").to_string_lossy();
        assert!(Rule::from_code(&code).is_some(), "{} is of no rule", path.display());
    }
}

#[test]
fn each_wrong_schema_is_wrong_in_that_way() {
    for entry in reference::entries() {
        let (diagnostics, shown) = check(entry.wrong);
        let rule = entry.rule;
        assert!(diagnostics.iter().any(|it| it.rule == rule), "the wrong schema of {rule} has not that error\n{shown}");
        let helpless = diagnostics.iter().find(|it| it.rule == rule && it.help.is_none());
        assert!(helpless.is_none(), "the wrong schema of {rule} gets no help\n{shown}");
        // Whatever is wrong in a composite type, no database of Purlin has one.
        let is_other =
            |it: &&Diagnostic| it.severity == Severity::Error && ![rule, Rule::CompositeType].contains(&it.rule);
        let other = diagnostics.iter().find(is_other);
        assert!(other.is_none(), "the wrong schema of {rule} has another error as well\n{shown}");
    }
}

#[test]
fn each_right_schema_is_right() {
    for entry in reference::entries() {
        let (diagnostics, shown) = check(entry.right);
        assert!(diagnostics.is_empty(), "the right schema of {}\n{shown}", entry.rule);
        let formatted = format(&[SourceFile { path: "schema.prisma".into(), text: entry.right.into() }]);
        assert_eq!(formatted, [entry.right], "the right schema of {} is not formatted", entry.rule);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "only the tests read files")]
fn the_document_is_that_of_the_entries() {
    let document = std::fs::read_to_string(path("../docs/errors.md")).expect("the document can be read");
    assert!(document == reference::markdown(), "docs/errors.md differs: run `cargo xtask regenerate`");
}
