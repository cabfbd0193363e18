//! `@shardKey` and `@@shardKey`: by which columns PlanetScale spreads a table.

use super::index_parts::{add_to, field};
use crate::attributes::{Bindings, wrong_kind};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, ModelDraft};
use crate::model::{Arity, FieldId, Provider};
use crate::rules::{Rule, Stage};
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
        let name = &model.block.name;
        diagnostics.push(
            Diagnostic::error(Rule::SecondShardKey, name.span, format!("the model `{}` has two shard keys", name.text))
                .label("has both")
                .related(*first, "the first one")
                .related(*second, "the second one")
                .help("write all fields together in one `@@shardKey([..])`"),
        );
    }
    let Some((fields, span)) = keys.into_iter().next() else { return };
    draft.features.require("shardKeys", "a shard key", span, diagnostics);
    if let Some(provider @ (Provider::Sqlite | Provider::Postgres)) = draft.provider {
        diagnostics.push(
            Diagnostic::error(
                Rule::ShardKey,
                span,
                format!("a shard key is for PlanetScale, not for {}", provider.name()),
            )
            .label(format!("not on {}", provider.name()))
            .help("remove it"),
        );
    }
    let parts = fields.iter().filter_map(|id| model.field(*id));
    for field in parts.filter(|field| field.arity != Arity::Required && !model.ignored) {
        diagnostics.push(
            Diagnostic::error(
                Rule::ShardKey,
                span,
                format!("field `{}.{}` is part of the shard key, so it must be required", model.name(), field.name()),
            )
            .at(Stage::Attributes)
            .label("the shard key")
            .help(format!("remove the `?` of `{}`", field.name())),
        );
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
            diagnostics.push(
                Diagnostic::error(
                    Rule::EmptyKey,
                    span,
                    format!("`@@shardKey` of the model `{}` has no fields", model.name()),
                )
                .label("at least one field is needed")
                .help("write for example `@@shardKey([region])`"),
            );
            return Vec::new();
        }
    };
    let mut fields = Vec::new();
    for item in items {
        match &item.kind {
            ExpressionKind::Word(word) => {
                fields.extend(field(model, word, item, "@@shardKey", &add_to(model), diagnostics))
            }
            other => diagnostics.push(wrong_kind(item.span, "an entry of `@@shardKey`", "a field's name", other)),
        }
    }
    fields
}
