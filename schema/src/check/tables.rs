//! Names in the database that several models or enums share, and models without identity.

use std::collections::HashMap;

use super::identity;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, ModelDraft};
use crate::model::Link;
use crate::rules::Rule;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut models: HashMap<(Option<&str>, &str), &ModelDraft<'_>> = HashMap::new();
    let mut tables: HashMap<(Option<&str>, &str), String> = HashMap::new();
    for model in &draft.models {
        identity::check(model, diagnostics);
        let schema = model.schema.as_ref().map(|(name, _)| name.as_str());
        tables.insert((schema, &model.table), format!("the model `{}`", model.name()));
        if let Some(other) = models.insert((schema, &model.table), model) {
            // One of the two is called something else than its table.
            let span = if model.table == model.name() { other.table_span } else { model.table_span };
            let other = format!("the model `{}`", other.name());
            diagnostics.push(
                Diagnostic::error(
                    Rule::DuplicateTable,
                    span,
                    format!(
                        "the model `{}` is stored in the table `{}`, which is that of {other}",
                        model.name(),
                        model.table
                    ),
                )
                .label("table is taken")
                .help("give one of them another `@@map`"),
            );
        }
    }
    for relation in &draft.relations {
        let Link::JoinTable { table, .. } = &relation.relation.link else { continue };
        // The join table is beside the table of its end `A`.
        let schema = draft.model(relation.relation.from.model).and_then(|model| model.schema.as_ref());
        if let Some(other) =
            tables.insert((schema.map(|(name, _)| name.as_str()), table), "another relation".to_owned())
        {
            diagnostics.push(
                Diagnostic::error(
                    Rule::DuplicateTable,
                    relation.span,
                    format!("this many-to-many relation is stored in the table `{table}`, which is that of {other}"),
                )
                .label("table is taken")
                .help("give the relation another name"),
            );
        }
    }
    let mut types: HashMap<(Option<&str>, &str), &str> = HashMap::new();
    for enumeration in &draft.enums {
        if let Some(other) = types.insert((enumeration.schema.as_deref(), &enumeration.db_name), &enumeration.name) {
            diagnostics.push(
                Diagnostic::error(
                    Rule::DuplicateType,
                    enumeration.span,
                    format!(
                        "the enums `{other}` and `{}` are both `{}` in the database",
                        enumeration.name, enumeration.db_name
                    ),
                )
                .label("type is taken")
                .help("give one of them another `@@map`"),
            );
        }
    }
}
