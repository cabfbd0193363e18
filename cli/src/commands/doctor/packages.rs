//! The packages of a Node project: its manifests up to the root of the workspace, and what is installed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::locate;

/// A `package.json`.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) path: PathBuf,
    json: Value,
}

/// The lists of a manifest that bring a package into the process.
const LISTS: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];

impl Manifest {
    /// Reads the manifest of a folder. One that cannot be read is npm's to complain of.
    fn read(folder: &Path) -> Option<Self> {
        let path = folder.join("package.json");
        let json = serde_json::from_str(&fs::read_to_string(&path).ok()?).ok()?;
        Some(Self { path, json })
    }

    /// The version of a package that it asks for.
    pub(crate) fn wants(&self, package: &str) -> Option<&str> {
        LISTS.iter().find_map(|list| self.json.get(list)?.get(package)?.as_str())
    }

    /// The folders of a workspace's packages: its patterns, with or without a star at the end.
    fn workspaces(&self) -> Vec<String> {
        let list = self.json.get("workspaces");
        let list = list.and_then(|list| list.as_array().or_else(|| list.get("packages")?.as_array()));
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// The folders from the project's up to the root of the workspace, which is the highest one that says it is one. A
/// repository ends the search.
pub(crate) fn folders(root: &Path) -> Vec<PathBuf> {
    let Ok(here) = locate::absolute(root) else { return vec![root.to_owned()] };
    let mut folders = Vec::new();
    let mut root = 0;
    for (index, folder) in here.ancestors().enumerate() {
        folders.push(folder.to_owned());
        let says = folder.join("pnpm-workspace.yaml").exists()
            || Manifest::read(folder).is_some_and(|manifest| manifest.json.get("workspaces").is_some());
        if says {
            root = index;
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    folders.truncate(root + 1);
    folders
}

/// The manifests from the project's folder up to the root of the workspace.
pub(crate) fn manifests(root: &Path) -> Vec<Manifest> {
    folders(root).iter().filter_map(|folder| Manifest::read(folder)).collect()
}

/// The version of a package that a module of the project would load.
pub(crate) fn installed(root: &Path, package: &str) -> Option<String> {
    let here = locate::absolute(root).ok()?;
    here.ancestors()
        .find_map(|folder| version_of(&folder.join("node_modules").join(package)).filter(|version| !version.is_empty()))
}

/// The version in the `package.json` of an installed package; empty where it does not say.
pub(crate) fn version_of(folder: &Path) -> Option<String> {
    let manifest = Manifest::read(folder)?;
    Some(manifest.json.get("version").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// The folders of all packages of the workspace, its root and the project's folder among them.
pub(crate) fn workspace(root: &Path) -> Vec<PathBuf> {
    let mut found = folders(root);
    let Some(root) = found.last().cloned() else { return found };
    let mut patterns = Manifest::read(&root).map(|manifest| manifest.workspaces()).unwrap_or_default();
    if let Ok(text) = fs::read_to_string(root.join("pnpm-workspace.yaml")) {
        // A list of strings under `packages:`; nothing else in the file looks like a path with a star.
        let items = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
        patterns.extend(items.map(|item| item.trim().trim_matches(['"', '\'']).to_owned()));
    }
    for pattern in patterns.iter().filter(|pattern| !pattern.starts_with('!')) {
        match pattern.trim_end_matches('/').split_once('*') {
            None => found.push(root.join(pattern)),
            Some((above, _)) => {
                let entries = fs::read_dir(root.join(above)).into_iter().flatten().flatten();
                found.extend(entries.map(|entry| entry.path()).filter(|path| path.join("package.json").exists()));
            }
        }
    }
    found
}
