//! Writes SQL: conditions, sort keys and the clauses around them, with the parameters in the order of the text.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use crate::catalog::{Arity, Catalog, Column, FieldIndex, FieldKind, Model, ModelIndex, Relation, Type};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::plan::{Param, Sql};
use crate::tree::{Args, Compare, Filter, FindMode, Nulls, Order, OrderBy, Quantifier};

/// A list of up to so many values is bound value by value, a longer one as one array. Up to here both are equally quick,
/// and a list of single values is what SQLite plans best.
const MOST_LISTED: u32 = 256;
/// So many values of lists are bound one by one in a statement; further lists are arrays.
const MOST_LISTED_TOGETHER: u32 = 8_192;
/// So many comparisons of columns that may be large need no look at the deadline between them.
const LARGE_COMPARISONS: usize = 64;
/// A group of conditions with more members is written as balanced brackets: each member of a plain group is one deeper
/// than the next, and an expression of SQLite is at most 1,000 deep.
const MOST_IN_PLAIN_GROUP: usize = 8;
/// An expression of SQLite is at most 1,000 deep. Some is left to what stands around a condition.
const MOST_EXPRESSION_DEPTH: usize = 950;
/// A sort key through more relations is an expression that is too deep for SQLite.
const MOST_SORT_PATH: usize = 24;
/// SQLite sorts by at most 2,000 terms; some are left to the keys that make an order total.
const MOST_SORT_KEYS: usize = 1_900;

/// How a plan compares the values that may be stored in several forms. See [`crate::plan::CanonicalForms`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forms<'a> {
    /// Whether the columns that an index has are compared as they are stored.
    pub(crate) canonical: bool,
    /// The columns of such values that an index has and that the plan compares or writes.
    pub(crate) met: &'a RefCell<BTreeSet<(ModelIndex, FieldIndex)>>,
}

/// A statement in the making.
pub(crate) struct Statement<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) dialect: Dialect,
    forms: Forms<'a>,
    text: String,
    head: Option<String>,
    params: Vec<Param>,
    /// The columns of dates that the statement writes, which may hold any form.
    date_forms: Option<(ModelIndex, Vec<FieldIndex>)>,
    /// Values of lists that are bound one by one.
    listed: u32,
    /// Comparisons of columns that may be large.
    large_comparisons: usize,
    aliases: usize,
}

/// The rows for which an expression is right about a condition. In SQL a condition may be unknown, which is neither; what
/// stands for it in an expression may be true or false all the same, on the side that does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// The expression is true for the rows for which the condition is true.
    Holds,
    /// The expression is false for the rows for which the condition is false.
    Fails,
}

/// What two values are compared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equality,
    Order,
}

impl Sense {
    fn negated(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
        }
    }
}

/// A table of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) model: ModelIndex,
    pub(crate) alias: usize,
}

impl<'a> Statement<'a> {
    pub(crate) fn new(catalog: &'a Catalog, dialect: Dialect, forms: Forms<'a>) -> Self {
        Self {
            catalog,
            dialect,
            forms,
            text: String::new(),
            head: None,
            params: Vec::new(),
            date_forms: None,
            listed: 0,
            large_comparisons: 0,
            aliases: 0,
        }
    }

    /// The text, its parameters, and the query of the forms of the dates among them.
    pub(crate) fn finish(self) -> Result<(Sql, Vec<Param>, Option<String>), Error> {
        let date_forms = self.date_forms_query()?;
        let sql = match self.head {
            Some(head) => Sql::Keyed { head, tail: self.text },
            None => Sql::Fixed(self.text),
        };
        Ok((sql, self.params, date_forms))
    }

