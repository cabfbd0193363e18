//! `#[derive(Select)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Fields, Ident, Path};

use crate::attribute::{Content, Target};
use crate::json;

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let target = Target::of(name, &input.attrs)?;
    let model = &target.model;
    let fields = named_fields(input)?;
    // Names that the closures in attributes must not see.
    let locals = Locals {
        selection: Ident::new("selection", Span::mixed_site()),
        tokens: Ident::new("tokens", Span::mixed_site()),
        row: Ident::new("row", Span::mixed_site()),
        at: Ident::new("at", Span::mixed_site()),
    };
    let mut parts = Parts::default();
    for field in fields {
        parts.add(field, model, &locals)?;
    }
    let width = parts.place();
    let Parts { depths, pushes, reads, slots, slot_values, .. } = parts;
    let Locals { selection, tokens, row, at } = locals;

    let slots_name = format_ident!("{name}Slots");
    let slots_doc = format!("The fields of [`{name}`], for `with`.");
    let visibility = &input.vis;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();

    // The slots of a generic struct would have to repeat its bounds, and a static of a generic function is one for all
    // its instances: only the others have slots, and keep their selection.
    let (slots_struct, slots_type, functions) = if input.generics.params.is_empty() {
        let definition = quote! {
            #[doc = #slots_doc]
            #[derive(Clone, Copy)]
            #visibility struct #slots_name { #(#slots),* }

            const _: usize = <#name as ::purlin::fragment::Load>::DEPTH;
        };
        let functions = quote! {
            fn slots(#at: usize) -> Self::Slots {
                #slots_name { #(#slot_values),* }
            }

            fn selection() -> ::std::borrow::Cow<'static, ::purlin::generated::Selection> {
                static SELECTION: ::std::sync::OnceLock<::purlin::generated::Selection> = ::std::sync::OnceLock::new();
                ::std::borrow::Cow::Borrowed(SELECTION.get_or_init(|| {
                    ::purlin::generated::Selection::of(<Self as ::purlin::Select>::FRAGMENT)
                }))
            }
        };
        (definition, quote!(#slots_name), functions)
    } else {
        (
            TokenStream::new(),
            quote!(()),
            quote!(
                fn slots(_: usize) {}
            ),
        )
    };

    let json = if target.json { json::expand(input, &target)? } else { TokenStream::new() };

    Ok(quote! {
        #slots_struct

        #json

        #[automatically_derived]
        impl #impl_generics ::purlin::fragment::Load for #name #type_generics #where_clause {
            const DEPTH: usize = <Self as ::purlin::Select>::FRAGMENT.depth;

            #[inline]
            fn load(
                part: &::purlin::generated::Part<'_>,
                row: usize,
            ) -> ::core::result::Result<Self, ::purlin::Error> {
                <Self as ::purlin::Select>::from_row(part.row(row)?)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::purlin::Select for #name #type_generics #where_clause {
            type Model = #model;
            type Slots = #slots_type;
            const FRAGMENT: ::purlin::generated::Fragment<Self> = ::purlin::generated::Fragment {
                select: |#selection| {
                    let #tokens = <#model as ::purlin::Model>::FIELDS;
                    #(#pushes)*
                },
                depth: {
                    let depth = 0;
                    #(let depth = #depths;)*
                    depth + 1
                },
                width: #width,
                read: |#row| ::core::result::Result::Ok(Self { #(#reads),* }),
            };

            #functions
        }
    })
}

pub(crate) fn named_fields(input: &DeriveInput) -> syn::Result<impl Iterator<Item = &Field>> {
    let problem = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if fields.named.is_empty() => "a fragment loads at least one field",
            Fields::Named(fields) => return Ok(fields.named.iter()),
            Fields::Unnamed(_) | Fields::Unit => "a fragment is a struct with named fields",
        },
        Data::Enum(_) | Data::Union(_) => "a fragment is a struct",
    };
    Err(Error::new(input.ident.span(), problem))
}

/// The local names of derived code.
struct Locals {
    selection: Ident,
    tokens: Ident,
    row: Ident,
    at: Ident,
}

/// What the fields give to each part of the derived code.
#[derive(Default)]
struct Parts {
    depths: Vec<TokenStream>,
    /// The number of fields before, of those that take one part of the row.
    single: usize,
    /// The widths of the fragments before.
    widths: Vec<TokenStream>,
    pushes: Vec<TokenStream>,
    reads: Vec<TokenStream>,
    slots: Vec<TokenStream>,
    slot_values: Vec<TokenStream>,
}

impl Parts {
    /// The place of the next field in the row.
    fn place(&self) -> TokenStream {
        let Self { single, widths, .. } = self;
        quote!(#single #(+ #widths)*)
    }

    /// All that names the type of a field has one span, so that rustc says once what is wrong with it.
    fn add(&mut self, field: &Field, model: &Path, locals: &Locals) -> syn::Result<()> {
        let Some(name) = &field.ident else { return Ok(()) };
        let Field { ty, vis, .. } = field;
        let Locals { selection, tokens, row, at } = locals;
        let place = self.place();
        self.depths.push(quote_spanned!(ty.span()=> ::purlin::generated::deeper::<#ty>(depth)));
        let token = match Content::of(field)? {
            Content::Fragment => {
                self.pushes.push(quote_spanned! {ty.span()=>
                    ::purlin::generated::Selection::flatten::<#ty, #model>(#selection);
                });
                self.reads.push(quote_spanned!(ty.span()=> #name: #row.flat::<#ty>(#place)?));
                self.slots.push(quote!(#[doc(hidden)] #vis #name: <#ty as ::purlin::Select>::Slots));
                self.slot_values.push(quote!(#name: <#ty as ::purlin::Select>::slots(#at + #place)));
                self.widths.push(quote_spanned!(ty.span()=> ::purlin::generated::width_of::<#ty>()));
                return Ok(());
            }
            Content::Field => quote!(#tokens.#name),
            Content::Refined(chain) => quote!(#tokens.#name.#chain),
            Content::RefinedBy(path) => quote!(#path(#tokens.#name)),
            Content::Count(relation, rest) => quote!(#tokens.#relation.count() #rest),
        };
        self.pushes.push(quote_spanned! {ty.span()=>
            ::purlin::generated::Selection::field(#selection, #token).into::<#ty>();
        });
        self.reads.push(quote_spanned!(ty.span()=> #name: #row.get::<#ty>(#place)?));
        self.slots.push(quote!(#[doc(hidden)] #vis #name: ::purlin::fragment::Slot<#ty>));
        self.slot_values.push(quote!(#name: ::purlin::fragment::Slot::new(#at + #place)));
        self.single += 1;
        Ok(())
    }
}
