//! `@db.VarChar(40)` and its kind.

use super::FieldPath;
use crate::diagnostic::Diagnostic;
use crate::model::{Provider, Scalar};
use crate::native::{Definition, Parameter, definitions};
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Attribute};

/// A native type as it is written on a field.
pub(crate) struct Written<'t> {
    pub(crate) attribute: &'t Attribute,
    /// `db` of `@db.VarChar(40)`
    pub(crate) prefix: &'t str,
    /// `VarChar` of `@db.VarChar(40)`
    pub(crate) name: &'t str,
    pub(crate) field: FieldPath<'t>,
}

impl<'t> Written<'t> {
    pub(crate) fn new(attribute: &'t Attribute, field: FieldPath<'t>) -> Option<Self> {
        let (prefix, name) = attribute.name.text.split_once('.')?;
        Some(Self { attribute, prefix, name, field })
    }

    pub(crate) fn arguments(&self) -> &'t [Argument] {
        self.attribute.arguments.as_ref().map_or(&[], |arguments| &arguments.items)
    }

    fn prefix_span(&self) -> Span {
        let span = self.attribute.name.span;
        Span { end: span.start + self.prefix.len(), ..span }
    }

    fn name_span(&self) -> Span {
        let span = self.attribute.name.span;
        Span { start: span.end - self.name.len(), ..span }
    }

    fn error(&self, rule: Rule, span: Span, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::error(rule, span, format!("field `{}`: {}", self.field, message.as_ref()))
    }
}

pub(crate) fn without_datasource(written: &Written<'_>) -> Diagnostic {
    let message = format!("`@{}` belongs to no database: there is no datasource", written.attribute.name.text);
    written
        .error(Rule::NativeType, written.attribute.span, message)
        .label("for which database?")
        .help(format!("add a block `datasource {} {{ .. }}` with a `provider`", written.prefix))
}

pub(crate) fn without_native_types(written: &Written<'_>, provider: Provider) -> Diagnostic {
    let provider = provider.name();
    let message = format!("`@{}`: {provider} has no native types", written.attribute.name.text);
    written
        .error(Rule::NativeType, written.attribute.span, message)
        .label(format!("not for {provider}"))
        .help("remove it: the field's own type decides the column's type")
}

pub(crate) fn wrong_prefix(written: &Written<'_>, datasource: &str) -> Diagnostic {
    let Written { prefix, name, .. } = written;
    let message = format!("`@{prefix}.{name}` starts with `{prefix}`, which is not the name of the datasource");
    written
        .error(Rule::NativeTypePrefix, written.prefix_span(), message)
        .label(format!("the datasource is `{datasource}`"))
        .help(format!("did you mean `@{datasource}.{name}`?"))
}

pub(crate) fn on_enum(written: &Written<'_>) -> Diagnostic {
    on_other_type(written, "is an enum")
}

pub(crate) fn on_unsupported(written: &Written<'_>) -> Diagnostic {
    on_other_type(written, "is `Unsupported`")
}

fn on_other_type(written: &Written<'_>, reason: &str) -> Diagnostic {
    let message = format!("field `{}` {reason}, so it cannot have `@{}`", written.field, written.attribute.name.text);
    Diagnostic::error(Rule::NativeTypeMismatch, written.attribute.span, message)
        .at(Stage::Attributes)
        .label("only for built-in types")
        .help("remove it: the field's own type decides the column's type")
}

/// A native type for fields of other types than `scalar`.
pub(crate) fn mismatch(written: &Written<'_>, provider: Provider, scalar: Scalar) -> Diagnostic {
    let (prefix, name, scalar_name) = (written.prefix, written.name, scalar.name());
    let definitions = definitions(provider).iter().filter(|definition| definition.name == name);
    let fits: Vec<&str> = definitions.flat_map(|definition| definition.scalars).map(|it| it.name()).collect();
    let fits = fits.join("` or `");
    let message = format!("`@{prefix}.{name}` is for `{fits}`, not for `{scalar_name}`");
    written
        .error(Rule::NativeTypeMismatch, written.name_span(), message)
        .label(format!("cannot hold `{scalar_name}`"))
        .help(format!(
            "give the field the type `{fits}`, or use one of its own native types: {}",
            choice(provider, scalar)
        ))
}

