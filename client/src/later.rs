//! Operations on related rows that are not supported yet: a call of one does not compile, and rustc says what to write
//! instead. Without the methods it would propose `connect`, which links what should be unlinked.

use crate::filter::NamesOneRow;
use crate::model::{Fields, Model};
use crate::relation::{Many, One, Optional};
use crate::write::{New, Set};

/// Declares for each operation a trait that nothing implements.
macro_rules! not_supported_yet {
    ($($name:ident: $method:literal, $remedy:literal;)*) => { $(
        #[diagnostic::on_unimplemented(
            message = $method,
            label = "not supported yet",
            note = $remedy
        )]
        pub trait $name {}
    )* };
}

not_supported_yet! {
    Disconnect: "`disconnect` of related rows is not supported yet",
        "write null to the foreign key: `comment.author_id.to_null()`; rows of an implicit many-to-many relation cannot be removed yet: those of an explicit model of the relation can be deleted";
    Replace: "`set` of related rows is not supported yet",
        "`connect` the rows to add, and write null to the foreign key of the others; rows of an implicit many-to-many relation cannot be removed yet: those of an explicit model of the relation can be deleted";
    Delete: "`delete` of related rows is not supported yet",
        "call it on the related model, in the same transaction: `tx.post().delete(..)`";
    Update: "`update` of related rows is not supported yet",
        "call it on the related model, in the same transaction: `tx.post().update(..)`";
    Upsert: "`upsert` of related rows is not supported yet",
        "in a transaction call `find_unique`, then `update` or `create` of the related model";
    ConnectOrCreate: "`connect_or_create` of related rows is not supported yet",
        "in a transaction call `find_unique`, then `connect` or `create`";
}

/// Never called: no relation has the operation.
fn never<M>() -> Set<M> {
    Set::new(crate::expression::Expression::default())
}

macro_rules! of_all_relations {
    ($($relation:ident),*) => { $(
        #[doc(hidden)]
        impl<M, R: Model> $relation<M, R> {
            pub fn update<A>(self, _: impl FnOnce(Fields<R>) -> A) -> Set<M>
            where
                Self: Update,
            {
                never()
            }

            pub fn connect_or_create<K: NamesOneRow<R>>(
                self,
                _: impl FnOnce(Fields<R>) -> K,
                _: impl Into<New<R>>,
            ) -> Set<M>
            where
                Self: ConnectOrCreate,
            {
                never()
            }
        }
    )* };
}

of_all_relations!(Many, One, Optional);

macro_rules! of_one_row {
    ($($relation:ident),*) => { $(
        #[doc(hidden)]
        impl<M, R: Model> $relation<M, R> {
            pub fn disconnect(self) -> Set<M>
            where
                Self: Disconnect,
            {
                never()
            }

            pub fn delete(self) -> Set<M>
            where
                Self: Delete,
            {
                never()
            }

            pub fn upsert<A>(self, _: impl Into<New<R>>, _: impl FnOnce(Fields<R>) -> A) -> Set<M>
            where
                Self: Upsert,
            {
                never()
            }
        }
    )* };
}

of_one_row!(One, Optional);

#[doc(hidden)]
impl<M, R: Model> Many<M, R> {
    pub fn disconnect<A>(self, _: impl FnOnce(Fields<R>) -> A) -> Set<M>
    where
        Self: Disconnect,
    {
        never()
    }

    pub fn set<A>(self, _: impl FnOnce(Fields<R>) -> A) -> Set<M>
    where
        Self: Replace,
    {
        never()
    }

    pub fn delete<A>(self, _: impl FnOnce(Fields<R>) -> A) -> Set<M>
    where
        Self: Delete,
    {
        never()
    }

    pub fn upsert<K, A>(
        self,
        _: impl FnOnce(Fields<R>) -> K,
        _: impl Into<New<R>>,
        _: impl FnOnce(Fields<R>) -> A,
    ) -> Set<M>
    where
        Self: Upsert,
    {
        never()
    }
}
