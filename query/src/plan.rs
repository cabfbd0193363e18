//! The plan: the statements of a query, their order, which results feed which parameters, how rows nest.
//!
//! Plain data, compiled once per shape, run by the driver any number of times with different values.
//! [`Plan::explain`] prints it.

use std::fmt::Write as _;
use std::ops::Range;

use crate::catalog::{Catalog, Default, FieldIndex, ModelIndex, Type};
use crate::dialect::ParameterType;
use crate::shape::Input;
use crate::tree::{Compare, Slot};

/// A compiled query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The model that the query is about.
    pub model: ModelIndex,
    /// Whether it writes.
    pub access: Access,
    /// What each value must be, in order.
    pub inputs: Vec<Input>,
    /// The statements, in order. Each fills a frame; the frame of step 3 is frame 3.
    pub steps: Vec<Step>,
    /// What the client gets.
    pub result: ResultKind,
    /// The step of each row of a `createMany`, where the rows are of several steps: they are written in this order.
    pub order: Option<Slot>,
    /// The number of rows that a `findMany` takes at its top level, where it says one.
    pub take: Option<Slot>,
    /// Whether it reads at most one row of each level by a key, so that it is quick for sure.
    pub point_read: bool,
    /// The same read as one statement, for a database that is far away.
    pub one_trip: Option<Box<OneTrip>>,
    /// The same plan for a database whose dates and decimals are all in the form that Purlin writes.
    pub canonical: Option<Box<CanonicalForms>>,
    /// The columns of texts that the plan compares with the keys that they refer to, where the database may compare the two
    /// in different ways. See [`crate::compile_collated`].
    pub text_keys: Vec<TextKey>,
}

/// A column of texts that refers to a key.
///
/// In SQLite each column says how its texts compare (`COLLATE NOCASE`), and a foreign key leads to what equals it by the
/// collation of the key. A query compares by the collation of the column that it names, so that a plan is right as it is where
/// both columns have one collation, as they nearly always do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextKey {
    /// The table of the column, which may be a join table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The model that it refers to.
    pub model: ModelIndex,
    /// The key of that model.
    pub key: FieldIndex,
}

/// How the database compares texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collation {
    /// By their bytes.
    Binary,
    /// Without regard to the case of ASCII letters.
    NoCase,
    /// Without regard to spaces at the end.
    RightTrim,
}

/// A plan that compares the dates and the decimals of some columns as they are stored, so that it can use their indexes.
///
/// A date in SQLite may be a number of milliseconds or a text in many spellings, all of which mean an instant, and a
/// decimal a text with zeros at its end. A plan that compares what they mean, by a function or a collation, is always right
/// and uses no index. This one compares the stored texts, and may run only when the guards say that all of them are in
/// the form that Purlin writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalForms {
    /// A query per column whose index the plan may use: whether the column holds a value in another form. It reads the
    /// partial index of just those rows ([`crate::dialect::sqlite::FormedType`]), and fails where there is none.
    pub guards: Vec<String>,
    /// The plan: the same steps, parameters and results.
    pub plan: Plan,
}

/// A statement that fills the frames of all steps of a read.
///
/// Its first column is the number of the frame that a row is of. The rows of a frame stand in the order in which its step
/// returns them, between those of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTrip {
    /// The SQL.
    pub sql: Sql,
    /// The parameters, in the order of their places in the SQL.
    pub params: Vec<Param>,
    /// The types that they are declared to have.
    pub types: Vec<ParameterType>,
    /// For each frame, which column of the result each of its columns is.
    pub frames: Vec<Vec<usize>>,
}

/// Whether a plan writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Access {
    Read,
    Write,
}

/// What a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultKind {
    /// Rows.
    Rows(Nest),
    /// The row of a query that names one; none when it is not there.
    Row(Nest),
    /// The first row of this frame: numbers, one per column.
    Counts(usize),
    /// The number of rows that these steps changed.
    Affected(Vec<usize>),
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where not all of these hold, the step is left out and its frame is empty.
    pub when: Vec<When>,
    /// The SQL.
    pub sql: Sql,
    /// The parameters, in the order of their places in the SQL.
    pub params: Vec<Param>,
    /// The types that they are declared to have; empty where the database does not ask for that.
    pub types: Vec<ParameterType>,
    /// A query of the form of the table's newest dates, a column per [`Param::Date`]: the name of SQLite's storage class, or
    /// `null` where there are none yet.
    pub date_forms: Option<String>,
    /// The columns that the statement returns; none of a statement that only changes rows.
    pub columns: Vec<FrameColumn>,
    /// Where the row of the frame comes from.
    pub returns: Returns,
    /// How often it runs.
    pub run: Run,
    /// The error when it returns too few rows.
    pub require: Option<Missing>,
    /// The number of rows that are enough: one, but for a list of names.
    pub least: usize,
    /// What it writes; none of a read.
    pub write: Option<StepWrite>,
}

