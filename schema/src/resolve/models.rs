//! Models and their fields: types, names, the simple attributes; keys and relations have files of their own.

use std::collections::{HashMap, HashSet};

use super::given_names::{self, mapped};
use super::mixins::{self, Expanded};
use super::{defaults, extensions, keys, native_types, relations, shard_key, unsupported};
use crate::attributes::{self, Bindings, bind};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, KindDraft, MOST_UNRESOLVED, ModelDraft, TypeName};
use crate::messages::{self, FieldPath};
use crate::model::{Arity, Column, ColumnType, FieldId, ModelId, ModelKind, Provider, Scalar};
use crate::names;
use crate::suggest::closest;
use crate::syntax::{Block, BlockKind, ExpressionKind, Field};

pub(crate) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let expanded = mixins::expand(draft, diagnostics);
    let models = draft.model_blocks.iter().zip(&expanded);
    let models = models.map(|(block, parts)| model(draft, block, parts, diagnostics)).collect();
    draft.models = models;
    // Which of two models of one name is meant is open; each is right or wrong by itself.
    for block in draft.duplicated.iter().filter(|block| matches!(block.kind, BlockKind::Model | BlockKind::View)) {
        let parts = Expanded {
            fields: block.fields().collect(),
            attributes: block.attributes().filter(|attribute| attribute.name.text != "include").collect(),
            mixins: Vec::new(),
            lost: block.lost.clone(),
        };
        let model = model(draft, block, &parts, diagnostics);
        let relations = model.fields.iter().filter(|field| matches!(field.kind, KindDraft::Relation { .. }));
        for attribute in relations.filter_map(|field| field.attribute("relation")) {
            relations::by_itself(attribute, diagnostics);
        }
    }
}

fn model<'t>(
    draft: &Draft<'t>,
    block: &'t Block,
    parts: &Expanded<'t>,
    diagnostics: &mut Vec<Diagnostic>,
) -> ModelDraft<'t> {
    let bindings = bind(parts.attributes.iter().copied(), &attributes::MODEL, diagnostics);
    let map = bindings.get("map");
    let table = map.and_then(|map| mapped(map, "@@map", diagnostics)).unwrap_or_else(|| block.name.text.clone());
    let mut model = ModelDraft {
        block,
        kind: if block.kind == BlockKind::View { ModelKind::View } else { ModelKind::Table },
        table,
        table_span: map.map_or(block.name.span, |map| map.span),
        schema: bindings.get("schema").and_then(|bound| given_names::schema(bound, diagnostics)),
        checks: Vec::new(),
        mixins: parts.mixins.clone(),
        was: bindings.get("was").and_then(|was| mapped(was, "@@was", diagnostics)),
        fields: Vec::new(),
        by_name: HashMap::new(),
        duplicated: HashSet::new(),
        primary_key: None,
        uniques: Vec::new(),
        indexes: Vec::new(),
        shard_key: Vec::new(),
        key_columns: HashSet::new(),
        key_orders: HashSet::new(),
        leading: HashSet::new(),
        ignored: bindings.get("ignore").is_some(),
        lost: parts.lost.clone(),
        unresolved: Vec::new(),
        damaged: false,
    };
    for syntax in &parts.fields {
        names::field(block, &syntax.name, diagnostics);
        let name = syntax.name.text.as_str();
        if model.by_name.contains_key(name) {
            diagnostics.push(messages::names::duplicate_field(block, &syntax.name));
            // Its type and its attributes are right or wrong by themselves; which of the two is meant is open.
            let _ = field(draft, block, syntax, diagnostics);
            model.duplicated.insert(name);
            continue;
        }
        model.by_name.insert(name, FieldId(model.fields.len()));
        model.fields.push(field(draft, block, syntax, diagnostics));
    }
    let unresolved = model.fields.iter().filter(|field| matches!(field.kind, KindDraft::Unresolved));
    model.unresolved = unresolved.map(|field| field.syntax.ty.name.text.as_str()).take(MOST_UNRESOLVED).collect();
    duplicate_columns(&model, diagnostics);
    keys::resolve(draft, &mut model, &bindings, diagnostics);
    shard_key::resolve(draft, &mut model, &bindings, diagnostics);
    model.checks = extensions::checks(&model, &bindings, diagnostics);
    model
}

