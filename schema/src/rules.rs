//! The rules of the language by their codes, and the stage at which each is checked.
//!
//! Findings about the text, about names and types, about attributes and about the configuration stand by themselves. What
//! the schema means together (keys, relations, what the database can do) waits only where it follows from one of those.

/// When a rule is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The values in `datasource` and `generator` blocks.
    Configuration,
    /// The text: its syntax, the names that blocks and fields have, the types that fields refer to.
    Text,
    /// Each attribute by itself.
    Attributes,
    /// What everything means together: keys, indexes, relations, what the database can do. A finding waits while what it
    /// is about is open because of another error.
    Meaning,
}

use Stage::{Attributes, Configuration, Meaning, Text};

/// Makes the tables of the rules. Each rule has a page in `schema/reference`, which [`crate::reference`] reads.
macro_rules! rules {
    ($(($code:literal, $stage:ident)),* $(,)?) => {
        /// The codes of all diagnostics, with their stages.
        pub const RULES: &[(&str, Stage)] = &[$(($code, $stage)),*];

        /// The page of each, in the same order.
        pub(crate) const PAGES: &[&str] = &[$(include_str!(concat!("../reference/", $code, ".md"))),*];
    };
}

rules![
    ("ambiguous-relation", Meaning),
    ("attribute-in-text", Text),
    ("autoincrement", Meaning),
    ("bad-escape", Text),
    ("clustered", Meaning),
    ("composite-type", Meaning),
    ("condition-unsupported", Meaning),
    ("constraint-name-clash", Meaning),
    ("control-character", Attributes),
    ("cyclic-actions", Meaning),
    ("database-name-clash", Meaning),
    ("database-name-reserved", Meaning),
    ("default-of-composite", Attributes),
    ("default-type", Attributes),
    ("duplicate-column", Attributes),
    ("duplicate-field", Text),
    ("duplicate-generator", Text),
    ("duplicate-name", Text),
    ("duplicate-property", Text),
    ("duplicate-selector", Meaning),
    ("duplicate-table", Meaning),
    ("duplicate-type", Meaning),
    ("duplicate-value", Text),
    ("empty-enum", Text),
    ("empty-expression", Attributes),
    ("empty-key", Meaning),
    ("empty-list", Configuration),
    ("empty-name", Attributes),
    ("empty-url", Configuration),
    ("emulated-action", Meaning),
    ("endless-type", Meaning),
    ("expression-in-key", Attributes),
    ("extra-argument", Attributes),
    ("foreign-key-length", Meaning),
    ("foreign-key-on-list", Meaning),
    ("foreign-key-type", Meaning),
    ("foreign-provider", Configuration),
    ("fulltext-length", Meaning),
    ("fulltext-sort", Meaning),
    ("fulltext-type", Meaning),
    ("fulltext-unsupported", Meaning),
    ("generated-clash", Attributes),
    ("id-and-unique", Attributes),
    ("index-refused", Meaning),
    ("index-type-unsupported", Meaning),
    ("invalid-name", Text),
    ("invalid-selector", Attributes),
    ("key-name-clash", Meaning),
    ("legacy-colon", Text),
    ("legacy-list", Text),
    ("legacy-required", Text),
    ("length-missing", Meaning),
    ("length-of-other-type", Meaning),
    ("length-unsupported", Meaning),
    ("list-in-id", Attributes),
    ("malformed-default", Meaning),
    ("many-to-many-id", Meaning),
    ("misplaced-argument", Meaning),
    ("misplaced-attribute", Attributes),
    ("missing-argument", Attributes),
    ("missing-back-relation", Meaning),
    ("missing-datasource", Meaning),
    ("missing-index", Meaning),
    ("missing-provider", Configuration),
    ("missing-schema", Meaning),
    ("missing-type", Text),
    ("missing-value", Text),
    ("mixin-as-type", Text),
    ("name-and-map", Attributes),
    ("name-of-expression", Attributes),
    ("name-of-single-key", Attributes),
    ("name-too-long", Meaning),
    ("named-default", Meaning),
    ("native-type", Meaning),
    ("native-type-arguments", Meaning),
    ("native-type-mismatch", Meaning),
    ("native-type-prefix", Meaning),
    ("nesting", Text),
    ("no-foreign-key", Meaning),
    ("no-identity", Meaning),
    ("no-operator-class", Meaning),
    ("one-to-one-not-unique", Meaning),
    ("operator-class-of-key", Meaning),
    ("operator-class-of-other-index", Meaning),
    ("operator-class-of-other-type", Meaning),
    ("operator-class-unsupported", Meaning),
    ("optional-id", Attributes),
    ("optional-list", Text),
    ("preview-feature", Meaning),
    ("redundant-ignore", Attributes),
    ("references-no-key", Meaning),
    ("relation-in-composite", Text),
    ("relation-in-key", Attributes),
    ("relation-optionality", Meaning),
    ("relation-to-ignored", Meaning),
    ("renamed-property", Configuration),
    ("repeated-argument", Attributes),
    ("repeated-attribute", Attributes),
    ("repeated-field", Attributes),
    ("repeated-include", Text),
    ("repeated-modifier", Text),
    ("repeated-schema", Configuration),
    ("required-back-relation", Meaning),
    ("reserved-name", Text),
    ("same-shadow-database", Configuration),
    ("scalar-list", Meaning),
    ("schema-unsupported", Meaning),
    ("second-datasource", Configuration),
    ("second-id", Attributes),
    ("second-shard-key", Attributes),
    ("server-only-foreign-key", Meaning),
    ("set-default-on-mysql", Meaning),
    ("set-null-on-required", Meaning),
    ("several-indexed-fields", Meaning),
    ("shard-key", Meaning),
    ("sorted-id", Meaning),
    ("stable-feature", Configuration),
    ("supported-type", Meaning),
    ("syntax", Text),
    ("too-many-mixins", Text),
    ("trailing-comma", Attributes),
    ("two-foreign-keys", Meaning),
    ("two-relation-modes", Configuration),
    ("type-alias", Text),
    ("type-arguments", Text),
    ("unclosed-block", Text),
    ("unclosed-comment", Text),
    ("unindexable-type", Meaning),
    ("unknown-action", Attributes),
    ("unknown-argument", Attributes),
    ("unknown-attribute", Attributes),
    ("unknown-block", Text),
    ("unknown-enum-value", Attributes),
    ("unknown-feature", Configuration),
    ("unknown-field", Attributes),
    ("unknown-function", Meaning),
    ("unknown-index-type", Attributes),
    ("unknown-mixin", Text),
    ("unknown-native-type", Meaning),
    ("unknown-operator-class", Attributes),
    ("unknown-property", Configuration),
    ("unknown-provider", Configuration),
    ("unknown-schema", Meaning),
    ("unknown-type", Text),
    ("unnamed-constraint", Meaning),
    ("unordered-index", Meaning),
    ("unsupported-property", Configuration),
    ("unused-mixin", Meaning),
    ("updated-at-type", Attributes),
    ("view-constraint", Meaning),
    ("wrong-value", Attributes),
];

