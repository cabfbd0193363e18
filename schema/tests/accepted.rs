//! Each `accepted/*.prisma` looks like something that is refused, and is right.

mod samples;

use purlin_schema::{Severity, parse, report};
use samples::samples;

#[test]
fn each_schema_is_accepted() {
    for (name, file) in samples("accepted") {
        let files = [file];
        let (_, diagnostics) = parse(&files);
        let is_right = diagnostics.iter().all(|it| it.severity == Severity::Warning);
        assert!(is_right, "{name}\n{}", report::text(&files, &diagnostics, false));
    }
}
