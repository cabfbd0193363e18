//! Writes steps as SQL, in the layout that Prisma's migration files have.

use super::{
    decimals::canonical_decimal,
    forms,
    plan::{Rebuild, Step},
    spelling,
};
use crate::database::{Column, Default, Family, ForeignKey, Index, Table, Watched};
use crate::sql::action;
pub(super) use crate::sql::{identifier, string};

/// The whole script of some steps.
pub(super) fn script(steps: &[Step]) -> String {
    let mut script = String::new();
    let mut redefining = false;
    for step in steps {
        let rebuild = matches!(step, Step::Rebuild(_));
        if redefining && !rebuild {
            script.push_str(AFTER_REBUILDS);
        }
        // All rebuilds stand under one heading.
        let goes_on = redefining && rebuild;
        if !script.is_empty() && !goes_on {
            script.push('\n');
        }
        if rebuild && !goes_on {
            script.push_str(BEFORE_REBUILDS);
        }
        redefining = rebuild;
        self::step(step, &mut script);
    }
    if redefining {
        script.push_str(AFTER_REBUILDS);
    }
    script
}

const BEFORE_REBUILDS: &str = "-- RedefineTables\nPRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\n";
const AFTER_REBUILDS: &str = "PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;\n";

fn step(step: &Step, script: &mut String) {
    match step {
        Step::CreateTable(table) => {
            line(script, "-- CreateTable");
            line(script, &format!("{};", create_table(table, &table.name)));
        }
        Step::DropTable(table) => {
            line(script, "-- DropTable");
            line(script, "PRAGMA foreign_keys=off;");
            line(script, &format!("DROP TABLE {};", identifier(&table.name)));
            line(script, "PRAGMA foreign_keys=on;");
        }
        Step::AddColumn { table, column, foreign_key } => {
            line(script, "-- AlterTable");
            let mut definition = self::column(column, false);
            if let Some(key) = foreign_key {
                definition.push(' ');
                if let Some(name) = &key.name {
                    definition.push_str(&format!("CONSTRAINT {} ", identifier(name)));
                }
                definition.push_str(&references(key));
            }
            line(script, &format!("ALTER TABLE {} ADD COLUMN {definition};", identifier(table)));
        }
        Step::DropColumn { table, column } => {
            line(script, "-- AlterTable");
            line(script, &format!("ALTER TABLE {} DROP COLUMN {};", identifier(table), identifier(&column.name)));
        }
        Step::Rebuild(rebuild) => self::rebuild(rebuild, script),
        Step::CreateIndex { table, index } => {
            line(script, "-- CreateIndex");
            line(script, &format!("{};", create_index(table, index)));
        }
        Step::Watch { table, watched } => {
            line(script, "-- CreateIndex");
            index_other_forms(table, watched, script);
        }
        Step::Unwatch { table, watched } => {
            let Some(formed) = forms::formed(&watched.family) else { return };
            line(script, "-- DropIndex");
            line(script, &format!("DROP INDEX {};", identifier(&formed.index(table, &watched.column))));
        }
        Step::DropIndex { index, .. } => {
            line(script, "-- DropIndex");
            line(script, &format!("DROP INDEX {};", identifier(&index.name)));
        }
    }
}

fn rebuild(rebuild: &Rebuild, script: &mut String) {
    let table = &rebuild.to;
    let name = identifier(&table.name);
    let old = identifier(&rebuild.from);
    let new = identifier(&rebuild.temporary);
    line(script, &format!("{};", create_table(table, &rebuild.temporary)));
    let targets: Vec<String> = rebuild.copies.iter().map(|copy| identifier(&copy.to)).collect();
    let sources: Vec<String> = rebuild
        .copies
        .iter()
        .map(|copy| {
            let from = identifier(&copy.from);
            let value = if copy.to_decimals { canonical_decimal(&from) } else { from.clone() };
            match &copy.instead_of_null {
                Some(default) => format!("coalesce({value}, {default}) AS {}", identifier(&copy.to)),
                None if value != from => format!("{value} AS {}", identifier(&copy.to)),
                None => from,
            }
        })
        .collect();
    if targets.is_empty() {
        // Whoever reviews or edits the script would miss what is not there.
        line(script, &format!("-- No column keeps its values: the rows of {old} are not copied."));
    } else {
        line(script, &format!("INSERT INTO {new} ({}) SELECT {} FROM {old};", targets.join(", "), sources.join(", ")));
    }
    if rebuild.keeps_sequence {
        // The mark below which no key is given out again; without this a deleted row's key would come back.
        let temporary = string(&rebuild.temporary);
        line(script, &format!("DELETE FROM \"sqlite_sequence\" WHERE \"name\" = {temporary};"));
        line(
            script,
            &format!(
                "INSERT INTO \"sqlite_sequence\" (\"name\", \"seq\") SELECT {temporary}, \"seq\" FROM \"sqlite_sequence\" \
                 WHERE \"name\" = {};",
                string(&rebuild.from)
            ),
        );
    }
    line(script, &format!("DROP TABLE {old};"));
    line(script, &format!("ALTER TABLE {new} RENAME TO {name};"));
    for index in &table.indexes {
        line(script, &format!("{};", create_index(&table.name, index)));
    }
    for watched in &table.watched {
        index_other_forms(&table.name, watched, script);
    }
    for object in table.kept.indexes.iter().chain(&table.kept.triggers) {
        line(script, &format!("{};", object.sql));
    }
}

