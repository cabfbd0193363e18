//! What a call adds to the relations of a fragment: `.with(|card| card.posts.take(3))`.

use std::marker::PhantomData;

use crate::args::{Args, Take};
use crate::filter::Condition;
use crate::model::{Fields, Model};
use crate::order::Orders;
use crate::select::Select;

/// A field of a fragment, of type `T`. One that is a relation can be refined by a call.
pub struct Slot<T>(usize, PhantomData<fn() -> T>);

impl<T> Copy for Slot<T> {}
impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// A field type that holds related rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold related rows, so there is nothing to refine",
    note = "only the relations of a fragment can be refined"
)]
pub trait Related {
    /// The fragment of the related rows.
    type Fragment: Select;
}

/// A field type that holds any number of related rows, or one or none: some of them can be left out.
#[diagnostic::on_unimplemented(message = "`{Self}` holds a row that is required, so it cannot be filtered")]
pub trait Filterable: Related {}

/// A field type that holds any number of related rows.
#[diagnostic::on_unimplemented(message = "`{Self}` holds one row: it can be neither sorted nor paged")]
pub trait Pageable: Related {}

impl<T: Select> Related for T {
    type Fragment = T;
}
impl<T: Select> Related for Option<T> {
    type Fragment = T;
}
impl<T: Select> Related for Vec<T> {
    type Fragment = T;
}
impl<T: Select> Filterable for Option<T> {}
impl<T: Select> Filterable for Vec<T> {}
impl<T: Select> Pageable for Vec<T> {}

/// What a call adds to a relation of a fragment.
pub struct Refine<T> {
    refinement: Refinement,
    slot: PhantomData<fn() -> T>,
}

/// A [`Refine`] without its type.
#[derive(Debug, Clone)]
pub(crate) struct Refinement {
    /// The place of the relation in the row.
    pub(crate) at: usize,
    pub(crate) args: Args,
    pub(crate) nested: Vec<Refinement>,
}

impl<T> From<Refine<T>> for Refinement {
    fn from(refine: Refine<T>) -> Self {
        refine.refinement
    }
}

type SlotsOf<T> = <<T as Related>::Fragment as Select>::Slots;
type FieldsOf<T> = Fields<<<T as Related>::Fragment as Select>::Model>;
type ModelOf<T> = <<T as Related>::Fragment as Select>::Model;

macro_rules! refining {
    ($token:ident) => {
        impl<T> $token<T> {
            /// Only related rows that satisfy the condition too.
            pub fn filter<F>(self, condition: impl FnOnce(FieldsOf<T>) -> F) -> Refine<T>
            where
                T: Filterable,
                F: Condition<ModelOf<T>>,
            {
                let filter = condition(ModelOf::<T>::FIELDS).into_expression();
                self.refine(|refinement| refinement.args.filter(filter))
            }

            /// In this order, instead of the fragment's.
            pub fn order_by<O>(self, order: impl FnOnce(FieldsOf<T>) -> O) -> Refine<T>
            where
                T: Pageable,
                O: Orders<ModelOf<T>>,
            {
                self.refine(|refinement| order(ModelOf::<T>::FIELDS).write(&mut refinement.args))
            }

            /// The first `count` related rows of each row.
            pub fn take(self, count: u32) -> Refine<T>
            where
                T: Pageable,
            {
                self.refine(|refinement| refinement.args.take = Some(Take::First(count)))
            }

            /// The last `count` related rows of each row, in the given order.
            pub fn last(self, count: u32) -> Refine<T>
            where
                T: Pageable,
            {
                self.refine(|refinement| refinement.args.take = Some(Take::Last(count)))
            }

            /// All but the first `count` related rows of each row.
            pub fn skip(self, count: u32) -> Refine<T>
            where
                T: Pageable,
            {
                self.refine(|refinement| refinement.args.skip = Some(count))
            }

            /// Refines a relation of the related rows.
            pub fn with<V>(self, inner: impl FnOnce(SlotsOf<T>) -> Refine<V>) -> Refine<T>
            where
                T: Related,
            {
                let inner = inner(<T::Fragment as Select>::slots(0)).refinement;
                self.refine(|refinement| refinement.nested.push(inner))
            }
        }
    };
}

refining!(Slot);
refining!(Refine);

impl<T> Slot<T> {
    /// The field at this place of a row.
    #[doc(hidden)]
    pub const fn new(at: usize) -> Self {
        Self(at, PhantomData)
    }

    fn refine(self, change: impl FnOnce(&mut Refinement)) -> Refine<T> {
        let refinement = Refinement { at: self.0, args: Args::default(), nested: Vec::new() };
        Refine { refinement, slot: PhantomData }.refine(change)
    }
}

impl<T> Refine<T> {
    fn refine(mut self, change: impl FnOnce(&mut Refinement)) -> Self {
        change(&mut self.refinement);
        self
    }
}
