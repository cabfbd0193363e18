//! Turns a difference into steps: in place where SQLite can, by a rebuild where it cannot.

use std::collections::BTreeSet;

use super::{render, spelling, statement, temporary};
use crate::{
    database::{Column, DatabaseSchema, Default, Family, ForeignKey, Index, Origin, Table, Watched, same_name},
    diff::{Alteration, Dialect as _, Diff, Pairs},
    plan::{Change, Plan},
    words,
};

/// One step of a script.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is the statement of the same name")]
pub enum Step {
    CreateTable(Table),
    DropTable(Table),
    AddColumn { table: String, column: Column, foreign_key: Option<ForeignKey> },
    DropColumn { table: String, column: Column },
    Rebuild(Box<Rebuild>),
    CreateIndex { table: String, index: Index },
    Watch { table: String, watched: Watched },
    Unwatch { table: String, watched: Watched },
    DropIndex { table: String, index: Index },
}

/// A table made anew, with its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebuild {
    /// The table's name as the database spells it.
    pub from: String,
    /// The name of the new table until it takes the place of the old one.
    pub temporary: String,
    /// The table as it shall be, with all that it keeps.
    pub to: Table,
    /// Which columns are copied.
    pub copies: Vec<Copy>,
    /// Whether the table has a mark of the highest key to hand over.
    pub keeps_sequence: bool,
}

/// A column copied by a rebuild.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// Its name before.
    pub from: String,
    /// Its name after.
    pub to: String,
    /// What takes the place of null, where the column becomes required.
    pub instead_of_null: Option<String>,
    /// Whether the values become canonical texts of decimals.
    pub to_decimals: bool,
}

/// The plan of a difference, without what only a database can tell.
pub(crate) fn plan(diff: &Diff, from: &DatabaseSchema, to: &DatabaseSchema) -> Plan {
    Plan {
        changes: changes(diff),
        script: render::script(&steps(diff, &Taken::of(from, to))),
        unmodeled: diff.unmodeled.clone(),
        ..Plan::default()
    }
}

/// What is kept as it is, although a new database would have it better.
pub(crate) fn notes(current: &DatabaseSchema, wanted: &DatabaseSchema) -> Vec<String> {
    let mut inexact = Vec::new();
    for table in &wanted.tables {
        let Some(current) = current.table(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| column.family == Family::Decimal) {
            // Only text affinity keeps the digits. A column of another type becomes a new one.
            let numeric = |column: &&Column| {
                column.family == Family::Decimal && !column.native_type.to_ascii_uppercase().contains("TEXT")
            };
            let source = Pairs::between(current, table).source(current, &column.name);
            if let Some(column) = source.filter(numeric) {
                inexact.push(format!("\"{}\".\"{}\" ({})", current.name, column.name, column.native_type));
            }
        }
    }
    if inexact.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "SQLite keeps 15 digits of the decimals in {}, whose columns are numeric; where values need more, add a field, copy the \
         values by an UPDATE in a migration, and remove the old field: a column that Purlin creates keeps all digits",
        inexact.join(", ")
    )]
}

/// The names, in lower case, that tables and indexes have before or after.
#[derive(Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// Those of two states.
    pub fn of(from: &DatabaseSchema, to: &DatabaseSchema) -> Self {
        let mut names = BTreeSet::new();
        for schema in [from, to] {
            names.extend(schema.views.iter().map(|view| view.name.to_ascii_lowercase()));
            for table in &schema.tables {
                names.insert(table.name.to_ascii_lowercase());
                let kept = table.kept.indexes.iter().map(|index| &index.name);
                names.extend(
                    table.indexes.iter().map(|index| &index.name).chain(kept).map(|name| name.to_ascii_lowercase()),
                );
            }
        }
        Self(names)
    }

    /// Prisma's name for a table while it is made anew, or one with a number behind it where that is somebody's.
    fn temporary(&self, table: &str) -> String {
        let name = temporary(table);
        let mut numbered = (2..).map(|number: u32| format!("{name}_{number}"));
        let mut free = name.clone();
        while self.0.contains(&free.to_ascii_lowercase()) {
            let Some(next) = numbered.next() else { break };
            free = next;
        }
        free
    }
}

