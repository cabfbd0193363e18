//! Finds the dates and the decimals that are in another form than the one that Purlin writes.

use purlin_driver::{datetime, decimal};
use purlin_query::dialect::sqlite::FormedType;
use rusqlite::{
    Connection,
    functions::FunctionFlags,
    types::{ToSqlOutput, Value, ValueRef},
};

use super::{conversion::date_in_one_form, decimals::canonical_decimal, render::identifier};
use crate::{
    Error,
    database::{DatabaseSchema, Family, Watched, same_name},
    diff::Pairs,
};

/// The families of types whose values may be stored in several forms.
pub(super) const FAMILIES: [Family; 2] = [Family::DateTime, Family::Decimal];

/// The forms of a family, where it has several.
pub(super) fn formed(family: &Family) -> Option<FormedType> {
    match family {
        Family::DateTime => Some(FormedType::Date),
        Family::Decimal => Some(FormedType::Decimal),
        _ => None,
    }
}

/// The values of a column that are in another form than the one that Purlin writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherForms {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// What the column holds.
    pub ty: FormedType,
    /// How many are numbers: of milliseconds, where they are dates.
    pub numbers: i64,
    /// How many are texts.
    pub texts: i64,
    /// How many of these dates cannot be in our form, since they are not of the years 0 to 9999.
    pub beyond: i64,
    /// How many of the dates that can be in our form have digits beyond the millisecond, which are cut off then. No client
    /// reads them, but other programs may.
    pub finer: i64,
    /// How many are no values of the type, so that no client can read them.
    pub unreadable: i64,
    /// Whether an index has the column, which queries cannot use because of them.
    pub indexed: bool,
    /// Whether the database has no index of such values, so that queries do not use the column's indexes even without
    /// them.
    pub unwatched: bool,
}

impl OtherForms {
    /// Returns whether there are any.
    pub fn is_any(&self) -> bool {
        self.numbers + self.texts > 0
    }

    /// How many can be brought into the form that Purlin writes.
    pub fn convertible(&self) -> i64 {
        self.numbers + self.texts - self.beyond
    }

    /// What it means that some are no values of the type, in a sentence, and a query that finds them; none where there
    /// are none.
    pub fn unreadable_message(&self) -> Option<(String, String)> {
        if self.unreadable == 0 {
            return None;
        }
        let (one, many) = match self.ty {
            FormedType::Date => ("1 value that is no date", "values that are no dates"),
            FormedType::Decimal => ("1 value that is no number", "values that are no numbers"),
        };
        let what = if self.unreadable == 1 { one.to_owned() } else { format!("{} {many}", self.unreadable) };
        let (table, column) = (&self.table, &self.column);
        let message = format!("\"{table}\".\"{column}\" holds {what}: a query that reads one of them fails");
        // Those come first.
        let order = match self.ty {
            FormedType::Date => format!("julianday({})", identifier(column)),
            FormedType::Decimal => format!("{0} GLOB '*[0-9]*', {0} NOT GLOB '*[^-+.0-9eE ]*'", identifier(column)),
        };
        let condition = self.ty.condition(column);
        let query = format!("SELECT * FROM {} WHERE {condition} ORDER BY {order}", identifier(table));
        Some((message, query))
    }

