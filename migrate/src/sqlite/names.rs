//! Names that SQLite does not take, or takes for one: each is refused before a statement is run.

use std::collections::HashMap;

use crate::{Error, database::DatabaseSchema};

/// Refuses tables, columns and indexes that cannot be there together.
pub(crate) fn check(schema: &DatabaseSchema) -> Result<(), Error> {
    // Tables and indexes share their names.
    let mut taken: HashMap<String, String> = HashMap::new();
    for table in &schema.tables {
        let what = format!("the table \"{}\"", table.name);
        if table.name.eq_ignore_ascii_case("_prisma_migrations") {
            return Err(refused(format!("{what} is where the history of migrations is kept")));
        }
        take(&mut taken, &table.name, what)?;
        let mut columns = HashMap::new();
        for column in &table.columns {
            let what = format!("the column \"{}\".\"{}\"", table.name, column.name);
            unique(&mut columns, &column.name, what)?;
        }
    }
    for table in &schema.tables {
        for index in &table.indexes {
            take(&mut taken, &index.name, format!("the index \"{}\" on \"{}\"", index.name, table.name))?;
        }
    }
    Ok(())
}

fn take(taken: &mut HashMap<String, String>, name: &str, what: String) -> Result<(), Error> {
    if name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_")) {
        return Err(refused(format!("{what} begins with sqlite_, which SQLite keeps for itself")));
    }
    unique(taken, name, what)
}

fn unique(taken: &mut HashMap<String, String>, name: &str, what: String) -> Result<(), Error> {
    match taken.insert(name.to_ascii_lowercase(), what.clone()) {
        Some(other) => {
            Err(refused(format!("{what} and {other} have one name: upper and lower case are the same to SQLite")))
        }
        None => Ok(()),
    }
}

fn refused(message: String) -> Error {
    Error::unsupported(message).with_remedy("give it another name with `@map`, `@@map` or `map:`")
}
