//! Progress: one line a step with its time; what the step's programs say goes to a log, whose tail a failure shows.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::counts::{Counts, Report};
use crate::process::Group;
use crate::{Result, checkout};

/// Longer than any honest step takes on a slow machine; a hanging one must still end.
const LIMIT: Duration = Duration::from_secs(45 * 60);
const TAIL_LINES: usize = 40;
const MOST_LINES: usize = 120;

pub(crate) struct Steps {
    logs: PathBuf,
    count: usize,
    start: Instant,
}

impl Steps {
    /// Starts a run whose logs go to `target/log/<command>/`.
    pub(crate) fn new(command: &str) -> Result<Self> {
        let logs = checkout::path("target/log").join(command);
        // Logs of an earlier run would pass for this one's.
        let _ = fs::remove_dir_all(&logs);
        fs::create_dir_all(&logs).map_err(|error| format!("cannot create {}: {error}", logs.display()))?;
        Ok(Self { logs, count: 0, start: Instant::now() })
    }

    /// Runs a program to its end as one step.
    pub(crate) fn run(&mut self, label: &str, command: &mut Command) -> Result {
        self.step(label, |log| Group::start(command, log)?.wait(LIMIT))
    }

    /// Runs a program to its end as one step; an error is what it printed.
    pub(crate) fn run_logged(&mut self, label: &str, command: &mut Command) -> std::result::Result<(), String> {
        self.timed(label, |log| Group::start(command, log)?.wait(LIMIT)).map_err(|(_, log)| {
            print_tail(&log);
            String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned()
        })
    }

    /// Runs tests as one step and counts them. Tests that failed are a result; tests that ended badly without one (they
    /// did not compile, they crashed) count as one failure.
    pub(crate) fn count(&mut self, label: &str, command: &mut Command, read: fn(&str) -> Report) -> Counts {
        self.tests(label, command, read, None)
    }

    /// Runs tests that measure as one step: counts them, and shows the lines with their figures.
    pub(crate) fn measure(&mut self, label: &str, command: &mut Command, read: fn(&str) -> Report) -> Counts {
        self.tests(label, command, read, Some("# figures: "))
    }

    /// Runs tests; shows the lines of their output that begin with `mark`.
    fn tests(&mut self, label: &str, command: &mut Command, read: fn(&str) -> Report, mark: Option<&str>) -> Counts {
        let mut output = String::new();
        let outcome = self.timed(label, |log| {
            let ended = Group::start(command, log)?.wait(LIMIT);
            output = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
            ended
        });
        let mut report = read(&output);
        for line in output.lines().filter_map(|line| line.trim_start().strip_prefix(mark?)) {
            println!("    {line}");
        }
        if let Err((_, log)) = outcome {
            if report.counts.failed == 0 {
                report.counts.failed = 1;
                print_tail(&log);
            } else {
                println!("  log: {}", checkout::short(&log));
                for line in report.failures.iter().flat_map(|failure| failure.lines()).take(MOST_LINES) {
                    println!("    {line}");
                }
            }
        }
        report.counts
    }

    /// Runs any work as one step; it may write to the log that it is given.
    pub(crate) fn step(&mut self, label: &str, work: impl FnOnce(&Path) -> Result) -> Result {
        self.timed(label, work).map_err(|(reason, log)| {
            print_tail(&log);
            format!("`{label}` failed: {reason}")
        })
    }

    /// The line of a step around its work. An error comes with the log.
    pub(crate) fn timed(
        &mut self,
        label: &str,
        work: impl FnOnce(&Path) -> Result,
    ) -> std::result::Result<(), (String, PathBuf)> {
        self.count += 1;
        let log = self.log(label);
        print!("  {label:<56}");
        let _ = std::io::stdout().flush();
        let start = Instant::now();
        let outcome = work(&log);
        let seconds = start.elapsed().as_secs_f32();
        match outcome {
            Ok(()) => println!("{seconds:>7.1} s"),
            Err(reason) => {
                println!(" failed after {seconds:.1} s: {reason}");
                return Err((reason, log));
            }
        }
        Ok(())
    }

    /// The log file of the current step.
    fn log(&self, label: &str) -> PathBuf {
        let plain: String = label.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.logs.join(format!("{:02}-{}.log", self.count, plain.to_lowercase()))
    }

    /// The time since the run began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// Shows the end of a log, and where the rest is.
fn print_tail(log: &Path) {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return;
    }
    println!("  log: {}", checkout::short(log));
    for line in lines.iter().skip(lines.len().saturating_sub(TAIL_LINES)) {
        println!("    {line}");
    }
}
