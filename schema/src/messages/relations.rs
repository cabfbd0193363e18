//! Relations, their foreign keys and their actions.

use super::{FieldPath, list, use_one_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Action;
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;

// Which fields make a relation

/// Two relations between the same models have one name: one has it by default, the other because it is written.
pub(crate) fn name_taken(
    span: Span,
    model: &str,
    name: &str,
    (unnamed, unnamed_span): (FieldPath<'_>, Span),
    named: Span,
) -> Diagnostic {
    let message = format!(
        "the relation of `{unnamed}` has no name, so it is called `{name}`, which is the name of another relation"
    );
    Diagnostic::error(Rule::AmbiguousRelation, span, message)
        .label(format!("two relations of `{model}` are called `{name}`"))
        .related(named, format!("called `{name}` by its `@relation`"))
        .related(unnamed_span, format!("called `{name}` by default"))
        .help("give one of them another name, the same at both of its ends: `@relation(\"Name\")`")
}

/// More than two fields have the relation's name.
pub(crate) fn too_many_fields(
    span: Span,
    relation: &str,
    model: &str,
    target: &str,
    other: &str,
    help: String,
) -> Diagnostic {
    let message =
        format!("more than two fields belong to the relation \"{relation}\" between `{model}` and `{target}`");
    Diagnostic::error(Rule::AmbiguousRelation, span, message).label(format!("clashes with `{other}`")).help(help)
}

/// Two fields of a model lead to the model itself, without a name.
pub(crate) fn self_relation_without_name(
    span: Span,
    model: &str,
    (field, other): (&str, &str),
    help: String,
) -> Diagnostic {
    let message = format!(
        "fields `{field}` and `{other}` of `{model}` both lead to `{model}` itself, so their relation needs a name"
    );
    Diagnostic::error(Rule::AmbiguousRelation, span, message).label("the relation has no name").help(help)
}

/// Two fields of a model lead to one other model, without names.
pub(crate) fn relations_without_names(
    span: Span,
    model: &str,
    target: &str,
    (field, other): (&str, &str),
    help: String,
) -> Diagnostic {
    let message =
        format!("fields `{field}` and `{other}` of `{model}` both lead to `{target}`, so their relations need names");
    Diagnostic::error(Rule::AmbiguousRelation, span, message).label("belongs to one of two relations").help(help)
}

pub(crate) fn missing_back_relation(
    span: Span,
    field: FieldPath<'_>,
    target: &str,
    relation: Option<&str>,
    help: String,
) -> Diagnostic {
    let relation = relation.map(|name| format!(" for the relation \"{name}\"")).unwrap_or_default();
    let message = format!("field `{field}` has no field on the other side: `{target}` does not lead back{relation}");
    Diagnostic::error(Rule::MissingBackRelation, span, message).label(format!("no way back from `{target}`")).help(help)
}

pub(crate) fn leads_to_ignored(span: Span, field: FieldPath<'_>, target: &str) -> Diagnostic {
    let message = format!("field `{field}` leads to the model `{target}`, which is ignored");
    Diagnostic::error(Rule::RelationToIgnored, span, message)
        .label("leads to an ignored model")
        .help("add `@ignore` to the field, or remove `@@ignore` from the model")
}

pub(crate) fn ignored_unsupported(span: Span, field: FieldPath<'_>) -> Diagnostic {
    Diagnostic::error(Rule::RedundantIgnore, span, format!("field `{field}` is not in the clients anyway"))
        .label("no client has an `Unsupported` field")
        .help("remove it")
}

pub(crate) fn ignored_with_model(span: Span, field: FieldPath<'_>) -> Diagnostic {
    Diagnostic::error(Rule::RedundantIgnore, span, format!("field `{field}` is ignored with its whole model"))
        .label("not needed")
        .help("remove it")
}

// Which end holds the foreign key

/// Both ends have `fields`; reported at one of them.
pub(crate) fn two_foreign_keys(span: Span, first: FieldPath<'_>, second: FieldPath<'_>, help: String) -> Diagnostic {
    let message = format!("both ends of the relation between `{first}` and `{second}` have `fields`");
    Diagnostic::error(Rule::TwoForeignKeys, span, message).label("one of two foreign keys").help(help)
}

/// No end has `fields`. `is_choice` where either end could have them.
pub(crate) fn no_foreign_key(
    span: Span,
    first: FieldPath<'_>,
    second: FieldPath<'_>,
    is_choice: bool,
    help: String,
) -> Diagnostic {
    let message = format!("no end of the relation between `{first}` and `{second}` says where the foreign key is");
    let label = match is_choice {
        true => "`fields` and `references` are missing here or there",
        false => "`fields` and `references` are missing",
    };
    Diagnostic::error(Rule::NoForeignKey, span, message).label(label).help(help)
}

/// The foreign key is at a list; reported at the other end, where it belongs.
pub(crate) fn foreign_key_belongs_here(span: Span, single: FieldPath<'_>, list: Span, help: String) -> Diagnostic {
    let message = format!("`{single}` is the single end of its relation, but the foreign key is at the list");
    Diagnostic::error(Rule::ForeignKeyOnList, span, message)
        .label("`fields` and `references` are missing")
        .related(list, "on a list")
        .help(help)
}

/// The foreign key is at a list; reported there.
pub(crate) fn foreign_key_on_list(span: Span, list: FieldPath<'_>, help: String) -> Diagnostic {
    let message = format!("`{list}` is a list, so the foreign key is on the other side");
    Diagnostic::error(Rule::ForeignKeyOnList, span, message).label("`fields` on a list").help(help)
}

/// An argument about the foreign key stands at the end without it; `from` is the other one.
pub(crate) fn argument_at_wrong_end(
    span: Span,
    argument: &str,
    to: FieldPath<'_>,
    from: FieldPath<'_>,
    is_at_both: bool,
) -> Diagnostic {
    let message = format!("`{argument}` of `{to}` belongs to the end with the foreign key");
    Diagnostic::error(Rule::MisplacedArgument, span, message).label("the foreign key is on the other side").help(
        match is_at_both {
            true => format!("remove it: `{from}` has one"),
            false => format!("move it to `{from}`"),
        },
    )
}

/// Both ends have the same arguments about the foreign key.
pub(crate) fn arguments_at_both_ends(
    here: Span,
    there: Span,
    arguments: &[&str],
    from: FieldPath<'_>,
    to: FieldPath<'_>,
) -> Diagnostic {
    let arguments = arguments.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let message = format!("both `{from}` and `{to}` have {arguments}, but the relation has one foreign key");
    Diagnostic::error(Rule::MisplacedArgument, here, message)
        .label("given at both ends")
        .related(there, "and here")
        .help(format!("remove it from `{to}`"))
}

pub(crate) fn argument_of_lists(span: Span, argument: &str, field: FieldPath<'_>) -> Diagnostic {
    let message =
        format!("`{argument}` of `{field}`: both ends of the relation are lists, and no model holds a foreign key");
    Diagnostic::error(Rule::MisplacedArgument, span, message)
        .label("not for a many-to-many relation")
        .help("remove it, or write the join table as a model of its own")
}

pub(crate) fn list_opposite_foreign_key(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("`{field}` is a list, and so is the other end of its relation, which has `fields`");
    Diagnostic::error(Rule::MisplacedArgument, span, message)
        .label("a list as well")
        .help("remove the `fields` of the other end, or make this one a single record")
}

/// A join table refers to a single field of each model; `id` is the id of `model`, which has several or none.
pub(crate) fn many_to_many_id(span: Span, field: FieldPath<'_>, model: &str, id: Option<&[&str]>) -> Diagnostic {
    let (reason, help) = match id {
        Some(id) => (
            "its id has several fields",
            format!(
                "replace `@@id([{0}])` of `{model}` with `@@unique([{0}])` and a field `id Int @id @default(autoincrement())`",
                id.join(", ")
            ),
        ),
        None => ("it has no id", format!("give `{model}` an `@id`")),
    };
    let message = format!("`{field}` cannot be a many-to-many relation with `{model}`: {reason}");
    Diagnostic::error(Rule::ManyToManyId, span, message)
        .label("needs a single-field id on both sides")
        .help(format!("{help}, or write the join table as a model of its own"))
}

// What the foreign key consists of

/// `fields` without `references`. Reported at both ends of a one-to-one relation.
pub(crate) fn missing_references(span: Span, label: &str, field: FieldPath<'_>, key: Option<&[&str]>) -> Diagnostic {
    let message = format!("`@relation` of `{field}` has `fields`, but no `references`");
    let key = key.map_or_else(|| "..".to_owned(), |key| key.join(", "));
    Diagnostic::error(Rule::MissingArgument, span, message)
        .at(Stage::Meaning)
        .label(label)
        .help(format!("add `references: [{key}]`"))
}

pub(crate) fn foreign_key_length(
    span: Span,
    field: FieldPath<'_>,
    (fields, references): (usize, usize),
    help: String,
) -> Diagnostic {
    let count = |fields| if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") };
    let message =
        format!("`@relation` of `{field}` has {} in `fields` and {} in `references`", count(fields), count(references));
    Diagnostic::error(Rule::ForeignKeyLength, span, message).label("not as many as `fields`").help(help)
}

/// A field of the foreign key has another type than the field it refers to. The types are as they are written.
pub(crate) fn foreign_key_type(
    span: Span,
    (column, column_type): (FieldPath<'_>, &str),
    (key, key_type): (FieldPath<'_>, &str),
) -> Diagnostic {
    let message = format!("`{column}` is `{column_type}`, but it refers to `{key}`, which is `{key_type}`");
    Diagnostic::error(Rule::ForeignKeyType, span, message)
        .label(format!("`{}` and `{}` differ", column.field, key.field))
        .help(format!("make `{column}` `{key_type}` too"))
}

pub(crate) fn list_in_foreign_key(span: Span, column: FieldPath<'_>, key: FieldPath<'_>) -> Diagnostic {
    let message = format!("`{column}` or `{key}` is a list, so it cannot be part of a foreign key");
    Diagnostic::error(Rule::ForeignKeyType, span, message)
        .label("a list in a foreign key")
        .help("use fields that hold a single value")
}

/// A column that stays on the server is in the foreign key of a relation that the clients see.
pub(crate) fn server_only_column(
    span: Span,
    (column, key): (FieldPath<'_>, FieldPath<'_>),
    (relation, relation_span): (FieldPath<'_>, Span),
    back: FieldPath<'_>,
) -> Diagnostic {
    let message = format!("`{column}` stays on the server, but the relation `{relation}` shows it: it holds `{key}`");
    Diagnostic::error(Rule::ServerOnlyForeignKey, span, message)
        .label(format!("anyone can read it as `{}` of `{}`", key.field, relation.field))
        .related(relation_span, "the relation")
        .help(format!("remove `@server` from `{column}`, or add `@ignore` to both `{relation}` and `{back}`"))
}

/// A key that stays on the server is copied into a foreign key that the clients see.
pub(crate) fn server_only_key(
    span: Span,
    key: FieldPath<'_>,
    (column, column_span): (FieldPath<'_>, Span),
    relation: FieldPath<'_>,
) -> Diagnostic {
    let message = format!("`{key}` stays on the server, but the foreign key `{column}` shows it: it holds a copy");
    Diagnostic::error(Rule::ServerOnlyForeignKey, span, message)
        .label(format!("anyone can read it as `{column}`"))
        .related(column_span, "the copy")
        .help(format!(
            "let `{}` refer to another key of `{}` that is not secret, or remove `@server` from `{key}`",
            relation.field, key.model
        ))
}

/// The referenced fields do not identify one record. `id` is the other model's id, where the foreign key could hold it.
pub(crate) fn references_no_key(
    span: Span,
    field: FieldPath<'_>,
    target: &str,
    references: &[&str],
    id: Option<&[&str]>,
) -> Diagnostic {
    let (what, mut help) = match references {
        [one] => (format!("`{one}`"), format!("add `@unique` to `{target}.{one}`")),
        several => {
            let several = several.join(", ");
            (format!("`[{several}]`"), format!("add `@@unique([{several}])` to `{target}`"))
        }
    };
    if let Some(id) = id {
        let columns = if id.len() > 1 { format!(", with {} fields in `fields`", id.len()) } else { String::new() };
        help = format!("{help}, or refer to its id: `references: [{}]`{columns}", id.join(", "));
    }
    let message = format!("`{field}` refers to {what} of `{target}`, which is not unique there");
    Diagnostic::error(Rule::ReferencesNoKey, span, message).label("not a key").help(help)
}

pub(crate) fn one_to_one_not_unique(
    span: Span,
    field: FieldPath<'_>,
    columns: &[&str],
    back: FieldPath<'_>,
) -> Diagnostic {
    let unique = match columns {
        [one] => format!("add `@unique` to `{one}`"),
        several => format!("add `@@unique([{}])` to `{}`", several.join(", "), field.model),
    };
    let message = format!("`{field}` is a one-to-one relation, but its foreign key is not unique");
    Diagnostic::error(Rule::OneToOneNotUnique, span, message)
        .label("not unique")
        .help(format!("{unique}, or make `{back}` a list"))
}

/// The end of a one-to-one relation without the foreign key, `back`, is required; reported at either end.
pub(crate) fn required_back_relation(
    (span, label): (Span, &str),
    (other, other_label): (Span, &str),
    back: FieldPath<'_>,
    model: &str,
) -> Diagnostic {
    let message =
        format!("`{back}` is the end of a one-to-one relation without the foreign key, so it must be optional");
    Diagnostic::error(Rule::RequiredBackRelation, span, message)
        .label(label)
        .related(other, other_label)
        .help(format!("write `{} {model}?`: the database cannot make sure that the other record exists", back.field))
}

pub(crate) fn required_over_optional(
    span: Span,
    field: FieldPath<'_>,
    target: &str,
    (column, column_span): (&str, Span),
) -> Diagnostic {
    let message = format!("`{field}` is required, but its foreign key `{column}` is optional");
    Diagnostic::error(Rule::RelationOptionality, span, message)
        .label("required")
        .related(column_span, "optional")
        .help(format!("write `{target}?`, or make `{column}` required"))
}

// Actions

pub(crate) fn unknown_action(span: Span, argument: &str, action: &str) -> Diagnostic {
    let known = Action::ALL.map(Action::name);
    Diagnostic::error(Rule::UnknownAction, span, format!("`{argument}`: there is no action `{action}`"))
        .label("unknown action")
        .help(use_one_of(known))
        .suggest(closest(action, known))
}

/// `SetNull` over a required column; `help` says what can be made optional.
pub(crate) fn set_null_on_required(
    span: Span,
    severity: Severity,
    (field, argument): (FieldPath<'_>, &str),
    column: &str,
    help: String,
) -> Diagnostic {
    let message = format!("`{field}` has `{argument}: SetNull`, but `{column}` cannot be null");
    Diagnostic::error(Rule::SetNullOnRequired, span, message)
        .with_severity(severity)
        .label("sets a required field to null")
        .help(help)
}

pub(crate) fn set_default_on_mysql(span: Span, field: FieldPath<'_>, argument: &str) -> Diagnostic {
    let message = format!("`{field}` has `{argument}: SetDefault`, which InnoDB refuses");
    Diagnostic::warning(Rule::SetDefaultOnMysql, span, message)
        .label("not on mysql")
        .help("write `SetNull`, `Cascade` or `Restrict`")
}

pub(crate) fn emulated_action(span: Span, argument: &str, action: Action, reason: &str, instead: &str) -> Diagnostic {
    let message =
        format!("`{argument}: {}` needs foreign keys, and `relationMode` is `prisma`: {reason}", action.name());
    Diagnostic::error(Rule::EmulatedAction, span, message)
        .label("not without foreign keys")
        .help(format!("write {instead}"))
}

pub(crate) fn missing_index(span: Span, model: &str, columns: &[&str]) -> Diagnostic {
    let message = format!("no index covers {} of `{model}`, which has no foreign key", list(columns.iter().copied()));
    Diagnostic::warning(Rule::MissingIndex, span, message)
        .label("each query of this relation reads the whole table")
        .help(format!("add `@@index([{}])` to `{model}`", columns.join(", ")))
}

/// The actions of a relation go round in a circle; `harmless` is an action that ends it.
pub(crate) fn cyclic_actions(span: Span, field: FieldPath<'_>, target: &str, harmless: &str) -> Diagnostic {
    let message = if field.model == target {
        format!("`{field}` leads from `{target}` to itself, so its actions would never end")
    } else {
        format!("the actions of `{field}` lead to `{target}`, from where others lead in a circle")
    };
    Diagnostic::error(Rule::CyclicActions, span, message)
        .label("leads into a circle")
        .help(format!("write `onDelete: {harmless}, onUpdate: {harmless}` in a `@relation` of the circle"))
}