/// What a step writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepWrite {
    /// What it does with the rows.
    pub kind: WriteKind,
    /// The model whose table it writes; none of a join table.
    pub model: Option<ModelIndex>,
}

/// What a write does with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum WriteKind {
    Insert,
    Update,
    Delete,
}

/// A condition on an earlier step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The frame of that step.
    pub frame: usize,
    /// Whether it is to have a row.
    pub has_row: bool,
}

/// The first row of a frame, some of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOf {
    /// The frame.
    pub frame: usize,
    /// Its columns, in the order of those of the step that takes them.
    pub columns: Vec<usize>,
}

/// Where the rows of a step's frame come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returns {
    /// The statement returns them.
    Rows,
    /// The statement writes one row and returns nothing, as of MySQL. The frame is a row of these parameters, which are known once
    /// it has run.
    Known(Vec<Param>),
}

/// SQL text, with a gap for each list whose length is known only when the statement runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sql {
    /// The whole text.
    Fixed(String),
    /// A text with gaps.
    Gaps {
        /// The gaps. Each is filled by the next of the parameters that are lists: [`Param::List`] and [`Param::Keys`].
        gaps: Vec<Gap>,
        /// The text after the last gap.
        tail: String,
    },
    /// No statement: the frame of the step has the row of the first of these frames that has one.
    Either(Vec<RowOf>),
}

/// A gap between the parentheses of `IN (..)`, for a list of whatever length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The text between the gap before and this one.
    pub head: String,
    /// The text around each value, which brings it to the form in which it is compared.
    pub around: (&'static str, &'static str),
}

/// How often a step runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Once.
    Once,
    /// Once, for the one row that it returns: a key names it, or it is a count. It is left after that row.
    Single,
    /// Once for the distinct keys that a frame holds; not at all when it holds none.
    Keys(Keys),
    /// Once for each distinct key that a frame holds, the results one after another.
    EachKey(Keys),
    /// Once for each row of a group of `createMany`.
    EachRow {
        /// The model of the rows.
        model: ModelIndex,
        /// The rows.
        rows: Slot,
        /// The columns that a row gives, in order.
        fields: Vec<FieldIndex>,
        /// The type of the key that the database counts up for each row.
        counted: Option<Type>,
        /// The statement without what it returns. What is returned are the numbers that the database computes, through
        /// the check of their range; where their defaults are literals, this statement does, at half the time.
        plain: Option<String>,
        /// Where the values of a row are in the text of the statement, with their parentheses: a database may take those of
        /// several rows there.
        values: Option<Range<usize>>,
    },
}

/// The keys that a frame holds. A key with a null in it leads nowhere and is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The frame.
    pub frame: usize,
    /// The columns of the frame that make up a key.
    pub columns: Vec<usize>,
    /// What they are compared with: these decide how they are bound.
    pub types: Vec<Type>,
}

/// Where a parameter comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    /// A value of the query.
    Value {
        /// Which.
        slot: Slot,
        /// How it is bound.
        ty: Type,
    },
    /// The values of a list, which fill a gap of the text.
    List {
        /// Which.
        slot: Slot,
        /// How they are bound.
        ty: Type,
    },
    /// The values of a list as one array.
    Array {
        /// Which.
        slot: Slot,
        /// How they are bound.
        ty: Type,
    },
    /// A number of rows.
    Count(Slot),
    /// A cell of the first row of an earlier frame.
    Cell {
        /// The frame.
        frame: usize,
        /// Its column.
        column: usize,
    },
    /// The list of keys of [`Run::Keys`], which fills the gap of the text.
    Keys,
    /// One part of each key of [`Run::Keys`], as an array.
    KeyArray {
        /// Which part.
        part: usize,
        /// How its values are bound.
        ty: Type,
    },
    /// A text to search for, as a pattern of `LIKE` in which nothing of the text is a wildcard.
    Pattern {
        /// The text.
        slot: Slot,
        /// Where it is searched for.
        operator: Compare,
        /// The character before those of the text that would be wildcards.
        escape: char,
    },
    /// What the statement has bound at this place.
    Bound(usize),
    /// The number that the database counted up for the row that the statement inserted.
    InsertedId,
    /// A part of the key of [`Run::EachKey`].
    Key(usize),
    /// A value of the row of [`Run::EachRow`].
    RowValue {
        /// Its place in the row.
        index: usize,
        /// How it is bound.
        ty: Type,
    },
    /// The instant at which the query began.
    Now,
    /// This instant, in microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// A date that a column gets, in the form of the dates that are there: beside numbers a number.
    Date {
        /// Its column in [`Step::date_forms`].
        form: usize,
        /// The date.
        value: Box<Param>,
    },
    /// A new identifier.
    Generated(Default),
}

