//! `upsert`: a row is changed, or created where it is not there.

use super::update::Rows;
use crate::catalog::ModelIndex;
use crate::dialect::Returning;
use crate::error::Error;
use crate::plan::{Missing, Outcome};
use crate::planner::{Level, Planner};
use crate::tree::{Filter, RowWrites, Selected};

impl Planner<'_> {
    pub(in crate::planner) fn upsert(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        create: &RowWrites,
        update: &RowWrites,
        selection: &[Selected],
    ) -> Result<Outcome, Error> {
        let key = self.primary_key(model)?;
        let is_flat = create.relations.is_empty()
            && update.relations.is_empty()
            && !self.must_be_reloaded(model, create, selection)?
            && self.dialect.capabilities().returning == Returning::AllWrites;
        if is_flat {
            // Changed by one statement; the new row takes another one.
            let wanted = self.wanted(model, selection)?;
            let changed = self.optionally(|planner| {
                planner.change(model, Rows::Filter(filter), update, wanted.clone(), Missing::Target(model))
            })?;
            let created = self.unless(&changed, |planner| planner.insert(model, create, Vec::new(), &wanted))?;
            let wanted = if wanted.is_empty() { key } else { wanted };
            let level = self.either(model, &[&changed, &created], &wanted)?;
            return Ok(Outcome::Row(self.nest(model, &level, selection, false)?));
        }
        let found = self.find_row(model, Rows::Filter(filter), &key, None)?;
        let changed = self.given(&found, |planner| {
            planner.change(model, Rows::Found(&found), update, key.clone(), Missing::Target(model))
        })?;
        let created = self.unless(&found, |planner| planner.insert(model, create, Vec::new(), &key))?;
        let level: Level = self.either(model, &[&changed, &created], &key)?;
        Ok(Outcome::Row(self.reload(model, &level, &key, selection)?))
    }
}
