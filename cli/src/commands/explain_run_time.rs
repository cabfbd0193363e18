//! The codes of errors that a client returns while a program runs, for `purlin explain`.

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
pub(super) const CODES: [Code; 20] = [
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
        let rows = status.lines().skip_while(|line| !line.starts_with("| there | not yet"));
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
