//! The modules of the crate stand in layers: each imports only from the layers below its own.

use std::collections::BTreeSet;
use std::path::Path;

/// The layers, the lowest first. Modules of one layer do not import each other, so that the checks never depend on the
/// resolver, nor the resolver on the checks; what both share is the draft.
const LAYERS: &[&[&str]] = &[
    &["graph", "lexer", "rules", "source", "suggest"],
    &["diagnostic", "syntax"],
    &["model", "native"],
    &["literals", "naming", "operators"],
    &["messages"],
    &["names"],
    &["attributes"],
    &["parser"],
    &["draft", "format", "reference", "report"],
    &["check", "resolve"],
    &["finish", "independence"],
    &["lib"],
];

/// Modules that describe one thing: a column has a native type, and a native type is for some scalars.
const TOGETHER: [&str; 2] = ["model", "native"];

#[test]
fn each_module_imports_from_the_layers_below() {
    let mut modules = BTreeSet::new();
    let mut wrong = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None, &mut |module, file, text| {
        modules.insert(module.to_owned());
        for import in imports(text).into_iter().filter(|import| import != module) {
            let is_together = [module, &import].into_iter().all(|it| TOGETHER.contains(&it));
            if !is_together && layer(&import) >= layer(module) {
                wrong.push(format!("{file} imports `crate::{import}`"));
            }
        }
    });
    assert_eq!(wrong, Vec::<String>::new());
    let listed: BTreeSet<String> = LAYERS.iter().copied().flatten().map(|module| (*module).to_owned()).collect();
    assert_eq!(modules, listed, "the layers list each module once");
}

#[test]
fn imports_are_found_wherever_they_are_written() {
    let text = "use crate::a::B;\nuse crate::{c, d::{E, F}, g};\n// use crate::h;\nfn i() { crate::j::k() }\n";
    assert_eq!(imports(text), ["a", "c", "d", "g", "j"]);
}

fn layer(module: &str) -> usize {
    let layer = LAYERS.iter().position(|layer| layer.contains(&module));
    assert!(layer.is_some(), "the module `{module}` has no layer");
    layer.unwrap_or_default()
}

/// Calls `found` with the top-level module, the name and the text of each file.
#[expect(clippy::disallowed_methods, reason = "only the tests read files")]
fn visit(folder: &Path, module: Option<&str>, found: &mut dyn FnMut(&str, &str, &str)) {
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let module = module.unwrap_or(&name);
        if path.is_dir() {
            visit(&path, Some(module), found);
        } else {
            let text = std::fs::read_to_string(&path).expect("the source can be read");
            found(module, &path.display().to_string(), &text);
        }
    }
}

/// The modules after each `crate::` outside of comments, those of a list in braces too.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let code = code.join("\n");
    let mut modules = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            modules.push(word(rest));
            continue;
        };
        let mut depth = 1;
        let mut is_start = true;
        for (index, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => is_start = true,
                _ if depth == 1 && is_start && !character.is_whitespace() => {
                    modules.push(word(&list[index..]));
                    is_start = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    modules
}

fn word(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}
