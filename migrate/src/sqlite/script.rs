//! What a script does, told from its text: which tables it makes anew, what it drops by name.

use super::statement::{Statement, Token, statements};
use crate::statement::begins as is;

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
            dropped_tables.extend(statement.name_at(2));
        } else if is(tokens, &["DROP", "INDEX"]) || is(tokens, &["DROP", "TRIGGER"]) {
            facts.dropped.extend(statement.name_at(2));
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
}
