//! A PostgreSQL server for the tests, in a temporary folder and on a port of its own. It ends with the last test that uses it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A running server.
pub(crate) struct Cluster {
    server: Child,
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    databases: AtomicUsize,
}

static RUNNING: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

impl Cluster {
    /// The server that other tests use, or a new one.
    pub(crate) fn shared() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cluster) = running.upgrade() {
            return cluster;
        }
        let cluster = Arc::new(Self::start());
        *running = Arc::downgrade(&cluster);
        cluster
    }

    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        if is_root() {
            // PostgreSQL refuses to be run by root.
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        run(program("initdb")
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null()));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        // The server ends with the input of its guard, whatever becomes of this process.
        let mut server = Command::new("sh");
        server.args(["-c", "\"$@\" & cat; kill -INT $!; wait $!", "guard"]);
        let postgres = program("postgres");
        let server = server
            .arg(postgres.get_program())
            .args(postgres.get_args())
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .arg("-c")
            .arg(format!("unix_socket_directories={}", folder.path().display()))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let cluster = Self { server, port, folder, databases: AtomicUsize::new(0) };
        let until = Instant::now() + Duration::from_secs(30);
        while !cluster.psql("postgres", "SELECT 1").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
        {
            assert!(Instant::now() < until, "postgres does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let mut psql = Command::new(path("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"]);
        psql.args(["-p", &self.port.to_string(), "-d", database, "-At", "-c", sql]).stderr(Stdio::null());
        psql
    }

    /// Makes a database, runs a script in it, and returns its URL.
    pub(crate) fn database(&self, script: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(&mut self.psql("postgres", &format!("CREATE DATABASE {name}")));
        run(self.psql(&name, script).stderr(Stdio::inherit()).stdout(Stdio::null()));
        format!("postgresql://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// What a query returns, as psql shows it.
    pub(crate) fn ask(&self, url: &str, sql: &str) -> String {
        let name = url.rsplit('/').next().and_then(|name| name.split('?').next()).unwrap_or_default();
        let output = self.psql(name, sql).output().expect("psql runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The folder of its socket.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}");
}

/// A program of PostgreSQL, run by a user that it accepts.
fn program(name: &str) -> Command {
    let path = path(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path).current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

/// Debian keeps the programs of the server out of `PATH`.
fn path(name: &str) -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = folders.map(|folder| folder.path().join("bin").join(name)).collect();
    found.retain(|path| path.exists());
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}
