//! Reads of the Rust client against its peers, in one process: `purlin-bench FILE ROUNDS ROUND_MS WARM_UP_MS`.
//! Prints one JSON line per query and peer; run.mjs compares them.

mod clock;
mod peers;
mod queries;
mod rounds;

include!(concat!(env!("OUT_DIR"), "/db.rs"));

use std::time::Duration;

use serde_json::json;

use crate::{
    peers::{Result, purlin::Purlin, rusqlite::Rusqlite, sea_orm::SeaOrm},
    queries::Query,
    rounds::{Contestant, Effort, measure, verify},
};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, rounds, round, warm_up] = arguments.as_slice() else {
        return Err("usage: purlin-bench FILE ROUNDS ROUND_MS WARM_UP_MS".into());
    };
    let effort = Effort {
        rounds: rounds.parse()?,
        round: Duration::from_millis(round.parse()?),
        warm_up: Duration::from_millis(warm_up.parse()?),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut contestants: Vec<Box<dyn Contestant>> = vec![
        Box::new(Purlin::open(file)?),
        Box::new(Rusqlite::open(file)?),
        Box::new(runtime.block_on(SeaOrm::open(file))?),
    ];
    verify(&runtime, &mut contestants)?;
    for query in Query::ALL {
        let measured = measure(&runtime, &mut contestants, query, &effort)?;
        for (contestant, rounds) in contestants.iter().zip(measured) {
            println!("{}", json!({ "query": query.name(), "peer": contestant.name(), "rounds": rounds }));
        }
    }
    Ok(())
}
