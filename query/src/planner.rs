//! Compiles query trees to plans.
//!
//! A read is one statement per relation level: the children of all parents at once, found by the parents' keys.
//! A write is the statements of its rows in dependency order (a parent that is referenced before the row that
//! refers to it), then the reads of what the client wants back. The rules that were measured are in
//! docs/decisions/.

mod connection;
mod one_trip;
mod read;
mod write;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::catalog::{Catalog, FieldIndex, ModelIndex, Type};
use crate::dialect::{Dialect, Rendered};
use crate::error::Error;
use crate::limits::Limits;
use crate::lower::{Forms, Scope, TextKeys, table_name};
use crate::plan::{
    Access, CanonicalForms, Collation, FrameColumn, Missing, Param, Plan, ResultKind, Returns, RowOf, Run, Sql, Step,
    StepWrite, TextKey, When, WriteKind,
};
use crate::shape::{Input, decode};
use crate::statement::{Condition, Select, Statement};
use crate::tree::{Filter, FindMode, Query, Selected};

pub use connection::connection_check;
use one_trip::ReadLevels;
use write::{HeldRow, WrittenKey};

/// Compiles a shape to a plan, when it is within the limits.
pub fn compile(catalog: &Catalog, dialect: Dialect, words: &[u16], limits: &Limits) -> Result<Plan, Error> {
    compile_collated(catalog, dialect, words, limits, &BTreeMap::new())
}

/// The same for a database that compares some columns otherwise than the keys that they refer to: those of
/// [`Plan::text_keys`] that have an entry are compared by this collation, which is that of the key.
pub fn compile_collated(
    catalog: &Catalog,
    dialect: Dialect,
    words: &[u16],
    limits: &Limits,
    collations: &BTreeMap<TextKey, Collation>,
) -> Result<Plan, Error> {
    let (query, inputs) = decode(catalog, words, limits)?;
    let (met, text_keys) = (RefCell::default(), RefCell::default());
    let keys = TextKeys { met: &text_keys, collations };
    let mut plan = plan(catalog, dialect, &query, inputs, Forms { canonical: false, met: &met }, keys)?;
    let indexed = met.take();
    if !indexed.is_empty() {
        let inputs = plan.inputs.clone();
        let canonical = self::plan(catalog, dialect, &query, inputs, Forms { canonical: true, met: &met }, keys)?;
        let guard = |(model, field): &(ModelIndex, FieldIndex)| {
            let model = catalog.model(*model)?;
            let column = model.column(*field)?;
            dialect.has_other_forms(column.ty, &model.table, &column.name)
        };
        let guards = indexed.iter().filter_map(guard).collect();
        plan.canonical = Some(Box::new(CanonicalForms { guards, plan: canonical }));
    }
    plan.text_keys = text_keys.take().into_iter().collect();
    Ok(plan)
}

fn plan(
    catalog: &Catalog,
    dialect: Dialect,
    query: &Query,
    inputs: Vec<Input>,
    forms: Forms<'_>,
    text_keys: TextKeys<'_>,
) -> Result<Plan, Error> {
    let mut planner = Planner {
        catalog,
        dialect,
        forms,
        text_keys,
        steps: Vec::new(),
        when: Vec::new(),
        links: 0,
        held: Vec::new(),
        removals: 0,
        written_keys: Vec::new(),
        levels: None,
    };
    if matches!(query, Query::Find { .. }) && dialect.capabilities().reads_levels_together {
        planner.levels = Some(ReadLevels::default());
    }
    let result = planner.query(query)?;
    planner.check_written_keys()?;
    let one_trip = planner.levels.map(|levels| levels.together(catalog, dialect)).transpose()?.flatten();
    Ok(Plan {
        model: query.model(),
        access: if matches!(query, Query::Find { .. } | Query::Count { .. }) { Access::Read } else { Access::Write },
        order: if let Query::CreateMany { rows, .. } = query { rows.order } else { None },
        take: match query {
            Query::Find { mode: FindMode::Many, args, .. } => args.take.map(|take| take.count),
            _ => None,
        },
        point_read: is_point_read(catalog, query),
        one_trip: one_trip.map(Box::new),
        canonical: None,
        text_keys: Vec::new(),
        inputs,
        steps: planner.steps,
        result,
    })
}

