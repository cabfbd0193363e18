//! `@shardKey` and `@@shardKey`: by which columns PlanetScale spreads a table.

use super::index_parts::{add_to, field};
use crate::attributes::Bindings;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, ModelDraft};
use crate::messages::arguments::wrong_value;
use crate::messages::keys as messages;
use crate::model::{Arity, FieldId, Provider};
use crate::source::Span;
use crate::syntax::ExpressionKind;

pub(super) fn resolve(
    draft: &Draft<'_>,
    model: &mut ModelDraft<'_>,
    bindings: &Bindings<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut keys: Vec<(Vec<FieldId>, Span)> = Vec::new();
    for (index, field) in model.fields.iter().enumerate() {
        if let (Some(bound), Some(_)) = (field.attribute("shardKey"), field.column()) {
            keys.push((vec![FieldId(index)], bound.span));
        }
    }
    if let Some(bound) = bindings.get("shardKey") {
        keys.push((of_model(model, bound.get("fields"), bound.span, diagnostics), bound.span));
    }
    if let [(_, first), (_, second), ..] = keys.as_slice() {
        diagnostics.push(messages::second_shard_key(&model.block.name, *first, *second));
    }
    let Some((fields, span)) = keys.into_iter().next() else { return };
    draft.features.require("shardKeys", "a shard key", span, diagnostics);
    if let Some(provider @ (Provider::Sqlite | Provider::Postgres)) = draft.provider {
        diagnostics.push(messages::shard_key_unsupported(span, provider));
    }
    let parts = fields.iter().filter_map(|id| model.field(*id));
    for field in parts.filter(|field| field.arity != Arity::Required && !model.ignored) {
        diagnostics.push(messages::optional_shard_key(span, model.path(field)));
    }
    model.shard_key = fields;
}

fn of_model(
    model: &ModelDraft<'_>,
    argument: Option<&crate::syntax::Argument>,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FieldId> {
    let items = match argument.map(|argument| &argument.value.kind) {
        Some(ExpressionKind::List(items)) if !items.is_empty() => items.as_slice(),
        _ => {
            diagnostics.push(messages::shard_key_without_fields(span, model.name()));
            return Vec::new();
        }
    };
    let mut fields = Vec::new();
    for item in items {
        match &item.kind {
            ExpressionKind::Word(word) => {
                fields.extend(field(model, word, item, "@@shardKey", &add_to(model), diagnostics))
            }
            other => diagnostics.push(wrong_value(item.span, "an entry of `@@shardKey`", "a field's name", other)),
        }
    }
    fields
}
