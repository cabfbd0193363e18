//! The rows of `create_many`, in groups that give the same columns.

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::error::Error;
use crate::expression::{EncodedQuery, Expression};
use crate::write::New;

/// Rows in groups that give the same columns.
#[derive(Default)]
pub(crate) struct Rows {
    groups: Vec<Group>,
    /// The group of each row, by its index.
    order: Vec<Value>,
    /// The reason why they are not created: one of them writes more than columns.
    refused: Option<Box<Error>>,
}

struct Group {
    fields: Vec<FieldIndex>,
    values: Vec<Value>,
}

impl Rows {
    /// Rows of a model, in a group per kind.
    pub(crate) fn new<M, L>(rows: impl Iterator<Item = New<M, L>>) -> Self {
        let mut grouped = Self::default();
        rows.for_each(|row| grouped.push(row.writes, false));
        grouped
    }

    /// Rows in a group per run of rows of one kind, so that writing group after group keeps their order.
    fn in_runs<M, L>(rows: impl Iterator<Item = New<M, L>>) -> Self {
        let mut grouped = Self::default();
        rows.for_each(|row| grouped.push(row.writes, true));
        grouped
    }

    fn push(&mut self, row: Expression, in_runs: bool) {
        self.refused = self.refused.take().or(row.refused);
        let mut fields = Vec::with_capacity(row.words.len() / 2);
        let mut nulls = Vec::new();
        let (writes, rest) = row.words.as_chunks();
        let mut nested = !rest.is_empty();
        for [code, field] in writes {
            nested |= *code != Code::Set as u16 && *code != Code::SetNull as u16;
            nulls.push(*code == Code::SetNull as u16);
            fields.push(*field);
        }
        if nested && self.refused.is_none() {
            let error = Error::invalid("`create_many` gives values to columns only: use `create` for related rows");
            self.refused = Some(Box::new(error));
        }
        let mut values = row.values.into_iter();
        if nulls.is_empty() {
            // A row that gives nothing still takes a place in its group.
            nulls.push(true);
        }
        let values = nulls.into_iter().map(|null| if null { Some(Value::Null) } else { values.next() });
        // Rows mostly give what the row before gave.
        let last = self.groups.last().filter(|group| group.fields == fields).map(|_| self.groups.len() - 1);
        let index = last.or_else(|| self.groups.iter().position(|group| !in_runs && group.fields == fields));
        let index = index.unwrap_or_else(|| {
            self.groups.push(Group { fields, values: Vec::new() });
            self.groups.len() - 1
        });
        if let Some(group) = self.groups.get_mut(index) {
            group.values.extend(values.flatten());
        }
        self.order.push(Value::Int(i64::try_from(index).unwrap_or(i64::MAX)));
    }

    /// Writes the rows of a `create_many` of a model.
    pub(crate) fn write(self, query: &mut EncodedQuery) {
        query.refused = query.refused.take().or(self.refused);
        let several = self.groups.len() > 1;
        query.words.push(u16::try_from(self.groups.len()).unwrap_or(u16::MAX));
        for group in self.groups {
            query.words.push(u16::try_from(group.fields.len()).unwrap_or(u16::MAX));
            query.words.extend_from_slice(&group.fields);
            query.values.push(Value::List(group.values));
        }
        if several {
            query.values.push(Value::List(self.order));
        }
    }

    /// The operations that create rows of a relation, in their order.
    pub(crate) fn related<M, L>(relation: FieldIndex, rows: impl Iterator<Item = New<M, L>>) -> Expression {
        let rows = Self::in_runs(rows);
        let mut expression = Expression { refused: rows.refused, ..Expression::default() };
        for group in rows.groups {
            let length = u16::try_from(group.fields.len()).unwrap_or(u16::MAX);
            expression.words.extend_from_slice(&[Code::NestedCreateMany as u16, relation, length]);
            expression.words.extend_from_slice(&group.fields);
            expression.values.push(Value::List(group.values));
        }
        expression
    }
}
