//! The import by which the application reaches the client that `purlin init` writes.

use std::path::Path;

use super::{ProjectKind, text};
use crate::{commands::doctor::source::without_comments, failure::Failure, project::tidy, terminal};

/// Prints the line that works in this project.
pub(super) fn tell(kind: ProjectKind) -> Result<(), Failure> {
    let config = text(Path::new("tsconfig.json"))?.unwrap_or_default();
    terminal::line("");
    terminal::line(match alias(&config, &kind.db()) {
        Some(module) => format!("In your code: import {{ db }} from '{module}'"),
        None => {
            let ending = kind.modules.ending.text();
            format!("In your code, from a file beside {}: import {{ db }} from './db{ending}'", kind.db())
        }
    });
    Ok(())
}

/// The module that the `paths` of a `tsconfig.json` make of a file.
fn alias(config: &str, file: &str) -> Option<String> {
    let config: serde_json::Value = serde_json::from_str(&without_last_commas(&without_comments(config))).ok()?;
    let options = config.get("compilerOptions")?;
    let base = options.get("baseUrl").and_then(serde_json::Value::as_str).unwrap_or(".");
    let module = Path::new(file).with_extension("");
    for (pattern, targets) in options.get("paths")?.as_object()? {
        for target in targets.as_array()?.iter().filter_map(serde_json::Value::as_str) {
            let Some((before, after)) = pattern.split_once('*') else { continue };
            let Some(folder) = target.strip_suffix('*') else { continue };
            let folder = tidy(&Path::new(base).join(folder));
            // What catches all names is no name of this project.
            if let Ok(rest) = module.strip_prefix(&folder)
                && !before.is_empty()
                && after.is_empty()
            {
                return Some(format!("{before}{}", rest.to_string_lossy().replace('\\', "/")));
            }
        }
    }
    None
}

/// JSON as TypeScript reads it may have a comma behind the last element.
pub(super) fn without_last_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        let rest = text.get(at + character.len_utf8()..).unwrap_or_default();
        match character {
            '"' => in_string = !in_string,
            '\\' if in_string => {
                out.push(character);
                out.extend(characters.next().map(|(_, escaped)| escaped));
                continue;
            }
            ',' if !in_string && rest.trim_start().starts_with(['}', ']']) => continue,
            _ => {}
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_a_tsconfig_name_the_file() {
        let config = |paths: &str| format!("{{ \"compilerOptions\": {{ {paths} }} }}");
        for (paths, file, expected) in [
            (r#""paths": { "@/*": ["./*"] }"#, "db.ts", Some("@/db")),
            (r#""paths": { "@/*": ["./src/*"] }"#, "src/db.ts", Some("@/db")),
            (r#""paths": { "@/*": ["./*"] }"#, "src/db.ts", Some("@/src/db")),
            (r#""paths": { "@/*": ["./src/*"] }"#, "db.ts", None),
            (r#""baseUrl": "src", "paths": { "~/*": ["*"] }"#, "src/db.ts", Some("~/db")),
            (r##""paths": { "*": ["./types/*"], "#app/*": ["./src/*"], }, /* last */"##, "src/db.ts", Some("#app/db")),
            (r#""paths": { "*": ["./src/*"] }"#, "src/db.ts", None),
            (r#""strict": true"#, "src/db.ts", None),
        ] {
            assert_eq!(alias(&config(paths), file).as_deref(), expected, "{paths}");
        }
        assert_eq!(alias("", "db.ts"), None);
    }
}
