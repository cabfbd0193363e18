//! Texts of configurations, and what they are read as.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

use super::*;

fn plain(text: &str) -> Result<Config, usize> {
    read_plain(text, Place { file: Path::new("/app/prisma.config.ts"), root: Path::new("/app") })
}

fn written(value: &Value) -> String {
    match value {
        Value::Literal(text) => format!("'{text}'"),
        Value::Environment(name) => format!("${name}"),
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
        Condition::Not(condition) => format!("!({})", condition_written(condition)),
    }
}

fn step(action: &Action) -> String {
    let list = |paths: &[Value]| paths.iter().map(written).collect::<Vec<_>>().join(", ");
    match action {
        Action::LoadByImport => "import".to_owned(),
        Action::LoadDefault => "default".to_owned(),
        Action::Load { paths, overrides: false } => format!("load {}", list(paths)),
        Action::Load { paths, overrides: true } => format!("override by {}", list(paths)),
        Action::LoadRequired { path } => format!("require {}", written(path)),
        Action::LoadForNext { folder, development } => {
            format!("next {} {}", written(folder), condition_written(development))
        }
        Action::Assign { name, value } => format!("{name} = {value}"),
    }
}

fn steps(config: &Config) -> Vec<String> {
    match &config.effects {
        Effects::Steps(steps) => steps.iter().map(|one| step(&one.action)).collect(),
        Effects::Changed(_) => Vec::new(),
    }
}

/// What a URL is read as, between what stands before and after the expression; or the line of what is not plain.
fn url(before: &str, expression: &str) -> String {
    match plain(&format!("{before}\nexport default {{ datasource: {{ url: {expression} }} }}\n")) {
        Ok(config) => config.values.get("datasource.url").map_or("not set".to_owned(), written),
        Err(line) => format!("line {line}"),
    }
}

#[test]
fn texts_follow_from_strings_and_variables() {
    for (expression, expected) in [
        ("'file:./a.db'", "'file:./a.db'"),
        ("`file:./${'a'}.db`", "'file:./a.db'"),
        ("'file:' + './a' + \".db\"", "'file:./a.db'"),
        ("'file:./\\x61.db'", "'file:./a.db'"),
        ("env('A')", "$A!"),
        ("process.env.A", "$A"),
        ("process.env['A']!", "$A"),
        ("process.env.A ?? 'file:./a.db'", "($A ?? 'file:./a.db')"),
        ("process.env.A || process.env.B || 'x'", "(($A || $B) || 'x')"),
        ("`file:./${process.env.A}.db`", "'file:./' + $A + '.db'"),
        ("process.env.A === 'ci' ? 'x' : 'y'", "($A == 'ci' ? 'x' : 'y')"),
        ("process.env.A !== 'ci' ? 'x' : env('B')", "(!($A == 'ci') ? 'x' : $B!)"),
        ("!process.env.CI ? 'x' : 'y'", "(!($CI) ? 'x' : 'y')"),
        ("(process.env.A as string) satisfies string", "$A"),
        ("'file:' + path.join(__dirname, 'data/') + 'a.db'", "'file:/app/data/a.db'"),
        ("`file:${path.resolve('data', '../b.db')}`", "'file:/app/b.db'"),
        ("'file:' + path.join(process.cwd(), 'a.db')", "'file:/app/a.db'"),
        ("`file:${import.meta.dirname}/a.db`", "'file:/app/a.db'"),
    ] {
        assert_eq!(url("import path from 'node:path'", expression), expected, "{expression}");
    }
}

