//! `@ignore` and `@@ignore`: what is not in the clients cannot be reached from what is.

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, KindDraft};
use crate::model::{Column, ColumnType};
use crate::rules::Rule;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for model in &draft.models {
        for field in &model.fields {
            let column = field.column();
            if let (Some(Column { ty: ColumnType::Unsupported(_), .. }), Some(ignore)) =
                (column, field.attribute("ignore"))
            {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::RedundantIgnore,
                        ignore.span,
                        format!("field `{}.{}` is not in the clients anyway", model.name(), field.name()),
                    )
                    .label("no client has an `Unsupported` field")
                    .help("remove it"),
                );
            } else if let (true, Some(_), Some(ignore)) = (model.ignored, column, field.attribute("ignore")) {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::RedundantIgnore,
                        ignore.span,
                        format!("field `{}.{}` is ignored with its whole model", model.name(), field.name()),
                    )
                    .label("not needed")
                    .help("remove it"),
                );
            }
            let KindDraft::Relation { target, .. } = &field.kind else { continue };
            let Some(target) = draft.model(*target).filter(|target| target.ignored) else { continue };
            if !model.ignored && !field.ignored {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::RelationToIgnored,
                        field.span(),
                        format!(
                            "field `{}.{}` leads to the model `{}`, which is ignored",
                            model.name(),
                            field.name(),
                            target.name()
                        ),
                    )
                    .label("leads to an ignored model")
                    .help("add `@ignore` to the field, or remove `@@ignore` from the model"),
                );
            }
        }
    }
}
