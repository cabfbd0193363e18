//! Names of the schema as TypeScript writes them.

/// Words that name no type and no variable.
const RESERVED: &[&str] = &[
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "is",
    "keyof",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "return",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "using",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Names that the generated files declare or import themselves.
const TAKEN: &[&str] = &[
    "Decimal",
    "Delegates",
    "Models",
    "Prisma",
    "PrismaClient",
    "Purlin",
    "PurlinClient",
    "TransactionClient",
    "catalog",
    "models",
    "purlin",
    "settings",
];

/// A model or an enum, as a type of the module.
pub(super) fn type_name(name: &str) -> String {
    let mut safe: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if safe.starts_with(|c: char| c.is_numeric()) {
        safe.insert(0, '_');
    }
    if RESERVED.contains(&name) || TAKEN.contains(&name) {
        safe.push('_');
    }
    safe
}

/// A field or a model, as a member of an object.
pub(super) fn member(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { quote(name) }
}

/// A name as a string.
pub(super) fn quote(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\r', "\\r"))
}

/// The member of a client that stands for a model.
pub(super) fn accessor(model: &str) -> String {
    let mut chars = model.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `'a' | 'b'`, or `never`.
pub(super) fn union<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(quote).collect();
    if quoted.is_empty() { "never".to_owned() } else { quoted.join(" | ") }
}
