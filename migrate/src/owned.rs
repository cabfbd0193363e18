//! What the generated parts of a migration make.

use crate::diff::Owned;
use crate::statement::{Syntax, statements};

/// What the generated parts of a script make. A generated statement stands under its comment (`-- CreateTable`, in
/// Prisma's files too); what a person wrote into the file does not, and stays that person's.
pub(crate) fn owned(script: &str, syntax: Syntax) -> Owned {
    let mut owned = Owned::default();
    let mut redefining = false;
    for statement in statements(script, syntax) {
        redefining |= statement.comments.contains("-- RedefineTables");
        if statement.begins(&["PRAGMA", "foreign_keys"]) && statement.tokens.iter().any(|token| token.is("ON")) {
            redefining = false;
        }
        let unique = usize::from(statement.tokens.get(1).is_some_and(|token| token.is("UNIQUE")));
        let is_index = statement.tokens.get(1 + unique).is_some_and(|token| token.is("INDEX"));
        let name = |position| statement.name_at(position);
        if statement.begins(&["CREATE", "TABLE"]) && statement.comments.contains("-- CreateTable") {
            owned.tables.extend(name(2));
        } else if statement.begins(&["CREATE", "TYPE"]) && statement.comments.contains("-- CreateEnum") {
            owned.enums.extend(name(2));
        } else if statement.begins(&["CREATE"])
            && is_index
            && (redefining || statement.comments.contains("-- CreateIndex"))
        {
            owned.indexes.extend(name(2 + unique));
        }
    }
    owned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_generated_is_owned() {
        let owned = owned(
            "-- CreateTable\nCREATE TABLE \"User\" (id);\nCREATE TABLE mine (id);\n-- CreateIndex\n\
             CREATE UNIQUE INDEX \"User_id_key\" ON \"User\"(id);\nCREATE INDEX mine_too ON \"User\"(id);",
            Syntax::Sqlite,
        );
        assert_eq!(owned.tables.into_iter().collect::<Vec<_>>(), ["User"]);
        assert_eq!(owned.indexes.into_iter().collect::<Vec<_>>(), ["User_id_key"]);
    }

    #[test]
    fn an_enum_is_owned_and_found_behind_its_schema() {
        let owned = owned("-- CreateEnum\nCREATE TYPE \"auth\".\"Role\" AS ENUM ('A');", Syntax::Postgres);
        assert_eq!(owned.enums.into_iter().collect::<Vec<_>>(), ["Role"]);
    }
}
