//! A statement that is to be run.

#[cfg(feature = "postgres")]
use purlin_query::catalog::{Catalog, ModelIndex};
use purlin_query::plan::{Keys, Param, Run, Step};

use super::bound::{KeyList, Listed, Parameters};
use super::given_rows::{Rows, list_at};
use super::{Execution, PlannedQuery};
use crate::frame::Frame;

/// A statement that is to be run, once or several times with other parameters.
pub(crate) struct Call<'e> {
    pub(super) execution: &'e Execution<'e>,
    pub(super) index: usize,
    pub(super) step: &'e Step,
    pub(super) repeats: Repeats,
}

/// How often a statement runs.
#[derive(Debug)]
pub(super) enum Repeats {
    Once,
    /// Once for all keys: those of these rows of the frame that holds them.
    Keys(Vec<u32>),
    /// Once for each key.
    EachKey(Vec<u32>),
    /// Once for each of some rows of a `createMany`.
    Rows(Rows),
}

impl Repeats {
    /// Returns whether there is nothing to run for.
    pub(super) fn is_none(&self) -> bool {
        match self {
            Self::Once => false,
            Self::Keys(rows) | Self::EachKey(rows) => rows.is_empty(),
            Self::Rows(rows) => rows.length == 0,
        }
    }
}

impl<'e> Call<'e> {
    /// The number of its step. The same statement may come again, for other rows of a `createMany`.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Its step: the statement, and what it returns.
    pub(crate) fn step(&self) -> &'e Step {
        self.step
    }

    /// The catalog of the query.
    #[cfg(feature = "postgres")]
    pub(crate) fn catalog(&self) -> &'e Catalog {
        self.query().catalog()
    }

    /// The model of the query.
    #[cfg(feature = "postgres")]
    pub(crate) fn model(&self) -> ModelIndex {
        self.query().plan.model
    }

    /// The keys that it runs for once, all together.
    pub(crate) fn keys(&self) -> Option<KeyList<'_>> {
        match &self.repeats {
            Repeats::Keys(rows) => Some(self.key_list(rows)),
            Repeats::Once | Repeats::EachKey(_) | Repeats::Rows(_) => None,
        }
    }

    /// Returns whether it writes rows of a `createMany`, one in each run.
    pub(crate) fn writes_given_rows(&self) -> bool {
        matches!(self.repeats, Repeats::Rows(_))
    }

    /// The parameters of each run, one run after another.
    #[inline]
    pub(crate) fn runs(&self) -> impl ExactSizeIterator<Item = Parameters<'_>> {
        let runs = match &self.repeats {
            Repeats::Once | Repeats::Keys(_) => 1,
            Repeats::EachKey(rows) => rows.len(),
            Repeats::Rows(rows) => rows.length,
        };
        (0..runs).map(|run| {
            let (keys, row, number) = match &self.repeats {
                Repeats::Once => (&[][..], &[][..], 0),
                Repeats::Keys(rows) => (rows.as_slice(), &[][..], 0),
                Repeats::EachKey(rows) => (rows.get(run..=run).unwrap_or_default(), &[][..], 0),
                Repeats::Rows(rows) => (&[][..], rows.values(self.query(), self.step, run), rows.number + run),
            };
            Parameters { call: self, keys, row, number }
        })
    }

    /// The sizes of the lists among the parameters, in their order: how many values each has, and of how many parts.
    pub(crate) fn list_sizes(&self) -> impl Iterator<Item = (usize, usize)> {
        self.step.params.iter().filter_map(|param| match param {
            Param::Keys => Some(self.keys().map_or((0, 1), |keys| (keys.len(), keys.width()))),
            Param::List { slot, .. } => Some((list_at(self.query().values, *slot).len(), 1)),
            _ => None,
        })
    }

    pub(super) fn query(&self) -> &'e PlannedQuery<'e> {
        self.execution.query
    }

    /// The frames of the steps before.
    pub(super) fn frames(&self) -> &'e [Frame] {
        &self.execution.buffers.frames
    }

    /// The instant of the request: all its statements have the same.
    pub(super) fn now(&self) -> i64 {
        *self.execution.now.get_or_init(super::now)
    }

    pub(super) fn key_list<'c>(&'c self, rows: &'c [u32]) -> KeyList<'c> {
        let keys = match &self.step.run {
            Run::Keys(keys) | Run::EachKey(keys) => Some(keys),
            Run::Once | Run::Single | Run::EachRow { .. } => None,
        };
        let frame = keys.and_then(|keys: &Keys| self.frames().get(keys.frame));
        KeyList { catalog: self.query().catalog(), frame, keys, rows }
    }
}
