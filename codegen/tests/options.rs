//! The options of a project, written into both clients.

use purlin_codegen::lower::lower;
use purlin_codegen::{ClientOptions, LimitOptions, Section, rust, typescript};
use purlin_schema::model::Schema;
use purlin_schema::source::SourceFile;

fn schema() -> Schema {
    let text = "datasource db {\n  provider = \"sqlite\"\n}\nmodel User {\n  id Int @id\n}\n".to_owned();
    let (schema, diagnostics) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    schema
}

fn rust_client(client: ClientOptions) -> String {
    let schema = schema();
    let options = rust::Options { client, ..rust::Options::default() };
    rust::generate(&schema, &lower(&schema), &options).into_iter().map(|file| file.text).collect()
}

fn typescript_client(client: ClientOptions) -> String {
    let schema = schema();
    let options = typescript::Options { client, ..typescript::Options::default() };
    let files = typescript::generate(&schema, &lower(&schema), &options);
    files.into_iter().filter(|file| file.path.ends_with("index.ts")).map(|file| file.text).collect()
}

/// The part of a text between two lines.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect("the start is there");
    let length = text[from..].find(end).expect("the end is there") + end.len();
    &text[from..from + length]
}

fn all() -> ClientOptions {
    let mut options = ClientOptions::default();
    for section in [Section::Limits, Section::Client] {
        for (key, value) in section.keys().iter().zip(10..) {
            options.set(section, key, value).expect("in range");
        }
    }
    options
}

#[test]
fn all_options_are_in_both_clients() {
    let rust = rust_client(all());
    insta::assert_snapshot!("rust", between(&rust, "    /// Opens a database with other options", "\n    }\n"));
    assert!(rust.contains("Limits, ") || rust.contains(", Limits"), "it is imported");
    let typescript = typescript_client(all());
    insta::assert_snapshot!("typescript", between(&typescript, "const settings", "\n}\n"));
}

#[test]
fn some_options_are_in_both_clients() {
    let limits = LimitOptions { rows: Some(500), json_depth: Some(9), ..LimitOptions::default() };
    let options = ClientOptions { limits, statement_timeout: Some(1_000), ..ClientOptions::default() };
    insta::assert_snapshot!(
        "rust_some",
        between(&rust_client(options), "    /// Opens a database with other options", "\n    }\n")
    );
    insta::assert_snapshot!("typescript_some", between(&typescript_client(options), "const settings", "\n}\n"));
}

#[test]
fn a_project_without_options_has_the_clients_of_old() {
    let plain = typescript_client(ClientOptions::default());
    assert!(!between(&plain, "const settings", "\n}\n").contains("options"));
    assert!(!rust_client(ClientOptions::default()).contains("Limits"));
    // JSON values are no concern of the Rust client.
    let limits = LimitOptions { json_nodes: Some(5), ..LimitOptions::default() };
    let json = ClientOptions { limits, ..ClientOptions::default() };
    assert_eq!(rust_client(json), rust_client(ClientOptions::default()));
    assert_ne!(typescript_client(json), plain);
}
