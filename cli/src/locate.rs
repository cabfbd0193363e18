//! Finds the project that a command works on: its folder, its settings and its schema.
//!
//! The answer does not depend on the current folder, as long as that is inside the project: the settings, the `.env` files
//! and a relative URL of a database belong to the project's folder, which is where its applications start.

use std::{
    collections::VecDeque,
    path::{Component, Path, PathBuf},
};

use purlin_codegen::is_foreign;
use purlin_schema::SourceFile;

use crate::{
    args::Global,
    failure::Failure,
    project::tidy,
    settings::{self, Settings},
    terminal,
};

/// A project that was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Its folder, relative to the current one where they have something in common; empty when it is the current one.
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    /// The schema, where one was named or found. One that was named may not exist.
    pub(crate) schema: Option<PathBuf>,
}

/// Where a schema is looked for when nobody says.
pub(crate) const PLACES: [&str; 3] = ["schema.prisma", "prisma/schema.prisma", "prisma/schema"];

/// Files that make a folder that of a project.
const MANIFESTS: [&str; 3] = ["package.json", "Cargo.toml", "deno.json"];

/// Finds the project by what was typed, else from the current folder upwards.
pub(crate) fn find(global: &Global) -> Result<Found, Failure> {
    if let Some(config) = &global.config {
        let settings = settings::file(config)?;
        let root = settings::folder_of(config).to_owned();
        let schema = global.schema.clone().or_else(|| settings.schema.clone()).or_else(|| schema_in(&root));
        return Ok(Found { root, settings, schema });
    }
    if let Some(schema) = &global.schema {
        let found = of_schema(schema)?;
        return Ok(Found { schema: Some(schema.clone()), ..found });
    }
    let mut nearest = None;
    for folder in upwards(Path::new(""))? {
        let settings = settings::read(&folder)?;
        if let Some(schema) = settings.schema.clone() {
            return Ok(Found { root: folder, settings, schema: Some(schema) });
        }
        let schema = schema_in(&folder);
        let is_project = settings::files(&folder).next().is_some();
        match schema {
            Some(schema) if is_project => return Ok(Found { root: folder, settings, schema: Some(schema) }),
            Some(schema) => return of_schema(&whole(&folder, schema)?),
            None if is_project => return Ok(Found { root: folder, settings, schema: None }),
            None => {
                nearest.get_or_insert((folder, settings));
            }
        }
    }
    let (root, settings) = nearest.unwrap_or_default();
    Ok(Found { root, settings, schema: None })
}

/// The project of the current folder, whatever lies above it.
pub(crate) fn here(global: &Global) -> Result<Found, Failure> {
    if global.config.is_some() {
        return find(global);
    }
    let settings = settings::read(Path::new(""))?;
    let schema = global.schema.clone().or_else(|| settings.schema.clone()).or_else(|| schema_in(Path::new("")));
    Ok(Found { root: PathBuf::new(), settings, schema })
}

/// The project that a schema belongs to: the one whose settings name it, else the nearest above it.
fn of_schema(schema: &Path) -> Result<Found, Failure> {
    let absolute = absolute(schema)?;
    let start = if schema.is_dir() { schema } else { schema.parent().unwrap_or(Path::new("")) };
    let folders = upwards(start)?;
    for folder in &folders {
        let settings = settings::read(folder)?;
        let Some(named) = settings.schema.clone() else { continue };
        let place = self::absolute(&named)?;
        if place == absolute || (named.is_dir() && absolute.starts_with(&place)) {
            return Ok(Found { root: folder.clone(), settings, schema: Some(named) });
        }
    }
    let root = match folders.iter().find(|folder| is_project(folder)) {
        Some(folder) => folder.clone(),
        None => by_custom(schema, start)?,
    };
    Ok(Found { settings: settings::read(&root)?, root, schema: Some(schema.to_owned()) })
}

