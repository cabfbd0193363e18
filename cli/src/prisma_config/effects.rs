//! Finds what may change the environment and was not understood as a step: in functions, under conditions that cannot be
//! told, and by code of others.

use oxc_ast::ast::{
    AssignmentExpression, BinaryExpression, BindingPattern, CallExpression, Expression, ImportExpression,
    MemberExpression, NewExpression, ObjectPropertyKind, Program, PropertyKey, SimpleAssignmentTarget, SpreadElement,
    TaggedTemplateExpression, UnaryExpression, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::{BinaryOperator, UnaryOperator};

use super::{Doubt, Reach, evaluate::Evaluator, known::Known, modules};
use crate::value::Value;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) doubts: Vec<Doubt>,
    /// A change of what the file exports.
    pub(super) export_change: Option<u32>,
}

/// Looks through a file that was run.
pub(super) fn find(program: &Program<'_>, evaluator: &mut Evaluator<'_>) -> Found {
    // What is evaluated from here on is not run again.
    evaluator.conditions.push(None);
    let mut finder = Finder { evaluator, found: Found::default() };
    finder.visit_program(program);
    finder.found
}

struct Finder<'f, 'p> {
    evaluator: &'f mut Evaluator<'p>,
    found: Found,
}

impl Finder<'_, '_> {
    fn doubt(&mut self, span: Span, name: Option<String>, reach: Reach) {
        let line = (self.evaluator.line_of)(span.start);
        self.found.doubts.push(Doubt { line, name, reach });
    }

    /// The name of an expression that is only a name or a member of one.
    fn name(&mut self, expression: &Expression<'_>) -> Option<String> {
        match expression.get_inner_expression() {
            inner @ Expression::Identifier(_) => self.evaluator.callee(inner),
            inner if inner.as_member_expression().is_some() => self.evaluator.callee(inner),
            _ => None,
        }
    }

    /// Looks at something that is passed on as a whole.
    fn escape(&mut self, expression: &Expression<'_>) {
        let Some(name) = self.name(expression) else { return };
        match name.as_str() {
            "process:env" | "process:" | "dotenv:" | "@next/env:" => self.doubt(expression.span(), None, Reach::All),
            ":module" | ":module.exports" | ":exports" => self.found.export_change = Some(expression.span().start),
            name if modules::loads_variables(name) => self.doubt(expression.span(), None, Reach::All),
            _ => {}
        }
    }

    fn specifier(&mut self, source: Option<&Expression<'_>>) -> Option<String> {
        match self.evaluator.expression(source?) {
            Known::Text(Value::Literal(specifier)) => Some(specifier),
            _ => None,
        }
    }

    /// A module that is loaded by a call.
    fn imported(&mut self, source: Option<&Expression<'_>>, span: Span) {
        if self.evaluator.handled.contains(&span) {
            return;
        }
        match self.specifier(source) {
            Some(specifier) if modules::is_dotenv_config(&specifier) => self.doubt(span, None, Reach::Unset),
            Some(specifier)
                if modules::import_is_harmless(&specifier)
                    && !modules::loads_variables(&modules::part(&modules::module(&specifier), "config")) => {}
            _ => self.doubt(span, None, Reach::All),
        }
    }

    fn called(&mut self, name: &str, call: &CallExpression<'_>) {
        let module = name.split(':').next().unwrap_or_default();
        match name {
            ":require" => {
                let source = call.arguments.first().and_then(|argument| argument.as_expression());
                self.imported(source, call.span);
            }
            ":eval" | ":Function" => self.doubt(call.span, None, Reach::All),
            name if modules::loads_variables(name) => {
                let reach = if keeps_what_is_set(name, call) { Reach::Unset } else { Reach::All };
                self.doubt(call.span, None, reach);
            }
            _ if module.is_empty() || modules::call_is_harmless(name) || module == "dotenv" => {}
            _ => self.doubt(call.span, None, Reach::All),
        }
    }

    /// A member that is written or deleted.
    fn written(&mut self, member: &MemberExpression<'_>) {
        let span = member.span();
        let Some(object) = self.name(member.object()) else { return };
        let key = self.evaluator.named_member(member).map(|(_, key)| key);
        match object.as_str() {
            "process:env" | ":Bun.env" | ":import.meta.env" => self.doubt(span, key, Reach::All),
            "process:" if key.as_deref().is_none_or(|key| key == "env") => self.doubt(span, None, Reach::All),
            ":module" | ":module.exports" | ":exports" if key.as_deref() != Some("__esModule") => {
                self.found.export_change = Some(span.start);
            }
            name if name.starts_with(":module.exports.") => self.found.export_change = Some(span.start),
            _ => {}
        }
    }
}

