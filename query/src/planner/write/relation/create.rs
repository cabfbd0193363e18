//! `create` and `createMany` of rows that refer to the written row, or that a join table links to it.

use super::Link;
use crate::error::Error;
use crate::planner::Planner;
use crate::planner::write::{Assigned, Assignments};
use crate::tree::{RowGroup, RowWrites};

impl<'a> Planner<'a> {
    pub(super) fn create_linked(&mut self, link: &Link<'_, 'a>, data: &RowWrites) -> Result<(), Error> {
        let relation = link.relation;
        if relation.through.is_some() {
            let child = self.insert(relation.target, data, Vec::new(), &relation.to)?;
            return self.join(relation, link.row, &child);
        }
        if data.relations.iter().any(|(field, _)| *field == relation.inverse) {
            return Err(Error::set_by_relation(&self.catalog.path(relation.target, relation.inverse)));
        }
        let inherited = self.inherited(link)?;
        self.insert(relation.target, data, inherited, &[])?;
        Ok(())
    }

    pub(super) fn create_many_linked(&mut self, link: &Link<'_, 'a>, rows: &RowGroup) -> Result<(), Error> {
        let inherited = self.inherited(link)?;
        self.insert_rows(link.relation.target, rows, inherited)?;
        Ok(())
    }

    /// The foreign key by which a related row refers to the written one.
    pub(super) fn inherited(&self, link: &Link<'_, 'a>) -> Result<Assignments, Error> {
        Ok(link.pairs()?.into_iter().map(|(to, cell)| (to, Assigned::Param(cell))).collect())
    }
}
