//! Interleaved rounds: every peer runs a short block in each round, and the order turns from round to round, so that
//! what disturbs the machine disturbs all alike.

use std::{hint::black_box, time::Duration};

use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{
    clock::Clocks,
    peers::{Peer, Result},
    queries::Query,
};

/// How long to measure.
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
    pub(crate) warm_up: Duration,
}

/// One peer's block in one round.
#[derive(Serialize)]
pub(crate) struct Round {
    operations: u32,
    #[serde(flatten)]
    clocks: Clocks,
}

/// A peer, its type erased: what the rounds are made of.
pub(crate) trait Contestant {
    fn name(&self) -> &'static str;
    fn answer(&mut self, runtime: &Runtime, query: Query, run: u32) -> Result<Value>;
    fn block(&mut self, runtime: &Runtime, query: Query, runs: std::ops::Range<u32>) -> Result<Clocks>;
}

impl<P: Peer> Contestant for P {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn answer(&mut self, runtime: &Runtime, query: Query, run: u32) -> Result<Value> {
        let parameter = query.parameter(run);
        runtime.block_on(async {
            Ok(match query {
                Query::Q1 => serde_json::to_value(self.user(parameter).await?)?,
                Query::Q2 => serde_json::to_value(self.users(parameter).await?)?,
                Query::Q3 => serde_json::to_value(self.users_with_posts(parameter).await?)?,
                Query::Q4 => serde_json::to_value(self.users_with_all(parameter).await?)?,
            })
        })
    }

    fn block(&mut self, runtime: &Runtime, query: Query, runs: std::ops::Range<u32>) -> Result<Clocks> {
        let parameters = runs.map(|run| query.parameter(run));
        // The query is chosen outside the loop: inside it is what a user's task does, and nothing else.
        runtime.block_on(async {
            let before = Clocks::now();
            match query {
                Query::Q1 => {
                    for id in parameters {
                        black_box(self.user(id).await?);
                    }
                }
                Query::Q2 => {
                    for after in parameters {
                        black_box(self.users(after).await?);
                    }
                }
                Query::Q3 => {
                    for after in parameters {
                        black_box(self.users_with_posts(after).await?);
                    }
                }
                Query::Q4 => {
                    for after in parameters {
                        black_box(self.users_with_all(after).await?);
                    }
                }
            }
            Ok(Clocks::now() - before)
        })
    }
}

/// Fails unless every peer gives the same answers.
pub(crate) fn verify(runtime: &Runtime, contestants: &mut [Box<dyn Contestant>]) -> Result<()> {
    for query in Query::ALL {
        for run in 0..20 {
            let mut expected: Option<(&str, Value)> = None;
            for contestant in contestants.iter_mut() {
                let mut answer = contestant.answer(runtime, query, run)?;
                sort_nested(&mut answer, false);
                match &expected {
                    None => expected = Some((contestant.name(), answer)),
                    Some((first, value)) if *value != answer => {
                        let (name, query) = (contestant.name(), query.name());
                        return Err(format!("{first} and {name} differ in {query}:\n{value}\n{answer}").into());
                    }
                    Some(_) => {}
                }
            }
        }
    }
    Ok(())
}

/// No peer is asked for an order of the nested rows, so none is compared.
fn sort_nested(value: &mut Value, nested: bool) {
    match value {
        Value::Array(rows) => {
            rows.iter_mut().for_each(|row| sort_nested(row, true));
            if nested && rows.iter().all(Value::is_object) {
                rows.sort_by_key(|row| row["id"].as_i64());
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| sort_nested(field, true)),
        _ => {}
    }
}

/// The rounds of each contestant, in the contestants' order.
pub(crate) fn measure(
    runtime: &Runtime,
    contestants: &mut [Box<dyn Contestant>],
    query: Query,
    effort: &Effort,
) -> Result<Vec<Vec<Round>>> {
    let mut sizes = Vec::new();
    for contestant in contestants.iter_mut() {
        sizes.push(size_of_block(runtime, contestant.as_mut(), query, effort)?);
    }
    let mut next_run = vec![0; contestants.len()];
    let mut rounds: Vec<Vec<Round>> = contestants.iter().map(|_| Vec::new()).collect();
    for round in 0..effort.rounds {
        for turn in 0..contestants.len() {
            let index = (turn + round) % contestants.len();
            let (first, operations) = (next_run[index], sizes[index]);
            next_run[index] = first + operations;
            let clocks = contestants[index].block(runtime, query, first..first + operations)?;
            rounds[index].push(Round { operations, clocks });
        }
    }
    Ok(rounds)
}

/// Warms the contestant up and counts the operations that fill a round, so that no clock is read between them.
fn size_of_block(runtime: &Runtime, contestant: &mut dyn Contestant, query: Query, effort: &Effort) -> Result<u32> {
    let target = effort.warm_up.as_secs_f64() * 1e6;
    let mut operations = 1;
    loop {
        let wall = contestant.block(runtime, query, 0..operations)?.wall_micros;
        if wall >= target {
            let fill = f64::from(operations) * effort.round.as_secs_f64() * 1e6 / wall;
            return Ok(fill.ceil() as u32);
        }
        operations *= 2;
    }
}
