//! The pairing of relation fields: two of them make one relation.

use std::collections::{HashMap, HashSet};

use super::advice::{self, Holding, Uniqueness};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, KindDraft, ModelDraft};
use crate::messages::relations as messages;
use crate::model::{Arity, FieldId, ModelId, RelationEnd};
use crate::names::invented;

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
    let mut groups = groups(draft, diagnostics);
    for (named, unnamed) in taken(draft, &groups) {
        if let (Some(named), Some(unnamed)) = (groups.get(named), groups.get(unnamed)) {
            diagnostics.extend(name_taken(draft, named, unnamed));
        }
        // Which field belongs to which of the two is open.
        for place in [named, unnamed] {
            if let Some(group) = groups.get_mut(place) {
                group.ends.clear();
            }
        }
    }
    let mut offered = HashSet::new();
    groups.into_iter().filter_map(|group| pair_of(draft, group, &mut offered, diagnostics)).collect()
}

/// The names of fields that were proposed: no two proposals are to clash.
type Offered = HashSet<(ModelId, String)>;

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

/// The groups whose name is the one that another group, without a name, has by default: places of both.
fn taken(draft: &Draft<'_>, groups: &[Group]) -> Vec<(usize, usize)> {
    let mut named: HashMap<((ModelId, ModelId), &str), usize> = HashMap::new();
    for (place, group) in groups.iter().enumerate() {
        if let Some(name) = &group.name {
            named.insert((group.models, name), place);
        }
    }
    let unnamed = groups.iter().enumerate().filter(|(_, group)| group.name.is_none());
    let pairs = unnamed.filter_map(|(place, group)| {
        let name = default_name(draft, group.models)?;
        let other = *named.get(&(group.models, name.as_str()))?;
        // One field of each model is the two ends of one relation, only with its name missing at one of them.
        let ends = [groups.get(other)?, group].into_iter().flat_map(|group| &group.ends);
        let mut models = HashMap::new();
        ends.for_each(|end| *models.entry(end.model).or_insert(0_usize) += 1);
        models.into_values().any(|count| count > 1).then_some((other, place))
    });
    pairs.collect()
}

/// The name of a relation without a name: `AToB`, in the order of the models' names.
fn default_name(draft: &Draft<'_>, models: (ModelId, ModelId)) -> Option<String> {
    let (one, other) = (draft.model(models.0)?.name(), draft.model(models.1)?.name());
    Some(if one <= other { format!("{one}To{other}") } else { format!("{other}To{one}") })
}

/// Reports a name that two relations have: the one by default, the other because it is written.
fn name_taken(draft: &Draft<'_>, named: &Group, unnamed: &Group) -> Option<Diagnostic> {
    let name = named.name.as_deref()?;
    let is_self = named.models.0 == named.models.1;
    let first = |model: ModelId| {
        let of = |group: &Group| group.ends.iter().filter(|end| end.model == model).copied().collect::<Vec<_>>();
        let (with, without) = (of(named), of(unnamed));
        if with.len() + without.len() < 2 {
            return None;
        }
        // Two fields of a model that refers to itself may be the two ends, and then the one without the name is wrong.
        let all = if is_self && with.len() + without.len() == 2 { without } else { [with, without].concat() };
        all.into_iter().min_by_key(|end| end.field)
    };
    let end = first(named.models.0).or_else(|| first(named.models.1))?;
    let (model, field) = get(draft, end)?;
    let (_, with) = get(draft, *named.ends.first()?)?;
    let (owner, without) = get(draft, *unnamed.ends.first()?)?;
    let unnamed = (owner.path(without), without.span());
    Some(messages::name_taken(field.span(), model.name(), name, unnamed, with.span()))
}

fn pair_of(draft: &Draft<'_>, group: Group, offered: &mut Offered, diagnostics: &mut Vec<Diagnostic>) -> Option<Pair> {
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
            diagnostics.extend(ambiguous(draft, &group, *first, *second));
            None
        }
        ([first, second, ..], _) | (_, [first, second, ..]) => {
            diagnostics.extend(ambiguous(draft, &group, *first, *second));
            None
        }
        _ => {
            for end in &group.ends {
                missing(draft, *end, group.name.as_deref(), offered, diagnostics);
            }
            None
        }
    }
}

