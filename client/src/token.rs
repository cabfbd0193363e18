//! Typed names of columns. Closures get them: `|user| user.email.eq("ada@acme.io")`.

use std::marker::PhantomData;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;
use purlin_query::value::Value;

use crate::expression::Expression;
use crate::filter::{Filter, Key};
use crate::order::Order;
use crate::required::FillsIn;
use crate::value::{Nullable, Number, Ordered, Text, ValueFor};
use crate::write::{HasValues, Set};

/// A column of `M` that holds a `T`.
pub struct Column<M, T, U = NotUnique> {
    pub(crate) field: FieldIndex,
    model: PhantomData<fn() -> M>,
    types: PhantomData<fn() -> (T, U)>,
}

/// A column that is a unique key by itself: [`Column::eq`] names at most one row.
pub type Unique<M, T> = Column<M, T, UniqueField>;

/// Marks a [`Column`] that is no unique key by itself.
pub enum NotUnique {}

/// Marks a [`Column`] that is a unique key by itself.
pub enum UniqueField {}

/// Marks a [`Column`] that the schema declares `@server`: it is loaded only where a fragment names it, and into a
/// [`ServerOnly`](crate::ServerOnly).
pub struct ServerField<U>(PhantomData<U>);

/// Marks a [`Column`] that the database computes: it is only read.
pub struct GeneratedField<U>(PhantomData<U>);

/// Marks a [`Column`] that is a required foreign key, or a part of one, in the place `P` among those of its model. `U` says
/// whether it is a unique key by itself.
pub struct ForeignKey<P, U = NotUnique>(PhantomData<(P, U)>);

/// What a [`Column`] is marked as.
pub trait Mark {
    /// What it gives to equal a value: a [`Key`] where at most one row does.
    #[doc(hidden)]
    type Equality<M>;
    #[doc(hidden)]
    fn equality<M>(expression: Expression) -> Self::Equality<M>;
}

/// Marks a column that loads into its own type.
#[diagnostic::on_unimplemented(
    message = "a column that the schema declares `@server` loads into `purlin::ServerOnly`",
    label = "this field is `@server`",
    note = "write `ServerOnly<T>`, or `Option<ServerOnly<T>>` for a nullable column"
)]
pub trait Selectable: Mark {}

/// Marks a column that can be written.
#[diagnostic::on_unimplemented(
    message = "the database computes this column: it cannot be written",
    note = "the schema declares the field `@generated`"
)]
pub trait Assignable: Mark {}

impl Mark for NotUnique {
    type Equality<M> = Filter<M>;

    #[inline]
    fn equality<M>(expression: Expression) -> Filter<M> {
        Filter::new(expression)
    }
}

impl Mark for UniqueField {
    type Equality<M> = Key<M>;

    #[inline]
    fn equality<M>(expression: Expression) -> Key<M> {
        Key::new(expression)
    }
}

impl<U: Mark> Mark for ServerField<U> {
    type Equality<M> = U::Equality<M>;

    fn equality<M>(expression: Expression) -> U::Equality<M> {
        U::equality(expression)
    }
}

impl<U: Mark> Mark for GeneratedField<U> {
    type Equality<M> = U::Equality<M>;

    fn equality<M>(expression: Expression) -> U::Equality<M> {
        U::equality(expression)
    }
}

impl<P, U: Mark> Mark for ForeignKey<P, U> {
    type Equality<M> = U::Equality<M>;

    #[inline]
    fn equality<M>(expression: Expression) -> U::Equality<M> {
        U::equality(expression)
    }
}

impl Selectable for NotUnique {}
impl Selectable for UniqueField {}
impl<U: Selectable> Selectable for GeneratedField<U> {}
impl<P, U: Selectable> Selectable for ForeignKey<P, U> {}

impl Assignable for NotUnique {}
impl Assignable for UniqueField {}
impl<U: Assignable> Assignable for ServerField<U> {}
impl<P, U: Assignable> Assignable for ForeignKey<P, U> {}

impl<M, T, U> Copy for Column<M, T, U> {}
impl<M, T, U> Clone for Column<M, T, U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, U: Mark> Column<M, T, U> {
    /// The column equals `value`; is null, when that is `None`. Of a [`Unique`] one at most one row does, so that it is
    /// a [`Key`]; of others it is a [`Filter`].
    ///
    /// A `None` that is written out has no type that rustc could tell: write [`is_null`](Self::is_null).
    #[inline]
    pub fn eq(self, value: impl ValueFor<T>) -> U::Equality<M> {
        U::equality(equals(self.field, value.into_value()))
    }
}