/// The steps of a difference, in the order of Prisma's files: indexes go first and come last.
pub fn steps(diff: &Diff, taken: &Taken) -> Vec<Step> {
    let mut drops = Vec::new();
    let mut alters = Vec::new();
    let mut rebuilds = Vec::new();
    let mut indexes = Vec::new();
    for alteration in &diff.altered {
        let table = &alteration.from.name;
        // Said outright even where a rebuild would lose it anyway: what a script drops without a word is put back.
        let droppable = alteration.indexes_dropped.iter().filter(|index| index.origin != Origin::Constraint);
        drops.extend(droppable.map(|index| Step::DropIndex { table: table.clone(), index: index.clone() }));
        let unneeded = alteration.from.watched.iter().filter(|watched| !alteration.to.watches(watched));
        drops.extend(unneeded.map(|watched| Step::Unwatch { table: table.clone(), watched: watched.clone() }));
        if needs_rebuild(alteration) {
            rebuilds.push(Step::Rebuild(Box::new(rebuild(alteration, taken))));
            continue;
        }
        alters.extend(
            alteration.dropped.iter().map(|column| Step::DropColumn { table: table.clone(), column: column.clone() }),
        );
        alters.extend(alteration.added.iter().map(|column| Step::AddColumn {
            table: table.clone(),
            column: strict(&alteration.from, column),
            foreign_key: alteration.foreign_keys_added.iter().find(|key| is_on(key, column)).cloned(),
        }));
        indexes.extend(
            alteration
                .indexes_added
                .iter()
                .map(|index| Step::CreateIndex { table: table.clone(), index: index.clone() }),
        );
        let needed = alteration.to.watched.iter().filter(|watched| !alteration.from.watches(watched));
        indexes.extend(needed.map(|watched| Step::Watch { table: table.clone(), watched: watched.clone() }));
    }
    let created = diff.created.iter().map(|table| Step::CreateTable(table.clone()));
    let dropped = diff.dropped.iter().map(|table| Step::DropTable(table.clone()));
    let created_indexes = diff.created.iter().flat_map(|table| {
        let indexes =
            table.indexes.iter().map(|index| Step::CreateIndex { table: table.name.clone(), index: index.clone() });
        let watches =
            table.watched.iter().map(|watched| Step::Watch { table: table.name.clone(), watched: watched.clone() });
        indexes.chain(watches)
    });
    drops
        .into_iter()
        .chain(dropped)
        .chain(alters)
        .chain(created)
        .chain(rebuilds)
        .chain(created_indexes)
        .chain(indexes)
        .collect()
}

fn is_on(key: &ForeignKey, column: &Column) -> bool {
    matches!(key.columns.as_slice(), [only] if same_name(only, &column.name))
}

fn needs_rebuild(alteration: &Alteration) -> bool {
    !alteration.changed.is_empty()
        || alteration.primary_key
        || !alteration.foreign_keys_dropped.is_empty()
        || alteration.indexes_dropped.iter().any(|index| index.origin == Origin::Constraint)
        || !alteration.added.iter().all(can_be_added)
        || !alteration.foreign_keys_added.iter().all(|key| can_come_with_a_column(key, alteration))
        || !alteration.dropped.iter().all(|column| can_be_dropped(column, &alteration.from))
}

/// SQLite adds a column in place where each row there gets null or a constant.
fn can_be_added(column: &Column) -> bool {
    match &column.default {
        Default::None | Default::Unmanaged => column.nullable,
        Default::Constant(_) => true,
        Default::Now | Default::Expression(_) => false,
    }
}

/// A foreign key comes with its column where that is new, alone, and null in each row there.
fn can_come_with_a_column(key: &ForeignKey, alteration: &Alteration) -> bool {
    alteration.added.iter().any(|column| is_on(key, column) && column.nullable && column.default == Default::None)
}

/// SQLite drops a column in place where nothing else of the table speaks of it. Views and triggers of the database
/// are SQLite's to check.
fn can_be_dropped(column: &Column, table: &Table) -> bool {
    let speaks = |sql: &str| {
        statement::tokens(sql).iter().any(|token| token.name().is_some_and(|name| same_name(name, &column.name)))
    };
    let in_kept = table.kept.constraints.iter().any(|text| speaks(text))
        || table.kept.indexes.iter().any(|object| speaks(&object.sql))
        || table.columns.iter().any(|other| other.generated.as_deref().is_some_and(speaks))
        || table.columns.iter().any(|other| other.name != column.name && speaks(&other.kept));
    let in_key = table.primary_key.iter().any(|name| same_name(name, &column.name));
    let in_constraint =
        table.indexes.iter().any(|index| index.origin == Origin::Constraint && index.covers(&column.name));
    let in_foreign_key =
        table.foreign_keys.iter().any(|key| key.columns.iter().any(|name| same_name(name, &column.name)));
    !(in_kept || in_key || in_constraint || in_foreign_key)
}

