//! A model: its default row, its typed field names, and the required fields of a new row. And enums.

use std::collections::HashSet;
use std::fmt::Write as _;

use purlin_query::catalog::{Arity, Column, FieldIndex, FieldKind, Relation, Type, Writes};
use purlin_schema::model::Enum;

use heck::{ToLowerCamelCase, ToSnakeCase};

use super::layout;
use super::names::{EnumNames, ModelNames, Names, claim};
use super::{JsonNames, Options};

/// What each row has anyway: `purlin::row!` makes it `Serialize`.
const OF_ROWS: [&str; 4] = ["Debug", "Clone", "PartialEq", "Serialize"];
/// What each enum has anyway; the last two by `purlin::enumeration!`.
const OF_ENUMS: [&str; 10] =
    ["Debug", "Clone", "Copy", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash", "Serialize", "Deserialize"];

/// The attribute that derives `always`, and of `asked` what is not among `had`.
fn derive(out: &mut String, always: &str, had: &[&str], asked: &[String]) {
    let is_new = |path: &&String| path.rsplit("::").next().is_some_and(|name| !had.contains(&name));
    let mut derives: Vec<String> = always.split(", ").map(str::to_owned).collect();
    derives.extend(asked.iter().filter(is_new).cloned());
    layout::attribute(out, "derive", &derives);
}

pub(super) fn write_enum(out: &mut String, names: &EnumNames, documented: &Enum, derives: &[String]) {
    let name = &names.name;
    out.push('\n');
    layout::docs(out, "", documented.documentation.as_deref().unwrap_or_default());
    derive(out, "Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash", &OF_ENUMS, derives);
    let _ = writeln!(out, "pub enum {name} {{");
    for ((value, _), documented) in names.values.iter().zip(&documented.values) {
        layout::docs(out, "    ", documented.documentation.as_deref().unwrap_or_default());
        let _ = writeln!(out, "    {value},");
    }
    out.push_str("}\n\n");
    let values: Vec<String> =
        names.values.iter().map(|(value, schema)| format!("{value} = {}", layout::quoted(schema))).collect();
    layout::fill(out, "", &format!("purlin::enumeration! {{ {name} {{ "), &values, " } }");
}

pub(super) fn write(out: &mut String, names: &Names<'_>, model: &ModelNames<'_>, options: &Options) {
    write_row(out, names, model, &options.derives);
    write_fields(out, names, model, options.json_names);
    if model.catalog.writes == Writes::All {
        write_new(out, names, model);
    }
}

fn write_row(out: &mut String, names: &Names<'_>, model: &ModelNames<'_>, derives: &[String]) {
    let row = &model.row;
    out.push('\n');
    match &model.schema.documentation {
        Some(text) => layout::docs(out, "", text),
        None => {
            let _ = writeln!(out, "/// A row of {}.", model.catalog.name);
        }
    }
    derive(out, "Debug, Clone, PartialEq", &OF_ROWS, derives);
    let _ = writeln!(out, "pub struct {row} {{");
    for (field, column) in model.shown() {
        layout::docs(out, "    ", field.documentation.unwrap_or_default());
        layout::field(out, "    ", &format!("pub {}", field.name), &names.column_type(column));
    }
    out.push_str("}\n\n");
    let columns: Vec<String> = model.shown().map(|(field, _)| field.name.clone()).collect();
    layout::fill(out, "", &format!("purlin::row! {{ {row} {{ "), &columns, " } }");
}

fn write_fields(out: &mut String, names: &Names<'_>, model: &ModelNames<'_>, json_names: JsonNames) {
    let (row, fields) = (&model.row, &model.fields_struct);
    let mut constants = Vec::new();
    let _ = write!(out, "\n/// The fields of [`{row}`].\n#[derive(Clone, Copy)]\npub struct {fields} {{\n");
    for (index, field) in model.fields.iter().enumerate() {
        let (token, of) = match &field.field.kind {
            FieldKind::Column(column) => {
                let alone =
                    model.catalog.keys.iter().any(|key| key.fields.iter().map(|key| usize::from(*key)).eq([index]));
                let place = model.required_keys().position(|(key, _)| usize::from(key) == index);
                column_token(names, column, alone, place)
            }
            FieldKind::Relation(relation) => {
                let token = match relation.arity {
                    Arity::Many => "Many",
                    Arity::One => "One",
                    Arity::Optional => "Optional",
                };
                let target = names.row(relation.target);
                let of = match key_mark(names, model, relation) {
                    Some(mark) => format!("{target}, {mark}"),
                    None => target.to_owned(),
                };
                (names.purlin_field(token), of)
            }
        };
        layout::docs(out, "    ", field.documentation.unwrap_or_default());
        layout::field(out, "    ", &format!("pub {}", field.name), &format!("{token}<{row}, {of}>"));
        constants.push((field.name.clone(), format!("{token}::new({index})")));
    }
    for (name, key) in &model.keys {
        let columns = key.fields.iter().filter_map(|field| model.catalog.column(*field));
        let types: Vec<String> = columns.map(|column| names.bare_type(column.ty)).collect();
        let token = names.purlin_field("CompoundKey");
        let _ = writeln!(out, "    /// The key of several columns.");
        layout::field(out, "    ", &format!("pub {name}"), &format!("{token}<{row}, ({})>", types.join(", ")));
        let places: Vec<String> = key.fields.iter().map(ToString::to_string).collect();
        constants.push((name.clone(), format!("{token}::new(&[{}])", places.join(", "))));
    }
    let trait_name = names.purlin("Model");
    let _ = write!(out, "}}\n\nimpl {trait_name} for {row} {{\n    type Fields = {fields};\n");
    layout::literal(out, "    ", &format!("const FIELDS: {fields} = {fields}"), &constants, ";");
    let _ = write!(
        out,
        "    const INDEX: u16 = {};\n    const CATALOG: &'static {} = &CATALOG;\n",
        model.index,
        names.purlin("Catalog")
    );
    write_json_names(out, model, json_names);
    out.push_str("}\n");
    if model.catalog.writes != Writes::None {
        let lacks = lacks(model).unwrap_or_else(|| "()".to_owned());
        let writable = names.purlin("Writable");
        let _ = write!(out, "\nimpl {writable} for {row} {{\n    type Lacks = {lacks};\n}}\n");
    }
}

/// The keys in JSON, where they are not those of the schema.
fn write_json_names(out: &mut String, model: &ModelNames<'_>, json_names: JsonNames) {
    let (variant, convert): (_, fn(&str) -> String) = match json_names {
        JsonNames::Schema => return,
        JsonNames::CamelCase => ("CamelCase", |name| name.to_lower_camel_case()),
        JsonNames::SnakeCase => ("SnakeCase", |name| name.to_snake_case()),
    };
    // Two fields may differ in their case alone.
    let mut taken = HashSet::new();
    let keys = model.fields.iter().map(|field| claim(&mut taken, convert(&field.field.name)));
    let keys: Vec<String> = keys.map(|key| layout::quoted(&key)).collect();
    layout::fill(out, "    ", &format!("purlin::json_names! {{ {variant} {{ "), &keys, " } }");
}

/// The mark of a relation, by what links its rows: a join table, or a foreign key, with what of it is required in a new row.
fn key_mark(names: &Names<'_>, model: &ModelNames<'_>, relation: &Relation) -> Option<String> {
    if relation.through.is_some() {
        return Some(names.purlin_field("JoinTable"));
    }
    if relation.holds_key {
        let places = names.places(model, &relation.from)?;
        return Some(format!("{}<{places}>", names.purlin_field("OwnKey")));
    }
    let target = names.models.get(usize::from(relation.target))?;
    let is_required = |field: &FieldIndex| target.catalog.column(*field).is_some_and(|column| !column.nullable);
    let required = relation.to.iter().all(is_required);
    let mark = if required { "RequiredKey" } else { "OptionalKey" };
    match names.places(target, &relation.to) {
        Some(places) => Some(format!("{}<{places}>", names.purlin_field(mark))),
        None => required.then(|| names.purlin_field(mark)),
    }
}

/// The type of a column's token and what it is of beside the row: its type, and its marks where it has any. `place` is that of a
/// required foreign key.
fn column_token(names: &Names<'_>, column: &Column, alone: bool, place: Option<usize>) -> (String, String) {
    let ty = if column.list { names.bare_type(column.ty) } else { names.column_type(column) };
    let token = if column.list { "List" } else { "Column" };
    if !column.server_only && !column.generated && place.is_none() {
        return (names.purlin_field(if alone { "Unique" } else { token }), ty);
    }
    let mut mark = match place {
        Some(place) => {
            let unique = if alone { format!(", {}", names.purlin_field("UniqueField")) } else { String::new() };
            format!("{}<{}{unique}>", names.purlin_field("ForeignKey"), names.place(place))
        }
        None => names.purlin_field(if alone { "UniqueField" } else { "NotUnique" }),
    };
    if column.generated {
        mark = format!("{}<{mark}>", names.purlin_field("GeneratedField"));
    }
    if column.server_only {
        mark = format!("{}<{mark}>", names.purlin_field("ServerField"));
    }
    (names.purlin_field(token), format!("{ty}, {mark}"))
}

/// Foreign keys are not among the required fields: they come from the parent of a nested create, or from `set`. What the row lacks
/// of them is a type in `messages`, so that rustc refuses to create it and says what is missing.
fn write_new(out: &mut String, names: &Names<'_>, model: &ModelNames<'_>) {
    let (row, new) = (&model.row, &model.new_struct);
    let required: Vec<_> =
        model.columns().filter(|(_, field, column)| column.required() && !field.foreign_key).collect();
    let linked: Vec<String> = model.required_keys().map(|(_, field)| format!("`{}`", field.name)).collect();
    let _ = writeln!(out, "\n/// The fields that a new [`{row}`] must have; `set` gives the others.");
    if !linked.is_empty() {
        let _ = writeln!(out, "///\n/// Its {} must come from a relation or from `set`.", linked.join(" and "));
    }
    let secret = required.iter().any(|(_, _, column)| column.server_only);
    out.push_str(if secret { "#[derive(Clone, PartialEq)]\n" } else { "#[derive(Debug, Clone, PartialEq)]\n" });
    if required.is_empty() {
        let _ = writeln!(out, "pub struct {new} {{}}");
    } else {
        let _ = writeln!(out, "pub struct {new} {{");
        for (_, field, column) in &required {
            layout::docs(out, "    ", field.documentation.unwrap_or_default());
            layout::field(out, "    ", &format!("pub {}", field.name), &names.bare_type(column.ty));
        }
        out.push_str("}\n");
    }
    if secret {
        let _ = write!(
            out,
            "
/// Without the values that stay on the server.
impl std::fmt::Debug for {new} {{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{
        let mut new = f.debug_struct(\"{new}\");
"
        );
        for (_, field, column) in &required {
            if !column.server_only {
                let name = &field.name;
                let shown = name.trim_start_matches("r#");
                let args = [layout::quoted(shown), format!("&self.{name}")];
                layout::call(out, "        ", "new.field", &args, ";");
            }
        }
        out.push_str("        new.finish_non_exhaustive()\n    }\n}\n");
    }
    let (from, target) = (names.prelude("From"), names.purlin("New"));
    let lacks = lacks(model);
    write_set(out, names, model, &target, lacks.as_deref());
    let new_row = names.purlin("NewRowOf");
    let _ = write!(
        out,
        "\nimpl {new_row}<{row}> for {new} {{\n    type Lacks = {};\n}}\n",
        lacks.as_deref().unwrap_or("()")
    );
    let target = if linked.is_empty() { target } else { names.purlin("Unlinked") };
    let _ = writeln!(out, "\nimpl {from}<{new}> for {target}<{row}> {{");
    if required.is_empty() {
        let _ = writeln!(out, "    fn from({new} {{}}: {new}) -> Self {{\n        Self::empty()");
    } else {
        let _ = writeln!(out, "    fn from(new: {new}) -> Self {{\n        let mut row = Self::empty();");
        for (index, field, _) in &required {
            layout::call(out, "        ", "row.put", &[index.to_string(), format!("new.{}", field.name)], ";");
        }
        out.push_str("        row\n");
    }
    out.push_str("    }\n}\n");
}

/// The type of what a new row of the model lacks, where that is anything.
fn lacks(model: &ModelNames<'_>) -> Option<String> {
    let lacks = model.catalog.writes == Writes::All && model.required_keys().next().is_some();
    lacks.then(|| format!("messages::{}", model.lacks))
}

/// The method that makes a struct of required fields a row with other fields too.
fn write_set(out: &mut String, names: &Names<'_>, model: &ModelNames<'_>, target: &str, lacks: Option<&str>) {
    let ModelNames { row, fields_struct, new_struct, .. } = model;
    let (sets, kind) = (names.purlin("Sets"), names.purlin("NewRow"));
    let (closure, parameter) = (names.prelude("FnOnce"), names.parameter("S"));
    let (bound, result, method) = match lacks {
        Some(lacks) => {
            let (fills, after) = (names.purlin_field("Fills"), names.purlin_field("After"));
            (format!(", Fills: {fills}<{lacks}>"), format!("{row}, {after}<{row}, {parameter}, {lacks}>"), "set")
        }
        None => (String::new(), row.clone(), "filled"),
    };
    let _ = writeln!(out, "\nimpl {new_struct} {{\n    /// Gives values to other fields too.");
    layout::function(
        out,
        "    ",
        "pub fn set",
        [&parameter, &format!("{sets}<{row}, {kind}{bound}>")],
        &["self".to_owned(), format!("sets: impl {closure}({fields_struct}) -> {parameter}")],
        &format!("{target}<{result}>"),
    );
    let _ = writeln!(out, "        {target}::from(self).{method}(sets)\n    }}\n}}");
}

/// The name of a column's type in the catalog.
pub(super) fn catalog_type(ty: Type) -> String {
    match ty {
        Type::Enum(index) => format!("Type::Enum({index})"),
        other => format!("Type::{other:?}"),
    }
}