fn get<'d, 't>(draft: &'d Draft<'t>, end: RelationEnd) -> Option<(&'d ModelDraft<'t>, &'d FieldDraft<'t>)> {
    let model = draft.model(end.model)?;
    Some((model, model.field(end.field)?))
}

fn ambiguous(draft: &Draft<'_>, group: &Group, first: RelationEnd, second: RelationEnd) -> Option<Diagnostic> {
    let ((model, field), (_, other)) = (get(draft, first)?, get(draft, second)?);
    let names = (field.name(), other.name());
    let (span, target) = (field.span(), &field.syntax.ty.name.text);
    Some(match &group.name {
        Some(relation) => {
            let help = distinct(draft, group, first, field);
            messages::too_many_fields(span, relation, model.name(), target, other.name(), help)
        }
        None if group.models.0 == group.models.1 => {
            let named = |field| advice::named(field, other.name());
            let help = format!("write {} and {}, with a name of your choice", named(field), named(other));
            messages::self_relation_without_name(span, model.name(), names, help)
        }
        None => {
            let help = distinct(draft, group, first, field);
            messages::relations_without_names(span, model.name(), target, names, help)
        }
    })
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

fn missing(
    draft: &Draft<'_>,
    end: RelationEnd,
    name: Option<&str>,
    offered: &mut Offered,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some((model, field)) = get(draft, end) else { return };
    let KindDraft::Relation { target: id, .. } = field.kind else { return };
    let Some(target) = draft.model(id) else { return };
    if target.may_lead_to(model.name()) {
        return;
    }
    let relation = field.attribute("relation");
    let owns = relation.is_some_and(|relation| relation.get("fields").is_some());
    let columns = relation.and_then(|relation| relation.words("fields")).unwrap_or_default();
    let columns: Vec<FieldId> = columns.iter().filter_map(|name| model.by_name.get(*name).copied()).collect();
    // A key that is unique belongs to at most one record of the other model.
    let owns_many = owns && !model.has_key(&columns);
    let is_self = std::ptr::eq(model, target);
    let free = |wanted: String| {
        let is_taken = |name: &str| target.by_name.contains_key(name) || offered.contains(&(id, name.to_owned()));
        invented::free(wanted, field.name(), is_taken)
    };
    let back = Back { one: free(invented::field(model.name())), many: free(invented::list(model.name())) };
    let help = way_back(draft, model, field, target, name.or(is_self.then_some("Name")), owns_many, &back);
    offered.extend([(id, back.one), (id, back.many)]);
    let both = match (is_self, name) {
        (true, None) => format!(", and `@relation(\"Name\")` to `{}` as well", field.name()),
        (true, Some(_)) | (false, _) => String::new(),
    };
    let help = format!("{help}{both}");
    diagnostics.push(messages::missing_back_relation(field.span(), model.path(field), target.name(), name, help));
}

/// The names that a field that leads back can have.
struct Back {
    one: String,
    many: String,
}

/// The advice to add a field to `target` that leads back to `field` of `model`.
fn way_back(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    field: &FieldDraft<'_>,
    target: &ModelDraft<'_>,
    relation: Option<&str>,
    owns_many: bool,
    Back { one, many }: &Back,
) -> String {
    let name = relation.map(|name| format!(" @relation(\"{name}\")")).unwrap_or_default();
    let (here, there) = (model.name(), target.name());
    match field.arity {
        _ if owns_many => format!("add to `{there}` a field such as `{many} {here}[]{name}`"),
        // Of a model to itself a list is more often one half of a many-to-many relation.
        Arity::List if std::ptr::eq(model, target) => {
            format!("add to `{there}` its other half, such as `{}Of {here}[]{name}`", field.name())
        }
        Arity::List => {
            let end = advice::End { model: target, field: one, arity: Arity::Required, uniqueness: Uniqueness::Many };
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
