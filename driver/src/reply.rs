//! What a query returns.

use std::sync::{Arc, Mutex, PoisonError};

use purlin_query::plan::{Nest, ResultKind};

use crate::frame::{Frame, Span};
use crate::prepared::Prepared;

/// What a query returns.
#[derive(Debug)]
pub enum Reply {
    /// Rows, with the rows that hang on them.
    Rows(Rows),
    /// The number of rows that were changed.
    Affected(u64),
    /// Numbers, one for each thing that was counted.
    Counts(Vec<i64>),
}

/// Rows, with the rows that hang on them, column by column.
///
/// Its buffers go back to the pool when it is dropped.
#[derive(Debug)]
pub struct Rows {
    prepared: Arc<Prepared>,
    buffers: Buffers,
    recycler: Arc<Recycler>,
}

/// The buffers of a query: its frames, and for each relation the children of each parent.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pub(crate) frames: Vec<Frame>,
    pub(crate) links: Vec<Vec<Span>>,
}

/// Buffers of queries that are done, for those to come.
#[derive(Debug, Default)]
pub(crate) struct Recycler(Mutex<Vec<Buffers>>);

/// How many sets of buffers are kept, and how large they may be: a rare huge result is given back to the system.
const KEPT: usize = 16;
const KEPT_BYTES: usize = 4 << 20;

impl Recycler {
    pub(crate) fn take(&self) -> Buffers {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub(crate) fn put(&self, buffers: Buffers) {
        let bytes: usize = buffers.frames.iter().map(Frame::capacity).sum();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && bytes <= KEPT_BYTES {
            kept.push(buffers);
        }
    }
}

impl Rows {
    pub(crate) fn new(prepared: Arc<Prepared>, buffers: Buffers, recycler: Arc<Recycler>) -> Self {
        Self { prepared, buffers, recycler }
    }

    /// How the rows nest.
    #[expect(clippy::expect_used, reason = "rows are made of plans that give rows only")]
    pub fn nest(&self) -> &Nest {
        match &self.prepared.plan.result {
            ResultKind::Rows(nest) | ResultKind::Row(nest) => Some(nest),
            ResultKind::Counts(_) | ResultKind::Affected(_) => None,
        }
        .expect("the plan gives rows")
    }

    /// The plan of the rows.
    pub fn prepared(&self) -> &Arc<Prepared> {
        &self.prepared
    }

    /// The frame of a [`Nest`].
    #[expect(clippy::indexing_slicing, reason = "a plan's nests name its own frames")]
    pub fn frame(&self, index: usize) -> &Frame {
        &self.buffers.frames[index]
    }

    /// For each row of the parent frame, its rows of the child frame.
    #[expect(clippy::indexing_slicing, reason = "a plan's relations are numbered from 0")]
    pub fn link(&self, link: usize) -> &[Span] {
        &self.buffers.links[link]
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.frame(self.nest().frame).rows
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.recycler.put(std::mem::take(&mut self.buffers));
    }
}
