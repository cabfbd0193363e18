//! `purlin generate`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::{Duration, Instant, SystemTime},
};

use purlin_codegen::{GeneratedFile, rust, typescript};
use purlin_query::catalog::Catalog;
use purlin_schema::model::{Generator, RelationMode, Schema, StringOrEnv};

use crate::{
    database::{is_sqlite, unsupported},
    failure::Failure,
    output::{Neighbors, Work},
    project::{Loaded, Project, folder_of, tidy},
    terminal,
    value::Value,
};

/// Whether the files are written or looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    Rust,
    TypeScript,
}

pub(crate) fn run(project: &Project, mode: Mode) -> Result<ExitCode, Failure> {
    let loaded = project.load_for_any()?;
    if let Some(message) = unsupported(&loaded.schema) {
        terminal::warning(message);
    }
    let mut stale = Vec::new();
    let known = each(project, &loaded, Notes::Printed, |output| {
        if mode == Mode::Check {
            stale.extend(output.work.paths().map(Path::to_owned));
            return Ok(());
        }
        output.work.carry_out()?;
        terminal::done(
            "Generated",
            format_args!(
                "the {} client: {} in {}{} ({})",
                output.client.name(),
                terminal::count(output.files.len(), "file"),
                terminal::path(&output.place()),
                if output.work.is_empty() { ", unchanged" } else { "" },
                terminal::time(output.started.elapsed())
            ),
        );
        Ok(())
    })?;
    if loaded.schema.generators.iter().any(is_typescript)
        && let Some(other) = project.client_elsewhere(&loaded)
    {
        terminal::warning(format_args!("{}\n{}", other.message, other.remedy));
    }
    if known == 0 {
        return Err(Failure::no("the schema has no generator of Purlin's").with_remedy(
            "add one, for TypeScript or with \"purlin-rust\" for Rust:\n\n    generator client {\n      provider = \
             \"purlin-typescript\"\n    }\n",
        ));
    }
    if stale.is_empty() {
        if mode == Mode::Check {
            terminal::done("Up to date:", "the generated files are what the schema asks for");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let list: String = stale.iter().map(|path| format!("\n  {}", terminal::path(path))).collect();
    Err(Failure::no(format!(
        "{} not what the schema asks for:{list}",
        if stale.len() == 1 { "1 file is".to_owned() } else { format!("{} files are", stale.len()) }
    ))
    .with_remedy("run `purlin generate`"))
}

/// The generated files that are not what the schema asks for.
pub(crate) fn stale(project: &Project, loaded: &Loaded) -> Result<Vec<PathBuf>, Failure> {
    let mut stale = Vec::new();
    each(project, loaded, Notes::Silent, |output| {
        stale.extend(output.work.paths().map(Path::to_owned));
        Ok(())
    })?;
    Ok(stale)
}

/// Notes that a generated client is older than the schema, where there is one.
pub(crate) fn note_stale(project: &Project, loaded: &Loaded) {
    let mut stale = Vec::new();
    // What stands in the way of generating is told by the command that generates.
    let _ = each(project, loaded, Notes::Silent, |output| {
        let is_there = output.files.iter().any(|file| output.folder.join(&file.path).is_file());
        if is_there && !output.work.is_empty() {
            stale.push(format!("the {} client in {}", output.client.name(), terminal::path(&output.place())));
        }
        Ok(())
    });
    if !stale.is_empty() {
        let (clients, are) = (stale.join(" and "), if stale.len() == 1 { "is" } else { "are" });
        terminal::note(format_args!("{clients} {are} not what the schema asks for: run `purlin generate`"));
    }
}

/// Whether to say which generators are passed over, and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notes {
    Printed,
    Silent,
}

/// What a generator makes, and what is to be done for it.
struct Output {
    client: Client,
    folder: PathBuf,
    files: Vec<GeneratedFile>,
    work: Work,
    started: Instant,
}

impl Output {
    /// The file, where it is only one, or the folder.
    fn place(&self) -> PathBuf {
        match self.files.as_slice() {
            [only] => self.folder.join(&only.path),
            _ => self.folder.clone(),
        }
    }
}

/// Hands over what each of the schema's generators makes, and returns how many of them are Purlin's.
fn each(
    project: &Project,
    loaded: &Loaded,
    notes: Notes,
    mut take: impl FnMut(Output) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    if is_sqlite(&loaded.schema) && emulates_relations(&loaded.schema) {
        // The client would leave rows without the row that they refer to.
        return Err(Failure::no(
            "`relationMode = \"prisma\"` asks the client to keep relations whole, which it does not do yet",
        )
        .with_remedy("remove it from the datasource: SQLite keeps them by foreign keys"));
    }
    let catalog = purlin_codegen::lower::lower(&loaded.schema);
    let mut known = 0;
    for generator in &loaded.schema.generators {
        let started = Instant::now();
        let Some(client) = client(generator) else {
            if notes == Notes::Printed {
                terminal::note(format_args!(
                    "generator {}: passed over, \"{}\" is not one of Purlin's",
                    generator.name, generator.provider
                ));
            }
            continue;
        };
        known += 1;
        let (folder, file) = output(project, loaded, generator);
        if client == Client::Rust && !folder.join(&file).exists() && is_built_by_cargo(project) {
            if notes == Notes::Printed {
                terminal::note(format_args!(
                    "generator {}: passed over, build.rs writes the client; to have it in {}, remove that call there",
                    generator.name,
                    terminal::path(&folder.join(&file))
                ));
            }
            continue;
        }
        if notes == Notes::Printed && generator.output.is_none() && generator.provider.starts_with("prisma-") {
            terminal::note(format_args!(
                "generator {} has no output; the client goes to {}, import it from there",
                generator.name,
                terminal::path(&folder)
            ));
        }
        let files = generate(project, loaded, &catalog, generator, client, file)?;
        // The Rust client is one file, beside files of the project's own.
        let neighbors = if client == Client::Rust { Neighbors::Keep } else { Neighbors::RemoveStale };
        let work = Work::compare(&folder, &files, neighbors)?;
        take(Output { client, folder, files, work, started })?;
    }
    Ok(known)
}

/// Returns whether a build script writes the Rust client whenever the crate is built.
fn is_built_by_cargo(project: &Project) -> bool {
    fs::read_to_string(project.root.join("build.rs")).is_ok_and(|script| script.contains("purlin_codegen::build"))
}

fn emulates_relations(schema: &Schema) -> bool {
    schema.datasource.as_ref().is_some_and(|datasource| datasource.relation_mode == RelationMode::Emulated)
}

/// Generates now and whenever the schema changes. Errors are printed, and the next change is waited for.
pub(crate) fn watch(project: &Project) -> Result<ExitCode, Failure> {
    /// How often the files are looked at. Asking for their times costs microseconds, works on every file system, and
    /// a change that is one look old is a saved file, not one half written.
    const LOOK: Duration = Duration::from_millis(150);
    let mut seen = times(project);
    loop {
        if let Err(failure) = run(project, Mode::Write) {
            terminal::failure(&failure);
        }
        terminal::note("waiting for the schema to change; end with Ctrl-C");
        loop {
            thread::sleep(LOOK);
            let now = times(project);
            if now == seen {
                continue;
            }
            // Once more, until nothing changes between two looks: editors write in several steps.
            seen = now;
            loop {
                thread::sleep(LOOK);
                let now = times(project);
                if now == seen {
                    break;
                }
                seen = now;
            }
            break;
        }
    }
}

/// The schema's files and when they were changed; nothing while they cannot be read.
fn times(project: &Project) -> Vec<(PathBuf, Option<SystemTime>, u64)> {
    let files = project.named_schema().and_then(|path| project.read_schema(&path).ok()).unwrap_or_default();
    files
        .into_iter()
        .map(|file| {
            let changed = fs::metadata(&file.path).and_then(|data| data.modified()).ok();
            (file.path, changed, file.text.len() as u64)
        })
        .collect()
}

fn client(generator: &Generator) -> Option<Client> {
    match generator.provider.as_str() {
        "purlin-rust" => Some(Client::Rust),
        "purlin-typescript" | "prisma-client" | "prisma-client-js" => Some(Client::TypeScript),
        _ => None,
    }
}

/// The folder that a generator writes to, and of the Rust client the file in it: relative to the file that the
/// generator stands in, or by custom.
pub(crate) fn output(project: &Project, loaded: &Loaded, generator: &Generator) -> (PathBuf, String) {
    let base = match generator.output {
        Some(_) => folder_of(loaded, generator.span.file),
        None => &project.root,
    };
    let (folder, file) = match client(generator) {
        Some(Client::Rust) => rust::destination(generator.output.as_deref()),
        _ => (PathBuf::from(generator.output.as_deref().unwrap_or("src/generated/purlin")), String::new()),
    };
    (tidy(&base.join(folder)), file)
}

/// Returns whether a generator writes the TypeScript client.
pub(crate) fn is_typescript(generator: &Generator) -> bool {
    client(generator) == Some(Client::TypeScript)
}

/// How the TypeScript client of a generator is written, but for what the project sets.
pub(crate) fn typescript_options(generator: &Generator) -> Result<typescript::Options, Failure> {
    let mut options = typescript::Options::of(generator)
        .map_err(|message| Failure::no(format!("generator {}: {message}", generator.name)))?;
    // Code that was written for Prisma's client calls the methods of its decimals.
    let says = generator.config.iter().any(|(name, _)| name == "decimal");
    if generator.provider.starts_with("prisma-") && !says {
        options.decimal = typescript::Decimal::DecimalJs;
    }
    Ok(options)
}

fn generate(
    project: &Project,
    loaded: &Loaded,
    catalog: &Catalog,
    generator: &Generator,
    client: Client,
    file: String,
) -> Result<Vec<GeneratedFile>, Failure> {
    match client {
        Client::TypeScript => {
            let mut options = typescript_options(generator)?;
            options.client = project.settings.client;
            options.url = match &project.settings.url {
                Some(Value::Literal(url)) => Some(StringOrEnv::Literal(url.clone())),
                Some(url) => url.variable().map(|name| StringOrEnv::Env(name.to_owned())),
                None => None,
            };
            Ok(typescript::generate(&loaded.schema, catalog, &options))
        }
        Client::Rust => {
            // Its name alone: a path would depend on the folder in which the command runs.
            let source = loaded.files.get(generator.span.file).and_then(|file| file.path.file_name());
            let source = source.unwrap_or_default().to_string_lossy().into_owned();
            let options = rust::Options::of(generator)
                .map_err(|message| Failure::no(format!("generator {}: {message}", generator.name)))?;
            let options = rust::Options { file, source, client: project.settings.client, ..options };
            Ok(rust::generate(&loaded.schema, catalog, &options))
        }
    }
}

impl Client {
    fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::TypeScript => "TypeScript",
        }
    }
}
