//! The generated TypeScript client: those that the npm package's own tests use are what the generator writes.

use std::fs;
use std::path::Path;

use purlin_codegen::lower::lower;
use purlin_codegen::typescript::{Options, generate};
use purlin_schema::source::SourceFile;

fn check_in(schema: &str, generated: &str) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node/package/test");
    let text = fs::read_to_string(tests.join(schema)).expect("the schema is there");
    let files = [SourceFile { path: schema.into(), text }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let report = purlin_schema::report::text(&files, &diagnostics, false);
    assert!(!diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error), "{report}");
    let generator = schema.generators.first().expect("the schema has a generator");
    let options = Options::of(generator).expect("its options are valid");
    let mut differ = Vec::new();
    for file in generate(&schema, &lower(&schema), &options) {
        let path = tests.join(generated).join(&file.path);
        if fs::read_to_string(&path).unwrap_or_default() != file.text {
            fs::create_dir_all(tests.join(generated)).expect("the folder can be made");
            fs::write(&path, &file.text).expect("the file can be written");
            differ.push(path);
        }
    }
    assert!(differ.is_empty(), "{differ:?} were not what the generator writes: they are now, look at the difference");
}

#[test]
fn the_generated_client_is_the_one_checked_in() {
    check_in("schema/schema.prisma", "generated");
}

#[test]
fn the_client_with_decimal_js_is_the_one_checked_in() {
    check_in("schema/decimal.prisma", "generated-decimal");
}
