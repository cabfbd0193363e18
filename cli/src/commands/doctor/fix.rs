//! `purlin doctor --fix`: what of the findings can be changed without losing anything that a client reads, which is the
//! form of dates and decimals.

use std::{path::Path, process::ExitCode};

use purlin_migrate::{
    connection::Connection,
    sqlite::{FormConversion, FormedType, OtherForms},
};

use super::database_file;
use crate::{
    failure::Failure,
    project::{Loaded, Project},
    terminal,
};

/// Whether somebody is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// `--yes`.
    Given,
    /// The question is to be asked.
    Needed,
}

/// Brings the dates and decimals into the form that Purlin writes.
pub(super) fn run(project: &Project, loaded: &Loaded, consent: Consent) -> Result<ExitCode, Failure> {
    let mut connection = open(project, loaded)?;
    let found = connection.form_conversions(&loaded.schema)?;
    let (obstructed, possible): (Vec<&FormConversion>, Vec<&FormConversion>) =
        found.iter().partition(|conversion| conversion.obstacle.is_some());
    for (message, remedy) in obstructed.iter().filter_map(|conversion| conversion.obstacle.as_ref()) {
        terminal::warning(message);
        terminal::note(remedy);
    }
    let code = ExitCode::from(u8::from(!obstructed.is_empty()));
    if possible.is_empty() {
        let word = if obstructed.is_empty() {
            "all dates and decimals are in the form that Purlin writes"
        } else {
            "no value"
        };
        terminal::done("Unchanged:", word);
        return Ok(code);
    }
    let what = in_words(possible.iter().map(|conversion| &conversion.forms));
    let loss = OtherForms::loss(possible.iter().map(|conversion| &conversion.forms));
    if consent == Consent::Needed {
        for conversion in &possible {
            terminal::line(format_args!("  {}", line(&conversion.forms)));
        }
        let and_loss =
            loss.as_ref().map_or(String::new(), |loss| format!(", and {loss}, which other programs may read"));
        let question = format!(
            "Convert {what}? What Purlin reads stays the same, but a program that needs the old form could not read \
             them{and_loss}. (y/N)"
        );
        match terminal::ask(&question, project.global.no_input).as_deref() {
            Some("y" | "Y" | "yes") => {}
            Some(_) => return Err(Failure::no("nothing was changed")),
            None => {
                let and_loss = loss.map_or(String::new(), |loss| format!("; by the conversion, {loss}"));
                return Err(Failure::no(format!("`doctor --fix` would convert {what}; nothing was changed{and_loss}"))
                    .with_remedy(
                        "make a backup, then say --yes, which answers the question that nobody is here to answer",
                    ));
            }
        }
    }
    let converted = connection.convert_forms(&loaded.schema)?;
    terminal::done("Converted", in_words(converted.iter().map(|conversion| &conversion.forms)));
    for conversion in &converted {
        terminal::line(format_args!("  {}", line(&conversion.forms)));
    }
    Ok(code)
}

/// The database, which must be there.
fn open(project: &Project, loaded: &Loaded) -> Result<Connection, Failure> {
    let connection = project.connect_to_look(loaded)?;
    match database_file(project, loaded) {
        Some(file) if !Path::new(&file).is_file() => Err(Failure::no(format!("there is no database {file}"))
            .with_remedy("create it with `purlin migrate deploy` or `purlin db push`")),
        _ => Ok(connection),
    }
}

/// `37 dates in 2 columns, and the indexes of 1 column`.
fn in_words<'a>(columns: impl Iterator<Item = &'a OtherForms>) -> String {
    let (mut values, mut of, mut added) = (0, 0, 0);
    let mut name = None;
    for column in columns {
        values += count(column);
        of += usize::from(column.convertible() > 0);
        added += usize::from(column.unwatched);
        name = match name {
            Some(other) if other != noun(column.ty) => Some("value"),
            _ => Some(noun(column.ty)),
        };
    }
    let values = format!("{} in {}", terminal::count(values, name.unwrap_or("value")), terminal::count(of, "column"));
    let indexes = format!("the indexes of {}", terminal::count(added, "column"));
    match (of, added) {
        (_, 0) => values,
        (0, _) => indexes,
        _ => format!("{values}, and {indexes}"),
    }
}

fn line(forms: &OtherForms) -> String {
    let index = if forms.unwatched { ", and an index by which queries use the column's own" } else { "" };
    let values = terminal::count(count(forms), noun(forms.ty));
    let loss = OtherForms::loss([forms]).map_or(String::new(), |loss| format!("; {loss}"));
    format!("\"{}\".\"{}\": {values}{index}{loss}", forms.table, forms.column)
}

fn count(forms: &OtherForms) -> usize {
    usize::try_from(forms.convertible()).unwrap_or(usize::MAX)
}

fn noun(ty: FormedType) -> &'static str {
    match ty {
        FormedType::Date => "date",
        FormedType::Decimal => "decimal",
    }
}
