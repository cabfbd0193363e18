//! Attributes and arguments as such, wherever they stand.

use super::{FieldPath, use_one_of};
use crate::diagnostic::Diagnostic;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Attribute, ExpressionKind};

/// A value of another kind than is needed: `what` must be `expected`.
pub(crate) fn wrong_value(span: Span, what: &str, expected: &str, found: &ExpressionKind) -> Diagnostic {
    Diagnostic::error(Rule::WrongValue, span, format!("{what} must be {expected}, found {}", found.describe()))
        .label(format!("expected {expected}"))
}

/// A value where a string is expected; a word or a number can be made one.
pub(crate) fn not_a_string(span: Span, what: &str, found: &ExpressionKind) -> Diagnostic {
    let diagnostic = wrong_value(span, what, "a string", found);
    match found {
        ExpressionKind::Word(text) | ExpressionKind::Number(text) => {
            diagnostic.help(format!("write it in double quotes: `\"{text}\"`"))
        }
        ExpressionKind::Call(name, _) if name.text == "env" => {
            diagnostic.help("write the text itself: only addresses of databases come from the environment")
        }
        _ => diagnostic,
    }
}

// Attributes

/// An attribute that its place, `owner`, does not have. `at` is `@` or `@@`.
pub(crate) fn unknown_attribute(attribute: &Attribute, owner: &str, at: &str, known: &[&'static str]) -> Diagnostic {
    let name = attribute.name.text.as_str();
    let message = format!("{owner} has no attribute `{at}{name}`");
    let diagnostic = Diagnostic::error(Rule::UnknownAttribute, attribute.name.span, message).label("unknown attribute");
    if let Some(help) = familiar(name, at) {
        return diagnostic.help(help);
    }
    diagnostic.help(match closest(name, known.iter().copied()) {
        Some(close) => format!("did you mean `{at}{close}`?"),
        None if known.is_empty() => "remove it".to_owned(),
        None => {
            let known: Vec<String> = known.iter().map(|name| format!("{at}{name}")).collect();
            use_one_of(known.iter().map(String::as_str))
        }
    })
}

/// The advice for an attribute that other languages call `name`.
fn familiar(name: &str, at: &str) -> Option<String> {
    let written = match (name.to_lowercase().as_str(), at) {
        ("primary" | "primarykey" | "pk" | "key", "@") => "write `@id`",
        ("primary" | "primarykey" | "pk" | "key", _) => "write `@@id([..])` with the fields",
        ("autoincrement" | "increment" | "serial" | "identity", "@") => "write `@default(autoincrement())`",
        ("nullable" | "null" | "optional", "@") => "write `?` after the type instead",
        ("required" | "notnull", "@") => "remove it: a field is required unless its type ends with `?`",
        ("index" | "fulltext" | "check" | "include" | "schema", "@") => {
            return Some(format!("write `@@{name}(..)` on a line of its own: it is an attribute of the model"));
        }
        ("default" | "relation" | "updatedat", "@@") => {
            return Some(format!("write `@{name}` after a field: it is not an attribute of the model"));
        }
        ("table" | "tablename", "@@") => "write `@@map(\"..\")`",
        ("column" | "columnname", "@") => "write `@map(\"..\")`",
        ("varchar" | "char" | "text" | "uuid" | "timestamp" | "timestamptz" | "date" | "decimal", "@") => {
            return Some(format!("write `@db.{name}`, where `db` is the name of the datasource"));
        }
        _ => return None,
    };
    Some(written.to_owned())
}

/// Reported at each of the two: either may be the one that is not meant.
pub(crate) fn repeated_attribute(attribute: &Attribute, at: &str, label: &str) -> Diagnostic {
    let name = attribute.name.text.as_str();
    Diagnostic::error(Rule::RepeatedAttribute, attribute.span, format!("`{at}{name}` is given twice"))
        .label(label)
        .help(match name {
            "relation" => "put the arguments of both into one: `@relation(\"Name\", fields: [..], references: [..])`",
            _ => "remove one of them",
        })
}

/// `@@map` in a datasource or a generator.
pub(crate) fn attribute_in_configuration(attribute: &Attribute) -> Diagnostic {
    let message = format!("`@@{}` stands in a configuration block", attribute.name.text);
    Diagnostic::error(Rule::UnknownAttribute, attribute.span, message)
        .label("no attributes here")
        .help("remove it")
        .at(Stage::Text)
}

/// `@@map` behind a field.
pub(crate) fn block_attribute_on_field(attribute: &Attribute) -> Diagnostic {
    let message = format!("`@@{}` stands on the line of a field", attribute.name.text);
    Diagnostic::error(Rule::MisplacedAttribute, attribute.span, message)
        .at(Stage::Text)
        .label("an attribute of the whole block")
        .help("write it with one `@` if it is about the field, or move it to a line of its own")
}

pub(crate) fn relation_on_column(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("field `{field}` is a column, so it cannot have `@relation`");
    Diagnostic::error(Rule::MisplacedAttribute, span, message)
        .label("only for fields whose type is a model")
        .help("remove it, or put it on the field whose type is the other model")
}

pub(crate) fn native_type_on_relation(span: Span, field: FieldPath<'_>) -> Diagnostic {
    on_relation(span, format!("field `{field}` is a relation, so it has no native type"))
}

/// An attribute of columns on a relation field.
pub(crate) fn column_attribute_on_relation(span: Span, field: FieldPath<'_>, attribute: &str) -> Diagnostic {
    on_relation(span, format!("field `{field}` is a relation, so it cannot have `@{attribute}`"))
}

fn on_relation(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(Rule::MisplacedAttribute, span, message)
        .label("only for columns")
        .help("put it on the scalar fields that the relation's `fields:` names")
}

/// `@updatedAt` or `@relation` on a field of a composite type.
pub(crate) fn attribute_of_composite(span: Span, field: FieldPath<'_>, attribute: &str) -> Diagnostic {
    let message = format!("field `{field}` is of a composite type, so it cannot have `@{attribute}`");
    Diagnostic::error(Rule::MisplacedAttribute, span, message).label("not for a composite type").help("remove it")
}

// Arguments

/// A needed argument that is not there.
pub(crate) fn missing_argument(span: Span, attribute: &str, argument: &str, example: &str) -> Diagnostic {
    Diagnostic::error(Rule::MissingArgument, span, format!("`{attribute}` needs its argument `{argument}`"))
        .label("argument missing")
        .help(format!("write for example `{example}`"))
}

/// `@@schema` without a name.
pub(crate) fn schema_without_name(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::MissingArgument, span, "`@@schema` needs the name of a schema")
        .label("argument missing")
        .help("write for example `@@schema(\"public\")`")
}

