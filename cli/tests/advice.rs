//! Where the advice of a message leads: each command that a message names exists, and who follows it gets on.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

mod support;

use std::path::Path;

use support::{Project, USER, said};

/// The texts of a folder's Rust files.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&entry).unwrap();
                found.push((entry.display().to_string(), text));
            }
        }
    }
    found
}

/// The commands of `purlin` between backticks, in the strings of the sources.
fn commands() -> Vec<(String, String)> {
    let mut commands = Vec::new();
    for folder in ["src", "../migrate/src"] {
        for (path, text) in sources(folder) {
            // Without comments, and strings without the ends of their lines.
            let code: String =
                text.lines().filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |code, line| {
                    match code.strip_suffix('\\') {
                        Some(code) => format!("{code}{}", line.trim_start()),
                        None => format!("{code}\n{line}"),
                    }
                });
            let mut rest = code.as_str();
            while let Some(start) = rest.find("`purlin ") {
                let inside = &rest[start + 1..];
                let Some(end) = inside.find('`') else { break };
                commands.push((path.clone(), inside[..end].to_owned()));
                rest = &inside[end + 1..];
            }
        }
    }
    commands
}

#[test]
fn each_command_that_a_message_names_exists() {
    let project = Project::of(USER);
    let later = ["purlin lsp", "purlin docs", "purlin studio"];
    let mut known = std::collections::BTreeSet::new();
    for (path, command) in commands() {
        if command.contains('\n') || later.contains(&command.as_str()) || !known.insert(command.clone()) {
            continue;
        }
        // What stands for a name.
        let typed: Vec<String> =
            command
                .split_whitespace()
                .skip(1)
                .map(|word| {
                    if word.starts_with('{') || word.starts_with('<') {
                        "some-name".to_owned()
                    } else {
                        word.to_owned()
                    }
                })
                .collect();
        if typed == ["{name}"] || typed == ["some-name"] {
            continue;
        }
        let said = project.run(&format!("{} --help", typed.join(" ")));
        assert_eq!(said.code, 0, "{path}: `{command}`\n{}{}", said.out, said.err);
    }
    assert!(known.len() >= 15, "{known:?}");
}

