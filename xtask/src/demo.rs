//! `cargo xtask demo`: the founding page on a fresh embedded database, served or driven in a browser.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::counts::{self, Counts};
use crate::package::{self, Built};
use crate::server::{Server, free_port, is_free};
use crate::steps::Steps;
use crate::{Result, checkout, tools};

const APP: &str = "examples/next-blog";
const SCREENSHOTS: &str = "target/demo";

pub(crate) fn command(mut arguments: Arguments) -> Result<ExitCode> {
    let check_only = arguments.flag("--check");
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
    if check_only { checked(&mut steps, &built, port) } else { serve(&mut steps, &built, port) }
}

fn serve(steps: &mut Steps, built: &Built, port: Option<u16>) -> Result<ExitCode> {
    let app = App { database: "dev.db" };
    App::settings()?;
    app.prepare(steps, built)?;
    let server = app.start(steps, port.map_or_else(|| free_port(3000), Ok)?)?;
    println!("\n  {}\n\n  Ctrl-C stops it.", server.address());
    server.serve()?;
    Ok(ExitCode::SUCCESS)
}

fn checked(steps: &mut Steps, built: &Built, port: Option<u16>) -> Result<ExitCode> {
    let counts = check(steps, built, port)?;
    println!("\n  {counts} in {:.0} s; screenshots in {SCREENSHOTS}/", steps.elapsed().as_secs_f32());
    Ok(counts.exit_code())
}

/// Drives the page as a visitor would and counts the checks.
pub(crate) fn check(steps: &mut Steps, built: &Built, port: Option<u16>) -> Result<Counts> {
    let chromium = tools::chromium(steps)?;
    // Its own file: a demo that is being looked at keeps its rows.
    let app = App { database: "check.db" };
    app.remove_database()?;
    app.prepare(steps, built)?;
    let server = app.start(steps, port.map_or_else(|| free_port(0), Ok)?)?;

    let screenshots = checkout::path(SCREENSHOTS);
    let mut drive = app.command("node");
    drive.arg("drive/drive.mjs").env("BASE", server.address()).env("SHOTS", &screenshots).env("CHROMIUM", chromium);
    Ok(steps.count("drive the page in Chromium", &mut drive, counts::tap))
}

/// The example with the database file that it opens.
struct App {
    database: &'static str,
}

impl App {
    /// From the sources to a built page with a database, which is seeded when it is a new one.
    fn prepare(&self, steps: &mut Steps, built: &Built) -> Result {
        let folder = checkout::path(APP);
        // npm takes a package of the same version for the same package, so the old one has to go.
        remove(&folder.join("node_modules/purlin"), |path| fs::remove_dir_all(path))?;
        package::install(steps, "install the example's packages", &folder)?;
        steps.run("generate the TypeScript client", self.command(&built.cli).arg("generate"))?;
        if folder.join(self.database).exists() {
            println!("  keeping your {0}; remove {APP}/{0} to begin anew", self.database);
            steps.run("bring the database up to the schema", self.command(&built.cli).args(["db", "push"]))?;
        } else {
            let made = steps
                .run("create the database", self.command(&built.cli).args(["db", "push"]))
                .and_then(|()| steps.run("seed the database", self.command(&built.cli).args(["db", "seed"])));
            if made.is_err() {
                // The next run must not keep half of it.
                self.remove_database()?;
            }
            made?;
        }
        steps.run("build the page (next build)", self.next().arg("build"))
    }

    /// Leaves a `.env` for who goes on by hand, where there is none.
    fn settings() -> Result {
        let (example, own) = (checkout::path(APP).join(".env.example"), checkout::path(APP).join(".env"));
        if !own.exists() {
            fs::copy(&example, &own).map_err(|error| format!("cannot write {}: {error}", own.display()))?;
        }
        Ok(())
    }

    fn remove_database(&self) -> Result {
        let folder = checkout::path(APP);
        for suffix in ["", "-wal", "-shm"] {
            remove(&folder.join(format!("{}{suffix}", self.database)), |path| fs::remove_file(path))?;
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
        command
            .current_dir(checkout::path(APP))
            .env("DATABASE_URL", format!("file:./{}", self.database))
            .env("NEXT_TELEMETRY_DISABLED", "1");
        command
    }
}

fn remove(path: &Path, how: impl Fn(&Path) -> std::io::Result<()>) -> Result {
    match how(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", path.display()))
        }
        _ => Ok(()),
    }
}
