//! The catalog, as constants: a table, one line per field.

use std::fmt::Write as _;

use purlin_query::catalog::{Catalog, Column, Default, FieldIndex, FieldKind, Name, Provider, Relation, Writes};

use super::layout::quoted;
use super::model::catalog_type;
use super::names::Names;

pub(super) fn write(out: &mut String, names: &Names<'_>, catalog: &Catalog) {
    let _ = write!(
        out,
        "
/// What the engine knows of the schema.
static CATALOG: {0} = {0}::new(catalog::MODELS, catalog::ENUMS){1};

#[rustfmt::skip]
mod catalog {{
    use purlin::catalog::*;

    pub(super) const MODELS: &[Model] = &[
",
        names.purlin("Catalog"),
        match catalog.provider {
            Provider::Sqlite => String::new(),
            other => format!(".of(purlin::catalog::Provider::{other:?})"),
        },
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
        let writes = match model.writes {
            Writes::All => String::new(),
            other => format!(".writes(Writes::{other:?})"),
        };
        let _ = writeln!(
            out,
            "        ] }}, const {{ &[{}] }}){}{writes},",
            keys.join(", "),
            schema(model.schema.as_ref())
        );
    }
    out.push_str("    ];\n\n    pub(super) const ENUMS: &[Enum] = &[\n");
    for item in catalog.enums.iter() {
        let _ = writeln!(out, "        Enum::new({}, {}, const {{ &[", quoted(&item.name), quoted(&item.db_name));
        for value in item.values.iter() {
            let _ = writeln!(out, "            EnumValue::new({}, {}),", quoted(&value.name), quoted(&value.db_name));
        }
        let _ = writeln!(out, "        ] }}){},", schema(item.schema.as_ref()));
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
        Default::Number(number) => format!(".default(Default::Number({number}))"),
        Default::Instant(millis) => format!(".default(Default::Instant({millis}))"),
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
    for (said, method) in [
        (column.list, ".list()"),
        (column.server_only, ".server_only()"),
        (column.generated, ".generated()"),
        (column.indexed, ".indexed()"),
    ] {
        text.push_str(if said { method } else { "" });
    }
    if let Some(native) = &column.native {
        let _ = write!(text, ".native({})", quoted(native));
    }
    text
}

fn lay_relation(relation: &Relation) -> String {
    let Relation { target, inverse, arity, from, to, holds_key, indexed, through } = relation;
    let (from, to) = (places(from), places(to));
    match through {
        Some(through) => {
            let names = [&through.table, &through.from_column, &through.to_column].map(|name| quoted(name)).join(", ");
            let schema = schema(through.schema.as_ref());
            format!("Relation::through({target}, {inverse}, {from}, {to}, Through::new({names}){schema})")
        }
        None => {
            let side = if *holds_key { "foreign" } else { "referenced" };
            let indexed = if *indexed && !holds_key { ".indexed()" } else { "" };
            format!("Relation::{side}({target}, {inverse}, Arity::{arity:?}, {from}, {to}){indexed}")
        }
    }
}

fn schema(schema: Option<&Name>) -> String {
    schema.map(|schema| format!(".schema({})", quoted(schema))).unwrap_or_default()
}

fn places(fields: &[FieldIndex]) -> String {
    let places: Vec<String> = fields.iter().map(ToString::to_string).collect();
    format!("&[{}]", places.join(", "))
}
