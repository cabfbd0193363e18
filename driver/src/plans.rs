//! The plans of an engine, by their shapes and by their numbers.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::error::Error;
use crate::prepared::Prepared;

/// The plans of an engine: bounded in number and in bytes, since whoever sends queries chooses their shapes.
#[derive(Default)]
pub(crate) struct Plans(RwLock<Cache>);

#[derive(Default)]
struct Cache {
    by_shape: FxHashMap<Box<[u16]>, Arc<Prepared>>,
    by_id: FxHashMap<u64, Arc<Prepared>>,
    /// The large plans, the oldest first.
    large: VecDeque<u64>,
    /// About how much memory all of them take.
    bytes: usize,
    clock: AtomicU64,
}

const MAX_PLANS: usize = 2_048;
const MAX_BYTES: usize = 32 << 20;
/// A plan of more bytes is large: such ones come of unusual requests, and few are kept, until they have run.
const LARGE: usize = 64 << 10;
const MAX_LARGE: usize = 32;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl Plans {
    /// Finds the plan of a shape, or keeps the one that `compile` makes under a number of its own.
    pub(crate) fn find_or_compile(
        &self,
        words: &[u16],
        compile: impl FnOnce() -> Result<Prepared, Error>,
    ) -> Result<Arc<Prepared>, Error> {
        {
            let cache = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(prepared) = cache.by_shape.get(words) {
                cache.touch(prepared);
                return Ok(Arc::clone(prepared));
            }
        }
        let prepared = compile()?;
        let mut cache = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(prepared) = cache.by_shape.get(words) {
            return Ok(Arc::clone(prepared));
        }
        let prepared = Arc::new(Prepared { id: NEXT_ID.fetch_add(1, Ordering::Relaxed), ..prepared });
        cache.insert(Arc::clone(&prepared));
        Ok(prepared)
    }

    /// The plan of this number; `None` when it had to make place for others.
    pub(crate) fn by_id(&self, id: u64) -> Option<Arc<Prepared>> {
        let cache = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let prepared = cache.by_id.get(&id)?;
        cache.touch(prepared);
        Some(Arc::clone(prepared))
    }
}

impl Cache {
    fn touch(&self, prepared: &Prepared) {
        prepared.used.store(self.clock.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    fn insert(&mut self, prepared: Arc<Prepared>) {
        let bytes = prepared.bytes();
        if self.by_id.len() >= MAX_PLANS || self.bytes + bytes > MAX_BYTES {
            self.evict();
        }
        if bytes > LARGE {
            self.large.push_back(prepared.id);
            if self.large.len() > MAX_LARGE
                && let Some(oldest) = self.large.pop_front()
                && let Some(gone) = self.by_id.remove(&oldest)
            {
                self.by_shape.remove(&gone.shape);
                self.bytes = self.bytes.saturating_sub(gone.bytes());
            }
        }
        self.bytes += bytes;
        self.touch(&prepared);
        self.by_shape.insert(prepared.shape.clone(), Arc::clone(&prepared));
        self.by_id.insert(prepared.id, prepared);
    }

    /// Lets go of the half that was not asked for the longest.
    fn evict(&mut self) {
        let mut used: Vec<u64> = self.by_id.values().map(|prepared| prepared.used.load(Ordering::Relaxed)).collect();
        used.sort_unstable();
        let Some(median) = used.get(used.len() / 2).copied() else { return };
        self.by_id.retain(|_, prepared| prepared.used.load(Ordering::Relaxed) >= median);
        self.by_shape.retain(|_, prepared| prepared.used.load(Ordering::Relaxed) >= median);
        self.large.retain(|id| self.by_id.contains_key(id));
        self.bytes = self.by_id.values().map(|prepared| prepared.bytes()).sum();
    }
}
