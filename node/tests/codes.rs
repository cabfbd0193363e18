//! The TypeScript runtime has the words of query shapes from this crate's table.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use purlin_query::shape::Code;

#[test]
fn the_runtimes_words_are_the_engines() {
    let mut text = "// Generated from the engine's table by the test node/tests/codes.rs. Do not edit.

/** The words of query shapes that have a meaning of their own, as UTF-16 units. */
export const Code = {
"
    .to_owned();
    for (name, word) in Code::ALL {
        writeln!(text, "  {name}: '\\u{word:04x}',").expect("a string takes all");
    }
    text.push_str("} as const\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("package/src/codes.ts");
    if fs::read_to_string(&path).unwrap_or_default() != text {
        fs::write(&path, &text).expect("the file can be written");
        panic!("{} was not what the engine says: it is now, look at the difference", path.display());
    }
}
