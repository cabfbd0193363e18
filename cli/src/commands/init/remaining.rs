//! What remains to be done by hand when a project of Prisma's is taken over, with the file and the line of each.

mod imports;
mod keys;

use std::path::{Path, PathBuf};

use purlin_codegen::typescript::{Decimal, Options};
use purlin_query::Limits;
use purlin_schema::model::{ColumnType, FieldKind, Generator, Scalar};

use self::imports::{import, mock};
use self::keys::{Around, Key};
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
    project::{Loaded, Project},
    terminal,
};

/// Methods of Prisma's client that Purlin does not have yet; `docs/status.md` lists them too.
const METHODS: [&str; 12] = [
    "groupBy",
    "aggregate",
    "createManyAndReturn",
    "updateManyAndReturn",
    "$queryRaw",
    "$queryRawUnsafe",
    "$queryRawTyped",
    "$executeRaw",
    "$executeRawUnsafe",
    "$extends",
    "$on",
    "$use",
];

/// Keys of arguments that Purlin does not have yet, wherever they stand.
const KEYS: [&str; 4] = ["cursor", "distinct", "skipDuplicates", "relationLoadStrategy"];

/// Conditions on Json columns, beside `path`.
const JSON_KEYS: [&str; 6] = [
    "string_contains",
    "string_starts_with",
    "string_ends_with",
    "array_contains",
    "array_starts_with",
    "array_ends_with",
];

/// Options of the client that it refuses, and why.
const OPTIONS: [(&str, &str); 6] = [
    (
        "adapter",
        "the client needs no adapter: write the URL that the adapter has in its place, as in `url: 'file:./dev.db'`",
    ),
    ("log", "the option `log` is not supported yet"),
    ("omit", "the option `omit` of the client is not supported yet: give `omit` to the calls"),
    ("errorFormat", "the option `errorFormat` is not supported yet: remove it"),
    ("accelerateUrl", "the option `accelerateUrl` is not supported: remove it"),
    ("comments", "the option `comments` is not supported: remove it"),
];

/// Operations that have such keys among their arguments.
const OPERATIONS: [&str; 8] = [
    "findMany",
    "findFirst",
    "findFirstOrThrow",
    "findUnique",
    "findUniqueOrThrow",
    "count",
    "createMany",
    "createManyAndReturn",
];

