//! What a query loads: fragments.

use std::borrow::Cow;

use purlin_query::catalog::FieldIndex;
use purlin_query::shape::Code;

use crate::args::Args;
use crate::error::Error;
use crate::expression::{EncodedQuery, Expression};
use crate::load::{Element, Load, Row};
use crate::model::Model;
use crate::refine::Refinement;
use crate::relation::{Count, Filtered, FilteredCount, Many, One, Optional, Refined};
use crate::server_only::ServerOnly;
use crate::token::{Column, List, Selectable, ServerField};
use crate::value::Scalar;

/// A struct that says what to load. Made by `#[derive(Select)]`; the default row of each model is one too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what to load",
    note = "add `#[derive(purlin::Select)]` and `#[select(Model)]` to `{Self}`"
)]
pub trait Select: Load {
    /// The model whose rows it is loaded from.
    type Model: Model;
    /// A slot for each field, for `with`.
    type Slots: Copy;
    #[doc(hidden)]
    const FRAGMENT: Fragment<Self>;

    /// The slots, when the first part of the fragment is at this place of the row.
    #[doc(hidden)]
    fn slots(at: usize) -> Self::Slots;

    /// What to load. One that is not generic keeps it.
    #[doc(hidden)]
    fn selection() -> Cow<'static, Selection> {
        // A generic struct that contains itself is found here, when it is used.
        let () = const { assert!(Self::DEPTH > 0) };
        Cow::Owned(Selection::of(Self::FRAGMENT))
    }

    #[doc(hidden)]
    #[inline]
    fn from_row(row: Row<'_>) -> Result<Self, Error> {
        (Self::FRAGMENT.read)(row)
    }
}

/// How a fragment is selected and read: all that is derived of the types of its fields.
///
/// It is one constant, since rustc reports what is wrong with a type once in each body that names the type.
pub struct Fragment<T> {
    /// Adds its fields to a selection.
    pub select: fn(&mut Selection),
    /// How deep relations nest in it, itself included.
    pub depth: usize,
    /// The number of parts that it takes of a row.
    pub width: usize,
    /// Reads it from a row whose first part is its own.
    pub read: fn(Row<'_>) -> Result<T, Error>,
}

impl<T: Select> Select for Box<T> {
    type Model = T::Model;
    type Slots = T::Slots;
    const FRAGMENT: Fragment<Self> = Fragment {
        depth: T::FRAGMENT.depth,
        width: T::FRAGMENT.width,
        select: T::FRAGMENT.select,
        read: |row| T::from_row(row).map(Box::new),
    };

    fn slots(at: usize) -> T::Slots {
        T::slots(at)
    }

    fn selection() -> Cow<'static, Selection> {
        T::selection()
    }
}

/// `Self` can hold the field that the token `F` names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold this field",
    label = "the schema declares `{F}`",
    note = "a column loads into its own type, a nullable one into `Option`; a relation to many rows into `Vec<T>`, to \
            one or none into `Option<T>`, to one into `T`, where `T` is a fragment (`#[derive(Select)]`) of the related model"
)]
pub trait Holds<F>: Load {
    #[doc(hidden)]
    fn select(field: F, selection: &mut Selection);
}

/// What to load of a model, in order.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    items: Vec<Item>,
    /// The number of parts of a row that the items make.
    width: usize,
    /// The words of all items, without the end.
    words: Expression,
}

#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "made once for each fragment")]
enum Item {
    /// Columns or a number of rows: the words.
    Leaf(Expression),
    /// A relation, which is at this place of the row.
    Relation { at: usize, field: FieldIndex, args: Args, selection: Cow<'static, Selection> },
}

/// A field that was named, on its way into a selection. Its type is known before that of what holds it, so that rustc
/// has both to say what is wrong.
pub struct Selected<'s, F> {
    selection: &'s mut Selection,
    field: F,
}

impl<F> Selected<'_, F> {
    /// Adds the field, loaded into a `T`.
    pub fn into<T: Holds<F>>(self) {
        T::select(self.field, self.selection);
    }
}

impl Selection {
    /// What a fragment selects.
    pub fn of<T>(fragment: Fragment<T>) -> Self {
        let mut selection = Self::default();
        (fragment.select)(&mut selection);
        selection
    }

    /// Adds the columns of the default row, which are so many.
    pub fn columns(&mut self, count: usize) {
        self.leaf(Expression::new(&[Code::AllColumns as u16]), count);
    }

