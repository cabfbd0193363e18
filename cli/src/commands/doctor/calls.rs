//! Code written for Prisma that the TypeScript client does not support yet: the program stops there, or does not start.

use super::{Finding, sqlite_libraries};
use crate::{
    commands::{generate, init::remaining},
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const NAME: &str = "calls";

/// The first places that are named.
const MOST: usize = 3;

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    // Without the client there is nothing that the calls could mean.
    if !loaded.schema.generators.iter().any(generate::is_typescript) {
        return Ok(Vec::new());
    }
    // An import that another check reports is one thing to change.
    let reported: Vec<String> = sqlite_libraries::find(project, loaded)?.iter().filter_map(Finding::prefix).collect();
    let mut calls = remaining::in_sources(project, loaded);
    calls.retain(|call| !reported.iter().any(|place| call.starts_with(place)));
    let first: String = calls.iter().take(MOST).map(|call| format!("\n    {call}")).collect();
    let (what, rest) = match calls.len() {
        0 => return Ok(Vec::new()),
        1 => ("1 place in the code needs a change before it runs with this client".to_owned(), ""),
        more => (
            format!("{more} places in the code need a change before they run with this client"),
            if more > MOST { "\n    ..." } else { "" },
        ),
    };
    Ok(vec![Finding::warning(
        NAME,
        format!("{what}:{first}{rest}"),
        "`purlin init` lists all of them, and changes nothing that is there; docs/adopting.md is the guide",
    )])
}
