//! `#[select(..)]` on a struct and on its fields.

use proc_macro2::TokenStream;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Field, Ident, Path, Token, parenthesized};

/// What the attribute of a field says.
pub(crate) enum Refinement {
    /// Nothing: there is none.
    None,
    /// Methods to call on the relation: `filter(..).take(5)`.
    Chain(TokenStream),
    /// A function to call with the relation: `with = recent_posts`.
    Function(Path),
    /// `count(relation)`, and methods to call on it.
    Count(Ident, TokenStream),
}

impl Refinement {
    pub(crate) fn of(field: &Field) -> syn::Result<Self> {
        match find(&field.attrs)? {
            Some(attribute) => attribute.parse_args(),
            None => Ok(Self::None),
        }
    }
}

impl Parse for Refinement {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        // A keyword is no method, but it deserves the same answer.
        let name = ahead.call(Ident::parse_any)?;
        if name == "with" && ahead.peek(Token![=]) {
            input.parse::<Ident>()?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Function(input.parse()?));
        }
        if name == "count" {
            input.parse::<Ident>()?;
            let relation;
            parenthesized!(relation in input);
            let relation = relation.parse()?;
            return Ok(Self::Count(relation, input.parse()?));
        }
        if ["filter", "order_by", "take", "last", "skip"].iter().any(|method| name == method) {
            return Ok(Self::Chain(input.parse()?));
        }
        Err(Error::new(
            name.span(),
            "expected `filter(..)`, `order_by(..)`, `take(..)`, `last(..)`, `skip(..)`, `count(relation)` or `with = \
             function`",
        ))
    }
}

/// The model that the attribute of a struct names.
pub(crate) fn model(name: &Ident, attributes: &[Attribute]) -> syn::Result<Path> {
    match find(attributes)? {
        Some(attribute) => attribute.parse_args(),
        None => Err(Error::new(name.span(), "name the model to load from: `#[select(User)]`")),
    }
}

fn find(attributes: &[Attribute]) -> syn::Result<Option<&Attribute>> {
    let mut found = attributes.iter().filter(|attribute| attribute.path().is_ident("select"));
    let first = found.next();
    match found.next() {
        Some(second) => Err(Error::new_spanned(second, "one `#[select(..)]` is enough")),
        None => Ok(first),
    }
}
