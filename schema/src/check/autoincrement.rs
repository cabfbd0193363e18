//! Where each database can count up by itself.

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, ModelDraft};
use crate::model::{Default, FieldId, Provider};
use crate::rules::Rule;
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for model in &draft.models {
        let counters = || {
            model.fields.iter().enumerate().filter(|(_, field)| {
                field.column().is_some_and(|column| column.default == Some(Default::Autoincrement))
            })
        };
        let Some(provider @ (Provider::Sqlite | Provider::Mysql)) = draft.provider else { continue };
        if counters().count() > 1 {
            let message =
                format!("{} counts up only one field of a model, and `{}` has several", provider.name(), model.name());
            let diagnostic = Diagnostic::error(Rule::Autoincrement, model.block.name.span, message)
                .label("counts several fields up")
                .help("use one `autoincrement()`");
            diagnostics.push(counters().fold(diagnostic, |it, (_, field)| it.related(span(field), "counts up")));
        }
        for (index, field) in counters() {
            let problem = match provider {
                Provider::Sqlite => sqlite(model, FieldId(index)),
                _ => mysql(model, FieldId(index)),
            };
            if let Some((reason, help)) = problem {
                let place = format!("{}.{}", model.name(), field.name());
                diagnostics.push(
                    Diagnostic::error(
                        Rule::Autoincrement,
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

fn sqlite(model: &ModelDraft<'_>, id: FieldId) -> Option<(&'static str, &'static str)> {
    let is_id = model.primary_key.as_ref().is_some_and(|key| key.fields().eq([id]));
    (!is_id).then_some((
        "sqlite counts up only the id, and only where it is a single field",
        "use it on a single `Int @id`",
    ))
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
