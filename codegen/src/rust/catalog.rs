//! The catalog, as constants: a table, a line a field.

use std::fmt::Write as _;

use purlin_query::catalog::{Catalog, Column, Default, FieldIndex, FieldKind, Relation};

use super::layout::quoted;
use super::model::catalog_type;
use super::names::Names;

pub(super) fn write(out: &mut String, names: &Names<'_>, catalog: &Catalog) {
    let _ = write!(
        out,
        "
/// What the engine knows of the schema.
static CATALOG: {0} = {0}::new(catalog::MODELS, catalog::ENUMS);

#[rustfmt::skip]
mod catalog {{
    use purlin::catalog::*;

    pub(super) const MODELS: &[Model] = &[
",
        names.purlin("Catalog")
    );
    for model in catalog.models.iter() {
        let _ = writeln!(out, "        Model::new({}, {}, const {{ &[", quoted(&model.name), quoted(&model.table));
        for field in model.fields.iter() {
            let name = quoted(&field.name);
            let _ = match &field.kind {
                FieldKind::Column(column) => {
                    writeln!(out, "            Field::column({name}, {}),", lay_column(column))
                }
                FieldKind::Relation(relation) => {
                    writeln!(out, "            Field::relation({name}, {}),", lay_relation(relation))
                }
            };
        }
        let keys: Vec<String> =
            model.keys.iter().map(|key| format!("Key::new({}, {})", quoted(&key.name), places(&key.fields))).collect();
        let _ = writeln!(out, "        ] }}, const {{ &[{}] }}),", keys.join(", "));
    }
    out.push_str("    ];\n\n    pub(super) const ENUMS: &[Enum] = &[\n");
    for item in catalog.enums.iter() {
        let _ = writeln!(out, "        Enum::new({}, const {{ &[", quoted(&item.name));
        for value in item.values.iter() {
            let _ = writeln!(out, "            EnumValue::new({}, {}),", quoted(&value.name), quoted(&value.db_name));
        }
        out.push_str("        ] }),\n");
    }
    out.push_str("    ];\n}\n");
}

fn lay_column(column: &Column) -> String {
    let mut text = format!("Column::new({}, {})", quoted(&column.name), catalog_type(column.ty));
    if column.nullable {
        text.push_str(".nullable()");
    }
    let default = match column.default {
        Default::None => String::new(),
        Default::Uuid(version) => format!(".default(Default::Uuid({version}))"),
        Default::Cuid(version) => format!(".default(Default::Cuid({version}))"),
        Default::Nanoid(length) => format!(".default(Default::Nanoid({length}))"),
        Default::Database | Default::Autoincrement | Default::Now | Default::Ulid => {
            format!(".default(Default::{:?})", column.default)
        }
    };
    text.push_str(&default);
    if column.updated_at {
        text.push_str(".updated_at()");
    }
    text
}

fn lay_relation(relation: &Relation) -> String {
    let Relation { target, inverse, arity, from, to, holds_key, indexed, through } = relation;
    let (from, to) = (places(from), places(to));
    match through {
        Some(through) => {
            let names = [&through.table, &through.from_column, &through.to_column].map(|name| quoted(name)).join(", ");
            format!("Relation::through({target}, {inverse}, {from}, {to}, Through::new({names}))")
        }
        None => {
            let side = if *holds_key { "foreign" } else { "referenced" };
            let indexed = if *indexed && !holds_key { ".indexed()" } else { "" };
            format!("Relation::{side}({target}, {inverse}, Arity::{arity:?}, {from}, {to}){indexed}")
        }
    }
}

fn places(fields: &[FieldIndex]) -> String {
    let places: Vec<String> = fields.iter().map(ToString::to_string).collect();
    format!("&[{}]", places.join(", "))
}
