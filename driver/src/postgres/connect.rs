//! The way to a server.

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::time::timeout;

use super::error::convert;
use crate::error::{Error, ErrorKind};

/// Connects within the time that `connect_timeout` of the URL allows, which `prepare` is a part of.
pub(super) async fn connect<T>(
    server: &PgConnectOptions,
    limit: Duration,
    prepare: impl AsyncFnOnce(PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, Error> {
    let connecting = async { prepare(PgConnection::connect_with(server).await?).await };
    match timeout(limit, connecting).await {
        Ok(connected) => connected.map_err(|error| cannot_connect(server, &error)),
        Err(_) => Err(Error::new(
            ErrorKind::Silent,
            format!(
                "the server did not answer within {} s, as long as `connect_timeout` in the database URL allows",
                limit.as_secs()
            ),
        )),
    }
}

/// The error of a server that cannot be reached. Its address may stand in logs, the password may not.
fn cannot_connect(server: &PgConnectOptions, error: &sqlx::Error) -> Error {
    let sqlx::Error::Io(cause) = error else { return convert(error, None) };
    let address = match server.get_socket() {
        Some(path) => path.display().to_string(),
        None => format!("{}:{}", server.get_host(), server.get_port()),
    };
    let message = format!("cannot reach the server at {address}: {cause}; is it running, and is the address right?");
    Error::new(ErrorKind::Unreachable, message)
}
