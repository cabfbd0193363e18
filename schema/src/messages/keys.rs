//! `@id`, `@unique` and `@@shardKey`, the fields that an attribute names, and what views cannot have.

use super::FieldPath;
use crate::diagnostic::Diagnostic;
use crate::model::Provider;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::syntax::Name;

// The fields that an attribute names

/// A name among the fields of an attribute that no field has.
pub(crate) fn unknown_field(span: Span, attribute: &str, model: &str, name: &str, help: String) -> Diagnostic {
    let message = format!("`{attribute}`: the model `{model}` has no field `{name}`");
    Diagnostic::error(Rule::UnknownField, span, message).label("unknown field").help(help)
}

pub(crate) fn repeated_field(span: Span, attribute: &str, model: &str) -> Diagnostic {
    Diagnostic::error(Rule::RepeatedField, span, format!("`{attribute}` of the model `{model}` names a field twice"))
        .label("the second time")
        .help("remove one of them")
}

/// `@@unique([])`
pub(crate) fn no_fields(span: Span, attribute: &str, model: &str) -> Diagnostic {
    Diagnostic::error(Rule::EmptyKey, span, format!("`{attribute}` of the model `{model}` has no fields"))
        .label("at least one field is needed")
        .help("name the fields between the brackets, or remove the attribute")
}

pub(crate) fn field_named_twice(span: Span, argument: &str, field: &str) -> Diagnostic {
    Diagnostic::error(Rule::RepeatedField, span, format!("`{argument}` names the field `{field}` twice"))
        .label("the second time")
        .help("remove one of them")
}

/// `fields: []` or `references: []`
pub(crate) fn argument_without_fields(span: Span, argument: &str) -> Diagnostic {
    Diagnostic::error(Rule::EmptyKey, span, format!("`{argument}` names no fields"))
        .label("at least one field is needed")
        .help("write the fields between the brackets")
}

pub(crate) fn argument_without_fields_on_list(span: Span, argument: &str) -> Diagnostic {
    Diagnostic::warning(Rule::EmptyKey, span, format!("`{argument}` names no fields"))
        .label("no effect")
        .help("remove the argument: a list holds no foreign key")
}

/// `@@shardKey` without a list of fields.
pub(crate) fn shard_key_without_fields(span: Span, model: &str) -> Diagnostic {
    no_fields(span, "@@shardKey", model).help("write for example `@@shardKey([region])`")
}

/// `@@id([raw("..")])`
pub(crate) fn expression_in_key(span: Span, attribute: &str) -> Diagnostic {
    let message = format!("`{attribute}` is over fields, so it cannot have `raw(..)`");
    Diagnostic::error(Rule::ExpressionInKey, span, message)
        .label("an expression")
        .help("write an `@@index` or a `@@unique` over the expression")
}

/// `@id` on a relation field; `columns` are those of its foreign key.
pub(crate) fn key_on_relation(span: Span, field: FieldPath<'_>, attribute: &str, columns: &[&str]) -> Diagnostic {
    let message = format!("field `{field}` is a relation, so it cannot have `@{attribute}`");
    Diagnostic::error(Rule::RelationInKey, span, message).label("only for columns").help(match columns {
        [] => format!("put `@{attribute}` on a field that is a column"),
        [one] => format!("put `@{attribute}` on the field `{one}`"),
        several => format!("write `@@{attribute}([{}])`", several.join(", ")),
    })
}

/// A relation field among the fields of an attribute; `columns` are those of its foreign key.
pub(crate) fn relation_in_key(span: Span, field: FieldPath<'_>, attribute: &str, columns: &[&str]) -> Diagnostic {
    let message = format!("`{attribute}`: `{field}` is a relation, not a column");
    Diagnostic::error(Rule::RelationInKey, span, message).label("a relation").help(match columns {
        columns if columns.is_empty() || columns.contains(&field.field) => {
            "name the column that holds its foreign key, such as `authorId`".to_owned()
        }
        columns => format!("write `{}` instead", columns.join(", ")),
    })
}

// The id

