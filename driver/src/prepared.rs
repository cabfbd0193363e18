//! Compiled queries, and what is remembered of their runs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use purlin_query::catalog::Catalog;
use purlin_query::dialect::Dialect;
use purlin_query::plan::{Collation, Plan, TextKey};
use purlin_query::{Limits, compile_collated};

use crate::error::Error;
use crate::options::QueryOptions;

/// The collations of keys that the columns which refer to them do not share.
pub(crate) type Collations = BTreeMap<TextKey, Collation>;

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
    /// Whether a database was met that compares some columns otherwise than the keys that they refer to.
    pub(crate) was_collated: AtomicBool,
    /// The plan for it.
    pub(crate) collated: Mutex<Option<(Collations, Arc<Plan>)>>,
    /// When it was last asked for, in ticks of the cache.
    pub(crate) used: AtomicU64,
}

impl Prepared {
    /// One that has no number yet, and was not asked for.
    pub(crate) fn new(plan: Plan, shape: &[u16], catalog: Arc<Catalog>, limits: Limits, options: QueryOptions) -> Self {
        let (cost, used) = (Cost::default(), AtomicU64::new(0));
        let (was_collated, collated) = (AtomicBool::new(false), Mutex::default());
        Self { id: 0, plan, shape: shape.into(), catalog, limits, options, cost, was_collated, collated, used }
    }

    /// Returns whether a database was met that compares some columns otherwise than the keys that they refer to.
    pub(crate) fn was_collated(&self) -> bool {
        self.was_collated.load(Ordering::Relaxed)
    }

    /// The plan for a database that compares these columns otherwise than the keys that they refer to.
    pub(crate) fn collated(&self, dialect: Dialect, collations: &Collations) -> Result<Arc<Plan>, Error> {
        let mut collated = self.collated.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((compiled_for, plan)) = &*collated
            && compiled_for == collations
        {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(compile_collated(&self.catalog, dialect, &self.shape, &self.limits, collations)?);
        self.was_collated.store(true, Ordering::Relaxed);
        *collated = Some((collations.clone(), Arc::clone(&plan)));
        Ok(plan)
    }

    /// About how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.plan.bytes() + size_of_val(&*self.shape)
    }

    /// The catalog of its engine.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }
}

/// What counts as slow.
pub(crate) const SLOW: Duration = Duration::from_millis(20);
/// After so many milliseconds what was slow may be tried as if nobody knew: one row may have been large, or a thread asleep.
const FORGET: u32 = 100;

/// How long a plan took lately.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    /// In microseconds; 0 before the first run.
    mean: AtomicU32,
    /// When a run was last measured, in milliseconds since the process first did.
    measured: AtomicU32,
}

/// The milliseconds since the first call.
fn now() -> u32 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    u32::try_from(FIRST.elapsed().as_millis()).unwrap_or(u32::MAX)
}

impl Cost {
    /// Keeps a mean that forgets: the last run counts for a quarter.
    pub(crate) fn record(&self, took: Duration) {
        let took = u32::try_from(took.as_micros()).unwrap_or(u32::MAX).max(1);
        let mean = match self.mean.load(Ordering::Relaxed) {
            0 => took,
            mean => mean - mean / 4 + took / 4,
        };
        self.mean.store(mean.max(1), Ordering::Relaxed);
        if u128::from(mean) >= SLOW.as_micros() {
            self.measured.store(now(), Ordering::Relaxed);
        }
    }

    /// Returns whether the plan was slow, and it is some time ago that this was measured.
    pub(crate) fn was_slow_once(&self) -> bool {
        !self.was_below(SLOW) && now().saturating_sub(self.measured.load(Ordering::Relaxed)) >= FORGET
    }

    /// Returns whether a run was measured.
    pub(crate) fn has_run(&self) -> bool {
        self.mean.load(Ordering::Relaxed) > 0
    }

    /// Returns whether the plan has not run, or took less than `limit`.
    pub(crate) fn was_below(&self, limit: Duration) -> bool {
        u128::from(self.mean.load(Ordering::Relaxed)) < limit.as_micros()
    }

    /// Returns whether the plan has run, and took less than `limit`.
    pub(crate) fn is_below(&self, limit: Duration) -> bool {
        self.has_run() && self.was_below(limit)
    }
}