#[inline]
fn equals(field: FieldIndex, value: Value) -> Expression {
    match value {
        Value::Null => Expression::new(&[Code::IsNull as u16, field]),
        value => Expression::with_value(Code::Equals, field, value),
    }
}

impl<M, T, U> Column<M, T, U> {
    /// The column at this place of the model.
    #[doc(hidden)]
    pub const fn new(field: FieldIndex) -> Self {
        Self { field, model: PhantomData, types: PhantomData }
    }

    #[inline]
    fn compare(self, code: Code, value: Value) -> Filter<M> {
        Filter::new(Expression::with_value(code, self.field, value))
    }

    /// The column differs from `value`; is not null, when that is `None`. Never true where the column is null.
    #[doc(alias = "not")]
    #[doc(alias = "not_eq")]
    pub fn ne(self, value: impl ValueFor<T>) -> Filter<M> {
        match value.into_value() {
            Value::Null => Filter::new(Expression::new(&[Code::IsNotNull as u16, self.field])),
            value => self.compare(Code::NotEquals, value),
        }
    }

    /// The column is less than `value`.
    #[doc(alias = "less_than")]
    pub fn lt(self, value: impl ValueFor<T::Bare>) -> Filter<M>
    where
        T: Ordered,
    {
        self.compare(Code::Less, value.into_value())
    }

    /// The column is less than `value` or equals it.
    pub fn lte(self, value: impl ValueFor<T::Bare>) -> Filter<M>
    where
        T: Ordered,
    {
        self.compare(Code::LessOrEqual, value.into_value())
    }

    /// The column is greater than `value`.
    #[doc(alias = "greater_than")]
    pub fn gt(self, value: impl ValueFor<T::Bare>) -> Filter<M>
    where
        T: Ordered,
    {
        self.compare(Code::Greater, value.into_value())
    }

    /// The column is greater than `value` or equals it.
    pub fn gte(self, value: impl ValueFor<T::Bare>) -> Filter<M>
    where
        T: Ordered,
    {
        self.compare(Code::GreaterOrEqual, value.into_value())
    }

    /// [`lte`](Self::lte), by the name that the standard library has for it.
    #[doc(hidden)]
    pub fn le(self, value: impl ValueFor<T::Bare>) -> Filter<M>
    where
        T: Ordered,
    {
        self.lte(value)
    }

    /// [`gte`](Self::gte), by the name that the standard library has for it.
    #[doc(hidden)]
    pub fn ge(self, value: impl ValueFor<T::Bare>) -> Filter<M>
    where
        T: Ordered,
    {
        self.gte(value)
    }

