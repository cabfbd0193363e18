//! The derive macros of Purlin. Use them through the crate `purlin`.
//!
//! They never read the schema: they name the tokens of the generated code, and rustc checks names and types.

#![forbid(unsafe_code)]

mod attribute;
mod json;
mod select;

use proc_macro::TokenStream;

/// Makes a struct say what to load of a model: a fragment.
///
/// ```text
/// #[derive(Select)]
/// #[select(User)]
/// struct UserCard {
///     email: String,
///     #[select(flatten)]
///     byline: Byline,
///     #[select(filter(|post| post.published.eq(true)).order_by(|post| post.id.desc()).take(5))]
///     posts: Vec<PostTitle>,
///     #[select(count(posts))]
///     posts_count: i64,
/// }
///
/// #[derive(Select)]
/// #[select(User)]
/// struct Byline {
///     id: i32,
///     name: String,
/// }
///
/// #[derive(Select)]
/// #[select(Post)]
/// struct PostTitle {
///     title: String,
/// }
/// ```
///
/// Each field is named as in the model and has the type of that field. A relation holds fragments of the related
/// model: `Vec<T>`, `Option<T>` or `T`. On a field stands
///
/// - `#[select(filter(..).order_by(..).take(n).last(n).skip(n))]`: which of the related rows, in which order;
/// - `#[select(with = path)]`: the same by a function from the relation to the refined one;
/// - `#[select(count(relation))]`: the number of related rows, an `i64`; `#[select(count(relation).filter(..))]`
///   counts some of them;
/// - `#[select(flatten)]`: another fragment of the same model, read from the same row. The field may have any name. A
///   column that both name is read once; a relation that both name is loaded for each.
///
/// `#[select(User, json)]` also derives `Serialize`, in the JSON of default rows: the same keys, and the same form of BigInt,
/// Decimal, DateTime and Bytes; a flattened fragment is written into the object of its parent. All that it holds has this
/// form too. With the feature `typescript`, it has a TypeScript type, which `purlin::typescript` exports; after `json`,
/// `typescript = "Name"` gives that another name than the struct's.
///
/// A fragment may be generic over the fragments in it; such a one is not refined by calls.
///
/// What stands in the attributes is evaluated once in the life of the process. What varies, such as the present
/// instant or a search, belongs to the call: `.select::<UserCard>().with(|card| card.posts.filter(..))`. Its conditions
/// add to those of the attribute; its order, `take` and `skip` replace them. `with` also reaches relations of relations,
/// `card.posts.with(|post| post.tags.take(3))`, and of flattened fragments, `card.byline.posts.take(3)`.
#[proc_macro_derive(Select, attributes(select))]
pub fn derive_select(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    select::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
