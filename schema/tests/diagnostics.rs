//! Each `cases/*.prisma` is a schema with errors of one family; the snapshot beside it is what is said about them.

mod samples;

use purlin_schema::{parse_all_stages, report};
use samples::samples;

#[test]
fn each_case_gives_its_diagnostics() {
    for (name, file) in samples("cases") {
        let files = [file];
        let (_, mut diagnostics) = parse_all_stages(&files);
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
