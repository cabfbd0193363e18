//! How the code of a project names the file of an import.
//!
//! `'./generated/purlin'` is what bundlers, tsx, Bun and TypeScript's resolution `bundler` find. An ending is needed where Node's
//! own rules hold, and is refused elsewhere: Next.js does not find `index.ts` as `index.js`, and TypeScript takes `index.ts` only
//! where an option allows it. So it is written only where the project says that Node's rules hold.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{imports::without_last_commas, text};
use crate::{
    commands::doctor::{packages, source::without_comments},
    failure::Failure,
    locate, terminal,
};

/// The ending with which an import names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// `'./db'`
    None,
    /// `'./db.js'`, which means `db.ts` to TypeScript's resolution `nodenext`.
    Js,
    /// `'./db.ts'`, which Node runs by itself.
    Ts,
}

/// How the project of the current folder names files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Modules {
    pub(super) ending: Ending,
    /// Whether a script runs TypeScript by plain Node, although TypeScript refuses the imports that Node needs.
    is_torn: bool,
}

impl Ending {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Js => ".js",
            Self::Ts => ".ts",
        }
    }

    /// What an import of the generated client says behind its folder.
    pub(super) fn of_index(self) -> String {
        if self == Self::None { String::new() } else { format!("/index{}", self.text()) }
    }
}

impl Modules {
    pub(super) fn detect(package: &Value) -> Result<Self, Failure> {
        let options = compiler_options()?;
        let allows_ts = ["allowImportingTsExtensions", "rewriteRelativeImportExtensions"]
            .iter()
            .any(|option| options.as_ref().is_some_and(|options| options.get(*option) == Some(&Value::Bool(true))));
        let by_node = is_run_by_node(package);
        let ending = match options.as_ref().and_then(resolution) {
            _ if by_node && (allows_ts || options.is_none()) => Ending::Ts,
            Some(Resolution::Node) if allows_ts => Ending::Ts,
            Some(Resolution::Node) => Ending::Js,
            _ => Ending::None,
        };
        Ok(Self { ending, is_torn: by_node && ending != Ending::Ts })
    }

    /// What is left to do so that others find the client: in a workspace, the applications beside the package of `db`.
    pub(super) fn remaining(self, package: &Value, db: &str) -> Vec<String> {
        let mut items = Vec::new();
        if self.is_torn {
            items.push(format!(
                "tsconfig.json: a script runs TypeScript by plain node, which finds './generated/purlin/index.ts' only: set \
                 allowImportingTsExtensions, and name the file so in {db}"
            ));
        }
        if packages::folders(Path::new("")).len() < 2 || !package.is_object() {
            return items;
        }
        if self.ending == Ending::Js {
            items.push(format!(
                "{db}: imports './generated/purlin/index.js', as the module resolution of tsconfig.json wants it; an \
                 application of Next.js with this package in its transpilePackages does not find that file: see \"The schema in \
                 one package\" in docs/deployment.md"
            ));
        }
        let leads_in = |key: &str| package.get(key).is_some();
        if !["exports", "main", "module"].into_iter().any(leads_in) {
            items.push(format!(
                "package.json: add \"exports\": \"./{db}\" for the other packages of the workspace to import the client; an \
                 application of Next.js also lists this package in its transpilePackages"
            ));
        }
        items
    }
}

/// How TypeScript finds the file of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolution {
    /// As Node does: the file is named, with its ending.
    Node,
    /// As bundlers do.
    Bundler,
}

fn resolution(options: &serde_json::Map<String, Value>) -> Option<Resolution> {
    let of = |key: &str| match options.get(key)?.as_str()?.to_lowercase().as_str() {
        "node16" | "node18" | "node20" | "nodenext" => Some(Resolution::Node),
        "bundler" | "preserve" | "node" | "node10" | "classic" => Some(Resolution::Bundler),
        _ => None,
    };
    of("moduleResolution").or_else(|| of("module"))
}

/// The compiler options of the nearest `tsconfig.json`, up to the root of the workspace, with those that it extends.
fn compiler_options() -> Result<Option<serde_json::Map<String, Value>>, Failure> {
    for folder in packages::folders(Path::new("")) {
        let path = locate::relative(&folder)?.join("tsconfig.json");
        if path.is_file() {
            return Ok(Some(options_of(&path, 0)?));
        }
    }
    Ok(None)
}