/// A column of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameColumn {
    /// What it holds.
    pub ty: Type,
    /// Whether it may hold nulls.
    pub nullable: bool,
    /// The column of the schema it comes from, for messages.
    pub source: Option<(ModelIndex, FieldIndex)>,
}

/// How the rows of a frame become what a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nest {
    /// The model of the rows.
    pub model: ModelIndex,
    /// The frame.
    pub frame: usize,
    /// Whether the rows were read last to first.
    pub reversed: bool,
    /// What each row becomes, in the order of the selection.
    pub items: Vec<Item>,
}

/// A part of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A column of the frame.
    Column {
        /// Its field.
        field: FieldIndex,
        /// The column of the frame.
        column: usize,
    },
    /// Related rows.
    Relation {
        /// Its field.
        field: FieldIndex,
        /// Whether it is a list.
        many: bool,
        /// The columns of this frame that the rows are found by.
        parent_key: Vec<usize>,
        /// The columns of the related frame that equal them.
        child_key: Vec<usize>,
        /// Its number among the relations of the plan: results keep the rows of each parent under it.
        link: usize,
        /// The related rows.
        nest: Nest,
    },
    /// `_count`: a column of the frame for each relation.
    Counts(Vec<(FieldIndex, usize)>),
}

/// What to say when a row is not there that must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The row that `update` or `delete` names.
    Target(ModelIndex),
    /// The row that `connect` names.
    Connected {
        /// The model that has the relation.
        model: ModelIndex,
        /// The relation.
        field: FieldIndex,
    },
    /// The row that `set` names.
    Set {
        /// The model that has the relation.
        model: ModelIndex,
        /// The relation.
        field: FieldIndex,
    },
    /// The related row that an `update` of related rows names.
    Related {
        /// The model that has the relation.
        model: ModelIndex,
        /// The relation.
        field: FieldIndex,
    },
    /// The related row that a `delete` of related rows names, which may be there without being related.
    Unrelated {
        /// The model that has the relation.
        model: ModelIndex,
        /// The relation.
        field: FieldIndex,
    },
    /// A free place at the end of a one-to-one relation, whose row there cannot stand alone.
    Place {
        /// The model that has the relation.
        model: ModelIndex,
        /// The relation.
        field: FieldIndex,
    },
    /// That no other row has the values of a unique key, where the database compares values by their form.
    Other {
        /// The model.
        model: ModelIndex,
        /// The columns of the key.
        fields: Vec<FieldIndex>,
    },
    /// That the relations which share a column of their foreign keys lead to rows with the same value.
    Agreement {
        /// The model that has the relations.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// The row that the statement inserts: a trigger or a constraint of the table made the database leave it out.
    Written(ModelIndex),
    /// The row under its new key, after the row that its key refers to got another one.
    Moved(ModelIndex),
    /// The row that the call has written and is about to return.
    Gone(ModelIndex),
}

impl Plan {
    /// The bytes that the plan holds on to, roughly: whoever keeps plans can bound them by it.
    pub fn bytes(&self) -> usize {
        let steps = self.steps.iter().map(|step| {
            let run = match &step.run {
                Run::EachRow { plain: Some(plain), .. } => plain.len(),
                Run::EachRow { plain: None, .. } | Run::Once | Run::Single | Run::Keys(_) | Run::EachKey(_) => 0,
            };
            let lists = size_of_val(&*step.params) + size_of_val(&*step.types) + size_of_val(&*step.columns);
            size_of::<Step>() + step.sql.bytes() + run + lists
        });
        let canonical = self
            .canonical
            .as_ref()
            .map_or(0, |canonical| canonical.plan.bytes() + canonical.guards.iter().map(String::len).sum::<usize>());
        let one_trip = self.one_trip.as_ref().map_or(0, |one_trip| {
            let frames = one_trip.frames.iter().map(|columns| size_of_val(&**columns)).sum::<usize>();
            one_trip.sql.bytes() + size_of_val(&*one_trip.params) + frames
        });
        let text_keys = self.text_keys.iter().map(|key| size_of_val(key) + key.table.len() + key.column.len());
        size_of::<Self>()
            + size_of_val(&*self.inputs)
            + steps.sum::<usize>()
            + one_trip
            + canonical
            + text_keys.sum::<usize>()
    }

