//! What SQLite's type names and defaults mean.

use super::statement::{TokenKind, tokens};
use crate::{
    database::{Column, Default, Family, Table},
    diff::Dialect,
};

/// SQLite's view of sameness.
pub(crate) struct Spelling;

impl Dialect for Spelling {
    fn same_type(&self, table: &Table, from: &Column, to: &Column) -> bool {
        // The database numbers rows by INTEGER columns alone, whichever integer type the schema says.
        let numbers = to.autoincrement && matches!(from.family, Family::Int | Family::BigInt);
        numbers || from.family == to.family || (is_strict(table) && storage(&from.family) == storage(&to.family))
    }

    fn same_default(&self, _table: &Table, from: &Column, to: &Column) -> bool {
        to.default == Default::Unmanaged || canonical(&from.default, &to.family) == canonical(&to.default, &to.family)
    }
}

/// Returns whether the table takes storage classes for types alone.
pub(super) fn is_strict(table: &Table) -> bool {
    table.kept.options.iter().any(|option| option.eq_ignore_ascii_case("STRICT"))
}

/// The storage class of a family, the type to use in a strict table.
pub(super) fn storage(family: &Family) -> &'static str {
    match family {
        Family::Boolean | Family::Int | Family::BigInt => "INTEGER",
        Family::Float => "REAL",
        Family::Bytes => "BLOB",
        Family::String | Family::Decimal | Family::DateTime | Family::Json => "TEXT",
        Family::Other => "ANY",
    }
}

/// What a declared type holds: by its name where it is a known one, else by SQLite's own rules of affinity.
pub(super) fn family(declared: &str) -> Family {
    let name = declared.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        "boolean" | "bool" => Family::Boolean,
        "bigint" | "int8" | "unsigned big int" | "bigserial" => Family::BigInt,
        "real" | "float" | "double" | "double precision" => Family::Float,
        "decimal" | "numeric" | "decimal_text" => Family::Decimal,
        "datetime" | "timestamp" | "date" => Family::DateTime,
        "json" | "jsonb" => Family::Json,
        "binary" | "varbinary" => Family::Bytes,
        _ if name.contains("int") || name == "serial" => Family::Int,
        _ if name.contains("char") || name.contains("clob") || name.contains("text") => Family::String,
        _ if name.contains("blob") => Family::Bytes,
        _ if name.contains("real") || name.contains("floa") || name.contains("doub") => Family::Float,
        _ => Family::Other,
    }
}

/// The present instant in the form in which the clients store dates.
pub(super) const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";

/// A default as introspection finds it.
pub(super) fn default(text: Option<String>) -> Default {
    let Some(text) = text else { return Default::None };
    let found = tokens(&text);
    match found.as_slice() {
        [] => Default::None,
        [token] if token.is("NULL") => Default::None,
        _ if text == NOW => Default::Now,
        // CURRENT_TIMESTAMP too: it means the same as `Default::Now` and is spelled differently. X'00' and -1 are two
        // tokens.
        [_] => Default::Constant(text),
        [sign, _] if sign.is_symbol('-') || sign.is_symbol('+') || sign.is("X") => Default::Constant(text),
        _ => Default::Expression(text),
    }
}

/// A form in which equal defaults of a column are equal.
fn canonical(default: &Default, family: &Family) -> Vec<String> {
    match default {
        Default::None | Default::Unmanaged => Vec::new(),
        Default::Now => vec!["CURRENT_TIMESTAMP".to_owned()],
        Default::Expression(text) if text == NOW => canonical(&Default::Now, family),
        Default::Constant(text) | Default::Expression(text) => canonical_text(text, family),
    }
}

fn canonical_text(text: &str, family: &Family) -> Vec<String> {
    let mut found = tokens(text);
    while is_enclosed(&found) {
        found.pop();
        found.remove(0);
    }
    let numeric = matches!(family, Family::Boolean | Family::Int | Family::BigInt | Family::Float | Family::Decimal);
    let words: Vec<String> = found
        .iter()
        .map(|token| match &token.kind {
            TokenKind::Word(word) if *family == Family::Boolean && word.eq_ignore_ascii_case("true") => "1".to_owned(),
            TokenKind::Word(word) if *family == Family::Boolean && word.eq_ignore_ascii_case("false") => "0".to_owned(),
            TokenKind::Word(word) if word.starts_with(|first: char| first.is_ascii_digit()) => number(word),
            TokenKind::Word(word) => word.to_ascii_uppercase(),
            TokenKind::Text(text) if numeric => number(text),
            TokenKind::Text(text) | TokenKind::Quoted(text) => format!("'{text}'"),
            TokenKind::Symbol(symbol) => symbol.to_string(),
        })
        .collect();
    match words.as_slice() {
        [word] if word == "NULL" => Vec::new(),
        [sign, rest] if sign == "+" => vec![rest.clone()],
        [sign, rest] if sign == "-" => vec![format!("-{rest}")],
        _ => words,
    }
}

fn is_enclosed(tokens: &[super::statement::Token<'_>]) -> bool {
    if !tokens.first().is_some_and(|token| token.is_symbol('(')) {
        return false;
    }
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        if token.is_symbol('(') {
            depth += 1;
        } else if token.is_symbol(')') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return index + 1 == tokens.len();
            }
        }
    }
    false
}

/// A number without what does not count: `1.50` is `1.5`, `007` is `7`.
pub(super) fn number(text: &str) -> String {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-') {
        return text.to_ascii_uppercase();
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_that_mean_the_same_are_the_same() {
        let same = |a: &str, b: &str, family: Family| {
            assert_eq!(canonical_text(a, &family), canonical_text(b, &family), "{a} and {b}");
        };
        same("1", "true", Family::Boolean);
        same("'0'", "false", Family::Boolean);
        same("((1.50))", "1.5", Family::Decimal);
        same("'-007'", "-7", Family::Int);
        same("+7", "7", Family::Int);
        same("\"a\"", "'a'", Family::String);
        same("lower( HEX(randomblob(4)) )", "(lower(hex(randomblob(4))))", Family::String);
        assert_ne!(canonical_text("'07'", &Family::String), canonical_text("'7'", &Family::String));
        assert_ne!(canonical_text("'A'", &Family::String), canonical_text("'a'", &Family::String));
    }

    #[test]
    fn types_are_told_by_name_and_by_affinity() {
        for (declared, expected) in [
            ("INTEGER", Family::Int),
            ("BIGINT", Family::BigInt),
            ("VARCHAR(20)", Family::String),
            ("DECIMAL(10, 2)", Family::Decimal),
            ("DECIMAL_TEXT", Family::Decimal),
            ("JSONB", Family::Json),
            ("unsigned int", Family::Int),
            ("", Family::Other),
        ] {
            assert_eq!(family(declared), expected, "{declared}");
        }
    }
}
