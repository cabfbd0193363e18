//! The operators by which columns are compared: their words in a shape, their names in the TypeScript client, and the types
//! that have them. The compiler decodes and checks conditions by this table, and the runtime's tables are made from it
//! (`node/package/src/codes.ts`). The conditions of its types are held to it by `node/package/test/types/operators.ts`, and
//! the methods of the Rust client's columns by the tests of `client/src/value.rs`.

use crate::catalog::Type;
use crate::shape::Code;
use crate::tree::Compare;

/// An operator of columns that are no lists.
#[derive(Debug)]
pub struct Operator {
    /// Its word.
    pub code: Code,
    /// Its name in the arguments of the TypeScript client, which is Prisma's.
    pub name: &'static str,
    /// What it compares; none where it looks for a value in a list.
    pub compare: Option<Compare>,
    /// The types that have it.
    pub types: Types,
    /// The types that have it in the TypeScript client: Prisma leaves some out.
    pub offered: Types,
}

/// Types that have an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Types {
    /// All of them.
    All,
    /// Those that have many values, each of which is one: neither booleans nor JSON.
    Listed,
    /// Those that have an order.
    Ordered,
    /// Texts.
    Text,
}

impl Types {
    /// Returns whether the type is one of them.
    pub fn has(self, ty: Type) -> bool {
        match self {
            Self::All => true,
            Self::Listed => !matches!(ty, Type::Boolean | Type::Json),
            Self::Ordered => !matches!(ty, Type::Boolean | Type::Json | Type::Bytes | Type::Enum(_)),
            Self::Text => ty == Type::String,
        }
    }
}

/// Each operator, in the order in which messages list them.
pub const OPERATORS: [Operator; 11] = [
    compares(Code::Equals, "equals", Compare::Equals, Types::All),
    finds(Code::In, "in"),
    finds(Code::NotIn, "notIn"),
    compares(Code::NotEquals, "not", Compare::NotEquals, Types::All),
    compares(Code::Less, "lt", Compare::Less, Types::Ordered),
    compares(Code::LessOrEqual, "lte", Compare::LessOrEqual, Types::Ordered),
    compares(Code::Greater, "gt", Compare::Greater, Types::Ordered),
    compares(Code::GreaterOrEqual, "gte", Compare::GreaterOrEqual, Types::Ordered),
    compares(Code::Contains, "contains", Compare::Contains, Types::Text),
    compares(Code::StartsWith, "startsWith", Compare::StartsWith, Types::Text),
    compares(Code::EndsWith, "endsWith", Compare::EndsWith, Types::Text),
];

const fn compares(code: Code, name: &'static str, compare: Compare, types: Types) -> Operator {
    Operator { code, name, compare: Some(compare), types, offered: types }
}

const fn finds(code: Code, name: &'static str) -> Operator {
    Operator { code, name, compare: None, types: Types::All, offered: Types::Listed }
}

impl Operator {
    /// The operator of a word.
    pub fn of(code: Code) -> Option<&'static Self> {
        OPERATORS.iter().find(|operator| operator.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operator_has_its_own_word_and_name() {
        for (index, operator) in OPERATORS.iter().enumerate() {
            for other in OPERATORS.iter().skip(index + 1) {
                assert!(operator.code != other.code && operator.name != other.name, "{operator:?} {other:?}");
            }
        }
    }
}
