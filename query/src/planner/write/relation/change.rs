//! `upsert` and `delete` of related rows. Their `update`, `updateMany` and `deleteMany` are those of rows that a link leads to.

use super::{Link, MOST_TOGETHER};
use crate::catalog::FieldIndex;
use crate::error::Error;
use crate::plan::Missing;
use crate::planner::write::Assigned;
use crate::planner::write::update::Rows;
use crate::planner::{Level, Planner, include};
use crate::tree::{Filter, RowWrites};

impl<'a> Planner<'a> {
    /// Changes the related row that a filter names, or creates one; returns the row of the link as it is then, where it is
    /// followed.
    pub(super) fn upsert_linked(
        &mut self,
        link: &Link<'_, 'a>,
        filter: Option<&Filter>,
        create: &RowWrites,
        update: &RowWrites,
        looked_at: &[FieldIndex],
    ) -> Result<Option<Level>, Error> {
        let relation = link.relation;
        let target = relation.target;
        let mut places = Vec::new();
        self.changed_places(target, update, &mut places)?;
        if relation.holds_key {
            // A row that is created gives its key.
            places.extend(relation.from.iter().map(|field| (link.model, *field)));
        }
        let followed = self.followed(link, places, looked_at)?;
        let wanted = followed.as_ref().map(|followed| followed.columns.clone()).unwrap_or_default();
        let mut read = self.primary_key(target)?;
        include(&mut read, &wanted);
        let found = self.find_row(target, Rows::Linked(link, filter), &read, None)?;
        let changed = self.given(&found, |planner| {
            planner.change(target, Rows::Found(&found), update, wanted.clone(), link.missing())
        })?;
        let created = self.unless(&found, |planner| {
            if relation.holds_key {
                let mut wanted = wanted.clone();
                include(&mut wanted, &relation.to);
                let created = planner.insert(target, create, Vec::new(), &wanted)?;
                let mut assignments = Vec::new();
                for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                    assignments.push((*from, Assigned::Param(created.cell(*to)?)));
                }
                planner.set_updated_at(link.model, &mut assignments)?;
                planner.assign_all(link.model, Rows::Found(link.row), assignments, &[])?;
                return Ok(Some(created));
            }
            if !link.is_many() {
                // Another row may have the place, of which the filter is not true.
                planner.replace(link, None)?;
            }
            planner.create_linked(link, create)?;
            Ok(None)
        })?;
        let Some(followed) = followed else { return Ok(None) };
        if let Some(created) = created {
            let after = self.either(target, &[&changed, &created], &wanted)?;
            return self.follow(link, &followed, Some(&found), &after).map(Some);
        }
        let moved = self.given(&found, |planner| planner.follow(link, &followed, Some(&found), &changed))?;
        self.either(link.model, &[&moved, link.row], &moved.fields).map(Some)
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
