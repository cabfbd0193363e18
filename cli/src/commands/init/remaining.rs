//! What remains to be done by hand when a project of Prisma's is taken over, with the file and the line of each.

use std::path::{Path, PathBuf};

use purlin_codegen::typescript::{Decimal, Options};
use purlin_schema::model::{ColumnType, FieldKind, Generator, Scalar};

use crate::{
    commands::{
        doctor::{
            packages,
            source::{self, Source},
        },
        generate,
    },
    failure::Failure,
    locate,
    project::{Loaded, Project, tidy},
    terminal,
};

/// Methods of Prisma's client that Purlin does not have yet; `docs/status.md` lists them too.
const METHODS: [&str; 12] = [
    "upsert",
    "groupBy",
    "aggregate",
    "createManyAndReturn",
    "updateManyAndReturn",
    "$queryRaw",
    "$queryRawUnsafe",
    "$executeRaw",
    "$executeRawUnsafe",
    "$extends",
    "$on",
    "$use",
];

/// Keys of arguments that Purlin does not have yet.
const KEYS: [&str; 6] = ["cursor", "distinct", "connectOrCreate", "disconnect", "skipDuplicates", "set"];

const ENDINGS: [&str; 10] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte"];

/// More than these are not listed one by one.
const MOST: usize = 100;

/// Prints the list, if there is anything on it.
pub(super) fn tell(project: &Project, loaded: &Loaded, folder: Option<&Path>) -> Result<(), Failure> {
    let mut items = packages(project, loaded);
    let outputs = outputs(project, loaded);
    items.extend(scripts(project, loaded));
    items.extend(leftovers(&outputs));
    for source in source::files(&project.root, &ENDINGS) {
        items.extend(in_source(&source, loaded, &outputs));
    }
    print(folder, &items);
    Ok(())
}

/// Prints what is left to do, in the folder that was named.
pub(super) fn print(folder: Option<&Path>, items: &[String]) {
    if items.is_empty() {
        return;
    }
    terminal::line("");
    terminal::line(match folder {
        Some(folder) => format!("Left to do by hand in {}:", folder.display()),
        None => "Left to do by hand:".to_owned(),
    });
    items.iter().take(MOST).for_each(|item| terminal::line(format_args!("  {item}")));
    if items.len() > MOST {
        terminal::line(format_args!("  and {} more of these", items.len() - MOST));
    }
}

/// The packages to install.
fn packages(project: &Project, loaded: &Loaded) -> Vec<String> {
    let mut items = Vec::new();
    let clients: Vec<Options> = loaded
        .schema
        .generators
        .iter()
        .filter(|generator| generate::is_typescript(generator))
        .filter_map(|generator| generate::typescript_options(generator).ok())
        .collect();
    if clients.is_empty() {
        return items;
    }
    items.extend(to_install(&project.root, "purlin", "the engine of the client"));
    let is_decimal = |kind: &FieldKind| matches!(kind, FieldKind::Column(column) if column.ty == ColumnType::Scalar(Scalar::Decimal));
    let decimals = loaded.schema.models.iter().flat_map(|model| &model.fields).any(|field| is_decimal(&field.kind));
    if decimals && clients.iter().any(|options| options.decimal == Decimal::DecimalJs) {
        items.extend(to_install(&project.root, "decimal.js", "what a Decimal is in the generated client"));
    }
    items
}

/// What to say where a package is missing in the manifests, or is not installed.
pub(super) fn to_install(root: &Path, package: &str, why: &str) -> Option<String> {
    let listed = packages::manifests(root).iter().any(|manifest| manifest.wants(package).is_some());
    if listed || packages::installed(root, package).is_some() {
        return None;
    }
    let (argument, more) = source_of(package);
    Some(format!("{}: npm install {argument}    ({why}{more})", terminal::path(&root.join("package.json"))))
}

