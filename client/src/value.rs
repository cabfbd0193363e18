//! Rust types of columns, and what may be given for them.

use chrono::Utc;
use purlin_query::value::Value;

use crate::load::{Element, Load, Part, load_elements};
use crate::{DateTime, Decimal};

/// The most digits, zeros among them, that a decimal may have on either side of its point.
const MAX_DECIMAL_DIGITS: i64 = 16_384;

/// A Rust type that a column holds: `String`, `bool`, `i32`, `i64`, `f64`, [`Decimal`], [`DateTime`], `Json`,
/// `Vec<u8>`, and the enums of the schema. A nullable column holds an `Option` of it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not the type of any column")]
pub trait Scalar: Load {
    #[doc(hidden)]
    fn into_value(self) -> Value;

    #[doc(hidden)]
    fn cell(&self) -> Cell<'_>;
}

/// A value of a default row, as JSON is made of it.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub enum Cell<'r> {
    Null,
    Boolean(bool),
    Int(i32),
    BigInt(i64),
    Float(f64),
    Text(&'r str),
    Decimal(&'r Decimal),
    DateTime(DateTime),
    #[cfg(feature = "json")]
    Json(&'r crate::Json),
    Bytes(&'r [u8]),
    List(Vec<Cell<'r>>),
}

/// A column of a default row: a [`Scalar`], or an `Option` or a `Vec` of one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of any column",
    note = "columns hold String, bool, i32, i64, f64, Decimal, DateTime, Json, Vec<u8>, the enums of the schema, and \
            `Option`s of them"
)]
pub trait ToCell {
    fn to_cell(&self) -> Cell<'_>;
}

/// What a `Vec` in a default row is of.
#[doc(hidden)]
pub trait ListCell: Sized {
    fn list_cell(list: &[Self]) -> Cell<'_>;
}

impl<T: ListCell> ToCell for Vec<T> {
    fn to_cell(&self) -> Cell<'_> {
        T::list_cell(self)
    }
}

impl ListCell for u8 {
    fn list_cell(list: &[Self]) -> Cell<'_> {
        Cell::Bytes(list)
    }
}

/// What a list of scalars is in JSON.
#[doc(hidden)]
pub fn list_cell<T: Scalar>(list: &[T]) -> Cell<'_> {
    Cell::List(list.iter().map(Scalar::cell).collect())
}

impl<T: Scalar> ToCell for Option<T> {
    fn to_cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, Scalar::cell)
    }
}

/// An enum of the schema. The generated code implements it.
pub trait Enum: Copy + Sized + 'static {
    /// The values, in schema order.
    const VALUES: &'static [Self];

    /// The name in the schema.
    fn name(self) -> &'static str;

    /// The place among [`Enum::VALUES`].
    fn index(self) -> u16;
}

/// A value that may be given for a column of type `T`: a `&str` for a `String`, an `i32` for a `BigInt`, the plain
/// value for a nullable column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for a column of type `{T}`",
    label = "the column holds `{T}`",
    note = "a Decimal column takes integers and `Decimal`s: not `1.5`, but `\"1.5\".parse::<purlin::Decimal>()`"
)]
pub trait ValueFor<T> {
    #[doc(hidden)]
    fn into_value(self) -> Value;
}

/// Types whose values have an order that the database knows: numbers, text and instants.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be compared by order",
    note = "`lt`, `lte`, `gt` and `gte` are there for String, Int, BigInt, Float, Decimal and DateTime columns"
)]
pub trait Ordered {
    /// The type without its `Option`.
    type Bare: Scalar;
}

/// Text.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` has no text to search",
    note = "`contains`, `starts_with` and `ends_with` are there for String columns"
)]
pub trait Text {}

/// Numbers that the database can change by arithmetic.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be changed by arithmetic",
    note = "`add`, `sub`, `mul` and `div` are there for Int, BigInt, Float and Decimal columns"
)]
pub trait Number {
    /// The type without its `Option`.
    type Bare: Scalar;
}

/// Types that can be null.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` is never null",
    note = "the schema declares the field without `?`"
)]
pub trait Nullable {}

impl<T> Nullable for Option<T> {}

impl<T: Scalar> ValueFor<T> for T {
    fn into_value(self) -> Value {
        Scalar::into_value(self)
    }
}
impl<T: Scalar> ValueFor<Option<T>> for T {
    fn into_value(self) -> Value {
        Scalar::into_value(self)
    }
}
impl<T: Scalar> ValueFor<Option<T>> for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null, Scalar::into_value)
    }
}

