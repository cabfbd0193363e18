//! The parts of a key or an index: `[a, b(sort: Desc), raw("lower(c)")]`, and the rows it is about: `where:`.

use std::collections::HashSet;

use super::key_rules;
use crate::attributes::{Bound, string};
use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, FieldDraft, KindDraft, ModelDraft};
use crate::messages;
use crate::messages::arguments::missing_argument;
use crate::messages::arguments::wrong_value;
use crate::model::{FieldId, IndexAlgorithm, IndexColumn, IndexPart, OperatorClass};
use crate::operators;
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Argument, Arguments, Expression, ExpressionKind, Name};

/// The parts of a key or an index, each with its place.
pub(super) struct Parts {
    pub(super) parts: Vec<IndexPart>,
    pub(super) spans: Vec<Span>,
    /// True if some part has a `sort:`.
    pub(super) sorted: bool,
}

/// Tells if `raw("..")` may stand beside columns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expressions {
    Allowed,
    Refused,
}

impl Parts {
    /// The parts, where all of them are columns.
    pub(super) fn columns(&self) -> Option<Vec<IndexColumn>> {
        self.parts.iter().map(|part| part.column().cloned()).collect()
    }
}

/// The `fields` of an attribute; `None` after a report, or where a part is of a composite type.
pub(super) fn parts(
    draft: &Draft<'_>,
    model: &ModelDraft<'_>,
    bound: &Bound<'_>,
    expressions: Expressions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Parts> {
    let attribute = format!("@@{}", bound.name);
    let Some(argument) = bound.get("fields") else {
        diagnostics.push(missing_argument(bound.span, &attribute, "fields", &format!("{attribute}([a, b])")));
        return None;
    };
    let items = match &argument.value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        // One field may stand without its brackets.
        ExpressionKind::Word(_) | ExpressionKind::Call(..) => std::slice::from_ref(&argument.value),
        other => {
            let what = format!("the fields of `{attribute}`");
            diagnostics.push(wrong_value(argument.value.span, &what, "a list of fields", other));
            return None;
        }
    };
    if items.is_empty() {
        diagnostics.push(messages::keys::no_fields(argument.value.span, &attribute, model.name()));
        return None;
    }
    let mut context = Context { draft, model, attribute: &attribute, expressions, seen: HashSet::new() };
    let parts: Vec<Option<IndexPart>> = items.iter().map(|item| context.part(item, diagnostics)).collect();
    let spans = items.iter().map(|item| item.span).collect();
    let is_sort = |argument: &Argument| argument.name.as_ref().is_some_and(|name| name.text == "sort");
    let sorted =
        items.iter().any(|item| matches!(&item.kind, ExpressionKind::Call(_, it) if it.items.iter().any(is_sort)));
    Some(Parts { parts: parts.into_iter().collect::<Option<_>>()?, spans, sorted })
}

struct Context<'c, 'd, 't> {
    draft: &'d Draft<'t>,
    model: &'d ModelDraft<'t>,
    /// With its `@@`.
    attribute: &'c str,
    expressions: Expressions,
    seen: HashSet<FieldId>,
}

