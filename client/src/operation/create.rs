//! `create` and `create_many`.

use std::future::IntoFuture;
use std::marker::PhantomData;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;
use purlin_query::value::Value;

use super::Loading;
use crate::db::Db;
use crate::error::Error;
use crate::expression::{Expression, Query};
use crate::model::{Fields, Model};
use crate::refine::Refine;
use crate::run::{self, Run};
use crate::select::Select;
use crate::write::{New, Sets};

/// The creation of a row of `M`, which gives it as a `T`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct Create<'a, M, T> {
    db: &'a Db,
    new: New<M>,
    loading: Loading<T>,
}

impl<'a, M: Model> Create<'a, M, M> {
    pub(crate) fn new(db: &'a Db, new: New<M>) -> Self {
        Self { db, new, loading: Loading::new() }
    }
}

impl<'a, M: Model, T: Select<Model = M>> Create<'a, M, T> {
    /// Gives values to fields that have no place in the struct of required ones. Several calls add up.
    pub fn set<S: Sets<M>>(mut self, sets: impl FnOnce(Fields<M>) -> S) -> Self {
        self.new = self.new.set(sets);
        self
    }

    /// Gives the row as a `U`, a fragment of the model.
    pub fn select<U: Select<Model = M>>(self) -> Create<'a, M, U> {
        Create { db: self.db, new: self.new, loading: Loading::new() }
    }

    /// Refines a relation of the fragment: `.with(|card| card.posts.take(3))`.
    pub fn with<V>(mut self, refine: impl FnOnce(T::Slots) -> Refine<V>) -> Self {
        self.loading.refine(refine(T::slots(0)));
        self
    }
}

impl<'a, M: Model, T: Select> IntoFuture for Create<'a, M, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Run<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        let mut query = Query::new(Code::Create, M::INDEX);
        query.append(self.new.writes);
        query.code(Code::End);
        self.loading.write(&mut query);
        Run::new(self.db, query, run::required)
    }
}

/// The creation of rows of `M`. Await it.
#[must_use = "a query does nothing until awaited"]
pub struct CreateMany<'a, M> {
    db: &'a Db,
    rows: Rows,
    model: PhantomData<fn() -> M>,
}

/// Rows in groups that give the same columns.
#[derive(Default)]
struct Rows {
    groups: Vec<Group>,
    /// The group of each row, by its index.
    order: Vec<Value>,
    /// Whether some row writes more than columns.
    nested: bool,
}

struct Group {
    fields: Vec<FieldIndex>,
    values: Vec<Value>,
}

impl<'a, M: Model> CreateMany<'a, M> {
    pub(crate) fn new(db: &'a Db, rows: impl Iterator<Item = New<M>>) -> Self {
        let mut grouped = Rows::default();
        rows.for_each(|row| grouped.push(row.writes));
        Self { db, rows: grouped, model: PhantomData }
    }
}

impl Rows {
    fn push(&mut self, row: Expression) {
        let mut fields = Vec::with_capacity(row.words.len() / 2);
        let mut nulls = Vec::new();
        let (writes, rest) = row.words.as_chunks();
        self.nested |= !rest.is_empty();
        for [code, field] in writes {
            self.nested |= *code != Code::Set as u16 && *code != Code::SetNull as u16;
            nulls.push(*code == Code::SetNull as u16);
            fields.push(*field);
        }
        let mut values = row.values.into_iter();
        if nulls.is_empty() {
            // A row that gives nothing still takes a place in its group.
            nulls.push(true);
        }
        let values = nulls.into_iter().map(|null| if null { Some(Value::Null) } else { values.next() });
        // Rows mostly give what the row before gave.
        let last = self.groups.last().filter(|group| group.fields == fields).map(|_| self.groups.len() - 1);
        let index = last.or_else(|| self.groups.iter().position(|group| group.fields == fields));
        let index = index.unwrap_or_else(|| {
            self.groups.push(Group { fields, values: Vec::new() });
            self.groups.len() - 1
        });
        if let Some(group) = self.groups.get_mut(index) {
            group.values.extend(values.flatten());
        }
        self.order.push(Value::Int(i64::try_from(index).unwrap_or(i64::MAX)));
    }

    fn write(self, query: &mut Query) {
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
}

impl<'a, M: Model> IntoFuture for CreateMany<'a, M> {
    type Output = Result<u64, Error>;
    type IntoFuture = Run<'a, u64>;

    fn into_future(self) -> Self::IntoFuture {
        if self.rows.nested {
            let error = Error::invalid("`create_many` gives values to columns only; use `create` for related rows");
            return Run::failed(self.db, error, run::affected);
        }
        let mut query = Query::new(Code::CreateMany, M::INDEX);
        self.rows.write(&mut query);
        Run::new(self.db, query, run::affected)
    }
}
