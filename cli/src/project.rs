//! A project: its folder, its settings, its schema and its migrations.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
};

use purlin_migrate::history::History;
use purlin_schema::{SourceFile, model::Schema};

use crate::{
    args::Global,
    database::{datasource, unsupported},
    environment::Environment,
    failure::Failure,
    locate::{self, Found, PLACES},
    schema_files::{checked, read_files, read_schema},
    settings::Settings,
    terminal,
};

/// A project: what was typed, its folder, and its settings.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) global: Global,
    /// The folder that relative URLs and `.env` belong to, as seen from the current one.
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    schema: Option<PathBuf>,
    environment: OnceCell<Environment>,
}

/// A schema without errors, and the files that it comes from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) schema: Schema,
    pub(crate) files: Vec<SourceFile>,
}

/// The schema at a path that was typed, or else that of the project, with its files.
pub(crate) fn named_or_found(global: Global, path: Option<PathBuf>) -> Result<(PathBuf, Vec<SourceFile>), Failure> {
    if let Some(path) = path {
        let files = read_schema(&path)?;
        return Ok((path, files));
    }
    let project = Project::open(global)?;
    let path = project.schema_path()?;
    let files = project.read_schema(&path)?;
    Ok((path, files))
}

impl Project {
    /// Finds the project, and reads its settings.
    pub(crate) fn open(global: Global) -> Result<Self, Failure> {
        let found = locate::find(&global)?;
        Ok(Self::of(global, found))
    }

    /// The project of the current folder, whatever lies above it.
    pub(crate) fn open_here(global: Global) -> Result<Self, Failure> {
        let found = locate::here(&global)?;
        Ok(Self::of(global, found))
    }

    fn of(global: Global, found: Found) -> Self {
        let Found { root, settings, schema } = found;
        Self { global, root, settings, schema, environment: OnceCell::new() }
    }

    /// The place of the schema where one was named or found, whether there is a schema or not.
    pub(crate) fn named_schema(&self) -> Option<PathBuf> {
        self.schema.clone()
    }

    /// The schema's file or folder.
    pub(crate) fn schema_path(&self) -> Result<PathBuf, Failure> {
        if self.global.schema.is_none() {
            self.settings.check("schema", "schema = \"prisma/schema.prisma\"")?;
        }
        match &self.schema {
            Some(path) if !matches!(path.try_exists(), Ok(false)) => Ok(path.clone()),
            Some(path) => Err(Failure::trouble(format!("there is no schema at {}", terminal::path(path)))
                .with_remedy("name another with --schema, or create one with `purlin init`")),
            None => {
                let below = locate::schemas_below(Path::new(""));
                let beside = if below.is_empty() { locate::schemas_beside() } else { Vec::new() };
                let failure = Failure::trouble(format!(
                    "found no schema: looked for {}, here and in the folders above",
                    PLACES.join(", ")
                ));
                let list = |paths: &[PathBuf]| -> String {
                    paths.iter().map(|path| format!("\n  --schema {}", terminal::path(path))).collect()
                };
                Err(failure.with_remedy(match (below.as_slice(), beside.as_slice()) {
                    ([], []) => "create one with `purlin init`, or name it with --schema".to_owned(),
                    ([], [only]) => format!(
                        "name the schema of this repository:\n  --schema {}\nor create one for this folder with `purlin init`",
                        terminal::path(only)
                    ),
                    ([], beside) => format!(
                        "create one with `purlin init`, or name the schema of another project of this repository:{}",
                        list(beside)
                    ),
                    (below, _) => {
                        format!("run the command in the folder of a project, or name its schema:{}", list(below))
                    }
                }))
            }
        }
    }

    /// The files of the project's schema. A folder that the settings name may hold parts of several projects.
    pub(crate) fn read_schema(&self, path: &Path) -> Result<Vec<SourceFile>, Failure> {
        if self.settings.schema.as_deref() == Some(path) { read_files(path) } else { read_schema(path) }
    }

    /// The schema, when it has no errors and is for a database that there is an executor for; warnings are printed.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let path = self.schema_path()?;
        let files = self.read_schema(&path)?;
        let (schema, diagnostics) = purlin_schema::parse(&files);
        // First: of a schema for another database its errors are not what stands in the way.
        if let Some(message) = unsupported(&schema) {
            return Err(Failure::no(message)
                .with_remedy("set provider = \"sqlite\" or \"postgresql\", or wait for a later version"));
        }
        checked(&path, schema, files, &diagnostics)
    }

    /// The schema, when it has no errors, for whichever database; warnings are printed.
    pub(crate) fn load_for_any(&self) -> Result<Loaded, Failure> {
        let path = self.schema_path()?;
        let files = self.read_schema(&path)?;
        let (schema, diagnostics) = purlin_schema::parse(&files);
        checked(&path, schema, files, &diagnostics)
    }

    /// The folder of migrations and what is in it.
    pub(crate) fn history(&self, loaded: &Loaded) -> Result<History, Failure> {
        let history = History::read(&self.migrations(loaded)?)?;
        history.check_provider(datasource(loaded)?.provider)?;
        Ok(history)
    }

    /// The folder of migrations: beside the file that has the datasource.
    pub(crate) fn migrations(&self, loaded: &Loaded) -> Result<PathBuf, Failure> {
        self.settings.check("migrations.path", "migrations.path = \"prisma/migrations\"")?;
        if let Some(path) = &self.settings.migrations {
            return Ok(path.clone());
        }
        let folder = folder_of(loaded, datasource(loaded)?.span.file);
        let beside = folder.join("migrations");
        let above = folder.parent().map(|folder| folder.join("migrations"));
        // A schema folder may lie in the folder that has the migrations.
        Ok(match above {
            Some(above) if !beside.exists() && above.exists() => above,
            _ => beside,
        })
    }

    /// The variables of the process and of the project's `.env` files.
    pub(crate) fn environment(&self) -> &Environment {
        self.environment
            .get_or_init(|| Environment::of_project(&self.root, self.schema.as_deref(), self.settings.effects.as_ref()))
    }
}

/// The folder of one of the schema's files.
pub(crate) fn folder_of(loaded: &Loaded, file: usize) -> &Path {
    loaded.files.get(file).and_then(|file| file.path.parent()).unwrap_or(Path::new(""))
}

/// The path without `a/..` and `./`.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut tidy = PathBuf::new();
    for component in path.components() {
        match (component, tidy.components().next_back()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                tidy.pop();
            }
            _ => tidy.push(component),
        }
    }
    tidy
}
