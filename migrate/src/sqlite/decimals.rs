//! Writes numbers as the canonical texts of decimals, in SQL that every program can run.

/// The canonical text of the number in a column: no exponent, no plus, no zeros that say nothing. What is no number, or
/// one of more than a thousand digits, stays as it is.
pub(super) fn canonical_decimal(column: &str) -> String {
    // From the inside out: the text; its sign and what follows; the mantissa and the exponent; the whole and the broken
    // digits; all digits with the place of the point among them; without the zeros around them.
    let text = format!("SELECT lower(trim(CAST({column} AS TEXT))) AS t");
    let sign = format!(
        "SELECT CASE WHEN t LIKE '-%' THEN '-' ELSE '' END AS sign, \
         CASE WHEN t GLOB '[-+]*' THEN substr(t, 2) ELSE t END AS t FROM ({text})"
    );
    let exponent = format!(
        "SELECT sign, CASE WHEN instr(t, 'e') THEN substr(t, 1, instr(t, 'e') - 1) ELSE t END AS m, \
         CASE WHEN instr(t, 'e') THEN substr(t, instr(t, 'e') + 1) ELSE '0' END AS e FROM ({sign})"
    );
    let is_number = "m NOT GLOB '*[^.0-9]*' AND m NOT GLOB '*.*.*' AND m GLOB '*[0-9]*' \
                     AND ltrim(substr(e, 1, 1), '+-') || substr(e, 2) GLOB '[0-9]*' \
                     AND ltrim(substr(e, 1, 1), '+-') || substr(e, 2) NOT GLOB '*[^0-9]*' \
                     AND abs(CAST(e AS INTEGER)) <= 2000";
    let parts = format!(
        "SELECT sign, CAST(e AS INTEGER) AS e, replace(m, '.', '') AS digits, \
         CASE WHEN instr(m, '.') THEN instr(m, '.') - 1 ELSE length(m) END AS whole FROM ({exponent}) WHERE {is_number}"
    );
    let digits = format!(
        "SELECT sign, trim(digits, '0') AS digits, \
         whole + e - length(digits) + length(ltrim(digits, '0')) AS point FROM ({parts})"
    );
    let zeros = |count: &str| format!("replace(hex(zeroblob({count})), '00', '0')");
    let (after, before) = (zeros("point - length(digits)"), zeros("-point"));
    format!(
        "coalesce((SELECT CASE WHEN digits = '' THEN '0' \
         WHEN max(point, 0) + max(length(digits) - point, 0) > 1000 THEN NULL \
         WHEN point >= length(digits) THEN sign || digits || {after} \
         WHEN point <= 0 THEN sign || '0.' || {before} || digits \
         ELSE sign || substr(digits, 1, point) || '.' || substr(digits, point + 1) END FROM ({digits})), {column})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_the_texts_that_the_clients_write() {
        let sqlite = rusqlite::Connection::open_in_memory().expect("a database");
        sqlite.execute_batch("CREATE TABLE t (c)").expect("a table");
        let nines = format!("'{}'", "9".repeat(1_000));
        for literal in [
            "'1.50'",
            "'2.0'",
            "'-0'",
            "'-0.00'",
            "'+1.5'",
            "'007'",
            "'.5'",
            "'-.5'",
            "'5.'",
            "' 1.5 '",
            "'1e3'",
            "'1E-3'",
            "'-12.5e+2'",
            "'0.00012e2'",
            "'123456789012345678901234567890.10'",
            "1",
            "-7",
            "0.0",
            "1.5",
            "-0.1",
            "1e20",
            "1.5e-7",
            "1.7976931348623157e308",
            "5e-324",
            "123456789.125",
            "9007199254740993",
            "'0e99999'",
            &nines,
        ] {
            sqlite.execute_batch(&format!("DELETE FROM t; INSERT INTO t VALUES ({literal})")).expect("a row");
            let sql = format!("SELECT CAST(c AS TEXT), {} FROM t", canonical_decimal("c"));
            let (text, found): (String, String) = sqlite
                .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap_or_else(|error| panic!("{literal}: {error}"));
            let expected = purlin_driver::decimal::canonical(&text);
            if literal != "'0e99999'" {
                assert_eq!(Some(found), expected, "{literal}");
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_is() {
        let sqlite = rusqlite::Connection::open_in_memory().expect("a database");
        sqlite.execute_batch("CREATE TABLE t (c)").expect("a table");
        for literal in [
            "''",
            "'abc'",
            "'-'",
            "'.'",
            "'1e'",
            "'e5'",
            "'1-2'",
            "'--1'",
            "'1.2.3'",
            "'1e2e3'",
            "'1e5.5'",
            "'1e-'",
            "'NaN'",
            "'Infinity'",
            "'0x10'",
            "'1 2'",
            "'1e1000000000'",
            "'1e-1001'",
            "x'ff00'",
            "NULL",
        ] {
            sqlite.execute_batch(&format!("DELETE FROM t; INSERT INTO t VALUES ({literal})")).expect("a row");
            let sql = format!("SELECT {} IS c FROM t", canonical_decimal("c"));
            let same: bool =
                sqlite.query_row(&sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{literal}: {error}"));
            assert!(same, "{literal}");
        }
    }
}
