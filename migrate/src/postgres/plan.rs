//! Turns a difference into steps.
//!
//! All of them are one transaction. What stands in the way of a change and is part of the schema goes first and comes back
//! afterwards: foreign keys of columns that change their type, indexes with a condition, defaults of enums.

use super::render;
use crate::database::{Check, Column, DatabaseSchema, EnumType, Extension, ForeignKey, Index, Table};
use crate::diff::{Alteration, ColumnChange, Diff, EnumChange, Pairs};
use crate::plan::{Change, Plan};
use crate::words;

/// One step of a script.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each is the statement of the same name")]
pub enum Step {
    CreateSchema(String),
    CreateExtension(Extension),
    UpdateExtension(Extension),
    CreateEnum(EnumType),
    /// New values of an enum that nothing in the same transaction uses.
    AddValues(EnumChange),
    /// An enum made anew, with the columns that are of it.
    ReplaceEnum {
        change: EnumChange,
        /// A free name for the new type until the old one is gone.
        temporary: String,
        columns: Vec<(Table, Column)>,
        /// Those that are dropped or get another type by a later step: they are text until then.
        leaving: Vec<(Table, Column)>,
    },
    DropEnum(EnumType),
    CreateTable(Table),
    DropTable(Table),
    /// Columns that come, go or change.
    AlterTable(Box<Alteration>),
    /// The columns of a join table change places.
    ExchangeColumns(Table),
    DropPrimaryKey(Table),
    AddPrimaryKey(Table),
    AddCheck(Table, Check),
    DropCheck(Table, Check),
    CreateIndex(Table, Index),
    DropIndex(Table, Index),
    RenameIndex {
        table: Table,
        from: String,
        to: String,
    },
    AddForeignKey(Table, ForeignKey),
    DropForeignKey(Table, ForeignKey),
}

/// The plan of a difference, without what only the rows can tell.
pub fn plan(diff: &Diff, from: &DatabaseSchema, to: &DatabaseSchema) -> Plan {
    Plan {
        changes: changes(diff),
        script: render::script(&steps(diff, from, to)),
        unmodeled: diff.unmodeled.clone(),
        ..Plan::default()
    }
}

/// A difference in words.
pub fn changes(diff: &Diff) -> Vec<Change> {
    words::changes(diff, render::default)
}

/// The steps that make a database from nothing.
pub(super) fn creation(database: &DatabaseSchema) -> Vec<Step> {
    let diff = Diff {
        namespaces: database.namespaces.clone(),
        extensions: database.extensions.clone(),
        enums_created: database.enums.clone(),
        created: database.tables.clone(),
        ..Diff::default()
    };
    steps(&diff, &DatabaseSchema::default(), database)
}

/// The steps of a difference, in the order of Prisma's files.
pub fn steps(diff: &Diff, from: &DatabaseSchema, to: &DatabaseSchema) -> Vec<Step> {
    let mut steps = Vec::new();
    steps.extend(diff.namespaces.iter().cloned().map(Step::CreateSchema));
    steps.extend(diff.extensions.iter().cloned().map(|extension| {
        if from.extensions.iter().any(|found| found.name == extension.name) {
            Step::UpdateExtension(extension)
        } else {
            Step::CreateExtension(extension)
        }
    }));
    steps.extend(diff.enums_created.iter().cloned().map(Step::CreateEnum));

    let mut keys = ForeignKeys::default();
    let mut indexes = Indexes::default();
    let mut tables = Vec::new();
    for table in &diff.dropped {
        // Tables that refer to each other can be dropped in any order without the keys.
        keys.dropped.extend(table.foreign_keys.iter().map(|key| (table.clone(), key.clone())));
    }
    for alteration in &diff.altered {
        keys.of(alteration, from, to);
        indexes.of(alteration);
        tables.extend(alter(alteration));
    }
    let mut enums = Vec::new();
    for change in &diff.enums_altered {
        let step = alter_enum(change, diff, from, to, &mut indexes);
        if let Step::ReplaceEnum { columns, .. } = &step {
            keys.of_columns(columns, from, to);
        }
        enums.push(step);
    }
    let created = &diff.created;
    let new_keys = created.iter().flat_map(|table| table.foreign_keys.iter().map(|key| (table.clone(), key.clone())));
    keys.added.extend(new_keys);

    steps.extend(keys.dropped.into_iter().map(|(table, key)| Step::DropForeignKey(table, key)));
    steps.extend(indexes.dropped.into_iter().map(|(table, index)| Step::DropIndex(table, index)));
    steps.extend(diff.dropped.iter().cloned().map(Step::DropTable));
    steps.extend(enums);
    steps.extend(tables);
    steps.extend(diff.enums_dropped.iter().cloned().map(Step::DropEnum));
    steps.extend(created.iter().cloned().map(Step::CreateTable));
    let new_indexes = created.iter().flat_map(|table| table.indexes.iter().map(|index| (table.clone(), index.clone())));
    steps.extend(new_indexes.chain(indexes.added).map(|(table, index)| Step::CreateIndex(table, index)));
    steps.extend(in_free_order(indexes.renamed));
    steps.extend(keys.added.into_iter().map(|(table, key)| Step::AddForeignKey(table, key)));
    steps
}

