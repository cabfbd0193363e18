//! The words of query shapes, as the TypeScript runtime has them.

use std::fmt::Write as _;

use purlin_query::shape::Code;

/// The file `codes.ts` of the npm package: the words of query shapes, from the engine's table.
pub fn codes() -> String {
    let mut text = "// Generated from the engine's table by `cargo xtask regenerate`. Do not edit.

/** The words of query shapes that have a meaning of their own, as UTF-16 units. */
export const Code = {
"
    .to_owned();
    for (name, word) in Code::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}: '\\u{word:04x}',");
    }
    text.push_str("} as const\n");
    text
}
