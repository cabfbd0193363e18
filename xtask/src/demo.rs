//! `cargo xtask demo`: the founding page on a fresh database, served or driven in a browser. The database is embedded, or one of a
//! PostgreSQL server of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::cluster::Cluster;
use crate::counts::{self, Counts};
use crate::package::{self, Built};
use crate::server::{Server, free_port, is_free};
use crate::steps::Steps;
use crate::{Result, checkout, tools};

const APP: &str = "examples/next-blog";
/// A copy of it whose schema is for a server: the client that is generated from that is another one. It lies as deep, so that the
/// paths in it lead to the same places.
const SERVER_APP: &str = "target/demo-postgres";
const SCHEMA: &str = "prisma/schema.prisma";
const SCREENSHOTS: &str = "target/demo";

pub(crate) fn command(mut arguments: Arguments) -> Result<ExitCode> {
    let check_only = arguments.flag("--check");
    let database = match arguments.option("--database")?.as_deref() {
        None | Some("sqlite") => Database::Sqlite,
        Some("postgres" | "postgresql") => Database::Postgres,
        Some(other) => return Err(format!("--database {other}: there are sqlite and postgres")),
    };
    let port = match arguments.option("--port")? {
        Some(text) => Some(text.parse().map_err(|_| format!("--port {text}: not a port number"))?),
        None => None,
    };
    arguments.finish()?;
    // Before minutes are spent on a page that nobody could see.
    if let Some(port) = port.filter(|port| !is_free(*port)) {
        return Err(format!("port {port} is taken: name another with --port, or none for one that is free"));
    }

    println!("building the command-line tool, the addon and the page; the first time takes some minutes");
    let mut steps = Steps::new("demo")?;
    let built = package::build(&mut steps)?;
    if check_only { checked(&mut steps, &built, database, port) } else { serve(&mut steps, &built, database, port) }
}

fn serve(steps: &mut Steps, built: &Built, database: Database, port: Option<u16>) -> Result<ExitCode> {
    let app = App::on(steps, database, "dev.db")?;
    app.settings()?;
    app.prepare(steps, built)?;
    let server = app.start(steps, port.map_or_else(|| free_port(3000), Ok)?)?;
    println!("\n  {}\n\n  Ctrl-C stops it.", server.address());
    server.serve()?;
    Ok(ExitCode::SUCCESS)
}

fn checked(steps: &mut Steps, built: &Built, database: Database, port: Option<u16>) -> Result<ExitCode> {
    let counts = check(steps, built, database, port)?;
    println!("\n  {counts} in {:.0} s; screenshots in {SCREENSHOTS}/", steps.elapsed().as_secs_f32());
    Ok(counts.exit_code())
}

/// Drives the page as a visitor would and counts the checks.
pub(crate) fn check(steps: &mut Steps, built: &Built, database: Database, port: Option<u16>) -> Result<Counts> {
    let chromium = tools::chromium(steps)?;
    // Its own file: a demo that is being looked at keeps its rows.
    let app = App::on(steps, database, "check.db")?;
    app.remove_database()?;
    app.prepare(steps, built)?;
    let server = app.start(steps, port.map_or_else(|| free_port(0), Ok)?)?;

    let screenshots = checkout::path(SCREENSHOTS);
    let mut drive = app.command("node");
    drive.arg("drive/drive.mjs").env("BASE", server.address()).env("SHOTS", &screenshots).env("CHROMIUM", chromium);
    Ok(steps.count("drive the page in Chromium", &mut drive, counts::tap))
}

/// What the page runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// The example with the database that it opens.
struct App {
    folder: PathBuf,
    /// The database's file; none on a server.
    file: Option<&'static str>,
    url: String,
}