fn first_migration(project: &Project) -> String {
    let mut names: Vec<String> = std::fs::read_dir(project.path("prisma/migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.remove(0)
}

/// Runs the command between backticks that begins so, with the name in place of what stands for it.
fn follow(project: &Project, text: &str, begins: &str, name: &str) {
    let command = text
        .split('`')
        .find(|part| part.starts_with(begins))
        .unwrap_or_else(|| panic!("`{begins}` is missing in {text}"))
        .trim_start_matches("purlin ")
        .replace("<name>", name)
        .replace("<migration>", name);
    project.done(&command);
}

/// The commands of a message, which stand between backticks or on lines of their own.
fn commands_in(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let on_lines = text.lines().filter_map(|line| line.strip_prefix("  ")).map(|line| match line.split_once(". ") {
        Some((number, step)) if number.chars().all(|digit| digit.is_ascii_digit()) => step.split("   ").next().unwrap(),
        _ => line,
    });
    quoted.chain(on_lines).filter(|part| part.starts_with("purlin ")).map(|part| part.trim().to_owned()).collect()
}

/// A command that was told its schema, settings or database by options names them in each command that it tells to run.
#[test]
fn the_options_that_were_typed_are_in_the_commands_of_the_messages() {
    const SCHEMA: &str = "--schema packages/db/prisma/schema.prisma";
    let models = format!("generator ts {{\n  provider = \"purlin-typescript\"\n}}\n\n{USER}");
    let of = |place: &str| {
        let project = Project::new();
        project.write(
            place,
            &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}}\n\n{models}"),
        );
        project.write("packages/db/package.json", "{}");
        project
    };
    let usual = || of("packages/db/prisma/schema.prisma");
    let pasted = |project: &Project, text: &str, begins: &str, options: &str| {
        let command = commands_in(text).into_iter().find(|command| command.starts_with(begins));
        let command = command.unwrap_or_else(|| panic!("`{begins}` is missing in {text}"));
        assert!(command.ends_with(options), "{command} does not end with {options}");
        project.done(command.trim_start_matches("purlin ").replace("<name>", "some").as_str())
    };

    // The schema, in the commands of migrations and of clients.
    let project = usual();
    project.done(&format!("db push {SCHEMA}"));
    project.done(&format!("migrate dev --create-only --name init {SCHEMA}"));
    let err = project.fails(1, &format!("migrate deploy {SCHEMA}"));
    pasted(&project, &err, "purlin migrate resolve --applied", SCHEMA);
    project.done(&format!("migrate deploy {SCHEMA}"));
    let err = project.fails(1, &format!("generate --check {SCHEMA}"));
    pasted(&project, &err, "purlin generate", SCHEMA);
    assert_eq!(project.fails(1, &format!("migrate resolve --rolled-back nowhere {SCHEMA}")).matches(SCHEMA).count(), 1);
    let err = project.fails(2, &format!("migrate baseline {SCHEMA}"));
    assert_eq!(err.matches(SCHEMA).count(), 3, "{err}");

    // The schema as an argument, also one whose name a shell would split.
    project.write("packages/my db/a.prisma", "model A {\n    id Int @id\n}\n");
    let said = said(project.command("format --check").arg("packages/my db/a.prisma").output().unwrap());
    assert!(said.code == 1 && said.err.contains("`purlin format --schema 'packages/my db/a.prisma'`"), "{}", said.err);

    // The database.
    let project = usual();
    let url = format!("{SCHEMA} --url file:./other.db");
    let err = project.fails(1, &format!("migrate status {url}"));
    pasted(&project, &err, "purlin migrate dev --name", &url);
    project.done(&format!("migrate status {url}"));
    assert!(project.path("other.db").is_file() && !project.path("dev.db").exists());
    let connection = rusqlite::Connection::open(project.path("other.db")).unwrap();
    connection.execute_batch("ALTER TABLE User ADD COLUMN extra TEXT").unwrap();
    let err = project.fails(1, &format!("migrate dev --name x {url}"));
    pasted(&project, &err, "purlin migrate dev --create-only", &url);
    let out = project.run(&format!("doctor {url}")).out;
    assert!(commands_in(&out).iter().all(|command| command.contains(SCHEMA)), "{out}");

    // The settings.
    let project = of("packages/db/data/models.prisma");
    project.write("packages/db/purlin.toml", "schema = \"data/models.prisma\"\n");
    let err = project.fails(1, "generate --check --config packages/db/purlin.toml");
    pasted(&project, &err, "purlin generate", "--config packages/db/purlin.toml");

    // A place that only `init` was told.
    let project = Project::new();
    let out = project.done("init --schema data/shop.prisma");
    for step in ["purlin db push", "purlin generate"] {
        pasted(&project, &out, step, "--schema data/shop.prisma");
    }
    let said = project.run("init packages/db --schema packages/db/data/shop.prisma");
    assert!(commands_in(&said.out).contains(&"purlin db push --schema data/shop.prisma".to_owned()), "{}", said.out);
    project.done_in("packages/db", "db push --schema data/shop.prisma");

    // What takes none of them.
    project.write("broken.prisma", "model A {\n  id Nothing @id\n}\n");
    let err = project.fails(1, "validate --schema broken.prisma");
    assert!(
        commands_in(&err).iter().all(|command| command.starts_with("purlin explain") && !command.contains("--")),
        "{err}"
    );
}

#[test]
fn an_edited_migration_is_accepted_or_restored() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    let name = first_migration(&project);
    let path = format!("prisma/migrations/{name}/migration.sql");
    let text = project.read(&path);
    project.write(&path, &format!("-- A comment.\n{text}"));
    let said = project.run("migrate status");
    assert!(said.code == 1 && said.err.contains(&format!("restore {path}")), "{}", said.err);
    follow(&project, &said.err, "purlin migrate resolve --applied", &name);
    project.done("migrate status");
    project.done("migrate dev");
    // Twice is once too often.
    assert!(project.fails(1, &format!("migrate resolve --applied {name}")).contains("error[P3008]"));
    project.write(&path, &text);
    let err = project.fails(1, "migrate status");
    project.write(&path, &format!("-- A comment.\n{text}"));
    assert!(err.contains("restore"), "{err}");
    project.done("migrate status");
}

#[test]
fn a_missing_migration_is_restored_or_the_database_begins_again() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    let name = first_migration(&project);
    let script = project.read(&format!("prisma/migrations/{name}/migration.sql"));
    std::fs::remove_dir_all(project.path("prisma/migrations").join(&name)).unwrap();
    for command in ["migrate status", "migrate dev --name x", &format!("migrate resolve --rolled-back {name}")] {
        let err = project.fails(1, command);
        assert!(err.contains("purlin migrate reset") && err.contains("version control"), "{command}: {err}");
    }
    project.write(&format!("prisma/migrations/{name}/migration.sql"), &script);
    project.done("migrate status");
    std::fs::remove_dir_all(project.path("prisma/migrations").join(&name)).unwrap();
    project.done("migrate reset --force");
    project.done("migrate dev --name again");
    project.done("migrate status");
}