#[test]
fn constants_imports_and_exports_of_each_form_are_read() {
    for (text, expected) in [
        (
            "import { defineConfig, env as e } from 'prisma/config'\nexport default defineConfig({ datasource: { url: e('A') } })",
            "$A!",
        ),
        ("const datasource = { url: 'a' }\nexport default { datasource }", "'a'"),
        ("const base = { datasource: { url: 'a' } }\nexport default { ...base, datasource: { url: 'b' } }", "'b'"),
        ("export default { datasource: { url: 'a' }, datasource: { url: 'b' } }", "'b'"),
        ("const { env } = require('prisma/config')\nmodule.exports = { datasource: { url: env('A') } }", "$A!"),
        (
            "import type { PrismaConfig } from 'prisma'\nexport default { datasource: { url: 'a' } } satisfies PrismaConfig",
            "'a'",
        ),
        (
            "import { dirname } from 'path'\nimport { fileURLToPath } from 'url'\n\
             const __dirname = dirname(fileURLToPath(import.meta.url))\n\
             export default { datasource: { url: `file:${__dirname}/a.db` } }",
            "'file:/app/a.db'",
        ),
        (
            "function unused() { process.env.A = 'b' }\nexport default { datasource: { url: 'a' }, experimental: { adapter: true } }",
            "'a'",
        ),
        ("export default { datasource: { url: 'a' }, views: { path: './v', load: async () => call() } }", "'a'"),
    ] {
        let config = plain(text).unwrap_or_else(|line| Config {
            values: [("datasource.url", Value::Literal(format!("line {line}")))].into(),
            ..Config::default()
        });
        assert_eq!(config.values.get("datasource.url").map(written).unwrap_or_default(), expected, "{text}");
    }
    let config = plain(
        "import path from 'path'\nexport default { schema: path.join('prisma', 'schema'), \
         migrations: { path: './m', seed: 'node seed.js' } }",
    );
    let values: Vec<String> =
        config.unwrap().values.into_iter().map(|(key, value)| format!("{key} {}", written(&value))).collect();
    assert_eq!(values, ["migrations.path './m'", "migrations.seed 'node seed.js'", "schema 'prisma/schema'"]);
    assert!(plain("// nothing yet\nimport 'dotenv/config'\n").unwrap().values.is_empty());
}

#[test]
fn what_loads_variables_is_read_in_its_order() {
    let dotenv =
        "import { config } from 'dotenv'\nimport { loadEnvConfig } from '@next/env'\nimport path from 'path'\n";
    for (statements, expected) in [
        ("import 'dotenv/config'", &["import"][..]),
        ("require('dotenv').config()", &["default"]),
        (
            "config()\nconfig({ path: '.env.local', override: true, quiet: true })",
            &["default", "override by '.env.local'"],
        ),
        ("config({ path: ['.env.local', path.join(__dirname, '.env')] })", &["load '.env.local', '/app/.env'"]),
        ("config({ path: `.env.${process.env.NODE_ENV}` })", &["load '.env.' + $NODE_ENV"]),
        ("process.loadEnvFile()\nprocess.loadEnvFile('.env.local')", &["require '.env'", "require '.env.local'"]),
        ("loadEnvConfig(process.cwd())", &["next '/app' false"]),
        ("loadEnvConfig('.', process.env.NODE_ENV !== 'production')", &["next '.' !($NODE_ENV == 'production')"]),
        ("process.env.A = 'x'\nprocess.env['B'] = `y`", &["A = x", "B = y"]),
        ("const folder = 'env'\nconfig({ path: path.join(folder, '.env') })", &["load 'env/.env'"]),
    ] {
        let config = plain(&format!("{dotenv}{statements}\nexport default {{}}\n"));
        assert_eq!(
            config.map(|config| steps(&config)),
            Ok(expected.iter().map(|step| (*step).to_owned()).collect()),
            "{statements}"
        );
    }
}

