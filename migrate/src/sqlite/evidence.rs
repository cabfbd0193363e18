//! Counts in the database at hand what a plan would lose, and what forbids it.

use rusqlite::Connection;

use super::{
    converted::{Converted, demanded},
    forms::{in_one_form, register},
    render::{default, identifier, string},
    spelling::{is_strict, storage},
    statement::{Token, TokenKind, tokens},
    values::{Stored, can_be_read, foreign, is_json, is_kept},
};
use crate::{
    Error,
    database::{Column, DatabaseSchema, Default, Family, ForeignKey, Index, Table, same_name},
    diff::{Alteration, ColumnChange, Diff, Pairs},
    hazards::{self, count, item, replacement},
    plan::{Hazard, Level},
};

/// The hazards of the way from one state to another, with numbers from `connection`.
pub(crate) fn hazards(
    connection: &Connection,
    diff: &Diff,
    from: &DatabaseSchema,
    to: &DatabaseSchema,
) -> Result<Vec<Hazard>, Error> {
    register(connection)?;
    let mut evidence = Evidence { connection, hazards: Vec::new() };
    for table in &diff.dropped {
        evidence.dropped_table(table, replacement(diff, table))?;
    }
    for table in from.tables.iter().filter(|table| !diff.dropped.contains(table)) {
        if to.table(&table.name).is_none()
            && let Some(created) = replacement(diff, table)
        {
            evidence.left_table(table, created)?;
        }
    }
    for alteration in &diff.altered {
        evidence.alteration(alteration)?;
    }
    evidence.hazards.extend(unreadable(connection, from, to)?);
    Ok(evidence.hazards)
}

/// The values of the tables in `from` that the schema behind `to` has no place for, although no type changes: SQLite
/// keeps an enum as text, and a strict table knows storage classes alone. Nothing records what the enum was before, so
/// each plan looks at the rows, in one pass over each table that has such columns.
pub(crate) fn unreadable(
    connection: &Connection,
    from: &DatabaseSchema,
    to: &DatabaseSchema,
) -> Result<Vec<Hazard>, Error> {
    let mut evidence = Evidence { connection, hazards: Vec::new() };
    for table in &to.tables {
        if let Some(existing) = from.table(&table.name) {
            evidence.unreadable(existing, table)?;
        }
    }
    Ok(evidence.hazards)
}

/// How many values a column has.
pub(crate) fn values(connection: &Connection, table: &str, column: &str) -> Result<i64, Error> {
    Evidence { connection, hazards: Vec::new() }.rows(table, &format!("{} IS NOT NULL", identifier(column)))
}

/// Values that a change of their column's type loses.
#[derive(Debug, Clone, Copy, Default)]
struct Lost {
    /// They become other values.
    changed: i64,
    /// No client can read them any more.
    unreadable: i64,
}

struct Evidence<'a> {
    connection: &'a Connection,
    hazards: Vec<Hazard>,
}

