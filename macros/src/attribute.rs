//! `#[select(..)]` on a struct and on its fields.

use proc_macro2::TokenStream;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Field, Ident, Path, Token, parenthesized};

/// What a field of a fragment holds.
pub(crate) enum Content {
    /// The field of the model that has its name.
    Field,
    /// The relation that has its name, after these calls: `filter(..).take(5)`.
    Refined(TokenStream),
    /// What this function makes of the relation that has its name: `with = recent_posts`.
    RefinedBy(Path),
    /// The number of rows of a relation, after these calls: `count(posts).filter(..)`.
    Count(Ident, TokenStream),
    /// Another fragment of the same row: `flatten`.
    Fragment,
}

impl Content {
    pub(crate) fn of(field: &Field) -> syn::Result<Self> {
        match find(&field.attrs)? {
            Some(attribute) => attribute.parse_args(),
            None => Ok(Self::Field),
        }
    }
}

impl Parse for Content {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        // A keyword is no method, but it deserves the same answer.
        let name = ahead.call(Ident::parse_any)?;
        if name == "with" && ahead.peek(Token![=]) {
            input.parse::<Ident>()?;
            input.parse::<Token![=]>()?;
            return Ok(Self::RefinedBy(input.parse()?));
        }
        if name == "flatten" {
            input.parse::<Ident>()?;
            return Ok(Self::Fragment);
        }
        if name == "count" {
            input.parse::<Ident>()?;
            let relation;
            parenthesized!(relation in input);
            let relation = relation.parse()?;
            return Ok(Self::Count(relation, input.parse()?));
        }
        if ["filter", "order_by", "take", "last", "skip"].iter().any(|method| name == method) {
            return Ok(Self::Refined(input.parse()?));
        }
        Err(Error::new(
            name.span(),
            "expected `filter(..)`, `order_by(..)`, `take(..)`, `last(..)`, `skip(..)`, `with = function`, \
             `count(relation)` or `flatten`",
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
