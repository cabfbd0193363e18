//! `@id`, `@unique`, `@@id`, `@@unique`, `@@index`.

use std::collections::HashSet;

use super::draft::{IndexDraft, KeyDraft, KindDraft, ModelDraft};
use super::enums::missing_argument;
use crate::attributes::{Bindings, Bound, wrong_kind};
use crate::check::keys as check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{FieldId, Index, IndexColumn, IndexKind, IndexPart, Key, Provider};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Expression, ExpressionKind};

pub(crate) fn resolve(
    model: &mut ModelDraft<'_>,
    bindings: &Bindings<'_>,
    provider: Option<Provider>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let before = diagnostics.len();
    let mut ids: Vec<KeyDraft> = Vec::new();
    let mut uniques: Vec<KeyDraft> = Vec::new();
    for (index, field) in model.fields.iter().enumerate() {
        let (id, unique) = (field.attribute("id"), field.attribute("unique"));
        for (bound, keys) in [(id, &mut ids), (unique, &mut uniques)] {
            let Some(bound) = bound else { continue };
            match field.kind {
                KindDraft::Column(_) => {}
                KindDraft::Relation { .. } => {
                    diagnostics.push(check::on_relation(model, field, bound));
                    continue;
                }
                KindDraft::Unresolved => continue,
            }
            let descending = bound.get("sort").is_some_and(|sort| descending(sort, diagnostics));
            let columns = vec![IndexColumn { field: FieldId(index), descending, length: None, operator_class: None }];
            let key = Key { columns, name: None, map: bound.string("map", diagnostics), predicate: None };
            keys.push(KeyDraft { key, span: bound.span, columns: vec![bound.span] });
        }
        if let (Some(_), Some(unique)) = (id, unique) {
            diagnostics.push(
                Diagnostic::warning(
                    "id-and-unique",
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
            "id" => ids.extend(key(model, bound, "@@id", diagnostics)),
            "unique" => uniques.extend(key(model, bound, "@@unique", diagnostics)),
            "index" => {
                let index = index(model, bound, diagnostics);
                model.indexes.extend(index);
            }
            _ => {}
        }
    }
    let mut ids = ids.into_iter();
    model.primary_key = ids.next();
    model.uniques = uniques;
    let key_columns = model.keys().map(|key| {
        let mut fields: Vec<FieldId> = key.fields().collect();
        fields.sort_unstable();
        fields
    });
    model.key_columns = key_columns.collect();
    for second in ids {
        diagnostics.push(
            Diagnostic::error("second-id", second.span, format!("the model `{}` has more than one id", model.name()))
                .label("the second one")
                .help("write the fields of the id together in one `@@id([..])`, or use `@unique`"),
        );
    }
    check::run(model, provider, diagnostics);
    let reported = diagnostics.iter().skip(before).any(|diagnostic| diagnostic.severity == Severity::Error);
    model.damaged = model.incomplete || reported;
}

fn key(
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    attribute: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<KeyDraft> {
    let (columns, spans) = columns(model, bound, attribute, diagnostics)?;
    let name = bound.string("name", diagnostics);
    if let (Some(argument), 1) = (bound.get("name"), columns.len()) {
        diagnostics.push(
            Diagnostic::error(
                "name-of-single-key",
                argument.span,
                format!("`{attribute}` over a single field needs no `name`"),
            )
            .label("only for several fields")
            .help("remove it; the name of a constraint in the database is given by `map:`"),
        );
    }
    let key = Key { columns, name, map: bound.string("map", diagnostics), predicate: None };
    Some(KeyDraft { key, span: bound.span, columns: spans })
}

fn index(model: &ModelDraft<'_>, bound: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<IndexDraft> {
    let (columns, spans) = columns(model, bound, "@@index", diagnostics)?;
    let map = bound.string("map", diagnostics);
    // Prisma took the database's name from `name` once; an index has no name in a client.
    let name = bound.string("name", diagnostics);
    if let Some(argument) = bound.get("name") {
        let diagnostic = if map.is_some() {
            Diagnostic::error("name-and-map", argument.span, "`@@index` has both `name` and `map`").help("keep `map`")
        } else {
            Diagnostic::warning("index-name", argument.span, "the `name` of `@@index` is an older spelling of `map`")
                .help("write `map:`")
        };
        diagnostics.push(diagnostic.label("older spelling"));
    }
    let parts = columns.into_iter().map(IndexPart::Column).collect();
    let index = Index { kind: IndexKind::Normal, parts, map: map.or(name), algorithm: None, predicate: None };
    Some(IndexDraft { index, span: bound.span, parts: spans, algorithm: None })
}

/// `[a, b(sort: Desc)]`
fn columns(
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    attribute: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Vec<IndexColumn>, Vec<Span>)> {
    let Some(argument) = bound.get("fields") else {
        diagnostics.push(missing_argument(bound, attribute, "fields", &format!("{attribute}([a, b])")));
        return None;
    };
    let items = match &argument.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        // One field may stand without its brackets.
        ExpressionKind::Word(_) | ExpressionKind::Call(..) => std::slice::from_ref(&argument.value),
        other => {
            diagnostics.push(wrong_kind(
                argument.value.span,
                &format!("the fields of `{attribute}`"),
                "a list of fields",
                other,
            ));
            return None;
        }
    };
    if items.is_empty() {
        diagnostics.push(
            Diagnostic::error(
                "empty-key",
                argument.value.span,
                format!("`{attribute}` of the model `{}` has no fields", model.name()),
            )
            .label("at least one field is needed"),
        );
        return None;
    }
    let mut seen = HashSet::new();
    let resolved: Vec<Option<IndexColumn>> = items
        .iter()
        .map(|item| {
            let column = column(model, item, attribute, diagnostics)?;
            if seen.insert(column.field) {
                return Some(column);
            }
            diagnostics.push(
                Diagnostic::error(
                    "repeated-field",
                    item.span,
                    format!("`{attribute}` of the model `{}` names a field twice", model.name()),
                )
                .label("the second time")
                .help("remove one of them"),
            );
            None
        })
        .collect();
    let spans = items.iter().map(|item| item.span).collect();
    Some((resolved.into_iter().collect::<Option<Vec<_>>>()?, spans))
}

fn column(
    model: &ModelDraft<'_>,
    item: &Expression,
    attribute: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<IndexColumn> {
    let mut is_descending = false;
    let name = match &item.kind {
        ExpressionKind::Word(name) => name.as_str(),
        ExpressionKind::Call(name, arguments) => {
            for argument in &arguments.items {
                match argument.name.as_ref().map(|name| name.text.as_str()) {
                    Some("sort") => is_descending = descending(argument, diagnostics),
                    Some(other @ ("length" | "ops")) => {
                        diagnostics.push(Diagnostic::unsupported(
                            argument.span,
                            format!("the argument `{other}` of `{attribute}` is"),
                        ));
                    }
                    _ => diagnostics.push(
                        Diagnostic::error(
                            "unknown-argument",
                            argument.span,
                            format!("a field of `{attribute}` has no such argument"),
                        )
                        .label("unknown argument")
                        .help("there is `sort: Asc` or `sort: Desc`"),
                    ),
                }
            }
            name.text.as_str()
        }
        other => {
            diagnostics.push(wrong_kind(item.span, &format!("an entry of `{attribute}`"), "a field's name", other));
            return None;
        }
    };
    let field = field(model, name, item, attribute, diagnostics)?;
    Some(IndexColumn { field, descending: is_descending, length: None, operator_class: None })
}

/// The column called `name`; anything else is reported.
pub(crate) fn field(
    model: &ModelDraft<'_>,
    name: &str,
    item: &Expression,
    attribute: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FieldId> {
    let Some(id) = model.by_name.get(name).copied() else {
        if name.contains('.') {
            diagnostics.push(Diagnostic::unsupported(
                item.span,
                format!("`{attribute}` over the fields of a composite type is"),
            ));
        } else if !model.block.damaged {
            diagnostics.push(
                Diagnostic::error(
                    "unknown-field",
                    item.span,
                    format!("`{attribute}`: the model `{}` has no field `{name}`", model.name()),
                )
                .label("unknown field")
                .suggest(closest(name, model.fields.iter().map(|field| field.name()))),
            );
        }
        return None;
    };
    let field = model.field(id)?;
    match field.kind {
        KindDraft::Column(_) => Some(id),
        KindDraft::Unresolved => None,
        KindDraft::Relation { .. } => {
            diagnostics.push(check::relation_in_key(model, field, item.span, attribute));
            None
        }
    }
}

fn descending(argument: &Argument, diagnostics: &mut Vec<Diagnostic>) -> bool {
    match &argument.value.kind {
        ExpressionKind::Word(word) if word == "Desc" => return true,
        ExpressionKind::Word(word) if word == "Asc" => return false,
        other => diagnostics.push(
            wrong_kind(argument.value.span, "`sort`", "`Asc` or `Desc`", other)
                .suggest(if let ExpressionKind::Word(word) = other { closest(word, ["Asc", "Desc"]) } else { None }),
        ),
    }
    false
}