fn index_other_forms(table: &str, watched: &Watched, script: &mut String) {
    let Some(statement) = watch(table, watched) else { return };
    let values = if watched.family == Family::Decimal { "decimals" } else { "dates" };
    line(
        script,
        &format!(
            "-- Empty as long as all {values} are in the form that Purlin writes; then its queries use the index of the column."
        ),
    );
    line(script, &format!("{statement};"));
}

/// The statement that makes the index of the rows whose value is in another form than Purlin writes.
pub(super) fn watch(table: &str, watched: &Watched) -> Option<String> {
    let formed = forms::formed(&watched.family)?;
    Some(format!(
        "CREATE INDEX {} ON {}({}) WHERE {}",
        identifier(&formed.index(table, &watched.column)),
        identifier(table),
        identifier(&watched.column),
        formed.condition(&watched.column)
    ))
}

fn line(script: &mut String, text: &str) {
    script.push_str(text);
    script.push('\n');
}

fn create_table(table: &Table, name: &str) -> String {
    let inline_key = table.primary_key.len() == 1;
    let mut parts: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let key = inline_key && table.primary_key.first() == Some(&column.name);
            self::column(column, key)
        })
        .collect();
    if !inline_key && !table.primary_key.is_empty() {
        // Prisma leaves a line free before a composite key.
        if let Some(last) = parts.last_mut() {
            last.push_str(",\n");
        }
        parts.push(format!("PRIMARY KEY ({})", identifiers(&table.primary_key)));
    }
    for key in &table.foreign_keys {
        let name = key.name.as_ref().map(|name| format!("CONSTRAINT {} ", identifier(name))).unwrap_or_default();
        parts.push(format!("{name}FOREIGN KEY ({}) {}", identifiers(&key.columns), references(key)));
    }
    parts.extend(table.kept.constraints.iter().cloned());
    let body = parts.join(",\n    ").replace(",\n,\n", ",\n\n");
    let options =
        if table.kept.options.is_empty() { String::new() } else { format!(" {}", table.kept.options.join(", ")) };
    format!("CREATE TABLE {} (\n    {body}\n){options}", identifier(name))
}

fn column(column: &Column, key: bool) -> String {
    if let Some(generated) = &column.generated {
        return generated.clone();
    }
    let mut text = identifier(&column.name);
    if !column.native_type.is_empty() {
        text.push(' ');
        text.push_str(&column.native_type);
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    if key {
        text.push_str(" PRIMARY KEY");
    }
    if column.autoincrement {
        text.push_str(" AUTOINCREMENT");
    }
    if let Some(default) = default(&column.default) {
        text.push_str(" DEFAULT ");
        text.push_str(&default);
    }
    text.push_str(&column.kept);
    text
}

/// A default as it stands behind DEFAULT.
pub(super) fn default(default: &Default) -> Option<String> {
    match default {
        Default::None | Default::Unmanaged => None,
        Default::Constant(text) => Some(text.clone()),
        // SQLite's own CURRENT_TIMESTAMP has another form, and no milliseconds.
        Default::Now => Some(format!("({})", spelling::NOW)),
        Default::Expression(text) => Some(format!("({text})")),
    }
}

fn references(key: &ForeignKey) -> String {
    format!(
        "REFERENCES {} ({}) ON DELETE {} ON UPDATE {}{}",
        identifier(&key.table),
        identifiers(&key.references),
        action(key.on_delete),
        action(key.on_update),
        key.kept
    )
}

fn create_index(table: &str, index: &Index) -> String {
    let columns: Vec<String> = index
        .columns
        .iter()
        .map(|part| format!("{}{}", identifier(&part.name), if part.descending { " DESC" } else { "" }))
        .collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!("CREATE {unique}INDEX {} ON {}({})", identifier(&index.name), identifier(table), columns.join(", "))
}

fn identifiers(names: &[String]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}

/// Bytes in SQL.
pub(super) fn blob(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("X'{digits}'")
}