macro_rules! scalars {
    ($($ty:ty: $value:ident => $made:expr, $cell:expr;)*) => { $(
        impl Scalar for $ty {
            #[inline]
            fn into_value(self) -> Value {
                let $value = self;
                $made
            }

            fn cell(&self) -> Cell<'_> {
                let $value = self;
                $cell
            }
        }

        impl ListCell for $ty {
            fn list_cell(list: &[Self]) -> Cell<'_> {
                list_cell(list)
            }
        }

        impl Element for $ty {
            fn load_all(part: &Part<'_>, row: usize) -> Result<Vec<Self>, crate::Error> {
                load_elements(part, row)
            }
        }
    )* };
}

/// Not of `Vec<u8>`, which is a list of `u8`.
macro_rules! cells {
    ($($ty:ty),*) => { $(
        impl ToCell for $ty {
            fn to_cell(&self) -> Cell<'_> {
                self.cell()
            }
        }
    )* };
}

cells!(String, bool, i32, i64, f64, Decimal, DateTime);
#[cfg(feature = "json")]
cells!(crate::Json);

scalars! {
    String: value => Value::Text(value), Cell::Text(value);
    bool: value => Value::Boolean(value), Cell::Boolean(*value);
    i32: value => Value::Int(i64::from(value)), Cell::Int(*value);
    i64: value => Value::Int(value), Cell::BigInt(*value);
    f64: value => Value::Float(value), Cell::Float(*value);
    Decimal: value => Value::Decimal(decimal_text(&value)), Cell::Decimal(value);
    DateTime: value => Value::DateTime(value.timestamp_micros()), Cell::DateTime(*value);
    Vec<u8>: value => Value::Bytes(value), Cell::Bytes(value);
}

#[cfg(feature = "json")]
scalars! {
    crate::Json: value => Value::Json(value.to_string()), Cell::Json(value);
}

macro_rules! conversions {
    ($($source:ty => $ty:ty: $value:ident => $made:expr;)*) => { $(
        impl ValueFor<$ty> for $source {
            #[inline]
            fn into_value(self) -> Value {
                let $value = self;
                Scalar::into_value($made)
            }
        }
        impl ValueFor<Option<$ty>> for $source {
            #[inline]
            fn into_value(self) -> Value {
                let $value = self;
                Scalar::into_value($made)
            }
        }
        impl ValueFor<Option<$ty>> for Option<$source> {
            #[inline]
            fn into_value(self) -> Value {
                self.map_or(Value::Null, |$value| Scalar::into_value($made))
            }
        }
    )* };
}

conversions! {
    &str => String: value => value.to_owned();
    &String => String: value => value.clone();
    std::borrow::Cow<'_, str> => String: value => value.into_owned();
    Box<str> => String: value => value.into_string();
    u8 => i32: value => i32::from(value);
    i8 => i32: value => i32::from(value);
    u16 => i32: value => i32::from(value);
    i16 => i32: value => i32::from(value);
    u8 => i64: value => i64::from(value);
    u16 => i64: value => i64::from(value);
    i16 => i64: value => i64::from(value);
    i32 => i64: value => i64::from(value);
    u32 => i64: value => i64::from(value);
    f32 => f64: value => f64::from(value);
    i32 => f64: value => f64::from(value);
    u32 => f64: value => f64::from(value);
    i32 => Decimal: value => Decimal::from(value);
    i64 => Decimal: value => Decimal::from(value);
    &Decimal => Decimal: value => value.clone();
    chrono::DateTime<chrono::FixedOffset> => DateTime: value => value.with_timezone(&Utc);
    &[u8] => Vec<u8>: value => value.to_vec();
}

