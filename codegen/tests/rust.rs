//! The generated Rust client: the checked-in ones are what the generator writes, and rustfmt has nothing to add.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use purlin_codegen::lower::lower;
use purlin_codegen::rust;
use purlin_codegen::{ClientOptions, Section};
use purlin_schema::source::SourceFile;

fn generate(text: &str) -> String {
    generate_with(text, ClientOptions::default())
}

fn generate_with(text: &str, client: ClientOptions) -> String {
    let options = rust::Options { client, ..rust::Options::default() };
    let files = [SourceFile { path: "schema.prisma".into(), text: text.into() }];
    let (schema, diagnostics) = purlin_schema::parse(&files);
    let report = purlin_schema::report::text(&files, &diagnostics, false);
    assert!(!diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error), "{report}");
    let [file]: [_; 1] = rust::generate(&schema, &lower(&schema), &options).try_into().expect("one file");
    file.text
}

/// What rustfmt makes of `text` at its default settings.
fn formatted(text: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path", "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is installed with the toolchain");
    rustfmt.stdin.take().expect("piped").write_all(text.as_bytes()).expect("rustfmt reads its input");
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt cannot parse the generated code");
    String::from_utf8(output.stdout).expect("source is UTF-8")
}

/// A schema with an enum and a model, whose generator says more.
fn with_generator(property: &str) -> (purlin_schema::model::Schema, Result<rust::Options, String>) {
    let text = format!(
        "generator rust {{\n  provider = \"purlin-rust\"\n  {property}\n}}\nenum Role {{\n  ADMIN\n}}\nmodel User {{\n  id Int @id\n  role Role\n}}\n"
    );
    let (schema, _) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }]);
    let options = rust::Options::of(schema.generators.first().expect("the block is one"));
    (schema, options)
}

#[test]
fn rows_and_enums_derive_what_the_generator_asks_for() {
    for (derives, row, value) in [
        (
            "",
            "#[derive(Debug, Clone, PartialEq)]",
            "#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]",
        ),
        (
            "derives = [\"Eq\", \"Hash\", \"specta::Type\"]",
            "#[derive(Debug, Clone, PartialEq, Eq, Hash, specta::Type)]",
            "#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, specta::Type)]",
        ),
        (
            "derives = [\"Clone\", \"serde::Serialize\", \"serde::Deserialize\"]",
            "#[derive(Debug, Clone, PartialEq, serde::Deserialize)]",
            "#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]",
        ),
        (
            "derives = [\"Eq\", \"Hash\", \"schemars::JsonSchema\", \"specta::Type\", \"a_long::path::to::A_Macro\"]",
            "#[derive(\n    Debug, Clone, PartialEq, Eq, Hash, schemars::JsonSchema, specta::Type, a_long::path::to::A_Macro,\n)]",
            "#[derive(\n    Debug,\n    Clone,\n    Copy,\n    PartialEq,\n    Eq,\n    PartialOrd,\n    Ord,\n    Hash,\n    schemars::JsonSchema,\n    specta::Type,\n    a_long::path::to::A_Macro,\n)]",
        ),
    ] {
        let (schema, options) = with_generator(derives);
        let [file]: [_; 1] =
            rust::generate(&schema, &lower(&schema), &options.expect("these are paths")).try_into().expect("one file");
        assert!(file.text.contains(&format!("{row}\npub struct User {{")), "{derives}: {}", file.text);
        assert!(file.text.contains(&format!("{value}\npub enum Role {{")), "{derives}: {}", file.text);
        let layout = file.text.replace("#![cfg_attr(rustfmt, rustfmt::skip)]\n", "");
        assert_eq!(formatted(&layout), layout);
    }
}

#[test]
fn what_no_row_can_derive_is_refused() {
    for derives in ["\"Eq\"", "[\"\"]", "[\"Eq, Hash\"]", "[\"Eq)] struct Other\"]", "[\"specta::\"]", "[\"1st\"]"] {
        let (_, options) = with_generator(&format!("derives = {derives}"));
        assert!(
            options.is_err_and(|message| message.contains("`derives`") && message.contains("specta::Type")),
            "{derives}"
        );
    }
}

#[test]
fn the_keys_of_json_are_those_that_the_generator_asks_for() {
    let text = |property: &str| {
        let text = format!(
            "generator rust {{\n  provider = \"purlin-rust\"\n  {property}\n}}\nmodel User {{\n  id Int @id\n  created_at String\n  \
             createdAt Int\n  nickName String\n  aLongNameOfAField Int\n  anotherLongNameOfAField Int\n  r2d2 Int\n  type Int\n}}\n"
        );
        let (schema, diagnostics) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }]);
        assert!(!diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error));
        let options = rust::Options::of(schema.generators.first().expect("the block is one"));
        let files = rust::generate(&schema, &lower(&schema), &options.expect("this is a rule"));
        files.into_iter().map(|file| file.text).collect::<String>()
    };
    // Two fields that differ in their case alone stay two.
    for (rule, expected) in [
        (
            "snake_case",
            "    purlin::json_names! { SnakeCase {\n        \"id\", \"created_at\", \"created_at_\", \"nick_name\", \"a_long_name_of_a_field\",\n        \
             \"another_long_name_of_a_field\", \"r2d2\", \"type\",\n    } }\n}\n",
        ),
        (
            "camelCase",
            "    purlin::json_names! { CamelCase {\n        \"id\", \"createdAt\", \"createdAt_\", \"nickName\", \"aLongNameOfAField\",\n        \
             \"anotherLongNameOfAField\", \"r2d2\", \"type\",\n    } }\n}\n",
        ),
    ] {
        let file = text(&format!("json_names = \"{rule}\""));
        assert!(file.contains(expected), "{rule}: {file}");
        let layout = file.replace("#![cfg_attr(rustfmt, rustfmt::skip)]\n", "");
        assert_eq!(formatted(&layout), layout);
    }
    assert_eq!(text("json_names = \"schema\""), text(""));
    assert!(!text("").contains("json_names"));
}