fn options_of(path: &Path, depth: usize) -> Result<serde_json::Map<String, Value>, Failure> {
    /// More than a chain of configurations has; a circle ends here.
    const DEEPEST: usize = 8;
    let mut options = serde_json::Map::new();
    let text = text(path)?.unwrap_or_default();
    // One that cannot be read is TypeScript's to complain of.
    let config: Value = serde_json::from_str(&without_last_commas(&without_comments(&text))).unwrap_or_default();
    let extended = match config.get("extends") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    for name in extended.into_iter().filter(|_| depth < DEEPEST) {
        if let Some(base) = extended_file(folder, name)? {
            options.extend(options_of(&base, depth + 1)?);
        }
    }
    options.extend(config.get("compilerOptions").and_then(Value::as_object).cloned().unwrap_or_default());
    if resolution(&options).is_none() && depth < DEEPEST {
        // A solution, which has no files of its own: those of its projects count.
        let references = config.get("references").and_then(Value::as_array);
        let paths = references.into_iter().flatten().filter_map(|one| one.get("path")?.as_str());
        for path in paths.map(|path| folder.join(path)) {
            let file = if path.is_dir() { path.join("tsconfig.json") } else { path };
            let of_project = options_of(&file, depth + 1)?;
            let found = resolution(&of_project);
            // Where one of them names files with their endings, the others understand it.
            if found == Some(Resolution::Node) || (found.is_some() && resolution(&options).is_none()) {
                options.extend(of_project);
            }
        }
    }
    Ok(options)
}

/// The file that `extends` means: a path, or one of an installed package.
fn extended_file(folder: &Path, name: &str) -> Result<Option<PathBuf>, Failure> {
    let candidates = |base: PathBuf| {
        let mut with_ending = base.clone().into_os_string();
        with_ending.push(".json");
        [base.clone(), PathBuf::from(with_ending), base.join("tsconfig.json")].into_iter().find(|path| path.is_file())
    };
    if name.starts_with('.') || Path::new(name).is_absolute() {
        return Ok(candidates(folder.join(name)));
    }
    let above = locate::absolute(folder)?;
    Ok(above.ancestors().find_map(|folder| candidates(folder.join("node_modules").join(name))))
}

/// Returns whether a script of the manifest has Node itself run a TypeScript file, without a loader that finds files
/// otherwise.
fn is_run_by_node(package: &Value) -> bool {
    let scripts = package.get("scripts").and_then(Value::as_object);
    let scripts = scripts.into_iter().flat_map(|scripts| scripts.values()).filter_map(Value::as_str);
    let mut commands = scripts.flat_map(|script| script.split(['&', '|', ';']));
    commands.any(|command| {
        // Variables may stand before the program.
        let mut words = command.split_whitespace().skip_while(|word| word.contains('='));
        let is_node = words.next() == Some("node");
        let words: Vec<&str> = words.collect();
        let loads = |word: &&str| {
            ["--import", "--loader", "--experimental-loader", "--require", "-r"]
                .iter()
                .any(|option| word.starts_with(option))
        };
        let is_typescript = |word: &&str| [".ts", ".mts"].iter().any(|ending| word.ends_with(ending));
        is_node && words.iter().any(is_typescript) && !words.iter().any(loads)
    })
}

/// Tells what a workspace has already: at its root, that a package may be meant, unless the schema `is_named`; in a package,
/// the schemas of the others.
pub(super) fn tell_of_workspace(package: &Value, is_named: bool) -> Result<(), Failure> {
    let folders = packages::folders(Path::new(""));
    let is_root = package.get("workspaces").is_some() || Path::new("pnpm-workspace.yaml").exists();
    if !is_root && folders.len() < 2 {
        return Ok(());
    }
    let top = folders.last().map(|top| locate::relative(top)).transpose()?.unwrap_or_default();
    let schemas = locate::schemas_below(&top);
    if !schemas.is_empty() {
        let list: Vec<String> = schemas.iter().map(|schema| terminal::path(schema)).collect();
        terminal::note(format_args!(
            "the workspace has a schema already, {}: this begins another one, with a database and a client of its own",
            list.join(", ")
        ));
    }
    if is_root && !is_named {
        terminal::note(
            "this folder is the root of a workspace, and becomes a project itself: to set up one of its packages instead, name \
             its folder, as in `purlin init packages/db`",
        );
    }
    Ok(())
}
