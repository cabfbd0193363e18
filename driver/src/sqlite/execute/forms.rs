//! The forms in which a database holds dates and decimals: which plan compares them, and how dates are written.

use purlin_query::plan::{Plan, Step};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::super::error::{is_interrupt, is_unfit_sql};
use super::super::statement::Compiled;
use super::{Caller, Stopped, stopped};

/// The plan for the dates that the database holds. It is chosen in the snapshot in which it runs.
pub(super) fn plan_for<'p>(connection: &Connection, plan: &'p Plan) -> Result<&'p Plan, Stopped> {
    let Some(canonical) = &plan.canonical else { return Ok(plan) };
    for guard in &canonical.guards {
        let other_dates = connection
            .prepare_cached(guard)
            .and_then(|mut statement| statement.query_row([], |row| row.get::<_, bool>(0)));
        match other_dates {
            Ok(false) => {}
            Err(error) if is_interrupt(&error) => return Err(Stopped::Interrupted),
            Ok(true) => return Ok(plan),
            // Without the index of other dates there may be any.
            Err(error) if is_unfit_sql(&error) => return Ok(plan),
            // SQLite may have ended the transaction with it.
            Err(error) => return Err(stopped(&error, None)),
        }
    }
    Ok(&canonical.plan)
}

impl Caller<'_> {
    /// Notes in which form a step is to write its dates.
    pub(super) fn look_at_dates(&mut self, step: &Step) -> Result<(), Stopped> {
        let Some(sql) = &step.date_forms else { return Ok(()) };
        self.dates_are_numbers.clear();
        // A table without row numbers, which neither Purlin nor Prisma makes, cannot say which of its rows is the newest.
        let mut statement = match Compiled::of(self.connection, sql) {
            Err(error) if is_unfit_sql(&error) => return Ok(()),
            statement => statement.map_err(|error| stopped(&error, Some(&self.place())))?,
        };
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        if let Some(row) = rows.next().map_err(|error| stopped(&error, Some(&self.place())))? {
            let is_number = |column| row.get_ref(column).is_ok_and(|class| class == ValueRef::Text(b"integer"));
            self.dates_are_numbers.extend((0..columns).map(is_number));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::statement::filled;
    use super::super::walk;
    use super::*;
    use crate::execution::{Execution, PlannedQuery};
    use crate::options::Options;
    use crate::prepared::Prepared;
    use purlin_query::Limits;
    use purlin_query::catalog::{Catalog, Column, Field, Key, Model, Type};
    use purlin_query::dialect::Dialect;
    use purlin_query::dialect::sqlite::FormedType;
    use purlin_query::plan::Sql;
    use purlin_query::shape::Code;
    use rusqlite::functions::FunctionFlags;
    use rusqlite::types::Null;

    const FIELDS: &[Field] = &[
        Field::column("id", Column::new("id", Type::Int)),
        Field::column("at", Column::new("at", Type::DateTime).indexed()),
    ];
    const KEYS: &[Key] = &[Key::new("id", &[0])];
    const MODELS: &[Model] = &[Model::new("Event", "Event", FIELDS, KEYS)];

    /// The plan of the newest events.
    fn newest_events() -> Plan {
        let words = [Code::FindMany as u16, 0, Code::OrderBy as u16, Code::Descending as u16, 0, Code::Field as u16, 1];
        let words = [&words[..], &[Code::End as u16, Code::Field as u16, 0, Code::End as u16]].concat();
        purlin_query::compile(&Catalog::new(MODELS, &[]), Dialect::Sqlite, &words, &Limits::default()).expect("a plan")
    }

    /// A read that fails may have ended the transaction: what follows would stand alone.
    #[test]
    fn a_failure_while_dates_are_looked_at_ends_the_query() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("test.db");
        let sqlite = Connection::open(&path).expect("a database");
        let sql = format!(
            "CREATE TABLE Event (id INTEGER PRIMARY KEY, at DATETIME); CREATE INDEX by_at ON Event (at);
             CREATE INDEX {} ON Event (at) WHERE {}",
            FormedType::Date.index("Event", "at"),
            FormedType::Date.condition("at")
        );
        sqlite.execute_batch(&sql).expect("the tables");
        let page: i64 = sqlite
            .query_row(
                "SELECT rootpage FROM sqlite_schema WHERE name = ?",
                [FormedType::Date.index("Event", "at")],
                |row| row.get(0),
            )
            .expect("the index is there");
        drop(sqlite);
        let mut bytes = std::fs::read(&path).expect("the file is there");
        let page = usize::try_from(page).expect("a small file");
        bytes[(page - 1) * 4096..page * 4096].fill(0xff);
        std::fs::write(&path, bytes).expect("the file can be written");
        let sqlite = Connection::open(&path).expect("a database");
        let Err(Stopped::Failed(error)) = plan_for(&sqlite, &newest_events()) else { panic!("the index is broken") };
        assert_eq!(error.code(), Some("P2039"), "{error}");
    }

    #[test]
    fn nothing_goes_on_in_a_transaction_that_the_database_has_ended() {
        let sqlite = Connection::open_in_memory().expect("a database");
        sqlite.execute_batch("CREATE TABLE Event (id INTEGER PRIMARY KEY, at DATETIME)").expect("a table");
        let catalog = Arc::new(Catalog::new(MODELS, &[]));
        let options = Options::default().of_queries();
        let prepared = Arc::new(Prepared::new(newest_events(), &[], catalog, Limits::default(), options));
        let plan = &prepared.plan.canonical.as_ref().expect("a plan for dates in our form").plan;
        let recycler = Arc::default();
        let run = |in_transaction| {
            let query = PlannedQuery { prepared: &prepared, plan, values: &[], most_bytes: u64::MAX };
            let mut execution = Execution::new(&query, &recycler);
            let caller = Caller::new(&sqlite, prepared.catalog(), plan, in_transaction, None);
            walk(&sqlite, caller, &mut execution).is_ok()
        };
        assert_eq!((run(false), run(true)), (true, false));
    }

    #[test]
    fn an_index_of_dates_is_used_while_all_are_in_our_form() {
        let plan = newest_events();
        let sqlite = Connection::open_in_memory().expect("a database");
        let run = |sql: &str| sqlite.execute_batch(sql).expect("SQL");
        let is_canonical = || matches!(plan_for(&sqlite, &plan), Ok(chosen) if chosen.canonical.is_none());
        run("CREATE TABLE Event (id INTEGER PRIMARY KEY, at DATETIME); CREATE INDEX by_at ON Event (at)");
        assert!(!is_canonical(), "without the index of other dates nobody knows");
        run(&format!(
            "CREATE INDEX {} ON Event (at) WHERE {}",
            FormedType::Date.index("Event", "at"),
            FormedType::Date.condition("at")
        ));
        run(
            "INSERT INTO Event VALUES (1, '2024-01-02T03:04:05.678+00:00'), (2, '2024-02-29T23:59:59.999+00:00'), (3, NULL)",
        );
        assert!(is_canonical());
        let canonical = plan_for(&sqlite, &plan).ok().expect("a plan");
        let Some(Step { sql: Sql::Fixed(sql), .. }) = canonical.steps.first() else { panic!("one statement") };
        let explained: String =
            sqlite.query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [], |row| row.get(3)).expect("a plan of SQLite");
        assert_eq!(explained, "SCAN t0 USING COVERING INDEX by_at");
        for other in ["0", "1.5", "x'00'", "''", "'2024-01-02'", "'2024-01-02 03:04:05'", "'2024-01-02T03:04:05.678Z'"]
        {
            run(&format!("INSERT INTO Event VALUES (9, {other})"));
            assert!(!is_canonical(), "{other}");
            run("DELETE FROM Event WHERE id = 9");
            assert!(is_canonical());
        }
        for other in [
            "'2024-01-02T03:04:05.678+01:00'",
            "'2024-01-02T03:04:05.678000+00:00'",
            "'2024-01-02T03:04:05.678901+00:00'",
            "'2024-01-02T03:04:05.6+00:00'",
            "'2024-02-30T00:00:00.000+00:00'",
            "'2024-01-02T24:00:00.000+00:00'",
            "'now'",
        ] {
            run(&format!("UPDATE Event SET at = {other} WHERE id = 1"));
            assert!(!is_canonical(), "{other}");
        }
    }

    #[test]
    fn an_index_of_decimals_is_used_while_all_are_in_our_form() {
        const FIELDS: &[Field] = &[
            Field::column("id", Column::new("id", Type::Int)),
            Field::column("price", Column::new("price", Type::Decimal).indexed()),
        ];
        const MODELS: &[Model] = &[Model::new("Item", "Item", FIELDS, KEYS)];
        let explained = |sqlite: &Connection, words: &[u16]| -> String {
            let plan = purlin_query::compile(&Catalog::new(MODELS, &[]), Dialect::Sqlite, words, &Limits::default());
            let plan = plan.expect("a plan");
            let chosen = plan_for(sqlite, &plan).ok().expect("a plan");
            let sql = match chosen.steps.first().map(|step| &step.sql) {
                Some(Sql::Fixed(sql)) => sql.clone(),
                Some(Sql::Gaps { gaps, tail }) => filled(gaps, tail, [(2, 1)]),
                _ => panic!("one statement"),
            };
            let mut statement = sqlite.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a plan of SQLite");
            let mut rows = statement.raw_query();
            rows.next().expect("a row").expect("a row").get(3).expect("a text")
        };
        let conditions: [&[u16]; 2] = [&[Code::Equals as u16, 1], &[Code::In as u16, 1]];
        let count = |condition: &[u16]| {
            let head = [Code::Count as u16, 0, Code::Where as u16];
            [&head, condition, &[Code::End as u16, 1, Code::All as u16]].concat()
        };
        let sqlite = Connection::open_in_memory().expect("a database");
        sqlite.create_collation("purlin_decimal", crate::decimal::compare).expect("the collation");
        let flags = FunctionFlags::SQLITE_DETERMINISTIC;
        sqlite.create_scalar_function("purlin_decimal_text", 1, flags, |_| Ok(Null)).expect("the function");
        let run = |sql: &str| sqlite.execute_batch(sql).expect("SQL");
        run("CREATE TABLE Item (id INTEGER PRIMARY KEY, price DECIMAL_TEXT); CREATE INDEX by_price ON Item (price)");
        let is_used = || {
            let used = conditions.map(|condition| explained(&sqlite, &count(condition)).starts_with("SEARCH"));
            assert_eq!(used[0], used[1]);
            used[0]
        };
        assert!(!is_used(), "without the index of other decimals nobody knows");
        run(&format!(
            "CREATE INDEX {} ON Item (price) WHERE {}",
            FormedType::Decimal.index("Item", "price"),
            FormedType::Decimal.condition("price")
        ));
        let ours = ["0", "-1", "10", "1.5", "-0.5", "0.001", "100.01", "-12345678901234567890.5"];
        for (id, text) in ours.iter().enumerate() {
            run(&format!("INSERT INTO Item VALUES ({id}, '{text}')"));
        }
        run("INSERT INTO Item VALUES (100, NULL)");
        assert!(is_used());
        for other in [
            "'1.50'", "'1.0'", "'-0'", "'-0.0'", "'+1'", "'01'", "'-01'", "'.5'", "'-.5'", "'5.'", "'1e3'", "'1E-3'",
            "' 1'", "'1 '", "''", "'-'", "'.'", "'1-2'", "'--1'", "'1.2.3'", "'NaN'", "x'31'", "1.0",
        ] {
            run(&format!("INSERT INTO Item VALUES (9, {other})"));
            assert!(!is_used(), "{other}");
            run("DELETE FROM Item WHERE id = 9");
            assert!(is_used());
        }
    }
}
