//! The rows that a key or an index is about: `where:`.

use super::defaults;
use super::index_parts::{add_to, field, raw};
use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, ModelDraft};
use crate::messages::arguments::wrong_value;
use crate::model::{Condition, FieldId, Predicate};
use crate::syntax::{Expression, ExpressionKind, Name};

/// `where: raw("..")` or `where: { deletedAt: null, active: true }`
pub(super) fn resolve(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Predicate> {
    let argument = bound.get("where")?;
    match &argument.value.kind {
        ExpressionKind::Call(name, arguments) if name.text == "raw" => {
            raw(name, arguments, diagnostics).map(Predicate::Raw)
        }
        ExpressionKind::Object(entries) if !entries.is_empty() => {
            let conditions: Vec<_> = entries.iter().map(|entry| condition(draft, model, entry, diagnostics)).collect();
            conditions.into_iter().collect::<Option<_>>().map(Predicate::Fields)
        }
        other => {
            diagnostics.push(
                wrong_value(argument.value.span, "`where`", "`raw(\"..\")` or an object of fields", other)
                    .help("write for example `where: raw(\"deleted_at IS NULL\")` or `where: { active: true }`"),
            );
            None
        }
    }
}

fn condition(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    (name, value): &(Name, Expression),
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(FieldId, Condition)> {
    let item = Expression { kind: ExpressionKind::Word(name.text.clone()), span: name.span };
    let id = field(model, &name.text, &item, "where", &add_to(model), diagnostics)?;
    let column = model.field(id)?.column()?;
    let place = format!("{}.{}", model.name(), name.text);
    let is_null = |value: &Expression| matches!(&value.kind, ExpressionKind::Word(word) if word == "null");
    let mut literal = |value: &Expression| {
        defaults::literal(draft, value, &column.ty, &format!("the condition on `{place}`"), diagnostics)
    };
    let condition = match &value.kind {
        _ if is_null(value) => Condition::Null,
        ExpressionKind::Object(entries) => match entries.as_slice() {
            [(not, value)] if not.text == "not" && is_null(value) => Condition::NotNull,
            [(not, value)] if not.text == "not" => Condition::NotEquals(literal(value)?),
            _ => {
                diagnostics.push(
                    wrong_value(
                        value.span,
                        &format!("the condition on `{place}`"),
                        "a value or `{ not: .. }`",
                        &value.kind,
                    )
                    .help("write a value, `null`, `{ not: value }` or `{ not: null }`; all else as `raw(\"..\")`"),
                );
                return None;
            }
        },
        _ => Condition::Equals(literal(value)?),
    };
    Some((id, condition))
}
