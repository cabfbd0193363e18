//! The history: the folder of migrations and the rows of those that a database has, both as Prisma keeps them.
//!
//! ```text
//! prisma/migrations/migration_lock.toml
//! prisma/migrations/20260102030405_add_posts/migration.sql      in the order of their names
//! table _prisma_migrations                                      a row a migration, with the script's checksum
//! ```

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use purlin_schema::model::Provider;
use sha2::{Digest, Sha256};

use crate::{Error, diff::Owned, owned::owned, statement::Syntax};

const SCRIPT: &str = "migration.sql";
const LOCK: &str = "migration_lock.toml";
/// How a folder's name begins.
const STAMP: &str = "%Y%m%d%H%M%S";

/// The migrations of a folder, in order.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The folder; it need not exist.
    pub folder: PathBuf,
    /// Its migrations.
    pub migrations: Vec<Migration>,
}

/// A migration of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The name of its folder.
    pub name: String,
    /// The text of its `migration.sql`.
    pub script: String,
}

/// A row of the history table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The migration's name.
    pub name: String,
    /// The checksum of the script that was run.
    pub checksum: String,
    /// Whether it came to its end.
    pub finished: bool,
    /// Whether it was taken back.
    pub rolled_back: bool,
}

/// The row that is written with a migration.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) name: String,
    pub(crate) checksum: String,
    pub(crate) started: DateTime<Utc>,
    pub(crate) steps: u32,
}

/// Who has run a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobOutcome {
    /// This run.
    Done,
    /// Its record was there already.
    DoneBefore,
}

impl JobOutcome {
    /// What is to be done about a migration that is about to be run, by the rows of the history under the lock. An error where it
    /// began and did not end.
    pub(crate) fn of(rows: &[Applied], record: &Record) -> Result<Self, Error> {
        match rows.iter().rev().find(|row| row.name == record.name && !row.rolled_back) {
            None => Ok(Self::Done),
            Some(row) if row.finished => Ok(Self::DoneBefore),
            Some(_) => {
                let failed = Standing { failed: vec![record.name.clone()], ..Standing::default() };
                failed.check_failed().map(|()| Self::Done)
            }
        }
    }
}

/// How a database stands to the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Migrations that the database has.
    pub applied: Vec<String>,
    /// Migrations that it does not have.
    pub pending: Vec<Migration>,
    /// Migrations whose script was changed after it was run.
    pub edited: Vec<String>,
    /// Migrations that it has and the folder does not.
    pub missing: Vec<String>,
    /// Migrations that began and did not end.
    pub failed: Vec<String>,
    /// Those of them that are not in the folder.
    pub failed_and_missing: Vec<String>,
}

impl History {
    /// Reads the folder. One that does not exist has no migrations.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let mut migrations = Vec::new();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { folder: folder.to_owned(), migrations });
            }
            Err(error) => return Err(Error::file(folder, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Error::file(folder, &error))?;
            let path = entry.path();
            if !path.is_dir() {
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let script = path.join(SCRIPT);
            if !script.exists() {
                return Err(Error::missing_script(format!("the migration {name} has no {SCRIPT}"))
                    .with_remedy(format!("restore {}, or remove its folder", script.display())));
            }
            let script = fs::read_to_string(&script).map_err(|error| Error::file(&script, &error))?;
            if script.contains('\0') {
                let message =
                    format!("the script of the migration {name} holds a NUL character, where SQLite stops reading");
                return Err(Error::script_failed(message).with_remedy("remove it: nothing was run"));
            }
            migrations.push(Migration { name, script });
        }
        migrations.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { folder: folder.to_owned(), migrations })
    }

    /// What the generated parts of all scripts own.
    pub(crate) fn owned(&self, syntax: Syntax) -> Owned {
        let mut all = Owned::default();
        for migration in &self.migrations {
            let more = owned(&migration.script, syntax);
            all.tables.extend(more.tables);
            all.indexes.extend(more.indexes);
            all.enums.extend(more.enums);
        }
        all
    }

    /// Complains when the folder is another database's.
    pub fn check_provider(&self, provider: Provider) -> Result<(), Error> {
        let path = self.folder.join(LOCK);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::file(&path, &error)),
        };
        let locked = text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == "provider").then(|| value.trim().trim_matches('"').to_owned())
        });
        match locked {
            Some(locked) if !provider.names().contains(&locked.as_str()) => Err(Error::other_provider(format!(
                "the migrations in {} are for {locked}, the schema is for {}",
                self.folder.display(),
                provider.name()
            ))
            .with_remedy("use another folder of migrations for this database")),
            _ => Ok(()),
        }
    }

    /// Writes a new migration and returns it; its name sorts behind all others.
    pub fn write(&mut self, slug: &str, script: &str, provider: Provider) -> Result<Migration, Error> {
        // A clock that went back, or two migrations in a second, must not change the order.
        let after_last = self
            .migrations
            .last()
            .and_then(|last| NaiveDateTime::parse_from_str(last.name.get(..14)?, STAMP).ok())
            .and_then(|last| last.checked_add_signed(TimeDelta::seconds(1)));
        let now = now().naive_utc();
        let stamp = after_last.map_or(now, |after| after.max(now));
        let slug = self::slug(slug);
        let stamp = stamp.format(STAMP).to_string();
        let name = if slug.is_empty() { stamp } else { format!("{stamp}_{slug}") };
        if let Some(last) = self.migrations.last().filter(|last| last.name >= name) {
            return Err(Error::refused(format!(
                "the new migration {name} would run before {last}, which is there already: migrations run in the order of \
                 their names",
                last = last.name
            ))
            .with_remedy(format!(
                "nothing was written; rename the folder {0} so that it begins with the time of its making, as in \
                 20240101000000_{0}, and its row in each database: UPDATE \"_prisma_migrations\" SET migration_name = \
                 '20240101000000_{0}' WHERE migration_name = '{0}'",
                last.name
            )));
        }
        let folder = self.folder.join(&name);
        fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, &error))?;
        let lock = self.folder.join(LOCK);
        if !lock.exists() {
            let text = format!(
                "# Keep this file in version control, beside the migrations.\nprovider = \"{}\"\n",
                provider.name()
            );
            fs::write(&lock, text).map_err(|error| Error::file(&lock, &error))?;
        }
        let path = folder.join(SCRIPT);
        fs::write(&path, script).map_err(|error| Error::file(&path, &error))?;
        let migration = Migration { name, script: script.to_owned() };
        self.migrations.push(migration.clone());
        Ok(migration)
    }

    /// How a database with these rows stands to this folder.
    pub fn standing(&self, rows: &[Applied]) -> Standing {
        let mut standing = Standing::default();
        let live = |name: &str| rows.iter().rev().find(|row| row.name == name && !row.rolled_back);
        for migration in &self.migrations {
            match live(&migration.name) {
                None => standing.pending.push(migration.clone()),
                Some(row) if !row.finished => standing.failed.push(migration.name.clone()),
                Some(row) => {
                    standing.applied.push(migration.name.clone());
                    if !migration.has_checksum(&row.checksum) {
                        standing.edited.push(migration.name.clone());
                    }
                }
            }
        }
        for row in rows.iter().filter(|row| !row.rolled_back) {
            let known = self.migrations.iter().any(|migration| migration.name == row.name);
            let list = if row.finished { &mut standing.missing } else { &mut standing.failed };
            if !known && !list.contains(&row.name) {
                list.push(row.name.clone());
                if !row.finished {
                    standing.failed_and_missing.push(row.name.clone());
                }
            }
        }
        standing
    }
}

