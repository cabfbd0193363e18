//! Where generated clients are compiled: under `target/conformance/`, a Cargo workspace with a crate a schema, and a
//! TypeScript project a schema. What they stand on is built first, so that a check's time is that of the client.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use purlin_codegen::GeneratedFile;

use crate::process::Group;
use crate::steps::Steps;
use crate::{Result, checkout, package};

/// Longer than any check takes on a slow machine.
const LIMIT: Duration = Duration::from_secs(15 * 60);

pub(super) struct Scratch {
    rust: PathBuf,
    typescript: PathBuf,
}

impl Scratch {
    /// Lays out the projects for schemas of these names.
    pub(super) fn new(steps: &mut Steps, names: &[&str]) -> Result<Self> {
        let top = checkout::path("target/conformance");
        let scratch = Self { rust: top.join("rust"), typescript: top.join("typescript") };
        // Crates of an earlier corpus would be members of no workspace.
        for folder in [&scratch.rust, &scratch.typescript] {
            let _ = fs::remove_dir_all(folder);
        }
        scratch.write_crates(names)?;
        let mut cargo = scratch.cargo();
        steps.run("check what the Rust clients stand on", cargo.args(["--package", BASE]))?;

        let package = checkout::path("node/package");
        package::install(steps, "install the package's development tools", &package)?;
        let mut npm = Command::new("npm");
        steps.run("build the TypeScript runtime", npm.args(["run", "build"]).current_dir(&package))?;
        Ok(scratch)
    }

    /// `cargo check` of a generated Rust client, which must not even give warnings.
    pub(super) fn check_rust(&self, name: &str, files: &[GeneratedFile], log: &Path) -> Result {
        let source = self.rust.join(crate_name(name)).join("src");
        write_all(&source, files)?;
        write(&source.join("lib.rs"), "//! A generated client.\n\npub mod db;\n")?;
        Group::start(self.cargo().args(["--offline", "--package", &crate_name(name)]), log)?.wait(LIMIT)
    }

    /// `tsc --noEmit --strict` of a generated TypeScript client.
    pub(super) fn check_typescript(&self, name: &str, files: &[GeneratedFile], log: &Path) -> Result {
        let folder = self.typescript.join(name);
        write_all(&folder.join("client"), files)?;
        write(&folder.join("package.json"), "{ \"type\": \"module\" }\n")?;
        let package = checkout::path("node/package");
        let settings = serde_json::json!({
            "compilerOptions": {
                "target": "ES2022",
                "lib": ["ES2023"],
                "module": "nodenext",
                "moduleResolution": "nodenext",
                "noEmit": true,
                "strict": true,
                "isolatedModules": true,
                "skipLibCheck": true,
                "paths": { "purlin": [package.join("dist/index.d.mts")] },
                "typeRoots": [package.join("node_modules/@types")],
                "types": ["node"],
            },
            "include": ["client"],
        });
        write(&folder.join("tsconfig.json"), &settings.to_string())?;
        let mut tsc = Command::new("node");
        tsc.arg(package.join("node_modules/typescript/bin/tsc")).args(["--pretty", "false", "--project"]).arg(&folder);
        Group::start(&mut tsc, log)?.wait(LIMIT)
    }

    fn write_crates(&self, names: &[&str]) -> Result {
        let crates: Vec<String> = names.iter().map(|name| crate_name(name)).chain([BASE.to_owned()]).collect();
        let client = checkout::path("client");
        let workspace = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {crates:?}\n\n\
             [workspace.dependencies]\npurlin = {{ path = {client:?} }}\n\n\
             [workspace.lints.rust]\nwarnings = \"deny\"\n"
        );
        write(&self.rust.join("Cargo.toml"), &workspace)?;
        // The versions of the checkout, which are on this machine already.
        let lock = checkout::path("Cargo.lock");
        fs::copy(&lock, self.rust.join("Cargo.lock")).map_err(|error| format!("cannot copy the lock file: {error}"))?;
        for name in &crates {
            let manifest = format!(
                "[package]\nname = {name:?}\nedition = \"2024\"\n\n\
                 [lints]\nworkspace = true\n\n[dependencies]\npurlin.workspace = true\n"
            );
            write(&self.rust.join(name).join("Cargo.toml"), &manifest)?;
            write(&self.rust.join(name).join("src/lib.rs"), "")?;
        }
        Ok(())
    }

    fn cargo(&self) -> Command {
        let mut cargo = checkout::cargo();
        cargo.args(["check", "--quiet", "--color", "never"]).current_dir(&self.rust);
        // What an earlier run has kept would make this one look quick.
        cargo.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", checkout::cargo_target().join("conformance"));
        cargo
    }
}

/// A crate without a client.
const BASE: &str = "conformance-base";

fn crate_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    format!("conformance-of-{}", name.chars().map(plain).collect::<String>())
}

fn write_all(folder: &Path, files: &[GeneratedFile]) -> Result {
    files.iter().try_for_each(|file| write(&folder.join(&file.path), &file.text))
}

fn write(path: &Path, text: &str) -> Result {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}
