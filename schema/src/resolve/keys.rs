//! `@id`, `@unique`, `@@id`, `@@unique`, `@@index`, `@@fulltext`, `@@shardKey`.

use super::index_parts::{self, Expressions, Parts};
use super::{key_rules, predicates};
use crate::attributes::{Bindings, Bound};
use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::{Draft, IndexDraft, KeyDraft, KindDraft, ModelDraft};
use crate::messages::keys as messages;
use crate::model::{FieldId, Index, IndexColumn, IndexKind, Key, ModelKind, RelationMode};
use crate::rules::Stage;

pub(crate) fn resolve(
    draft: &Draft<'_>,
    model: &mut ModelDraft<'_>,
    bindings: &Bindings<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut found = Found::default();
    of_fields(draft, model, &mut found, diagnostics);
    of_model(draft, model, bindings, &mut found, diagnostics);
    let Found { mut ids, uniques, mut indexes, mut is_lost } = found;
    if model.kind == ModelKind::View {
        is_lost |= !ids.is_empty();
        key_rules::of_view(&ids, &uniques, &indexes, diagnostics);
        ids.clear();
        indexes.clear();
    }
    for key in ids.iter().skip(1) {
        key_rules::optional_id(model, key, diagnostics);
    }
    let mut ids = ids.into_iter();
    model.primary_key = ids.next();
    model.uniques = uniques;
    model.indexes = indexes;
    look_up(draft, model);
    if let Some(second) = ids.next() {
        key_rules::second_id(model, &second, diagnostics);
    }
    let before = diagnostics.len();
    key_rules::run(model, draft.provider, diagnostics);
    let is_wrong = |it: &Diagnostic| it.severity == Severity::Error && it.stage < Stage::Meaning;
    is_lost |= diagnostics.iter().skip(before).any(is_wrong);
    model.damaged = model.lost.may_hold_key() || is_lost;
}

/// The keys and indexes of a model as they are written.
#[derive(Default)]
struct Found {
    ids: Vec<KeyDraft>,
    uniques: Vec<KeyDraft>,
    indexes: Vec<IndexDraft>,
    /// True if a key could not be read.
    is_lost: bool,
}

/// Reads the attributes on fields.
fn of_fields(draft: &Draft<'_>, model: &ModelDraft<'_>, found: &mut Found, diagnostics: &mut Vec<Diagnostic>) {
    for (index, field) in model.fields.iter().enumerate() {
        let (id, unique) = (field.attribute("id"), field.attribute("unique"));
        for (bound, keys) in [(id, &mut found.ids), (unique, &mut found.uniques)] {
            let Some(bound) = bound else { continue };
            match field.kind {
                KindDraft::Column(_) => keys.push(of_field(draft, model, FieldId(index), bound, diagnostics)),
                KindDraft::Relation { .. } => {
                    diagnostics.push(key_rules::on_relation(model, field, bound));
                    found.is_lost = true;
                }
                KindDraft::Unresolved | KindDraft::Composite => found.is_lost = true,
            }
        }
        if let (Some(_), Some(unique)) = (id, unique) {
            diagnostics.push(messages::unique_id(unique.span, model.path(field)));
        }
    }
}

/// Reads the attributes of the model.
fn of_model(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bindings: &Bindings<'_>,
    found: &mut Found,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for bound in bindings.iter() {
        match bound.name {
            "id" => match id(draft, model, bound, diagnostics) {
                Some(key) => found.ids.push(key),
                None => found.is_lost = true,
            },
            "unique" => match unique(draft, model, bound, diagnostics) {
                Some(Unique::Key(key)) => found.uniques.push(key),
                Some(Unique::Index(index)) => found.indexes.push(index),
                None => found.is_lost = true,
            },
            "index" => found.indexes.extend(index(draft, model, bound, IndexKind::Normal, diagnostics)),
            "fulltext" => found.indexes.extend(index(draft, model, bound, IndexKind::Fulltext, diagnostics)),
            _ => {}
        }
    }
}

/// Fills the sets in which the columns of keys are looked up.
fn look_up(draft: &Draft<'_>, model: &mut ModelDraft<'_>) {
    let whole = model.keys().filter(|key| key.key.predicate.is_none());
    model.key_orders = whole.map(|key| key.fields().collect()).collect();
    let sorted = |fields: &Vec<FieldId>| {
        let mut fields = fields.clone();
        fields.sort_unstable();
        fields
    };
    model.key_columns = model.key_orders.iter().map(sorted).collect();
    if draft.relation_mode == RelationMode::Emulated {
        model.leading = model.leading_columns();
    }
}

