//! What rows are sorted by.

use std::collections::HashSet;

use super::{Scope, Table, by_value};
use crate::catalog::{FieldIndex, ModelIndex, Type};
use crate::error::Error;
use crate::statement::{Comparison, Expression, From, Output, Select, SortKey};
use crate::tree::{Nulls, Order, OrderBy};

impl<'a> Scope<'a> {
    /// The keys of `orderBy`, and where the order is to be total, those of the primary key.
    pub(crate) fn order_by(
        &mut self,
        table: Table,
        order: &[Order],
        reversed: bool,
        total: bool,
    ) -> Result<Vec<SortKey<'a>>, Error> {
        let mut keys = Vec::new();
        // A key that was there before decides nothing.
        let mut seen = HashSet::new();
        for key in order.iter().filter(|key| seen.insert((&key.path, key.by))) {
            keys.push(self.sort_key(table, key, reversed)?);
        }
        if let Some(most) = self.capabilities().sort_keys
            && seen.len() > most
        {
            let message = format!("the query sorts by more than {most} keys: sort by fewer");
            return Err(Error::limit("nodes", most as u64, message));
        }
        if total && !self.is_total(table.model, order)? {
            let key = self.catalog.model_at(table.model)?.keys.first();
            for field in key.iter().flat_map(|key| key.fields.iter()) {
                let expression = self.sorted_as_stored(table, *field)?;
                keys.push(SortKey { expression, descending: reversed, nulls_first: None });
            }
        }
        Ok(keys)
    }

    /// Returns whether the user's sort keys hold all columns of a key.
    fn is_total(&self, model: ModelIndex, order: &[Order]) -> Result<bool, Error> {
        let sorted =
            |field: &FieldIndex| order.iter().any(|key| key.path.is_empty() && key.by == OrderBy::Column(*field));
        let model = self.catalog.model_at(model)?;
        let required = |field: &FieldIndex| model.column(*field).is_some_and(|column| !column.nullable);
        Ok(model.keys.iter().any(|key| key.fields.iter().all(|field| sorted(field) && required(field))))
    }

    fn sort_key(&mut self, table: Table, key: &Order, reversed: bool) -> Result<SortKey<'a>, Error> {
        if let Some(most) = self.capabilities().sort_path
            && key.path.len() > most
        {
            let message = format!("a sort key leads through more than {most} relations: sort by a nearer field");
            return Err(Error::limit("relationDepth", most as u64, message));
        }
        let mut model = table.model;
        for field in &key.path {
            model = self.catalog.relation_at(model, *field)?.target;
        }
        let mut expression = match key.by {
            OrderBy::Count(field) if key.path.is_empty() => self.count_of_each(table, field, None)?,
            by => self.sorted(table, &key.path, by)?,
        };
        match key.by {
            // A row that the path does not lead to has no rows to count.
            OrderBy::Count(_) if !key.path.is_empty() => {
                expression = Expression::Coalesce(vec![expression, Expression::Number(0)]);
            }
            OrderBy::Column(field) if self.sorts_by_bytes(model, field)? => {
                expression = by_value(Type::Decimal, expression);
            }
            OrderBy::Count(_) | OrderBy::Column(_) => {}
        }
        Ok(SortKey {
            expression,
            descending: key.descending != reversed,
            nulls_first: key.nulls.map(|nulls| (nulls == Nulls::First) != reversed),
        })
    }

    fn sorted(&mut self, table: Table, path: &[FieldIndex], by: OrderBy) -> Result<Expression<'a>, Error> {
        let Some((field, rest)) = path.split_first() else {
            return match by {
                OrderBy::Column(field) => self.sorted_as_stored(table, field),
                OrderBy::Count(field) => self.count(table, field, None),
            };
        };
        let relation = self.catalog.relation_at(table.model, *field)?;
        let target = self.table(relation.target);
        let outputs = vec![Output::of(self.sorted(target, rest, by)?)];
        let from = Some(From::Table(self.source(target)?));
        let pairs = relation.to.iter().zip(relation.from.iter());
        let equal = |(to, from): (&FieldIndex, &FieldIndex)| {
            let to = self.compared_to(target, relation, *to)?;
            Ok(Comparison::equal(to, self.compared_from(table, relation, *from)?))
        };
        let conditions = pairs.map(equal).collect::<Result<_, Error>>()?;
        Ok(Expression::Select(Box::new(Select { outputs, from, conditions, ..Select::default() })))
    }

    /// A column as a sort key. Of a type whose bytes do not sort as its values do it is the bytes: the whole key around it says
    /// that it is sorted by value, and for a key that only makes an order total, the order of an index is as good as any.
    fn sorted_as_stored(&self, table: Table, field: FieldIndex) -> Result<Expression<'a>, Error> {
        if self.sorts_by_bytes(table.model, field)? { self.column(table, field) } else { self.compared(table, field) }
    }

    /// Returns whether the database would sort a column by its bytes although its values have another order.
    fn sorts_by_bytes(&self, model: ModelIndex, field: FieldIndex) -> Result<bool, Error> {
        Ok(self.capabilities().stores_forms && self.column_at(model, field)?.ty == Type::Decimal)
    }
}
