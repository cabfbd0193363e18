//! What a script does, told from its text: which tables it makes anew, what it drops by name, what it owns.

use super::statement::{Statement, Token, statements};
use crate::diff::Owned;

/// The facts of a script that decide how it is run.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// It switches foreign keys off: the pragma has no effect inside a transaction, so the runner does it before.
    pub(super) foreign_keys_off: bool,
    /// It begins or ends transactions itself, or has a statement that runs outside of one only.
    pub(super) own_transaction: bool,
    /// Tables that it makes anew: dropped, then another renamed to their name.
    pub(super) rebuilt: Vec<String>,
    /// Indexes and triggers that it drops by name.
    pub(super) dropped: Vec<String>,
}

/// Reads the facts of a script.
pub(super) fn facts(statements: &[Statement<'_>]) -> Facts {
    let mut facts = Facts::default();
    let mut dropped_tables: Vec<String> = Vec::new();
    for statement in statements {
        let tokens = &statement.tokens;
        if is(tokens, &["PRAGMA", "foreign_keys"]) {
            facts.foreign_keys_off |=
                tokens.iter().skip(2).any(|token| ["OFF", "0", "FALSE", "NO"].iter().any(|off| token.is(off)));
        }
        facts.own_transaction |= runs_alone(tokens);
        if is(tokens, &["DROP", "TABLE"]) {
            dropped_tables.extend(named(tokens, 2));
        } else if is(tokens, &["DROP", "INDEX"]) || is(tokens, &["DROP", "TRIGGER"]) {
            facts.dropped.extend(named(tokens, 2));
        } else if let Some(target) = rename(statement)
            && dropped_tables.iter().any(|name| name.eq_ignore_ascii_case(&target))
        {
            facts.rebuilt.push(target);
        }
    }
    facts
}

/// Returns whether the statement cannot be part of the transaction around a script.
fn runs_alone(tokens: &[Token<'_>]) -> bool {
    let begins = |words: &[&str]| words.iter().any(|word| is(tokens, std::slice::from_ref(word)));
    if is(tokens, &["ROLLBACK"]) {
        // ROLLBACK TO goes back to a savepoint inside the transaction.
        return !tokens.iter().skip(1).take(2).any(|token| token.is("TO"));
    }
    if is(tokens, &["PRAGMA"]) {
        let name = tokens.iter().skip(1).find(|token| PRAGMAS_ALONE.iter().any(|name| token.is(name)));
        let sets = tokens.iter().any(|token| token.is_symbol('=') || token.is_symbol('('));
        return name.is_some_and(|name| sets || name.is("wal_checkpoint"));
    }
    begins(&["BEGIN", "COMMIT", "END", "VACUUM", "ATTACH", "DETACH"])
}

/// Returns whether the statement opens or writes a file that it names.
pub(super) fn names_a_file(statement: &Statement<'_>) -> bool {
    ["ATTACH", "VACUUM"].iter().any(|word| is(&statement.tokens, std::slice::from_ref(word)))
}

/// What SQLite refuses to set, or to do, inside a transaction.
const PRAGMAS_ALONE: [&str; 3] = ["journal_mode", "synchronous", "wal_checkpoint"];

/// The tables that a script makes anew.
pub(crate) fn rebuilt(script: &str) -> Vec<String> {
    facts(&statements(script)).rebuilt
}

/// The new name, where the statement renames a table.
pub(super) fn rename(statement: &Statement<'_>) -> Option<String> {
    let tokens = &statement.tokens;
    let renames = is(tokens, &["ALTER", "TABLE"])
        && tokens.get(3).is_some_and(|token| token.is("RENAME"))
        && tokens.get(4).is_some_and(|token| token.is("TO"));
    if renames { tokens.get(5)?.name().map(str::to_owned) } else { None }
}

/// What the generated parts of a script make. A generated statement stands under its comment (`-- CreateTable`, in
/// Prisma's files too); what a person wrote into the file does not, and stays that person's.
pub fn owned(script: &str) -> Owned {
    let mut owned = Owned::default();
    let mut redefining = false;
    for statement in statements(script) {
        let tokens = &statement.tokens;
        redefining |= statement.comments.contains("-- RedefineTables");
        if is(tokens, &["PRAGMA", "foreign_keys"]) && tokens.iter().any(|token| token.is("ON")) {
            redefining = false;
        }
        let unique = usize::from(tokens.get(1).is_some_and(|token| token.is("UNIQUE")));
        if is(tokens, &["CREATE", "TABLE"]) && statement.comments.contains("-- CreateTable") {
            owned.tables.extend(named(tokens, 2).map(|name| name.to_ascii_lowercase()));
        } else if is(tokens, &["CREATE"])
            && tokens.get(1 + unique).is_some_and(|token| token.is("INDEX"))
            && (redefining || statement.comments.contains("-- CreateIndex"))
        {
            owned.indexes.extend(named(tokens, 2 + unique).map(|name| name.to_ascii_lowercase()));
        }
    }
    owned
}

fn is(tokens: &[Token<'_>], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.is(word))
}

/// The name at a position, behind `IF [NOT] EXISTS` and a database's name.
fn named(tokens: &[Token<'_>], position: usize) -> Option<String> {
    let mut rest = tokens.get(position..)?;
    while rest.first().is_some_and(|token| token.is("IF") || token.is("NOT") || token.is("EXISTS")) {
        rest = rest.get(1..)?;
    }
    let qualified = rest.get(1).is_some_and(|token| token.is_symbol('.'));
    rest.get(if qualified { 2 } else { 0 })?.name().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuild_is_recognized() {
        let script = "PRAGMA foreign_keys = off; CREATE TABLE \"new_A\" (x); DROP TABLE IF EXISTS main.\"A\";\n\
             ALTER TABLE \"new_A\" RENAME TO \"A\"; ALTER TABLE b RENAME TO c; DROP INDEX \"i\";";
        let facts = facts(&statements(script));
        assert!(facts.foreign_keys_off && !facts.own_transaction);
        assert_eq!((facts.rebuilt, facts.dropped), (vec!["A".to_owned()], vec!["i".to_owned()]));
    }

    #[test]
    fn a_script_with_transactions_of_its_own_is_recognized() {
        let own = |script: &str| facts(&statements(script)).own_transaction;
        for script in [
            "BEGIN; SELECT 1; COMMIT",
            "\u{feff}begin immediate; END;",
            "/* ; */ SELECT 1; -- then\nRollback;",
            "ROLLBACK TRANSACTION",
            "END TRANSACTION",
            "VACUUM",
            "ATTACH 'x.db' AS x",
            "PRAGMA journal_mode = WAL",
            "PRAGMA main.synchronous(1)",
            "PRAGMA wal_checkpoint",
        ] {
            assert!(own(script), "{script}");
        }
        for script in [
            "SELECT 1; -- BEGIN; COMMIT;\n/* ROLLBACK; */",
            "INSERT INTO t VALUES ('x; BEGIN; COMMIT;')",
            "CREATE TABLE \"BEGIN\" (\"END\"); DROP TABLE [COMMIT];",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; UPDATE c SET x = CASE WHEN 1 THEN 2 END; END;",
            "CREATE TEMP TRIGGER IF NOT EXISTS t AFTER INSERT ON a BEGIN SELECT RAISE(ROLLBACK, 'no'); END;",
            "SAVEPOINT a; ROLLBACK TO a; ROLLBACK TRANSACTION TO SAVEPOINT a; RELEASE a",
            "PRAGMA foreign_keys = OFF; PRAGMA journal_mode; PRAGMA defer_foreign_keys = ON",
            "INSERT OR ROLLBACK INTO t VALUES (1)",
        ] {
            assert!(!own(script), "{script}");
        }
    }

    #[test]
    fn only_what_is_generated_is_owned() {
        let owned = owned(
            "-- CreateTable\nCREATE TABLE \"User\" (id);\nCREATE TABLE mine (id);\n-- CreateIndex\n\
             CREATE UNIQUE INDEX \"User_id_key\" ON \"User\"(id);\nCREATE INDEX mine_too ON \"User\"(id);",
        );
        assert_eq!(owned.tables.into_iter().collect::<Vec<_>>(), ["user"]);
        assert_eq!(owned.indexes.into_iter().collect::<Vec<_>>(), ["user_id_key"]);
    }
}