/// The place of the rule called `code` in the tables.
pub(crate) fn position(code: &str) -> Option<usize> {
    RULES.binary_search_by_key(&code, |(known, _)| known).ok()
}

/// Whether the rule called `code` is about relations as such, whose fields have been paired.
pub fn is_of_relations(code: &str) -> bool {
    matches!(
        code,
        "ambiguous-relation"
            | "cyclic-actions"
            | "foreign-key-length"
            | "foreign-key-on-list"
            | "foreign-key-type"
            | "many-to-many-id"
            | "misplaced-argument"
            | "missing-back-relation"
            | "no-foreign-key"
            | "one-to-one-not-unique"
            | "references-no-key"
            | "relation-optionality"
            | "required-back-relation"
            | "set-null-on-required"
            | "two-foreign-keys"
    )
}

/// The stage of the rule called `code`.
pub(crate) fn stage(code: &str) -> Stage {
    position(code).and_then(|at| RULES.get(at)).map_or(Meaning, |it| it.1)
}

#[cfg(test)]
mod tests {
    use super::{RULES, Stage, stage};

    #[test]
    fn the_codes_are_in_order() {
        assert!(RULES.is_sorted_by(|one, other| one.0 < other.0));
        assert_eq!(stage("syntax"), Stage::Text);
    }
}
