//! The version of Node.

use std::process::Command;

use super::{Finding, version::Version};
use crate::{
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const NAME: &str = "node";

#[expect(clippy::unnecessary_wraps, reason = "it is one of the checks")]
pub(super) fn check(project: &Project, _: &Loaded) -> Result<Vec<Finding>, Failure> {
    if !project.root.join("package.json").exists() {
        return Ok(Vec::new());
    }
    // A project may run on another machine than this one; without Node here there is nothing to say.
    let Ok(output) = Command::new("node").arg("--version").output() else { return Ok(Vec::new()) };
    let version = Version::read(&String::from_utf8_lossy(&output.stdout));
    Ok(version.filter(|version| (version.major, version.minor) < (20, 9)).map(too_old).into_iter().collect())
}

fn too_old(version: Version) -> Finding {
    Finding::error(
        NAME,
        format!("Node {version} is too old: the client needs 20.9 or later"),
        "install a version of Node that is still supported, for example the current LTS",
    )
}
