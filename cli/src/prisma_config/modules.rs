//! The modules and functions that are known.
//!
//! A thing of a module is named `module:path`, as in `path:join`; one of the language itself has no module, as in
//! `:Object.freeze`.

/// The name of the whole of a module.
pub(super) fn module(specifier: &str) -> String {
    let specifier = specifier.strip_prefix("node:").unwrap_or(specifier);
    let specifier = match specifier {
        "path/posix" => "path",
        "@prisma/config" => "prisma/config",
        other => other,
    };
    format!("{specifier}:")
}

/// The name of a part of something that has a name.
pub(super) fn part(of: &str, name: &str) -> String {
    match (of, name) {
        // How modules of the one kind are seen by those of the other.
        (whole, "default") if whole.ends_with(':') => whole.to_owned(),
        ("path:", "posix") => "path:".to_owned(),
        (":globalThis" | ":global", name) => global(name),
        (whole, name) if whole.ends_with(':') => format!("{whole}{name}"),
        (other, name) => format!("{other}.{name}"),
    }
}

/// The name of something that the file does not declare. A name of another module that lacks its import is taken for it.
pub(super) fn global(name: &str) -> String {
    match name {
        "process" | "path" => format!("{name}:"),
        "defineConfig" | "env" => format!("prisma/config:{name}"),
        "join" | "resolve" => format!("path:{name}"),
        "fileURLToPath" => format!("url:{name}"),
        "existsSync" => format!("fs:{name}"),
        other => format!(":{other}"),
    }
}

/// Returns whether a module loads `.env` by being imported, as dotenv says.
pub(super) fn is_dotenv_config(specifier: &str) -> bool {
    matches!(specifier, "dotenv/config" | "dotenv/config.js")
}

/// Returns whether a module is a file of the project, by a path or by an alias.
pub(super) fn is_own(specifier: &str) -> bool {
    ["./", "../", "/", "~", "#", "@/", "file:"].iter().any(|start| specifier.starts_with(start))
        || matches!(specifier, "." | "..")
}

/// Returns whether reading the module has no effect on the environment.
pub(super) fn import_is_harmless(specifier: &str) -> bool {
    !is_own(specifier) && (is_known(specifier) || !sounds_of_settings(specifier)) || specifier.ends_with(".json")
}

/// The same for an import that is there for its effects alone.
pub(super) fn bare_import_is_harmless(specifier: &str) -> bool {
    const HARMLESS: [&str; 8] = [
        "reflect-metadata",
        "server-only",
        "tsx",
        "ts-node",
        "tsconfig-paths",
        "source-map-support",
        "core-js",
        "@next/env",
    ];
    let of = |name: &str| specifier == name || specifier.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    HARMLESS.iter().any(|name| of(name)) || is_builtin(specifier) || is_prisma(specifier) || specifier == "dotenv"
}

/// Returns whether something of a module can be called without an effect on the environment, on the files that it is loaded
/// from, and on the folder that paths start from.
pub(super) fn call_is_harmless(name: &str) -> bool {
    const WITHOUT_EFFECTS: [&str; 12] = [
        "path",
        "path/posix",
        "path/win32",
        "url",
        "os",
        "crypto",
        "util",
        "assert",
        "assert/strict",
        "buffer",
        "perf_hooks",
        "querystring",
    ];
    const OF_PROCESS: [&str; 22] = [
        "arch",
        "argv",
        "argv0",
        "cpuUsage",
        "cwd",
        "emitWarning",
        "env",
        "execArgv",
        "execPath",
        "exit",
        "hrtime",
        "memoryUsage",
        "nextTick",
        "on",
        "once",
        "pid",
        "platform",
        "stderr",
        "stdout",
        "uptime",
        "version",
        "versions",
    ];
    let Some((module, function)) = name.split_once(':') else { return false };
    let module = module.strip_prefix("node:").unwrap_or(module);
    // What is called may be a method of what the module has, as in `process.argv.includes(..)`.
    let first = function.split('.').next().unwrap_or_default();
    match module {
        "fs" | "fs/promises" | "fs-extra" => {
            let function = function.strip_prefix("promises.").unwrap_or(function);
            let of = |name: &str| function == name || function.strip_prefix(name) == Some("Sync");
            READS_OF_FILES.into_iter().any(of)
        }
        "process" => OF_PROCESS.contains(&first),
        "module" => function == "createRequire",
        module if is_builtin(module) => WITHOUT_EFFECTS.contains(&module),
        module => is_known_package(module),
    }
}

/// The functions of `fs` that change nothing, of which each has a form with `Sync`.
const READS_OF_FILES: [&str; 9] =
    ["access", "exists", "glob", "lstat", "pathExists", "readFile", "readdir", "realpath", "stat"];

/// Returns whether it is known of the functions of a package that they leave the environment as it is.
fn is_known_package(specifier: &str) -> bool {
    const HARMLESS: [&str; 19] = [
        "zod",
        "valibot",
        "envalid",
        "chalk",
        "picocolors",
        "find-up",
        "pkg-dir",
        "tiny-invariant",
        "better-sqlite3",
        "pg",
        "mysql2",
        "ws",
        "undici",
        "glob",
        "globby",
        "fast-glob",
        "yaml",
        "arktype",
        "url-join",
    ];
    is_prisma(specifier)
        || HARMLESS.contains(&specifier)
        || ["@t3-oss/", "@libsql/", "@neondatabase/", "zod/"].iter().any(|start| specifier.starts_with(start))
}

/// Those whose functions are evaluated.
fn is_known(specifier: &str) -> bool {
    matches!(specifier, "dotenv" | "@next/env" | "dotenv-expand" | "fs-extra")
        || is_builtin(specifier)
        || is_known_package(specifier)
}

fn is_prisma(specifier: &str) -> bool {
    specifier == "prisma" || specifier.starts_with("prisma/") || specifier.starts_with("@prisma/")
}

/// Packages of a workspace look like all others; those of this kind read settings when they are imported.
fn sounds_of_settings(specifier: &str) -> bool {
    let name = specifier.to_lowercase();
    ["env", "config", "secret", "setting", "vault"].iter().any(|part| name.contains(part))
}

fn is_builtin(specifier: &str) -> bool {
    const BUILTIN: [&str; 14] = [
        "path",
        "fs",
        "fs/promises",
        "url",
        "os",
        "process",
        "child_process",
        "crypto",
        "util",
        "module",
        "assert",
        "path/posix",
        "buffer",
        "perf_hooks",
    ];
    specifier.starts_with("node:") || BUILTIN.contains(&specifier)
}

/// Returns whether a function of this name keeps the objects that it gets as they are.
pub(super) fn keeps_arguments(name: &str) -> bool {
    call_is_harmless(name)
        || name.starts_with(":console.")
        || name.starts_with(":JSON.")
        || matches!(
            name,
            ":Object.freeze"
                | ":Object.keys"
                | ":Object.values"
                | ":Object.entries"
                | ":String"
                | ":Boolean"
                | ":Number"
                | ":Array.isArray"
                | ":structuredClone"
                | "dotenv:config"
                | "dotenv-expand:expand"
                | "@next/env:loadEnvConfig"
                | "process:loadEnvFile"
        )
}

/// Returns whether a function of this name is one that loads variables.
pub(super) fn loads_variables(name: &str) -> bool {
    let module = name.split(':').next().unwrap_or_default();
    let is_loader = module.starts_with("dotenv") || module.starts_with("@dotenvx/") || module == "@next/env";
    (is_loader && name != "dotenv:parse") || name == "process:loadEnvFile"
}
