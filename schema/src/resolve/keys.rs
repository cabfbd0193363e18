//! `@id`, `@unique`, `@@id`, `@@unique`, `@@index`, `@@fulltext`, `@@shardKey`.

use super::index_parts::{self, Expressions, Parts};
use super::{key_rules, predicates};
use crate::attributes::{Bindings, Bound};
use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::Draft;
use crate::draft::{FieldDraft, IndexDraft, KeyDraft, KindDraft, ModelDraft};
use crate::model::{FieldId, Index, IndexColumn, IndexKind, Key, ModelKind, RelationMode};
use crate::rules::{Rule, Stage};

pub(crate) fn resolve(
    draft: &Draft<'_>,
    model: &mut ModelDraft<'_>,
    bindings: &Bindings<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut is_lost = false;
    let mut ids: Vec<KeyDraft> = Vec::new();
    let mut uniques: Vec<KeyDraft> = Vec::new();
    let mut indexes: Vec<IndexDraft> = Vec::new();
    for (index, field) in model.fields.iter().enumerate() {
        let (id, unique) = (field.attribute("id"), field.attribute("unique"));
        for (bound, keys) in [(id, &mut ids), (unique, &mut uniques)] {
            let Some(bound) = bound else { continue };
            match field.kind {
                KindDraft::Column(_) => {}
                KindDraft::Relation { .. } => {
                    diagnostics.push(key_rules::on_relation(model, field, bound));
                    is_lost = true;
                    continue;
                }
                KindDraft::Unresolved | KindDraft::Composite => {
                    is_lost = true;
                    continue;
                }
            }
            keys.push(of_field(draft, model, FieldId(index), bound, diagnostics));
        }
        if let (Some(_), Some(unique)) = (id, unique) {
            diagnostics.push(
                Diagnostic::warning(
                    Rule::IdAndUnique,
                    unique.span,
                    format!("field `{}.{}` is the id, so it needs no `@unique`", model.name(), field.name()),
                )
                .label("already unique")
                .help("remove `@unique`"),
            );
        }
    }
    for bound in bindings.iter() {
        match bound.name {
            "id" => match id(draft, model, bound, diagnostics) {
                Some(key) => ids.push(key),
                None => is_lost = true,
            },
            "unique" => match unique(draft, model, bound, diagnostics) {
                Some(Unique::Key(key)) => uniques.push(key),
                Some(Unique::Index(index)) => indexes.push(index),
                None => is_lost = true,
            },
            "index" => indexes.extend(index(draft, model, bound, IndexKind::Normal, diagnostics)),
            "fulltext" => indexes.extend(index(draft, model, bound, IndexKind::Fulltext, diagnostics)),
            _ => {}
        }
    }
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
    // Where `@id` is given twice, or at one of two fields of one name, one of them goes anyway.
    let is_open = model.fields.iter().any(|field| field.attributes.is_repeated("id"));
    if let (Some(first), Some(second), false) = (&model.primary_key, ids.next(), is_open) {
        let name = &model.block.name;
        let fields = |key: &KeyDraft| key.fields().filter_map(|id| model.field(id)).map(FieldDraft::name).collect();
        let (one, other): (Vec<&str>, Vec<&str>) = (fields(first), fields(&second));
        let help = match (one.as_slice(), other.as_slice()) {
            ([one], [other]) => format!(
                "if both together are the id, remove the `@id` of `{one}` and of `{other}` and add `@@id([{one}, {other}])`; \
                 if one of them is the id, write `@unique` at the other"
            ),
            _ => "keep the one that names a record, and write `@unique` or `@@unique` for the other".to_owned(),
        };
        diagnostics.push(
            Diagnostic::error(Rule::SecondId, name.span, format!("the model `{}` has more than one id", name.text))
                .label("has both")
                .related(first.span, "the first one")
                .related(second.span, "the second one")
                .help(help),
        );
    }
    let before = diagnostics.len();
    key_rules::run(model, draft.provider, diagnostics);
    let is_wrong = |it: &Diagnostic| it.severity == Severity::Error && it.stage < Stage::Meaning;
    is_lost |= diagnostics.iter().skip(before).any(is_wrong);
    model.damaged = model.lost.may_hold_key() || is_lost;
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

/// What a `@@unique` is.
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
        diagnostics.push(
            Diagnostic::error(
                Rule::NameOfExpression,
                name.span,
                "a `@@unique` over an expression is no selector of the clients, so it has no `name`",
            )
            .label("not for an expression")
            .help("remove it; the name of the index in the database is given by `map:`"),
        );
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
        diagnostics.push(
            Diagnostic::warning(
                Rule::NameOfSingleKey,
                argument.span,
                format!("`@@{}` over a single field is called like the field in the clients", bound.name),
            )
            .label("no effect")
            .help("remove it; the name of a constraint in the database is given by `map:`"),
        );
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
        diagnostics.push(
            Diagnostic::error(Rule::NameAndMap, argument.span, format!("`@@{}` has both `name` and `map`", bound.name))
                .label("older spelling of `map`")
                .help("remove `name:`"),
        );
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