/// A plan in the making.
struct Planner<'a> {
    catalog: &'a Catalog,
    dialect: Dialect,
    forms: Forms<'a>,
    text_keys: TextKeys<'a>,
    steps: Vec<Step>,
    /// What the steps that are planned now depend on.
    when: Vec<When>,
    links: usize,
    /// The rows that later steps look at, and that steps in between may move.
    held: Vec<HeldRow>,
    /// How many statements that remove rows were planned.
    removals: usize,
    /// The unique keys with values of any form that the query writes.
    written_keys: Vec<WrittenKey<'a>>,
    /// The levels of a read, where the database can read them together.
    levels: Option<ReadLevels<'a>>,
}

/// Where rows of a model are, for the levels below and for the client.
#[derive(Clone)]
struct Level {
    frame: usize,
    /// The fields whose columns the frame holds, in the order of its columns.
    fields: Vec<FieldIndex>,
    /// The columns of the frame before those.
    offset: usize,
}

impl Level {
    fn column(&self, field: FieldIndex) -> Result<usize, Error> {
        let position = self.fields.iter().position(|at| *at == field);
        position.map(|position| self.offset + position).ok_or_else(|| Error::invalid("a column is missing".to_owned()))
    }

    fn columns(&self, fields: &[FieldIndex]) -> Result<Vec<usize>, Error> {
        fields.iter().map(|field| self.column(*field)).collect()
    }

    fn cell(&self, field: FieldIndex) -> Result<Param, Error> {
        Ok(Param::Cell { frame: self.frame, column: self.column(field)? })
    }
}

impl<'a> Planner<'a> {
    fn query(&mut self, query: &Query) -> Result<ResultKind, Error> {
        match query {
            Query::Find { model, mode, args, selection } => self.find(*model, *mode, args, selection),
            Query::Count { model, args, of } => self.count(*model, args, of),
            Query::Create { model, data, selection } => self.create(*model, data, selection),
            Query::CreateMany { model, rows } => self.create_many(*model, rows),
            Query::Upsert { model, filter, create, update, selection } => {
                self.upsert(*model, filter, create, update, selection)
            }
            Query::Update { model, filter, data, selection } => self.update(*model, filter, data, selection),
            Query::UpdateMany { model, filter, data } => self.update_many(*model, filter, data),
            Query::Delete { model, filter, selection } => self.delete(*model, filter, selection),
            Query::DeleteMany { model, filter } => self.delete_many(*model, filter),
        }
    }