    /// Adds the field that `field` names, once it is said what it is loaded into.
    pub fn field<F>(&mut self, field: F) -> Selected<'_, F> {
        Selected { selection: self, field }
    }

    /// Adds what another fragment of the same model selects, in place.
    pub fn flatten<T: Select<Model = M>, M>(&mut self) {
        let inner = T::selection();
        self.words.words.extend_from_slice(&inner.words.words);
        self.words.values.extend(inner.words.values.iter().cloned());
        self.items.extend(inner.items.iter().cloned().map(|item| match item {
            Item::Relation { at, field, args, selection } => {
                Item::Relation { at: self.width + at, field, args, selection }
            }
            leaf @ Item::Leaf(_) => leaf,
        }));
        self.width += inner.width;
    }

    fn column(&mut self, field: FieldIndex) {
        self.leaf(Expression::new(&[Code::Field as u16, field]), 1);
    }

    fn leaf(&mut self, words: Expression, width: usize) {
        self.words.append(words.clone());
        self.items.push(Item::Leaf(words));
        self.width += width;
    }

    fn relation<T: Select>(&mut self, field: FieldIndex, args: Args) {
        let selection = T::selection();
        let mut query = EncodedQuery::default();
        write_relation(&mut query, field, args.clone(), &selection, &[]);
        self.words.words.extend_from_slice(&query.words);
        self.words.values.extend(query.values);
        self.items.push(Item::Relation { at: self.width, field, args, selection });
        self.width += 1;
    }

    /// Writes the selection, with what a call adds to the relations in it.
    pub(crate) fn write(&self, query: &mut EncodedQuery, refinements: &[Refinement]) {
        if refinements.is_empty() {
            query.append_copy(&self.words);
        } else {
            for item in &self.items {
                match item {
                    Item::Leaf(words) => query.append_copy(words),
                    Item::Relation { at, field, args, selection } => {
                        let mut args = args.clone();
                        let mut nested = Vec::new();
                        for refinement in refinements.iter().filter(|refinement| refinement.at == *at) {
                            args.refine(refinement.args.clone());
                            nested.extend_from_slice(&refinement.nested);
                        }
                        write_relation(query, *field, args, selection, &nested);
                    }
                }
            }
        }
        query.code(Code::End);
    }
}

fn write_relation(
    query: &mut EncodedQuery,
    field: FieldIndex,
    args: Args,
    inner: &Selection,
    refinements: &[Refinement],
) {
    query.words.extend_from_slice(&[Code::Relation as u16, field]);
    args.write(query);
    inner.write(query, refinements);
}

impl<M, T: Scalar, U: Selectable> Holds<Column<M, T, U>> for T {
    fn select(field: Column<M, T, U>, selection: &mut Selection) {
        selection.column(field.field);
    }
}

impl<M, T: Scalar, U: Selectable> Holds<Column<M, Option<T>, U>> for Option<T> {
    fn select(field: Column<M, Option<T>, U>, selection: &mut Selection) {
        selection.column(field.field);
    }
}

impl<M, T: Scalar, U> Holds<Column<M, T, ServerField<U>>> for ServerOnly<T> {
    fn select(field: Column<M, T, ServerField<U>>, selection: &mut Selection) {
        selection.column(field.field);
    }
}

impl<M, T: Scalar, U> Holds<Column<M, Option<T>, ServerField<U>>> for Option<ServerOnly<T>> {
    fn select(field: Column<M, Option<T>, ServerField<U>>, selection: &mut Selection) {
        selection.column(field.field);
    }
}

impl<M, T: Scalar + Element, U: Selectable> Holds<List<M, T, U>> for Vec<T> {
    fn select(field: List<M, T, U>, selection: &mut Selection) {
        selection.column(field.field);
    }
}

impl<M, T: Scalar + Element, U> Holds<List<M, T, ServerField<U>>> for ServerOnly<Vec<T>> {
    fn select(field: List<M, T, ServerField<U>>, selection: &mut Selection) {
        selection.column(field.field);
    }
}

impl<M, R: Model, K, T: Select<Model = R>> Holds<Many<M, R, K>> for Vec<T> {
    fn select(field: Many<M, R, K>, selection: &mut Selection) {
        selection.relation::<T>(field.0, Args::default());
    }
}

impl<M, R: Model, T: Select<Model = R>> Holds<Refined<M, R>> for Vec<T> {
    fn select(field: Refined<M, R>, selection: &mut Selection) {
        selection.relation::<T>(field.field, field.args);
    }
}

impl<M, R: Model, K, T: Select<Model = R>> Holds<Optional<M, R, K>> for Option<T> {
    fn select(field: Optional<M, R, K>, selection: &mut Selection) {
        selection.relation::<T>(field.0, Args::default());
    }
}

impl<M, R: Model, T: Select<Model = R>> Holds<Filtered<M, R>> for Option<T> {
    fn select(field: Filtered<M, R>, selection: &mut Selection) {
        selection.relation::<T>(field.field, field.args);
    }
}

impl<M, R: Model, K, T: Select<Model = R>> Holds<One<M, R, K>> for T {
    fn select(field: One<M, R, K>, selection: &mut Selection) {
        selection.relation::<T>(field.0, Args::default());
    }
}

impl<M, R> Holds<Count<M, R>> for i64 {
    fn select(field: Count<M, R>, selection: &mut Selection) {
        selection.leaf(Expression::new(&[Code::Counts as u16, 1, field.field, Code::All as u16]), 1);
    }
}

impl<M, R> Holds<FilteredCount<M, R>> for i64 {
    fn select(field: FilteredCount<M, R>, selection: &mut Selection) {
        let mut words = Expression::new(&[Code::Counts as u16, 1, field.field, Code::Where as u16]);
        words.append(field.filter);
        selection.leaf(words, 1);
    }
}