pub(crate) fn no_identity(name: &Name, help: &str) -> Diagnostic {
    let message = format!("nothing identifies a record of the model `{}`", name.text);
    Diagnostic::error(Rule::NoIdentity, name.span, message)
        .label("no id and no unique key of required fields")
        .help(help)
}

/// `first` and `second` are the places of the two ids, `single` their fields where each has one.
pub(crate) fn second_id(model: &Name, (first, second): (Span, Span), single: Option<(&str, &str)>) -> Diagnostic {
    Diagnostic::error(Rule::SecondId, model.span, format!("the model `{}` has more than one id", model.text))
        .label("has both")
        .related(first, "the first one")
        .related(second, "the second one")
        .help(match single {
            Some((one, other)) => format!(
                "if both together are the id, remove the `@id` of `{one}` and of `{other}` and add `@@id([{one}, {other}])`; \
                 if one of them is the id, write `@unique` on the other"
            ),
            None => {
                "keep the one that identifies a record, and write `@unique` or `@@unique` for the other".to_owned()
            }
        })
}

pub(crate) fn unique_id(span: Span, field: FieldPath<'_>) -> Diagnostic {
    Diagnostic::warning(Rule::IdAndUnique, span, format!("field `{field}` is the id, so it needs no `@unique`"))
        .label("already unique")
        .help("remove `@unique`")
}

pub(crate) fn optional_id(span: Span, field: FieldPath<'_>) -> Diagnostic {
    Diagnostic::error(Rule::OptionalId, span, format!("field `{field}` is part of the id, so it cannot be optional"))
        .label("the id")
        .help(format!("remove the `?` of `{}`", field.field))
}

pub(crate) fn list_in_id(span: Span, field: FieldPath<'_>) -> Diagnostic {
    Diagnostic::error(Rule::ListInId, span, format!("field `{field}` is a list, so it cannot be part of the id"))
        .label("the id")
        .help("use another field as the id")
}

pub(crate) fn sorted_id(span: Span, model: &str, provider: Provider) -> Diagnostic {
    let message = format!("the id of `{model}` has a `sort`, but {} does not sort primary keys", provider.name());
    Diagnostic::error(Rule::SortedId, span, message)
        .label("no order here")
        .help("remove `sort:`, or add an `@@index` in that order")
}

pub(crate) fn named_id(model: &Name, map: Span, provider: Provider) -> Diagnostic {
    let (name, provider) = (&model.text, provider.name());
    let message = format!("the id of `{name}` has a `map`, but {provider} does not name primary keys");
    Diagnostic::error(Rule::UnnamedConstraint, model.span, message)
        .label("of this model")
        .related(map, format!("no name on {provider}"))
        .help("remove `map:`")
}

/// `clustered:`, an argument of SQL Server. `attribute` is written with its `@`.
pub(crate) fn clustered(span: Span, attribute: &str, provider: Provider) -> Diagnostic {
    let message = format!("`{attribute}` has `clustered`, which {} does not support", provider.name());
    Diagnostic::error(Rule::Clustered, span, message).label("only for SQL Server").help("remove it")
}

pub(crate) fn foreign_key_name_on_sqlite(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("`@relation` of `{field}` has a `map`, but sqlite does not name foreign keys");
    Diagnostic::error(Rule::UnnamedConstraint, span, message).label("no name on sqlite").help("remove `map:`")
}

// The names of keys in the clients

/// A key has the name of a field, because it is given or by default.
pub(crate) fn key_name_clash(model: &Name, (key, is_given): (Span, bool), name: &str, field: Span) -> Diagnostic {
    let message = format!("the clients would call this key `{name}`, which is a field of `{}`", model.text);
    let called = format!("called `{name}`");
    let diagnostic = match is_given {
        // The name is as wrong as the field's: the model has both.
        true => Diagnostic::error(Rule::KeyNameClash, model.span, message).label("has both").related(key, called),
        false => Diagnostic::error(Rule::KeyNameClash, key, message).label(called),
    };
    diagnostic.related(field, "the field").help("give the key another `name:`")
}

