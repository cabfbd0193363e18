//! What the tests share: a folder with a project in it, and the real command.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
};

pub(crate) struct Project {
    folder: tempfile::TempDir,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A project with a schema of these models, whose database is `dev.db`.
    pub(crate) fn of(models: &str) -> Self {
        let project = Self::new();
        project.schema(models);
        project
    }

    pub(crate) fn schema(&self, models: &str) {
        self.write(
            "prisma/schema.prisma",
            &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}}\n\n{models}\n"),
        );
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_purlin"));
        command.args(arguments.split_whitespace()).current_dir(self.folder.path()).stdin(Stdio::null());
        command
            .env_remove("DATABASE_URL")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("FORCE_COLOR");
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    /// Runs the command in a folder of the project, which is made where it does not exist.
    pub(crate) fn run_in(&self, folder: &str, arguments: &str) -> Said {
        std::fs::create_dir_all(self.path(folder)).unwrap();
        said(self.command(arguments).current_dir(self.path(folder)).output().unwrap())
    }

    /// Runs what must succeed in a folder of the project, and returns what it said.
    pub(crate) fn done_in(&self, folder: &str, arguments: &str) -> Said {
        let said = self.run_in(folder, arguments);
        assert_eq!(said.code, 0, "purlin {arguments} in {folder}\n{}{}", said.out, said.err);
        said
    }

    /// Runs what must succeed, and returns its output.
    pub(crate) fn done(&self, arguments: &str) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "purlin {arguments}\n{}{}", said.out, said.err);
        said.out
    }

    /// Runs what must fail with this code, and returns the error.
    pub(crate) fn fails(&self, code: i32, arguments: &str) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "purlin {arguments}\n{}{}", said.out, said.err);
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said.err
    }

    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("dev.db")).unwrap()
    }
}

pub(crate) fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) const USER: &str = "model User {\n  id Int @id @default(autoincrement())\n  name String?\n}\n";
