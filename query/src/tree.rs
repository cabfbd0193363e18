//! The query tree: what one call of a client asks for, without its values.
//!
//! Where a value belongs, the tree holds a [`Slot`], an index into the values that travel beside it.
//! So two calls that differ in values only have equal trees, and one plan serves both.

use crate::catalog::{FieldIndex, ModelIndex};

/// Index of a value in the list that goes with a query.
pub type Slot = u16;

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the operation of the same name")]
pub enum Query {
    /// `findMany`, `findFirst`, `findUnique`
    Find { model: ModelIndex, mode: FindMode, args: Args, selection: Vec<Selected> },
    /// `count`: of rows (`None`), or of the rows in which a field is not null
    Count { model: ModelIndex, args: Args, of: Vec<Option<FieldIndex>> },
    /// `create`
    Create { model: ModelIndex, data: RowWrites, selection: Vec<Selected> },
    /// `createMany`
    CreateMany { model: ModelIndex, rows: Rows },
    /// `update`
    Update { model: ModelIndex, filter: Filter, data: RowWrites, selection: Vec<Selected> },
    /// `updateMany`
    UpdateMany { model: ModelIndex, filter: Filter, data: RowWrites },
    /// `upsert`
    Upsert { model: ModelIndex, filter: Filter, create: RowWrites, update: RowWrites, selection: Vec<Selected> },
    /// `delete`
    Delete { model: ModelIndex, filter: Filter, selection: Vec<Selected> },
    /// `deleteMany`
    DeleteMany { model: ModelIndex, filter: Filter },
}

/// How many rows a read returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindMode {
    /// All that match.
    Many,
    /// The first that matches.
    First,
    /// The one named by a key.
    Unique,
}

/// Which rows, in which order, and how many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Args {
    /// `where`
    pub filter: Option<Filter>,
    /// `orderBy`
    pub order: Vec<Order>,
    /// `take`
    pub take: Option<Take>,
    /// `skip`
    pub skip: Option<Slot>,
}

/// `take`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Take {
    /// The number of rows, not negative.
    pub count: Slot,
    /// Whether the last rows are meant: a negative `take`.
    pub last: bool,
}

/// A condition on the rows of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are told by the variant")]
pub enum Filter {
    /// All of these; true when there are none.
    And(Vec<Filter>),
    /// Any of these; false when there are none.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A column compared with a value. Never true where the column is null.
    Compare { field: FieldIndex, operator: Compare, value: Slot },
    /// A column is one of a list.
    In { field: FieldIndex, negated: bool, list: Slot },
    /// A list column compared with an element or with a list.
    List { field: FieldIndex, operator: ListCompare, value: Slot },
    /// A list column is empty.
    Empty { field: FieldIndex },
    /// A column is null, or is not.
    Null { field: FieldIndex, negated: bool },
    /// A condition on related rows.
    Related { field: FieldIndex, quantifier: Quantifier, filter: Box<Filter> },
}

impl Filter {
    /// Returns whether the filter holds only where a column equals one value.
    pub(crate) fn pins(&self, column: FieldIndex) -> bool {
        match self {
            Self::And(parts) => parts.iter().any(|part| part.pins(column)),
            Self::Compare { field, operator: Compare::Equals, .. } => *field == column,
            _ => false,
        }
    }

    /// Returns whether the filter compares columns, each of them one that `may` be compared, and nothing else.
    pub(crate) fn compares_only(&self, may: impl Fn(FieldIndex) -> bool + Copy) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.compares_only(may)),
            Self::Compare { field, .. } => may(*field),
            _ => false,
        }
    }
}

/// How a column is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator of the same name")]
pub enum Compare {
    Equals,
    NotEquals,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    StartsWith,
    EndsWith,
}

/// How a list column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListCompare {
    /// With a list: the same elements in the same order.
    Equals,
    /// With an element, which must be in it.
    Has,
    /// With a list, all of whose elements must be in it.
    HasEvery,
    /// With a list, some element of which must be in it.
    HasSome,
}

/// How many related rows must satisfy a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one; `is` of a to-one relation.
    Some,
    /// All, also of none.
    Every,
    /// Not one; `isNot` of a to-one relation.
    None,
}

/// A sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// To-one relations to follow first, outermost first.
    pub path: Vec<FieldIndex>,
    /// What to sort by, at the end of the path.
    pub by: OrderBy,
    /// Greatest first.
    pub descending: bool,
    /// Where nulls go, when it was said.
    pub nulls: Option<Nulls>,
}

