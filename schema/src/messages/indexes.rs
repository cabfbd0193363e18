//! Indexes, and what each database lets a key or an index be. Attributes are written with their `@`.

use super::{FieldPath, list, use_one_of};
use crate::diagnostic::Diagnostic;
use crate::model::{IndexAlgorithm, Provider};
use crate::operators::{Accepts, Definition};
use crate::rules::Rule;
use crate::source::Span;
use crate::suggest::closest;

// Kinds of indexes

pub(crate) fn unknown_index_type(span: Span, name: &str) -> Diagnostic {
    let known = IndexAlgorithm::ALL.map(IndexAlgorithm::name);
    Diagnostic::error(Rule::UnknownIndexType, span, format!("there is no index type `{name}`"))
        .label("unknown index type")
        .help(use_one_of(known))
        .suggest(closest(name, known))
}

pub(crate) fn index_type_unsupported(span: Span, algorithm: IndexAlgorithm, provider: Provider) -> Diagnostic {
    let message = format!("{} has no indexes of the type `{algorithm}`", provider.name());
    Diagnostic::error(Rule::IndexTypeUnsupported, span, message)
        .label("only `BTree` on this database")
        .help("remove `type:`")
}

/// `@@fulltext` on a database other than MySQL.
pub(crate) fn fulltext_unsupported(span: Span, provider: Provider) -> Diagnostic {
    Diagnostic::error(Rule::FulltextUnsupported, span, "only mysql has `@@fulltext` indexes")
        .label("not on this database")
        .help(match provider {
            Provider::Postgres => {
                "remove it; on postgresql, an `@@index` of the type `Gin` over a `tsvector` does the same"
            }
            Provider::Sqlite | Provider::Mysql => "remove it",
        })
}

pub(crate) fn condition_unsupported(span: Span, attribute: &str) -> Diagnostic {
    let message = format!("`{attribute}` has a `where`, but mysql has no partial indexes");
    Diagnostic::error(Rule::ConditionUnsupported, span, message)
        .label("indexes all rows or none")
        .help("remove `where:`")
}

/// An index of a type that takes one field, over several.
pub(crate) fn several_indexed_fields(span: Span, algorithm: IndexAlgorithm, fields: usize) -> Diagnostic {
    let message = format!("an index of the type `{algorithm}` is over one field, and this one is over {fields}");
    Diagnostic::error(Rule::SeveralIndexedFields, span, message)
        .label("only one field")
        .help("write an index for each field, or remove `type:`")
}

pub(crate) fn unordered_index(span: Span, algorithm: IndexAlgorithm) -> Diagnostic {
    Diagnostic::error(Rule::UnorderedIndex, span, format!("an index of the type `{algorithm}` has no order"))
        .label("`sort` means nothing here")
        .help("remove `sort:`")
}

pub(crate) fn fulltext_sort(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::FulltextSort, span, "`@@fulltext` finds words, which have no order")
        .label("`sort` means nothing here")
        .help("remove `sort:`")
}

pub(crate) fn fulltext_length(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::FulltextLength, span, "`@@fulltext` always has all words of a column")
        .label("`length` means nothing here")
        .help("remove `length:`")
}

pub(crate) fn fulltext_type(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("`@@fulltext` needs fields of the type `String`, and `{field}` has another type");
    Diagnostic::warning(Rule::FulltextType, span, message).label("not text").help("remove it from the list")
}

// Prefixes

/// `length:` on a database other than MySQL.
pub(crate) fn length_unsupported(span: Span, attribute: &str, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("`{attribute}` has a `length` for `{field}`, but only mysql indexes prefixes");
    Diagnostic::error(Rule::LengthUnsupported, span, message).label("indexed whole here").help("remove `length:`")
}

pub(crate) fn length_of_other_type(span: Span, attribute: &str, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("`{attribute}` has a `length` for `{field}`, which is neither `String` nor `Bytes`");
    Diagnostic::error(Rule::LengthOfOtherType, span, message).label("has no prefix to index").help("remove `length:`")
}

/// A column that MySQL indexes only by a prefix; `written` is the field with a `length`.
pub(crate) fn length_missing(
    span: Span,
    attribute: &str,
    field: FieldPath<'_>,
    native: &str,
    written: &str,
) -> Diagnostic {
    let message =
        format!("`{attribute}` would hold the whole `{native}` of `{field}`, and mysql indexes only a prefix of it");
    Diagnostic::error(Rule::LengthMissing, span, message)
        .label("needs a `length`")
        .help(format!("write `{written}`, or give the field a type that is indexed whole, such as `VarChar(191)`"))
}