/// `raw()`
pub(crate) fn raw_without_expression(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::MissingArgument, span, "`raw(..)` needs an SQL expression")
        .label("argument missing")
        .help("write for example `raw(\"lower(email)\")`")
}

/// `Unsupported` without the name of a type.
pub(crate) fn unsupported_without_type(span: Span, field: &str) -> Diagnostic {
    let message = format!("field `{field}`: `Unsupported` needs the name of the type in the database");
    Diagnostic::error(Rule::MissingArgument, span, message)
        .label("one string is needed")
        .help("write for example `Unsupported(\"tsvector\")`")
}

/// `Unsupported("")`
pub(crate) fn unsupported_with_empty_type(span: Span, field: &str) -> Diagnostic {
    Diagnostic::error(Rule::EmptyName, span, format!("field `{field}`: `Unsupported` names no type"))
        .label("a name is needed here")
        .help("write the name of the type in the database")
}

/// An argument of `attribute`, written with its `@`, that it does not have.
pub(crate) fn unknown_argument(span: Span, attribute: &str, argument: &str, known: &[&'static str]) -> Diagnostic {
    let message = format!("`{attribute}` has no argument `{argument}`");
    let diagnostic = Diagnostic::error(Rule::UnknownArgument, span, message).label("unknown argument");
    match closest(argument, known.iter().copied()) {
        Some(close) => diagnostic.suggest(Some(close)),
        None if known.is_empty() => diagnostic.help(format!("write `{attribute}` without arguments")),
        None => diagnostic.help(use_one_of(known.iter().copied())),
    }
}

/// An argument in the brackets after a field: `title(size: 30)`.
pub(crate) fn unknown_argument_of_field(span: Span, attribute: &str, argument: Option<&str>) -> Diagnostic {
    Diagnostic::error(Rule::UnknownArgument, span, format!("a field of `{attribute}` has no such argument"))
        .label("unknown argument")
        .help("use `sort: Asc` or `sort: Desc`, `length:` on mysql, `ops:` on postgresql")
        .suggest(argument.and_then(|argument| closest(argument, ["sort", "length", "ops"])))
}

pub(crate) fn length_of_expression(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::UnknownArgument, span, "`raw(..)` has no argument `length`")
        .label("an expression has no prefix")
        .help("cut the text inside the expression, with `substr(..)`")
}

