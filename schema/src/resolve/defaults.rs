//! `@default`: functions, and literals that fit the type of their column.

use super::given_names::missing_argument;
use crate::attributes::{Bound, wrong_kind};
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::literals::{self, Mismatch};
use crate::model::{Arity, ColumnType, Default, Literal, Scalar};
use crate::rules::{Rule, Stage};
use crate::suggest::closest;
use crate::syntax::{Arguments, Block, Expression, ExpressionKind, Name};

/// The functions of the language.
const FUNCTIONS: [&str; 7] = ["autoincrement", "now", "uuid", "cuid", "ulid", "nanoid", "dbgenerated"];

/// How many values of an enum are searched for one whose name in the database was written by mistake.
const MOST_VALUES: usize = 256;

/// How many values of an enum a message lists.
const SHOWN_VALUES: usize = 12;

/// The length of a `nanoid()`.
const NANOID_LENGTH: u8 = 21;

pub(crate) fn resolve(
    draft: &Draft<'_>,
    bound: &Bound<'_>,
    ty: &ColumnType,
    arity: Arity,
    place: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Default> {
    let Some(argument) = bound.get("value") else {
        diagnostics.push(missing_argument(bound, "@default", "value", "@default(0)"));
        return None;
    };
    let value = &argument.value;
    let what = format!("the default of `{place}`");
    let counts = matches!(&value.kind, ExpressionKind::Call(name, _) if name.text == "autoincrement");
    if let Some(map) = bound.get("map").filter(|_| draft.provider.is_some() || counts) {
        let diagnostic = Diagnostic::error(
            Rule::NamedDefault,
            map.span,
            format!("the default of `{place}` has a `map`, but only SQL Server names defaults"),
        )
        .label("no name here")
        .help("remove `map:`");
        // A counter has no name on any database.
        diagnostics.push(if counts { diagnostic.at(Stage::Attributes) } else { diagnostic });
    }
    match &value.kind {
        ExpressionKind::Call(name, arguments) => {
            let before = diagnostics.len();
            let default = function(draft, name, arguments, diagnostics);
            // Which functions there are is a matter of the database, but no database has one that makes enum values.
            if !matches!(ty, ColumnType::Scalar(_)) {
                for diagnostic in diagnostics.iter_mut().skip(before) {
                    diagnostic.stage = Stage::Attributes;
                }
            }
            let default = default?;
            let fitting = match &default {
                Default::Autoincrement => Some(&[Scalar::Int, Scalar::BigInt][..]),
                Default::Now => Some(&[Scalar::DateTime][..]),
                Default::Uuid(_) | Default::Cuid(_) | Default::Ulid | Default::Nanoid(_) => Some(&[Scalar::String][..]),
                Default::Database(_) | Default::Literal(_) => None,
            };
            if let Some(fitting) = fitting {
                let fits = matches!(ty, ColumnType::Scalar(scalar) if fitting.contains(scalar));
                if !fits {
                    let names: Vec<String> = fitting.iter().map(|scalar| format!("`{}`", scalar.name())).collect();
                    let names = names.join(" or ");
                    diagnostics.push(
                        Diagnostic::error(
                            Rule::DefaultType,
                            value.span,
                            format!(
                                "field `{place}` is {}, which `{}()` cannot fill",
                                describe(draft, ty, arity),
                                name.text
                            ),
                        )
                        .label(format!("only for a single {names}"))
                        .help(match (&default, ty) {
                            (Default::Autoincrement, ColumnType::Scalar(Scalar::String)) => {
                                "a String counts nothing: write `uuid()` or `cuid()`".to_owned()
                            }
                            _ => format!("give the field the type {names}, or write another default"),
                        }),
                    );
                    return None;
                }
                if arity == Arity::List {
                    // Prisma lets these pass, so they are no errors; no value of a list is made by them.
                    diagnostics.push(
                        Diagnostic::warning(
                            Rule::DefaultType,
                            value.span,
                            format!(
                                "`{}()` makes one value, and field `{place}` is a list: it has no default",
                                name.text
                            ),
                        )
                        .label("no effect on a list")
                        .help("remove it, or write a list of values"),
                    );
                    return None;
                }
            }
            Some(default)
        }
        ExpressionKind::List(items) if arity == Arity::List => {
            let literals: Vec<Option<Literal>> =
                items.iter().map(|item| literal(draft, item, ty, &what, diagnostics)).collect();
            literals.into_iter().collect::<Option<Vec<_>>>().map(|items| Default::Literal(Literal::List(items)))
        }
        other if arity == Arity::List => {
            diagnostics.push(wrong_kind(value.span, &what, "a list", other).help("write the values in `[` and `]`"));
            None
        }
        _ => literal(draft, value, ty, &what, diagnostics).map(Default::Literal),
    }
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
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Default> {
    let plain = |default: Default, diagnostics: &mut Vec<Diagnostic>| {
        if arguments.items.is_empty() {
            return Some(default);
        }
        diagnostics.push(
            Diagnostic::error(Rule::ExtraArgument, arguments.span, format!("`{}()` takes no arguments", name.text))
                .label("not expected")
                .help(format!("write `{}()`", name.text)),
        );
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
                diagnostics.push(
                    Diagnostic::error(
                        Rule::UnknownFunction,
                        name.span,
                        format!("{database} has no function `{}()`", name.text),
                    )
                    .label("of another database")
                    .help(if name.text == "auto" {
                        "let the client make the value: `uuid()`, `cuid()` or `ulid()`"
                    } else {
                        "write `autoincrement()`"
                    }),
                );
            }
            None
        }
        other => {
            let diagnostic =
                Diagnostic::error(Rule::UnknownFunction, name.span, format!("there is no function `{other}()`"))
                    .label("unknown function");
            diagnostics.push(match closest(other, FUNCTIONS) {
                _ if other == "env" => diagnostic
                    .help("`env()` is for the URL of the datasource; a default is written out, or made by the program"),
                Some(close) => diagnostic.help(format!("did you mean `{close}()`?")),
                None => {
                    diagnostic.help(format!("there are {}", FUNCTIONS.map(|name| format!("`{name}()`")).join(", ")))
                }
            });
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
            diagnostics.push(
                Diagnostic::error(
                    Rule::ExtraArgument,
                    arguments.span,
                    format!("`{}()` takes one number at most", name.text),
                )
                .label(format!("expected {expected}, or nothing"))
                .help(format!("write for example `{}({default})`", name.text)),
            );
            return None;
        }
    };
    if let ExpressionKind::Number(text) = &argument.value.kind
        && let Some(number) = text.parse().ok().filter(|number| fits(*number))
    {
        return Some(number);
    }
    diagnostics.push(
        Diagnostic::error(
            Rule::WrongValue,
            argument.value.span,
            format!("the argument of `{}()` must be {expected}", name.text),
        )
        .label(format!("expected {expected}"))
        .help(format!("write for example `{}({default})`", name.text)),
    );
    None
}

