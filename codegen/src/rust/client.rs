//! The client: an open database with an accessor for each model.

use std::fmt::Write as _;

use purlin_query::catalog::Writes;

use super::names::Names;
use crate::ClientOptions;

pub(super) fn write(out: &mut String, names: &Names<'_>, client_options: &ClientOptions) {
    let client = &names.client;
    let db = names.purlin("Db");
    let error = names.purlin("Error");
    let builder = names.purlin("Builder");
    let options = names.purlin("TransactionOptions");
    let result = names.prelude("Result");
    let (from, as_ref) = (names.prelude("From"), names.prelude("AsRef"));
    let async_fn = names.prelude("AsyncFnOnce");
    let configured = configured(&builder, names, client_options);
    let _ = write!(
        out,
        "
/// The database. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct {client}({db});

impl {client} {{
    /// Opens the database at `url`, for example `file:dev.db`. The first query connects.
    pub fn open(url: &str) -> {result}<Self, {error}> {{
        Self::builder().open(url)
    }}

    /// Opens a database with other options than the defaults.
    pub fn builder() -> {builder}<Self> {{
{configured}    }}

    /// Opens a connection, so that a database that cannot be reached is an error when the program starts.
    /// It is not needed: the first query connects as well.
    pub async fn connect(&self) -> {result}<(), {error}> {{
        self.0.connect().await
    }}

    /// Closes the connections that nobody uses and lets go of the database's files, as before the end
    /// of the process. The next query opens them again.
    pub async fn close(&self) -> {result}<(), {error}> {{
        self.0.close().await
    }}

    /// Runs `work` in a transaction: commits when it returns `Ok`, rolls back when it returns an error
    /// or is dropped.
    pub async fn transaction<T, E: {from}<{error}>>(
        &self,
        work: impl {async_fn}(&Self) -> {result}<T, E>,
    ) -> {result}<T, E> {{
        let options = {options}::default();
        self.transaction_with(options, work).await
    }}

    /// Runs `work` in a transaction with these bounds.
    pub async fn transaction_with<T, E: {from}<{error}>>(
        &self,
        options: {options},
        work: impl {async_fn}(&Self) -> {result}<T, E>,
    ) -> {result}<T, E> {{
        let transaction = self.0.begin(options).await?;
        let inside = Self(transaction.db());
        let result = transaction.run(work(&inside)).await;
        transaction.finish(result).await
    }}
"
    );
    for model in &names.models {
        let (accessor, row) = (&model.accessor, &model.row);
        let (table, get) = match model.catalog.writes {
            Writes::None => (names.purlin("View"), "view"),
            Writes::All | Writes::NoCreate => (names.purlin("Table"), "table"),
        };
        let _ = write!(
            out,
            "
    /// The operations on [`{row}`].
    pub fn {accessor}(&self) -> {table}<'_, {row}> {{
        self.0.{get}()
    }}
"
        );
    }
    let _ = write!(
        out,
        "}}

impl {from}<{db}> for {client} {{
    fn from(db: {db}) -> Self {{
        Self(db)
    }}
}}

impl {as_ref}<{db}> for {client} {{
    fn as_ref(&self) -> &{db} {{
        &self.0
    }}
}}
"
    );
}

/// The body of `builder`: with the options of the project, where it sets any.
fn configured(builder: &str, names: &Names<'_>, options: &ClientOptions) -> String {
    let mut calls = Vec::new();
    let mut out = String::new();
    let limits = options.engine_limits();
    if !limits.is_empty() {
        let name = names.purlin("Limits");
        let _ = writeln!(out, "        let limits = {name} {{");
        for (limit, value) in &limits {
            let _ = writeln!(out, "            {limit}: {value},");
        }
        // Where each is set, Clippy finds the rest needless.
        if limits.len() < ClientOptions::ENGINE_LIMITS {
            let _ = writeln!(out, "            ..{name}::default()");
        }
        out.push_str("        };\n");
        calls.push("limits(limits)".to_owned());
    }
    calls.extend(options.client().into_iter().map(|(name, value)| match name {
        "queue_length" => format!("{name}({value})"),
        _ => format!("{name}(std::time::Duration::from_millis({value}))"),
    }));
    let Some(last) = calls.pop() else { return format!("        {builder}::new(&CATALOG)\n") };
    let _ = writeln!(out, "        let builder = {builder}::new(&CATALOG);");
    for call in calls {
        let _ = writeln!(out, "        let builder = builder.{call};");
    }
    let _ = writeln!(out, "        builder.{last}");
    out
}
