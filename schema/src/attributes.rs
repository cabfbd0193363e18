//! The attributes of the language and their arguments, as tables, and the binding of what is written to them.
//!
//! Binding reports unknown, repeated and unsupported attributes and arguments, so that the resolver only ever asks
//! for what the tables hold.

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Attribute, Expression, ExpressionKind};

/// An attribute of the language.
pub(crate) struct Known {
    /// Without its `@`.
    pub(crate) name: &'static str,
    /// The argument that may stand without a name.
    positional: Option<&'static str>,
    /// The arguments.
    arguments: &'static [&'static str],
    /// Arguments that Prisma has and that are not supported yet.
    unsupported: &'static [&'static str],
    /// Whether it may be given several times.
    repeatable: bool,
}

/// The attributes that one kind of place may have.
pub(crate) struct Place {
    /// `@` or `@@`.
    at: &'static str,
    /// The place, for messages.
    owner: &'static str,
    known: &'static [Known],
    /// Attributes that Prisma has and that are not supported yet.
    unsupported: &'static [&'static str],
}

const fn plain(name: &'static str) -> Known {
    Known { name, positional: None, arguments: &[], unsupported: &[], repeatable: false }
}

const fn single(name: &'static str, argument: &'static [&'static str; 1]) -> Known {
    let [positional] = argument;
    Known { name, positional: Some(positional), arguments: argument, unsupported: &[], repeatable: false }
}

const MAP: Known = single("map", &["name"]);

/// Of the fields of a model.
pub(crate) const FIELD: Place = Place {
    at: "@",
    owner: "a field",
    known: &[
        Known {
            name: "id",
            positional: Some("map"),
            arguments: &["map", "sort"],
            unsupported: &["length", "clustered"],
            repeatable: false,
        },
        Known {
            name: "unique",
            positional: Some("map"),
            arguments: &["map", "sort"],
            unsupported: &["length", "clustered", "where"],
            repeatable: false,
        },
        Known {
            name: "default",
            positional: Some("value"),
            arguments: &["value"],
            unsupported: &["map"],
            repeatable: false,
        },
        plain("updatedAt"),
        MAP,
        plain("ignore"),
        Known {
            name: "relation",
            positional: Some("name"),
            arguments: &["name", "fields", "references", "onDelete", "onUpdate", "map"],
            unsupported: &[],
            repeatable: false,
        },
    ],
    unsupported: &["shardKey"],
};

/// Of models.
pub(crate) const MODEL: Place = Place {
    at: "@@",
    owner: "a model",
    known: &[
        Known {
            name: "id",
            positional: Some("fields"),
            arguments: &["fields", "name", "map"],
            unsupported: &["clustered"],
            repeatable: false,
        },
        Known {
            name: "unique",
            positional: Some("fields"),
            arguments: &["fields", "name", "map"],
            unsupported: &["clustered", "where"],
            repeatable: true,
        },
        Known {
            name: "index",
            positional: Some("fields"),
            arguments: &["fields", "name", "map"],
            unsupported: &["type", "clustered", "where"],
            repeatable: true,
        },
        MAP,
        plain("ignore"),
    ],
    unsupported: &["fulltext", "schema", "shardKey"],
};

/// Of enums.
pub(crate) const ENUM: Place = Place { at: "@@", owner: "an enum", known: &[MAP], unsupported: &["schema"] };

/// Of the values of an enum.
pub(crate) const VALUE: Place = Place { at: "@", owner: "an enum's value", known: &[MAP], unsupported: &[] };

/// What native types are called here: the name of the datasource, and whether its database has them.
pub(crate) struct NativeTypes<'t> {
    /// The name of the datasource block.
    pub(crate) prefix: Option<&'t str>,
    /// Whether the provider has native types; `false` for SQLite.
    pub(crate) exist: bool,
}

/// An attribute that is written and known.
pub(crate) struct Bound<'t> {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// All of it.
    pub(crate) span: Span,
    arguments: Vec<(&'static str, &'t Argument)>,
}

impl<'t> Bound<'t> {
    /// The argument called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&'t Argument> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, argument)| *argument)
    }

    /// The string given for `name`, not empty; anything else is reported.
    pub(crate) fn string(&self, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
        let argument = self.get(name)?;
        let text = string(&argument.value, &format!("`{name}`"), diagnostics)?;
        if text.is_empty() {
            diagnostics.push(
                Diagnostic::error("empty-name", argument.value.span, format!("`{name}` is an empty string"))
                    .label("a name is needed here"),
            );
            return None;
        }
        Some(text)
    }
}

/// The attributes of one field, model, enum or value.
pub(crate) struct Bindings<'t>(Vec<Bound<'t>>);

impl<'t> Bindings<'t> {
    /// The attribute called `name`, the first one where it may be repeated.
    pub(crate) fn get(&self, name: &str) -> Option<&Bound<'t>> {
        self.0.iter().find(|bound| bound.name == name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Bound<'t>> {
        self.0.iter()
    }
}

