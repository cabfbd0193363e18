//! Reads: one statement per relation level.

use super::{Level, Planner, count_column, include};
use crate::catalog::{Arity, Column, FieldIndex, ModelIndex, Relation};
use crate::dialect::Pages;
use crate::error::Error;
use crate::lower::{Scope, Table};
use crate::plan::{FrameColumn, Item, Keys, Missing, Nest, Param, ResultKind, Run};
use crate::statement::{
    self, Alias, ColumnName, Comparison, Condition, Count, Expression, From, Groups, InKeys, KeysOf, Output, Select,
    SortKey, Source, Statement, TableName,
};
use crate::tree::{Args, Filter, FindMode, Nested, Selected};

/// How the rows of a level are found.
enum Link<'a, 'p> {
    /// By the filter alone.
    Root(FindMode),
    /// By the key of a row that was just written.
    Written { level: &'p Level, key: &'p [FieldIndex] },
    /// By the keys of the parents.
    Parent { level: &'p Level, relation: &'a Relation, page: Page },
}

/// How `take` and `skip` are applied to the rows of each parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// There is neither.
    None,
    /// By one statement per parent: the quickest on SQLite, where an index finds the rows of one parent.
    EachKey,
    /// By numbering the rows of all parents in one pass: without an index each parent would cost a pass.
    Window,
}

impl<'a> Planner<'a> {
    pub(super) fn find(
        &mut self,
        model: ModelIndex,
        mode: FindMode,
        args: &Args,
        selection: &[Selected],
    ) -> Result<ResultKind, Error> {
        if mode == FindMode::First && args.take.is_some_and(|take| !take.last) {
            return Err(Error::invalid("findFirst takes one row: `take` can only be -1, for the last".to_owned()));
        }
        let (nest, _) = self.level(model, args, selection, &Link::Root(mode), None)?;
        Ok(if mode == FindMode::Many { ResultKind::Rows(nest) } else { ResultKind::Row(nest) })
    }

    /// The row that `filter` names, which must be there, and the levels below it.
    pub(super) fn read_target(
        &mut self,
        model: ModelIndex,
        filter: &Filter,
        selection: &[Selected],
        also: &[FieldIndex],
    ) -> Result<(Nest, Level), Error> {
        let args = Args { filter: Some(filter.clone()), ..Args::default() };
        let mut wanted = self.wanted(model, selection)?;
        include(&mut wanted, also);
        self.level_of(model, &args, selection, &Link::Root(FindMode::Unique), Some(Missing::Target(model)), wanted)
    }

    /// Reads a row that was just written again, by its key.
    pub(super) fn reload(
        &mut self,
        model: ModelIndex,
        level: &Level,
        key: &[FieldIndex],
        selection: &[Selected],
    ) -> Result<Nest, Error> {
        Ok(self.level(model, &Args::default(), selection, &Link::Written { level, key }, None)?.0)
    }

    fn level(
        &mut self,
        model: ModelIndex,
        args: &Args,
        selection: &[Selected],
        link: &Link<'a, '_>,
        require: Option<Missing>,
    ) -> Result<(Nest, Level), Error> {
        let mut wanted = self.wanted(model, selection)?;
        if let Link::Parent { relation, .. } = link
            && relation.through.is_none()
        {
            include(&mut wanted, &relation.to);
        }
        self.level_of(model, args, selection, link, require, wanted)
    }