/// Refuses a folder of schema files that reaches into a project below it: the schemas of several applications would become
/// one, with the `.env` and the database of the folder that was named.
pub(crate) fn check_is_one_project(schema: &Path, files: &[SourceFile]) -> Result<(), Failure> {
    if !schema.is_dir() {
        return Ok(());
    }
    let project_of = |file: &SourceFile| {
        let below = file.path.ancestors().skip(1).take_while(|folder| *folder != schema && folder.starts_with(schema));
        let mut below = below.filter(|folder| is_project(folder));
        below.next().map(Path::to_owned)
    };
    let Some((first, project)) = files.iter().find_map(|file| Some((file, project_of(file)?))) else { return Ok(()) };
    let list: String = files.iter().map(|file| format!("\n  {}", terminal::path(&file.path))).collect();
    Err(Failure::trouble(format!(
        "the schema folder {} reaches into another project, {}: it would join the files{list}",
        terminal::path(schema),
        terminal::path(&project)
    ))
    .with_remedy(format!(
        "name the schema of one project, such as --schema {}; where all of the files are one schema, put `schema` \
             into a purlin.toml",
        terminal::path(
            &schema_in(&project).filter(|place| first.path.starts_with(place)).unwrap_or(first.path.clone())
        )
    )))
}

/// The schemas of the repository that the current folder is in, where there is none below that folder itself.
pub(crate) fn schemas_beside() -> Vec<PathBuf> {
    let folders = upwards(Path::new("")).unwrap_or_default();
    let repository = folders.iter().find(|folder| folder.join(".git").exists());
    let top = repository.or_else(|| folders.iter().rev().find(|folder| is_project(folder)));
    let found = top.map(|top| schemas_below(top)).unwrap_or_default();
    found.into_iter().map(|schema| relative(&schema).unwrap_or(schema)).collect()
}

/// Schemas in the folders below one: those at the usual places, and those that settings name. A monorepo has some, and a look
/// that takes long helps nobody.
pub(crate) fn schemas_below(start: &Path) -> Vec<PathBuf> {
    const MOST_FOLDERS: usize = 2_000;
    const MOST_FOUND: usize = 10;
    let mut folders = VecDeque::from([start.to_owned()]);
    let mut found: Vec<PathBuf> = Vec::new();
    let mut seen = 0;
    while let Some(folder) = folders.pop_front().filter(|_| seen < MOST_FOLDERS && found.len() < MOST_FOUND) {
        seen += 1;
        // What is wrong with the settings of a project is told in that project.
        let named = settings::read_of_others(&folder)
            .ok()
            .and_then(|settings| settings.schema)
            .filter(|schema| schema.exists());
        let schema = named.or_else(|| schema_in(&folder));
        found.extend(schema.filter(|schema| !found.iter().any(|other| schema.starts_with(other))));
        let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let entries = std::fs::read_dir(shown).into_iter().flatten().flatten();
        // Links are not followed: they may lead back here.
        let mut inside: Vec<PathBuf> = entries
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
            .map(|entry| folder.join(entry.file_name()))
            .filter(|path| !is_foreign(path))
            .collect();
        inside.sort();
        folders.extend(inside);
    }
    found.sort();
    found
}

/// The folder of the project that a schema below the current folder belongs to; none where nothing but the current folder
/// itself is one.
pub(crate) fn project_below(schema: &Path) -> Result<Option<PathBuf>, Failure> {
    let root = of_schema(schema)?.root;
    Ok(Some(root).filter(|root| !root.as_os_str().is_empty()))
}

/// Returns whether a folder is one that a project starts in.
pub(crate) fn is_project(folder: &Path) -> bool {
    settings::files(folder).next().is_some() || MANIFESTS.iter().any(|name| folder.join(name).is_file())
}

