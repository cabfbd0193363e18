//! Counts in the database at hand what a plan would lose, and what forbids it.

use super::plan::filling;
use super::render::cast;
use purlin_driver::{ScriptError, TextRows};

use super::session::Session;
use crate::Error;
use crate::database::{Column, DatabaseSchema, Default, EnumType, Family, ForeignKey, Index, Table};
use crate::diff::{Alteration, ColumnChange, Diff, EnumChange, Pairs};
use crate::hazards::{self, count, item, replacement};
use crate::plan::{Hazard, Level};
use crate::sql::{identifier, qualified, string};

/// The hazards of a difference, with numbers from the database. `present` are the tables that it has.
pub(super) fn hazards(
    session: &Session,
    diff: &Diff,
    present: &[Table],
    wanted: &DatabaseSchema,
) -> Result<Vec<Hazard>, Error> {
    let mut evidence =
        Evidence { session, enums: &wanted.enums, brings_types: !diff.extensions.is_empty(), hazards: Vec::new() };
    for table in &diff.dropped {
        let rows = evidence.rows(table, "true")?;
        if rows > 0 {
            evidence.hazards.push(hazards::dropped_table(table, rows, replacement(diff, table)));
        }
    }
    for change in &diff.enums_altered {
        evidence.values_that_go(change, diff, present)?;
    }
    for alteration in &diff.altered {
        evidence.alteration(alteration, present)?;
    }
    evidence.left_tables(diff, present, &wanted.tables)?;
    Ok(evidence.hazards)
}

/// How many values a column has.
pub(super) fn values(session: &Session, table: &str, column: &str) -> Result<i64, Error> {
    session.number(&format!("SELECT count(*) FROM {} WHERE {} IS NOT NULL", identifier(table), identifier(column)))
}

struct Evidence<'a> {
    session: &'a Session,
    /// The enums as they shall be.
    enums: &'a [EnumType],
    /// Whether extensions come with the change.
    brings_types: bool,
    hazards: Vec<Hazard>,
}

