//! MySQL and MariaDB.

use super::render::{Renderer, Text, keys_in_gap, list_in_gap, operator_symbol};
use super::{Dialect, Rendered};
use crate::catalog::{Column, Type};
use crate::plan::Param;
use crate::statement::{
    Alias, ColumnName, Conflict, Delete, Expression, InKeys, InList, Insert, SchemaField, SortKey, Statement, TableName,
};
use crate::tree::{Arithmetic, Compare};

/// The character before a wildcard that is none. A backslash would be one or not by the mode of the session.
const ESCAPE: char = '!';

pub(super) fn render(dialect: Dialect, statement: &Statement<'_>) -> Rendered {
    let mut mysql = Mysql { is_mariadb: dialect == Dialect::Mariadb, text: Text::default(), unnamed: None };
    mysql.statement(statement);
    mysql.text.finish()
}

struct Mysql<'s> {
    is_mariadb: bool,
    text: Text,
    /// The table of a statement that cannot name it otherwise.
    unnamed: Option<(Alias, TableName<'s>)>,
}

impl Renderer for Mysql<'_> {
    const NO_LIMIT: Option<&'static str> = Some("18446744073709551615");
    const DEFAULT_VALUES: &'static str = " () VALUES ()";
    const NO_ROWS: &'static str = " FROM DUAL";

    fn text(&mut self) -> &mut Text {
        &mut self.text
    }

    fn name(&mut self, name: &str) {
        self.text.quoted(name, '`');
    }

    /// A schema is a database.
    fn table_name(&mut self, table: TableName<'_>) {
        if let Some(schema) = table.schema {
            self.name(schema);
            self.push(".");
        }
        self.name(table.name);
    }

    fn param(&mut self, param: &Param, _: Option<&Column>) {
        self.push("?").text().bind(param.clone());
    }

    /// A value has one form.
    fn by_value(&mut self, _: Type, expression: &Expression<'_>) {
        self.expression(expression);
    }

    /// MariaDB keeps the text of JSON, and MySQL takes a parameter for a text.
    fn normal_json(&mut self, expression: &Expression<'_>) {
        if self.is_mariadb {
            self.push("JSON_NORMALIZE(").expression(expression);
            self.push(")");
        } else if matches!(expression, Expression::Param(..)) {
            self.push("CAST(").expression(expression);
            self.push(" AS JSON)");
        } else {
            self.expression(expression);
        }
    }

    /// The quotient of integers is one.
    fn computed(&mut self, column: ColumnName<'_>, ty: Type, operator: Arithmetic, value: &Param, _: SchemaField) {
        let divides_integers = operator == Arithmetic::Divide && matches!(ty, Type::Int | Type::BigInt);
        self.column(column);
        self.push(if divides_integers { " DIV " } else { operator_symbol(operator) }).param(value, None);
    }

    /// The column takes no number that it cannot hold.
    fn in_range(&mut self, column: ColumnName<'_>, _: Type, _: SchemaField) {
        self.column(column);
    }

    fn search(&mut self, operator: Compare, column: ColumnName<'_>, text: &Param) {
        self.column(column);
        self.push(" LIKE ").param(&text.pattern(operator, ESCAPE), None);
        self.push(" ESCAPE '!'");
    }

    fn in_list(&mut self, list: &InList<'_>) {
        let around = match (list.column.ty, self.is_mariadb) {
            (Type::Json, true) => ("JSON_NORMALIZE(", ")"),
            (Type::Json, false) => ("CAST(", " AS JSON)"),
            _ => ("", ""),
        };
        list_in_gap(self, list, around);
    }

    fn in_keys(&mut self, keys: &InKeys<'_>) {
        keys_in_gap(self, &keys.operands);
    }

    /// There is no `NULLS FIRST`: whether a value is null is a key before it.
    fn sort_key(&mut self, key: &SortKey<'_>) {
        if let Some(nulls_first) = key.nulls_first {
            self.expression(&key.expression);
            self.push(if nulls_first { " IS NOT NULL, " } else { " IS NULL, " });
        }
        self.expression(&key.expression);
        self.push(if key.descending { " DESC" } else { "" });
    }

    /// The table of a single-table `DELETE` has no other name in MariaDB before 11.6.
    fn delete(&mut self, delete: &Delete<'_>) {
        self.push("DELETE FROM ").table_name(delete.table.table);
        let table = delete.table.table;
        let mut inner = Mysql {
            is_mariadb: self.is_mariadb,
            text: std::mem::take(&mut self.text),
            unnamed: Some((delete.table.alias, table)),
        };
        inner.conditions(&delete.conditions);
        self.text = inner.text;
        self.returning(&delete.returning);
    }

    fn alias(&mut self, alias: Alias) {
        match self.unnamed {
            Some((unnamed, table)) if unnamed == alias => self.table_name(table),
            _ => self.text.alias(alias),
        }
    }

    /// `INSERT IGNORE` would ignore any error.
    fn conflict(&mut self, insert: &Insert<'_>) {
        if insert.conflict == Conflict::Ignore
            && let Some((column, _)) = insert.values.first()
        {
            self.push(" ON DUPLICATE KEY UPDATE ").name(column);
            self.push(" = ").name(column);
        }
    }
}
