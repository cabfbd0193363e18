//! Finds the objects that may be changed after they were written.
//!
//! A constant of an object keeps the object, and anybody who has the object may change it: `config.datasource = ..`,
//! `Object.assign(config, ..)`, `change(config)`. What a function of others may change is found by the names that the same
//! object may have. A member that is written in the file itself may be that of any object: who has it under which name is
//! decided by closures, parameters and errors, too.

use std::collections::{HashMap, HashSet};

use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTargetPropertyIdentifier, BindingIdentifier, CallExpression, Expression,
    ForOfStatement, FormalParameter, IdentifierReference, NewExpression, Program, SimpleAssignmentTarget,
    TaggedTemplateExpression, ThrowStatement, UnaryExpression, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::GetSpan;
use oxc_syntax::operator::UnaryOperator;

use super::{known::Known, modules};

/// The names whose objects may be changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    names: HashMap<String, u32>,
    /// A change of an object that has no name.
    of_any: Option<u32>,
}

impl Changes {
    /// The offset of a change of the object that has this name.
    pub(super) fn of(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied().or(self.of_any)
    }

    /// Returns whether there is a change at this offset.
    pub(super) fn is_change(&self, at: u32) -> bool {
        self.of_any == Some(at) || self.names.values().any(|change| *change == at)
    }
}

/// Finds the changes in a file, where `bindings` has the names of what is imported.
pub(super) fn find(program: &Program<'_>, declared: &HashSet<String>, bindings: &HashMap<String, Known>) -> Changes {
    let mut finder = Finder { declared, bindings, changes: Changes::default(), groups: Vec::new() };
    finder.visit_program(program);
    let Finder { mut changes, groups, .. } = finder;
    // Each round reaches at least one more name.
    loop {
        let mut reached: Vec<(String, u32)> = Vec::new();
        for group in &groups {
            let Some(at) = group.iter().find_map(|name| changes.names.get(name).copied()) else { continue };
            reached
                .extend(group.iter().filter(|name| !changes.names.contains_key(*name)).map(|name| (name.clone(), at)));
        }
        if reached.is_empty() {
            return changes;
        }
        changes.names.extend(reached);
    }
}

struct Finder<'f> {
    declared: &'f HashSet<String>,
    bindings: &'f HashMap<String, Known>,
    changes: Changes,
    /// Names that may have the same object, or a part of it.
    groups: Vec<HashSet<String>>,
}

