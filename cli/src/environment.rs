//! The variables that a project's settings are read from: those of the process, and of the `.env` files of the project and
//! above it, or of those that `prisma.config.ts` loads.

use std::{
    collections::{BTreeMap, HashSet},
    env::VarError,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    dotenv,
    failure::Failure,
    locate,
    prisma_config::{Action, Effects, Unreadable},
    settings::{ConfigEffects, not_run},
    terminal,
    value::{Missing, Source, Value},
};

/// The variables of the process, and of .env files where it has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    root: PathBuf,
    variables: Variables,
    /// Variables that a later file of the project sets to something else, each with that file.
    overruled: Vec<(String, PathBuf)>,
    /// Why the variables are not known, where they are not.
    unknown: Option<Unknown>,
    /// The files that `prisma.config.ts` loads, where it loads others than `.env`.
    loaded: Option<Vec<PathBuf>>,
    /// Whether there is a `prisma.config.ts` that loads no variables.
    loads_nothing: bool,
}

/// Why the variables are not known.
#[derive(Debug, Clone)]
struct Unknown {
    /// The place in `prisma.config.ts`.
    place: String,
    cause: String,
}

/// The variables that differ from those of the process.
#[derive(Debug, Clone, Default)]
struct Variables {
    /// Those of files, for which the process has none.
    file: BTreeMap<String, Assigned>,
    /// Those that count before the process; `None` where the variable is removed.
    replaced: BTreeMap<String, Option<Assigned>>,
}

impl Variables {
    /// A variable of the process hides one of a file, also where it is empty.
    fn get(&self, name: &str) -> Option<String> {
        if let Some(replaced) = self.replaced.get(name) {
            return replaced.as_ref().map(|assigned| assigned.value.clone());
        }
        match std::env::var(name) {
            Ok(value) => Some(value),
            Err(VarError::NotPresent) => self.file.get(name).map(|assigned| assigned.value.clone()),
            Err(VarError::NotUnicode(_)) => None,
        }
    }
}

/// A variable of a file.
#[derive(Debug, Clone)]
struct Assigned {
    value: String,
    /// The folder of the file.
    folder: PathBuf,
}

/// Where an .env file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Inside,
    /// In a folder above the project, for several projects.
    Above,
}

impl Environment {
    /// The variables of the process and of the `.env` files. Where two files have a variable, the first counts: of the
    /// project's folder, of the schema's, then of the folders above the project.
    ///
    /// If `prisma.config.ts` loads other files than `.env`, these are read instead, as it loads them.
    pub(crate) fn of_project(root: &Path, schema: Option<&Path>, config: Option<&ConfigEffects>) -> Self {
        let Some(ConfigEffects { file, effects, unreadable }) = config else { return Self::of_files(root, schema) };
        let nothing = || Self { root: root.to_owned(), loaded: Some(Vec::new()), ..Self::default() };
        let mut environment = match effects {
            Effects::Changed(changed) => {
                let mut environment = nothing();
                let assigned = |value: &String| Assigned { value: value.clone(), folder: root.to_owned() };
                let changed = changed.iter().map(|(name, value)| (name.clone(), value.as_ref().map(assigned)));
                environment.variables.replaced = changed.collect();
                environment
            }
            Effects::Steps(steps) => {
                let loads_others = steps.iter().any(|step| is_exact(&step.action));
                let mut environment = if loads_others { nothing() } else { Self::of_files(root, schema) };
                environment.loads_nothing = !steps.iter().any(|step| !matches!(step.action, Action::Assign { .. }));
                for (index, step) in steps.iter().enumerate() {
                    let is_led = index > 0 && environment.leads_dotenv();
                    let taken = environment.take(&step.action);
                    let cause = match taken {
                        _ if is_led || depends_on_dotenv(&step.action) => {
                            "the variables DOTENV_.. are set, which versions of dotenv read in different ways"
                                .to_owned()
                        }
                        Err(Missing(name)) => format!("{name} is not there"),
                        Ok(()) => continue,
                    };
                    environment.unknown = Some(Unknown { place: format!("{file}:{}", step.line), cause });
                    break;
                }
                environment
            }
        };
        if let Some(Unreadable { line, cause }) = unreadable {
            environment.unknown = Some(Unknown { place: format!("{file}:{line}"), cause: cause.clone() });
        }
        environment
    }

