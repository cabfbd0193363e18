//! Which project, which `.env` and which database file a command works on: the same from each current folder.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Project, USER};

const BY_VARIABLE: &str = "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}\n";

/// A repository with an application of Node in it, which has a schema and an `.env`.
fn monorepo() -> Project {
    let project = Project::new();
    project.write("package.json", r#"{ "workspaces": ["apps/*"] }"#);
    project.write("apps/web/package.json", "{}");
    project.write("apps/web/.env", "DATABASE_URL=file:./dev.db\n");
    project.write("apps/web/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project
}

/// The database files of a project, wherever they are.
fn databases(project: &Project) -> Vec<String> {
    fn collect(folder: &std::path::Path, root: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                collect(&entry, root, found);
            } else if entry.extension().is_some_and(|ending| ending == "db") {
                found.push(entry.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    collect(&project.path(""), &project.path(""), &mut found);
    found.sort();
    found
}

const FOLDERS: [(&str, &str, &str); 5] = [
    ("", "--schema apps/web/prisma/schema.prisma", "apps/web/dev.db"),
    ("apps", "--schema web/prisma/schema.prisma", "web/dev.db"),
    ("apps/web", "", "./dev.db"),
    ("apps/web/src/app", "", "../../dev.db"),
    ("apps/web/prisma", "", "../dev.db"),
];

#[test]
fn a_relative_url_starts_from_the_project_in_each_folder() {
    for command in ["db push", "migrate dev --name init", "migrate deploy", "migrate reset --force"] {
        for (folder, schema, shown) in FOLDERS {
            let project = monorepo();
            let said = project.done_in(folder, &format!("{command} {schema}"));
            let told = format!("Database: {shown} (SQLite), which does not exist yet\n");
            assert!(said.err.contains(&told), "{folder}: {command}: {}", said.err);
            assert_eq!(databases(&project), ["apps/web/dev.db"], "{folder}: {command}");
        }
    }
    let project = monorepo();
    project.write("apps/other/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.done_in("apps/web", "migrate dev --name init");
    project.write("script.sql", "INSERT INTO User (name) VALUES ('Ada');");
    for (folder, schema, _) in FOLDERS {
        project.done_in(folder, &format!("migrate status {schema}"));
        let script = project.path("script.sql");
        project.done_in(folder, &format!("db execute --file {} {schema}", script.display()));
    }
    assert_eq!(databases(&project), ["apps/web/dev.db"]);
    let rows = rusqlite::Connection::open(project.path("apps/web/dev.db")).unwrap();
    assert_eq!(rows.query_row("SELECT count(*) FROM User", [], |row| row.get::<_, i64>(0)).unwrap(), 5);
}

#[test]
fn each_literal_and_each_setting_starts_from_the_project() {
    // In the schema, in purlin.toml, in prisma.config.ts, in the environment of the process.
    let literal = monorepo();
    literal.write(
        "apps/web/prisma/schema.prisma",
        &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:dev.db\"\n}}\n{USER}"),
    );
    let toml = monorepo();
    toml.write("apps/web/purlin.toml", "url = \"file:./dev.db\"\n");
    let config = monorepo();
    config.write("apps/web/prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    config.write(
        "apps/web/prisma.config.ts",
        "export default defineConfig({ datasource: { url: process.env.NOWHERE ?? 'file:./dev.db' } })",
    );
    for project in [&literal, &toml, &config] {
        project.write("apps/web/.env", "");
        project.done_in("", "db push --schema apps/web/prisma/schema.prisma");
        project.done_in("apps/web/src", "db push");
        assert_eq!(databases(project), ["apps/web/dev.db"]);
    }
    let environment = monorepo();
    let mut command = environment.command("db push --schema apps/web/prisma/schema.prisma");
    assert!(command.env("DATABASE_URL", "file:./env.db").status().unwrap().success());
    assert_eq!(databases(&environment), ["apps/web/env.db"]);
}

#[test]
fn a_path_that_was_typed_starts_from_the_current_folder() {
    let project = monorepo();
    project.done_in("apps/web/src", "db push --url file:./typed.db");
    project.done_in("", "db push --schema apps/web/prisma/schema.prisma --url file:here.db");
    assert_eq!(databases(&project), ["apps/web/src/typed.db", "here.db"]);
    project.write("apps/web/purlin.toml", "url = \"file:./set.db\"\n");
    project.done_in("apps", "db push --config web/purlin.toml");
    assert_eq!(databases(&project), ["apps/web/set.db", "apps/web/src/typed.db", "here.db"]);
}

#[test]
fn the_settings_above_that_name_the_schema_are_its_project() {
    let project = Project::new();
    project.write("purlin.toml", "schema = \"packages/data/schema.prisma\"\nurl = \"file:./all.db\"\n");
    project.write("packages/data/package.json", "{}");
    project.write("packages/data/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.done_in("", "db push");
    project.done_in("packages/data", "db push");
    project.done_in("packages/data/deep/er", "db push");
    project.done_in("packages", "db push --schema data/schema.prisma");
    assert_eq!(databases(&project), ["all.db"]);
}

#[test]
fn a_crate_is_a_project_and_so_is_a_lone_schema() {
    for (manifest, schema) in [
        ("Cargo.toml", "schema.prisma"),
        ("Cargo.toml", "db/main.prisma"),
        ("deno.json", "prisma/schema.prisma"),
        ("README.md", "prisma/schema.prisma"),
        ("README.md", "schema.prisma"),
    ] {
        let project = Project::new();
        project.write(&format!("x/{manifest}"), "");
        project.write(
            &format!("x/{schema}"),
            &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./a.db\"\n}}\n{USER}"),
        );
        project.done_in("", &format!("db push --schema x/{schema}"));
        let folder = std::path::Path::new(schema).parent().unwrap().display().to_string();
        let file = schema.rsplit('/').next().unwrap();
        project.done_in(&format!("x/{folder}"), &format!("db push --schema {file}"));
        assert_eq!(databases(&project), ["x/a.db"], "{manifest} {schema}");
    }
}

#[test]
fn a_schema_of_several_files_is_whole_in_each_folder() {
    let project = Project::new();
    project.write("package.json", "{}");
    project.write(
        "prisma/schema/schema.prisma",
        "datasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}\n",
    );
    project.write("prisma/schema/models/user.prisma", USER);
    for folder in ["", "prisma", "prisma/schema", "prisma/schema/models", "src"] {
        assert!(project.done_in(folder, "validate").out.contains("1 model"), "{folder}");
        project.done_in(folder, "db push");
    }
    assert_eq!(databases(&project), ["dev.db"]);
    let config = Project::new();
    config.write("prisma.config.ts", "export default { schema: path.join('db', 'models') }");
    config.write("db/models/schema.prisma", "datasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}\n");
    config.write("db/models/user.prisma", USER);
    for folder in ["", "db", "db/models"] {
        assert!(config.done_in(folder, "validate").out.contains("1 model"), "{folder}");
        config.done_in(folder, "db push");
    }
    assert_eq!(databases(&config), ["dev.db"]);
}

#[test]
fn what_is_written_is_the_same_from_each_folder() {
    let generators =
        "generator ts {\n  provider = \"purlin-typescript\"\n}\ngenerator rs {\n  provider = \"purlin-rust\"\n}\n";
    let project = monorepo();
    project.write("apps/web/prisma/schema.prisma", &format!("{BY_VARIABLE}{generators}{USER}"));
    project.done_in("", "generate --schema apps/web/prisma/schema.prisma");
    for folder in ["apps/web", "apps/web/src", "apps/web/prisma"] {
        project.done_in(folder, "generate --check");
    }
    project.done_in("apps/web/src", "migrate dev --name init");
    assert!(project.path("apps/web/prisma/migrations").is_dir());
    assert!(project.path("apps/web/src/generated/purlin/index.ts").is_file());
    project.done_in("apps/web/src", "doctor");
}

#[test]
fn the_env_files_of_a_project_and_above_it_are_read() {
    let project = Project::new();
    project.write("package.json", r#"{ "workspaces": ["apps/*"] }"#);
    project.write(".env", "DATABASE_URL=file:./shared.db\nNAME=above\n");
    project.write("apps/web/package.json", "{}");
    project.write("apps/web/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.done_in("apps/web/src", "db push");
    assert_eq!(databases(&project), ["apps/web/shared.db"]);
    // The nearer one counts; the one of the project before the one of the schema.
    project.write("apps/web/prisma/.env", "DATABASE_URL=file:./${NAME:-beside}.db\n");
    project.done_in("apps/web", "db push");
    assert_eq!(databases(&project), ["apps/web/beside.db", "apps/web/shared.db"]);
    project
        .write("apps/web/.env", "\u{feff}DATABASE_URL=file:./wrong.db\nDATABASE_URL=\"file:./${NAME}.db\"\nNAME=own\n");
    for (folder, schema) in [("apps/web/prisma", ""), ("", "--schema apps/web/prisma/schema.prisma")] {
        let said = project.done_in(folder, &format!("db push {schema}"));
        assert!(said.err.contains("own.db"), "{}", said.err);
        // The file above means another database to who starts a program there.
        assert_eq!(said.err.contains("warning: by .env"), folder.is_empty(), "{}", said.err);
    }
    assert_eq!(databases(&project), ["apps/web/beside.db", "apps/web/own.db", "apps/web/shared.db"]);
}

#[test]
fn a_variable_that_is_set_to_nothing_is_told() {
    let project = monorepo();
    let mut command = project.command("db push --schema apps/web/prisma/schema.prisma");
    let said = support::said(command.env("DATABASE_URL", "").output().unwrap());
    assert!(said.code == 2 && said.err.contains("DATABASE_URL is set, but empty"), "{}", said.err);
    project.write("apps/web/.env", "nonsense\nDATABASE_URL=$DATABASE_URL\n");
    let said = project.run_in("apps/web", "db push");
    assert!(said.err.contains("warning: .env has a line that is not NAME=value"), "{}", said.err);
    assert!(said.err.contains("warning: .env: DATABASE_URL refers to itself"), "{}", said.err);
    assert_eq!(said.err.matches("warning").count(), 2, "{}", said.err);
}

#[test]
fn a_file_that_another_reading_of_the_url_finds_is_told() {
    let project = monorepo();
    // Made by an older version in the folder where it ran.
    project.write("dev.db", "");
    let said = project.done_in("", "db push --schema apps/web/prisma/schema.prisma");
    assert!(said.err.contains("note: there is a file dev.db as well"), "{}", said.err);
    assert!(said.err.contains("this command works on apps/web/dev.db"), "{}", said.err);
    project.write("apps/web/prisma/dev.db", "");
    let said = project.done_in("apps/web", "db push");
    assert!(
        said.err.contains("note: there is a file prisma/dev.db as well, which the URL means in Prisma"),
        "{}",
        said.err
    );
    // Where only that one exists, it is most likely meant.
    std::fs::remove_file(project.path("apps/web/dev.db")).unwrap();
    for (folder, schema, found) in [
        ("", "--schema apps/web/prisma/schema.prisma", "./apps/web/prisma/dev.db"),
        ("apps/web/src", "", "../prisma/dev.db"),
    ] {
        let said = project.run_in(folder, &format!("db push {schema}"));
        assert_eq!(said.code, 1, "{}", said.err);
        assert!(said.err.contains(&format!("but there is {found}:")), "{}", said.err);
        assert!(said.err.contains("write \"file:./prisma/dev.db\""), "{}", said.err);
    }
}

#[test]
fn a_search_ends_at_the_repository_and_at_what_others_can_write() {
    let project = Project::new();
    project.write("purlin.toml", "[seed]\ncommand = \"echo stranger\"\n");
    project.write("schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.write("repository/.git/HEAD", "");
    let said = project.run_in("repository/src", "db push");
    assert!(said.code == 2 && said.err.contains("found no schema"), "{}", said.err);
    assert!(said.err.contains("here and in the folders above"), "{}", said.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::Permissions::from_mode(0o1777);
        project.write("open/purlin.toml", "[seed]\ncommand = \"echo stranger\"\n");
        std::fs::set_permissions(project.path("open"), permissions).unwrap();
        let said = project.run_in("open/mine", "db seed");
        assert!(said.code == 2 && !said.out.contains("stranger"), "{}{}", said.out, said.err);
    }
}

#[cfg(unix)]
#[test]
fn a_seed_runs_in_the_project() {
    let project = monorepo();
    project.write("apps/web/package.json", r#"{ "prisma": { "seed": "pwd > where && echo $DATABASE_URL > url" } }"#);
    let said = project.done_in("apps/web/src", "db seed");
    assert!(said.err.contains("Database: ../dev.db (SQLite)"), "{}", said.err);
    assert!(project.read("apps/web/where").trim().ends_with("/apps/web"));
    assert_eq!(project.read("apps/web/url"), "file:./dev.db\n");
    project.done_in("apps/web/src", "db seed --url file:./typed.db");
    assert!(project.read("apps/web/url").trim().ends_with("/apps/web/src/typed.db"));
}

#[test]
fn files_that_next_reads_first_are_told() {
    for file in [".env.local", ".env.development", ".env.development.local"] {
        let project = monorepo();
        project.write(&format!("apps/web/{file}"), "export DATABASE_URL='file:./local.db'\n");
        let said = project.done_in("apps/web/src", "db push");
        assert!(said.err.contains(&format!("note: ../{file} sets DATABASE_URL too")), "{}", said.err);
        let said = project.done_in("apps/web", "db push --url file:./dev.db");
        assert!(!said.err.contains("note"), "{}", said.err);
        project.write("apps/web/.env", "OTHER=1\n");
        let said = project.run_in("apps/web", "db push");
        assert!(said.code == 2 && said.err.contains(&format!("{file} sets it for Next.js alone")), "{}", said.err);
    }
}

/// A folder above the projects is no schema of its own: it would join what belongs to several databases.
#[test]
fn a_schema_folder_does_not_reach_into_the_projects_below_it() {
    let one = monorepo();
    one.write(".env", "DATABASE_URL=file:./root.db\n");
    let two = monorepo();
    two.write("apps/admin/package.json", "{}");
    two.write("apps/admin/prisma/schema.prisma", "model Other {\n  id Int @id\n}\n");
    let crates = Project::new();
    crates.write("apps/a/Cargo.toml", "");
    crates.write("apps/a/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    crates.write("apps/b.prisma", "model Other {\n  id Int @id\n}\n");
    let settings = Project::new();
    settings.write("apps/a/purlin.toml", "");
    settings.write("apps/a/prisma/schema/a.prisma", &format!("{BY_VARIABLE}{USER}"));
    for (project, named) in [
        (&one, "apps/web/prisma/schema.prisma"),
        (&two, "apps/admin/prisma/schema.prisma"),
        (&crates, "apps/a/schema.prisma"),
        (&settings, "apps/a/prisma/schema"),
    ] {
        for command in ["db push", "validate", "format", "generate", "migrate status"] {
            let err = project.fails(2, &format!("{command} --schema apps"));
            assert!(err.contains("the schema folder apps reaches into another project"), "{command}: {err}");
            assert!(err.contains(&format!("such as --schema {named};")), "{command}: {err}");
        }
        assert!(project.fails(2, "validate apps").contains("reaches into"));
        assert_eq!(databases(project), Vec::<String>::new());
    }
    // Each file is named.
    let err = two.fails(2, "validate --schema .");
    assert!(err.contains("\n  apps/admin/prisma/schema.prisma\n  apps/web/prisma/schema.prisma\n"), "{err}");
    assert!(err.contains("the schema folder . reaches"), "{err}");
    // Settings that say so mean it.
    two.write("purlin.toml", "schema = \"apps\"\nurl = \"file:./all.db\"\n");
    assert!(two.done("validate").contains("Valid apps: 2 models"));
    two.done("db push");
    assert_eq!(databases(&two), ["all.db"]);
}

#[test]
fn installed_packages_and_built_files_are_no_part_of_a_schema() {
    let project = Project::new();
    project.write("package.json", "{}");
    project.write("prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    for folder in ["node_modules/other/prisma", ".git/x", "out/debug"] {
        project.write(&format!("{folder}/schema.prisma"), "model {");
    }
    project.write("out/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    // A folder of models may have any other name.
    project.write("prisma/target/aim.prisma", "model Aim {\n  id Int @id\n}\n");
    assert!(project.done("validate --schema .").contains("Valid .: 2 models"));
    assert!(project.done("validate .").contains("Valid .: 2 models"));
    assert!(project.done_in("prisma", "validate --schema ..").out.contains("2 models"));
}

#[test]
fn the_current_folder_has_a_name_in_messages() {
    let project = Project::new();
    project.write("a.prisma", "model A {\n  id Int @di\n}\n");
    assert!(project.fails(1, "validate --schema .").contains("error: . has 1 error"));
    assert!(project.fails(1, "generate --schema .").contains("error: . has 1 error"));
    project.write("a.prisma", "model A {");
    assert!(project.fails(1, "format --check .").contains("error: . has 1 syntax error"));
}

/// A URL of an `.env` above the project starts from the project all the same: a file beside that `.env` is most likely meant,
/// and no second one is made in silence.
#[test]
fn a_database_beside_the_env_file_above_is_told() {
    let project = monorepo();
    std::fs::remove_file(project.path("apps/web/.env")).unwrap();
    project.write(".env", "DATABASE_URL=file:./root.db\n");
    project.write("root.db", "");
    for (folder, schema, found) in [
        ("apps/web", "", "../../root.db"),
        ("apps/web/src", "", "../../../root.db"),
        ("", "--schema apps/web/prisma/schema.prisma", "./root.db"),
    ] {
        for command in ["db push", "migrate dev --name init", "migrate deploy", "migrate status"] {
            let said = project.run_in(folder, &format!("{command} {schema}"));
            assert_eq!(said.code, 1, "{command}: {}", said.err);
            assert!(said.err.contains(&format!("but there is {found}:")), "{}", said.err);
            assert!(said.err.contains("not from that of the .env that sets it"), "{}", said.err);
            assert!(said.err.contains("write \"file:../../root.db\""), "{}", said.err);
        }
    }
    assert_eq!(databases(&project), ["root.db"]);
    // What it says to write works.
    project.write(".env", "DATABASE_URL=file:../../root.db\n");
    project.done_in("apps/web", "db push");
    assert_eq!(databases(&project), ["root.db"]);
    // Where both exist, the command says which one it takes.
    project.write(".env", "DATABASE_URL=file:./root.db\n");
    project.done_in("apps/web", "db push --url file:./root.db");
    let said = project.done_in("apps/web", "db push");
    assert!(
        said.err.contains("note: there is a file ../../root.db as well, beside the .env that sets"),
        "{}",
        said.err
    );
    // A variable of the process comes from no file.
    let mut command = project.command("db push --schema apps/web/prisma/schema.prisma");
    let said = support::said(command.env("DATABASE_URL", "file:./root.db").output().unwrap());
    assert!(said.code == 0 && !said.err.contains("beside the .env"), "{}", said.err);
}

#[test]
fn an_env_file_of_the_project_that_loses_is_told() {
    let project = monorepo();
    project.write("apps/web/prisma/.env", "DATABASE_URL=file:./other.db\nOTHER=1\n");
    for (folder, schema, own, first) in [
        ("apps/web", "", "prisma/.env", ".env"),
        ("apps/web/prisma", "", ".env", "../.env"),
        ("", "--schema apps/web/prisma/schema.prisma", "apps/web/prisma/.env", "apps/web/.env"),
    ] {
        let said = project.done_in(folder, &format!("db push {schema}"));
        let note =
            format!("note: {own} sets DATABASE_URL too, to another value, which does not count: {first} is read first");
        assert!(said.err.contains(&note), "{}", said.err);
        assert!(!said.err.contains("other.db"), "{}", said.err);
    }
    let silent = |said: support::Said| assert!(said.code == 0 && !said.err.contains("note"), "{}", said.err);
    // What was typed, or set for the process, counts before both.
    silent(project.run_in("apps/web", "db push --url file:./dev.db"));
    let mut command = project.command("db push");
    silent(support::said(
        command.current_dir(project.path("apps/web")).env("DATABASE_URL", "file:./dev.db").output().unwrap(),
    ));
    // The same value twice is no question, nor is a file for several projects.
    project.write("apps/web/prisma/.env", "DATABASE_URL=\"file:./dev.db\"\n");
    project.write(".env", "DATABASE_URL=file:./shared.db\n");
    silent(project.run_in("apps/web", "db push"));
    // A schema without a URL takes the same variable.
    project.write("apps/web/prisma/.env", "DATABASE_URL=file:./other.db\n");
    project.write("apps/web/prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    assert!(project.done_in("apps/web", "db push").err.contains("prisma/.env sets DATABASE_URL too"));
}

#[test]
fn the_schemas_of_the_projects_below_are_named() {
    let project = monorepo();
    project.write(".git/HEAD", "");
    project.write("apps/admin/prisma/schema/a.prisma", USER);
    project.write("apps/admin/prisma/schema/schema.prisma", BY_VARIABLE);
    project.write("packages/data/purlin.toml", "schema = \"db/main.prisma\"\n");
    project.write("packages/data/db/main.prisma", &format!("{BY_VARIABLE}{USER}"));
    for folder in ["node_modules/x", ".next/x", "target/x"] {
        project.write(&format!("{folder}/schema.prisma"), USER);
    }
    project.write("target/CACHEDIR.TAG", "");
    let list = "or name its schema:\n  --schema apps/admin/prisma/schema\n  --schema apps/web/prisma/schema.prisma\n  \
                --schema packages/data/db/main.prisma\n";
    for command in ["db push", "validate", "format", "generate", "migrate dev", "doctor"] {
        let err = project.fails(2, command);
        assert!(err.contains("found no schema") && err.ends_with(list), "{command}: {err}");
    }
    let said = project.run_in("apps", "validate");
    assert!(
        said.err.ends_with("schema:\n  --schema admin/prisma/schema\n  --schema web/prisma/schema.prisma\n"),
        "{}",
        said.err
    );
    // What it names works.
    project.done("validate --schema packages/data/db/main.prisma");
    // Beside them, it may be one of those, or one is to be made.
    for (folder, up) in [("docs", "../packages"), ("packages/ui/src", "../..")] {
        let said = project.run_in(folder, "validate");
        assert!(
            said.code == 2 && said.err.contains("create one with `purlin init`, or name the schema of"),
            "{}",
            said.err
        );
        let named = format!("--schema {up}/data/db/main.prisma");
        assert!(said.err.contains(&format!("\n  {named}\n")), "{folder}: {}", said.err);
        project.done_in(folder, &format!("validate {named}"));
    }
    let alone = Project::new();
    alone.write(".git/HEAD", "");
    assert!(alone.fails(2, "validate").contains("create one with `purlin init`, or name it with --schema\n"));
}

/// The file that names a schema speaks for it in the folder of the schema as well.
#[test]
fn settings_above_a_schema_count_in_its_own_folder() {
    for (file, text) in [
        (
            "package.json",
            r#"{ "workspaces": ["packages/*"], "prisma": { "schema": "packages/db/prisma/schema.prisma" } }"#,
        ),
        ("prisma.config.ts", "export default { schema: './packages/db/prisma/schema.prisma' }\n"),
        ("purlin.toml", "schema = \"packages/db/prisma/schema.prisma\"\n"),
    ] {
        for folder in ["", "apps/web/src", "packages/db", "packages/db/src", "packages/db/prisma"] {
            let project = Project::new();
            project.write(".git/HEAD", "");
            project.write("packages/db/package.json", "{}");
            project.write("packages/db/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
            project.write(".env", "DATABASE_URL=file:./dev.db\n");
            project.write(file, text);
            project.done_in(folder, "db push");
            assert_eq!(databases(&project), ["dev.db"], "{file} in {folder}");
        }
    }
    // The nearest of two files that name schemas counts, and one that names another does not.
    let project = Project::new();
    project.write(".git/HEAD", "");
    project.write("package.json", r#"{ "prisma": { "schema": "apps/web/schema.prisma" } }"#);
    project.write("packages/db/package.json", r#"{ "prisma": { "schema": "prisma/schema.prisma" } }"#);
    for schema in ["apps/web/schema.prisma", "packages/db/prisma/schema.prisma"] {
        project.write(
            schema,
            &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}}\n{USER}"),
        );
    }
    project.done_in("packages/db/prisma", "db push");
    assert_eq!(databases(&project), ["packages/db/dev.db"]);
}

/// The schema in one package, the application in another: their .env files mean two databases, of which one may not exist.
#[test]
fn another_database_of_the_package_that_a_command_runs_in_is_told() {
    let project = Project::new();
    project.write("package.json", r#"{ "workspaces": ["packages/*"] }"#);
    project.write("packages/db/package.json", "{}");
    project.write("packages/db/.env", "DATABASE_URL=file:./dev.db\n");
    project.write("packages/db/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.write("packages/web/package.json", "{}");
    let command = "db push --schema ../db/prisma/schema.prisma";
    assert!(!project.done_in("packages/web", command).err.contains("warning"));
    for (url, other) in
        [("file:./dev.db", " dev.db:"), ("file:./data/app.db", " data/app.db:"), ("file:../x.db", " ../x.db:")]
    {
        project.write("packages/web/.env", &format!("DATABASE_URL={url}\n"));
        let err = project.done_in("packages/web", command).err;
        assert!(err.contains("warning: by .env a program that is started in the current folder opens"), "{err}");
        assert!(err.contains(other) && err.contains("this command works on ../db/dev.db"), "{err}");
        assert!(err.contains("docs/deployment.md"), "{err}");
    }
    // The same file by another path is no other database, and what was typed counts for both.
    project.write("packages/web/.env", "DATABASE_URL=file:../db/dev.db\n");
    assert!(!project.done_in("packages/web", command).err.contains("warning"));
    project.write("packages/web/.env", "DATABASE_URL=file:./dev.db\n");
    assert!(!project.done_in("packages/web", &format!("{command} --url file:../db/dev.db")).err.contains("warning"));
    // A schema that was found above, too.
    let project = Project::new();
    project.write("package.json", "{}");
    project.write(".env", "DATABASE_URL=file:./dev.db\n");
    project.write("prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.write("packages/web/package.json", "{}");
    project.write("packages/web/.env", "DATABASE_URL=file:./dev.db\n");
    let err = project.done_in("packages/web", "db push").err;
    assert!(err.contains("opens dev.db: this command works on ../../dev.db"), "{err}");
}

/// The .env to write into is named as it is seen from the current folder, and one that has the variable and is not read as
/// well.
#[test]
fn the_env_file_to_write_into_is_named_and_an_unread_one_too() {
    let project = Project::new();
    project.write("package.json", "{}");
    project.write("prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    for (folder, file) in [("", ".env"), ("src", "../.env"), ("packages/web", "../../.env")] {
        let said = project.run_in(folder, "db push");
        assert!(said.err.contains(&format!("into {file}, or say --url\n")), "{folder}: {}", said.err);
    }
    for (folder, root) in [("src", ".."), ("packages/web", "../..")] {
        project.write(&format!("{folder}/.env"), "OTHER=1\n");
        assert!(!project.run_in(folder, "db push").err.contains("is not read"));
        project.write(&format!("{folder}/.env"), "DATABASE_URL=file:./dev.db\n");
        let said = project.run_in(folder, "db push");
        let told =
            format!(".env of the current folder has it, and is not read, since the project's folder is {root}\n");
        assert!(said.err.contains(&told), "{folder}: {}", said.err);
    }
}

#[test]
fn the_only_schema_of_a_repository_is_offered_first() {
    let project = Project::new();
    project.write(".git/HEAD", "");
    project.write("packages/web/package.json", "{}");
    project.write("packages/db/package.json", "{}");
    project.write("packages/db/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    let err = project.run_in("packages/web", "db push").err;
    assert!(
        err.contains("help: name the schema of this repository:\n  --schema ../db/prisma/schema.prisma\n"),
        "{err}"
    );
    std::fs::create_dir_all(project.path("empty")).unwrap();
    let err = project.run_in("", "validate --schema empty").err;
    assert!(err.contains("there is no .prisma file in empty\n  help: name a folder"), "{err}");
}
