//! Pairs of relation fields to relations: which end holds the foreign key, and over which columns.

use super::Draft;
use super::draft::{FieldDraft, KindDraft, ModelDraft, RelationDraft};
use super::pairs::{Pair, pair};
use super::parts::field;
use crate::attributes::{Bound, wrong_kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Action, Arity, End, FieldId, Link, Relation, RelationEnd, RelationId};
use crate::rules::Stage;
use crate::suggest::closest;
use crate::syntax::{Argument, ExpressionKind};

/// The spelling of each action.
pub(crate) const ACTIONS: [(&str, Action); 5] = [
    ("Cascade", Action::Cascade),
    ("Restrict", Action::Restrict),
    ("NoAction", Action::NoAction),
    ("SetNull", Action::SetNull),
    ("SetDefault", Action::SetDefault),
];

pub(crate) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    attributes(draft, diagnostics);
    for pair in pair(draft, diagnostics) {
        let Some(relation) = relation(draft, pair, diagnostics) else { continue };
        let id = RelationId(draft.relations.len());
        let ends = [(relation.relation.from, End::From), (relation.relation.to, End::To)];
        for (end, which) in ends {
            let field = draft.models.get_mut(end.model.0).and_then(|model| model.fields.get_mut(end.field.0));
            if let Some(KindDraft::Relation { resolved, .. }) = field.map(|field| &mut field.kind) {
                *resolved = Some((id, which));
            }
        }
        draft.relations.push(relation);
    }
}

/// Judges what each `@relation` says by itself. The pairs take the same from it, and what they would report twice is
/// reported once.
fn attributes(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for model in &draft.models {
        for field in &model.fields {
            let (KindDraft::Relation { target, .. }, Some(attribute)) = (&field.kind, field.attribute("relation"))
            else {
                continue;
            };
            for (name, model) in [("fields", Some(model)), ("references", draft.model(*target))] {
                if let (Some(model), Some(argument)) = (model, attribute.get(name)) {
                    columns(model, argument, name, diagnostics);
                }
            }
            action(attribute, "onDelete", diagnostics);
            action(attribute, "onUpdate", diagnostics);
            attribute.string("map", diagnostics);
        }
    }
}

/// One end of a pair, with what is written there.
#[derive(Clone, Copy)]
struct Side<'d, 't> {
    end: RelationEnd,
    model: &'d ModelDraft<'t>,
    field: &'d FieldDraft<'t>,
    attribute: Option<&'d Bound<'t>>,
}

impl<'d, 't> Side<'d, 't> {
    fn new(draft: &'d Draft<'t>, end: RelationEnd) -> Option<Self> {
        let model = draft.model(end.model)?;
        let field = model.field(end.field)?;
        Some(Self { end, model, field, attribute: field.attribute("relation") })
    }

    fn argument(&self, name: &str) -> Option<&'t Argument> {
        self.attribute?.get(name)
    }

    fn is_list(&self) -> bool {
        self.field.arity == Arity::List
    }

    fn place(&self) -> String {
        format!("{}.{}", self.model.name(), self.field.name())
    }
}

fn relation(draft: &Draft<'_>, pair: Pair, diagnostics: &mut Vec<Diagnostic>) -> Option<RelationDraft> {
    let (first, second) = (Side::new(draft, pair.first)?, Side::new(draft, pair.second)?);
    if first.is_list() && second.is_list() {
        return join_table(draft, pair.name, first, second, diagnostics);
    }
    let (from, to) = match (first.argument("fields"), second.argument("fields")) {
        (Some(_), None) => (first, second),
        (None, Some(_)) => (second, first),
        (Some(_), Some(argument)) => {
            let message =
                format!("both ends of the relation of `{}` and `{}` have `fields`", first.place(), second.place());
            let report = |span, help: &str| {
                Diagnostic::error("two-foreign-keys", span, message.clone()).label("one of two foreign keys").help(help)
            };
            let spans = [first, second].map(|side| side.argument("fields").map_or(argument.span, |it| it.span));
            // Beside a list it is clear which end is wrong; else either may be.
            match (first.is_list(), second.is_list()) {
                (true, _) => diagnostics.push(report(spans[0], "the foreign key is on the other side: remove it here")),
                (_, true) => diagnostics.push(report(spans[1], "the foreign key is on the other side: remove it here")),
                _ => diagnostics
                    .extend(spans.map(|span| report(span, "remove `fields` and `references` at one of the two ends"))),
            }
            return None;
        }
        (None, None) => {
            let is_list = first.is_list() || second.is_list();
            diagnostics.push(no_foreign_key(first, second));
            if !is_list {
                diagnostics.push(no_foreign_key(second, first));
            }
            return None;
        }
    };
    if from.is_list() {
        let argument = from.argument("fields")?;
        diagnostics.push(
            Diagnostic::error(
                "foreign-key-on-list",
                to.field.span(),
                format!("`{}` is the single end of its relation, but the foreign key is at the list", to.place()),
            )
            .label("`fields` and `references` missing")
            .related(argument.span, "on a list")
            .help("move `fields` and `references` here"),
        );
        diagnostics.push(
            Diagnostic::error(
                "foreign-key-on-list",
                argument.span,
                format!("`{}` is a list, so the foreign key is on the other side", from.place()),
            )
            .label("`fields` on a list")
            .help(format!("move `fields` and `references` to `{}`", to.place())),
        );
        return None;
    }
    misplaced(from, to, diagnostics);
    foreign_key(pair.name, from, to, diagnostics)
}

