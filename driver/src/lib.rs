//! Purlin's drivers: connections, frames, execution of plans.
//!
//! ```text
//! Engine::open(catalog, url, options)      one pool a database, one engine a (pool, catalog), process-wide
//! engine.prepare(shape words)              a plan, from the cache when the shape was seen before
//! engine.run(&plan, values).await          a Reply: rows (frames and links), numbers, or the count of changed rows
//! engine.begin(options).await              a Transaction, owned by an actor; dropping it rolls back
//! ```

pub mod error;
pub mod frame;

pub use error::Error;