    fn scope(&self) -> Scope<'a> {
        Scope::new(self.catalog, self.dialect, self.forms, self.text_keys)
    }

    /// Adds a step and returns the number of its frame.
    fn step(
        &mut self,
        scope: &Scope<'a>,
        statement: &Statement<'a>,
        columns: Vec<FrameColumn>,
        mut run: Run,
        require: Option<Missing>,
    ) -> Result<usize, Error> {
        let most = scope.capabilities().columns;
        if columns.len() > most {
            let message = format!("the query reads more than {most} columns and counts of one row: select fewer");
            return Err(Error::limit("nodes", most as u64, message));
        }
        let Rendered { sql, params, types, values } = self.dialect.render(self.catalog, statement);
        if let Run::EachRow { values: place, .. } = &mut run {
            *place = values;
        }
        let date_forms = scope.date_forms_query()?;
        let (when, write) = (self.when.clone(), self.write_of(statement));
        self.steps.push(Step {
            when,
            sql,
            params,
            types,
            date_forms,
            columns,
            returns: Returns::Rows,
            run,
            require,
            least: 1,
            write,
        });
        Ok(self.steps.len() - 1)
    }

    /// Adds a step whose frame is the row of the first of some frames that has one.
    fn take_either(&mut self, rows: Vec<RowOf>, columns: Vec<FrameColumn>) -> usize {
        self.steps.push(Step {
            when: self.when.clone(),
            sql: Sql::Either(rows),
            params: Vec::new(),
            types: Vec::new(),
            date_forms: None,
            columns,
            returns: Returns::Rows,
            run: Run::Single,
            require: None,
            least: 1,
            write: None,
        });
        self.steps.len() - 1
    }

    /// What a statement writes.
    fn write_of(&self, statement: &Statement<'a>) -> Option<StepWrite> {
        let (kind, table) = match statement {
            Statement::Select(_) | Statement::Levels(_) => return None,
            Statement::Insert(insert) => (WriteKind::Insert, insert.table),
            Statement::Update(update) => (WriteKind::Update, update.table.table),
            Statement::Delete(delete) => (WriteKind::Delete, delete.table.table),
        };
        let model = self
            .catalog
            .models
            .iter()
            .position(|model| table_name(model) == table)
            .and_then(|index| ModelIndex::try_from(index).ok());
        Some(StepWrite { kind, model })
    }

    /// Adds a step that fails unless a condition is true.
    fn check(&mut self, scope: &Scope<'a>, condition: Condition<'a>, otherwise: Missing) -> Result<(), Error> {
        let columns = vec![FrameColumn { ty: Type::Int, nullable: false, source: None }];
        let statement = Statement::Select(Box::new(Select::one_where(condition)));
        self.step(scope, &statement, columns, Run::Once, Some(otherwise))?;
        Ok(())
    }

    fn frame_columns(&self, model: ModelIndex, fields: &[FieldIndex]) -> Result<Vec<FrameColumn>, Error> {
        let scope = self.scope();
        let column = |field: &FieldIndex| {
            let column = scope.column_at(model, *field)?;
            Ok(FrameColumn { ty: column.ty, nullable: column.nullable, source: Some((model, *field)) })
        };
        fields.iter().map(column).collect()
    }

    /// The columns that a selection needs of its rows: what it shows, and the keys of the levels below.
    fn wanted(&self, model: ModelIndex, selection: &[Selected]) -> Result<Vec<FieldIndex>, Error> {
        let mut wanted = Vec::new();
        for selected in selection {
            match selected {
                Selected::Column(field) => include(&mut wanted, &[*field]),
                Selected::Relation(nested) => {
                    include(&mut wanted, &self.catalog.relation_at(model, nested.field)?.from);
                }
                Selected::Counts(_) => {}
            }
        }
        Ok(wanted)
    }
}

/// Adds the fields that are not there yet.
fn include(fields: &mut Vec<FieldIndex>, more: &[FieldIndex]) {
    for field in more {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
}

/// Reads that return at most one row of each level, each by a key.
fn is_point_read(catalog: &Catalog, query: &Query) -> bool {
    fn columns_only(filter: &Filter) -> bool {
        match filter {
            Filter::And(parts) | Filter::Or(parts) => parts.iter().all(columns_only),
            Filter::Not(inner) => columns_only(inner),
            Filter::Compare { .. }
            | Filter::In { .. }
            | Filter::List { .. }
            | Filter::Empty { .. }
            | Filter::Null { .. } => true,
            Filter::Related { .. } => false,
        }
    }
    fn single_rows(catalog: &Catalog, model: ModelIndex, selection: &[Selected]) -> bool {
        selection.iter().all(|selected| match selected {
            Selected::Column(_) => true,
            Selected::Counts(_) => false,
            Selected::Relation(nested) => {
                let relation = catalog.model(model).and_then(|model| model.relation(nested.field));
                relation.is_some_and(|relation| {
                    relation.holds_key
                        && nested.args.filter.is_none()
                        && single_rows(catalog, relation.target, &nested.selection)
                })
            }
        })
    }
    match query {
        Query::Find { model, mode: FindMode::Unique, args, selection } => {
            args.filter.as_ref().is_some_and(columns_only) && single_rows(catalog, *model, selection)
        }
        _ => false,
    }
}

/// A column that counts.
fn count_column() -> FrameColumn {
    FrameColumn { ty: Type::BigInt, nullable: false, source: None }
}
