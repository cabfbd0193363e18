//! `@default`: functions, and literals that fit the type of their column.

use crate::attributes::Bound;
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::literals::{self, Mismatch};
use crate::messages::arguments::missing_argument;
use crate::messages::arguments::wrong_value;
use crate::messages::{self, FieldPath};
use crate::model::{Arity, ColumnType, Default, Enum, EnumId, EnumValue, Literal, Scalar};
use crate::rules::{Rule, Stage};
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Arguments, Block, Expression, ExpressionKind, Name};

/// The functions of the language.
const FUNCTIONS: [&str; 7] = ["autoincrement", "now", "uuid", "cuid", "ulid", "nanoid", "dbgenerated"];

/// The number of values of an enum that are searched for one whose name in the database was written by mistake.
const MOST_VALUES: usize = 256;

/// The number of values of an enum that a message lists.
const SHOWN_VALUES: usize = 12;

/// The length of a `nanoid()`.
const NANOID_LENGTH: u8 = 21;

/// The default that a `@default` gives; `functions` is the stage of findings about functions that do not exist.
pub(super) fn resolve(
    draft: &Draft<'_>,
    bound: &Bound<'_>,
    ty: &ColumnType,
    arity: Arity,
    place: FieldPath<'_>,
    functions: Stage,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Default> {
    let Some(argument) = bound.get("value") else {
        diagnostics.push(missing_argument(bound.span, "@default", "value", "@default(0)"));
        return None;
    };
    let value = &argument.value;
    let what = format!("the default of `{place}`");
    let counts = matches!(&value.kind, ExpressionKind::Call(name, _) if name.text == "autoincrement");
    if let Some(map) = bound.get("map").filter(|_| draft.provider.is_some() || counts) {
        let diagnostic = messages::defaults::named_default(map.span, place);
        // A counter has no name on any database.
        diagnostics.push(if counts { diagnostic.at(Stage::Attributes) } else { diagnostic });
    }
    match &value.kind {
        ExpressionKind::Call(name, arguments) => {
            let default = function(draft, name, arguments, functions, diagnostics)?;
            check_type(draft, &default, (name, value.span), ty, arity, place, diagnostics)?;
            Some(default)
        }
        ExpressionKind::List(items) if arity == Arity::List => {
            let literals: Vec<Option<Literal>> =
                items.iter().map(|item| literal(draft, item, ty, &what, diagnostics)).collect();
            literals.into_iter().collect::<Option<Vec<_>>>().map(|items| Default::Literal(Literal::List(items)))
        }
        other if arity == Arity::List => {
            diagnostics.push(wrong_value(value.span, &what, "a list", other).help("write the values in `[` and `]`"));
            None
        }
        _ => literal(draft, value, ty, &what, diagnostics).map(Default::Literal),
    }
}

/// The stage of findings about functions that do not exist. Which exist depends on the database, but no database has
/// one that makes enum values.
pub(super) fn stage_of_functions(ty: &ColumnType) -> Stage {
    if matches!(ty, ColumnType::Scalar(_)) { Rule::UnknownFunction.stage() } else { Stage::Attributes }
}

/// Reports a function that makes no value of the type, or one value for a list.
fn check_type(
    draft: &Draft<'_>,
    default: &Default,
    (name, span): (&Name, Span),
    ty: &ColumnType,
    arity: Arity,
    place: FieldPath<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    let fitting: &[Scalar] = match default {
        Default::Autoincrement => &[Scalar::Int, Scalar::BigInt],
        Default::Now => &[Scalar::DateTime],
        Default::Uuid(_) | Default::Cuid(_) | Default::Ulid | Default::Nanoid(_) => &[Scalar::String],
        Default::Database(_) | Default::Literal(_) => return Some(()),
    };
    if !matches!(ty, ColumnType::Scalar(scalar) if fitting.contains(scalar)) {
        let is_counter_of_text = *default == Default::Autoincrement && matches!(ty, ColumnType::Scalar(Scalar::String));
        let ty = describe(draft, ty, arity);
        let (name, text) = (&name.text, is_counter_of_text);
        diagnostics.push(messages::defaults::function_of_other_type(span, place, &ty, name, fitting, text));
        return None;
    }
    if arity == Arity::List {
        // Prisma lets these pass, so they are no errors; no value of a list is made by them.
        diagnostics.push(messages::defaults::function_on_list(span, place, &name.text));
        return None;
    }
    Some(())
}

fn describe(draft: &Draft<'_>, ty: &ColumnType, arity: Arity) -> String {
    let name = type_name(draft, ty);
    if arity == Arity::List { format!("a list of `{name}`") } else { format!("of type `{name}`") }
}

fn type_name<'d>(draft: &'d Draft<'_>, ty: &ColumnType) -> &'d str {
    match ty {
        ColumnType::Scalar(scalar) => scalar.name(),
        ColumnType::Enum(id) => draft.enums.get(id.0).map_or("", |it| it.name.as_str()),
        ColumnType::Unsupported(_) => "Unsupported",
    }
}

fn function(
    draft: &Draft<'_>,
    name: &Name,
    arguments: &Arguments,
    stage: Stage,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Default> {
    let plain = |default: Default, diagnostics: &mut Vec<Diagnostic>| {
        if arguments.items.is_empty() {
            return Some(default);
        }
        diagnostics.push(messages::arguments::function_without_arguments(arguments.span, &name.text));
        None
    };
    match name.text.as_str() {
        "autoincrement" => plain(Default::Autoincrement, diagnostics),
        "now" => plain(Default::Now, diagnostics),
        "ulid" => plain(Default::Ulid, diagnostics),
        "uuid" => {
            number(name, arguments, "4 or 7", |version| matches!(version, 4 | 7), 4, diagnostics).map(Default::Uuid)
        }
        "cuid" => {
            number(name, arguments, "1 or 2", |version| matches!(version, 1 | 2), 1, diagnostics).map(Default::Cuid)
        }
        "nanoid" => number(name, arguments, "a length from 2 to 255", |length| length >= 2, NANOID_LENGTH, diagnostics)
            .map(Default::Nanoid),
        "dbgenerated" => database(arguments, diagnostics),
        "auto" | "sequence" => {
            // Without a database any may be meant, but for that of CockroachDB.
            let database = draft.provider.map(|provider| provider.name());
            if let Some(database) = database.or((name.text == "sequence").then_some("a schema without a datasource")) {
                diagnostics
                    .push(messages::defaults::function_of_other_database(name.span, database, &name.text).at(stage));
            }
            None
        }
        other => {
            diagnostics.push(messages::defaults::unknown_function(name.span, other, &FUNCTIONS).at(stage));
            None
        }
    }
}

/// The one number that a function takes, or its default.
fn number(
    name: &Name,
    arguments: &Arguments,
    expected: &str,
    fits: impl Fn(u8) -> bool,
    default: u8,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<u8> {
    let argument = match arguments.items.as_slice() {
        [] => return Some(default),
        [argument] if argument.name.is_none() => argument,
        _ => {
            diagnostics.push(messages::arguments::function_of_one_number(
                arguments.span,
                &name.text,
                expected,
                default,
            ));
            return None;
        }
    };
    if let ExpressionKind::Number(text) = &argument.value.kind
        && let Some(number) = text.parse().ok().filter(|number| fits(*number))
    {
        return Some(number);
    }
    diagnostics.push(messages::arguments::wrong_number(argument.value.span, &name.text, expected, default));
    None
}

fn database(arguments: &Arguments, diagnostics: &mut Vec<Diagnostic>) -> Option<Default> {
    match arguments.items.as_slice() {
        [] => Some(Default::Database(None)),
        [argument] => match &argument.value.kind {
            ExpressionKind::String(text) if text.trim().is_empty() => {
                diagnostics.push(messages::arguments::empty_default_expression(argument.value.span));
                None
            }
            ExpressionKind::String(text) => Some(Default::Database(Some(text.clone()))),
            other => {
                diagnostics.push(wrong_value(
                    argument.value.span,
                    "the argument of `dbgenerated()`",
                    "a string",
                    other,
                ));
                None
            }
        },
        _ => {
            diagnostics.push(messages::arguments::function_of_one_expression(arguments.span));
            None
        }
    }
}

/// The literal, if it fits the type; else that is reported of `what`.
pub(super) fn literal(
    draft: &Draft<'_>,
    value: &Expression,
    ty: &ColumnType,
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Literal> {
    match ty {
        ColumnType::Enum(id) => enum_value(draft, value, *id, what, diagnostics),
        ColumnType::Unsupported(_) => {
            diagnostics.push(wrong_value(value.span, what, "`dbgenerated(\"..\")`", &value.kind));
            None
        }
        ColumnType::Scalar(scalar) => match literals::check(*scalar, &value.kind) {
            Ok(literal) => Some(literal),
            Err(mismatch) => {
                let diagnostic = match mismatch {
                    Mismatch::Kind(expected) => wrong_value(value.span, what, expected, &value.kind),
                    Mismatch::Range(expected) => {
                        messages::defaults::out_of_range(value.span, what, expected, &value.kind.describe())
                    }
                    Mismatch::Text(expected) => {
                        diagnostics.push(messages::defaults::malformed_text(value.span, what, expected, *scalar));
                        return None;
                    }
                };
                diagnostics.push(match correction(*scalar, &value.kind) {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
                None
            }
        },
    }
}

/// The value of an enum; anything else is reported of `what`.
fn enum_value(
    draft: &Draft<'_>,
    value: &Expression,
    id: EnumId,
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Literal> {
    let enumeration = draft.enums.get(id.0)?;
    let values = draft.enum_values.get(id.0)?;
    let ExpressionKind::Word(word) = &value.kind else {
        let expected = format!("a value of the enum `{}`", enumeration.name);
        let diagnostic = wrong_value(value.span, what, &expected, &value.kind);
        diagnostics.push(match &value.kind {
            ExpressionKind::String(text) if values.contains_key(text.as_str()) => {
                diagnostic.help(format!("write it without quotes: `{text}`"))
            }
            _ => diagnostic,
        });
        return None;
    };
    let index = values.get(word.as_str()).copied();
    let may_hold = |block: &&Block| {
        block.lost.may_hold(word) || draft.duplicated_members.contains(&(block.name.text.as_str(), word.as_str()))
    };
    if index.is_none() && !draft.enum_blocks.get(id.0).is_some_and(may_hold) {
        let known: Vec<&str> = enumeration.values.iter().map(|it| it.name.as_str()).take(SHOWN_VALUES).collect();
        let is_cut = enumeration.values.len() > SHOWN_VALUES;
        let names = (enumeration.name.as_str(), word.as_str());
        let meant = meant_value(enumeration, word);
        diagnostics.push(messages::defaults::unknown_enum_value(value.span, what, names, (&known, is_cut), meant));
    }
    index.map(Literal::EnumValue)
}

/// The value that was meant by `word`: qualified as other languages do (`Role.USER`), by its name in the database, or
/// mistyped.
fn meant_value<'d>(enumeration: &'d Enum, word: &str) -> Option<&'d str> {
    let values = || enumeration.values.iter().take(MOST_VALUES);
    let name = |value: &'d EnumValue| value.name.as_str();
    let qualified = word.rsplit_once('.').and_then(|(_, value)| values().find(|it| it.name == value));
    let mapped = || values().find(|it| it.db_name == *word);
    let near = || closest(word, enumeration.values.iter().map(name));
    qualified.or_else(mapped).map(name).or_else(near)
}

/// Digits of the longest number that a help writes out.
const LONGEST_NUMBER: usize = 40;

/// The way to fix a literal of another kind, where that is plain.
fn correction(scalar: Scalar, value: &ExpressionKind) -> Option<String> {
    match value {
        ExpressionKind::Word(word) if word == "null" => {
            Some("remove `@default`: an optional field is null where no value is given".to_owned())
        }
        ExpressionKind::Word(word) if scalar != Scalar::Boolean && matches!(word.as_str(), "true" | "false") => {
            Some("give the field the type `Boolean`, or write another default".to_owned())
        }
        ExpressionKind::Word(text) if matches!(scalar, Scalar::Float | Scalar::Decimal) => {
            let plain = literals::plain_decimal(text).filter(|plain| plain.len() <= LONGEST_NUMBER)?;
            Some(format!("write it without a power of ten: `{plain}`"))
        }
        ExpressionKind::Word(text) | ExpressionKind::Number(text) if scalar == Scalar::String => {
            Some(format!("write it in double quotes: `\"{text}\"`"))
        }
        ExpressionKind::String(text) => {
            let bare = match scalar {
                Scalar::Boolean => ExpressionKind::Word(text.clone()),
                _ => ExpressionKind::Number(text.clone()),
            };
            literals::check(scalar, &bare).is_ok().then(|| format!("write it without quotes: `{text}`"))
        }
        ExpressionKind::Number(text) if scalar == Scalar::Boolean => match text.as_str() {
            "0" => Some("write `false`".to_owned()),
            "1" => Some("write `true`".to_owned()),
            _ => None,
        },
        ExpressionKind::Number(text) if matches!(scalar, Scalar::Int | Scalar::BigInt) => {
            let larger = scalar == Scalar::Int && text.parse::<i64>().is_ok();
            let help = if larger { "make the field a `BigInt`" } else { "make the field a `Decimal` or a `Float`" };
            Some(help.to_owned())
        }
        ExpressionKind::List(_) => Some("write one value, without brackets".to_owned()),
        _ => None,
    }
}
