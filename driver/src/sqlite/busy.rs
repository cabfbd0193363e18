//! Waits for locks that other processes hold.
//!
//! SQLite's own handler sleeps up to 100 ms between two tries, while the process that holds the lock takes it again at
//! once: with two writing processes, callers met "database is locked" after seconds. This one tries every millisecond or
//! so, and [`Turns`] leaves it a gap to succeed in.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The pauses between two tries: long enough to cost nothing, short enough for the gap of [`Turns`].
const SHORTEST: Duration = Duration::from_micros(300);
const SPREAD_MICROS: u64 = 700;

thread_local! {
    /// When this thread stops to wait; `None` when it does not wait at all.
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
    /// Where it adds the microseconds that it has waited.
    static WAITED: RefCell<Option<Arc<AtomicU64>>> = const { RefCell::new(None) };
    static RANDOM: Cell<u64> = const { Cell::new(0) };
}

/// Lets the statements of this thread wait until `until`; `None` lets them fail at once.
pub(super) fn wait_until(until: Option<Instant>) {
    UNTIL.set(until);
}

/// Adds the time that this thread waits to `waited`, in microseconds: it does not count for deadlines.
pub(super) fn count_into(waited: &Arc<AtomicU64>) {
    WAITED.with_borrow_mut(|counted| *counted = Some(Arc::clone(waited)));
}

/// The busy handler: whether to try again.
pub(super) fn handler(_tries: i32) -> bool {
    let Some(until) = UNTIL.get() else { return false };
    let before = Instant::now();
    if before >= until {
        return false;
    }
    thread::sleep(pause().min(until - before));
    WAITED.with_borrow(|waited| {
        if let Some(waited) = waited {
            let micros = u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX);
            waited.fetch_add(micros, Ordering::Relaxed);
        }
    });
    true
}

/// The pause between two tries, for the connections of other tools too: whoever tries less often never meets the gap.
pub fn pause() -> Duration {
    SHORTEST + Duration::from_micros(random() % SPREAD_MICROS)
}

/// A random number for the jitter; xorshift, seeded by the hasher that the standard library seeds per thread.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let mut state = RANDOM.get();
    if state == 0 {
        state = RandomState::new().build_hasher().finish() | 1;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    RANDOM.set(state);
    state
}

/// Leaves other processes a turn: a writer that writes without a pause would let them in only by chance.
#[derive(Debug)]
pub(super) struct Turns {
    /// Since when this process writes without a pause that others could use.
    since: Option<Instant>,
    idle_since: Option<Instant>,
    data_version: Option<i64>,
    /// When another process was last seen to have written.
    others: Option<Instant>,
}

/// How long this process writes without a pause: while others write too, and while nobody is known to.
const SHARED_TURN: Duration = Duration::from_millis(5);
const LONE_TURN: Duration = Duration::from_millis(100);
/// Longer than the longest pause between two tries of [`handler`].
const GAP: Duration = Duration::from_micros(1_300);
/// Others that have not written for so long are taken to be gone.
const GONE: Duration = Duration::from_secs(1);

impl Turns {
    pub(super) fn new() -> Self {
        Self { since: None, idle_since: None, data_version: None, others: None }
    }

    /// A write begins.
    pub(super) fn begin(&mut self) {
        let now = Instant::now();
        if self.idle_since.take().is_some_and(|idle| now - idle >= GAP) {
            self.since = None;
        }
        self.since.get_or_insert(now);
    }

    /// A write is over. `data_version` reads the pragma of this name, which changes when other connections write.
    pub(super) fn end(&mut self, data_version: impl FnOnce() -> Option<i64>) {
        let now = Instant::now();
        let held = self.since.map_or(Duration::ZERO, |since| now - since);
        let shared = self.others.is_some_and(|others| now - others < GONE);
        if held >= SHARED_TURN {
            let version = data_version();
            if self.data_version.is_some() && version != self.data_version {
                self.others = Some(now);
            }
            self.data_version = version;
        }
        if held >= if shared { SHARED_TURN } else { LONE_TURN } {
            thread::sleep(GAP);
            self.since = None;
        }
        self.idle_since = Some(Instant::now());
    }
}
