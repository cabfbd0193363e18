//! Files, folders and arguments that nobody means to have: each is told in words, nothing hangs, and no other database is
//! opened than the one that is meant.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]
#![cfg(unix)]

mod support;

use std::{
    ffi::{OsStr, OsString},
    fs::OpenOptions,
    os::unix::{ffi::OsStrExt, fs::symlink},
    process::{Command, Stdio},
};

use support::{Project, USER, said};

const PLACE: &str = "prisma/schema.prisma";

fn bytes(project: &Project, name: &str, bytes: &[u8]) {
    project.write(name, "");
    std::fs::write(project.path(name), bytes).unwrap();
}

#[test]
fn a_schema_in_another_encoding_is_told() {
    let utf16: Vec<u8> = "\u{feff}model A {}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (text, expected) in [
        (utf16.as_slice(), "prisma/schema.prisma is in the encoding UTF-16"),
        (b"// a\n// \xe9\n", "prisma/schema.prisma is not in the encoding UTF-8: line 2 has other bytes"),
        (b"\xff", "prisma/schema.prisma is not in the encoding UTF-8: line 1 has other bytes"),
    ] {
        let project = Project::new();
        bytes(&project, PLACE, text);
        for command in ["validate", "format", "db push", "generate", "doctor"] {
            let err = project.fails(2, command);
            assert!(err.contains(expected) && err.contains("save it in the encoding UTF-8"), "{command}: {err}");
        }
    }
    let project = Project::of(USER);
    bytes(&project, "x.sql", b"SELECT '\xe9'");
    assert!(project.fails(2, "db execute --file x.sql").contains("x.sql is not in the encoding UTF-8: line 1"));
}

#[test]
fn what_is_no_file_in_a_schema_folder_is_told() {
    let project = Project::new();
    project.write("prisma/schema/a.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    project.write("prisma/schema/more.prisma/b.prisma", "model B {\n  id Int @id\n}\n");
    symlink("..", project.path("prisma/schema/up")).unwrap();
    symlink("../schema", project.path("prisma/schema/again.prisma")).unwrap();
    assert_eq!(project.done("validate"), "Valid prisma/schema: 2 models\n");
    symlink("nowhere.prisma", project.path("prisma/schema/link.prisma")).unwrap();
    assert!(
        project.fails(2, "validate").contains("cannot read prisma/schema/link.prisma: it is a link that leads nowhere")
    );
    std::fs::remove_file(project.path("prisma/schema/link.prisma")).unwrap();
    let made = Command::new("mkfifo").arg(project.path("prisma/schema/pipe.prisma")).status().unwrap();
    assert!(made.success());
    assert!(project.fails(2, "validate").contains("prisma/schema/pipe.prisma is not a file"));
}

#[test]
fn what_cannot_be_read_is_told_in_words() {
    let project = Project::of(USER);
    for (command, expected) in [
        ("validate nothing.prisma", "cannot read nothing.prisma: it does not exist"),
        ("db execute --file prisma", "cannot read prisma: it is a folder"),
        (
            "db execute --file prisma/schema.prisma/x",
            "cannot read prisma/schema.prisma/x: a part of its path is a file",
        ),
        ("--config prisma validate", "cannot read prisma: it is a folder"),
        ("--schema /dev/zero validate", "cannot read /dev/zero: it is too large"),
        ("db push --url file:/dev/null", "/dev/null is a device or a pipe, not an SQLite database"),
    ] {
        let err = project.fails(2, command);
        assert!(err.contains(expected) && !err.contains("os error"), "{command}: {err}");
    }
}

/// A result that is not written is no result: the exit code says so, although the command did its work.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_noticed() {
    for command in ["doctor", "validate --format json", "completions bash", "explain", "format -", "migrate status"] {
        let project = Project::of(USER);
        project.done("db push");
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = project.command(command);
        let mut child = command.stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"model A {\n  id Int @id\n}\n").ok();
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 2, "{command:?}: {}", said.err);
        assert!(said.err.contains("cannot write standard output: the disk is full"), "{}", said.err);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = Project::of(USER);
    for command in ["explain", "validate --format json", "db push", "migrate status", "doctor", "completions bash"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let said = said(project.command(command).stdout(writer).output().unwrap());
        assert!(said.code <= 1 && !said.err.contains("panicked"), "{command}: {} {}", said.code, said.err);
    }
}

/// The name of a folder is a part of the URL where a command is run outside of it. What a URL cannot hold would lead to
/// another file.
#[test]
fn a_folder_with_an_odd_name_has_its_own_database() {
    let names: [&[u8]; 11] = [
        b"a b",
        b"it's",
        b"q\"q",
        b"new\nline",
        "\u{e9}\u{2603}".as_bytes(),
        b"$(id)",
        b"a;b",
        b"%41",
        b"a#b",
        b"a?b",
        b"\xff\xfe",
    ];
    for name in names {
        let outside = Project::new();
        let folder = outside.path("").join(OsStr::from_bytes(name));
        std::fs::create_dir_all(folder.join("prisma")).unwrap();
        std::fs::write(
            folder.join(PLACE),
            format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}}\n{USER}"),
        )
        .unwrap();
        let inside = said(outside.command("db push").current_dir(&folder).output().unwrap());
        assert_eq!(inside.code, 0, "{name:?}: {}", inside.err);
        assert!(folder.join("dev.db").is_file(), "{name:?}");
        let mut schema = OsString::from("--schema=");
        schema.push(OsStr::from_bytes(name));
        schema.push("/prisma/schema.prisma");
        let from_outside = said(outside.command("db push").arg(schema).output().unwrap());
        let cannot = name.contains(&b'?') || std::str::from_utf8(name).is_err();
        if cannot {
            assert_eq!(from_outside.code, 2, "{name:?}: {}", from_outside.out);
            assert!(from_outside.err.contains("the URL of a database cannot hold the path"), "{}", from_outside.err);
        } else {
            assert!(from_outside.out.starts_with("Unchanged"), "{name:?}: {}{}", from_outside.out, from_outside.err);
            assert!(
                from_outside
                    .err
                    .lines()
                    .any(|line| line.starts_with("Database: ") && line.ends_with("dev.db (SQLite)"))
            );
        }
        let left: Vec<OsString> =
            std::fs::read_dir(outside.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [OsStr::from_bytes(name)], "no other file");
    }
}

