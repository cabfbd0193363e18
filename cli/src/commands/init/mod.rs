//! `purlin init`

mod imports;
mod modules;
pub(crate) mod remaining;

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Component, Path, PathBuf},
    process::ExitCode,
};

use purlin_migrate::sqlite::OtherForms;
use purlin_schema::model::{ConfigValue, Generator, Provider};

use serde_json::Value;

use self::modules::Modules;
use super::doctor::{forms, sqlite_libraries};
use crate::{
    args::{ClientName, Global, Init, ProviderName},
    database::unsupported,
    failure::Failure,
    input, locate,
    project::{Loaded, Project},
    schema_files::read_schema,
    terminal,
    typed::{self, word},
};

/// What is being set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ProjectKind {
    rust: bool,
    typescript: bool,
    /// Next.js, which renders on the server and bundles what it finds.
    next: bool,
    modules: Modules,
    /// The folder of the code: `src/`, or nothing where Next.js has its folders beside package.json.
    code: &'static str,
}

const SCHEMA: &str = "prisma/schema.prisma";
const VARIABLE: &str = "DATABASE_URL";
const URL: &str = "file:./dev.db";

pub(crate) fn run(mut global: Global, what: Init) -> Result<ExitCode, Failure> {
    if let Some(path) = &what.path {
        for typed in [&mut global.schema, &mut global.config].into_iter().flatten() {
            *typed = locate::absolute(typed)?;
        }
        fs::create_dir_all(path).map_err(|error| Failure::file("create", path, &error))?;
        std::env::set_current_dir(path).map_err(|error| Failure::file("enter", path, &error))?;
        terminal::about(format_args!("In {}:", path.display()));
    }
    typed::from_here(&global)?.without_url().remember();
    let project = Project::open_here(global)?;
    match project.named_schema() {
        Some(path) if path.exists() => adopt(&project, &path, elsewhere(&what)),
        Some(path) => begin(&project, &path, &what),
        None => {
            // A setting that cannot be told may lead to a schema that is there.
            project.settings.check("schema", "schema = \"prisma/schema.prisma\"")?;
            check_is_first(what.path.as_deref())?;
            begin(&project, Path::new(SCHEMA), &what)
        }
    }
}

/// The folder that was named, where it is not the one in which the next commands are typed.
fn elsewhere(what: &Init) -> Option<&Path> {
    what.path.as_deref().filter(|path| path.components().any(|step| step != Component::CurDir))
}

