//! Which database the commands work on by a `prisma.config.ts`: the one that Prisma would use, or none.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod support;

use support::{Project, Said, USER, said};

/// The commands that open a database.
const COMMANDS: [&str; 6] = [
    "migrate reset --force",
    "db push",
    "migrate deploy",
    "migrate status",
    "migrate dev --name next",
    "db execute --file script.sql",
];

/// The databases that a wrong reading could lead to, and the right one.
const DATABASES: [&str; 6] = ["env.db", "local.db", "test.db", "old.db", "above.db", "right.db"];

/// A project with a configuration, whose databases each hold a row.
fn project(config: &str) -> Project {
    let project = Project::new();
    project.write("package.json", "{}");
    project.write("prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    project.write("prisma/migrations/migration_lock.toml", "provider = \"sqlite\"\n");
    project.write(
        "prisma/migrations/20250101000000_init/migration.sql",
        "CREATE TABLE \"User\" (\n    \"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \"name\" TEXT\n);\n",
    );
    project.write(".env", "DATABASE_URL=file:./env.db\n");
    project.write(".env.local", "DATABASE_URL=file:./local.db\n");
    project.write(".env.test", "DATABASE_URL=file:./test.db\n");
    project.write("script.sql", "DELETE FROM kept;");
    project.write("prisma.config.ts", config);
    for name in DATABASES {
        let database = rusqlite::Connection::open(project.path(name)).unwrap();
        database.execute_batch("CREATE TABLE kept (id INTEGER); INSERT INTO kept VALUES (1);").unwrap();
    }
    project
}

fn contents(project: &Project) -> Vec<Vec<u8>> {
    DATABASES.iter().map(|name| std::fs::read(project.path(name)).unwrap()).collect()
}

fn run(project: &Project, command: &str, variables: &[(&str, &str)]) -> Said {
    let mut command = project.command(command);
    command.env_remove("NODE_ENV").envs(variables.iter().copied());
    said(command.output().unwrap())
}

/// Every command stops, names the line, and touches nothing.
#[track_caller]
fn refuses(config: &str, line: usize) {
    for command in COMMANDS {
        let project = project(config);
        let before = contents(&project);
        let said = run(&project, command, &[]);
        assert_eq!(said.code, 2, "{command} by\n{config}\n{}{}", said.out, said.err);
        assert!(said.err.contains(&format!("prisma.config.ts:{line} ")), "{command} by\n{config}\n{}", said.err);
        assert!(said.err.contains("pass --"), "{command} by\n{config}\n{}", said.err);
        assert!(contents(&project) == before, "{command} by\n{config} touched a database");
    }
}

/// The commands that destroy the most work on this database alone.
#[track_caller]
fn works_on(config: &str, expected: &str, variables: &[(&str, &str)]) {
    commands_work_on(&["migrate reset --force"], config, expected, variables);
}

#[track_caller]
fn commands_work_on(commands: &[&str], config: &str, expected: &str, variables: &[(&str, &str)]) {
    for command in commands {
        let project = project(config);
        let before = contents(&project);
        let said = run(&project, command, variables);
        assert!(
            said.err.contains(&format!("/{expected} (SQLite)")),
            "{command} by\n{config}\n{}{}",
            said.out,
            said.err
        );
        for ((name, old), new) in DATABASES.iter().zip(before).zip(contents(&project)) {
            assert!(*name == expected || old == new, "{command} by\n{config} touched {name}");
        }
    }
    // The command that is sure to write.
    let project = project(config);
    let said = run(&project, "db execute --file script.sql", variables);
    assert_eq!(said.code, 0, "{config}: {}", said.err);
    for name in DATABASES {
        let database = rusqlite::Connection::open(project.path(name)).unwrap();
        let rows: i64 = database.query_row("SELECT count(*) FROM kept", [], |row| row.get(0)).unwrap();
        assert_eq!(rows == 0, name == expected, "{name} by\n{config}");
    }
}

