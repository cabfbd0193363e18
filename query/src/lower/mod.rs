//! From the parts of a query tree to the parts of statements, by what the database can do.

mod depth;
mod filter;
mod order;

pub(crate) use depth::MOST_IN_PLAIN_GROUP;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Column, FieldIndex, FieldKind, Model, ModelIndex, Relation, Through, Type};
use crate::dialect::{Capabilities, Dialect};
use crate::error::Error;
use crate::plan::{Collation, Param, TextKey};
use crate::statement::{
    Alias, ColumnName, Comparison, Condition, Expression, From, Lookup, Output, Select, Source, TableName,
};

/// How a plan compares the values that may be stored in several forms. See [`crate::plan::CanonicalForms`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forms<'a> {
    /// Whether the columns that an index has are compared as they are stored.
    pub(crate) canonical: bool,
    /// The columns of such values that an index has and that the plan compares or writes.
    pub(crate) met: &'a RefCell<BTreeSet<(ModelIndex, FieldIndex)>>,
}

/// How a plan compares texts with the keys that they refer to. See [`TextKey`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextKeys<'a> {
    /// The columns that the plan compares so.
    pub(crate) met: &'a RefCell<BTreeSet<TextKey>>,
    /// The collations of the keys, where the columns have others.
    pub(crate) collations: &'a BTreeMap<TextKey, Collation>,
}

/// A table of a statement, and the model whose rows it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) model: ModelIndex,
    pub(crate) alias: Alias,
}

/// What a column of a row gets by the statement that writes it.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Param(Param),
    Number(i32),
    /// Null, or what the database computes.
    Unknown,
}

/// The values of the columns of a key.
type KeyParts<'a> = Vec<(FieldIndex, Expression<'a>)>;

/// A row that a statement writes.
pub(crate) struct WrittenRow<'g> {
    pub(crate) given: &'g [(FieldIndex, Given)],
    /// Its table, where it is there before: it keeps what is not given.
    pub(crate) changed: Option<Table>,
}

impl WrittenRow<'_> {
    fn given(&self, field: FieldIndex) -> Option<&Given> {
        self.given.iter().find(|(other, _)| *other == field).map(|(_, given)| given)
    }
}