fn database(arguments: &Arguments, diagnostics: &mut Vec<Diagnostic>) -> Option<Default> {
    match arguments.items.as_slice() {
        [] => Some(Default::Database(None)),
        [argument] => match &argument.value.kind {
            ExpressionKind::String(text) if text.trim().is_empty() => {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::EmptyExpression,
                        argument.value.span,
                        "the expression of `dbgenerated()` is empty",
                    )
                    .label("no SQL here")
                    .help("write the SQL expression, or `dbgenerated()` where the database decides alone"),
                );
                None
            }
            ExpressionKind::String(text) => Some(Default::Database(Some(text.clone()))),
            other => {
                diagnostics.push(wrong_kind(argument.value.span, "the argument of `dbgenerated()`", "a string", other));
                None
            }
        },
        _ => {
            diagnostics.push(
                Diagnostic::error(Rule::ExtraArgument, arguments.span, "`dbgenerated()` takes one argument at most")
                    .label("expected one SQL expression")
                    .help("write all of the SQL in one string"),
            );
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
        ColumnType::Enum(id) => {
            let enumeration = draft.enums.get(id.0)?;
            let ExpressionKind::Word(word) = &value.kind else {
                let expected = format!("a value of the enum `{}`", enumeration.name);
                let diagnostic = wrong_kind(value.span, what, &expected, &value.kind);
                diagnostics.push(match &value.kind {
                    ExpressionKind::String(text)
                        if draft.enum_values.get(id.0).is_some_and(|values| values.contains_key(text.as_str())) =>
                    {
                        diagnostic.help(format!("write it without quotes: `{text}`"))
                    }
                    _ => diagnostic,
                });
                return None;
            };
            let index = draft.enum_values.get(id.0)?.get(word.as_str()).copied();
            let may_hold = |block: &&Block| {
                block.lost.may_hold(word) || draft.doubled_members.contains(&(block.name.text.as_str(), word.as_str()))
            };
            if index.is_none() && !draft.enum_blocks.get(id.0).is_some_and(may_hold) {
                let mapped = enumeration
                    .values
                    .iter()
                    .take(MOST_VALUES)
                    .find(|it| it.db_name == *word)
                    .map(|it| it.name.as_str());
                let near = closest(word, enumeration.values.iter().map(|it| it.name.as_str()));
                let known: Vec<String> =
                    enumeration.values.iter().take(SHOWN_VALUES).map(|it| format!("`{}`", it.name)).collect();
                let more = if enumeration.values.len() > SHOWN_VALUES { ", .." } else { "" };
                // As other languages write it: `Role.USER`.
                let qualified = word.rsplit_once('.').map(|(_, value)| value);
                let qualified =
                    qualified.filter(|value| enumeration.values.iter().take(MOST_VALUES).any(|it| it.name == *value));
                diagnostics.push(
                    Diagnostic::error(
                        Rule::UnknownEnumValue,
                        value.span,
                        format!("{what}: the enum `{}` has no value `{word}`", enumeration.name),
                    )
                    .label("unknown value")
                    .help(if known.is_empty() {
                        format!("add the value `{word}` to the enum")
                    } else {
                        format!("there are {}{more}", known.join(", "))
                    })
                    .suggest(qualified.or(mapped).or(near)),
                );
            }
            index.map(Literal::EnumValue)
        }
        ColumnType::Unsupported(_) => {
            diagnostics.push(wrong_kind(value.span, what, "`dbgenerated(\"..\")`", &value.kind));
            None
        }
        ColumnType::Scalar(scalar) => match literals::check(*scalar, &value.kind) {
            Ok(literal) => Some(literal),
            Err(Mismatch::Kind(expected)) => {
                let diagnostic = wrong_kind(value.span, what, expected, &value.kind);
                diagnostics.push(match correction(*scalar, &value.kind) {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
                None
            }
            Err(Mismatch::Range(expected)) => {
                let message = format!("{what} must be {expected}, found {}", value.kind.describe());
                let diagnostic = Diagnostic::error(Rule::MalformedDefault, value.span, message)
                    .label(format!("expected {expected}"));
                diagnostics.push(match correction(*scalar, &value.kind) {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
                None
            }
            Err(Mismatch::Text(expected)) => {
                diagnostics.push(
                    Diagnostic::error(
                        Rule::MalformedDefault,
                        value.span,
                        format!("{what} is a string, but not {expected}"),
                    )
                    .label(format!("not {expected}"))
                    .help(match scalar {
                        Scalar::DateTime => "write date, time and time zone, for example `\"2024-05-31T12:30:00Z\"`",
                        Scalar::Json => "write for example `\"{\\\"key\\\": 1}\"`: a quote inside the string is `\\\"`",
                        Scalar::Bytes => "write the bytes in base64, for example `\"aGVsbG8=\"`",
                        _ => "write for example `9.99`",
                    }),
                );
                None
            }
        },
    }
}

/// Digits of the longest number that a help writes out.
const LONGEST_NUMBER: usize = 40;

/// How a literal of another kind is put right, where that is plain.
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