impl<const N: usize> ValueFor<Vec<u8>> for &[u8; N] {
    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl<const N: usize> ValueFor<Option<Vec<u8>>> for &[u8; N] {
    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

macro_rules! marks {
    ($($mark:ident: $($ty:ty),*;)*) => { $($(
        impl $mark for $ty { type Bare = Self; }
        impl $mark for Option<$ty> { type Bare = $ty; }
    )*)* };
}

marks! {
    Ordered: String, i32, i64, f64, Decimal, DateTime;
    Number: i32, i64, f64, Decimal;
}
impl Text for String {}
impl Text for Option<String> {}

/// A decimal in canonical text. One with an absurd exponent, whose text would fill the memory, gives no text,
/// which [`overflows`] finds.
pub(crate) fn decimal_text(value: &Decimal) -> String {
    let (digits, scale) = value.as_bigint_and_exponent();
    if digits.bits() > MAX_DECIMAL_DIGITS.unsigned_abs() * 3 || scale.unsigned_abs() > MAX_DECIMAL_DIGITS.unsigned_abs()
    {
        return String::new();
    }
    value.normalized().to_plain_string()
}

/// Returns whether a decimal among `values` has no text. Tokens cannot fail, so it is asked when a query begins; all else
/// about values is the engine's to check.
pub(crate) fn overflows(values: &[Value]) -> bool {
    values.iter().any(|value| match value {
        Value::Decimal(text) => text.is_empty(),
        Value::List(values) => overflows(values),
        _ => false,
    })
}

/// Levels of a Json document that `serde_json` reads back; it writes deeper ones.
const MAX_JSON_DEPTH: usize = 127;

/// Returns whether a Json document among `values` nests so deep that it could not be read back.
pub(crate) fn is_too_deep(values: &[Value]) -> bool {
    values.iter().any(|value| match value {
        Value::Json(text) => depth(text) > MAX_JSON_DEPTH,
        Value::List(values) => is_too_deep(values),
        _ => false,
    })
}

/// How deep JSON text nests.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use purlin_query::operators::Types;

    use super::*;

    #[test]
    fn brackets_in_text_are_no_levels() {
        assert_eq!(depth(r#"{"a": ["[[[", "\"[[", {}]}"#), 3);
        assert_eq!(depth("1"), 0);
    }

    #[cfg(feature = "json")]
    #[test]
    fn what_is_written_reads_back() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(serde_json::from_str::<crate::Json>(&nested(MAX_JSON_DEPTH)).is_ok());
        assert!(!is_too_deep(&[Value::Json(nested(MAX_JSON_DEPTH))]));
        assert!(is_too_deep(&[Value::List(vec![Value::Json(nested(MAX_JSON_DEPTH + 1))])]));
    }

    fn given<T>(value: impl ValueFor<T>) -> Value {
        value.into_value()
    }

    #[test]
    fn a_nullable_column_takes_the_plain_value_and_the_option() {
        assert_eq!(given::<Option<String>>("Ada"), Value::Text("Ada".into()));
        assert_eq!(given::<Option<String>>(Some("Ada")), Value::Text("Ada".into()));
        assert_eq!(given::<Option<i32>>(None::<i32>), Value::Null);
        assert_eq!(given::<i64>(7), Value::Int(7));
    }

    #[test]
    fn decimals_are_canonical() {
        for (text, canonical) in
            [("1.500", "1.5"), ("-0", "0"), ("1e3", "1000"), ("0.00", "0"), ("12300", "12300"), ("-1E-4", "-0.0001")]
        {
            let decimal: Decimal = text.parse().unwrap_or_default();
            assert_eq!(given::<Decimal>(decimal), Value::Decimal(canonical.into()), "{text}");
        }
    }

    #[test]
    fn an_absurd_decimal_is_found() {
        for text in ["1e999999999", "1e9223372036854775807", "1e9223372036854775808", "1e-9223372036854775807"] {
            let absurd: Decimal = text.parse().unwrap_or_default();
            assert!(overflows(&[Value::List(vec![given::<Decimal>(absurd)])]), "{text}");
        }
        assert!(!overflows(&[given::<Decimal>(Decimal::from(2))]));
    }

    #[test]
    fn instants_are_microseconds() {
        let instant = DateTime::from_timestamp_micros(-1).unwrap_or_default();
        assert_eq!(given::<DateTime>(instant), Value::DateTime(-1));
    }

    /// What a type has of itself stands before what its traits have: a [`Probe`] of a type without a trait has this one.
    trait Otherwise {
        const HAS: bool = false;
    }

    macro_rules! has {
        ($mark:ident, $ty:ty) => {{
            struct Probe<T>(std::marker::PhantomData<T>);
            impl<T> Otherwise for Probe<T> {}
            #[allow(dead_code, reason = "used where the type has the trait")]
            impl<T: $mark> Probe<T> {
                const HAS: bool = true;
            }
            Probe::<$ty>::HAS
        }};
    }

    #[test]
    fn columns_have_the_methods_of_the_operators_that_the_engine_has_for_their_types() {
        macro_rules! check {
            ($($kind:ident: $ty:ty),* $(,)?) => { $(
                let kind = purlin_query::catalog::Type::$kind;
                assert_eq!(has!(Ordered, $ty), Types::Ordered.has(kind), "Ordered for {}", stringify!($ty));
                assert_eq!(has!(Ordered, Option<$ty>), Types::Ordered.has(kind), "Ordered for {}?", stringify!($ty));
                assert_eq!(has!(Text, $ty), Types::Text.has(kind), "Text for {}", stringify!($ty));
                assert_eq!(has!(Text, Option<$ty>), Types::Text.has(kind), "Text for {}?", stringify!($ty));
            )* };
        }
        check! {
            String: String,
            Boolean: bool,
            Int: i32,
            BigInt: i64,
            Float: f64,
            Decimal: Decimal,
            DateTime: DateTime,
            Bytes: Vec<u8>,
        }
        #[cfg(feature = "json")]
        check!(Json: crate::Json);
    }
}
