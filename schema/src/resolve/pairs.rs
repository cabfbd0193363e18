//! Which two relation fields make one relation.

use std::collections::HashMap;

use super::Draft;
use super::advice::{self, Holding, Uniqueness};
use super::draft::{FieldDraft, KindDraft, ModelDraft};
use crate::diagnostic::Diagnostic;
use crate::format::names;
use crate::model::{Arity, FieldId, ModelId, RelationEnd};

/// Two fields that are the ends of one relation.
pub(crate) struct Pair {
    pub(crate) name: Option<String>,
    pub(crate) first: RelationEnd,
    pub(crate) second: RelationEnd,
}

/// The relation fields between the same two models under the same name.
struct Group {
    name: Option<String>,
    models: (ModelId, ModelId),
    ends: Vec<RelationEnd>,
}

/// The pairs; fields without a partner, or with too many, are reported.
pub(crate) fn pair(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Pair> {
    groups(draft, diagnostics).into_iter().filter_map(|group| pair_of(draft, group, diagnostics)).collect()
}

fn groups(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<(ModelId, ModelId, Option<String>), usize> = HashMap::new();
    for (model, declaration) in draft.models() {
        for (index, field) in declaration.fields.iter().enumerate() {
            let KindDraft::Relation { target, .. } = field.kind else { continue };
            let name = field.attribute("relation").and_then(|relation| relation.string("name", diagnostics));
            let models = (model.min(target), model.max(target));
            let place = *places.entry((models.0, models.1, name.clone())).or_insert_with(|| {
                groups.push(Group { name, models, ends: Vec::new() });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.ends.push(RelationEnd { model, field: FieldId(index) });
            }
        }
    }
    groups
}

fn pair_of(draft: &Draft<'_>, group: Group, diagnostics: &mut Vec<Diagnostic>) -> Option<Pair> {
    let (lower, upper) = group.models;
    let is_self = lower == upper;
    let (mut ones, mut others) = group.ends.iter().partition::<Vec<_>, _>(|end| end.model == lower);
    if is_self {
        others = ones.split_off(ones.len().min(1));
    }
    match (ones.as_slice(), others.as_slice()) {
        ([first], [second]) if !is_self || group.name.is_some() => {
            Some(Pair { first: *first, second: *second, name: group.name })
        }
        ([first], [second, ..]) if is_self => {
            diagnostics.push(ambiguous(draft, &group, *first, *second));
            None
        }
        ([first, second, ..], _) | (_, [first, second, ..]) => {
            diagnostics.push(ambiguous(draft, &group, *first, *second));
            None
        }
        _ => {
            for end in &group.ends {
                missing(draft, *end, group.name.as_deref(), diagnostics);
            }
            None
        }
    }
}

fn get<'d, 't>(draft: &'d Draft<'t>, end: RelationEnd) -> Option<(&'d ModelDraft<'t>, &'d FieldDraft<'t>)> {
    let model = draft.model(end.model)?;
    Some((model, model.field(end.field)?))
}

fn ambiguous(draft: &Draft<'_>, group: &Group, first: RelationEnd, second: RelationEnd) -> Diagnostic {
    let (Some((model, field)), Some((_, other))) = (get(draft, first), get(draft, second)) else {
        return Diagnostic::error("ambiguous-relation", Default::default(), "a relation is ambiguous");
    };
    let (name, other_name) = (field.name(), other.name());
    let target = &field.syntax.ty.name.text;
    let span = field.span();
    match &group.name {
        Some(relation) => Diagnostic::error(
            "ambiguous-relation",
            span,
            format!(
                "more than two fields belong to the relation \"{relation}\" between `{}` and `{target}`",
                model.name(),
            ),
        )
        .label(format!("clashes with `{other_name}`"))
        .help(distinct(draft, group, first, field)),
        None if group.models.0 == group.models.1 => Diagnostic::error(
            "ambiguous-relation",
            span,
            format!(
                "fields `{name}` and `{other_name}` of `{}` both lead to `{target}` itself, so their relation needs a name",
                model.name(),
            ),
        )
        .label("the relation has no name")
        .help(format!(
            "write {} and {}, with a name of your choice",
            advice::named(field, other_name),
            advice::named(other, other_name)
        )),
        None => Diagnostic::error(
            "ambiguous-relation",
            span,
            format!(
                "fields `{name}` and `{other_name}` of `{}` both lead to `{target}`, so their relations need names",
                model.name(),
            ),
        )
        .label("which relation is this")
        .help(distinct(draft, group, first, field)),
    }
}

/// The advice to tell relations apart by their names.
fn distinct(draft: &Draft<'_>, group: &Group, end: RelationEnd, field: &FieldDraft<'_>) -> String {
    let advice = "give each relation a name of its own, the same at its two ends";
    match opposite(draft, group, end) {
        Some(back) => format!(
            "{advice}: for example {} and {}",
            advice::named(field, field.name()),
            advice::named(back, field.name())
        ),
        None => format!("{advice}: `@relation(\"Name\")`"),
    }
}

/// The field of the other model that stands at the place among its fields that `end` has among those of its own.
fn opposite<'d, 't>(draft: &'d Draft<'t>, group: &Group, end: RelationEnd) -> Option<&'d FieldDraft<'t>> {
    let place = group.ends.iter().filter(|other| other.model == end.model).position(|other| *other == end)?;
    let others = group.ends.iter().filter(|other| other.model != end.model);
    let other = others.clone().nth(place).or_else(|| others.clone().next())?;
    Some(get(draft, *other)?.1)
}

fn missing(draft: &Draft<'_>, end: RelationEnd, name: Option<&str>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((model, field)) = get(draft, end) else { return };
    let KindDraft::Relation { target, .. } = field.kind else { return };
    let Some(target) = draft.model(target) else { return };
    if target.incomplete {
        return;
    }
    let owns = field.attribute("relation").is_some_and(|relation| relation.get("fields").is_some());
    let is_self = std::ptr::eq(model, target);
    let what = name.map(|name| format!(" for the relation \"{name}\"")).unwrap_or_default();
    let help = way_back(draft, model, field, target, name.or(is_self.then_some("Name")), owns);
    let both = match (is_self, name) {
        (true, None) => format!(", and `@relation(\"Name\")` to `{}` as well", field.name()),
        (true, Some(_)) => String::new(),
        (false, _) => ", or let `purlin format` add it".to_owned(),
    };
    diagnostics.push(
        Diagnostic::error(
            "missing-back-relation",
            field.span(),
            format!(
                "field `{}.{}` has no field on the other side: `{}` does not lead back{what}",
                model.name(),
                field.name(),
                target.name()
            ),
        )
        .label(format!("no way back from `{}`", target.name()))
        .help(format!("{help}{both}")),
    );
}

/// What to add to `target`, so that it leads back to `field` of `model`.
fn way_back(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    field: &FieldDraft<'_>,
    target: &ModelDraft<'_>,
    relation: Option<&str>,
    owns: bool,
) -> String {
    let (one, many) = (names::field(model.name()), names::list(model.name()));
    let name = relation.map(|name| format!(" @relation(\"{name}\")")).unwrap_or_default();
    let (here, there) = (model.name(), target.name());
    match field.arity {
        _ if owns => format!("add to `{there}` a field such as `{many} {here}[]{name}`"),
        // Of a model to itself a list is more often one half of a many-to-many relation.
        Arity::List if std::ptr::eq(model, target) => {
            format!("add to `{there}` its other half, such as `{}Of {here}[]{name}`", field.name())
        }
        Arity::List => {
            let end = advice::End { model: target, field: &one, arity: Arity::Required, uniqueness: Uniqueness::Many };
            let single = match advice::holding(draft, end, model, relation) {
                Some(Holding { columns, attribute }) => {
                    let fields = [vec![format!("{one} {here} {attribute}")], columns].concat();
                    advice::quoted(&fields)
                }
                None => format!("`{one} {here}` with `@relation(fields: [..], references: [..])`"),
            };
            format!(
                "add to `{there}` {single} where each has one `{here}`, or `{many} {here}[]{name}` where it has many"
            )
        }
        Arity::Required | Arity::Optional => format!("add to `{there}` a field such as `{one} {here}?{name}`"),
    }
}