    /// The column equals one of `values`; of no value it is false.
    ///
    /// A `None` among them is left out, since no column equals null in SQL: rows where the column is null are found by
    /// `| row.field.is_null()`.
    #[doc(alias = "in")]
    #[doc(alias = "in_list")]
    #[doc(alias = "one_of")]
    #[doc(alias = "any_of")]
    pub fn is_in(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Filter<M> {
        self.list(Code::In, Code::Or, values.into_iter().map(ValueFor::into_value))
    }

    /// The column equals none of `values`; of no value it is true. Never true where the column is null, unless there is no
    /// value.
    ///
    /// A `None` among them is left out: rows where the column is null are excluded anyway.
    #[doc(alias = "not_in")]
    pub fn is_not_in(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Filter<M> {
        self.list(Code::NotIn, Code::And, values.into_iter().map(ValueFor::into_value))
    }

    /// Does not compile: rustc would propose `le` for it.
    #[doc(hidden)]
    pub fn like(self, pattern: impl Pattern<M>) -> Filter<M> {
        pattern.into_filter()
    }

    fn list(self, code: Code, empty: Code, values: impl Iterator<Item = Value>) -> Filter<M> {
        let values: Vec<Value> = values.filter(|value| *value != Value::Null).collect();
        if values.is_empty() {
            return Filter::new(Expression::new(&[empty as u16, 0]));
        }
        let words = [code as u16, self.field];
        let mut expression = Expression::new(&words);
        expression.values.push(Value::List(values));
        Filter::new(expression)
    }

    /// The text contains `value`.
    #[doc(alias = "like")]
    pub fn contains(self, value: impl ValueFor<String>) -> Filter<M>
    where
        T: Text,
    {
        self.compare(Code::Contains, value.into_value())
    }

    /// The text starts with `value`.
    pub fn starts_with(self, value: impl ValueFor<String>) -> Filter<M>
    where
        T: Text,
    {
        self.compare(Code::StartsWith, value.into_value())
    }

    /// The text ends with `value`.
    pub fn ends_with(self, value: impl ValueFor<String>) -> Filter<M>
    where
        T: Text,
    {
        self.compare(Code::EndsWith, value.into_value())
    }

    /// The column is null.
    #[doc(alias = "is_none")]
    pub fn is_null(self) -> Filter<M>
    where
        T: Nullable,
    {
        Filter::new(Expression::new(&[Code::IsNull as u16, self.field]))
    }

    /// The column is not null.
    #[doc(alias = "is_some")]
    pub fn is_not_null(self) -> Filter<M>
    where
        T: Nullable,
    {
        Filter::new(Expression::new(&[Code::IsNotNull as u16, self.field]))
    }

    /// Sorts by the column, least first.
    pub fn asc(self) -> Order<M> {
        Order::new(Code::Field, self.field, false)
    }

    /// Sorts by the column, greatest first.
    pub fn desc(self) -> Order<M> {
        Order::new(Code::Field, self.field, true)
    }

    fn write<C>(self, code: Code, value: Value) -> Set<M, C> {
        Set::new(Expression::with_value(code, self.field, value))
    }
}

#[expect(clippy::should_implement_trait, reason = "`add` and its like make an assignment of a column")]
impl<M, T, U> Column<M, T, U> {
    /// Writes `value` to the column.
    #[doc(alias = "set")]
    #[doc(alias = "assign")]
    pub fn to<C, Filled>(self, value: impl ValueFor<T>) -> Set<M, C, Filled>
    where
        U: Assignable + FillsIn<C, Filled>,
    {
        match value.into_value() {
            Value::Null => Set::new(Expression::new(&[Code::SetNull as u16, self.field])),
            value => Set::new(Expression::with_value(Code::Set, self.field, value)),
        }
    }

    /// Writes null to the column.
    pub fn to_null<C>(self) -> Set<M, C>
    where
        U: Assignable,
        T: Nullable,
    {
        Set::new(Expression::new(&[Code::SetNull as u16, self.field]))
    }

    /// Adds `value` to the number, in the database.
    #[doc(alias = "increment")]
    pub fn add<C: HasValues>(self, value: impl ValueFor<T::Bare>) -> Set<M, C>
    where
        U: Assignable,
        T: Number,
    {
        self.write(Code::Add, value.into_value())
    }

    /// Subtracts `value` from the number, in the database.
    #[doc(alias = "decrement")]
    pub fn sub<C: HasValues>(self, value: impl ValueFor<T::Bare>) -> Set<M, C>
    where
        U: Assignable,
        T: Number,
    {
        self.write(Code::Subtract, value.into_value())
    }

    /// Multiplies the number by `value`, in the database.
    #[doc(alias = "multiply")]
    pub fn mul<C: HasValues>(self, value: impl ValueFor<T::Bare>) -> Set<M, C>
    where
        U: Assignable,
        T: Number,
    {
        self.write(Code::Multiply, value.into_value())
    }

    /// Divides the number by `value`, in the database.
    #[doc(alias = "divide")]
    pub fn div<C: HasValues>(self, value: impl ValueFor<T::Bare>) -> Set<M, C>
    where
        U: Assignable,
        T: Number,
    {
        self.write(Code::Divide, value.into_value())
    }
}

/// A pattern of SQL's `LIKE`, which nothing is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "there is no `like`: text is searched by `contains`, `starts_with` and `ends_with`",
    label = "patterns are not supported"
)]
pub trait Pattern<M> {
    fn into_filter(self) -> Filter<M>;
}

/// A column of `M` that holds lists of `T`.
pub struct List<M, T, U = NotUnique> {
    pub(crate) field: FieldIndex,
    model: PhantomData<fn() -> M>,
    types: PhantomData<fn() -> (T, U)>,
}

