//! The keys and relations that a block declares, read from its syntax.

use std::collections::HashSet;

use crate::syntax::{Attribute, Block, Expression, ExpressionKind, Field, Member};

/// Keys with more columns are not repeated: no database has them, and each relation would be as long.
const MOST_COLUMNS: usize = 32;

/// The end of the line of the last field, where there is one.
pub(super) fn end_of_fields(text: &str, block: &Block) -> Option<usize> {
    let last = block.members.iter().rposition(|member| matches!(member, Member::Field(_)))?;
    let mut members = block.members.get(last..)?.iter();
    let Some(Member::Field(field)) = members.next() else { return None };
    let mut end = field.span.end;
    for member in members {
        let Member::Comment(comment) = member else { break };
        if text.get(end..comment.span.start)?.contains('\n') {
            break;
        }
        end = comment.span.end;
    }
    Some(end)
}

/// The `@relation` of a field.
pub(super) fn relation(field: &Field) -> Option<&Attribute> {
    field.attributes.iter().find(|attribute| attribute.name.text == "relation")
}

pub(super) fn argument<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a Expression> {
    let items = &attribute.arguments.as_ref()?.items;
    items.iter().find(|item| item.name.as_ref().is_some_and(|it| it.text == name)).map(|item| &item.value)
}

/// An argument that may be given by its name, or first.
fn leading<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a Expression> {
    let first = || attribute.arguments.as_ref()?.items.first().filter(|it| it.name.is_none()).map(|it| &it.value);
    argument(attribute, name).or_else(first)
}

/// The name of a relation.
pub(super) fn name_of(relation: &Attribute) -> Option<&str> {
    match &leading(relation, "name")?.kind {
        ExpressionKind::String(name) if !name.is_empty() => Some(name),
        _ => None,
    }
}

/// The names in a list such as `[a, b(sort: Desc)]`; `None` if something else is in it.
pub(super) fn words(list: &Expression) -> Option<Vec<&str>> {
    let ExpressionKind::List(items) = &list.kind else { return None };
    items
        .iter()
        .map(|item| match &item.kind {
            ExpressionKind::Word(word) => Some(word.as_str()),
            ExpressionKind::Call(name, _) => Some(name.text.as_str()),
            _ => None,
        })
        .collect()
}

/// The fields that name a row of the model: its primary key, or else its first unique key without optional fields.
pub(super) fn criterion(block: &Block) -> Option<Vec<&str>> {
    let primary = keys(block, "id").next();
    let key = primary.or_else(|| {
        let optional: HashSet<&str> =
            block.fields().filter(|field| field.ty.optional).map(|field| field.name.text.as_str()).collect();
        keys(block, "unique").find(|key| !key.iter().any(|field| optional.contains(field)))
    });
    key.filter(|key| key.len() <= MOST_COLUMNS)
}

/// The keys that `@name` and `@@name` declare.
pub(super) fn keys<'a>(block: &'a Block, name: &'static str) -> impl Iterator<Item = Vec<&'a str>> {
    let fields = block.fields().filter(move |field| field.attributes.iter().any(|it| it.name.text == name));
    let own = block.attributes().filter(move |attribute| attribute.name.text == name);
    fields
        .map(|field| vec![field.name.text.as_str()])
        .chain(own.filter_map(|attribute| words(leading(attribute, "fields")?)))
}
