//! What the writer's thread is asked to do, and reads on their way to a reader.

use std::sync::Arc;
use std::time::Instant;

use super::closing::{Era, EraEnd};
use super::quick;
use crate::error::Error;
use crate::options::QueryOptions;
use crate::request::{Begin, Completion, Request};

/// A read on its way to a reader.
pub(super) struct Read {
    pub(super) request: Request,
    /// What it belongs to of the time between two closings of the pool, while it waits or runs.
    pub(super) era: Option<Arc<Era>>,
    /// Whether it has turned out to be slow.
    pub(super) slow: bool,
    /// Whether it was stopped once to let the writer start the log over. It is not stopped again.
    pub(super) rested: bool,
}

impl Read {
    pub(super) fn new(request: Request) -> Self {
        Self { request, era: None, slow: false, rested: false }
    }

    /// Returns whether its plan or its last runs tell that it is quick.
    pub(super) fn is_known_to_be_quick(&self) -> bool {
        !self.slow && quick::is_known_to_be_quick(self.request.prepared())
    }

    /// Returns whether no run of it was slow, as far as anybody knows.
    pub(super) fn was_never_slow(&self) -> bool {
        !self.slow && quick::was_never_slow(self.request.prepared())
    }

    /// Returns whether the reader that is kept for quick reads may try it.
    pub(super) fn may_be_quick(&self) -> bool {
        !self.slow && quick::may_be_quick(self.request.prepared())
    }
}

/// What the writer is asked to do.
pub(super) enum Job {
    /// A query, in a transaction of its own.
    Run(Request),
    /// A transaction.
    Begin(Begin),
    /// A script of statements, as migrations have them.
    Script { sql: String, options: QueryOptions, completion: Completion<()> },
    /// Close all connections when what was asked before is over, also the reads; the next query opens another.
    Close { reads: EraEnd, completion: Completion<()> },
    /// Close the connections to a file that was displaced, or whose log was.
    CloseDisplaced { completion: Completion<()> },
}

impl Job {
    /// The most that may wait before it. Those that end something always find a place.
    pub(super) fn queue_length(&self) -> Option<usize> {
        match self {
            Self::Run(request) => Some(request.options().queue_length),
            Self::Begin(begin) => Some(begin.queries.queue_length),
            Self::Script { options, .. } => Some(options.queue_length),
            Self::Close { .. } | Self::CloseDisplaced { .. } => None,
        }
    }

    /// When it has waited too long.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        match self {
            Self::Run(request) => request.waits_until(),
            Self::Begin(begin) => begin.waits_until(),
            Self::Script { .. } | Self::Close { .. } | Self::CloseDisplaced { .. } => None,
        }
    }

    /// Returns whether nobody waits for it any more.
    pub(super) fn is_abandoned(&self) -> bool {
        matches!(self, Self::Run(request) if request.is_abandoned())
    }

    /// What is said when it has.
    pub(super) fn too_late(&self) -> Option<Error> {
        match self {
            Self::Begin(begin) => Some(begin.too_late()),
            Self::Run(request) => Some(request.too_late()),
            Self::Script { .. } | Self::Close { .. } | Self::CloseDisplaced { .. } => None,
        }
    }

    pub(super) fn refuse(self, error: Error) {
        match self {
            Self::Run(request) => request.completion.complete(Err(error)),
            Self::Begin(begin) => begin.completion.complete(Err(error)),
            Self::Script { completion, .. } | Self::Close { completion, .. } | Self::CloseDisplaced { completion } => {
                completion.complete(Err(error));
            }
        }
    }
}
