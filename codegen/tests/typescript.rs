//! The generated TypeScript client: those that the npm package's own tests use are what the generator writes.

use std::fs;
use std::path::Path;

use purlin_codegen::lower::lower;
use purlin_codegen::typescript::{Decimal, Options, generate};
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

/// The files of a client, by name, for a generator block of this provider and a model with this column.
fn generated(provider: &str, column: &str, rest: &str) -> Vec<(String, String)> {
    let text = format!(
        "datasource db {{\n  provider = \"sqlite\"\n}}\ngenerator client {{\n  provider = \"{provider}\"\n}}\n\
         model Price {{\n  id Int @id\n  amount {column}\n}}\n{rest}"
    );
    let (schema, diagnostics) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }]);
    assert!(!diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error));
    let of_block = Options::of(schema.generators.first().expect("there is one")).expect("its options are valid");
    let options = Options { decimal: Decimal::DecimalJs, ..of_block };
    let files = generate(&schema, &lower(&schema), &options).into_iter();
    files.map(|file| (file.path.to_string_lossy().into_owned(), file.text)).collect()
}

#[test]
fn decimal_js_is_imported_only_for_a_decimal_column() {
    let names_it =
        |column| generated("prisma-client-js", column, "").iter().any(|(_, text)| text.contains("decimal.js"));
    assert!(names_it("Decimal?"));
    assert!(!names_it("Int"));
}

#[test]
fn the_modules_of_prisma_client_are_there_for_its_block_alone() {
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let own = generated("purlin-typescript", "Int", "");
    assert_eq!(names(&own), ["browser.ts", "index.ts", "models.ts"]);
    let files = generated("prisma-client", "Int", "enum Role {\n  ADMIN\n}\n");
    assert_eq!(names(&files), ["browser.ts", "client.ts", "enums.ts", "index.ts", "models.ts"]);
    let text = |wanted| files.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
    assert_eq!(text("client.ts"), text("index.ts"));
    let enums = text("enums.ts").unwrap_or_default();
    assert!(enums.contains("export const Role = {\n  ADMIN: 'ADMIN',\n} as const\nexport type Role"), "{enums}");
    assert!(!enums.contains("Price"), "{enums}");
}
