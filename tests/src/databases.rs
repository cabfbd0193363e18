//! Seeded databases of a server for the cases in TypeScript, which run in another process. The server ends with this program, and
//! this program with its input.
//!
//! `open PATH` makes a database, runs the statements of the file in it, if there is a path, and answers with the URL. `close URL`
//! gives a database back.

#![forbid(unsafe_code)]

use std::io::{self, BufRead, Write};
use std::{fs, process};

use purlin_tests::{give_back, on_postgres};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("open", path)) => {
                let rows = if path.is_empty() { String::new() } else { fs::read_to_string(path)? };
                writeln!(out, "{}", on_postgres(&rows))?;
                out.flush()?;
            }
            Some(("close", url)) => give_back(url.to_owned()),
            _ => {
                writeln!(io::stderr(), "not a command: {line}")?;
                process::exit(2);
            }
        }
    }
    Ok(())
}
