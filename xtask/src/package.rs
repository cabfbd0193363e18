//! `cargo xtask package`: the command-line tool, the addon and the npm package around it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::steps::Steps;
use crate::{Result, checkout, tools};

/// What the example and the suites use.
pub(crate) struct Built {
    /// The `purlin` binary.
    pub(crate) cli: PathBuf,
    /// The packed npm package, where the example's `package.json` expects it.
    pub(crate) tarball: PathBuf,
}

pub(crate) fn command(arguments: Arguments) -> Result<ExitCode> {
    arguments.finish()?;
    let mut steps = Steps::new("package")?;
    let built = build(&mut steps)?;
    println!("  {}\n  {}", checkout::short(&built.cli), checkout::short(&built.tarball));
    Ok(ExitCode::SUCCESS)
}

/// The schemas of the clients that the tests of the npm package use and that are not checked in.
pub(crate) const CLIENTS_OF_TESTS: [&str; 3] =
    ["node/package/test/schema/schema.prisma", "node/package/test/schema/decimal.prisma", "tests/names/schema.prisma"];

/// Builds the tool and the addon, lays both into the npm package and packs that.
pub(crate) fn build(steps: &mut Steps) -> Result<Built> {
    tools::node()?;
    // In one call: separate ones could resolve other features and compile the common crates twice.
    let mut cargo = checkout::cargo();
    cargo.args(["build", "--release", "--locked", "--package", "purlin-cli", "--package", "purlin-node"]);
    cargo.args(["--features", "purlin-node/postgres"]);
    steps.run("build the command-line tool and the addon", &mut cargo)?;

    let release = checkout::cargo_target().join("release");
    let cli = checkout::path("target/bin").join(format!("purlin{}", std::env::consts::EXE_SUFFIX));
    replace(&release.join(format!("purlin{}", std::env::consts::EXE_SUFFIX)), &cli)?;
    let addon = format!("{}purlin_node{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let package = checkout::path("node/package");
    replace(&release.join(addon), &package.join(format!("native/purlin.{}.node", platform()?)))?;
    // The tool that `npx purlin` starts.
    replace(&cli, &package.join(format!("native/purlin.{}{}", platform()?, std::env::consts::EXE_SUFFIX)))?;

    install(steps, "install the package's development tools", &package)?;
    for schema in CLIENTS_OF_TESTS.map(checkout::path) {
        steps.run(&format!("generate {}", checkout::short(&schema)), &mut generate(&cli, &schema))?;
    }
    let mut npm = Command::new("npm");
    steps.run("build the TypeScript runtime", npm.args(["run", "build"]).current_dir(&package))?;
    let tarball = checkout::path("target/npm").join(format!("purlin-{}.tgz", env!("CARGO_PKG_VERSION")));
    let folder = checkout::path("target/npm");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.args(["pack", "--ignore-scripts", "--pack-destination"]).arg(&folder).current_dir(&package);
    steps.run("pack the npm package", &mut npm)?;
    if !tarball.is_file() {
        return Err(format!("npm pack did not write {}: do the versions agree?", tarball.display()));
    }
    Ok(Built { cli, tarball })
}

/// `purlin generate` of a schema, in its own folder, so that the settings of no other project apply.
pub(crate) fn generate(cli: &Path, schema: &Path) -> Command {
    let mut purlin = Command::new(cli);
    purlin.arg("generate").arg("--schema").arg(schema).current_dir(schema.parent().unwrap_or(schema));
    purlin
}

/// `npm install` of a folder, quick when nothing has changed. Not `npm ci`: that deletes what is
/// there, and refuses a lockfile that was written where the registry lacks another platform's optional package.
pub(crate) fn install(steps: &mut Steps, label: &str, folder: &Path) -> Result {
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    steps.run(label, &mut npm)
}

/// Copies a file beside its target and renames it: a process that has the old one mapped keeps it.
fn replace(from: &Path, to: &Path) -> Result {
    // Its own name, for a second run beside this one must not write into what was just put in place.
    let temporary = to.with_extension(format!("new-{}", std::process::id()));
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(from, &temporary))
        .and_then(|_| fs::rename(&temporary, to))
        .map_err(|error| format!("cannot copy {} to {}: {error}", from.display(), to.display()))
}

/// The platform as npm packages of native addons name it.
fn platform() -> Result<String> {
    let cpu = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => return Err(format!("no addon is built for the processor {other}")),
    };
    let system = match std::env::consts::OS {
        "linux" if cfg!(target_env = "musl") => return Ok(format!("linux-{cpu}-musl")),
        "linux" => return Ok(format!("linux-{cpu}-gnu")),
        "macos" => "darwin",
        other => return Err(format!("no addon is built for {other}")),
    };
    Ok(format!("{system}-{cpu}"))
}