/// The steps of a table apart from its indexes and foreign keys.
fn alter(alteration: &Alteration) -> Vec<Step> {
    let (from, to) = (&alteration.from, &alteration.to);
    match alteration.pairs {
        Pairs::Lost => return vec![Step::DropTable(from.clone()), Step::CreateTable(to.clone())],
        Pairs::Exchanged => {
            let mut steps = vec![Step::ExchangeColumns(from.clone())];
            if !from.primary_key.is_empty() {
                steps.insert(0, Step::DropPrimaryKey(from.clone()));
                steps.push(Step::AddPrimaryKey(to.clone()));
            }
            return steps;
        }
        Pairs::Kept => {}
    }
    let mut steps = Vec::new();
    steps.extend(alteration.checks_dropped.iter().map(|check| Step::DropCheck(from.clone(), check.clone())));
    if alteration.primary_key && !from.primary_key.is_empty() {
        steps.push(Step::DropPrimaryKey(from.clone()));
    }
    if !(alteration.added.is_empty() && alteration.dropped.is_empty() && alteration.changed.is_empty()) {
        steps.push(Step::AlterTable(Box::new(alteration.clone())));
    }
    if alteration.primary_key && !to.primary_key.is_empty() {
        steps.push(Step::AddPrimaryKey(to.clone()));
    }
    steps.extend(alteration.checks_added.iter().map(|check| Step::AddCheck(to.clone(), check.clone())));
    steps
}

fn alter_enum(
    change: &EnumChange,
    diff: &Diff,
    from: &DatabaseSchema,
    to: &DatabaseSchema,
    indexes: &mut Indexes,
) -> Step {
    let name = change.from.sql();
    let is_of = |column: &Column| column.native_type.strip_suffix("[]").unwrap_or(&column.native_type) == name;
    let added: Vec<&String> = change.to.values.iter().filter(|value| !change.from.values.contains(value)).collect();
    let kept: Vec<&String> = change.to.values.iter().filter(|value| change.from.values.contains(value)).collect();
    // A new value cannot be used in the transaction that adds it.
    let is_at_once = to
        .tables
        .iter()
        .flat_map(expressions)
        .any(|text| added.iter().any(|value| text.contains(&crate::sql::string(value))));
    if kept.into_iter().eq(&change.from.values) && !is_at_once {
        return Step::AddValues(change.clone());
    }
    let mut columns = Vec::new();
    let mut leaving = Vec::new();
    for table in from.tables.iter().filter(|table| !diff.dropped.contains(table)) {
        let alteration = diff.altered.iter().find(|alteration| alteration.from == *table);
        let leaves = |column: &Column| alteration.is_some_and(|alteration| alteration.takes_type_from(column));
        for column in table.columns.iter().filter(|column| is_of(column)) {
            let list = if leaves(column) { &mut leaving } else { &mut columns };
            list.push((table.clone(), column.clone()));
            indexes.conditions_on(table, &column.name, to);
        }
    }
    let is_taken = |name: &String| {
        from.enums.iter().chain(&to.enums).any(|other| other.name == *name)
            || from.tables.iter().chain(&to.tables).any(|table| table.name == *name)
    };
    let mut temporary = format!("{}_new", change.from.name);
    while is_taken(&temporary) {
        temporary.push('_');
    }
    Step::ReplaceEnum { change: change.clone(), temporary, columns, leaving }
}

