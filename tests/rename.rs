//! A renamed field breaks the build of the Rust component that shows it. `typescript/rename.test.mjs` says the same of
//! the React component beside it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The project of `rename/`, copied to a folder of its own. Its dependencies are compiled once for the workspace.
struct Project {
    folder: PathBuf,
}

impl Project {
    fn new() -> Self {
        let folder = env::temp_dir().join(format!("purlin-rename-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).expect("the folder for temporary files takes a project");
        let project = Self { folder };
        for file in ["schema.prisma", "src/lib.rs"] {
            project.write(file, &read(&tests().join("rename").join(file)));
        }
        project.write("Cargo.toml", &manifest());
        project.write("Cargo.lock", &read(&root().join("Cargo.lock")));
        project
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.join(file), text).expect("the project takes files");
    }

    fn rename(&self, from: &str, to: &str) {
        let schema = read(&self.folder.join("schema.prisma"));
        assert!(schema.contains(from), "the schema has `{from}`");
        self.write("schema.prisma", &schema.replace(from, to));
    }

    /// `purlin generate`.
    fn generate(&self) {
        let manifest = root().join("Cargo.toml");
        let mut purlin = cargo();
        purlin.args(["run", "--quiet", "--offline", "--package", "purlin-cli", "--manifest-path"]).arg(manifest);
        purlin.args(["--", "generate"]).current_dir(&self.folder);
        let output = purlin.output().expect("cargo runs");
        assert!(output.status.success(), "purlin generate: {}", text(&output));
    }

    /// `cargo check`.
    fn check(&self) -> Output {
        let mut check = cargo();
        check.args(["check", "--offline", "--color", "never"]).current_dir(&self.folder);
        check.output().expect("cargo runs")
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // It is in the folder for temporary files: the system removes what is left.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_renamed_field_breaks_the_rust_component_that_shows_it() {
    let project = Project::new();
    project.generate();
    let before = project.check();
    assert!(before.status.success(), "the component compiles: {}", text(&before));

    project.rename("title    String", "headline String");
    project.generate();
    let after = project.check();
    let errors = text(&after);
    assert!(!after.status.success(), "the component still asks for `title`");
    assert!(errors.contains("no field `title` on type `PostFields`"), "the error names the field: {errors}");
    assert!(errors.contains("src/lib.rs:11"), "the error points into the fragment: {errors}");
    assert!(errors.contains("`headline`"), "the error lists the field that there is: {errors}");

    let component = read(&project.folder.join("src/lib.rs"));
    project.write("src/lib.rs", &component.replace("title", "headline"));
    let mended = project.check();
    assert!(mended.status.success(), "the component follows the schema: {}", text(&mended));
}

/// With the profile of the workspace, so that what it compiled serves here too.
fn manifest() -> String {
    let client = root().join("client");
    format!(
        r#"[package]
name = "rename"
version = "0.1.0"
edition = "2024"

[dependencies]
purlin = {{ path = {client:?} }}

[workspace]

[profile.dev]
debug = "line-tables-only"

[profile.dev.package."*"]
debug = false

[profile.dev.package.libsqlite3-sys]
opt-level = 2
"#
    )
}

/// Cargo, building where this test was built.
fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    let target = env::current_exe().ok().and_then(|test| Some(test.parent()?.parent()?.parent()?.to_owned()));
    if let Some(target) = target {
        cargo.env("CARGO_TARGET_DIR", target);
    }
    cargo
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the files of the project can be read")
}

fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn root() -> &'static Path {
    tests().parent().unwrap_or(tests())
}