/// Operations whose result is one row, which has methods for its relations in Prisma.
const ONE_ROW: [&str; 8] =
    ["findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "create", "update", "upsert", "delete"];

/// Functions of the namespace that refuse to be called.
const FUNCTIONS: [&str; 6] = ["sql", "join", "raw", "empty", "defineExtension", "getExtensionContext"];

const ENDINGS: [&str; 10] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte"];

/// More than these are not listed one by one.
const MOST: usize = 100;

/// Prints the list, if there is anything on it.
pub(super) fn tell(project: &Project, loaded: &Loaded, folder: Option<&Path>) -> Result<(), Failure> {
    let set = project.settings.client.limits.rows;
    let rows = rows(project);
    let mut items = packages(project, loaded);
    let outputs = outputs(project, loaded);
    items.extend(scripts(project, loaded));
    items.extend(leftovers(&outputs));
    items.extend(in_sources(project, loaded));
    print(folder, &items);
    let of_prisma = loaded.schema.generators.iter().any(|generator| generator.provider.starts_with("prisma-client"));
    if of_prisma && set.is_none() {
        terminal::note(format_args!(
            "calls have limits, other than in Prisma: one that reads more than {rows} rows fails. docs/adopting.md lists those \
             that code written for Prisma meets; [limits] in purlin.toml raises them"
        ));
    }
    Ok(())
}

/// The places in the project's code that need a change, each with its file and line.
pub(crate) fn in_sources(project: &Project, loaded: &Loaded) -> Vec<String> {
    let outputs = outputs(project, loaded);
    let rows = rows(project);
    source::files(&project.root, &ENDINGS)
        .into_iter()
        .flat_map(|source| in_source(&source, loaded, &outputs, rows))
        .collect()
}

/// The limit `rows` of the project.
fn rows(project: &Project) -> u64 {
    project.settings.client.limits.rows.unwrap_or(Limits::default().rows)
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

/// The commands of Prisma that a script runs, such as `migrate deploy`.
fn commands_of_prisma(script: &str) -> Vec<String> {
    const KNOWN: [&str; 7] = ["generate", "migrate", "db", "validate", "format", "init", "studio"];
    let mut found = Vec::new();
    for (at, name) in script.match_indices("prisma ") {
        let is_word = script
            .get(..at)
            .is_some_and(|before| before.is_empty() || before.ends_with([' ', '/', ';', '&', '|', '"', '\'', '(']));
        let rest = script.get(at + name.len()..).unwrap_or_default();
        let rest = rest.split([';', '&', '|', '"', '\'', ')']).next().unwrap_or_default();
        let mut words = rest.split_whitespace();
        let Some(first) = words.next().filter(|first| is_word && KNOWN.contains(first)) else { continue };
        let second = words.next().filter(|second| second.chars().all(char::is_alphabetic));
        let command = match second.filter(|_| ["migrate", "db"].contains(&first)) {
            Some(second) => format!("{first} {second}"),
            None => first.to_owned(),
        };
        if !found.contains(&command) {
            found.push(command);
        }
    }
    found
}

/// Commands of Prisma that Purlin does not have yet.
const ABSENT_COMMANDS: [&str; 3] = ["studio", "db pull", "migrate diff"];

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
        for command in commands_of_prisma(script) {
            let what = format!("{place}: the script `{name}` runs `prisma {command}`");
            items.push(if command == "generate" {
                let why = if overwrites { ", which writes over the generated client" } else { "" };
                format!("{what}{why}: make it `purlin generate`")
            } else if ABSENT_COMMANDS.contains(&command.as_str()) {
                format!("{what}, which is not supported yet: Prisma's own command may go on, since it is a process of its own")
            } else {
                format!("{what}: make it `purlin {command}`")
            });
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

/// Folders and files beside the generated client that Prisma's generator made, and that no file of Purlin's replaces.
fn leftovers(outputs: &[Output]) -> Vec<String> {
    let mut items = Vec::new();
    for output in outputs {
        let folders = ["internal", "models", "runtime"].map(|name| output.folder.join(name));
        let folders = folders.into_iter().filter(|folder| folder.is_dir());
        items.extend(
            folders.map(|folder| format!("{}: Prisma generated this folder: remove it", terminal::path(&folder))),
        );
        let entries = std::fs::read_dir(&output.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.is_file() && !output.writes(path) && is_of_prisma(path)).collect();
        files.sort();
        items.extend(
            files.iter().map(|file| format!("{}: Prisma generated this file: remove it", terminal::path(file))),
        );
    }
    items
}

impl Output {
    /// Returns whether `purlin generate` writes a file of this name.
    fn writes(&self, path: &Path) -> bool {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        path.extension().is_some_and(|ending| ending == "ts") && self.modules.contains(&&*stem)
    }
}

/// Returns whether a file in the folder of a client is one that Prisma's generators write.
fn is_of_prisma(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.contains("query_engine") || name.contains("query_compiler") {
        return true;
    }
    let head = std::fs::read(path).unwrap_or_default();
    let head = String::from_utf8_lossy(head.get(..1024).unwrap_or(&head)).to_lowercase();
    head.contains("generated by prisma") || head.contains("@prisma/client") || head.contains("prisma-client-")
}

fn in_source(source: &Source, loaded: &Loaded, outputs: &[Output], rows: u64) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for module in source.imports() {
        found.extend(import(&module, &source.path, outputs).map(|what| (module.line, what)));
    }
    for module in source.mocks() {
        found.extend(mock(&module, &source.path, outputs).map(|what| (module.line, what)));
    }
    let delegates: Vec<String> = loaded.schema.models.iter().map(|model| delegate(&model.name)).collect();
    let uses_client = source.code.contains("prisma")
        || source.code.contains("Prisma")
        || source.code.contains("driverAdapterError")
        || delegates.iter().any(|delegate| source.code.contains(&format!(".{delegate}.")));
    if uses_client {
        let fields: Vec<String> = delegates.iter().map(|delegate| format!(".{delegate}.fields.")).collect();
        for (number, line) in source.lines() {
            let names = METHODS.into_iter().filter(|name| calls(line, name)).map(str::to_owned);
            let functions = FUNCTIONS.into_iter().filter(|name| names_function(line, name));
            let all = names.chain(functions.map(|name| format!("Prisma.{name}")));
            found.extend(all.map(|name| (number, format!("`{name}` is not supported yet"))));
            found.extend(error_facts(line).map(|what| (number, what)));
            if fields.iter().any(|fields| line.contains(fields)) {
                found.push((number, "references to fields, `fields`, are not supported yet".to_owned()));
            }
        }
        let names = Names::of(loaded);
        let take = |key: &Key<'_>| {
            let number = taken(key).filter(|number| *number > rows)?;
            Some((
                key.line,
                format!("`take: {number}` is more than the limit `rows`, {rows}: see [limits] in docs/limits.md"),
            ))
        };
        let read = keys::read(&source.code);
        found.extend(read.keys.iter().filter_map(|key| names.refusal(key).map(|what| (key.line, what))));
        found.extend(read.keys.iter().filter_map(take));
        for fluent in
            read.fluent.iter().filter(|found| ONE_ROW.contains(&found.call) && names.is_relation(found.method))
        {
            let what = format!(
                "`{}(..).{}()`, the relation of a result, is not supported yet: load it by `include` or `select`",
                fluent.call, fluent.method
            );
            found.push((fluent.line, what));
        }
    }
    found.sort_by_key(|(number, _)| *number);
    found.dedup();
    found.into_iter().map(|(number, what)| format!("{}:{number}: {what}", terminal::path(&source.path))).collect()
}

/// The names of the schema by which arguments are told.
struct Names<'a> {
    relations: Vec<&'a str>,
    json: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn of(loaded: &'a Loaded) -> Self {
        let (mut relations, mut json) = (Vec::new(), Vec::new());
        for field in loaded.schema.models.iter().flat_map(|model| &model.fields) {
            match &field.kind {
                FieldKind::Relation(..) => relations.push(&*field.name),
                FieldKind::Column(column) if column.ty == ColumnType::Scalar(Scalar::Json) => json.push(&*field.name),
                FieldKind::Column(_) => {}
            }
        }
        Self { relations, json }
    }

    fn is_relation(&self, name: &str) -> bool {
        self.relations.contains(&name)
    }

    /// Why a key cannot stay, if so.
    fn refusal(&self, key: &Key<'_>) -> Option<String> {
        let Key { name, value, .. } = *key;
        let outer = key.around.first();
        let in_relation = matches!(outer, Some(Around::Key(outer)) if self.is_relation(outer));
        let in_call = |names: &[&str]| matches!(outer, Some(Around::Call(call)) if names.contains(call));
        if in_call(&["PrismaClient", "PurlinClient"]) {
            return OPTIONS.into_iter().find(|(option, _)| *option == name).map(|(_, what)| what.to_owned());
        }
        let is_missing = match name {
            // A key that is its own value may be anybody's.
            _ if KEYS.contains(&name) => !value.is_empty() || in_relation || in_call(&OPERATIONS),
            _ if JSON_KEYS.contains(&name) => true,
            "path" => matches!(outer, Some(Around::Key(outer)) if self.json.contains(outer)),
            "mode" => value.split([',', '}']).next().is_some_and(|value| value.contains("insensitive")),
            "limit" => in_call(&["updateMany", "updateManyAndReturn", "deleteMany"]),
            _ => false,
        };
        let shown = match name {
            "path" => "`path` of a Json column".to_owned(),
            "mode" => "`mode: 'insensitive'`".to_owned(),
            _ => format!("`{name}`"),
        };
        is_missing.then(|| format!("{shown} is not supported yet"))
    }
}

