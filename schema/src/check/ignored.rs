//! `@ignore` and `@@ignore`: what is not in the clients cannot be reached from what is.

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, KindDraft};
use crate::messages::relations as messages;
use crate::model::{Column, ColumnType};

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for model in &draft.models {
        for field in &model.fields {
            let column = field.column();
            if let (Some(Column { ty: ColumnType::Unsupported(_), .. }), Some(ignore)) =
                (column, field.attribute("ignore"))
            {
                diagnostics.push(messages::ignored_unsupported(ignore.span, model.path(field)));
            } else if let (true, Some(_), Some(ignore)) = (model.ignored, column, field.attribute("ignore")) {
                diagnostics.push(messages::ignored_with_model(ignore.span, model.path(field)));
            }
            let KindDraft::Relation { target, .. } = &field.kind else { continue };
            let Some(target) = draft.model(*target).filter(|target| target.ignored) else { continue };
            if !model.ignored && !field.ignored {
                diagnostics.push(messages::leads_to_ignored(field.span(), model.path(field), target.name()));
            }
        }
    }
}