pub(crate) fn unknown(written: &Written<'_>, provider: Provider, scalar: Scalar) -> Diagnostic {
    let (prefix, name, here) = (written.prefix, written.name, provider.name());
    let message = format!("{here} has no native type `{name}`");
    written.error(Rule::UnknownNativeType, written.name_span(), message).label("unknown native type").help(
        match closest(name, definitions(provider).iter().map(|definition| definition.name)) {
            Some(close) => format!("did you mean `@{prefix}.{close}`?"),
            None => choice_on(provider, scalar),
        },
    )
}

/// A native type of the database `other`; `ours` is what it is called on `provider`.
pub(crate) fn of_other_database(
    written: &Written<'_>,
    (provider, other): (Provider, Provider),
    scalar: Scalar,
    ours: Option<&str>,
) -> Diagnostic {
    let here = provider.name();
    let message = format!("`{}` is a type of {}, not of {here}", written.name, other.name());
    written.error(Rule::UnknownNativeType, written.name_span(), message).label(format!("not for {here}")).help(
        match ours {
            Some(ours) => format!("on {here} use `@{}.{ours}`", written.prefix),
            None => choice_on(provider, scalar),
        },
    )
}

/// The native types that fields of type `scalar` can have.
fn choice(provider: Provider, scalar: Scalar) -> String {
    let fitting = definitions(provider).iter().filter(|definition| definition.fits(scalar));
    super::list(fitting.map(|definition| definition.name))
}

fn choice_on(provider: Provider, scalar: Scalar) -> String {
    format!("for `{}` fields, {} has {}", scalar.name(), provider.name(), choice(provider, scalar))
}

pub(crate) fn argument_count(written: &Written<'_>, definition: &Definition) -> Diagnostic {
    let Written { prefix, name, .. } = written;
    let all: Vec<&str> = definition.parameters.all.iter().map(|parameter| parameter.name).collect();
    let (bare, full) = (format!("`@{prefix}.{name}`"), format!("`@{prefix}.{name}({})`", all.join(", ")));
    let takes = match all.as_slice() {
        [] => "takes no arguments".to_owned(),
        [one] => format!("takes one argument, its {one}"),
        [all @ .., last] => format!("takes its {} and its {last}", all.join(", its ")),
    };
    let given = match written.arguments().len() {
        0 => "none is given".to_owned(),
        1 => "one is given".to_owned(),
        count => format!("{count} are given"),
    };
    let span = written.attribute.arguments.as_ref().map_or(written.attribute.span, |arguments| arguments.span);
    let message = format!("`{name}` {takes}; {given}");
    written.error(Rule::NativeTypeArguments, span, message).label(given).help(
        match (all.is_empty(), definition.parameters.optional) {
            (true, _) => format!("write {bare}"),
            (false, true) => format!("write {full}, or {bare} alone"),
            (false, false) => format!("write {full}"),
        },
    )
}

pub(crate) fn named_argument(written: &Written<'_>, span: Span, label: &str) -> Diagnostic {
    let message = format!("the arguments of `{}` have no names", written.name);
    written.error(Rule::NativeTypeArguments, span, message).label("not expected").help(format!("remove `{label}:`"))
}

pub(crate) fn wrong_argument(
    written: &Written<'_>,
    item: &Argument,
    parameter: &Parameter,
    scalar: Scalar,
) -> Diagnostic {
    let expected = match (parameter.least, parameter.most) {
        (least, most) if least == most => format!("{least} on a `{}`", scalar.name()),
        (least, most) => format!("a whole number from {least} to {most}"),
    };
    let found = item.value.kind.describe();
    let message = format!("the {} of `{}` must be {expected}, found {found}", parameter.name, written.name);
    written.error(Rule::NativeTypeArguments, item.value.span, message).label(format!("expected {expected}"))
}

pub(crate) fn scale_above_precision(written: &Written<'_>, span: Span, scale: u32, precision: u32) -> Diagnostic {
    let message = format!("the scale {scale} of `{}` is larger than its precision {precision}", written.name);
    written
        .error(Rule::NativeTypeArguments, span, message)
        .label(format!("at most {precision}"))
        .help("the scale counts the digits after the decimal point, the precision all digits")
}
