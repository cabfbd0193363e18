//! Which reads are quick: by their plans, and by how long their last runs took.

use std::time::Duration;

use purlin_query::plan::Access;
use purlin_query::value::Value;

use super::statement::MOST_LISTED;
use crate::prepared::{Cost, Prepared, SLOW};

/// What a run that was stopped counts for: nobody knows how long it would have taken.
const STOPPED: Duration = Duration::from_millis(100);

/// A read of a row by its key runs on the caller's thread unless its last runs took longer than this.
const POINT_READ: Duration = Duration::from_millis(1);

/// A read whose last runs were quicker than this runs on the caller's thread: the way to another and back
/// costs 10 to 30 microseconds.
const QUICK: Duration = Duration::from_micros(250);
/// What [`is_tiny`] is about: in Node the way to another thread costs the thread of JavaScript some 15
/// microseconds, and the reply as many again until it is there.
const TINY: Duration = Duration::from_micros(30);

/// Returns whether a query may be quick, so that the reader that is kept for such may try it: by its last runs, because nobody
/// knows yet, or because it was slow once. A read by a key is tried each time: the next row may be a small one.
pub(super) fn may_be_quick(prepared: &Prepared) -> bool {
    prepared.cost.was_below(SLOW) || prepared.plan.point_read || prepared.cost.was_slow_once()
}

/// Returns whether the last runs of a query were not slow, or there were none.
pub(super) fn was_never_slow(prepared: &Prepared) -> bool {
    prepared.cost.was_below(SLOW)
}

/// Returns whether a query was not slow when it ran, or by its plan. Others come after it, and have less time.
pub(super) fn is_known_to_be_quick(prepared: &Prepared) -> bool {
    (prepared.plan.point_read || prepared.cost.has_run()) && prepared.cost.was_below(SLOW)
}

/// Returns whether a query reads, and is quick for sure: by its last runs, or by its plan. What a plan promises does not
/// hold for every table: a view in its place may count millions of rows, a row may hold megabytes.
pub(super) fn is_quick(prepared: &Prepared) -> bool {
    let Prepared { plan, cost, .. } = prepared;
    plan.access == Access::Read && if plan.point_read { cost.was_below(POINT_READ) } else { cost.is_below(QUICK) }
}

/// Returns whether a list among the values is so long that the last runs of the plan, which may have had short ones, tell
/// nothing. To bind it takes long by itself, and nothing interrupts that.
pub(super) fn has_long_list(values: &[Value]) -> bool {
    values.iter().any(|value| matches!(value, Value::List(list) if list.len() > MOST_LISTED))
}

/// Returns whether a query reads a row by its key and was never seen to be slow: its runs are not measured.
pub(super) fn is_point_read_never_slow(prepared: &Prepared) -> bool {
    prepared.plan.point_read && !prepared.cost.has_run()
}

/// Returns whether its plan or its last runs tell that a query takes no longer than the way to another thread and back takes
/// a thread of JavaScript, which has other work to do.
pub(super) fn is_tiny(prepared: &Prepared) -> bool {
    let Prepared { plan, cost, .. } = prepared;
    if plan.point_read { cost.was_below(POINT_READ) } else { cost.is_below(TINY) }
}

/// Remembers that a run was stopped before its end.
pub(super) fn record_stopped(cost: &Cost) {
    cost.record(STOPPED);
}