/// Binds the attributes written at a place.
pub(crate) fn bind<'t>(
    attributes: impl IntoIterator<Item = &'t Attribute>,
    place: &Place,
    native: &NativeTypes<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Bindings<'t> {
    let mut bindings: Vec<Bound<'t>> = Vec::new();
    for attribute in attributes {
        let name = attribute.name.text.as_str();
        let Some(known) = place.known.iter().find(|known| known.name == name) else {
            diagnostics.push(unknown(attribute, place, native));
            continue;
        };
        // At most one binding of each of the few that may not be repeated: this stays linear.
        if !known.repeatable && bindings.iter().take(place.known.len()).any(|bound| bound.name == name) {
            diagnostics.push(
                Diagnostic::error("repeated-attribute", attribute.span, format!("`{}{name}` is given twice", place.at))
                    .label("the second one")
                    .help("remove one of them"),
            );
            continue;
        }
        let bound = Bound {
            name: known.name,
            span: attribute.span,
            arguments: arguments(attribute, known, place, diagnostics),
        };
        // Those that may not be repeated stay in front, see above.
        if known.repeatable { bindings.push(bound) } else { bindings.insert(0, bound) }
    }
    Bindings(bindings)
}

fn unknown(attribute: &Attribute, place: &Place, native: &NativeTypes<'_>) -> Diagnostic {
    let Place { at, owner, known, unsupported } = place;
    let name = attribute.name.text.as_str();
    if unsupported.contains(&name) {
        return Diagnostic::unsupported(attribute.span, format!("`{at}{name}` is"));
    }
    if let (Some((prefix, _)), "@") = (name.split_once('.'), *at) {
        return native_type(attribute, prefix, native);
    }
    let diagnostic =
        Diagnostic::error("unknown-attribute", attribute.name.span, format!("{owner} has no attribute `{at}{name}`"))
            .label("unknown attribute");
    let names = || known.iter().map(|known| known.name);
    match closest(name, names()) {
        Some(close) => diagnostic.help(format!("did you mean `{at}{close}`?")),
        None => {
            let names: Vec<String> = names().map(|name| format!("`{at}{name}`")).collect();
            diagnostic.help(format!("there are {}", names.join(", ")))
        }
    }
}

fn native_type(attribute: &Attribute, prefix: &str, native: &NativeTypes<'_>) -> Diagnostic {
    let name = &attribute.name.text;
    if native.prefix.is_some_and(|expected| expected != prefix) {
        return Diagnostic::error(
            "native-type-prefix",
            attribute.name.span,
            format!("`@{name}` starts with `{prefix}`, which is not the name of the datasource"),
        )
        .label("unknown prefix")
        .suggest(native.prefix);
    }
    if !native.exist {
        return Diagnostic::error("native-type", attribute.span, format!("`@{name}`: sqlite has no native types"))
            .label("not for sqlite")
            .help("remove it: the field's own type decides the column's type");
    }
    Diagnostic::unsupported(attribute.span, format!("the native type `@{name}` is"))
}

fn arguments<'t>(
    attribute: &'t Attribute,
    known: &Known,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(&'static str, &'t Argument)> {
    let mut bound: Vec<(&'static str, &'t Argument)> = Vec::new();
    let whole = format!("{}{}", place.at, known.name);
    for argument in attribute.arguments.iter().flat_map(|arguments| &arguments.items) {
        let name = match &argument.name {
            Some(name) => match known.arguments.iter().find(|known| **known == name.text) {
                Some(known) => *known,
                None => {
                    diagnostics.push(unknown_argument(&name.text, name.span, argument.span, known, &whole));
                    continue;
                }
            },
            None => match known.positional {
                Some(positional) if bound.iter().all(|(name, _)| *name != positional) => positional,
                _ => {
                    let diagnostic = Diagnostic::error(
                        "extra-argument",
                        argument.span,
                        format!("`{whole}` has an argument too many"),
                    )
                    .label("not expected");
                    diagnostics.push(if known.arguments.is_empty() {
                        diagnostic.help(format!("write `{whole}` without arguments"))
                    } else {
                        diagnostic.help(format!("give its name: one of {}", list(known.arguments)))
                    });
                    continue;
                }
            },
        };
        if bound.iter().any(|(other, _)| *other == name) {
            diagnostics.push(
                Diagnostic::error(
                    "repeated-argument",
                    argument.span,
                    format!("`{whole}` has the argument `{name}` twice"),
                )
                .label("the second one")
                .help("remove one of them"),
            );
            continue;
        }
        bound.push((name, argument));
    }
    bound
}

fn unknown_argument(name: &str, span: Span, whole_span: Span, known: &Known, whole: &str) -> Diagnostic {
    if known.unsupported.contains(&name) {
        return Diagnostic::unsupported(whole_span, format!("the argument `{name}` of `{whole}` is"));
    }
    let diagnostic = Diagnostic::error("unknown-argument", span, format!("`{whole}` has no argument `{name}`"))
        .label("unknown argument");
    match closest(name, known.arguments.iter().copied()) {
        Some(close) => diagnostic.suggest(Some(close)),
        None if known.arguments.is_empty() => diagnostic.help(format!("write `{whole}` without arguments")),
        None => diagnostic.help(format!("there are {}", list(known.arguments))),
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The text of a string; anything else is reported.
pub(crate) fn string(value: &Expression, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    match &value.kind {
        ExpressionKind::String(text) => Some(text.clone()),
        other => {
            diagnostics.push(wrong_kind(value.span, what, "a string", other));
            None
        }
    }
}

/// The error for a value of another kind than is needed.
pub(crate) fn wrong_kind(span: Span, what: &str, expected: &str, found: &ExpressionKind) -> Diagnostic {
    Diagnostic::error("wrong-value", span, format!("{what} must be {expected}, found {}", found.describe()))
        .label(format!("expected {expected}"))
}