/// What npm is to be told to install a package, and what else there is to say of it.
pub(super) fn source_of(package: &str) -> (String, &'static str) {
    if package != "purlin" {
        return (package.to_owned(), "");
    }
    let file = format!("purlin-{}.tgz", env!("CARGO_PKG_VERSION"));
    // Where `cargo xtask package` puts it, beside the folder of this command.
    let built = std::env::current_exe().ok().and_then(|command| {
        let built = command.parent()?.parent()?.join("npm").join(&file);
        built.is_file().then(|| locate::relative(&built).unwrap_or(built))
    });
    // A path without a step in it would be the name of a package on GitHub.
    let dotted = |path: PathBuf| {
        let is_dotted = path.is_absolute() || path.starts_with("..");
        if is_dotted { path.display().to_string() } else { format!("./{}", path.display()) }
    };
    let argument = built.map_or_else(|| format!("../purlin/target/npm/{file}"), dotted);
    (argument, "; it is not on npm yet: `cargo xtask package` in a checkout of Purlin builds this file")
}

/// Scripts of the manifest that run Prisma's command.
fn scripts(project: &Project, loaded: &Loaded) -> Vec<String> {
    // Without an output, Prisma writes into node_modules.
    let into_the_tree = |generator: &Generator| generator.provider.starts_with("prisma-") && generator.output.is_some();
    let overwrites = loaded.schema.generators.iter().any(into_the_tree);
    let path = project.root.join("package.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return Vec::new() };
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let Some(scripts) = parsed.get("scripts").and_then(serde_json::Value::as_object) else { return Vec::new() };
    let mut items = Vec::new();
    for (name, script) in scripts {
        let script = script.as_str().unwrap_or_default();
        let line = text.lines().position(|line| line.contains(&format!("\"{name}\"")) && line.contains(':'));
        let place = format!("{}:{}", terminal::path(&path), line.unwrap_or_default() + 1);
        let runs = |command: &str| script.contains(&format!("prisma {command}"));
        if runs("generate") {
            let why = if overwrites { ", which writes over the generated client" } else { "" };
            items.push(format!("{place}: the script `{name}` runs `prisma generate`{why}: make it `purlin generate`"));
        } else if runs("migrate") || runs("db ") {
            items.push(format!("{place}: the script `{name}` runs Prisma's command: make it `purlin`"));
        }
    }
    items
}

/// A folder that a client is generated into.
struct Output {
    folder: PathBuf,
    /// The modules that code may import from it.
    modules: &'static [&'static str],
}

fn outputs(project: &Project, loaded: &Loaded) -> Vec<Output> {
    let generators = loaded.schema.generators.iter().filter(|generator| generate::is_typescript(generator));
    generators
        .map(|generator| Output {
            folder: generate::output(project, loaded, generator).0,
            modules: if generator.provider == "prisma-client" {
                &["", "index", "models", "browser", "client", "enums"]
            } else {
                &["", "index", "models", "browser"]
            },
        })
        .collect()
}

/// Folders beside the generated client that Prisma's generator made.
fn leftovers(outputs: &[Output]) -> Vec<String> {
    let made = outputs.iter().flat_map(|output| ["internal", "models", "runtime"].map(|name| output.folder.join(name)));
    made.filter(|folder| folder.is_dir())
        .map(|folder| format!("{}: Prisma generated this folder: remove it", terminal::path(&folder)))
        .collect()
}

fn in_source(source: &Source, loaded: &Loaded, outputs: &[Output]) -> Vec<String> {
    let mut items = Vec::new();
    let uses_client = source.code.contains("prisma") || source.code.contains("Prisma") || {
        let mut models = loaded.schema.models.iter().map(|model| delegate(&model.name));
        models.any(|delegate| source.code.contains(&format!(".{delegate}.")))
    };
    // How many brackets of the arguments of `new PrismaClient(` are open.
    let mut open = 0usize;
    for (number, line) in source.lines() {
        let mut add = |what: String| items.push(format!("{}:{number}: {what}", terminal::path(&source.path)));
        for text in imported(line) {
            if let Some(what) = import(text, &source.path, outputs) {
                add(what);
            }
        }
        if !uses_client {
            continue;
        }
        for name in METHODS.into_iter().filter(|name| calls(line, name)) {
            add(format!("`{name}` is not supported yet"));
        }
        for name in KEYS.into_iter().filter(|name| has_key(line, name)) {
            add(format!("`{name}` is not supported yet"));
        }
        let arguments = match line.split_once("new PrismaClient(") {
            Some((_, rest)) => {
                open = 1;
                rest
            }
            None if open > 0 => line,
            None => continue,
        };
        for character in arguments.chars() {
            open = match character {
                '(' => open + 1,
                ')' => open.saturating_sub(1),
                _ => open,
            };
        }
        if has_word(arguments, "adapter") {
            add("the client needs no adapter: remove the option `adapter`".to_owned());
        }
        if has_word(arguments, "log") {
            add("the option `log` is not supported yet".to_owned());
        }
    }
    items
}

