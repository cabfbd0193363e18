//! What is bounded, and what stays right at the bounds: long lists, large conditions, text search, the size of results,
//! and the ranges of what is written and computed.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test that panics fails, which is its purpose")]

/// Words of a shape: codes and indices.
macro_rules! words {
    ($($word:expr),* $(,)?) => { [$(($word) as u16),*] };
}

mod conditions;
mod lists;
mod numbers;
mod results;
mod search;
mod support;
mod values;
