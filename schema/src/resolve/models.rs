//! Models and their fields: types, names, the simple attributes; keys and relations have files of their own.

use std::collections::{HashMap, HashSet};

use super::given_names::{self, mapped};
use super::mixins::{self, Expanded};
use super::{defaults, extensions, keys, native_types, relations, shard_key, unsupported};
use crate::attributes::{self, Bindings, bind};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, KindDraft, MOST_UNRESOLVED, ModelDraft, TypeName};
use crate::model::{Arity, Column, ColumnType, FieldId, ModelId, ModelKind, Provider, Scalar};
use crate::names;
use crate::rules::Rule;
use crate::suggest::closest;
use crate::syntax::{Block, BlockKind, ExpressionKind, Field};

pub(crate) fn resolve(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let expanded = mixins::expand(draft, diagnostics);
    let models = draft.model_blocks.iter().zip(&expanded);
    let models = models.map(|(block, parts)| model(draft, block, parts, diagnostics)).collect();
    draft.models = models;
    // Which of two models of one name is meant is open; each is right or wrong by itself.
    for block in draft.doubled.iter().filter(|block| matches!(block.kind, BlockKind::Model | BlockKind::View)) {
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
        doubled: HashSet::new(),
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
            diagnostics.push(names::duplicate_field(block, &syntax.name));
            // Its type and its attributes are right or wrong by themselves; which of the two is meant is open.
            let _ = field(draft, block, syntax, diagnostics);
            model.doubled.insert(name);
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
    let place = format!("{}.{}", block.name.text, syntax.name.text);
    let was = attributes.get("was").and_then(|was| mapped(was, "@was", diagnostics));
    let kind = match field_type(draft, syntax, diagnostics) {
        Some(FieldType::Column(ty)) => {
            KindDraft::Column(column(draft, syntax, ty, arity, &attributes, &place, diagnostics))
        }
        Some(FieldType::Model(target)) => {
            relation_attributes(&attributes, &place, diagnostics);
            KindDraft::Relation { target, resolved: None }
        }
        Some(FieldType::Composite) => {
            composite_attributes(&attributes, &place, diagnostics);
            KindDraft::Composite
        }
        None => KindDraft::Unresolved,
    };
    let server_only = attributes.get("server").is_some();
    FieldDraft { syntax, attributes, kind, arity, ignored, server_only, was }
}

/// How many values a field holds.
pub(super) fn arity(syntax: &Field) -> Arity {
    match (syntax.ty.list, syntax.ty.optional) {
        (true, _) => Arity::List,
        (false, true) => Arity::Optional,
        (false, false) => Arity::Required,
    }
}

/// What the type of a field is.
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
    let scalar = Scalar::ALL.into_iter().find(|scalar| scalar.name() == name);
    // A type that does not exist is reported as that.
    let is_known = scalar.is_some() || draft.types.contains_key(name);
    if let (Some(arguments), true) = (&syntax.ty.arguments, is_known) {
        diagnostics.push(
            Diagnostic::error(
                Rule::TypeArguments,
                arguments.span,
                format!("field `{}`: the type `{name}` takes no arguments", syntax.name.text),
            )
            .label("not expected")
            .help(format!("write `{name}`; a length is part of a native type, such as `@db.VarChar(60)`")),
        );
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
            diagnostics.push(
                Diagnostic::error(
                    Rule::MixinAsType,
                    syntax.ty.name.span,
                    format!("field `{}`: `{name}` is a mixin, which is no type", syntax.name.text),
                )
                .label("a mixin")
                .help(format!("write `@@include({name})` on a line of its own to have its fields")),
            );
            None
        }
        None if draft.lost.may_hold(name) => None,
        None => {
            let blocks = [&draft.model_blocks, &draft.enum_blocks, &draft.composite_blocks];
            let blocks = blocks.into_iter().flatten().map(|block| block.name.text.as_str());
            let suggestion = closest(name, Scalar::ALL.map(Scalar::name).into_iter().chain(blocks));
            diagnostics.push(
                Diagnostic::error(
                    Rule::UnknownType,
                    syntax.ty.name.span,
                    format!("field `{}`: there is no type, model or enum `{name}`", syntax.name.text),
                )
                .label("unknown type")
                .help("a type is a scalar such as `String` or `Int`, or the name of a model or an enum of this schema")
                .suggest(familiar(name).or(suggestion)),
            );
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
    place: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Column {
    if let (Arity::List, Some(provider @ (Provider::Sqlite | Provider::Mysql))) = (arity, draft.provider) {
        let provider = provider.name();
        diagnostics.push(
            Diagnostic::error(
                Rule::ScalarList,
                syntax.ty.span,
                format!("field `{place}`: {provider} has no lists of scalars or enums"),
            )
            .label(format!("a list on {provider}"))
            .help("use a `Json` field, or a model of its own with a relation"),
        );
    }
    if let Some(relation) = attributes.get("relation") {
        diagnostics.push(
            Diagnostic::error(
                Rule::MisplacedAttribute,
                relation.span,
                format!("field `{place}` is a column, so it cannot have `@relation`"),
            )
            .label("only for fields whose type is a model")
            .help("remove it, or put it on the field whose type is the other model"),
        );
    }
    let updated_at = attributes.get("updatedAt");
    if let Some(bound) = updated_at {
        let message = match (&ty, arity) {
            (_, Arity::List) => Some("is a list"),
            (ColumnType::Scalar(Scalar::DateTime), _) => None,
            _ => Some("is not of type `DateTime`"),
        };
        if let Some(message) = message {
            diagnostics.push(
                Diagnostic::error(
                    Rule::UpdatedAtType,
                    bound.span,
                    format!("field `{place}` {message}, so it cannot have `@updatedAt`"),
                )
                .label("only for a single `DateTime`")
                .help("give the field the type `DateTime`, or remove `@updatedAt`"),
            );
        }
    }
    let name = attributes.get("map").and_then(|map| mapped(map, "@map", diagnostics));
    let default =
        attributes.get("default").and_then(|bound| defaults::resolve(draft, bound, &ty, arity, place, diagnostics));
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
fn composite_attributes(attributes: &Bindings<'_>, place: &str, diagnostics: &mut Vec<Diagnostic>) {
    let is_database =
        |value: &ExpressionKind| matches!(value, ExpressionKind::Call(name, _) if name.text == "dbgenerated");
    for bound in attributes.iter().filter(|bound| matches!(bound.name, "default" | "relation" | "updatedAt")) {
        if bound.get("value").is_some_and(|argument| is_database(&argument.value.kind)) {
            continue;
        }
        let rule = if bound.name == "default" { Rule::DefaultOfComposite } else { Rule::MisplacedAttribute };
        let message = format!("field `{place}` is of a composite type, so it cannot have `@{}`", bound.name);
        diagnostics
            .push(Diagnostic::error(rule, bound.span, message).label("not for a composite type").help("remove it"));
    }
}

/// Reports the attributes that only a column can have. `@id` and `@unique` are the matter of [`keys`].
fn relation_attributes(attributes: &Bindings<'_>, place: &str, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(native) = attributes.native {
        diagnostics.push(
            Diagnostic::error(
                Rule::MisplacedAttribute,
                native.span,
                format!("field `{place}` is a relation, so it has no native type"),
            )
            .label("only for columns")
            .help("put it on the scalar fields that the relation's `fields:` names"),
        );
    }
    let of_columns = ["default", "updatedAt", "map", "shardKey", "generated", "server"];
    for bound in attributes.iter().filter(|bound| of_columns.contains(&bound.name)) {
        diagnostics.push(
            Diagnostic::error(
                Rule::MisplacedAttribute,
                bound.span,
                format!("field `{place}` is a relation, so it cannot have `@{}`", bound.name),
            )
            .label("only for columns")
            .help("put it on the scalar fields that the relation's `fields:` names"),
        );
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
        diagnostics.push(
            Diagnostic::error(
                Rule::DuplicateColumn,
                span,
                format!(
                    "the fields `{other}` and `{}` of `{}` are both the column `{}`",
                    field.name(),
                    model.name(),
                    column.name
                ),
            )
            .label("column is taken")
            .help("give one of them another `@map`"),
        );
    }
}