    /// One level: its statement, then the levels below.
    fn level_of(
        &mut self,
        model: ModelIndex,
        args: &Args,
        selection: &[Selected],
        link: &Link<'a, '_>,
        require: Option<Missing>,
        fields: Vec<FieldIndex>,
    ) -> Result<(Nest, Level), Error> {
        let mut scope = self.scope();
        let table = scope.table(model);
        let reversed = args.take.is_some_and(|take| take.last);
        let page = if let Link::Parent { page, .. } = link { *page } else { Page::None };
        let is_numbered = page == Page::Window;

        let mut columns = LevelColumns { outputs: Vec::new(), columns: Vec::new(), is_numbered };
        if let Link::Parent { relation, .. } = link
            && let Some(through) = &relation.through
        {
            let key = ColumnName { alias: Some(Alias::Join), name: &through.from_column };
            for column in self.key_columns(relation)? {
                columns.push(Expression::Column(key), column);
            }
        }
        let offset = columns.columns.len();
        for (field, column) in fields.iter().zip(self.frame_columns(model, &fields)?) {
            columns.push(scope.column(table, *field)?, column);
        }
        for selected in selection {
            let Selected::Counts(counts) = selected else { continue };
            for count in counts {
                let filter = count.filter.as_ref();
                let count = match link {
                    Link::Root(FindMode::Unique) | Link::Written { .. } => scope.count(table, count.field, filter)?,
                    Link::Root(_) | Link::Parent { .. } => scope.count_of_each(table, count.field, filter)?,
                };
                columns.push(count, count_column());
            }
        }
        if columns.columns.is_empty() {
            // A selection of nothing still has rows.
            columns.outputs.push(Output::of(Expression::Number(1)));
            columns.columns.push(count_column());
        }
        // A row that must be there is about to be changed.
        let mut select = Select { outputs: columns.outputs, locks: require.is_some(), ..Select::default() };
        if let Link::Parent { relation, page: Page::Window, .. } = link {
            let keys = self.link_keys(&scope, table, relation)?;
            select.order = scope.order_by(table, &args.order, reversed, true)?;
            let outputs = self.link_outputs(&scope, relation, &fields, offset)?;
            select.page_of_each = Some(Groups { keys, outputs });
        }

        let run = match link {
            Link::Root(mode) => {
                select.from = Some(From::Table(scope.source(table)?));
                if *mode == FindMode::Many { Run::Once } else { Run::Single }
            }
            Link::Written { level, key } => {
                select.from = Some(From::Table(scope.source(table)?));
                select.conditions = self.equals_cells(&scope, table, key, level)?;
                Run::Single
            }
            Link::Parent { level, relation, .. } => {
                select.from = Some(self.linked_source(&scope, table, relation)?);
                let linked = self.link_keys(&scope, table, relation)?;
                let types = self.key_columns(relation)?.into_iter().map(|column| column.ty).collect();
                let keys = Keys { frame: level.frame, columns: level.columns(&relation.from)?, types };
                if page == Page::EachKey {
                    let equal = |(index, key)| Comparison::equal(key, Expression::param(Param::Key(index)));
                    select.conditions = linked.into_iter().enumerate().map(equal).collect();
                    Run::EachKey(keys)
                } else {
                    let columns = self.link_columns(&scope, relation)?;
                    select.conditions =
                        vec![Condition::InKeys(InKeys { keys: KeysOf::Frame, operands: linked, columns })];
                    Run::Keys(keys)
                }
            }
        };
        if let Some(filter) = &args.filter {
            select.conditions.push(scope.condition(table, filter)?);
        }

        let mode = if let Link::Root(mode) = link { *mode } else { FindMode::Many };
        let many = match link {
            Link::Root(mode) => *mode != FindMode::Unique,
            Link::Written { .. } => false,
            Link::Parent { relation, .. } => relation.arity == Arity::Many,
        };
        if is_numbered {
            select.page = page_of(args, mode);
        } else if many {
            let paged = args.take.is_some() || args.skip.is_some() || mode == FindMode::First;
            let total = !matches!(link, Link::Root(_)) || paged || !args.order.is_empty();
            if let Link::Parent { relation, page: Page::None, .. } = link {
                select.order.extend(self.link_keys(&scope, table, relation)?.into_iter().map(SortKey::ascending));
            }
            select.order.extend(scope.order_by(table, &args.order, reversed, total)?);
            select.page = page_of(args, mode);
        }

        select.lookups = scope.take_lookups();
        if let Some(levels) = &mut self.levels {
            levels.add(&select, &columns.columns, &run);
        }
        let frame = self.step(&scope, &Statement::Select(Box::new(select)), columns.columns, run, require)?;
        let level = Level { frame, fields, offset };
        let nest = self.nest(model, &level, selection, reversed)?;
        Ok((nest, level))
    }

