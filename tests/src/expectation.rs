//! What the cases must give: `expected/<capability>.json`, one member a case.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::db::Client;
use crate::{Database, Outcome};

/// Runs a case on a database of its own and compares. `module` is where the test of the case is: its second part is
/// the capability.
pub fn check(database: Database, module: &str, name: &str, case: impl AsyncFn(&Client) -> Outcome) {
    let capability = module.split("::").nth(1).unwrap_or_default();
    let (expectations, own) = (load(capability), load_own(database, capability));
    let expected = own.get(&sentence(name)).or_else(|| expectations.get(&sentence(name)));
    let expected = expected.unwrap_or_else(|| panic!("expected/{capability}.json has no \"{}\"", sentence(name)));
    let db = database.scratch(rows(capability, name).as_deref());
    let given = futures_executor::block_on(case(&db)).expect("the queries of the case succeed");
    assert!(
        same(expected, &given),
        "{capability}: {} on {database:?}\nexpected {expected:#}\n   given {given:#}",
        sentence(name)
    );
}

/// The expectations of a capability.
pub fn load(capability: &str) -> Map<String, Value> {
    read(&folder().join(capability).with_extension("json"))
}

fn read(path: &Path) -> Map<String, Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The expectations of a capability that are others on one database.
pub fn load_own(database: Database, capability: &str) -> Map<String, Value> {
    let name: Option<&str> = match database {
        Database::Sqlite => None,
        #[cfg(feature = "postgres")]
        Database::Postgres => Some("postgres.json"),
    };
    let all = name.map(|name| read(&folder().with_file_name("expected_on").join(name))).unwrap_or_default();
    all.get(capability).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The capabilities that have expectations.
pub fn capabilities() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the folder of expectations is there");
    let name = |path: PathBuf| path.file_stem().map(|name| name.to_string_lossy().into_owned());
    entries.flatten().filter_map(|entry| name(entry.path())).collect()
}

/// The statements that a case begins with: `rows/<capability>/<name>.sql`, where that file exists.
fn rows(capability: &str, name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rows").join(capability).join(name).with_extension("sql");
    path.exists().then(|| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("expected")
}

/// The name of a case in the expectations: the function's, in words.
pub fn sentence(name: &str) -> String {
    name.replace('_', " ")
}

/// Returns whether two results are the same. JavaScript has one kind of number, so `1` and `1.0` are.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}