fn field<'t>(
    draft: &Draft<'t>,
    block: &'t Block,
    syntax: &'t Field,
    diagnostics: &mut Vec<Diagnostic>,
) -> FieldDraft<'t> {
    let attributes = bind(syntax.all_attributes(), &attributes::FIELD, diagnostics);
    let arity = arity(syntax);
    let ignored = attributes.get("ignore").is_some();
    let place = FieldPath { model: &block.name.text, field: &syntax.name.text };
    let was = attributes.get("was").and_then(|was| mapped(was, "@was", diagnostics));
    let kind = match field_type(draft, syntax, diagnostics) {
        Some(FieldType::Column(ty)) => {
            KindDraft::Column(column(draft, syntax, ty, arity, &attributes, place, diagnostics))
        }
        Some(FieldType::Model(target)) => {
            relation_attributes(&attributes, place, diagnostics);
            KindDraft::Relation { target, resolved: None }
        }
        Some(FieldType::Composite) => {
            composite_attributes(&attributes, place, diagnostics);
            KindDraft::Composite
        }
        None => KindDraft::Unresolved,
    };
    let server_only = attributes.get("server").is_some();
    FieldDraft { syntax, attributes, kind, arity, ignored, server_only, was }
}

/// The number of values that a field holds.
pub(super) fn arity(syntax: &Field) -> Arity {
    match (syntax.ty.list, syntax.ty.optional) {
        (true, _) => Arity::List,
        (false, true) => Arity::Optional,
        (false, false) => Arity::Required,
    }
}

/// The type of a field.
pub(super) enum FieldType {
    Column(ColumnType),
    Model(ModelId),
    Composite,
}

pub(super) fn field_type(draft: &Draft<'_>, syntax: &Field, diagnostics: &mut Vec<Diagnostic>) -> Option<FieldType> {
    let name = syntax.ty.name.text.as_str();
    if name == "Unsupported" {
        return unsupported::resolve(draft, syntax, diagnostics)
            .map(|ty| FieldType::Column(ColumnType::Unsupported(ty)));
    }
    let scalar = Scalar::from_name(name);
    // A type that does not exist is reported as that.
    let is_known = scalar.is_some() || draft.types.contains_key(name);
    if let (Some(arguments), true) = (&syntax.ty.arguments, is_known) {
        diagnostics.push(messages::types::type_arguments(arguments.span, &syntax.name.text, name));
    }
    if let Some(scalar) = scalar {
        return Some(FieldType::Column(ColumnType::Scalar(scalar)));
    }
    if draft.open.contains(name) {
        return None;
    }
    match draft.types.get(name) {
        Some(TypeName::Enum(id)) => Some(FieldType::Column(ColumnType::Enum(*id))),
        Some(TypeName::Model(id)) => Some(FieldType::Model(*id)),
        Some(TypeName::Composite) => Some(FieldType::Composite),
        Some(TypeName::Mixin) => {
            diagnostics.push(messages::types::mixin_as_type(&syntax.name.text, &syntax.ty.name));
            None
        }
        None if draft.lost.may_hold(name) => None,
        None => {
            let blocks = [&draft.model_blocks, &draft.enum_blocks, &draft.composite_blocks];
            let blocks = blocks.into_iter().flatten().map(|block| block.name.text.as_str());
            let suggestion = closest(name, Scalar::ALL.map(Scalar::name).into_iter().chain(blocks));
            diagnostics.push(messages::types::unknown_type(
                &syntax.name.text,
                &syntax.ty.name,
                familiar(name).or(suggestion),
            ));
            None
        }
    }
}

