//! Conditions on rows and on the rows that they lead to.

use super::{Scope, Table, by_value, depth};
use crate::catalog::{Arity, FieldIndex, ModelIndex, Type};
use crate::error::Error;
use crate::plan::Param;
use crate::statement::{Comparison, Condition, Expression, From, InList, Lookup, Operator, Output, Select};
use crate::tree::{Compare, Filter, Quantifier, Slot};

/// The statements in which the rows of a statement are looked up. SQLite joins at most 64 tables, those of each among them.
const MOST_LOOKUPS: usize = 24;

/// The rows for which an expression is right about a condition. In SQL a condition may be unknown, which is neither; what
/// stands for it in an expression may be true or false all the same, on the side that does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// The expression is true for the rows for which the condition is true.
    Holds,
    /// The expression is false for the rows for which the condition is false.
    Fails,
}

impl Sense {
    fn negated(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
        }
    }
}

impl<'a> Scope<'a> {
    /// The condition of a filter on the rows of a table.
    pub(crate) fn condition(&mut self, table: Table, filter: &Filter) -> Result<Condition<'a>, Error> {
        if let Some(most) = self.capabilities().expression_depth
            && depth::of(filter) > most
        {
            let name = self.capabilities().name;
            let message =
                format!("the conditions nest deeper than {name} can compile: nest fewer relations in each other");
            return Err(Error::limit("filterDepth", most as u64, message));
        }
        self.filter(table, filter, Sense::Holds)
    }

    fn filter(&mut self, table: Table, filter: &Filter, sense: Sense) -> Result<Condition<'a>, Error> {
        let mut all = |parts: &[Filter]| -> Result<Vec<_>, Error> {
            parts.iter().map(|part| self.filter(table, part, sense)).collect()
        };
        Ok(match filter {
            Filter::And(parts) => Condition::All(all(parts)?),
            Filter::Or(parts) => Condition::Any(all(parts)?),
            Filter::Not(inner) => Condition::Not(Box::new(self.filter(table, inner, sense.negated())?)),
            Filter::Compare { field, operator, value } => self.compare(table, *field, *operator, *value, sense)?,
            Filter::In { field, negated, list } => {
                let column = self.column_at(table.model, *field)?;
                Condition::InList(InList {
                    operand: self.equality_operand(table, *field)?,
                    column,
                    negated: *negated,
                    list: *list,
                    scans: scans(column.ty, !negated && sense == Sense::Holds),
                })
            }
            Filter::List { field, .. } | Filter::Empty { field } => return Err(self.no_lists(table.model, *field)),
            Filter::Null { field, negated } => {
                Condition::Null { operand: self.column(table, *field)?, negated: *negated }
            }
            Filter::Related { field, quantifier, filter } => {
                self.quantified(table, *field, *quantifier, filter, sense)?
            }
        })
    }

    fn compare(
        &mut self,
        table: Table,
        field: FieldIndex,
        operator: Compare,
        slot: Slot,
        sense: Sense,
    ) -> Result<Condition<'a>, Error> {
        let column = self.column_at(table.model, field)?;
        let value = Param::Value { slot, ty: column.ty };
        let (symbol, is_equality) = match operator {
            Compare::Equals => (Operator::Equal, true),
            Compare::NotEquals => (Operator::NotEqual, true),
            Compare::Less => (Operator::Less, false),
            Compare::LessOrEqual => (Operator::LessOrEqual, false),
            Compare::Greater => (Operator::Greater, false),
            Compare::GreaterOrEqual => (Operator::GreaterOrEqual, false),
            Compare::Contains | Compare::StartsWith | Compare::EndsWith => {
                return Ok(Condition::Search { operator, column: self.column_name(table, field)?, text: value });
            }
        };
        let left = if is_equality { self.equality_operand(table, field)? } else { self.order_operand(table, field)? };
        let right = Expression::Param(value, Some(column));
        Ok(Condition::Compare(Comparison {
            left,
            operator: symbol,
            right: if column.ty == Type::Json { Expression::NormalJson(Box::new(right)) } else { right },
            scans: scans(column.ty, operator == Compare::Equals && sense == Sense::Holds),
        }))
    }

    /// A column as it is compared for equality with a value.
    fn equality_operand(&self, table: Table, field: FieldIndex) -> Result<Expression<'a>, Error> {
        let compared = self.compared(table, field)?;
        let is_json = self.column_at(table.model, field)?.ty == Type::Json;
        Ok(if is_json { Expression::NormalJson(Box::new(compared)) } else { compared })
    }

    /// A column as it is compared for its order. Equal canonical texts of decimals are equal bytes, but their bytes do
    /// not sort as their values do.
    fn order_operand(&self, table: Table, field: FieldIndex) -> Result<Expression<'a>, Error> {
        match self.column_at(table.model, field)?.ty {
            Type::Decimal if self.capabilities().stores_forms => {
                Ok(by_value(Type::Decimal, self.column(table, field)?))
            }
            _ => self.equality_operand(table, field),
        }
    }

    fn quantified(
        &mut self,
        table: Table,
        field: FieldIndex,
        quantifier: Quantifier,
        filter: &Filter,
        sense: Sense,
    ) -> Result<Condition<'a>, Error> {
        let (target, from, mut conditions) = self.related(table, field)?;
        let anything = matches!(filter, Filter::And(parts) if parts.is_empty());
        // The condition on a to-one relation is unknown where the one on its row is, and so is its negation: a join in
        // place of the sub-select would say so by itself. The conditions on lists of rows are true or false.
        let to_one = self.catalog.relation_at(table.model, field)?.arity != Arity::Many;
        let unless_it_fails = to_one
            && match quantifier {
                Quantifier::Some => sense == Sense::Fails,
                Quantifier::None => sense == Sense::Holds,
                Quantifier::Every => false,
            };
        if quantifier == Quantifier::Every {
            conditions.push(Condition::Not(Box::new(self.filter(target, filter, Sense::Fails)?)));
        } else if unless_it_fails && self.may_be_unknown(target.model, filter)? {
            conditions.push(Condition::NotFalse(Box::new(self.filter(target, filter, Sense::Fails)?)));
        } else if !anything {
            let sense = if unless_it_fails { Sense::Fails } else { Sense::Holds };
            conditions.push(self.filter(target, filter, sense)?);
        }
        let outputs = vec![Output::of(Expression::Number(1))];
        let select = Box::new(Select { outputs, from: Some(from), conditions, ..Select::default() });
        Ok(Condition::Exists { select, negated: quantifier != Quantifier::Some })
    }

    /// Returns whether a condition on a row of the model may be neither true nor false.
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
            | Filter::Empty { field } => self.column_at(model, *field)?.nullable,
            Filter::Null { .. } | Filter::Related { .. } => false,
        })
    }

    /// The number of the rows that a relation leads to from each row of a statement's table. Where no index finds the rows
    /// of one, those of all are counted at once: a count per row would read the whole table for each.
    pub(crate) fn count_of_each(
        &mut self,
        table: Table,
        field: FieldIndex,
        filter: Option<&Filter>,
    ) -> Result<Expression<'a>, Error> {
        let relation = self.catalog.relation_at(table.model, field)?;
        if relation.indexed || relation.through.is_some() || self.lookups.len() >= MOST_LOOKUPS {
            return self.count(table, field, filter);
        }
        let target = self.table(relation.target);
        let mut select = Select { from: Some(From::Table(self.source(target)?)), ..Select::default() };
        for (index, key) in relation.to.iter().enumerate() {
            let key = self.compared_to(target, relation, *key)?;
            select.outputs.push(Output { expression: key.clone(), name: Some(index) });
            select.group_by.push(key);
        }
        let count = select.outputs.len();
        select.outputs.push(Output { expression: Expression::CountRows, name: Some(count) });
        if let Some(filter) = filter {
            select.conditions.push(self.condition(target, filter)?);
        }
        let keys =
            relation.from.iter().map(|key| self.compared_from(table, relation, *key)).collect::<Result<_, Error>>()?;
        let alias = self.table(relation.target).alias;
        self.lookups.push(Lookup { select, alias, keys });
        Ok(Expression::Coalesce(vec![Expression::Found(alias, count), Expression::Number(0)]))
    }

    /// The number of the rows that a relation leads to.
    pub(crate) fn count(
        &mut self,
        table: Table,
        field: FieldIndex,
        filter: Option<&Filter>,
    ) -> Result<Expression<'a>, Error> {
        let (target, from, mut conditions) = self.related(table, field)?;
        if let Some(filter) = filter {
            conditions.push(self.condition(target, filter)?);
        }
        let outputs = vec![Output::of(Expression::CountRows)];
        Ok(Expression::Select(Box::new(Select { outputs, from: Some(from), conditions, ..Select::default() })))
    }
}

/// Returns whether a comparison reads values that may be long without finding the rows by them.
fn scans(ty: Type, finds: bool) -> bool {
    matches!(ty, Type::String | Type::Bytes) && !finds
}
