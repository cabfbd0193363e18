//! Sort keys.

use std::marker::PhantomData;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;
use smallvec::SmallVec;

use crate::args::Args;

/// A sort key of the rows of `M`.
#[must_use = "a sort key does nothing until it is given to a query"]
pub struct Order<M> {
    descending: bool,
    nulls: Option<Code>,
    path: SmallVec<[FieldIndex; 4]>,
    by: (Code, FieldIndex),
    model: PhantomData<fn() -> M>,
}

/// One sort key or several, the first the most significant.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a sort key of `{M}`",
    note = "give `row.field.asc()`, `row.field.desc()`, or an array or a `Vec` of them"
)]
pub trait Orders<M> {
    #[doc(hidden)]
    fn write(self, args: &mut Args);
}

impl<M> Order<M> {
    pub(crate) fn new(code: Code, field: FieldIndex, descending: bool) -> Self {
        Self { descending, nulls: None, path: SmallVec::new(), by: (code, field), model: PhantomData }
    }

    /// Puts rows that have null there first.
    pub fn nulls_first(mut self) -> Self {
        self.nulls = Some(Code::NullsFirst);
        self
    }

    /// Puts rows that have null there last.
    pub fn nulls_last(mut self) -> Self {
        self.nulls = Some(Code::NullsLast);
        self
    }

    /// The same key, seen from a model whose to-one relation leads here.
    pub(crate) fn through<N>(mut self, relation: FieldIndex) -> Order<N> {
        self.path.insert(0, relation);
        Order { descending: self.descending, nulls: self.nulls, path: self.path, by: self.by, model: PhantomData }
    }
}

impl<M> Orders<M> for Order<M> {
    fn write(self, args: &mut Args) {
        let words = &mut args.order;
        words.push(Code::OrderBy as u16);
        words.push(if self.descending { Code::Descending } else { Code::Ascending } as u16);
        words.extend(self.nulls.map(|nulls| nulls as u16));
        words.push(u16::try_from(self.path.len()).unwrap_or(u16::MAX));
        words.extend_from_slice(&self.path);
        words.extend_from_slice(&[self.by.0 as u16, self.by.1]);
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        let Self { descending, nulls, by, .. } = *self;
        Self { descending, nulls, path: self.path.clone(), by, model: PhantomData }
    }
}

impl<M, const N: usize> Orders<M> for [Order<M>; N] {
    fn write(self, args: &mut Args) {
        self.into_iter().for_each(|order| order.write(args));
    }
}

impl<M> Orders<M> for Vec<Order<M>> {
    fn write(self, args: &mut Args) {
        self.into_iter().for_each(|order| order.write(args));
    }
}