#[test]
fn drift_is_told_as_drift() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    project.database().execute_batch("ALTER TABLE User ADD COLUMN extra TEXT").unwrap();
    let said = project.run("migrate status");
    assert!(
        said.out.contains("In the database, but not made by its migrations:\n  + column \"User\".\"extra\""),
        "{}",
        said.out
    );
    // The help: the same in the schema, a migration for it, and its record.
    project.schema(&USER.replace("name String?", "name String?\n  extra String?"));
    let said = project.run("migrate status");
    assert!(
        said.out.contains("In the schema, but not in a migration yet:\n  + column \"User\".\"extra\""),
        "{}",
        said.out
    );
    follow(&project, &said.err, "purlin migrate dev --create-only", "extra");
    let name = std::fs::read_dir(project.path("prisma/migrations")).unwrap().map(|entry| entry.unwrap().file_name());
    let name = name.map(|name| name.to_string_lossy().into_owned()).find(|name| name.ends_with("extra")).unwrap();
    follow(&project, &said.err, "purlin migrate resolve --applied", &name);
    project.done("migrate status");
    project.done("migrate dev");

    // What is only missing in the migrations is no drift; what only the schema changed neither.
    project.schema(&USER.replace("name String?", "name String?\n  extra String?\n  more Int?"));
    let said = project.run("migrate status");
    assert!(!said.out.contains("In the database") && said.out.contains("not in a migration yet"), "{}", said.out);
    follow(&project, &said.err, "purlin migrate dev", "more");
}

/// An index that only a migration has is missing in the database, not added there.
#[test]
fn what_the_database_lacks_is_told_as_missing() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    let name = first_migration(&project);
    let path = format!("prisma/migrations/{name}/migration.sql");
    let text = project.read(&path);
    for (script, missing) in [
        ("CREATE INDEX \"User_name_idx\" ON \"User\"(\"name\");", "  - index"),
        ("CREATE INDEX \"by hand\" ON \"User\"(\"name\");", "  - index \"by hand\""),
        ("CREATE TABLE \"Extra\" (\"id\" INTEGER NOT NULL PRIMARY KEY);", "  - table \"Extra\""),
        ("ALTER TABLE \"User\" ADD COLUMN \"age\" INTEGER;", "  - column \"User\".\"age\""),
    ] {
        project.write(&path, &format!("{text}\n{script}\n"));
        let said = project.run(&format!("migrate resolve --applied {name}"));
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(
            said.err.contains("warning: nothing was run, and the database lacks") && said.err.contains(missing),
            "{}",
            said.err
        );
        assert!(said.err.contains("`purlin db execute`"), "{}", said.err);
        let said = project.run("migrate status");
        let heading = format!("Made by the migrations, but missing in the database:\n{missing}");
        assert!(said.code == 1 && said.out.contains(&heading) && !said.out.contains("not made by"), "{}", said.out);
        // Who follows the warning is done with it.
        let back = format!("{text}\n-- {}\n", script.len());
        project.write(&path, &back);
        assert!(!project.run(&format!("migrate resolve --applied {name}")).err.contains("warning"));
        project.done("migrate status");
    }
    // A migration that is recorded before the database has what it makes.
    project.write(
        "prisma/migrations/99999999999999_more/migration.sql",
        "ALTER TABLE \"User\" ADD COLUMN \"age\" INTEGER;",
    );
    let said = project.run("migrate resolve --applied 99999999999999_more");
    assert!(said.err.contains("  - column \"User\".\"age\""), "{}", said.err);
}

#[test]
fn taking_drift_back_is_enough() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    let made = "In the database, but not made by its migrations:\n  + ";
    let missing = "Made by the migrations, but missing in the database:\n  - ";
    for (heading, there, back) in [
        (made, "ALTER TABLE User ADD COLUMN extra TEXT", "ALTER TABLE User DROP COLUMN extra"),
        (
            missing,
            "DROP TABLE User",
            "CREATE TABLE \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \"name\" TEXT)",
        ),
        (missing, "ALTER TABLE User RENAME COLUMN name TO other", "ALTER TABLE User RENAME COLUMN other TO name"),
    ] {
        project.database().execute_batch(there).unwrap();
        let said = project.run("migrate status");
        assert!(said.code == 1 && said.out.contains(heading), "{there}: {}", said.out);
        assert!(project.fails(1, "migrate dev").contains("differs from what its migrations make"), "{there}");
        project.database().execute_batch(back).unwrap();
        project.done("migrate status");
    }
    project.database().execute_batch("ALTER TABLE User ADD COLUMN extra TEXT").unwrap();
    project.done("migrate reset --force");
    project.done("migrate status");
}

