//! `@default` and `@generated`.

use super::{FieldPath, use_one_of};
use crate::diagnostic::Diagnostic;
use crate::model::{Provider, Scalar};
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;

pub(crate) fn named_default(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("the default of `{field}` has a `map`, but only SQL Server names defaults");
    Diagnostic::error(Rule::NamedDefault, span, message).label("no name here").help("remove `map:`")
}

pub(crate) fn named_default_in_composite(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("the default of `{field}` has a `map`, but defaults of composite types have no names");
    Diagnostic::error(Rule::NamedDefault, span, message)
        .label("no name here")
        .help("remove `map:`")
        .at(Stage::Attributes)
}

/// `autoincrement()` on a `String`. `ty` describes the field: ``of type `String` ``; `fitting` are the types that the
/// function can fill.
pub(crate) fn function_of_other_type(
    span: Span,
    field: FieldPath<'_>,
    ty: &str,
    function: &str,
    fitting: &[Scalar],
    is_counter_of_text: bool,
) -> Diagnostic {
    let fitting: Vec<String> = fitting.iter().map(|scalar| format!("`{}`", scalar.name())).collect();
    let fitting = fitting.join(" or ");
    Diagnostic::error(Rule::DefaultType, span, format!("field `{field}` is {ty}, which `{function}()` cannot fill"))
        .label(format!("only for a single {fitting}"))
        .help(match is_counter_of_text {
            true => "a `String` does not count: write `uuid()` or `cuid()`".to_owned(),
            false => format!("give the field the type {fitting}, or write another default"),
        })
}

pub(crate) fn function_on_list(span: Span, field: FieldPath<'_>, function: &str) -> Diagnostic {
    let message = format!("`{function}()` makes one value, and field `{field}` is a list: it has no default");
    Diagnostic::warning(Rule::DefaultType, span, message)
        .label("no effect on a list")
        .help("remove it, or write a list of values")
}

/// A function of another database. `database` is what does not have it.
pub(crate) fn function_of_other_database(span: Span, database: &str, function: &str) -> Diagnostic {
    Diagnostic::error(Rule::UnknownFunction, span, format!("{database} has no function `{function}()`"))
        .label("of another database")
        .help(match function {
            "auto" => "let the client make the value: `uuid()`, `cuid()` or `ulid()`",
            _ => "write `autoincrement()`",
        })
}

pub(crate) fn unknown_function(span: Span, function: &str, known: &[&'static str]) -> Diagnostic {
    Diagnostic::error(Rule::UnknownFunction, span, format!("there is no function `{function}()`"))
        .label("unknown function")
        .help(match closest(function, known.iter().copied()) {
            _ if function == "env" => {
                "`env()` is for the URL of the datasource; write the default out, or let the program make it".to_owned()
            }
            Some(close) => format!("did you mean `{close}()`?"),
            None => {
                let known: Vec<String> = known.iter().map(|name| format!("{name}()")).collect();
                use_one_of(known.iter().map(String::as_str))
            }
        })
}

/// `known` are the first values of the enum, `is_cut` tells that there are more; `meant` is the one that was meant.
pub(crate) fn unknown_enum_value(
    span: Span,
    what: &str,
    (enumeration, value): (&str, &str),
    (known, is_cut): (&[&str], bool),
    meant: Option<&str>,
) -> Diagnostic {
    let more = if is_cut { ", ..." } else { "" };
    Diagnostic::error(Rule::UnknownEnumValue, span, format!("{what}: the enum `{enumeration}` has no value `{value}`"))
        .label("unknown value")
        .help(match known {
            [] => format!("add the value `{value}` to the enum"),
            known => format!("{}{more}", use_one_of(known.iter().copied())),
        })
        .suggest(meant)
}

/// A number that is out of range.
pub(crate) fn out_of_range(span: Span, what: &str, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(Rule::MalformedDefault, span, format!("{what} must be {expected}, found {found}"))
        .label(format!("expected {expected}"))
}

/// A string whose text is not that of the type.
pub(crate) fn malformed_text(span: Span, what: &str, expected: &str, scalar: Scalar) -> Diagnostic {
    Diagnostic::error(Rule::MalformedDefault, span, format!("{what} is a string, but not {expected}"))
        .label(format!("not {expected}"))
        .help(match scalar {
            Scalar::DateTime => "write date, time and time zone, for example `\"2024-05-31T12:30:00Z\"`",
            Scalar::Json => "write for example `\"{\\\"key\\\": 1}\"`: a quote inside the string is `\\\"`",
            Scalar::Bytes => "write the bytes in base64, for example `\"aGVsbG8=\"`",
            _ => "write for example `9.99`",
        })
}

pub(crate) fn default_of_composite(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("field `{field}` is of a composite type, so it cannot have `@default`");
    Diagnostic::error(Rule::DefaultOfComposite, span, message).label("not for a composite type").help("remove it")
}

pub(crate) fn database_default_in_composite(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("the default of `{field}` comes from the database, which a composite type cannot have");
    Diagnostic::error(Rule::DefaultOfComposite, span, message)
        .label("not in a composite type")
        .help("write a literal, or a function such as `uuid()`")
}

/// `counters` are the places of all counters of the model.
pub(crate) fn several_counters(
    span: Span,
    provider: Provider,
    model: &str,
    counters: impl Iterator<Item = Span>,
) -> Diagnostic {
    let message =
        format!("{} has one `autoincrement()` per table, and the model `{model}` has several", provider.name());
    let diagnostic = Diagnostic::error(Rule::Autoincrement, span, message)
        .label("has several counters")
        .help("keep one `autoincrement()`");
    counters.fold(diagnostic, |diagnostic, counter| diagnostic.related(counter, "a counter"))
}

pub(crate) fn counter_is_not_the_id(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!(
        "field `{field}` cannot have `autoincrement()`: sqlite increments only the id, and only if that is a single field"
    );
    cannot_count(span, message).help("use it on a single `Int @id`")
}

pub(crate) fn counter_without_index(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("field `{field}` cannot have `autoincrement()`: mysql increments only an indexed field");
    cannot_count(span, message).help("add `@unique` to it, or an `@@index` that starts with it")
}

fn cannot_count(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(Rule::Autoincrement, span, message).label("no counter here")
}

/// `@generated` beside an attribute that gives the value too.
pub(crate) fn generated_clash(span: Span, field: FieldPath<'_>, other: &str) -> Diagnostic {
    let message = format!("field `{field}` is computed by the database, so it cannot have `{other}` too");
    Diagnostic::error(Rule::GeneratedClash, span, message)
        .label("computed")
        .help(format!("remove `@generated` or `{other}`"))
}