    /// What a conversion cuts off, as the rest of a sentence about the columns; none where it loses nothing.
    pub fn loss<'a>(columns: impl IntoIterator<Item = &'a Self>) -> Option<String> {
        match columns.into_iter().map(|column| column.finer).sum::<i64>() {
            0 => None,
            1 => Some("1 date loses its digits beyond the millisecond".to_owned()),
            many => Some(format!("{many} dates lose their digits beyond the millisecond")),
        }
    }

    /// What it means, in a sentence.
    pub fn message(&self) -> String {
        let Self { table, column, numbers, texts, .. } = self;
        let (name, compare) = match self.ty {
            FormedType::Date => ("date", "instants"),
            FormedType::Decimal => ("decimal", "numbers"),
        };
        let numbers = match numbers {
            0 => None,
            1 => Some(format!("1 {name} that is a number of milliseconds, as Prisma up to version 6 writes them")),
            _ => Some(format!(
                "{numbers} {name}s that are numbers of milliseconds, as Prisma up to version 6 writes them"
            )),
        };
        let texts = match texts {
            0 => None,
            1 => Some(format!("1 {name} whose text is in another form than Purlin writes")),
            _ => Some(format!("{texts} {name}s whose texts are in another form than Purlin writes")),
        };
        let found: Vec<String> = numbers.into_iter().chain(texts).collect();
        let index = if self.indexed { ", and queries on them do without the column's index" } else { "" };
        format!(
            "\"{table}\".\"{column}\" holds {}: they compare as the {compare} that they are{index}",
            found.join(", and ")
        )
    }

    /// What it means that columns hold values in another form, and where to find the remedy: a sentence for all dates, and
    /// one for all decimals.
    pub fn advice(columns: &[Self]) -> Vec<String> {
        let of = |ty| columns.iter().filter(|column| column.ty == ty && column.convertible() > 0).collect::<Vec<_>>();
        [FormedType::Date, FormedType::Decimal]
            .into_iter()
            .filter_map(|ty| {
                Some(format!(
                    "{}; `purlin doctor --fix` converts them, once no program needs the other form",
                    Self::summary(&of(ty))?
                ))
            })
            .collect()
    }

    /// [`Self::message`], or one about several columns of one type.
    pub fn summary(columns: &[&Self]) -> Option<String> {
        let (first, more) = columns.split_first()?;
        if more.is_empty() {
            return Some(first.message());
        }
        let sum = |count: fn(&Self) -> i64| columns.iter().map(|column| count(column)).sum::<i64>();
        let (numbers, texts) = (sum(|column| column.numbers), sum(|column| column.texts));
        let kinds = match (numbers, texts) {
            (_, 0) => "are numbers of milliseconds, as Prisma up to version 6 writes them".to_owned(),
            (0, _) => "are texts in another form than Purlin writes".to_owned(),
            _ => format!(
                "are in another form than Purlin writes ({numbers} as numbers of milliseconds, as Prisma up to version 6 \
                 writes them, {texts} as texts)"
            ),
        };
        let indexed = columns.iter().filter(|column| column.indexed).count();
        let index = match indexed {
            0 => String::new(),
            1 => ", and queries on one of the columns do without its index".to_owned(),
            _ => format!(", and queries on {indexed} of the columns do without their indexes"),
        };
        Some(format!(
            "{} {} in {} columns {kinds}: they compare as the {} that they are{index}; the columns are {}",
            numbers + texts,
            first.name(),
            columns.len(),
            first.compared_as(),
            Self::names(columns)
        ))
    }

    /// The names of columns, the first of many.
    fn names(columns: &[&Self]) -> String {
        const MOST: usize = 12;
        let mut names: Vec<String> =
            columns.iter().take(MOST).map(|column| format!("\"{}\".\"{}\"", column.table, column.column)).collect();
        if columns.len() > MOST {
            names.push(format!("and {} more", columns.len() - MOST));
        }
        names.join(", ")
    }

    /// What it means that columns of one type are not watched, in a sentence; none where there are none.
    pub fn unwatched_summary(columns: &[&Self]) -> Option<String> {
        let (first, more) = columns.split_first()?;
        let name = first.name();
        Some(if more.is_empty() {
            format!(
                "queries on \"{}\".\"{}\" do without the column's index, since nothing tells that all of its {name} are in \
                 one form",
                first.table, first.column
            )
        } else {
            format!(
                "queries on {} columns of {name} do without their indexes, since nothing tells that all of their {name} are \
                 in one form; the columns are {}",
                columns.len(),
                Self::names(columns)
            )
        })
    }

    /// What the values are, as many.
    pub fn name(&self) -> &'static str {
        match self.ty {
            FormedType::Date => "dates",
            FormedType::Decimal => "decimals",
        }
    }

    fn compared_as(&self) -> &'static str {
        match self.ty {
            FormedType::Date => "instants",
            FormedType::Decimal => "numbers",
        }
    }
}

pub(super) fn family(ty: FormedType) -> Family {
    match ty {
        FormedType::Date => Family::DateTime,
        FormedType::Decimal => Family::Decimal,
    }
}

/// The function of [`in_one_form`] for dates.
const INSTANT_FUNCTION: &str = "purlin_migrate_instant";

