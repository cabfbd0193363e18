//! The database: its tables at the first start, and the client.

use std::error::Error;
use std::path::PathBuf;

use purlin_migrate::connection::Connection;
use purlin_migrate::push::{self, DataLoss};
use purlin_schema::model::Provider;
use purlin_schema::source::SourceFile;

use crate::db::Client;

const SCHEMA: &str = include_str!("../prisma/schema.prisma");

/// Opens the database at `url`, for example `file:./dev.db`. One without tables gets those of the schema; any other is
/// left as it is, for `purlin db push` and `purlin migrate` to change under somebody's eyes.
pub fn open(url: &str) -> Result<Client, Box<dyn Error>> {
    let mut connection = Connection::open(Provider::Sqlite, url)?;
    if connection.introspect()?.tables.is_empty() {
        let files = [SourceFile { path: PathBuf::from("schema.prisma"), text: SCHEMA.to_owned() }];
        // `purlin generate` took this very text, so it has no errors.
        let (schema, _) = purlin_schema::parse(&files);
        let tables = push::plan(&mut connection, &schema)?;
        push::apply(&mut connection, &tables, DataLoss::Refused)?;
    }
    Ok(Client::open(url)?)
}
