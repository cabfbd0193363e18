//! Shape words and the values beside them: what every token, filter and assignment writes.
//!
//! The typed shell has no trees: a condition is its words in the order of the grammar of
//! [`purlin_query::shape`], so putting two together is to write one after the other.

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;
use purlin_query::value::Value;
use smallvec::SmallVec;

use crate::error::Error;

/// Words of a part of a query. Long enough for a condition on a column or two without an allocation.
pub(crate) type Words = SmallVec<[u16; 12]>;
/// Values of a part of a query.
pub(crate) type Values = SmallVec<[Value; 2]>;

/// A part of a query: words, and the values that they announce, in the same order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expression {
    pub(crate) words: Words,
    pub(crate) values: Values,
    /// The reason why a query with this part is not asked.
    pub(crate) refused: Option<Box<Error>>,
}

/// A whole query.
#[derive(Debug, Default)]
pub(crate) struct EncodedQuery {
    pub(crate) words: SmallVec<[u16; 36]>,
    pub(crate) values: SmallVec<[Value; 4]>,
    /// The reason why it is not asked.
    pub(crate) refused: Option<Box<Error>>,
}

impl Expression {
    pub(crate) fn new(words: &[u16]) -> Self {
        Self { words: Words::from_slice(words), ..Self::default() }
    }

    /// A code, a field and a value for it.
    pub(crate) fn with_value(code: Code, field: FieldIndex, value: Value) -> Self {
        let mut values = Values::new();
        values.push(value);
        Self { words: Words::from_slice(&[code as u16, field]), values, refused: None }
    }

    /// A part that keeps its query from being asked.
    #[cold]
    pub(crate) fn refused(error: Error) -> Self {
        Self { refused: Some(Box::new(error)), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn word(&mut self, word: u16) {
        self.words.push(word);
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.words.extend_from_slice(&other.words);
        self.values.extend(other.values);
        self.refused = self.refused.take().or(other.refused);
    }

    /// `self` and `other` under `code`, which is `And` or `Or`; parts under the same code are put side by side.
    pub(crate) fn join(mut self, code: Code, other: Self) -> Self {
        let (ours, theirs) = (self.parts(code), other.parts(code));
        let Some(total) = ours.unwrap_or(1).checked_add(theirs.unwrap_or(1)) else {
            return Self::all(code, [self, other]);
        };
        match (ours, self.words.get_mut(1)) {
            (Some(_), Some(count)) => *count = total,
            _ => self.words.insert_from_slice(0, &[code as u16, total]),
        }
        let head = if theirs.is_some() { 2 } else { 0 };
        self.words.extend_from_slice(other.words.get(head..).unwrap_or_default());
        self.values.extend(other.values);
        self.refused = self.refused.take().or(other.refused);
        self
    }

    /// All of `parts` under `code`; one part stands for itself.
    pub(crate) fn all(code: Code, parts: impl IntoIterator<Item = Self>) -> Self {
        let mut joined = Self::new(&[code as u16, 0]);
        let mut count = 0_u16;
        for part in parts {
            joined.append(part);
            // More parts than a word can count carry more values than a query may have: the engine says so.
            count = count.saturating_add(1);
        }
        if count == 1 {
            joined.words.drain(..2);
        } else if let Some(word) = joined.words.get_mut(1) {
            *word = count;
        }
        joined
    }

    /// The number of parts when the outermost code is `code`.
    fn parts(&self, code: Code) -> Option<u16> {
        if self.words.first() == Some(&(code as u16)) { self.words.get(1).copied() } else { None }
    }
}

impl EncodedQuery {
    pub(crate) fn new(operation: Code, model: u16) -> Self {
        let mut query = Self::default();
        query.words.extend_from_slice(&[operation as u16, model]);
        query
    }

    pub(crate) fn append(&mut self, part: Expression) {
        self.words.extend_from_slice(&part.words);
        self.values.extend(part.values);
        self.refused = self.refused.take().or(part.refused);
    }

    pub(crate) fn append_copy(&mut self, part: &Expression) {
        self.words.extend_from_slice(&part.words);
        self.values.extend(part.values.iter().cloned());
        self.refused = self.refused.take().or_else(|| part.refused.clone());
    }

    pub(crate) fn code(&mut self, code: Code) {
        self.words.push(code as u16);
    }

    /// A condition; none is one that holds for every row.
    pub(crate) fn filter(&mut self, filter: Expression) {
        if filter.is_empty() {
            self.words.extend_from_slice(&[Code::And as u16, 0]);
        } else {
            self.append(filter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eq(field: u16, value: i64) -> Expression {
        Expression::with_value(Code::Equals, field, Value::Int(value))
    }

    const AND: u16 = Code::And as u16;
    const EQ: u16 = Code::Equals as u16;

    #[test]
    fn conditions_under_the_same_code_stand_side_by_side() {
        let left = eq(0, 1).join(Code::And, eq(1, 2));
        let joined = left.join(Code::And, eq(2, 3).join(Code::And, eq(3, 4)));
        assert_eq!(joined.words.as_slice(), [AND, 4, EQ, 0, EQ, 1, EQ, 2, EQ, 3]);
        assert_eq!(joined.values.as_slice(), [1, 2, 3, 4].map(Value::Int));
    }

    #[test]
    fn conditions_under_different_codes_nest() {
        let joined = eq(0, 1).join(Code::Or, eq(1, 2)).join(Code::And, eq(2, 3));
        assert_eq!(joined.words.as_slice(), [AND, 2, Code::Or as u16, 2, EQ, 0, EQ, 1, EQ, 2]);
    }

    #[test]
    fn all_of_one_is_that_one_and_all_of_none_is_true() {
        assert_eq!(Expression::all(Code::And, [eq(0, 1)]), eq(0, 1));
        assert_eq!(Expression::all(Code::And, []).words.as_slice(), [AND, 0]);
    }
}