/// What the end without the foreign key says about it.
fn misplaced(from: Side<'_, '_>, to: Side<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    for name in ["references", "onDelete", "onUpdate", "map"] {
        let Some(argument) = to.argument(name) else { continue };
        let message = format!("`{name}` of `{}` belongs to the end with the foreign key", to.place());
        // Prisma lets a name pass, which is the name of nothing.
        let severity = if name == "map" { Severity::Warning } else { Severity::Error };
        diagnostics.push(
            Diagnostic { severity, ..Diagnostic::error("misplaced-argument", argument.span, message) }
                .label("the foreign key is on the other side")
                .help(format!("move it to `{}`", from.place())),
        );
    }
    if to.is_list() {
        return;
    }
    // Of two single ends that say the same either may be wrong.
    for names in [&["references"][..], &["onDelete", "onUpdate"]] {
        let of = |side: Side<'_, '_>| names.iter().find_map(|name| side.argument(name)).map(|argument| argument.span);
        if let (Some(here), Some(there)) = (of(from), of(to)) {
            let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
            diagnostics.push(
                Diagnostic::error(
                    "misplaced-argument",
                    here,
                    format!(
                        "both `{}` and `{}` have {names}, but the relation has one foreign key",
                        from.place(),
                        to.place()
                    ),
                )
                .label("given at both ends")
                .related(there, "and here")
                .help(format!("remove it from `{}`", to.place())),
            );
        }
    }
}

/// Reported at the end where the foreign key has to be: that beside a list, else either.
fn no_foreign_key(first: Side<'_, '_>, second: Side<'_, '_>) -> Diagnostic {
    let (side, other) = if first.is_list() { (second, first) } else { (first, second) };
    Diagnostic::error(
        "no-foreign-key",
        side.field.span(),
        format!("no end of the relation of `{}` and `{}` says where the foreign key is", first.place(), second.place()),
    )
    .label("`fields` and `references` missing")
    .help(new_foreign_key(side, other, first.is_list() || second.is_list()))
}

/// What to write for a foreign key at `side`.
fn new_foreign_key(side: Side<'_, '_>, other: Side<'_, '_>, is_to_many: bool) -> String {
    let key = other.model.primary_key.as_ref().map(|key| key.key.columns.as_slice());
    let id = match key {
        Some([column]) => other.model.field(column.field),
        _ => None,
    };
    let is_plain = |id: &&FieldDraft<'_>| {
        id.syntax.ty.arguments.is_none() && id.attributes.native.is_none_or(|native| native.arguments.is_none())
    };
    let Some(id) = id.filter(is_plain) else {
        return format!(
            "add a scalar field to `{}` and `@relation(fields: [..], references: [..])` here, pointing at a key of `{}`",
            side.model.name(),
            other.model.name()
        );
    };
    let name = id.name();
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let column = format!("{}{first}{}", side.field.name(), letters.as_str());
    let optional = if side.field.arity == Arity::Optional { "?" } else { "" };
    let unique = if is_to_many { "" } else { " @unique" };
    let relation = match side.argument("name") {
        Some(_) => format!("`fields: [{column}], references: [{name}]` to the `@relation`"),
        None => format!("`@relation(fields: [{column}], references: [{name}])`"),
    };
    if side.model.by_name.contains_key(column.as_str()) {
        return format!("add {relation}");
    }
    let ty = &id.syntax.ty.name.text;
    let native = id.attributes.native.map(|native| format!(" @{}", native.name.text)).unwrap_or_default();
    format!("add {relation}, and a field `{column} {ty}{optional}{unique}{native}`")
}