impl Context<'_, '_, '_> {
    fn part(&mut self, item: &Expression, diagnostics: &mut Vec<Diagnostic>) -> Option<IndexPart> {
        let (name, arguments) = match &item.kind {
            ExpressionKind::Word(name) => (name.as_str(), None),
            ExpressionKind::Call(name, arguments) if name.text == "raw" => {
                return self.expression(item, arguments, diagnostics);
            }
            ExpressionKind::Call(name, arguments) => (name.text.as_str(), Some(arguments)),
            other => {
                let what = format!("an entry of `{}`", self.attribute);
                let diagnostic = wrong_value(item.span, &what, "a field's name", other);
                diagnostics.push(match other {
                    ExpressionKind::String(text) if self.model.by_name.contains_key(text.as_str()) => {
                        diagnostic.help(format!("write it without quotes: `{text}`"))
                    }
                    _ => diagnostic,
                });
                return None;
            }
        };
        let details = Details::read(arguments, self.attribute, diagnostics);
        if self.is_of_composite(name) {
            return None;
        }
        let field = field(self.model, name, item, self.attribute, &add_to(self.model), diagnostics)?;
        if !self.seen.insert(field) {
            diagnostics.push(messages::keys::repeated_field(item.span, self.attribute, self.model.name()));
            return None;
        }
        let Details { descending, length, operator_class } = details;
        Some(IndexPart::Column(IndexColumn { field, descending, length, operator_class }))
    }

    /// Returns whether this is a path into a composite type, where a database may have some.
    fn is_of_composite(&self, name: &str) -> bool {
        let root = name.split_once('.').and_then(|(root, _)| self.model.by_name.get(root));
        let field = root.and_then(|id| self.model.field(*id));
        self.draft.provider.is_none() && field.is_some_and(|field| matches!(field.kind, KindDraft::Composite))
    }

    /// `raw("lower(email)", sort: Desc)`
    fn expression(
        &self,
        item: &Expression,
        arguments: &Arguments,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<IndexPart> {
        if self.expressions == Expressions::Refused {
            diagnostics.push(messages::keys::expression_in_key(item.span, self.attribute));
            return None;
        }
        let Some((first, rest)) = arguments.items.split_first().filter(|(first, _)| first.name.is_none()) else {
            diagnostics.push(messages::arguments::raw_without_expression(item.span));
            return None;
        };
        let sql = expression(&first.value, "the argument of `raw`", diagnostics)?;
        let rest = Arguments { items: rest.to_vec(), span: arguments.span };
        let details = Details::read(Some(&rest), "raw(..)", diagnostics);
        if details.length.is_some() {
            diagnostics.push(messages::arguments::length_of_expression(item.span));
        }
        let Details { descending, operator_class, .. } = details;
        Some(IndexPart::Expression { sql, descending, operator_class })
    }
}

/// The arguments in the brackets after a field.
#[derive(Default)]
struct Details {
    descending: bool,
    length: Option<u32>,
    operator_class: Option<OperatorClass>,
}

impl Details {
    fn read(arguments: Option<&Arguments>, attribute: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut details = Self::default();
        for argument in arguments.into_iter().flat_map(|arguments| &arguments.items) {
            match argument.name.as_ref().map(|name| name.text.as_str()) {
                Some("sort") => details.descending = descending(argument, diagnostics),
                Some("length") => details.length = length(argument, diagnostics),
                Some("ops") => details.operator_class = operator_class(argument, diagnostics),
                other => {
                    diagnostics.push(messages::arguments::unknown_argument_of_field(argument.span, attribute, other))
                }
            }
        }
        details
    }
}