#[test]
fn a_datasource_that_cannot_be_told_touches_no_database() {
    for (config, line) in [
        ("import datasource from './db'\nexport default {\n  datasource,\n}\n", 1),
        ("let datasource = { url: 'file:./right.db' }\nexport default { datasource }\n", 1),
        ("import { url } from './url'\nexport default {\n  datasource: { url },\n}\n", 1),
        ("import base from './base'\nexport default {\n  ...base,\n}\n", 1),
        ("export default {\n  datasource: isTest() ? { url: 'file:./right.db' } : { url: 'file:./old.db' },\n}\n", 2),
        ("export default {\n  get datasource() { return { url: 'file:./right.db' } },\n}\n", 2),
        ("export default {\n  [name()]: { url: 'file:./right.db' },\n}\n", 2),
        ("export default makeConfig()\n", 1),
        ("const old = { datasource: { url: 'file:./old.db' } }\nexport default makeConfig(old)\n", 2),
        (
            "const config = { datasource: { url: 'file:./old.db' } }\nconfig.datasource.url = find()\nexport default config\n",
            2,
        ),
        ("export default {\n  datasource: { url: process.env.DATABASE_URL?.replace('env', 'right') },\n}\n", 2),
        ("export default {\n  datasource: { url: 'file:./right.db' }\n  schema: 'prisma/schema.prisma'\n}\n", 3),
    ] {
        refuses(config, line);
    }
}

#[test]
fn variables_that_cannot_be_told_touch_no_database() {
    let export = "export default { datasource: { url: process.env.DATABASE_URL } }\n";
    for (statements, line) in [
        ("import './load-env'\n", 1),
        ("import { config } from 'dotenv'\nconfig({ path: find() })\n", 2),
        ("import { load } from '@repo/env'\n", 1),
        ("process.env.DATABASE_URL = find()\n", 1),
        ("\nObject.assign(process.env, settings)\n", 2),
        ("import { config } from 'dotenv'\nfunction load() {\n  config({ path: '.env.local' })\n}\nload()\n", 5),
        ("import { config } from 'dotenv'\n\nprocess.loadEnvFile('missing')\n", 3),
    ] {
        refuses(&format!("{statements}{export}"), line);
        // The default is the variable, too.
        refuses(&format!("{statements}export default {{ schema: 'prisma/schema.prisma' }}\n"), line);
    }
}

#[test]
fn the_database_is_that_of_the_exported_object() {
    for config in [
        "const old = { datasource: { url: 'file:./old.db' } }\nexport default { datasource: { url: 'file:./right.db' } }\n",
        "export default { datasource: { url: 'file:./old.db' }, datasource: { url: 'file:./right.db' } }\n",
        "const datasource = { url: 'file:./right.db' }\nexport default defineConfig({ datasource })\n",
        "const config = { datasource: { url: `file:${__dirname}/right.db` } }\nmodule.exports = config\n",
        "import path from 'node:path'\nexport default { datasource: { url: 'file:' + path.join(process.cwd(), 'right.db') } } \
         satisfies PrismaConfig\n",
        "export default { datasource: { url: 'file:./\\x72ight.db' } } as const\n",
        "const base = { datasource: { url: 'file:./old.db' } }\nexport default { ...base, datasource: { url: 'file:./right.db' } }\n",
        "export default { datasource: { url: process.env.NODE_ENV === 'test' ? 'file:./old.db' : 'file:./right.db' } }\n",
        "process.env.DATABASE_URL = 'file:./right.db'\nexport default { datasource: { url: process.env.DATABASE_URL } }\n",
    ] {
        works_on(config, "right.db", &[]);
    }
}

#[test]
fn every_command_works_on_the_same_database() {
    for (config, expected) in [
        ("const datasource = { url: 'file:./right.db' }\nexport default { datasource }\n", "right.db"),
        ("import { config } from 'dotenv'\nconfig({ path: '.env.local' })\nexport default {}\n", "local.db"),
        ("process.env.DATABASE_URL = 'file:./right.db'\nexport default {}\n", "right.db"),
    ] {
        commands_work_on(&COMMANDS, config, expected, &[]);
    }
}

