//! The shape: a query tree without values, as a sequence of 16-bit words.
//!
//! Both clients write it while they walk the arguments of a call, and put each value they meet into a list
//! beside it. The words are the key of the plan cache, so a call that was seen before costs no tree at all;
//! [`decode`] turns them back into a [`Query`](crate::tree::Query) for the planner when it was not. A word fits a UTF-16 unit: in
//! JavaScript a shape is a string.
//!
//! ```text
//! query     := FindMany model args selection | FindFirst .. | FindUnique ..
//!            | Count model args n (All | Field field)*n
//!            | Create model writes selection          | CreateMany model n (k field*k)*n     values: a list per group,
//!                                                                    with several the group of each row
//!            | Update model filter writes selection   | UpdateMany model filter writes
//!            | Upsert model filter writes writes selection                              the new row, then the changes
//!            | Delete model filter selection          | DeleteMany model filter
//! args      := (Where filter)? (OrderBy order)* (Take | TakeLast)? Skip? End            values: the numbers
//! filter    := And n filter*n | Or n filter*n | Not filter
//!            | (Equals | .. | EndsWith) field                                           value: the operand
//!            | (In | NotIn) field                                                       value: a list
//!            | (Has | HasEvery | HasSome) field                                 value: an element, or a list
//!            | IsEmpty field
//!            | IsNull field | IsNotNull field | (Some | Every | None) relation filter
//! order     := (Ascending | Descending) (NullsFirst | NullsLast)? n relation*n (Field field | Count relation)
//! selection := (AllColumns | Field field | Relation relation args selection
//!            | Counts n (relation (Where filter | All))*n)* End
//! writes    := (Set field | SetNull field | (Add | ..) field | Push field
//!            | NestedCreate relation writes | NestedCreateMany relation k field*k    values: the rows
//!            | Connect relation filter | ConnectOrCreate relation filter writes
//!            | Disconnect relation row | SetRelated relation n filter*n
//!            | NestedUpdate relation row writes | NestedUpdateMany relation filter writes
//!            | NestedUpsert relation row writes writes                                  the new row, then the changes
//!            | NestedDelete relation row | NestedDeleteMany relation filter)* End       values: in order
//! row       := All | Where filter                                                        All: of a to-one relation
//! ```
//! `AllColumns` are those that are not server-only. Of a list column the value of `Equals`, `Set` and `Push` is a list.

mod check;
mod decode;

use crate::catalog::{FieldIndex, ModelIndex};

pub use decode::decode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The words with a meaning of their own; the others are indices and numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u16)]
        #[allow(missing_docs, reason = "the grammar above is their documentation")]
        pub enum Code { $($(#[$doc])* $name = $word,)* }

        impl Code {
            /// Every code with its name, from which the TypeScript runtime's table is made.
            pub const ALL: &[(&str, u16)] = &[$((stringify!($name), $word),)*];

            fn from_word(word: u16) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    End = 0,
    FindMany = 1,
    FindFirst = 2,
    FindUnique = 3,
    Count = 4,
    Create = 5,
    CreateMany = 6,
    Update = 7,
    UpdateMany = 8,
    Delete = 9,
    DeleteMany = 10,
    Upsert = 11,
    Where = 16,
    OrderBy = 17,
    Take = 18,
    TakeLast = 19,
    Skip = 20,
    And = 32,
    Or = 33,
    Not = 34,
    Equals = 35,
    NotEquals = 36,
    Less = 37,
    LessOrEqual = 38,
    Greater = 39,
    GreaterOrEqual = 40,
    Contains = 41,
    StartsWith = 42,
    EndsWith = 43,
    In = 44,
    NotIn = 45,
    IsNull = 46,
    IsNotNull = 47,
    Some = 48,
    Every = 49,
    None = 50,
    Has = 51,
    HasEvery = 52,
    HasSome = 53,
    IsEmpty = 54,
    Ascending = 64,
    Descending = 65,
    NullsFirst = 66,
    NullsLast = 67,
    AllColumns = 80,
    Field = 81,
    Relation = 82,
    Counts = 83,
    All = 84,
    Set = 96,
    SetNull = 97,
    Add = 98,
    Subtract = 99,
    Multiply = 100,
    Divide = 101,
    NestedCreate = 102,
    Connect = 103,
    Push = 104,
    NestedCreateMany = 105,
    ConnectOrCreate = 106,
    Disconnect = 107,
    SetRelated = 108,
    NestedUpdate = 109,
    NestedUpdateMany = 110,
    NestedUpsert = 111,
    NestedDelete = 112,
    NestedDeleteMany = 113,
}

/// What a value of a query must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A value for a column, or of its type.
    Column {
        /// The model of the column.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// A value that a column is compared with, which the column itself might not hold.
    Compared {
        /// The model of the column.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// A list of values that a column is compared with.
    List {
        /// The model of the column.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// The elements of a list column; there may be none.
    Elements {
        /// The model of the column.
        model: ModelIndex,
        /// The column.
        field: FieldIndex,
    },
    /// A number of rows.
    Count,
    /// The rows of a group of `createMany`: the index of the group.
    Rows {
        /// The model of the rows.
        model: ModelIndex,
        /// Index of the group in [`Query::CreateMany`](crate::tree::Query::CreateMany).
        group: usize,
    },
    /// The index of the group of each row of `createMany`, in the order of the rows.
    Order {
        /// The number of groups.
        groups: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_its_own_word() {
        for (index, (name, word)) in Code::ALL.iter().enumerate() {
            assert!(Code::ALL.iter().skip(index + 1).all(|(_, other)| other != word), "{name} shares its word");
        }
    }
}