    fn of_files(root: &Path, schema: Option<&Path>) -> Self {
        let beside = match schema {
            Some(schema) if schema.is_dir() => schema,
            Some(schema) => schema.parent().unwrap_or(Path::new("")),
            None => root,
        };
        let mut folders = vec![root.to_owned()];
        let above = locate::upwards(root).unwrap_or_default();
        for folder in locate::upwards(beside).unwrap_or_default().into_iter().chain(above.iter().cloned()) {
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        let mut environment = Self { root: root.to_owned(), ..Self::default() };
        for folder in folders {
            // That a file above the project says something else is what it is there for.
            let place = if above.iter().skip(1).any(|other| *other == folder) { Origin::Above } else { Origin::Inside };
            environment.add(&folder, place);
        }
        environment
    }

    /// A variable that is set, and not to nothing.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.set(name).filter(|value| !value.is_empty())
    }

    /// Returns whether a variable is set to nothing.
    fn is_empty(&self, name: &str) -> bool {
        self.set(name).is_some_and(|value| value.is_empty())
    }

    /// Returns whether a file that was loaded sets a variable by which dotenv finds the next.
    fn leads_dotenv(&self) -> bool {
        let mut names = DOTENV_OTHERS.iter().chain(&[DOTENV_PATH, DOTENV_OVERRIDE]);
        names.any(|name| std::env::var_os(name).is_none() && self.set(name).is_some())
    }

    /// A setting of `prisma.config.ts`. Variables of files that it does not load are there for a value that needs them, and not
    /// for one that has another without them.
    pub(crate) fn of_config(&self, value: &Value) -> Result<String, Option<String>> {
        if self.loaded.is_none()
            && let Ok(text) = value.resolve(&AsLoaded(self))
        {
            return Ok(text);
        }
        value.resolve(self)
    }

    fn set(&self, name: &str) -> Option<String> {
        self.variables.get(name)
    }

    /// Refuses variables that `prisma.config.ts` may set, where it is not known what it does.
    pub(crate) fn check(&self, names: &[&str]) -> Result<(), Failure> {
        match (&self.unknown, names.first()) {
            (Some(Unknown { place, cause }), Some(name)) => {
                Err(Failure::trouble(not_run(place, name, cause)).with_remedy(
                    "write only settings there and load the variables by import 'dotenv/config' or by a path that is a \
                     string, as in config({ path: '.env.local' }), pass --url, or write at the top of purlin.toml, beside \
                     that file: url = \"file:./dev.db\", or url = { env = \"DATABASE_URL\" } for a variable of the process \
                     or of .env",
                ))
            }
            _ => Ok(()),
        }
    }

    /// The files that `prisma.config.ts` loads instead of `.env`.
    pub(crate) fn loaded(&self) -> Option<&[PathBuf]> {
        self.loaded.as_deref()
    }

    /// Why a variable has no value that can be used, and what to do about it where it is one of the process, which hides
    /// what a file says.
    pub(crate) fn trouble(&self, name: &str) -> (&'static str, Option<&'static str>) {
        let of_process = std::env::var_os(name).is_some();
        if self.is_empty(name) {
            return ("is set, but empty", of_process.then_some("unset it, so that .env counts, or say --url"));
        }
        match of_process {
            true => ("is set, but not in the encoding UTF-8", Some("correct it, or say --url")),
            false => ("is not set", None),
        }
    }

    /// The folder of the file that a variable comes from, where it comes from one.
    pub(crate) fn folder(&self, name: &str) -> Option<&Path> {
        if let Some(replaced) = self.variables.replaced.get(name) {
            return replaced.as_ref().map(|assigned| assigned.folder.as_path());
        }
        let is_of_file = std::env::var_os(name).is_none();
        self.variables.file.get(name).filter(|_| is_of_file).map(|assigned| assigned.folder.as_path())
    }

    /// The files of the project that set a variable to something else, without effect.
    pub(crate) fn overruled(&self, name: &str) -> impl Iterator<Item = &Path> {
        let of_name = self.overruled.iter().filter(move |(other, _)| other == name && self.folder(name).is_some());
        of_name.map(|(_, path)| path.as_path())
    }

    /// Adds the variables of a folder's file that no earlier one has.
    fn add(&mut self, folder: &Path, place: Origin) {
        let path = &folder.join(".env");
        let Some(text) = text(path) else { return };
        let file = dotenv::read(&text, |name| self.set(name));
        warn(path, &file);
        // What the file says by itself, of names that an earlier one has.
        let names: HashSet<&str> = file.variables.iter().map(|(name, _)| name.as_str()).collect();
        let of_process = |name: &str| std::env::var(name).ok();
        let own =
            dotenv::read(&text, |name| if names.contains(name) { of_process(name) } else { self.set(name) }).variables;
        let is_overruled =
            |(name, value): &(String, String)| self.variables.file.get(name).is_some_and(|first| first.value != *value);
        if place == Origin::Inside {
            let overruled: Vec<String> = own.into_iter().filter(is_overruled).map(|(name, _)| name).collect();
            self.overruled.extend(overruled.into_iter().map(|name| (name, path.clone())));
        }
        for (name, value) in file.variables {
            self.variables.file.entry(name).or_insert_with(|| Assigned { value, folder: folder.to_owned() });
        }
    }

