//! What takes the answer of a call: its rows, and the numbers of rows that it has changed.

use std::ops::ControlFlow;

use purlin_query::catalog::ModelIndex;
use purlin_query::plan::{FrameColumn, Missing, ResultKind, Run, Step};

use super::PlannedQuery;
use super::missing::not_found;
use crate::error::Error;
use crate::frame::Frame;
use crate::size;

/// Takes the answer of a call.
pub(crate) struct Answer<'p> {
    query: &'p PlannedQuery<'p>,
    pub(super) index: usize,
    columns: &'p [FrameColumn],
    /// Takes the rows, column by column.
    pub(crate) frame: Frame,
    pub(super) changed: u64,
    /// The rows and the bytes that the frame may come to.
    most_rows: u64,
    most_bytes: u64,
    wanted: Wanted,
    /// Whether each run writes a row.
    writes_a_row: bool,
    /// The model of that row.
    model: ModelIndex,
}

/// The rows of an answer that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    All,
    /// The first: it is known that there are no others.
    First,
    /// None: what a write of many rows returns is only checked on its way.
    None,
}

/// The rows that a run of a statement has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    /// So many.
    Rows(u64),
    /// The database cannot tell.
    Unknown,
}

impl<'p> Answer<'p> {
    #[inline]
    pub(super) fn new(
        query: &'p PlannedQuery<'p>,
        index: usize,
        step: &'p Step,
        frame: Frame,
        most_bytes: u64,
    ) -> Self {
        let (plan, limits) = (query.plan, query.limits());
        // A row of a frame becomes at least one object, and its text is built at least once.
        let is_unpaged = plan.take.is_none() && matches!(&plan.result, ResultKind::Rows(nest) if nest.frame == index);
        let wanted = match (&plan.result, &step.run) {
            (_, Run::EachRow { .. }) => Wanted::None,
            (ResultKind::Affected(counted), _) if counted.contains(&index) => Wanted::None,
            (_, Run::Single) => Wanted::First,
            _ => Wanted::All,
        };
        Self {
            query,
            index,
            columns: &step.columns,
            frame,
            changed: 0,
            most_rows: if is_unpaged { limits.rows.min(limits.objects) } else { limits.objects },
            most_bytes,
            wanted,
            writes_a_row: matches!(step.run, Run::EachRow { .. }),
            model: if let Run::EachRow { model, .. } = step.run { model } else { plan.model },
        }
    }

    /// The columns of the rows; none of a statement that only changes rows.
    pub(crate) fn columns(&self) -> &'p [FrameColumn] {
        self.columns
    }

    /// Returns whether the rows are only checked on their way, and the number of changed rows counts.
    pub(crate) fn is_counted(&self) -> bool {
        self.wanted == Wanted::None
    }

    /// Looks at the frame after each row that was read into it. Breaks when no further row is wanted.
    #[inline]
    pub(crate) fn row_is_read(&mut self) -> Result<ControlFlow<()>, Error> {
        match self.wanted {
            Wanted::None => {
                self.frame.reset(self.columns);
                return Ok(ControlFlow::Continue(()));
            }
            Wanted::First => return Ok(ControlFlow::Break(())),
            Wanted::All => {}
        }
        if self.frame.rows as u64 > self.most_rows {
            return Err(self.too_many_rows());
        }
        if size::heap(&self.frame) > self.most_bytes {
            return Err(size::too_many_bytes(self.query.limits()));
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Takes the end of a run of the statement.
    #[inline]
    pub(crate) fn ran(&mut self, changed: Changed) -> Result<(), Error> {
        match changed {
            // A trigger or a constraint of the table made the database leave the row out.
            Changed::Rows(0) if self.writes_a_row => Err(not_found(self.query, &Missing::Written(self.model), None)),
            Changed::Rows(rows) => {
                self.changed += rows;
                Ok(())
            }
            Changed::Unknown => Ok(()),
        }
    }

    #[cold]
    fn too_many_rows(&self) -> Error {
        let (catalog, plan, limits) = (self.query.catalog(), self.query.plan, self.query.limits());
        let most = limits.rows;
        if self.most_rows == limits.objects {
            return size::too_many_objects(limits);
        }
        let model = catalog.model(plan.model).map_or("rows", |model| &model.name);
        let message = format!(
            "more than {most} rows of {model} match: read them in pages with `take`, or raise the `rows` limit of the client"
        );
        Error::limit("rows", most, message)
    }
}
