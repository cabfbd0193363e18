//! Reads a `CREATE TABLE` for what SQLite's pragmas do not tell: constraint names, checks, collations, AUTOINCREMENT.

use super::statement::{Token, tokens};
use crate::database::same_name;

/// What the text of a table tells.
#[derive(Debug, Default)]
pub(super) struct CreateTable {
    pub(super) columns: Vec<ColumnText>,
    /// The table's own constraints that a schema cannot say: checks.
    pub(super) checks: Vec<String>,
    pub(super) foreign_keys: Vec<ForeignKeyText>,
    pub(super) options: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct ColumnText {
    pub(super) name: String,
    /// The whole definition.
    pub(super) definition: String,
    /// Its collation and checks.
    pub(super) kept: String,
    pub(super) autoincrement: bool,
    pub(super) generated: bool,
}

#[derive(Debug)]
pub(super) struct ForeignKeyText {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    /// `DEFERRABLE ..`
    pub(super) kept: String,
}

const COLUMN_CONSTRAINTS: [&str; 11] =
    ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];
const TABLE_CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads the statement that made a table.
pub(super) fn read(sql: &str) -> CreateTable {
    let tokens = tokens(sql);
    let mut table = CreateTable::default();
    let Some(open) = tokens.iter().position(|token| token.is_symbol('(')) else { return table };
    let mut depth = 0usize;
    let mut start = open + 1;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        if token.is_symbol('(') {
            depth += 1;
        }
        if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
        }
        let ends = depth == 0 || (depth == 1 && token.is_symbol(','));
        if !ends {
            continue;
        }
        if let Some(part) = tokens.get(start..index) {
            table.part(sql, part);
        }
        start = index + 1;
        if depth == 0 {
            break;
        }
    }
    let options = tokens.get(start..).unwrap_or_default();
    table.options = options
        .split(|token| token.is_symbol(','))
        .map(|option| text(sql, option).to_owned())
        .filter(|option| !option.is_empty())
        .collect();
    table
}

