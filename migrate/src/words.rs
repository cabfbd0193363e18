//! Differences in words.

use crate::{
    database::{Check, Default, EnumType, Index},
    diff::{Diff, EnumChange, Pairs},
    plan::{Change, ChangeKind},
};

/// A difference in words, a line each. `default` is the SQL text of a default.
pub(crate) fn changes(diff: &Diff, default: impl Fn(&Default) -> Option<String>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut push = |kind, what: String| changes.push(Change { kind, what });
    for name in &diff.namespaces {
        push(ChangeKind::Add, format!("schema \"{name}\""));
    }
    for extension in &diff.extensions {
        push(ChangeKind::Add, format!("extension \"{}\"", extension.name));
    }
    for created in &diff.enums_created {
        push(ChangeKind::Add, format!("enum {}", created.shown()));
    }
    for change in &diff.enums_altered {
        push(ChangeKind::Alter, format!("enum {}: {}", change.to.shown(), values_in_words(change)));
    }
    for dropped in &diff.enums_dropped {
        push(ChangeKind::Remove, format!("enum {}", dropped.shown()));
    }
    for table in &diff.created {
        push(ChangeKind::Add, format!("table {}", table.shown()));
    }
    for table in &diff.dropped {
        push(ChangeKind::Remove, format!("table {}", table.shown()));
    }
    for alteration in &diff.altered {
        let table = alteration.to.shown();
        for column in &alteration.added {
            push(ChangeKind::Add, format!("column {table}.\"{}\"", column.name));
        }
        for column in &alteration.dropped {
            push(ChangeKind::Remove, format!("column {table}.\"{}\"", column.name));
        }
        for change in &alteration.changed {
            let mut what = Vec::new();
            if change.ty {
                what.push(format!("type {} instead of {}", change.to.native_type, change.from.native_type));
            }
            if change.nullability {
                what.push(if change.to.nullable { "optional" } else { "required" }.to_owned());
            }
            if change.default {
                what.push(match default(&change.to.default) {
                    Some(default) => format!("default {default}"),
                    None => "no default".to_owned(),
                });
            }
            if change.autoincrement {
                what.push(if change.to.autoincrement { "autoincrement" } else { "no autoincrement" }.to_owned());
            }
            push(ChangeKind::Alter, format!("column {table}.\"{}\": {}", change.to.name, what.join(", ")));
        }
        if alteration.pairs == Pairs::Exchanged {
            push(ChangeKind::Alter, format!("table {table}: the columns A and B change places"));
        }
        if alteration.primary_key {
            push(ChangeKind::Alter, format!("primary key of {table}: ({})", alteration.to.primary_key.join(", ")));
        }
        for key in &alteration.foreign_keys_dropped {
            push(ChangeKind::Remove, format!("foreign key {table}({}) to \"{}\"", key.columns.join(", "), key.table));
        }
        for key in &alteration.foreign_keys_added {
            push(ChangeKind::Add, format!("foreign key {table}({}) to \"{}\"", key.columns.join(", "), key.table));
        }
        for check in &alteration.checks_dropped {
            push(ChangeKind::Remove, check_in_words(check, &table));
        }
        for check in &alteration.checks_added {
            push(ChangeKind::Add, check_in_words(check, &table));
        }
        for index in &alteration.indexes_dropped {
            push(ChangeKind::Remove, index_in_words(index));
        }
        for index in &alteration.indexes_added {
            push(ChangeKind::Add, index_in_words(index));
        }
    }
    changes
}

fn index_in_words(index: &Index) -> String {
    format!("{} \"{}\"", if index.unique { "unique index" } else { "index" }, index.name)
}

fn check_in_words(check: &Check, table: &str) -> String {
    match &check.name {
        Some(name) => format!("check \"{name}\" of {table}"),
        None => format!("check of {table}: {}", check.expression),
    }
}

fn values_in_words(change: &EnumChange) -> String {
    let only = |of: &EnumType, than: &EnumType, sign: char| -> Vec<String> {
        of.values.iter().filter(|value| !than.values.contains(value)).map(|value| format!("{sign}{value}")).collect()
    };
    let mut words = only(&change.from, &change.to, '-');
    words.extend(only(&change.to, &change.from, '+'));
    if words.is_empty() { "the order of its values".to_owned() } else { words.join(", ") }
}
