//! Each model can tell its records apart.

use crate::diagnostic::Diagnostic;
use crate::draft::{FieldDraft, KeyDraft, ModelDraft};
use crate::messages::keys as messages;
use crate::model::{Arity, ColumnType, ModelKind};

/// Reports a model without a strict unique criterion: an id, or a unique key of required fields.
pub(super) fn check(model: &ModelDraft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // A column of a type that the clients do not know cannot be asked for.
    let is_known =
        |field: &FieldDraft<'_>| field.column().is_some_and(|column| !matches!(column.ty, ColumnType::Unsupported(_)));
    let is_strict = |key: &KeyDraft| {
        key.fields().all(|id| model.field(id).is_some_and(|it| it.arity != Arity::Optional && is_known(it)))
    };
    if model.kind == ModelKind::View || model.ignored || model.damaged || model.keys().any(is_strict) {
        return;
    }
    let help = match model.by_name.get("id").and_then(|id| model.field(*id)) {
        Some(field) if field.column().is_some() => "add `@id` to the field `id`",
        None if model.kind == ModelKind::Table => {
            "add a field `id Int @id @default(autoincrement())`, or `@id` to a field that is different in each record"
        }
        _ => "add `@id` or `@unique` to a required field, or `@@id([..])` to the model",
    };
    diagnostics.push(messages::no_identity(&model.block.name, help));
}