#[test]
fn what_is_pending_is_run_by_either_command() {
    let project = Project::of(USER);
    project.done("migrate dev --name init");
    for command in ["purlin migrate dev", "purlin migrate deploy"] {
        std::fs::remove_file(project.path("dev.db")).unwrap();
        let said = project.run("migrate status");
        assert!(said.code == 1, "{}", said.out);
        follow(&project, &said.err, command, "");
        project.done("migrate status");
    }
}

#[test]
fn a_pushed_database_gets_a_history() {
    let project = Project::of(USER);
    project.done("db push");
    project.done("migrate dev --create-only --name init");
    let name = first_migration(&project);
    for command in ["migrate status", "migrate deploy", "migrate dev"] {
        let err = project.fails(1, command);
        assert!(err.contains(&format!("purlin migrate resolve --applied {name}")), "{command}: {err}");
    }
    let err = project.fails(1, "migrate status");
    follow(&project, &err, "purlin migrate resolve --applied", &name);
    project.done("migrate status");
    // Without a folder yet.
    let other = Project::of(USER);
    other.done("db push");
    for (command, told) in [
        ("migrate status", "In sync: the database is what the schema describes, made without migrations"),
        ("migrate deploy", "Unchanged: there are no migrations to run"),
        ("doctor", "Healthy:"),
    ] {
        let said = other.done_in(".", command);
        assert!(said.out.contains(told), "{command}: {}", said.out);
        assert!(said.err.contains("note: the schema was pushed without migrations"), "{command}: {}", said.err);
    }
    assert!(other.done("migrate status --format json").contains("pushed without migrations"));
    // As the note tells.
    let err = other.done_in(".", "migrate status").err;
    let began = Project::of(USER);
    began.done("db push");
    follow(&began, &err, "purlin migrate dev --create-only", "init");
    follow(&began, &err, "purlin migrate resolve --applied", &first_migration(&began));
    began.done("migrate dev");
    assert!(!began.done_in(".", "migrate status").err.contains("pushed without"));
    other.schema(&USER.replace("name String?", "name String?\n  more Int?"));
    let err = other.fails(1, "migrate status");
    follow(&other, &err, "purlin db push", "");
}

#[test]
fn a_failed_migration_is_settled_with_and_without_its_folder() {
    let project = Project::of(USER);
    project.write("prisma/migrations/1_a/migration.sql", "BEGIN;\nCREATE TABLE z (x);\n");
    project.fails(1, "migrate deploy");
    let err = project.fails(1, "migrate status");
    assert!(err.contains("--rolled-back 1_a") && err.contains("--applied 1_a"), "{err}");
    std::fs::remove_dir_all(project.path("prisma/migrations/1_a")).unwrap();
    let err = project.fails(1, "migrate status");
    assert!(!err.contains("--applied"), "the folder is not there: {err}");
    follow(&project, &err, "purlin migrate resolve --rolled-back", "1_a");
    project.done("migrate dev --name init");
    for wrong in ["migrate resolve --applied nowhere", "migrate resolve --rolled-back nowhere"] {
        let err = project.fails(1, wrong);
        assert!(err.contains("error[P3017]") && err.contains("`purlin migrate status` lists"), "{err}");
    }
}

