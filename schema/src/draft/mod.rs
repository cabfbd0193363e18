//! The half-resolved schema, which the resolver makes and the checks read: the resolved types beside the syntax that
//! they come from.
//!
//! A [`FieldId`] in a draft counts all fields, those too that could not be resolved and that [`crate::finish`] leaves
//! out.

mod config;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::attributes::{Bindings, Bound};
use crate::messages::FieldPath;
use crate::model::{
    Arity, Check, Column, End, Enum, EnumId, FieldId, Index, Key, MixinId, ModelId, ModelKind, Provider, Relation,
    RelationId, RelationMode,
};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{self, Block, Lost};

pub(crate) use config::{Config, Features};

/// The number of types that do not exist that are compared with what may be meant.
pub(crate) const MOST_UNRESOLVED: usize = 16;

/// The thing that the name of a type stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TypeName {
    Model(ModelId),
    Enum(EnumId),
    /// A composite type.
    Composite,
    /// A mixin, which is no type: reported where it is used as one.
    Mixin,
}

/// The half-resolved schema.
pub(crate) struct Draft<'t> {
    /// Unknown without a datasource, or with one of another database.
    pub(crate) provider: Option<Provider>,
    /// The name of the datasource block.
    pub(crate) datasource: Option<String>,
    pub(crate) types: HashMap<&'t str, TypeName>,
    /// The blocks of [`Self::enums`].
    pub(crate) enum_blocks: Vec<&'t Block>,
    pub(crate) enums: Vec<Enum>,
    /// The values of each enum by name, as indices into [`Enum::values`].
    pub(crate) enum_values: Vec<HashMap<&'t str, usize>>,
    /// The `@@schema` of each enum, and where it is given.
    pub(crate) enum_schemas: Vec<Option<(String, Span)>>,
    /// The blocks of [`Self::models`].
    pub(crate) model_blocks: Vec<&'t Block>,
    pub(crate) models: Vec<ModelDraft<'t>>,
    pub(crate) relations: Vec<RelationDraft>,
    /// The `type` blocks.
    pub(crate) composite_blocks: Vec<&'t Block>,
    /// The `mixin` blocks.
    pub(crate) mixin_blocks: Vec<&'t Block>,
    /// The places of [`Self::mixin_blocks`], by name.
    pub(crate) mixins: BTreeMap<&'t str, MixinId>,
    /// Who keeps the relations whole.
    pub(crate) relation_mode: RelationMode,
    /// The database's schemas that models may be in.
    pub(crate) schemas: BTreeSet<String>,
    /// The first of them, for messages.
    pub(crate) first_schema: Option<String>,
    /// The features that the generators' preview flags switch on.
    pub(crate) features: Features,
    /// Blocks whose names others have already.
    pub(crate) duplicated: Vec<&'t Block>,
    /// The fields and values of those, with the names of their blocks.
    pub(crate) duplicated_members: HashSet<(&'t str, &'t str)>,
    /// The names that blocks of different kinds have: what they stand for is open.
    pub(crate) open: HashSet<&'t str>,
    /// The blocks that may be missing because they could not be read.
    pub(crate) lost: Lost,
}

/// A half-resolved model.
pub(crate) struct ModelDraft<'t> {
    pub(crate) block: &'t Block,
    pub(crate) kind: ModelKind,
    pub(crate) table: String,
    /// `@@schema`, and where it is given.
    pub(crate) schema: Option<(String, Span)>,
    pub(crate) checks: Vec<Check>,
    pub(crate) mixins: Vec<MixinId>,
    pub(crate) was: Option<String>,
    /// The place where the table's name is given.
    pub(crate) table_span: Span,
    pub(crate) fields: Vec<FieldDraft<'t>>,
    pub(crate) by_name: HashMap<&'t str, FieldId>,
    /// The names that several fields have: which of them is meant is open.
    pub(crate) duplicated: HashSet<&'t str>,
    pub(crate) primary_key: Option<KeyDraft>,
    pub(crate) uniques: Vec<KeyDraft>,
    pub(crate) indexes: Vec<IndexDraft>,
    /// The columns by which PlanetScale spreads the table.
    pub(crate) shard_key: Vec<FieldId>,
    /// The columns of each key, sorted: a look-up costs the same however many keys there are.
    pub(crate) key_columns: HashSet<Vec<FieldId>>,
    /// The columns of each key, in its order.
    pub(crate) key_orders: HashSet<Vec<FieldId>>,
    /// The columns that some key or index begins with.
    pub(crate) leading: HashSet<Vec<FieldId>>,
    pub(crate) ignored: bool,
    /// The text of it that could not be read.
    pub(crate) lost: Lost,
    /// The first types of its fields that do not exist.
    pub(crate) unresolved: Vec<&'t str>,
    /// True if a key could not be read or resolved: then the model is not blamed for lacking one.
    pub(crate) damaged: bool,
}

/// A half-resolved field.
pub(crate) struct FieldDraft<'t> {
    pub(crate) syntax: &'t syntax::Field,
    pub(crate) attributes: Bindings<'t>,
    pub(crate) kind: KindDraft,
    pub(crate) arity: Arity,
    pub(crate) ignored: bool,
    pub(crate) server_only: bool,
    pub(crate) was: Option<String>,
}

