//! Names in the database that several models or enums share, and models without identity.

use std::collections::HashMap;

use super::identity;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, ModelDraft};
use crate::messages::database as messages;
use crate::model::Link;

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
            diagnostics.push(messages::duplicate_table(span, model.name(), &model.table, other.name()));
        }
    }
    for relation in &draft.relations {
        let Link::JoinTable { table, .. } = &relation.relation.link else { continue };
        // The join table is beside the table of its end `A`.
        let schema = draft.model(relation.relation.from.model).and_then(|model| model.schema.as_ref());
        if let Some(other) =
            tables.insert((schema.map(|(name, _)| name.as_str()), table), "another relation".to_owned())
        {
            diagnostics.push(messages::duplicate_join_table(relation.span, table, &other));
        }
    }
    let mut types: HashMap<(Option<&str>, &str), &str> = HashMap::new();
    for enumeration in &draft.enums {
        if let Some(other) = types.insert((enumeration.schema.as_deref(), &enumeration.db_name), &enumeration.name) {
            diagnostics.push(messages::duplicate_type(enumeration, other));
        }
    }
}
