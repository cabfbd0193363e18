//! What generated code and derives call beside the public names.

use crate::fragment::Load;
use crate::select::Select;

#[cfg(feature = "serde")]
pub use crate::json::{parse_enum, serialize_row};
pub use crate::load::{Part, Row, load_elements, load_enum};
pub use crate::select::{Fragment, Selected, Selection};
pub use crate::value::{Cell, ListCell, ToCell, list_cell};
pub use purlin_query::value::Value;
#[cfg(feature = "serde")]
pub use serde;
pub use std::vec::Vec;

/// The larger of `depth` and how deep relations nest in a `T`.
pub const fn deeper<T: Load>(depth: usize) -> usize {
    if T::DEPTH > depth { T::DEPTH } else { depth }
}

/// The number of parts that a `T` takes of a row.
pub const fn width_of<T: Select>() -> usize {
    T::FRAGMENT.width
}

/// Makes a struct the default row of its model. Generated code calls it, with the columns in the catalog's order.
#[doc(hidden)]
#[macro_export]
macro_rules! row {
    ($name:ident { $($column:ident),* $(,)? }) => {
        impl $crate::fragment::Load for $name {
            const DEPTH: usize = 1;

            #[inline]
            fn load(part: &$crate::generated::Part<'_>, row: usize) -> ::core::result::Result<Self, $crate::Error> {
                <Self as $crate::Select>::from_row(part.row(row)?)
            }
        }

        impl $crate::Select for $name {
            type Model = Self;
            type Slots = ();
            const FRAGMENT: $crate::generated::Fragment<Self> = {
                const WIDTH: usize = <[&::core::primitive::str]>::len(&[$(::core::stringify!($column)),*]);
                $crate::generated::Fragment {
                    depth: 1,
                    width: WIDTH,
                    select: |selection| selection.columns(WIDTH),
                    read: |row| {
                        #[allow(unused_mut, unused_variables)]
                        let mut columns = row.columns();
                        ::core::result::Result::Ok(Self { $($column: columns.next()?),* })
                    },
                }
            };

            fn slots(_: usize) {}
        }

        $crate::serialize_row! { $name { $($column),* } }
    };
}

/// Makes an enum the type of columns. Generated code calls it, with the values in the catalog's order.
#[doc(hidden)]
#[macro_export]
macro_rules! enumeration {
    ($name:ident { $($value:ident = $text:literal),* $(,)? }) => {
        impl $crate::value::Enum for $name {
            const VALUES: &'static [Self] = &[$(Self::$value),*];

            fn name(self) -> &'static str {
                match self { $(Self::$value => $text),* }
            }

            #[inline]
            fn index(self) -> u16 {
                self as u16
            }
        }

        impl $crate::fragment::Load for $name {
            #[inline]
            fn load(part: &$crate::generated::Part<'_>, row: usize) -> ::core::result::Result<Self, $crate::Error> {
                $crate::generated::load_enum(part, row)
            }
        }

        impl $crate::value::Scalar for $name {
            #[inline]
            fn into_value(self) -> $crate::generated::Value {
                $crate::generated::Value::Enum($crate::value::Enum::index(self))
            }

            fn cell(&self) -> $crate::generated::Cell<'_> {
                $crate::generated::Cell::Text($crate::value::Enum::name(*self))
            }
        }

        impl $crate::generated::ToCell for $name {
            fn to_cell(&self) -> $crate::generated::Cell<'_> {
                $crate::value::Scalar::cell(self)
            }
        }

        impl $crate::generated::ListCell for $name {
            fn list_cell(list: &[Self]) -> $crate::generated::Cell<'_> {
                $crate::generated::list_cell(list)
            }
        }

        impl $crate::fragment::Element for $name {
            fn load_all(
                part: &$crate::generated::Part<'_>,
                row: ::core::primitive::usize,
            ) -> ::core::result::Result<$crate::generated::Vec<Self>, $crate::Error> {
                $crate::generated::load_elements(part, row)
            }
        }

        $crate::serialize_enum! { $name }
    };
}

/// Makes a type of a required foreign key that a new row lacks, and what rustc says of it. Generated code calls it.
///
/// Nothing implements the trait: its message is that of the innermost bound that is not met.
#[doc(hidden)]
#[macro_export]
macro_rules! missing_key {
    ($has:ident $without:ident $message:tt $label:tt $($note:tt)*) => {
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $label,
            $(note = $note,)*
            note = "in a create of related rows it comes from the row that they belong to"
        )]
        pub trait $has {}

        pub struct $without<N>(N);

        impl<N: $has> $crate::field::IsPresent for $without<N> {}
    };
}

/// Makes what rustc says of a condition that names no row by a unique key. Generated code calls it.
#[doc(hidden)]
#[macro_export]
macro_rules! no_key {
    ($key:ident $row:ty, $message:tt $($note:tt)*) => {
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "not the equality of a unique key",
            $(note = $note,)*
            note = "for other conditions there are `find_first`, `update_many` and `delete_many`, with `filter`"
        )]
        pub trait $key<M> {}

        // Of a bound on `Self` rustc would say the message of `NamesOneRow`.
        impl<M> $crate::NamesOneRow<$row> for $crate::Filter<M>
        where
            Self: $crate::Condition<$row>,
            $row: $key<M>,
        {
        }
    };
}

/// `Serialize` for a default row, when the feature `serde` is on.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "serde")]
macro_rules! serialize_row {
    ($name:ident { $($column:ident),* }) => {
        impl $crate::generated::serde::Serialize for $name {
            fn serialize<S: $crate::generated::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let cells = [$($crate::generated::ToCell::to_cell(&self.$column)),*];
                $crate::generated::serialize_row::<Self, S>(&cells, serializer)
            }
        }
    };
}

/// Nothing, since the feature `serde` is off.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "serde"))]
macro_rules! serialize_row {
    ($($ignored:tt)*) => {};
}

/// `Serialize` and `Deserialize` for an enum, as its name in the schema, when the feature `serde` is on.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "serde")]
macro_rules! serialize_enum {
    ($name:ident) => {
        impl $crate::generated::serde::Serialize for $name {
            fn serialize<S: $crate::generated::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::value::Enum::name(*self))
            }
        }

        impl<'de> $crate::generated::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::generated::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::generated::parse_enum(deserializer)
            }
        }
    };
}

/// Nothing, since the feature `serde` is off.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "serde"))]
macro_rules! serialize_enum {
    ($($ignored:tt)*) => {};
}
