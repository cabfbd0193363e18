//! The variables that a project's settings are read from: those of the process, and of the `.env` files of the project and
//! above it.

use std::{
    collections::{BTreeMap, HashSet},
    env::VarError,
    fs,
    path::{Path, PathBuf},
};

use crate::{dotenv, locate, terminal};

/// The variables of the process, and of .env files where it has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    file: BTreeMap<String, Assigned>,
    /// Variables that a later file of the project sets to something else, each with that file.
    overruled: Vec<(String, PathBuf)>,
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
    pub(crate) fn of_project(root: &Path, schema: Option<&Path>) -> Self {
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
        let mut environment = Self::default();
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

    /// A variable of the process hides one of a file, also where it is empty.
    fn set(&self, name: &str) -> Option<String> {
        match std::env::var(name) {
            Ok(value) => Some(value),
            Err(VarError::NotPresent) => self.file.get(name).map(|assigned| assigned.value.clone()),
            Err(VarError::NotUnicode(_)) => None,
        }
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
        let is_of_file = std::env::var_os(name).is_none();
        self.file.get(name).filter(|_| is_of_file).map(|assigned| assigned.folder.as_path())
    }

    /// The files of the project that set a variable to something else, without effect.
    pub(crate) fn overruled(&self, name: &str) -> impl Iterator<Item = &Path> {
        let of_name = self.overruled.iter().filter(move |(other, _)| other == name && self.folder(name).is_some());
        of_name.map(|(_, path)| path.as_path())
    }

    /// Adds the variables of a folder's file that no earlier one has.
    fn add(&mut self, folder: &Path, place: Origin) {
        let path = &folder.join(".env");
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                // A folder of this name is a virtual environment of Python.
                if error.kind() != std::io::ErrorKind::NotFound && !path.is_dir() {
                    terminal::warning(format_args!("cannot read {}: {error}", terminal::path(path)));
                }
                return;
            }
        };
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            // As PowerShell writes it; nothing else reads it either.
            terminal::warning(format_args!(
                "{} is in the encoding UTF-16, so its variables are not read: save it in the encoding UTF-8",
                terminal::path(path)
            ));
            return;
        }
        let text = String::from_utf8_lossy(&bytes);
        let file = dotenv::read(&text, |name| self.set(name));
        // The text of a line may be a secret.
        if file.has_stray_text {
            terminal::warning(format_args!("{} has a line that is not NAME=value", terminal::path(path)));
        }
        if let Some(name) = file.endless {
            terminal::warning(format_args!("{}: {name} refers to itself", terminal::path(path)));
        }
        // What the file says by itself, of names that an earlier one has.
        let names: HashSet<&str> = file.variables.iter().map(|(name, _)| name.as_str()).collect();
        let of_process = |name: &str| std::env::var(name).ok();
        let own =
            dotenv::read(&text, |name| if names.contains(name) { of_process(name) } else { self.set(name) }).variables;
        let is_overruled =
            |(name, value): &(String, String)| self.file.get(name).is_some_and(|first| first.value != *value);
        if place == Origin::Inside {
            let overruled: Vec<String> = own.into_iter().filter(is_overruled).map(|(name, _)| name).collect();
            self.overruled.extend(overruled.into_iter().map(|name| (name, path.clone())));
        }
        for (name, value) in file.variables {
            self.file.entry(name).or_insert_with(|| Assigned { value, folder: folder.to_owned() });
        }
    }

    /// What a child process needs beside the variables that it inherits.
    pub(crate) fn additions(&self) -> impl Iterator<Item = (&str, &str)> {
        let missing = self.file.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        missing.map(|(name, assigned)| (name.as_str(), assigned.value.as_str()))
    }
}