/// The modules that a line imports.
fn imported(line: &str) -> impl Iterator<Item = &str> {
    let imports = ["import", "from", "require(", "export"].iter().any(|word| line.contains(word));
    Source::strings(line).filter(move |_| imports)
}

/// What to do about an import.
fn import(text: &str, file: &Path, outputs: &[Output]) -> Option<String> {
    if text.starts_with("@prisma/adapter-") {
        return Some(format!("the client needs no adapter: remove the import of `{text}`"));
    }
    let output = outputs.first()?;
    if text == "@prisma/client" || text.starts_with("@prisma/client/") || text.starts_with(".prisma/client") {
        let from = locate::absolute(file.parent().unwrap_or(Path::new(""))).ok()?;
        let way = locate::between(&from, &locate::absolute(&output.folder).ok()?).display().to_string();
        let way = if way.starts_with('.') { way } else { format!("./{way}") };
        return Some(format!("import from '{way}' instead of '{text}'"));
    }
    if !text.starts_with('.') {
        return None;
    }
    let target = tidy(&file.parent().unwrap_or(Path::new("")).join(text));
    let output = outputs.iter().find(|output| target.starts_with(&output.folder))?;
    let module = target.strip_prefix(&output.folder).ok()?.to_string_lossy().into_owned();
    let module =
        [".js", ".ts", ".mjs", ".mts"].iter().find_map(|ending| module.strip_suffix(ending)).unwrap_or(&module);
    if output.modules.contains(&module) {
        return None;
    }
    Some(format!("the generated client has no module `{module}`: import from its `index`"))
}

/// The name of a model's property of the client.
fn delegate(model: &str) -> String {
    let mut letters = model.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether a line calls a method of this name, or uses it as a tag.
fn calls(line: &str, name: &str) -> bool {
    let called = format!(".{name}");
    line.match_indices(&called).any(|(index, found)| {
        let after = line.get(index + found.len()..).unwrap_or_default();
        after.starts_with(['(', '`', '<'])
    })
}

/// Whether a line has a key of this name. Of `set` only that with a list: others set a column.
fn has_key(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(index, found)| {
        let before = line.get(..index).unwrap_or_default().trim_end();
        let after = line.get(index + found.len()..).unwrap_or_default().trim_start();
        let stands_alone = before.is_empty() || before.ends_with(['{', ',', '(']);
        let value = after.strip_prefix(':').map(str::trim_start);
        stands_alone && value.is_some_and(|value| name != "set" || value.starts_with('['))
    })
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|character: char| !character.is_alphanumeric() && character != '_').any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_keys_are_told_from_other_words() {
        assert!(calls("await prisma.user.upsert({", "upsert"));
        assert!(calls("  .$queryRaw<Row[]>`SELECT 1`", "$queryRaw"));
        assert!(!calls("prisma.$queryRawUnsafe(sql)", "$queryRaw"));
        assert!(!calls("upsertUser(x)", "upsert"));
        assert!(has_key("  cursor: { id },", "cursor") && has_key("{ take: 1, distinct: ['a'] }", "distinct"));
        assert!(has_key("tags: { set: [] }", "set") && !has_key("name: { set: 'x' }", "set"));
        assert!(!has_key("style={{ pointerCursor: 1 }}", "cursor") && !has_key("case cursor:x", "distinct"));
    }

    /// The list must not outlive what it says.
    #[test]
    fn what_is_said_to_be_missing_is_missing_in_the_status() {
        let status = include_str!("../../../../docs/status.md");
        let rows = status.lines().filter(|line| line.starts_with('|'));
        let missing: String =
            rows.filter_map(|row| row.trim_end_matches('|').rsplit_once('|')).map(|(_, last)| last).collect();
        for name in [
            "upsert",
            "groupBy",
            "aggregate",
            "createManyAndReturn",
            "updateManyAndReturn",
            "raw SQL",
            "$extends",
            "$on",
        ] {
            assert!(missing.contains(name), "{name} is not missing any more");
        }
        for name in KEYS {
            assert!(missing.contains(name), "{name} is not missing any more");
        }
    }
}
