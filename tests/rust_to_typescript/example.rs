//! A renamed field breaks the type check of the page that shows what the example with axum returns.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use purlin_tests::tsc;

/// The example, copied to a workspace of its own. Its dependencies are compiled once for ours.
struct Example {
    workspace: PathBuf,
    folder: PathBuf,
    /// The place is the same each time, so that no run leaves a build behind, and one run has it at a time.
    _lock: File,
}

/// The package of the copy: its program must not take the place of the example's own.
const PACKAGE: &str = "renamed-blog";

impl Example {
    fn new() -> Self {
        let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("renamed-example");
        fs::create_dir_all(&workspace).expect("the folder of the build takes a workspace");
        let lock = File::create(workspace.join("lock")).expect("it takes a file");
        lock.lock().expect("files can be locked");
        let example = Self { folder: workspace.join("axum-blog"), workspace, _lock: lock };
        // What a run left that was interrupted.
        let _ = fs::remove_dir_all(&example.folder);
        let examples = root().join("examples");
        copy(&examples.join("axum-blog"), &example.folder);
        example.rename("Cargo.toml", "name = \"axum-blog\"", &format!("name = \"{PACKAGE}\""));
        example.rename("Cargo.toml", "[dependencies]", "[lib]\nname = \"axum_blog\"\n\n[dependencies]");
        // Both blogs wear it.
        let style = "next-blog/src/app/globals.css";
        write(&example.workspace.join(style), &read(&examples.join(style)));
        write(&example.workspace.join("Cargo.toml"), &manifest());
        write(&example.workspace.join("Cargo.lock"), &read(&root().join("Cargo.lock")));
        example
    }

    /// Replaces a word in the files of a folder, or in one file.
    fn rename(&self, place: &str, from: &str, to: &str) {
        let mut found = false;
        for file in files(&self.folder.join(place)) {
            let text = read(&file);
            found |= text.contains(from);
            write(&file, &text.replace(from, to));
        }
        assert!(found, "{place} has `{from}`");
    }

    /// Runs Cargo for a package of a workspace, in the folder of the example.
    fn cargo(&self, workspace: &Path, package: &str, argument: &str) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--offline", "--package", package, "--manifest-path"]);
        cargo.arg(workspace.join("Cargo.toml")).args(["--", argument]).current_dir(&self.folder);
        let target = env::current_exe().ok().and_then(|test| Some(test.parent()?.parent()?.parent()?.to_owned()));
        if let Some(target) = target {
            cargo.env("CARGO_TARGET_DIR", target);
        }
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "{package} {argument}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// What the TypeScript compiler says of the page.
    fn errors(&self) -> String {
        tsc::errors(&self.folder.join("web"))
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // The next run begins with the same.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_renamed_field_breaks_the_page_in_the_browser() {
    let example = Example::new();
    assert_eq!(example.errors(), "", "the page compiles");

    // As whoever renames it would do: in the schema, and where rustc then says so.
    example.rename("prisma/schema.prisma", "title     String", "headline  String");
    example.cargo(root(), "purlin-cli", "generate");
    example.rename("src", "title", "headline");
    example.cargo(&example.workspace, PACKAGE, "types");
    let errors = example.errors();
    assert!(
        errors.contains("authors.ts(") && errors.contains("Property 'title' does not exist on type 'PostCard'"),
        "{errors}"
    );
    assert_eq!(errors.matches("error TS").count(), 1, "{errors}");

    example.rename("web/authors.ts", "latest.title", "latest.headline");
    assert_eq!(example.errors(), "", "the page follows the schema");
}

/// Our workspace with the example as its only member: with its profile, so that what it compiled serves here too.
fn manifest() -> String {
    let mut text = String::new();
    for line in read(&root().join("Cargo.toml")).lines() {
        if line.starts_with("members = ") {
            text.push_str("members = [\"axum-blog\"]");
        } else if !line.starts_with("exclude = ") {
            text.push_str(&line.replace("path = \"", &format!("path = \"{}/", root().display())));
        }
        text.push('\n');
    }
    text
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let place = file.strip_prefix(from).expect("it is in the folder");
        write(&to.join(place), &read(&file));
    }
}

/// The files of text in a folder and those below it, or the one file.
fn files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        let is_text = |ending| ["rs", "toml", "prisma", "ts", "json"].iter().any(|text| ending == *text);
        return place.extension().is_some_and(is_text).then(|| place.to_owned()).into_iter().collect();
    }
    let entries = fs::read_dir(place).expect("the folder is there");
    entries.flat_map(|entry| files(&entry.expect("it is listed").path())).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the files of the example can be read")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the workspace takes folders");
    fs::write(path, text).expect("the workspace takes files");
}

fn root() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests)
}