/// The number of rows that a `findMany` takes, where it is written out.
fn taken(key: &Key<'_>) -> Option<u64> {
    if key.name != "take" || key.around.first() != Some(&Around::Call("findMany")) {
        return None;
    }
    let value = key.value.trim_start_matches('-');
    let end = value.find(|character: char| !character.is_ascii_digit() && character != '_').unwrap_or(value.len());
    value.get(..end)?.replace('_', "").parse().ok()
}

/// The name of a model's property of the client.
fn delegate(model: &str) -> String {
    let mut letters = model.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns whether a line calls a method of this name, or uses it as a tag.
fn calls(line: &str, name: &str) -> bool {
    let called = format!(".{name}");
    line.match_indices(&called).any(|(index, found)| {
        let after = line.get(index + found.len()..).unwrap_or_default();
        after.starts_with(['(', '`', '<'])
    })
}

/// What a line reads of an error that has another form here.
fn error_facts(line: &str) -> impl Iterator<Item = String> {
    let adapter = line.contains("driverAdapterError").then(|| {
        "errors have no `meta.driverAdapterError`: the fields of the key that refused a write are in `meta.target`"
            .to_owned()
    });
    let kinds = ["KnownRequest", "UnknownRequest", "Validation", "Initialization", "RustPanic"];
    let named = kinds.into_iter().filter(move |kind| {
        ['\'', '"', '`'].iter().any(|quote| line.contains(&format!("{quote}PrismaClient{kind}Error{quote}")))
    });
    adapter.into_iter().chain(named.map(|kind| {
        format!(
            "the `name` of this error is `Purlin{kind}Error`: write `error instanceof Prisma.PrismaClient{kind}Error` instead \
             of comparing names"
        )
    }))
}

/// Returns whether a line uses a function of the namespace.
fn names_function(line: &str, name: &str) -> bool {
    line.match_indices(&format!("Prisma.{name}")).any(|(index, found)| {
        let after = line.get(index + found.len()..).unwrap_or_default();
        !after.starts_with(|next: char| next.is_alphanumeric() || next == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_from_other_words() {
        assert!(calls("await prisma.user.groupBy({", "groupBy"));
        assert!(calls("  .$queryRaw<Row[]>`SELECT 1`", "$queryRaw"));
        assert!(!calls("prisma.$queryRawUnsafe(sql)", "$queryRaw"));
        assert!(!calls("groupByUser(x)", "groupBy"));
        assert!(names_function("where: Prisma.sql`a`", "sql") && names_function("${Prisma.empty}", "empty"));
        assert!(!names_function("Prisma.sqlite()", "sql") && !names_function("joined.join(', ')", "join"));
    }

    /// The list must not outlive what it says.
    #[test]
    fn what_is_said_to_be_missing_is_missing_in_the_status() {
        let status = include_str!("../../../../docs/status.md");
        let rows = status.lines().filter(|line| line.starts_with('|'));
        let missing: String =
            rows.filter_map(|row| row.trim_end_matches('|').rsplit_once('|')).map(|(_, last)| last).collect();
        for name in [
            "groupBy",
            "aggregate",
            "createManyAndReturn",
            "updateManyAndReturn",
            "raw SQL",
            "$extends",
            "$on",
            "JSON paths",
            "`mode: 'insensitive'`",
            "field references",
            "`omit` and `errorFormat` of the client",
            "the relation of a result",
            "limit",
            "studio",
            "db pull",
            "migrate diff",
        ] {
            assert!(missing.contains(name), "{name} is not missing any more");
        }
        for name in KEYS {
            assert!(missing.contains(name), "{name} is not missing any more");
        }
    }
}
