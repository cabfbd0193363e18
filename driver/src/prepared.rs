//! Compiled queries, and what is remembered of their runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use purlin_query::Limits;
use purlin_query::catalog::Catalog;
use purlin_query::plan::Plan;

use crate::options::QueryOptions;

/// A compiled query.
#[derive(Debug)]
pub struct Prepared {
    /// Its number, never given to another.
    pub id: u64,
    /// The plan.
    pub plan: Plan,
    pub(crate) shape: Box<[u16]>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) limits: Limits,
    pub(crate) options: QueryOptions,
    pub(crate) cost: Cost,
    /// When it was last asked for, in ticks of the cache.
    pub(crate) used: AtomicU64,
}

impl Prepared {
    /// Whether its plan or earlier runs tell how long it takes.
    pub(crate) fn is_known(&self) -> bool {
        self.plan.point_read || self.cost.0.load(Ordering::Relaxed) > 0
    }

    /// Whether it may be quick: by its last runs, or because nobody knows yet.
    pub(crate) fn may_be_quick(&self) -> bool {
        self.cost.may_be_quick()
    }

    /// Whether it is quick for sure: by its last runs, or by its plan. What a plan promises does not hold for every table: a
    /// view in its place may count millions of rows, a row may hold megabytes.
    pub(crate) fn is_quick(&self) -> bool {
        if self.plan.point_read { self.cost.was_below(POINT_READ) } else { self.cost.is_quick() }
    }

    /// Whether it reads a row by its key and was never seen to be slow: its runs are not measured.
    pub(crate) fn is_point_read_never_slow(&self) -> bool {
        self.plan.point_read && self.cost.0.load(Ordering::Relaxed) == 0
    }

    /// Whether its plan or its last runs tell that it takes no longer than the way to another thread and back takes a
    /// thread of JavaScript, which has other work to do.
    pub fn is_tiny(&self) -> bool {
        if self.plan.point_read { self.cost.was_below(POINT_READ) } else { self.cost.is_below(TINY) }
    }

    /// About how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.plan.bytes() + size_of_val(&*self.shape)
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }
}

/// How long a plan took lately, in microseconds.
#[derive(Debug, Default)]
pub(crate) struct Cost(AtomicU32);

impl Cost {
    /// A run was stopped before its end.
    pub(crate) fn record_stopped(&self) {
        self.record(STOPPED);
    }

    /// Keeps a mean that forgets: the last run counts for a quarter.
    pub(crate) fn record(&self, took: Duration) {
        let took = u32::try_from(took.as_micros()).unwrap_or(u32::MAX).max(1);
        let mean = match self.0.load(Ordering::Relaxed) {
            0 => took,
            mean => mean - mean / 4 + took / 4,
        };
        self.0.store(mean.max(1), Ordering::Relaxed);
    }

    /// Whether the plan has not run, or was fairly quick.
    fn may_be_quick(&self) -> bool {
        self.was_below(FAIRLY_QUICK)
    }

    /// Whether the plan has not run, or took less.
    fn was_below(&self, limit: Duration) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) < limit.as_micros()
    }

    /// Whether the plan has run, and was quick.
    pub(crate) fn is_quick(&self) -> bool {
        self.is_below(QUICK)
    }

    /// Whether the plan has run, and took less than `most`.
    fn is_below(&self, most: Duration) -> bool {
        let mean = self.0.load(Ordering::Relaxed);
        mean > 0 && u128::from(mean) < most.as_micros()
    }
}

/// A read whose last runs took longer does not run on the reader that is kept for quick ones.
const FAIRLY_QUICK: Duration = Duration::from_millis(20);
/// What a run that was stopped counts for: nobody knows how long it would have taken.
const STOPPED: Duration = Duration::from_millis(100);

/// A read of a row by its key runs on the caller's thread unless its last runs took longer than this.
const POINT_READ: Duration = Duration::from_millis(1);

/// A read whose last runs were quicker than this runs on the caller's thread: the way to another and back
/// costs 10 to 30 microseconds.
const QUICK: Duration = Duration::from_micros(250);
/// What [`Prepared::is_tiny`] is about: in Node the way to another thread costs the thread of JavaScript some 15
/// microseconds, and the reply as many again until it is there.
const TINY: Duration = Duration::from_micros(30);
