//! The findings about native types that are written on fields.

use super::resolve;
use crate::diagnostic::{Diagnostic, Severity};
use crate::messages::FieldPath;
use crate::model::{ColumnType, EnumId, Provider, Scalar};
use crate::native::{NativeType, named_by};
use crate::parser;
use crate::source::SourceFile;
use crate::syntax::{Attribute, Block};

/// The findings about `field`, in a schema whose datasource is `db`.
fn check(provider: Provider, field: &str) -> String {
    let (text, attribute) = parse(field);
    let ty = match field.split([' ', '[', '?']).next().unwrap() {
        "Enum" => ColumnType::Enum(EnumId(0)),
        "Unsupported" => ColumnType::Unsupported("x".into()),
        name => ColumnType::Scalar(Scalar::ALL.into_iter().find(|scalar| scalar.name() == name).unwrap()),
    };
    let mut diagnostics = Vec::new();
    let native =
        resolve(&attribute, Some(provider), Some("db"), &ty, FieldPath { model: "A", field: "a" }, &mut diagnostics);
    show(&text, native, &diagnostics)
}

fn parse(field: &str) -> (String, Attribute) {
    let text = format!("model A {{ \n a {field} \n }}");
    let mut diagnostics = Vec::new();
    let tree = parser::parse_file(0, &SourceFile { path: "a".into(), text: text.clone() }, &mut diagnostics);
    assert_eq!(diagnostics, []);
    let attribute = tree.blocks().flat_map(Block::fields).next().unwrap().attributes[0].clone();
    (text, attribute)
}

fn show(text: &str, native: Option<NativeType>, diagnostics: &[Diagnostic]) -> String {
    let mut lines: Vec<String> = native.iter().map(ToString::to_string).collect();
    for it in diagnostics {
        assert_eq!(it.severity, Severity::Error);
        assert!(!it.label.is_empty());
        let code = it.code().trim_start_matches("native-type-");
        lines.push(format!("{code} `{}`: {}", &text[it.span.start..it.span.end], it.message));
        lines.extend(it.help.iter().cloned());
    }
    lines.join("\n")
}

#[track_caller]
fn says(provider: Provider, field: &str, expected: &[&str]) {
    assert_eq!(check(provider, field).lines().collect::<Vec<_>>(), expected, "{field}");
}

#[test]
fn types_with_and_without_arguments() {
    for (field, native) in [
        ("String @db.VarChar(40)", "VarChar(40)"),
        ("String @db.VarChar", "VarChar"),
        ("String @db.Text()", "Text"),
        ("String[] @db.Uuid", "Uuid"),
        ("Decimal? @db.Decimal(10,2)", "Decimal(10, 2)"),
        ("Decimal @db.Decimal(1000, 1000)", "Decimal(1000, 1000)"),
        ("DateTime @db.Timestamptz(6)", "Timestamptz(6)"),
        ("BigInt @db.Oid", "Oid"),
        ("Int @db.Oid", "Oid"),
    ] {
        says(Provider::Postgres, field, &[native]);
    }
    for (field, native) in [
        ("Boolean @db.Bit(1)", "Bit(1)"),
        ("Bytes @db.Bit(64)", "Bit(64)"),
        ("String @db.Char(0)", "Char(0)"),
        ("Int @db.UnsignedTinyInt", "UnsignedTinyInt"),
        ("Boolean @db.UnsignedTinyInt", "UnsignedTinyInt"),
        ("DateTime @db.DateTime(0)", "DateTime(0)"),
    ] {
        says(Provider::Mysql, field, &[native]);
    }
}

#[test]
fn prefixes() {
    says(
        Provider::Postgres,
        "Int @pg.Integer",
        &[
            "Integer",
            "prefix `pg`: field `A.a`: `@pg.Integer` starts with `pg`, which is not the name of the datasource",
            "did you mean `@db.Integer`?",
        ],
    );
    // Nothing is said of what follows a wrong prefix.
    assert_eq!(check(Provider::Postgres, "Int @pg.Nonsense(1, 2)").matches("field").count(), 1);
}

