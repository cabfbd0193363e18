//! The files that a path to a schema means: the command-line tool and build scripts find the same ones.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why the files of a schema cannot be found.
#[derive(Debug)]
pub enum SchemaFilesError {
    /// A folder or what is in it cannot be read.
    Unreadable(PathBuf, io::Error),
    /// Something is called like a schema and is a pipe or a device, which might never end.
    NotAFile(PathBuf),
    /// A folder has no `.prisma` file, at no depth.
    Empty(PathBuf),
}

/// Finds the files of the schema at `path`: the file itself, or all `.prisma` files of the folder and those below it, in
/// the order of their paths. Folders that [others write](is_foreign) are passed over, and linked folders, which may lead
/// back to where they are.
pub fn schema_files(path: &Path) -> Result<Vec<PathBuf>, SchemaFilesError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    collect(path, &mut found)?;
    if found.is_empty() {
        return Err(SchemaFilesError::Empty(path.to_owned()));
    }
    found.sort();
    Ok(found)
}

/// Returns whether a folder holds what others wrote: installed packages, built files, the records of version control.
pub fn is_foreign(folder: &Path) -> bool {
    let Some(name) = folder.file_name() else { return false };
    // Cargo marks what it builds; a folder of models may have the same name.
    name == "node_modules" || name == ".git" || folder.join("CACHEDIR.TAG").is_file()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), SchemaFilesError> {
    let unreadable = |error| SchemaFilesError::Unreadable(folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        // A linked folder may lead back here; a linked file does not.
        let kind = entry.file_type().map_err(|error| SchemaFilesError::Unreadable(path.clone(), error))?;
        if kind.is_dir() {
            if !is_foreign(&path) {
                collect(&path, found)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "prisma") {
            if path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
                return Err(SchemaFilesError::NotAFile(path));
            }
            if !path.is_dir() {
                found.push(path);
            }
        }
    }
    Ok(())
}
