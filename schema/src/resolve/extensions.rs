//! The extensions of Purlin to the language: `@generated`, `@@check`.

use super::index_parts::expression;
use crate::attributes::Bindings;
use crate::diagnostic::Diagnostic;
use crate::draft::ModelDraft;
use crate::messages::arguments::missing_argument;
use crate::messages::arguments::wrong_value;
use crate::messages::{self, FieldPath};
use crate::model::{Check, Default, Generated, ModelKind};
use crate::syntax::ExpressionKind;

/// `@generated("lower(email)", stored: true)`; stored unless it says otherwise.
pub(super) fn generated(
    attributes: &Bindings<'_>,
    default: &Option<Default>,
    updated_at: bool,
    place: FieldPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Generated> {
    let bound = attributes.get("generated")?;
    let Some(argument) = bound.get("expression") else {
        diagnostics.push(missing_argument(bound.span, "@generated", "expression", "@generated(\"lower(email)\")"));
        return None;
    };
    let stored = match bound.get("stored") {
        None => true,
        Some(argument) => match &argument.value.kind {
            ExpressionKind::Word(word) if word == "true" => true,
            ExpressionKind::Word(word) if word == "false" => false,
            other => {
                diagnostics.push(wrong_value(argument.value.span, "`stored`", "`true` or `false`", other));
                return None;
            }
        },
    };
    let clash = match (default, updated_at, attributes.get("id")) {
        (Some(_), ..) => Some("@default"),
        (_, true, _) => Some("@updatedAt"),
        (.., Some(_)) => Some("@id"),
        _ => None,
    };
    if let Some(other) = clash {
        diagnostics.push(messages::defaults::generated_clash(bound.span, place, other));
    }
    let expression = expression(&argument.value, "the expression of `@generated`", diagnostics)?;
    Some(Generated { expression, stored })
}

/// `@@check("price > 0", map: "price_is_positive")`
pub(super) fn checks(model: &ModelDraft<'_>, bindings: &Bindings<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Check> {
    let mut checks = Vec::new();
    for bound in bindings.iter().filter(|bound| bound.name == "check") {
        if model.kind == ModelKind::View {
            diagnostics.push(messages::keys::check_on_view(bound.span, model.name()));
            continue;
        }
        let Some(argument) = bound.get("expression") else {
            diagnostics.push(missing_argument(bound.span, "@@check", "expression", "@@check(\"price > 0\")"));
            continue;
        };
        let map = bound.string("map", diagnostics);
        let Some(expression) = expression(&argument.value, "the expression of `@@check`", diagnostics) else {
            continue;
        };
        checks.push(Check { expression, map });
    }
    checks
}