impl Evidence<'_> {
    fn dropped_table(&mut self, table: &Table, replacement: Option<&Table>) -> Result<(), Error> {
        let rows = self.rows(&table.name, "1")?;
        if rows > 0 {
            self.hazards.push(hazards::dropped_table(table, rows, replacement));
        }
        Ok(())
    }

    fn left_table(&mut self, table: &Table, created: &Table) -> Result<(), Error> {
        let rows = self.rows(&table.name, "1")?;
        if rows > 0 {
            self.hazards.push(hazards::left_table(table, rows, created));
        }
        Ok(())
    }

    /// Whatever a person wrote about the columns of a join table means the other side once they change places.
    fn exchanged(&mut self, table: &Table) {
        let kept = &table.kept;
        let triggers = kept.triggers.iter().map(|object| format!("the trigger \"{}\"", object.name));
        let indexes = kept.indexes.iter().map(|object| format!("the index \"{}\"", object.name));
        let constraints = kept.constraints.iter().map(|_| "a constraint".to_owned());
        let generated = table.columns.iter().filter(|column| column.generated.is_some());
        let generated = generated.map(|column| format!("the generated column \"{}\"", column.name));
        let found: Vec<String> = triggers.chain(indexes).chain(constraints).chain(generated).collect();
        if !found.is_empty() {
            let message = format!(
                "the columns A and B of \"{}\" change places, and what was added by hand would mean the other side: {}; \
                 drop it first, and create it again afterwards",
                table.name,
                found.join(", ")
            );
            self.push(Level::Blocked, table.name.clone(), message);
        }
    }

    fn alteration(&mut self, alteration: &Alteration) -> Result<(), Error> {
        let table = alteration.from.name.as_str();
        if alteration.pairs == Pairs::Exchanged {
            self.exchanged(&alteration.from);
        }
        let rows = self.rows(table, "1")?;
        if rows == 0 {
            return Ok(());
        }
        if alteration.pairs == Pairs::Lost {
            self.hazards.push(hazards::lost_pairs(alteration, rows));
            return Ok(());
        }
        for column in &alteration.dropped {
            let values = self.rows(table, &format!("{} IS NOT NULL", identifier(&column.name)))?;
            if values > 0 {
                self.hazards.push(hazards::dropped_column(alteration, column, values));
            }
        }
        for column in alteration.added.iter().filter(|column| !column.nullable && column.default == Default::None) {
            self.hazards.push(hazards::no_value(&alteration.from, column, rows));
        }
        for change in &alteration.changed {
            self.changed_column(alteration, change)?;
        }
        if alteration.primary_key
            || alteration.to.primary_key.iter().any(|column| retyped(alteration, column).is_some())
        {
            self.duplicates(alteration, &alteration.to.primary_key, "primary key")?;
        }
        for index in alteration.to.indexes.iter().filter(|index| index.unique) {
            let is_new = alteration.indexes_added.contains(index);
            let is_filled = index.columns.iter().any(|part| filled(alteration, &part.name).is_some());
            // Values that were different may be one value of the new type.
            let is_retyped = index.columns.iter().any(|part| retyped(alteration, &part.name).is_some());
            if is_new || is_filled || is_retyped {
                self.duplicates(alteration, &names(index), "unique index")?;
            }
        }
        for key in &alteration.foreign_keys_added {
            self.orphans(alteration, key)?;
        }
        Ok(())
    }

    fn changed_column(&mut self, alteration: &Alteration, change: &ColumnChange) -> Result<(), Error> {
        let table = alteration.from.name.as_str();
        let name = identifier(&change.from.name);
        if change.nullability && !change.to.nullable && change.to.default == Default::None {
            let nulls = self.rows(table, &format!("{name} IS NULL"))?;
            if nulls > 0 {
                self.hazards.push(hazards::nulls(&alteration.from, &change.to, nulls));
            }
        }
        if change.ty {
            let new_type = match &change.to.allowed {
                Some(allowed) => format!("the enum {}", allowed.name),
                None => change.to.native_type.clone(),
            };
            let look = look(table, &name, &super::values::doubtful(&name, &change.from.family, &change.to));
            let class = demanded(alteration, &change.to);
            let impossible = match class {
                Some(class) => self.impossible(alteration, change, class)?,
                None => 0,
            };
            if let Some(class) = class.filter(|_| impossible > 0) {
                let look = self::look(table, &name, &unconvertible(&name, class));
                let message = format!(
                    "{} of \"{table}\".\"{}\" cannot be stored as {new_type}, and {}: correct them or delete their rows \
                     first ({look})",
                    count(impossible, "value"),
                    change.to.name,
                    if is_strict(&alteration.from) {
                        "the table is strict"
                    } else {
                        "as the primary key the column takes nothing else"
                    },
                );
                self.push(Level::Blocked, item(table, &change.to), message);
            }
            let Lost { changed, unreadable } = self.lost(table, &change.from, &change.to)?;
            // Those that cannot be stored are not lost as well.
            let lost = (changed + unreadable).saturating_sub(impossible);
            if lost > 0 {
                let message = format!(
                    "{} of \"{table}\".\"{}\" would not survive the change from {} to {new_type}{} ({look})",
                    count(lost, "value"),
                    change.to.name,
                    change.from.native_type,
                    if unreadable > impossible { ", and queries that read them would fail" } else { "" },
                );
                self.push(Level::Loss, item(table, &change.to), message);
            }
        }
        Ok(())
    }

    /// How many values of a column the table would refuse in its new form.
    fn impossible(&self, alteration: &Alteration, change: &ColumnChange, class: &str) -> Result<i64, Error> {
        let name = identifier(&change.to.name);
        let source = vec![(&change.to, identifier(&change.from.name))];
        // A key that should have no nulls and has some: SQLite would number these rows. Other nulls are told of above.
        let has_nulls = change.from.nullable || is_strict(&alteration.from);
        let filter = if has_nulls { format!("{name} IS NOT NULL AND ") } else { String::new() };
        Converted::copy(self.connection, alteration, &source)?
            .rows(&format!("{filter}typeof({name}) <> {}", string(class)))
    }

    /// How many values of a column would not be the same in another, or could not be read there.
    fn lost(&self, table: &str, from: &Column, to: &Column) -> Result<Lost, Error> {
        let name = identifier(&from.name);
        // Text that is no JSON document is told by SQLite.
        let valid = if to.family == Family::Json { is_json(&name) } else { "1".to_owned() };
        let mut statement = self.connection.prepare(&format!(
            "SELECT {name}, CAST({name} AS REAL), CASE typeof({name}) WHEN 'blob' THEN '' ELSE CAST({name} AS TEXT) END, \
             {valid} FROM {} WHERE {name} IS NOT NULL",
            identifier(table)
        ))?;
        let mut rows = statement.query([])?;
        let mut lost = Lost::default();
        while let Some(row) = rows.next()? {
            let stored = Stored {
                value: row.get_ref(0)?,
                as_real: row.get(1)?,
                as_text: row.get_ref(2)?.as_bytes_or_null().ok().flatten().unwrap_or_default(),
            };
            let valid: bool = row.get(3)?;
            if !valid || !can_be_read(stored, from, to) {
                lost.unreadable += 1;
            } else if !is_kept(stored, from, to) {
                lost.changed += 1;
            }
        }
        Ok(lost)
    }

    /// Values that the schema's type does not have, in columns whose type in the database allows them.
    fn unreadable(&mut self, from: &Table, to: &Table) -> Result<(), Error> {
        let mut enums = Vec::new();
        let pairs = Pairs::between(from, to);
        for column in &to.columns {
            let Some(existing) = pairs.source(from, &column.name) else { continue };
            let name = identifier(&existing.name);
            if let Some(allowed) = column.allowed.as_ref().filter(|_| existing.family == Family::String) {
                let condition = foreign(&name, &allowed.values);
                enums.push((column, allowed, name.clone(), condition));
                if column.default == Default::Unmanaged && is_foreign(&existing.default, &allowed.values) {
                    let message = format!(
                        "the default of \"{}\".\"{}\" in the database is no value of the enum {}: rows that take it \
                         could not be read",
                        from.name, existing.name, allowed.name
                    );
                    self.push(Level::Loss, item(&from.name, column), message);
                }
            } else if column.family == Family::Int && existing.autoincrement {
                // The key of a BigInt and of an Int are one type in the database. The ends of a key are found at once.
                let ends = format!("SELECT max({name}) > 2147483647 FROM {}", identifier(&from.name));
                if self.connection.query_row(&ends, [], |row| row.get::<_, Option<bool>>(0))? == Some(true) {
                    self.unfit(from, existing, column)?;
                }
            } else if existing.family != column.family
                && is_strict(from)
                && storage(&existing.family) == storage(&column.family)
            {
                self.unfit(from, existing, column)?;
            }
        }
        if enums.is_empty() {
            return Ok(());
        }
        // One pass over the table for all of them.
        let counts: Vec<String> =
            enums.iter().map(|(.., condition)| format!("count(*) FILTER (WHERE {condition})")).collect();
        let sql = format!("SELECT {} FROM {}", counts.join(", "), identifier(&from.name));
        let counts: Vec<i64> = self
            .connection
            .query_row(&sql, [], |row| (0..enums.len()).map(|index| row.get(index)).collect::<Result<_, _>>())?;
        for ((column, allowed, name, condition), values) in enums.iter().zip(counts).filter(|(_, values)| *values > 0) {
            let message = format!(
                "{} not in the enum {}, and queries that read them would fail ({})",
                match values {
                    1 => format!("1 value of \"{}\".\"{}\" is", from.name, column.name),
                    _ => format!("{values} values of \"{}\".\"{}\" are", from.name, column.name),
                },
                allowed.name,
                look(&from.name, name, condition)
            );
            self.push(Level::Loss, item(&from.name, column), message);
        }
        Ok(())
    }

    fn unfit(&mut self, table: &Table, from: &Column, to: &Column) -> Result<(), Error> {
        let Lost { changed, unreadable } = self.lost(&table.name, from, to)?;
        let lost = changed + unreadable;
        if lost > 0 {
            let name = identifier(&from.name);
            let message = format!(
                "{} of \"{}\".\"{}\" cannot be read as the type that the schema says ({})",
                count(lost, "value"),
                table.name,
                from.name,
                look(&table.name, &name, &super::values::doubtful(&name, &from.family, to))
            );
            self.push(Level::Loss, item(&table.name, to), message);
        }
        Ok(())
    }

    fn duplicates(&mut self, alteration: &Alteration, columns: &[String], what: &str) -> Result<(), Error> {
        // A new column is null in each row, which a unique index allows, or has the same value in each.
        let (new, old): (Vec<&String>, Vec<&String>) =
            columns.iter().partition(|name| alteration.source(name).is_none());
        let defaults = new.iter().all(|name| alteration.to.column(name).is_some_and(|to| to.default != Default::None));
        if columns.is_empty() || !defaults {
            return Ok(());
        }
        let table = alteration.from.name.as_str();
        // As they will be: nulls take the default of a column that becomes required.
        let list: Vec<String> = old
            .iter()
            .map(|name| {
                let source = identifier(alteration.source(name).map_or(name.as_str(), |column| column.name.as_str()));
                let value = match alteration.to.column(name) {
                    Some(column) => in_one_form(&source, &column.family),
                    None => source,
                };
                match filled(alteration, name) {
                    Some(default) => format!("coalesce({value}, {default})"),
                    None => value,
                }
            })
            .collect();
        let converts = old.iter().any(|name| retyped(alteration, name).is_some());
        let groups = if list.is_empty() {
            i64::from(self.rows(table, "1")? > 1)
        } else if converts {
            let sources: Vec<(&Column, String)> = old
                .iter()
                .zip(&list)
                .filter_map(|(name, source)| Some((alteration.to.column(name)?, source.clone())))
                .collect();
            let old: Vec<String> = old.into_iter().cloned().collect();
            Converted::copy(self.connection, alteration, &sources)?.duplicates(&old)?
        } else {
            let present: Vec<String> = list.iter().map(|name| format!("{name} IS NOT NULL")).collect();
            self.number(&format!(
                "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1)",
                identifier(table),
                present.join(" AND "),
                list.join(", ")
            ))?
        };
        if groups > 0 {
            let converted = converts.then(|| equal_after(alteration, columns));
            self.hazards.push(hazards::duplicates(&alteration.from, columns, what, groups, converted));
        }
        Ok(())
    }

    fn orphans(&mut self, alteration: &Alteration, key: &ForeignKey) -> Result<(), Error> {
        let table = alteration.from.name.as_str();
        let sources: Vec<String> =
            key.columns.iter().filter_map(|name| Some(identifier(&alteration.source(name)?.name))).collect();
        let known = sources.len() == key.columns.len();
        let exists = self.number(&format!(
            "SELECT count(*) FROM pragma_table_xinfo({}) WHERE name COLLATE NOCASE IN ({})",
            string(&key.table),
            key.references.iter().map(|name| string(name)).collect::<Vec<_>>().join(", ")
        ))? as usize
            == key.references.len();
        let present: Vec<String> = sources.iter().map(|name| format!("c.{name} IS NOT NULL")).collect();
        let condition = if known && exists {
            let equal: Vec<String> = sources
                .iter()
                .zip(&key.references)
                .map(|(column, reference)| format!("p.{} = c.{column}", identifier(reference)))
                .collect();
            format!(
                "{} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {})",
                present.join(" AND "),
                identifier(&key.table),
                equal.join(" AND ")
            )
        } else if known {
            // The table that it refers to is new, so it is empty.
            present.join(" AND ")
        } else {
            return Ok(());
        };
        let rows = self.number(&format!("SELECT count(*) FROM {} c WHERE {condition}", identifier(table)))?;
        if rows > 0 {
            self.hazards.push(hazards::orphans(&alteration.from, &key.columns, &key.table, rows));
        }
        Ok(())
    }

    fn rows(&self, table: &str, condition: &str) -> Result<i64, Error> {
        self.number(&format!("SELECT count(*) FROM {} WHERE {condition}", identifier(table)))
    }

    fn number(&self, sql: &str) -> Result<i64, Error> {
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    fn push(&mut self, level: Level, item: String, message: String) {
        self.hazards.push(Hazard { level, item, message });
    }
}

