//! The schemas of a corpus with what Prisma says of each, read from its two lists:
//!
//! - `manifest.json`: files, each with its diagnostics, warnings among them;
//! - `embedded.json`: schemas that were part of a program's tests, with the errors as they were printed. Their warnings
//!   were not printed, so nothing is known of those.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use purlin_schema::Severity;
use serde_json::Value;

use crate::Result;

/// A schema and what Prisma says of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// As the schema names it, `none` without a datasource.
    pub(crate) provider: String,
    pub(crate) text: String,
    pub(crate) expected: Vec<Finding>,
    /// Whether `expected` would have the warnings, too.
    pub(crate) warnings_known: bool,
}

/// A diagnostic, reduced to what two implementations can agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) message: String,
}

#[derive(Default)]
pub(crate) struct Corpus {
    pub(crate) cases: Vec<Case>,
    /// How many are about databases that Purlin does not serve.
    pub(crate) not_ours: usize,
    /// Entries that cannot be judged, and why.
    pub(crate) skipped: Vec<(String, String)>,
}

/// The databases of this project; `none` has no datasource.
pub(super) const OURS: [&str; 5] = ["postgresql", "postgres", "mysql", "sqlite", "none"];
const OTHERS: [&str; 3] = ["mongodb", "sqlserver", "cockroachdb"];

/// Reads a corpus from its folder, or from the folder around it.
pub(crate) fn read(folder: &Path) -> Result<Corpus> {
    let inner = folder.join("psl");
    let folder = if inner.join("manifest.json").is_file() { inner } else { folder.to_path_buf() };
    let mut corpus = Corpus::default();
    for entry in list(&folder.join("manifest.json"))? {
        corpus.add_file(&folder, &entry)?;
    }
    for entry in list(&folder.join("embedded.json"))? {
        corpus.add_embedded(&entry)?;
    }
    // Nothing to judge would be agreement on everything.
    if corpus.cases.is_empty() {
        Err(format!("{} has no entries for our databases", folder.display()))
    } else {
        Ok(corpus)
    }
}

fn list(path: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not a list of entries: {error}", path.display()))
}

impl Corpus {
    fn add_file(&mut self, folder: &Path, entry: &Value) -> Result {
        let file = string(entry, "file")?;
        let path = folder.join(&file);
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let mut expected = Vec::new();
        for diagnostic in array(entry, "diagnostics")? {
            expected.push(Finding {
                severity: severity(&string(diagnostic, "severity")?)?,
                line: diagnostic["line"].as_u64().ok_or_else(|| format!("{file}: a diagnostic has no line"))? as usize,
                message: string(diagnostic, "message")?,
            });
        }
        // The first folder only says where the file was found.
        let name = file.split_once('/').map_or(file.as_str(), |(_, rest)| rest).trim_end_matches(".prisma").to_owned();
        self.add(Case { name, provider: provider(&text), text, expected, warnings_known: true });
        Ok(())
    }

    fn add_embedded(&mut self, entry: &Value) -> Result {
        let name = format!("{}/{}", string(entry, "file")?.trim_end_matches(".rs"), string(entry, "test")?);
        // A text beside a schema may be a value that the test looks for.
        let schemas: Vec<String> = strings(entry, "schemas")?.into_iter().filter(|text| text.contains("{\n")).collect();
        // What succeeds may print something else than errors.
        let is_error = string(entry, "kind")? == "error";
        let printed = if is_error { strings(entry, "expected")? } else { vec![String::new(); schemas.len()] };
        if schemas.len() != printed.len() || is_error && printed.iter().any(|text| findings(text).is_empty()) {
            self.skipped.push((name, "its schemas and errors cannot be paired".to_owned()));
            return Ok(());
        }
        let header = match entry["provider_helper"].as_str() {
            Some(helper) if entry["uses_with_header"] == true => header(helper),
            _ => String::new(),
        };
        let several = schemas.len() > 1;
        for (index, (schema, printed)) in schemas.iter().zip(&printed).enumerate() {
            let name = if several { format!("{name}#{}", index + 1) } else { name.clone() };
            for (filling, text) in fill(&name, schema) {
                let name = if filling.is_empty() { name.clone() } else { format!("{name}[{filling}]") };
                self.add_printed(name, format!("{header}{text}"), printed);
            }
        }
        Ok(())
    }

