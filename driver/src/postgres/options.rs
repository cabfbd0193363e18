//! What the URL of a PostgreSQL database says.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

use crate::error::{Error, ErrorKind};

/// Where the server is, and how many connections it gets.
#[derive(Debug, Clone)]
pub(crate) struct ServerOptions {
    pub(super) server: PgConnectOptions,
    pub(super) connection_limit: usize,
    pub(super) connect_timeout: Duration,
    /// How long a query waits for a connection, where the URL says it.
    pub(crate) pool_timeout: Option<Duration>,
}

/// As long as Prisma waits.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// More would keep a server busy with connections alone.
const MOST_CONNECTIONS: u64 = 1_000;
const MOST_SECONDS: u64 = 86_400;

/// Reads the URL of a PostgreSQL database. No part of it is put into a message but the names of parameters: it holds a
/// password.
pub(crate) fn parse(url: &str) -> Result<ServerOptions, Error> {
    let parsed = Url::parse(url).map_err(|error| {
        bad(format!("the database URL cannot be read: {error}; characters such as `@`, `/`, `#` and `%` in a password are written as %40, %2F, %23 and %25"))
    })?;
    let mut server = PgConnectOptions::new_without_pgpass();
    if let Some(host) = parsed.host_str().filter(|host| !host.is_empty()) {
        server = server.host(&decoded("host", host.trim_start_matches('[').trim_end_matches(']'))?);
    }
    if let Some(port) = parsed.port() {
        server = server.port(port);
    }
    if !parsed.username().is_empty() {
        server = server.username(&decoded("user", parsed.username())?);
    }
    if let Some(password) = parsed.password() {
        server = server.password(&decoded("password", password)?);
    }
    let database = parsed.path().trim_start_matches('/');
    if !database.is_empty() {
        server = server.database(&decoded("database", database)?);
    }
    let mut options = ServerOptions {
        server,
        connection_limit: default_connections(),
        connect_timeout: CONNECT_TIMEOUT,
        pool_timeout: None,
    };
    let mut ssl_mode = None;
    let mut is_strict = false;
    for (name, value) in parsed.query_pairs() {
        let name = name.to_ascii_lowercase();
        let server = &mut options.server;
        match name.as_str() {
            "schema" => {
                let quoted = format!("\"{}\"", value.replace('"', "\"\""));
                *server = server.clone().options([("search_path", quoted)]);
            }
            "connection_limit" => {
                options.connection_limit = usize::try_from(number(&name, &value, MOST_CONNECTIONS)?).unwrap_or(1);
            }
            "pool_timeout" => options.pool_timeout = Some(Duration::from_secs(number(&name, &value, MOST_SECONDS)?)),
            "connect_timeout" => options.connect_timeout = Duration::from_secs(number(&name, &value, MOST_SECONDS)?),
            "host" => *server = server.clone().socket(&*value),
            "application_name" => *server = server.clone().application_name(&value),
            "sslmode" => ssl_mode = Some(mode(&value)?),
            "sslaccept" => match &*value {
                "accept_invalid_certs" => is_strict = false,
                "strict" => is_strict = true,
                _ => return Err(bad("`sslaccept` in the database URL must be `strict` or `accept_invalid_certs`")),
            },
            // Prisma's name for the certificate of the authority, and libpq's.
            "sslcert" | "sslrootcert" => *server = server.clone().ssl_root_cert(&*value),
            "pgbouncer" if value == "true" => {
                return Err(bad(
                    "`pgbouncer=true` in the database URL: poolers that switch connections between transactions are not supported yet; use the URL of the server itself",
                ));
            }
            name if name.starts_with("ssl") => {
                return Err(bad(format!(
                    "`{name}` in the database URL is not supported: `sslmode` and `sslrootcert` are"
                )));
            }
            // What other programs read.
            _ => {}
        }
    }
    if let Some(mode) = ssl_mode {
        // As Prisma does it: without `sslaccept=strict` a certificate is not checked, and with it by its name as well.
        let mode = match mode {
            PgSslMode::Require if is_strict => PgSslMode::VerifyFull,
            mode => mode,
        };
        options.server = options.server.ssl_mode(mode);
    }
    Ok(options)
}

/// Twice the processors and one more, as Prisma has them: a server works on little more at once.
fn default_connections() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from) * 2 + 1
}

fn mode(value: &str) -> Result<PgSslMode, Error> {
    Ok(match value {
        "disable" => PgSslMode::Disable,
        "allow" => PgSslMode::Allow,
        "prefer" => PgSslMode::Prefer,
        "require" => PgSslMode::Require,
        "verify-ca" => PgSslMode::VerifyCa,
        "verify-full" => PgSslMode::VerifyFull,
        _ => {
            return Err(bad(
                "`sslmode` in the database URL must be `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`",
            ));
        }
    })
}

/// A part of a URL without its percent signs.
fn decoded(what: &str, part: &str) -> Result<String, Error> {
    let decoded = percent_encoding::percent_decode_str(part).decode_utf8();
    decoded.map(Into::into).map_err(|_| bad(format!("the {what} in the database URL is not UTF-8")))
}

fn number(name: &str, value: &str, most: u64) -> Result<u64, Error> {
    match value.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(bad(format!("`{name}` in the database URL must be a whole number from 1 to {most}"))),
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadUrl, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_its_server() {
        let options =
            parse("postgresql://ada:p%40ss%2Fword@db.example.com:6543/my%20app?connection_limit=3&connect_timeout=7")
                .expect("a URL");
        let ServerOptions { server, connection_limit, connect_timeout, .. } = options;
        assert_eq!((server.get_host(), server.get_port()), ("db.example.com", 6543));
        assert_eq!((server.get_username(), server.get_database()), ("ada", Some("my app")));
        assert_eq!((connection_limit, connect_timeout.as_secs()), (3, 7));
    }

    #[test]
    fn a_socket_is_a_host_that_is_a_path() {
        let options = parse("postgres://ada@localhost/app?host=/var/run/postgresql").expect("a URL");
        assert_eq!(options.server.get_socket().map(|path| path.as_path()), Some("/var/run/postgresql".as_ref()));
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        for (url, named) in [
            ("postgres://ada:hunter2@host:port/db", "port"),
            ("postgres://ada:hunter2@host/db?connection_limit=0", "`connection_limit`"),
            ("postgres://ada:hunter2@host/db?connect_timeout=soon", "`connect_timeout`"),
            ("postgres://ada:hunter2@host/db?sslmode=on", "`sslmode`"),
            ("postgres://ada:hunter2@host/db?sslmod=require", "`sslmod`"),
            ("postgres://ada:hunter2@host/db?sslidentity=client.p12", "`sslidentity`"),
            ("postgres://ada:hunter2@host/db?pgbouncer=true", "`pgbouncer=true`"),
        ] {
            let error = parse(url).expect_err(url).to_string();
            assert!(error.contains(named) && !error.contains("hunter2"), "{url}: {error}");
        }
    }
}
