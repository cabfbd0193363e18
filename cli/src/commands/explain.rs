//! `purlin explain`

#[path = "explain_codes.rs"]
mod codes;

use std::process::ExitCode;

use purlin_schema::reference::{self, Entry};
use purlin_schema::rules::Rule;

use crate::{failure::Failure, terminal};

pub(crate) fn run(code: Option<&str>) -> Result<ExitCode, Failure> {
    let Some(code) = code else {
        list();
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(codes::Code { code, title, text }) = codes::find(code) {
        terminal::heading(format_args!("{title} [{code}]"));
        terminal::advice(format_args!("\n{text}"));
        return Ok(ExitCode::SUCCESS);
    }
    let Some(entry) = Rule::from_code(code).and_then(reference::entry) else {
        return Err(Failure::trouble(format!("there is no error `{code}`")).with_remedy(
            match reference::closest(code) {
                Some(meant) => format!("did you mean `purlin explain {meant}`?"),
                None => "`purlin explain` lists all of them".to_owned(),
            },
        ));
    };
    let Entry { rule, title, text, wrong, right } = entry;
    terminal::heading(format_args!("{title} [{rule}]"));
    terminal::advice(format_args!("\n{text}\n"));
    for (name, schema) in [("Wrong:", wrong), ("Right:", right)] {
        terminal::heading(name);
        terminal::line("");
        for line in schema.lines() {
            terminal::line(if line.is_empty() { String::new() } else { format!("    {line}") });
        }
        terminal::line("");
    }
    Ok(ExitCode::SUCCESS)
}

fn list() {
    let width = reference::entries().map(|entry| entry.rule.code().len()).max().unwrap_or_default();
    for entry in reference::entries() {
        terminal::line(format_args!("{:width$}  {}", entry.rule, entry.title));
    }
    for codes::Code { code, title, .. } in codes::CODES {
        terminal::line(format_args!("{code:width$}  {title}"));
    }
}