impl Evidence<'_> {
    /// Join tables that the schema leaves for new ones, which nothing in the difference of a push tells.
    fn left_tables(&mut self, diff: &Diff, present: &[Table], wanted: &[Table]) -> Result<(), Error> {
        for table in present.iter().filter(|table| !diff.dropped.contains(table)) {
            let is_wanted = wanted.iter().any(|other| other.has_place_of(table));
            if !is_wanted && let Some(created) = replacement(diff, table) {
                let rows = self.rows(table, "true")?;
                if rows > 0 {
                    self.hazards.push(hazards::left_table(table, rows, created));
                }
            }
        }
        Ok(())
    }

    fn alteration(&mut self, alteration: &Alteration, present: &[Table]) -> Result<(), Error> {
        let table = &alteration.from;
        let rows = self.rows(table, "true")?;
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
            self.lost_indexes(table, column);
        }
        let has_no_value = |column: &&Column| {
            !column.nullable && column.default == Default::None && !column.autoincrement && column.generated.is_none()
        };
        for column in alteration.added.iter().filter(has_no_value) {
            self.hazards.push(hazards::no_value(table, column, rows));
        }
        for change in &alteration.changed {
            self.changed_column(table, change)?;
        }
        if alteration.pairs == Pairs::Exchanged {
            return Ok(());
        }
        if alteration.primary_key || alteration.to.primary_key.iter().any(|name| retyped(alteration, name).is_some()) {
            self.duplicates(alteration, &alteration.to.primary_key, "primary key")?;
        }
        for index in alteration.to.indexes.iter().filter(is_plain_key) {
            let is_new = alteration.indexes_added.contains(index);
            let changes = |name: &str| {
                alteration
                    .changed
                    .iter()
                    .any(|change| change.to.name == name && (change.ty || filling(change).is_some()))
            };
            if is_new || index.columns.iter().any(|part| changes(&part.name)) {
                let columns: Vec<String> = index.columns.iter().map(|part| part.name.clone()).collect();
                self.duplicates(alteration, &columns, "unique index")?;
            }
        }
        for key in &alteration.foreign_keys_added {
            self.orphans(alteration, key, present)?;
        }
        Ok(())
    }

    /// Indexes that the schema cannot say and that go with a column.
    fn lost_indexes(&mut self, table: &Table, column: &Column) {
        let name = identifier(&column.name);
        for index in table.kept.indexes.iter().filter(|index| index.sql.contains(&column.name)) {
            let message = format!(
                "the index \"{}\", which the schema does not know, goes with the column {}.{name}",
                index.name,
                table.shown()
            );
            self.hazards.push(Hazard { level: Level::Loss, item: item(&table.name, column), message });
        }
    }

    fn changed_column(&mut self, table: &Table, change: &ColumnChange) -> Result<(), Error> {
        let name = identifier(&change.from.name);
        if change.nullability && !change.to.nullable && filling(change).is_none() {
            let nulls = self.rows(table, &format!("{name} IS NULL"))?;
            if nulls > 0 {
                self.hazards.push(hazards::nulls(table, &change.to, nulls));
            }
        }
        if !change.ty {
            return Ok(());
        }
        if let Some(values) = self.enums.iter().find(|one| one.sql() == change.to.native_type).map(|one| &one.values) {
            return self.values_of_enum(table, change, values);
        }
        let converted = cast(&name, &change.from, &change.to);
        // A function of the casts would be planned for no row; counting their results asks for each.
        let tried = self.attempt(&format!(
            "SELECT count(*) FILTER (WHERE ({converted}) IS NULL) FROM {} WHERE {name} IS NOT NULL",
            sql(table)
        ))?;
        if let Err(error) = tried {
            if self.brings_types && error.code.as_deref() == Some("42704") {
                // The type comes with an extension of the same change, whose transaction tries it.
                return Ok(());
            }
            let values = self.rows(table, &format!("{name} IS NOT NULL"))?;
            let message = format!(
                "the {} of {}.\"{}\" cannot all become {}: {error}; correct them or empty the column first",
                count(values, "value"),
                table.shown(),
                change.to.name,
                change.to.native_type,
            );
            self.hazards.push(Hazard { level: Level::Blocked, item: item(&table.name, &change.to), message });
            return Ok(());
        }
        self.changed_values(table, change, &name, &converted)
    }

    /// Values of a column that becomes one of an enum, which may not be there yet.
    fn values_of_enum(&mut self, table: &Table, change: &ColumnChange, values: &[String]) -> Result<(), Error> {
        let name = identifier(&change.from.name);
        let values: Vec<String> = values.iter().map(|value| string(value)).collect();
        let condition = format!("{name}::text NOT IN ({})", values.join(", "));
        let rows = self.rows(table, &condition)?;
        if rows > 0 {
            let message = format!(
                "{} of {}.\"{}\" cannot become {}: change or delete them first (look: SELECT {name} FROM {} WHERE {condition})",
                count(rows, "value"),
                table.shown(),
                change.to.name,
                change.to.native_type,
                sql(table)
            );
            self.hazards.push(Hazard { level: Level::Blocked, item: item(&table.name, &change.to), message });
        }
        Ok(())
    }

    /// Values that become others by the change of a type: converted there and back they are not the same.
    fn changed_values(
        &mut self,
        table: &Table,
        change: &ColumnChange,
        name: &str,
        converted: &str,
    ) -> Result<(), Error> {
        let ColumnChange { from, to, .. } = change;
        let back = cast(&format!("({converted})"), to, from);
        // Some types, such as json, know no equality.
        let (before, after) = match (&from.family, &to.family) {
            (Family::Json | Family::Other, _) => (format!("{name}::text"), format!("({back})::text")),
            _ => (name.to_owned(), back),
        };
        let condition = format!("{name} IS NOT NULL AND {after} IS DISTINCT FROM {before}");
        let query = format!("SELECT count(*) FROM {} WHERE {condition}", sql(table));
        let Ok(found) = self.attempt(&query)? else {
            let values = self.rows(table, &format!("{name} IS NOT NULL"))?;
            if values > 0 {
                let message = format!(
                    "{} of {}.\"{}\" become {} instead of {}, and there is no way back to see whether they survive",
                    count(values, "value"),
                    table.shown(),
                    to.name,
                    to.native_type,
                    from.native_type,
                );
                self.hazards.push(Hazard { level: Level::Loss, item: item(&table.name, to), message });
            }
            return Ok(());
        };
        let values = number(&found);
        if values > 0 {
            let message = format!(
                "{} of {}.\"{}\" would not survive the change from {} to {} (look: SELECT {name} FROM {} WHERE {condition})",
                count(values, "value"),
                table.shown(),
                to.name,
                from.native_type,
                to.native_type,
                sql(table)
            );
            self.hazards.push(Hazard { level: Level::Loss, item: item(&table.name, to), message });
        }
        Ok(())
    }

    /// Rows that hold values which an enum loses.
    fn values_that_go(&mut self, change: &EnumChange, diff: &Diff, present: &[Table]) -> Result<(), Error> {
        let gone: Vec<String> = change
            .from
            .values
            .iter()
            .filter(|value| !change.to.values.contains(value))
            .map(|value| string(value))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let ty = change.from.sql();
        for table in present.iter().filter(|table| !diff.dropped.contains(table)) {
            for column in &table.columns {
                let name = identifier(&column.name);
                // A column that leaves the enum in the same change keeps its values.
                let alteration = diff.altered.iter().find(|alteration| alteration.from == *table);
                let leaves = alteration.is_some_and(|alteration| alteration.takes_type_from(column));
                if leaves {
                    continue;
                }
                let condition = match column.native_type.strip_suffix("[]") {
                    None if column.native_type == ty => format!("{name}::text IN ({})", gone.join(", ")),
                    Some(element) if element == ty => format!("{name}::text[] && ARRAY[{}]", gone.join(", ")),
                    _ => continue,
                };
                let default = super::render::default(&column.default).unwrap_or_default();
                let gets_another = alteration.is_some_and(|alteration| {
                    alteration.changed.iter().any(|change| change.default && change.from == *column)
                });
                let is_gone = |value: &String| default.contains(value.trim_matches('\''));
                if !gets_another && gone.iter().any(is_gone) {
                    let message = format!(
                        "the default of {}.\"{}\" is not in the enum {} any more, and goes",
                        table.shown(),
                        column.name,
                        change.to.shown()
                    );
                    self.hazards.push(Hazard { level: Level::Loss, item: item(&table.name, column), message });
                }
                let rows = self.rows(table, &condition)?;
                if rows > 0 {
                    let message = format!(
                        "{} of {}.\"{}\" {} not in the enum {} any more: change or delete them first (look: SELECT {name} FROM \
                         {} WHERE {condition})",
                        count(rows, "value"),
                        table.shown(),
                        column.name,
                        if rows == 1 { "is" } else { "are" },
                        change.to.shown(),
                        sql(table)
                    );
                    self.hazards.push(Hazard { level: Level::Blocked, item: item(&table.name, column), message });
                }
            }
        }
        Ok(())
    }

    fn duplicates(&mut self, alteration: &Alteration, columns: &[String], what: &str) -> Result<(), Error> {
        let table = &alteration.from;
        let exists = |name: &&String| table.columns.iter().any(|column| column.name == **name);
        let (old, new): (Vec<&String>, Vec<&String>) = columns.iter().partition(exists);
        // A new column is null in each row, which a unique index allows, or has the same value in each; an expression may give each
        // row its own.
        let defaults = |name: &&String| {
            alteration
                .added
                .iter()
                .any(|column| column.name == **name && matches!(column.default, Default::Constant(_) | Default::Now))
        };
        if columns.is_empty() || !new.iter().all(defaults) {
            return Ok(());
        }
        let value = |name: &&String| {
            let change = alteration.changed.iter().find(|change| change.to.name == **name);
            let source = identifier(name);
            let value = match change.filter(|change| change.ty) {
                Some(change) => cast(&source, &change.from, &change.to),
                None => source,
            };
            match change.and_then(filling) {
                Some(default) => format!("coalesce({value}, {default})"),
                None => value,
            }
        };
        let values: Vec<String> = old.iter().map(value).collect();
        let query = if values.is_empty() {
            format!("SELECT (count(*) > 1)::int FROM {}", sql(table))
        } else {
            let present: Vec<String> = values.iter().map(|value| format!("{value} IS NOT NULL")).collect();
            format!(
                "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1) d",
                sql(table),
                present.join(" AND "),
                values.join(", ")
            )
        };
        // Values that cannot be converted are told of already.
        let converts = old.iter().any(|name| retyped(alteration, name).is_some());
        let groups = match self.attempt(&query)? {
            Err(_) if converts => return Ok(()),
            found => number(&found?),
        };
        if groups > 0 {
            let converted =
                converts.then(|| " after the conversion: correct them or delete their rows first".to_owned());
            self.hazards.push(hazards::duplicates(table, columns, what, groups, converted));
        }
        Ok(())
    }

    fn orphans(&mut self, alteration: &Alteration, key: &ForeignKey, present: &[Table]) -> Result<(), Error> {
        let table = &alteration.from;
        let has = |table: &Table, names: &[String]| {
            names.iter().all(|name| table.columns.iter().any(|column| column.name == *name))
        };
        if !has(table, &key.columns) {
            return Ok(());
        }
        let is_null: Vec<String> =
            key.columns.iter().map(|name| format!("c.{} IS NOT NULL", identifier(name))).collect();
        let target = present.iter().find(|other| other.name == key.table && other.namespace == key.namespace);
        let condition = match target.filter(|target| has(target, &key.references)) {
            Some(target) => {
                let equal: Vec<String> = key
                    .columns
                    .iter()
                    .zip(&key.references)
                    .map(|(column, reference)| {
                        // Types that are about to become one may not be comparable yet.
                        let cast =
                            if native_type(table, column) == native_type(target, reference) { "" } else { "::text" };
                        format!("p.{}{cast} = c.{}{cast}", identifier(reference), identifier(column))
                    })
                    .collect();
                format!(
                    "{} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {})",
                    is_null.join(" AND "),
                    sql(target),
                    equal.join(" AND ")
                )
            }
            // The table that it refers to is new, so it is empty.
            None => is_null.join(" AND "),
        };
        let rows = self.session.number(&format!("SELECT count(*) FROM {} c WHERE {condition}", sql(table)))?;
        if rows > 0 {
            self.hazards.push(hazards::orphans(table, &key.columns, &key.table, rows));
        }
        Ok(())
    }

    /// Runs a query that may fail for the values or the types that it is about. The transaction goes on.
    fn attempt(&self, query: &str) -> Result<Result<Vec<TextRows>, ScriptError>, Error> {
        self.session.run("SAVEPOINT purlin_attempt")?;
        match self.session.run(query) {
            Ok(found) => {
                self.session.run("RELEASE purlin_attempt")?;
                Ok(Ok(found))
            }
            // Values that do not fit, or a conversion that does not exist. A lost connection is neither.
            Err(error)
                if error.code.as_deref().is_some_and(|code| code.starts_with("22") || code.starts_with("42")) =>
            {
                self.session.run("ROLLBACK TO purlin_attempt")?;
                Ok(Err(error))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn rows(&self, table: &Table, condition: &str) -> Result<i64, Error> {
        self.session.number(&format!("SELECT count(*) FROM {} WHERE {condition}", sql(table)))
    }
}

/// The number in the only row of a query.
fn number(found: &[TextRows]) -> i64 {
    let cell = found.first().and_then(|result| result.rows.first()?.first()?.clone());
    cell.and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn sql(table: &Table) -> String {
    qualified(table.namespace.as_deref(), &table.name)
}

fn native_type<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    table.columns.iter().find(|column| column.name == name).map(|column| column.native_type.as_str())
}

/// Returns whether a unique index is of columns alone, and of all rows.
fn is_plain_key(index: &&Index) -> bool {
    index.unique && index.predicate.is_none() && index.columns.iter().all(|part| !part.is_expression)
}

/// The change of a column's type, if it has one.
fn retyped<'a>(alteration: &'a Alteration, column: &str) -> Option<&'a ColumnChange> {
    alteration.changed.iter().find(|change| change.ty && change.to.name == column)
}