    /// The text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn push(&mut self, sql: &str) -> &mut Self {
        self.text.push_str(sql);
        self
    }

    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.dialect.identifier(&mut self.text, name);
        self
    }

    /// The name of a table, in its schema where the database has several.
    pub(crate) fn table_name(&mut self, schema: Option<&str>, table: &str) -> &mut Self {
        self.dialect.table(&mut self.text, schema, table);
        self
    }

    pub(crate) fn param(&mut self, param: Param) -> &mut Self {
        self.text.push('?');
        self.params.push(param);
        self
    }

    /// Leaves the gap for the list of keys.
    pub(crate) fn keys(&mut self) -> &mut Self {
        self.head = Some(std::mem::take(&mut self.text));
        self.params.push(Param::Keys);
        self
    }

    pub(crate) fn table(&mut self, model: ModelIndex) -> Table {
        self.aliases += 1;
        Table { model, alias: self.aliases - 1 }
    }

    pub(crate) fn model(&self, index: ModelIndex) -> Result<&'a Model, Error> {
        self.catalog.model(index).ok_or_else(|| Error::invalid("no such model in the catalog".to_owned()))
    }

    pub(crate) fn column_of(&self, model: ModelIndex, field: FieldIndex) -> Result<&'a Column, Error> {
        let column = self.model(model)?.column(field);
        let column = column.ok_or_else(|| Error::invalid("no such column in the catalog".to_owned()))?;
        if column.list { Err(self.no_lists(model, field)) } else { Ok(column) }
    }

    /// A list column is refused wherever a statement would name it, by the only dialect that there is.
    fn no_lists(&self, model: ModelIndex, field: FieldIndex) -> Error {
        let (path, database) = (self.catalog.path(model, field), self.dialect.name());
        Error::invalid(format!("`{path}` is a list, and {database} has no columns of lists"))
    }

    pub(crate) fn relation_of(&self, model: ModelIndex, field: FieldIndex) -> Result<&'a Relation, Error> {
        let relation = self.model(model)?.relation(field);
        relation.ok_or_else(|| Error::invalid("no such relation in the catalog".to_owned()))
    }

    /// `"User" AS t0`
    pub(crate) fn source(&mut self, table: Table) -> Result<&mut Self, Error> {
        let model = self.model(table.model)?;
        Ok(self.table_name(model.schema.as_deref(), &model.table).push(" AS ").alias(table))
    }

    pub(crate) fn alias(&mut self, table: Table) -> &mut Self {
        self.text.push('t');
        self.text.push_str(&table.alias.to_string());
        self
    }

    /// `t0."email"`
    pub(crate) fn column(&mut self, table: Table, field: FieldIndex) -> Result<&mut Self, Error> {
        let name = &self.column_of(table.model, field)?.name;
        Ok(self.alias(table).push(".").name(name))
    }

    /// A column as it is compared for equality: by what its values mean, where they may be stored in several forms.
    pub(crate) fn compared(&mut self, table: Table, field: FieldIndex) -> Result<&mut Self, Error> {
        let (open, close) = self.by_value(table.model, field)?.unwrap_or(("", ""));
        Ok(self.push(open).column(table, field)?.push(close))
    }

    /// A key of a join table as it is compared, which refers to a column of a model.
    pub(crate) fn compared_key(
        &mut self,
        model: ModelIndex,
        key: FieldIndex,
        alias: &str,
        column: &str,
    ) -> Result<&mut Self, Error> {
        // No index of a join table tells the form of its keys.
        let (open, close) = self.dialect.by_value(self.column_of(model, key)?.ty).unwrap_or(("", ""));
        Ok(self.push(open).push(alias).push(".").name(column).push(close))
    }

    /// A column of a statement within this one as it is compared, `name` there.
    pub(crate) fn compared_name(&self, model: ModelIndex, field: FieldIndex, name: &str) -> Result<String, Error> {
        let (open, close) = self.by_value(model, field)?.unwrap_or(("", ""));
        Ok(format!("{open}{name}{close}"))
    }

    /// The same of a key of a join table.
    pub(crate) fn compared_key_name(&self, model: ModelIndex, key: FieldIndex, name: &str) -> Result<String, Error> {
        let (open, close) = self.dialect.by_value(self.column_of(model, key)?.ty).unwrap_or(("", ""));
        Ok(format!("{open}{name}{close}"))
    }

    /// Whether a column may hold values of any form, so that the database itself does not compare what they mean.
    pub(crate) fn holds_any_form(&self, model: ModelIndex, field: FieldIndex) -> Result<bool, Error> {
        Ok(self.by_value(model, field)?.is_some())
    }

    /// The SQL between which a column is compared by what its values mean, where it may hold several forms of them.
    fn by_value(&self, model: ModelIndex, field: FieldIndex) -> Result<Option<(&'static str, &'static str)>, Error> {
        let column = self.column_of(model, field)?;
        let Some(around) = self.dialect.by_value(column.ty) else { return Ok(None) };
        if column.indexed {
            self.forms.met.borrow_mut().insert((model, field));
        }
        Ok((!column.indexed || !self.forms.canonical).then_some(around))
    }

    /// A value that a column gets: a date in the form of those that the table holds, and a foreign key in the form of
    /// the key that it refers to. `given` are the values that other columns get.
    pub(crate) fn assigned(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        param: Param,
        given: &[(FieldIndex, Param)],
    ) -> Result<&mut Self, Error> {
        let any_form = self.holds_any_form(model, field)?;
        let Some((relation, at)) = self.referred(model, field, given) else {
            return self.like_others(model, field, param, any_form);
        };
        let mut found_by = Vec::new();
        let mut key_of_any_form = any_form;
        for (index, (from, to)) in relation.from.iter().zip(relation.to.iter()).enumerate() {
            let own = || given.iter().find(|(other, _)| other == from).map(|(_, param)| param.clone());
            let Some(value) = (if index == at { Some(param.clone()) } else { own() }) else { continue };
            key_of_any_form |= self.holds_any_form(relation.target, *to)?;
            found_by.push((*to, value));
        }
        // A key of one form is written so, whatever the form of the dates beside it.
        let Some(key) = relation.to.get(at).filter(|_| key_of_any_form) else { return Ok(self.param(param)) };
        // A part of a key that has one form is as it is given.
        if self.dialect.by_value(self.column_of(relation.target, *key)?.ty).is_none() {
            return Ok(self.param(param));
        }
        self.key_in_its_form(relation.target, *key, found_by, |statement| {
            statement.like_others(model, field, param, any_form).map(drop)
        })
    }

    /// A value as the key that it refers to is stored, since the database compares the two by their bytes; `otherwise`
    /// where there is no such key.
    fn key_in_its_form(
        &mut self,
        model: ModelIndex,
        key: FieldIndex,
        found_by: Vec<(FieldIndex, Param)>,
        otherwise: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        let table = self.table(model);
        self.push("COALESCE((SELECT ").column(table, key)?.push(" FROM ").source(table)?.push(" WHERE ");
        self.separated(" AND ", found_by, |statement, (field, param)| {
            statement.compared(table, field)?.push(" = ").param(param);
            Ok(())
        })?;
        self.push("), ");
        otherwise(self)?;
        Ok(self.push(")"))
    }

    /// A key of a row that a join table gets.
    pub(crate) fn joined_key(&mut self, model: ModelIndex, key: FieldIndex, param: Param) -> Result<&mut Self, Error> {
        if !self.holds_any_form(model, key)? {
            return Ok(self.param(param));
        }
        self.key_in_its_form(model, key, vec![(key, param.clone())], |statement| {
            statement.param(param);
            Ok(())
        })
    }

    /// The relation whose foreign key a column is a part of, and which part, where all parts are given.
    fn referred(
        &self,
        model: ModelIndex,
        field: FieldIndex,
        given: &[(FieldIndex, Param)],
    ) -> Option<(&'a Relation, usize)> {
        let relations = self.catalog.model(model)?.fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Relation(relation) if relation.holds_key => Some(relation),
            _ => None,
        });
        relations.into_iter().find_map(|relation| {
            let at = relation.from.iter().position(|from| *from == field)?;
            let is_given = |from: &FieldIndex| *from == field || given.iter().any(|(other, _)| other == from);
            relation.from.iter().all(is_given).then_some((relation, at))
        })
    }

    /// A value in the form of those that are there, where that is not known: a date beside numbers is one.
    fn like_others(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        param: Param,
        any_form: bool,
    ) -> Result<&mut Self, Error> {
        let column = self.column_of(model, field)?;
        // A column of dates that has no other form may hold nothing but nulls, beside columns of numbers.
        if column.ty != Type::DateTime || !(any_form || column.nullable) {
            return Ok(self.param(param));
        }
        let forms = self.date_forms.get_or_insert((model, Vec::new()));
        forms.1.push(field);
        let form = forms.1.len() - 1;
        Ok(self.param(Param::Date { form, value: Box::new(param) }))
    }

    /// The query of the forms of the dates that the statement writes: for each that of the newest date in its column.
    fn date_forms_query(&self) -> Result<Option<String>, Error> {
        let Some((model, fields)) = &self.date_forms else { return Ok(None) };
        let target = self.model(*model)?;
        let dates = target.columns().filter(|(_, _, column)| column.ty == Type::DateTime && !column.list);
        let dates: Vec<FieldIndex> = dates.map(|(field, ..)| field).collect();
        let mut sql = String::from("SELECT ");
        for (index, field) in fields.iter().enumerate() {
            sql.push_str(if index > 0 { ", typeof(COALESCE(" } else { "typeof(COALESCE(" });
            // A column without dates yet takes after the others.
            for column in [field].into_iter().chain(dates.iter().filter(|other| *other != field)) {
                let column = &self.column_of(*model, *column)?.name;
                self.dialect.newest(&mut sql, column, target.schema.as_deref(), &target.table);
                sql.push_str(", ");
            }
            sql.push_str("NULL))");
        }
        Ok(Some(sql))
    }

    /// A sequence with `separator` between its parts.
    pub(crate) fn separated<T>(
        &mut self,
        separator: &str,
        parts: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            write(self, part)?;
        }
        Ok(self)
    }

    /// A condition, in brackets where the caller joins it with others.
    pub(crate) fn condition(&mut self, table: Table, filter: &Filter) -> Result<(), Error> {
        let depth = depth(filter);
        if depth.own + depth.below > MOST_EXPRESSION_DEPTH {
            let message = "the conditions nest deeper than SQLite can compile: nest fewer relations in each other";
            return Err(Error::limit("filterDepth", MOST_EXPRESSION_DEPTH as u64, message.to_owned()));
        }
        self.filter(table, filter, Sense::Holds)
    }

    fn filter(&mut self, table: Table, filter: &Filter, sense: Sense) -> Result<(), Error> {
        match filter {
            Filter::And(parts) => self.group(table, parts, sense, " AND ", "1 = 1")?,
            Filter::Or(parts) => self.group(table, parts, sense, " OR ", "1 = 0")?,
            Filter::Not(inner) => {
                self.push("NOT (");
                self.filter(table, inner, sense.negated())?;
                self.push(")");
            }
            Filter::Compare { field, operator, value } => self.compare(table, *field, *operator, *value, sense)?,
            Filter::In { field, negated, list, length } => {
                let ty = self.column_of(table.model, *field)?.ty;
                let looks = self.looks_at_deadline(ty, !negated && sense == Sense::Holds);
                self.push(if looks { "CASE WHEN 1 THEN " } else { "" });
                self.in_list(table, *field, *negated, *list, *length)?;
                self.push(if looks { " END" } else { "" });
            }
            Filter::List { field, .. } | Filter::Empty { field } => return Err(self.no_lists(table.model, *field)),
            Filter::Null { field, negated } => {
                self.column(table, *field)?.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Filter::Related { field, quantifier, filter } => {
                self.related(table, *field, *quantifier, filter, sense)?;
            }
        }
        Ok(())
    }

    fn group(
        &mut self,
        table: Table,
        parts: &[Filter],
        sense: Sense,
        separator: &str,
        empty: &str,
    ) -> Result<(), Error> {
        match parts {
            [] => {
                self.push(empty);
            }
            [only] => self.filter(table, only, sense)?,
            _ if parts.len() <= MOST_IN_PLAIN_GROUP => {
                self.push("(");
                self.separated(separator, parts, |statement, part| statement.filter(table, part, sense))?.push(")");
            }
            _ => {
                let (left, right) = parts.split_at(parts.len().div_ceil(2));
                self.push("(");
                self.group(table, left, sense, separator, empty)?;
                self.push(separator);
                self.group(table, right, sense, separator, empty)?;
                self.push(")");
            }
        }
        Ok(())
    }

    fn in_list(&mut self, table: Table, field: FieldIndex, negated: bool, list: u16, length: u32) -> Result<(), Error> {
        let ty = self.column_of(table.model, field)?.ty;
        let (open, close) = self.dialect.normal_form(ty).unwrap_or(("", ""));
        self.operand(table, field, Comparison::Equality)?.push(if negated { " NOT IN (" } else { " IN (" });
        if length <= MOST_LISTED && self.listed + length <= MOST_LISTED_TOGETHER {
            self.listed += length;
            for index in 0..length {
                self.push(if index > 0 { "," } else { "" }).push(open).push("?").push(close);
            }
            self.params.push(Param::List { slot: list, ty, length });
        } else {
            let array = self.dialect.array();
            self.push("SELECT ").push(open).push("value").push(close).push(" FROM ").push(array).push("(");
            self.param(Param::Array { slot: list, ty }).push(")");
        }
        self.push(")");
        Ok(())
    }

    /// A column as it is compared: by value where its text would compare otherwise.
    fn operand(&mut self, table: Table, field: FieldIndex, comparison: Comparison) -> Result<&mut Self, Error> {
        let ty = self.column_of(table.model, field)?.ty;
        let (open, close) = self.dialect.normal_form(ty).unwrap_or(("", ""));
        self.push(open);
        match comparison {
            Comparison::Equality => self.compared(table, field)?,
            Comparison::Order => self.ordered(table, field)?,
        };
        Ok(self.push(close))
    }

    /// A column as it is compared for its order. Equal canonical texts of a type with a collation are equal bytes, but
    /// their bytes do not sort as their values do.
    fn ordered(&mut self, table: Table, field: FieldIndex) -> Result<&mut Self, Error> {
        let ty = self.column_of(table.model, field)?.ty;
        match self.dialect.collation(ty) {
            Some(collation) => Ok(self.column(table, field)?.push(collation)),
            None => self.compared(table, field),
        }
    }

    fn compare(
        &mut self,
        table: Table,
        field: FieldIndex,
        operator: Compare,
        slot: u16,
        sense: Sense,
    ) -> Result<(), Error> {
        let ty = self.column_of(table.model, field)?.ty;
        let symbol = match operator {
            Compare::Equals => " = ",
            Compare::NotEquals => " <> ",
            Compare::Less => " < ",
            Compare::LessOrEqual => " <= ",
            Compare::Greater => " > ",
            Compare::GreaterOrEqual => " >= ",
            Compare::Contains | Compare::StartsWith | Compare::EndsWith => {
                let function = self.dialect.text_search(operator);
                self.push(function).push("(").column(table, field)?.push(", ");
                self.param(Param::Value { slot, ty }).push(")");
                return Ok(());
            }
        };
        let (open, close) = self.dialect.normal_form(ty).unwrap_or(("", ""));
        let looks = self.looks_at_deadline(ty, operator == Compare::Equals && sense == Sense::Holds);
        self.push(if looks { "CASE WHEN 1 THEN " } else { "" });
        let comparison = match operator {
            Compare::Equals | Compare::NotEquals => Comparison::Equality,
            _ => Comparison::Order,
        };
        self.operand(table, field, comparison)?.push(symbol).push(open).param(Param::Value { slot, ty }).push(close);
        self.push(if looks { " END" } else { "" });
        Ok(())
    }

    /// Whether a comparison is to have SQLite look at the deadline. SQLite does that where its program jumps, which
    /// plain comparisons do not, and each of two thousand may read a text of megabytes; the end of a `CASE` is a jump.
    /// Only of so many comparisons that no index would serve them, and of none that is or becomes an `IN`.
    fn looks_at_deadline(&mut self, ty: Type, is_in: bool) -> bool {
        if !matches!(ty, Type::String | Type::Bytes) || is_in {
            return false;
        }
        self.large_comparisons += 1;
        // Each of them: which of some are evaluated at all is up to the row.
        self.large_comparisons > LARGE_COMPARISONS
    }

    fn related(
        &mut self,
        table: Table,
        field: FieldIndex,
        quantifier: Quantifier,
        filter: &Filter,
        sense: Sense,
    ) -> Result<(), Error> {
        self.push(if quantifier == Quantifier::Some { "EXISTS (SELECT 1" } else { "NOT EXISTS (SELECT 1" });
        let target = self.source_related(table, field)?;
        let anything = matches!(filter, Filter::And(parts) if parts.is_empty());
        // The condition on a to-one relation is unknown where the one on its row is, and so is its negation: a join in
        // place of the sub-select would say so by itself. The conditions on lists of rows are true or false.
        let to_one = self.relation_of(table.model, field)?.arity != Arity::Many;
        let unless_it_fails = to_one
            && match quantifier {
                Quantifier::Some => sense == Sense::Fails,
                Quantifier::None => sense == Sense::Holds,
                Quantifier::Every => false,
            };
        if quantifier == Quantifier::Every {
            self.push(" AND NOT (");
            self.filter(target, filter, Sense::Fails)?;
            self.push(")");
        } else if unless_it_fails && self.may_be_unknown(target.model, filter)? {
            self.push(" AND (");
            self.filter(target, filter, Sense::Fails)?;
            self.push(") IS NOT FALSE");
        } else if !anything {
            self.push(" AND ");
            self.filter(target, filter, if unless_it_fails { Sense::Fails } else { Sense::Holds })?;
        }
        self.push(")");
        Ok(())
    }

    /// Whether a condition on a row of the model may be neither true nor false.
    fn may_be_unknown(&self, model: ModelIndex, filter: &Filter) -> Result<bool, Error> {
        Ok(match filter {
            Filter::And(parts) | Filter::Or(parts) => {
                for part in parts {
                    if self.may_be_unknown(model, part)? {
                        return Ok(true);
                    }
                }
                false
            }
            Filter::Not(inner) => self.may_be_unknown(model, inner)?,
            Filter::Compare { field, .. }
            | Filter::In { field, .. }
            | Filter::List { field, .. }
            | Filter::Empty { field } => self.column_of(model, *field)?.nullable,
            Filter::Null { .. } | Filter::Related { .. } => false,
        })
    }

    /// ` FROM target WHERE` the rows that a relation of a row of `table` leads to.
    fn source_related(&mut self, table: Table, field: FieldIndex) -> Result<Table, Error> {
        let relation = self.relation_of(table.model, field)?;
        let target = self.table(relation.target);
        self.push(" FROM ");
        if let Some(through) = &relation.through {
            let join = self.table(relation.target);
            self.table_name(through.schema.as_deref(), &through.table)
                .push(" AS ")
                .alias(join)
                .push(" JOIN ")
                .source(target)?
                .push(" ON ");
            let alias = format!("t{}", join.alias);
            for key in relation.to.iter() {
                self.compared(target, *key)?.push(" = ");
                self.compared_key(relation.target, *key, &alias, &through.to_column)?;
            }
            self.push(" WHERE ");
            for key in relation.from.iter() {
                self.compared_key(table.model, *key, &alias, &through.from_column)?.push(" = ");
                self.compared(table, *key)?;
            }
        } else {
            self.source(target)?.push(" WHERE ");
            let pairs = relation.to.iter().zip(relation.from.iter());
            self.separated(" AND ", pairs, |statement, (to, from)| {
                statement.compared(target, *to)?.push(" = ").compared(table, *from)?;
                Ok(())
            })?;
        }
        Ok(target)
    }

    /// `(SELECT COUNT(*) ..)` of the rows that a relation leads to.
    pub(crate) fn count(&mut self, table: Table, field: FieldIndex, filter: Option<&Filter>) -> Result<(), Error> {
        self.push("(SELECT COUNT(*)");
        let target = self.source_related(table, field)?;
        if let Some(filter) = filter {
            self.push(" AND ");
            self.condition(target, filter)?;
        }
        self.push(")");
        Ok(())
    }

    /// ` ORDER BY` the link columns, the user's keys, and what makes the order total.
    pub(crate) fn order_by(
        &mut self,
        table: Table,
        link: &[String],
        order: &[Order],
        reversed: bool,
        total: bool,
    ) -> Result<(), Error> {
        let mut written = 0;
        let comma = |statement: &mut Self, written: &mut usize| {
            statement.push(if *written == 0 { " ORDER BY " } else { ", " });
            *written += 1;
        };
        for column in link {
            comma(self, &mut written);
            self.push(column);
        }
        // A key that was there before decides nothing.
        let mut seen = HashSet::new();
        for key in order.iter().filter(|key| seen.insert((&key.path, key.by))) {
            comma(self, &mut written);
            self.sort_key(table, key, reversed)?;
        }
        if seen.len() > MOST_SORT_KEYS {
            let message = format!("the query sorts by more than {MOST_SORT_KEYS} keys: sort by fewer");
            return Err(Error::limit("nodes", MOST_SORT_KEYS as u64, message));
        }
        if total && !self.is_total(table.model, order)? {
            let key = self.model(table.model)?.keys.first();
            for field in key.iter().flat_map(|key| key.fields.iter()) {
                comma(self, &mut written);
                self.key_sorted(table, *field)?.push(if reversed { " DESC" } else { "" });
            }
        }
        Ok(())
    }

    /// A column of the key that makes an order total. Any order does, so that of the bytes of an index is taken where the
    /// order of values could use none.
    fn key_sorted(&mut self, table: Table, field: FieldIndex) -> Result<&mut Self, Error> {
        let ty = self.column_of(table.model, field)?.ty;
        match self.dialect.collation(ty) {
            Some(_) => self.column(table, field),
            None => self.compared(table, field),
        }
    }

    /// Whether the user's sort keys hold all columns of a key.
    fn is_total(&self, model: ModelIndex, order: &[Order]) -> Result<bool, Error> {
        let sorted =
            |field: &FieldIndex| order.iter().any(|key| key.path.is_empty() && key.by == OrderBy::Column(*field));
        let model = self.model(model)?;
        let required = |field: &FieldIndex| model.column(*field).is_some_and(|column| !column.nullable);
        Ok(model.keys.iter().any(|key| key.fields.iter().all(|field| sorted(field) && required(field))))
    }

    fn sort_key(&mut self, table: Table, key: &Order, reversed: bool) -> Result<(), Error> {
        if key.path.len() > MOST_SORT_PATH {
            let message =
                format!("a sort key leads through more than {MOST_SORT_PATH} relations: sort by a nearer field");
            return Err(Error::limit("relationDepth", MOST_SORT_PATH as u64, message));
        }
        let mut model = table.model;
        for field in &key.path {
            model = self.relation_of(model, *field)?.target;
        }
        // A row that the path does not lead to has no rows to count.
        let counts_through = !key.path.is_empty() && matches!(key.by, OrderBy::Count(_));
        self.push(if counts_through { "COALESCE(" } else { "" });
        self.sort_expression(table, &key.path, key.by)?;
        self.push(if counts_through { ", 0)" } else { "" });
        let ty = match key.by {
            OrderBy::Column(field) => self.column_of(model, field)?.ty,
            OrderBy::Count(_) => Type::BigInt,
        };
        let collation = self.dialect.collation(ty).unwrap_or_default();
        self.push(collation).push(if key.descending != reversed { " DESC" } else { "" });
        match key.nulls {
            Some(nulls) if (nulls == Nulls::First) != reversed => self.push(" NULLS FIRST"),
            Some(_) => self.push(" NULLS LAST"),
            None => self,
        };
        Ok(())
    }

    fn sort_expression(&mut self, table: Table, path: &[FieldIndex], by: OrderBy) -> Result<(), Error> {
        let Some((field, rest)) = path.split_first() else {
            match by {
                // The collation is said behind the whole key.
                OrderBy::Column(field) => self.key_sorted(table, field)?,
                OrderBy::Count(field) => {
                    self.count(table, field, None)?;
                    self
                }
            };
            return Ok(());
        };
        let relation = self.relation_of(table.model, *field)?;
        let target = self.table(relation.target);
        self.push("(SELECT ");
        self.sort_expression(target, rest, by)?;
        self.push(" FROM ").source(target)?.push(" WHERE ");
        let pairs = relation.to.iter().zip(relation.from.iter());
        self.separated(" AND ", pairs, |statement, (to, from)| {
            statement.compared(target, *to)?.push(" = ").compared(table, *from)?;
            Ok(())
        })?;
        self.push(")");
        Ok(())
    }

    /// Puts a statement around one whose columns are `c0`, `c1` .. and whose rows are numbered by `n` from 1: the page
    /// of each group, the groups one after another.
    pub(crate) fn numbered(&mut self, columns: usize, groups: &[String], args: &Args) {
        let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
        let around = format!("SELECT {} FROM (", names.join(", "));
        self.head.as_mut().unwrap_or(&mut self.text).insert_str(0, &around);
        self.push(") WHERE ");
        if let Some(skip) = args.skip {
            self.push("n > ").param(Param::Count(skip));
        }
        if let Some(take) = args.take {
            self.push(if args.skip.is_some() { " AND n <= " } else { "n <= " });
            if let Some(skip) = args.skip {
                self.param(Param::Count(skip)).push(" + ");
            }
            self.param(Param::Count(take.count));
        }
        self.push(" ORDER BY ");
        for group in groups {
            self.push(group).push(", ");
        }
        self.push("n");
    }

    /// ` LIMIT .. OFFSET ..`
    pub(crate) fn limit(&mut self, args: &Args, mode: FindMode) {
        match (mode, args.take) {
            (FindMode::First, _) => {
                self.push(" LIMIT 1");
            }
            (_, Some(take)) => {
                self.push(" LIMIT ").param(Param::Count(take.count));
            }
            (_, None) if args.skip.is_some() => {
                let no_limit = self.dialect.no_limit();
                self.push(" LIMIT ").push(no_limit);
            }
            (_, None) => {}
        }
        if let Some(skip) = args.skip {
            self.push(" OFFSET ").param(Param::Count(skip));
        }
    }
}