/// The content of a field.
pub(crate) enum KindDraft {
    Column(Column),
    Relation {
        target: ModelId,
        resolved: Option<(RelationId, End)>,
    },
    /// Of a composite type, which no database of ours has.
    Composite,
    /// Reported, left out.
    Unresolved,
}

/// A key and where it is written.
pub(crate) struct KeyDraft {
    pub(crate) key: Key,
    /// The attribute.
    pub(crate) span: Span,
    /// Each of the columns.
    pub(crate) columns: Vec<Span>,
    /// True if a `sort:` is written, which may be that of any index.
    pub(crate) sorted: bool,
    /// The `map:` and `name:` arguments.
    pub(crate) map: Option<Span>,
    pub(crate) name: Option<Span>,
}

/// An index and where it is written.
pub(crate) struct IndexDraft {
    pub(crate) index: Index,
    /// The attribute.
    pub(crate) span: Span,
    /// Each of the parts.
    pub(crate) parts: Vec<Span>,
    /// The `type:` argument.
    pub(crate) algorithm: Option<Span>,
    /// True if a `sort:` is written, which may be that of any index.
    pub(crate) sorted: bool,
    /// The argument that gives the name in the database.
    pub(crate) map: Option<Span>,
}

/// A relation and where its foreign key is written.
pub(crate) struct RelationDraft {
    pub(crate) relation: Relation,
    /// The `@relation` with the fields, or the field of an implicit many-to-many relation.
    pub(crate) span: Span,
}

impl<'t> Draft<'t> {
    /// The model at `id`.
    pub(crate) fn model(&self, id: ModelId) -> Option<&ModelDraft<'t>> {
        self.models.get(id.0)
    }

    /// The models with their ids.
    pub(crate) fn models(&self) -> impl Iterator<Item = (ModelId, &ModelDraft<'t>)> {
        self.models.iter().enumerate().map(|(index, model)| (ModelId(index), model))
    }
}

impl<'t> ModelDraft<'t> {
    /// The name in the schema.
    pub(crate) fn name(&self) -> &'t str {
        &self.block.name.text
    }

    /// A field of the model, as messages show it.
    pub(crate) fn path<'a>(&'a self, field: &'a FieldDraft<'_>) -> FieldPath<'a> {
        FieldPath { model: self.name(), field: field.name() }
    }

    /// The names of the fields at these ids.
    pub(crate) fn names(&self, fields: impl IntoIterator<Item = FieldId>) -> Vec<&'t str> {
        fields.into_iter().filter_map(|id| self.field(id)).map(FieldDraft::name).collect()
    }

    /// The field at `id`.
    pub(crate) fn field(&self, id: FieldId) -> Option<&FieldDraft<'t>> {
        self.fields.get(id.0)
    }

    /// Returns whether a field that leads to the model called `name` may be missing only because it could not be read,
    /// or because its type is mistyped.
    pub(crate) fn may_lead_to(&self, name: &str) -> bool {
        self.lost.may_lead_to(name)
            || self.unresolved.len() >= MOST_UNRESOLVED
            || closest(name, self.unresolved.iter().copied()).is_some()
    }

    /// Returns whether these are exactly the columns of a key, in any order.
    pub(crate) fn has_key(&self, fields: &[FieldId]) -> bool {
        let mut fields = fields.to_vec();
        fields.sort_unstable();
        self.key_columns.contains(&fields)
    }

    /// Returns whether these are exactly the columns of a key, in its order.
    pub(crate) fn has_key_in_order(&self, fields: &[FieldId]) -> bool {
        self.key_orders.contains(fields)
    }

    /// The columns that each key and index begins with, however many of them.
    pub(crate) fn leading_columns(&self) -> HashSet<Vec<FieldId>> {
        let keys = self.keys().map(|key| key.fields().collect::<Vec<_>>());
        let indexes = self.indexes.iter().map(|draft| {
            draft.index.parts.iter().map_while(|part| part.column()).map(|column| column.field).collect::<Vec<_>>()
        });
        let prefixes = keys.chain(indexes).flat_map(|fields| {
            // More columns than a database indexes: longer prefixes are never asked for.
            let longest = fields.len().min(32);
            (1..=longest).filter_map(move |length| fields.get(..length).map(<[_]>::to_vec)).collect::<Vec<_>>()
        });
        prefixes.collect()
    }

    /// The primary key and the unique constraints.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyDraft> {
        self.primary_key.iter().chain(&self.uniques)
    }
}

impl<'t> FieldDraft<'t> {
    /// The name in the schema.
    pub(crate) fn name(&self) -> &'t str {
        &self.syntax.name.text
    }

    /// The place of the name.
    pub(crate) fn span(&self) -> Span {
        self.syntax.name.span
    }

    /// The column, if it is one.
    pub(crate) fn column(&self) -> Option<&Column> {
        if let KindDraft::Column(column) = &self.kind { Some(column) } else { None }
    }

    /// The attribute called `name`.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Bound<'t>> {
        self.attributes.get(name)
    }
}

impl KeyDraft {
    /// Its columns.
    pub(crate) fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.key.columns.iter().map(|column| column.field)
    }
}
