//! The values of expressions, as far as they follow from the text and from the environment.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
    path::Path,
};

use oxc_ast::ast::{
    ArrayExpressionElement, BindingPattern, ChainElement, Expression, LogicalExpression, MemberExpression,
    ObjectExpression, ObjectPropertyKind, PropertyKey, PropertyKind,
};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

use super::{
    Place, Step,
    aliases::Changes,
    calls::{literal, url_text},
    known::{Entry, Known, Object, choose, choose_object, truth},
    modules,
};
use crate::value::{Condition, Value};

/// Expressions that are nested deeper than this are not a setting that a person wrote.
const DEEPEST: usize = 64;

pub(super) struct Evaluator<'p> {
    pub(super) place: Place<'p>,
    /// The names that are declared at the top of the file, whether they are known or not.
    pub(super) declared: HashSet<String>,
    pub(super) bindings: HashMap<String, Known>,
    pub(super) changes: Changes,
    /// The conditions of the branches around, where `None` cannot be told.
    pub(super) conditions: Vec<Option<Condition>>,
    pub(super) steps: Vec<Step>,
    /// The calls and assignments that became steps.
    pub(super) handled: HashSet<Span>,
    /// What the file exports.
    pub(super) exports: Vec<Known>,
    pub(super) has_read_environment: bool,
    /// Whether an error of a statement is caught.
    pub(super) is_caught: bool,
    pub(super) line_of: &'p dyn Fn(u32) -> usize,
    pub(super) depth: usize,
    /// What may still be copied from constants.
    pub(super) budget: Cell<usize>,
}

