//! PostgreSQL.

use super::render::{Renderer, Text, operator_symbol, update_on_conflict};
use super::{ParameterType, PostgresType, Rendered};
use crate::catalog::{Catalog, Column, Type};
use crate::plan::Param;
use crate::statement::{
    ColumnName, Comparison, Condition, Conflict, Expression, Groups, InKeys, InList, Insert, KeysOf, Levels,
    SchemaField, Select, Statement, TableName,
};
use crate::tree::{Arithmetic, Compare};

/// The character before a wildcard that is none: what `LIKE` takes unless another is named. With another, the pattern would be an
/// expression, of which an index cannot be asked.
const ESCAPE: char = '\\';

pub(super) fn render(catalog: &Catalog, statement: &Statement<'_>) -> Rendered {
    let mut postgres = Postgres { catalog, text: Text::default(), types: Vec::new(), is_lateral: false };
    postgres.statement(statement);
    Rendered { types: postgres.types, ..postgres.text.finish() }
}

/// The type of a parameter that no column tells the type of.
fn of_param(param: &Param) -> PostgresType {
    match param {
        Param::Value { ty, .. }
        | Param::List { ty, .. }
        | Param::Array { ty, .. }
        | Param::KeyArray { ty, .. }
        | Param::RowValue { ty, .. } => PostgresType::of(*ty),
        Param::Count(_) => PostgresType::BigInt,
        Param::Now | Param::Instant(_) | Param::Date { .. } => PostgresType::Timestamp,
        Param::Cell { .. }
        | Param::Keys
        | Param::Key(_)
        | Param::Pattern { .. }
        | Param::Bound(_)
        | Param::InsertedId
        | Param::Generated(_) => PostgresType::Inferred,
    }
}

struct Postgres<'a> {
    catalog: &'a Catalog,
    text: Text,
    /// The types of the parameters so far.
    types: Vec<ParameterType>,
    /// Whether the keys by which rows are found are those of one group.
    is_lateral: bool,
}

impl Postgres<'_> {
    /// The type of a column, for a value that nothing else tells the type of.
    fn type_name(&mut self, column: &Column) {
        if let Some(native) = &column.native {
            let name = match &**native {
                "Char" => "bpchar",
                "VarChar" => "varchar",
                "SmallInt" => "smallint",
                "Real" => "real",
                "Uuid" => "uuid",
                "Inet" => "inet",
                "Citext" => "citext",
                "Date" => "date",
                "Time" => "time",
                "Timetz" => "timetz",
                "Timestamptz" => "timestamptz",
                "Oid" => "oid",
                "Money" => "money",
                "Xml" => "xml",
                "Bit" => "bit",
                "VarBit" => "varbit",
                "Json" => "json",
                _ => return self.scalar_type(column.ty),
            };
            self.push(name);
        } else {
            self.scalar_type(column.ty);
        }
    }

    fn scalar_type(&mut self, ty: Type) {
        let name = match ty {
            Type::String => "text",
            Type::Boolean => "boolean",
            Type::Int => "integer",
            Type::BigInt => "bigint",
            Type::Float => "double precision",
            Type::Decimal => "numeric",
            Type::DateTime => "timestamp",
            Type::Json => "jsonb",
            Type::Bytes => "bytea",
            Type::Enum(index) => {
                if let Some(values) = self.catalog.enumeration(index) {
                    let name = TableName { schema: values.schema.as_deref(), name: &values.db_name };
                    self.table_name(name);
                }
                return;
            }
        };
        self.push(name);
    }

    /// An array of values of a column. The elements of one whose type is inferred are declared as texts, which are no values of
    /// an enum, and would compare a `citext` or a `char` as a text.
    fn array(&mut self, param: &Param, column: &Column) {
        self.param(param, Some(column));
        if PostgresType::of_column(column) == PostgresType::Inferred
            && (column.ty != Type::String || column.native.is_some())
        {
            self.push("::text[]::").type_name(column);
            self.push("[]");
        }
    }

    /// The rows of keys: those of a frame, one array per part, or of another level.
    fn key_rows(&mut self, keys: &InKeys<'_>) {
        match &keys.keys {
            KeysOf::Frame => {
                self.push("unnest(");
                self.separated(", ", keys.columns.iter().enumerate(), |sql, (part, column)| {
                    sql.array(&Param::KeyArray { part, ty: column.ty }, column);
                });
                self.push(")");
            }
            KeysOf::Level { level, outputs } => {
                self.push("(SELECT DISTINCT ").keys_of_level(*level, outputs);
                self.push(")");
            }
        }
    }

    fn keys_of_level(&mut self, level: usize, outputs: &[usize]) {
        self.separated(", ", outputs, |sql, output| sql.expression(&Expression::Output(*output)));
        self.push(" FROM ").level_name(level);
    }

    /// The name of a level within the statement, which hides a table of the same name.
    fn level_name(&mut self, level: usize) {
        let mut name = format!("l{level}");
        while self.catalog.has_table(&name) {
            name.push('_');
        }
        self.name(&name);
    }

    fn output_names(&mut self, select: &Select<'_>) {
        self.push(" (").separated(", ", 0..select.outputs.len(), |sql, output| {
            sql.expression(&Expression::Output(output));
        });
        self.push(")");
    }
}

