//! `upsert`: a row is changed, or created where it is not there.

use super::update::Rows;
use crate::catalog::{FieldIndex, Key, ModelIndex};
use crate::dialect::Returning;
use crate::error::Error;
use crate::lower::Scope;
use crate::plan::{Missing, ResultKind};
use crate::planner::{Level, Planner};
use crate::statement::Conflict;
use crate::tree::{ColumnWrite, Filter, RowWrites, Selected};

/// The row that is changed instead of the one that an upsert inserts.
#[derive(Clone, Copy)]
pub(super) struct Changed<'r, 'a> {
    /// The unique key that both have.
    pub(super) key: &'a Key,
    filter: &'r Filter,
    update: &'r RowWrites,
}

impl<'a> Planner<'a> {
    pub(in crate::planner) fn upsert(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        create: &RowWrites,
        update: &RowWrites,
        selection: &[Selected],
    ) -> Result<ResultKind, Error> {
        let key = self.primary_key(model)?;
        let is_flat = create.relations.is_empty()
            && update.relations.is_empty()
            && !self.must_be_reloaded(model, create, selection)?
            && !self.moves_itself(model, update)?
            && self.dialect.capabilities().returning == Returning::AllWrites;
        if is_flat {
            // Changed by one statement; the new row takes another one.
            let wanted = self.wanted(model, selection)?;
            let changed = self.optionally(|planner| {
                planner.change(model, Rows::Filter(filter), update, wanted.clone(), Missing::Target(model))
            })?;
            let other = self.changed_instead(model, filter, create, update)?;
            let created =
                self.unless(&changed, |planner| planner.insert_unless(model, create, Vec::new(), &wanted, other))?;
            let wanted = if wanted.is_empty() { key } else { wanted };
            let level = self.either(model, &[&changed, &created], &wanted)?;
            return Ok(ResultKind::Row(self.nest(model, &level, selection, false)?));
        }
        let found = self.find_row(model, Rows::Filter(filter), &key, None)?;
        let changed = self.given(&found, |planner| {
            planner.change(model, Rows::Found(&found), update, key.clone(), Missing::Target(model))
        })?;
        let created = self.unless(&found, |planner| planner.insert(model, create, Vec::new(), &key))?;
        let level: Level = self.either(model, &[&changed, &created], &key)?;
        Ok(ResultKind::Row(self.reload(model, &level, &key, selection)?))
    }

    /// The row that another client may insert between the two statements of an upsert: it has the key that the filter names,
    /// which the new row has as well.
    fn changed_instead<'r>(
        &self,
        model: ModelIndex,
        filter: &'r Filter,
        create: &RowWrites,
        update: &'r RowWrites,
    ) -> Result<Option<Changed<'r, 'a>>, Error> {
        if !self.dialect.capabilities().upserts_on_conflict {
            return Ok(None);
        }
        let is_set = |field: &FieldIndex| {
            create.columns.iter().any(|(column, write)| column == field && matches!(write, ColumnWrite::Set(_)))
        };
        let keys = &self.catalog.model_at(model)?.keys;
        let key = keys.iter().find(|key| key.fields.iter().all(|field| filter.pins(*field) && is_set(field)));
        Ok(key.map(|key| Changed { key, filter, update }))
    }

    /// The change of that row. Where it does not satisfy the filter, it is another row with the key of the new one.
    pub(super) fn change_instead(
        &self,
        scope: &mut Scope<'a>,
        model: ModelIndex,
        Changed { key, filter, update }: &Changed<'_, 'a>,
    ) -> Result<Conflict<'a>, Error> {
        let mut assignments = Vec::new();
        self.assign_columns(model, update, &mut assignments)?;
        let changes_nothing = assignments.is_empty();
        if !changes_nothing {
            self.set_updated_at(model, &mut assignments)?;
        }
        let (table, mut change) = self.update_of(scope, model, assignments)?;
        let columns = key.fields.iter().map(|field| scope.column_at(model, *field)).collect::<Result<Vec<_>, _>>()?;
        if changes_nothing && let (Some(column), Some(field)) = (columns.first(), key.fields.first()) {
            // A row that is left alone is not returned: the first column of the key keeps its value.
            change.values.push((&*column.name, scope.column(table, *field)?));
        }
        change.conditions.push(scope.condition(table, filter)?);
        Ok(Conflict::Update { key: columns.into_iter().map(|column| &*column.name).collect(), change })
    }
}