/// A statement in the making: the names that its tables have, and the dates that it writes.
pub(crate) struct Scope<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) dialect: Dialect,
    forms: Forms<'a>,
    text_keys: TextKeys<'a>,
    tables: usize,
    /// What the rows of the statement are looked up in.
    lookups: Vec<Lookup<'a>>,
    /// The columns of dates that the statement writes, which may hold any form.
    date_forms: Option<(ModelIndex, Vec<FieldIndex>)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(catalog: &'a Catalog, dialect: Dialect, forms: Forms<'a>, text_keys: TextKeys<'a>) -> Self {
        Self { catalog, dialect, forms, text_keys, tables: 0, lookups: Vec::new(), date_forms: None }
    }

    /// What the rows of the statement are looked up in.
    pub(crate) fn take_lookups(&mut self) -> Vec<Lookup<'a>> {
        std::mem::take(&mut self.lookups)
    }

    pub(crate) fn capabilities(&self) -> &'static Capabilities {
        self.dialect.capabilities()
    }

    /// Another table of the statement.
    pub(crate) fn table(&mut self, model: ModelIndex) -> Table {
        self.tables += 1;
        Table { model, alias: Alias::Table(self.tables - 1) }
    }

    /// Rows of a table of the statement.
    pub(crate) fn source(&self, table: Table) -> Result<Source<'a>, Error> {
        Ok(Source { table: table_name(self.catalog.model_at(table.model)?), alias: table.alias })
    }

    /// A column of a table of the statement.
    pub(crate) fn column_name(&self, table: Table, field: FieldIndex) -> Result<ColumnName<'a>, Error> {
        Ok(ColumnName { alias: Some(table.alias), name: &self.column_at(table.model, field)?.name })
    }

    /// A column as it is stored.
    pub(crate) fn column(&self, table: Table, field: FieldIndex) -> Result<Expression<'a>, Error> {
        Ok(Expression::Column(self.column_name(table, field)?))
    }

    /// A column of the catalog. A list column is refused wherever a statement would name it.
    pub(crate) fn column_at(&self, model: ModelIndex, field: FieldIndex) -> Result<&'a Column, Error> {
        let column = self.catalog.column_at(model, field)?;
        if column.list { Err(self.no_lists(model, field)) } else { Ok(column) }
    }

    fn no_lists(&self, model: ModelIndex, field: FieldIndex) -> Error {
        let (path, database) = (self.catalog.path(model, field), self.capabilities().name);
        Error::invalid(format!("`{path}` is a list, and this version of Purlin has no lists on {database}"))
    }

    /// A column as it is compared for equality: by what its values mean, where they may be stored in several forms.
    pub(crate) fn compared(&self, table: Table, field: FieldIndex) -> Result<Expression<'a>, Error> {
        self.compared_as(table.model, field, self.column(table, field)?)
    }

    /// An expression that holds the values of a column, as that column is compared for equality.
    pub(crate) fn compared_as(
        &self,
        model: ModelIndex,
        field: FieldIndex,
        expression: Expression<'a>,
    ) -> Result<Expression<'a>, Error> {
        let ty = self.column_at(model, field)?.ty;
        Ok(if self.holds_any_form(model, field)? { by_value(ty, expression) } else { expression })
    }

    /// A column of a join table as it is compared with a key of a model, to which it refers.
    pub(crate) fn compared_key(
        &self,
        (through, column): (&'a Through, &'a str),
        model: ModelIndex,
        key: FieldIndex,
        expression: Expression<'a>,
    ) -> Result<Expression<'a>, Error> {
        // No index of a join table tells the form of its keys.
        let ty = self.column_at(model, key)?.ty;
        let expression = if self.has_forms(ty) { by_value(ty, expression) } else { expression };
        Ok(self.collated(&through.table, column, model, key, expression))
    }

    /// A column of the target of a relation as it is compared with that of the model that has the relation, or with its value.
    pub(crate) fn compared_to(
        &self,
        table: Table,
        relation: &'a Relation,
        to: FieldIndex,
    ) -> Result<Expression<'a>, Error> {
        self.compared_to_as(relation, to, self.column(table, to)?)
    }

    /// An expression that holds the values of such a column, as it is compared.
    pub(crate) fn compared_to_as(
        &self,
        relation: &'a Relation,
        to: FieldIndex,
        expression: Expression<'a>,
    ) -> Result<Expression<'a>, Error> {
        let compared = self.compared_as(relation.target, to, expression)?;
        let is_key = relation.holds_key || relation.through.is_some();
        let position = if is_key { None } else { relation.to.iter().position(|field| *field == to) };
        let Some(key) = position.and_then(|position| relation.from.get(position)) else { return Ok(compared) };
        let model = self.catalog.relation_at(relation.target, relation.inverse)?.target;
        self.referring(relation.target, to, model, *key, compared)
    }

    /// A column of a model as it is compared with that of the target of a relation, or with its value.
    pub(crate) fn compared_from(
        &self,
        table: Table,
        relation: &'a Relation,
        from: FieldIndex,
    ) -> Result<Expression<'a>, Error> {
        let compared = self.compared(table, from)?;
        let position = if relation.holds_key { relation.from.iter().position(|field| *field == from) } else { None };
        let Some(key) = position.and_then(|position| relation.to.get(position)) else { return Ok(compared) };
        self.referring(table.model, from, relation.target, *key, compared)
    }

    /// A foreign key as it is compared with the key that it refers to.
    fn referring(
        &self,
        model: ModelIndex,
        field: FieldIndex,
        target: ModelIndex,
        key: FieldIndex,
        expression: Expression<'a>,
    ) -> Result<Expression<'a>, Error> {
        let (table, column) = (&self.catalog.model_at(model)?.table, &self.column_at(model, field)?.name);
        Ok(self.collated(table, column, target, key, expression))
    }

    /// An expression that holds the values of a column that refers to a key: texts are compared as the key is.
    fn collated(
        &self,
        table: &str,
        column: &str,
        model: ModelIndex,
        key: FieldIndex,
        expression: Expression<'a>,
    ) -> Expression<'a> {
        let is_text = self.column_at(model, key).is_ok_and(|column| column.ty == Type::String);
        if !is_text || !self.capabilities().columns_have_collations {
            return expression;
        }
        let TextKeys { met, collations } = self.text_keys;
        let text_key = TextKey { table: table.to_owned(), column: column.to_owned(), model, key };
        let collation = collations.get(&text_key).copied();
        met.borrow_mut().insert(text_key);
        match collation {
            Some(collation) => Expression::Collated(collation, Box::new(expression)),
            None => expression,
        }
    }

    /// Returns whether the database may hold values of a type in several forms.
    fn has_forms(&self, ty: Type) -> bool {
        self.capabilities().stores_forms && matches!(ty, Type::DateTime | Type::Decimal)
    }

    /// Returns whether a column may hold values of any form, so that the database itself does not compare what they mean.
    pub(crate) fn holds_any_form(&self, model: ModelIndex, field: FieldIndex) -> Result<bool, Error> {
        let column = self.column_at(model, field)?;
        if !self.has_forms(column.ty) {
            return Ok(false);
        }
        if column.indexed {
            self.forms.met.borrow_mut().insert((model, field));
        }
        Ok(!column.indexed || !self.forms.canonical)
    }

    /// That columns of a table equal parameters.
    pub(crate) fn equals(
        &self,
        table: Table,
        values: impl IntoIterator<Item = (FieldIndex, Param)>,
    ) -> Result<Vec<Condition<'a>>, Error> {
        self.equal_values(table.model, values, |field| self.compared(table, field))
    }

    /// That columns of the target of a relation equal parameters: the values of the columns of a row that has the relation.
    pub(crate) fn equals_to(
        &self,
        table: Table,
        relation: &'a Relation,
        values: impl IntoIterator<Item = (FieldIndex, Param)>,
    ) -> Result<Vec<Condition<'a>>, Error> {
        self.equal_values(table.model, values, |field| self.compared_to(table, relation, field))
    }

    /// That columns of a model equal parameters: the values of the columns of a row that a relation leads to.
    pub(crate) fn equals_from(
        &self,
        table: Table,
        relation: &'a Relation,
        values: impl IntoIterator<Item = (FieldIndex, Param)>,
    ) -> Result<Vec<Condition<'a>>, Error> {
        self.equal_values(table.model, values, |field| self.compared_from(table, relation, field))
    }

    fn equal_values(
        &self,
        model: ModelIndex,
        values: impl IntoIterator<Item = (FieldIndex, Param)>,
        compared: impl Fn(FieldIndex) -> Result<Expression<'a>, Error>,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let equal = |(field, value)| {
            let column = self.column_at(model, field)?;
            Ok(Comparison::equal(compared(field)?, Expression::Param(value, Some(column))))
        };
        values.into_iter().map(equal).collect()
    }

    /// The rows that a relation of a row of `table` leads to: their table, where it comes from, and the conditions that link them.
    pub(crate) fn related(
        &mut self,
        table: Table,
        field: FieldIndex,
    ) -> Result<(Table, From<'a>, Vec<Condition<'a>>), Error> {
        let relation = self.catalog.relation_at(table.model, field)?;
        let target = self.table(relation.target);
        let right = self.source(target)?;
        let Some(through) = &relation.through else {
            let pairs = relation.to.iter().zip(relation.from.iter());
            let equal = |(to, from): (&FieldIndex, &FieldIndex)| {
                let to = self.compared_to(target, relation, *to)?;
                Ok(Comparison::equal(to, self.compared_from(table, relation, *from)?))
            };
            let link = pairs.map(equal).collect::<Result<_, Error>>()?;
            return Ok((target, From::Table(right), link));
        };
        let join = self.table(relation.target);
        let name = TableName { schema: through.schema.as_deref(), name: &through.table };
        let left = Source { table: name, alias: join.alias };
        let on = self.joined(target, join.alias, relation)?;
        let mut link = Vec::new();
        for key in relation.from.iter() {
            let name = ColumnName { alias: Some(join.alias), name: &through.from_column };
            let place = (through, &*through.from_column);
            let own = self.compared_key(place, table.model, *key, Expression::Column(name))?;
            link.push(Comparison::equal(own, self.compared(table, *key)?));
        }
        Ok((target, From::Join { left, right, on }, link))
    }

    /// That the rows of a table are those that a join table leads to.
    pub(crate) fn joined(
        &self,
        target: Table,
        join: Alias,
        relation: &'a Relation,
    ) -> Result<Vec<Condition<'a>>, Error> {
        let Some(through) = &relation.through else { return Ok(Vec::new()) };
        let equal = |key: &FieldIndex| {
            let name = ColumnName { alias: Some(join), name: &through.to_column };
            let place = (through, &*through.to_column);
            let joined = self.compared_key(place, relation.target, *key, Expression::Column(name))?;
            Ok(Comparison::equal(self.compared(target, *key)?, joined))
        };
        relation.to.iter().map(equal).collect()
    }

    /// A value that a column gets: a date in the form of those that the table holds, and a foreign key in the form of
    /// the key that it refers to.
    pub(crate) fn assigned(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        param: Param,
        row: &WrittenRow<'_>,
    ) -> Result<Expression<'a>, Error> {
        self.assigned_after(model, field, param, row, &mut Vec::new())
    }

    /// The same for a key that columns refer to which have been seen on the way.
    fn assigned_after(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        param: Param,
        row: &WrittenRow<'_>,
        seen: &mut Vec<FieldIndex>,
    ) -> Result<Expression<'a>, Error> {
        let column = self.column_at(model, field)?;
        let any_form = self.holds_any_form(model, field)?;
        let referred = if seen.contains(&field) { None } else { self.referred(model, field, row) };
        let Some((relation, at)) = referred else {
            return self.like_others(model, field, param, any_form);
        };
        seen.push(field);
        let (found_by, key_of_any_form) = self.key_parts(relation, row, Some((at, &param)))?;
        let key_of_any_form = any_form || key_of_any_form;
        // A key of one form is written so, whatever the form of the dates beside it.
        let Some(key) = relation.to.get(at).copied().filter(|_| key_of_any_form) else {
            return Ok(Expression::Param(param, Some(column)));
        };
        // A part of a key that has one form is as it is given.
        if !self.has_forms(self.column_at(relation.target, key)?.ty) {
            return Ok(Expression::Param(param, Some(column)));
        }
        let stored = self.stored_key(relation.target, key, found_by)?;
        let otherwise = if relation.target == model {
            // The row may refer to itself: to the key that it gets by the same statement, in the form of that.
            self.assigned_after(model, key, param, row, seen)?
        } else {
            self.like_others(model, field, param, any_form)?
        };
        Ok(Expression::Coalesce(vec![stored, otherwise]))
    }

    /// What is known of the key that a row refers to by a relation, and whether parts of it may be stored in any form. The
    /// part that is written comes with its value.
    fn key_parts(
        &self,
        relation: &'a Relation,
        row: &WrittenRow<'_>,
        written: Option<(usize, &Param)>,
    ) -> Result<(KeyParts<'a>, bool), Error> {
        let mut parts = Vec::new();
        let mut of_any_form = false;
        for (index, (from, to)) in relation.from.iter().zip(relation.to.iter()).enumerate() {
            let column = self.column_at(relation.target, *to)?;
            let value = match (written, row.given(*from)) {
                (Some((at, param)), _) if index == at => Expression::Param(param.clone(), Some(column)),
                (_, Some(Given::Param(given))) => Expression::Param(given.clone(), Some(column)),
                (_, Some(Given::Number(number))) => Expression::Number((*number).into()),
                // A part that the row keeps.
                (_, None) if let Some(table) = row.changed => self.compared(table, *from)?,
                // Nobody knows it yet: the form is that of any key with the parts that are known.
                (_, Some(Given::Unknown) | None) => continue,
            };
            of_any_form |= self.holds_any_form(relation.target, *to)?;
            parts.push((*to, value));
        }
        Ok((parts, of_any_form))
    }

    /// The parts of foreign keys that a row keeps while it gets others: it may refer to a key now that is stored in another
    /// form than the one before.
    pub(crate) fn kept_parts(
        &mut self,
        model: ModelIndex,
        row: &WrittenRow<'_>,
    ) -> Result<Vec<(FieldIndex, Expression<'a>)>, Error> {
        let Some(table) = row.changed else { return Ok(Vec::new()) };
        let mut kept = Vec::new();
        for field in self.catalog.model_at(model)?.fields.iter() {
            let FieldKind::Relation(relation) = &field.kind else { continue };
            let is_known = |from: &FieldIndex| !matches!(row.given(*from), Some(Given::Unknown));
            let is_given = |from: &FieldIndex| row.given(*from).is_some();
            if !relation.holds_key || !relation.from.iter().any(is_given) || !relation.from.iter().all(is_known) {
                continue;
            }
            for (from, to) in relation.from.iter().zip(relation.to.iter()) {
                let is_seen = kept.iter().any(|(other, _)| other == from);
                if is_given(from) || is_seen || !self.has_forms(self.column_at(relation.target, *to)?.ty) {
                    continue;
                }
                let (found_by, of_any_form) = self.key_parts(relation, row, None)?;
                if of_any_form {
                    let stored = self.stored_key(relation.target, *to, found_by)?;
                    kept.push((*from, Expression::Coalesce(vec![stored, self.column(table, *from)?])));
                }
            }
        }
        Ok(kept)
    }

    /// A key that a row refers to as it is stored, since the database compares the two by their bytes; null where there
    /// is no such key.
    fn stored_key(
        &mut self,
        model: ModelIndex,
        key: FieldIndex,
        found_by: KeyParts<'a>,
    ) -> Result<Expression<'a>, Error> {
        let table = self.table(model);
        let equal = |(field, value)| Ok(Comparison::equal(self.compared(table, field)?, value));
        Ok(Expression::Select(Box::new(Select {
            outputs: vec![Output::of(self.column(table, key)?)],
            from: Some(From::Table(self.source(table)?)),
            conditions: found_by.into_iter().map(equal).collect::<Result<_, Error>>()?,
            ..Select::default()
        })))
    }

    /// A key of a row that a join table gets.
    pub(crate) fn joined_key(
        &mut self,
        model: ModelIndex,
        key: FieldIndex,
        param: Param,
    ) -> Result<Expression<'a>, Error> {
        let value = Expression::Param(param, Some(self.column_at(model, key)?));
        if !self.holds_any_form(model, key)? {
            return Ok(value);
        }
        let stored = self.stored_key(model, key, vec![(key, value.clone())])?;
        Ok(Expression::Coalesce(vec![stored, value]))
    }

    /// The relation whose foreign key a column is a part of, and which part: one of which all parts are given, if there is.
    fn referred(&self, model: ModelIndex, field: FieldIndex, row: &WrittenRow<'_>) -> Option<(&'a Relation, usize)> {
        let relations = self.catalog.model(model)?.fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Relation(relation) if relation.holds_key => Some(relation),
            _ => None,
        });
        let of_field =
            relations.filter_map(|relation| Some((relation, relation.from.iter().position(|from| *from == field)?)));
        let not_given = |relation: &Relation| {
            let is_given = |from: &FieldIndex| *from == field || matches!(row.given(*from), Some(Given::Param(_)));
            !relation.from.iter().all(is_given)
        };
        of_field.min_by_key(|(relation, _)| not_given(relation))
    }

    /// A value in the form of those that are there, where that is not known: a date beside numbers is one.
    fn like_others(
        &mut self,
        model: ModelIndex,
        field: FieldIndex,
        param: Param,
        any_form: bool,
    ) -> Result<Expression<'a>, Error> {
        let column = self.column_at(model, field)?;
        // A column of dates that has no other form may hold nothing but nulls, beside columns of numbers.
        let may_be_numbers = self.has_forms(column.ty) && column.ty == Type::DateTime && (any_form || column.nullable);
        if !may_be_numbers {
            return Ok(Expression::Param(param, Some(column)));
        }
        let forms = self.date_forms.get_or_insert((model, Vec::new()));
        forms.1.push(field);
        let form = forms.1.len() - 1;
        Ok(Expression::Param(Param::Date { form, value: Box::new(param) }, Some(column)))
    }

    /// The query of the forms of the dates that the statement writes: for each that of the newest date in its column.
    pub(crate) fn date_forms_query(&self) -> Result<Option<String>, Error> {
        let Some((model, fields)) = &self.date_forms else { return Ok(None) };
        let target = self.catalog.model_at(*model)?;
        let dates = target.columns().filter(|(_, _, column)| column.ty == Type::DateTime && !column.list);
        let dates: Vec<FieldIndex> = dates.map(|(field, ..)| field).collect();
        // A column without dates yet takes after the others.
        let with_others = |field: &FieldIndex| {
            let columns = [field].into_iter().chain(dates.iter().filter(move |other| *other != field));
            let names = columns.map(|column| Ok(&*self.column_at(*model, *column)?.name));
            names.collect::<Result<Vec<&str>, Error>>()
        };
        let columns = fields.iter().map(with_others).collect::<Result<Vec<_>, Error>>()?;
        Ok(Some(crate::dialect::sqlite::newest_forms(&target.table, &columns)))
    }
}

/// A value of one of several forms as what it means.
pub(crate) fn by_value(ty: Type, expression: Expression<'_>) -> Expression<'_> {
    Expression::ByValue(ty, Box::new(expression))
}

/// The table of a model.
pub(crate) fn table_name(model: &Model) -> TableName<'_> {
    TableName { schema: model.schema.as_deref(), name: &model.table }
}