/// Refuses to begin a project in a folder that has schemas below it: it would be a second one, with a database of its own,
/// beside the one that was meant.
fn check_is_first(folder: Option<&Path>) -> Result<(), Failure> {
    let schemas = locate::schemas_below(Path::new(""));
    if schemas.is_empty() {
        return Ok(());
    }
    // As they are seen from where the command was typed.
    let from_here = |path: &Path| word(&folder.unwrap_or(Path::new("")).join(path).display().to_string());
    let in_folder = folder.map_or(String::new(), |folder| format!(" {}", word(&folder.display().to_string())));
    let mut commands: Vec<String> = Vec::new();
    for schema in &schemas {
        let command = match locate::project_below(schema)? {
            Some(project) => format!("`purlin init {}`", from_here(&project)),
            None => format!("`purlin init --schema {}{in_folder}`", from_here(schema)),
        };
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    let list: Vec<String> = schemas.iter().map(|schema| terminal::path(schema)).collect();
    Err(Failure::no(format!("there is a schema below this folder already: {}", list.join(", "))).with_remedy(format!(
        "set up its project by {}; to begin another project in this folder, name the place of its schema: \
         `purlin init --schema {}{in_folder}`",
        commands.join(" or "),
        from_here(Path::new(SCHEMA))
    )))
}

/// Writes the files of a new project.
fn begin(project: &Project, path: &Path, what: &Init) -> Result<ExitCode, Failure> {
    let mut kind = detect()?;
    match what.client {
        Some(client) => {
            kind.typescript = client == ClientName::Typescript;
            kind.rust = client == ClientName::Rust;
        }
        // An empty folder: the client can be changed in the schema.
        None => kind.typescript |= !kind.rust,
    }
    let package = manifest()?;
    if package.is_null() && Path::new("package.json").exists() {
        terminal::warning(
            "package.json is not valid JSON, and says nothing of the project to this command: correct it",
        );
    }
    modules::tell_of_workspace(&package, project.global.schema.is_some())?;
    create(path, &schema(kind, path, what.provider)?)?;
    let example = match what.provider {
        ProviderName::Sqlite => URL,
        ProviderName::Postgres => "postgresql://user:password@localhost:5432/app",
        ProviderName::Mysql => "mysql://user:password@localhost:3306/app",
    };
    variable(VARIABLE, project.global.url.as_deref().unwrap_or(example))?;
    if kind.typescript {
        typescript(kind)?;
    }
    let packages = kind.typescript.then(|| "node_modules".to_owned());
    let database = match what.provider {
        ProviderName::Sqlite => {
            let url = project.global.url.clone().or_else(|| project.environment().get(VARIABLE));
            files_of_database(&url.unwrap_or_else(|| URL.to_owned()))
        }
        ProviderName::Postgres | ProviderName::Mysql => Vec::new(),
    };
    ignore([".env".to_owned()].into_iter().chain(database).chain(packages))?;
    let (schema, _) = purlin_schema::parse(&read_schema(path)?);
    if let Some(message) = unsupported(&schema) {
        terminal::warning(message);
    }
    terminal::line("");
    terminal::line("Next:");
    let folder = elsewhere(what);
    steps(folder, Some(&format!("describe your data in {}", terminal::path(path))));
    if kind.typescript {
        imports::tell(kind)?;
    }
    if kind.typescript {
        let mut items = Vec::new();
        if Path::new("package.json").exists() {
            items.extend(remaining::to_install(&project.root, "purlin", "the engine of the client"));
            if kind.next {
                let why = format!("it keeps {} out of the browser", kind.db());
                items.extend(remaining::to_install(&project.root, "server-only", &why));
            }
        } else {
            let enter =
                folder.map(|folder| format!("cd {} && ", word(&folder.display().to_string()))).unwrap_or_default();
            let (package, more) = remaining::source_of("purlin");
            items.push(format!("{enter}npm init -y && npm install {package}    (the engine of the client{more})"));
        }
        items.extend(kind.modules.remaining(&package, &kind.db()));
        remaining::print(folder, &items);
    }
    if kind.next {
        next()?;
    }
    if kind.rust {
        rust()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the commands that make the database and the client.
fn steps(folder: Option<&Path>, first: Option<&str>) {
    let enter = folder.map(|folder| format!("cd {}", word(&folder.display().to_string())));
    let commands = [typed::command("db push"), typed::command("generate")];
    let width = commands.iter().map(String::len).max().unwrap_or_default();
    let steps = commands.iter().zip(["makes the tables", "writes the client"]);
    let steps = steps.map(|(command, what)| format!("{command:width$}     {what}"));
    let all = first.map(str::to_owned).into_iter().chain(enter).chain(steps);
    all.zip(1..).for_each(|(step, number)| terminal::line(format_args!("  {number}. {step}")));
}

impl ProjectKind {
    /// The file with the client of the whole application.
    fn db(self) -> String {
        format!("{}db.ts", self.code)
    }

    /// The folder of the generated client.
    fn client(self) -> String {
        format!("{}generated/purlin", self.code)
    }
}

/// Takes over a project that has a schema: says what it finds, adds what is missing, changes nothing.
fn adopt(project: &Project, path: &Path, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let loaded = project.load()?;
    terminal::done(
        "Found",
        format_args!("{}: {}", terminal::path(path), terminal::count(loaded.schema.models.len(), "model")),
    );
    let history = project.history(&loaded)?;
    if !history.migrations.is_empty() {
        let migrations = terminal::count(history.migrations.len(), "migration");
        terminal::done(
            "Found",
            format_args!("{migrations} in {}: they go on as they are", terminal::path(&history.folder)),
        );
    }
    let mut generators = false;
    for generator in &loaded.schema.generators {
        let taken = match generator.provider.as_str() {
            "prisma-client" | "prisma-client-js" => "taken as the TypeScript client",
            "purlin-typescript" | "purlin-rust" => "the client of Purlin",
            _ => continue,
        };
        generators = true;
        terminal::done("Found", format_args!("generator {}: {taken}", generator.name));
    }
    if !generators {
        terminal::note(
            "no generator writes a client yet; add one, for TypeScript or with \"purlin-rust\" for Rust:\n\n    generator \
             client {\n      provider = \"purlin-typescript\"\n    }\n",
        );
    }
    let chosen = project.url_variable(&loaded)?.unwrap_or_else(|| VARIABLE.to_owned());
    match project.written_url(&loaded) {
        Ok(url) => {
            let file = project.url(&loaded)?;
            if let Some(path) = purlin_migrate::sqlite::path(&file).filter(|path| Path::new(path).is_file()) {
                terminal::done("Found", format_args!("the database {path}"));
            }
            if let Some(elsewhere) = project.elsewhere(&loaded, &url)? {
                let failure = elsewhere.failure();
                terminal::warning(failure.message);
                terminal::note(failure.remedy.unwrap_or_default());
            }
        }
        Err(_) => {
            // The new URL must lead to the database that is there.
            let found = project.elsewhere(&loaded, URL)?.map(|elsewhere| format!("file:{}", elsewhere.write));
            variable(&chosen, found.as_deref().unwrap_or(URL))?;
        }
    }
    let of_prisma = is_of_prisma(&loaded)?;
    // What a project of Prisma keeps out of version control besides, it has decided.
    let others: &[&str] = if of_prisma { &[] } else { &[".env"] };
    let database = project.written_url(&loaded).unwrap_or_else(|_| URL.to_owned());
    ignore(others.iter().map(|entry| (*entry).to_owned()).chain(files_of_database(&database)))?;
    if loaded.schema.generators.iter().any(leaves_undefined_out) {
        keep_undefined()?;
    }
    for finding in sqlite_libraries::find(project, &loaded)? {
        terminal::warning(finding.text());
        terminal::note(finding.remedy);
    }
    let forms = forms::find(project, &loaded)?.unwrap_or_default();
    OtherForms::advice(&forms).iter().for_each(terminal::note);
    remaining::tell(project, &loaded, folder)?;
    terminal::line("");
    if let Some(folder) = folder {
        terminal::line(format_args!(
            "The next commands run in the project: cd {}",
            word(&folder.display().to_string())
        ));
    }
    if of_prisma {
        terminal::advice(
            "Next: `purlin migrate status` tells how the database stands, `purlin generate` writes the client.",
        );
        terminal::advice(
            "`purlin doctor` checks the project at any time; docs/adopting.md is the guide to changing over.",
        );
    } else if history.migrations.is_empty() {
        terminal::line("Next:");
        steps(None, None);
        terminal::advice("`purlin doctor` checks the project at any time.");
    } else {
        terminal::advice("Next: `purlin migrate dev` makes the tables, `purlin generate` writes the client.");
        terminal::advice("`purlin doctor` checks the project at any time.");
    }
    if detect()?.next {
        next()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns whether anything in the project is Prisma's: its packages, its configuration, or a generator of its clients.
fn is_of_prisma(loaded: &Loaded) -> Result<bool, Failure> {
    let is_prisma = |generator: &Generator| generator.provider.starts_with("prisma-client");
    if loaded.schema.generators.iter().any(is_prisma) || crate::settings::has_prisma_file(Path::new("")) {
        return Ok(true);
    }
    let package = manifest()?;
    let lists = ["dependencies", "devDependencies"].into_iter().filter_map(|list| package.get(list)?.as_object());
    Ok(package.get("prisma").is_some()
        || lists.flat_map(|list| list.keys()).any(|name| name == "prisma" || name.starts_with("@prisma/")))
}

fn detect() -> Result<ProjectKind, Failure> {
    let package = manifest()?;
    let depends = |list: &str| package.pointer(list).is_some();
    let at_root = !Path::new("src").is_dir() && ["app", "pages"].iter().any(|folder| Path::new(folder).is_dir());
    Ok(ProjectKind {
        code: if at_root { "" } else { "src/" },
        rust: Path::new("Cargo.toml").exists(),
        typescript: Path::new("package.json").exists(),
        next: depends("/dependencies/next") || depends("/devDependencies/next"),
        modules: Modules::detect(&package)?,
    })
}

/// The `package.json`; null where there is none, or where it cannot be read, which npm complains of.
fn manifest() -> Result<Value, Failure> {
    let package = text(Path::new("package.json"))?;
    Ok(package.as_deref().map(serde_json::from_str).and_then(Result::ok).unwrap_or_default())
}

/// Returns whether the code of the project has a client of Prisma that leaves out what is undefined.
fn leaves_undefined_out(generator: &Generator) -> bool {
    let strict = |(name, value): &(String, ConfigValue)| {
        let feature = |flag: &String| flag == "strictUndefinedChecks";
        name == "previewFeatures" && matches!(value, ConfigValue::List(flags) if flags.iter().any(feature))
    };
    matches!(generator.provider.as_str(), "prisma-client" | "prisma-client-js") && !generator.config.iter().any(strict)
}

/// Undefined means to the new client what it meant to the old one, unless the project says what it means.
fn keep_undefined() -> Result<(), Failure> {
    let path = Path::new("purlin.toml");
    let text = text(path)?.unwrap_or_default();
    let line = "strict_undefined_checks = false";
    if text.contains("strict_undefined_checks") {
        return Ok(());
    }
    if text.lines().any(|line| line.trim_start().starts_with("[client]")) {
        terminal::note(format_args!("add {line} under [client] in purlin.toml, for undefined to mean what it meant"));
        return Ok(());
    }
    let before = if text.is_empty() { "" } else { "\n" };
    let lines = "# Arguments that are undefined are left out, as in Prisma. See docs/undefined.md before removing it.\n[client]";
    append(path, &text, &format!("{before}{lines}\n{line}"))?;
    terminal::done("Added", format_args!("{line} to purlin.toml: undefined means what it meant"));
    Ok(())
}

/// What is left to do by hand in a project of Next.js.
fn next() -> Result<(), Failure> {
    let config = ["next.config.ts", "next.config.mjs", "next.config.js"];
    let config = config.into_iter().find(|name| Path::new(name).exists()).unwrap_or("next.config.ts");
    terminal::line("");
    if !text(Path::new(config))?.is_some_and(|text| text.contains("withPurlin")) {
        terminal::line(format_args!("In {config}, wrap the configuration, so that the native engine is not bundled:"));
        terminal::line("  import { withPurlin } from 'purlin/next'");
        terminal::line("  export default withPurlin(nextConfig)");
    }
    Ok(())
}

/// What is left to do by hand in a crate.
fn rust() -> Result<(), Failure> {
    let manifest = text(Path::new("Cargo.toml"))?.unwrap_or_default();
    // One that cannot be read is Cargo's to complain of.
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let depends = |name: &str| manifest.get("dependencies").and_then(|list| list.get(name)).is_some();
    terminal::line("");
    terminal::line("In the Rust crate:");
    if !depends("purlin") {
        terminal::line(
            "  purlin = { path = \"../purlin/client\" }    under [dependencies]: the way to Purlin's checkout",
        );
    }
    if !depends("tokio") {
        terminal::line("  cargo add tokio --features macros,rt-multi-thread");
    }
    if !depends("dotenvy") {
        terminal::line(
            "  cargo add dotenvy    reads DATABASE_URL from .env: dotenvy::dotenv().ok(); at the start of main",
        );
    }
    terminal::line("  mod db;    in src/main.rs or src/lib.rs");
    terminal::line("The guide to the client: docs/rust.md, and `cargo doc -p purlin --open`.");
    Ok(())
}

fn schema(kind: ProjectKind, path: &Path, provider: ProviderName) -> Result<String, Failure> {
    let provider = match provider {
        ProviderName::Sqlite => Provider::Sqlite,
        ProviderName::Postgres => Provider::Postgres,
        ProviderName::Mysql => Provider::Mysql,
    };
    let provider = provider.name();
    let folder = locate::absolute(path.parent().unwrap_or(Path::new("")))?;
    // A path in the schema starts from its own folder.
    let way = |to: &str| -> Result<String, Failure> {
        let way: PathBuf = locate::between(&folder, &locate::absolute(Path::new(to))?);
        let way = way.to_string_lossy().replace('\\', "/");
        Ok(if way.starts_with('.') || way.starts_with('/') { way } else { format!("./{way}") })
    };
    // Without the options of this command: whoever reads the schema runs the commands in another place.
    let program = terminal::program();
    let comment = format!(
        "// The data of this project. `{program} generate` writes the client, `{program} db push` makes the tables."
    );
    let mut text = format!(
        "{comment}\n\n\
         datasource db {{\n  provider = \"{provider}\"\n  url      = env(\"DATABASE_URL\")\n}}\n"
    );
    let generators = [(kind.typescript, "typescript", kind.client()), (kind.rust, "rust", "src/db.rs".to_owned())];
    for (_, name, output) in generators.into_iter().filter(|(wanted, ..)| *wanted) {
        let output = way(&output)?;
        text.push_str(&format!(
            "\ngenerator {name} {{\n  provider = \"purlin-{name}\"\n  output   = \"{output}\"\n}}\n"
        ));
    }
    text.push_str(
        "\nmodel User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n  name  String\n  posts Post[]\n}\n\
         \nmodel Post {\n  id       Int    @id @default(autoincrement())\n  title    String\n  content  String @default(\"\")\n  \
         views    Int    @default(0)\n  author   User   @relation(fields: [authorId], references: [id])\n  authorId Int\n\n  @@index([authorId])\n}\n",
    );
    Ok(text)
}

/// The client of the whole application, in a file of the project's own.
fn typescript(kind: ProjectKind) -> Result<(), Failure> {
    let path = &PathBuf::from(kind.db());
    let guard = if kind.next { "import 'server-only'\n" } else { "" };
    let file = kind.modules.ending.of_index();
    let text = format!(
        "{guard}import {{ PurlinClient }} from './generated/purlin{file}'\n\n\
         // One client for the whole application; it connects when it is first used.\n\
         export const db = new PurlinClient()\n"
    );
    if path.exists() {
        terminal::note(format_args!("{} is there already, and stays as it is", path.display()));
        return Ok(());
    }
    create(path, &text)
}

/// The files of the database that a URL means, and of others that are called alike, as lines of .gitignore.
fn files_of_database(url: &str) -> Vec<String> {
    let Some(path) = purlin_migrate::sqlite::path(url) else { return Vec::new() };
    let path = Path::new(path);
    if path.as_os_str() == ":memory:" || path.is_absolute() {
        return Vec::new();
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let pattern = match path.extension() {
        Some(ending) => format!("*.{}", ending.to_string_lossy()),
        None => name.into_owned(),
    };
    vec![pattern.clone(), format!("{pattern}-wal"), format!("{pattern}-shm")]
}

/// Keeps secrets, databases and packages out of version control.
fn ignore(wanted: impl Iterator<Item = String>) -> Result<(), Failure> {
    let path = Path::new(".gitignore");
    let existing = text(path)?.unwrap_or_default();
    let has = |entry: &str| {
        let mut lines = existing.lines().map(|line| line.trim().trim_matches('/'));
        lines.any(|line| line == entry || (entry.starts_with('.') && line == format!("{entry}*")))
    };
    let missing: Vec<String> = wanted.filter(|entry| !has(entry)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    append(path, &existing, &missing.join("\n"))?;
    terminal::done("Added", format_args!("{} to .gitignore", missing.join(", ")));
    Ok(())
}

/// Makes a file that does not exist; an existing one is never touched.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::file("create", folder, &error))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| Failure::file("create", path, &error))?;
    terminal::done("Created", terminal::path(path));
    Ok(())
}

/// Adds a variable to .env where neither that nor the environment has it.
fn variable(name: &str, value: &str) -> Result<(), Failure> {
    let path = Path::new(".env");
    let text = text(path)?.unwrap_or_default();
    let has = |line: &str| {
        line.trim_start().trim_start_matches("export ").split('=').next().is_some_and(|key| key.trim() == name)
    };
    if text.lines().any(has) {
        return Ok(());
    }
    append(path, &text, &format!("{name}=\"{value}\""))?;
    terminal::done("Added", format_args!("{name} to .env"));
    Ok(())
}

/// The text of a file, where there is one.
fn text(path: &Path) -> Result<Option<String>, Failure> {
    input::text_if_any(path)
}

/// Adds lines to the end of a file whose text is `existing`.
fn append(path: &Path, existing: &str, lines: &str) -> Result<(), Failure> {
    let before = if existing.is_empty() || existing.ends_with('\n') { "" } else { "\n" };
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(format!("{before}{lines}\n").as_bytes()))
        .map_err(|error| Failure::file("write", path, &error))
}