/// Returns whether a call that loads variables leaves those that are set.
fn keeps_what_is_set(name: &str, call: &CallExpression<'_>) -> bool {
    if name == "process:loadEnvFile" || name == "@next/env:loadEnvConfig" {
        return true;
    }
    if !matches!(name, "dotenv:config" | "dotenv:configDotenv") {
        return false;
    }
    match call.arguments.first().map(|options| options.as_expression()) {
        None => true,
        Some(Some(Expression::ObjectExpression(options))) => options.properties.iter().all(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) => {
                let is_override = property.key.static_name().is_none_or(|name| name == "override");
                !property.computed && !is_override && !matches!(property.key, PropertyKey::PrivateIdentifier(_))
            }
            ObjectPropertyKind::SpreadProperty(_) => false,
        }),
        Some(_) => false,
    }
}

impl<'a> Visit<'a> for Finder<'_, '_> {
    fn visit_expression(&mut self, expression: &Expression<'a>) {
        self.escape(expression);
        walk::walk_expression(self, expression);
    }

    fn visit_member_expression(&mut self, member: &MemberExpression<'a>) {
        // Reading a member does not pass the object on.
        if let MemberExpression::ComputedMemberExpression(computed) = member {
            self.visit_expression(&computed.expression);
        }
        walk::walk_expression(self, member.object());
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        let Some(init) = &declarator.init else { return };
        let is_known = match &declarator.id {
            BindingPattern::BindingIdentifier(name) => {
                let known = self.evaluator.bindings.get(name.name.as_str());
                let bound = if let Some(Known::Name(bound)) = known { Some(bound.clone()) } else { None };
                bound.is_some() && bound == self.name(init)
            }
            // Parts of it, of which only those with a known name can load variables.
            BindingPattern::ObjectPattern(object) => {
                object.rest.is_none() && {
                    let mut parts = object.properties.iter();
                    let name = self.name(init);
                    name.as_deref() == Some("process:env")
                        || parts.all(|part| match &part.value {
                            BindingPattern::BindingIdentifier(name) => {
                                matches!(self.evaluator.bindings.get(name.name.as_str()), Some(Known::Name(_)))
                            }
                            _ => false,
                        })
                }
            }
            _ => false,
        };
        walk::walk_binding_pattern(self, &declarator.id);
        if is_known { walk::walk_expression(self, init) } else { self.visit_expression(init) }
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        self.visit_expression(&binary.left);
        let is_question = matches!(
            binary.operator,
            BinaryOperator::In
                | BinaryOperator::Equality
                | BinaryOperator::StrictEquality
                | BinaryOperator::Inequality
                | BinaryOperator::StrictInequality
        );
        if is_question { walk::walk_expression(self, &binary.right) } else { self.visit_expression(&binary.right) }
    }

    fn visit_spread_element(&mut self, spread: &SpreadElement<'a>) {
        // A copy.
        walk::walk_expression(self, &spread.argument);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let is_handled = self.evaluator.handled.contains(&call.span);
        let name = self.evaluator.callee(&call.callee);
        if let Some(name) = name.as_deref().filter(|_| !is_handled) {
            self.called(name, call);
        }
        walk::walk_expression(self, &call.callee);
        let keeps = name.as_deref().is_some_and(modules::keeps_arguments);
        for (index, argument) in call.arguments.iter().enumerate() {
            let is_read = is_handled || keeps || (index > 0 && name.as_deref() == Some(":Object.assign"));
            match argument.as_expression() {
                Some(argument) if is_read => walk::walk_expression(self, argument),
                Some(argument) => self.visit_expression(argument),
                None => walk::walk_argument(self, argument),
            }
        }
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        if let Some(name) = self.name(&new.callee) {
            let module = name.split(':').next().unwrap_or_default();
            if name == ":Function" || !(module.is_empty() || modules::call_is_harmless(&name)) {
                self.doubt(new.span, None, Reach::All);
            }
        }
        walk::walk_new_expression(self, new);
    }

    fn visit_tagged_template_expression(&mut self, template: &TaggedTemplateExpression<'a>) {
        if let Some(name) = self.name(&template.tag) {
            let module = name.split(':').next().unwrap_or_default();
            if !module.is_empty() && !modules::call_is_harmless(&name) {
                self.doubt(template.span, None, Reach::All);
            }
        }
        walk::walk_tagged_template_expression(self, template);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        self.imported(Some(&import.source), import.span);
        walk::walk_import_expression(self, import);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        if !self.evaluator.handled.contains(&assignment.span) {
            self.visit_assignment_target(&assignment.left);
        }
        self.visit_expression(&assignment.right);
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        let inner = target.get_expression().map(Expression::get_inner_expression);
        if let Some(member) = target.as_member_expression().or_else(|| inner?.as_member_expression()) {
            self.written(member);
        }
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator == UnaryOperator::Delete
            && !self.evaluator.handled.contains(&unary.span)
            && let Some(member) = unary.argument.get_inner_expression().as_member_expression()
        {
            self.written(member);
        }
        walk::walk_unary_expression(self, unary);
    }
}
