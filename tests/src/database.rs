//! A database of its own for each case.

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
#[cfg(feature = "postgres")]
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use purlin_migrate::connection::Connection;
use purlin_migrate::push::{self, DataLoss};
use purlin_schema::model::Provider;
use purlin_schema::{Schema, SourceFile};

#[cfg(feature = "postgres")]
use crate::cluster::Cluster;
use crate::db::Client;

/// The databases that every case runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A server of its own.
    #[cfg(feature = "postgres")]
    Postgres,
}

/// A database with the rows of `seed.sql`, gone when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    file: Option<PathBuf>,
    client: Client,
    /// The database of a server that it gives back.
    #[cfg(feature = "postgres")]
    url: Option<String>,
}

impl Database {
    /// Makes a database for one case. `rows` are statements that run before the client opens it.
    pub fn scratch(self, rows: Option<&str>) -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        match self {
            Self::Sqlite => {
                let file = temporary(&NEXT.fetch_add(1, Ordering::Relaxed).to_string());
                fs::write(&file, template()).expect("the folder for temporary files takes a database");
                let url = format!("file:{}", file.display());
                if let Some(rows) = rows {
                    let mut connection = Connection::open(Provider::Sqlite, &url).expect("the database is there");
                    connection.execute(rows).expect("the rows of the case fit the schema");
                }
                let client = Client::open(&url).expect("the database opens");
                Scratch {
                    file: Some(file),
                    client,
                    #[cfg(feature = "postgres")]
                    url: None,
                }
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                let url = on_postgres(rows.unwrap_or_default());
                let client = Client::open(&url).expect("the database opens");
                Scratch { file: None, client, url: Some(url) }
            }
        }
    }
}

/// Databases of the server whose cases are over: they have the tables, and rows of any kind.
#[cfg(feature = "postgres")]
static USED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Makes a seeded database on a server of this process; returns its URL. `rows` are statements that run after the seed. To empty a
/// database that was [given back](give_back) is much quicker than to make one.
#[cfg(feature = "postgres")]
pub fn on_postgres(rows: &str) -> String {
    /// What makes the tables, and what empties and seeds them.
    static SCRIPTS: OnceLock<(String, String)> = OnceLock::new();
    let (create, seed) = SCRIPTS.get_or_init(|| {
        let database = purlin_migrate::postgres::lower(&schema());
        let names: Vec<String> = database.tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
        let empty = format!("TRUNCATE {} RESTART IDENTITY CASCADE;\n", names.join(", "));
        let seed = format!("{empty}{}{}", read("seed.sql"), read("seed.postgres.sql"));
        (purlin_migrate::postgres::create_script(&database), seed)
    });
    let cluster = Cluster::shared();
    let used = USED.lock().expect("no test panics here").pop();
    let url = used.unwrap_or_else(|| cluster.database(create));
    cluster.execute(&url, &format!("{seed}{rows}"));
    url
}

/// Says that nothing uses a database of the server any longer.
#[cfg(feature = "postgres")]
pub fn give_back(url: String) {
    USED.lock().expect("no test panics here").push(url);
}

/// The bytes of a seeded database file: it is made once, and copied for each case.
fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let file = temporary("template");
        let mut connection =
            Connection::open(Provider::Sqlite, &format!("file:{}", file.display())).expect("a database file is made");
        let push = push::plan(&mut connection, &schema()).expect("the schema can be pushed");
        push::apply(&mut connection, &push, DataLoss::Refused).expect("the tables are made");
        for seed in ["seed.sql", "seed.sqlite.sql"] {
            connection.execute(&read(seed)).expect("the seed fits the schema");
        }
        drop(connection);
        let bytes = fs::read(&file).expect("the database was made");
        remove(&file);
        bytes
    })
}

fn schema() -> Schema {
    let text = read("schema.prisma");
    #[cfg(feature = "postgres")]
    let text = text.replace("provider = \"sqlite\"", "provider = \"postgresql\"");
    let file = SourceFile { path: "schema.prisma".into(), text };
    let (schema, diagnostics) = purlin_schema::parse(&[file]);
    assert!(diagnostics.is_empty(), "the schema is valid: {diagnostics:?}");
    schema
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("purlin-tests-{}-{name}.db", std::process::id()))
}

fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut path = file.to_path_buf().into_os_string();
        path.push(ending);
        // It is in the folder for temporary files: the system removes what is left.
        let _ = fs::remove_file(path);
    }
}

impl Deref for Scratch {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            remove(file);
        }
        #[cfg(feature = "postgres")]
        if let Some(url) = self.url.take() {
            give_back(url);
        }
    }
}
