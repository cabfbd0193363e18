//! The types of fields, composite types and mixins.

use super::FieldPath;
use crate::diagnostic::Diagnostic;
use crate::model::{Provider, Scalar};
use crate::native::NativeType;
use crate::rules::Rule;
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Block, Name};

/// `meant` is the type that was probably meant.
pub(crate) fn unknown_type(field: &str, ty: &Name, meant: Option<&str>) -> Diagnostic {
    let message = format!("field `{field}`: there is no type, model or enum `{}`", ty.text);
    Diagnostic::error(Rule::UnknownType, ty.span, message)
        .label("unknown type")
        .help("a type is a scalar such as `String` or `Int`, or the name of a model or an enum of this schema")
        .suggest(meant)
}

/// `String(40)`
pub(crate) fn type_arguments(span: Span, field: &str, ty: &str) -> Diagnostic {
    Diagnostic::error(Rule::TypeArguments, span, format!("field `{field}`: the type `{ty}` takes no arguments"))
        .label("not expected")
        .help(format!("write `{ty}`; a length is part of a native type, such as `@db.VarChar(60)`"))
}

/// `Unsupported("text")`
pub(crate) fn supported_type(
    span: Span,
    field: &str,
    written: &str,
    (prefix, scalar, native): (&str, Scalar, &NativeType),
) -> Diagnostic {
    let message = format!("field `{field}`: `{written}` is a type that the language supports");
    Diagnostic::error(Rule::SupportedType, span, message)
        .label("supported")
        .help(format!("write `{} @{prefix}.{native}`", scalar.name()))
}

pub(crate) fn scalar_list(span: Span, field: FieldPath<'_>, provider: Provider) -> Diagnostic {
    let provider = provider.name();
    Diagnostic::error(Rule::ScalarList, span, format!("field `{field}`: {provider} has no lists of scalars or enums"))
        .label(format!("a list on {provider}"))
        .help("use a `Json` field, or a model of its own with a relation")
}

/// `reason` describes the field: `is a list`.
pub(crate) fn updated_at_type(span: Span, field: FieldPath<'_>, reason: &str) -> Diagnostic {
    Diagnostic::error(Rule::UpdatedAtType, span, format!("field `{field}` {reason}, so it cannot have `@updatedAt`"))
        .label("only for a single `DateTime`")
        .help("give the field the type `DateTime`, or remove `@updatedAt`")
}

// Composite types

pub(crate) fn composite_type(block: &Block, provider: Option<Provider>) -> Diagnostic {
    let name = &block.name.text;
    let message = match provider {
        Some(provider) => format!("`{name}` is a composite type, which {} does not have", provider.name()),
        None => format!("`{name}` is a composite type, which no database of Purlin has"),
    };
    Diagnostic::error(Rule::CompositeType, block.header(), message)
        .label("only document databases have these")
        .help("make it a `model` with a relation, or use a `Json` field")
}

pub(crate) fn relation_in_composite(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let message = format!("field `{field}`: a composite type cannot refer to a model");
    Diagnostic::error(Rule::RelationInComposite, span, message)
        .label("a model")
        .help("move the field to the model that has the composite type")
}

/// A required field by which a composite type contains itself.
pub(crate) fn endless_type(span: Span, field: FieldPath<'_>) -> Diagnostic {
    let FieldPath { model: ty, field } = field;
    Diagnostic::error(Rule::EndlessType, span, format!("`{ty}` contains itself through its required field `{field}`"))
        .label(format!("every `{ty}` has another one in it"))
        .help("make the field optional or a list")
}

// Mixins

pub(crate) fn mixin_as_type(field: &str, mixin: &Name) -> Diagnostic {
    let name = &mixin.text;
    Diagnostic::error(Rule::MixinAsType, mixin.span, format!("field `{field}`: `{name}` is a mixin, not a type"))
        .label("a mixin")
        .help(format!("write `@@include({name})` on a line of its own to have its fields"))
}

pub(crate) fn unknown_mixin<'a>(span: Span, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Rule::UnknownMixin, span, format!("there is no mixin `{name}`"))
        .label("unknown mixin")
        .help(format!("write a block `mixin {name} {{ .. }}` with the fields"))
        .suggest(closest(name, known))
}

pub(crate) fn unused_mixin(mixin: &Name) -> Diagnostic {
    let name = &mixin.text;
    Diagnostic::warning(Rule::UnusedMixin, mixin.span, format!("no model includes the mixin `{name}`"))
        .label("not included")
        .help(format!("write `@@include({name})` in the models that should have its fields"))
}

pub(crate) fn repeated_include(span: Span, model: &str, mixin: &str) -> Diagnostic {
    let message = format!("the model `{model}` includes the mixin `{mixin}` twice");
    Diagnostic::error(Rule::RepeatedInclude, span, message)
        .label("included again")
        .help("remove one of them; a mixin that includes itself, also through others, counts too")
}

pub(crate) fn too_many_mixins(span: Span, deepest: usize, most_fields: usize) -> Diagnostic {
    let message =
        format!("mixins include each other more than {deepest} levels deep, or add more than {most_fields} fields");
    Diagnostic::error(Rule::TooManyMixins, span, message)
        .label("too many from here on")
        .help("include fewer mixins in each other")
}
