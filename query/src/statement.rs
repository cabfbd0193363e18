//! Statements as data: what a database is asked, before it is SQL.
//!
//! The planner makes these from query trees ([`crate::lower`]), and the renderer of each database writes them
//! ([`crate::dialect`]), the only place that knows SQL text. A statement names tables and columns as the database
//! does, and says what it means instead of how a database spells it: that a list of keys is looked up, that a number
//! is computed within the range of its column, that each group of rows has a page of its own.
//!
//! Parameters stand where their values go. The renderer puts them into the order of their places in the text.

use crate::catalog::{Column, FieldIndex, ModelIndex, Type};
use crate::plan::{Collation, Param};
use crate::tree::{Arithmetic, Compare, Slot};

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Statement<'a> {
    Select(Box<Select<'a>>),
    Insert(Insert<'a>),
    Update(Update<'a>),
    Delete(Delete<'a>),
    Levels(Levels<'a>),
}

/// The levels of a nested read in one result. The first column of a row says which level it is of. The levels share the
/// others, the slots: what a level has no use for is null.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Levels<'a> {
    pub(crate) levels: Vec<LevelRows<'a>>,
    /// The column whose type a slot has; a slot of counts where there is none.
    pub(crate) slots: Vec<Option<&'a Column>>,
}

/// The rows of a level.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LevelRows<'a> {
    pub(crate) select: Select<'a>,
    /// Whether the rows of another level are found by the keys of these.
    pub(crate) has_children: bool,
    /// The output that each slot gets.
    pub(crate) slots: Vec<Option<usize>>,
}

/// A table or view of the database.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TableName<'a> {
    /// The schema of the database that it is in, where that is not the one of the connection.
    pub(crate) schema: Option<&'a str>,
    pub(crate) name: &'a str,
}

/// The name of a table within a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alias {
    /// The nth table of the statement.
    Table(usize),
    /// The join table by which the rows of a level are found.
    Join,
}

/// A table under the name that it has within a statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Source<'a> {
    pub(crate) table: TableName<'a>,
    pub(crate) alias: Alias,
}

/// A column of a table of the statement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ColumnName<'a> {
    /// The table; of the statement's only one where there is none.
    pub(crate) alias: Option<Alias>,
    pub(crate) name: &'a str,
}

/// Rows that are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Select<'a> {
    /// What each row consists of.
    pub(crate) outputs: Vec<Output<'a>>,
    /// Where the rows come from; a single row without columns where there is nothing.
    pub(crate) from: Option<From<'a>>,
    /// What each row is looked up in: at most one row that agrees with it.
    pub(crate) lookups: Vec<Lookup<'a>>,
    /// What a row must satisfy, all of it.
    pub(crate) conditions: Vec<Condition<'a>>,
    /// Makes one row of those that agree in these.
    pub(crate) group_by: Vec<Expression<'a>>,
    /// What the made rows must satisfy.
    pub(crate) having: Option<Condition<'a>>,
    pub(crate) order: Vec<SortKey<'a>>,
    pub(crate) page: Page,
    /// The page is of each group of rows that agree in these keys, and the rows of a group follow one another. Every
    /// output is named.
    pub(crate) page_of_each: Option<Groups<'a>>,
    /// Whether the rows are about to be changed by the same transaction.
    pub(crate) locks: bool,
}

/// The groups of rows that have a page of their own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Groups<'a> {
    /// The keys of a group, as the rows are found by them.
    pub(crate) keys: Vec<Expression<'a>>,
    /// The same keys, by the outputs that hold them.
    pub(crate) outputs: Vec<Expression<'a>>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Output<'a> {
    pub(crate) expression: Expression<'a>,
    /// The number by which a statement around this one refers to it.
    pub(crate) name: Option<usize>,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum From<'a> {
    /// The rows of a table.
    Table(Source<'a>),
    /// Pairs of rows of two tables that satisfy the conditions.
    Join { left: Source<'a>, right: Source<'a>, on: Vec<Condition<'a>> },
    /// The rows of another statement.
    Select(Box<Select<'a>>),
}

/// A statement whose rows are looked up by keys, of which each of its rows has another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lookup<'a> {
    pub(crate) select: Select<'a>,
    pub(crate) alias: Alias,
    /// The keys of a row, in the order of the statement's first outputs.
    pub(crate) keys: Vec<Expression<'a>>,
}

/// How many rows, and after how many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Page {
    pub(crate) take: Option<Count>,
    pub(crate) skip: Option<Slot>,
}

/// A number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    One,
    Value(Slot),
}

/// What rows are sorted by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SortKey<'a> {
    pub(crate) expression: Expression<'a>,
    pub(crate) descending: bool,
    /// Whether nulls come first or last, where it matters.
    pub(crate) nulls_first: Option<bool>,
}

/// A new row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Insert<'a> {
    pub(crate) table: TableName<'a>,
    /// The columns that get a value; the database's defaults where there is none.
    pub(crate) values: Vec<(&'a str, Expression<'a>)>,
    pub(crate) conflict: Conflict<'a>,
    pub(crate) returning: Vec<Expression<'a>>,
}

/// What to do where a row has the key of the new one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Conflict<'a> {
    Fail,
    /// Leave that row as it is, and insert none.
    Ignore,
    /// Insert none and make this change of the row that has this key, where it satisfies the conditions of the change.
    Update {
        key: Vec<&'a str>,
        change: Update<'a>,
    },
}

/// A change of rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update<'a> {
    pub(crate) table: Source<'a>,
    pub(crate) values: Vec<(&'a str, Expression<'a>)>,
    pub(crate) conditions: Vec<Condition<'a>>,
    pub(crate) returning: Vec<Expression<'a>>,
}

