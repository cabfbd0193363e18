//! Enums and their values.

use std::collections::HashMap;

use super::given_names::{self, mapped};
use crate::attributes::{self, bind};
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::messages::names as messages;
use crate::model::{Enum, EnumValue};
use crate::names;
use crate::source::Span;
use crate::syntax::{Block, BlockKind};

pub(crate) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for block in draft.enum_blocks.clone() {
        let Resolved { enumeration, values, schema } = enumeration(block, diagnostics);
        draft.enums.push(enumeration);
        draft.enum_values.push(values);
        draft.enum_schemas.push(schema);
    }
    for block in draft.duplicated.iter().filter(|block| block.kind == BlockKind::Enum) {
        let _ = enumeration(block, diagnostics);
    }
}

/// An enum, its values by name, and its `@@schema`.
struct Resolved<'t> {
    enumeration: Enum,
    values: HashMap<&'t str, usize>,
    schema: Option<(String, Span)>,
}

fn enumeration<'t>(block: &'t Block, diagnostics: &mut Vec<Diagnostic>) -> Resolved<'t> {
    let bindings = bind(block.attributes(), &attributes::ENUM, diagnostics);
    let schema = bindings.get("schema").and_then(|bound| given_names::schema(bound, diagnostics));
    let was = bindings.get("was").and_then(|was| mapped(was, "@@was", diagnostics));
    let db_name = bindings.get("map").and_then(|map| mapped(map, "@@map", diagnostics));
    let mut values: Vec<EnumValue> = Vec::new();
    let mut by_name = HashMap::new();
    let mut by_db_name = HashMap::new();
    for value in block.values() {
        let name = value.name.text.as_str();
        names::value(block, &value.name, diagnostics);
        if by_name.contains_key(name) {
            diagnostics.push(messages::duplicate_value(block, &value.name));
            continue;
        }
        let bindings = bind(value.all_attributes(), &attributes::VALUE, diagnostics);
        if let Some(native) = bindings.native {
            diagnostics.push(attributes::unknown(native, &attributes::VALUE));
        }
        let map = bindings.get("map");
        let db_name = match map {
            // A text of the database like any other.
            Some(map) if map.is_empty("name") => Some(String::new()),
            map => map.and_then(|map| mapped(map, "@map", diagnostics)),
        };
        let db_name = db_name.unwrap_or_else(|| name.to_owned());
        if let Some(other) = by_db_name.insert(db_name.clone(), name) {
            // Prisma lets these pass, so they are no errors; a database refuses them.
            diagnostics.push(messages::values_stored_alike(
                map.map_or(value.name.span, |map| map.span),
                block,
                (other, name),
                &db_name,
            ));
        }
        by_name.insert(name, values.len());
        let was = bindings.get("was").and_then(|was| mapped(was, "@was", diagnostics));
        let documentation = value.documentation.clone();
        values.push(EnumValue { name: name.to_owned(), db_name, was, documentation });
    }
    if values.is_empty() && !block.damaged {
        diagnostics.push(messages::empty_enum(&block.name));
    }
    let enumeration = Enum {
        name: block.name.text.clone(),
        db_name: db_name.unwrap_or_else(|| block.name.text.clone()),
        schema: schema.as_ref().map(|(name, _)| name.clone()),
        was,
        documentation: block.documentation.clone(),
        values,
        span: block.name.span,
    };
    Resolved { enumeration, values: by_name, schema }
}
