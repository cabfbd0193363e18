//! `type` blocks: composite types, which only document databases have.
//!
//! Their fields are checked like those of models, so that what is wrong in them is said even where no datasource tells
//! which database it is.

use std::collections::{HashMap, HashSet};

use super::defaults;
use super::given_names::mapped;
use super::models::{FieldType, arity, field_type};
use crate::attributes::{self, bind};
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::graph;
use crate::messages::{self, FieldPath};
use crate::model::{Arity, Default};
use crate::names;
use crate::rules::Stage;
use crate::source::Span;
use crate::syntax::{Attribute, Block, Field};

pub(super) fn check(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for block in &draft.composite_blocks {
        composite(draft, block, diagnostics);
        diagnostics.push(messages::types::composite_type(block, draft.provider));
    }
    endless(draft, diagnostics);
}

fn composite(draft: &Draft<'_>, block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    let before = diagnostics.len();
    bind(block.attributes(), &attributes::NONE, diagnostics);
    for diagnostic in diagnostics.iter_mut().skip(before) {
        diagnostic.stage = Stage::Text;
    }
    let mut seen = HashSet::new();
    let mut columns: HashMap<String, &Field> = HashMap::new();
    for syntax in block.fields() {
        names::field(block, &syntax.name, diagnostics);
        if !seen.insert(syntax.name.text.as_str()) {
            diagnostics.push(messages::names::duplicate_field(block, &syntax.name));
            continue;
        }
        let map = field(draft, block, syntax, diagnostics);
        let is_mapped = map.is_some();
        let column = map.unwrap_or_else(|| syntax.name.text.clone());
        if let Some(other) = columns.insert(column.clone(), syntax) {
            // Of two fields one is called something else in the database.
            let (renamed, other) = if is_mapped { (syntax, other) } else { (other, syntax) };
            let names = (other.name.text.as_str(), renamed.name.text.as_str());
            diagnostics.push(messages::database::fields_stored_alike(renamed.span, &block.name.text, names, &column));
        }
    }
}

/// The name given by `@map`.
fn field(draft: &Draft<'_>, block: &Block, syntax: &Field, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let before = diagnostics.len();
    let bindings = bind(syntax.all_attributes(), &attributes::COMPOSITE_FIELD, diagnostics);
    // What makes a key or a relation is no matter of its arguments here.
    let of_models = |attribute: &&Attribute| matches!(attribute.name.text.as_str(), "id" | "unique" | "relation");
    let misplaced: Vec<Span> = syntax.attributes.iter().filter(of_models).map(|it| it.name.span).collect();
    for diagnostic in diagnostics.iter_mut().skip(before).filter(|it| misplaced.contains(&it.span)) {
        diagnostic.stage = Stage::Text;
    }
    let stored = bindings.get("map").and_then(|map| mapped(map, "@map", diagnostics));
    let place = FieldPath { model: &block.name.text, field: &syntax.name.text };
    let ty = match field_type(draft, syntax, diagnostics) {
        Some(FieldType::Column(ty)) => ty,
        Some(FieldType::Model(_)) => {
            diagnostics.push(messages::types::relation_in_composite(syntax.ty.span, place));
            return stored;
        }
        Some(FieldType::Composite) | None => return stored,
    };
    let Some(bound) = bindings.get("default") else { return stored };
    if let Some(map) = bound.get("map") {
        diagnostics.push(messages::defaults::named_default_in_composite(map.span, place));
        return stored;
    }
    // No database decides about the functions here.
    let default = defaults::resolve(draft, bound, &ty, arity(syntax), place, Stage::Attributes, diagnostics);
    if let Some(Default::Database(_) | Default::Autoincrement) = default {
        diagnostics.push(messages::defaults::database_default_in_composite(bound.span, place));
    }
    stored
}

/// Reports required fields by which a type contains itself: no value of it could ever end.
fn endless(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let numbers: HashMap<&str, usize> =
        draft.composite_blocks.iter().enumerate().map(|(index, block)| (block.name.text.as_str(), index)).collect();
    let edges: Vec<Vec<usize>> = draft
        .composite_blocks
        .iter()
        .map(|block| required(&numbers, block).into_iter().map(|(_, target)| target).collect())
        .collect();
    let components = graph::components(&edges);
    for (index, block) in draft.composite_blocks.iter().enumerate() {
        for (field, _) in
            required(&numbers, block).into_iter().filter(|it| components.get(it.1) == components.get(index))
        {
            diagnostics.push(messages::types::endless_type(
                field.span,
                FieldPath { model: &block.name.text, field: &field.name.text },
            ));
        }
    }
}

/// The required fields of a block whose type is a composite one, each with the number of that.
fn required<'t>(numbers: &HashMap<&str, usize>, block: &'t Block) -> Vec<(&'t Field, usize)> {
    let fields = block.fields().filter(|field| arity(field) == Arity::Required);
    fields.filter_map(|field| Some((field, *numbers.get(field.ty.name.text.as_str())?))).collect()
}