#[test]
fn anything_else_is_not_plain_and_has_a_line() {
    for (text, line) in [
        // Modules that may do anything.
        ("import './load-env'\nexport default {}", 1),
        ("import { root } from '@repo/shared'\nexport default {}", 1),
        ("import fs from 'node:fs'\nexport default {}", 1),
        ("import {} from 'thing'\nexport default {}", 1),
        ("import { type Thing } from 'thing'\nexport default {}", 1),
        ("export { default } from './base'", 1),
        // What may change what was read.
        ("let url = 'a'\nexport default { datasource: { url } }", 1),
        ("declare const url = 'a'\nexport default { datasource: { url } }", 1),
        ("declare function env(name: string): string\nexport default { datasource: { url: env('A') } }", 1),
        ("\nif (process.env.CI) process.env.A = 'x'\nexport default {}", 2),
        ("const url = process.env.A\nprocess.env.A = 'x'\nexport default { datasource: { url } }", 2),
        (
            "const url = env('A')\nimport { env } from 'prisma/config'\nimport { config } from 'dotenv'\nconfig({ path: 'x' })\nexport default { datasource: { url } }",
            4,
        ),
        ("const c = { datasource: { url: 'a' } }\nc.datasource.url = 'b'\nexport default c", 2),
        ("Object.assign(process.env, { A: 'b' })\nexport default {}", 1),
        ("const { env } = process\nenv.A = 'b'\nexport default {}", 1),
        ("const p = { ...process }\nexport default {}", 1),
        ("delete process.env.A\nexport default {}", 1),
        ("process.env.A ??= 'x'\nexport default {}", 1),
        ("process.env.A = process.env.B ?? 'x'\nexport default {}", 1),
        ("process.env.DOTENV_CONFIG_PATH = 'x'\nexport default {}", 1),
        ("import { config } from 'dotenv'\nconfig({ path: ['a', process.env.B] })\nexport default {}", 2),
        ("export default {}\nprocess.env.A = 'b'", 2),
        // Names that stand for two things.
        (
            "import { env } from 'prisma/config'\nfunction env(name) { return 'b' }\nexport default { datasource: { url: env('A') } }",
            2,
        ),
        ("const process = { env: { A: 'b' } }\nexport default { datasource: { url: process.env.A } }", 1),
        // Values that are computed.
        ("export default {\n  datasource: { url: find() } }", 2),
        ("export default {\n  datasource: { url: process.env.A?.trim() } }", 2),
        ("export default {\n  datasource: { url: process.env.A === undefined ? 'a' : 'b' } }", 2),
        ("export default {\n  datasource: { url: (process.env.A ?? null) === null ? 'a' : 'b' } }", 2),
        ("export default {\n  datasource: { url: null } }", 2),
        ("export default {\n  datasource: { url: `${process.env.A}` || 'a' } }", 2),
        ("export default {\n  datasource: { url: `${process.env.A}` ? 'a' : 'b' } }", 2),
        ("export default {\n  datasource: { url: `${process.env.A}` === 'undefined' ? 'a' : 'b' } }", 2),
        ("export default {\n  datasource: { url: process.env.constructor ? 'a' : 'b' } }", 2),
        ("export default {\n  datasource: { get url() { return 'b' } } }", 2),
        ("export default {\n  [name]: { url: 'b' } }", 2),
        ("export default {\n  ...base }", 2),
        ("export default {\n  schema: process.env.SCHEMA ?? 'a' }", 2),
        ("export default {\n  schema: 'a',\n  adapter: new Adapter() }", 3),
        ("export default {\n  datasources: { url: 'a' } }", 2),
        ("import { config } from 'dotenv'\nconfig({ encoding: 'latin1' })\nexport default {}", 2),
        ("import { config } from 'dotenv'\nconfig({ processEnv: {} })\nexport default {}", 2),
        ("export default async () => ({})", 1),
        ("export default {\n  datasource: { url: 'a' }\n  schema: 'b' }", 3),
        ("const a = 1", 1),
    ] {
        assert_eq!(plain(text).map(|_| ()), Err(line), "{text}");
    }
}

#[test]
fn hostile_texts_are_refused_in_time() {
    let doubled: String = (0..40).map(|n| format!("const a{} = a{n} + a{n}\n", n + 1)).collect();
    for text in [
        format!("const a0 = 'xxxxxxxx'\n{doubled}export default {{ datasource: {{ url: a40 }} }}"),
        format!("export default {}{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("export default {{ datasource: {{ url: {}'a'{} }} }}", "(".repeat(5_000), ")".repeat(5_000)),
        "x".repeat(LONGEST + 1),
        "\0".to_owned(),
    ] {
        assert!(plain(&text).is_err(), "{}", text.get(..40).unwrap_or_default());
    }
}