    fn add_printed(&mut self, name: String, text: String, printed: &str) {
        let expected = findings(printed);
        if expected.iter().any(is_of_environment) {
            self.skipped.push((name, "its error is the value of an environment variable".to_owned()));
        } else if let Some(text) = align(text, printed) {
            self.add(Case { name, provider: provider(&text), text, expected, warnings_known: false });
        } else {
            self.skipped.push((name, "the printed lines are not those of its schema".to_owned()));
        }
    }

    fn add(&mut self, case: Case) {
        let provider = case.provider.as_str();
        let superseded = SUPERSEDED.iter().find(|(name, _)| *name == case.name);
        if OTHERS.contains(&provider) {
            self.not_ours += 1;
        } else if let Some((_, reason)) = superseded {
            self.skipped.push((case.name, (*reason).to_owned()));
        } else if OURS.contains(&provider) || case.expected.iter().any(|finding| finding.severity == Severity::Error) {
            self.cases.push(case);
        } else {
            self.skipped.push((case.name, format!("no released Prisma knows the provider `{provider}`")));
        }
    }
}

/// Returns whether a finding is about a variable of the environment, as one that is not set.
fn is_of_environment(finding: &Finding) -> bool {
    finding.message.to_lowercase().contains("environment variable")
}

/// Entries of older versions of Prisma, of which newer ones say the contrary.
const SUPERSEDED: &[(&str, &str)] =
    &[("views/no_unique", "a rule up to 6.12: later entries, and real schemas, have views without a unique key")];

/// The provider of the first datasource.
pub(super) fn provider(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with("datasource"));
    let named = lines.find_map(|line| line.strip_prefix("provider"));
    let value = named.and_then(|rest| rest.trim_start().strip_prefix('=')).map(str::trim);
    let quoted = value.map(|value| value.strip_prefix('"').and_then(|text| text.split('"').next()).unwrap_or(value));
    quoted.unwrap_or("none").to_owned()
}

/// What stood before a schema that was embedded without its configuration: ten lines, by the numbers of its errors.
fn header(helper: &str) -> String {
    let provider = match helper {
        "Postgres" => "postgresql",
        "Mongo" => "mongodb",
        "Mysql" => "mysql",
        "Sqlite" => "sqlite",
        "SqlServer" => "sqlserver",
        _ => "cockroachdb",
    };
    format!(
        "datasource test {{\n  provider = \"{provider}\"\n  url      = \"{provider}://\"\n}}\n\n\
         generator client {{\n  provider        = \"prisma-client\"\n  previewFeatures = []\n}}\n\n"
    )
}

/// A schema that was a template, once for each value that its place can have; others as they are.
fn fill(name: &str, schema: &str) -> Vec<(String, String)> {
    if !schema.contains("{{") {
        return vec![(String::new(), schema.to_owned())];
    }
    let plain = schema.replace("{{", "{").replace("}}", "}");
    let filled = |place: &str, values: &[&str]| -> Vec<(String, String)> {
        values.iter().map(|value| ((*value).to_owned(), plain.replace(place, value))).collect()
    };
    if plain.contains("{db}") {
        return filled("{db}", &["postgresql", "mysql", "sqlite"]);
    }
    if plain.contains("{action}") {
        return filled("{action}", &["Cascade", "Restrict", "SetNull"]);
    }
    let database = if name.contains("mysql") { "mysql" } else { "postgresql" };
    let datasource = format!("datasource db {{\n  provider = \"{database}\"\n  url      = \"{database}://\"\n}}");
    vec![(String::new(), plain.replace("{datasource}", &datasource))]
}

/// The schema with as many blank lines before it as a report on it shows: those at its start may have been lost.
/// Nothing if the report shows other lines than the schema has.
fn align(text: String, printed: &str) -> Option<String> {
    let excerpts: Vec<(usize, &str)> = printed
        .lines()
        .filter_map(|line| line.split_once('|'))
        .filter_map(|(number, source)| Some((number.trim().parse().ok()?, source.trim())))
        .collect();
    (0..=2).map(|blank| "\n".repeat(blank) + &text).find(|text| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        excerpts.iter().all(|(number, source)| lines.get(number.wrapping_sub(1)).is_some_and(|line| line == source))
    })
}