/// Registers the functions that [`in_one_form`] calls.
pub(super) fn register(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(INSTANT_FUNCTION, 1, flags, |context| {
        let micros = match context.get_raw(0) {
            ValueRef::Integer(millis) => millis.checked_mul(1_000),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(datetime::parse),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => None,
        };
        // What is no date is one value of its own.
        Ok(match micros.map(datetime::whole_millis) {
            Some(micros) => ToSqlOutput::Owned(Value::Integer(micros)),
            None => ToSqlOutput::Arg(0),
        })
    })?;
    Ok(())
}

/// A value of a column in one form, whatever form the cell has, so that equal values are equal texts or numbers.
pub(super) fn in_one_form(column: &str, family: &Family) -> String {
    match formed(family) {
        Some(FormedType::Date) => format!("{INSTANT_FUNCTION}({column})"),
        Some(FormedType::Decimal) => canonical_decimal(column),
        None => column.to_owned(),
    }
}

/// The milliseconds that a date of JavaScript can hold.
pub(super) const MILLIS: std::ops::RangeInclusive<i64> = -8_640_000_000_000_000..=8_640_000_000_000_000;

/// Looks at each column of dates and decimals of the schema behind `wanted`; those whose values are all in our form, and
/// watched where an index has them, are left out.
pub(crate) fn other_forms(
    connection: &Connection,
    present: &DatabaseSchema,
    wanted: &DatabaseSchema,
) -> Result<Vec<OtherForms>, Error> {
    let mut found = Vec::new();
    for table in &wanted.tables {
        let Some(existing) = present.table(&table.name) else { continue };
        for column in &table.columns {
            let Some(ty) = formed(&column.family) else { continue };
            let source = Pairs::between(existing, table).source(existing, &column.name);
            let Some(existing_column) = source else { continue };
            let is_in = |columns: &[String]| columns.iter().any(|other| same_name(other, &column.name));
            let watch = Watched { column: column.name.clone(), family: column.family.clone() };
            let watched = existing.watches(&watch);
            // Queries compare a column without the index where no index of the schema has it, and each key of a join table.
            let indexed = table.watches(&watch)
                && (is_in(&existing.primary_key) || existing.indexes.iter().any(|index| index.covers(&column.name)));
            let (name, condition) = (identifier(&existing_column.name), ty.condition(&existing_column.name));
            let index = match watched {
                true => format!(" INDEXED BY {}", identifier(&ty.index(&existing.name, &existing_column.name))),
                false => String::new(),
            };
            let sql = format!("SELECT {name} FROM {}{index} WHERE {condition}", identifier(&existing.name));
            let (mut numbers, mut texts, mut beyond, mut finer, mut unreadable) = (0, 0, 0, 0, 0);
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let value = row.get_ref(0)?;
                let before = numbers + texts;
                match value {
                    ValueRef::Integer(millis) if MILLIS.contains(&millis) => numbers += 1,
                    ValueRef::Text(text) => match std::str::from_utf8(text) {
                        Ok(text) if is_readable(ty, text) => texts += 1,
                        _ => unreadable += 1,
                    },
                    _ => unreadable += 1,
                }
                let is_readable = numbers + texts > before;
                if is_readable && ty == FormedType::Date {
                    let can_be_in_our_form = date_in_one_form(value).is_some();
                    beyond += i64::from(!can_be_in_our_form);
                    finer += i64::from(can_be_in_our_form && is_finer_than_millis(value));
                }
            }
            let other = OtherForms {
                table: existing.name.clone(),
                column: existing_column.name.clone(),
                ty,
                numbers,
                texts,
                beyond,
                finer,
                unreadable,
                indexed,
                unwatched: indexed && !watched,
            };
            if other.is_any() || other.unwatched || other.unreadable > 0 {
                found.push(other);
            }
        }
    }
    Ok(found)
}

/// Returns whether a date has digits beyond the millisecond that say something.
fn is_finer_than_millis(date: ValueRef<'_>) -> bool {
    let ValueRef::Text(text) = date else { return false };
    let fraction = text.iter().skip_while(|byte| !matches!(byte, b'.' | b',')).skip(1);
    fraction.take_while(|byte| byte.is_ascii_digit()).skip(3).any(|digit| *digit != b'0')
}

/// Returns whether a text is a value of the type.
fn is_readable(ty: FormedType, text: &str) -> bool {
    match ty {
        FormedType::Date => datetime::parse(text).is_some(),
        FormedType::Decimal => decimal::canonical(text).is_some(),
    }
}
