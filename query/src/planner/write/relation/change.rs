//! `upsert` and `delete` of related rows. Their `update`, `updateMany` and `deleteMany` are those of rows that a link leads to.

use super::{Link, MOST_TOGETHER};
use crate::error::Error;
use crate::plan::Missing;
use crate::planner::Planner;
use crate::planner::write::Assigned;
use crate::planner::write::update::Rows;
use crate::tree::{Filter, RowWrites};

impl<'a> Planner<'a> {
    /// Changes the related row that a filter names, or creates one.
    pub(super) fn upsert_linked(
        &mut self,
        link: &Link<'_, 'a>,
        filter: Option<&Filter>,
        create: &RowWrites,
        update: &RowWrites,
    ) -> Result<(), Error> {
        let relation = link.relation;
        let target = relation.target;
        let key = self.primary_key(target)?;
        let found = self.find_row(target, Rows::Linked(link, filter), &key, None)?;
        self.given(&found, |planner| planner.change(target, Rows::Found(&found), update, Vec::new(), link.missing()))?;
        self.unless(&found, |planner| {
            if relation.holds_key {
                // What is created along with it may take the row, and give it another key.
                let number_held = planner.number_held();
                let row = planner.hold(link.model, link.row.clone(), Some(Missing::Moved(link.model)));
                let created = planner.insert(target, create, Vec::new(), &relation.to)?;
                let level = planner.held_row(row)?;
                planner.hold_no_longer(number_held);
                let mut assignments = Vec::new();
                for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                    assignments.push((*from, Assigned::Param(created.cell(*to)?)));
                }
                planner.set_updated_at(link.model, &mut assignments)?;
                planner.assign_all(link.model, Rows::Found(&level), assignments, &[])?;
                return Ok(());
            }
            if !link.is_many() {
                // Another row may have the place, of which the filter is not true.
                planner.replace(link, None)?;
            }
            planner.create_linked(link, create)
        })
    }

    /// Removes the related row that a filter names.
    pub(super) fn delete_linked(&mut self, link: &Link<'_, 'a>, filter: Option<&Filter>) -> Result<(), Error> {
        let relation = link.relation;
        let key = self.primary_key(relation.target)?;
        let missing = Missing::Unrelated { model: link.model, field: link.field };
        let found = self.find_row(relation.target, Rows::Linked(link, filter), &key, Some(missing))?;
        // What becomes of the rows that refer to it, this one among them, the schema says by `onDelete`.
        self.delete_all(relation.target, Rows::Found(&found))?;
        Ok(())
    }

    /// Removes the related rows that filters name, in one statement: they may refer to one another, and a cascade of one may
    /// remove another.
    pub(super) fn delete_together(&mut self, link: &Link<'_, 'a>, filters: Vec<Filter>) -> Result<(), Error> {
        let target = link.relation.target;
        let missing = Missing::Unrelated { model: link.model, field: link.field };
        for filters in filters.chunks(MOST_TOGETHER) {
            let any = Filter::Or(filters.to_vec());
            self.delete_number(target, Rows::Linked(link, Some(&any)), filters.len(), missing.clone())?;
        }
        Ok(())
    }
}
