//! Generated clients that are not what the schema asks for.

use super::Finding;
use crate::{
    commands::generate,
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

pub(super) const NAME: &str = "clients";

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    let stale = generate::stale(project, loaded)?;
    let Some(first) = stale.first() else { return Ok(Vec::new()) };
    Ok(vec![
        Finding::error(
            NAME,
            match stale.len() {
                1 => "the generated client is not what the schema asks for".to_owned(),
                files => format!("{files} generated files are not what the schema asks for"),
            },
            "run `purlin generate`",
        )
        .at(terminal::path(first)),
    ])
}
