//! The rules of the language as a table: the code of each, when it is checked, and which family it belongs to.
//!
//! Findings about the text, about names and types, about attributes and about the configuration stand by themselves.
//! What the schema means together (keys, relations, what the database can do) waits only where it follows from one of
//! those.

use std::fmt;

/// The time at which a rule is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The values in `datasource` and `generator` blocks.
    Configuration,
    /// The text: its syntax, the names that blocks and fields have, the types that fields refer to.
    Text,
    /// Each attribute by itself.
    Attributes,
    /// The meaning of everything together: keys, indexes, relations, what the database can do. A finding waits while
    /// what it is about is open because of another error.
    Meaning,
}

/// The subject of a rule. The messages of each family are in one file of `schema/src/messages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The grammar, and spellings of older versions.
    Syntax,
    /// `datasource` and `generator` blocks.
    Configuration,
    /// The names of blocks, fields and values in the schema.
    Names,
    /// The types of fields, composite types and mixins.
    Types,
    /// Attributes and arguments as such, wherever they stand.
    Arguments,
    /// `@default` and `@generated`.
    Defaults,
    /// `@id`, `@unique` and `@@shardKey`, the fields that an attribute names, and what views cannot have.
    Keys,
    /// Indexes, and what each database lets a key or an index be.
    Indexes,
    /// `@db.VarChar(40)` and its kind.
    NativeTypes,
    /// Relations, their foreign keys and their actions.
    Relations,
    /// Names in the database, its schemas, and what needs a database.
    Database,
}

use Stage::{Attributes, Configuration, Meaning, Text};

/// Makes the rules and their table. Each rule has a page in `schema/reference`, which [`crate::reference`] reads.
macro_rules! rules {
    ($($name:ident = $code:literal, $stage:ident, $family:ident;)*) => {
        /// A rule of the language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = concat!("`", $code, "`")] $name,)*
        }

        impl Rule {
            /// All rules, in the order of their codes.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable name of the rule, in kebab case, for tools and for searching the documentation.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The time at which it is checked.
            pub fn stage(self) -> Stage {
                match self {
                    $(Self::$name => $stage,)*
                }
            }

            /// The family it belongs to.
            pub fn family(self) -> Family {
                match self {
                    $(Self::$name => Family::$family,)*
                }
            }

            /// The text of its page, `schema/reference/CODE.md`.
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../reference/", $code, ".md")),)*
                }
            }
        }
    };
}