    /// The plan as text, for people.
    pub fn explain(&self, catalog: &Catalog) -> String {
        let mut out = String::new();
        for (index, step) in self.steps.iter().enumerate() {
            let _ = match &step.run {
                Run::Once | Run::Single => writeln!(out, "{index}:"),
                Run::Keys(keys) => writeln!(out, "{index}: for the keys {:?} of {}", keys.columns, keys.frame),
                Run::EachKey(keys) => writeln!(out, "{index}: for each key {:?} of {}", keys.columns, keys.frame),
                Run::EachRow { rows, .. } => writeln!(out, "{index}: for each row of ${rows}"),
            };
            for When { frame, has_row } in &step.when {
                let _ = writeln!(out, "   {} {frame} has a row", if *has_row { "if" } else { "unless" });
            }
            let _ = writeln!(out, "   {}", step.sql);
            if !step.params.is_empty() {
                let params: Vec<String> = step.params.iter().map(Param::explain).collect();
                let _ = writeln!(out, "   with {}", params.join(", "));
            }
            if let Returns::Known(values) = &step.returns {
                let values: Vec<String> = values.iter().map(Param::explain).collect();
                let _ = writeln!(out, "   returns {}", values.join(", "));
            }
            if let Some(missing) = &step.require {
                let least = if step.least == 1 { String::new() } else { format!("{} rows, or ", step.least) };
                let _ = writeln!(out, "   {least}else {}", missing.message(catalog));
            }
        }
        match &self.result {
            ResultKind::Rows(nest) => explain_nest(&mut out, catalog, "rows", nest, 0),
            ResultKind::Row(nest) => explain_nest(&mut out, catalog, "row", nest, 0),
            ResultKind::Counts(frame) => {
                let _ = writeln!(out, "returns the numbers of {frame}");
            }
            ResultKind::Affected(steps) => {
                let _ = writeln!(out, "returns the rows changed by {steps:?}");
            }
        }
        if let Some(one_trip) = &self.one_trip {
            let _ = writeln!(out, "or in one trip:\n   {}", one_trip.sql);
            if !one_trip.params.is_empty() {
                let params: Vec<String> = one_trip.params.iter().map(Param::explain).collect();
                let _ = writeln!(out, "   with {}", params.join(", "));
            }
            for (frame, columns) in one_trip.frames.iter().enumerate() {
                let _ = writeln!(out, "   {frame} has {columns:?}");
            }
        }
        out
    }
}

fn explain_nest(out: &mut String, catalog: &Catalog, what: &str, nest: &Nest, depth: usize) {
    let indent = "  ".repeat(depth);
    let order = if nest.reversed { ", last to first" } else { "" };
    let _ = writeln!(out, "{indent}returns {what} of {}{order}", nest.frame);
    for item in &nest.items {
        match item {
            Item::Column { field, column } => {
                let _ = writeln!(out, "{indent}  {} = {column}", catalog.path(nest.model, *field));
            }
            Item::Counts(counts) => {
                for (field, column) in counts {
                    let name = catalog.path(nest.model, *field);
                    let _ = writeln!(out, "{indent}  count of {name} = {column}");
                }
            }
            Item::Relation { field, many, parent_key, child_key, nest: inner, .. } => {
                let name = catalog.path(nest.model, *field);
                let _ = writeln!(out, "{indent}  {name} where {parent_key:?} = {child_key:?}");
                explain_nest(out, catalog, if *many { "rows" } else { "row" }, inner, depth + 1);
            }
        }
    }
}

impl std::fmt::Display for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Gaps { gaps, tail } => {
                for Gap { head, around: (open, close), .. } in gaps {
                    write!(f, "{head}{open}..{close}")?;
                }
                f.write_str(tail)
            }
            Self::Either(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    write!(f, "{}{:?} of {}", if index > 0 { ", or " } else { "the row " }, row.columns, row.frame)?;
                }
                Ok(())
            }
        }
    }
}

