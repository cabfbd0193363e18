//! Many-to-many relations: two lists, and a join table that no model holds.

use super::advice;
use super::relation_end::EndDraft;
use super::relations::severity;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, RelationDraft};
use crate::messages::{keys, relations as messages};
use crate::model::{FieldId, Link, ModelKind, Relation};

/// The relation by a join table between two ends that are both lists.
pub(super) fn resolve(
    draft: &Draft<'_>,
    name: Option<String>,
    first: EndDraft<'_, '_>,
    second: EndDraft<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let sides = [first, second];
    let lists_keys =
        |side: EndDraft<'_, '_>| side.argument("fields").is_some() && side.argument("references").is_some();
    if draft.provider.is_none() && sides.into_iter().all(lists_keys) {
        // Each end lists the ids of the other, which a document database can.
        return None;
    }
    let mut fits = true;
    let has_fields = sides.into_iter().any(|side| side.argument("fields").is_some());
    for side in sides {
        for argument in ["fields", "references", "onDelete", "onUpdate", "map"] {
            let Some(argument_span) = side.argument(argument).map(|argument| argument.span) else { continue };
            let severity = severity(draft.provider, argument);
            fits &= argument == "map";
            diagnostics.push(messages::argument_of_lists(argument_span, argument, side.path()).with_severity(severity));
        }
        if has_fields && side.argument("fields").is_none() {
            diagnostics.push(messages::list_opposite_foreign_key(side.field.span(), side.path()));
        }
    }
    if has_fields {
        return None;
    }
    if sides.into_iter().any(|side| side.model.kind == ModelKind::View) {
        for (side, other) in [(first, second), (second, first)] {
            diagnostics.push(keys::many_to_many_of_view(side.field.span(), side.path(), other.model.name()));
        }
        return None;
    }
    let is_swapped = if first.end.model == second.end.model {
        first.field.name() > second.field.name()
    } else {
        first.model.name() > second.model.name()
    };
    let (from, to) = if is_swapped { (second, first) } else { (first, second) };
    let (from_key, to_key) = (single_id(from, to, diagnostics), single_id(to, from, diagnostics));
    let table = match &name {
        Some(name) => format!("_{name}"),
        None => format!("_{}To{}", from.model.name(), to.model.name()),
    };
    let link = Link::JoinTable { table, from_key: from_key?, to_key: to_key? };
    fits.then_some(RelationDraft {
        relation: Relation { name, from: from.end, to: to.end, link },
        span: first.field.span(),
    })
}

/// The single field of a model's id, which the join table refers to.
fn single_id(side: EndDraft<'_, '_>, other: EndDraft<'_, '_>, diagnostics: &mut Vec<Diagnostic>) -> Option<FieldId> {
    let key = side.model.primary_key.as_ref();
    if let Some([column]) = key.map(|key| key.key.columns.as_slice()) {
        return Some(column.field);
    }
    // Without any key the model is reported already, or it has only unique ones.
    if !side.model.damaged {
        let id = advice::key(side.model).filter(|_| key.is_some());
        diagnostics.push(messages::many_to_many_id(other.field.span(), other.path(), side.model.name(), id.as_deref()));
    }
    None
}