#[test]
fn the_files_of_variables_are_those_that_the_configuration_loads() {
    let export = "export default { datasource: { url: process.env.DATABASE_URL } }\n";
    let dotenv = "import { config } from 'dotenv'\n";
    let next = "import { loadEnvConfig } from '@next/env'\n";
    for (statements, expected, variables) in [
        ("", "env.db", [].as_slice()),
        ("import 'dotenv/config'\n", "env.db", &[]),
        ("import 'dotenv/config'\n", "local.db", &[("DOTENV_CONFIG_PATH", ".env.local")]),
        ("import 'dotenv/config'\n", "right.db", &[("DATABASE_URL", "file:./right.db")]),
        ("config()\n", "env.db", &[]),
        ("config({ path: '.env.local' })\nconfig()\n", "local.db", &[]),
        ("config()\nconfig({ path: '.env.local' })\n", "env.db", &[]),
        ("config()\nconfig({ path: '.env.local', override: true })\n", "local.db", &[]),
        ("config({ path: ['.env.local', '.env.test'] })\n", "local.db", &[]),
        ("config({ path: ['.env.local', '.env.test'], override: true })\n", "test.db", &[]),
        ("config({ path: ['missing', '.env.test'] })\n", "test.db", &[]),
        ("config({ path: '.env.local' })\n", "right.db", &[("DATABASE_URL", "file:./right.db")]),
        ("config({ path: '.env.local', override: true })\n", "local.db", &[("DATABASE_URL", "file:./right.db")]),
        ("config({ path: `.env.${process.env.NODE_ENV ?? 'local'}` })\n", "local.db", &[]),
        ("config({ path: `.env.${process.env.NODE_ENV ?? 'local'}` })\n", "test.db", &[("NODE_ENV", "test")]),
        ("process.loadEnvFile('.env.local')\n", "local.db", &[]),
        ("loadEnvConfig(process.cwd())\n", "local.db", &[]),
        ("loadEnvConfig(process.cwd())\n", "test.db", &[("NODE_ENV", "test")]),
        ("config({ path: '.env.local' })\nprocess.env.DATABASE_URL = 'file:./right.db'\n", "right.db", &[]),
    ] {
        let import = if statements.contains("loadEnvConfig") { next } else { dotenv };
        works_on(&format!("{import}{statements}{export}"), expected, variables);
    }
}

#[test]
fn an_empty_path_is_the_default() {
    let export = "export default { datasource: { url: process.env.DATABASE_URL ?? 'file:./right.db' } }\n";
    let dotenv = "import { config } from 'dotenv'\n";
    for (statements, expected, variables) in [
        ("config({ path: '' })\n", "env.db", [].as_slice()),
        ("config({ path: process.env.ENV_FILE ?? '.env.local' })\n", "env.db", &[("ENV_FILE", "")]),
        ("config({ path: process.env.ENV_FILE || '.env.local' })\n", "local.db", &[("ENV_FILE", "")]),
        ("import 'dotenv/config'\n", "env.db", &[("DOTENV_CONFIG_PATH", "")]),
    ] {
        works_on(&format!("{dotenv}{statements}{export}"), expected, variables);
    }
    works_on(&format!("import {{ loadEnvConfig }} from '@next/env'\nloadEnvConfig('')\n{export}"), "local.db", &[]);
}