impl Renderer for Postgres<'_> {
    const NO_LIMIT: Option<&'static str> = None;
    const DEFAULT_VALUES: &'static str = " DEFAULT VALUES";

    fn text(&mut self) -> &mut Text {
        &mut self.text
    }

    fn name(&mut self, name: &str) {
        self.text.quoted(name, '"');
    }

    fn table_name(&mut self, table: TableName<'_>) {
        if let Some(schema) = table.schema {
            self.name(schema);
            self.push(".");
        }
        self.name(table.name);
    }

    fn param(&mut self, param: &Param, column: Option<&Column>) {
        let declared = match column {
            Some(column) => PostgresType::of_column(column),
            None => of_param(param),
        };
        let array =
            matches!(param, Param::Array { .. } | Param::KeyArray { .. }) || column.is_some_and(|column| column.list);
        self.types.push(ParameterType { ty: declared, array });
        self.text.bind(param.clone());
        let number = self.text.bound();
        self.push("$").text().number(number);
    }

    /// A value has one form.
    fn by_value(&mut self, _: Type, expression: &Expression<'_>) {
        self.expression(expression);
    }

    /// `json` keeps its text and cannot be compared; `jsonb` can.
    fn normal_json(&mut self, expression: &Expression<'_>) {
        self.expression(expression);
        self.push("::jsonb");
    }

    fn computed(&mut self, column: ColumnName<'_>, _: Type, operator: Arithmetic, value: &Param, _: SchemaField) {
        self.column(column);
        self.push(operator_symbol(operator)).param(value, None);
    }

    /// The column takes no number that it cannot hold.
    fn in_range(&mut self, column: ColumnName<'_>, _: Type, _: SchemaField) {
        self.column(column);
    }

    fn search(&mut self, operator: Compare, column: ColumnName<'_>, text: &Param) {
        self.column(column);
        self.push(" LIKE ").param(&text.pattern(operator, ESCAPE), None);
    }

    /// Nothing tells the type of two parameters.
    fn comparison(&mut self, comparison: &Comparison<'_>) {
        let Comparison { left, operator, right, .. } = comparison;
        self.expression(left);
        if let (Expression::Param(_, Some(column)), Expression::Param(..)) = (left, right) {
            self.push("::").type_name(column);
        }
        self.push(operator.symbol()).expression(right);
    }

    fn in_list(&mut self, list: &InList<'_>) {
        self.expression(&list.operand);
        self.push(if list.negated { " <> ALL(" } else { " = ANY(" });
        self.array(&Param::Array { slot: list.list, ty: list.column.ty }, list.column);
        self.push(if list.column.ty == Type::Json { "::jsonb[])" } else { ")" });
    }

    fn in_keys(&mut self, keys: &InKeys<'_>) {
        if self.is_lateral {
            self.separated(" AND ", keys.operands.iter().enumerate(), |sql, (part, operand)| {
                sql.expression(operand);
                sql.push(" = k.k").text().number(part);
            });
        } else if let ([operand], [column]) = (&*keys.operands, &*keys.columns) {
            self.expression(operand);
            match &keys.keys {
                KeysOf::Frame => self.push(" = ANY(").array(&Param::KeyArray { part: 0, ty: column.ty }, column),
                // An array is computed once, before the rows are looked for by the index. `IN` would read the whole table.
                KeysOf::Level { level, outputs } => {
                    self.push(" = ANY(ARRAY(SELECT ").keys_of_level(*level, outputs);
                    self.push(")");
                }
            }
            self.push(")");
        } else {
            self.push("(").separated(", ", &keys.operands, Self::expression);
            match &keys.keys {
                KeysOf::Frame => self.push(") IN (SELECT * FROM ").key_rows(keys),
                KeysOf::Level { level, outputs } => self.push(") IN (SELECT ").keys_of_level(*level, outputs),
            }
            self.push(")");
        }
    }

    /// A page of each group: the rows of each are found by themselves, so that an index ends the search with the page. The
    /// groups come from a function or from another level, whose rows no parallel plan divides: those of a group follow one
    /// another.
    fn pages(&mut self, select: &Select<'_>, groups: &Groups<'_>) {
        let keys = select.conditions.iter().find_map(|condition| match condition {
            Condition::InKeys(keys) => Some(keys),
            _ => None,
        });
        let Some(keys) = keys else { return self.numbered_pages(select, groups) };
        self.push("SELECT ");
        self.separated(", ", &select.outputs, |sql, output| {
            if let Some(name) = output.name {
                sql.push("d.").expression(&Expression::Output(name));
            }
        });
        self.push(" FROM ").key_rows(keys);
        self.push(" AS k (");
        self.separated(", ", 0..keys.operands.len(), |sql, part| sql.push("k").text().number(part));
        self.push(") CROSS JOIN LATERAL (");
        self.is_lateral = true;
        self.rows(select, |_| {});
        self.order(&select.order);
        self.page(&select.page);
        self.is_lateral = false;
        self.push(") AS d");
    }

    /// A level with children is computed once, whoever reads its rows.
    fn levels(&mut self, levels: &Levels<'_>) {
        let with_children = levels.levels.iter().enumerate().filter(|(_, level)| level.has_children);
        self.push("WITH ").separated(", ", with_children, |sql, (index, level)| {
            sql.level_name(index);
            sql.output_names(&level.select);
            sql.push(" AS MATERIALIZED (").select(&level.select);
            sql.push(")");
        });
        self.separated(" UNION ALL", levels.levels.iter().enumerate(), |sql, (index, level)| {
            sql.push(" SELECT ").text().number(index);
            for (slot, output) in levels.slots.iter().zip(&level.slots) {
                sql.push(", ");
                match (output, slot) {
                    (Some(output), _) => sql.expression(&Expression::Output(*output)),
                    (None, Some(column)) => {
                        sql.push("NULL::").type_name(column);
                        sql.push(if column.list { "[]" } else { "" });
                    }
                    (None, None) => {
                        sql.push("NULL::bigint");
                    }
                }
            }
            sql.push(" FROM ");
            if level.has_children {
                sql.level_name(index);
            } else {
                sql.push("(").select(&level.select);
                sql.push(") AS d");
                sql.output_names(&level.select);
            }
        });
    }

    fn conflict(&mut self, insert: &Insert<'_>) {
        match &insert.conflict {
            Conflict::Fail => {}
            Conflict::Ignore => {
                self.push(" ON CONFLICT DO NOTHING");
            }
            Conflict::Update { key, change } => update_on_conflict(self, key, change),
        }
    }
}
