//! `connect` and `connectOrCreate`, and the places of one-to-one relations that they take.

use super::names::Name;
use super::{Link, MOST_TOGETHER};
use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{Missing, Param, Run};
use crate::planner::write::held::Held;
use crate::planner::write::unique::include_keys;
use crate::planner::write::update::Rows;
use crate::planner::write::{Assigned, Assignments};
use crate::planner::{Level, Planner};
use crate::statement::{
    Comparison, Condition, Conflict, Expression, From, Insert, Output, Select, Statement, TableName,
};
use crate::tree::RowWrites;

impl<'a> Planner<'a> {
    /// Connects rows that refer to the written one, or that a join table links to it. `replaces`: another row may have the place
    /// of a one-to-one relation.
    pub(super) fn connect(
        &mut self,
        link: &Link<'_, 'a>,
        names: &[(Name<'_, 'a>, Option<Held>)],
        replaces: bool,
    ) -> Result<(), Error> {
        let relation = link.relation;
        // What is connected may be what names another, or what others refer to.
        let may_change = |(name, _): &(Name<'_, 'a>, _)| !name.does_without(&relation.to);
        if names.len() > 1
            && relation.through.is_none()
            && (names.iter().any(may_change) || self.is_referred_to(relation.target, &relation.to)?)
        {
            let rows = self.named_rows(names)?;
            return self.refer_together(link, &rows);
        }
        for (name, found) in names {
            self.connect_one(link, name, *found, replaces)?;
        }
        Ok(())
    }

    fn connect_one(
        &mut self,
        link: &Link<'_, 'a>,
        name: &Name<'_, 'a>,
        found: Option<Held>,
        replaces: bool,
    ) -> Result<(), Error> {
        let relation = link.relation;
        if relation.through.is_some() {
            let child = self.named_row(name, found)?;
            return self.join(relation, link.row, &child);
        }
        // That the row is not there is said before that the place is not free.
        let is_found_first =
            replaces && !(self.can_stand_alone(relation.target, &relation.to) && name.does_without(&relation.to));
        let found = match found {
            None if !is_found_first => None,
            _ => Some(self.named_row(name, found)?),
        };
        let rows = found.as_ref().map_or(Rows::Filter(name.filter), Rows::Found);
        if replaces {
            self.replace(link, Some(rows))?;
        }
        self.refer(link, rows)
    }

    /// Returns whether the rows of a model are referred to by some of these columns.
    fn is_referred_to(&self, model: ModelIndex, columns: &[FieldIndex]) -> Result<bool, Error> {
        let mut relations = self.catalog.model_at(model)?.relations();
        Ok(relations.any(|(_, relation)| {
            !relation.holds_key
                && relation.through.is_none()
                && relation.from.iter().any(|field| columns.contains(field))
        }))
    }

    /// Makes a row refer to the written one.
    pub(super) fn refer(&mut self, link: &Link<'_, 'a>, rows: Rows<'_, 'a>) -> Result<(), Error> {
        let target = link.relation.target;
        let mut assignments = self.inherited(link)?;
        self.set_updated_at(target, &mut assignments)?;
        let keys = self.keys_of_any_form(target, &assignments)?;
        let mut wanted = self.primary_key(target)?;
        include_keys(&mut wanted, &keys);
        let missing = Missing::Connected { model: link.model, field: link.field };
        let level = self.change_row(target, assignments, rows, wanted, &[], missing)?;
        self.note_written(target, keys, Some(&level))
    }

    /// Makes rows refer to the written one, in one statement: other rows may refer to several of them by columns that they share,
    /// which is right before and afterwards, but not while some have moved and others have not.
    pub(super) fn refer_together(&mut self, link: &Link<'_, 'a>, rows: &[Level]) -> Result<(), Error> {
        let number_held = self.number_held();
        // The first may give another key to those that come later.
        let later = rows.get(MOST_TOGETHER..).unwrap_or_default();
        let missing = Missing::Connected { model: link.model, field: link.field };
        let later: Vec<Held> =
            later.iter().map(|row| self.hold(link.relation.target, row.clone(), Some(missing.clone()))).collect();
        self.refer_at_once(link, rows.get(..MOST_TOGETHER).unwrap_or(rows))?;
        for held in later.chunks(MOST_TOGETHER) {
            held.iter().for_each(|held| self.look_at(*held, Vec::new()));
            let rows = held.iter().map(|held| self.held_row(*held)).collect::<Result<Vec<_>, Error>>()?;
            self.refer_at_once(link, &rows)?;
        }
        self.hold_no_longer(number_held);
        Ok(())
    }

