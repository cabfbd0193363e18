//! The folders of the checkout, and where Cargo builds.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The top of the checkout. Asked at run time first, because two checkouts may share one binary in a common target.
pub(crate) fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&xtask).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A folder or file of the checkout.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// The path as a reader of the terminal wants it: from the top of the checkout.
pub(crate) fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Where Cargo puts what it builds. A cache outside the checkout makes the second clone quick: the dependencies are
/// there already, while the crates of the workspace, known by their path, stay apart.
pub(crate) fn cargo_target() -> PathBuf {
    if let Some(chosen) = std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        return root().join(chosen);
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    match cache.map(|cache| cache.join("purlin/target")) {
        Some(target) if fs::create_dir_all(&target).is_ok() => target,
        _ => path("target"),
    }
}

/// The Cargo that runs this command, building into [`cargo_target`].
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.current_dir(root()).env("CARGO_TARGET_DIR", cargo_target());
    cargo
}

/// The files of a folder and those below it, in order, without what other tools have put there.
pub(crate) fn files(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if !FOREIGN.iter().any(|foreign| entry.file_name() == *foreign) {
                    open.push(path);
                }
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

const FOREIGN: [&str; 4] = ["node_modules", "target", ".next", ".git"];