pub(crate) fn unknown_argument_of_extension(span: Span, argument: Option<&str>) -> Diagnostic {
    Diagnostic::error(Rule::UnknownArgument, span, "an extension has no such argument")
        .label("unknown argument")
        .help("use `map`, `schema` or `version`")
        .suggest(argument.and_then(|argument| closest(argument, ["map", "schema", "version"])))
}

/// An argument without a name that `attribute` has no room for, and `help` for it.
pub(crate) fn too_many_arguments(span: Span, attribute: &str, help: String) -> Diagnostic {
    Diagnostic::error(Rule::ExtraArgument, span, format!("`{attribute}` has too many arguments"))
        .label("not expected")
        .help(help)
}

pub(crate) fn repeated_argument(span: Span, attribute: &str, argument: &str) -> Diagnostic {
    Diagnostic::error(Rule::RepeatedArgument, span, format!("`{attribute}` has the argument `{argument}` twice"))
        .label("the second one")
        .help("remove one of them")
}

pub(crate) fn repeated_argument_of_extension(span: Span, extension: &str) -> Diagnostic {
    Diagnostic::error(Rule::RepeatedArgument, span, format!("an argument of `{extension}` is given twice"))
        .label("the second one")
        .help("remove one of them")
}

/// An empty string where a name is needed; `part` is what can be removed instead.
pub(crate) fn empty_name(span: Span, argument: &str, part: &str) -> Diagnostic {
    Diagnostic::error(Rule::EmptyName, span, format!("`{argument}` is an empty string"))
        .label("a name is needed here")
        .help(format!("write a name between the quotes, or remove the {part}"))
}

// Functions and SQL

/// `now(1)`
pub(crate) fn function_without_arguments(span: Span, function: &str) -> Diagnostic {
    Diagnostic::error(Rule::ExtraArgument, span, format!("`{function}()` takes no arguments"))
        .label("not expected")
        .help(format!("write `{function}()`"))
}

/// `uuid(4, 7)`
pub(crate) fn function_of_one_number(span: Span, function: &str, expected: &str, example: u8) -> Diagnostic {
    Diagnostic::error(Rule::ExtraArgument, span, format!("`{function}()` takes at most one number"))
        .label(format!("expected {expected}, or nothing"))
        .help(format!("write for example `{function}({example})`"))
}

/// `uuid(5)`
pub(crate) fn wrong_number(span: Span, function: &str, expected: &str, example: u8) -> Diagnostic {
    Diagnostic::error(Rule::WrongValue, span, format!("the argument of `{function}()` must be {expected}"))
        .label(format!("expected {expected}"))
        .help(format!("write for example `{function}({example})`"))
}

/// `dbgenerated("a", "b")`
pub(crate) fn function_of_one_expression(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::ExtraArgument, span, "`dbgenerated()` takes at most one argument")
        .label("expected one SQL expression")
        .help("write all of the SQL in one string")
}

/// `raw("a", "b")`
pub(crate) fn raw_of_one_string(span: Span, function: &str) -> Diagnostic {
    Diagnostic::error(Rule::ExtraArgument, span, format!("`{function}` takes one string"))
        .label("expected one string of SQL")
        .help("write all of the SQL in one string, without a name before it")
}

/// A string of SQL that is empty.
pub(crate) fn empty_expression(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Rule::EmptyExpression, span, format!("{what} is empty"))
        .label("no SQL here")
        .help("write the SQL expression")
}

/// `dbgenerated("")`
pub(crate) fn empty_default_expression(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::EmptyExpression, span, "the expression of `dbgenerated()` is empty")
        .label("no SQL here")
        .help("write the SQL expression, or `dbgenerated()` if the database decides by itself")
}
