//! Pairs of relation fields to relations: which end holds the foreign key, and over which columns.

use std::collections::{HashMap, HashSet};

use super::advice::{self, Holding, Uniqueness};
use super::index_parts::field;
use super::many_to_many;
use super::pairs::{Pair, pair};
use super::relation_end::Side;
use crate::attributes::{Bound, wrong_kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::Draft;
use crate::draft::{KindDraft, ModelDraft, RelationDraft};
use crate::model::{Action, Arity, End, FieldId, Link, ModelId, Provider, Relation, RelationId};
use crate::rules::{Rule, Stage};
use crate::suggest::closest;
use crate::syntax::ExpressionKind;

/// The spelling of each action.
pub(crate) const ACTIONS: [(&str, Action); 5] = [
    ("Cascade", Action::Cascade),
    ("Restrict", Action::Restrict),
    ("NoAction", Action::NoAction),
    ("SetNull", Action::SetNull),
    ("SetDefault", Action::SetDefault),
];

pub(crate) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut said_by = attributes(draft, diagnostics);
    for pair in pair(draft, diagnostics) {
        let Some(relation) = relation(draft, &mut said_by, pair, diagnostics) else { continue };
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

/// What a `@relation` says by itself; what is wrong in it is reported, and `None` here.
struct Said {
    fields: Option<Vec<FieldId>>,
    references: Option<Vec<FieldId>>,
    on_delete: Option<Action>,
    on_update: Option<Action>,
    map: Option<String>,
}

/// What each `@relation` says, by its field.
type SaidBy = HashMap<(ModelId, FieldId), Said>;

/// Reads each `@relation` by itself, whether or not its field finds a partner.
fn attributes(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) -> SaidBy {
    let mut said_by = SaidBy::new();
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
            if references.is_none() && is_in_doubled(draft, target, attribute) {
                diagnostics.truncate(before);
            }
            let said = Said {
                fields: columns(model, attribute, "fields", field.arity, &column, diagnostics),
                references,
                on_delete: action(attribute, "onDelete", diagnostics),
                on_update: action(attribute, "onUpdate", diagnostics),
                map: attribute.string("map", diagnostics),
            };
            said_by.insert((id, FieldId(index)), said);
        }
    }
    said_by
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

/// Whether `references` names fields that another model of the same name has: which of the two is meant is open.
fn is_in_doubled(draft: &Draft<'_>, target: &ModelDraft<'_>, attribute: &Bound<'_>) -> bool {
    let words = attribute.words("references").unwrap_or_default();
    !words.is_empty() && words.into_iter().all(|word| draft.doubled_members.contains(&(target.name(), word)))
}

fn relation(
    draft: &Draft<'_>,
    said_by: &mut SaidBy,
    pair: Pair,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let (first, second) = (Side::new(draft, pair.first)?, Side::new(draft, pair.second)?);
    if first.is_list() && second.is_list() {
        return many_to_many::resolve(draft, pair.name, first, second, diagnostics);
    }
    let (from, to) = match (first.foreign_key(), second.foreign_key()) {
        (Some(_), None) => (first, second),
        (None, Some(_)) => (second, first),
        (Some(one), Some(other)) => {
            let message =
                format!("both ends of the relation of `{}` and `{}` have `fields`", first.place(), second.place());
            let report = |span, help: &str| {
                Diagnostic::error(Rule::TwoForeignKeys, span, message.clone())
                    .label("one of two foreign keys")
                    .help(help)
            };
            let without = |list: Side<'_, '_>, other: Side<'_, '_>| {
                let name = list.argument("name").and(pair.name.as_ref());
                let name = name.map(|name| format!(" @relation(\"{name}\")")).unwrap_or_default();
                let (field, ty) = (list.field.name(), &list.field.syntax.ty.name.text);
                format!("write `{field} {ty}[]{name}` here: the foreign key is at `{}`", other.place())
            };
            // Beside a list it is clear which end is wrong; else either may be.
            match (first.is_list(), second.is_list()) {
                (true, _) => diagnostics.push(report(one.span, &without(first, second))),
                (_, true) => diagnostics.push(report(other.span, &without(second, first))),
                _ => {
                    for (span, side, other) in [(one.span, first, second), (other.span, second, first)] {
                        diagnostics.push(report(span, &advice::without_key(side.model, side.field, &other.place())));
                    }
                }
            }
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
        diagnostics.push(
            Diagnostic::error(
                Rule::ForeignKeyOnList,
                to.field.span(),
                format!("`{}` is the single end of its relation, but the foreign key is at the list", to.place()),
            )
            .label("`fields` and `references` missing")
            .related(argument.span, "on a list")
            .help(turned(from, "write here")),
        );
        diagnostics.push(
            Diagnostic::error(
                Rule::ForeignKeyOnList,
                argument.span,
                format!("`{}` is a list, so the foreign key is on the other side", from.place()),
            )
            .label("`fields` on a list")
            .help(format!(
                "{}, and remove `fields` and `references` here",
                turned(from, &format!("write at `{}`", to.place()))
            )),
        );
        return None;
    }
    misplaced(draft.provider, from, to, diagnostics);
    let said = said_by.remove(&(from.end.model, from.end.field))?;
    foreign_key(pair.name, said, from, to, diagnostics)
}

/// How bad an argument is at an end without the foreign key. A name is the name of nothing, which Prisma lets pass
/// where foreign keys have names at all.
pub(super) fn severity(provider: Option<Provider>, argument: &str) -> Severity {
    match (argument, provider) {
        ("map", Some(Provider::Sqlite)) => Severity::Error,
        ("map", _) => Severity::Warning,
        _ => Severity::Error,
    }
}

/// What the end without the foreign key says about it.
fn misplaced(provider: Option<Provider>, from: Side<'_, '_>, to: Side<'_, '_>, diagnostics: &mut Vec<Diagnostic>) {
    for name in ["references", "onDelete", "onUpdate", "map"] {
        let Some(argument) = to.argument(name) else { continue };
        let message = format!("`{name}` of `{}` belongs to the end with the foreign key", to.place());
        let severity = severity(provider, name);
        diagnostics.push(
            Diagnostic { severity, ..Diagnostic::error(Rule::MisplacedArgument, argument.span, message) }
                .label("the foreign key is on the other side")
                .help(match from.argument(name) {
                    Some(_) => format!("remove it: `{}` has one", from.place()),
                    None => format!("move it to `{}`", from.place()),
                }),
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
                    Rule::MisplacedArgument,
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

/// The `@relation` of the other end, when the arguments of this one, a list, are meant: the sides are swapped.
fn turned(list: Side<'_, '_>, write: &str) -> String {
    let names = |argument: &str| match list.attribute.and_then(|relation| relation.words(argument)) {
        Some(words) => words.join(", "),
        None => "..".to_owned(),
    };
    format!("{write} `@relation(fields: [{}], references: [{}])`", names("references"), names("fields"))
}

/// Reported at the end where the foreign key has to be: that beside a list, else either.
fn no_foreign_key(draft: &Draft<'_>, name: Option<&str>, first: Side<'_, '_>, second: Side<'_, '_>) -> Diagnostic {
    let (side, other) = if first.is_list() { (second, first) } else { (first, second) };
    let is_choice = !first.is_list() && !second.is_list();
    let diagnostic = Diagnostic::error(
        Rule::NoForeignKey,
        side.field.span(),
        format!("no end of the relation of `{}` and `{}` says where the foreign key is", first.place(), second.place()),
    )
    .label(if is_choice {
        "`fields` and `references` missing here or there"
    } else {
        "`fields` and `references` missing"
    });
    let uniqueness = if is_choice { Uniqueness::One } else { Uniqueness::Many };
    let end = advice::End { model: side.model, field: side.field.name(), arity: side.field.arity, uniqueness };
    let holding = advice::holding(draft, end, other.model, name);
    let Some(Holding { columns, attribute }) = holding else {
        return diagnostic.help(format!(
            "give `{}` an `@id`, and then add `@relation(fields: [..], references: [..])` here",
            other.model.name()
        ));
    };
    let mut help = format!("write `{attribute}` here");
    if !columns.is_empty() {
        help = format!("{help}, and add {} to `{}`", advice::quoted(&columns), side.model.name());
    }
    if is_choice {
        help = format!("at one of the two ends, {help}");
        if other.field.arity == Arity::Required {
            help = format!("{help}; `{}` becomes `{}?`", other.place(), side.model.name());
        }
    }
    diagnostic.help(help)
}

fn foreign_key(
    name: Option<String>,
    said: Said,
    from: Side<'_, '_>,
    to: Side<'_, '_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RelationDraft> {
    let attribute = from.attribute?;
    let Some(references) = from.argument("references") else {
        let report = |span, label: &str| {
            let message = format!("`@relation` of `{}` has `fields`, but no `references`", from.place());
            let diagnostic = Diagnostic::error(Rule::MissingArgument, span, message).at(Stage::Meaning).label(label);
            let key = advice::key(to.model).map_or_else(|| "..".to_owned(), |key| key.join(", "));
            diagnostic.help(format!("add `references: [{key}]`"))
        };
        diagnostics.push(report(attribute.span, "`references` missing"));
        if !to.is_list() {
            diagnostics.push(report(to.field.span(), "the other end"));
        }
        return None;
    };
    let Said { fields, references: referenced, on_delete, on_update, map } = said;
    let (columns, referenced) = (fields?, referenced?);
    if columns.len() != referenced.len() {
        diagnostics.push(
            Diagnostic::error(
                Rule::ForeignKeyLength,
                references.span,
                format!(
                    "`@relation` of `{}` has {} in `fields` and {} in `references`",
                    from.place(),
                    count(columns.len()),
                    count(referenced.len())
                ),
            )
            .label("not as many as `fields`")
            .help(advice::as_many(from.model, to.model, &referenced)),
        );
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

fn count(fields: usize) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
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
            diagnostics.push(wrong_kind(argument.value.span, &format!("`{name}`"), "a list of fields", other));
            return None;
        }
    };
    if items.is_empty() {
        let message = format!("`{name}` names no fields");
        diagnostics.push(match arity {
            Arity::List => Diagnostic::warning(Rule::EmptyKey, argument.value.span, message)
                .label("no effect")
                .help("remove the argument: a list holds no foreign key"),
            Arity::Required | Arity::Optional => Diagnostic::error(Rule::EmptyKey, argument.value.span, message)
                .label("at least one field is needed")
                .help("write the fields between the brackets"),
        });
        return None;
    }
    let mut seen = HashSet::new();
    let fields: Vec<Option<FieldId>> = items
        .iter()
        .map(|item| {
            let ExpressionKind::Word(word) = &item.kind else {
                diagnostics.push(wrong_kind(item.span, &format!("an entry of `{name}`"), "a field's name", &item.kind));
                return None;
            };
            let id = field(model, word, item, name, absent, diagnostics)?;
            if !seen.insert(id) {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::RepeatedField,
                        item.span,
                        format!("`{name}` names the field `{word}` twice"),
                    )
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
            Diagnostic::error(
                Rule::UnknownAction,
                argument.value.span,
                format!("`{name}`: there is no action `{word}`"),
            )
            .label("unknown action")
            .help(format!("there are {}", names.map(|name| format!("`{name}`")).join(", ")))
            .suggest(closest(word, names)),
        );
    } else {
        let found = &argument.value.kind;
        let diagnostic = wrong_kind(argument.value.span, &format!("`{name}`"), "an action such as `Cascade`", found);
        diagnostics.push(match found {
            ExpressionKind::String(text) => {
                let meant = ACTIONS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text));
                let meant = meant.map_or(text.as_str(), |(spelling, _)| spelling);
                diagnostic.help(format!("write it without quotes: `{meant}`"))
            }
            _ => diagnostic,
        });
    }
    None
}
