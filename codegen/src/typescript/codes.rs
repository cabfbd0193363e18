//! The words of query shapes, as the TypeScript runtime has them.

use std::fmt::Write as _;

use purlin_query::catalog::{Type, VERSION};
use purlin_query::operators::OPERATORS;
use purlin_query::shape::Code;

/// The kinds of columns in the TypeScript runtime.
const KINDS: [(&str, Type); 10] = [
    ("String", Type::String),
    ("Boolean", Type::Boolean),
    ("Int", Type::Int),
    ("BigInt", Type::BigInt),
    ("Float", Type::Float),
    ("Decimal", Type::Decimal),
    ("DateTime", Type::DateTime),
    ("Json", Type::Json),
    ("Bytes", Type::Bytes),
    ("Enum", Type::Enum(0)),
];

/// The file `codes.ts` of the npm package: the words of query shapes and the operators of columns, from the engine's tables.
pub fn codes() -> String {
    let mut text = "// Generated from the engine's tables by `cargo xtask regenerate`. Do not edit.

/** The words of query shapes that have a meaning of their own, as UTF-16 units. */
export const Code = {
"
    .to_owned();
    for (name, word) in Code::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}: '\\u{word:04x}',");
    }
    text.push_str(
        "} as const\n\n/** The words of the operators by which columns are compared. */\nexport const Operator = {\n",
    );
    for operator in &OPERATORS {
        let _ = writeln!(text, "  {}: Code.{:?},", operator.name, operator.code);
    }
    text.push_str("} as const\n\n/** The operators of the columns of each kind. */\nexport const OPERATORS_OF = {\n");
    for (kind, ty) in KINDS {
        let operators = OPERATORS.iter().filter(|operator| operator.offered.has(ty));
        let names: Vec<String> = operators.map(|operator| format!("'{}'", operator.name)).collect();
        let _ = writeln!(text, "  {kind}: [{}],", names.join(", "));
    }
    text.push_str("} as const\n\n/** The version of the text of catalogs. */\n");
    let _ = writeln!(text, "export const CATALOG_VERSION = {VERSION}");
    text
}
