//! The cases, run by the Rust client. One file a capability; `typescript/cases/` has the same.

#![allow(missing_docs, reason = "a case's name and its expectation say what it shows")]
#![cfg_attr(feature = "postgres", allow(dead_code, unused_imports, reason = "some cases are about SQLite alone"))]

mod collations;
mod create;
mod dates;
mod decimals;
mod defaults;
mod delete;
mod errors;
mod filters;
mod includes;
mod keys;
mod moved_keys;
mod nested_connect_or_create;
mod nested_create_many;
mod nested_delete;
mod nested_disconnect;
mod nested_set;
mod nested_update;
mod ordering;
mod paging;
mod places;
mod relations;
mod reports;
mod scalars;
mod selection;
mod server_only;
mod transactions;
mod update;
mod upsert;

use std::collections::BTreeSet;

use purlin_tests::expectation::{capabilities, load, sentence};

/// With its twin in `typescript/cases.test.mjs` this says that both languages have the same cases.
#[test]
fn the_expectations_name_exactly_these_cases() {
    let cases = [
        ("collations", collations::NAMES),
        ("create", create::NAMES),
        ("dates", dates::NAMES),
        ("decimals", decimals::NAMES),
        ("defaults", defaults::NAMES),
        ("delete", delete::NAMES),
        ("errors", errors::NAMES),
        ("filters", filters::NAMES),
        ("includes", includes::NAMES),
        ("keys", keys::NAMES),
        ("moved_keys", moved_keys::NAMES),
        ("nested_connect_or_create", nested_connect_or_create::NAMES),
        ("nested_create_many", nested_create_many::NAMES),
        ("nested_delete", nested_delete::NAMES),
        ("nested_disconnect", nested_disconnect::NAMES),
        ("nested_set", nested_set::NAMES),
        ("nested_update", nested_update::NAMES),
        ("ordering", ordering::NAMES),
        ("paging", paging::NAMES),
        ("places", places::NAMES),
        ("relations", relations::NAMES),
        ("reports", reports::NAMES),
        ("scalars", scalars::NAMES),
        ("selection", selection::NAMES),
        ("server_only", server_only::NAMES),
        ("transactions", transactions::NAMES),
        ("update", update::NAMES),
        ("upsert", upsert::NAMES),
    ];
    assert_eq!(capabilities(), cases.iter().map(|(capability, _)| (*capability).to_owned()).collect());
    for (capability, names) in cases {
        let expected: BTreeSet<String> = load(capability).into_iter().map(|(name, _)| name).collect();
        let written: BTreeSet<String> = names.iter().map(|name| sentence(name)).collect();
        assert_eq!(written, expected, "cases/{capability}.rs and expected/{capability}.json");
    }
}