/// The foreign keys that go and come.
#[derive(Default)]
struct ForeignKeys {
    dropped: Vec<(Table, ForeignKey)>,
    added: Vec<(Table, ForeignKey)>,
}

impl ForeignKeys {
    fn of(&mut self, alteration: &Alteration, from: &DatabaseSchema, to: &DatabaseSchema) {
        let own = &alteration.from;
        for key in &alteration.foreign_keys_dropped {
            self.drop(own, key);
        }
        for key in &alteration.foreign_keys_added {
            self.add(&alteration.to, key);
        }
        // A key is checked again whenever one of its columns changes, when the other may not have changed yet.
        let retyped = |name: &String| alteration.changed.iter().any(|change| change.ty && change.from.name == *name);
        let unique_goes = |key: &ForeignKey| {
            let is_on =
                |index: &&Index| index.unique && index.columns.iter().map(|part| &part.name).eq(&key.references);
            (alteration.primary_key && key.references == own.primary_key)
                || alteration.indexes_dropped.iter().any(|index| is_on(&index))
        };
        self.renew_each(from, to, |table, key| {
            (own.has_place_of(table) && key.columns.iter().any(retyped))
                || (leads_to(key, own) && (key.references.iter().any(retyped) || unique_goes(key)))
        });
    }

    /// Renews the keys from and to columns that get another type.
    fn of_columns(&mut self, columns: &[(Table, Column)], from: &DatabaseSchema, to: &DatabaseSchema) {
        for (own, column) in columns {
            self.renew_each(from, to, |table, key| {
                (own.has_place_of(table) && key.columns.contains(&column.name))
                    || (leads_to(key, own) && key.references.contains(&column.name))
            });
        }
    }

    fn renew_each(
        &mut self,
        from: &DatabaseSchema,
        to: &DatabaseSchema,
        is_meant: impl Fn(&Table, &ForeignKey) -> bool,
    ) {
        for table in &from.tables {
            for key in table.foreign_keys.iter().filter(|key| is_meant(table, key)) {
                self.renew(table, key, to);
            }
        }
    }

    fn drop(&mut self, table: &Table, key: &ForeignKey) {
        let is_known = self.dropped.iter().any(|(other, known)| other.has_place_of(table) && known.name == key.name);
        if !is_known {
            self.dropped.push((table.clone(), key.clone()));
        }
    }

    fn add(&mut self, table: &Table, key: &ForeignKey) {
        let is_known = self.added.iter().any(|(other, known)| {
            other.has_place_of(table)
                && known.columns == key.columns
                && known.table == key.table
                && known.namespace == key.namespace
        });
        if !is_known {
            self.added.push((table.clone(), key.clone()));
        }
    }

    /// Drops a key for a while; the schema's form of it comes back, where there is one.
    fn renew(&mut self, table: &Table, key: &ForeignKey, to: &DatabaseSchema) {
        self.drop(table, key);
        let wanted = to.tables.iter().find(|other| other.has_place_of(table));
        match wanted {
            Some(wanted) => {
                let same = |other: &&ForeignKey| {
                    other.columns == key.columns && other.table == key.table && other.namespace == key.namespace
                };
                if let Some(written) = wanted.foreign_keys.iter().find(same) {
                    // What the schema cannot say of it comes back.
                    self.add(wanted, if key.kept.is_empty() { written } else { key });
                }
            }
            // A table that the schema does not know keeps its keys.
            None => self.add(table, key),
        }
    }
}

/// The indexes that go and come.
#[derive(Default)]
struct Indexes {
    dropped: Vec<(Table, Index)>,
    added: Vec<(Table, Index)>,
    renamed: Vec<Step>,
}