// Types

/// A type whose values PostgreSQL cannot compare.
pub(crate) fn unindexable_type(span: Span, attribute: &str, field: FieldPath<'_>, native: &str) -> Diagnostic {
    let message = format!("`{attribute}` is over `{field}`, and postgresql cannot compare values of `{native}`");
    Diagnostic::error(Rule::UnindexableType, span, message)
        .label("cannot be indexed")
        .help("remove it from the list, or give it the native type `Text`")
}

/// A key or an index over a type that MySQL does not index whole.
pub(crate) fn refused_by_mysql(span: Span, attribute: &str, field: FieldPath<'_>, help: String) -> Diagnostic {
    let message = format!("mysql will refuse `{attribute}` over `{field}`: it cannot index this type whole");
    Diagnostic::warning(Rule::IndexRefused, span, message).label("cannot be indexed whole").help(help)
}

/// A key or an index over a type that PostgreSQL cannot `compare` or `hash`.
pub(crate) fn refused_by_postgres(
    span: Span,
    attribute: &str,
    field: FieldPath<'_>,
    (verb, native): (&str, &str),
    help: &str,
) -> Diagnostic {
    let message = format!("postgresql will refuse `{attribute}` over `{field}`: it cannot {verb} values of `{native}`");
    Diagnostic::warning(Rule::IndexRefused, span, message).label("cannot be indexed").help(help)
}

// Operator classes

pub(crate) fn unknown_operator_class(
    span: Span,
    name: &str,
    known: impl IntoIterator<Item = &'static str>,
) -> Diagnostic {
    Diagnostic::error(Rule::UnknownOperatorClass, span, format!("there is no operator class `{name}`"))
        .label("unknown operator class")
        .help(format!("write the database's own name as `raw(\"{name}\")`"))
        .suggest(closest(name, known))
}

/// `ops:` on a database other than PostgreSQL.
pub(crate) fn operator_class_unsupported(span: Span, attribute: &str, provider: Provider) -> Diagnostic {
    let message = format!("`{attribute}` names an operator class, and {} has none", provider.name());
    Diagnostic::error(Rule::OperatorClassUnsupported, span, message)
        .label("only postgresql has operator classes")
        .help("remove `ops:`")
}

pub(crate) fn operator_class_of_key(span: Span, attribute: &str) -> Diagnostic {
    let message = format!("`{attribute}` compares by the type's own operators, so it cannot have `ops`");
    Diagnostic::error(Rule::OperatorClassOfKey, span, message).label("only in an `@@index`").help("remove `ops:`")
}

/// An operator class of other kinds of index, `kinds`.
pub(crate) fn operator_class_of_other_index(
    span: Span,
    class: &str,
    algorithm: IndexAlgorithm,
    kinds: &[IndexAlgorithm],
) -> Diagnostic {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("`type: {kind}`")).collect();
    let message = format!("an index of the type `{algorithm}` has no operator class `{class}`");
    Diagnostic::error(Rule::OperatorClassOfOtherIndex, span, message)
        .label("of another kind of index")
        .help(format!("`{class}` goes with {}", kinds.join(" or ")))
}

/// An operator class for other columns; `holds` describes the values of the column, `None` where it is a list.
pub(crate) fn operator_class_of_other_type(
    span: Span,
    class: &Definition,
    field: FieldPath<'_>,
    holds: Option<&str>,
    help: String,
) -> Diagnostic {
    let name = class.name;
    let message = match (class.accepts, holds) {
        (Accepts::Lists, _) => format!("`{name}` is for lists, and `{field}` is not a list"),
        (Accepts::Natives(_), None) => format!("`{name}` is for single values, and `{field}` is a list"),
        (Accepts::Natives(natives), Some(holds)) => {
            format!("`{name}` is for {}, and `{field}` is {holds}", list(natives.iter().copied()))
        }
    };
    Diagnostic::error(Rule::OperatorClassOfOtherType, span, message).label("of another type").help(help)
}

/// `holds` describes the column: ``an enum``.
pub(crate) fn no_operator_class(
    span: Span,
    algorithm: IndexAlgorithm,
    field: FieldPath<'_>,
    holds: &str,
    help: String,
) -> Diagnostic {
    let message =
        format!("an index of the type `{algorithm}` has no default operator class for `{field}`, which is {holds}");
    Diagnostic::error(Rule::NoOperatorClass, span, message).label("needs an operator class").help(help)
}
