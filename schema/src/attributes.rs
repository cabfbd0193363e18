//! The attributes of the language and their arguments, as tables, and the binding of what is written to them.
//!
//! Binding reports unknown and repeated attributes and arguments, so that the resolver only ever asks for what the
//! tables hold.

use crate::diagnostic::Diagnostic;
use crate::messages::arguments as messages;
use crate::names;
use crate::source::Span;
use crate::syntax::{Argument, Attribute, Expression, ExpressionKind};

/// An attribute of the language.
pub(crate) struct Known {
    /// Without its `@`.
    pub(crate) name: &'static str,
    /// The argument that may stand without a name.
    positional: Option<&'static str>,
    /// The arguments.
    arguments: &'static [&'static str],
    /// The number of times that it may be given.
    times: Times,
}

/// The number of times that an attribute may be given at one place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Any,
}

/// The attributes that one kind of place may have.
pub(crate) struct AttributeTarget {
    /// `@` or `@@`.
    at: &'static str,
    /// The place, for messages.
    owner: &'static str,
    known: &'static [Known],
}

const fn plain(name: &'static str) -> Known {
    Known { name, positional: None, arguments: &[], times: Times::Once }
}

/// An attribute whose first argument may stand without its name.
const fn with(name: &'static str, arguments: &'static [&'static str]) -> Known {
    let positional = match arguments {
        [first, ..] => Some(*first),
        [] => None,
    };
    Known { name, positional, arguments, times: Times::Once }
}

/// An attribute all of whose arguments need their names.
const fn named(name: &'static str, arguments: &'static [&'static str]) -> Known {
    Known { positional: None, ..with(name, arguments) }
}

/// An attribute that may be given several times, with its arguments as for `with`.
const fn many(name: &'static str, arguments: &'static [&'static str]) -> Known {
    Known { times: Times::Any, ..with(name, arguments) }
}

/// The number of names of a list that a message shows.
const MOST_WORDS: usize = 16;

const MAP: Known = with("map", &["name"]);
const WAS: Known = with("was", &["name"]);
const SCHEMA: Known = with("schema", &["map"]);

/// Of the fields of a model.
pub(crate) const FIELD: AttributeTarget = AttributeTarget {
    at: "@",
    owner: "a field",
    known: &[
        named("id", &["map", "length", "sort", "clustered"]),
        named("unique", &["map", "length", "sort", "clustered", "where"]),
        with("default", &["value", "map"]),
        plain("updatedAt"),
        MAP,
        plain("ignore"),
        with("relation", &["name", "fields", "references", "onDelete", "onUpdate", "map"]),
        plain("shardKey"),
        WAS,
        plain("server"),
        with("generated", &["expression", "stored"]),
    ],
};

/// Of the fields of a composite type.
pub(crate) const COMPOSITE_FIELD: AttributeTarget = AttributeTarget {
    at: "@",
    owner: "a field of a composite type",
    known: &[with("default", &["value", "map"]), MAP],
};

/// Of models.
pub(crate) const MODEL: AttributeTarget = AttributeTarget {
    at: "@@",
    owner: "a model",
    known: &[
        with("id", &["fields", "name", "map", "clustered"]),
        many("unique", &["fields", "name", "map", "clustered", "where"]),
        many("index", &["fields", "name", "map", "type", "clustered", "where"]),
        many("fulltext", &["fields", "map"]),
        MAP,
        SCHEMA,
        plain("ignore"),
        with("shardKey", &["fields"]),
        WAS,
        many("check", &["expression", "map"]),
        many("include", &["name"]),
    ],
};

/// Of enums.
pub(crate) const ENUM: AttributeTarget = AttributeTarget { at: "@@", owner: "an enum", known: &[MAP, SCHEMA, WAS] };

/// Of the values of an enum.
pub(crate) const VALUE: AttributeTarget = AttributeTarget { at: "@", owner: "an enum's value", known: &[MAP, WAS] };

/// Of blocks that have no attributes.
pub(crate) const NONE: AttributeTarget = AttributeTarget { at: "@@", owner: "this block", known: &[] };

/// The attributes of Purlin's own, which other tools for this language do not know: each may stand in a `///` comment.
pub(crate) fn is_own(name: &str, at: &str) -> bool {
    match at {
        "@" => matches!(name, "was" | "server" | "generated"),
        // Those of Prisma too, for what only this language can put into an index.
        _ => matches!(name, "was" | "check" | "include" | "index" | "unique"),
    }
}

/// An attribute that is written and known.
pub(crate) struct Bound<'t> {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// All of it.
    pub(crate) span: Span,
    pub(crate) syntax: &'t Attribute,
    arguments: Vec<(&'static str, &'t Argument)>,
}

impl<'t> Bound<'t> {
    /// The argument called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&'t Argument> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, argument)| *argument)
    }

    /// The names in the list given for `name`, as many as a message has room for: the list may be long, and messages
    /// about it many.
    pub(crate) fn words(&self, name: &str) -> Option<Vec<&'t str>> {
        let ExpressionKind::List(items) = &self.get(name)?.value.kind else { return None };
        let word = |item: &'t Expression| match &item.kind {
            ExpressionKind::Word(word) => Some(word.as_str()),
            _ => None,
        };
        Some(items.iter().take(MOST_WORDS).filter_map(word).collect())
    }

    /// Returns whether `name` is given an empty string.
    pub(crate) fn is_empty(&self, name: &str) -> bool {
        let value = self.get(name).map(|argument| &argument.value.kind);
        matches!(value, Some(ExpressionKind::String(text)) if text.is_empty())
    }

    /// The string given for `name`, not empty; anything else is reported.
    pub(crate) fn string(&self, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
        let argument = self.get(name)?;
        let text = string(&argument.value, &format!("`{name}`"), diagnostics)?;
        if text.is_empty() {
            diagnostics.push(messages::empty_name(
                argument.value.span,
                name,
                match (&argument.name, self.name) {
                    (Some(_), _) | (_, "relation") => "argument",
                    _ => "attribute",
                },
            ));
            return None;
        }
        names::characters(name, &text, argument.value.span, diagnostics).then_some(text)
    }
}

