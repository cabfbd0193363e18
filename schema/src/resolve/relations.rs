//! Pairs of relation fields to relations: which end holds the foreign key, and over which columns.

use std::collections::{HashMap, HashSet};

use super::advice;
use super::index_parts::field;
use super::many_to_many;
use super::pairs::{Pair, pair};
use super::relation_end::EndDraft;
use crate::attributes::Bound;
use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::{Draft, KindDraft, ModelDraft, RelationDraft};
use crate::messages::arguments::wrong_value;
use crate::messages::{keys, relations as messages};
use crate::model::{Action, Arity, End, FieldId, Link, ModelId, Provider, Relation, RelationId};
use crate::source::Span;
use crate::syntax::ExpressionKind;

pub(crate) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut arguments_of = attributes(draft, diagnostics);
    for pair in pair(draft, diagnostics) {
        let Some(relation) = relation(draft, &mut arguments_of, pair, diagnostics) else { continue };
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

/// The arguments of a `@relation`; one that is wrong by itself is reported, and `None` here.
struct RelationArguments {
    fields: Option<Vec<FieldId>>,
    references: Option<Vec<FieldId>>,
    on_delete: Option<Action>,
    on_update: Option<Action>,
    map: Option<String>,
}

/// The arguments of each `@relation`, by its field.
type ArgumentsOf = HashMap<(ModelId, FieldId), RelationArguments>;

/// Reads each `@relation` by itself, whether or not its field finds a partner.
fn attributes(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) -> ArgumentsOf {
    let mut arguments_of = ArgumentsOf::new();
    for (id, model) in draft.models() {
        for (index, field) in model.fields.iter().enumerate() {
            let (KindDraft::Relation { target, .. }, Some(attribute)) = (&field.kind, field.attribute("relation"))
            else {
                continue;
            };
            let Some(target) = draft.model(*target) else { continue };
            let column = |name: &str| advice::absent_column(draft, name, model, field, target);
            let reference = |name: &str| advice::absent_reference(name, target);
            let before = diagnostics.len();
            let references = columns(target, attribute, "references", Arity::Required, &reference, diagnostics);
            if references.is_none() && is_in_duplicate(draft, target, attribute) {
                diagnostics.truncate(before);
            }
            let arguments = RelationArguments {
                fields: columns(model, attribute, "fields", field.arity, &column, diagnostics),
                references,
                on_delete: action(attribute, "onDelete", diagnostics),
                on_update: action(attribute, "onUpdate", diagnostics),
                map: attribute.string("map", diagnostics),
            };
            arguments_of.insert((id, FieldId(index)), arguments);
        }
    }
    arguments_of
}

/// Reads a `@relation` whose models are open: what is wrong in it whatever they are is reported.
pub(super) fn by_itself(attribute: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for name in ["name", "map"] {
        let _ = attribute.string(name, diagnostics);
    }
    for name in ["onDelete", "onUpdate"] {
        let _ = action(attribute, name, diagnostics);
    }
}

/// Returns whether `references` names fields that another model of the same name has: which of the two is meant is
/// open.
fn is_in_duplicate(draft: &Draft<'_>, target: &ModelDraft<'_>, attribute: &Bound<'_>) -> bool {
    let words = attribute.words("references").unwrap_or_default();
    !words.is_empty() && words.into_iter().all(|word| draft.duplicated_members.contains(&(target.name(), word)))
}

fn relation(
    draft: &Draft<'_>,
    arguments_of: &mut ArgumentsOf,
    pair: Pair,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let (first, second) = (EndDraft::new(draft, pair.first)?, EndDraft::new(draft, pair.second)?);
    if first.is_list() && second.is_list() {
        return many_to_many::resolve(draft, pair.name, first, second, diagnostics);
    }
    let (from, to) = match (first.foreign_key(), second.foreign_key()) {
        (Some(_), None) => (first, second),
        (None, Some(_)) => (second, first),
        (Some(one), Some(other)) => {
            two_foreign_keys(pair.name.as_deref(), (first, one.span), (second, other.span), diagnostics);
            return None;
        }
        (None, None) => {
            let is_list = first.is_list() || second.is_list();
            diagnostics.push(no_foreign_key(draft, pair.name.as_deref(), first, second));
            if !is_list {
                diagnostics.push(no_foreign_key(draft, pair.name.as_deref(), second, first));
            }
            return None;
        }
    };
    if from.is_list() {
        let argument = from.argument("fields")?;
        let here = turned(from, "write here");
        diagnostics.push(messages::foreign_key_belongs_here(to.field.span(), to.path(), argument.span, here));
        let there = turned(from, &format!("write at `{}`", to.path()));
        let there = format!("{there}, and remove `fields` and `references` here");
        diagnostics.push(messages::foreign_key_on_list(argument.span, from.path(), there));
        return None;
    }
    misplaced(draft.provider, from, to, diagnostics);
    let arguments = arguments_of.remove(&(from.end.model, from.end.field))?;
    foreign_key(pair.name, arguments, from, to, diagnostics)
}

/// Reports that both ends have `fields`: beside a list it is clear which end is wrong; else either may be.
fn two_foreign_keys(
    name: Option<&str>,
    (first, first_span): (EndDraft<'_, '_>, Span),
    (second, second_span): (EndDraft<'_, '_>, Span),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let report = |span, help| messages::two_foreign_keys(span, first.path(), second.path(), help);
    let without = |list: EndDraft<'_, '_>, other: EndDraft<'_, '_>| {
        let name = list.argument("name").and(name);
        let name = name.map(|name| format!(" @relation(\"{name}\")")).unwrap_or_default();
        let (field, ty) = (list.field.name(), &list.field.syntax.ty.name.text);
        format!("write `{field} {ty}[]{name}` here: the foreign key is at `{}`", other.path())
    };
    match (first.is_list(), second.is_list()) {
        (true, _) => diagnostics.push(report(first_span, without(first, second))),
        (_, true) => diagnostics.push(report(second_span, without(second, first))),
        _ => {
            for (span, side, other) in [(first_span, first, second), (second_span, second, first)] {
                diagnostics.push(report(span, advice::without_key(side.model, side.field, other.path())));
            }
        }
    }
}

/// The severity of an argument at the end without the foreign key. A name there is the name of nothing, which Prisma
/// accepts where foreign keys have names at all.
pub(super) fn severity(provider: Option<Provider>, argument: &str) -> Severity {
    match (argument, provider) {
        ("map", Some(Provider::Sqlite)) => Severity::Error,
        ("map", _) => Severity::Warning,
        _ => Severity::Error,
    }
}

/// Reports the arguments about the foreign key at the end without it.
fn misplaced(
    provider: Option<Provider>,
    from: EndDraft<'_, '_>,
    to: EndDraft<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for name in ["references", "onDelete", "onUpdate", "map"] {
        let Some(argument) = to.argument(name) else { continue };
        let is_at_both = from.argument(name).is_some();
        diagnostics.push(
            messages::argument_at_wrong_end(argument.span, name, to.path(), from.path(), is_at_both)
                .with_severity(severity(provider, name)),
        );
    }
    if to.is_list() {
        return;
    }
    // Of two single ends that say the same either may be wrong.
    for names in [&["references"][..], &["onDelete", "onUpdate"]] {
        let of =
            |side: EndDraft<'_, '_>| names.iter().find_map(|name| side.argument(name)).map(|argument| argument.span);
        if let (Some(here), Some(there)) = (of(from), of(to)) {
            diagnostics.push(messages::arguments_at_both_ends(here, there, names, from.path(), to.path()));
        }
    }
}

/// The `@relation` of the other end, when the arguments of this one, a list, are meant: the sides are swapped.
fn turned(list: EndDraft<'_, '_>, write: &str) -> String {
    let names = |argument: &str| match list.attribute.and_then(|relation| relation.words(argument)) {
        Some(words) => words.join(", "),
        None => "..".to_owned(),
    };
    format!("{write} `@relation(fields: [{}], references: [{}])`", names("references"), names("fields"))
}

/// Reported at the end where the foreign key has to be: that beside a list, else either.
fn no_foreign_key(
    draft: &Draft<'_>,
    name: Option<&str>,
    first: EndDraft<'_, '_>,
    second: EndDraft<'_, '_>,
) -> Diagnostic {
    let (side, other) = if first.is_list() { (second, first) } else { (first, second) };
    let is_choice = !first.is_list() && !second.is_list();
    let help = advice::foreign_key(draft, side, other, name, is_choice);
    messages::no_foreign_key(side.field.span(), first.path(), second.path(), is_choice, help)
}

fn foreign_key(
    name: Option<String>,
    arguments: RelationArguments,
    from: EndDraft<'_, '_>,
    to: EndDraft<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let attribute = from.attribute?;
    let Some(references) = from.argument("references") else {
        let key = advice::key(to.model);
        let report = |span, label| messages::missing_references(span, label, from.path(), key.as_deref());
        diagnostics.push(report(attribute.span, "`references` is missing"));
        if !to.is_list() {
            diagnostics.push(report(to.field.span(), "the other end"));
        }
        return None;
    };
    let RelationArguments { fields, references: referenced, on_delete, on_update, map } = arguments;
    let (columns, referenced) = (fields?, referenced?);
    if columns.len() != referenced.len() {
        let lengths = (columns.len(), referenced.len());
        let help = advice::as_many(from.model, to.model, &referenced);
        diagnostics.push(messages::foreign_key_length(references.span, from.path(), lengths, help));
        return None;
    }
    // An optional relation over a required column cannot be set to null either.
    let is_required = |id: &FieldId| from.model.field(*id).is_none_or(|field| field.arity == Arity::Required);
    let is_required = from.field.arity == Arity::Required || columns.iter().any(is_required);
    let default = if is_required { Action::Restrict } else { Action::SetNull };
    let link = Link::ForeignKey {
        columns,
        references: referenced,
        on_delete: on_delete.unwrap_or(default),
        on_update: on_update.unwrap_or(Action::Cascade),
        map,
    };
    Some(RelationDraft { relation: Relation { name, from: from.end, to: to.end, link }, span: attribute.span })
}

/// The columns that `fields:` or `references:` names; `absent` says what to do about a name that no field has.
fn columns(
    model: &ModelDraft<'_>,
    attribute: &Bound<'_>,
    name: &str,
    arity: Arity,
    absent: &dyn Fn(&str) -> String,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<FieldId>> {
    let argument = attribute.get(name)?;
    let items = match &argument.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        ExpressionKind::Word(_) => std::slice::from_ref(&argument.value),
        other => {
            diagnostics.push(wrong_value(argument.value.span, &format!("`{name}`"), "a list of fields", other));
            return None;
        }
    };
    if items.is_empty() {
        let span = argument.value.span;
        diagnostics.push(match arity {
            Arity::List => keys::argument_without_fields_on_list(span, name),
            Arity::Required | Arity::Optional => keys::argument_without_fields(span, name),
        });
        return None;
    }
    let mut seen = HashSet::new();
    let fields: Vec<Option<FieldId>> = items
        .iter()
        .map(|item| {
            let ExpressionKind::Word(word) = &item.kind else {
                diagnostics.push(wrong_value(
                    item.span,
                    &format!("an entry of `{name}`"),
                    "a field's name",
                    &item.kind,
                ));
                return None;
            };
            let id = field(model, word, item, name, absent, diagnostics)?;
            if !seen.insert(id) {
                diagnostics.push(keys::field_named_twice(item.span, name, word));
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
        if let Some(action) = Action::from_name(word) {
            return Some(action);
        }
        diagnostics.push(messages::unknown_action(argument.value.span, name, word));
    } else {
        let found = &argument.value.kind;
        let diagnostic = wrong_value(argument.value.span, &format!("`{name}`"), "an action such as `Cascade`", found);
        diagnostics.push(match found {
            ExpressionKind::String(text) => {
                let meant = Action::ALL.map(Action::name).into_iter().find(|name| name.eq_ignore_ascii_case(text));
                let meant = meant.unwrap_or(text);
                diagnostic.help(format!("write it without quotes: `{meant}`"))
            }
            _ => diagnostic,
        });
    }
    None
}
