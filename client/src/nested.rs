//! Operations on related rows, as assignments of a row: `user.posts.create(..)`, `post.tags.connect(..)`.
//!
//! What a write cannot do does not compile: a bound on the kind of the assignment, [`NewRow`](crate::NewRow) and its like,
//! says which writes have the operation, and one on the mark of a relation says which relations do.

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;

use crate::bulk;
use crate::expression::Expression;
use crate::filter::{Condition, NamesOneRow};
use crate::model::{Fields, Model, Writable};
use crate::relation::{JoinTable, Many, One, Optional, OptionalKey, OwnKey, RequiredKey, related};
use crate::required::{Complete, Fills, FillsIn, Link, NewRowOf};
use crate::rows::Rows;
use crate::write::{ChangesRelated, ExistingRow, ManyRows, Set, Sets, WritesRelated, written};

/// Marks a relation whose rows can be without each other.
#[diagnostic::on_unimplemented(
    message = "the related rows cannot be disconnected: their foreign key is a required field",
    label = "the foreign key is never null",
    note = "`delete` the related rows, `connect` them to another row, or make the relation optional in the schema"
)]
pub trait MayDisconnect {}

impl<P> MayDisconnect for OptionalKey<P> {}
impl<P> MayDisconnect for OwnKey<P> {}
impl MayDisconnect for JoinTable {}

/// Marks a relation whose related rows hold the foreign key.
#[diagnostic::on_unimplemented(
    message = "a many-to-many relation has no `create_many`",
    label = "the rows are linked by a `{Self}`",
    note = "`create` each row: `rows.map(|row| post.tags.create(row))`"
)]
pub trait HasCreateMany {}

impl<P> HasCreateMany for OptionalKey<P> {}
impl<P> HasCreateMany for RequiredKey<P> {}

/// Marks a relation that may lead to no row.
#[diagnostic::on_unimplemented(
    message = "a required relation always leads to a row: it has no `disconnect` and no `delete`",
    label = "this relation is required",
    note = "`connect` another row, or make the relation optional in the schema: `author User?`"
)]
pub trait MayBeAbsent {}

macro_rules! all_relations {
    ($($token:ident)*) => { $(
        impl<M, R: Model, K> $token<M, R, K> {
            /// Creates a related row.
            pub fn create<N: NewRowOf<R>, C: WritesRelated, Filled>(self, new: N) -> Set<M, C, Filled>
            where
                K: Link + FillsIn<C, Filled>,
                K::OfRelated: Fills<N::Lacks, After: Complete>,
            {
                Set::new(nested(Code::NestedCreate, self.0, [ended(new.into().writes)]))
            }

            /// Relates to the row that the key names.
            pub fn connect<Key: NamesOneRow<R>, C: WritesRelated, Filled>(
                self,
                key: impl FnOnce(Fields<R>) -> Key,
            ) -> Set<M, C, Filled>
            where
                R: Writable,
                K: FillsIn<C, Filled>,
            {
                Set::new(nested(Code::Connect, self.0, [key(R::FIELDS).into_expression()]))
            }

            /// Relates to the row that the key names, or to a new one where there is none.
            pub fn connect_or_create<Key: NamesOneRow<R>, N: NewRowOf<R>, C: WritesRelated, Filled>(
                self,
                key: impl FnOnce(Fields<R>) -> Key,
                new: N,
            ) -> Set<M, C, Filled>
            where
                R: Writable,
                K: Link + FillsIn<C, Filled>,
                K::OfRelated: Fills<N::Lacks, After: Complete>,
            {
                let parts = [key(R::FIELDS).into_expression(), ended(new.into().writes)];
                Set::new(nested(Code::ConnectOrCreate, self.0, parts))
            }
        }
    )* };
}

all_relations! { Many One Optional }

impl<M, R: Model, K> Many<M, R, K> {
    /// Creates related rows at once, in their order, columns only. It is quickest for rows that give the same columns.
    pub fn create_many<N: NewRowOf<R>, C: WritesRelated>(self, rows: impl IntoIterator<Item = N>) -> Set<M, C>
    where
        R: Writable,
        K: Link<OfRelated: Fills<N::Lacks, After: Complete>> + HasCreateMany,
    {
        Set::new(Rows::related(self.0, rows.into_iter().map(Into::into)))
    }

    /// Ends the relation to the row that the key names, which stays. Where that row is not related, nothing happens.
    pub fn disconnect<Key: NamesOneRow<R>, C: ChangesRelated>(self, key: impl FnOnce(Fields<R>) -> Key) -> Set<M, C>
    where
        R: Writable,
        K: MayDisconnect,
    {
        Set::new(nested(Code::Disconnect, self.0, [row(key(R::FIELDS))]))
    }

    /// Ends the relation to all related rows, which stay.
    pub fn disconnect_all<C: ChangesRelated>(self) -> Set<M, C>
    where
        R: Writable,
        K: MayDisconnect,
    {
        Set::new(Expression::new(&[Code::SetRelated as u16, self.0, 0]))
    }

