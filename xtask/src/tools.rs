//! What the machine must have. A missing browser or server is installed where that can be done; the rest is
//! named exactly.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Result;
use crate::steps::Steps;

/// Next.js 16 asks for this.
const NODE: (u32, u32) = (20, 9);
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Checks that Node.js and npm are there, and new enough.
pub(crate) fn node() -> Result {
    let remedy = format!("install Node.js {}.{} or newer (https://nodejs.org) and put it on the PATH", NODE.0, NODE.1);
    let version = output("node", &["--version"]).ok_or_else(|| format!("node is missing: {remedy}"))?;
    if parse_version(&version).is_none_or(|version| version < NODE) {
        return Err(format!("node {version} is too old: {remedy}"));
    }
    match output("npm", &["--version"]) {
        Some(_) => Ok(()),
        None => Err("npm is missing: install it (Debian: apt-get install npm) and put it on the PATH".to_owned()),
    }
}

/// Checks that the formatter and the linter of Rust are there, which some packages of the toolchain leave out.
pub(crate) fn lints() -> Result {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output("cargo", &[subcommand, "--version"]).is_none() {
            return Err(format!("cargo {subcommand} is missing: install it (rustup component add {component})"));
        }
    }
    Ok(())
}

/// The Chromium to drive: `$CHROMIUM`, or one of the PATH, or a fresh one where apt can bring it.
pub(crate) fn chromium(steps: &mut Steps) -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(chosen));
    }
    if let Some(found) = BROWSERS.iter().find_map(|name| find(name)) {
        return Ok(found);
    }
    if output("id", &["-u"]).as_deref() != Some("0") || find("apt-get").is_none() {
        return Err("chromium is missing: install it (Debian: sudo apt-get install -y chromium) \
                    or set CHROMIUM to the path of one"
            .to_owned());
    }
    install(steps, "chromium")?;
    find("chromium").ok_or_else(|| "chromium was installed and is still not on the PATH".to_owned())
}

/// Checks that a PostgreSQL server is there, which the tests start themselves, or installs one where apt can bring it.
pub(crate) fn postgres(steps: &mut Steps) -> Result {
    // Debian keeps the programs of the server out of the PATH.
    let is_there = || {
        find("initdb").is_some() || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut all| all.next().is_some())
    };
    if is_there() {
        return Ok(());
    }
    if output("id", &["-u"]).as_deref() != Some("0") || find("apt-get").is_none() {
        return Err("PostgreSQL is missing: install its server (Debian: sudo apt-get install -y postgresql)".to_owned());
    }
    install(steps, "postgresql")?;
    if is_there() { Ok(()) } else { Err("PostgreSQL was installed and is still not there".to_owned()) }
}

/// Installs a package of Debian.
fn install(steps: &mut Steps, package: &str) -> Result {
    let install = format!("apt-get update -q && apt-get install -y -q --no-install-recommends {package}");
    let mut apt = Command::new("sh");
    steps.run(
        &format!("install {package} (apt-get)"),
        apt.args(["-c", &install]).env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// A program of the PATH.
fn find(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `v20.9.0` as (20, 9).
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NODE, parse_version};

    #[test]
    fn versions_compare_by_number() {
        assert!(parse_version("v20.10.0") > Some(NODE));
        assert!(parse_version("v20.8.1") < Some(NODE));
        assert!(parse_version("v9.11.2") < Some(NODE));
        assert_eq!(parse_version("nightly"), None);
    }
}
