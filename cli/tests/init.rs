//! `init`, in a new project and in one of Prisma's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Project, USER};

const BY_VARIABLE: &str = "datasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}\n";

#[test]
fn a_node_project_gets_a_typescript_client() {
    let project = Project::new();
    project.write("package.json", "{}");
    project.write(".env", "SECRET=1");
    let out = project.done("init");
    assert!(out.contains("Created prisma/schema.prisma") && out.contains("Created src/db.ts"), "{out}");
    assert_eq!(project.read(".env"), "SECRET=1\nDATABASE_URL=\"file:./dev.db\"\n");
    project.done("validate");
    project.done("db push");
    assert!(project.path("dev.db").exists());
    assert!(project.done("generate").contains("TypeScript client"));
    // The client that the written file imports is the one that is generated.
    assert!(project.read("src/db.ts").contains("import { PurlinClient } from './generated/purlin'"));
    assert!(project.read("src/generated/purlin/index.ts").contains("PurlinClient"));
}

#[test]
fn a_rust_project_gets_a_rust_client() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n");
    let out = project.done("init");
    assert!(out.contains("mod db;") && !out.contains("db.ts"), "{out}");
    assert!(project.done("generate").contains("Rust client: 1 file in src/db.rs"));
}

#[test]
fn what_is_there_stays_as_it_is() {
    let project = Project::new();
    project.write("package.json", "{}");
    project.write("src/db.ts", "mine\n");
    project.write(".env", "DATABASE_URL=file:./mine.db\n");
    project.done("init");
    assert_eq!(project.read("src/db.ts"), "mine\n");
    assert_eq!(project.read(".env"), "DATABASE_URL=file:./mine.db\n");
    let schema = project.read("prisma/schema.prisma");
    assert!(project.done("init").contains("Found prisma/schema.prisma: 2 models"));
    assert_eq!(project.read("prisma/schema.prisma"), schema);
}

#[test]
fn a_project_of_prisma_is_adopted() {
    let project = Project::new();
    let schema = format!(
        "generator client {{\n  provider = \"prisma-client\"\n  output = \"../src/generated/prisma\"\n}}\n\n\
         datasource db {{\n  provider = \"sqlite\"\n}}\n\n{USER}"
    );
    project.write("prisma/schema.prisma", &schema);
    project.write(
        "prisma.config.ts",
        "import { env } from 'prisma/config'\nexport default { datasource: { url: env('MY_URL') } }",
    );
    project.write(".env", "MY_URL=file:./old.db\n");
    project.write("prisma/migrations/1_init/migration.sql", "-- CreateTable\nCREATE TABLE \"User\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \"name\" TEXT\n);\n");
    let out = project.done("init");
    for expected in ["1 model", "1 migration in prisma/migrations", "generator client: taken as the TypeScript client"]
    {
        assert!(out.contains(expected), "{expected} is missing in {out}");
    }
    assert_eq!(project.read("prisma/schema.prisma"), schema);
    assert_eq!(project.read(".env"), "MY_URL=file:./old.db\n");
    // The code of the project may rely on what undefined means to it.
    assert!(out.contains("Added strict_undefined_checks = false to purlin.toml"), "{out}");
    let settings = project.read("purlin.toml");
    assert!(settings.ends_with("[client]\nstrict_undefined_checks = false\n"), "{settings}");
    project.done("init");
    assert_eq!(project.read("purlin.toml"), settings, "a second time changes nothing");
    project.done("migrate deploy");
    project.done("migrate status");
    project.done("generate");
    assert!(project.path("src/generated/prisma/index.ts").exists() && project.path("old.db").exists());
    assert!(project.read("src/generated/prisma/index.ts").contains("\n  strictUndefinedChecks: false,\n"));
}

#[test]
fn what_undefined_means_is_kept_only_where_nothing_says_it() {
    let generator = |more: &str| {
        format!(
            "generator client {{\n  provider = \"prisma-client-js\"\n  output = \"../src/generated\"\n{more}}}\n\n\
             datasource db {{\n  provider = \"sqlite\"\n}}\n\n{USER}"
        )
    };
    let project = Project::new();
    project.write("prisma/schema.prisma", &generator("  previewFeatures = [\"strictUndefinedChecks\"]\n"));
    project.done("init");
    assert!(!project.path("purlin.toml").exists(), "the client of the project was strict before");
    project.write("prisma/schema.prisma", &generator(""));
    // Other settings stay; a table that is there is for its owner to complete.
    project.write("purlin.toml", "[limits]\nrows = 5");
    project.done("init");
    assert!(project.read("purlin.toml").starts_with("[limits]\nrows = 5\n\n# "), "{}", project.read("purlin.toml"));
    project.done("generate");
    project.write("purlin.toml", "[client]\nqueue_length = 5\n");
    let said = project.run("init");
    assert!(said.code == 0 && said.err.contains("strict_undefined_checks = false under [client]"), "{}", said.err);
    project.write("purlin.toml", "[client]\nstrict_undefined_checks = true\n");
    project.done("init");
    assert_eq!(project.read("purlin.toml"), "[client]\nstrict_undefined_checks = true\n");
    project.done("generate");
    assert!(project.read("src/generated/index.ts").contains("strictUndefinedChecks: true,"));
}

#[test]
fn the_database_of_an_older_prisma_is_found() {
    let schema = |url: &str| format!("datasource db {{\n  provider = \"sqlite\"\n  url = {url}\n}}\n\n{USER}");
    let project = Project::new();
    project.write("prisma/dev.db", "");
    project.write("prisma/schema.prisma", &schema("\"file:./dev.db\""));
    let said = project.run("init");
    assert!(said.code == 0 && said.err.contains("write \"file:./prisma/dev.db\""), "{}", said.err);
    project.write("prisma/schema.prisma", &schema("env(\"MINE\")"));
    project.done("init");
    assert_eq!(project.read(".env"), "MINE=\"file:./prisma/dev.db\"\n");
    project.done("db push");
    assert!(!project.path("dev.db").exists());
}