/// The column called `name`; anything else is reported, with what `absent` advises where no field is called so.
pub(super) fn field(
    model: &ModelDraft<'_>,
    name: &str,
    item: &Expression,
    attribute: &str,
    absent: &dyn Fn(&str) -> String,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FieldId> {
    let Some(id) = model.by_name.get(name).copied() else {
        if !model.lost.may_hold(name) {
            let is_relation = |field: &&FieldDraft<'_>| matches!(field.kind, KindDraft::Relation { .. });
            // The id is seldom the foreign key as well.
            let is_foreign_key = attribute == "fields";
            let is_meant = |field: &&FieldDraft<'_>| !(is_foreign_key && field.attribute("id").is_some());
            let columns = model.fields.iter().filter(|field| !is_relation(field) && is_meant(field));
            let help = match closest(name, columns.map(FieldDraft::name)) {
                Some(close) if is_foreign_key => format!("did you mean `{close}`? otherwise {}", absent(name)),
                Some(close) => format!("did you mean `{close}`?"),
                None => absent(name),
            };
            diagnostics.push(messages::keys::unknown_field(item.span, attribute, model.name(), name, help));
        }
        return None;
    };
    let field = model.field(id)?;
    match field.kind {
        KindDraft::Column(_) => Some(id),
        KindDraft::Unresolved | KindDraft::Composite => None,
        KindDraft::Relation { .. } if model.duplicated.contains(name) => None,
        KindDraft::Relation { .. } => {
            diagnostics.push(key_rules::relation_in_key(model, field, item.span, attribute));
            None
        }
    }
}

/// The advice to add a field.
pub(super) fn add_to<'m>(model: &'m ModelDraft<'_>) -> impl Fn(&str) -> String + 'm {
    move |name| format!("add a field `{name}` to `{}`, or name another one", model.name())
}

/// `sort: Desc`
pub(super) fn descending(argument: &Argument, diagnostics: &mut Vec<Diagnostic>) -> bool {
    match &argument.value.kind {
        ExpressionKind::Word(word) if word == "Desc" => return true,
        ExpressionKind::Word(word) if word == "Asc" => return false,
        other => diagnostics.push(
            wrong_value(argument.value.span, "`sort`", "`Asc` or `Desc`", other)
                .suggest(if let ExpressionKind::Word(word) = other { closest(word, ["Asc", "Desc"]) } else { None }),
        ),
    }
    false
}

/// `length: 30`
pub(super) fn length(argument: &Argument, diagnostics: &mut Vec<Diagnostic>) -> Option<u32> {
    if let ExpressionKind::Number(text) = &argument.value.kind
        && let Some(length) = text.parse().ok().filter(|length| *length > 0)
    {
        return Some(length);
    }
    diagnostics.push(wrong_value(argument.value.span, "`length`", "a whole number above 0", &argument.value.kind));
    None
}

/// `ops: JsonbPathOps` or `ops: raw("gin_trgm_ops")`
fn operator_class(argument: &Argument, diagnostics: &mut Vec<Diagnostic>) -> Option<OperatorClass> {
    match &argument.value.kind {
        ExpressionKind::Word(word) => match operators::known(word) {
            Some(name) => return Some(OperatorClass::Known(name)),
            None => diagnostics.push(messages::indexes::unknown_operator_class(
                argument.value.span,
                word,
                operators::names(),
            )),
        },
        ExpressionKind::Call(name, arguments) if name.text == "raw" => {
            return raw(name, arguments, diagnostics).map(OperatorClass::Raw);
        }
        other => diagnostics.push(wrong_value(
            argument.value.span,
            "`ops`",
            "an operator class such as `JsonbPathOps` or `raw(\"gin_trgm_ops\")`",
            other,
        )),
    }
    None
}

/// The SQL in `raw("..")`.
pub(super) fn raw(name: &Name, arguments: &Arguments, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    match arguments.items.as_slice() {
        [argument] if argument.name.is_none() => {
            expression(&argument.value, &format!("the argument of `{}`", name.text), diagnostics)
        }
        _ => {
            diagnostics.push(messages::arguments::raw_of_one_string(arguments.span, &name.text));
            None
        }
    }
}

/// A string of SQL that is not empty.
pub(super) fn expression(value: &Expression, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let text = string(value, what, diagnostics)?;
    if text.trim().is_empty() {
        diagnostics.push(messages::arguments::empty_expression(value.span, what));
        return None;
    }
    Some(text)
}

/// `type: Gin`
pub(super) fn algorithm(bound: &Bound<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<(IndexAlgorithm, Span)> {
    let argument = bound.get("type")?;
    if let ExpressionKind::Word(word) = &argument.value.kind {
        if let Some(algorithm) = IndexAlgorithm::from_name(word) {
            return Some((algorithm, argument.span));
        }
        diagnostics.push(messages::indexes::unknown_index_type(argument.value.span, word));
    } else {
        let found = &argument.value.kind;
        diagnostics.push(wrong_value(argument.value.span, "`type`", "a type of index such as `Gin`", found));
    }
    None
}
