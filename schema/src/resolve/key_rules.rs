//! The rules about the keys of one model.

use std::collections::HashMap;

use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::draft::{FieldDraft, IndexDraft, KeyDraft, ModelDraft};
use crate::model::{Arity, Provider};
use crate::rules::Rule;
use crate::source::Span;

/// The checks of one model.
pub(super) fn run(model: &ModelDraft<'_>, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(key) = &model.primary_key {
        id(model, key, provider, diagnostics);
    }
    for key in &model.uniques {
        lists(model, key, diagnostics);
    }
    for key in model.keys() {
        selector_name(model, key, diagnostics);
    }
    selectors(model, diagnostics);
}

/// The fields of an id are there in every record, once.
fn id(model: &ModelDraft<'_>, key: &KeyDraft, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    if !model.ignored {
        lists(model, key, diagnostics);
    }
    optional_id(model, key, diagnostics);
    if let (Some(provider), true) = (provider, key.sorted) {
        diagnostics.push(
            Diagnostic::error(
                Rule::SortedId,
                key.span,
                format!(
                    "the id of `{}` has a `sort`, but {} does not sort primary keys",
                    model.name(),
                    provider.name()
                ),
            )
            .label("no order here")
            .help("remove `sort:`, or add an `@@index` in that order"),
        );
    }
    if let (Some(provider @ (Provider::Sqlite | Provider::Mysql)), Some(map)) = (provider, key.map) {
        let provider = provider.name();
        diagnostics.push(
            Diagnostic::error(
                Rule::UnnamedConstraint,
                model.block.name.span,
                format!("the id of `{}` has a `map`, but {provider} does not name primary keys", model.name()),
            )
            .label("of this model")
            .related(map, format!("no name on {provider}"))
            .help("remove `map:`"),
        );
    }
}

/// The fields of an id are required.
pub(super) fn optional_id(model: &ModelDraft<'_>, key: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    let fields = key.fields().filter_map(|id| model.field(id));
    for field in fields.filter(|field| field.arity == Arity::Optional && !model.ignored) {
        diagnostics.push(
            Diagnostic::error(
                Rule::OptionalId,
                key.span,
                format!("field `{}.{}` is part of the id, so it cannot be optional", model.name(), field.name()),
            )
            .label("the id")
            .help(format!("remove the `?` of `{}`", field.name())),
        );
    }
}

fn lists(model: &ModelDraft<'_>, key: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    let is_id = model.primary_key.as_ref().is_some_and(|id| std::ptr::eq(id, key));
    let lists = key.fields().filter_map(|id| model.field(id)).filter(|field| field.arity == Arity::List);
    // PostgreSQL compares arrays, so a unique list is possible, but a list identifies nothing.
    for field in lists.filter(|_| is_id) {
        diagnostics.push(
            Diagnostic::error(
                Rule::ListInId,
                key.span,
                format!("field `{}.{}` is a list, so it cannot be part of the id", model.name(), field.name()),
            )
            .label("the id")
            .help("take another field as the id"),
        );
    }
}

/// `clustered:`, which is a word of SQL Server.
pub(super) fn clustered(bound: &Bound<'_>, at: &str, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    let (Some(argument), Some(provider)) = (bound.get("clustered"), provider) else { return };
    diagnostics.push(
        Diagnostic::error(
            Rule::Clustered,
            argument.span,
            format!("`{at}{}` has `clustered`, which {} does not know", bound.name, provider.name()),
        )
        .label("only for SQL Server")
        .help("remove it"),
    );
}

/// What a view cannot have.
pub(super) fn of_view(
    ids: &[KeyDraft],
    uniques: &[KeyDraft],
    indexes: &[IndexDraft],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for key in uniques {
        let details = key.key.columns.iter().any(|it| it.length.is_some() || it.operator_class.is_some());
        let (what, help) = match key.map {
            Some(_) => ("name in the database", "remove `map:`"),
            None if key.sorted || details => ("order, length or operator class", "name the fields alone"),
            None => continue,
        };
        diagnostics.push(
            Diagnostic::error(
                Rule::ViewConstraint,
                key.span,
                format!("what is unique in a view has no index, so it has no {what}"),
            )
            .label("a promise to the clients, not a constraint")
            .help(help),
        );
    }
    let ids = ids.iter().map(|id| (id.span, "an id", "write `@unique` or `@@unique` for what names one row"));
    let indexes = indexes.iter().map(|index| (index.span, "an index", "put it on the tables below the view"));
    for (span, what, help) in ids.chain(indexes) {
        diagnostics.push(
            Diagnostic::error(Rule::ViewConstraint, span, format!("a view has rows, but not {what} of its own"))
                .label("not on a view")
                .help(help),
        );
    }
}

