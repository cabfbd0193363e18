//! `Unsupported("tsvector")`: a type of the database that the language has no name for.

use crate::attributes::string;
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::messages::arguments as messages;
use crate::messages::types;
use crate::native;
use crate::syntax::Field;

/// The type as it is written.
pub(super) fn resolve(draft: &Draft<'_>, syntax: &Field, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let items = syntax.ty.arguments.as_ref().map_or(&[][..], |arguments| &arguments.items);
    let ([argument], name) = (items, &syntax.name.text) else {
        diagnostics.push(messages::unsupported_without_type(syntax.ty.span, &syntax.name.text));
        return None;
    };
    let written = string(&argument.value, "the argument of `Unsupported`", diagnostics)?;
    if written.trim().is_empty() {
        diagnostics.push(messages::unsupported_with_empty_type(argument.value.span, name));
        return None;
    }
    if let (Some(provider), Some(prefix)) = (draft.provider, &draft.datasource)
        && let Some((scalar, native)) = native::named_by(&written, provider)
    {
        diagnostics.push(types::supported_type(syntax.ty.span, name, &written, (prefix, scalar, &native)));
    }
    Some(written)
}
