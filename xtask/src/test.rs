//! `cargo xtask test`: every suite, one after the other, whatever the earlier ones found.

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::package::{self, Built};
use crate::process::stopped;
use crate::steps::Steps;
use crate::suites::{SUITES, Scale, Suite, SuiteKind};
use crate::{Result, tools};

pub(crate) fn command(mut arguments: Arguments) -> Result<ExitCode> {
    let long = arguments.flag("--long");
    let names = arguments.rest()?;
    if let Some(unknown) = names.iter().find(|name| SUITES.iter().all(|suite| suite.name != name.as_str())) {
        let known: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
        return Err(format!("no suite is named {unknown}; there are {}", known.join(", ")));
    }
    tools::node()?;

    let mut steps = Steps::new("test")?;
    let mut built = None;
    let mut total = Counts::default();
    let mut lines = Vec::new();
    for suite in SUITES.iter().filter(|suite| is_chosen(suite, &names, long)) {
        println!("{}", suite.name);
        let counts = run(suite, &mut steps, &mut built, if long { Scale::Long } else { Scale::Short }).unwrap_or_else(
            |message| {
                println!("  {message}");
                Counts::one(false)
            },
        );
        if stopped() {
            return Err("interrupted".to_owned());
        }
        lines.push(format!("{:<10}{counts}", suite.name));
        total += counts;
    }

    println!("\n{}\nin {:.0} s\n{total}", lines.join("\n"), steps.elapsed().as_secs_f32());
    Ok(total.exit_code())
}

/// Named suites run whatever they are, otherwise the long ones only when asked for.
fn is_chosen(suite: &Suite, names: &[String], long: bool) -> bool {
    if names.is_empty() {
        long || !matches!(suite.kind, SuiteKind::Long(_))
    } else {
        names.iter().any(|n| n == suite.name)
    }
}

/// Runs one suite. The package is built once, before the first suite that needs it; if that fails, each such suite
/// says so and the others still run.
fn run(suite: &Suite, steps: &mut Steps, built: &mut Option<Result<Built>>, scale: Scale) -> Result<Counts> {
    if let SuiteKind::Alone(run) = suite.kind {
        return run(steps);
    }
    let built = built.get_or_insert_with(|| package::build(steps)).as_ref().map_err(Clone::clone)?;
    match suite.kind {
        SuiteKind::Alone(run) => run(steps),
        SuiteKind::Package(run) | SuiteKind::Long(run) => run(steps, built),
        SuiteKind::Scaled(run) => run(steps, built, scale),
    }
}
