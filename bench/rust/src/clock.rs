//! Wall time and CPU time, of this thread and of the whole process.

use std::ops::Sub;

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// Three clocks read at one moment, or what passed between two, in microseconds.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Clocks {
    pub(crate) wall_micros: f64,
    /// Of the thread that awaits the queries; what a client does on other threads is in the process's time only.
    pub(crate) main_cpu_micros: f64,
    pub(crate) process_cpu_micros: f64,
}

impl Clocks {
    pub(crate) fn now() -> Self {
        let read = |clock| {
            let time = clock_gettime(clock);
            time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
        };
        Self {
            wall_micros: read(ClockId::Monotonic),
            main_cpu_micros: read(ClockId::ThreadCPUTime),
            process_cpu_micros: read(ClockId::ProcessCPUTime),
        }
    }
}

impl Sub for Clocks {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            wall_micros: self.wall_micros - earlier.wall_micros,
            main_cpu_micros: self.main_cpu_micros - earlier.main_cpu_micros,
            process_cpu_micros: self.process_cpu_micros - earlier.process_cpu_micros,
        }
    }
}
