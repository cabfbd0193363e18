//! `#[select(..)]` on a struct and on its fields.

use proc_macro2::TokenStream;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, Expr, ExprLit, Field, Ident, Lit, LitStr, Meta, MetaNameValue, Path, Token, parenthesized,
};

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

/// `#[select(User)]` on a struct: the model to load from; `#[select(User, json)]`: and that it serializes as its rows do.
pub(crate) struct Target {
    pub(crate) model: Path,
    pub(crate) json: bool,
    /// The name in TypeScript, if it is not that of the struct.
    pub(crate) typescript: Option<LitStr>,
}

impl Target {
    pub(crate) fn of(name: &Ident, attributes: &[Attribute]) -> syn::Result<Self> {
        match find(attributes)? {
            Some(attribute) => attribute.parse_args(),
            None => Err(Error::new(name.span(), "name the model to load from: `#[select(User)]`")),
        }
    }
}

impl Parse for Target {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut target = Self { model: input.parse()?, json: false, typescript: None };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let word: Ident = input.call(Ident::parse_any)?;
            if word == "json" && !target.json {
                target.json = true;
            } else if word == "typescript" && target.typescript.is_none() && target.json {
                input.parse::<Token![=]>()?;
                target.typescript = Some(type_name(input.parse()?)?);
            } else {
                return Err(Error::new(
                    word.span(),
                    "expected `json`, or after it `typescript = \"Name\"`: `#[select(User, json)]`",
                ));
            }
        }
        Ok(target)
    }
}

/// A literal that is a name of a type.
fn type_name(literal: LitStr) -> syn::Result<LitStr> {
    let text = literal.value();
    let is_name = text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if is_name {
        Ok(literal)
    } else {
        Err(Error::new(
            literal.span(),
            "a name in TypeScript begins with a capital letter: `typescript = \"UserCard\"`",
        ))
    }
}

/// The doc comment above a struct or a field.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(MetaNameValue { path, value: Expr::Lit(ExprLit { lit: Lit::Str(line), .. }), .. })
            if path.is_ident("doc") =>
        {
            Some(line.value())
        }
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn find(attributes: &[Attribute]) -> syn::Result<Option<&Attribute>> {
    let mut found = attributes.iter().filter(|attribute| attribute.path().is_ident("select"));
    let first = found.next();
    match found.next() {
        Some(second) => Err(Error::new_spanned(second, "one `#[select(..)]` is enough")),
        None => Ok(first),
    }
}