    /// Does what `prisma.config.ts` does.
    fn take(&mut self, action: &Action) -> Result<(), Missing> {
        match action {
            Action::LoadDefault => self.load_default(".env", false),
            Action::LoadByImport => {
                let overrides = std::env::var(DOTENV_OVERRIDE).is_ok_and(|flag| flag == "true");
                let path = std::env::var(DOTENV_PATH).ok().filter(|path| !path.is_empty());
                self.load_default(path.as_deref().unwrap_or(".env"), overrides);
            }
            Action::Load { paths, overrides } => {
                let paths: Vec<String> = paths.iter().map(|path| self.path(path)).collect::<Result<_, _>>()?;
                for path in paths {
                    // An empty path is none.
                    self.load(if path.is_empty() { ".env" } else { &path }, *overrides);
                }
            }
            Action::LoadRequired { path } => {
                let path = self.path(path)?;
                let file = self.root.join(&path);
                if !file.exists() || file.is_dir() {
                    return Err(Missing(path));
                }
                self.load_file(&file, false);
            }
            Action::LoadForNext { folder, development } => {
                let folder = Some(self.path(folder)?).filter(|folder| !folder.is_empty()).unwrap_or(".".to_owned());
                let mode = match self.set("NODE_ENV").as_deref() {
                    Some("test") => "test",
                    _ if development.holds(self)? => "development",
                    _ => "production",
                };
                let local = if mode == "test" { None } else { Some(".env.local".to_owned()) };
                let files =
                    [Some(format!(".env.{mode}.local")), local, Some(format!(".env.{mode}")), Some(".env".to_owned())];
                for file in files.into_iter().flatten() {
                    self.load_file(&self.root.join(&folder).join(file), false);
                }
            }
            Action::Assign { name, value } => {
                let assigned = Assigned { value: value.clone(), folder: self.root.clone() };
                self.variables.replaced.insert(name.clone(), Some(assigned));
            }
        }
        Ok(())
    }

    fn path(&self, value: &Value) -> Result<String, Missing> {
        let is_unreadable = |name: &&str| matches!(std::env::var(name), Err(VarError::NotUnicode(_)));
        if let Some(name) = value.variables().into_iter().find(is_unreadable) {
            return Err(Missing(name.to_owned()));
        }
        value.evaluate(self)?.ok_or_else(|| Missing(value.variable().unwrap_or_default().to_owned()))
    }

    /// Loads `.env`, unless that was done before everything else.
    fn load_default(&mut self, path: &str, overrides: bool) {
        if self.loaded.is_some() {
            self.load(path, overrides);
        }
    }

    /// Loads a file as dotenv does, by a path that starts from the project's folder.
    fn load(&mut self, path: &str, overrides: bool) {
        let home =
            path.strip_prefix('~').and_then(|rest| Some(std::env::home_dir()?.join(rest.trim_start_matches('/'))));
        let path = home.unwrap_or_else(|| self.root.join(path));
        self.load_file(&path, overrides);
    }

    /// Loads a file. `overrides`: its variables count before those that are set.
    fn load_file(&mut self, path: &Path, overrides: bool) {
        self.loaded.get_or_insert_default().push(path.to_owned());
        let Some(text) = text(path) else { return };
        let file = dotenv::read(&text, |name| self.set(name));
        warn(path, &file);
        let names: HashSet<&str> = file.variables.iter().map(|(name, _)| name.as_str()).collect();
        let own = dotenv::read(&text, |name| if names.contains(name) { None } else { self.set(name) });
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        for (name, value) in if overrides { own.variables } else { file.variables } {
            let assigned = Assigned { value, folder: folder.clone() };
            // One that was removed is set again.
            let is_removed = self.variables.replaced.get(&name).is_some_and(Option::is_none);
            if overrides || is_removed {
                self.variables.replaced.insert(name, Some(assigned));
            } else if self.set(&name).is_none() {
                self.variables.file.insert(name, assigned);
            }
        }
    }

