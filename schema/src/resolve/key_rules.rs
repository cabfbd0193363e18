//! The rules about the keys of one model.

use std::collections::BTreeMap;

use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::draft::{FieldDraft, IndexDraft, KeyDraft, ModelDraft};
use crate::messages::keys as messages;
use crate::model::{Arity, Provider};
use crate::source::Span;

/// The checks of one model.
pub(super) fn run(model: &ModelDraft<'_>, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(key) = &model.primary_key {
        id(model, key, provider, diagnostics);
    }
    for key in model.keys() {
        selector_name(model, key, diagnostics);
    }
    selectors(model, diagnostics);
}

/// The fields of an id are there in every record, once.
fn id(model: &ModelDraft<'_>, key: &KeyDraft, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    if !model.ignored {
        let fields = key.fields().filter_map(|id| model.field(id));
        let lists = fields.filter(|field| field.arity == Arity::List);
        // PostgreSQL compares arrays, so a unique list is possible, but a list identifies nothing.
        diagnostics.extend(lists.map(|field| messages::list_in_id(key.span, model.path(field))));
    }
    optional_id(model, key, diagnostics);
    if let (Some(provider), true) = (provider, key.sorted) {
        diagnostics.push(messages::sorted_id(key.span, model.name(), provider));
    }
    if let (Some(provider @ (Provider::Sqlite | Provider::Mysql)), Some(map)) = (provider, key.map) {
        diagnostics.push(messages::named_id(&model.block.name, map, provider));
    }
}

/// The fields of an id are required.
pub(super) fn optional_id(model: &ModelDraft<'_>, key: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    let fields = key.fields().filter_map(|id| model.field(id));
    let optional = fields.filter(|field| field.arity == Arity::Optional && !model.ignored);
    diagnostics.extend(optional.map(|field| messages::optional_id(key.span, model.path(field))));
}

/// A model has one id. Where `@id` is given twice, or on one of two fields of one name, one of them goes anyway.
pub(super) fn second_id(model: &ModelDraft<'_>, second: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    let is_open = model.fields.iter().any(|field| field.attributes.is_repeated("id"));
    let Some(first) = model.primary_key.as_ref().filter(|_| !is_open) else { return };
    let (ones, others) = (model.names(first.fields()), model.names(second.fields()));
    let single = match (ones.as_slice(), others.as_slice()) {
        ([one], [other]) => Some((*one, *other)),
        _ => None,
    };
    diagnostics.push(messages::second_id(&model.block.name, (first.span, second.span), single));
}

/// `clustered:`, which is an argument of SQL Server.
pub(super) fn clustered(bound: &Bound<'_>, at: &str, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    if let (Some(argument), Some(provider)) = (bound.get("clustered"), provider) {
        diagnostics.push(messages::clustered(argument.span, &format!("{at}{}", bound.name), provider));
    }
}

/// A view has neither an id nor an index, and what is unique in it has no constraint.
pub(super) fn of_view(
    ids: &[KeyDraft],
    uniques: &[KeyDraft],
    indexes: &[IndexDraft],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for key in uniques {
        let details = key.key.columns.iter().any(|it| it.length.is_some() || it.operator_class.is_some());
        let (detail, help) = match key.map {
            Some(_) => ("name in the database", "remove `map:`"),
            None if key.sorted || details => ("order, length or operator class", "name the fields alone"),
            None => continue,
        };
        diagnostics.push(messages::index_detail_on_view(key.span, detail, help));
    }
    let ids = ids.iter().map(|id| (id.span, "an id", "write `@unique` or `@@unique` for what identifies one row"));
    let indexes = indexes.iter().map(|index| (index.span, "an index", "put it on the tables below the view"));
    for (span, what, help) in ids.chain(indexes) {
        diagnostics.push(messages::structure_on_view(span, what, help));
    }
}

/// The name of a compound key in the clients stands beside the fields, so it cannot be one of them.
fn selector_name(model: &ModelDraft<'_>, key: &KeyDraft, diagnostics: &mut Vec<Diagnostic>) {
    if key.key.columns.len() < 2 && key.key.name.is_none() {
        return;
    }
    let name = key.key.name.clone().unwrap_or_else(|| model.names(key.fields()).join("_"));
    let Some(field) = model.by_name.get(name.as_str()).and_then(|id| model.field(*id)) else { return };
    let is_given = key.key.name.is_some();
    if is_given || field.column().is_some() {
        diagnostics.push(messages::key_name_clash(&model.block.name, (key.span, is_given), &name, field.span()));
    }
}

/// The letters of a key's `name:`, which becomes a name in the clients.
pub(super) fn selector_letters(name: &str, span: Span, bound: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if !name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') {
        let better = name.replace(|char: char| !char.is_ascii_alphanumeric(), "_");
        diagnostics.push(messages::invalid_selector(span, bound.name, name, &better));
    }
}

/// Reports keys of one model that have the same `name:`.
fn selectors(model: &ModelDraft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut named: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for key in model.keys() {
        if let (Some(name), Some(span)) = (&key.key.name, key.name) {
            named.entry(name).or_default().push(span);
        }
    }
    for (name, spans) in named {
        let [first, second, ..] = spans.as_slice() else { continue };
        for span in &spans {
            let other = if span == first { *second } else { *first };
            diagnostics.push(messages::duplicate_selector(*span, other, model.name(), name));
        }
    }
}

/// `@id` or `@unique` on a relation field.
pub(super) fn on_relation(model: &ModelDraft<'_>, field: &FieldDraft<'_>, bound: &Bound<'_>) -> Diagnostic {
    messages::key_on_relation(bound.span, model.path(field), bound.name, &foreign_key(field))
}

/// A relation field among the fields of a key or an index.
pub(super) fn relation_in_key(
    model: &ModelDraft<'_>,
    field: &FieldDraft<'_>,
    span: Span,
    attribute: &str,
) -> Diagnostic {
    messages::relation_in_key(span, model.path(field), attribute, &foreign_key(field))
}

/// The names in the `fields:` of a relation field.
fn foreign_key<'t>(field: &FieldDraft<'t>) -> Vec<&'t str> {
    field.attribute("relation").and_then(|relation| relation.words("fields")).unwrap_or_default()
}
