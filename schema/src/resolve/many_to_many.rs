//! Many-to-many relations: two lists, and a join table that no model holds.

use super::advice;
use super::relation_end::Side;
use super::relations::severity;
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, RelationDraft};
use crate::model::{FieldId, Link, ModelKind, Relation};
use crate::rules::Rule;

/// The relation by a join table between two ends that are both lists.
pub(super) fn resolve(
    draft: &Draft<'_>,
    name: Option<String>,
    first: Side<'_, '_>,
    second: Side<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let sides = [first, second];
    let lists_keys = |side: Side<'_, '_>| side.argument("fields").is_some() && side.argument("references").is_some();
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
            let message = format!(
                "`{argument}` of `{}`: both ends of the relation are lists, and no model holds a foreign key",
                side.place()
            );
            diagnostics.push(
                Diagnostic { severity, ..Diagnostic::error(Rule::MisplacedArgument, argument_span, message) }
                    .label("not for a many-to-many relation")
                    .help("remove it, or write the join table as a model of its own"),
            );
        }
        if has_fields && side.argument("fields").is_none() {
            let message = format!("`{}` is the other end of a relation of lists that has `fields`", side.place());
            diagnostics.push(
                Diagnostic::error(Rule::MisplacedArgument, side.field.span(), message)
                    .label("a list as well")
                    .help("remove the `fields` of the other end, or make this one a single record"),
            );
        }
    }
    if has_fields {
        return None;
    }
    if sides.into_iter().any(|side| side.model.kind == ModelKind::View) {
        for (side, other) in [(first, second), (second, first)] {
            diagnostics.push(
                Diagnostic::error(
                    Rule::ViewConstraint,
                    side.field.span(),
                    format!(
                        "`{}` cannot be a many-to-many relation with `{}`: a view has no join table",
                        side.place(),
                        other.model.name()
                    ),
                )
                .label("a relation of a view")
                .help("write the join table as a model of its own, or as part of the view"),
            );
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
fn single_id(side: Side<'_, '_>, other: Side<'_, '_>, diagnostics: &mut Vec<Diagnostic>) -> Option<FieldId> {
    let key = side.model.primary_key.as_ref();
    if let Some([column]) = key.map(|key| key.key.columns.as_slice()) {
        return Some(column.field);
    }
    // Without any key the model is reported already, or it has only unique ones.
    if !side.model.damaged {
        let model = side.model.name();
        let (reason, help) = match advice::key(side.model).filter(|_| key.is_some()) {
            Some(fields) => (
                "its id has several fields",
                format!(
                    "replace `@@id([{0}])` of `{model}` by `@@unique([{0}])` and a field `id Int @id @default(autoincrement())`",
                    fields.join(", ")
                ),
            ),
            None => ("it has no id", format!("give `{model}` an `@id`")),
        };
        diagnostics.push(
            Diagnostic::error(
                Rule::ManyToManyId,
                other.field.span(),
                format!("`{}` cannot be a many-to-many relation with `{model}`: {reason}", other.place()),
            )
            .label("needs a single-field id on both sides")
            .help(format!("{help}, or write the join table as a model of its own")),
        );
    }
    None
}
