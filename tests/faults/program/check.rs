//! The check of a database that a process has left: it opens by the client, SQLite finds it whole, and the client counts
//! as many rows as SQLite does.

use futures_executor::block_on;
use purlin_tests::faults::db::Client;
use rusqlite::Connection;
use serde_json::json;

use crate::{Failure, Settings};

pub(crate) fn run(settings: &Settings<'_>) -> Result<(), Failure> {
    let file = settings.file()?;
    // The client first: the process that was killed has left its log to whoever opens the database next.
    let counted = block_on(async {
        let db = Client::open(&format!("file:{file}"))?;
        let counted = db.entry().count().await?;
        db.close().await?;
        Ok::<_, purlin::Error>(counted)
    })?;

    let connection = Connection::open(file)?;
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    let mut total = 0;
    let mut batches = Vec::new();
    let mut statement =
        connection.prepare("SELECT batch, MAX(size), COUNT(*), COUNT(DISTINCT size) FROM Entry GROUP BY batch")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (batch, size, count, sizes): (String, i64, i64, i64) = row.try_into()?;
        if sizes != 1 {
            return Err(format!("the rows of {batch} disagree about its size").into());
        }
        total += count;
        batches.push(json!({ "batch": batch, "size": size, "rows": count }));
    }
    if counted != total {
        return Err(format!("the client counts {counted} rows, SQLite {total}").into());
    }
    println!("{}", json!({ "integrity": integrity, "batches": batches }));
    Ok(())
}
