//! Whole schemas: pushed to an empty database, they are there, and nothing is left to do.

use crate::support::Database;

#[test]
fn each_kind_of_object_is_found_again() {
    let models = include_str!("../postgres/shop.prisma");
    let plan = Database::for_schema(models).push(models);
    assert!(!plan.changes.is_empty());
}

/// Schemas of published applications. `PURLIN_CORPUS` names the folder that has them in `schemas`.
#[test]
fn published_schemas_are_found_again() {
    let Some(corpus) = std::env::var_os("PURLIN_CORPUS") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(std::path::Path::new(&corpus).join("schemas")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if !text.contains("provider = \"postgresql\"") && !text.contains("\"postgresql\"") {
            continue;
        }
        seen += 1;
        eprintln!("{}", path.display());
        Database::for_schema(&text).push(&text);
    }
    assert!(seen > 0, "no schema for PostgreSQL in the corpus");
}
