//! Advice to fix a relation: finished lines that work as they stand.

use super::relation_end::EndDraft;
use crate::draft::{Draft, FieldDraft, ModelDraft};
use crate::messages::FieldPath;
use crate::model::{Arity, FieldId};
use crate::names::invented;

/// The lines that make a relation field hold a foreign key.
pub(super) struct Holding {
    /// The columns to add, as lines: `authorId Int`.
    pub(super) columns: Vec<String>,
    /// `@relation("Name", fields: [authorId], references: [id])`
    pub(super) attribute: String,
}

/// A relation field that is to hold a foreign key.
pub(super) struct End<'a, 't> {
    pub(super) model: &'a ModelDraft<'t>,
    pub(super) field: &'a str,
    pub(super) arity: Arity,
    pub(super) uniqueness: Uniqueness,
}

/// The number of records that may have the same foreign key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Uniqueness {
    One,
    Many,
}

/// The lines that `end` needs to refer to `other`; `None` where `other` has no key to refer to.
pub(super) fn holding(
    draft: &Draft<'_>,
    end: End<'_, '_>,
    other: &ModelDraft<'_>,
    relation: Option<&str>,
) -> Option<Holding> {
    let mut columns = Vec::new();
    let (mut fields, mut references) = (Vec::new(), Vec::new());
    let key: Vec<_> = other.keys().next()?.fields().filter_map(|id| other.field(id)).collect();
    let unique = if end.uniqueness == Uniqueness::One && key.len() == 1 { " @unique" } else { "" };
    for part in &key {
        let column = format!("{}{}", end.field, invented::capital(part.name()));
        if !end.model.by_name.contains_key(column.as_str()) {
            let optional = if end.arity == Arity::Optional { "?" } else { "" };
            columns.push(self::column(draft, &column, optional, unique, part));
        }
        fields.push(column);
        references.push(part.name());
    }
    let (fields, references) = (fields.join(", "), references.join(", "));
    if end.uniqueness == Uniqueness::One && key.len() > 1 {
        columns.push(format!("@@unique([{fields}])"));
    }
    let name = relation.map(|name| format!("\"{name}\", ")).unwrap_or_default();
    Some(Holding { columns, attribute: format!("@relation({name}fields: [{fields}], references: [{references}])") })
}

/// The advice to add the foreign key of a relation at `side`, or, where there `is_choice`, at one of the two ends.
pub(super) fn foreign_key(
    draft: &Draft<'_>,
    side: EndDraft<'_, '_>,
    other: EndDraft<'_, '_>,
    relation: Option<&str>,
    is_choice: bool,
) -> String {
    let uniqueness = if is_choice { Uniqueness::One } else { Uniqueness::Many };
    let end = End { model: side.model, field: side.field.name(), arity: side.field.arity, uniqueness };
    let Some(Holding { columns, attribute }) = holding(draft, end, other.model, relation) else {
        return format!(
            "give `{}` an `@id`, and then add `@relation(fields: [..], references: [..])` here",
            other.model.name()
        );
    };
    let mut help = format!("write `{attribute}` here");
    if !columns.is_empty() {
        help = format!("{help}, and add {} to `{}`", quoted(&columns), side.model.name());
    }
    if is_choice {
        help = format!("at one of the two ends, {help}");
        if other.field.arity == Arity::Required {
            help = format!("{help}; `{}` becomes `{}?`", other.path(), side.model.name());
        }
    }
    help
}

/// The advice for a name in `fields:` that no field of `model` has; the relation leads to `target`.
pub(super) fn absent_column(
    draft: &Draft<'_>,
    name: &str,
    model: &ModelDraft<'_>,
    field: &FieldDraft<'_>,
    target: &ModelDraft<'_>,
) -> String {
    let words =
        |argument| field.attribute("relation").and_then(|relation| relation.words(argument)).unwrap_or_default();
    let place = words("fields").iter().position(|word| *word == name);
    let meant = place.and_then(|place| words("references").get(place).copied());
    let meant = meant.and_then(|word| target.by_name.get(word)).and_then(|id| target.field(*id));
    let key = || target.keys().next().and_then(|key| target.field(key.fields().nth(place.unwrap_or_default())?));
    let Some(part) = meant.filter(|field| field.column().is_some()).or_else(key) else {
        return format!("add the field `{name}` to `{}`, or name another one", model.name());
    };
    let optional = if field.arity == Arity::Optional { "?" } else { "" };
    format!("add `{}` to `{}`, or name another field", column(draft, name, optional, "", part), model.name())
}

