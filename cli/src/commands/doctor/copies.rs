//! Several copies of the npm package: each brings an engine with its own SQLite.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{
    Finding,
    packages::{version_of, workspace},
};
use crate::{
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "copies";

#[expect(clippy::unnecessary_wraps, reason = "it is one of the checks")]
pub(super) fn check(project: &Project, _: &Loaded) -> Result<Vec<Finding>, Failure> {
    // Links lead to the same copy.
    let mut copies: BTreeMap<PathBuf, String> = BTreeMap::new();
    for folder in workspace(&project.root) {
        let modules = folder.join("node_modules");
        add(&modules, &mut copies);
        for package in packages_in(&modules) {
            add(&package.join("node_modules"), &mut copies);
        }
    }
    if copies.len() < 2 {
        return Ok(Vec::new());
    }
    let list: Vec<String> =
        copies.iter().map(|(path, version)| format!("{} ({version})", terminal::path(path))).collect();
    Ok(vec![Finding::error(
        NAME,
        format!(
            "purlin is installed {} times: {}; two in one process do not see each other's locks, and destroy the database",
            copies.len(),
            list.join(", ")
        ),
        "ask for one version in all packages of the workspace, and install again (`npm dedupe`)",
    )])
}

fn add(modules: &Path, copies: &mut BTreeMap<PathBuf, String>) {
    let folder = modules.join("purlin");
    if let (Some(version), Ok(real)) = (version_of(&folder), folder.canonicalize()) {
        copies.insert(real, version);
    }
}

/// The packages in a folder of modules, those of scopes too.
fn packages_in(modules: &Path) -> Vec<PathBuf> {
    let folders = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let mut packages = Vec::new();
    for path in folders(modules) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('@') {
            packages.extend(folders(&path));
        } else if name == ".pnpm" {
            // Where pnpm keeps the packages that the folders link to.
            let stored = folders(&path).into_iter();
            packages.extend(
                stored
                    .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("purlin@"))),
            );
        } else if !name.starts_with('.') {
            packages.push(path);
        }
    }
    packages
}
