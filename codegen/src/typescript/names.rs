//! Names of the schema as TypeScript writes them.

use std::collections::{HashMap, HashSet};

use purlin_query::catalog::Catalog;
use purlin_schema::model::Schema;

/// Words that name no type and no variable.
const RESERVED: &[&str] = &[
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "bigint",
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
    "exports",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "globalThis",
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
pub(super) const TAKEN: &[&str] = &[
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
    "p",
    "settings",
];

/// What stands after the name of a model in names that code imports, those of inputs in Prisma's `models` module.
const MODEL_TYPES: [&str; 10] = [
    "WhereInput",
    "WhereUniqueInput",
    "CreateInput",
    "UncheckedCreateInput",
    "CreateManyInput",
    "UpdateInput",
    "UncheckedUpdateInput",
    "UpdateManyInput",
    "UpdateManyMutationInput",
    "UncheckedUpdateManyInput",
];

/// The names of the types of all models, enums and mixins, by their names in the schema. One that would meet another's
/// makes way by an underscore.
pub(super) fn types<'a>(schema: &'a Schema, catalog: &'a Catalog) -> HashMap<&'a str, String> {
    let models = catalog.models.iter().map(|model| (&*model.name, [""].into_iter().chain(MODEL_TYPES).collect()));
    let enums = catalog.enums.iter().map(|item| (&*item.name, vec![""]));
    let mixins = schema.mixins.iter().map(|mixin| (mixin.name.as_str(), vec![""]));
    let all: Vec<(&str, Vec<&str>)> = models.chain(enums).chain(mixins).collect();
    // Names that need no change come first: what is made up makes way for them.
    let plain: HashSet<&str> = all.iter().map(|(name, _)| *name).collect();
    let mut taken: HashSet<String> = HashSet::new();
    let mut types = HashMap::new();
    for (name, suffixes) in all {
        let mut own = type_name(name);
        loop {
            let made: Vec<String> = suffixes.iter().map(|suffix| format!("{own}{suffix}")).collect();
            let free = |made: &String| !taken.contains(made) && (made == name || !plain.contains(made.as_str()));
            if made.iter().all(free) {
                taken.extend(made);
                break;
            }
            own.push('_');
        }
        types.insert(name, own);
    }
    types
}

/// The name of the interface that describes a model, by the name of its type. Clients have all enums as `$Enums`.
pub(super) fn descriptor(types: &str) -> String {
    if types == "Enums" { "$Enums$Model".to_owned() } else { format!("${types}") }
}

/// A model or an enum, as a type of the module.
fn type_name(name: &str) -> String {
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

/// What every object has by itself.
const INHERITED: &[&str] = &[
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// The kind of a field, which makes room for what every object has under the same name.
pub(super) fn inherited(name: &str, kind: String) -> String {
    if INHERITED.contains(&name) { format!("p.Inherited<{kind}, {}>", quote(name)) } else { kind }
}

/// A name as a string.
pub(super) fn quote(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\r', "\\r"))
}

/// `'a' | 'b'`, or `never`.
pub(super) fn union<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(quote).collect();
    if quoted.is_empty() { "never".to_owned() } else { quoted.join(" | ") }
}