/// The folder from which a schema lies at one of the places, where nothing else marks a project.
fn by_custom(schema: &Path, start: &Path) -> Result<PathBuf, Failure> {
    let absolute = absolute(schema)?;
    let mut places = PLACES.iter().rev().filter_map(|place| {
        let steps = Path::new(place).components().count();
        absolute.ends_with(place).then(|| absolute.ancestors().nth(steps)).flatten()
    });
    if let Some(root) = places.next() {
        return relative(root);
    }
    let folder = self::absolute(start)?;
    let above = folder.parent().filter(|_| folder.file_name().is_some_and(|name| name == "prisma"));
    relative(above.unwrap_or(&folder))
}

/// The schema in a folder, at one of the places.
fn schema_in(folder: &Path) -> Option<PathBuf> {
    PLACES.iter().map(|place| folder.join(place)).find(|path| is_there(folder, path))
}

/// Returns whether there is a schema in the folder at this place. One that may not be looked at is there, in a folder that
/// is; what is in a folder that may not be looked at itself is not this command's matter.
fn is_there(folder: &Path, path: &Path) -> bool {
    let in_folder = |parent: &Path| parent != folder && parent.is_dir();
    path.try_exists().unwrap_or_else(|_| path.parent().is_some_and(in_folder))
}

/// The schema folder that a found file is a part of.
fn whole(folder: &Path, schema: PathBuf) -> Result<PathBuf, Failure> {
    let absolute = absolute(&schema)?;
    for above in upwards(folder)? {
        if let Some(other) = schema_in(&above).filter(|other| other.is_dir())
            && absolute.starts_with(self::absolute(&other)?)
        {
            return Ok(other);
        }
    }
    Ok(schema)
}

/// The folders from one up to where a project can lie: the root of the repository, the home folder, or what is below a
/// folder that anybody may put files into, whose settings are nobody's to run.
pub(crate) fn upwards(start: &Path) -> Result<Vec<PathBuf>, Failure> {
    let start = absolute(start)?;
    let home = std::env::home_dir();
    let mut folders = Vec::new();
    for folder in start.ancestors() {
        if folder != start && is_shared(folder) {
            break;
        }
        folders.push(relative(folder)?);
        if folder.join(".git").exists() || home.as_deref() == Some(folder) {
            break;
        }
    }
    Ok(folders)
}

/// Returns whether anybody may put files into the folder and nobody may take those of others away, as in `/tmp`. That a
/// folder is writable for all says little by itself: on drives of Windows in WSL, each one is.
#[cfg(unix)]
fn is_shared(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    const STICKY_AND_WRITABLE: u32 = 0o1002;
    folder.metadata().is_ok_and(|folder| folder.mode() & STICKY_AND_WRITABLE == STICKY_AND_WRITABLE)
}

#[cfg(not(unix))]
fn is_shared(_: &Path) -> bool {
    false
}

/// The absolute path without `a/..` and `./`.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let here =
        std::env::current_dir().map_err(|error| Failure::file("find", Path::new("the current folder"), &error))?;
    Ok(tidy(&here.join(path)))
}

/// The path as seen from the current folder, where the two have more than the root in common.
pub(crate) fn relative(path: &Path) -> Result<PathBuf, Failure> {
    let here = absolute(Path::new(""))?;
    let path = absolute(path)?;
    Ok(between(&here, &path))
}

/// The way from one absolute folder to another place.
pub(crate) fn between(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).map(|(a, _)| a);
    let (mut steps, mut named) = (0, false);
    for component in common {
        steps += 1;
        named |= matches!(component, Component::Normal(_));
    }
    if !named {
        return to.to_owned();
    }
    let up = from.components().skip(steps).map(|_| Component::ParentDir);
    up.chain(to.components().skip(steps)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_two_folders() {
        for (from, to, expected) in [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/c/d", "c/d"),
            ("/a/b/c", "/a", "../.."),
            ("/a/b/c", "/a/x/y", "../../x/y"),
            ("/a/b", "/x/y", "/x/y"),
        ] {
            assert_eq!(between(Path::new(from), Path::new(to)), Path::new(expected), "{from} to {to}");
        }
    }
}
