//! What PostgreSQL's spellings mean.
//!
//! A schema says `VARCHAR(20) DEFAULT 'a'`, and the server prints `character varying(20)` and `'a'::character varying`. It
//! knows best, so it is asked: [`spell`] makes temporary tables of what the schema describes, reads them as it reads any other,
//! and takes them back. What is compared afterwards is one spelling.

use super::introspect::{Scope, introspect};
use super::plan::expressions;
use super::render::{column_definition, create_extension, create_index};
use super::session::Session;
use crate::Error;
use crate::database::{Check, Column, DatabaseSchema, Default, EnumType, Extension, Index, Table};
use crate::diff::Dialect;
use crate::sql::{identifier, string};

/// PostgreSQL's view of sameness.
pub(super) struct Spelling<'a> {
    /// What a database is compared with.
    pub(super) wanted: &'a DatabaseSchema,
}

impl Spelling<'_> {
    fn spelled(&self, table: &Table) -> Option<&Table> {
        self.wanted.spelled.iter().find(|spelled| spelled.has_place_of(table))
    }

    fn column<'a>(&'a self, table: &Table, column: &'a Column) -> &'a Column {
        let spelled = self.spelled(table);
        spelled.and_then(|table| table.columns.iter().find(|other| other.name == column.name)).unwrap_or(column)
    }

    fn index<'a>(&'a self, table: &Table, index: &'a Index) -> &'a Index {
        let spelled = self.spelled(table);
        spelled.and_then(|table| table.indexes.iter().find(|other| other.name == index.name)).unwrap_or(index)
    }

    fn check<'a>(&'a self, table: &Table, check: &'a Check) -> &'a Check {
        let written = self.wanted.tables.iter().find(|written| written.has_place_of(table));
        let place = written.and_then(|table| table.checks.iter().position(|other| other == check));
        let spelled = place.and_then(|place| self.spelled(table)?.checks.get(place));
        spelled.unwrap_or(check)
    }
}

impl Dialect for Spelling<'_> {
    fn same_name(&self, a: &str, b: &str) -> bool {
        a == b
    }

    fn same_type(&self, table: &Table, from: &Column, to: &Column) -> bool {
        let to = self.column(table, to);
        from.native_type.eq_ignore_ascii_case(&to.native_type)
    }

    fn same_default(&self, table: &Table, from: &Column, to: &Column) -> bool {
        let wanted = &self.column(table, to).default;
        match (&from.default, wanted) {
            (_, Default::Unmanaged) => true,
            // A constant of the schema is an expression to the server.
            (Default::Constant(a) | Default::Expression(a), Default::Constant(b) | Default::Expression(b)) => a == b,
            (a, b) => a == b,
        }
    }

    fn same_check(&self, table: &Table, from: &Check, to: &Check) -> bool {
        from.expression == self.check(table, to).expression
    }

    fn same_shape(&self, table: &Table, from: &Index, to: &Index) -> bool {
        let to = self.index(table, to);
        from.unique == to.unique
            && from.method == to.method
            && from.predicate == to.predicate
            && from.columns == to.columns
    }
}

/// Has the server spell the tables that it already has. A table that it cannot make, such as one with the type of an extension
/// that is not there yet, is left out.
pub(super) fn spell(session: &Session, present: &DatabaseSchema, wanted: &DatabaseSchema) -> Result<Vec<Table>, Error> {
    let has = |table: &&Table| present.tables.iter().any(|other| other.has_place_of(table));
    let tables: Vec<&Table> = wanted.tables.iter().filter(has).collect();
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let script = |(number, table): (usize, &&Table)| {
        create(number, &temporary(number, &tables), &printable(table, present, wanted))
    };
    let scripts: Vec<String> = tables.iter().enumerate().map(script).collect();
    let made = session.run(&format!("BEGIN;\n{}", scripts.concat()));
    let found = match made {
        Ok(_) => Ok(()),
        Err(_) => one_by_one(session, present, wanted, &scripts),
    };
    let found = found.and_then(|()| introspect(session, Scope::Temporary));
    session.run("ROLLBACK")?;
    let found = found?;
    let spelled = tables.iter().enumerate().filter_map(|(number, table)| {
        let name = temporary(number, &tables);
        let made = found.tables.iter().find(|made| made.name == name)?;
        Some(respelled(number, table, made, wanted))
    });
    Ok(spelled.collect())
}

/// Makes those tables that can be made, after the extensions that are about to come.
fn one_by_one(
    session: &Session,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
    scripts: &[String],
) -> Result<(), Error> {
    session.run("ROLLBACK; BEGIN")?;
    let is_missing = |wanted: &&Extension| present.extensions.iter().all(|found| found.name != wanted.name);
    let extensions =
        wanted.extensions.iter().filter(is_missing).map(|extension| format!("{};\n", create_extension(extension)));
    for script in extensions.chain(scripts.iter().cloned()) {
        match session.run(&format!("SAVEPOINT purlin;\n{script}RELEASE purlin")) {
            Ok(_) => {}
            // Without temporary tables nothing can be compared.
            Err(error) if error.message.contains("temporary") && error.code.as_deref() == Some("42501") => {
                return Err(error.into());
            }
            Err(error) if error.code.is_none() => return Err(error.into()),
            Err(_) => {
                session.run("ROLLBACK TO purlin")?;
            }
        }
    }
    Ok(())
}

/// The name of a temporary table: that of the table, which expressions may use, unless another one has it.
fn temporary(number: usize, tables: &[&Table]) -> String {
    let Some(table) = tables.get(number) else { return String::new() };
    let is_first = tables.iter().take(number).all(|other| other.name != table.name);
    if is_first { table.name.clone() } else { format!("purlin_{number}") }
}

