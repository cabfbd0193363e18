//! Texts of configurations, and what they are read as.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

use super::*;

fn read_in(text: &str, folder: &str) -> Config {
    let file = Path::new(folder).join("prisma.config.ts");
    read(text, Place { file: &file, root: Path::new(folder) })
}

fn written(value: &Value) -> String {
    match value {
        Value::Literal(text) => format!("'{text}'"),
        Value::Undefined => "undefined".to_owned(),
        Value::Environment(name) => format!("${name}"),
        Value::EnvironmentAt(name, moment) => format!("${name}@{moment}"),
        Value::Required(value) => format!("{}!", written(value)),
        Value::Or(first, second) => format!("({} || {})", written(first), written(second)),
        Value::Nullish(first, second) => format!("({} ?? {})", written(first), written(second)),
        Value::Concatenation(parts) => parts.iter().map(written).collect::<Vec<_>>().join(" + "),
        Value::Choice(condition, then, otherwise) => {
            format!("({} ? {} : {})", condition_written(condition), written(then), written(otherwise))
        }
    }
}

fn condition_written(condition: &Condition) -> String {
    match condition {
        Condition::Constant(holds) => holds.to_string(),
        Condition::Filled(value) => written(value),
        Condition::Equal(first, second) => format!("{} == {}", written(first), written(second)),
        Condition::Exists(path) => format!("exists {}", written(path)),
        Condition::Not(condition) => format!("!({})", condition_written(condition)),
        Condition::All(first, second) => format!("{} && {}", condition_written(first), condition_written(second)),
        Condition::Any(first, second) => format!("{} || {}", condition_written(first), condition_written(second)),
    }
}

/// The value of a key, the line that keeps it from being told, or nothing.
fn outcome(config: &Config, key: &str) -> String {
    match (config.values.get(key), config.unreadable.get(key)) {
        (Some((value, _)), None) => written(value),
        (None, Some(line)) => format!("line {line}"),
        (None, None) => "not set".to_owned(),
        (Some(_), Some(_)) => "both".to_owned(),
    }
}

fn step(step: &Step) -> String {
    let list = |paths: &[Value]| paths.iter().map(written).collect::<Vec<_>>().join(", ");
    let action = match &step.action {
        Action::LoadByImport => "import".to_owned(),
        Action::LoadDefault => "default".to_owned(),
        Action::Load { paths, overrides: false } => format!("load {}", list(paths)),
        Action::Load { paths, overrides: true } => format!("override by {}", list(paths)),
        Action::LoadRequired { path } => format!("require {}", written(path)),
        Action::LoadIfAny { path } => format!("try {}", written(path)),
        Action::LoadForNext { folder, development } => {
            format!("next {} {}", written(folder), condition_written(development))
        }
        Action::Assign { name, operator, value } => {
            let sign = match operator {
                Operator::Set => "=",
                Operator::IfUnset => "??=",
                Operator::IfEmpty => "||=",
            };
            format!("{name} {sign} {}", written(value))
        }
        Action::Delete { name } => format!("delete {name}"),
    };
    let conditions: String =
        step.conditions.iter().map(|condition| format!("if {}: ", condition_written(condition))).collect();
    format!("{conditions}{action}")
}

fn doubt(doubt: &Doubt) -> String {
    let reach = if doubt.reach == Reach::Unset { " if unset" } else { "" };
    format!("{}?{reach} line {}", doubt.name.as_deref().unwrap_or("all"), doubt.line)
}