/// The diagnostics of a printed report: `error: ..`, then `-->  schema.prisma:LINE`.
fn findings(printed: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut open: Option<(Severity, &str)> = None;
    for line in printed.lines() {
        if let Some(message) = line.strip_prefix("error: ") {
            open = Some((Severity::Error, message));
        } else if let Some(message) = line.strip_prefix("warning: ") {
            open = Some((Severity::Warning, message));
        } else if let Some(line) = line.trim_start().strip_prefix("-->") {
            let line = line.rsplit(':').next().and_then(|line| line.trim().parse().ok());
            if let (Some((severity, message)), Some(line)) = (open.take(), line) {
                found.push(Finding { severity, line, message: message.to_owned() });
            }
        }
    }
    found
}

/// Severities and lines, which is what agreement is about.
pub(crate) fn places(findings: &[Finding]) -> BTreeSet<(bool, usize)> {
    findings.iter().map(|finding| (finding.severity == Severity::Warning, finding.line)).collect()
}

fn severity(name: &str) -> Result<Severity> {
    match name {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        other => Err(format!("there is no severity `{other}`")),
    }
}

fn string(entry: &Value, key: &str) -> Result<String> {
    entry[key].as_str().map(str::to_owned).ok_or_else(|| format!("an entry has no text `{key}`: {entry}"))
}

fn array<'a>(entry: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    entry[key].as_array().ok_or_else(|| format!("an entry has no list `{key}`: {entry}"))
}

fn strings(entry: &Value, key: &str) -> Result<Vec<String>> {
    Ok(array(entry, key)?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_printed_report() {
        let printed = "error: First.\n  -->  schema.prisma:3\n   | \n 3 |   a Int\n   | \nerror: Second\nof two lines.\n  -->  schema.prisma:12\n";
        let error = |line, message: &str| Finding { severity: Severity::Error, line, message: message.to_owned() };
        assert_eq!(findings(printed), [error(3, "First."), error(12, "Second")]);
    }

    #[test]
    fn a_variable_of_the_environment_cannot_be_judged() {
        for message in ["Environment variable not found: URL.", "The environment variable `URL` is empty."] {
            let printed = format!("error: {message}\n  -->  schema.prisma:1\n   | \n 1 | model A {{\n   | \n");
            let mut corpus = Corpus::default();
            corpus.add_printed("a".to_owned(), "model A {\n  id Int @id\n}\n".to_owned(), &printed);
            assert_eq!((corpus.cases.len(), corpus.skipped.len()), (0, 1), "{message}");
        }
    }

    #[test]
    fn gives_back_lost_lines() {
        let text = || "model A {\n  a Itn\n}\n".to_owned();
        assert_eq!(align(text(), "error: e\n  --> schema.prisma:2\n   |\n 2 |  a Itn\n"), Some(text()));
        assert_eq!(align(text(), " 2 | model A {\n 3 |       a Itn\n"), Some(format!("\n{}", text())));
        assert_eq!(align(text(), " 2 | a Int\n"), None);
    }

    #[test]
    fn finds_the_provider_of_the_datasource() {
        let generator = "generator js {\n  provider = \"prisma-client\"\n}\n";
        assert_eq!(provider(generator), "none");
        assert_eq!(provider(&format!("{generator}{}", header("Mysql"))), "mysql");
    }

    #[test]
    fn a_header_has_ten_lines() {
        assert_eq!(header("Postgres").lines().count(), 10);
    }

    #[test]
    fn fills_templates_and_leaves_the_rest() {
        assert_eq!(fill("a", "model A {\n}"), [(String::new(), "model A {\n}".to_owned())]);
        let filled = fill("a", "datasource db {{\n  provider = \"{db}\"\n}}");
        assert_eq!(filled.len(), 3);
        assert_eq!(filled[1].1, "datasource db {\n  provider = \"mysql\"\n}");
    }
}
