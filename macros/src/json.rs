//! `json` in `#[select(Model, json)]`: `Serialize` in the form of default rows, and the TypeScript type of it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{DeriveInput, Ident, parse_quote};

use crate::attribute::{Content, Target, documentation};
use crate::select::named_fields;

pub(crate) fn expand(input: &DeriveInput, target: &Target) -> syn::Result<TokenStream> {
    let (name, model) = (&input.ident, &target.model);
    let object = Ident::new("object", Span::mixed_site());
    let members = Ident::new("members", Span::mixed_site());
    // Type parameters, which the type of no field may mean.
    let map = Ident::new("Map", Span::mixed_site());
    let serializer = Ident::new("Serializer", Span::mixed_site());
    let (mut entries, mut declared, mut flattens) = (Vec::new(), Vec::new(), false);
    // What a generic fragment asks of its parameters.
    let mut generics = [input.generics.clone(), input.generics.clone()];
    let is_generic = !input.generics.params.is_empty();
    for field in named_fields(input)? {
        let Some(field_name) = &field.ident else { continue };
        let (ty, docs) = (&field.ty, documentation(&field.attrs));
        let span = ty.span();
        let mut bounds = [quote!(::purlin::generated::ToJson), quote!(::purlin::generated::TypeScript)];
        match Content::of(field)? {
            Content::Fragment => {
                flattens = true;
                entries.push(quote_spanned! {span=>
                    <#ty as ::purlin::generated::JsonObject>::entries(&self.#field_name, #object)?;
                });
                declared.push(quote_spanned! {span=>
                    <#ty as ::purlin::generated::TypeScriptObject>::members(#members);
                });
                bounds = [quote!(::purlin::generated::JsonObject), quote!(::purlin::generated::TypeScriptObject)];
            }
            Content::Count(..) => {
                let text = field_name.unraw().to_string();
                let camel_case = camel_case(&text);
                let key = quote!(::purlin::generated::json_count_name::<#model>(#text, #camel_case));
                entries.push(quote!(#object.count(#key, self.#field_name)?;));
                declared.push(quote!(#members.add_count(#key, #docs);));
                continue;
            }
            Content::Field | Content::Refined(_) | Content::RefinedBy(_) => {
                let key = quote! {
                    ::purlin::generated::json_name::<#model>(&<#model as ::purlin::Model>::FIELDS.#field_name)
                };
                entries.push(quote_spanned!(span=> #object.entry::<#ty>(#key, &self.#field_name)?;));
                declared.push(quote_spanned!(span=> #members.add::<#ty>(#key, #docs);));
            }
        }
        if is_generic {
            for (generics, bound) in generics.iter_mut().zip(bounds) {
                generics.make_where_clause().predicates.push(parse_quote!(#ty: #bound));
            }
        }
    }

    let [json_generics, typescript_generics] = &generics;
    let (impl_generics, type_generics, where_json) = json_generics.split_for_impl();
    let (_, _, where_typescript) = typescript_generics.split_for_impl();
    let typescript_name = match &target.typescript {
        Some(name) => name.value(),
        None => name.unraw().to_string(),
    };
    let docs = documentation(&input.attrs);
    let expression =
        if is_generic { quote!(types.inline::<Self>()) } else { quote!(types.object::<Self>(#typescript_name, #docs)) };
    Ok(quote! {
        ::purlin::json_fragment! {
            #[automatically_derived]
            impl #impl_generics ::purlin::generated::JsonObject for #name #type_generics #where_json {
                const FLATTENS: ::core::primitive::bool = #flattens;

                fn entries<#map: ::purlin::generated::serde::ser::SerializeMap>(
                    &self,
                    #object: &mut ::purlin::generated::Object<#map>,
                ) -> ::core::result::Result<(), #map::Error> {
                    #(#entries)*
                    ::core::result::Result::Ok(())
                }
            }

            #[automatically_derived]
            impl #impl_generics ::purlin::generated::serde::Serialize for #name #type_generics #where_json {
                fn serialize<#serializer: ::purlin::generated::serde::Serializer>(
                    &self,
                    serializer: #serializer,
                ) -> ::core::result::Result<#serializer::Ok, #serializer::Error> {
                    ::purlin::generated::serialize_object(self, serializer)
                }
            }

            #[automatically_derived]
            impl #impl_generics ::purlin::generated::ToJson for #name #type_generics #where_json {
                fn to_json<#serializer: ::purlin::generated::serde::Serializer>(
                    &self,
                    serializer: #serializer,
                ) -> ::core::result::Result<#serializer::Ok, #serializer::Error> {
                    ::purlin::generated::serialize_object(self, serializer)
                }
            }
        }

        ::purlin::typescript_fragment! {
            #[automatically_derived]
            impl #impl_generics ::purlin::generated::TypeScriptObject for #name #type_generics #where_typescript {
                fn members(#members: &mut ::purlin::generated::Members<'_>) {
                    #(#declared)*
                }
            }

            #[automatically_derived]
            impl #impl_generics ::purlin::generated::TypeScript for #name #type_generics #where_typescript {
                fn expression(types: &mut ::purlin::generated::Types) -> ::purlin::generated::String {
                    #expression
                }
            }
        }
    })
}

/// `posts_count` as `postsCount`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        out.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(characters.as_str());
    }
    out
}