impl Evaluator<'_> {
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> Known {
        let at = expression.span().start;
        if self.depth >= DEEPEST {
            return Known::Unknown(at);
        }
        self.depth += 1;
        let known = self.shallow(expression);
        self.depth -= 1;
        known
    }

    fn shallow(&mut self, expression: &Expression<'_>) -> Known {
        let at = expression.span().start;
        match expression {
            Expression::StringLiteral(text) if !text.lone_surrogates => literal(text.value.as_str()),
            Expression::TemplateLiteral(template) => {
                let mut parts = Vec::new();
                let mut holes = template.expressions.iter();
                for quasi in &template.quasis {
                    let Some(text) = quasi.value.cooked.as_ref().filter(|_| !quasi.lone_surrogates) else {
                        return Known::Unknown(at);
                    };
                    parts.push(Value::Literal(text.as_str().to_owned()));
                    if let Some(hole) = holes.next() {
                        let Some(text) = self.text(hole) else { return Known::Unknown(at) };
                        parts.push(text);
                    }
                }
                Known::Text(Value::concatenation(parts))
            }
            Expression::BooleanLiteral(flag) => Known::Flag(Condition::Constant(flag.value)),
            Expression::NullLiteral(_) => Known::Text(Value::Undefined),
            Expression::Identifier(identifier) => self.identifier(identifier.name.as_str(), at),
            Expression::ImportMeta(_) => Known::Name(":import.meta".to_owned()),
            Expression::ParenthesizedExpression(inner) => self.expression(&inner.expression),
            Expression::TSAsExpression(inner) => self.expression(&inner.expression),
            Expression::TSSatisfiesExpression(inner) => self.expression(&inner.expression),
            Expression::TSTypeAssertion(inner) => self.expression(&inner.expression),
            Expression::TSNonNullExpression(inner) => self.expression(&inner.expression),
            Expression::TSInstantiationExpression(inner) => self.expression(&inner.expression),
            Expression::AwaitExpression(inner) => self.expression(&inner.argument),
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.call(call),
                ChainElement::TSNonNullExpression(inner) => self.expression(&inner.expression),
                member => member.as_member_expression().map_or(Known::Unknown(at), |member| self.member(member)),
            },
            Expression::ArrayExpression(array) => {
                let mut list = Vec::new();
                for element in &array.elements {
                    match element {
                        ArrayExpressionElement::SpreadElement(_) | ArrayExpressionElement::Elision(_) => {
                            return Known::Unknown(at);
                        }
                        element => match element.as_expression() {
                            Some(element) => list.push(self.expression(element)),
                            None => return Known::Unknown(at),
                        },
                    }
                }
                Known::List(list)
            }
            Expression::ObjectExpression(object) => self.object(object),
            Expression::ConditionalExpression(conditional) => {
                let condition = self.condition(&conditional.test);
                let then = self.within(condition.clone(), |this| this.expression(&conditional.consequent));
                let negated = condition.clone().map(Condition::negated);
                let otherwise = self.within(negated, |this| this.expression(&conditional.alternate));
                choose(condition.as_ref(), then, otherwise, at)
            }
            Expression::LogicalExpression(logical) => self.logical(logical),
            Expression::BinaryExpression(binary) => match binary.operator {
                BinaryOperator::Addition => match (self.text(&binary.left), self.text(&binary.right)) {
                    (Some(left), Some(right)) => Known::Text(Value::concatenation(vec![left, right])),
                    _ => Known::Unknown(at),
                },
                BinaryOperator::In => {
                    let name = self.expression(&binary.left);
                    match (name, self.expression(&binary.right)) {
                        (Known::Text(Value::Literal(name)), Known::Name(object)) if object == "process:env" => {
                            let variable = self.variable(&name);
                            Known::Flag(Condition::Equal(variable, Value::Undefined).negated())
                        }
                        _ => Known::Unknown(at),
                    }
                }
                _ => self.condition(expression).map_or(Known::Unknown(at), Known::Flag),
            },
            Expression::UnaryExpression(unary) => match unary.operator {
                UnaryOperator::LogicalNot => {
                    self.condition(&unary.argument).map_or(Known::Unknown(at), |it| Known::Flag(it.negated()))
                }
                UnaryOperator::Void => {
                    self.expression(&unary.argument);
                    Known::Text(Value::Undefined)
                }
                UnaryOperator::Delete => {
                    self.delete(unary.span, &unary.argument);
                    Known::Unknown(at)
                }
                _ => Known::Unknown(at),
            },
            Expression::CallExpression(call) => self.call(call),
            Expression::NewExpression(new)
                if self.callee(&new.callee).is_some_and(|name| name == ":URL" || name == "url:URL") =>
            {
                self.url(&new.arguments).unwrap_or(Known::Unknown(at))
            }
            Expression::ImportExpression(import) => match self.expression(&import.source) {
                Known::Text(Value::Literal(specifier)) if !modules::is_own(&specifier) => {
                    self.import(&specifier, import.span)
                }
                _ => Known::Unknown(at),
            },
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            other => other.as_member_expression().map_or(Known::Unknown(at), |member| self.member(member)),
        }
    }

    /// Evaluates something that is only run under a condition.
    pub(super) fn within<T>(&mut self, condition: Option<Condition>, run: impl FnOnce(&mut Self) -> T) -> T {
        self.conditions.push(condition);
        let result = run(self);
        self.conditions.pop();
        result
    }

    pub(super) fn text(&mut self, expression: &Expression<'_>) -> Option<Value> {
        match self.expression(expression) {
            Known::Text(value) => Some(value),
            Known::Location(path) => url_text(&path).map(Value::Literal),
            _ => None,
        }
    }

    pub(super) fn identifier(&mut self, name: &str, at: u32) -> Known {
        if self.declared.contains(name) {
            let Some(known) = self.bindings.get(name) else { return Known::Unknown(at) };
            let Some(left) = self.budget.get().checked_sub(known.size()) else { return Known::Unknown(at) };
            self.budget.set(left);
            let known = known.clone();
            return match self.changes.of(name) {
                // A string cannot be changed.
                Some(changed) if matches!(known, Known::Object(_) | Known::List(_)) => Known::Unknown(changed),
                _ => known,
            };
        }
        match name {
            "undefined" => Known::Text(Value::Undefined),
            "__dirname" => self.folder(at),
            "__filename" => self.path_text(self.place.file, at),
            _ => Known::Name(modules::global(name)),
        }
    }

    fn folder(&self, at: u32) -> Known {
        self.path_text(self.place.file.parent().unwrap_or(Path::new("/")), at)
    }

    /// A path as JavaScript has it. One that would end a URL's path cannot stand in a URL.
    pub(super) fn path_text(&self, path: &Path, at: u32) -> Known {
        match path.to_str().filter(|path| !path.contains(['?', '#'])) {
            Some(path) => Known::Text(Value::Literal(path.replace('\\', "/"))),
            None => Known::Unknown(at),
        }
    }

    fn member(&mut self, member: &MemberExpression<'_>) -> Known {
        let at = member.span().start;
        let object = self.expression(member.object());
        let name = match member {
            MemberExpression::ComputedMemberExpression(computed) => match self.expression(&computed.expression) {
                Known::Text(Value::Literal(name)) => name,
                _ => return Known::Unknown(at),
            },
            MemberExpression::StaticMemberExpression(member) => member.property.name.to_string(),
            MemberExpression::PrivateFieldExpression(_) => return Known::Unknown(at),
        };
        self.property(object, &name, at)
    }

    pub(super) fn property(&mut self, object: Known, name: &str, at: u32) -> Known {
        match object {
            Known::Object(object) => match (object.entry(name), object.open) {
                (Some(entry), _) => entry.value.clone(),
                (None, Some(open)) => Known::Unknown(open),
                // What each object has by itself.
                (None, None) if OF_EACH_OBJECT.contains(&name) => Known::Unknown(at),
                (None, None) => Known::Text(Value::Undefined),
            },
            Known::Name(of) if of == "process:env" => Known::Text(self.variable(name)),
            Known::Name(of) => match modules::part(&of, name).as_str() {
                ":import.meta.dirname" => self.folder(at),
                ":import.meta.filename" => self.path_text(self.place.file, at),
                ":import.meta.url" => match self.path_text(self.place.file, at) {
                    Known::Text(Value::Literal(path)) => Known::Location(path),
                    other => other,
                },
                part => Known::Name(part.to_owned()),
            },
            Known::Location(path) => match (name, url_text(&path)) {
                ("pathname", Some(_)) => Known::Text(Value::Literal(path)),
                ("href", Some(url)) => Known::Text(Value::Literal(url)),
                _ => Known::Unknown(at),
            },
            Known::Text(Value::Undefined) => Known::Text(Value::Undefined),
            Known::Text(_) | Known::Flag(_) | Known::List(_) | Known::Unknown(_) => Known::Unknown(at),
        }
    }

    pub(super) fn variable(&mut self, name: &str) -> Value {
        self.has_read_environment = true;
        Value::EnvironmentAt(name.to_owned(), self.steps.len())
    }

    fn object(&mut self, written: &ObjectExpression<'_>) -> Known {
        let mut object = Object::default();
        for property in &written.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    object = self.spread(object, &spread.argument, spread.span.start);
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    let at = property.span.start;
                    let Some(key) = self.key(&property.key, property.computed) else {
                        object.obscure(at);
                        continue;
                    };
                    if property.kind != PropertyKind::Init
                        || property.method
                        || (key == "__proto__" && !property.computed)
                    {
                        if key == "__proto__" {
                            object.open = Some(at);
                        }
                        object.set(Entry { key, value: Known::Unknown(at), at });
                        continue;
                    }
                    let value = match self.expression(&property.value) {
                        // Prisma refuses it, so that it does not mean that the setting is not there.
                        _ if property.value.is_null() => Known::Unknown(at),
                        // A reader looks for the key; what changes an object stands elsewhere.
                        Known::Unknown(decided) if self.changes.is_change(decided) => Known::Unknown(decided),
                        Known::Unknown(_) => Known::Unknown(at),
                        known => known,
                    };
                    object.set(Entry { key, value, at });
                }
            }
        }
        Known::Object(object)
    }

    /// The object with the entries of another expression added.
    fn spread(&mut self, mut object: Object, expression: &Expression<'_>, at: u32) -> Object {
        match expression {
            Expression::ParenthesizedExpression(inner) => return self.spread(object, &inner.expression, at),
            Expression::ConditionalExpression(conditional) => {
                let condition = self.condition(&conditional.test);
                let plain = object.clone();
                let then = self.within(condition.clone(), |this| this.spread(object, &conditional.consequent, at));
                let negated = condition.clone().map(Condition::negated);
                let otherwise = self.within(negated, |this| this.spread(plain, &conditional.alternate, at));
                return choose_object(condition.as_ref(), then, otherwise, at);
            }
            Expression::LogicalExpression(logical) if logical.operator == LogicalOperator::And => {
                let condition = self.condition(&logical.left);
                let plain = object.clone();
                let then = self.within(condition.clone(), |this| this.spread(object, &logical.right, at));
                return choose_object(condition.as_ref(), then, plain, at);
            }
            _ => {}
        }
        match self.expression(expression) {
            Known::Object(other) => {
                if let Some(open) = other.open {
                    object.obscure(open);
                }
                for entry in other.entries {
                    object.set(entry);
                }
            }
            Known::Text(_) | Known::Flag(_) => {}
            _ => object.obscure(at),
        }
        object
    }

    pub(super) fn key(&mut self, key: &PropertyKey<'_>, computed: bool) -> Option<String> {
        if !computed {
            return key.static_name().map(|name| name.into_owned());
        }
        match self.expression(key.as_expression()?) {
            Known::Text(Value::Literal(name)) => Some(name),
            _ => None,
        }
    }

    fn logical(&mut self, logical: &LogicalExpression<'_>) -> Known {
        let at = logical.span.start;
        let left = self.expression(&logical.left);
        let filled = truth(&left);
        match logical.operator {
            LogicalOperator::And => {
                let right = self.within(filled.clone(), |this| this.expression(&logical.right));
                match (left, right) {
                    (Known::Flag(left), Known::Flag(right)) => Known::Flag(Condition::All(left.into(), right.into())),
                    (left @ Known::Text(_), right @ Known::Text(_)) => choose(filled.as_ref(), right, left, at),
                    // What is left otherwise is no setting.
                    (_, right) => choose(filled.as_ref(), right, Known::Text(Value::Undefined), at),
                }
            }
            LogicalOperator::Or => {
                let negated = filled.clone().map(Condition::negated);
                let right = self.within(negated, |this| this.expression(&logical.right));
                match (left, right) {
                    (left @ (Known::Object(_) | Known::List(_) | Known::Location(_)), _) => left,
                    (Known::Text(Value::Undefined), right) => right,
                    (Known::Text(Value::Literal(text)), right) if text.is_empty() => right,
                    (left @ Known::Text(Value::Literal(_) | Value::Required(_)), _) => left,
                    (Known::Flag(left), Known::Flag(right)) => Known::Flag(Condition::Any(left.into(), right.into())),
                    (Known::Text(left), Known::Text(right)) => Known::Text(Value::Or(left.into(), right.into())),
                    _ => Known::Unknown(at),
                }
            }
            LogicalOperator::Coalesce => {
                let unset = match &left {
                    Known::Text(value) => Some(Condition::Equal(value.clone(), Value::Undefined)),
                    _ => None,
                };
                let right = self.within(unset, |this| this.expression(&logical.right));
                match (left, right) {
                    (Known::Unknown(_) | Known::Name(_), _) => Known::Unknown(at),
                    (Known::Text(Value::Undefined), right) => right,
                    (left @ Known::Text(Value::Literal(_) | Value::Required(_) | Value::Concatenation(_)), _) => left,
                    (Known::Text(left), Known::Text(right)) => Known::Text(Value::Nullish(left.into(), right.into())),
                    (Known::Text(_), _) => Known::Unknown(at),
                    (left, _) => left,
                }
            }
        }
    }

    /// The condition that an expression is true; `None` where it cannot be told.
    pub(super) fn condition(&mut self, expression: &Expression<'_>) -> Option<Condition> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let condition = self.shallow_condition(expression);
        self.depth -= 1;
        condition
    }

    fn shallow_condition(&mut self, expression: &Expression<'_>) -> Option<Condition> {
        match expression {
            Expression::ParenthesizedExpression(inner) => self.condition(&inner.expression),
            Expression::LogicalExpression(logical) if logical.operator != LogicalOperator::Coalesce => {
                let left = self.condition(&logical.left);
                let is_and = logical.operator == LogicalOperator::And;
                let branch = if is_and { left.clone() } else { left.clone().map(Condition::negated) };
                let right = self.within(branch, |this| this.condition(&logical.right))?;
                let (left, right) = (Box::new(left?), Box::new(right));
                Some(if is_and { Condition::All(left, right) } else { Condition::Any(left, right) })
            }
            Expression::BinaryExpression(binary) => {
                let is_equal = match binary.operator {
                    BinaryOperator::Equality | BinaryOperator::StrictEquality => true,
                    BinaryOperator::Inequality | BinaryOperator::StrictInequality => false,
                    BinaryOperator::In => return truth(&self.expression(expression)),
                    _ => return None,
                };
                let is_strict =
                    matches!(binary.operator, BinaryOperator::StrictEquality | BinaryOperator::StrictInequality);
                let has_null = [&binary.left, &binary.right].iter().any(|side| side.is_null());
                let (left, right) = (self.text(&binary.left)?, self.text(&binary.right)?);
                let condition = match (left, right) {
                    // A string and `undefined` are never `null`.
                    _ if is_strict && has_null => Condition::Constant(false),
                    (Value::Literal(left), Value::Literal(right)) => Condition::Constant(left == right),
                    (left, right) => Condition::Equal(left, right),
                };
                Some(if is_equal { condition } else { condition.negated() })
            }
            other => truth(&self.expression(other)),
        }
    }

    /// The name of a function, where it has one.
    pub(super) fn callee(&mut self, callee: &Expression<'_>) -> Option<String> {
        match self.expression(callee) {
            Known::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Binds the names of a declaration to the parts of a value.
    pub(super) fn bind(&mut self, pattern: &BindingPattern<'_>, known: Known) {
        let at = pattern.span().start;
        match pattern {
            BindingPattern::BindingIdentifier(name) => drop(self.bindings.insert(name.name.to_string(), known)),
            BindingPattern::AssignmentPattern(pattern) => {
                let default = self.expression(&pattern.right);
                let known = match (known, default) {
                    (Known::Text(Value::Undefined), default) => default,
                    (known @ Known::Text(Value::Literal(_)), _) => known,
                    (Known::Text(value), Known::Text(default)) => {
                        Known::Text(Value::Nullish(value.into(), default.into()))
                    }
                    (Known::Text(_) | Known::Unknown(_), _) => Known::Unknown(at),
                    (known, _) => known,
                };
                self.bind(&pattern.left, known);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let part = match self.key(&property.key, property.computed) {
                        Some(key) => self.property(known.clone(), &key, property.span.start),
                        None => Known::Unknown(at),
                    };
                    self.bind(&property.value, part);
                }
            }
            BindingPattern::ArrayPattern(_) => {}
        }
    }
}

/// What each object of JavaScript has.
const OF_EACH_OBJECT: [&str; 8] = [
    "constructor",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "__proto__",
];