    /// Where the rows of a level below another come from.
    fn linked_source(&self, scope: &Scope<'a>, table: Table, relation: &'a Relation) -> Result<From<'a>, Error> {
        let right = scope.source(table)?;
        let Some(through) = &relation.through else { return Ok(From::Table(right)) };
        let name = TableName { schema: through.schema.as_deref(), name: &through.table };
        let left = Source { table: name, alias: Alias::Join };
        Ok(From::Join { left, right, on: scope.joined(table, Alias::Join, relation)? })
    }

    /// The keys by which the rows of a level are found, as they are compared.
    fn link_keys(&self, scope: &Scope<'a>, table: Table, relation: &'a Relation) -> Result<Vec<Expression<'a>>, Error> {
        let Some(through) = &relation.through else {
            return relation.to.iter().map(|key| scope.compared_to(table, relation, *key)).collect();
        };
        let parent = self.catalog.relation_at(relation.target, relation.inverse)?.target;
        let name = ColumnName { alias: Some(Alias::Join), name: &through.from_column };
        let place = (through, &*through.from_column);
        relation.from.iter().map(|key| scope.compared_key(place, parent, *key, Expression::Column(name))).collect()
    }

    /// The columns of the catalog that hold those keys.
    fn link_columns(&self, scope: &Scope<'a>, relation: &'a Relation) -> Result<Vec<&'a Column>, Error> {
        let (model, fields) = match relation.through {
            Some(_) => (self.catalog.relation_at(relation.target, relation.inverse)?.target, &relation.from),
            None => (relation.target, &relation.to),
        };
        fields.iter().map(|field| scope.column_at(model, *field)).collect()
    }

    /// The same keys by the outputs of a numbered level, so that the rows of one stand together.
    fn link_outputs(
        &self,
        scope: &Scope<'a>,
        relation: &'a Relation,
        fields: &[FieldIndex],
        offset: usize,
    ) -> Result<Vec<Expression<'a>>, Error> {
        if let Some(through) = &relation.through {
            let parent = self.catalog.relation_at(relation.target, relation.inverse)?.target;
            let output = |key: &FieldIndex| {
                scope.compared_key((through, &through.from_column), parent, *key, Expression::Output(0))
            };
            return relation.from.iter().map(output).collect();
        }
        let output = |key: &FieldIndex| {
            let place = fields.iter().position(|field| field == key);
            let place = place.ok_or_else(|| Error::invalid("a key of the relation is not read".to_owned()))?;
            scope.compared_to_as(relation, *key, Expression::Output(offset + place))
        };
        relation.to.iter().map(output).collect()
    }

    /// The linked columns of the parents, as the columns of a frame. They have the types of the target's side.
    fn key_columns(&self, relation: &Relation) -> Result<Vec<FrameColumn>, Error> {
        let parent = self.catalog.relation_at(relation.target, relation.inverse)?.target;
        let mut columns = self.frame_columns(parent, &relation.from)?;
        for column in &mut columns {
            column.nullable = false;
        }
        Ok(columns)
    }

    /// How the rows of a level nest, after planning the levels below it.
    pub(super) fn nest(
        &mut self,
        model: ModelIndex,
        level: &Level,
        selection: &[Selected],
        reversed: bool,
    ) -> Result<Nest, Error> {
        let mut items = Vec::new();
        let mut count_column = level.offset + level.fields.len();
        for selected in selection {
            items.push(match selected {
                Selected::Column(field) => Item::Column { field: *field, column: level.column(*field)? },
                Selected::Counts(counts) => Item::Counts(
                    counts
                        .iter()
                        .map(|count| {
                            count_column += 1;
                            (count.field, count_column - 1)
                        })
                        .collect(),
                ),
                Selected::Relation(nested) => self.relation(model, level, nested)?,
            });
        }
        Ok(Nest { model, frame: level.frame, reversed, items })
    }

    fn relation(&mut self, model: ModelIndex, level: &Level, nested: &Nested) -> Result<Item, Error> {
        let relation = self.catalog.relation_at(model, nested.field)?;
        let parent_key = level.columns(&relation.from)?;
        let link_number = self.links;
        self.links += 1;
        let paged = nested.args.take.is_some() || nested.args.skip.is_some();
        let page = match self.dialect.capabilities().pages {
            _ if !paged => Page::None,
            Pages::PerParent if relation.indexed => Page::EachKey,
            Pages::PerParent | Pages::Together => Page::Window,
        };
        let link = Link::Parent { level, relation, page };
        let (nest, child) = self.level(relation.target, &nested.args, &nested.selection, &link, None)?;
        let child_key = match relation.through {
            Some(_) => vec![0],
            None => child.columns(&relation.to)?,
        };
        Ok(Item::Relation {
            field: nested.field,
            many: relation.arity == Arity::Many,
            parent_key,
            child_key,
            link: link_number,
            nest,
        })
    }

    pub(super) fn count(
        &mut self,
        model: ModelIndex,
        args: &Args,
        of: &[Option<FieldIndex>],
    ) -> Result<ResultKind, Error> {
        let mut scope = self.scope();
        let table = scope.table(model);
        let paged = args.take.is_some() || args.skip.is_some();
        let mut counted = Vec::new();
        let mut rows = Vec::new();
        for (index, field) in of.iter().enumerate() {
            let Some(field) = field else {
                counted.push(Output::of(Expression::CountRows));
                continue;
            };
            let column = scope.column(table, *field)?;
            let of = if paged { Expression::Output(index) } else { column.clone() };
            counted.push(Output::of(Expression::CountOf(Box::new(of))));
            rows.push(Output { expression: column, name: Some(index) });
        }
        let from = From::Table(scope.source(table)?);
        let filter = args.filter.as_ref().map(|filter| scope.condition(table, filter));
        let conditions = filter.transpose()?.into_iter().collect();
        let select = if paged {
            let reversed = args.take.is_some_and(|take| take.last);
            let order = scope.order_by(table, &args.order, reversed, true)?;
            let lookups = scope.take_lookups();
            rows.insert(0, Output::of(Expression::Number(1)));
            let page = page_of(args, FindMode::Many);
            let page =
                Select { outputs: rows, from: Some(from), lookups, conditions, order, page, ..Select::default() };
            Select { outputs: counted, from: Some(From::Select(Box::new(page))), ..Select::default() }
        } else {
            Select { outputs: counted, from: Some(from), conditions, ..Select::default() }
        };
        let columns = of.iter().map(|_| count_column()).collect();
        Ok(ResultKind::Counts(self.step(&scope, &Statement::Select(Box::new(select)), columns, Run::Single, None)?))
    }
}

/// What the rows of a level consist of.
struct LevelColumns<'a> {
    outputs: Vec<Output<'a>>,
    columns: Vec<FrameColumn>,
    /// Whether a statement around that of the level reads the columns, by their numbers.
    is_numbered: bool,
}

impl<'a> LevelColumns<'a> {
    fn push(&mut self, expression: Expression<'a>, column: FrameColumn) {
        let name = self.is_numbered.then_some(self.columns.len());
        self.outputs.push(Output { expression, name });
        self.columns.push(column);
    }
}

/// The page that `take` and `skip` ask for.
fn page_of(args: &Args, mode: FindMode) -> statement::Page {
    let take = match (mode, args.take) {
        (FindMode::First, _) => Some(Count::One),
        (_, take) => take.map(|take| Count::Value(take.count)),
    };
    statement::Page { take, skip: args.skip }
}