impl Standing {
    /// Pending migrations that are older than one which the database has: other databases run them the other way round.
    pub fn late(&self) -> impl Iterator<Item = &str> {
        let newest = self.applied.iter().max();
        let pending = self.pending.iter().map(|migration| migration.name.as_str());
        pending.filter(move |name| newest.is_some_and(|newest| *name < newest.as_str()))
    }

    /// How to settle a migration that began and did not end.
    pub fn settle(&self, name: &str) -> String {
        let rolled_back =
            format!("bring the database to the state before it and run `purlin migrate resolve --rolled-back {name}`");
        if self.failed_and_missing.iter().any(|missing| missing == name) {
            return rolled_back;
        }
        format!("{rolled_back}, or to the state after it and run `purlin migrate resolve --applied {name}`")
    }

    /// Complains when a migration began and did not end: nothing more may be run before that is settled.
    pub fn check_failed(&self) -> Result<(), Error> {
        let Some(name) = self.failed.first() else { return Ok(()) };
        Err(Error::failed_migration(format!(
            "the migration {name} began and did not end: another process is running it, or it failed and the database may \
             have half of it"
        ))
        .with_remedy(format!("if no process runs it, {}", self.settle(name))))
    }
}

impl Migration {
    /// The checksum of the script, in hexadecimal.
    pub fn checksum(&self) -> String {
        hex(&self.script, true)
    }

    /// Returns whether `checksum` is of this script. Git may have changed its line ends, and old versions of Prisma wrote
    /// the bytes below 16 as one digit.
    pub fn has_checksum(&self, checksum: &str) -> bool {
        let unix = self.script.replace("\r\n", "\n");
        let windows = unix.replace('\n', "\r\n");
        [&self.script, &unix, &windows]
            .into_iter()
            .any(|script| hex(script, true) == checksum || hex(script, false) == checksum)
    }

    pub(crate) fn record(&self, steps: u32) -> Record {
        Record { name: self.name.clone(), checksum: self.checksum(), started: now(), steps }
    }
}

fn hex(script: &str, padded: bool) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(script.as_bytes()) {
        // Writing to a string does not fail.
        let _ = if padded { write!(text, "{byte:02x}") } else { write!(text, "{byte:x}") };
    }
    text
}

pub(crate) fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

/// A name as part of a folder's name: lower case, underscores, at most 200 bytes.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.trim().chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('_') && !slug.is_empty() {
            slug.push('_');
        }
    }
    let mut end = slug.len().min(200 - 15);
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    slug.truncate(end);
    slug.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_a_folder_name() {
        assert_eq!(slug("  Add users/../posts! "), "add_users_posts");
        assert_eq!(slug("Größe"), "größe");
        assert!(slug(&"ü".repeat(300)).len() <= 185);
    }

    #[test]
    fn checksums_survive_git_and_old_prisma() {
        let migration = Migration { name: "1_a".to_owned(), script: "SELECT 1;\nSELECT 2;\n".to_owned() };
        let windows = Migration { name: "1_a".to_owned(), script: "SELECT 1;\r\nSELECT 2;\r\n".to_owned() };
        assert!(migration.has_checksum(&windows.checksum()) && windows.has_checksum(&migration.checksum()));
        assert!(migration.has_checksum(&hex(&migration.script, false)));
        let edited = Migration { name: "1_a".to_owned(), script: "SELECT 3;\n".to_owned() };
        assert!(!edited.has_checksum(&migration.checksum()));
    }
}
