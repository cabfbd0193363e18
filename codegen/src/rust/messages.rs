//! What rustc says of a new row without a required foreign key, and of a condition that names no row by a unique key.
//!
//! A message of rustc's can only name what a schema has if its trait is in the generated code. Nothing implements these traits:
//! rustc looks for one where something is missing, and says its message.

use std::collections::HashSet;
use std::fmt::Write as _;

use heck::ToUpperCamelCase;
use purlin_query::catalog::{Arity, FieldIndex, FieldKind, Writes};

use super::layout;
use super::names::{ModelNames, Names, claim};

pub(super) fn write(out: &mut String, names: &Names<'_>) {
    out.push_str(
        "
/// What rustc says of a new row without a required foreign key, and of a condition that names no row.
#[rustfmt::skip]
mod messages {
",
    );
    let creates = |model: &&ModelNames<'_>| model.catalog.writes == Writes::All;
    if names.models.iter().filter(creates).any(|model| model.required_keys().next().is_some()) {
        out.push_str("    use purlin::field::Missing;\n\n");
    }
    let mut taken: HashSet<String> = names.models.iter().map(|model| model.lacks.clone()).collect();
    for model in &names.models {
        write_condition(out, model, &mut taken);
        if creates(&model) {
            write_keys(out, names, model, &mut taken);
        }
    }
    out.push_str("}\n");
}

/// A type for each required foreign key of a new row that the row lacks.
fn write_keys(out: &mut String, names: &Names<'_>, model: &ModelNames<'_>, taken: &mut HashSet<String>) {
    let (row, new) = (&model.row, &model.new_struct);
    let mut lacks = Vec::new();
    for (index, field) in model.required_keys() {
        let (of, given) = (&field.name, given(names, model, index));
        let [has, without] = ["Has", "Without"]
            .map(|word| claim(taken, format!("{}{word}{}", plain(row), plain(of).to_upper_camel_case())));
        let mut ways = vec![format!("`.set(|row| row.{of}.to(value))`")];
        ways.extend(given.iter().map(|(relation, target)| {
            let key = example(target).map(|key| format!("|{0}| {0}.{key}", target.accessor)).unwrap_or_default();
            format!("`.set(|row| row.{relation}.connect({key}))`")
        }));
        let relation = given.first().map_or(of.as_str(), |(relation, _)| relation);
        let texts = [
            format!("a new `{row}` needs its `{}`: `{}` is neither set nor connected", plain(relation), plain(of)),
            format!("`{}` is missing", plain(of)),
            format!("write {}", ways.join(" or ")),
        ];
        write_macro(out, "missing_key", &format!("{has} {without}"), &texts);
        lacks.push(format!("Missing<{without}<super::{new}>>"));
    }
    if !lacks.is_empty() {
        let list = lacks.into_iter().rev().fold("()".to_owned(), |rest, key| format!("({key}, {rest})"));
        let _ = writeln!(out, "    pub type {} = {list};", model.lacks);
    }
}

/// The relations of the model that hold this column, and where they lead: required ones first.
fn given<'a>(
    names: &'a Names<'_>,
    model: &'a ModelNames<'_>,
    column: FieldIndex,
) -> Vec<(&'a str, &'a ModelNames<'a>)> {
    let mut given: Vec<_> = model
        .fields
        .iter()
        .filter_map(|field| match &field.field.kind {
            FieldKind::Relation(relation) if relation.holds_key && relation.from.contains(&column) => {
                let target = names.models.get(usize::from(relation.target))?;
                let written = target.catalog.writes != Writes::None;
                written.then_some((relation.arity != Arity::One, &*field.name, target))
            }
            _ => None,
        })
        .collect();
    given.sort_by_key(|(optional, ..)| *optional);
    given.into_iter().map(|(_, name, target)| (name, target)).collect()
}

/// The unique keys of a model, by the names of their typed fields, and what each is equal to.
fn keys<'a>(model: &'a ModelNames<'_>) -> Vec<(&'a str, String)> {
    let alone = model.catalog.keys.iter().filter_map(|key| match &*key.fields {
        [field] => model.fields.get(usize::from(*field)).map(|field| (&*field.name, "value".to_owned())),
        _ => None,
    });
    let compound = model.keys.iter().map(|(name, key)| (&**name, format!("({})", parts(model, &key.fields))));
    alone.chain(compound).collect()
}

/// The equality of a unique key, as an example.
fn example(model: &ModelNames<'_>) -> Option<String> {
    keys(model).first().map(|(key, value)| format!("{key}.eq({value})"))
}

/// The unique keys, for a condition that is none.
fn write_condition(out: &mut String, model: &ModelNames<'_>, taken: &mut HashSet<String>) {
    let (row, name) = (&model.row, claim(taken, format!("{}Key", plain(&model.row))));
    let keys = keys(model);
    let message = match keys.as_slice() {
        [] => format!("this condition does not name one row of `{row}`, which has no unique key"),
        [(only, _)] => format!("this condition does not name one row of `{row}` by its unique key, `{only}`"),
        several => {
            let several: Vec<String> = several.iter().map(|(name, _)| format!("`{name}`")).collect();
            format!("this condition does not name one row of `{row}` by a unique key: {}", several.join(", "))
        }
    };
    let mut texts = vec![message];
    if let Some(key) = example(model) {
        texts.push(format!("write `|row| row.{key}`, and other conditions beside it by `&`"));
    }
    write_macro(out, "no_key", &format!("{name} super::{row},"), &texts);
}

/// The names of the columns of a key.
fn parts(model: &ModelNames<'_>, columns: &[FieldIndex]) -> String {
    let names = columns.iter().filter_map(|column| model.fields.get(usize::from(*column)));
    names.map(|field| &*field.name).collect::<Vec<_>>().join(", ")
}

/// A call of a macro of `purlin` that makes the traits of messages.
fn write_macro(out: &mut String, name: &str, types: &str, texts: &[String]) {
    let _ = writeln!(out, "    purlin::{name}! {{ {types}");
    for text in texts {
        let _ = writeln!(out, "        {}", layout::quoted(text));
    }
    out.push_str("    }\n");
}

/// A name as a text or a part of another name has it, without what made it unique or an identifier.
fn plain(name: &str) -> &str {
    name.trim_start_matches("r#").trim_end_matches('_')
}