/// The attributes of one field, model, enum or value.
pub(crate) struct Bindings<'t> {
    bound: Vec<Bound<'t>>,
    /// `@db.VarChar(40)`
    pub(crate) native: Option<&'t Attribute>,
    /// The names of those that are given once too often.
    repeated: Vec<&'static str>,
}

impl<'t> Bindings<'t> {
    /// The attribute called `name`, the first one where it may be repeated.
    pub(crate) fn get(&self, name: &str) -> Option<&Bound<'t>> {
        self.bound.iter().find(|bound| bound.name == name)
    }

    /// Returns whether the attribute called `name` is given once too often, which is reported.
    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.repeated.contains(&name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Bound<'t>> {
        self.bound.iter()
    }
}

/// Binds the attributes written at a place.
pub(crate) fn bind<'t>(
    attributes: impl IntoIterator<Item = &'t Attribute>,
    place: &AttributeTarget,
    diagnostics: &mut Vec<Diagnostic>,
) -> Bindings<'t> {
    // Those that may be given once, with the place of the first one; those that may be repeated follow.
    let mut single: Vec<Bound<'t>> = Vec::new();
    let mut repeated: Vec<Bound<'t>> = Vec::new();
    let mut again: Vec<&'static str> = Vec::new();
    let mut native: Option<&'t Attribute> = None;
    for attribute in attributes {
        let name = attribute.name.text.as_str();
        if place.at == "@" && name.contains('.') {
            match native {
                Some(first) => twice(first, attribute, place, diagnostics),
                None => native = Some(attribute),
            }
            continue;
        }
        let Some(known) = place.known.iter().find(|known| known.name == name) else {
            diagnostics.push(unknown(attribute, place));
            continue;
        };
        let bound = Bound {
            name: known.name,
            span: attribute.span,
            syntax: attribute,
            arguments: arguments(attribute, known, place, diagnostics),
        };
        match single.iter().find(|bound| bound.name == name) {
            _ if known.times == Times::Any => repeated.push(bound),
            Some(first) => {
                again.push(known.name);
                twice(first.syntax, attribute, place, diagnostics);
            }
            None => single.push(bound),
        }
    }
    single.append(&mut repeated);
    Bindings { bound: single, native, repeated: again }
}

/// Reports both: either may be the one that is not meant.
fn twice(first: &Attribute, second: &Attribute, place: &AttributeTarget, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.push(messages::repeated_attribute(first, place.at, "the first one"));
    diagnostics.push(messages::repeated_attribute(second, place.at, "given again"));
}

/// The error for an attribute that the place does not have.
pub(crate) fn unknown(attribute: &Attribute, place: &AttributeTarget) -> Diagnostic {
    let known: Vec<&str> = place.known.iter().map(|known| known.name).collect();
    messages::unknown_attribute(attribute, place.owner, place.at, &known)
}

fn arguments<'t>(
    attribute: &'t Attribute,
    known: &Known,
    place: &AttributeTarget,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(&'static str, &'t Argument)> {
    let mut bound: Vec<(&'static str, &'t Argument)> = Vec::new();
    let whole = format!("{}{}", place.at, known.name);
    for argument in attribute.arguments.iter().flat_map(|arguments| &arguments.items) {
        let name = match &argument.name {
            Some(name) => match known.arguments.iter().find(|known| **known == name.text) {
                Some(known) => *known,
                None => {
                    diagnostics.push(messages::unknown_argument(name.span, &whole, &name.text, known.arguments));
                    continue;
                }
            },
            None => match known.positional {
                Some(positional) if bound.iter().all(|(name, _)| *name != positional) => positional,
                _ => {
                    let help = with_names(attribute, known, &whole);
                    diagnostics.push(messages::too_many_arguments(argument.span, &whole, help));
                    continue;
                }
            },
        };
        if bound.iter().any(|(other, _)| *other == name) {
            diagnostics.push(messages::repeated_argument(argument.span, &whole, name));
            continue;
        }
        bound.push((name, argument));
    }
    bound
}

/// The advice for an argument too many, which stands without a name.
fn with_names(attribute: &Attribute, known: &Known, whole: &str) -> String {
    if known.arguments.is_empty() {
        return format!("write `{whole}` without arguments");
    }
    if known.positional == Some("fields") {
        let all = attribute.arguments.iter().flat_map(|arguments| &arguments.items);
        let word = |argument: &Argument| match (&argument.name, &argument.value.kind) {
            (None, ExpressionKind::Word(word)) => Some(word.clone()),
            _ => None,
        };
        let words: Vec<String> = all.take(MOST_WORDS).filter_map(word).collect();
        return format!("write its fields as a list: `{whole}([{}])`", words.join(", "));
    }
    let names: Vec<String> = known.arguments.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [name] => format!("give its name, {name}"),
        names => format!("give its name, one of {}", names.join(", ")),
    }
}

/// The text of a string; anything else is reported.
pub(crate) fn string(value: &Expression, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    match &value.kind {
        ExpressionKind::String(text) => Some(text.clone()),
        other => {
            diagnostics.push(messages::not_a_string(value.span, what, other));
            None
        }
    }
}