/// The depth of a condition as SQLite counts it.
#[derive(Clone, Copy, Default)]
struct Depth {
    /// Of the expression.
    own: usize,
    /// The greatest sum of the depths of the conditions of related rows in it, each inside the other. SQLite counts a
    /// sub-select's expression on top of those around it, of which it is a part already.
    below: usize,
}

fn depth(filter: &Filter) -> Depth {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            let deepest = parts.iter().map(depth).fold(Depth::default(), |deepest, part| Depth {
                own: deepest.own.max(part.own),
                below: deepest.below.max(part.below),
            });
            let halvings = parts.len().div_ceil(MOST_IN_PLAIN_GROUP).next_power_of_two().trailing_zeros() as usize;
            Depth { own: deepest.own + halvings + parts.len().min(MOST_IN_PLAIN_GROUP), ..deepest }
        }
        Filter::Not(inner) => {
            let inner = depth(inner);
            Depth { own: inner.own + 1, ..inner }
        }
        Filter::Related { filter, .. } => {
            let inner = depth(filter);
            // The links to the rows around it, joined with the condition, its negation or that it does not fail.
            let condition = inner.own + 4;
            Depth { own: condition + 2, below: condition + inner.below }
        }
        // The longest is a list of JSON in its normal form.
        Filter::Compare { .. }
        | Filter::In { .. }
        | Filter::List { .. }
        | Filter::Empty { .. }
        | Filter::Null { .. } => Depth { own: 5, below: 0 },
    }
}