impl Sql {
    /// The bytes that it holds on to, roughly.
    fn bytes(&self) -> usize {
        match self {
            Self::Fixed(text) => text.len(),
            Self::Gaps { gaps, tail } => {
                size_of_val(&**gaps) + gaps.iter().map(|gap| gap.head.len()).sum::<usize>() + tail.len()
            }
            Self::Either(rows) => rows.iter().map(|row| size_of_val(row) + size_of_val(&*row.columns)).sum(),
        }
    }
}

impl Param {
    /// The pattern of a search for this text.
    pub(crate) fn pattern(&self, operator: Compare, escape: char) -> Self {
        match self {
            Self::Value { slot, .. } => Self::Pattern { slot: *slot, operator, escape },
            other => other.clone(),
        }
    }

    fn explain(&self) -> String {
        match self {
            Self::Value { slot, .. } => format!("${slot}"),
            Self::List { slot, .. } | Self::Array { slot, .. } => format!("${slot}[]"),
            Self::Count(slot) => format!("${slot}"),
            Self::Cell { frame, column } => format!("{frame}.{column}"),
            Self::Keys => "keys".to_owned(),
            Self::KeyArray { part, .. } => format!("keys.{part}[]"),
            Self::Pattern { slot, operator, .. } => match operator {
                Compare::StartsWith => format!("${slot}%"),
                Compare::EndsWith => format!("%${slot}"),
                _ => format!("%${slot}%"),
            },
            Self::Bound(index) => format!("?{index}"),
            Self::InsertedId => "inserted id".to_owned(),
            Self::Key(index) => format!("key.{index}"),
            Self::RowValue { index, .. } => format!("row.{index}"),
            Self::Now => "now".to_owned(),
            Self::Date { value, .. } => format!("{} like the others", value.explain()),
            Self::Instant(micros) => format!("{micros} us"),
            Self::Generated(default) => format!("{default:?}").to_lowercase(),
        }
    }
}

impl Missing {
    /// The message of the error.
    pub fn message(&self, catalog: &Catalog) -> String {
        match self {
            Self::Target(model) => {
                let name = catalog.model(*model).map_or("", |model| &model.name);
                format!("no {name} matches the `where` of this query")
            }
            Self::Connected { model, field } => {
                let relation = catalog.path(*model, *field);
                format!("no row matches the `connect` of `{relation}`")
            }
            Self::Set { model, field } => {
                let relation = catalog.path(*model, *field);
                format!("no row matches a member of the `set` of `{relation}`")
            }
            Self::Related { model, field } | Self::Unrelated { model, field } => {
                let relation = catalog.path(*model, *field);
                format!("`{relation}` leads to no row that the `where` of the write names")
            }
            Self::Place { model, field } => {
                let relation = catalog.path(*model, *field);
                format!("`{relation}` leads to a row already, which cannot be without it: delete that row first")
            }
            Self::Other { model, fields } => {
                let name = catalog.model(*model).map_or("row", |model| &model.name);
                let fields = fields.iter().map(|field| catalog.field_name(*model, *field)).collect::<Vec<_>>();
                format!("another {name} has the same {}: the key is unique", fields.join(", "))
            }
            Self::Agreement { model, field } => {
                let column = catalog.path(*model, *field);
                format!("the relations that share `{column}` lead to rows with different values of it")
            }
            Self::Gone(model) => {
                let name = catalog.model(*model).map_or("row", |model| &model.name);
                format!(
                    "the {name} that this call was to return is not there under its key when the call has run, so that nothing was written: a nested `delete`, an `onDelete: Cascade` or a trigger removes it, or a write of a related row changes its key"
                )
            }
            Self::Moved(model) => {
                let name = catalog.model(*model).map_or("row", |model| &model.name);
                format!(
                    "the {name} is not there any more after a write of a related row, so that nothing was written: a nested `delete`, an `onDelete: Cascade` or a trigger removes it or gives it another key; make that change in a call of its own"
                )
            }
            Self::Written(model) => {
                let name = catalog.model(*model).map_or("row", |model| &model.name);
                format!(
                    "the database ignored the write of {name}, and nothing was written: a trigger or a constraint of its table says IGNORE"
                )
            }
        }
    }
}