#[test]
fn what_is_no_rule_for_keys_is_refused() {
    for rule in ["\"kebab-case\"", "\"\"", "[\"snake_case\"]", "true", "\"camelcase\""] {
        let (_, options) = with_generator(&format!("json_names = {rule}"));
        let message = options.expect_err(rule);
        assert_eq!(message, "`json_names` is \"schema\", \"camelCase\" or \"snake_case\"");
    }
}

fn check_in(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let text = generate(&fs::read_to_string(folder.join("schema.prisma")).expect("the schema is there"));
    let path = folder.join("db.rs");
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    let path = path.display();
    assert!(text == checked_in, "{path} is not what the generator writes: run `cargo xtask regenerate`");
}

#[test]
fn the_client_of_the_tests_is_up_to_date() {
    check_in("client/tests/blog");
    check_in("client/tests/secrets");
}

#[test]
fn rustfmt_changes_nothing() {
    let schemas =
        [include_str!("../../client/tests/blog/schema.prisma"), include_str!("../../tests/names/schema.prisma")];
    for schema in schemas.into_iter().chain([AWKWARD]) {
        let text = generate(schema).replace("#![cfg_attr(rustfmt, rustfmt::skip)]\n", "");
        let formatted = formatted(&text);
        let differ = text.lines().zip(formatted.lines()).find(|(ours, theirs)| ours != theirs);
        assert_eq!(differ, None, "the first line that rustfmt changes, and what it becomes");
        assert_eq!(text.len(), formatted.len());
    }
}

#[test]
fn rustfmt_changes_nothing_of_names_of_any_length() {
    let mut schema = "datasource db {\n  provider = \"sqlite\"\n}\n".to_owned();
    for length in 1..33 {
        let (long, other) = ("M".repeat(length), "N".repeat(length));
        let _ = write!(
            schema,
            "model {long} {{\n  id Int @id\n  parents {other}[]\n}}\n\
             model {other} {{\n  id Int @id\n  keyId Int\n  key {long} @relation(fields: [keyId], references: [id])\n}}\n"
        );
    }
    // With models that take the names of the crate's types, these are written with their paths.
    for taken in ["", "model Fills {\n  id Int @id\n}\nmodel After {\n  id Int @id\n}\n"] {
        let text = generate(&format!("{schema}{taken}")).replace("#![cfg_attr(rustfmt, rustfmt::skip)]\n", "");
        let formatted = formatted(&text);
        let differ = text.lines().zip(formatted.lines()).find(|(ours, theirs)| ours != theirs);
        assert_eq!(differ, None, "the first line that rustfmt changes, and what it becomes");
        assert_eq!(text.len(), formatted.len());
    }
}

#[test]
fn rustfmt_changes_nothing_of_the_options() {
    let mut client = ClientOptions::default();
    for section in [Section::Limits, Section::Client] {
        for key in section.keys() {
            client.set(section, key, 50).expect("in range");
            let text = generate_with(include_str!("../../client/tests/blog/schema.prisma"), client);
            let text = text.replace("#![cfg_attr(rustfmt, rustfmt::skip)]\n", "");
            assert_eq!(text, formatted(&text), "{key}");
        }
    }
}

/// Names that Rust or the generated file have another use for.
const AWKWARD: &str = r#"
datasource db {
  provider = "sqlite"
}

model Client {
  id     Int     @id
  self   String
  type   String?
  Option Option?
  option Option? @map("option_2")
}

model Transaction {
  id Int @id
}

model Close {
  id Int @id
}

model S {
  id Int @id
}

model Column {
  id Int @id
}

model user_profile {
  id     Int     @id
  userId Int
  user   UserProfile @relation(fields: [userId], references: [id])
}

model UserProfile {
  aVeryLongNameOfAFieldThatIsPartOfAKeyOfSeveralColumns    Int
  anotherVeryLongNameOfAFieldThatIsPartOfTheSameKeyAsWell  Int
  id       Int            @unique
  profiles user_profile[]

  @@id([aVeryLongNameOfAFieldThatIsPartOfAKeyOfSeveralColumns, anotherVeryLongNameOfAFieldThatIsPartOfTheSameKeyAsWell])
}

enum Option {
  Self
  some_value
  SomeValue
}
"#;

#[test]
fn names_make_way_for_each_other() {
    let text = generate(AWKWARD);
    for expected in [
        "pub struct DbClient(Db);",
        "pub fn transaction_(&self) -> Table<'_, Transaction>",
        "pub self_: String",
        "pub r#type: std::option::Option<String>",
        "pub option_: std::option::Option<Option>",
        "purlin::field::Column<",
        "pub fn close_(&self) -> Table<'_, Close>",
        "pub fn set<S_: Sets<S, NewRow>>(self, sets: impl FnOnce(SFields) -> S_) -> New<S>",
        "pub struct UserProfile {\n    pub a_very",
        "pub struct UserProfile_ {\n    pub id: i32,\n    pub user_id: i32,",
        "    Self_,\n    SomeValue,\n    SomeValue_,",
    ] {
        assert!(text.contains(expected), "`{expected}` is not there");
    }
}

#[test]
fn an_output_is_a_file_or_a_folder() {
    let destination = |output| {
        let (folder, file) = rust::destination(output);
        format!("{} {file}", folder.display())
    };
    assert_eq!(destination(None), "src db.rs");
    assert_eq!(destination(Some("../src/models.rs")), "../src models.rs");
    assert_eq!(destination(Some("src/generated")), "src/generated mod.rs");
}