    /// Relates to exactly the rows that the keys name: those that are related and not among them are disconnected. It is an
    /// error where one of those cannot be without this row.
    ///
    /// ```text
    /// post.tags.set_to(|tag| names.iter().map(move |name| tag.name.eq(name)))
    /// ```
    // Not `set`, which is the method of a query that takes assignments.
    #[doc(alias = "set")]
    #[doc(alias = "replace")]
    pub fn set_to<Keys: IntoIterator<Item: NamesOneRow<R>>, C: ChangesRelated>(
        self,
        keys: impl FnOnce(Fields<R>) -> Keys,
    ) -> Set<M, C>
    where
        R: Writable,
    {
        let mut expression = Expression::new(&[Code::SetRelated as u16, self.0, 0]);
        let mut count = 0_u16;
        for key in keys(R::FIELDS) {
            expression.append(key.into_expression());
            // More keys than a word can count carry more values than a query may have: the engine says so.
            count = count.saturating_add(1);
        }
        if let Some(word) = expression.words.get_mut(2) {
            *word = count;
        }
        Set::new(expression)
    }

    /// Updates the related row that the key names. It is an error when there is none, or when it is not related.
    pub fn update<Key: NamesOneRow<R>, S: Sets<R, ExistingRow>, C: ChangesRelated>(
        self,
        key: impl FnOnce(Fields<R>) -> Key,
        sets: impl FnOnce(Fields<R>) -> S,
    ) -> Set<M, C>
    where
        R: Writable,
    {
        Set::new(nested(Code::NestedUpdate, self.0, [row(key(R::FIELDS)), ended(written(sets))]))
    }

    /// Updates the related rows that satisfy the condition, columns only. A condition that every row satisfies, since it came
    /// out empty, is refused: [`update_all`](Self::update_all) means all related rows.
    pub fn update_many<F: Condition<R>, S: Sets<R, ManyRows>, C: ChangesRelated>(
        self,
        filter: impl FnOnce(Fields<R>) -> F,
        sets: impl FnOnce(Fields<R>) -> S,
    ) -> Set<M, C>
    where
        R: Writable,
    {
        let filter = filter(R::FIELDS).into_expression();
        if let Err(error) = bulk::check(R::CATALOG, R::INDEX, "update_many", &filter, "use `update_all`") {
            return Set::new(Expression::refused(error));
        }
        Set::new(nested(Code::NestedUpdateMany, self.0, [filter, ended(written(sets))]))
    }

    /// Updates all related rows, columns only.
    pub fn update_all<S: Sets<R, ManyRows>, C: ChangesRelated>(self, sets: impl FnOnce(Fields<R>) -> S) -> Set<M, C>
    where
        R: Writable,
    {
        Set::new(nested(Code::NestedUpdateMany, self.0, [any(), ended(written(sets))]))
    }

    /// Updates the related row that the key names, or creates a related row where there is none.
    pub fn upsert<Key: NamesOneRow<R>, N: NewRowOf<R>, S: Sets<R, ExistingRow>, C: ChangesRelated>(
        self,
        key: impl FnOnce(Fields<R>) -> Key,
        new: N,
        changes: impl FnOnce(Fields<R>) -> S,
    ) -> Set<M, C>
    where
        R: Writable,
        K: Link,
        K::OfRelated: Fills<N::Lacks, After: Complete>,
    {
        let parts = [row(key(R::FIELDS)), ended(new.into().writes), ended(written(changes))];
        Set::new(nested(Code::NestedUpsert, self.0, parts))
    }

    /// Deletes the related row that the key names. It is an error when there is none, or when it is not related.
    pub fn delete<Key: NamesOneRow<R>, C: ChangesRelated>(self, key: impl FnOnce(Fields<R>) -> Key) -> Set<M, C>
    where
        R: Writable,
    {
        Set::new(nested(Code::NestedDelete, self.0, [row(key(R::FIELDS))]))
    }

    /// Deletes the related rows that satisfy the condition. A condition that every row satisfies, since it came out empty, is
    /// refused: [`delete_all`](Self::delete_all) means all related rows.
    pub fn delete_many<F: Condition<R>, C: ChangesRelated>(self, filter: impl FnOnce(Fields<R>) -> F) -> Set<M, C>
    where
        R: Writable,
    {
        let filter = filter(R::FIELDS).into_expression();
        if let Err(error) = bulk::check(R::CATALOG, R::INDEX, "delete_many", &filter, "use `delete_all`") {
            return Set::new(Expression::refused(error));
        }
        Set::new(nested(Code::NestedDeleteMany, self.0, [filter]))
    }

    /// Deletes all related rows.
    pub fn delete_all<C: ChangesRelated>(self) -> Set<M, C>
    where
        R: Writable,
    {
        Set::new(nested(Code::NestedDeleteMany, self.0, [any()]))
    }
}

