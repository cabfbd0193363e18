//! Writes statements as SQL: what all databases read alike. A renderer says what is different.

use std::ops::Range;

use super::Rendered;
use crate::catalog::{Column, Type};
use crate::lower::MOST_IN_PLAIN_GROUP;
use crate::plan::{Collation, Gap, Param, Sql};
use crate::statement::{
    Alias, ColumnName, Comparison, Condition, Conflict, Count, Delete, Expression, From, Groups, InKeys, InList,
    Insert, Levels, Lookup, Output, Page, SchemaField, Select, SortKey, Source, Statement, TableName, Update,
};
use crate::tree::{Arithmetic, Compare};

/// The text of a statement so far, and its parameters.
#[derive(Debug, Default)]
pub(super) struct Text {
    text: String,
    /// The gaps for lists so far, each with the text before it.
    gaps: Vec<Gap>,
    params: Vec<Param>,
    /// Where the values of a new row are in the text.
    values: Option<Range<usize>>,
}

impl Text {
    pub(super) fn finish(self) -> Rendered {
        let sql =
            if self.gaps.is_empty() { Sql::Fixed(self.text) } else { Sql::Gaps { gaps: self.gaps, tail: self.text } };
        Rendered { sql, params: self.params, types: Vec::new(), values: self.values }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A name between quotes, those in it doubled.
    pub(super) fn quoted(&mut self, name: &str, quote: char) {
        self.text.push(quote);
        for character in name.chars() {
            if character == quote {
                self.text.push(quote);
            }
            self.text.push(character);
        }
        self.text.push(quote);
    }

    pub(super) fn number(&mut self, number: impl std::fmt::Display) {
        use std::fmt::Write as _;
        let _ = write!(self.text, "{number}");
    }

    /// The name of a table within the statement.
    pub(super) fn alias(&mut self, alias: Alias) {
        match alias {
            Alias::Table(index) => {
                self.text.push('t');
                self.number(index);
            }
            Alias::Join => self.text.push('j'),
        }
    }

    /// Notes a parameter, whose placeholder the caller writes.
    pub(super) fn bind(&mut self, param: Param) {
        self.params.push(param);
    }

    /// Leaves a gap for a list of keys.
    pub(super) fn keys(&mut self) {
        self.gap(("", ""), Param::Keys);
    }

    /// Leaves a gap for a list of the query, with this text around each value.
    pub(super) fn list(&mut self, list: &InList<'_>, around: (&'static str, &'static str)) {
        self.gap(around, Param::List { slot: list.list, ty: list.column.ty });
    }

    fn gap(&mut self, around: (&'static str, &'static str), param: Param) {
        self.gaps.push(Gap { head: std::mem::take(&mut self.text), around });
        self.params.push(param);
    }

    /// The number of parameters so far.
    pub(super) fn bound(&self) -> usize {
        self.params.len()
    }
}

/// Writes the statements of one database. Each method writes one thing; what is the same everywhere is written here.
pub(super) trait Renderer: Sized {
    /// The text so far.
    fn text(&mut self) -> &mut Text;

    /// A name in quotes: the only place where a name becomes SQL.
    fn name(&mut self, name: &str);