/// The steps and the doubts of a file.
fn effects(config: &Config) -> String {
    let steps = config.effects.steps.iter().map(step);
    steps.chain(config.effects.doubts.iter().map(doubt)).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(rows: &[(&str, &str)], key: &str) {
    let mut wrong = String::new();
    for (text, expected) in rows {
        let found = outcome(&read_in(text, "/app"), key);
        if found != *expected {
            wrong.push_str(&format!("\n--- expected {expected}, found {found}, in\n{text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_files_that_people_have_are_read() {
    check(
        &[
            (
                "import 'dotenv/config'\nimport { defineConfig, env } from 'prisma/config'\n\
                 // url: 'wrong'\nexport default defineConfig({\n  schema: 'db/schema.prisma',\n\
                 migrations: { path: `db/migrations`, seed: 'tsx db/seed.ts' },\n\
                 datasource: { url: env('DB_URL'), shadowDatabaseUrl: process.env.SHADOW! },\n\
                 other: { url: `x${y}` } })",
                "$DB_URL!",
            ),
            (
                "import path from 'node:path'\nimport type { PrismaConfig } from 'prisma'\n\
                 export default { schema: path.join('prisma', 'schema.prisma'), datasource: { url: process.env.URL! } } \
                 satisfies PrismaConfig",
                "$URL",
            ),
            (
                "const { defineConfig } = require('prisma/config');\nrequire('dotenv').config();\n\
                 module.exports = defineConfig({ datasource: { url: process.env['URL'] } });",
                "$URL",
            ),
            (
                "import * as dotenv from 'dotenv'\nimport { defineConfig } from 'prisma/config'\ndotenv.config()\n\
                 if (!process.env.URL) {\n  throw new Error('URL is not set')\n}\n\
                 export default defineConfig({ datasource: { url: process.env.URL as string } })",
                "$URL",
            ),
            (
                "import { defineConfig } from 'prisma/config'\nimport { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'\n\
                 export default defineConfig({ experimental: { adapter: true }, \
                 async adapter() { return new PrismaBetterSqlite3({ url: process.env.URL }) },\n\
                 datasource: { url: process.env.URL ?? 'file:./dev.db' } })",
                "($URL ?? 'file:./dev.db')",
            ),
            (
                "import { defineConfig } from 'prisma/config'\n\
                 export default defineConfig({ datasource: { url: process.env['URL'] || 'file:./a.db',\n\
                 ...(process.env['SHADOW'] ? { shadowDatabaseUrl: process.env['SHADOW'] } : {}) } })",
                "($URL || 'file:./a.db')",
            ),
            (
                "import { config } from 'dotenv'\nconst result = config({ path: '.env.local' })\n\
                 export default defineConfig({ datasource: { url: process.env.URL! } } as Parameters<typeof defineConfig>[0])",
                "$URL",
            ),
            (
                "import { defineConfig } from 'prisma/config'\nimport path from 'path'\nimport { fileURLToPath } from 'url'\n\
                 const __dirname = path.dirname(fileURLToPath(import.meta.url))\n\
                 export default defineConfig({ datasource: { url: `file:${path.join(__dirname, 'prisma', 'dev.db')}` } })",
                "'file:/app/prisma/dev.db'",
            ),
            (
                "import { defineConfig } from 'prisma/config'\nconst isTest = process.env.NODE_ENV === 'test'\n\
                 export default defineConfig({ datasource: { url: isTest ? 'file:./test.db' : 'file:./dev.db' } })",
                "($NODE_ENV == 'test' ? 'file:./test.db' : 'file:./dev.db')",
            ),
            ("export default {}", "not set"),
            ("", "not set"),
            ("import 'dotenv/config'\n// export default { datasource: { url: 'a' } }", "not set"),
            ("export default { schema: 'a.prisma' }", "not set"),
            ("\u{feff}#!/usr/bin/env node\nexport default { datasource: { url: 'a' } }", "'a'"),
        ],
        "datasource.url",
    );
}

/// What an expression is read as, beside some constants.
#[test]
fn expressions_that_follow_from_the_text_are_read() {
    let rows = [
        ("'a'", "'a'"),
        ("`a`", "'a'"),
        ("'a' + 'b'", "'ab'"),
        ("('a')", "'a'"),
        ("'a' as string", "'a'"),
        ("<string>'a'", "'a'"),
        (r"'file:./\x6fther.db'", "'file:./other.db'"),
        (r"'\u{6f}\u006f\157'", "'ooo'"),
        (r"'\u{6f}\u006f'", "'oo'"),
        ("'a\\\nb'", "'ab'"),
        (r"`\x6f\``", "'o`'"),
        (r"'\0'", "'\0'"),
        ("path.join('a', 'b')", "'a/b'"),
        ("path.join(__dirname, 'a', '..', 'b.db')", "'/app/b.db'"),
        ("path.resolve(import.meta.dirname, './a',)", "'/app/a'"),
        ("resolve(process.cwd(), 'a')", "'/app/a'"),
        ("path.resolve('a')", "'/app/a'"),
        ("path.resolve('a', '/b', 'c')", "'/b/c'"),
        ("`file:${__dirname}/dev.db`", "'file:/app/dev.db'"),
        ("'file:' + path.join(process.cwd(), 'dev.db')", "'file:/app/dev.db'"),
        ("'file:' + path.resolve(__dirname, 'prisma', 'dev.db')", "'file:/app/prisma/dev.db'"),
        ("new URL('./dev.db', import.meta.url).href", "'file:///app/dev.db'"),
        ("'file:' + new URL('./prisma/dev.db', import.meta.url).pathname", "'file:/app/prisma/dev.db'"),
        ("`file:${fileURLToPath(new URL('.', import.meta.url))}dev.db`", "'file:/app/dev.db'"),
        ("`file:${import.meta.filename}`", "'file:/app/prisma.config.ts'"),
        ("process.env.X", "$X"),
        ("process.env['X']!", "$X"),
        ("process.env?.X", "$X"),
        ("process.env?.[\"X\"]", "$X"),
        ("process.env[`X`]", "$X"),
        ("env(\"X\")", "$X!"),
        ("env<Env>('X')", "$X!"),
        ("env('X') ?? 'file:./a.db'", "$X!"),
        ("env('X') || 'file:./a.db'", "$X!"),
        ("process.env.X ?? ''", "($X ?? '')"),
        ("env('X') satisfies string", "$X!"),
        ("process.env.X || process.env.Y || 'b'", "(($X || $Y) || 'b')"),
        ("`file:./${process.env.X}.db`", "'file:./' + $X + '.db'"),
        ("String(process.env.X)", "$X"),
        ("local", "'file:./local.db'"),
        ("`${local}?mode=ro`", "'file:./local.db?mode=ro'"),
        ("fromEnv", "($Z ?? 'file:./local.db')"),
        ("settings.url", "'file:./settings.db'"),
        ("settings['url']", "'file:./settings.db'"),
        ("process.env.X ? process.env.X : local", "($X ? $X : 'file:./local.db')"),
        (
            "process.env.NODE_ENV !== 'production' ? local : env('X')",
            "(!($NODE_ENV == 'production') ? 'file:./local.db' : $X!)",
        ),
        ("true ? 'a' : 'b'", "'a'"),
        ("undefined ?? 'a'", "'a'"),
        ("undefined", "undefined"),
        // What must be run.
        ("url()", "line 3"),
        ("`x${f()}`", "line 3"),
        ("'a'.concat('b')", "line 3"),
        ("isProduction ? 'a' : 'b'", "line 3"),
        ("isProduction() ? 'a' : 'b'", "line 3"),
        ("isProduction ? 'a' : 'a'", "'a'"),
        ("process.env", "line 3"),
        ("config.url", "line 3"),
        ("imported", "line 3"),
        ("path.join(root, 'a')", "line 3"),
        ("changing", "line 3"),
        ("'a' + 1 * 2", "line 3"),
        ("process.env.X ?? fallback()", "line 3"),
        ("process.env.X?.trim()", "line 3"),
        ("await url()", "line 3"),
        ("(() => 'a')()", "line 3"),
        ("function () { return 'a' }", "line 3"),
        ("5", "line 3"),
        ("['a']", "line 3"),
        ("{ a: 'a' }", "line 3"),
        ("true", "line 3"),
        ("String.raw`a`", "line 3"),
        ("[local][0]", "line 3"),
        ("(0, local)", "line 3"),
        ("import.meta.env.X", "line 3"),
        ("Bun.env.X", "line 3"),
        ("process.argv[2]", "line 3"),
    ];
    let mut wrong = String::new();
    for (expression, expected) in rows {
        let text = format!(
            "import imported from './imported'; let changing = 'a'; const local = 'file:./local.db'; \
             const settings = {{ url: 'file:./settings.db' }};\n\
             const fromEnv: string = process.env.Z ?? local;\n\
             export default {{ datasource: {{ url: {expression} }}, last: 1 }}"
        );
        let found = outcome(&read_in(&text, "/app"), "datasource.url");
        if found != expected {
            wrong.push_str(&format!("\n{expression}: expected {expected}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn only_the_exported_object_counts() {
    check(
        &[
            ("const old = { datasource: { url: 'old' } }\nexport default { datasource: { url: 'new' } }", "'new'"),
            ("const old = { datasource: { url: 'old' } }\nexport default { schema: 'a' }", "not set"),
            ("const url = 'a'\nexport default { datasource: { url } }", "'a'"),
            ("const datasource = { url: 'a' }\nexport default { datasource }", "'a'"),
            ("const config = { datasource: { url: 'a' } }\nexport default config", "'a'"),
            ("const config = { datasource: { url: 'a' } } as const\nexport default defineConfig(config)", "'a'"),
            ("const config: PrismaConfig = { datasource: { url: 'a' } }\nexport { config as default }", "'a'"),
            ("const config = defineConfig({ datasource: { url: 'a' } })\nexport default config", "'a'"),
            ("export default <PrismaConfig>{ datasource: { url: 'a' } }", "'a'"),
            ("export default Object.freeze({ datasource: Object.freeze({ url: 'a' }) })", "'a'"),
            ("export = { datasource: { url: 'a' } }", "'a'"),
            ("module.exports = { datasource: { url: 'a' } }", "'a'"),
            ("exports.default = { datasource: { url: 'a' } }", "'a'"),
            ("module.exports = exports = { datasource: { url: 'a' } }", "'a'"),
            (
                "import * as prisma from 'prisma/config'\nexport default prisma.defineConfig({ datasource: { url: 'a' } })",
                "'a'",
            ),
            (
                "import { defineConfig as define } from 'prisma/config'\nexport default define({ datasource: { url: 'a' } })",
                "'a'",
            ),
            ("const { url } = { url: 'a' }\nexport default { datasource: { url } }", "'a'"),
            (
                "const { URL: url = 'file:./a.db' } = process.env\nexport default { datasource: { url } }",
                "($URL ?? 'file:./a.db')",
            ),
            ("export default await { datasource: { url: 'a' } }", "'a'"),
            ("export const other = { datasource: { url: 'b' } }\nexport default { datasource: { url: 'a' } }", "'a'"),
            ("export default { ['datasource']: { ['url']: 'a' } }", "'a'"),
            ("export default { 'datasource': { 'url': 'a' } }", "'a'"),
            // The last of several keys counts.
            ("export default { datasource: { url: 'a' }, datasource: { url: 'b' } }", "'b'"),
            ("export default { datasource: { url: 'a', url: 'b' } }", "'b'"),
            ("export default { datasource: { url: 'a' }, datasource: {} }", "not set"),
            ("const base = { datasource: { url: 'a' } }\nexport default { ...base }", "'a'"),
            ("const base = { datasource: { url: 'a' } }\nexport default { ...base, datasource: { url: 'b' } }", "'b'"),
            ("const base = { datasource: { url: 'a' } }\nexport default { datasource: { url: 'b' }, ...base }", "'a'"),
            ("import base from './base'\nexport default { ...base, datasource: { url: 'b' } }", "'b'"),
            ("export default { datasource: process.env.CI ? { url: 'a' } : { url: 'b' } }", "($CI ? 'a' : 'b')"),
            (
                "export default process.env.CI ? { datasource: { url: 'a' } } : { datasource: { url: 'b' } }",
                "($CI ? 'a' : 'b')",
            ),
            ("export default { ...(process.env.CI && { datasource: { url: 'a' } }) }", "($CI ? 'a' : undefined)"),
            ("export default { datasource: undefined ?? { url: 'a' } }", "'a'"),
            ("export default { datasource: { url: 'a' } || { url: 'b' } }", "'a'"),
        ],
        "datasource.url",
    );
}

#[test]
fn what_cannot_be_told_is_refused_with_its_line() {
    check(
        &[
            // What a key belongs to is not known.
            ("import datasource from './db'\nexport default {\n  datasource }", "line 3"),
            ("let datasource = { url: 'a' }\nexport default {\n  datasource }", "line 3"),
            ("var datasource = { url: 'a' }\nexport default { datasource }", "line 2"),
            ("import { url } from './url'\nexport default { datasource: {\n  url } }", "line 3"),
            ("let url = 'a'\nexport default { datasource: { url } }", "line 2"),
            ("export default { datasource }", "line 1"),
            ("import base from './base'\nexport default {\n  datasource: { url: 'a' },\n  ...base }", "line 4"),
            ("import base from './base'\nexport default { datasource: { url: 'a',\n  ...base } }", "line 3"),
            ("import base from './base'\nexport default {\n  ...base }", "line 3"),
            ("export default { datasource: {\n  ...makeBase(), } }", "line 2"),
            ("export default {\n  datasource: isTest ? { url: 'a' } : { url: 'b' } }", "line 2"),
            ("import a from './a'\nexport default { datasource: a ?? { url: 'b' } }", "line 2"),
            ("import a from './a'\nexport default { datasource: a || { url: 'b' } }", "line 2"),
            ("import a from './a'\nexport default { datasource: a && { url: 'b' } }", "line 2"),
            ("export default { datasource: {},\n  [key]: { url: 'b' } }", "line 2"),
            ("export default { datasource: { url: 'a',\n  ['u' + rl]: 'b' } }", "line 2"),
            ("export default {\n  get datasource() { return { url: 'a' } } }", "line 2"),
            ("export default {\n  datasource() { return { url: 'a' } } }", "line 2"),
            ("export default { datasource: {\n  get url() { return 'a' } } }", "line 2"),
            ("export default { datasource: {\n  async url() { return 'a' } } }", "line 2"),
            ("export default {\n  __proto__: { datasource: { url: 'a' } } }", "line 2"),
            ("export default {\n  datasource: 'file:./a.db' }", "line 2"),
            ("export default {\n  datasource: () => ({ url: 'a' }) }", "line 2"),
            // An adapter chooses the database.
            (
                "import { PrismaLibSql } from '@prisma/adapter-libsql'\nexport default { experimental: { adapter: true },\n  \
              adapter: async () => new PrismaLibSql({ url: 'file:./a.db' }) }",
                "line 3",
            ),
            ("export default { migrate: {\n  async adapter() { return open() } } }", "line 2"),
            // Prisma refuses keys that it does not know.
            ("export default {\n  datasources: { db: { url: 'a' } } }", "line 2"),
            ("export default { datasource: {\n  db: { url: 'a' } } }", "line 2"),
            ("export default { schema: 'a',\n  database: 'file:./a.db' }", "line 2"),
            // What is exported is not known.
            (
                "export default\n  defineConfig(isTest ? { datasource: { url: 'a' } } : { datasource: { url: 'b' } })",
                "line 2",
            ),
            ("export default defineConfig(makeConfig())", "line 1"),
            ("export default makeConfig()", "line 1"),
            ("export default withTools({ datasource: { url: 'a' } })", "line 1"),
            (
                "import { defineConfig } from './tools'\n\nexport default defineConfig({ datasource: { url: 'a' } })",
                "line 3",
            ),
            (
                "function defineConfig(c) { return other }\nexport default defineConfig({ datasource: { url: 'a' } })",
                "line 2",
            ),
            ("export default () => ({ datasource: { url: 'a' } })", "line 1"),
            ("\nexport default async () => ({ datasource: { url: 'a' } })", "line 2"),
            ("export default function () { return { datasource: { url: 'a' } } }", "line 1"),
            ("export default class { static datasource = { url: 'a' } }", "line 1"),
            ("let config = { datasource: { url: 'a' } }\nexport default config", "line 2"),
            ("import config from './config'\nexport default config", "line 2"),
            ("\nexport { default } from './config'", "line 2"),
            ("const config = { datasource: { url: 'a' } }", "line 1"),
            ("export const config = { datasource: { url: 'a' } }", "line 1"),
            ("export default {\n  datasource: null }", "line 2"),
            ("export default { datasource: {\n  url: null } }", "line 2"),
            ("export default { datasource: { url: 'a' } }\nmodule.exports = { datasource: { url: 'b' } }", "line 1"),
            ("if (process.env.CI)\n  module.exports = { datasource: { url: 'a' } }", "line 2"),
            ("module.exports = { schema: 'a' }\nmodule.exports.datasource = { url: 'b' }", "line 2"),
            ("module.exports = {}\nObject.assign(module.exports, { datasource: { url: 'b' } })", "line 2"),
            // It is changed after it was written.
            (
                "const config = { datasource: { url: 'a' } }\nconfig.datasource = { url: 'b' }\nexport default config",
                "line 2",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nconfig.datasource.url = 'b'\nexport default config",
                "line 2",
            ),
            (
                "const config = { datasource: { url: 'a' } }\n;(config as any).datasource.url = 'b'\nexport default config",
                "line 2",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nconfig['datasource'] = other\nexport default defineConfig(config)",
                "line 2",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nObject.assign(config, other)\nexport default config",
                "line 2",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nObject.defineProperty(config.datasource, 'url', {})\nexport default config",
                "line 2",
            ),
            ("const config = { datasource: { url: 'a' } }\ndelete config.datasource\nexport default config", "line 2"),
            ("const config = { datasource: { url: 'a' } }\nchange(config)\nexport default config", "line 2"),
            (
                "const config = { datasource: { url: 'a' } }\n;[config].forEach((it) => { it.datasource = {} })\nexport default config",
                "line 2",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nconst { datasource } = config\ndatasource.url = 'b'\nexport default config",
                "line 3",
            ),
            (
                "const datasource = { url: 'a' }\nconst all = { datasource }\nall.datasource.url = 'b'\nexport default { datasource }",
                "line 3",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nlet same = config\nsame.datasource = {}\nexport default config",
                "line 3",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nfunction change() {\n  config.datasource.url = 'b' }\nchange()\nexport default config",
                "line 3",
            ),
            (
                "const config = { datasource: { url: 'a' } }\nconst get = () => config\nget().datasource = {}\nexport default config",
                "line 3",
            ),
            (
                "const config = { datasource: { url: 'a' } }\n;({ url: config.datasource.url } = { url: 'b' })\nexport default config",
                "line 2",
            ),
            (
                "const a = { url: 'a' }\ntry { throw a } catch (e) { e.url = 'b' }\nexport default { datasource: a }",
                "line 2",
            ),
            (
                "const a = { url: 'a' }\nconst f = (p = a) => { p.url = 'b' }\nf()\nexport default { datasource: a }",
                "line 2",
            ),
            ("const a = { url: 'a' }\nconst f = (p = a) => change(p)\nf()\nexport default { datasource: a }", "line 2"),
            (
                "const a = { url: 'a' }\nglobalThis.z = a\nglobalThis.z.url = 'b'\nexport default { datasource: a }",
                "line 2",
            ),
            (
                "const a = { url: 'a' }\nfor (const it of Object.values({ a })) it.url = 'b'\nexport default { datasource: a }",
                "line 2",
            ),
            (
                "const a = { url: 'a', set(url) { this.url = url } }\na.set('b')\nexport default { datasource: a }",
                "line 2",
            ),
            ("export default { datasource: Object.assign({}, { url: 'a' }) }", "line 1"),
            // It is no program.
            ("const a = 'a'\nconst a = 'b'\nexport default { datasource: { url: a } }", "line 2"),
            ("import a from 'zod'\nimport { a } from 'pg'\nexport default { datasource: { url: 'a' } }", "line 2"),
            ("export default {\n  datasource: { url: 'a' }\n  schema: 'b' }", "line 3"),
            ("export default { datasource: { url: 'a } }", "line 1"),
        ],
        "datasource.url",
    );
}

#[test]
fn the_other_keys_are_found_in_the_same_way() {
    for (key, name) in [("migrations.path", "path"), ("migrations.seed", "seed")] {
        for (text, expected) in [
            (format!("export default {{ migrations: {{ {name}: 'a' }} }}"), "'a'"),
            (format!("const migrations = {{ {name}: 'a' }}\nexport default {{ migrations }}"), "'a'"),
            ("import migrations from './m'\nexport default {\n  migrations }".to_owned(), "line 3"),
            (format!("import {{ {name} }} from './m'\nexport default {{ migrations: {{ {name} }} }}"), "line 2"),
            ("import { m } from './m'\nexport default { migrations: { ...m } }".to_owned(), "line 2"),
            ("export default { migrations: {} }".to_owned(), "not set"),
            ("export default {}".to_owned(), "not set"),
        ] {
            assert_eq!(outcome(&read_in(&text, "/app"), key), expected, "{key}: {text}");
        }
    }
    check(
        &[
            ("export default { schema: path.join('prisma', 'schema') }", "'prisma/schema'"),
            (
                "export default { schema: path.join(__dirname, 'prisma', 'schema.prisma') }",
                "'/app/prisma/schema.prisma'",
            ),
            ("const schema = 'a.prisma', x = 1\nexport default { schema, datasource: { url } }", "'a.prisma'"),
            ("import { schema } from './paths'\nexport default { schema }", "line 2"),
            ("const schema = process.env.SCHEMA ?? 'a'\nexport default { schema }", "($SCHEMA ?? 'a')"),
        ],
        "schema",
    );
}

#[test]
fn changes_of_the_environment_are_followed() {
    let rows = [
        ("", ""),
        ("import 'dotenv/config'", "import"),
        ("require('dotenv/config')", "import"),
        ("import dotenv from 'dotenv'\ndotenv.config()", "default"),
        ("import { config } from 'dotenv'\nconfig()", "default"),
        (
            "import { config as load } from 'dotenv'\nload({ path: '.env.local' })\nload({ path: '.env', quiet: true })",
            "load '.env.local'; load '.env'",
        ),
        (
            "import * as dotenv from 'dotenv'\ndotenv.config({ path: ['.env.local', '.env'], override: true })",
            "override by '.env.local', '.env'",
        ),
        (
            "import { createRequire } from 'node:module'\nconst load = createRequire(import.meta.url)\nload('dotenv').config({ path: 'a' })",
            "load 'a'",
        ),
        ("require('dotenv').config({ path: '../../.env' })", "load '../../.env'"),
        (
            "const dotenv = require('dotenv')\ndotenv.config({ path: path.resolve(__dirname, '..', '.env') })",
            "load '/.env'",
        ),
        ("import { config } from 'dotenv'\nconst result = config({ path: '.env.local' })", "load '.env.local'"),
        ("import { config } from 'dotenv'\nconfig({ path: new URL('../.env', import.meta.url) })", "load '/.env'"),
        (
            "import { config } from 'dotenv'\nimport { expand } from 'dotenv-expand'\nexpand(config({ path: 'a' }))",
            "load 'a'",
        ),
        ("import dotenv from 'dotenv'\nimport expand from 'dotenv-expand'\nexpand.expand(dotenv.config())", "default"),
        ("import { config } from 'dotenv'\nconst options = { path: 'a' }\nconfig(options)", "load 'a'"),
        (
            "import { config } from 'dotenv'\nconfig({ path: `.env.${process.env.NODE_ENV || 'development'}` })",
            "load '.env.' + ($NODE_ENV@0 || 'development')",
        ),
        (
            "import { config } from 'dotenv'\nconst isTest = process.env.NODE_ENV === 'test'\nconfig({ path: isTest ? '.env.test' : '.env' })",
            "load ($NODE_ENV@0 == 'test' ? '.env.test' : '.env')",
        ),
        (
            "import { config } from 'dotenv'\nif (process.env.NODE_ENV !== 'production') config({ path: 'a' })\nelse config()",
            "if !($NODE_ENV@0 == 'production'): load 'a'; if $NODE_ENV@0 == 'production': load '.env'",
        ),
        (
            "import { config } from 'dotenv'\nimport { existsSync } from 'node:fs'\nif (existsSync('.env.local')) { config({ path: '.env.local' }) }",
            "if exists '.env.local': load '.env.local'",
        ),
        (
            "import { config } from 'dotenv'\nfor (const path of ['.env.local', '.env']) {\n  config({ path })\n}",
            "load '.env.local'; load '.env'",
        ),
        ("process.loadEnvFile()", "require '.env'"),
        ("process.loadEnvFile('./.env.local')", "require './.env.local'"),
        (
            "import { loadEnvFile } from 'node:process'\nloadEnvFile(new URL('.env', import.meta.url))",
            "require '/app/.env'",
        ),
        ("try { process.loadEnvFile('a') } catch {}", "try 'a'"),
        (
            "try {\n  const { config } = await import('dotenv')\n  config({ path: 'a' })\n} catch {\n  console.log('no dotenv')\n}",
            "load 'a'",
        ),
        ("try { require('dotenv/config') } catch {}", "import"),
        ("import { loadEnvConfig } from '@next/env'\nloadEnvConfig(process.cwd())", "next '/app' false"),
        (
            "import nextEnv from '@next/env'\nconst { loadEnvConfig } = nextEnv\nloadEnvConfig(process.cwd(), process.env.NODE_ENV !== 'production')",
            "next '/app' !($NODE_ENV@0 == 'production')",
        ),
        ("process.env.URL = 'a'", "URL = 'a'"),
        ("process.env['URL'] ??= 'a'", "URL ??= 'a'"),
        ("process.env.URL ||= process.env.OTHER", "URL ||= $OTHER@0"),
        ("const env = process.env\nenv.URL = 'a'", "URL = 'a'"),
        ("import { env } from 'node:process'\nenv.URL = 'a'", "URL = 'a'"),
        ("Object.assign(process.env, { A: 'a', B: 'b' })", "A = 'a'; B = 'b'"),
        ("delete process.env.URL", "delete URL"),
        ("process.env.URL ??= 'a'\nrequire('dotenv').config()", "URL ??= 'a'; load '.env'"),
        // What is harmless.
        ("import z from 'zod'\nconst schema = z.object({ URL: z.string() })\nconst parsed = z.object({}).parse(1)", ""),
        ("import pkg from './package.json'\nimport type { A } from './a'\nimport { type B } from './b'", ""),
        ("console.log(process.env.URL, process.env)\nconst copy = { ...process.env }", ""),
        (
            "const url = process.env.URL?.replace('a', 'b')\nconst list = process.argv.slice(2).find((it) => it === 'a')",
            "",
        ),
        ("const { URL, OTHER = 'a' } = process.env", ""),
        (
            "function fail(message: string): never { throw new Error(message) }\nconst url = process.env.URL ?? fail('URL')",
            "",
        ),
        // What cannot be told.
        ("import './load-env'", "all? line 1"),
        ("import { env } from '~/env'", "all? line 1"),
        ("import { env } from '@repo/env'", "all? line 1"),
        ("import 'dotenv-flow/config'", "all? line 1"),
        ("export * from './other'", "all? line 1"),
        ("\nrequire('./load-env')", "all? line 2"),
        ("\nawait import('./load-env')", "all? line 2"),
        ("import { load } from 'some-loader'\n\nload()", "all? line 3"),
        ("import { config } from 'dotenv'\nconfig({ path: find() })", "all? if unset line 2"),
        ("import { config } from 'dotenv'\nconfig({ path: find(), override: true })", "all? line 2"),
        ("import { config } from 'dotenv'\nconfig(options)", "all? line 2"),
        ("import { config } from 'dotenv'\nconfig({ ...options })", "all? line 2"),
        ("import { config } from 'dotenv'\nif (isLocal()) config({ path: 'a' })", "all? if unset line 2"),
        (
            "import { config } from 'dotenv'\nfunction load() {\n  config({ path: 'a' })\n}\nload()",
            "all? if unset line 3",
        ),
        ("import { config } from 'dotenv'\n['a', 'b'].forEach((path) => config({ path }))", "all? if unset line 2"),
        ("import { config } from 'dotenv'\n\nrun(config)", "all? line 3"),
        ("import { config } from 'dotenv'\nconfig({ path: 'a', processEnv: {} })", "all? line 2"),
        ("import { config } from 'dotenv'\nconst own = { URL: 'a' }\nconfig({ processEnv: own })", "all? line 3"),
        ("import { config } from 'dotenv'\nconst key = 'processEnv'\nconfig({ [key]: {} })", "all? line 2"),
        ("process.chdir('up')\nrequire('dotenv').config()", "all? line 1"),
        ("import { chdir } from 'node:process'\nchdir('up')", "all? line 1"),
        ("import { chdir as move } from 'node:process'\nmove('up')", "all? line 1"),
        ("\nprocess['chdir']('up')", "all? line 2"),
        ("process.env.DOTENV_CONFIG_PATH = 'a'\nrequire('dotenv').config()", "all? line 1"),
        ("import fs from 'node:fs'\nfs.copyFileSync('.env.example', '.env')", "all? line 2"),
        ("import { writeFileSync } from 'fs'\nwriteFileSync('.env', 'A=b')", "all? line 2"),
        ("import { copySync } from 'fs-extra'\ncopySync('.env.example', '.env')", "all? line 2"),
        ("import { execSync } from 'node:child_process'\n\nexecSync('cp .env.example .env')", "all? line 3"),
        ("import vm from 'node:vm'\nvm.runInThisContext('x')", "all? line 2"),
        ("import { register } from 'node:module'\nregister('./hooks.mjs')", "all? line 2"),
        ("process.kill(process.ppid)", "all? line 1"),
        // What only reads.
        ("import fs, { readFileSync } from 'node:fs'\nreadFileSync('a')\nfs.statSync('a')", ""),
        ("import os from 'node:os'\nos.hostname()\nprocess.argv.includes('a')\nprocess.stdout.write('a')", ""),
        // After a statement of a `try` that fails, the others are not run.
        ("import { env } from 'prisma/config'\ntry { env('NO'); process.env.URL = 'a' } catch {}", "URL? line 2"),
        ("import { env } from 'prisma/config'\ntry { process.env.URL = env('NO') } catch {}", "URL? line 2"),
        ("try { JSON.parse(x); process.env.URL = 'a' } catch {}", "URL? line 1"),
        ("try { const a = find(); process.env.URL = 'a' } catch {}", "URL? line 1"),
        ("try { if (x.y) throw x; process.env.URL = 'a' } catch {}", "URL? line 1"),
        ("import { config } from '@dotenvx/dotenvx'\nconfig()", "all? line 1; all? line 2"),
        ("function load() {\n  require('dotenv').config({ path: 'a' })\n}", "all? if unset line 2"),
        ("function load() {\n  const { config } = require('dotenv')\n  config()\n}", "all? line 2"),
        ("process.env.URL = find()", "URL? line 1"),
        ("process.env.URL += 'a'", "URL? line 1"),
        ("process.env[name] = 'a'", "all? line 1"),
        ("if (isTest()) process.env.URL = 'a'", "URL? line 1"),
        ("function f() {\n  process.env.URL = 'a'\n}", "URL? line 2"),
        ("const set = (it) => { it.URL = 'a' }\nset(process.env)", "all? line 2"),
        ("let e = process.env\ne.URL = 'a'", "all? line 1"),
        ("process.env = { URL: 'a' }", "all? line 1"),
        ("Object.assign(process.env, other)", "all? line 1"),
        ("Reflect.set(process.env, 'URL', 'a')", "all? line 1"),
        ("const e = { env: process.env }", "all? line 1"),
        ("globalThis.process.env.URL = find()", "URL? line 1"),
        ("eval('x')", "all? line 1"),
        ("while (x) process.loadEnvFile('a')", "all? if unset line 1"),
        (
            "try {\n  process.loadEnvFile('a')\n  process.loadEnvFile('b')\n} catch {}",
            "all? if unset line 2; all? if unset line 3",
        ),
        ("export default {", "all? line 1"),
    ];
    let mut wrong = String::new();
    for (text, expected) in rows {
        let found = effects(&read_in(text, "/app"));
        if found != expected {
            wrong.push_str(&format!("\n--- expected {expected}\n    found    {found}\n{text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_variable_is_read_when_the_file_reads_it() {
    check(
        &[
            (
                "import { config } from 'dotenv'\nconst url = process.env.URL ?? 'file:./a.db'\nconfig({ path: 'b' })\n\
                 export default { datasource: { url } }",
                "($URL@0 ?? 'file:./a.db')",
            ),
            ("export default { datasource: { url: process.env.URL } }\nprocess.env.URL = 'a'", "$URL@0"),
            ("process.env.URL = 'a'\nexport default { datasource: { url: process.env.URL } }", "$URL"),
            ("export default { datasource: { url: process.env.URL } }\nimport 'dotenv/config'", "$URL"),
        ],
        "datasource.url",
    );
    let late = read_in("const url = process.env.URL\nimport dotenv from 'dotenv'\ndotenv.config()", "/app");
    assert_eq!(effects(&late), "load '.env'");
}

#[test]
fn a_folder_that_would_end_the_path_of_a_url_is_not_written_into_one() {
    let text = "export default { datasource: { url: `file:${__dirname}/dev.db` } }";
    for folder in ["/what?", "/number#1"] {
        assert_eq!(outcome(&read_in(text, folder), "datasource.url"), "line 1", "{folder}");
    }
    assert_eq!(outcome(&read_in(text, "/a b"), "datasource.url"), "'file:/a b/dev.db'");
}

#[test]
fn what_is_nested_without_end_is_unreadable() {
    for (open, close) in [
        ("(", ")"),
        ("`${", "}`"),
        ("path.join(", ")"),
        ("{ a: ", " }"),
        ("'a' + (", ")"),
        ("!", ""),
        ("x => ", ""),
        ("[", "]"),
        ("...", ""),
        ("a ? 'b' : ", ""),
        ("{ ...", "}"),
        ("await ", ""),
    ] {
        for count in [100, 1_000, 2_500, 20_000] {
            let nested = format!("{}'x'{}", open.repeat(count), close.repeat(count));
            let config = read_in(&format!("const x = {nested}\nexport default {{ schema: {nested} }}"), "/app");
            assert_eq!(config.values.get("schema"), None, "{open}");
            assert!(config.unreadable.contains_key("schema"), "{open}");
            read_in(&open.repeat(count), "/app");
        }
    }
    for operator in [" ?? ", " || ", " + ", " && ", " === ", ", "] {
        for count in [200, 1_500] {
            let chain = vec!["process.env.X"; count].join(operator);
            let config = read_in(&format!("export default {{ schema: ({chain}) }}"), "/app");
            assert!(config.unreadable.contains_key("schema"), "{operator}");
        }
    }
}

#[test]
fn constants_that_double_each_other_end() {
    let mut text = "const a0 = process.env.A\nconst o0 = { a: 'a' }\n".to_owned();
    for index in 1..200 {
        let before = index - 1;
        text.push_str(&format!(
            "const a{index} = `${{a{before}}}${{a{before}}}`\nconst o{index} = {{ l: o{before}, r: o{before} }}\n"
        ));
    }
    text.push_str("export default { schema: a199, datasource: { url: o199.l } }");
    let config = read_in(&text, "/app");
    assert!(config.unreadable.contains_key("schema") && config.unreadable.contains_key("datasource.url"));
}