#[test]
fn a_project_of_next_is_told_the_rest() {
    let project = Project::new();
    project.write("package.json", r#"{ "dependencies": { "next": "16" } }"#);
    project.write("next.config.mjs", "export default {}\n");
    project.write(".gitignore", "/node_modules\n.env*\n*.db");
    let out = project.done("init");
    for expected in ["In next.config.mjs", "withPurlin(nextConfig)", "npm install server-only", "*.db-wal, *.db-shm to"]
    {
        assert!(out.contains(expected), "{expected} is missing in {out}");
    }
    assert!(project.read("src/db.ts").starts_with("import 'server-only'\n"));
    assert_eq!(project.read(".gitignore"), "/node_modules\n.env*\n*.db\n*.db-wal\n*.db-shm\n");
    // The same project, taken over.
    let out = project.done("init");
    assert!(out.contains("withPurlin(nextConfig)"), "{out}");
    project.write("next.config.mjs", "import { withPurlin } from 'purlin/next'\nexport default withPurlin({})\n");
    assert!(!project.done("init").contains("withPurlin"));
}

#[test]
fn a_crate_is_told_what_it_lacks() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n");
    let out = project.done("init");
    assert!(
        out.contains("{ path = \"../purlin/client\" }")
            && out.contains("cargo add tokio --features macros")
            && out.contains("cargo add dotenvy"),
        "{out}"
    );
    assert!(out.contains("docs/rust.md, and `cargo doc -p purlin --open`"), "{out}");
    assert_eq!(project.read(".gitignore"), ".env\n*.db\n*.db-wal\n*.db-shm\n");
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\ntokio = \"1\"\n");
    assert!(!project.done("init").contains("tokio"));
}

#[test]
fn an_empty_folder_gets_a_starter_schema() {
    for (arguments, provider, generator) in [
        ("", "sqlite", "purlin-typescript"),
        ("--provider sqlite --client rust", "sqlite", "purlin-rust"),
        ("--provider postgresql", "postgresql", "purlin-typescript"),
        ("--provider mysql", "mysql", "purlin-typescript"),
    ] {
        let project = Project::new();
        let said = project.run(&format!("init {arguments}"));
        assert_eq!(said.code, 0, "{arguments}: {}", said.err);
        let schema = project.read("prisma/schema.prisma");
        assert!(schema.contains(&format!("\"{provider}\"")) && schema.contains(generator), "{arguments}: {schema}");
        project.done("validate");
        project.done("generate");
        if provider == "sqlite" {
            project.done("db push");
        } else {
            let warned = said.err.contains("`db` and `migrate` do not work on MySQL yet");
            assert_eq!(warned, provider == "mysql", "{}", said.err);
            assert!(project.read(".env").contains("user:password@localhost"), "{}", project.read(".env"));
        }
    }
    assert!(Project::new().fails(2, "init --provider mongodb").contains("sqlite, postgresql, mysql"));
}

#[test]
fn init_takes_a_folder() {
    let project = Project::new();
    project.write("apps/web/package.json", "{}");
    project.write("package.json", "{}");
    let said = project.run("init apps/web");
    assert!(said.code == 0 && said.err.contains("In apps/web:"), "{}{}", said.out, said.err);
    project.done("init apps/api");
    for folder in ["apps/web", "apps/api"] {
        for file in ["prisma/schema.prisma", ".env", "src/db.ts", ".gitignore"] {
            assert!(project.path(folder).join(file).is_file(), "{folder}/{file}");
        }
        project.done_in(folder, "db push");
        project.done_in(folder, "generate");
    }
    assert!(!project.path("prisma").exists() && !project.path(".env").exists());
    // A schema at a place of its own, with the generated files where they always are.
    project.done("init apps/own --schema apps/own/db/main.prisma --client typescript");
    assert!(project.read("apps/own/db/main.prisma").contains("\"../src/generated/purlin\""));
    project.done("generate --schema apps/own/db/main.prisma");
}

#[test]
fn a_schema_that_the_settings_name_is_made_there() {
    let project = Project::new();
    project.write("purlin.toml", "schema = \"data/deep/app.prisma\"\n");
    assert!(project.fails(2, "validate").contains("create one with `purlin init`"));
    project.done("init");
    project.done("validate");
    project.done("generate");
    assert!(project.path("src/generated/purlin/index.ts").is_file());
}