/// A removal of rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delete<'a> {
    pub(crate) table: Source<'a>,
    pub(crate) conditions: Vec<Condition<'a>>,
    pub(crate) returning: Vec<Expression<'a>>,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression<'a> {
    Column(ColumnName<'a>),
    /// An output of the statement within this one, by its number.
    Output(usize),
    /// An output of a statement in which rows are looked up; null where it has none for a row.
    Found(Alias, usize),
    /// A parameter, and the column that it is compared with or stored in.
    Param(Param, Option<&'a Column>),
    Null,
    Number(i64),
    /// A value of a type that a database may store in several forms, as what it means: it compares and sorts so.
    ByValue(Type, Box<Expression<'a>>),
    /// A text, compared by a collation in place of that of its column.
    Collated(Collation, Box<Expression<'a>>),
    /// A JSON value in the form in which equal values are equal.
    NormalJson(Box<Expression<'a>>),
    /// The number of rows.
    CountRows,
    /// The number of rows in which this is not null.
    CountOf(Box<Expression<'a>>),
    /// The value of the statement's only row; null where it has none.
    Select(Box<Select<'a>>),
    /// The first that is not null.
    Coalesce(Vec<Expression<'a>>),
    Case {
        condition: Box<Condition<'a>>,
        then: Box<Expression<'a>>,
        otherwise: Box<Expression<'a>>,
    },
    /// A number that a column computes from its own.
    Computed {
        column: ColumnName<'a>,
        ty: Type,
        operator: Arithmetic,
        value: Param,
        place: SchemaField,
    },
    /// A number of a column that came from the database, which must be one that the column can hold.
    InRange {
        column: ColumnName<'a>,
        ty: Type,
        place: SchemaField,
    },
}

/// The field of the schema that a number is computed for, for messages.
pub(crate) type SchemaField = (ModelIndex, FieldIndex);

/// What is true, false or unknown of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition<'a> {
    /// All of these; true when there are none.
    All(Vec<Condition<'a>>),
    /// Any of these; false when there are none.
    Any(Vec<Condition<'a>>),
    Not(Box<Condition<'a>>),
    /// True or unknown.
    NotFalse(Box<Condition<'a>>),
    /// False or unknown.
    NotTrue(Box<Condition<'a>>),
    Compare(Comparison<'a>),
    /// A column holds a text, begins or ends with it, ASCII letters in either case. Nothing in the text is a wildcard.
    Search {
        operator: Compare,
        column: ColumnName<'a>,
        text: Param,
    },
    /// A value is one of a list.
    InList(InList<'a>),
    /// Values are those of one of the keys of other rows.
    InKeys(InKeys<'a>),
    Null {
        operand: Expression<'a>,
        negated: bool,
    },
    Exists {
        select: Box<Select<'a>>,
        negated: bool,
    },
}

/// Two values are compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison<'a> {
    pub(crate) left: Expression<'a>,
    pub(crate) operator: Operator,
    pub(crate) right: Expression<'a>,
    /// The values may be long, and the rows are not found by this comparison.
    pub(crate) scans: bool,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => " = ",
            Self::NotEqual => " <> ",
            Self::Less => " < ",
            Self::LessOrEqual => " <= ",
            Self::Greater => " > ",
            Self::GreaterOrEqual => " >= ",
        }
    }
}

/// Values are compared with keys of other rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InKeys<'a> {
    pub(crate) keys: KeysOf,
    pub(crate) operands: Vec<Expression<'a>>,
    /// The columns that hold the operands.
    pub(crate) columns: Vec<&'a Column>,
}

/// Whose keys values are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeysOf {
    /// Those that an earlier frame holds, which are bound.
    Frame,
    /// These outputs of an earlier level of the same statement.
    Level { level: usize, outputs: Vec<usize> },
}

/// A value is compared with those of a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InList<'a> {
    pub(crate) operand: Expression<'a>,
    /// The column that the values are compared with.
    pub(crate) column: &'a Column,
    pub(crate) negated: bool,
    pub(crate) list: Slot,
    /// As [`Comparison::scans`].
    pub(crate) scans: bool,
}

impl<'a> Comparison<'a> {
    /// Two values are equal.
    pub(crate) fn equal(left: Expression<'a>, right: Expression<'a>) -> Condition<'a> {
        Condition::Compare(Self { left, operator: Operator::Equal, right, scans: false })
    }
}

impl<'a> Expression<'a> {
    /// A parameter that no column tells the type of.
    pub(crate) fn param(param: Param) -> Self {
        Self::Param(param, None)
    }
}

impl<'a> Select<'a> {
    /// A single row with the number 1, where the condition is true.
    pub(crate) fn one_where(condition: Condition<'a>) -> Self {
        Self { outputs: vec![Output::of(Expression::Number(1))], conditions: vec![condition], ..Self::default() }
    }
}

impl<'a> SortKey<'a> {
    pub(crate) fn ascending(expression: Expression<'a>) -> Self {
        Self { expression, descending: false, nulls_first: None }
    }
}

impl<'a> Output<'a> {
    /// An output without a name.
    pub(crate) fn of(expression: Expression<'a>) -> Self {
        Self { expression, name: None }
    }
}

impl Condition<'_> {
    /// Returns whether the condition reads other rows than the one that it is about.
    pub(crate) fn reads_rows(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::reads_rows),
            Self::Not(inner) | Self::NotFalse(inner) | Self::NotTrue(inner) => inner.reads_rows(),
            Self::Exists { .. } => true,
            Self::Compare(_) | Self::Search { .. } | Self::InList(_) | Self::InKeys(_) | Self::Null { .. } => false,
        }
    }
}