impl<M, T, U> Copy for List<M, T, U> {}
impl<M, T, U> Clone for List<M, T, U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T, U> List<M, T, U> {
    /// The column at this place of the model.
    #[doc(hidden)]
    pub const fn new(field: FieldIndex) -> Self {
        Self { field, model: PhantomData, types: PhantomData }
    }

    fn compare(self, code: Code, value: Value) -> Filter<M> {
        Filter::new(Expression::with_value(code, self.field, value))
    }

    /// The list has these elements, in this order.
    pub fn eq(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Filter<M> {
        self.compare(Code::Equals, elements(values))
    }

    /// The value is an element of the list.
    pub fn has(self, value: impl ValueFor<T>) -> Filter<M> {
        self.compare(Code::Has, value.into_value())
    }

    /// All of the values are elements of the list; true of no value.
    pub fn has_every(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Filter<M> {
        self.compare(Code::HasEvery, elements(values))
    }

    /// At least one of the values is an element of the list; false of no value.
    pub fn has_some(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Filter<M> {
        self.compare(Code::HasSome, elements(values))
    }

    /// The list has no elements.
    pub fn is_empty(self) -> Filter<M> {
        Filter::new(Expression::new(&[Code::IsEmpty as u16, self.field]))
    }

    /// Sorts by the column, least first.
    pub fn asc(self) -> Order<M> {
        Order::new(Code::Field, self.field, false)
    }

    /// Sorts by the column, greatest first.
    pub fn desc(self) -> Order<M> {
        Order::new(Code::Field, self.field, true)
    }
}

impl<M, T, U> List<M, T, U> {
    /// Writes these elements to the column.
    pub fn to<C>(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Set<M, C>
    where
        U: Assignable,
    {
        Set::new(Expression::with_value(Code::Set, self.field, elements(values)))
    }

    /// Puts these elements after those of the list, in the database.
    pub fn push<C: HasValues>(self, values: impl IntoIterator<Item = impl ValueFor<T>>) -> Set<M, C>
    where
        U: Assignable,
    {
        Set::new(Expression::with_value(Code::Push, self.field, elements(values)))
    }
}

fn elements<T>(values: impl IntoIterator<Item = impl ValueFor<T>>) -> Value {
    Value::List(values.into_iter().map(ValueFor::into_value).collect())
}

/// A unique key of `M` that several columns make up.
pub struct CompoundKey<M, T> {
    fields: &'static [FieldIndex],
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Copy for CompoundKey<M, T> {}
impl<M, T> Clone for CompoundKey<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// The values of the columns of a compound key, as a tuple.
#[diagnostic::on_unimplemented(message = "`{Self}` does not give the columns of this key, which hold `{T}`")]
pub trait ValuesFor<T> {
    #[doc(hidden)]
    fn into_values(self) -> Vec<Value>;
}

impl<M, T> CompoundKey<M, T> {
    /// The key that these columns make up.
    #[doc(hidden)]
    pub const fn new(fields: &'static [FieldIndex]) -> Self {
        Self { fields, types: PhantomData }
    }

    /// The columns equal the values of the tuple `values`, which at most one row does.
    pub fn eq(self, values: impl ValuesFor<T>) -> Key<M> {
        let parts = self.fields.iter().zip(values.into_values()).map(|(field, value)| equals(*field, value));
        Key::new(Expression::all(Code::And, parts))
    }
}

macro_rules! tuples {
    ($(($($value:ident: $ty:ident),*))*) => { $(
        impl<$($ty,)* $($value: ValueFor<$ty>,)*> ValuesFor<($($ty,)*)> for ($($value,)*) {
            #[allow(non_snake_case, reason = "the type parameters name the parts of the tuple")]
            fn into_values(self) -> Vec<Value> {
                let ($($value,)*) = self;
                vec![$($value.into_value()),*]
            }
        }
    )* };
}

tuples! {
    (V1: T1, V2: T2)
    (V1: T1, V2: T2, V3: T3)
    (V1: T1, V2: T2, V3: T3, V4: T4)
    (V1: T1, V2: T2, V3: T3, V4: T4, V5: T5)
    (V1: T1, V2: T2, V3: T3, V4: T4, V5: T5, V6: T6)
}