impl CreateTable {
    fn part(&mut self, sql: &str, part: &[Token<'_>]) {
        let Some(first) = part.first() else { return };
        if TABLE_CONSTRAINTS.iter().any(|keyword| first.is(keyword)) {
            self.constraint(sql, part);
        } else {
            self.column(sql, part);
        }
    }

    fn constraint(&mut self, sql: &str, part: &[Token<'_>]) {
        let named = part.first().is_some_and(|token| token.is("CONSTRAINT"));
        let name = if named { part.get(1).and_then(Token::name).map(str::to_owned) } else { None };
        let body = part.get(if named { 2 } else { 0 }..).unwrap_or_default();
        let Some(first) = body.first() else { return };
        if first.is("CHECK") {
            self.checks.push(text(sql, part).to_owned());
        } else if first.is("PRIMARY") && body.iter().any(|token| token.is("AUTOINCREMENT")) {
            let key = body.iter().skip_while(|token| !token.is_symbol('(')).nth(1).and_then(Token::name);
            let column = self.columns.iter_mut().find(|column| key.is_some_and(|key| same_name(&column.name, key)));
            if let Some(column) = column {
                column.autoincrement = true;
            }
        } else if first.is("FOREIGN") {
            let columns = body
                .iter()
                .skip_while(|token| !token.is_symbol('('))
                .take_while(|token| !token.is_symbol(')'))
                .filter(|token| !token.is_symbol('(') && !token.is_symbol(','))
                .filter_map(|token| token.name().map(str::to_owned))
                .collect();
            self.foreign_keys.push(ForeignKeyText { name, columns, kept: deferral(sql, body) });
        }
    }

    fn column(&mut self, sql: &str, part: &[Token<'_>]) {
        let Some(name) = part.first().and_then(Token::name) else { return };
        let mut column =
            ColumnText { name: name.to_owned(), definition: text(sql, part).to_owned(), ..ColumnText::default() };
        for clause in clauses(part) {
            let named = clause.first().is_some_and(|token| token.is("CONSTRAINT"));
            let constraint_name = if named { clause.get(1).and_then(Token::name).map(str::to_owned) } else { None };
            let body = clause.get(if named { 2 } else { 0 }..).unwrap_or_default();
            let Some(first) = body.first() else { continue };
            if first.is("CHECK") || first.is("COLLATE") {
                column.kept.push(' ');
                column.kept.push_str(text(sql, clause));
            } else if first.is("GENERATED") || first.is("AS") {
                column.generated = true;
            } else if first.is("PRIMARY") {
                column.autoincrement |= body.iter().any(|token| token.is("AUTOINCREMENT"));
            } else if first.is("REFERENCES") {
                self.foreign_keys.push(ForeignKeyText {
                    name: constraint_name,
                    columns: vec![column.name.clone()],
                    kept: deferral(sql, body),
                });
            }
        }
        self.columns.push(column);
    }
}

/// The clauses behind a column's name and type, each with its `CONSTRAINT name`.
fn clauses<'a, 'b>(part: &'b [Token<'a>]) -> Vec<&'b [Token<'a>]> {
    let mut clauses = Vec::new();
    let mut depth = 0usize;
    let mut start = None;
    for (index, token) in part.iter().enumerate().skip(1) {
        if token.is_symbol('(') {
            depth += 1;
        }
        if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 || !COLUMN_CONSTRAINTS.iter().any(|keyword| token.is(keyword)) || continues(part, index) {
            continue;
        }
        if let Some(clause) = start.and_then(|start| part.get(start..index)) {
            clauses.push(clause);
        }
        start = Some(index);
    }
    if let Some(clause) = start.and_then(|start| part.get(start..)) {
        clauses.push(clause);
    }
    clauses
}

/// Returns whether the word belongs to the clause before it: the CHECK of a named constraint, SET NULL, NOT DEFERRABLE, NOT
/// NULL.
fn continues(part: &[Token<'_>], index: usize) -> bool {
    let before = |distance: usize| index.checked_sub(distance).and_then(|index| part.get(index));
    let (Some(token), Some(previous)) = (part.get(index), before(1)) else { return false };
    let after_constraint_name = before(2).is_some_and(|token| token.is("CONSTRAINT"));
    after_constraint_name
        || previous.is("CONSTRAINT")
        || (token.is("NULL") && (previous.is("NOT") || previous.is("SET") || previous.is("DEFAULT")))
        || (token.is("DEFAULT") && previous.is("SET"))
        || (token.is("NOT") && part.get(index + 1).is_some_and(|next| next.is("DEFERRABLE")))
        || (token.is("AS") && previous.is("ALWAYS"))
}

fn deferral(sql: &str, body: &[Token<'_>]) -> String {
    let Some(position) = body.iter().position(|token| token.is("DEFERRABLE")) else { return String::new() };
    let negated = position.checked_sub(1).filter(|index| body.get(*index).is_some_and(|token| token.is("NOT")));
    format!(" {}", text(sql, body.get(negated.unwrap_or(position)..).unwrap_or_default()))
}

fn text<'a>(sql: &'a str, tokens: &[Token<'_>]) -> &'a str {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => sql.get(first.start..last.end).unwrap_or_default().trim_end(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_pragmas_leave_out() {
        let table = read(
            "CREATE TABLE \"T\" (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- the key, of course\n\
             a TEXT COLLATE NOCASE NOT NULL CONSTRAINT short CHECK (length(a) < 10), b DECIMAL(10, 2) DEFAULT (1 + 2),\n\
             c INT AS (b * 2) STORED, d INT CONSTRAINT fk REFERENCES x (y) ON DELETE SET NULL NOT DEFERRABLE,\n\
             CONSTRAINT k CHECK (b > 0), CONSTRAINT \"f k\" FOREIGN KEY (a, b) REFERENCES z DEFERRABLE INITIALLY DEFERRED\n\
             ) STRICT, WITHOUT ROWID",
        );
        let column = |name: &str| table.columns.iter().find(|column| column.name == name);
        assert!(column("id").is_some_and(|column| column.autoincrement && column.kept.is_empty()));
        assert_eq!(
            column("a").map(|column| column.kept.as_str()),
            Some(" COLLATE NOCASE CONSTRAINT short CHECK (length(a) < 10)")
        );
        assert!(column("b").is_some_and(|column| column.kept.is_empty() && !column.generated));
        assert!(column("c").is_some_and(|column| column.generated && column.definition == "c INT AS (b * 2) STORED"));
        assert_eq!(table.checks, ["CONSTRAINT k CHECK (b > 0)"]);
        let keys: Vec<_> = table.foreign_keys.iter().map(|key| (key.name.as_deref(), key.kept.as_str())).collect();
        assert_eq!(keys, [(Some("fk"), " NOT DEFERRABLE"), (Some("f k"), " DEFERRABLE INITIALLY DEFERRED")]);
        assert_eq!(table.options, ["STRICT", "WITHOUT ROWID"]);
    }
}