/// The name of a compound key in the clients stands beside the fields, so it cannot be one of them.
fn selector_name(model: &ModelDraft<'_>, key: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    if key.key.columns.len() < 2 && key.key.name.is_none() {
        return;
    }
    let name = key.key.name.clone().unwrap_or_else(|| {
        key.fields().filter_map(|id| model.field(id)).map(FieldDraft::name).collect::<Vec<_>>().join("_")
    });
    let Some(field) = model.by_name.get(name.as_str()).and_then(|id| model.field(*id)) else { return };
    if key.key.name.is_none() && field.column().is_none() {
        return;
    }
    let message = format!("the clients would call this key `{name}`, which is a field of `{}`", model.name());
    let diagnostic = match key.key.name {
        // The name is as wrong as the field's: the model has both.
        Some(_) => Diagnostic::error(Rule::KeyNameClash, model.block.name.span, message)
            .label("has both")
            .related(key.span, format!("called `{name}`")),
        None => Diagnostic::error(Rule::KeyNameClash, key.span, message).label(format!("called `{name}`")),
    };
    diagnostics.push(diagnostic.related(field.span(), "the field").help("give the key another `name:`"));
}

/// The letters of a key's `name:`, which becomes a word of the clients.
pub(super) fn selector_letters(name: &str, span: Span, bound: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') {
        return;
    }
    let better = name.replace(|char: char| !char.is_ascii_alphanumeric(), "_");
    diagnostics.push(
        Diagnostic::error(
            Rule::InvalidSelector,
            span,
            format!("the `name` of `@@{}` is a word in the clients, and `{name}` is none", bound.name),
        )
        .label("only letters from A to Z, digits and `_`")
        .help(format!("write `name: \"{better}\"`; the name in the database is given by `map:`")),
    );
}

/// Reports keys of one model that have the same `name:`.
fn selectors(model: &ModelDraft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut named: HashMap<&str, Vec<Span>> = HashMap::new();
    for key in model.keys() {
        if let (Some(name), Some(span)) = (&key.key.name, key.name) {
            named.entry(name).or_default().push(span);
        }
    }
    for (name, spans) in named {
        let [first, second, ..] = spans.as_slice() else { continue };
        for span in &spans {
            diagnostics.push(
                Diagnostic::error(
                    Rule::DuplicateSelector,
                    *span,
                    format!("two keys of the model `{}` are called `{name}`", model.name()),
                )
                .label("name is taken")
                .related(if span == first { *second } else { *first }, "by this one")
                .help("give one of them another name"),
            );
        }
    }
}

/// `@id` or `@unique` on a relation field.
pub(super) fn on_relation(model: &ModelDraft<'_>, field: &FieldDraft<'_>, bound: &Bound<'_>) -> Diagnostic {
    let attribute = bound.name;
    let diagnostic = Diagnostic::error(
        Rule::RelationInKey,
        bound.span,
        format!("field `{}.{}` is a relation, so it cannot have `@{attribute}`", model.name(), field.name()),
    )
    .label("only for columns");
    match foreign_key(field).as_slice() {
        [] => diagnostic.help(format!("put `@{attribute}` on a field that is a column")),
        [one] => diagnostic.help(format!("put `@{attribute}` on the field `{one}`")),
        several => diagnostic.help(format!("write `@@{attribute}([{}])`", several.join(", "))),
    }
}

/// A relation field among the fields of a key or an index.
pub(super) fn relation_in_key(
    model: &ModelDraft<'_>,
    field: &FieldDraft<'_>,
    span: Span,
    attribute: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Rule::RelationInKey,
        span,
        format!("`{attribute}`: `{}.{}` is a relation, not a column", model.name(), field.name()),
    )
    .label("a relation");
    match foreign_key(field).as_slice() {
        fields if fields.is_empty() || fields.contains(&field.name()) => {
            diagnostic.help("name the column that holds its foreign key, such as `authorId`")
        }
        fields => diagnostic.help(format!("write `{}` instead", fields.join(", "))),
    }
}

/// The names in the `fields:` of a relation field.
fn foreign_key<'t>(field: &FieldDraft<'t>) -> Vec<&'t str> {
    field.attribute("relation").and_then(|relation| relation.words("fields")).unwrap_or_default()
}
