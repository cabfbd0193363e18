//! The TypeScript compiler, for tests of Rust that write types for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Type-checks the project in a folder, with its `tsconfig.json`. Returns what the compiler found: nothing where all is well.
///
/// # Panics
///
/// When Node.js or the compiler cannot be had: the message says how to get it.
pub fn errors(project: &Path) -> String {
    let mut node = Command::new("node");
    node.arg(compiler()).args(["--project", ".", "--noEmit", "--pretty", "false"]).current_dir(project);
    let Ok(output) = node.output() else { panic!("`node` cannot be run: install Node.js 20 or a later version") };
    let text = text(&output);
    assert_eq!(output.status.success(), text.is_empty(), "the compiler fails where it finds something: {text}");
    text
}

/// The compiler of the npm package's development tools, which are installed if they are not there.
fn compiler() -> &'static Path {
    static COMPILER: OnceLock<PathBuf> = OnceLock::new();
    COMPILER.get_or_init(|| {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node/package");
        let compiler = package.join("node_modules/typescript/bin/tsc");
        if !compiler.exists() {
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&package);
            let installed = npm.output().unwrap_or_else(|_| panic!("`npm` cannot be run: install Node.js"));
            assert!(compiler.exists(), "npm install in node/package: {}", text(&installed));
        }
        compiler
    })
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
