//! Where each database can count up by itself.

use crate::diagnostic::Diagnostic;
use crate::model::{ColumnType, Default, FieldId, Provider, Scalar};
use crate::resolve::{Draft, FieldDraft, ModelDraft};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for model in &draft.models {
        let counters =
            model.fields.iter().enumerate().filter(|(_, field)| {
                field.column().is_some_and(|column| column.default == Some(Default::Autoincrement))
            });
        for (nth, (index, field)) in counters.enumerate() {
            let problem = match draft.provider {
                Some(Provider::Sqlite) => sqlite(model, FieldId(index), field),
                Some(Provider::Mysql) if nth > 0 => {
                    Some(("mysql counts only one field of a model up", "use one `autoincrement()`"))
                }
                Some(Provider::Mysql) => mysql(model, FieldId(index)),
                Some(Provider::Postgres) | None => None,
            };
            if let Some((reason, help)) = problem {
                let place = format!("{}.{}", model.name(), field.name());
                diagnostics.push(
                    Diagnostic::error(
                        "autoincrement",
                        span(field),
                        format!("field `{place}` cannot have `autoincrement()`: {reason}"),
                    )
                    .label("cannot count up here")
                    .help(help),
                );
            }
        }
    }
}

fn sqlite(model: &ModelDraft<'_>, id: FieldId, field: &FieldDraft<'_>) -> Option<(&'static str, &'static str)> {
    let is_id = model.primary_key.as_ref().is_some_and(|key| key.fields().eq([id]));
    if !is_id {
        return Some((
            "sqlite counts up only the id, and only where it is a single field",
            "use it on a single `Int @id`",
        ));
    }
    let is_int = field.column().is_some_and(|column| column.ty == ColumnType::Scalar(Scalar::Int));
    (!is_int).then_some(("sqlite counts up only an `Int`", "make the field an `Int`"))
}

fn mysql(model: &ModelDraft<'_>, id: FieldId) -> Option<(&'static str, &'static str)> {
    let keys = model.keys().map(|key| key.key.columns.first());
    let mut leading = keys.chain(model.indexes.iter().map(|draft| draft.index.leading()));
    let indexed = leading.any(|column| column.is_some_and(|column| column.field == id));
    (!indexed).then_some((
        "mysql counts up only an indexed field",
        "add `@unique` to it, or an `@@index` that starts with it",
    ))
}

fn span(field: &FieldDraft<'_>) -> Span {
    field.attribute("default").map_or(field.span(), |default| default.span)
}
