//! `purlin db execute`

use std::process::ExitCode;

use purlin_migrate::rows::{Rows, Value};
use serde_json::json;

use crate::{
    args::{Execute, ReportFormat},
    failure::Failure,
    input,
    project::Project,
    terminal,
};

pub(crate) fn run(project: &Project, what: &Execute) -> Result<ExitCode, Failure> {
    let script = match &what.file {
        Some(path) => input::text(path)?,
        None => input::standard()?,
    };
    if script.contains('\0') {
        let message = "the script holds a NUL character, where SQLite stops reading: nothing was run";
        return Err(Failure::trouble(message).with_remedy("remove it"));
    }
    let loaded = project.load()?;
    let results = project.connect(&loaded)?.execute_for_rows(&script)?;
    if what.format == ReportFormat::Json {
        let results: Vec<serde_json::Value> = results.iter().map(as_json).collect();
        terminal::line(serde_json::Value::Array(results));
        return Ok(ExitCode::SUCCESS);
    }
    results.iter().for_each(show);
    terminal::done("Executed", "the script");
    Ok(ExitCode::SUCCESS)
}

fn as_json(result: &Rows) -> serde_json::Value {
    let value = |value: &Value| match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => json!(number),
        // JSON has no infinity.
        Value::Real(number) => {
            serde_json::Number::from_f64(*number).map_or_else(|| json!(number.to_string()), Into::into)
        }
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => json!(hexadecimal(bytes)),
    };
    let rows: Vec<Vec<serde_json::Value>> = result.rows.iter().map(|row| row.iter().map(value).collect()).collect();
    json!({ "columns": result.columns, "rows": rows, "more": result.more })
}

/// Prints rows as a table.
fn show(result: &Rows) {
    let rows: Vec<Vec<String>> = result.rows.iter().map(|row| row.iter().map(in_words).collect()).collect();
    let head: Vec<String> = result.columns.iter().map(|name| printable(name)).collect();
    let width = |column: usize| {
        let cells = std::iter::once(&head).chain(&rows).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    terminal::heading(line(&head));
    terminal::line(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
    rows.iter().for_each(|row| terminal::line(line(row)));
    let shown = match result.more {
        0 => terminal::count(rows.len(), "row"),
        more => format!("{} rows and {more} more", rows.len()),
    };
    terminal::line(format_args!("({shown})\n"));
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => printable(text),
        Value::Blob(bytes) => format!("X'{}'", hexadecimal(bytes)),
    }
}

/// A text on one line, without what a terminal would obey.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
