//! What a schema may ask of SQLite and migrations cannot write yet: each is refused by its name, since a database
//! without it would not be what the schema describes.

use purlin_schema::model::{
    ColumnType, Default, FieldKind, IndexKind, IndexPart, Literal, Model, ModelKind, RelationMode, Schema,
};

use super::render::identifier;
use crate::Error;

/// Refuses a schema with something in it that cannot be written.
pub(crate) fn refuse(schema: &Schema) -> Result<(), Error> {
    if schema.datasource.as_ref().is_some_and(|source| source.relation_mode == RelationMode::Emulated) {
        return Err(unwritten("`relationMode = \"prisma\"` of the datasource".to_owned(), "remove it"));
    }
    // Views are neither created nor dropped.
    let tables = schema.models.iter().filter(|model| model.kind == ModelKind::Table);
    for model in tables {
        if let Some((what, remedy)) = of_model(model) {
            return Err(unwritten(what, &remedy));
        }
    }
    for enumeration in &schema.enums {
        let value = enumeration.values.iter().find(|value| value.was.is_some());
        if let Some(value) = value {
            return Err(unwritten(
                format!("the `@was` of `{}.{}`", enumeration.name, value.name),
                "remove the attribute, and change the rows by an UPDATE, in a migration that `purlin migrate dev --create-only \
                 --name rename` writes, or with `purlin db execute`",
            ));
        }
    }
    Ok(())
}

/// How to rename by hand; `sql` does it.
fn rename(sql: &str) -> String {
    format!(
        "remove the attribute, write a migration with `purlin migrate dev --create-only --name rename`, and put in place of \
         its statements: {sql}; without migrations, run that with `purlin db execute`"
    )
}

const BY_HAND: &str = "write it into a migration by hand, and leave it out of the schema";

fn of_model(model: &Model) -> Option<(String, String)> {
    let name = &model.name;
    if let Some(was) = &model.was {
        let (from, to) = (identifier(was), identifier(&model.table));
        return Some((format!("the `@@was` of {name}"), rename(&format!("ALTER TABLE {from} RENAME TO {to}"))));
    }
    if !model.checks.is_empty() {
        return Some((format!("the `@@check` of {name}"), BY_HAND.to_owned()));
    }
    for field in &model.fields {
        if let Some(was) = &field.was {
            let (from, to) = match &field.kind {
                FieldKind::Column(column) => (identifier(was), identifier(&column.name)),
                FieldKind::Relation(..) => (identifier(was), identifier(&field.name)),
            };
            let sql = format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", identifier(&model.table));
            return Some((format!("the `@was` of `{name}.{}`", field.name), rename(&sql)));
        }
    }
    for (_, field, column) in model.columns() {
        let text = match (&column.default, &column.ty) {
            (Some(Default::Literal(Literal::String(text)) | Default::Database(Some(text))), _) => text.as_str(),
            (_, ColumnType::Unsupported(text)) => text.as_str(),
            _ => "",
        };
        if text.contains('\0') {
            // SQL ends at it.
            return Some((format!("the NUL in the definition of `{name}.{}`", field.name), "leave it out".to_owned()));
        }
        if column.generated.is_some() {
            return Some((format!("the computed column `{name}.{}`", field.name), BY_HAND.to_owned()));
        }
    }
    if model.primary_key.iter().chain(&model.uniques).any(|key| key.predicate.is_some()) {
        return Some((format!("a unique key of {name} that is about some rows only (`where:`)"), BY_HAND.to_owned()));
    }
    for index in &model.indexes {
        let what = if index.predicate.is_some() {
            "an index of some rows only (`where:`)"
        } else if index.parts.iter().any(|part| matches!(part, IndexPart::Expression { .. })) {
            "an index over an expression"
        } else if index.kind != IndexKind::Normal {
            "an index that is no plain one"
        } else {
            continue;
        };
        return Some((format!("{what} of {name}"), BY_HAND.to_owned()));
    }
    None
}

fn unwritten(what: String, remedy: &str) -> Error {
    Error::unsupported(format!("migrations of SQLite cannot write {what} yet")).with_remedy(remedy)
}