impl App {
    /// The example on a file, or on a server that ends with this process.
    fn on(steps: &mut Steps, database: Database, file: &'static str) -> Result<Self> {
        let folder = checkout::path(APP);
        match database {
            Database::Sqlite => Ok(Self { folder, file: Some(file), url: format!("file:./{file}") }),
            Database::Postgres => {
                tools::postgres(steps)?;
                let copy = checkout::path(SERVER_APP);
                let copied = copy_sources(&folder, &copy).and_then(|()| {
                    let schema = copy.join(SCHEMA);
                    let text = fs::read_to_string(&schema)?;
                    fs::write(schema, text.replace("provider = \"sqlite\"", "provider = \"postgresql\""))
                });
                copied.map_err(|error| format!("cannot write {SERVER_APP}: {error}"))?;
                let mut url = String::new();
                steps.step("start a PostgreSQL server", |_| {
                    url = Cluster::shared().database("");
                    Ok(())
                })?;
                Ok(Self { folder: copy, file: None, url })
            }
        }
    }

    /// From the sources to a built page with a database, which is seeded when it is a new one.
    fn prepare(&self, steps: &mut Steps, built: &Built) -> Result {
        let folder = &self.folder;
        // npm takes a package of the same version for the same package, so the old one has to go.
        remove(&folder.join("node_modules/purlin"), |path| fs::remove_dir_all(path))?;
        package::install(steps, "install the example's packages", folder)?;
        steps.run("generate the TypeScript client", &mut self.purlin(built, &["generate"]))?;
        if let Some(file) = self.file.filter(|file| folder.join(file).exists()) {
            println!("  keeping your {file}; remove {APP}/{file} to begin anew");
            steps.run("bring the database up to the schema", &mut self.purlin(built, &["db", "push"]))?;
        } else {
            let made = steps
                .run("create the database", &mut self.purlin(built, &["db", "push"]))
                .and_then(|()| steps.run("seed the database", &mut self.purlin(built, &["db", "seed"])));
            if made.is_err() {
                // The next run must not keep half of it.
                self.remove_database()?;
            }
            made?;
        }
        steps.run("build the page (next build)", self.next().arg("build"))
    }

    fn purlin(&self, built: &Built, arguments: &[&str]) -> Command {
        let mut purlin = self.command(&built.cli);
        purlin.args(arguments);
        purlin
    }

    /// Leaves a `.env` for who goes on by hand, where there is none.
    fn settings(&self) -> Result {
        let (example, own) = (checkout::path(APP).join(".env.example"), checkout::path(APP).join(".env"));
        if self.file.is_some() && !own.exists() {
            fs::copy(&example, &own).map_err(|error| format!("cannot write {}: {error}", own.display()))?;
        }
        Ok(())
    }

    fn remove_database(&self) -> Result {
        let Some(file) = self.file else { return Ok(()) };
        for suffix in ["", "-wal", "-shm"] {
            remove(&self.folder.join(format!("{file}{suffix}")), |path| fs::remove_file(path))?;
        }
        Ok(())
    }

    fn start(&self, steps: &mut Steps, port: u16) -> Result<Server> {
        let mut server = None;
        steps.step("start the page (next start)", |log| {
            server = Some(Server::start(self.next().arg("start"), port, log)?);
            Ok(())
        })?;
        server.ok_or_else(|| "the server did not start".to_owned())
    }

    /// Next.js without npm between: a signal must reach the server itself.
    fn next(&self) -> Command {
        let mut next = self.command("node");
        next.arg("node_modules/next/dist/bin/next");
        next
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("DATABASE_URL", &self.url).env("NEXT_TELEMETRY_DISABLED", "1");
        command
    }
}

/// Copies what the example consists of: neither what is installed and built in it, nor its databases.
fn copy_sources(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            if !["node_modules", ".next"].contains(&&*text) {
                copy_sources(&entry.path(), &target)?;
            }
        } else if !text.contains(".db") && text != ".env" {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn remove(path: &Path, how: impl Fn(&Path) -> std::io::Result<()>) -> Result {
    match how(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}