    /// The name of a table, in its schema where the database has several.
    fn table_name(&mut self, table: TableName<'_>);

    /// A parameter, and the column that it is compared with or stored in.
    fn param(&mut self, param: &Param, column: Option<&Column>);

    /// A value that may be stored in several forms, as what it means.
    fn by_value(&mut self, ty: Type, expression: &Expression<'_>);

    /// A JSON value in the form in which equal values are equal.
    fn normal_json(&mut self, expression: &Expression<'_>);

    /// A number that a column computes from its own.
    fn computed(&mut self, column: ColumnName<'_>, ty: Type, operator: Arithmetic, value: &Param, place: SchemaField);

    /// A number of a column that must be one that the column can hold.
    fn in_range(&mut self, column: ColumnName<'_>, ty: Type, place: SchemaField);

    /// Writes that a column holds a text, begins or ends with it.
    fn search(&mut self, operator: Compare, column: ColumnName<'_>, text: &Param);

    /// Writes that a value is one of a list.
    fn in_list(&mut self, list: &InList<'_>);

    /// Writes that values are those of a key that a frame holds.
    fn in_keys(&mut self, keys: &InKeys<'_>);

    /// The number of rows that stands for no limit, where an offset needs one.
    const NO_LIMIT: Option<&'static str>;

    /// The values of a new row that consists of defaults.
    const DEFAULT_VALUES: &'static str;

    /// What conditions are read from where there are no rows.
    const NO_ROWS: &'static str = "";

    /// The start of an insert, up to the table.
    fn insert_into(&mut self, _: &Conflict<'_>) {
        self.push("INSERT INTO ");
    }

    /// What becomes of a row that is there already.
    fn conflict(&mut self, insert: &Insert<'_>);

    fn push(&mut self, sql: &str) -> &mut Self {
        self.text().text.push_str(sql);
        self
    }

    /// A sequence with a separator between its parts.
    fn separated<T>(
        &mut self,
        separator: &str,
        parts: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            write(self, part);
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::Select(select) => self.select(select),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Levels(levels) => self.levels(levels),
        }
    }

    /// The levels of a read. The planner makes them for databases that read them together.
    fn levels(&mut self, _: &Levels<'_>) {
        debug_assert!(false, "the database reads a level at a time");
    }

    fn select(&mut self, select: &Select<'_>) {
        match &select.page_of_each {
            Some(groups) => self.pages(select, groups),
            None => self.rows(select, |_| {}),
        }
    }

    /// A statement with one page, or none. `and` writes what follows the outputs.
    fn rows(&mut self, select: &Select<'_>, and: impl FnOnce(&mut Self)) {
        self.push("SELECT ");
        self.separated(", ", &select.outputs, Self::output);
        and(self);
        match &select.from {
            Some(from) => {
                self.push(" FROM ");
                self.from(from);
            }
            None => {
                self.push(Self::NO_ROWS);
            }
        }
        for lookup in &select.lookups {
            self.lookup(lookup);
        }
        self.conditions(&select.conditions);
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.separated(", ", &select.group_by, Self::expression);
        }
        if let Some(having) = &select.having {
            self.push(" HAVING ");
            self.condition(having);
        }
        // The rows of groups with pages are sorted by their numbers.
        if select.page_of_each.is_none() {
            self.order(&select.order);
            self.page(&select.page);
        }
        if select.locks {
            self.lock();
        }
    }

    /// Keeps others from changing the rows until the transaction ends, where the database does not do so by itself.
    fn lock(&mut self) {
        self.push(" FOR UPDATE");
    }

    /// A page of each group of rows.
    fn pages(&mut self, select: &Select<'_>, groups: &Groups<'_>) {
        self.numbered_pages(select, groups);
    }

    /// A page of each group: the rows of a group are numbered, and the statement around them takes those of its page.
    fn numbered_pages(&mut self, select: &Select<'_>, groups: &Groups<'_>) {
        self.push("SELECT ");
        self.separated(", ", &select.outputs, |sql, output| {
            if let Some(name) = output.name {
                sql.expression(&Expression::Output(name));
            }
        });
        self.push(" FROM (");
        self.rows(select, |sql| {
            sql.push(", ROW_NUMBER() OVER (PARTITION BY ");
            sql.separated(", ", &groups.keys, Self::expression);
            sql.order(&select.order);
            sql.push(") AS n");
        });
        self.push(")");
        self.derived_name();
        self.push(" WHERE ");
        if let Some(skip) = select.page.skip {
            self.push("n > ").param(&Param::Count(skip), None);
        }
        if let Some(take) = select.page.take {
            self.push(if select.page.skip.is_some() { " AND n <= " } else { "n <= " });
            if let Some(skip) = select.page.skip {
                self.param(&Param::Count(skip), None);
                self.push(" + ");
            }
            self.count(take);
        }
        self.push(" ORDER BY ");
        for output in &groups.outputs {
            self.expression(output);
            self.push(", ");
        }
        self.push("n");
    }

    /// The name of the statement within this one, where the database wants one.
    fn derived_name(&mut self) {
        self.push(" AS d");
    }

    fn lookup(&mut self, lookup: &Lookup<'_>) {
        self.push(" LEFT JOIN (").select(&lookup.select);
        self.push(") AS ").alias(lookup.alias);
        self.push(" ON ").separated(" AND ", lookup.keys.iter().enumerate(), |sql, (index, key)| {
            sql.expression(&Expression::Found(lookup.alias, index));
            sql.push(" = ").expression(key);
        });
    }

    fn output(&mut self, output: &Output<'_>) {
        self.expression(&output.expression);
        if let Some(name) = output.name {
            self.push(" AS ").expression(&Expression::Output(name));
        }
    }

    fn from(&mut self, from: &From<'_>) {
        match from {
            From::Table(source) => self.source(source),
            From::Join { left, right, on } => {
                self.source(left);
                self.push(" JOIN ");
                self.source(right);
                self.push(" ON ");
                self.separated(" AND ", on, Self::condition);
            }
            From::Select(select) => {
                self.push("(");
                self.select(select);
                self.push(")");
                self.derived_name();
            }
        }
    }

    fn source(&mut self, source: &Source<'_>) {
        self.table_name(source.table);
        self.push(" AS ");
        self.alias(source.alias);
    }

    fn alias(&mut self, alias: Alias) {
        self.text().alias(alias);
    }

    fn conditions(&mut self, conditions: &[Condition<'_>]) {
        match conditions {
            [] => {}
            few if few.len() <= MOST_IN_PLAIN_GROUP => {
                self.push(" WHERE ").separated(" AND ", few, Self::condition);
            }
            many => self.push(" WHERE ").group(many, " AND ", "1 = 1"),
        }
    }

    fn order(&mut self, keys: &[SortKey<'_>]) {
        if !keys.is_empty() {
            self.push(" ORDER BY ");
            self.separated(", ", keys, Self::sort_key);
        }
    }

    fn sort_key(&mut self, key: &SortKey<'_>) {
        self.expression(&key.expression);
        self.push(if key.descending { " DESC" } else { "" });
        match key.nulls_first {
            Some(true) => self.push(" NULLS FIRST"),
            Some(false) => self.push(" NULLS LAST"),
            None => self,
        };
    }

    fn page(&mut self, page: &Page) {
        match (page.take, Self::NO_LIMIT) {
            (Some(take), _) => self.push(" LIMIT ").count(take),
            (None, Some(no_limit)) if page.skip.is_some() => {
                self.push(" LIMIT ").push(no_limit);
            }
            (None, _) => {}
        }
        if let Some(skip) = page.skip {
            self.push(" OFFSET ").param(&Param::Count(skip), None);
        }
    }

    fn count(&mut self, count: Count) {
        match count {
            Count::One => {
                self.push("1");
            }
            Count::Value(slot) => self.param(&Param::Count(slot), None),
        }
    }

    fn insert(&mut self, insert: &Insert<'_>) {
        self.insert_into(&insert.conflict);
        self.table_name(insert.table);
        if let Conflict::Update { change, .. } = &insert.conflict {
            self.push(" AS ").alias(change.table.alias);
        }
        if insert.values.is_empty() {
            self.push(Self::DEFAULT_VALUES);
        } else {
            self.push(" (");
            self.separated(", ", &insert.values, |sql, (column, _)| sql.name(column));
            self.push(") VALUES ");
            let start = self.text().text.len();
            self.push("(");
            self.separated(", ", &insert.values, |sql, (_, value)| sql.expression(value));
            self.push(")");
            let text = self.text();
            text.values = Some(start..text.text.len());
        }
        self.conflict(insert);
        self.returning(&insert.returning);
    }

    fn update(&mut self, update: &Update<'_>) {
        self.push("UPDATE ");
        self.source(&update.table);
        self.assignments(update);
        self.returning(&update.returning);
    }

    /// What the columns of an updated row get, and which rows are updated.
    fn assignments(&mut self, update: &Update<'_>) {
        self.push(" SET ");
        self.separated(", ", &update.values, |sql, (column, value)| {
            sql.name(column);
            sql.push(" = ").expression(value);
        });
        self.conditions(&update.conditions);
    }

    fn delete(&mut self, delete: &Delete<'_>) {
        self.push("DELETE FROM ");
        self.source(&delete.table);
        self.conditions(&delete.conditions);
        self.returning(&delete.returning);
    }

    fn returning(&mut self, returning: &[Expression<'_>]) {
        if !returning.is_empty() {
            self.push(" RETURNING ");
            self.separated(", ", returning, Self::expression);
        }
    }

    fn column(&mut self, column: ColumnName<'_>) {
        if let Some(alias) = column.alias {
            self.alias(alias);
            self.push(".");
        }
        self.name(column.name);
    }

    fn expression(&mut self, expression: &Expression<'_>) {
        match expression {
            Expression::Column(column) => self.column(*column),
            Expression::Output(index) => self.push("c").text().number(index),
            Expression::Found(alias, index) => {
                self.alias(*alias);
                self.push(".c").text().number(index);
            }
            Expression::Param(param, column) => self.param(param, *column),
            Expression::Null => {
                self.push("NULL");
            }
            Expression::Number(number) => self.text().number(number),
            Expression::ByValue(ty, inner) => self.by_value(*ty, inner),
            Expression::Collated(collation, inner) => {
                self.expression(inner);
                self.push(match collation {
                    Collation::Binary => " COLLATE BINARY",
                    Collation::NoCase => " COLLATE NOCASE",
                    Collation::RightTrim => " COLLATE RTRIM",
                });
            }
            Expression::NormalJson(inner) => self.normal_json(inner),
            Expression::CountRows => {
                self.push("COUNT(*)");
            }
            Expression::CountOf(inner) => {
                self.push("COUNT(").expression(inner);
                self.push(")");
            }
            Expression::Select(select) => {
                self.push("(").select(select);
                self.push(")");
            }
            Expression::Coalesce(values) => {
                self.push("COALESCE(").separated(", ", values, Self::expression);
                self.push(")");
            }
            Expression::Case { condition, then, otherwise } => {
                self.push("CASE WHEN ").condition(condition);
                self.push(" THEN ").expression(then);
                self.push(" ELSE ").expression(otherwise);
                self.push(" END");
            }
            Expression::Computed { column, ty, operator, value, place } => {
                self.computed(*column, *ty, *operator, value, *place);
            }
            Expression::InRange { column, ty, place } => self.in_range(*column, *ty, *place),
        }
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        match condition {
            Condition::All(parts) => self.group(parts, " AND ", "1 = 1"),
            Condition::Any(parts) => self.group(parts, " OR ", "1 = 0"),
            Condition::Not(inner) => {
                self.push("NOT (").condition(inner);
                self.push(")");
            }
            Condition::NotFalse(inner) => {
                self.push("(").condition(inner);
                self.push(") IS NOT FALSE");
            }
            Condition::NotTrue(inner) => {
                self.push("(").condition(inner);
                self.push(") IS NOT TRUE");
            }
            Condition::Compare(comparison) => self.compare(comparison),
            Condition::Search { operator, column, text } => self.search(*operator, *column, text),
            Condition::InList(list) => self.in_list(list),
            Condition::InKeys(keys) => self.in_keys(keys),
            Condition::Null { operand, negated } => {
                self.expression(operand);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Condition::Exists { select, negated } => {
                self.push(if *negated { "NOT EXISTS (" } else { "EXISTS (" }).select(select);
                self.push(")");
            }
        }
    }

    /// Conditions of which all or any must hold. A large group is written as balanced brackets: databases bound the depth
    /// of an expression, and each member of a plain group is one deeper than the next.
    fn group(&mut self, parts: &[Condition<'_>], separator: &str, empty: &str) {
        match parts {
            [] => {
                self.push(empty);
            }
            [only] => self.condition(only),
            _ if parts.len() <= MOST_IN_PLAIN_GROUP => {
                self.push("(").separated(separator, parts, Self::condition);
                self.push(")");
            }
            _ => {
                let (left, right) = parts.split_at(parts.len().div_ceil(2));
                self.push("(").group(left, separator, empty);
                self.push(separator).group(right, separator, empty);
                self.push(")");
            }
        }
    }

    fn compare(&mut self, comparison: &Comparison<'_>) {
        self.comparison(comparison);
    }

    fn comparison(&mut self, comparison: &Comparison<'_>) {
        self.expression(&comparison.left);
        self.push(comparison.operator.symbol());
        self.expression(&comparison.right);
    }
}

/// The operator of SQL.
pub(super) fn operator_symbol(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => " + ",
        Arithmetic::Subtract => " - ",
        Arithmetic::Multiply => " * ",
        Arithmetic::Divide => " / ",
    }
}

/// The clause of an insert that changes the row that has the key of the new one.
pub(super) fn update_on_conflict<R: Renderer>(sql: &mut R, key: &[&str], change: &Update<'_>) {
    sql.push(" ON CONFLICT (").separated(", ", key, |sql, column| sql.name(column));
    sql.push(") DO UPDATE").assignments(change);
}

/// Writes that a value is one of a list, for which a gap is left, with this text around each value.
pub(super) fn list_in_gap<R: Renderer>(sql: &mut R, list: &InList<'_>, around: (&'static str, &'static str)) {
    sql.expression(&list.operand);
    sql.push(if list.negated { " NOT IN (" } else { " IN (" }).text().list(list, around);
    sql.push(")");
}

/// Writes that values are those of a list of keys, for which a gap is left.
pub(super) fn keys_in_gap<R: Renderer>(sql: &mut R, operands: &[Expression<'_>]) {
    if let [operand] = operands {
        sql.expression(operand);
    } else {
        sql.push("(").separated(", ", operands, R::expression);
        sql.push(")");
    }
    sql.push(" IN (").text().keys();
    sql.push(")");
}