/// The type of this language that other languages and databases call `name`.
fn familiar(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "bool" => "Boolean",
        "integer" | "int32" | "i32" | "smallint" | "number" => "Int",
        "int64" | "i64" | "long" => "BigInt",
        "double" | "real" | "f64" => "Float",
        "numeric" | "money" => "Decimal",
        "text" | "varchar" | "char" | "uuid" | "str" => "String",
        "date" | "time" | "timestamp" | "timestamptz" => "DateTime",
        "jsonb" | "object" | "any" => "Json",
        "blob" | "bytea" | "buffer" | "binary" => "Bytes",
        _ => return None,
    })
}

fn column(
    draft: &Draft<'_>,
    syntax: &Field,
    ty: ColumnType,
    arity: Arity,
    attributes: &Bindings<'_>,
    place: FieldPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Column {
    if let (Arity::List, Some(provider @ (Provider::Sqlite | Provider::Mysql))) = (arity, draft.provider) {
        diagnostics.push(messages::types::scalar_list(syntax.ty.span, place, provider));
    }
    if let Some(relation) = attributes.get("relation") {
        diagnostics.push(messages::arguments::relation_on_column(relation.span, place));
    }
    let updated_at = attributes.get("updatedAt");
    if let Some(bound) = updated_at {
        let message = match (&ty, arity) {
            (_, Arity::List) => Some("is a list"),
            (ColumnType::Scalar(Scalar::DateTime), _) => None,
            _ => Some("is not of type `DateTime`"),
        };
        if let Some(message) = message {
            diagnostics.push(messages::types::updated_at_type(bound.span, place, message));
        }
    }
    let name = attributes.get("map").and_then(|map| mapped(map, "@map", diagnostics));
    let functions = defaults::stage_of_functions(&ty);
    let default = attributes
        .get("default")
        .and_then(|bound| defaults::resolve(draft, bound, &ty, arity, place, functions, diagnostics));
    let native = attributes.native.and_then(|attribute| {
        let datasource = draft.datasource.as_deref();
        native_types::resolve(attribute, draft.provider, datasource, &ty, place, diagnostics)
    });
    let generated = extensions::generated(attributes, &default, updated_at.is_some(), place, diagnostics);
    Column {
        name: name.unwrap_or_else(|| syntax.name.text.clone()),
        ty,
        default,
        updated_at: updated_at.is_some(),
        native,
        generated,
    }
}

/// Reports what a field of a composite type cannot have.
fn composite_attributes(attributes: &Bindings<'_>, place: FieldPath<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let is_database =
        |value: &ExpressionKind| matches!(value, ExpressionKind::Call(name, _) if name.text == "dbgenerated");
    for bound in attributes.iter().filter(|bound| matches!(bound.name, "default" | "relation" | "updatedAt")) {
        if bound.get("value").is_some_and(|argument| is_database(&argument.value.kind)) {
            continue;
        }
        diagnostics.push(match bound.name {
            "default" => messages::defaults::default_of_composite(bound.span, place),
            name => messages::arguments::attribute_of_composite(bound.span, place, name),
        });
    }
}

/// Reports the attributes that only a column can have. `@id` and `@unique` are the matter of [`keys`].
fn relation_attributes(attributes: &Bindings<'_>, place: FieldPath<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(native) = attributes.native {
        diagnostics.push(messages::arguments::native_type_on_relation(native.span, place));
    }
    let of_columns = ["default", "updatedAt", "map", "shardKey", "generated", "server"];
    for bound in attributes.iter().filter(|bound| of_columns.contains(&bound.name)) {
        diagnostics.push(messages::arguments::column_attribute_on_relation(bound.span, place, bound.name));
    }
}

/// Reports fields of a model that share a column.
fn duplicate_columns(model: &ModelDraft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, &FieldDraft<'_>> = HashMap::new();
    for field in &model.fields {
        let Some(column) = field.column() else { continue };
        let Some(other) = first.insert(&column.name, field) else { continue };
        // Of two fields one is called something else than its column.
        let map = field.attribute("map").or_else(|| other.attribute("map"));
        let (span, other) = (map.map_or(field.span(), |map| map.span), other.name());
        diagnostics.push(messages::database::duplicate_column(span, model.name(), (other, field.name()), &column.name));
    }
}