/// A strict table takes storage classes for types.
pub(super) fn strict(table: &Table, column: &Column) -> Column {
    let mut column = column.clone();
    if spelling::is_strict(table) {
        spelling::storage(&column.family).clone_into(&mut column.native_type);
    }
    column
}

fn rebuild(alteration: &Alteration, taken: &Taken) -> Rebuild {
    let from = &alteration.from;
    let mut to = alteration.to.clone();
    let mut copies = Vec::new();
    for column in &mut to.columns {
        let Some(existing) = alteration.source(&column.name) else {
            *column = strict(from, column);
            continue;
        };
        let change = alteration.changed.iter().find(|change| change.to.name == column.name);
        if existing.generated.is_some() {
            *column = existing.clone();
            continue;
        }
        let retyped = change.is_some_and(|change| change.ty);
        if retyped {
            *column = strict(from, column);
        } else {
            column.native_type.clone_from(&existing.native_type);
        }
        column.kept.clone_from(&existing.kept);
        // Defaults that mean the same may be spelled differently: one that did not change keeps its text.
        let same_default = !change.is_some_and(|change| change.default);
        if column.default == Default::Unmanaged {
            column.autoincrement = existing.autoincrement;
        }
        if column.default == Default::Unmanaged || (same_default && !retyped) {
            column.default = existing.default.clone();
        }
        let filled = existing.nullable && !column.nullable;
        copies.push(Copy {
            from: existing.name.clone(),
            to: column.name.clone(),
            instead_of_null: if filled { render::default(&column.default) } else { None },
            to_decimals: retyped && becomes_decimals(existing, column),
        });
    }
    to.columns.extend(
        from.columns
            .iter()
            .filter(|column| column.generated.is_some() && to.column(&column.name).is_none())
            .cloned()
            .collect::<Vec<_>>(),
    );
    for key in &mut to.foreign_keys {
        let mut before = key.clone();
        for column in &mut before.columns {
            if let Some(source) = alteration.source(column) {
                column.clone_from(&source.name);
            }
        }
        if let Some(existing) = from.foreign_keys.iter().find(|existing| existing.same_meaning(&before)) {
            key.kept.clone_from(&existing.kept);
        }
    }
    to.indexes = rebuilt_indexes(alteration);
    to.kept = from.kept.clone();
    allow_autoincrement(&mut to);
    Rebuild {
        from: from.name.clone(),
        temporary: taken.temporary(&to.name),
        keeps_sequence: from.autoincrements() && to.autoincrements(),
        to,
        copies,
    }
}

/// Returns whether a column whose values may be numbers with a fraction, or texts of numbers, comes to hold decimals as
/// texts.
fn becomes_decimals(from: &Column, to: &Column) -> bool {
    let is_whole = matches!(from.family, Family::Int | Family::BigInt | Family::Boolean);
    to.family == Family::Decimal && !is_whole
}

/// AUTOINCREMENT is a word of the INTEGER key of a table with row numbers alone.
fn allow_autoincrement(to: &mut Table) {
    let Some(key) = to.columns.iter_mut().find(|column| column.autoincrement) else { return };
    "INTEGER".clone_into(&mut key.native_type);
    to.kept.options.retain(|option| !option.split_whitespace().any(|word| word.eq_ignore_ascii_case("ROWID")));
}

fn rebuilt_indexes(alteration: &Alteration) -> Vec<Index> {
    let is_in = |list: &[Index], index: &Index| list.iter().any(|other| other == index);
    let kept = alteration.from.indexes.iter().filter(|index| !is_in(&alteration.indexes_dropped, index)).map(|index| {
        // What was a constraint inside the old definition becomes the schema's index.
        let named =
            alteration.to.indexes.iter().find(|other| spelling::Spelling.same_shape(&alteration.from, index, other));
        match (index.origin, named) {
            (Origin::Constraint, Some(named)) => named.clone(),
            _ => index.clone(),
        }
    });
    kept.chain(alteration.indexes_added.iter().cloned()).collect()
}

/// The steps in words.
pub fn changes(diff: &Diff) -> Vec<Change> {
    words::changes(diff, render::default)
}