#[test]
fn databases_without_native_types() {
    says(
        Provider::Sqlite,
        "String @db.VarChar(20)",
        &[
            "native-type `@db.VarChar(20)`: field `A.a`: `@db.VarChar`: sqlite has no native types",
            "remove it: the field's own type decides the column's type",
        ],
    );
    let (text, attribute) = parse("Int @pg.Integer");
    let int = ColumnType::Scalar(Scalar::Int);
    let mut diagnostics = Vec::new();
    let native = resolve(&attribute, None, None, &int, FieldPath { model: "A", field: "a" }, &mut diagnostics);
    assert_eq!(
        show(&text, native, &diagnostics),
        "native-type `@pg.Integer`: field `A.a`: `@pg.Integer` belongs to no database: there is no datasource\n\
         add a block `datasource pg { .. }` with a `provider`"
    );
    // Of a datasource that is wrong itself, enough is said there.
    diagnostics.clear();
    assert_eq!(
        resolve(&attribute, None, Some("pg"), &int, FieldPath { model: "A", field: "a" }, &mut diagnostics),
        None
    );
    assert_eq!(diagnostics, []);
}

#[test]
fn unknown_types() {
    says(
        Provider::Postgres,
        "String @db.Varcahr(5)",
        &[
            "unknown-native-type `Varcahr`: field `A.a`: postgresql has no native type `Varcahr`",
            "did you mean `@db.VarChar`?",
        ],
    );
    says(
        Provider::Postgres,
        "Int @db.Numerical(3, 4)",
        &[
            "unknown-native-type `Numerical`: field `A.a`: postgresql has no native type `Numerical`",
            "for `Int` fields, postgresql has `SmallInt`, `Integer`, `Oid`",
        ],
    );
    says(
        Provider::Postgres,
        "String @db.TinyText",
        &[
            "unknown-native-type `TinyText`: field `A.a`: `TinyText` is a type of mysql, not of postgresql",
            "on postgresql use `@db.Text`",
        ],
    );
    says(
        Provider::Mysql,
        "String @db.Uuid",
        &[
            "unknown-native-type `Uuid`: field `A.a`: `Uuid` is a type of postgresql, not of mysql",
            "on mysql use `@db.Char(36)`",
        ],
    );
    let help = |provider, field| check(provider, field).lines().last().unwrap().to_owned();
    // The counterpart depends on what the field is.
    assert_eq!(help(Provider::Postgres, "Boolean @db.TinyInt"), "on postgresql use `@db.Boolean`");
    assert_eq!(help(Provider::Postgres, "Int @db.TinyInt"), "on postgresql use `@db.SmallInt`");
    assert_eq!(help(Provider::Postgres, "Json @db.TinyInt"), "for `Json` fields, postgresql has `JsonB`, `Json`");
}

#[test]
fn types_that_cannot_hold_the_field() {
    says(
        Provider::Postgres,
        "Boolean @db.VarChar(5)",
        &[
            "mismatch `VarChar`: field `A.a`: `@db.VarChar` is for `String`, not for `Boolean`",
            "give the field the type `String`, or use one of its own native types: `Boolean`",
        ],
    );
    says(
        Provider::Mysql,
        "String @db.Bit(1)",
        &[
            "mismatch `Bit`: field `A.a`: `@db.Bit` is for `Bytes` or `Boolean`, not for `String`",
            "give the field the type `Bytes` or `Boolean`, or use one of its own native types: `Char`, `VarChar`, \
             `TinyText`, `Text`, `MediumText`, `LongText`",
        ],
    );
    for (field, what) in [("Enum @db.Text", "is an enum"), ("Unsupported @db.Text", "is `Unsupported`")] {
        says(
            Provider::Postgres,
            field,
            &[
                &format!("mismatch `@db.Text`: field `A.a` {what}, so it cannot have `@db.Text`"),
                "remove it: the field's own type decides the column's type",
            ],
        );
    }
}

#[test]
fn numbers_of_arguments() {
    for (provider, field, message, help) in [
        (
            Provider::Postgres,
            "String @db.VarChar(2, 3, 4)",
            "`(2, 3, 4)`: field `A.a`: `VarChar` takes one argument, its length; 3 are given",
            "write `@db.VarChar(length)`, or `@db.VarChar` alone",
        ),
        (
            Provider::Postgres,
            "Decimal @db.Decimal(10)",
            "`(10)`: field `A.a`: `Decimal` takes its precision and its scale; one is given",
            "write `@db.Decimal(precision, scale)`, or `@db.Decimal` alone",
        ),
        (
            Provider::Postgres,
            "String @db.Text(1)",
            "`(1)`: field `A.a`: `Text` takes no arguments; one is given",
            "write `@db.Text`",
        ),
        (
            Provider::Mysql,
            "String @db.VarChar",
            "`@db.VarChar`: field `A.a`: `VarChar` takes one argument, its length; none is given",
            "write `@db.VarChar(length)`",
        ),
    ] {
        says(provider, field, &[&format!("arguments {message}"), help]);
    }
}

