//! From `@db.VarChar(40)` on a field to its native type, and what can be wrong with it.

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::model::{ColumnType, Provider, Scalar};
use crate::native::{self, Definition, NativeType, definitions, find};
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Attribute, ExpressionKind};

/// The native type that an attribute with a dot in its name gives to the column at `place`, which is of type `ty`.
///
/// `datasource` is the name of the datasource block; `provider` is unknown where that block is wrong, and then nothing
/// can be said about the type.
pub(crate) fn resolve(
    attribute: &Attribute,
    provider: Option<Provider>,
    datasource: Option<&str>,
    ty: &ColumnType,
    place: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<NativeType> {
    let written = Written::new(attribute, place)?;
    let Some(datasource) = datasource else {
        diagnostics.push(written.without_datasource());
        return None;
    };
    if written.prefix != datasource {
        diagnostics.push(written.wrong_prefix(datasource));
        // What is meant is plain all the same, and one finding about it is enough.
        return typed(&written, provider?, ty).ok();
    }
    match typed(&written, provider?, ty) {
        Ok(native) => Some(native),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

#[expect(clippy::result_large_err, reason = "an error is made once, and moves straight into the list")]
fn typed(written: &Written<'_>, provider: Provider, ty: &ColumnType) -> Result<NativeType, Diagnostic> {
    let all = definitions(provider);
    if all.is_empty() {
        return Err(written.without_native_types(provider));
    }
    let scalar = match ty {
        ColumnType::Scalar(scalar) => *scalar,
        ColumnType::Enum(_) => return Err(written.not_a_scalar("is an enum")),
        ColumnType::Unsupported(_) => return Err(written.not_a_scalar("is `Unsupported`").at(Stage::Attributes)),
    };
    let Some(definition) = find(provider, written.name, scalar) else {
        return Err(match all.iter().any(|definition| definition.name == written.name) {
            true => written.misfit(provider, scalar),
            false => written.unknown(provider, scalar),
        });
    };
    Ok(NativeType { definition, arguments: arguments(written, definition, scalar)? })
}

#[expect(clippy::result_large_err, reason = "an error is made once, and moves straight into the list")]
fn arguments(written: &Written<'_>, definition: &Definition, scalar: Scalar) -> Result<Vec<u32>, Diagnostic> {
    let items = written.arguments();
    if !definition.parameters.accept(items.len()) {
        return Err(written.argument_count(definition));
    }
    let mut arguments = Vec::with_capacity(items.len());
    for (item, parameter) in items.iter().zip(definition.parameters.all) {
        let name = written.name;
        if let Some(label) = &item.name {
            return Err(written
                .error(Rule::NativeTypeArguments, label.span, format!("the arguments of `{name}` have no names"))
                .label("not expected")
                .help(format!("remove `{}:`", label.text)));
        }
        let number = match &item.value.kind {
            ExpressionKind::Number(text) => text.parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|number| (parameter.least..=parameter.most).contains(number)) else {
            let expected = match (parameter.least, parameter.most) {
                (least, most) if least == most => format!("{least} on a `{}`", scalar.name()),
                (least, most) => format!("a whole number from {least} to {most}"),
            };
            let found = item.value.kind.describe();
            let message = format!("the {} of `{name}` must be {expected}, found {found}", parameter.name);
            return Err(written
                .error(Rule::NativeTypeArguments, item.value.span, message)
                .label(format!("expected {expected}")));
        };
        arguments.push(number);
    }
    if let ([precision, scale], [_, item]) = (arguments.as_slice(), items)
        && scale > precision
    {
        let message = format!("the scale {scale} of `{}` is larger than its precision {precision}", written.name);
        return Err(written
            .error(Rule::NativeTypeArguments, item.value.span, message)
            .label(format!("at most {precision}"))
            .help("the scale counts the digits after the decimal point, the precision all digits"));
    }
    Ok(arguments)
}

/// A native type as the schema has it.
struct Written<'t> {
    attribute: &'t Attribute,
    /// `db` of `@db.VarChar(40)`
    prefix: &'t str,
    /// `VarChar` of `@db.VarChar(40)`
    name: &'t str,
    place: &'t str,
}

impl<'t> Written<'t> {
    fn new(attribute: &'t Attribute, place: &'t str) -> Option<Self> {
        let (prefix, name) = attribute.name.text.split_once('.')?;
        Some(Self { attribute, prefix, name, place })
    }

    fn arguments(&self) -> &'t [Argument] {
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
        Diagnostic::error(rule, span, format!("field `{}`: {}", self.place, message.as_ref()))
    }

    fn without_datasource(&self) -> Diagnostic {
        let message = format!("`@{}` is of no database: there is no datasource", self.attribute.name.text);
        self.error(Rule::NativeType, self.attribute.span, message)
            .label("for which database?")
            .help(format!("add a block `datasource {} {{ .. }}` with a `provider`", self.prefix))
    }

    fn without_native_types(&self, provider: Provider) -> Diagnostic {
        let provider = provider.name();
        let message = format!("`@{}`: {provider} has no native types", self.attribute.name.text);
        self.error(Rule::NativeType, self.attribute.span, message)
            .label(format!("not for {provider}"))
            .help("remove it: the field's own type decides the column's type")
    }

    fn wrong_prefix(&self, datasource: &str) -> Diagnostic {
        let Self { prefix, name, .. } = self;
        let message = format!("`@{prefix}.{name}` starts with `{prefix}`, which is not the name of the datasource");
        self.error(Rule::NativeTypePrefix, self.prefix_span(), message)
            .label(format!("the datasource is `{datasource}`"))
            .help(format!("did you mean `@{datasource}.{name}`?"))
    }

    fn not_a_scalar(&self, what: &str) -> Diagnostic {
        let message = format!("field `{}` {what}, so it cannot have `@{}`", self.place, self.attribute.name.text);
        Diagnostic::error(Rule::NativeTypeMismatch, self.attribute.span, message)
            .at(Stage::Attributes)
            .label("only for built-in types")
            .help("remove it: the field's own type decides the column's type")
    }

    fn misfit(&self, provider: Provider, scalar: Scalar) -> Diagnostic {
        let (prefix, name, scalar_name) = (self.prefix, self.name, scalar.name());
        let definitions = definitions(provider).iter().filter(|definition| definition.name == name);
        let fits: Vec<&str> = definitions.flat_map(|definition| definition.scalars).map(|it| it.name()).collect();
        let fits = fits.join("` or `");
        let message = format!("`@{prefix}.{name}` is for `{fits}`, not for `{scalar_name}`");
        self.error(Rule::NativeTypeMismatch, self.name_span(), message)
            .label(format!("cannot hold `{scalar_name}`"))
            .help(format!(
                "make the field of type `{fits}`, or take one of its own types: {}",
                choice(provider, scalar)
            ))
    }

    fn unknown(&self, provider: Provider, scalar: Scalar) -> Diagnostic {
        let (prefix, name, here) = (self.prefix, self.name, provider.name());
        let (other, counterparts) = match provider {
            Provider::Sqlite | Provider::Postgres => (Provider::Mysql, native::counterparts(provider)),
            Provider::Mysql => (Provider::Postgres, native::counterparts(provider)),
        };
        let choice = || format!("{here} has, for `{}` fields: {}", scalar.name(), choice(provider, scalar));
        let error = |message: String| self.error(Rule::UnknownNativeType, self.name_span(), message);
        if definitions(other).iter().any(|definition| definition.name == name) {
            let counterpart = counterparts.iter().find(|(theirs, ours)| {
                let (ours, _) = ours.split_once('(').unwrap_or((ours, ""));
                *theirs == name && find(provider, ours, scalar).is_some()
            });
            return error(format!("`{name}` is a type of {}, not of {here}", other.name()))
                .label(format!("not for {here}"))
                .help(match counterpart {
                    Some((_, ours)) => format!("on {here} use `@{prefix}.{ours}`"),
                    None => choice(),
                });
        }
        error(format!("{here} has no native type `{name}`")).label("unknown native type").help(
            match closest(name, definitions(provider).iter().map(|definition| definition.name)) {
                Some(close) => format!("did you mean `@{prefix}.{close}`?"),
                None => choice(),
            },
        )
    }

    fn argument_count(&self, definition: &Definition) -> Diagnostic {
        let Self { prefix, name, .. } = self;
        let all: Vec<&str> = definition.parameters.all.iter().map(|parameter| parameter.name).collect();
        let (bare, full) = (format!("`@{prefix}.{name}`"), format!("`@{prefix}.{name}({})`", all.join(", ")));
        let takes = match all.as_slice() {
            [] => "takes no arguments".to_owned(),
            [one] => format!("takes one argument, its {one}"),
            [all @ .., last] => format!("takes its {} and its {last}", all.join(", its ")),
        };
        let given = match self.arguments().len() {
            0 => "none is given".to_owned(),
            1 => "one is given".to_owned(),
            count => format!("{count} are given"),
        };
        let span = self.attribute.arguments.as_ref().map_or(self.attribute.span, |arguments| arguments.span);
        self.error(Rule::NativeTypeArguments, span, format!("`{name}` {takes}; {given}")).label(given).help(
            match (all.is_empty(), definition.parameters.optional) {
                (true, _) => format!("write {bare}"),
                (false, true) => format!("write {full}, or {bare} alone"),
                (false, false) => format!("write {full}"),
            },
        )
    }
}

/// The native types that fields of type `scalar` can have, for messages.
fn choice(provider: Provider, scalar: Scalar) -> String {
    let fitting = definitions(provider).iter().filter(|definition| definition.fits(scalar));
    fitting.map(|definition| format!("`{}`", definition.name)).collect::<Vec<_>>().join(", ")
}
