//! The messages: where they stand in the source, and how they are written.

mod samples;

use std::path::{Path, PathBuf};

use purlin_schema::{Diagnostic, Rule, parse_all_stages, reference};
use samples::samples;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files below a folder.
#[expect(clippy::disallowed_methods, reason = "only the tests read files")]
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder).expect("the folder exists");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let read = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![(path.clone(), std::fs::read_to_string(path).expect("the source can be read"))],
    };
    paths.flat_map(read).collect()
}

#[test]
fn findings_are_made_in_the_files_of_messages() {
    for (path, text) in files(&source()).into_iter().filter(|(path, _)| !path.starts_with(source().join("messages"))) {
        for constructor in ["Diagnostic::error(", "Diagnostic::warning("] {
            assert!(!text.contains(constructor), "{} writes a message of its own", path.display());
        }
    }
}

/// Rules about arguments are broken everywhere; all others have their messages in the file of their family.
#[test]
fn each_file_has_the_messages_of_one_family() {
    let mut seen = Vec::new();
    for (path, text) in files(&source().join("messages")) {
        let file = path.file_stem().expect("a file has a name").to_string_lossy().replace('_', "");
        for rest in text.split("Rule::").skip(1) {
            let name: String = rest.chars().take_while(|character| character.is_alphanumeric()).collect();
            let rule = Rule::ALL.iter().find(|rule| format!("{rule:?}") == name).expect("the rule exists");
            let family = format!("{:?}", rule.family()).to_lowercase();
            assert!(family == file || family == "arguments", "{rule} is of the family {family}, not of {file}");
            seen.push(*rule);
        }
    }
    let unseen: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !seen.contains(rule)).collect();
    assert!(unseen.is_empty(), "no message for {unseen:?}");
}

#[test]
fn messages_are_in_lower_case_without_a_full_stop() {
    let mut rules = Vec::new();
    let mut check = |diagnostic: Diagnostic| {
        let related = diagnostic.related.iter().map(|(_, text)| text);
        let texts = [&diagnostic.message, &diagnostic.label].into_iter().chain(&diagnostic.help).chain(related);
        for text in texts {
            let is_small = |first: char| !first.is_uppercase() || text.starts_with("Purlin");
            assert!(text.chars().next().is_some_and(is_small), "{}: {text}", diagnostic.rule);
            assert!(!text.ends_with('.') || text.ends_with(".."), "{}: {text}", diagnostic.rule);
            assert!(!text.contains("  ") && !text.contains('\n'), "{}: {text}", diagnostic.rule);
        }
        rules.push(diagnostic.rule);
    };
    for (_, file) in samples("cases") {
        parse_all_stages(&[file]).1.into_iter().for_each(&mut check);
    }
    for entry in reference::entries() {
        let file = purlin_schema::SourceFile { path: "wrong.prisma".into(), text: entry.wrong.into() };
        parse_all_stages(&[file]).1.into_iter().for_each(&mut check);
    }
    let unseen: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !rules.contains(rule)).collect();
    assert!(unseen.is_empty(), "no schema breaks {unseen:?}");
}