#[test]
fn arguments_that_are_no_whole_numbers() {
    let whole = "field `A.a`: the length of `VarChar` must be a whole number from 1 to 10485760";
    for (argument, found) in [("a", "`a`"), ("2.5", "`2.5`"), ("-1", "`-1`"), ("\"40\"", "a string"), ("[4]", "a list")]
    {
        let message = format!("arguments `{argument}`: {whole}, found {found}");
        says(Provider::Postgres, &format!("String @db.VarChar({argument})"), &[&message]);
    }
    let huge = "9".repeat(200);
    let message = format!("arguments `{huge}`: {whole}, found a number");
    says(Provider::Postgres, &format!("String @db.VarChar({huge})"), &[&message]);
    says(
        Provider::Postgres,
        "String @db.VarChar(length: 3)",
        &["arguments `length`: field `A.a`: the arguments of `VarChar` have no names", "remove `length:`"],
    );
}

#[test]
fn ranges() {
    for (provider, field, expected) in [
        (Provider::Postgres, "Decimal @db.Decimal(1001, 3)", "a whole number from 1 to 1000, found `1001`"),
        (Provider::Postgres, "Decimal @db.Decimal(0, 0)", "a whole number from 1 to 1000, found `0`"),
        (Provider::Postgres, "String @db.Bit(0)", "a whole number from 1 to 83886080, found `0`"),
        (Provider::Postgres, "String @db.Char(0)", "a whole number from 1 to 10485760, found `0`"),
        (Provider::Postgres, "DateTime @db.Timetz(7)", "a whole number from 0 to 6, found `7`"),
        (Provider::Mysql, "Decimal @db.Decimal(66, 2)", "a whole number from 1 to 65, found `66`"),
        (Provider::Mysql, "Decimal @db.Decimal(65, 31)", "a whole number from 0 to 30, found `31`"),
        (Provider::Mysql, "Bytes @db.Bit(65)", "a whole number from 1 to 64, found `65`"),
        (Provider::Mysql, "Boolean @db.Bit(2)", "1 on a `Boolean`, found `2`"),
        (Provider::Mysql, "String @db.Char(256)", "a whole number from 0 to 255, found `256`"),
        (Provider::Mysql, "String @db.VarChar(65536)", "a whole number from 0 to 65535, found `65536`"),
        (Provider::Mysql, "Bytes @db.Binary(256)", "a whole number from 0 to 255, found `256`"),
        (Provider::Mysql, "DateTime @db.DateTime(7)", "a whole number from 0 to 6, found `7`"),
    ] {
        let said = check(provider, field);
        assert!(said.starts_with("arguments"), "{said}");
        assert!(said.ends_with(&format!("must be {expected}")), "{said}");
    }
    says(
        Provider::Mysql,
        "Decimal @db.Decimal(2, 4)",
        &[
            "arguments `4`: field `A.a`: the scale 4 of `Decimal` is larger than its precision 2",
            "the scale counts the digits after the decimal point, the precision all digits",
        ],
    );
}

#[test]
fn unsupported_types_that_are_native_types() {
    let named = |text| named_by(text, Provider::Postgres).map(|(scalar, native)| (scalar, native.to_string()));
    assert_eq!(named("Decimal(10,2)"), Some((Scalar::Decimal, "Decimal(10, 2)".into())));
    assert_eq!(named("Text"), Some((Scalar::String, "Text".into())));
    assert_eq!(named("VarChar (4) COLLATE x"), Some((Scalar::String, "VarChar(4)".into())));
    for text in ["text", "Some random stuff", "Some random (2,5) do something", "Decimal(2)", "VarChar(", "VarChar()"] {
        assert_eq!(named(text), None, "{text}");
    }
    let (scalar, native) = named_by("TinyInt", Provider::Mysql).unwrap();
    assert_eq!((scalar, native.sql()), (Scalar::Int, "TINYINT".into()));
}