rules! {
    AmbiguousRelation = "ambiguous-relation", Meaning, Relations;
    AttributeInText = "attribute-in-text", Text, Syntax;
    Autoincrement = "autoincrement", Meaning, Defaults;
    BadEscape = "bad-escape", Text, Syntax;
    Clustered = "clustered", Meaning, Keys;
    CompositeType = "composite-type", Meaning, Types;
    ConditionUnsupported = "condition-unsupported", Meaning, Indexes;
    ConstraintNameClash = "constraint-name-clash", Meaning, Database;
    ControlCharacter = "control-character", Attributes, Names;
    CyclicActions = "cyclic-actions", Meaning, Relations;
    DatabaseNameClash = "database-name-clash", Meaning, Database;
    DatabaseNameReserved = "database-name-reserved", Meaning, Database;
    DefaultOfComposite = "default-of-composite", Attributes, Defaults;
    DefaultType = "default-type", Attributes, Defaults;
    DuplicateColumn = "duplicate-column", Attributes, Database;
    DuplicateField = "duplicate-field", Text, Names;
    DuplicateGenerator = "duplicate-generator", Text, Configuration;
    DuplicateName = "duplicate-name", Text, Names;
    DuplicateProperty = "duplicate-property", Text, Configuration;
    DuplicateSelector = "duplicate-selector", Meaning, Keys;
    DuplicateTable = "duplicate-table", Meaning, Database;
    DuplicateType = "duplicate-type", Meaning, Database;
    DuplicateValue = "duplicate-value", Text, Names;
    EmptyEnum = "empty-enum", Text, Names;
    EmptyExpression = "empty-expression", Attributes, Arguments;
    EmptyKey = "empty-key", Meaning, Keys;
    EmptyList = "empty-list", Configuration, Configuration;
    EmptyName = "empty-name", Attributes, Arguments;
    EmptyUrl = "empty-url", Configuration, Configuration;
    EmulatedAction = "emulated-action", Meaning, Relations;
    EndlessType = "endless-type", Meaning, Types;
    ExpressionInKey = "expression-in-key", Attributes, Keys;
    ExtraArgument = "extra-argument", Attributes, Arguments;
    ForeignKeyLength = "foreign-key-length", Meaning, Relations;
    ForeignKeyOnList = "foreign-key-on-list", Meaning, Relations;
    ForeignKeyType = "foreign-key-type", Meaning, Relations;
    ForeignProvider = "foreign-provider", Configuration, Configuration;
    FulltextLength = "fulltext-length", Meaning, Indexes;
    FulltextSort = "fulltext-sort", Meaning, Indexes;
    FulltextType = "fulltext-type", Meaning, Indexes;
    FulltextUnsupported = "fulltext-unsupported", Meaning, Indexes;
    GeneratedClash = "generated-clash", Attributes, Defaults;
    IdAndUnique = "id-and-unique", Attributes, Keys;
    IndexRefused = "index-refused", Meaning, Indexes;
    IndexTypeUnsupported = "index-type-unsupported", Meaning, Indexes;
    InvalidName = "invalid-name", Text, Names;
    InvalidSelector = "invalid-selector", Attributes, Keys;
    KeyNameClash = "key-name-clash", Meaning, Keys;
    LegacyColon = "legacy-colon", Text, Syntax;
    LegacyList = "legacy-list", Text, Syntax;
    LegacyRequired = "legacy-required", Text, Syntax;
    LengthMissing = "length-missing", Meaning, Indexes;
    LengthOfOtherType = "length-of-other-type", Meaning, Indexes;
    LengthUnsupported = "length-unsupported", Meaning, Indexes;
    ListInId = "list-in-id", Attributes, Keys;
    MalformedDefault = "malformed-default", Meaning, Defaults;
    ManyToManyId = "many-to-many-id", Meaning, Relations;
    MisplacedArgument = "misplaced-argument", Meaning, Relations;
    MisplacedAttribute = "misplaced-attribute", Attributes, Arguments;
    MissingArgument = "missing-argument", Attributes, Arguments;
    MissingBackRelation = "missing-back-relation", Meaning, Relations;
    MissingDatasource = "missing-datasource", Meaning, Database;
    MissingIndex = "missing-index", Meaning, Relations;
    MissingProvider = "missing-provider", Configuration, Configuration;
    MissingSchema = "missing-schema", Meaning, Database;
    MissingType = "missing-type", Text, Syntax;
    MissingValue = "missing-value", Text, Syntax;
    MixinAsType = "mixin-as-type", Text, Types;
    NameAndMap = "name-and-map", Attributes, Keys;
    NameOfExpression = "name-of-expression", Attributes, Keys;
    NameOfSingleKey = "name-of-single-key", Attributes, Keys;
    NameTooLong = "name-too-long", Meaning, Database;
    NamedDefault = "named-default", Meaning, Defaults;
    NativeType = "native-type", Meaning, NativeTypes;
    NativeTypeArguments = "native-type-arguments", Meaning, NativeTypes;
    NativeTypeMismatch = "native-type-mismatch", Meaning, NativeTypes;
    NativeTypePrefix = "native-type-prefix", Meaning, NativeTypes;
    Nesting = "nesting", Text, Syntax;
    NoForeignKey = "no-foreign-key", Meaning, Relations;
    NoIdentity = "no-identity", Meaning, Keys;
    NoOperatorClass = "no-operator-class", Meaning, Indexes;
    OneToOneNotUnique = "one-to-one-not-unique", Meaning, Relations;
    OperatorClassOfKey = "operator-class-of-key", Meaning, Indexes;
    OperatorClassOfOtherIndex = "operator-class-of-other-index", Meaning, Indexes;
    OperatorClassOfOtherType = "operator-class-of-other-type", Meaning, Indexes;
    OperatorClassUnsupported = "operator-class-unsupported", Meaning, Indexes;
    OptionalId = "optional-id", Attributes, Keys;
    OptionalList = "optional-list", Text, Syntax;
    PreviewFeature = "preview-feature", Meaning, Configuration;
    RedundantIgnore = "redundant-ignore", Attributes, Relations;
    ReferencesNoKey = "references-no-key", Meaning, Relations;
    RelationInComposite = "relation-in-composite", Text, Types;
    RelationInKey = "relation-in-key", Attributes, Keys;
    RelationOptionality = "relation-optionality", Meaning, Relations;
    RelationToIgnored = "relation-to-ignored", Meaning, Relations;
    RenamedProperty = "renamed-property", Configuration, Configuration;
    RepeatedArgument = "repeated-argument", Attributes, Arguments;
    RepeatedAttribute = "repeated-attribute", Attributes, Arguments;
    RepeatedField = "repeated-field", Attributes, Keys;
    RepeatedInclude = "repeated-include", Text, Types;
    RepeatedModifier = "repeated-modifier", Text, Syntax;
    RepeatedSchema = "repeated-schema", Configuration, Configuration;
    RequiredBackRelation = "required-back-relation", Meaning, Relations;
    ReservedName = "reserved-name", Text, Names;
    SameShadowDatabase = "same-shadow-database", Configuration, Configuration;
    ScalarList = "scalar-list", Meaning, Types;
    SchemaUnsupported = "schema-unsupported", Meaning, Database;
    SecondDatasource = "second-datasource", Configuration, Configuration;
    SecondId = "second-id", Attributes, Keys;
    SecondShardKey = "second-shard-key", Attributes, Keys;
    ServerOnlyForeignKey = "server-only-foreign-key", Meaning, Relations;
    SetDefaultOnMysql = "set-default-on-mysql", Meaning, Relations;
    SetNullOnRequired = "set-null-on-required", Meaning, Relations;
    SeveralIndexedFields = "several-indexed-fields", Meaning, Indexes;
    ShardKey = "shard-key", Meaning, Keys;
    SortedId = "sorted-id", Meaning, Keys;
    StableFeature = "stable-feature", Configuration, Configuration;
    SupportedType = "supported-type", Meaning, Types;
    Syntax = "syntax", Text, Syntax;
    TooManyMixins = "too-many-mixins", Text, Types;
    TrailingComma = "trailing-comma", Attributes, Syntax;
    TwoForeignKeys = "two-foreign-keys", Meaning, Relations;
    TwoRelationModes = "two-relation-modes", Configuration, Configuration;
    TypeAlias = "type-alias", Text, Syntax;
    TypeArguments = "type-arguments", Text, Types;
    UnclosedBlock = "unclosed-block", Text, Syntax;
    UnclosedComment = "unclosed-comment", Text, Syntax;
    UnindexableType = "unindexable-type", Meaning, Indexes;
    UnknownAction = "unknown-action", Attributes, Relations;
    UnknownArgument = "unknown-argument", Attributes, Arguments;
    UnknownAttribute = "unknown-attribute", Attributes, Arguments;
    UnknownBlock = "unknown-block", Text, Syntax;
    UnknownEnumValue = "unknown-enum-value", Attributes, Defaults;
    UnknownFeature = "unknown-feature", Configuration, Configuration;
    UnknownField = "unknown-field", Attributes, Keys;
    UnknownFunction = "unknown-function", Meaning, Defaults;
    UnknownIndexType = "unknown-index-type", Attributes, Indexes;
    UnknownMixin = "unknown-mixin", Text, Types;
    UnknownNativeType = "unknown-native-type", Meaning, NativeTypes;
    UnknownOperatorClass = "unknown-operator-class", Attributes, Indexes;
    UnknownProperty = "unknown-property", Configuration, Configuration;
    UnknownProvider = "unknown-provider", Configuration, Configuration;
    UnknownSchema = "unknown-schema", Meaning, Database;
    UnknownType = "unknown-type", Text, Types;
    UnnamedConstraint = "unnamed-constraint", Meaning, Keys;
    UnorderedIndex = "unordered-index", Meaning, Indexes;
    UnsupportedProperty = "unsupported-property", Configuration, Configuration;
    UnusedMixin = "unused-mixin", Meaning, Types;
    UpdatedAtType = "updated-at-type", Attributes, Types;
    ViewConstraint = "view-constraint", Meaning, Keys;
    WrongValue = "wrong-value", Attributes, Arguments;
}

