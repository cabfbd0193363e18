//! Reads: a statement a relation level.

use super::{Level, Planner, count_column, include};
use crate::catalog::{Arity, FieldIndex, ModelIndex, Relation};
use crate::error::Error;
use crate::plan::{FrameColumn, Item, Keys, Missing, Nest, Outcome, Param, Run};
use crate::render::{Statement, Table};
use crate::tree::{Args, Filter, FindMode, Nested, Selected};

/// How the rows of a level are found.
enum Link<'p> {
    /// By the filter alone.
    Root(FindMode),
    /// By the key of a row that was just written.
    Written { level: &'p Level, key: &'p [FieldIndex] },
    /// By the keys of the parents.
    Parent { level: &'p Level, relation: &'p Relation, page: Page },
}

/// How `take` and `skip` are applied to the rows of each parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// There is neither.
    No,
    /// By a statement a parent: the quickest on SQLite, where an index finds the rows of one parent.
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
    ) -> Result<Outcome, Error> {
        if mode == FindMode::First && args.take.is_some_and(|take| !take.last) {
            return Err(Error::invalid("findFirst takes one row: `take` can only be -1, for the last".to_owned()));
        }
        let (nest, _) = self.level(model, args, selection, &Link::Root(mode), None)?;
        Ok(if mode == FindMode::Many { Outcome::Rows(nest) } else { Outcome::Row(nest) })
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

    /// Reads a row that was just written, by its key.
    pub(super) fn read_again(
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
        link: &Link<'_>,
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
        link: &Link<'_>,
        require: Option<Missing>,
        fields: Vec<FieldIndex>,
    ) -> Result<(Nest, Level), Error> {
        let mut statement = self.statement();
        let table = statement.table(model);
        let mut columns = Vec::new();
        let mut link_sql = Vec::new();
        let reversed = args.take.is_some_and(|take| take.last);
        let page = if let Link::Parent { page, .. } = link { *page } else { Page::No };

        statement.push("SELECT ");
        // The columns of a numbered level are read by the statement around it, under names of their own.
        let named = |statement: &mut Statement<'a>, columns: &[FrameColumn]| {
            if page == Page::Window {
                statement.push(" AS c").push(&columns.len().to_string());
            }
        };
        let comma = |columns: &[FrameColumn]| if columns.is_empty() { "" } else { ", " };
        if let Link::Parent { relation, .. } = link
            && let Some(through) = &relation.through
        {
            statement.push("j.").name(&through.from_column);
            named(&mut statement, &columns);
            columns.extend(self.key_columns(relation)?);
        }
        let offset = columns.len();
        for (field, column) in fields.iter().zip(self.frame_columns(model, &fields)?) {
            statement.push(comma(&columns)).column(table, *field)?;
            named(&mut statement, &columns);
            columns.push(column);
        }
        for selected in selection {
            let Selected::Counts(counts) = selected else { continue };
            for count in counts {
                statement.push(comma(&columns));
                statement.count(table, count.field, count.filter.as_ref())?;
                named(&mut statement, &columns);
                columns.push(count_column());
            }
        }
        if columns.is_empty() {
            // A selection of nothing still has rows.
            statement.push("1");
            columns.push(count_column());
        }
        if let Link::Parent { relation, page: Page::Window, .. } = link {
            let keys = self.link_columns(table, relation)?;
            statement.push(", ROW_NUMBER() OVER (PARTITION BY ").push(&keys.join(", "));
            statement.order_by(table, &[], &args.order, reversed, true)?;
            statement.push(") AS n");
        }

        statement.push(" FROM ");
        let run = match link {
            Link::Root(mode) => {
                statement.source(table)?;
                if *mode == FindMode::Many { Run::Once } else { Run::Single }
            }
            Link::Written { level, key } => {
                statement.source(table)?.push(" WHERE ");
                self.equals_cells(&mut statement, table, key, level)?;
                Run::Single
            }
            Link::Parent { level, relation, .. } => {
                link_sql = self.link(&mut statement, table, relation, page == Page::EachKey)?;
                let types = self.key_columns(relation)?.into_iter().map(|column| column.ty).collect();
                let keys = Keys { frame: level.frame, columns: level.columns(&relation.from)?, types };
                if page == Page::EachKey { Run::EachKey(keys) } else { Run::Keys(keys) }
            }
        };
        if let Some(filter) = &args.filter {
            statement.push(if matches!(link, Link::Root(_)) { " WHERE " } else { " AND " });
            statement.condition(table, filter)?;
        }

        let mode = if let Link::Root(mode) = link { *mode } else { FindMode::Many };
        let many = match link {
            Link::Root(mode) => *mode != FindMode::Unique,
            Link::Written { .. } => false,
            Link::Parent { relation, .. } => relation.arity == Arity::Many,
        };
        if let Link::Parent { relation, page: Page::Window, .. } = link {
            // By what the keys mean, as they were grouped: the rows of one stand together.
            let mut keys = Vec::new();
            if relation.through.is_some() {
                let parent = statement.relation_of(relation.target, relation.inverse)?.target;
                for key in relation.from.iter() {
                    keys.push(statement.compared_key_name(parent, *key, "c0")?);
                }
            } else {
                for key in relation.to.iter() {
                    let place = position(&fields, offset, *key);
                    let place = place.ok_or_else(|| Error::invalid("a key of the relation is not read".to_owned()))?;
                    keys.push(statement.compared_name(model, *key, &format!("c{place}"))?);
                }
            }
            statement.numbered(columns.len(), &keys, args);
        } else if many {
            let paged = args.take.is_some() || args.skip.is_some() || mode == FindMode::First;
            let total = !matches!(link, Link::Root(_)) || paged || !args.order.is_empty();
            let grouped: &[String] = if page == Page::EachKey { &[] } else { &link_sql };
            statement.order_by(table, grouped, &args.order, reversed, total)?;
            statement.limit(args, mode);
        }

        let frame = self.step(statement, columns, run, require)?;
        let level = Level { frame, fields, offset };
        let nest = self.nest(model, &level, selection, reversed)?;
        Ok((nest, level))
    }

    /// `FROM` and the link condition of a level below another. Gives the SQL of the columns it is grouped by.
    fn link(
        &self,
        statement: &mut Statement<'a>,
        table: Table,
        relation: &Relation,
        each: bool,
    ) -> Result<Vec<String>, Error> {
        if let Some(through) = &relation.through {
            statement
                .table_name(through.schema.as_deref(), &through.table)
                .push(" AS j JOIN ")
                .source(table)?
                .push(" ON ");
            for key in relation.to.iter() {
                statement.compared(table, *key)?.push(" = ");
                statement.compared_key(relation.target, *key, "j", &through.to_column)?;
            }
            statement.push(" WHERE ");
        } else {
            statement.source(table)?.push(" WHERE ");
        }
        let linked = self.link_columns(table, relation)?;
        if each {
            statement.separated(" AND ", linked.iter().enumerate(), |statement, (index, column)| {
                statement.push(column).push(" = ").param(Param::Key(index));
                Ok(())
            })?;
        } else if let [column] = linked.as_slice() {
            statement.push(column).push(" IN (").keys().push(")");
        } else {
            statement.push("(").push(&linked.join(", ")).push(") IN (").keys().push(")");
        }
        Ok(linked)
    }

    /// The SQL of the columns by which the rows of a level are found.
    fn link_columns(&self, table: Table, relation: &Relation) -> Result<Vec<String>, Error> {
        let mut statement = self.statement();
        if let Some(through) = &relation.through {
            let parent = statement.relation_of(relation.target, relation.inverse)?.target;
            for key in relation.from.iter() {
                statement.compared_key(parent, *key, "j", &through.from_column)?;
            }
            return Ok(vec![statement.text().to_owned()]);
        }
        let column = |key: &FieldIndex| {
            let mut statement = self.statement();
            Ok(statement.compared(table, *key)?.text().to_owned())
        };
        relation.to.iter().map(column).collect()
    }

    /// The linked columns of the parents, as the columns of a frame. They have the types of the target's side.
    fn key_columns(&self, relation: &Relation) -> Result<Vec<FrameColumn>, Error> {
        let parent = self.statement().relation_of(relation.target, relation.inverse)?.target;
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
        let relation = self.statement().relation_of(model, nested.field)?;
        let parent_key = level.columns(&relation.from)?;
        let link_number = self.links;
        self.links += 1;
        let paged = nested.args.take.is_some() || nested.args.skip.is_some();
        let page = match (paged, relation.indexed) {
            (false, _) => Page::No,
            (true, true) => Page::EachKey,
            (true, false) => Page::Window,
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
    ) -> Result<Outcome, Error> {
        let mut statement = self.statement();
        let table = statement.table(model);
        let paged = args.take.is_some() || args.skip.is_some();
        statement.push("SELECT ");
        statement.separated(", ", of.iter().enumerate(), |statement, (index, field)| {
            match field {
                None => statement.push("COUNT(*)"),
                Some(_) if paged => statement.push("COUNT(c").push(&index.to_string()).push(")"),
                Some(field) => statement.push("COUNT(").column(table, *field)?.push(")"),
            };
            Ok(())
        })?;
        statement.push(" FROM ");
        if paged {
            statement.push("(SELECT 1");
            for (index, field) in of.iter().enumerate() {
                if let Some(field) = field {
                    statement.push(", ").column(table, *field)?.push(" AS c").push(&index.to_string());
                }
            }
            statement.push(" FROM ");
        }
        statement.source(table)?;
        if let Some(filter) = &args.filter {
            statement.push(" WHERE ");
            statement.condition(table, filter)?;
        }
        if paged {
            let reversed = args.take.is_some_and(|take| take.last);
            statement.order_by(table, &[], &args.order, reversed, true)?;
            statement.limit(args, FindMode::Many);
            statement.push(")");
        }
        let columns = of.iter().map(|_| count_column()).collect();
        Ok(Outcome::Counts(self.step(statement, columns, Run::Single, None)?))
    }
}

/// The column of a frame that holds a field.
fn position(fields: &[FieldIndex], offset: usize, field: FieldIndex) -> Option<usize> {
    fields.iter().position(|at| *at == field).map(|position| offset + position)
}
