//! How deep the expression of a condition is, for databases that bound it.

use crate::tree::Filter;

/// A group of conditions with more members is written as balanced brackets: each member of a plain group is one deeper
/// than the next.
pub(crate) const MOST_IN_PLAIN_GROUP: usize = 8;

/// The depth of a condition as SQLite counts it.
#[derive(Clone, Copy, Default)]
struct Depth {
    /// Of the expression.
    own: usize,
    /// The greatest sum of the depths of the conditions of related rows in it, each inside the other. SQLite counts a
    /// sub-select's expression on top of those around it, of which it is a part already.
    below: usize,
}

/// The depth that SQLite finds in a condition.
pub(super) fn of(filter: &Filter) -> usize {
    let depth = depth(filter);
    depth.own + depth.below
}

fn depth(filter: &Filter) -> Depth {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            let deepest = parts.iter().map(depth).fold(Depth::default(), |deepest, part| Depth {
                own: deepest.own.max(part.own),
                below: deepest.below.max(part.below),
            });
            let halvings = parts.len().div_ceil(MOST_IN_PLAIN_GROUP).next_power_of_two().trailing_zeros() as usize;
            Depth { own: deepest.own + halvings + parts.len().min(MOST_IN_PLAIN_GROUP), ..deepest }
        }
        Filter::Not(inner) => {
            let inner = depth(inner);
            Depth { own: inner.own + 1, ..inner }
        }
        Filter::Related { filter, .. } => {
            let inner = depth(filter);
            // The links to the rows around it, joined with the condition, its negation or that it does not fail.
            let condition = inner.own + 4;
            Depth { own: condition + 2, below: condition + inner.below }
        }
        // The longest is a list of JSON in its normal form.
        Filter::Compare { .. }
        | Filter::In { .. }
        | Filter::List { .. }
        | Filter::Empty { .. }
        | Filter::Null { .. } => Depth { own: 5, below: 0 },
    }
}