impl Rule {
    /// Finds the rule by its code.
    pub fn from_code(code: &str) -> Option<Self> {
        let place = Self::ALL.binary_search_by_key(&code, |rule| rule.code()).ok()?;
        Self::ALL.get(place).copied()
    }

    /// Returns whether it is about a relation whose two fields are known.
    pub fn is_of_relations(self) -> bool {
        matches!(
            self,
            Self::AmbiguousRelation
                | Self::CyclicActions
                | Self::ForeignKeyLength
                | Self::ForeignKeyOnList
                | Self::ForeignKeyType
                | Self::ManyToManyId
                | Self::MisplacedArgument
                | Self::MissingBackRelation
                | Self::NoForeignKey
                | Self::OneToOneNotUnique
                | Self::ReferencesNoKey
                | Self::RelationOptionality
                | Self::RequiredBackRelation
                | Self::SetNullOnRequired
                | Self::TwoForeignKeys
        )
    }

    /// Returns whether it is about the keys that a model has, so that it waits until they can be read.
    pub(crate) fn is_of_keys(self) -> bool {
        matches!(self, Self::NoIdentity | Self::OneToOneNotUnique | Self::ManyToManyId | Self::MissingIndex)
    }

    /// Returns whether it is about a value that does not fit the type of its field.
    pub(crate) fn is_of_type(self) -> bool {
        matches!(
            self,
            Self::DefaultType
                | Self::WrongValue
                | Self::UnknownEnumValue
                | Self::UpdatedAtType
                | Self::DefaultOfComposite
        )
    }

