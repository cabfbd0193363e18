//! Imports of Prisma's modules, and what to write in their place.

use std::path::Path;

use super::Output;
use crate::commands::doctor::source::Import;
use crate::{locate, project::tidy};

/// What Prisma's run-time modules export that is a member of the namespace `Prisma` of the generated client.
const NAMESPACE: [&str; 14] = [
    "PrismaClientKnownRequestError",
    "PrismaClientUnknownRequestError",
    "PrismaClientValidationError",
    "PrismaClientInitializationError",
    "PrismaClientRustPanicError",
    "Decimal",
    "DecimalJsLike",
    "JsonValue",
    "JsonObject",
    "JsonArray",
    "InputJsonValue",
    "InputJsonObject",
    "InputJsonArray",
    "PrismaPromise",
];

/// What to do about an import.
pub(super) fn import(import: &Import<'_>, file: &Path, outputs: &[Output]) -> Option<String> {
    let text = import.module;
    if text.starts_with("@prisma/adapter-") {
        return Some(format!("the client needs no adapter: remove the import of `{text}`"));
    }
    let output = outputs.first()?;
    if text == "@prisma/client" || text.starts_with("@prisma/client/") || text.starts_with(".prisma/client") {
        if text == "@prisma/client/sql" {
            return Some("queries of `@prisma/client/sql` are not supported yet".to_owned());
        }
        let from = locate::absolute(file.parent().unwrap_or(Path::new(""))).ok()?;
        let way = locate::between(&from, &locate::absolute(&output.folder).ok()?).display().to_string();
        let way = if way.starts_with('.') { way } else { format!("./{way}") };
        let is_internal = text.split('/').any(|part| part == "runtime");
        return Some(
            in_namespace(import, is_internal, &way)
                .unwrap_or_else(|| format!("import from '{way}' instead of '{text}'")),
        );
    }
    if !text.starts_with('.') {
        return None;
    }
    let target = tidy(&file.parent().unwrap_or(Path::new("")).join(text));
    let output = outputs.iter().find(|output| target.starts_with(&output.folder))?;
    let module = target.strip_prefix(&output.folder).ok()?.to_string_lossy().into_owned();
    let module =
        [".js", ".ts", ".mjs", ".mts"].iter().find_map(|ending| module.strip_suffix(ending)).unwrap_or(&module);
    if output.modules.contains(&module) {
        return None;
    }
    let is_internal = module.starts_with("runtime") || module.starts_with("internal");
    let remedy = in_namespace(import, is_internal, "its `index`").unwrap_or("import from its `index`".to_owned());
    Some(format!("the generated client has no module `{module}`: {remedy}"))
}

/// What to do about a module that a test replaces.
pub(super) fn mock(mocked: &Import<'_>, file: &Path, outputs: &[Output]) -> Option<String> {
    if !mocked.module.starts_with("@prisma/client") {
        return None;
    }
    let what = import(mocked, file, outputs)?.replacen("import from", "mock", 1);
    Some(format!("{what}: the mock replaces nothing any more, and tests would use the database"))
}

/// What to write for names that are members of the namespace in the generated client, which has none of Prisma's
/// internal modules.
fn in_namespace(import: &Import<'_>, is_internal: bool, way: &str) -> Option<String> {
    let way = if way.starts_with('.') { format!("'{way}'") } else { way.to_owned() };
    let (members, others): (Vec<&str>, Vec<&str>) =
        import.names().into_iter().partition(|name| NAMESPACE.contains(name));
    if members.is_empty() && others.is_empty() && is_internal {
        return Some(format!("import `Prisma` from {way}, whose members these are, as `Prisma.JsonValue` is"));
    }
    if members.is_empty() {
        return (is_internal && !others.iter().all(|name| *name == "Prisma")).then(|| {
            format!("{} is internal to Prisma, and there is no such name in the generated client", list(&others))
        });
    }
    let written: Vec<String> = members.iter().map(|name| format!("Prisma.{name}")).collect();
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    let mut text = format!("import `Prisma` from {way} and write {}", list(&written));
    if way.starts_with('\'') {
        text.push_str(&format!(" instead of importing from '{}'", import.module));
    }
    if is_internal && !others.is_empty() {
        text.push_str(&format!("; {} is internal to Prisma", list(&others)));
    }
    Some(text)
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::NAMESPACE;

    #[test]
    fn what_is_said_to_be_in_the_namespace_is_there() {
        let written = include_str!("../../../../../codegen/src/typescript/client.rs");
        for name in NAMESPACE {
            let is_there = [" ", "<"].iter().any(|after| written.contains(&format!("type {name}{after}")));
            assert!(is_there, "{name} is no member of the namespace");
        }
    }
}
