//! A PostgreSQL server for tests of the driver and of the behavior suites, in a temporary folder and on a port of its own. It
//! ends with the process of the tests.

use std::collections::HashMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// A running server.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// Its input keeps the server running.
    _guard: Child,
    pub(crate) port: u16,
    folder: PathBuf,
    databases: AtomicUsize,
    /// Databases that scripts were run in, to be copied.
    templates: Mutex<HashMap<String, String>>,
}

impl Cluster {
    /// The server of this process.
    pub(crate) fn shared() -> &'static Self {
        static RUNNING: OnceLock<Cluster> = OnceLock::new();
        RUNNING.get_or_init(Self::start)
    }

    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        if is_root() {
            // PostgreSQL refuses to be run by root.
            run(Command::new("chown").arg("postgres").arg(folder.as_path()));
        }
        let data = folder.as_path().join("data");
        run(program("initdb")
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null()));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        // The server ends with the input of its guard, whatever becomes of this process, and its folder goes with it.
        let mut guard = Command::new("sh");
        guard.args(["-c", "folder=$1; shift; \"$@\" & cat; kill -INT $!; wait $!; rm -rf \"$folder\"", "guard"]);
        let postgres = program("postgres");
        let guard = guard
            .arg(&folder)
            .arg(postgres.get_program())
            .args(postgres.get_args())
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .arg("-c")
            .arg(format!("unix_socket_directories={}", folder.as_path().display()))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let cluster = Self { _guard: guard, port, folder, databases: AtomicUsize::new(0), templates: Mutex::default() };
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

    /// Makes a database, runs a script in it, and returns its URL. A script runs once; the next one that asks for it gets a copy.
    pub(crate) fn database(&self, script: &str) -> String {
        let template = {
            let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
            templates.entry(script.to_owned()).or_insert_with(|| self.template(script)).clone()
        };
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(&mut self.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}")));
        format!("postgresql://postgres@127.0.0.1:{}/{name}", self.port)
    }

    fn template(&self, script: &str) -> String {
        let name = format!("template_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(&mut self.psql("postgres", &format!("CREATE DATABASE {name}")));
        run(self.psql(&name, script).stderr(Stdio::inherit()).stdout(Stdio::null()));
        name
    }

    /// Runs a script in the database of a URL.
    #[allow(dead_code, reason = "the behavior suites use databases again")]
    pub(crate) fn execute(&self, url: &str, script: &str) {
        let name = url.rsplit('/').next().unwrap_or_default();
        run(self.psql(name, script).stderr(Stdio::inherit()).stdout(Stdio::null()));
    }

    /// What a query returns, as psql shows it.
    #[allow(dead_code, reason = "the behavior suites ask the client")]
    pub(crate) fn ask(&self, url: &str, sql: &str) -> String {
        let name = url.rsplit('/').next().and_then(|name| name.split('?').next()).unwrap_or_default();
        let output = self.psql(name, sql).output().expect("psql runs");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The folder of its socket.
    #[allow(dead_code, reason = "the behavior suites connect by TCP")]
    pub(crate) fn socket(&self) -> &Path {
        &self.folder
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
