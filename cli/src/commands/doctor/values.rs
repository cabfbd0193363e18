//! Values that no client can read.

use std::path::Path;

use purlin_migrate::connection::Connection;

use super::{Finding, database_file};
use crate::{
    database::datasource,
    failure::Failure,
    project::{Loaded, Project},
};

pub(super) const NAME: &str = "values";

pub(super) fn check(project: &Project, loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    // What is wrong with the file itself, another check says.
    let Some(file) = database_file(project, loaded).filter(|file| Path::new(file).is_file()) else {
        return Ok(Vec::new());
    };
    let connection = Connection::open_to_look(datasource(loaded)?, &project.url(loaded)?);
    let Ok(found) = connection.and_then(|connection| connection.unfit_values(&loaded.schema)) else {
        return Ok(Vec::new());
    };
    let findings = found.iter().map(|values| {
        let (message, query) = values.message();
        let remedy = format!(
            "correct them, or give the field a type that has them, as BigInt has numbers beyond 32 bits; `{query}` lists them"
        );
        Finding::error(NAME, message, remedy).at(file.clone())
    });
    Ok(findings.collect())
}