/// The change of a column's type, if it has one.
fn retyped<'a>(alteration: &'a Alteration, column: &str) -> Option<&'a ColumnChange> {
    alteration.changed.iter().find(|change| change.ty && same_name(&change.to.name, column))
}

/// A condition to look at the values by that SQLite does not convert to a storage class.
fn unconvertible(name: &str, class: &str) -> String {
    let no_number = format!("{name} GLOB '*[^-+.0-9eE ]*' OR {name} NOT GLOB '*[0-9]*'");
    let condition = match class {
        "integer" => format!("{no_number} OR CAST({name} AS REAL) <> CAST(CAST({name} AS REAL) AS INTEGER)"),
        "real" => no_number,
        "text" => return format!("typeof({name}) = 'blob'"),
        _ => return format!("typeof({name}) <> 'blob'"),
    };
    // A null would get a number of its own.
    format!("{name} IS NULL OR typeof({name}) = 'blob' OR {condition}")
}

/// Says which conversion makes values of a key equal, and how to see them.
fn equal_after(alteration: &Alteration, columns: &[String]) -> String {
    let table = identifier(&alteration.from.name);
    let changes: Vec<&ColumnChange> = columns.iter().filter_map(|column| retyped(alteration, column)).collect();
    let types: Vec<String> =
        changes.iter().map(|change| format!("\"{}\" to {}", change.to.name, change.to.native_type)).collect();
    let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
    let groups: Vec<String> = columns
        .iter()
        .zip(&names)
        .map(|(column, name)| match retyped(alteration, column) {
            Some(change) => match change.to.family {
                Family::String => format!("CAST({name} AS TEXT)"),
                Family::Float => format!("CAST({name} AS REAL)"),
                Family::DateTime => format!("julianday({name})"),
                _ => format!("CAST({name} AS NUMERIC)"),
            },
            None => name.clone(),
        })
        .collect();
    // Text that is no number stays as it is, and so it is equal to nothing new.
    let numbers: Vec<String> = changes
        .iter()
        .filter(|change| !matches!(change.to.family, Family::String | Family::DateTime))
        .map(|change| format!("{} NOT GLOB '*[^-+.0-9eE ]*'", identifier(&change.from.name)))
        .collect();
    let condition = if numbers.is_empty() { String::new() } else { format!(" WHERE {}", numbers.join(" AND ")) };
    format!(
        " after the conversion of {}: correct them or delete their rows first (look: SELECT {}, count(*) FROM \
         {table}{condition} GROUP BY {} HAVING count(*) > 1)",
        types.join(" and "),
        names.join(", "),
        groups.join(", ")
    )
}

/// The default that nulls of the column take, where it becomes required.
fn filled(alteration: &Alteration, column: &str) -> Option<String> {
    let change = alteration.changed.iter().find(|change| same_name(&change.to.name, column))?;
    if change.from.nullable && !change.to.nullable { default(&change.to.default) } else { None }
}

/// Returns whether a constant default is none of these values. SQLite takes double quotes for a string too.
fn is_foreign(default: &Default, values: &[String]) -> bool {
    let Default::Constant(text) = default else { return false };
    match tokens(text).as_slice() {
        [Token { kind: TokenKind::Text(text) | TokenKind::Quoted(text), .. }] => !values.contains(text),
        _ => true,
    }
}

/// How to see the values that a message counts.
fn look(table: &str, name: &str, condition: &str) -> String {
    format!("look: SELECT {name} FROM {} WHERE {condition}", identifier(table))
}

fn names(index: &Index) -> Vec<String> {
    index.columns.iter().map(|column| column.name.clone()).collect()
}
