//! `#[derive(Select)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Fields, Ident};

use crate::attribute::{Refinement, model};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let model = model(name, &input.attrs)?;
    let fields = named_fields(input)?;
    // Names that the closures in attributes must not see.
    let selection = Ident::new("selection", Span::mixed_site());
    let tokens = Ident::new("tokens", Span::mixed_site());
    let row = Ident::new("row", Span::mixed_site());

    let mut parts = Parts::default();
    for (index, field) in fields.enumerate() {
        parts.add(index, field, &selection, &tokens, &row)?;
    }
    let Parts { pushes, reads, depths, slots, slot_values } = parts;

    let slots_name = format_ident!("{name}Slots");
    let slots_doc = format!("The fields of [`{name}`], for `with`.");
    let visibility = &input.vis;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    let generic = !input.generics.params.is_empty();

    let make = quote! {
        {
            let mut made = ::purlin::Selection::default();
            let #selection = &mut made;
            let #tokens = <#model as ::purlin::Model>::FIELDS;
            #(#pushes)*
            made
        }
    };
    // A static of a generic function is one for all its instances, so only the others keep theirs.
    let selection_body = if generic {
        quote! {
            let () = const { assert!(<Self as ::purlin::Load>::DEPTH > 0) };
            ::std::borrow::Cow::Owned(#make)
        }
    } else {
        quote! {
            static SELECTION: ::std::sync::OnceLock<::purlin::Selection> = ::std::sync::OnceLock::new();
            ::std::borrow::Cow::Borrowed(SELECTION.get_or_init(|| #make))
        }
    };
    let depth_check = (!generic).then(|| quote!(const _: usize = <#name as ::purlin::Load>::DEPTH;));
    let (slots_type, slots_struct) = if generic {
        // The slots of a generic struct would have to repeat its bounds.
        (quote!(()), None)
    } else {
        let definition = quote! {
            #[doc = #slots_doc]
            #[derive(Clone, Copy)]
            #visibility struct #slots_name { #(#slots),* }
        };
        (quote!(#slots_name), Some(definition))
    };
    let slots_value = if generic { quote!(()) } else { quote!(#slots_name { #(#slot_values),* }) };

    Ok(quote! {
        #slots_struct

        #[automatically_derived]
        impl #impl_generics ::purlin::Load for #name #type_generics #where_clause {
            const DEPTH: usize = {
                let mut deepest = 0;
                #(deepest = ::purlin::deeper(deepest, #depths);)*
                deepest + 1
            };

            #[inline]
            fn load(part: &::purlin::Part<'_>, row: usize) -> ::core::result::Result<Self, ::purlin::Error> {
                <Self as ::purlin::Select>::from_row(part.row(row)?)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::purlin::Select for #name #type_generics #where_clause {
            type Model = #model;
            type Slots = #slots_type;
            const SLOTS: Self::Slots = #slots_value;

            fn selection() -> ::std::borrow::Cow<'static, ::purlin::Selection> {
                #selection_body
            }

            #[inline]
            fn from_row(#row: ::purlin::Row<'_>) -> ::core::result::Result<Self, ::purlin::Error> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }
        }

        #depth_check
    })
}

fn named_fields(input: &DeriveInput) -> syn::Result<impl Iterator<Item = &Field>> {
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

/// What the fields give to each part of the derived code.
#[derive(Default)]
struct Parts {
    pushes: Vec<TokenStream>,
    reads: Vec<TokenStream>,
    depths: Vec<TokenStream>,
    slots: Vec<TokenStream>,
    slot_values: Vec<TokenStream>,
}

impl Parts {
    fn add(&mut self, index: usize, field: &Field, selection: &Ident, tokens: &Ident, row: &Ident) -> syn::Result<()> {
        let Some(name) = &field.ident else { return Ok(()) };
        let Field { ty, vis, .. } = field;
        let token = match Refinement::of(field)? {
            Refinement::None => quote!(#tokens.#name),
            Refinement::Chain(chain) => quote!(#tokens.#name.#chain),
            Refinement::Function(path) => quote!(#path(#tokens.#name)),
            Refinement::Count(relation, rest) => quote!(#tokens.#relation.count() #rest),
        };
        // Spanned on the type, so that a mismatch points at it.
        self.pushes.push(quote_spanned! {ty.span()=>
            ::purlin::Selection::push(#selection, #token, ::core::marker::PhantomData::<#ty>);
        });
        self.reads.push(quote_spanned!(ty.span()=> #name: #row.get::<#ty>(#index)?));
        self.depths.push(quote_spanned!(ty.span()=> <#ty as ::purlin::Load>::DEPTH));
        let slot = u16::try_from(index).map_err(|_| Error::new(name.span(), "a fragment has at most 65,535 fields"))?;
        self.slots.push(quote!(#[doc(hidden)] #vis #name: ::purlin::Slot<#ty>));
        self.slot_values.push(quote!(#name: ::purlin::Slot::new(#slot)));
        Ok(())
    }
}