#[test]
fn an_import_is_written_as_the_project_resolves_it() {
    for (package, tsconfig, expected) in [
        ("{}", None, "'./generated/purlin'"),
        // What no tool of the project asks for: Next.js finds no `index.js` in a package that it compiles itself.
        (r#"{ "type": "module" }"#, None, "'./generated/purlin'"),
        (r#"{ "type": "module", "scripts": { "start": "tsx src/main.ts" } }"#, None, "'./generated/purlin'"),
        (
            r#"{ "type": "module", "scripts": { "start": "node --import tsx src/main.ts" } }"#,
            None,
            "'./generated/purlin'",
        ),
        (r#"{ "type": "module", "scripts": { "start": "node dist/main.js" } }"#, None, "'./generated/purlin'"),
        // Plain Node takes the types off, and looks for nothing.
        (r#"{ "scripts": { "start": "node src/main.ts" } }"#, None, "'./generated/purlin/index.ts'"),
        (
            r#"{ "scripts": { "dev": "tsc --noEmit && X=1 node --watch --experimental-strip-types src/main.ts" } }"#,
            Some(r#"{ "compilerOptions": { "module": "nodenext", "rewriteRelativeImportExtensions": true } }"#),
            "'./generated/purlin/index.ts'",
        ),
        (
            "{}",
            Some(r#"{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }"#),
            "'./generated/purlin/index.ts'",
        ),
        (r#"{ "type": "commonjs" }"#, None, "'./generated/purlin'"),
        ("{}", Some(r#"{ "compilerOptions": { "module": "nodenext" } }"#), "'./generated/purlin/index.js'"),
        ("{}", Some(r#"{ "compilerOptions": { "moduleResolution": "Node16" } }"#), "'./generated/purlin/index.js'"),
        (
            "{}",
            Some(r#"{ "compilerOptions": { "module": "Node20", /* x */ "strict": true, } }"#),
            "'./generated/purlin/index.js'",
        ),
        (
            r#"{ "type": "module" }"#,
            Some("{ // comment\n \"compilerOptions\": { \"module\": \"esnext\", \"moduleResolution\": \"bundler\" } }"),
            "'./generated/purlin'",
        ),
        (r#"{ "type": "module" }"#, Some(r#"{ "compilerOptions": { "module": "ESNext" } }"#), "'./generated/purlin'"),
        (r#"{ "type": "module", "dependencies": { "next": "16" } }"#, None, "'./generated/purlin'"),
    ] {
        let project = Project::new();
        project.write("package.json", package);
        if let Some(tsconfig) = tsconfig {
            project.write("tsconfig.json", tsconfig);
        }
        project.done("init");
        assert!(project.read("src/db.ts").contains(&format!("from {expected}\n")), "{package} {tsconfig:?}");
    }
}

/// The options may stand in a configuration that is extended, or in that of the workspace's root.
#[test]
fn an_import_follows_the_configuration_above() {
    let nodenext = r#"{ "compilerOptions": { "module": "nodenext" } }"#;
    for (files, expected) in [
        (
            &[
                ("tsconfig.base.json", nodenext),
                ("packages/db/tsconfig.json", r#"{ "extends": "../../tsconfig.base" }"#),
            ][..],
            "/index.js",
        ),
        (&[("tsconfig.json", nodenext)], "/index.js"),
        (&[("tsconfig.json", nodenext), ("packages/db/tsconfig.json", "{}")], ""),
        (
            &[
                ("tsconfig.base.json", nodenext),
                (
                    "packages/db/tsconfig.json",
                    r#"{ "extends": ["../../tsconfig.base.json"], "compilerOptions": { "moduleResolution": "bundler" } }"#,
                ),
            ],
            "",
        ),
        (
            &[
                ("node_modules/@tsconfig/node20/tsconfig.json", nodenext),
                ("packages/db/tsconfig.json", r#"{ "extends": "@tsconfig/node20" }"#),
            ],
            "/index.js",
        ),
        (&[("packages/db/tsconfig.json", r#"{ "extends": "./tsconfig.json" }"#)], ""),
        // A solution of several projects.
        (
            &[
                (
                    "packages/db/tsconfig.json",
                    r#"{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "test" }] }"#,
                ),
                ("packages/db/tsconfig.app.json", nodenext),
                ("packages/db/test/tsconfig.json", r#"{ "compilerOptions": { "moduleResolution": "bundler" } }"#),
            ],
            "/index.js",
        ),
    ] {
        let project = Project::new();
        project.write("package.json", r#"{ "workspaces": ["packages/*"] }"#);
        project.write("packages/db/package.json", r#"{ "type": "module" }"#);
        files.iter().for_each(|(name, text)| project.write(name, text));
        let out = project.done("init packages/db");
        let db = project.read("packages/db/src/db.ts");
        assert!(db.contains(&format!("from './generated/purlin{expected}'\n")), "{files:?}: {db}");
        // What the applications beside the package need.
        assert!(out.contains("package.json: add \"exports\": \"./src/db.ts\""), "{out}");
        assert_eq!(out.contains("docs/deployment.md"), expected == "/index.js", "{out}");
    }
    let page = include_str!("../../docs/deployment.md");
    assert!(page.contains("\"exports\": \"./src/db.ts\"") && page.contains("## The schema in one package"));
}

#[test]
fn a_workspace_is_told_what_it_has() {
    let project = Project::new();
    project.write("package.json", r#"{ "workspaces": ["packages/*", "apps/*"] }"#);
    project.write("packages/db/package.json", r#"{ "exports": "./src/db.ts" }"#);
    project.write("apps/web/package.json", r#"{ "dependencies": { "next": "16", "db": "*" } }"#);
    let said = project.done_in(".", "init packages/db");
    assert!(!said.err.contains("note: ") && !said.out.contains("\"exports\""), "{}{}", said.out, said.err);
    // An application beside it.
    let said = project.done_in(".", "init apps/web");
    assert!(
        said.err.contains("a schema already, ../../packages/db/prisma/schema.prisma: this begins another"),
        "{}",
        said.err
    );
    // The root, on which somebody insists.
    let said = project.done_in(".", "init --schema prisma/schema.prisma");
    assert!(
        said.err
            .contains("already, apps/web/prisma/schema.prisma, packages/db/prisma/schema.prisma: this begins another"),
        "{}",
        said.err
    );
    // The root of one that has no schema yet.
    let project = Project::new();
    project.write("package.json", r#"{ "workspaces": ["packages/*"] }"#);
    let said = project.done_in(".", "init");
    assert!(
        said.err.contains("the root of a workspace") && said.err.contains("`purlin init packages/db`"),
        "{}",
        said.err
    );
    // A project of its own.
    let project = Project::new();
    project.write("package.json", "{}");
    assert!(!project.done_in(".", "init").err.contains("workspace"));
}

/// A schema of a package is the one that is meant at the root, whatever the repository is.
#[test]
fn a_schema_below_is_not_passed_over() {
    let cases = [
        ("package.json", r#"{ "workspaces": ["apps/*"] }"#, "apps/web", "prisma/schema.prisma"),
        ("pnpm-workspace.yaml", "packages:\n  - 'packages/*'\n", "packages/db", "prisma/schema.prisma"),
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n", "crates/store", "schema.prisma"),
        ("turbo.json", "{}", "services/api", "prisma/schema/user.prisma"),
    ];
    for (manifest, text, package, schema) in cases {
        let project = Project::new();
        project.write(manifest, text);
        project.write(&format!("{package}/package.json"), "{}");
        project.write(&format!("{package}/{schema}"), &format!("{BY_VARIABLE}{USER}"));
        let said = project.run_in(".", "init");
        assert_eq!(said.code, 1, "{manifest}: {}{}", said.out, said.err);
        let is_told = |words: &str| said.err.contains(words);
        assert!(is_told("there is a schema below this folder already: "), "{}", said.err);
        assert!(is_told(&format!("`purlin init {package}`")), "{}", said.err);
        for file in ["prisma/schema.prisma", ".env", "src/db.ts", ".gitignore"] {
            assert!(!project.path(file).exists(), "{manifest}: {file}");
        }
        // What the message says to do.
        assert!(project.done_in(".", &format!("init {package}")).out.contains("Found "), "{package}");
        project.done_in(".", "init --schema prisma/schema.prisma");
        assert!(project.path("prisma/schema.prisma").exists(), "{manifest}");
    }
    // The schema of a package that names its place, and several of them.
    let project = Project::new();
    project.write("package.json", r#"{ "workspaces": ["apps/*"] }"#);
    project.write("apps/a/package.json", r#"{ "prisma": { "schema": "data/my.prisma" } }"#);
    project.write("apps/a/data/my.prisma", &format!("{BY_VARIABLE}{USER}"));
    project.write("apps/b/package.json", "{}");
    project.write("apps/b/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    let said = project.run_in(".", "init");
    assert!(said.code == 1 && said.err.contains("apps/a/data/my.prisma, apps/b/schema.prisma"), "{}", said.err);
    assert!(said.err.contains("`purlin init apps/a` or `purlin init apps/b`"), "{}", said.err);
    // The same for a folder that was named, as it is seen from here.
    let said = project.run_in("apps", "init ..");
    assert!(said.code == 1 && said.err.contains("`purlin init ../apps/b`"), "{}", said.err);
    // A schema at another place of the project itself, and one of an installed package.
    let project = Project::new();
    project.write("package.json", "{}");
    project.write("node_modules/other/prisma/schema.prisma", USER);
    project.write("server/prisma/schema.prisma", &format!("{BY_VARIABLE}{USER}"));
    let said = project.run_in(".", "init");
    assert!(said.code == 1 && said.err.contains("`purlin init --schema server/prisma/schema.prisma`"), "{}", said.err);
    assert!(project.done_in(".", "init --schema server/prisma/schema.prisma").out.contains("Found "));
}

#[test]
fn a_manifest_that_cannot_be_read_is_named() {
    for (text, warned) in [("{ not json", true), ("", true), ("{}", false)] {
        let project = Project::new();
        project.write("package.json", text);
        assert_eq!(project.done_in(".", "init").err.contains("package.json is not valid JSON"), warned, "{text}");
    }
}

/// Each script is told the command that does the same.
#[test]
fn scripts_are_told_their_command() {
    for (script, commands) in [
        ("prisma migrate deploy", &["migrate deploy"][..]),
        ("npx prisma migrate dev --name x", &["migrate dev"]),
        ("prisma generate && prisma db push", &["generate", "db push"]),
        ("(prisma validate; ./node_modules/.bin/prisma format)", &["validate", "format"]),
        ("prisma db seed&&next build", &["db seed"]),
        ("not-prisma migrate dev", &[]),
    ] {
        let project = Project::of(USER);
        project.write("package.json", &format!("{{ \"scripts\": {{ \"run\": \"{script}\" }} }}"));
        let out = project.done("init");
        let told: Vec<&str> =
            out.split(": make it `purlin ").skip(1).map(|rest| rest.split('`').next().unwrap()).collect();
        assert_eq!(told, commands, "{script}: {out}");
    }
}

/// Prisma writes files that no file of the new client replaces.
#[test]
fn files_of_the_old_client_are_named() {
    let project = Project::of(&format!(
        "generator client {{\n  provider = \"prisma-client\"\n  output = \"../src/generated/prisma\"\n}}\n\n{USER}"
    ));
    const MARK: &str = "/* !!! This is code generated by Prisma. Do not edit directly. !!! */\n";
    for name in ["client.ts", "models.ts", "enums.ts", "browser.ts", "commonInputTypes.ts", "more.ts", "models/User.ts"]
    {
        project.write(&format!("src/generated/prisma/{name}"), MARK);
    }
    project.write("src/generated/prisma/mine.ts", "export const mine = 1\n");
    project.write("src/generated/prisma/libquery_engine-debian.so.node", "x");
    let out = project.done("init");
    let named: Vec<&str> = out
        .lines()
        .filter_map(|line| line.trim().split(": Prisma generated this").next().filter(|name| *name != line.trim()))
        .collect();
    let folder = "src/generated/prisma";
    let expected = ["models", "commonInputTypes.ts", "libquery_engine-debian.so.node", "more.ts"];
    assert_eq!(named, expected.map(|name| format!("{folder}/{name}")), "{out}");
    project.done("generate");
}

#[test]
fn what_is_installed_is_not_asked_for() {
    let project = Project::new();
    project.write("package.json", r#"{ "dependencies": { "next": "16", "server-only": "0.0.1" } }"#);
    let out = project.done("init");
    assert!(!out.contains("server-only") && out.contains("target/npm/purlin-"), "{out}");
    let project = Project::new();
    project.write("package.json", r#"{ "dependencies": { "next": "16" } }"#);
    project.write("node_modules/server-only/package.json", r#"{ "version": "0.0.1" }"#);
    project.write("node_modules/purlin/package.json", r#"{ "version": "0.1.0" }"#);
    let out = project.done("init");
    assert!(!out.contains("npm install"), "{out}");
}

#[test]
fn what_remains_is_listed_with_file_and_line() {
    let project = Project::new();
    project.write(
        "prisma/schema.prisma",
        "datasource db {\n  provider = \"sqlite\"\n}\ngenerator client {\n  provider = \"prisma-client\"\n  output = \"../src/generated/prisma\"\n}\n\
         model User {\n  id Int @id\n  budget Decimal?\n}\n",
    );
    project.write(
        "package.json",
        "{\n  \"scripts\": {\n    \"postinstall\": \"prisma generate\",\n    \"deploy\": \"prisma migrate deploy\",\n    \"dev\": \"next dev\"\n  }\n}\n",
    );
    project.write("src/generated/prisma/internal/class.ts", "// generated by Prisma\n");
    project.write(
        "src/lib/prisma.ts",
        "import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'\n\
         import { PrismaClient } from '../generated/prisma/client'\n\
         import type { Sql } from '../generated/prisma/internal/prismaNamespace'\n\
         const adapter = new PrismaBetterSqlite3({ url: 'file:./dev.db' })\n\
         export const prisma = new PrismaClient({\n  log: ['query'],\n  adapter,\n})\n  .$extends({})\n",
    );
    project.write(
        "src/users.ts",
        "import { Prisma } from '@prisma/client'\nimport { prisma } from './lib/prisma'\n\n\
         await prisma.user\n  .groupBy({ by: [] })\nawait prisma.$queryRaw<User[]>`SELECT 1`\n\
         await prisma.user.findMany({\n  cursor: { id: 1 }, distinct: ['id'],\n})\n\
         // await prisma.user.aggregate({})\nawait prisma.user.createMany({ data: [], skipDuplicates: true })\n",
    );
    project.write("src/other.ts", "const cursor = { cursor: 1 }\nlist.aggregate()\n");
    project.write("src/user.test.ts", "vi.mock('@prisma/client', () => ({}))\nservice.mock('./other')\n");
    let out = project.done("init");
    for expected in [
        "src/user.test.ts:1: mock './generated/prisma' instead of '@prisma/client': the mock replaces nothing any more",
        "/target/npm/purlin-",
        "package.json: npm install decimal.js",
        "package.json:3: the script `postinstall` runs `prisma generate`",
        "package.json:4: the script `deploy` runs `prisma migrate deploy`: make it `purlin migrate deploy`",
        "src/generated/prisma/internal: Prisma generated this folder",
        "src/lib/prisma.ts:1: the client needs no adapter",
        "src/lib/prisma.ts:3: the generated client has no module `internal/prismaNamespace`",
        "src/lib/prisma.ts:6: the option `log` is not supported yet",
        "src/lib/prisma.ts:7: the client needs no adapter",
        "src/lib/prisma.ts:9: `$extends` is not supported yet",
        "src/users.ts:1: import from './generated/prisma' instead of '@prisma/client'",
        "src/users.ts:5: `groupBy` is not supported yet",
        "src/users.ts:6: `$queryRaw` is not supported yet",
        "src/users.ts:8: `cursor` is not supported yet",
        "src/users.ts:8: `distinct` is not supported yet",
        "src/users.ts:11: `skipDuplicates` is not supported yet",
    ] {
        assert!(out.contains(expected), "{expected} is missing in {out}");
    }
    for unexpected in ["aggregate", "src/other.ts", "\"dev\"", "prisma.ts:2:"] {
        assert!(!out.contains(unexpected), "{unexpected} in {out}");
    }
}

/// A project of Prisma's with a Json column and relations.
fn blog_of_prisma() -> Project {
    let project = Project::new();
    project.write(
        "prisma/schema.prisma",
        "datasource db {\n  provider = \"sqlite\"\n}\ngenerator client {\n  provider = \"prisma-client\"\n  output = \"../src/generated/prisma\"\n}\n\
         model User {\n  id Int @id\n  settings Json?\n  posts Post[]\n}\n\
         model Post {\n  id Int @id\n  slug String\n  title String\n  author User @relation(fields: [authorId], references: [id])\n  authorId Int\n}\n",
    );
    project.write("package.json", "{}");
    project
}

#[test]
fn every_argument_that_is_missing_is_listed() {
    let project = blog_of_prisma();
    for (code, expected) in [
        (
            "db.user.findMany({ where: { settings: { path, equals: 1 } } })",
            "`path` of a Json column is not supported yet",
        ),
        (
            "db.user.count({\n  where: {\n    NOT: { settings: {\n      path: '$.a', equals: 1 } } } })",
            "`path` of a Json",
        ),
        ("const where: Prisma.UserWhereInput = { settings: { string_contains: 'a' } }", "`string_contains` is not"),
        ("const where: Prisma.UserWhereInput = { settings: { array_starts_with: 'a' } }", "`array_starts_with` is not"),
        (
            "db.post.findMany({ where: { title: { contains: q, mode: 'insensitive' } } })",
            "`mode: 'insensitive'` is not",
        ),
        ("const mode = { contains: q, mode: Prisma.QueryMode.insensitive }", "`mode: 'insensitive'` is not"),
        ("db.post.findMany({ where: { title: { equals: db.post.fields.slug } } })", "references to fields"),
        (
            "db.user.create({ data: { posts: { createMany: { data, skipDuplicates: true } } } })",
            "`skipDuplicates` is not supported yet",
        ),
        ("db.post.updateMany({ data: { title }, limit: 1 })", "`limit` is not supported yet"),
        ("db.post.deleteMany({ limit })", "`limit` is not supported yet"),
        ("db.post.findMany({ take, cursor })", "`cursor` is not supported yet"),
        ("db.user.findMany({ include: { posts: { distinct } } })", "`distinct` is not supported yet"),
        ("db.user.findMany({ relationLoadStrategy: 'join' })", "`relationLoadStrategy` is not supported yet"),
        ("prisma.$queryRawTyped(getUsers(1))", "`$queryRawTyped` is not supported yet"),
        ("f(Prisma.join(ids))\n", "`Prisma.join` is not supported yet"),
        ("new PrismaClient({ omit: { user: { settings: true } } })", "the option `omit` of the client is not"),
        (
            "new PrismaClient<Prisma.PrismaClientOptions, 'query'>({\n  errorFormat: 'pretty',\n})",
            "the option `errorFormat` is not",
        ),
        (
            "db.user.findUnique({ where: { id: 1 } }).posts({ take: 1 })",
            "`findUnique(..).posts()`, the relation of a result",
        ),
        ("db.post\n  .findFirstOrThrow()\n  .author()", "`findFirstOrThrow(..).author()`"),
        ("db.post.update({ where, data }).author()", "`update(..).author()`"),
    ] {
        project.write("src/a.ts", &format!("import {{ Prisma, db }} from './db'\n{code}\n"));
        let out = project.done("init");
        assert!(out.contains(expected) && out.contains("  src/a.ts:"), "{code}: {expected} is missing in {out}");
    }
}

#[test]
fn what_only_looks_like_a_missing_argument_is_not_listed() {
    let project = blog_of_prisma();
    for code in [
        "db.user.findMany({ where: { posts: { some: { title: path } } }, omit: { settings: true } })",
        "router.get({ path: '/posts', limit: 10, mode: 'strict' })",
        "db.user.create({ data: { settings: { theme: 'path' } } })",
        "db.post.findMany({ where: { title: { contains: q, mode: 'default' } } })",
        "db.post.update({ where, data: { title: { set: 'a' } } })",
        "db.user.upsertAll({ create, update })",
        "db.user.upsert({ where, create, update })",
        "db.user.create({ data: { posts: { connectOrCreate: { where, create }, createMany: { data } } } })",
        "db.user.update({ where, data: { posts: { set: [], disconnect: ids, update: { where, data }, deleteMany: {} } } })",
        "db.post.update({ where, data: { author: { upsert: { create, update }, delete: true } } })",
        "const allowed = { posts: { create: true, update: false, delete: true } }",
        "const page = { limit: 10, cursor }",
        "export function Page({ cursor, distinct, limit }: Props) {}",
        "db.user.findMany({ where }).then(users => users.posts())",
        "const options = { log: true, omit: ['a'], errorFormat: 'json' }",
        "db.post.updateMany({ data: { title: limit } })",
    ] {
        project.write("src/a.ts", &format!("import {{ Prisma, db }} from './db'\n{code}\n"));
        let out = project.done("init");
        assert!(!out.contains("src/a.ts"), "{code}: {out}");
    }
}

#[test]
fn an_import_of_an_internal_module_is_told_what_takes_its_place() {
    let project = blog_of_prisma();
    for (code, expected) in [
        (
            "import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client'",
            "src/a.ts:1: import `Prisma` from './generated/prisma' and write `Prisma.PrismaClientKnownRequestError` instead of importing from '@prisma/client/runtime/client'\n",
        ),
        (
            "import type {\n  JsonValue,\n  InputJsonValue as Input,\n} from '@prisma/client/runtime/library'",
            "src/a.ts:4: import `Prisma` from './generated/prisma' and write `Prisma.JsonValue`, `Prisma.InputJsonValue` instead",
        ),
        (
            "const { Decimal } = require('@prisma/client/runtime/library.js')",
            "import `Prisma` from './generated/prisma' and write `Prisma.Decimal` instead",
        ),
        (
            "import * as runtime from '@prisma/client/runtime/client'",
            "import `Prisma` from './generated/prisma', whose members these are",
        ),
        (
            "import { PrismaClientValidationError, type ITXClientDenyList } from '@prisma/client/runtime/client'",
            "write `Prisma.PrismaClientValidationError` instead of importing from '@prisma/client/runtime/client'; `ITXClientDenyList` is internal to Prisma\n",
        ),
        (
            "import type { DefaultArgs } from '@prisma/client/runtime/client'",
            "src/a.ts:1: `DefaultArgs` is internal to Prisma, and there is no such name in the generated client",
        ),
        (
            "import { PrismaClientKnownRequestError } from './generated/prisma/internal/prismaNamespace'",
            "has no module `internal/prismaNamespace`: import `Prisma` from its `index` and write `Prisma.PrismaClientKnownRequestError`\n",
        ),
        (
            "import { Prisma, PrismaClient } from '@prisma/client'",
            "import from './generated/prisma' instead of '@prisma/client'\n",
        ),
        ("import { getUsers } from '@prisma/client/sql'", "queries of `@prisma/client/sql` are not supported yet"),
    ] {
        project.write("src/a.ts", &format!("{code}\n"));
        let out = project.done("init");
        assert!(out.contains(expected), "{code}: {expected} is missing in {out}");
    }
}

#[test]
fn what_code_reads_of_an_error_that_has_another_form_is_listed() {
    let project = blog_of_prisma();
    let adapter = "src/a.ts:1: errors have no `meta.driverAdapterError`: the fields of the key that refused a write are in `meta.target`";
    for (code, expected) in [
        ("const fields = error.meta?.driverAdapterError?.cause?.constraint?.fields", adapter),
        ("const { driverAdapterError } = error.meta", adapter),
        (
            "if (error.name === 'PrismaClientKnownRequestError') retry()",
            "src/a.ts:1: the `name` of this error is `PurlinKnownRequestError`: write `error instanceof Prisma.PrismaClientKnownRequestError`",
        ),
        (
            "switch (error?.constructor.name) { case \"PrismaClientValidationError\": return 400 }",
            "`PurlinValidationError`: write `error instanceof Prisma.PrismaClientValidationError`",
        ),
        (
            "if ('PrismaClientInitializationError' == error.name) wait()",
            "`PurlinInitializationError`: write `error instanceof Prisma.PrismaClientInitializationError`",
        ),
    ] {
        project.write("src/a.ts", &format!("{code}\n"));
        let out = project.done("init");
        assert!(out.contains(expected), "{code}: {expected} is missing in {out}");
    }
    project.write("src/a.ts", "if (error instanceof Prisma.PrismaClientKnownRequestError) retry(error.meta.target)\n");
    let out = project.done("init");
    assert!(!out.contains("src/a.ts"), "{out}");
}

#[test]
fn the_limit_of_rows_is_told_before_a_call_meets_it() {
    let project = blog_of_prisma();
    project.write(
        "src/a.ts",
        "import { db } from './db'\nawait db.post.findMany({ take: 20_000 })\nawait db.post.findMany({\n  take: -10001 })\n\
         await db.post.findMany({ take: 10000 })\nawait db.user.findMany({ take: size, include: { posts: { take: 20000 } } })\n",
    );
    let out = project.run("init");
    let listed = |out: &str| out.matches("is more than the limit `rows`").count();
    assert!(out.out.contains("src/a.ts:2: `take: 20000` is more than the limit `rows`, 10000"), "{}", out.out);
    assert!(out.out.contains("src/a.ts:4: `take: 10001`"), "{}", out.out);
    assert_eq!(listed(&out.out), 2, "{}", out.out);
    assert!(out.err.contains("more than 10000 rows fails"), "{}", out.err);
    project.write("purlin.toml", "[limits]\nrows = 50_000\n\n[client]\nstrict_undefined_checks = false\n");
    let out = project.run("init");
    assert_eq!(listed(&out.out), 0, "{}", out.out);
    assert!(!out.err.contains("calls have limits"), "{}", out.err);
}

#[test]
fn a_script_with_a_command_that_is_missing_keeps_it() {
    let project = blog_of_prisma();
    project.write(
        "package.json",
        "{\n  \"scripts\": {\n    \"studio\": \"npx prisma studio\",\n    \"pull\": \"prisma db pull\",\n    \"diff\": \"prisma migrate diff --script\",\n    \"check\": \"prisma validate\"\n  }\n}\n",
    );
    let out = project.done("init");
    for expected in [
        "package.json:3: the script `studio` runs `prisma studio`, which is not supported yet",
        "package.json:4: the script `pull` runs `prisma db pull`, which is not supported yet",
        "package.json:5: the script `diff` runs `prisma migrate diff`, which is not supported yet",
        "package.json:6: the script `check` runs `prisma validate`: make it `purlin validate`",
    ] {
        assert!(out.contains(expected), "{expected} is missing in {out}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_named() {
    let project = Project::new();
    let config = |text: &str| {
        project.write("prisma.config.ts", &format!("import x from 'x'\nexport default {{\n  {text}\n}}\n"))
    };
    project.write("db/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    config("schema: x.schema,");
    for command in ["validate", "init", "db push", "generate"] {
        let err = project.fails(2, command);
        assert!(err.contains("prisma.config.ts:1 is more than plain settings"), "{command}: {err}");
        assert!(err.contains("run for `schema`, which failed: neither `prisma` nor `jiti`"), "{command}: {err}");
        assert!(err.contains("purlin.toml") && err.contains("schema = \"prisma/schema.prisma\""), "{command}: {err}");
    }
    // What the help says to write is enough, one setting after another.
    project.write("purlin.toml", "schema = \"db/schema.prisma\"\n");
    project.done("validate");
    for (command, setting, remedy) in [
        ("db push", "`datasource.url`", "url = { env = \"DATABASE_URL\" }"),
        ("migrate deploy --url file:./dev.db", "`migrations.path`", "migrations.path = \"prisma/migrations\""),
        ("db seed --url file:./dev.db", "`migrations.seed`", "seed.command = "),
    ] {
        let err = project.fails(2, command);
        assert!(err.contains("prisma.config.ts:1 is more than plain settings"), "{command}: {err}");
        assert!(err.contains(setting) && err.contains(remedy), "{command}: {err}");
    }
    project.write(
        "purlin.toml",
        "schema = \"db/schema.prisma\"\nurl = \"file:./dev.db\"\nmigrations.path = \"prisma/migrations\"\n",
    );
    project.done("db push");
    project.done("migrate deploy");
    project.done("db push --schema db/schema.prisma --url file:./other.db");
}

#[test]
fn the_schema_of_a_package_json_is_read() {
    let project = Project::new();
    project.write("package.json", r#"{ "prisma": { "schema": "db/app.prisma", "seed": "echo seeded" } }"#);
    project.write(
        "db/app.prisma",
        &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}}\n{USER}"),
    );
    for folder in ["", "db", "src"] {
        project.done_in(folder, "db push");
    }
    assert!(project.path("dev.db").is_file());
    assert!(project.done("init").contains("Found db/app.prisma"));
}

/// What is printed can be typed as it stands, in the folder where `init` was typed.
#[test]
fn a_project_in_another_folder_is_told_how_to_enter_it() {
    let project = Project::new();
    let out = project.done("init apps/new");
    let steps =
        "  2. cd apps/new\n  3. purlin db push      makes the tables\n  4. purlin generate     writes the client\n";
    assert!(out.contains(steps), "{out}");
    assert!(out.contains("Left to do by hand in apps/new:\n  cd apps/new && npm init -y && npm install "), "{out}");
    // A second time it is taken over.
    assert!(project.done("init apps/new").contains("cd apps/new\nNext:\n"));
    let mut command = project.command("init");
    let out = support::said(command.arg("it's new").output().unwrap()).out;
    assert!(out.contains("2. cd 'it'\\''s new'\n") && out.contains("cd 'it'\\''s new' && npm"), "{out}");
    for here in ["init", "init ."] {
        let out = Project::new().done(here);
        assert!(!out.contains("cd ") && out.contains("  2. purlin db push"), "{here}: {out}");
    }
    // A package that is there is installed by its manifest, in that folder.
    project.write("apps/web/package.json", "{}");
    let out = project.done("init apps/web");
    assert!(out.contains("Left to do by hand in apps/web:\n  package.json: npm install "), "{out}");
}

/// The package is not on npm yet: what is printed is the file that `cargo xtask package` builds.
#[test]
fn the_package_to_install_is_the_one_that_was_built() {
    let project = Project::new();
    project.write("app/package.json", "{}");
    let out = project.done_in("app", "init").out;
    let file = format!("purlin-{}.tgz", env!("CARGO_PKG_VERSION"));
    // Where it was built beside the tool that is tested, its path is another.
    assert!(out.contains("npm install ") && out.contains(&format!("target/npm/{file}    (")), "{out}");
    assert!(out.contains("not on npm yet: `cargo xtask package`"), "{out}");
    // The command lies where the package was built: its place is known. A link, which no other process has open to write.
    let built = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for folder in ["checkout/target/bin", "checkout/target/npm", "other"] {
        std::fs::create_dir_all(built.path().join(folder)).unwrap();
    }
    let command = built.path().join("checkout/target/bin/purlin");
    std::fs::hard_link(env!("CARGO_BIN_EXE_purlin"), &command).unwrap();
    std::fs::write(built.path().join("checkout/target/npm").join(&file), "").unwrap();
    for (folder, shown) in
        [("other", format!("../checkout/target/npm/{file}")), ("checkout", format!("./target/npm/{file}"))]
    {
        std::fs::write(built.path().join(folder).join("package.json"), "{}").unwrap();
        let output = std::process::Command::new(&command).arg("init").current_dir(built.path().join(folder)).output();
        let said = support::said(output.unwrap());
        assert!(said.out.contains(&format!("npm install {shown}    (")), "{}{}", said.out, said.err);
    }
}

/// The page in the README compiles against the schema that `init` writes: what it reads is there, of the same type.
#[test]
fn the_schema_that_is_written_has_the_fields_of_the_readme() {
    let readme = include_str!("../../README.md");
    let fields = |text: &str, model: &str| -> Vec<String> {
        let (_, rest) = text.split_once(&format!("\nmodel {model} {{\n")).unwrap();
        let (body, _) = rest.split_once("\n}").unwrap();
        body.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    for client in ["typescript", "rust"] {
        let project = Project::new();
        project.done(&format!("init --client {client}"));
        let written = project.read("prisma/schema.prisma");
        for model in ["User", "Post"] {
            let written = fields(&written, model);
            // The starter has no tags, which no page reads.
            for field in fields(readme, model).iter().filter(|field| !field.contains("Tag[]")) {
                assert!(written.contains(field), "{client}: {model} lacks `{field}`: {written:?}");
            }
        }
    }
    // What is read in the build is never read again, unless the component says so.
    let (_, page) = readme.split_once("// src/app/Users.tsx").unwrap();
    let (page, _) = page.split_once("findMany").unwrap();
    assert!(
        page.contains("import { connection } from 'next/server'") && page.contains("  await connection()"),
        "{page}"
    );
}

/// Next.js may have its folders beside package.json, where `@/` leads to.
#[test]
fn an_application_without_a_folder_of_sources_gets_its_client_at_the_root() {
    for (folder, config, import) in [
        ("app", r#"{ "compilerOptions": { "paths": { "@/*": ["./*"] }, }, }"#, "from '@/db'"),
        ("pages", r#"{ /* mine */ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["*"] } } }"#, "from '~/db'"),
        ("app", "{}", "a file beside db.ts: import { db } from './db'"),
    ] {
        let project = Project::new();
        project.write("package.json", r#"{ "dependencies": { "next": "16.0.0" } }"#);
        project.write("tsconfig.json", config);
        project.write(&format!("{folder}/page.tsx"), "");
        let out = project.done("init");
        assert!(out.contains("Created db.ts") && out.contains(import), "{out}");
        assert!(out.contains("it keeps db.ts out of the browser"), "{out}");
        assert!(project.read("prisma/schema.prisma").contains("output   = \"../generated/purlin\""));
        project.done("generate");
        assert!(project.path("generated/purlin/index.ts").exists() && !project.path("src").exists());
    }
    let project = Project::new();
    project.write("package.json", "{}");
    project.write("tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#);
    project.write("app/readme.md", "");
    project.write("src/index.ts", "");
    let out = project.done("init");
    assert!(out.contains("Created src/db.ts") && out.contains("import { db } from '@/db'"), "{out}");
}

/// A schema that was written by hand makes no project of Prisma.
#[test]
fn a_schema_without_anything_of_prisma_goes_on_with_the_first_push() {
    for (url, ignored) in
        [("file:./dev.db", "*.db\n"), ("file:./data/app.sqlite3?mode=rwc", "*.sqlite3\n"), ("file:store", "store\n")]
    {
        let project = Project::new();
        project.write("package.json", r#"{ "dependencies": { "next": "16.0.0" } }"#);
        project.write(
            "prisma/schema.prisma",
            &format!("datasource db {{\n  provider = \"sqlite\"\n  url = \"{url}\"\n}}\n\n{USER}"),
        );
        let out = project.done("init");
        assert!(
            out.contains("  1. purlin db push") && !out.contains("adopting") && !out.contains("changing over"),
            "{out}"
        );
        let lines = project.read(".gitignore");
        assert!(lines.contains(ignored) && lines.contains("-wal\n") && lines.starts_with(".env\n"), "{lines}");
        project.done("init");
        assert_eq!(project.read(".gitignore"), lines, "a second time changes nothing");
    }
    // One whose URL is written by init, and one with migrations.
    let project = Project::new();
    project.write("prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n\n{USER}"));
    project.write("prisma/migrations/1_a/migration.sql", "SELECT 1;");
    let out = project.done("init");
    assert!(project.read(".gitignore").contains("*.db\n") && out.contains("Next: `purlin migrate dev`"), "{out}");
}

#[test]
fn the_database_of_a_project_of_prisma_stays_out_of_version_control() {
    for (name, text) in [
        ("package.json", r#"{ "devDependencies": { "prisma": "7.0.0" } }"#),
        ("package.json", r#"{ "dependencies": { "@prisma/client": "7.0.0" } }"#),
        ("prisma.config.ts", "export default {}"),
    ] {
        let project = Project::of(USER);
        project.write(name, text);
        let out = project.done("init");
        assert!(out.contains("Next: `purlin migrate status`") && out.contains("docs/adopting.md"), "{text}: {out}");
        assert_eq!(project.read(".gitignore"), "*.db\n*.db-wal\n*.db-shm\n");
    }
}

/// The guide says all that the command writes: in a project of Prisma's with nothing, these files change and no others.
#[test]
fn the_guide_names_each_file_that_is_written() {
    let page = include_str!("../../docs/adopting.md");
    let (_, step) = page.split_once("It writes to three files").unwrap();
    let (step, _) = step.split_once("stay as they are").unwrap();
    let project = Project::new();
    let schema = format!(
        "datasource db {{\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}}\n\ngenerator client {{\n  provider = \"prisma-client-js\"\n}}\n\n{USER}"
    );
    project.write("prisma/schema.prisma", &schema);
    project.write("package.json", r#"{ "dependencies": { "@prisma/client": "7" } }"#);
    project.done("init");
    let mut written: Vec<String> = std::fs::read_dir(project.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !["prisma", "package.json"].contains(&name.as_str()))
        .collect();
    written.sort();
    assert_eq!(written, [".env", ".gitignore", "purlin.toml"]);
    for name in written {
        assert!(step.contains(&format!("`{name}`")), "{name}");
        for line in project.read(&name).lines().filter(|line| !line.starts_with('#')) {
            let key = line.split('=').next().unwrap_or(line).trim();
            assert!(step.contains(key) || key == "DATABASE_URL" && step.contains("the variable of the URL"), "{line}");
        }
    }
    assert_eq!(project.read("prisma/schema.prisma"), schema);
}
