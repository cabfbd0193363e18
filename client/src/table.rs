//! The operations on the rows of a model.

use std::marker::PhantomData;

use purlin_query::shape::Code;

use crate::db::Db;
use crate::filter::NamesOneRow;
use crate::model::{Fields, Model, Writable};
use crate::operation::{
    All, Count, Create, CreateMany, Delete, DeleteMany, Find, First, Unique, Update, UpdateMany, Upsert,
};
use crate::required::{Complete, NewRowOf};
use crate::write::{self, ExistingRow, Sets};

/// The operations on the rows of `M`. The accessors of a generated client return it: `db.user()`.
pub struct Table<'a, M> {
    db: &'a Db,
    model: PhantomData<fn() -> M>,
}

/// The operations on the rows of a view `M`, which are only read. The accessors of a generated client return it.
pub struct View<'a, M> {
    db: &'a Db,
    model: PhantomData<fn() -> M>,
}

impl Db {
    /// The operations on the rows of `M`.
    #[doc(hidden)]
    #[inline]
    pub fn table<M: Writable>(&self) -> Table<'_, M> {
        Table { db: self, model: PhantomData }
    }

    /// The operations on the rows of `M`, a view.
    #[doc(hidden)]
    #[inline]
    pub fn view<M: Model>(&self) -> View<'_, M> {
        View { db: self, model: PhantomData }
    }
}

macro_rules! reads {
    ($($table:ident),*) => { $(
        impl<'a, M: Model> $table<'a, M> {
            /// All rows that match: a `Vec`.
            #[inline]
            pub fn find_many(self) -> Find<'a, M, M, All> {
                Find::new(self.db, Code::FindMany)
            }

            /// The first row that matches, if any: an `Option`, or the row itself after [`Find::or_not_found`].
            #[inline]
            pub fn find_first(self) -> Find<'a, M, M, First> {
                Find::new(self.db, Code::FindFirst)
            }

            /// The row that the key names, if any: an `Option`, or the row itself after [`Find::or_not_found`].
            #[inline]
            pub fn find_unique<K: NamesOneRow<M>>(
                self,
                key: impl FnOnce(Fields<M>) -> K,
            ) -> Find<'a, M, M, Unique> {
                Find::new(self.db, Code::FindUnique).key(key(M::FIELDS).into_key())
            }

            /// The number of rows that match.
            pub fn count(self) -> Count<'a, M> {
                Count::new(self.db)
            }
        }
    )* };
}

reads!(Table, View);

impl<'a, M: Writable> Table<'a, M> {
    /// Creates a row and returns it.
    ///
    /// ```text
    /// db.user().create(NewUser { email: "ada@acme.io".into() }).set(|user| user.name.to("Ada")).await?;
    /// ```
    pub fn create<N: NewRowOf<M>>(self, new: N) -> Create<'a, M, M, N::Lacks> {
        Create::new(self.db, new.into())
    }

    /// Creates rows at once, columns only, and returns their number.
    pub fn create_many<N: NewRowOf<M, Lacks: Complete>>(self, rows: impl IntoIterator<Item = N>) -> CreateMany<'a, M> {
        CreateMany::new(self.db, rows.into_iter().map(Into::into))
    }

    /// Updates the row that the key names and returns it. It is an error when there is none.
    pub fn update<K: NamesOneRow<M>>(self, key: impl FnOnce(Fields<M>) -> K) -> Update<'a, M, M> {
        Update::new(self.db, key(M::FIELDS).into_key())
    }

    /// Updates all rows that match and returns their number. Without a filter, all rows.
    pub fn update_many(self) -> UpdateMany<'a, M> {
        UpdateMany::new(self.db)
    }

    /// Updates the row that the key names, or creates it when there is none, and returns it. `new` is the row to create,
    /// `changes` says what changes in the one that is there: `|_| ()` is nothing.
    ///
    /// ```
    /// # #[path = "../tests/blog/mod.rs"]
    /// # mod blog;
    /// # use blog::db;
    /// use db::{Client, NewUser, User};
    ///
    /// async fn sign_in(db: &Client, email: &str) -> Result<User, purlin::Error> {
    ///     let new = NewUser { email: email.into() }.set(|user| user.visits.to(1));
    ///     db.user().upsert(|user| user.email.eq(email), new, |user| user.visits.add(1)).await
    /// }
    /// # fn main() -> Result<(), purlin::Error> {
    /// #     let db = blog::Scratch::new();
    /// #     assert_eq!(blog::block_on(sign_in(&db, "ada@acme.io"))?.visits, 1);
    /// #     assert_eq!(blog::block_on(sign_in(&db, "ada@acme.io"))?.visits, 2);
    /// #     Ok(())
    /// # }
    /// ```
    pub fn upsert<K: NamesOneRow<M>, N: NewRowOf<M, Lacks: Complete>, S: Sets<M, ExistingRow>>(
        self,
        key: impl FnOnce(Fields<M>) -> K,
        new: N,
        changes: impl FnOnce(Fields<M>) -> S,
    ) -> Upsert<'a, M, M> {
        Upsert::new(self.db, key(M::FIELDS).into_key(), new.into(), write::written(changes))
    }

    /// Deletes the row that the key names and returns it. It is an error when there is none.
    pub fn delete<K: NamesOneRow<M>>(self, key: impl FnOnce(Fields<M>) -> K) -> Delete<'a, M, M> {
        Delete::new(self.db, key(M::FIELDS).into_key())
    }

    /// Deletes all rows that match and returns their number. Without a filter, all rows.
    pub fn delete_many(self) -> DeleteMany<'a, M> {
        DeleteMany::new(self.db)
    }
}