/// `better` is the name with other letters.
pub(crate) fn invalid_selector(span: Span, attribute: &str, name: &str, better: &str) -> Diagnostic {
    let message = format!("the `name` of `@@{attribute}` becomes a name in the clients, and `{name}` cannot be one");
    Diagnostic::error(Rule::InvalidSelector, span, message)
        .label("only letters from A to Z, digits and `_`")
        .help(format!("write `name: \"{better}\"`; the name in the database is given by `map:`"))
}

pub(crate) fn duplicate_selector(span: Span, other: Span, model: &str, name: &str) -> Diagnostic {
    Diagnostic::error(Rule::DuplicateSelector, span, format!("two keys of the model `{model}` are called `{name}`"))
        .label("name is taken")
        .related(other, "by this one")
        .help("give one of them another name")
}

pub(crate) fn name_of_single_key(span: Span, attribute: &str) -> Diagnostic {
    let message = format!("`@@{attribute}` over a single field is called like the field in the clients");
    Diagnostic::warning(Rule::NameOfSingleKey, span, message)
        .label("no effect")
        .help("remove it; the name of a constraint in the database is given by `map:`")
}

pub(crate) fn name_of_expression(span: Span) -> Diagnostic {
    let message = "a `@@unique` over an expression is not a selector of the clients, so it has no `name`";
    Diagnostic::error(Rule::NameOfExpression, span, message)
        .label("not for an expression")
        .help("remove it; the name of the index in the database is given by `map:`")
}

pub(crate) fn name_and_map(span: Span, attribute: &str) -> Diagnostic {
    Diagnostic::error(Rule::NameAndMap, span, format!("`@@{attribute}` has both `name` and `map`"))
        .label("older spelling of `map`")
        .help("remove `name:`")
}

// Views

pub(crate) fn check_on_view(span: Span, view: &str) -> Diagnostic {
    Diagnostic::error(Rule::ViewConstraint, span, format!("`{view}` is a view, so it has no `@@check`"))
        .label("not on a view")
        .help("put it on the model whose table holds the rows")
}

/// A detail of an index on what is unique in a view.
pub(crate) fn index_detail_on_view(span: Span, detail: &str, help: &str) -> Diagnostic {
    let message = format!("a unique key of a view has no index, so it has no {detail}");
    Diagnostic::error(Rule::ViewConstraint, span, message)
        .label("a promise to the clients, not a constraint")
        .help(help)
}

/// An id or an index on a view.
pub(crate) fn structure_on_view(span: Span, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error(Rule::ViewConstraint, span, format!("a view has rows, but not {what} of its own"))
        .label("not on a view")
        .help(help)
}

pub(crate) fn many_to_many_of_view(span: Span, field: FieldPath<'_>, other: &str) -> Diagnostic {
    let message = format!("`{field}` cannot be a many-to-many relation with `{other}`: a view has no join table");
    Diagnostic::error(Rule::ViewConstraint, span, message)
        .label("a relation of a view")
        .help("write the join table as a model of its own, or as part of the view")
}

// Shard keys

pub(crate) fn second_shard_key(model: &Name, first: Span, second: Span) -> Diagnostic {
    let message = format!("the model `{}` has two shard keys", model.text);
    Diagnostic::error(Rule::SecondShardKey, model.span, message)
        .label("has both")
        .related(first, "the first one")
        .related(second, "the second one")
        .help("write all fields together in one `@@shardKey([..])`")
}

pub(crate) fn shard_key_unsupported(span: Span, provider: Provider) -> Diagnostic {
    let provider = provider.name();
    Diagnostic::error(Rule::ShardKey, span, format!("a shard key is for PlanetScale, not for {provider}"))
        .label(format!("not on {provider}"))
        .help("remove it")
}

pub(crate) fn optional_shard_key(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("field `{field}` is part of the shard key, so it must be required");
    Diagnostic::error(Rule::ShardKey, span, message)
        .at(Stage::Attributes)
        .label("the shard key")
        .help(format!("remove the `?` of `{}`", field.field))
}