/// The line of a column that holds a copy of `part`.
fn column(draft: &Draft<'_>, name: &str, optional: &str, unique: &str, part: &FieldDraft<'_>) -> String {
    let native = part.column().and_then(|column| column.native.as_ref()).zip(draft.datasource.as_ref());
    let native = native.map(|(native, prefix)| format!(" @{prefix}.{native}")).unwrap_or_default();
    format!("{name} {}{optional}{unique}{native}", part.syntax.ty.name.text)
}

/// The advice for a name in `references:` that no field of `target` has.
pub(super) fn absent_reference(name: &str, target: &ModelDraft<'_>) -> String {
    match key(target).map(|key| key.join(", ")) {
        Some(key) => format!("`{}` is identified by `{key}`: write `references: [{key}]`", target.name()),
        None => format!("add `{name}` to `{}` with `@id`, or name another field", target.name()),
    }
}

/// The fields of the key that others refer to `model` by: `id`, or `[tenantId, id]`.
pub(super) fn key<'t>(model: &ModelDraft<'t>) -> Option<Vec<&'t str>> {
    Some(model.keys().next()?.fields().filter_map(|id| model.field(id)).map(|field| field.name()).collect())
}

/// Names in a list of code: `` `a` and `b` ``.
pub(super) fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" and ")
}

/// The advice for an end whose foreign key is one too many: the other is at `other`.
pub(super) fn without_key(model: &ModelDraft<'_>, field: &FieldDraft<'_>, other: FieldPath<'_>) -> String {
    let columns =
        field.attribute("relation").and_then(|relation| relation.words("fields")).unwrap_or_default().join(", ");
    // Where it is the id, or holds more than the key, it stays.
    let is_id = model.primary_key.as_ref().and_then(|id| model.field(id.fields().next()?)).map(FieldDraft::name);
    let is_orphan = model.by_name.contains_key(columns.as_str()) && is_id != Some(columns.as_str());
    let orphan = if is_orphan { format!(", and remove `{columns}`") } else { String::new() };
    format!(
        "at one of the two ends: write `{} {}?` here{orphan}, so that the foreign key is at `{other}` alone",
        field.name(),
        field.syntax.ty.name.text
    )
}

/// The advice for a foreign key of `model` with another number of fields than `references`, those of `other`.
pub(super) fn as_many(model: &ModelDraft<'_>, other: &ModelDraft<'_>, references: &[FieldId]) -> String {
    let names = |fields: &[FieldId]| -> Vec<String> {
        fields.iter().filter_map(|id| other.field(*id)).map(|field| field.name().to_owned()).collect()
    };
    if other.has_key(references) {
        let absent = references.iter().filter_map(|id| other.field(*id));
        let absent = absent.filter(|field| !model.by_name.contains_key(field.name()));
        let add = absent.map(|field| format!("{} {}", field.name(), field.syntax.ty.name.text)).next();
        let add = add.map(|line| format!("; one that is missing can be added, such as `{line}`")).unwrap_or_default();
        let names = quoted(&names(references));
        return format!("name in `fields` one field of `{}` for each of {names}, in this order{add}", model.name());
    }
    let Some(id) = other.keys().next().map(|key| key.fields().collect::<Vec<_>>()) else {
        return format!("give `{}` an `@id`, and refer to that", other.name());
    };
    let id = names(&id);
    format!(
        "`{}` is identified by {}: write `references: [{}]`, and one field of `{}` for each in `fields`",
        other.name(),
        quoted(&id),
        id.join(", "),
        model.name()
    )
}

/// A relation field as it is written, in a relation that is called after the field `name`.
pub(super) fn named(field: &FieldDraft<'_>, name: &str) -> String {
    let modifier = match field.arity {
        Arity::List => "[]",
        Arity::Optional => "?",
        Arity::Required => "",
    };
    let relation = field.attribute("relation");
    let rest = ["fields", "references"].map(|argument| match relation.and_then(|bound| bound.words(argument)) {
        Some(words) => format!(", {argument}: [{}]", words.join(", ")),
        None => String::new(),
    });
    let (field, ty) = (field.name(), &field.syntax.ty.name.text);
    format!("`{field} {ty}{modifier} @relation(\"{}\"{})`", invented::capital(name), rest.concat())
}
