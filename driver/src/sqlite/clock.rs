//! The clock of a pool: refuses what has waited too long and interrupts what runs too long.
//!
//! It ticks while there is something to look at and for a moment after; then it sleeps until somebody wakes it, so that
//! an idle program stays idle.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{OnceLock, Weak};
use std::thread::{self, Thread};
use std::time::Duration;

use super::shared::Shared;

/// Between two looks when somebody waits for a turn, and when something may be running.
const TICK_WAITING: Duration = Duration::from_millis(5);
const TICK_RUNNING: Duration = Duration::from_millis(25);
/// Ticks without any activity before it sleeps: a second.
const IDLE_TICKS: u32 = 40;

#[derive(Debug, Default)]
pub(super) struct Clock {
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
    /// Counts what began, so that the clock sees whether anything did since its last look.
    activity: AtomicU64,
    /// How often it has looked.
    ticks: AtomicU64,
}

impl Clock {
    /// Something begins to run. Returns whether the clock was awake: while it is, the file is looked at each second.
    #[inline]
    pub(super) fn note(&self) -> bool {
        self.activity.fetch_add(1, Ordering::SeqCst);
        let asleep = self.asleep.load(Ordering::SeqCst);
        if asleep {
            self.wake();
        }
        !asleep
    }

    /// A number that grows with each tick. Whoever sees it grow by two has been at it for more than a tick, and no clock of
    /// the system was asked.
    #[inline]
    pub(super) fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// Something has to wait for its turn.
    pub(super) fn note_waiting(&self) {
        self.activity.fetch_add(1, Ordering::SeqCst);
        self.wake();
    }

    pub(super) fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Takes the thread that ticks.
    pub(super) fn started(&self, thread: Thread) {
        // A pool starts one clock.
        let _ = self.thread.set(thread);
    }
}

/// The life of the clock's thread: it ends when the pool and its threads are gone.
pub(super) fn run(pool: &Weak<Shared>) {
    let mut last = 0;
    let mut idle = 0;
    loop {
        let Some(shared) = pool.upgrade() else { return };
        shared.clock.ticks.fetch_add(1, Ordering::Relaxed);
        let (waiting, running) = shared.look_at_the_clock();
        // Only now, so that whoever finds it awake uses a file that was looked at.
        shared.clock.asleep.store(false, Ordering::SeqCst);
        let now = shared.clock.activity.load(Ordering::SeqCst);
        idle = if waiting || running || now != last { 0 } else { idle + 1 };
        last = now;
        if idle > IDLE_TICKS {
            shared.clock.asleep.store(true, Ordering::SeqCst);
            // Whoever came before the line above did not wake this thread.
            if shared.clock.activity.load(Ordering::SeqCst) == last && shared.is_open() {
                drop(shared);
                thread::park();
            }
            idle = 0;
            continue;
        }
        drop(shared);
        thread::park_timeout(if waiting { TICK_WAITING } else { TICK_RUNNING });
    }
}