    /// The variables of a child process that differ from those that it inherits.
    pub(crate) fn additions(&self) -> impl Iterator<Item = (&str, &str)> {
        let missing = self.variables.file.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        let missing = missing.filter(|(name, _)| !self.variables.replaced.contains_key(*name));
        let replaced = self.variables.replaced.iter().filter_map(|(name, assigned)| Some((name, assigned.as_ref()?)));
        missing.chain(replaced).map(|(name, assigned)| (name.as_str(), assigned.value.as_str()))
    }

    /// The variables that a child process does not get.
    pub(crate) fn removals(&self) -> impl Iterator<Item = &str> {
        let replaced = self.variables.replaced.iter().filter(|(_, assigned)| assigned.is_none());
        replaced.map(|(name, _)| name.as_str())
    }
}

impl Source for Environment {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name)
    }
}

/// The variables that there are when a `prisma.config.ts` is run that loads `.env` of the project's folder, or nothing.
struct AsLoaded<'e>(&'e Environment);

impl Source for AsLoaded<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        let Environment { variables, loads_nothing, root, .. } = self.0;
        let file = variables.file.get(name).filter(|assigned| !loads_nothing && assigned.folder == *root);
        if variables.replaced.contains_key(name) || std::env::var_os(name).is_some() {
            return variables.get(name);
        }
        file.map(|assigned| assigned.value.clone())
    }
}

/// The options of `dotenv/config`.
const DOTENV_PATH: &str = "DOTENV_CONFIG_PATH";
const DOTENV_OVERRIDE: &str = "DOTENV_CONFIG_OVERRIDE";

/// Those that some of its versions read besides: 18 the first four, those before it the keys of a vault.
const DOTENV_OTHERS: [&str; 6] = [
    "DOTENV_PATH",
    "DOTENV_OVERRIDE",
    "DOTENV_ENCODING",
    "DOTENV_CONFIG_ENCODING",
    "DOTENV_KEY",
    "DOTENV_CONFIG_DOTENV_KEY",
];

/// Returns whether the installed version of dotenv decides what a step loads: since version 18 `config()` takes its options from
/// these variables too, and both from shorter ones.
fn depends_on_dotenv(action: &Action) -> bool {
    let is_set = |name: &&str| std::env::var_os(name).is_some();
    match action {
        // What `0` or `false` is differs, too.
        Action::LoadByImport => {
            let is_unclear = |flag: String| !flag.is_empty() && flag != "true";
            DOTENV_OTHERS.iter().any(is_set) || std::env::var(DOTENV_OVERRIDE).is_ok_and(is_unclear)
        }
        Action::LoadDefault | Action::Load { .. } => {
            DOTENV_OTHERS.iter().chain(&[DOTENV_PATH, DOTENV_OVERRIDE]).any(is_set)
        }
        _ => false,
    }
}

/// Returns whether a step loads other files than `.env`, or loads it in another way.
fn is_exact(action: &Action) -> bool {
    match action {
        Action::LoadByImport => [DOTENV_PATH, DOTENV_OVERRIDE].iter().any(|name| std::env::var_os(name).is_some()),
        Action::LoadDefault | Action::Assign { .. } => false,
        Action::Load { .. } | Action::LoadRequired { .. } | Action::LoadForNext { .. } => true,
    }
}

/// The bytes of a file. From a pipe, as programs that keep secrets have it, what its writer writes within a time.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    const PATIENCE: Duration = Duration::from_secs(5);
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&fs::metadata(path)?.file_type()) {
        let (sender, bytes) = std::sync::mpsc::channel();
        let path = path.to_owned();
        std::thread::spawn(move || sender.send(fs::read(path)));
        let late = || std::io::Error::new(std::io::ErrorKind::TimedOut, "it is a pipe to which nobody writes");
        return bytes.recv_timeout(PATIENCE).map_err(|_| late())?;
    }
    fs::read(path)
}

/// The text of a file of variables, where there is one that can be read.
fn text(path: &Path) -> Option<String> {
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            // A folder of this name is a virtual environment of Python.
            if error.kind() != std::io::ErrorKind::NotFound && !path.is_dir() {
                terminal::warning(format_args!("cannot read {}: {error}", terminal::path(path)));
            }
            return None;
        }
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        // As PowerShell writes it; nothing else reads it either.
        terminal::warning(format_args!(
            "{} is in the encoding UTF-16, so its variables are not read: save it in the encoding UTF-8",
            terminal::path(path)
        ));
        return None;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Says what is wrong in a file. The text of a line may be a secret.
fn warn(path: &Path, file: &dotenv::File) {
    if file.has_stray_text {
        terminal::warning(format_args!("{} has a line that is not NAME=value", terminal::path(path)));
    }
    if let Some(name) = &file.endless {
        terminal::warning(format_args!("{}: {name} refers to itself", terminal::path(path)));
    }
}