#[test]
fn what_changes_the_loads_themselves_is_left_to_the_loader() {
    let export = "export default { datasource: { url: process.env.DATABASE_URL ?? 'file:./right.db' } }\n";
    for variables in [
        ("NODE_OPTIONS", "-r dotenv/config"),
        ("NODE_OPTIONS", "\"--require\" ./before.cjs"),
        ("JITI_ALIAS", "{}"),
        ("__NEXT_PROCESSED_ENV", "true"),
        ("DOTENV_CONFIG_OVERRIDE", "0"),
        ("DOTENV_PATH", ".env.local"),
        ("DOTENV_KEY", "dotenv://:key_1@dotenv.org/vault/.env.vault?environment=production"),
    ] {
        let project = project(&format!("import 'dotenv/config'\n{export}"));
        let before = contents(&project);
        let said = run(&project, "migrate reset --force", &[variables]);
        assert!(said.code == 2 && said.err.contains("which failed: "), "{variables:?}: {}{}", said.out, said.err);
        assert!(contents(&project) == before, "{variables:?} touched a database");
    }
    // A file of variables that leads dotenv to another one.
    let project = project(&format!("import {{ config }} from 'dotenv'\nconfig()\nconfig()\n{export}"));
    project.write(".env", "DOTENV_CONFIG_PATH=.env.local\n");
    let said = run(&project, "db push", &[]);
    assert!(said.code == 2 && said.err.contains("DOTENV_"), "{}{}", said.out, said.err);
}

#[test]
fn a_file_that_was_named_is_not_replaced_by_another_one() {
    let config = "import { config } from 'dotenv'\nconfig({ path: '.env.production' })\n\
                  export default { datasource: { url: process.env.DATABASE_URL } }\n";
    for command in COMMANDS {
        let project = project(config);
        let before = contents(&project);
        let said = run(&project, command, &[]);
        assert_eq!(said.code, 2, "{command}: {}{}", said.out, said.err);
        for part in ["DATABASE_URL is not set", ".env.production", ".env has it, and is not read"] {
            assert!(said.err.contains(part), "{command}: {}", said.err);
        }
        assert!(contents(&project) == before, "{command} touched a database");
    }
    // A default that the file has counts, as in Prisma.
    works_on(&config.replace("DATABASE_URL }", "DATABASE_URL ?? 'file:./right.db' }"), "right.db", &[]);
    // A variable that is set to nothing is not replaced by a default of `??`.
    let project = project("export default { datasource: { url: process.env.DATABASE_URL ?? 'file:./right.db' } }\n");
    let before = contents(&project);
    let said = run(&project, "migrate reset --force", &[("DATABASE_URL", "")]);
    assert!(said.code == 2 && said.err.contains("DATABASE_URL is set, but empty"), "{}", said.err);
    assert!(contents(&project) == before);
}

#[test]
fn the_remedies_are_enough() {
    let config = "import './load-env'\nexport default { datasource: { url: find() } }\n";
    let stopped = project(config);
    let said = run(&stopped, "migrate reset --force", &[]);
    assert_eq!(said.code, 2, "{}", said.err);
    let options = "migrate reset --force --schema prisma/schema.prisma --url file:./right.db";
    let said = run(&stopped, options, &[]);
    assert!(said.code == 2 && said.err.contains("migrations.path = "), "{}", said.err);
    // One after another, as the messages say it.
    stopped.write("purlin.toml", "migrations.path = \"prisma/migrations\"\n");
    let with_options = run(&stopped, options, &[]);
    assert_eq!(with_options.code, 0, "{}", with_options.err);
    stopped.write("purlin.toml", "schema = \"prisma/schema.prisma\"\nmigrations.path = \"prisma/migrations\"\n");
    let said = run(&stopped, "migrate reset --force", &[]);
    assert!(said.code == 2 && said.err.contains("url = { env = \"DATABASE_URL\" }"), "{}", said.err);
    stopped.write(
        "purlin.toml",
        "schema = \"prisma/schema.prisma\"\nurl = { env = \"DATABASE_URL\" }\nmigrations.path = \"prisma/migrations\"\n",
    );
    let said = run(&stopped, "migrate reset --force", &[]);
    assert!(said.code == 0 && said.err.contains("Database: ./env.db"), "{}", said.err);
}