macro_rules! to_one_relations {
    ($($token:ident)*) => { $(
        impl<M, R: Model, K> $token<M, R, K> {
            /// Updates the related row. It is an error when there is none.
            pub fn update<S: Sets<R, ExistingRow>, C: ChangesRelated>(
                self,
                sets: impl FnOnce(Fields<R>) -> S,
            ) -> Set<M, C>
            where
                R: Writable,
            {
                Set::new(nested(Code::NestedUpdate, self.0, [the_row(), ended(written(sets))]))
            }

            /// Updates the related row, which must satisfy the condition. It is an error when none does.
            pub fn update_if<F: Condition<R>, S: Sets<R, ExistingRow>, C: ChangesRelated>(
                self,
                filter: impl FnOnce(Fields<R>) -> F,
                sets: impl FnOnce(Fields<R>) -> S,
            ) -> Set<M, C>
            where
                R: Writable,
            {
                Set::new(nested(Code::NestedUpdate, self.0, [row(filter(R::FIELDS)), ended(written(sets))]))
            }

            /// Updates the related row, or creates one where there is none.
            pub fn upsert<N: NewRowOf<R>, S: Sets<R, ExistingRow>, C: ChangesRelated>(
                self,
                new: N,
                changes: impl FnOnce(Fields<R>) -> S,
            ) -> Set<M, C>
            where
                R: Writable,
                K: Link,
                K::OfRelated: Fills<N::Lacks, After: Complete>,
            {
                let parts = [the_row(), ended(new.into().writes), ended(written(changes))];
                Set::new(nested(Code::NestedUpsert, self.0, parts))
            }

            /// Updates the related row where it satisfies the condition, else creates another one in its place.
            pub fn upsert_if<F: Condition<R>, N: NewRowOf<R>, S: Sets<R, ExistingRow>, C: ChangesRelated>(
                self,
                filter: impl FnOnce(Fields<R>) -> F,
                new: N,
                changes: impl FnOnce(Fields<R>) -> S,
            ) -> Set<M, C>
            where
                R: Writable,
                K: Link,
                K::OfRelated: Fills<N::Lacks, After: Complete>,
            {
                let parts = [row(filter(R::FIELDS)), ended(new.into().writes), ended(written(changes))];
                Set::new(nested(Code::NestedUpsert, self.0, parts))
            }
        }
    )* };
}

to_one_relations! { One Optional }

impl<M, R: Model, K> Optional<M, R, K> {
    /// Ends the relation; the related row stays. Where there is none, nothing happens.
    pub fn disconnect<C: ChangesRelated>(self) -> Set<M, C>
    where
        R: Writable,
        K: MayDisconnect,
    {
        Set::new(nested(Code::Disconnect, self.0, [the_row()]))
    }

    /// Ends the relation where the related row satisfies the condition. The row stays.
    pub fn disconnect_if<F: Condition<R>, C: ChangesRelated>(self, filter: impl FnOnce(Fields<R>) -> F) -> Set<M, C>
    where
        R: Writable,
        K: MayDisconnect,
    {
        Set::new(nested(Code::Disconnect, self.0, [row(filter(R::FIELDS))]))
    }

    /// Deletes the related row. It is an error when there is none.
    pub fn delete<C: ChangesRelated>(self) -> Set<M, C>
    where
        R: Writable,
    {
        Set::new(nested(Code::NestedDelete, self.0, [the_row()]))
    }

    /// Deletes the related row, which must satisfy the condition. It is an error when none does.
    pub fn delete_if<F: Condition<R>, C: ChangesRelated>(self, filter: impl FnOnce(Fields<R>) -> F) -> Set<M, C>
    where
        R: Writable,
    {
        Set::new(nested(Code::NestedDelete, self.0, [row(filter(R::FIELDS))]))
    }
}

/// Refused by name: rustc would propose another method, which does something else.
#[doc(hidden)]
impl<M, R: Model, K> One<M, R, K> {
    pub fn disconnect<C: ChangesRelated>(self) -> Set<M, C>
    where
        R: Writable,
        Self: MayBeAbsent,
    {
        Set::new(Expression::default())
    }

    pub fn delete<C: ChangesRelated>(self) -> Set<M, C>
    where
        R: Writable,
        Self: MayBeAbsent,
    {
        Set::new(Expression::default())
    }
}

/// An operation on a relation: its code and its field, then its parts.
fn nested<const PARTS: usize>(code: Code, field: FieldIndex, parts: [Expression; PARTS]) -> Expression {
    let mut expression = Expression::default();
    parts.into_iter().for_each(|part| expression.append(part));
    related(code, field, expression)
}

/// Which related row: the one that satisfies a condition.
fn row<R>(condition: impl Condition<R>) -> Expression {
    let mut expression = Expression::new(&[Code::Where as u16]);
    expression.append(condition.into_expression());
    expression
}

/// Which related row: the one that is there.
fn the_row() -> Expression {
    Expression::new(&[Code::All as u16])
}

/// A condition that all rows satisfy.
fn any() -> Expression {
    Expression::all(Code::And, [])
}

/// The assignments of a row, to their end.
fn ended(mut writes: Expression) -> Expression {
    writes.word(Code::End as u16);
    writes
}