/// What to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderBy {
    /// A column.
    Column(FieldIndex),
    /// The number of rows that a to-many relation leads to.
    Count(FieldIndex),
}

/// Where nulls go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Nulls {
    First,
    Last,
}

/// One thing to load, in the order in which a client reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// A column.
    Column(FieldIndex),
    /// Related rows.
    Relation(Nested),
    /// `_count`: the numbers of related rows.
    Counts(Vec<RelationCount>),
}

/// Related rows to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested {
    /// The relation.
    pub field: FieldIndex,
    /// Which of its rows. Of a to-one relation only the filter may be there, and only where it is optional.
    pub args: Args,
    /// What to load of them.
    pub selection: Vec<Selected>,
}

/// The number of related rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationCount {
    /// A to-many relation.
    pub field: FieldIndex,
    /// Which rows to count.
    pub filter: Option<Filter>,
}

/// What a write gives to the columns of a row, and what it does to the rows that are related to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowWrites {
    /// The columns, each at most once.
    pub columns: Vec<(FieldIndex, ColumnWrite)>,
    /// The operations on related rows, in the order in which the caller wrote them.
    pub relations: Vec<(FieldIndex, RelationWrite)>,
}

impl RowWrites {
    /// The operations on related rows. A list of rows that the caller gave to one of them is one operation.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &[(FieldIndex, RelationWrite)]> {
        self.relations.chunk_by(|(field, write), (other, next)| field == other && write.joins(next))
    }
}

/// What a column gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnWrite {
    /// A value.
    Set(Slot),
    /// Null.
    Null,
    /// Its own number, changed in the database.
    Change {
        /// How.
        operator: Arithmetic,
        /// The other number.
        value: Slot,
    },
    /// The elements of a list after those that it has.
    Push(Slot),
}

/// An operation on related rows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the operation of the same name")]
pub enum RelationWrite {
    /// `create`
    Create(RowWrites),
    /// `createMany`: rows that give the same columns
    CreateMany(RowGroup),
    /// `connect`: the row that a key names
    Connect(Filter),
    /// `connectOrCreate`
    ConnectOrCreate { filter: Filter, create: RowWrites },
    /// `disconnect`: the row that a key names, or that of a to-one relation, where it satisfies a condition
    Disconnect(Option<Filter>),
    /// `set`: the rows that keys name, and no others
    Set(Vec<Filter>),
    /// `update`: as `disconnect`
    Update { filter: Option<Filter>, data: RowWrites },
    /// `updateMany`
    UpdateMany { filter: Filter, data: RowWrites },
    /// `upsert`: as `disconnect`
    Upsert { filter: Option<Filter>, create: RowWrites, update: RowWrites },
    /// `delete`: as `disconnect`
    Delete(Option<Filter>),
    /// `deleteMany`
    DeleteMany(Filter),
}

impl RelationWrite {
    /// Returns whether it is written before a row that refers to the related one: it says what the row refers to.
    pub(crate) fn comes_first(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Connect(_) | Self::ConnectOrCreate { .. } | Self::Disconnect(None))
    }

    /// Returns whether it is one operation with the next one of the same relation: the caller gave it a list of rows.
    fn joins(&self, next: &Self) -> bool {
        matches!((self, next), (Self::Connect(_), Self::Connect(_)) | (Self::Delete(Some(_)), Self::Delete(Some(_))))
    }
}

/// The rows of `createMany`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Those that give the same columns make a group.
    pub groups: Vec<RowGroup>,
    /// Where there are several groups, a list of the group of each row, in the order in which the rows are written.
    pub order: Option<Slot>,
}

/// How a number is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Rows of `createMany` that give the same columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGroup {
    /// The columns.
    pub fields: Vec<FieldIndex>,
    /// A list: the values of the first row in the order of `fields`, then of the second, and so on.
    pub rows: Slot,
}

impl Query {
    /// The model that the query is about.
    pub fn model(&self) -> ModelIndex {
        match self {
            Self::Find { model, .. }
            | Self::Count { model, .. }
            | Self::Create { model, .. }
            | Self::CreateMany { model, .. }
            | Self::Update { model, .. }
            | Self::UpdateMany { model, .. }
            | Self::Upsert { model, .. }
            | Self::Delete { model, .. }
            | Self::DeleteMany { model, .. } => *model,
        }
    }
}