    fn refer_at_once(&mut self, link: &Link<'_, 'a>, rows: &[Level]) -> Result<(), Error> {
        let target = link.relation.target;
        let mut assignments = self.inherited(link)?;
        self.set_updated_at(target, &mut assignments)?;
        let keys = self.keys_of_any_form(target, &assignments)?;
        self.note_written(target, keys, None)?;
        self.assign_all(target, Rows::AllFound(rows), assignments, &[])?;
        Ok(())
    }

    /// Connects a row as [`Self::connect`] does, or creates it.
    pub(super) fn connect_or_create(
        &mut self,
        link: &Link<'_, 'a>,
        name: &Name<'_, 'a>,
        create: &RowWrites,
        found: Option<Held>,
        replaces: bool,
    ) -> Result<(), Error> {
        let relation = link.relation;
        let found = self.named_row(name, found)?;
        if relation.through.is_some() {
            let child = self.given_or_created(relation, &found, create)?;
            return self.join(relation, link.row, &child);
        }
        self.given(&found, |planner| {
            if replaces {
                planner.replace(link, Some(Rows::Found(&found)))?;
            }
            planner.refer(link, Rows::Found(&found))
        })?;
        self.unless(&found, |planner| {
            if replaces {
                planner.replace(link, None)?;
            }
            planner.create_linked(link, create)
        })
    }

    /// The row that a filter named, or a new one, by the columns that the foreign key here refers to.
    pub(super) fn given_or_created(
        &mut self,
        relation: &'a Relation,
        found: &Level,
        create: &RowWrites,
    ) -> Result<Level, Error> {
        let target = relation.target;
        let created = self.unless(found, |planner| planner.insert(target, create, Vec::new(), &relation.to))?;
        self.either(target, &[found, &created], &relation.to)
    }

    /// Assigns a column of a foreign key. Relations may share it, as those of rows that belong to one tenant do: then they
    /// must lead to rows that agree about it.
    pub(super) fn assign_key(
        &mut self,
        model: ModelIndex,
        into: &mut Assignments,
        field: FieldIndex,
        value: Param,
    ) -> Result<(), Error> {
        let Some((_, Assigned::Param(assigned))) = into.iter().find(|(other, _)| *other == field) else {
            return self.assign(model, into, field, Assigned::Param(value));
        };
        let assigned = assigned.clone();
        let scope = self.scope();
        let column = Some(scope.column_at(model, field)?);
        let agree = Comparison::equal(Expression::Param(assigned, column), Expression::Param(value, column));
        self.check(&scope, agree, Missing::Agreement { model, field })
    }

    /// Lets go of the other row that refers to the row of a level by the foreign key of a one-to-one relation. Where that
    /// row cannot stand alone, there must be none. `existing` names the row that is about to refer to it, which may do so
    /// already.
    pub(super) fn free_place(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &'a Relation,
        level: &Level,
        existing: Option<Rows<'_, 'a>>,
    ) -> Result<(), Error> {
        if !self.is_one_to_one(model, field, relation)? {
            return Ok(());
        }
        let nulls = if self.can_stand_alone(model, &relation.from) {
            relation.from.iter().map(|field| (*field, Assigned::Null)).collect()
        } else {
            Vec::new()
        };
        let pairs = relation.from.iter().zip(relation.to.iter());
        let links = pairs.map(|(from, to)| Ok((*from, level.cell(*to)?))).collect::<Result<Vec<_>, Error>>()?;
        let missing = Missing::Place { model: relation.target, field: relation.inverse };
        self.let_go_or_refuse(model, nulls, missing, |planner, scope, table| {
            let mut conditions = scope.equals_from(table, relation, links)?;
            conditions.extend(existing.map(|rows| planner.is_another(scope, table, rows)).transpose()?);
            Ok(conditions)
        })
    }

    /// Returns whether a row is referred to by one row at most over a relation.
    pub(in crate::planner::write) fn is_one_to_one(
        &self,
        model: ModelIndex,
        field: FieldIndex,
        relation: &Relation,
    ) -> Result<bool, Error> {
        let inverse = self.catalog.model_at(relation.target)?.relation(relation.inverse);
        let is_of_field = |inverse: &Relation| inverse.target == model && inverse.inverse == field;
        Ok(inverse.is_some_and(|inverse| inverse.arity != Arity::Many && is_of_field(inverse)))
    }