    /// Returns whether it is about which table of the database a model is, so that it waits for `@@map`, `@@schema` and
    /// `@@ignore`.
    pub(crate) fn is_of_tables(self) -> bool {
        matches!(
            self,
            Self::DuplicateTable
                | Self::DuplicateType
                | Self::ConstraintNameClash
                | Self::DatabaseNameClash
                | Self::MissingSchema
                | Self::UnknownSchema
                | Self::RelationToIgnored
        )
    }

    /// Returns whether it is about the schemas that the datasource lists.
    pub(crate) fn is_of_schemas(self) -> bool {
        matches!(self, Self::MissingSchema | Self::UnknownSchema | Self::SchemaUnsupported)
    }

    /// Returns whether it depends on `relationMode`.
    pub(crate) fn is_of_relation_mode(self) -> bool {
        matches!(
            self,
            Self::EmulatedAction
                | Self::MissingIndex
                | Self::SetNullOnRequired
                | Self::CyclicActions
                | Self::SetDefaultOnMysql
        )
    }

    /// Returns whether it is the same on each database.
    pub(crate) fn is_of_any_database(self) -> bool {
        self.is_of_relations() && !matches!(self, Self::SetNullOnRequired | Self::CyclicActions)
            || matches!(
                self,
                Self::NoIdentity
                    | Self::KeyNameClash
                    | Self::DuplicateSelector
                    | Self::DuplicateTable
                    | Self::EndlessType
                    | Self::RelationToIgnored
            )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn the_codes_are_the_names_in_order() {
        assert!(Rule::ALL.is_sorted_by(|one, other| one.code() < other.code()));
        for rule in Rule::ALL {
            let words = rule.code().split('-').map(|word| {
                let (first, rest) = word.split_at(1);
                first.to_uppercase() + rest
            });
            assert_eq!(format!("{rule:?}"), words.collect::<String>());
            assert_eq!(Rule::from_code(rule.code()), Some(*rule));
        }
        assert_eq!(Rule::from_code("no-such-rule"), None);
    }
}
