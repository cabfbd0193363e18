//! A process that writes batches and says which of them were acknowledged; `writer.mjs` describes its lines, and is the
//! same with the TypeScript client.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use futures_executor::block_on;
use futures_util::future::join_all;
use purlin::{Error, New, TransactionOptions};
use purlin_tests::faults::db::{Client, Entry, NewEntry};
use serde_json::json;

use crate::{Failure, Settings};

pub(crate) fn run(settings: &Settings<'_>) -> Result<(), Failure> {
    let writer = Writer {
        db: Client::open(&format!("file:{}", settings.file()?))?,
        name: settings.text("name").unwrap_or("a"),
        payload: "x".repeat(settings.number("payload")?.try_into()?),
        batches: settings.number("batches")?,
        deadline: match settings.number("seconds")? {
            0 => None,
            seconds => Some(Instant::now() + Duration::from_secs(seconds)),
        },
        quiet: settings.number("quiet")? == 1,
        spill: settings.number("spill")? == 1,
        figures: RefCell::default(),
    };
    let (writers, seed) = (settings.number("writers")?, settings.number("seed")?);
    block_on(async {
        say("ready")?;
        let ended =
            join_all((0..writers).map(|index| writer.write_batches(index, Dice(seed * 1000 + index + 1)))).await;
        ended.into_iter().collect::<Result<Vec<()>, _>>()?;
        // A fault that is over must not outlast itself: a disk that is full for some calls is soon full no more.
        for tries in 0..200 {
            if writer.batches == 0 || writer.attempt(&format!("last-{tries}"), 2, 3).await? {
                break;
            }
        }
        // Whether the files could be closed says nothing of what was acknowledged.
        let _ = writer.db.close().await;
        if writer.quiet {
            let figures = writer.figures.borrow();
            let failures: Vec<_> = figures.failures.iter().collect();
            say(&format!("figures {}", json!({ "latencies": figures.latencies, "failures": failures })))?;
        }
        say("done")
    })
}

struct Writer<'a> {
    db: Client,
    name: &'a str,
    payload: String,
    /// How many each writer writes; 0: until its time is over, or for ever.
    batches: u64,
    deadline: Option<Instant>,
    quiet: bool,
    /// Whether one batch does not fit into what SQLite keeps in memory.
    spill: bool,
    figures: RefCell<Figures>,
}

#[derive(Default)]
struct Figures {
    /// Of the batches that were acknowledged, in milliseconds.
    latencies: Vec<f64>,
    /// By code, how many failed.
    failures: BTreeMap<String, u64>,
}

/// The kind of a batch that does not fit into memory.
const SPILL: u64 = 4;

/// Why a batch was not written.
enum Refusal {
    /// The work itself gave up, and the transaction with it.
    Abandoned,
    Database(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl Writer<'_> {
    async fn write_batches(&self, index: u64, mut dice: Dice) -> Result<(), Failure> {
        let mut number = 0;
        while (self.batches == 0 || number < self.batches)
            && self.deadline.is_none_or(|deadline| Instant::now() < deadline)
        {
            let spills = self.spill && index == 0 && number == 2;
            let kind = if spills { SPILL } else { dice.below(4) };
            let size = if spills {
                6
            } else if self.quiet {
                1 + dice.below(3)
            } else {
                2 + dice.below(4)
            };
            let mark = if kind == 3 { "abandoned-" } else { "" };
            self.attempt_named(&format!("{mark}{}-{index}-{number}", self.name), kind, size).await?;
            number += 1;
        }
        Ok(())
    }

    async fn attempt(&self, suffix: &str, kind: u64, size: u64) -> Result<bool, Failure> {
        self.attempt_named(&format!("{}-{suffix}", self.name), kind, size).await
    }

    /// Writes one batch; says what became of it.
    async fn attempt_named(&self, batch: &str, kind: u64, size: u64) -> Result<bool, Failure> {
        let start = Instant::now();
        match self.write(batch, kind, i32::try_from(size)?).await {
            Ok(()) => {
                if !self.quiet {
                    say(&format!("ack {batch} {size}"))?;
                }
                self.figures.borrow_mut().latencies.push(start.elapsed().as_secs_f64() * 1000.0);
                Ok(true)
            }
            Err(Refusal::Abandoned) => Ok(true),
            Err(Refusal::Database(error)) => {
                let code = error.code().map_or_else(
                    || format!("none:{}", error.to_string().replace(char::is_whitespace, "_")),
                    str::to_owned,
                );
                if !self.quiet {
                    say(&format!("fail {batch} {code}"))?;
                }
                *self.figures.borrow_mut().failures.entry(code).or_default() += 1;
                Ok(false)
            }
        }
    }

    async fn write(&self, batch: &str, kind: u64, size: i32) -> Result<(), Refusal> {
        let rows = (0..size).map(|place| {
            // In the third there is more than what SQLite keeps in memory: it writes before the commit.
            let mebibytes = match place {
                _ if kind != SPILL => 0,
                0 | 1 => 6,
                2 => 14,
                _ => 0,
            };
            row(batch, place, size, if mebibytes > 0 { "x".repeat(mebibytes << 20) } else { self.payload.clone() })
        });
        match kind {
            0 => {
                self.db.entry().create_many(rows).await?;
                Ok(())
            }
            1 | SPILL => self.transaction(rows, false, false).await,
            2 => self.transaction(rows, true, false).await,
            _ => self.transaction(rows, true, true).await,
        }
    }

    async fn transaction(
        &self,
        rows: impl Iterator<Item = New<Entry>>,
        in_turn: bool,
        abandon: bool,
    ) -> Result<(), Refusal> {
        const LONG: Duration = Duration::from_secs(30);
        let options = TransactionOptions { max_wait: LONG, timeout: LONG };
        let work = async |tx: &Client| {
            if in_turn {
                for row in rows {
                    tx.entry().create(row).await?;
                }
            } else {
                let created = join_all(rows.map(|row| tx.entry().create(row).into_future())).await;
                created.into_iter().collect::<Result<Vec<_>, _>>()?;
            }
            if abandon { Err(Refusal::Abandoned) } else { Ok(()) }
        };
        self.db.transaction_with(options, work).await
    }
}

fn row(batch: &str, place: i32, size: i32, payload: String) -> New<Entry> {
    NewEntry { batch: batch.to_owned(), place, size }.set(|entry| entry.payload.to(payload))
}

/// Writes a line at once: what this process has said holds, also when it is killed with the next instruction.
fn say(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Random numbers that repeat with their seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