fn foreign_key(
    name: Option<String>,
    from: Side<'_, '_>,
    to: Side<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let attribute = from.attribute?;
    let columns = columns(from.model, from.argument("fields")?, "fields", diagnostics);
    let Some(references) = from.argument("references") else {
        let report = |span, label: &str| {
            let message = format!("`@relation` of `{}` has `fields`, but no `references`", from.place());
            let diagnostic = Diagnostic::error("missing-argument", span, message).at(Stage::Meaning).label(label);
            diagnostic.help(format!("add `references: [..]` with a key of `{}`", to.model.name()))
        };
        diagnostics.push(report(attribute.span, "`references` missing"));
        if !to.is_list() {
            diagnostics.push(report(to.field.span(), "the other end"));
        }
        return None;
    };
    let references_list = self::columns(to.model, references, "references", diagnostics);
    let on_delete = action(attribute, "onDelete", diagnostics);
    let on_update = action(attribute, "onUpdate", diagnostics);
    let map = attribute.string("map", diagnostics);
    let (columns, references_list) = (columns?, references_list?);
    if columns.len() != references_list.len() {
        diagnostics.push(
            Diagnostic::error(
                "foreign-key-length",
                references.span,
                format!(
                    "`@relation` of `{}` has {} in `fields` and {} in `references`",
                    from.place(),
                    count(columns.len()),
                    count(references_list.len())
                ),
            )
            .label("not as many as `fields`")
            .help("each field refers to one field of the other model, in the same order"),
        );
        return None;
    }
    // An optional relation over a required column cannot be set to null either.
    let is_required = |id: &FieldId| from.model.field(*id).is_none_or(|field| field.arity == Arity::Required);
    let is_required = from.field.arity == Arity::Required || columns.iter().any(is_required);
    let default = if is_required { Action::Restrict } else { Action::SetNull };
    let link = Link::ForeignKey {
        columns,
        references: references_list,
        on_delete: on_delete.unwrap_or(default),
        on_update: on_update.unwrap_or(Action::Cascade),
        map,
    };
    Some(RelationDraft { relation: Relation { name, from: from.end, to: to.end, link }, span: attribute.span })
}

fn count(fields: usize) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
}

/// The columns that `fields:` or `references:` names.
fn columns(
    model: &ModelDraft<'_>,
    argument: &Argument,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<FieldId>> {
    let items = match &argument.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        ExpressionKind::Word(_) => std::slice::from_ref(&argument.value),
        other => {
            diagnostics.push(wrong_kind(argument.value.span, &format!("`{name}`"), "a list of fields", other));
            return None;
        }
    };
    if items.is_empty() {
        diagnostics.push(
            Diagnostic::error("empty-key", argument.value.span, format!("`{name}` names no fields"))
                .label("at least one field is needed")
                .help("write the fields between the brackets"),
        );
        return None;
    }
    let mut seen = std::collections::HashSet::new();
    let fields: Vec<Option<FieldId>> = items
        .iter()
        .map(|item| {
            let ExpressionKind::Word(word) = &item.kind else {
                diagnostics.push(wrong_kind(item.span, &format!("an entry of `{name}`"), "a field's name", &item.kind));
                return None;
            };
            let id = field(model, word, item, name, diagnostics)?;
            if !seen.insert(id) {
                diagnostics.push(
                    Diagnostic::error("repeated-field", item.span, format!("`{name}` names the field `{word}` twice"))
                        .label("the second time")
                        .help("remove one of them"),
                );
                return None;
            }
            Some(id)
        })
        .collect();
    fields.into_iter().collect()
}

fn action(attribute: &Bound<'_>, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Action> {
    let argument = attribute.get(name)?;
    if let ExpressionKind::Word(word) = &argument.value.kind {
        if let Some((_, action)) = ACTIONS.iter().find(|(spelling, _)| spelling == word) {
            return Some(*action);
        }
        let names = ACTIONS.map(|(spelling, _)| spelling);
        diagnostics.push(
            Diagnostic::error("unknown-action", argument.value.span, format!("`{name}`: there is no action `{word}`"))
                .label("unknown action")
                .help(format!("there are {}", names.map(|name| format!("`{name}`")).join(", ")))
                .suggest(closest(word, names)),
        );
    } else {
        diagnostics.push(wrong_kind(
            argument.value.span,
            &format!("`{name}`"),
            "an action such as `Cascade`",
            &argument.value.kind,
        ));
    }
    None
}

fn join_table(
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
            // Prisma lets a name pass, which is the name of nothing.
            let severity = if argument == "map" { Severity::Warning } else { Severity::Error };
            fits &= argument == "map";
            let message = format!(
                "`{argument}` of `{}`: both ends of the relation are lists, and no model holds a foreign key",
                side.place()
            );
            diagnostics.push(
                Diagnostic { severity, ..Diagnostic::error("misplaced-argument", argument_span, message) }
                    .label("not for a many-to-many relation")
                    .help("remove it, or write the join table as a model of its own"),
            );
        }
        if has_fields && side.argument("fields").is_none() {
            let message = format!("`{}` is the other end of a relation of lists that has `fields`", side.place());
            diagnostics.push(
                Diagnostic::error("misplaced-argument", side.field.span(), message)
                    .label("a list as well")
                    .help("remove the `fields` of the other end, or make this one a single record"),
            );
        }
    }
    if has_fields {
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
        let reason = if key.is_some() { "its id has several fields" } else { "it has no id" };
        diagnostics.push(
            Diagnostic::error(
                "many-to-many-id",
                other.field.span(),
                format!("`{}` cannot be a many-to-many relation with `{}`: {reason}", other.place(), side.model.name()),
            )
            .label("needs a single-field id on both sides")
            .help(format!("give `{}` an `@id`, or write the join table as a model of its own", side.model.name())),
        );
    }
    None
}