impl Indexes {
    fn of(&mut self, alteration: &Alteration) {
        let (from, to) = (&alteration.from, &alteration.to);
        match alteration.pairs {
            // They go with the table.
            Pairs::Lost => {
                self.added.extend(to.indexes.iter().map(|index| (to.clone(), index.clone())));
                return;
            }
            // Each would be of the other column.
            Pairs::Exchanged => {
                self.dropped.extend(from.indexes.iter().map(|index| (from.clone(), index.clone())));
                self.added.extend(to.indexes.iter().map(|index| (to.clone(), index.clone())));
                return;
            }
            Pairs::Kept => {}
        }
        let mut added = alteration.indexes_added.clone();
        for index in &alteration.indexes_dropped {
            let same = |other: &Index| {
                Index {
                    name: index.name.clone(),
                    origin: index.origin,
                    is_constraint: index.is_constraint,
                    ..other.clone()
                } == *index
            };
            if let Some(place) = added.iter().position(same) {
                let renamed = added.remove(place);
                let (from, to) = (index.name.clone(), renamed.name);
                self.renamed.push(Step::RenameIndex { table: alteration.to.clone(), from, to });
            } else {
                self.dropped.push((from.clone(), index.clone()));
            }
        }
        self.added.extend(added.into_iter().map(|index| (to.clone(), index)));
    }

    /// Makes the indexes anew whose condition or expression speaks of a column that gets another type.
    fn conditions_on(&mut self, table: &Table, column: &str, to: &DatabaseSchema) {
        let speaks = |index: &&Index| {
            let texts = index.columns.iter().filter(|part| part.is_expression).map(|part| &part.name);
            texts.chain(&index.predicate).any(|text| text.contains(column))
        };
        let wanted = to.tables.iter().find(|other| other.has_place_of(table));
        for index in table.indexes.iter().filter(speaks) {
            if self.dropped.iter().any(|(other, known)| other.has_place_of(table) && known.name == index.name) {
                continue;
            }
            self.dropped.push((table.clone(), index.clone()));
            let written = wanted.and_then(|table| table.indexes.iter().find(|other| other.name == index.name));
            self.added.push((table.clone(), written.unwrap_or(index).clone()));
        }
    }
}

/// Renames of indexes of which some may get the names that others have: these go by names of their own.
fn in_free_order(renamed: Vec<Step>) -> Vec<Step> {
    let is_taken =
        |to: &String| renamed.iter().any(|step| matches!(step, Step::RenameIndex { from, .. } if from == to));
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for step in &renamed {
        match step {
            Step::RenameIndex { table, from, to } if is_taken(to) => {
                let temporary = format!("purlin_{}", then.len());
                let table = table.clone();
                first.push(Step::RenameIndex { table: table.clone(), from: from.clone(), to: temporary.clone() });
                then.push(Step::RenameIndex { table, from: temporary, to: to.clone() });
            }
            other => first.push(other.clone()),
        }
    }
    first.extend(then);
    first
}

fn leads_to(key: &ForeignKey, table: &Table) -> bool {
    key.table == table.name && key.namespace == table.namespace
}

/// The default that nulls of a column take where it becomes required.
pub(super) fn filling(change: &ColumnChange) -> Option<String> {
    if change.from.nullable && !change.to.nullable { render::default(&change.to.default) } else { None }
}

/// The expressions of a table as they are written.
pub(super) fn expressions(table: &Table) -> Vec<String> {
    let defaults = table.columns.iter().filter_map(|column| render::default(&column.default));
    let checks = table.checks.iter().map(|check| check.expression.clone());
    let parts = table.indexes.iter().flat_map(|index| &index.columns).filter(|part| part.is_expression);
    let predicates = table.indexes.iter().filter_map(|index| index.predicate.clone());
    let generated = table.columns.iter().filter_map(|column| column.generated.clone());
    defaults.chain(checks).chain(parts.map(|part| part.name.clone())).chain(predicates).chain(generated).collect()
}