impl Finder<'_> {
    /// The name of a function or of a module that is known.
    fn name(&self, expression: &Expression<'_>) -> Option<String> {
        if let Some(member) = expression.as_member_expression() {
            return Some(modules::part(&self.name(member.object())?, member.static_property_name()?));
        }
        match expression.get_inner_expression() {
            Expression::Identifier(identifier) => self.binding(identifier.name.as_str()),
            _ => None,
        }
    }

    fn binding(&self, name: &str) -> Option<String> {
        if !self.declared.contains(name) {
            return Some(modules::global(name));
        }
        match self.bindings.get(name) {
            Some(Known::Name(name)) => Some(name.clone()),
            _ => None,
        }
    }

    fn change(&mut self, name: &str, at: u32) {
        self.changes.names.entry(name.to_owned()).or_insert(at);
    }

    /// A member of an object is written, other than those of the environment and of the module, which are looked at as such.
    fn write(&mut self, object: &Expression<'_>, at: u32) {
        let name = self.name(object).unwrap_or_default();
        let of_module = [":module", ":exports"].iter().any(|module| name == *module) || name.starts_with(":module.");
        if name != "process:env" && !of_module {
            self.changes.of_any = self.changes.of_any.or(Some(at));
        }
    }

    /// What a function gets may be changed by it.
    fn called(&mut self, callee: &Expression<'_>, arguments: &[Argument<'_>], at: u32) {
        let name = self.name(callee);
        if name.as_deref().is_some_and(modules::keeps_arguments) {
            return;
        }
        let changes_first = name.is_some_and(|name| {
            matches!(
                name.as_str(),
                ":Object.assign" | ":Object.defineProperty" | ":Object.defineProperties" | ":Object.setPrototypeOf"
            ) || name.starts_with(":Reflect.")
        });
        if changes_first && let Some(first) = arguments.first().and_then(Argument::as_expression) {
            let is_new = matches!(first.get_inner_expression(), Expression::ObjectExpression(_));
            if !is_new {
                self.write(first, at);
            }
        }
        let mut names = Names::default();
        names.visit_arguments_of(arguments);
        if let Some(member) = callee.as_member_expression() {
            names.visit_expression(member.object());
        }
        for name in names.found {
            self.change(&name, at);
        }
    }

    fn group(&mut self, names: Names) {
        // What is imported is not one object that several constants share.
        let is_shared = |name: &String| {
            let is_known = matches!(self.bindings.get(name), Some(Known::Name(_)));
            if self.declared.contains(name) { is_known } else { GLOBALS.contains(&name.as_str()) }
        };
        let own = names.found.into_iter().filter(|name| !is_shared(name));
        self.groups.push(own.collect());
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        let mut names = Names::default();
        names.visit_variable_declarator(declarator);
        self.group(names);
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        let mut names = Names::default();
        names.visit_formal_parameter(parameter);
        self.group(names);
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_throw_statement(&mut self, statement: &ThrowStatement<'a>) {
        let mut names = Names::default();
        names.visit_throw_statement(statement);
        for name in names.found {
            self.change(&name, statement.span.start);
        }
        walk::walk_throw_statement(self, statement);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        let mut names = Names::default();
        names.visit_for_statement_left(&statement.left);
        names.visit_expression(&statement.right);
        self.group(names);
        walk::walk_for_of_statement(self, statement);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let mut names = Names::default();
        names.visit_assignment_expression(assignment);
        self.group(names);
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        let at = target.span().start;
        if let SimpleAssignmentTarget::AssignmentTargetIdentifier(identifier) = target {
            self.change(identifier.name.as_str(), at);
        } else if let Some(member) = target.as_member_expression() {
            self.write(member.object(), at);
        } else if let Some(inner) = target.get_expression() {
            match inner.get_inner_expression().as_member_expression() {
                Some(member) => self.write(member.object(), at),
                None => self.write(inner, at),
            }
        }
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_assignment_target_property_identifier(&mut self, target: &AssignmentTargetPropertyIdentifier<'a>) {
        self.change(target.binding.name.as_str(), target.span.start);
        walk::walk_assignment_target_property_identifier(self, target);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator == UnaryOperator::Delete
            && let Some(member) = unary.argument.get_inner_expression().as_member_expression()
        {
            self.write(member.object(), unary.span.start);
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.called(&call.callee, &call.arguments, call.span.start);
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.called(&new.callee, &new.arguments, new.span.start);
        walk::walk_new_expression(self, new);
    }

    fn visit_tagged_template_expression(&mut self, template: &TaggedTemplateExpression<'a>) {
        let mut names = Names::default();
        names.visit_tagged_template_expression(template);
        for name in names.found {
            self.change(&name, template.span.start);
        }
        walk::walk_tagged_template_expression(self, template);
    }
}

/// Names of the language, which say nothing about what is behind other names in the same expression.
const GLOBALS: [&str; 18] = [
    "process",
    "console",
    "Object",
    "JSON",
    "String",
    "Boolean",
    "Number",
    "Array",
    "Promise",
    "Reflect",
    "Error",
    "URL",
    "require",
    "module",
    "exports",
    "globalThis",
    "global",
    "undefined",
];

/// The names in an expression or in a declaration.
#[derive(Default)]
struct Names {
    found: HashSet<String>,
}

impl Names {
    fn visit_arguments_of(&mut self, arguments: &[Argument<'_>]) {
        for argument in arguments {
            self.visit_argument(argument);
        }
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_identifier_reference(&mut self, identifier: &IdentifierReference<'a>) {
        self.found.insert(identifier.name.to_string());
    }

    fn visit_binding_identifier(&mut self, identifier: &BindingIdentifier<'a>) {
        self.found.insert(identifier.name.to_string());
    }
}
