//! `autoincrement()`, where each database can increment by itself.

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, ModelDraft};
use crate::messages::defaults as messages;
use crate::model::{Default, FieldId, ModelKind, Provider};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // The columns of a view are what its query makes of them.
    for model in draft.models.iter().filter(|model| model.kind == ModelKind::Table) {
        let counters = || {
            model.fields.iter().enumerate().filter(|(_, field)| {
                field.column().is_some_and(|column| column.default == Some(Default::Autoincrement))
            })
        };
        let Some(provider @ (Provider::Sqlite | Provider::Mysql)) = draft.provider else { continue };
        if counters().count() > 1 {
            let places = counters().map(|(_, field)| span(field));
            diagnostics.push(messages::several_counters(model.block.name.span, provider, model.name(), places));
        }
        for (index, field) in counters() {
            let (id, span, path) = (FieldId(index), span(field), model.path(field));
            match provider {
                Provider::Sqlite if !is_id(model, id) => diagnostics.push(messages::counter_is_not_the_id(span, path)),
                Provider::Mysql if !is_indexed(model, id) => {
                    diagnostics.push(messages::counter_without_index(span, path));
                }
                Provider::Sqlite | Provider::Mysql | Provider::Postgres => {}
            }
        }
    }
}

fn is_id(model: &ModelDraft<'_>, id: FieldId) -> bool {
    model.primary_key.as_ref().is_some_and(|key| key.fields().eq([id]))
}

/// Returns whether a key or an index begins with the field.
fn is_indexed(model: &ModelDraft<'_>, id: FieldId) -> bool {
    let keys = model.keys().map(|key| key.key.columns.first());
    let mut leading = keys.chain(model.indexes.iter().map(|draft| draft.index.leading()));
    leading.any(|column| column.is_some_and(|column| column.field == id))
}

fn span(field: &FieldDraft<'_>) -> Span {
    field.attribute("default").map_or(field.span(), |default| default.span)
}
