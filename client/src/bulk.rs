//! Conditions of bulk writes that came out empty: `given` of nothing, `is_not_in` of an empty list, and what is made of them.
//! A write with such a condition would change or remove every row, which is what nobody means who writes a condition.

use purlin_query::catalog::{Arity, Catalog, ModelIndex};
use purlin_query::shape::Code;

use crate::error::Error;
use crate::expression::Expression;

/// What a condition is, whatever the rows hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    /// It is true of every row.
    Always,
    /// It is true of no row.
    Never,
    /// It depends on the row.
    Depends,
}

/// Conditions that nest deeper are refused by the limit `filterDepth`, whatever they are.
const MOST_DEPTH: usize = 64;

/// Refuses a bulk write with a condition that every row satisfies. Without a condition it is meant for all rows.
/// `remedy` says how.
pub(crate) fn check(
    catalog: &Catalog,
    model: ModelIndex,
    operation: &str,
    filter: &Expression,
    remedy: &str,
) -> Result<(), Error> {
    let mut conditions = Conditions { catalog, words: &filter.words };
    if filter.is_empty() || conditions.truth(model, MOST_DEPTH) != Some(Truth::Always) {
        return Ok(());
    }
    let name = catalog.model(model).map_or("row", |model| &model.name);
    Err(Error::invalid(format!(
        "the condition of `{operation}` came out empty, and every {name} satisfies it: give it a condition on a field, or {remedy} to mean all rows"
    )))
}

/// The words of conditions that are still to read.
struct Conditions<'a> {
    catalog: &'a Catalog,
    words: &'a [u16],
}

impl Conditions<'_> {
    /// Reads a condition; `None` when that is the engine's affair, which reads it again.
    fn truth(&mut self, model: ModelIndex, depth: usize) -> Option<Truth> {
        let depth = depth.checked_sub(1)?;
        let code = self.word()?;
        let is = |known: Code| code == known as u16;
        if is(Code::And) || is(Code::Or) {
            let decisive = if is(Code::And) { Truth::Never } else { Truth::Always };
            let parts = self.word()?;
            // What a group of nothing is.
            let mut group = decisive.negated();
            for _ in 0..parts {
                group = match self.truth(model, depth)? {
                    part if part == decisive || group == decisive => decisive,
                    Truth::Depends => Truth::Depends,
                    _ => group,
                };
            }
            return Some(group);
        }
        if is(Code::Not) {
            return Some(self.truth(model, depth)?.negated());
        }
        if is(Code::Some) || is(Code::Every) || is(Code::None) {
            let relation = self.catalog.model(model)?.relation(self.word()?)?;
            let required = relation.arity == Arity::One;
            return Some(match self.truth(relation.target, depth)? {
                Truth::Always if is(Code::Every) || (is(Code::Some) && required) => Truth::Always,
                Truth::Always if is(Code::None) && required => Truth::Never,
                Truth::Never if is(Code::None) => Truth::Always,
                Truth::Never if is(Code::Some) => Truth::Never,
                // Whether there are related rows is a condition too.
                _ => Truth::Depends,
            });
        }
        // A field.
        self.word()?;
        Some(Truth::Depends)
    }

    fn word(&mut self) -> Option<u16> {
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        Some(*word)
    }
}

impl Truth {
    fn negated(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Depends => Self::Depends,
        }
    }
}
