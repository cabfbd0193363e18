//! Which rows, in which order, and how many: of a query, or of a relation that a query loads.

use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::expression::{EncodedQuery, Expression, Words};

/// The arguments of a read, in the words of their grammar.
#[derive(Debug, Clone, Default)]
pub struct Args {
    pub(crate) filter: Expression,
    pub(crate) order: Words,
    pub(crate) take: Option<Take>,
    pub(crate) skip: Option<u32>,
}

/// How many rows, from which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    First(u32),
    Last(u32),
}

impl Args {
    /// Rows must satisfy this too.
    #[inline]
    pub(crate) fn filter(&mut self, filter: Expression) {
        self.filter =
            if self.filter.is_empty() { filter } else { std::mem::take(&mut self.filter).join(Code::And, filter) };
    }

    /// Narrows these by what a call adds: conditions add up, the rest replaces.
    pub(crate) fn refine(&mut self, other: Self) {
        if !other.filter.is_empty() {
            self.filter(other.filter);
        }
        if !other.order.is_empty() {
            self.order = other.order;
        }
        self.take = other.take.or(self.take);
        self.skip = other.skip.or(self.skip);
    }

    pub(crate) fn write(self, query: &mut EncodedQuery) {
        if !self.filter.is_empty() {
            query.code(Code::Where);
            query.append(self.filter);
        }
        query.words.extend_from_slice(&self.order);
        if let Some(take) = self.take {
            let (code, count) = match take {
                Take::First(count) => (Code::Take, count),
                Take::Last(count) => (Code::TakeLast, count),
            };
            query.code(code);
            query.values.push(Value::Int(i64::from(count)));
        }
        if let Some(count) = self.skip {
            query.code(Code::Skip);
            query.values.push(Value::Int(i64::from(count)));
        }
        query.code(Code::End);
    }
}