/// Each block that a message tells to add, added as it is told.
#[test]
fn blocks_that_are_to_be_added_are_valid() {
    let block = |err: &str| -> String {
        let lines: Vec<&str> = err.lines().filter(|line| line.starts_with("    ")).map(str::trim).collect();
        lines.join("\n")
    };
    let project = Project::new();
    project.write("prisma/schema.prisma", USER);
    let err = project.fails(1, "db push --url file:./dev.db");
    project.write("prisma/schema.prisma", &format!("{}\n{USER}", block(&err)));
    project.done("db push --url file:./dev.db");
    let err = project.fails(1, "generate");
    project.write(
        "prisma/schema.prisma",
        &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{}\n{USER}", block(&err)),
    );
    project.done("generate");
    project.write("prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    let said = project.run("init");
    project.write(
        "prisma/schema.prisma",
        &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{}\n{USER}", block(&said.err)),
    );
    project.done("generate");
}

/// The seed commands of the help and of docs/configuration.md are run as they stand. The programs stand for themselves: that
/// they are called, in which folder, and with what, is what the advice decides.
#[cfg(unix)]
#[test]
fn the_seed_that_is_suggested_runs() {
    use std::os::unix::fs::PermissionsExt;
    let page = include_str!("../../docs/configuration.md");
    for (files, program, command) in [
        (&["package.json"][..], "npx", "npx tsx prisma/seed.ts"),
        (&["package.json", "tsconfig.json", "Cargo.toml"][..], "npx", "npx tsx prisma/seed.ts"),
        (&["Cargo.toml"][..], "cargo", "cargo run --example seed"),
        (&[][..], "npx", "npx tsx prisma/seed.ts"),
    ] {
        let project = Project::of(USER);
        files.iter().for_each(|file| project.write(file, "{}"));
        let err = project.fails(2, "db seed");
        assert!(err.contains("add it to purlin.toml"), "{err}");
        let block: String =
            err.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
        assert!(block.contains(&format!("command = \"{command}\"\n")), "{err}");
        assert_eq!(err.contains("`npm i -D tsx`"), program == "npx", "{err}");
        assert!(page.contains(&format!("`{command}`")), "{command} is not in docs/configuration.md");
        // Below what the file may say already, as it is pasted.
        project.write("purlin.toml", &format!("[limits]\nrows = 50\n\n{block}"));
        project.write(".env", "DATABASE_URL=file:./dev.db\n");
        project.write(&format!("node_modules/.bin/{program}"), "#!/bin/sh\necho \"$@\" \"$DATABASE_URL\" > called\n");
        let tool = project.path(&format!("node_modules/.bin/{program}"));
        std::fs::set_permissions(tool, std::fs::Permissions::from_mode(0o755)).unwrap();
        project.done_in("src", "db seed");
        let arguments = command.split_once(' ').unwrap().1;
        assert_eq!(project.read("called"), format!("{arguments} file:./dev.db\n"));
    }
    // One of SQL needs no program but this.
    let project = Project::of(USER);
    project.done("db push");
    project.write("prisma/seed.sql", "INSERT INTO User (name) VALUES ('Ada');");
    assert!(page.contains("`purlin db execute --file prisma/seed.sql`"));
    project.write("purlin.toml", "[seed]\ncommand = \"purlin db execute --file prisma/seed.sql\"\n");
    std::fs::create_dir_all(project.path("node_modules/.bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_purlin"), project.path("node_modules/.bin/purlin")).unwrap();
    project.done("db seed");
    assert_eq!(project.database().query_row("SELECT count(*) FROM User", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn what_is_there_later_says_what_to_do_now() {
    let project = Project::of(USER);
    for command in [
        "lsp",
        "docs",
        "studio",
        "db pull",
        "migrate diff",
        "migrate lint",
        "migrate squash",
        "migrate down",
        "migrate adopt",
    ] {
        let err = project.fails(2, command);
        assert!(err.contains(&format!("`purlin {command}`")) && err.contains("help: "), "{err}");
    }
    // The first migration of a database that is there already.
    project.done("db push");
    let err = project.fails(2, "migrate baseline");
    follow(&project, &err, "purlin migrate dev --create-only", "init");
    let name = first_migration(&project);
    follow(&project, &err, "purlin migrate resolve --applied", &name);
    project.done("migrate status");
}

#[test]
fn colors_are_forced_and_forbidden() {
    let project = Project::of(USER);
    let run = |variables: &[(&str, &str)], arguments: &str| {
        let mut command = project.command(arguments);
        command.envs(variables.iter().copied());
        said(command.output().unwrap()).out
    };
    let colored = |text: &str| text.contains("\u{1b}[");
    assert!(!colored(&run(&[], "validate")));
    for (variables, expected) in [
        (&[("FORCE_COLOR", "1")][..], true),
        (&[("FORCE_COLOR", "")][..], false),
        (&[("FORCE_COLOR", "0")][..], false),
        (&[("FORCE_COLOR", "false")][..], false),
        (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")][..], false),
        (&[("CLICOLOR_FORCE", "1")][..], true),
    ] {
        assert_eq!(colored(&run(variables, "validate")), expected, "{variables:?}");
    }
    assert!(!colored(&run(&[("FORCE_COLOR", "1")], "validate --color never")));
    assert!(colored(&run(&[("FORCE_COLOR", "1")], "--help")) && !colored(&run(&[], "--help")));
}

#[test]
fn completions_are_written_for_each_shell() {
    let project = Project::new();
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef purlin"),
        ("fish", "complete -c purlin"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let out = project.done(&format!("completions {shell}"));
        assert!(out.contains(mark) && out.contains("migrate"), "{shell}: {out}");
    }
    assert!(project.fails(2, "completions tcsh").contains("bash"));
}

/// A rename is refused, and what its help says keeps the values.
#[test]
fn a_rename_by_hand_keeps_the_values() {
    for (models, begins) in [
        (
            "model User {\n  id Int @id @default(autoincrement())\n  full String? @was(\"name\")\n}\n",
            "RENAME COLUMN \"name\" TO \"full\"",
        ),
        (
            "model User {\n  id Int @id @default(autoincrement())\n  full String? @was(\"name\") @map(\"full_name\")\n}\n",
            "RENAME COLUMN \"name\" TO \"full_name\"",
        ),
        (
            "model Person {\n  id Int @id @default(autoincrement())\n  name String?\n\n  @@was(\"User\")\n}\n",
            "RENAME TO \"Person\"",
        ),
    ] {
        let project = Project::of(USER);
        project.done("migrate dev --name init");
        project.database().execute_batch("INSERT INTO User (name) VALUES ('Ada')").unwrap();
        project.schema(models);
        project.done("validate");
        let err = project.fails(2, "migrate dev --name rename");
        let sql = err.split("statements: ").nth(1).unwrap().split(';').next().unwrap();
        assert!(sql.starts_with("ALTER TABLE \"User\"") && sql.ends_with(begins), "{err}");
        let without = without_hints(models);
        project.schema(&without);
        follow(&project, &err, "purlin migrate dev --create-only --name rename", "");
        let mut paths =
            std::fs::read_dir(project.path("prisma/migrations")).unwrap().map(|entry| entry.unwrap().path());
        let path = paths.find(|path| path.to_string_lossy().ends_with("rename")).unwrap();
        std::fs::write(path.join("migration.sql"), format!("{sql};\n")).unwrap();
        project.done("migrate dev");
        project.done("migrate status");
        let column = if begins.contains("full_name") {
            "full_name"
        } else if begins.contains("full") {
            "full"
        } else {
            "name"
        };
        let table = if begins.contains("Person") { "Person" } else { "User" };
        let name =
            project.database().query_row(&format!("SELECT {column} FROM {table}"), [], |row| row.get::<_, String>(0));
        assert_eq!(name.unwrap(), "Ada");
    }
}

/// The models without their hints of a rename.
fn without_hints(models: &str) -> String {
    models.replace(" @was(\"name\")", "").replace("\n\n  @@was(\"User\")", "")
}

/// One row for each help that is a single step: what is there, the command that fails, what its help says, the files that
/// are changed as it says, and the commands that it names. Afterwards the first command gets on.
type Row = (
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

const SCHEMA: &str =
    "datasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}\nmodel User {\n  id Int @id\n}\n";
const TS: &str = "datasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}\ngenerator ts {\n  provider = \"purlin-typescript\"\n}\nmodel User {\n  id Int @id\n}\n";
const BY_NAME: &str =
    "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DB\")\n}\nmodel User {\n  id Int @id\n}\n";
const PLACE: &str = "prisma/schema.prisma";

const STEPS: &[Row] = &[
    (&[], "validate", "create one with `purlin init`", &[], &["init"]),
    (&[("purlin.toml", "schema = \"nowhere.prisma\"")], "validate", "create one with `purlin init`", &[], &["init"]),
    (&[(PLACE, BY_NAME)], "db push", "put DB=\"file:./dev.db\" into .env", &[(".env", "DB=\"file:./dev.db\"")], &[]),
    (
        &[(PLACE, "datasource db {\n  provider = \"sqlite\"\n}\nmodel User {\n  id Int @id\n}\n")],
        "db push",
        "put DATABASE_URL=\"file:./dev.db\" into .env",
        &[(".env", "DATABASE_URL=\"file:./dev.db\"")],
        &[],
    ),
    (&[(PLACE, "model A {\n    id Int @id\n}\n")], "format --check", "run `purlin format`", &[], &["format"]),
    (&[(PLACE, TS)], "generate --check", "run `purlin generate`", &[], &["generate"]),
    (
        &[(PLACE, TS), ("src/generated/purlin/index.ts", "mine")],
        "generate",
        "give the generator another output",
        &[(
            PLACE,
            "datasource db {\n  provider = \"sqlite\"\n}\ngenerator ts {\n  provider = \"purlin-typescript\"\n  output = \"../other\"\n}\nmodel User {\n  id Int @id\n}\n",
        )],
        &[],
    ),
    (&[(PLACE, SCHEMA)], "doctor", "create it with `purlin migrate deploy` or `purlin db push`", &[], &["db push"]),
    (&[(PLACE, TS)], "doctor", "run `purlin generate`", &[], &["generate", "db push"]),
    (&[(PLACE, SCHEMA)], "db push --url file:./a/b.db", "create the folder", &[("a/keep", "")], &[]),
    (
        &[(PLACE, SCHEMA), ("prisma/migrations/1_a/other", "")],
        "migrate deploy",
        "restore prisma/migrations/1_a/migration.sql, or remove its folder",
        &[("prisma/migrations/1_a/migration.sql", "CREATE TABLE \"User\" (\"id\" INTEGER NOT NULL PRIMARY KEY);")],
        &[],
    ),
    (
        &[(PLACE, SCHEMA), ("prisma/migrations/1_a/migration.sql", "CREATE TABEL x (y);")],
        "migrate deploy",
        "correct the script",
        &[("prisma/migrations/1_a/migration.sql", "CREATE TABLE x (y);")],
        &[],
    ),
    (
        &[(PLACE, SCHEMA), ("prisma/migrations/migration_lock.toml", "provider = \"mysql\"")],
        "migrate deploy",
        "use another folder of migrations",
        &[("purlin.toml", "[migrations]\npath = \"prisma/sqlite-migrations\"")],
        &[],
    ),
    (&[(PLACE, SCHEMA)], "migrate dev", "say in a few words what it does", &[], &["migrate dev --name add-posts"]),
    (&[(PLACE, SCHEMA)], "migrate status", "run `purlin migrate dev --name <name>`", &[], &["migrate dev --name x"]),
    (&[(PLACE, SCHEMA), ("purlin.toml", "seeds = 1")], "db push", "", &[("purlin.toml", "")], &[]),
    (
        &[(PLACE, SCHEMA), ("purlin.toml", "[limits]\nrow = 1")],
        "generate",
        "docs/configuration.md lists the keys",
        &[("purlin.toml", "[limits]\nrows = 1"), (PLACE, TS)],
        &[],
    ),
    (
        &[(PLACE, SCHEMA)],
        "explain missing-back-relatoin",
        "did you mean `purlin explain missing-back-relation`",
        &[],
        &["explain missing-back-relation"],
    ),
];

#[test]
fn each_single_step_of_help_leads_on() {
    for (files, command, help, changed, commands) in STEPS {
        let project = Project::new();
        files.iter().for_each(|(path, text)| project.write(path, text));
        let said = project.run(command);
        assert_ne!(said.code, 0, "{command}: {}", said.out);
        assert!(
            format!("{}{}", said.out, said.err).contains(help),
            "{command}: {help} is missing in {}{}",
            said.out,
            said.err
        );
        changed.iter().for_each(|(path, text)| project.write(path, text));
        commands.iter().for_each(|command| drop(project.done(command)));
        if !command.starts_with("explain") {
            project.done(command);
        }
    }
}

#[test]
fn a_command_at_another_place_is_named() {
    let project = Project::of(USER);
    for (typed, meant) in [
        ("push", "purlin db push"),
        ("execute --stdin", "purlin db execute"),
        ("seed", "purlin db seed"),
        ("dev --name x", "purlin migrate dev"),
        ("deploy", "purlin migrate deploy"),
        ("status", "purlin migrate status"),
        ("migrate push", "purlin db push"),
        ("db status", "purlin migrate status"),
        ("migrate generate", "purlin generate"),
        ("db validate", "purlin validate"),
    ] {
        let err = project.fails(2, typed);
        assert!(err.contains("at this place") && err.contains(&format!("run `{meant}`")), "{typed}: {err}");
    }
    // What is like nothing is answered by the usage.
    assert!(project.fails(2, "nonsense").contains("unrecognized subcommand"));
    // A script comes from one of two places, and both are named.
    let err = project.fails(2, "db execute");
    assert!(err.contains("--file") && err.contains("--stdin"), "{err}");
    assert!(project.fails(2, "db execute --stdin --file x.sql").contains("cannot be used with"));
}

#[test]
fn a_migration_that_was_not_named_is_asked_for() {
    let project = Project::of(USER);
    let nothing = "there is nothing to settle";
    for option in ["--applied", "--rolled-back"] {
        let err = project.fails(2, &format!("migrate resolve {option}"));
        assert!(err.contains(&format!("{option} needs the name of a migration")) && err.contains(nothing), "{err}");
        assert!(!project.path("dev.db").exists(), "a question makes no file");
    }
    // Pushed, and then written as a migration.
    project.done("db push");
    project.done("migrate dev --create-only --name init");
    let name = first_migration(&project);
    let err = project.fails(2, "migrate resolve --applied");
    assert!(!err.contains(nothing), "{err}");
    assert!(err.contains(&format!("\n  purlin migrate resolve --applied {name}\n")), "{err}");
    project.done(&format!("migrate resolve --applied {name}"));
    assert!(project.fails(2, "migrate resolve --applied").contains(nothing));
    // Failed.
    project.write("prisma/migrations/29990101000000_bad/migration.sql", "CREATE TABLE a (x);");
    // As Prisma leaves it.
    project
        .database()
        .execute_batch(
            "INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)
             VALUES ('1', 'x', '29990101000000_bad', 0, 0)",
        )
        .unwrap();
    for option in ["--applied", "--rolled-back"] {
        let err = project.fails(2, &format!("migrate resolve {option}"));
        assert!(err.matches(&format!("\n  purlin migrate resolve {option} 29990101000000_bad")).count() == 1, "{err}");
    }
}

/// The seed of docs/configuration.md runs where `package.json` does not say `"type": "module"`. Node reads it as tsx
/// compiles it there: with `require` instead of `import`. The client stands for itself.
#[test]
fn the_seed_of_the_page_runs_as_a_commonjs_module() {
    let page = include_str!("../../docs/configuration.md");
    let (_, rest) = page.split_once("```ts\n// prisma/seed.ts\n").unwrap();
    let (seed, _) = rest.split_once("```").unwrap();
    let import = "import { PurlinClient } from '../src/generated/purlin/index.js'";
    assert!(seed.contains(import), "{seed}");
    let project = Project::new();
    project.write("package.json", "{}");
    project.write(
        "src/generated/purlin/index.js",
        "exports.PurlinClient = class {
          user = { create: async ({ data }) => { if (process.env.FAILS) throw new Error('refused'); console.log(data.email) } }
          async $disconnect() { console.log('disconnected') }
        }",
    );
    project.write(
        "prisma/seed.js",
        &seed.replace(
            import,
            &import.replace("import", "const").replace("from '", "= require('").replace("js'", "js')"),
        ),
    );
    let run = |fails: &str| {
        let mut command = std::process::Command::new("node");
        command.arg("prisma/seed.js").current_dir(project.path("")).env("FAILS", fails);
        support::said(command.output().expect("node can be started"))
    };
    let said = run("");
    assert_eq!((said.code, said.out.as_str()), (0, "ada@acme.io\ndisconnected\n"), "{}", said.err);
    let said = run("yes");
    assert!(said.code == 1 && said.out == "disconnected\n" && said.err.contains("refused"), "{}{}", said.out, said.err);
}

/// Who installed the npm package has no command `purlin` but by npx.
#[test]
fn messages_name_the_command_as_npm_runs_it() {
    let project = Project::of(USER);
    project.write("prisma/migrations/1_a/migration.sql", "CREATE TABLE other (id INTEGER NOT NULL PRIMARY KEY);");
    let by_npx = |arguments: &str| {
        let said = said(project.command(arguments).env("PURLIN_RUN_BY", "npx").output().unwrap());
        said.out + &said.err
    };
    for (command, expected) in [
        ("migrate status", "`npx purlin migrate dev`"),
        ("migrate status --format json", "`npx purlin migrate dev`"),
        ("migrate resolve --applied", "\n  npx purlin migrate resolve --applied 1_a"),
        ("doctor", "`npx purlin db push`"),
        ("doctor --format json", "`npx purlin db push`"),
        ("db push --help", "Usage: npx purlin db push"),
        ("db", "Usage: npx purlin db"),
        ("migrat", "Usage: npx purlin"),
        ("explain P1003", "`npx purlin"),
        ("init", "Next: `npx purlin migrate dev`"),
        ("--schema none validate", "`npx purlin init --schema none`"),
    ] {
        let said = by_npx(command);
        assert!(said.contains(expected), "{command}: {said}");
        assert!(
            !said.contains("`purlin ") && !said.contains("\n  purlin ") && !said.contains("npx npx"),
            "{command}: {said}"
        );
    }
    // Rows and schemas are nobody's messages.
    project.write("query.sql", "SELECT '`purlin db push`' AS text;");
    assert!(by_npx("db execute --file query.sql").contains("`purlin db push`"));
    assert!(project.run("db push --help").out.contains("Usage: purlin db push"));
}

/// The documents, the messages and the comments are in American English.
#[test]
fn the_spelling_is_american() {
    const BRITISH: [&str; 24] = [
        "behaviour",
        "serialise",
        "optimise",
        "synchronise",
        "recognise",
        "normalise",
        "initialise",
        "organise",
        "summarise",
        "minimise",
        "realise",
        "neighbour",
        "colour",
        "favour",
        "honour",
        "judgement",
        "learnt",
        "labelled",
        "cancelled",
        "modelled",
        "catalogue",
        "analyse",
        "artefact",
        "licence",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts: Vec<(String, String)> = ["src", "../migrate/src"].into_iter().flat_map(sources).collect();
    let documents = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let documents = documents.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    for path in documents.chain([root.join("README.md"), root.join("node/package/README.md")]) {
        texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
    }
    assert!(texts.len() > 80, "{}", texts.len());
    for (path, text) in texts {
        for (line, number) in text.lines().zip(1..) {
            let words = line.to_lowercase();
            let words = words.split(|letter: char| !letter.is_alphabetic());
            let found: Vec<&str> = words.filter(|word| BRITISH.iter().any(|british| word.contains(british))).collect();
            assert!(found.is_empty(), "{path}:{number}: {found:?}");
        }
    }
}