    /// Takes the foreign key from the rows of a model that satisfy conditions, by these nulls. Where there are none, as it
    /// must not be null, there must be no such row.
    pub(super) fn let_go_or_refuse(
        &mut self,
        model: ModelIndex,
        nulls: Assignments,
        otherwise: Missing,
        conditions: impl FnOnce(&Self, &mut Scope<'a>, Table) -> Result<Vec<Condition<'a>>, Error>,
    ) -> Result<(), Error> {
        if nulls.is_empty() {
            let mut scope = self.scope();
            let table = scope.table(model);
            let conditions = conditions(self, &mut scope, table)?;
            return self.check_none(&scope, table, conditions, otherwise);
        }
        let moves = self.moves(model, &nulls)?;
        self.assign_where(model, nulls, &[], &moves, conditions).map(drop)
    }

    /// Adds a step that fails where a row of a table satisfies the conditions.
    pub(in crate::planner::write) fn check_none(
        &mut self,
        scope: &Scope<'a>,
        table: Table,
        conditions: Vec<Condition<'a>>,
        otherwise: Missing,
    ) -> Result<(), Error> {
        let outputs = vec![Output::of(Expression::Number(1))];
        let from = Some(From::Table(scope.source(table)?));
        let select = Box::new(Select { outputs, from, conditions, ..Select::default() });
        self.check(scope, Condition::Exists { select, negated: true }, otherwise)
    }

    /// Makes room for a row that is about to refer to an existing row of a one-to-one relation: lets go of the one that does
    /// so now. Where that row cannot stand alone, there must be none. `existing` names the row that is about to refer to it,
    /// unless it is a new one: it may do so already, and stays then.
    pub(super) fn replace(&mut self, link: &Link<'_, 'a>, existing: Option<Rows<'_, 'a>>) -> Result<(), Error> {
        let relation = link.relation;
        let stands_alone = self.can_stand_alone(relation.target, &relation.to);
        let nulls = if stands_alone { self.without_link(link) } else { Vec::new() };
        let pairs = link.pairs()?;
        self.let_go_or_refuse(relation.target, nulls, link.place(), |planner, scope, table| {
            let mut conditions = scope.equals_to(table, relation, pairs)?;
            conditions.extend(existing.map(|rows| planner.is_another(scope, table, rows)).transpose()?);
            Ok(conditions)
        })
    }

    /// That a row of a table is none of some rows. What names them may be unknown for a row that is not meant.
    fn is_another(&self, scope: &mut Scope<'a>, table: Table, rows: Rows<'_, 'a>) -> Result<Condition<'a>, Error> {
        let mut named = self.conditions(scope, table, rows)?;
        let named = if named.len() == 1 { named.pop() } else { None }.unwrap_or(Condition::All(named));
        Ok(Condition::NotTrue(Box::new(named)))
    }

    /// Returns whether the rows of a model can be without what their foreign key refers to.
    pub(super) fn can_stand_alone(&self, model: ModelIndex, key: &[FieldIndex]) -> bool {
        key.iter().all(|field| self.scope().column_at(model, *field).is_ok_and(|column| column.nullable))
    }

    /// Puts two rows into the join table, where they may be already.
    pub(super) fn join(&mut self, relation: &'a Relation, parent: &Level, child: &Level) -> Result<(), Error> {
        let (Some(through), [from], [to]) = (&relation.through, &relation.from[..], &relation.to[..]) else {
            return Err(Error::invalid("a join table links single columns".to_owned()));
        };
        let mut scope = self.scope();
        let from_model = self.catalog.relation_at(relation.target, relation.inverse)?.target;
        let parent = scope.joined_key(from_model, *from, parent.cell(*from)?)?;
        let child = scope.joined_key(relation.target, *to, child.cell(*to)?)?;
        let insert = Statement::Insert(Insert {
            table: TableName { schema: through.schema.as_deref(), name: &through.table },
            values: vec![(&through.from_column, parent), (&through.to_column, child)],
            conflict: Conflict::Ignore,
            returning: Vec::new(),
        });
        self.step(&scope, &insert, Vec::new(), Run::Once, None)?;
        Ok(())
    }
}
