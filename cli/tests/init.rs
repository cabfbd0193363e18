//! `init`, in a new project and in one of Prisma's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Project, USER};

#[test]
fn a_node_project_gets_a_typescript_client() {
    let project = Project::new();
    assert!(project.fails(2, "init").contains("package.json"));
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
    assert!(out.contains("withPurlin(nextConfig)") && !out.contains("server-only"), "{out}");
    project.write("next.config.mjs", "import { withPurlin } from 'purlin/next'\nexport default withPurlin({})\n");
    assert!(!project.done("init").contains("withPurlin"));
}

#[test]
fn a_crate_is_told_what_it_lacks() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n");
    let out = project.done("init");
    assert!(
        out.contains("{ path = \"../purlin/client\" }") && out.contains("cargo add tokio --features macros"),
        "{out}"
    );
    assert_eq!(project.read(".gitignore"), ".env\n*.db\n*.db-wal\n*.db-shm\n");
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\ntokio = \"1\"\n");
    assert!(!project.done("init").contains("tokio"));
}
