//! What generated code calls beside the public names.

#[doc(hidden)]
pub use crate::load::load_enum;
#[doc(hidden)]
pub use purlin_query::value::Value;

/// Makes enums of the schema types of columns. Generated code calls it.
#[doc(hidden)]
#[macro_export]
macro_rules! enums {
    ($($name:ident),* $(,)?) => { $(
        impl $crate::Load for $name {
            #[inline]
            fn load(part: &$crate::Part<'_>, row: usize) -> ::core::result::Result<Self, $crate::Error> {
                $crate::generated::load_enum(part, row)
            }
        }

        impl $crate::Scalar for $name {
            #[inline]
            fn into_value(self) -> $crate::generated::Value {
                $crate::generated::Value::Enum($crate::Enum::index(self))
            }
        }
    )* };
}