/// `@id` and `@unique`
fn of_field(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    field: FieldId,
    bound: &Bound<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> KeyDraft {
    let column = IndexColumn {
        field,
        descending: bound.get("sort").is_some_and(|sort| index_parts::descending(sort, diagnostics)),
        length: bound.get("length").and_then(|length| index_parts::length(length, diagnostics)),
        operator_class: None,
    };
    key_rules::clustered(bound, "@", draft.provider, diagnostics);
    let key = Key {
        columns: vec![column],
        name: None,
        map: bound.string("map", diagnostics),
        predicate: predicates::resolve(draft, model, bound, diagnostics),
    };
    KeyDraft {
        key,
        span: bound.span,
        columns: vec![bound.span],
        sorted: bound.get("sort").is_some(),
        map: bound.get("map").map(|map| map.span),
        name: None,
    }
}

fn id(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<KeyDraft> {
    let parts = index_parts::parts(draft, model, bound, Expressions::Refused, diagnostics);
    key_rules::clustered(bound, "@@", draft.provider, diagnostics);
    key(draft, model, bound, parts?, diagnostics)
}

/// A `@@unique`.
enum Unique {
    Key(KeyDraft),
    /// Over an expression.
    Index(IndexDraft),
}

fn unique(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Unique> {
    let parts = index_parts::parts(draft, model, bound, Expressions::Allowed, diagnostics);
    key_rules::clustered(bound, "@@", draft.provider, diagnostics);
    let parts = parts?;
    if parts.columns().is_some() {
        return key(draft, model, bound, parts, diagnostics).map(Unique::Key);
    }
    if let Some(name) = bound.get("name") {
        diagnostics.push(messages::name_of_expression(name.span));
    }
    let map = bound.string("map", diagnostics);
    let predicate = predicates::resolve(draft, model, bound, diagnostics);
    let index = Index { kind: IndexKind::Unique, parts: parts.parts, map, algorithm: None, predicate };
    Some(Unique::Index(IndexDraft {
        index,
        span: bound.span,
        parts: parts.spans,
        algorithm: None,
        sorted: parts.sorted,
        map: bound.get("map").map(|map| map.span),
    }))
}

fn key(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    parts: Parts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<KeyDraft> {
    let columns = parts.columns()?;
    let name = bound.string("name", diagnostics);
    if let (Some(argument), 1) = (bound.get("name"), columns.len()) {
        diagnostics.push(messages::name_of_single_key(argument.span, bound.name));
    }
    let map = bound.string("map", diagnostics);
    let predicate = predicates::resolve(draft, model, bound, diagnostics);
    if let (Some(name), Some(argument)) = (&name, bound.get("name")) {
        key_rules::selector_letters(name, argument.span, bound, diagnostics);
    }
    Some(KeyDraft {
        key: Key { columns, name, map, predicate },
        span: bound.span,
        columns: parts.spans,
        sorted: parts.sorted,
        map: bound.get("map").map(|map| map.span),
        name: bound.get("name").map(|name| name.span),
    })
}

fn index(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    kind: IndexKind,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<IndexDraft> {
    let expressions = if kind == IndexKind::Normal { Expressions::Allowed } else { Expressions::Refused };
    let parts = index_parts::parts(draft, model, bound, expressions, diagnostics);
    key_rules::clustered(bound, "@@", draft.provider, diagnostics);
    let map = bound.string("map", diagnostics);
    // Prisma took the database's name from `name` once; an index has no name in a client.
    let name = bound.string("name", diagnostics);
    if let (Some(argument), Some(_)) = (bound.get("name"), bound.get("map")) {
        diagnostics.push(messages::name_and_map(argument.span, bound.name));
    }
    let algorithm = index_parts::algorithm(bound, diagnostics);
    let predicate = predicates::resolve(draft, model, bound, diagnostics);
    let parts = parts?;
    let index =
        Index { kind, parts: parts.parts, map: map.or(name), algorithm: algorithm.map(|(it, _)| it), predicate };
    Some(IndexDraft {
        index,
        span: bound.span,
        parts: parts.spans,
        algorithm: algorithm.map(|(_, span)| span),
        sorted: parts.sorted,
        map: bound.get("map").or_else(|| bound.get("name")).map(|map| map.span),
    })
}
