//! Each `cases/*.prisma` is a schema with errors of one family; the snapshot beside it is what is said about them.

mod samples;

use purlin_schema::{parse, report};
use samples::samples;

#[test]
fn each_case_gives_its_diagnostics() {
    for (name, file) in samples("cases") {
        let files = [file];
        let (_, mut diagnostics) = parse(&files);
        assert!(!diagnostics.is_empty(), "{name} has nothing to say");
        for diagnostic in &mut diagnostics {
            assert!(!diagnostic.label.is_empty(), "{name}: {diagnostic:?} has no label");
            assert!(!diagnostic.message.ends_with('.'), "{name}: {diagnostic:?} ends with a full stop");
        }
        let text = report::text(&files, &diagnostics, false);
        insta::with_settings!({ snapshot_path => "cases", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

/// What Prisma has and this does not have yet is never dropped silently: each such line is an error.
#[test]
fn each_unsupported_line_is_reported() {
    let (_, file) = samples("cases").into_iter().find(|(name, _)| name == "unsupported").expect("the case exists");
    let (_, diagnostics) = parse(std::slice::from_ref(&file));
    let first_line = |offset: usize| file.text[..offset].matches('\n').count();
    let reported: Vec<usize> = diagnostics.iter().map(|diagnostic| first_line(diagnostic.span.start)).collect();
    let markers = [
        "schemas",
        "extensions",
        "relationMode",
        "@db.",
        "Unsupported(",
        "length:",
        "sequence(",
        "auto()",
        "@shardKey",
        "ops:",
        "@@fulltext",
        "@@schema",
        "view ",
        "type ",
        "address.street",
    ];
    for marker in markers {
        let lines: Vec<usize> =
            file.text.lines().enumerate().filter(|(_, line)| line.contains(marker)).map(|(line, _)| line).collect();
        assert!(!lines.is_empty(), "{marker} is in the case");
        for line in lines {
            assert!(reported.contains(&line), "line {}: {marker} is not reported", line + 1);
        }
    }
}