#[test]
fn a_database_in_memory_is_told_to_end() {
    let project = Project::of(USER);
    for url in ["file::memory:", "sqlite::memory:", "file:x.db?mode=memory"] {
        let said = project.run(&format!("db push --url {url}"));
        assert!(
            said.code == 0 && said.err.contains("a database in memory ends with this command"),
            "{url}: {}",
            said.err
        );
    }
    assert!(!project.path("x.db").exists());
}

#[test]
fn a_very_long_path_is_cut_in_messages() {
    let project = Project::of(USER);
    let said = project.run(&format!("db push --url file:{}", "x".repeat(6_000)));
    assert_eq!(said.code, 2);
    assert!(said.err.lines().next().unwrap().len() < 600, "{}", said.err);
}

/// What stops several checks of the doctor is told once.
#[test]
fn a_finding_is_told_once() {
    let project = Project::new();
    project.write(PLACE, "model A {\n  id Int @id\n}\n");
    let said = project.run("doctor");
    assert_eq!(said.out.matches("the schema has no datasource block").count(), 1, "{}", said.out);
}

#[test]
fn an_option_of_another_tool_leads_to_the_one_of_this() {
    let project = Project::of(USER);
    for (typed, meant) in [
        ("db push --skip-generate", "only `purlin generate` writes clients"),
        ("migrate dev --skip-seed", "only `purlin db seed` runs the seed command"),
        ("generate --no-engine", "a generated client holds no engine"),
        ("migrate reset --yes", "say `--force`"),
        ("validate --json", "say `--format json`"),
        ("init --datasource-provider sqlite", "say `--provider`"),
        ("generate -w", "say `--watch`"),
        ("-v", "run `purlin --version`"),
    ] {
        let err = project.fails(2, typed);
        assert!(err.contains("the command has no option") && err.contains(meant), "{typed}: {err}");
    }
    // One that is like an option of the command.
    for (typed, meant) in [
        ("db push --accept-dataloss", "--accept-data-loss"),
        ("format --chek", "--check"),
        ("--shema x validate", "--schema"),
    ] {
        let err = project.fails(2, typed);
        assert!(err.contains("a similar argument exists") && err.contains(meant), "{typed}: {err}");
    }
}

const BY_VARIABLE: &str = "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}\n";

/// A variable of the process hides that of a file, also where it cannot be used: no other database is taken instead.
#[test]
fn a_variable_that_cannot_be_used_is_not_replaced() {
    for (value, why, remedy) in [
        (OsStr::new(""), "is set, but empty", "unset it, so that .env counts"),
        (OsStr::from_bytes(b"file:./\xff.db"), "is set, but not in the encoding UTF-8", "correct it, or say --url"),
    ] {
        for datasource in [BY_VARIABLE, "datasource db {\n  provider = \"sqlite\"\n}\n"] {
            let project = Project::new();
            project.write(PLACE, &format!("{datasource}{USER}"));
            project.write(".env", "DATABASE_URL=file:./other.db\n");
            let refused = said(project.command("db push").env("DATABASE_URL", value).output().unwrap());
            assert!(refused.code == 2 && refused.err.contains(why) && refused.err.contains(remedy), "{}", refused.err);
            assert!(!project.path("other.db").exists());
            // Unset, the file counts.
            project.done("db push");
            assert!(project.path("other.db").exists());
        }
    }
}

#[test]
fn settings_in_other_encodings_are_read_or_told() {
    let project = Project::new();
    project.write("other.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.write(PLACE, &format!("{BY_VARIABLE}{USER}"));
    // A byte order mark, which npm skips too.
    project.write("package.json", "\u{feff}{ \"prisma\": { \"schema\": \"other.prisma\" } }");
    assert!(project.done("validate").contains("other.prisma"));
    project.write("purlin.toml", "\u{feff}url = \"file:./t.db\"\r\n");
    project.done("db push");
    assert!(project.path("t.db").exists());
    project.write("purlin.toml", "url = { env = \"\" }\n");
    assert!(project.fails(2, "db push").contains("`env` of `url` names no variable"));
    std::fs::remove_file(project.path("purlin.toml")).unwrap();
    // As PowerShell writes it.
    let utf16: Vec<u8> = "\u{feff}DATABASE_URL=file:./x.db\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes(&project, ".env", &utf16);
    let err = project.fails(2, "db push");
    assert!(
        err.contains("warning: .env is in the encoding UTF-16") && err.contains("DATABASE_URL is not set"),
        "{err}"
    );
}

#[test]
fn an_empty_seed_command_is_none() {
    let project = Project::of(USER);
    project.write("purlin.toml", "[seed]\ncommand = \" \"\n");
    assert!(project.fails(2, "db seed").contains("there is no seed command"));
}
