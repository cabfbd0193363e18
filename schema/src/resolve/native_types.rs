//! From `@db.VarChar(40)` on a field to its native type, and what can be wrong with it.

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::messages::FieldPath;
use crate::messages::native_types::{self as messages, Written};
use crate::model::{ColumnType, Provider, Scalar};
use crate::native::{self, Definition, NativeType, definitions, find};
use crate::syntax::{Attribute, ExpressionKind};

/// The native type that an attribute with a dot in its name gives to the column at `place`, which is of type `ty`.
///
/// `datasource` is the name of the datasource block; `provider` is unknown where that block is wrong, and then nothing
/// can be said about the type.
pub(crate) fn resolve(
    attribute: &Attribute,
    provider: Option<Provider>,
    datasource: Option<&str>,
    ty: &ColumnType,
    place: FieldPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<NativeType> {
    let written = Written::new(attribute, place)?;
    let Some(datasource) = datasource else {
        diagnostics.push(messages::without_datasource(&written));
        return None;
    };
    if written.prefix != datasource {
        diagnostics.push(messages::wrong_prefix(&written, datasource));
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
        return Err(messages::without_native_types(written, provider));
    }
    let scalar = match ty {
        ColumnType::Scalar(scalar) => *scalar,
        ColumnType::Enum(_) => return Err(messages::on_enum(written)),
        ColumnType::Unsupported(_) => return Err(messages::on_unsupported(written)),
    };
    let Some(definition) = find(provider, written.name, scalar) else {
        return Err(match all.iter().any(|definition| definition.name == written.name) {
            true => messages::mismatch(written, provider, scalar),
            false => unknown(written, provider, scalar),
        });
    };
    Ok(NativeType { definition, arguments: arguments(written, definition, scalar)? })
}

/// The error for a type that the database does not have; another one may.
fn unknown(written: &Written<'_>, provider: Provider, scalar: Scalar) -> Diagnostic {
    let other = match provider {
        Provider::Sqlite | Provider::Postgres => Provider::Mysql,
        Provider::Mysql => Provider::Postgres,
    };
    if !definitions(other).iter().any(|definition| definition.name == written.name) {
        return messages::unknown(written, provider, scalar);
    }
    let ours = native::counterparts(provider).iter().find(|(theirs, ours)| {
        let (ours, _) = ours.split_once('(').unwrap_or((ours, ""));
        *theirs == written.name && find(provider, ours, scalar).is_some()
    });
    messages::of_other_database(written, (provider, other), scalar, ours.map(|(_, ours)| *ours))
}

#[expect(clippy::result_large_err, reason = "an error is made once, and moves straight into the list")]
fn arguments(written: &Written<'_>, definition: &Definition, scalar: Scalar) -> Result<Vec<u32>, Diagnostic> {
    let items = written.arguments();
    if !definition.parameters.accept(items.len()) {
        return Err(messages::argument_count(written, definition));
    }
    let mut arguments = Vec::with_capacity(items.len());
    for (item, parameter) in items.iter().zip(definition.parameters.all) {
        if let Some(label) = &item.name {
            return Err(messages::named_argument(written, label.span, &label.text));
        }
        let number = match &item.value.kind {
            ExpressionKind::Number(text) => text.parse().ok(),
            _ => None,
        };
        match number.filter(|number| (parameter.least..=parameter.most).contains(number)) {
            Some(number) => arguments.push(number),
            None => return Err(messages::wrong_argument(written, item, parameter, scalar)),
        }
    }
    if let ([precision, scale], [_, item]) = (arguments.as_slice(), items)
        && scale > precision
    {
        return Err(messages::scale_above_precision(written, item.value.span, *scale, *precision));
    }
    Ok(arguments)
}