/// The same table in a form that can be made: an enum that the database does not have with these values is text there.
fn printable(table: &Table, present: &DatabaseSchema, wanted: &DatabaseSchema) -> Table {
    let texts = expressions(table);
    let mut table = table.clone();
    for column in &mut table.columns {
        let Some(wanted) = enum_of(column, wanted) else { continue };
        let name = wanted.sql();
        // A value that is not there yet cannot stand in an expression of the type.
        let has_values = |found: &EnumType| {
            let mut added = wanted.values.iter().filter(|value| !found.values.contains(value));
            added.all(|value| !texts.iter().any(|text| text.contains(&string(value))))
        };
        if !present.enums.iter().any(|found| found.sql() == name && has_values(found)) {
            column.native_type = column.native_type.replace(&name, "TEXT");
        }
    }
    table
}

/// The enum that a column, or each element of it, is of.
fn enum_of<'a>(column: &Column, schema: &'a DatabaseSchema) -> Option<&'a EnumType> {
    let name = column.native_type.strip_suffix("[]").unwrap_or(&column.native_type);
    schema.enums.iter().find(|one| one.sql() == name)
}

/// The statements that make a table as a temporary one, with everything that is compared.
fn create(number: usize, name: &str, table: &Table) -> String {
    let mut parts: Vec<String> = table
        .columns
        .iter()
        // Its sequence is nothing to compare.
        .map(|column| column_definition(&Column { autoincrement: false, ..column.clone() }))
        .collect();
    for (place, check) in table.checks.iter().enumerate() {
        parts.push(format!("CONSTRAINT check_{place} CHECK ({})", check.expression));
    }
    let mut script = format!("CREATE TEMPORARY TABLE {} ({});\n", identifier(name), parts.join(", "));
    let target = Table { namespace: Some("pg_temp".to_owned()), name: name.to_owned(), ..Table::default() };
    for (place, index) in table.indexes.iter().enumerate() {
        let index = Index { name: index_name(number, place), ..index.clone() };
        script.push_str(&format!("{};\n", create_index(&target, &index)));
    }
    script
}

fn index_name(number: usize, place: usize) -> String {
    format!("purlin_{number}_{place}")
}

/// A table of the schema with what the server printed of its temporary form.
fn respelled(number: usize, table: &Table, made: &Table, wanted: &DatabaseSchema) -> Table {
    let mut spelled = table.clone();
    for column in &mut spelled.columns {
        let Some(made) = made.columns.iter().find(|other| other.name == column.name) else { continue };
        // The type of an enum is spelled as in the schema already, and may be text here.
        let is_enum = enum_of(column, wanted).is_some();
        if !is_enum {
            column.native_type.clone_from(&made.native_type);
        }
        if column.default != Default::Unmanaged && !column.autoincrement {
            column.default = match &made.default {
                Default::Constant(text) | Default::Expression(text) if is_enum => {
                    Default::Constant(without_casts(text))
                }
                other => other.clone(),
            };
        }
    }
    for (place, check) in spelled.checks.iter_mut().enumerate() {
        let name = format!("check_{place}");
        if let Some(made) = made.checks.iter().find(|made| made.name.as_ref() == Some(&name)) {
            check.expression.clone_from(&made.expression);
        }
    }
    for (place, index) in spelled.indexes.iter_mut().enumerate() {
        let name = index_name(number, place);
        if let Some(made) = made.indexes.iter().find(|made| made.name == name) {
            index.columns.clone_from(&made.columns);
            index.predicate.clone_from(&made.predicate);
        }
    }
    spelled
}

/// An expression without the types that the server writes behind constants: `'A'::"Role"` is `'A'`.
pub(super) fn without_casts(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' || first == '"' {
            quoted(rest)
        } else if let Some(name) = rest.strip_prefix("::") {
            rest = name.get(type_name(name)..).unwrap_or_default();
            continue;
        } else {
            first.len_utf8()
        };
        let (taken, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        plain.push_str(taken);
        rest = behind;
    }
    plain
}

/// The length of a text in quotes, which may hold the quote twice.
fn quoted(text: &str) -> usize {
    let Some(quote) = text.chars().next() else { return 0 };
    let mut end = 1;
    while let Some(next) = text.get(end..).and_then(|rest| rest.find(quote)) {
        end += next + 1;
        if text.get(end..).is_some_and(|rest| rest.starts_with(quote)) {
            end += 1;
        } else {
            return end;
        }
    }
    text.len()
}

/// The length of the name of a type, such as `"a"."B"[]`, `text` or `character varying(3)[]`.
fn type_name(text: &str) -> usize {
    let mut end = 0;
    while let Some(first) = text.get(end..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(end..).unwrap_or_default();
        if first == '"' {
            end += quoted(rest);
        } else if first.is_alphanumeric() || matches!(first, '_' | '.') {
            end += first.len_utf8();
        } else if rest.starts_with("[]") {
            end += "[]".len();
        } else if rest.starts_with(" varying") {
            end += " varying".len();
        } else {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_go_and_texts_stay() {
        for (printed, plain) in [
            ("'A'::\"Role\"", "'A'"),
            ("'A'::auth.\"Ro\"\"le\"", "'A'"),
            ("ARRAY['A'::\"Role\", 'B'::text]", "ARRAY['A', 'B']"),
            ("'{A,B}'::\"Role\"[]", "'{A,B}'"),
            ("'it''s ::text'::character varying", "'it''s ::text'"),
        ] {
            assert_eq!(without_casts(printed), plain);
        }
    }
}
