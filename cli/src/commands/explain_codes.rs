//! The codes of errors that a client returns while a program runs, and of those of migrations, for `purlin explain`. They are the
//! codes of Prisma for the same thing.

/// A code, what has happened, and what to do.
pub(super) struct Code {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

const fn code(code: &'static str, title: &'static str, text: &'static str) -> Code {
    Code { code, title, text }
}

/// All of them, in order.
pub(super) const CODES: &[Code] = &[
    code(
        "P1000",
        "the database refused the user",
        "The name or the password in the URL is wrong. SQLite has no users, so no client of this version reports it.",
    ),
    code(
        "P1001",
        "the server of the database cannot be reached",
        "The host or the port in the URL is wrong, or the server is not running. SQLite has no server, so no client of this\n\
         version reports it.",
    ),
    code(
        "P1002",
        "the server of the database did not answer in time",
        "The server was reached, and did not accept the connection. SQLite has no server, so no client of this version\n\
         reports it.",
    ),
    code(
        "P1003",
        "the database cannot be opened",
        "The file of the URL does not exist, its folder does not, or the process may not read it.\n\
         Check the URL, and run `purlin migrate deploy` to make the database.",
    ),
    code(
        "P1008",
        "the database did not answer in time",
        "Another process or transaction held the database for longer than the query may wait, or the query itself ran\n\
         longer than it may. Keep transactions short, and look for a second program that writes to the file.",
    ),
    code(
        "P1010",
        "the user may not use the database",
        "The user in the URL lacks a right on the database. SQLite has no users, so no client of this version reports it.",
    ),
    code(
        "P1011",
        "the connection could not be encrypted",
        "The certificate of the server was refused. SQLite has no server, so no client of this version reports it.",
    ),
    code(
        "P1012",
        "the client has no URL of a database",
        "The schema, or `purlin.toml`, takes the URL from an environment variable that is not set or empty where the program\n\
         runs. The client does not read `.env` by itself: set the variable where the program starts, for example with\n\
         `node --env-file=.env`, import `dotenv/config` before the client, or give it the option `url`.\n\
         Prisma has this code for errors of the schema too. Those have names in Purlin, which `purlin validate` reports.",
    ),
    code(
        "P1013",
        "the URL of the database cannot be read",
        "A URL begins with `file:` and a path. Check the spelling and the options behind the `?`.",
    ),
    code("P1017", "the client is closed", "The query came after the client was disconnected. Open a new client."),
    code(
        "P2002",
        "a unique constraint failed",
        "A row with these values exists already. `target` in the error's `meta` names the fields.\n\
         Where the row may exist already, catch this error and run `update`; else tell the user that the value is taken.",
    ),
    code(
        "P2003",
        "a foreign key constraint failed",
        "The row that a relation refers to does not exist, or a row cannot be deleted because others refer to it.\n\
         Write the other row first, or choose another `onDelete` for the relation.",
    ),
    code(
        "P2004",
        "a constraint of the database failed",
        "A check of the table refused the row. The message names the constraint.",
    ),
    code("P2011", "a required field would be null", "The query writes null to a column that does not take it."),
    code(
        "P2012",
        "a required value is missing",
        "A field without a default needs a value in `create`. Give it one, or give the field a `@default`.",
    ),
    code(
        "P2014",
        "a required relation would be broken",
        "The query takes away the row to which another row must refer. Change or delete that row as well.",
    ),
    code(
        "P2017",
        "a row to delete is not related",
        "A `delete` of related rows names a row that the relation does not lead to. Check its key, or use `deleteMany`,\n\
         which deletes those that there are.",
    ),
    code(
        "P2018",
        "a row to connect does not exist",
        "A `connect` in the data of a write names a row that is not there. Check its key, or create the row instead.",
    ),
    code(
        "P2020",
        "a value is out of range",
        "The number, or the date, does not fit its type. Take a wider type, such as `BigInt` or `Decimal`.",
    ),
    code(
        "P2021",
        "a table does not exist",
        "The database is older than the schema, or another one. Run `purlin migrate deploy`, or check the URL.",
    ),
    code(
        "P2022",
        "a column does not exist",
        "The database is older than the schema, or another one. Run `purlin migrate deploy`, or check the URL.",
    ),
    code(
        "P2023",
        "the database holds a value that the schema does not know",
        "A stored value does not fit the type of its field: another program wrote it, or the schema has changed.\n\
         Correct the value, or the type of the field.",
    ),
    code(
        "P2024",
        "the query did not get its turn",
        "Too many queries wait, or one waited too long. Run fewer at once, or raise the limit of the client.",
    ),
    code(
        "P2025",
        "a row that the query needs does not exist",
        "No row matches the `where` of an update or a delete, or a row to connect is missing.",
    ),
    code(
        "P2028",
        "the transaction is over",
        "The query came after the transaction ended, by its own end or because it ran too long.\n\
         Await all queries of a transaction inside it.",
    ),
    code(
        "P2029",
        "the query is beyond a limit",
        "The query, or its result, is larger than the client allows; `limit` in the error's `meta` names the limit.\n\
         Ask for fewer rows at once with `take`, or raise the limit.",
    ),
    code(
        "P2034",
        "two transactions wrote at the same time",
        "The database let the other one win. Run the transaction again.",
    ),
    code(
        "P2039",
        "the database refused the query",
        "The message of the error is the database's own: the file may be read only, the disk full, or the SQL wrong.",
    ),
    code(
        "P3005",
        "the database has tables and no history of migrations",
        "`db push`, or another tool, made the tables, so `purlin migrate deploy` cannot know which migrations they are\n\
         the result of. Where they are what the first migrations make, record each of those by\n\
         `purlin migrate resolve --applied <migration>`; otherwise deploy to an empty database.",
    ),
    code(
        "P3008",
        "the migration is recorded as applied already",
        "`purlin migrate resolve --applied` was told a migration that the database has. There is nothing to record.",
    ),
    code(
        "P3009",
        "a migration began and did not end",
        "Nothing more is run until it is settled. Look at what the database has of it, then record the state by\n\
         `purlin migrate resolve --rolled-back <migration>` or `purlin migrate resolve --applied <migration>`.",
    ),
    code(
        "P3012",
        "the migration has not failed",
        "`purlin migrate resolve --rolled-back` is for a migration that began and did not end. To take back what an applied\n\
         migration did, change the schema and run `purlin migrate dev`.",
    ),
    code(
        "P3015",
        "a migration has no script",
        "The folder of a migration has no `migration.sql`. Restore the file from version control, or remove the folder where\n\
         no database has run it.",
    ),
    code(
        "P3017",
        "there is no migration of this name",
        "Neither the folder of migrations nor the history of the database has it. `purlin migrate status` lists what is there.",
    ),
    code(
        "P3018",
        "a migration failed",
        "The message of the error is the database's own, with the statement that it refused. What the migration did was undone,\n\
         unless its script commits by itself. Correct the script, then run the command again.",
    ),
    code(
        "P3019",
        "the migrations are for another database",
        "The provider of the schema is not the one in `migration_lock.toml`: SQL for one database does not run on another.\n\
         Correct the provider, or begin a folder of migrations for the new database.",
    ),
];

/// The code, in either case.
pub(super) fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No advice names what a client does not have: the last column of the table of queries in docs/status.md.
    #[test]
    fn the_advice_names_only_what_there_is() {
        let status = include_str!("../../../docs/status.md");
        let rows = status.lines().skip_while(|line| !line.starts_with("| supported | not yet"));
        let rows = rows.take_while(|line| line.starts_with('|'));
        let column = rows.filter_map(|row| row.trim_end_matches('|').rsplit_once('|')).map(|(_, last)| last.to_owned());
        let missing: Vec<String> = column
            .flat_map(|last| last.split(',').map(|name| name.trim().trim_matches('`').to_owned()).collect::<Vec<_>>())
            .collect();
        assert!(missing.iter().any(|name| name == "groupBy"), "{missing:?}");
        for Code { code, text, .. } in CODES {
            // A key of the error's `meta` is no method.
            for quoted in text.split('`').skip(1).step_by(2).filter(|quoted| *quoted != "limit") {
                assert!(!missing.iter().any(|name| name == quoted), "{code} advises `{quoted}`, which is not there");
            }
        }
    }
}
