//! What the catalog says about a query: operators fit types, keys name rows, new rows have what they need.

use super::decode::{Reader, malformed};
use crate::catalog::{Arity, Column, FieldIndex, FieldKind, ModelIndex, Relation, Writes};
use crate::error::Error;
use crate::operators::Operator;
use crate::tree::{Filter, RelationWrite, RowWrites};

/// What a write does to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Change,
}

impl Reader<'_> {
    /// Checks that rows of the model may be written so.
    pub(super) fn check_writes(&self, model: ModelIndex, verb: Verb) -> Result<(), Error> {
        let model = self.model(model)?;
        match (model.writes, verb) {
            (Writes::None, _) => Err(Error::invalid(format!("{} is a view: its rows are only read", model.name))),
            (Writes::NoCreate, Verb::Create) => Err(Error::invalid(format!(
                "no {} can be created: a required column of it has a type that clients do not write, and no default",
                model.name
            ))),
            (Writes::NoCreate, Verb::Change) | (Writes::All, _) => Ok(()),
        }
    }

    /// The column, which may be written.
    pub(super) fn written(&self, model: ModelIndex, field: FieldIndex) -> Result<&Column, Error> {
        let model = self.model(model)?;
        let column = model.column(field).ok_or_else(malformed)?;
        if column.generated {
            let path = model.path(field);
            return Err(Error::invalid(format!("`{path}` is computed by the database: it is not written")));
        }
        Ok(column)
    }

    /// Checks that a column is a list, or is none, as the operator wants it.
    pub(super) fn check_list(&self, model: ModelIndex, field: FieldIndex, list: bool) -> Result<(), Error> {
        let model = self.model(model)?;
        let column = model.column(field).ok_or_else(malformed)?;
        if column.list == list {
            return Ok(());
        }
        let path = model.path(field);
        Err(Error::invalid(if list {
            format!("`{path}` is no list: has, hasEvery, hasSome, isEmpty and push are for lists")
        } else {
            format!(
                "`{path}` is a list: compare it by equals, has, hasEvery, hasSome or isEmpty, change it by set or push"
            )
        }))
    }

    /// Checks that a column's type has the operator.
    pub(super) fn check_operator(
        &self,
        model_index: ModelIndex,
        field: FieldIndex,
        operator: &Operator,
    ) -> Result<(), Error> {
        let model = self.model(model_index)?;
        let column = model.column(field).ok_or_else(malformed)?;
        self.check_list(model_index, field, false)?;
        if operator.types.has(column.ty) {
            return Ok(());
        }
        let (path, ty) = (model.path(field), column.ty.name(self.catalog));
        Err(Error::invalid(format!("`{path}` is {ty}, which has no operator `{}`", operator.name)))
    }

    /// A filter names at most one row when, on its topmost `And`, all columns of some key equal values.
    pub(super) fn check_unique(&self, model: ModelIndex, filter: &Filter) -> Result<(), Error> {
        if self.model(model)?.keys.iter().any(|key| key.fields.iter().all(|field| filter.pins(*field))) {
            Ok(())
        } else {
            Err(self.not_unique(model))
        }
    }

    pub(super) fn not_unique(&self, model: ModelIndex) -> Error {
        let Some(model) = self.catalog.model(model) else { return malformed() };
        if model.keys.is_empty() {
            return Error::invalid(format!("{} has no unique key, so no row of it can be named", model.name));
        }
        let keys = model.keys.iter().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>().join(", ");
        Error::invalid(format!("`where` must name one row of {} by a unique key: {keys}", model.name))
    }

    /// Each column and each to-one relation is written once, and a foreign key by its column or its relation. Relations may
    /// share a column of their foreign keys. The related row of a row that is there may be removed beside, where it is the
    /// one that refers: another takes its place.
    pub(super) fn check_targets(&self, model: ModelIndex, writes: &RowWrites, verb: Verb) -> Result<(), Error> {
        let model = self.model(model)?;
        let mut written = Vec::new();
        let mut linked = Vec::new();
        let twice = |field: FieldIndex| Err(Error::invalid(format!("`{}` is written twice", model.path(field))));
        for (field, _) in &writes.columns {
            if written.contains(field) {
                return twice(*field);
            }
            written.push(*field);
        }
        for (field, write) in &writes.relations {
            let Some(relation) = model.relation(*field).filter(|relation| relation.arity != Arity::Many) else {
                continue;
            };
            // What changes the related row leaves the link to it as it is.
            let is_removed = verb == Verb::Change
                && !relation.holds_key
                && matches!(write, RelationWrite::Disconnect(_) | RelationWrite::Delete(_));
            if is_removed || matches!(write, RelationWrite::Update { .. }) {
                continue;
            }
            if written.contains(field) {
                return twice(*field);
            }
            written.push(*field);
            if relation.holds_key {
                linked.extend_from_slice(&relation.from);
            }
        }
        match linked.iter().find(|column| written.contains(column)) {
            Some(column) => twice(*column),
            None => Ok(()),
        }
    }

    /// The changes of a related row leave alone what relates it.
    pub(super) fn check_stays_related(&self, relation: &Relation, data: &RowWrites) -> Result<(), Error> {
        if relation.holds_key || relation.through.is_some() {
            return Ok(());
        }
        let columns = data.columns.iter().map(|(field, _)| *field).filter(|field| relation.to.contains(field));
        let relations = data.relations.iter().map(|(field, _)| *field).filter(|field| *field == relation.inverse);
        match columns.chain(relations).next() {
            Some(field) => Err(Error::set_by_relation(&self.catalog.path(relation.target, field))),
            None => Ok(()),
        }
    }

    /// The rows of a relation can be without it.
    pub(super) fn check_disconnects(&self, model_index: ModelIndex, field: FieldIndex) -> Result<(), Error> {
        let model = self.model(model_index)?;
        let relation = model.relation(field).ok_or_else(malformed)?;
        let (holder, key) = match (&relation.through, relation.holds_key) {
            (Some(_), _) => return Ok(()),
            (None, true) => (model, &relation.from),
            (None, false) => (self.model(relation.target)?, &relation.to),
        };
        // A null in one column of a foreign key is enough for it to lead nowhere.
        if key.iter().any(|field| holder.column(*field).is_some_and(|column| column.nullable)) {
            return Ok(());
        }
        Err(Error::stays_connected(&model.path(field), &holder.name))
    }

    /// Rows of the model may be created. A new row has a value for each required column: given, by default, by a relation, or from its parent.
    pub(super) fn check_required(
        &self,
        model: ModelIndex,
        data: &RowWrites,
        parent: Option<&Relation>,
    ) -> Result<(), Error> {
        self.check_writes(model, Verb::Create)?;
        let model = self.model(model)?;
        for (index, field, column) in model.columns() {
            let given = data.columns.iter().any(|(field, _)| *field == index)
                || data.relations.iter().any(|(field, _)| {
                    model.relation(*field).is_some_and(|relation| relation.holds_key && relation.from.contains(&index))
                });
            let inherited = parent
                .is_some_and(|parent| !parent.holds_key && parent.through.is_none() && parent.to.contains(&index));
            if column.required() && !given && !inherited {
                let holder = model.fields.iter().find(|field| match &field.kind {
                    FieldKind::Relation(relation) => relation.holds_key && relation.from.contains(&index),
                    FieldKind::Column(_) => false,
                });
                return Err(match holder {
                    Some(relation) => Error::unconnected(model, field, relation),
                    None => Error::required(model, field),
                });
            }
        }
        Ok(())
    }
}