#[test]
fn migrations_that_cannot_be_told_are_not_none() {
    for (config, line) in [
        (
            "import migrations from './migrations'\nexport default { datasource: { url: 'file:./right.db' },\n  migrations }\n",
            1,
        ),
        (
            "import { path } from './paths'\nexport default { datasource: { url: 'file:./right.db' }, migrations: { path } }\n",
            1,
        ),
        (
            "export default { datasource: { url: 'file:./right.db' }, migrations: {\n  path: process.env.FOLDER ?? 'a' } }\n",
            2,
        ),
        ("export default { datasource: { url: 'file:./right.db' }, migrations: {\n  ...shared() } }\n", 2),
    ] {
        for command in ["migrate deploy", "migrate status", "migrate reset --force", "migrate dev --name next"] {
            let project = project(config);
            let before = contents(&project);
            let said = run(&project, command, &[]);
            assert_eq!(said.code, 2, "{command}: {}{}", said.out, said.err);
            let expected = format!("prisma.config.ts:{line} is more than plain settings");
            assert!(said.err.contains(&expected), "{command}: {}", said.err);
            assert!(contents(&project) == before, "{command} touched a database");
        }
    }
    let project = project(
        "import path from 'node:path'\nconst migrations = { path: path.join(__dirname, 'prisma', 'migrations') }\n\
         export default { datasource: { url: 'file:./new.db' }, migrations }\n",
    );
    let said = run(&project, "migrate deploy", &[]);
    assert!(
        said.code == 0 && said.err.contains("20250101000000_init") | said.out.contains("20250101000000_init"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn a_seed_gets_the_variables_of_the_configuration() {
    let seed = "migrations: { seed: 'echo url=$DATABASE_URL' }";
    for (statements, expected) in [
        ("import 'dotenv/config'\n", "url=file:./env.db"),
        ("import { config } from 'dotenv'\nconfig({ path: '.env.local' })\n", "url=file:./local.db"),
        ("process.env.DATABASE_URL = 'file:./right.db'\n", "url=file:./right.db"),
        ("process.env['DATABASE_URL'] = 'file:./right.db'\n", "url=file:./right.db"),
    ] {
        let project = project(&format!(
            "{statements}export default {{ {seed}, datasource: {{ url: process.env.DATABASE_URL }} }}\n"
        ));
        let said = run(&project, "db seed", &[]);
        assert!(said.code == 0 && said.out.contains(expected), "{statements}: {}{}", said.out, said.err);
    }
    let project = project(&format!("import './load-env'\nexport default {{ {seed} }}\n"));
    let said = run(&project, "db seed", &[]);
    assert!(
        said.code == 2
            && said.err.contains("prisma.config.ts:1 is more than plain settings: the file has to be run for"),
        "{}{}",
        said.out,
        said.err
    );
}

/// A project with a loader in the place of Prisma's, which runs the file as a module of JavaScript.
fn project_with_loader(config: &str) -> Project {
    let project = project(config);
    project.write("node_modules/@prisma/config/package.json", "{\"name\": \"@prisma/config\", \"main\": \"index.js\"}");
    project.write(
        "node_modules/@prisma/config/index.js",
        "const { copyFileSync } = require('node:fs')
        exports.loadConfigFromFile = async ({ configFile }) => {
          const copy = configFile.replace(/\\.ts$/, '.copy.mjs')
          copyFileSync(configFile, copy)
          try {
            return { config: (await import(copy)).default, resolvedPath: configFile }
          } catch (error) {
            return { error: { _tag: 'ConfigLoadError', error } }
          }
        }",
    );
    project.write("load-env.mjs", "process.env.DATABASE_URL = 'file:./right.db'\ndelete process.env.GONE\n");
    project.write("db.mjs", "console.log('loaded')\nexport const url = 'file:./right.db'\n");
    project
}

#[test]
fn a_file_that_is_more_than_settings_is_run_by_the_loader_of_the_project() {
    for (config, expected) in [
        ("import { url } from './db.mjs'\nexport default { datasource: { url } }\n", "right.db"),
        ("import './load-env.mjs'\nexport default { datasource: { url: process.env.DATABASE_URL } }\n", "right.db"),
        // What the file does to the environment counts for the schema, too.
        ("import './load-env.mjs'\nexport default {}\n", "right.db"),
        (
            "let url = 'file:./old.db'\nif (!process.env.NOT_SET) url = 'file:./test.db'\nexport default { datasource: { url } }\n",
            "test.db",
        ),
        ("const { env } = process\nenv.DATABASE_URL = 'file:./local.db'\nexport default {}\n", "local.db"),
        (
            "import path from 'node:path'\nconst here = path.dirname(path.resolve('prisma', 'x'))\n\
             export default { schema: here + '/schema.prisma', datasource: { url: 'file:./right.db' } }\n",
            "right.db",
        ),
    ] {
        let project = project_with_loader(config);
        let before = contents(&project);
        let said = run(&project, "migrate reset --force", &[]);
        assert!(
            said.code == 0 && said.err.contains(&format!("/{expected} (SQLite)")),
            "{config}{}{}",
            said.out,
            said.err
        );
        for ((name, old), new) in DATABASES.iter().zip(before).zip(contents(&project)) {
            assert!(*name == expected || old == new, "{config} touched {name}");
        }
    }
}

#[test]
fn the_seed_gets_the_variables_of_a_file_that_was_run() {
    let config =
        "import './load-env.mjs'\nexport default { migrations: { seed: 'echo url=$DATABASE_URL gone=$GONE' } }\n";
    let said = run(&project_with_loader(config), "db seed", &[("GONE", "no")]);
    assert!(said.code == 0 && said.out.contains("url=file:./right.db gone=\n"), "{}{}", said.out, said.err);
}

#[test]
fn a_file_that_cannot_be_run_touches_no_database_and_says_why() {
    for (config, cause) in [
        ("import './missing.mjs'\nexport default {}\n", "Cannot find module"),
        ("throw new Error('no key for the vault')\n", "no key for the vault"),
        ("process.exit(3)\n", "it ended Node.js before it was loaded"),
        ("import './load-env.mjs'\nexport default { datasource: { url: 7 } }\n", "datasource.url is not a string"),
    ] {
        for command in COMMANDS {
            let project = project_with_loader(config);
            let before = contents(&project);
            let said = run(&project, command, &[]);
            assert!(said.code == 2 && said.err.contains(cause), "{command} by\n{config}\n{}{}", said.out, said.err);
            assert!(contents(&project) == before, "{command} by\n{config} touched a database");
        }
    }
    // Without Node.js.
    let project = project_with_loader("import './load-env.mjs'\nexport default {}\n");
    let said = run(&project, "db push", &[("PATH", "/nowhere")]);
    assert!(said.code == 2 && said.err.contains("Node.js, which runs it, is not installed"), "{}", said.err);
}

#[test]
fn variables_of_a_file_that_nothing_loads_are_no_fallback() {
    // Prisma has none of them; a value that needs one gets it all the same.
    for (url, expected) in [
        ("process.env.DATABASE_URL", "env.db"),
        ("env('DATABASE_URL')", "env.db"),
        ("process.env.DATABASE_URL ?? 'file:./right.db'", "right.db"),
        ("process.env.DATABASE_URL || 'file:./right.db'", "right.db"),
        ("process.env.DATABASE_URL ? 'file:./old.db' : 'file:./right.db'", "right.db"),
    ] {
        works_on(&format!("export default {{ datasource: {{ url: {url} }} }}\n"), expected, &[]);
    }
    let fallback = "import 'dotenv/config'\nexport default { datasource: { url: process.env.DATABASE_URL ?? 'file:./right.db' } }\n";
    works_on(fallback, "env.db", &[]);
    // One beside the schema, which dotenv does not load.
    let project = project(fallback);
    project.write(".env", "OTHER=1\n");
    project.write("prisma/.env", "DATABASE_URL=file:./old.db\n");
    let said = run(&project, "db push", &[]);
    assert!(said.err.contains("/right.db (SQLite)"), "{}", said.err);
}

#[test]
fn the_configuration_is_the_one_that_prisma_finds_first() {
    let endings = ["js", "ts", "mjs", "cjs", "mts", "cts"];
    let mut names: Vec<String> = Vec::new();
    for (name, may_be_folder) in [
        ("prisma7.config", false),
        (".config/prisma7", false),
        ("prisma.config", true),
        (".config/prisma", true),
        (".config/prisma.config", true),
    ] {
        names.extend(endings.map(|ending| format!("{name}.{ending}")));
        names.extend(endings.map(|ending| format!("{name}/index.{ending}")).into_iter().filter(|_| may_be_folder));
    }
    let project = Project::new();
    project.write("prisma/schema.prisma", &format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}"));
    project.write(".env", "DATABASE_URL=file:./env.db\n");
    for (index, name) in names.iter().enumerate() {
        project.write(name, &format!("module.exports = {{ datasource: {{ url: 'file:./{index}.db' }} }}"));
    }
    for (index, name) in names.iter().enumerate() {
        let said = run(&project, "db push", &[]);
        assert!(said.err.contains(&format!("Database: ./{index}.db (SQLite)")), "{name}: {}", said.err);
        std::fs::remove_file(project.path(name)).unwrap();
    }
    assert!(run(&project, "db push", &[]).err.contains("Database: ./env.db (SQLite)"));
}

#[test]
fn a_file_that_is_a_link_speaks_of_the_folder_that_it_leads_to() {
    let link = |config: &str| {
        let project = project_with_loader("");
        std::fs::remove_file(project.path("prisma.config.ts")).unwrap();
        project.write("shared/prisma.config.ts", config);
        let schema = format!("datasource db {{\n  provider = \"sqlite\"\n}}\n{USER}").replace("User", "Shared");
        project.write("shared/prisma/schema.prisma", &schema);
        std::os::unix::fs::symlink("shared/prisma.config.ts", project.path("prisma.config.ts")).unwrap();
        project
    };
    let plain = "export default { schema: 'prisma/schema.prisma', datasource: { url: 'file:./right.db' } }\n";
    let project = link(plain);
    let said = run(&project, "db push", &[]);
    assert!(said.out.contains("+ table \"Shared\""), "{}{}", said.out, said.err);
    // A link on the way, and one that `..` follows in a text.
    let project = self::project("");
    std::fs::remove_file(project.path("prisma.config.ts")).unwrap();
    project.write(
        "sub/inner/prisma.config.ts",
        "import path from 'node:path'\nexport default { schema: 'link/../prisma/schema.prisma', \
         datasource: { url: 'file:' + path.join(__dirname, '..', 'right.db') } }\n",
    );
    project.write("sub/inner/prisma/schema.prisma", &project.read("prisma/schema.prisma").replace("User", "Shared"));
    std::os::unix::fs::symlink("sub/inner", project.path(".config")).unwrap();
    std::os::unix::fs::symlink("../../prisma", project.path("sub/inner/link")).unwrap();
    let said = run(&project, "db push", &[]);
    assert!(said.out.contains("+ table \"Shared\""), "{}{}", said.out, said.err);
    assert!(project.path("sub/right.db").is_file(), "{}", said.err);
}

#[test]
fn a_file_that_is_run_is_run_once_and_sees_the_command() {
    let config = "import { appendFileSync } from 'node:fs'\nappendFileSync('runs.txt', process.argv.slice(1).join(' ') + '\\n')\n\
                  export default { datasource: { url: 'file:./right.db' } }\n";
    let project = project_with_loader(config);
    let said = run(&project, "db push --schema prisma/schema.prisma", &[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let runs = std::fs::read_to_string(project.path("runs.txt")).unwrap();
    assert_eq!(runs, "prisma db push --schema prisma/schema.prisma\n");
}

#[test]
fn what_a_file_prints_and_leaves_behind_is_no_answer() {
    let settings = "{\"settings\":{\"datasource.url\":\"file:./old.db\"},\"variables\":{}}";
    let began = std::time::Instant::now();
    for config in [
        format!("console.log('purlin:{settings}')\nexport default {{ datasource: {{ url: 'file:./right.db' }} }}\n"),
        format!("process.on('exit', () => console.log('purlin:{settings}'))\nexport default {{ datasource: {{ url: 'file:./right.db' }} }}\n"),
        "for (let i = 0; i < 3000; i++) console.log('x'.repeat(1000))\n\
         export default { datasource: { url: 'file:./right.db' } }\n"
            .to_owned(),
        // A program that keeps the output of Node open.
        "import { spawn } from 'node:child_process'\nspawn('sleep', ['50'], { stdio: 'inherit', detached: true }).unref()\n\
         export default { datasource: { url: 'file:./right.db' } }\n"
            .to_owned(),
    ] {
        let said = run(&project_with_loader(&config), "db push", &[]);
        assert!(said.code == 0 && said.err.contains("/right.db (SQLite)"), "{config}{}{}", said.out, said.err);
    }
    assert!(began.elapsed().as_secs() < 25);
}

#[test]
fn the_value_of_a_variable_is_in_no_message() {
    let config = "throw new Error('cannot connect with ' + process.env.SECRET)\n";
    let said = run(&project_with_loader(config), "db push", &[("SECRET", "hunter2-secret")]);
    assert!(said.err.contains("cannot connect with $SECRET") && !said.err.contains("hunter2"), "{}", said.err);
    // A part of one may be the value of another.
    let config = "throw new Error('bad url ' + process.env.URL_OF_ALL)\n";
    let variables = [("A_USER", "admin"), ("URL_OF_ALL", "postgres://admin:hunter2@h/d")];
    let said = run(&project_with_loader(config), "db push", &variables);
    assert!(said.err.contains("bad url $URL_OF_ALL") && !said.err.contains("hunter2"), "{}", said.err);
    let config = "JSON.parse(process.env.SECRET)\n";
    let said = run(&project_with_loader(config), "db push", &[("SECRET", "hunter2-secret-that-is-long")]);
    assert!(said.code == 2 && !said.err.contains("hunter2"), "{}", said.err);
}

#[test]
fn a_variable_that_cannot_be_read_is_no_reason_for_a_fallback() {
    use std::os::unix::ffi::OsStrExt as _;
    let project = project("export default { datasource: { url: process.env.DATABASE_URL ?? 'file:./right.db' } }\n");
    let before = contents(&project);
    let mut command = project.command("migrate reset --force");
    command.env("DATABASE_URL", std::ffi::OsStr::from_bytes(b"file:./x\xff.db"));
    let said = said(command.output().unwrap());
    assert!(said.code == 2 && said.err.contains("DATABASE_URL is set, but not in the encoding UTF-8"), "{}", said.err);
    assert!(contents(&project) == before);
}

#[test]
fn without_prisma_a_module_is_loaded_by_node() {
    let node = |config: &str| {
        let project = project("");
        std::fs::remove_file(project.path("prisma.config.ts")).unwrap();
        project.write("prisma.config.mjs", config);
        project
    };
    for config in [
        "let url = 'file:./right.db'\nexport default { datasource: { url } }\n",
        "export default () => ({ datasource: { url: 'file:./right.db' } })\n",
    ] {
        let said = run(&node(config), "db push", &[("DATABASE_URL", "file:./old.db")]);
        assert!(said.err.contains("/right.db (SQLite)"), "{config}{}{}", said.out, said.err);
    }
    for config in
        ["export const config = { datasource: { url: 'file:./right.db' } }\n", "let url\nexport default url\n"]
    {
        let said = run(&node(config), "db push", &[("DATABASE_URL", "file:./old.db")]);
        assert!(said.code == 2 && said.err.contains("which failed: "), "{config}{}{}", said.out, said.err);
    }
}

#[test]
fn a_pipe_to_which_nobody_writes_holds_no_command_up() {
    let project = project("export default { datasource: { url: 'file:./right.db' } }\n");
    std::fs::remove_file(project.path(".env")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(project.path(".env")).status().unwrap();
    assert!(made.success());
    let said = run(&project, "db push", &[]);
    assert!(said.err.contains("/right.db (SQLite)") && said.err.contains("nobody writes"), "{}", said.err);
}
