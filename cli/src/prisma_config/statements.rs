//! Runs the statements of a file in their order: its constants, its export, and its changes of the environment.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap, HashSet},
};

use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, BindingIdentifier, BreakStatement, CallExpression, ContinueStatement,
    Declaration, ExportDefaultDeclarationKind, Expression, ForOfStatement, ForStatementLeft, Function,
    ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind, MemberExpression, ModuleExportName, Program,
    Statement, TSModuleReference, VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};
use oxc_syntax::{operator::AssignmentOperator, scope::ScopeFlags};

use super::{
    Action, Config, Doubt, Effects, KEYS, Operator, Place, Reach, Step, aliases, effects,
    evaluate::Evaluator,
    known::{Known, Object},
    line, modules, words,
};
use crate::value::{Condition, Value};

/// Runs a file.
pub(super) fn run(program: &Program<'_>, text: &str, place: Place<'_>) -> Config {
    let line_of = |offset| line(text, offset);
    let mut evaluator = Evaluator {
        place,
        declared: HashSet::new(),
        bindings: HashMap::new(),
        changes: aliases::Changes::default(),
        conditions: Vec::new(),
        steps: Vec::new(),
        handled: HashSet::new(),
        exports: Vec::new(),
        has_read_environment: false,
        is_caught: false,
        line_of: &line_of,
        depth: 0,
        budget: Cell::new(BUDGET),
    };
    if let Some(at) = declared_twice(&program.body) {
        // JavaScript does not run such a file.
        return super::unreadable(line_of(at));
    }
    if let Some(at) = words::find(program) {
        return super::unreadable(line_of(at));
    }
    evaluator.declare(&program.body);
    let mut doubts = evaluator.import_all(&program.body);
    evaluator.changes = aliases::find(program, &evaluator.declared, &evaluator.bindings);
    for statement in &program.body {
        evaluator.statement(statement);
    }
    // `export { config as default }`, which is what the name means in the end.
    evaluator.export_names(&program.body);
    let found = effects::find(program, &mut evaluator);
    doubts.extend(found.doubts);
    let mut config = Config::default();
    let whole = match (found.export_change, evaluator.exports.as_slice()) {
        (Some(change), _) => Known::Unknown(change),
        (None, [only]) => only.clone(),
        // A file that is empty, or whose text is a comment.
        (None, []) if program.body.iter().all(has_no_settings) => Known::Object(Object::default()),
        (None, []) => Known::Unknown(0),
        (None, [_, second, ..]) => Known::Unknown(match second {
            Known::Unknown(at) => *at,
            _ => 0,
        }),
    };
    let steps = evaluator.steps.len();
    for key in KEYS {
        match evaluator.setting(&whole, key) {
            Ok(Some((value, at))) => drop(config.values.insert(key, (settled(value, steps), line_of(at)))),
            Ok(None) => {}
            Err(at) => drop(config.unreadable.insert(key, line_of(at))),
        }
    }
    if let Some(at) = evaluator.adapter(&whole).or_else(|| misspelled(&whole))
        && !config.values.contains_key("datasource.url")
    {
        config.unreadable.entry("datasource.url").or_insert(line_of(at));
    }
    config.effects = Effects { steps: evaluator.steps, doubts };
    config
}

/// The place of a key that Prisma does not know and refuses, which may be meant to have the URL, as `datasources` is.
fn misspelled(whole: &Known) -> Option<u32> {
    const KEYS: [&str; 14] = [
        "schema",
        "datasource",
        "migrations",
        "tables",
        "enums",
        "views",
        "typedSql",
        "extensions",
        "experimental",
        "engine",
        "earlyAccess",
        "studio",
        "migrate",
        "adapter",
    ];
    const OF_DATASOURCE: [&str; 3] = ["url", "directUrl", "shadowDatabaseUrl"];
    let Known::Object(object) = whole else { return None };
    let other = object.entries.iter().find(|entry| !KEYS.contains(&entry.key.as_str()));
    let inner = match object.entry("datasource").map(|entry| &entry.value) {
        Some(Known::Object(datasource)) => {
            datasource.entries.iter().find(|entry| !OF_DATASOURCE.contains(&entry.key.as_str()))
        }
        _ => None,
    };
    inner.or(other).map(|entry| entry.at)
}

/// The place of a constant or an import whose name is taken.
fn declared_twice(statements: &[Statement<'_>]) -> Option<u32> {
    let mut names = HashSet::new();
    statements.iter().find_map(|statement| {
        let is_lexical = |declaration: &VariableDeclaration<'_>| declaration.kind != VariableDeclarationKind::Var;
        let mut declared = Declared::default();
        match statement {
            Statement::VariableDeclaration(declaration) if is_lexical(declaration) => {
                declared.visit_variable_declaration(declaration);
            }
            Statement::ExportDeclaration(export) => match &export.declaration {
                Declaration::VariableDeclaration(declaration) if is_lexical(declaration) => {
                    declared.visit_variable_declaration(declaration);
                }
                _ => {}
            },
            Statement::ImportDeclaration(import) => declared.visit_import_declaration(import),
            _ => {}
        }
        declared.found.into_iter().any(|name| !names.insert(name)).then_some(statement.span().start)
    })
}

/// Returns whether a statement cannot hold settings whose export was forgotten.
fn has_no_settings(statement: &Statement<'_>) -> bool {
    matches!(
        statement,
        Statement::ImportDeclaration(_)
            | Statement::EmptyStatement(_)
            | Statement::TSTypeAliasDeclaration(_)
            | Statement::TSInterfaceDeclaration(_)
    )
}

/// The texts and objects that may be copied. Constants that double each other would be without end.
const BUDGET: usize = 1 << 20;

/// A value of the end of the file, where each variable is the one that the file leaves.
fn settled(value: Value, steps: usize) -> Value {
    let boxed = |value: Box<Value>| Box::new(settled(*value, steps));
    match value {
        Value::EnvironmentAt(name, moment) if moment == steps => Value::Environment(name),
        Value::Required(value) => Value::Required(boxed(value)),
        Value::Or(first, second) => Value::Or(boxed(first), boxed(second)),
        Value::Nullish(first, second) => Value::Nullish(boxed(first), boxed(second)),
        Value::Concatenation(parts) => {
            Value::Concatenation(parts.into_iter().map(|part| settled(part, steps)).collect())
        }
        Value::Choice(condition, then, otherwise) => {
            Value::Choice(Box::new(settled_condition(*condition, steps)), boxed(then), boxed(otherwise))
        }
        other => other,
    }
}

fn settled_condition(condition: Condition, steps: usize) -> Condition {
    let boxed = |condition: Box<Condition>| Box::new(settled_condition(*condition, steps));
    match condition {
        Condition::Constant(holds) => Condition::Constant(holds),
        Condition::Filled(value) => Condition::Filled(settled(value, steps)),
        Condition::Equal(first, second) => Condition::Equal(settled(first, steps), settled(second, steps)),
        Condition::Exists(path) => Condition::Exists(settled(path, steps)),
        Condition::Not(condition) => Condition::Not(boxed(condition)),
        Condition::All(first, second) => Condition::All(boxed(first), boxed(second)),
        Condition::Any(first, second) => Condition::Any(boxed(first), boxed(second)),
    }
}

impl Evaluator<'_> {
    /// The value of a key, or the offset of what keeps it from being told.
    fn setting(&mut self, whole: &Known, key: &str) -> Result<Option<(Value, u32)>, u32> {
        let (mut known, mut at, mut before) = (whole.clone(), 0, 0);
        for part in key.split('.') {
            before = at;
            match &known {
                Known::Object(object) => {
                    at = object.entry(part).map_or(at, |entry| entry.at);
                    known = self.property(known, part, at);
                }
                Known::Text(Value::Undefined) => return Ok(None),
                Known::Unknown(decided) => return Err(*decided),
                _ => return Err(at),
            }
        }
        match known {
            // A URL that is there and is `undefined` is not the same as none: Prisma refuses it.
            Known::Text(Value::Undefined) if key != "datasource.url" || at == before => Ok(None),
            Known::Text(value) => Ok(Some((value, at))),
            Known::Unknown(decided) => Err(decided),
            _ => Err(at),
        }
    }

    /// The place of a driver adapter, which chooses a database by itself where there is no URL.
    fn adapter(&mut self, whole: &Known) -> Option<u32> {
        let Known::Object(object) = whole else { return None };
        let migrate = object.entry("migrate").map(|entry| &entry.value);
        let nested = if let Some(Known::Object(migrate)) = migrate { migrate.entry("adapter") } else { None };
        let entry = object.entry("adapter").or(nested)?;
        (entry.value != Known::Text(Value::Undefined)).then_some(entry.at)
    }

    /// Notes the names that statements declare, whose values are unknown until they are run.
    fn declare(&mut self, statements: &[Statement<'_>]) {
        let mut names = Declared::default();
        for statement in statements {
            names.visit_statement(statement);
        }
        for name in names.found {
            self.bindings.remove(&name);
            self.declared.insert(name);
        }
    }

    /// Binds what is imported, before any statement is run, and returns the imports that may change the environment.
    fn import_all(&mut self, statements: &[Statement<'_>]) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        for statement in statements {
            match statement {
                Statement::ImportDeclaration(import) if import.import_kind != ImportOrExportKind::Type => {
                    self.import_declaration(import, &mut doubts);
                }
                Statement::ExportFromDeclaration(export) if export.export_kind != ImportOrExportKind::Type => {
                    self.imported(export.source.value.as_str(), export.span, true, &mut doubts);
                }
                Statement::ExportAllDeclaration(export) if export.export_kind != ImportOrExportKind::Type => {
                    self.imported(export.source.value.as_str(), export.span, true, &mut doubts);
                }
                Statement::TSImportEqualsDeclaration(import) => {
                    if let TSModuleReference::ExternalModuleReference(module) = &import.module_reference
                        && import.import_kind != ImportOrExportKind::Type
                    {
                        let specifier = module.expression.value.as_str();
                        self.imported(specifier, import.span, true, &mut doubts);
                        self.bind_import(import.id.name.as_str(), specifier, None);
                    }
                }
                // `const { defineConfig } = require('prisma/config')`
                Statement::VariableDeclaration(declaration) if declaration.kind == VariableDeclarationKind::Const => {
                    for declarator in &declaration.declarations {
                        if let Some(Expression::CallExpression(call)) = &declarator.init
                            && let Some(specifier) = required(call)
                            && !self.declared.contains("require")
                            && !modules::is_own(specifier)
                        {
                            self.bind(&declarator.id, Known::Name(modules::module(specifier)));
                        }
                    }
                }
                _ => {}
            }
        }
        doubts
    }

    fn import_declaration(&mut self, import: &ImportDeclaration<'_>, doubts: &mut Vec<Doubt>) {
        let specifier = import.source.value.as_str();
        let mut has_values = false;
        for part in import.specifiers.iter().flatten() {
            let (local, name) = match part {
                ImportDeclarationSpecifier::ImportSpecifier(part) if part.import_kind == ImportOrExportKind::Type => {
                    continue;
                }
                ImportDeclarationSpecifier::ImportSpecifier(part) => {
                    (part.local.name.as_str(), Some(part.imported.name().to_string()))
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(part) => (part.local.name.as_str(), None),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(part) => (part.local.name.as_str(), None),
            };
            has_values = true;
            self.bind_import(local, specifier, name.as_deref());
        }
        // An import of types alone is not there when the file runs.
        if has_values || import.specifiers.as_ref().is_none_or(|parts| parts.is_empty()) {
            self.imported(specifier, import.span, has_values, doubts);
        }
    }

    fn bind_import(&mut self, local: &str, specifier: &str, name: Option<&str>) {
        if modules::is_own(specifier) {
            return;
        }
        let module = modules::module(specifier);
        let name = name.map_or_else(|| module.clone(), |name| modules::part(&module, name));
        self.bindings.insert(local.to_owned(), Known::Name(name));
    }

    fn imported(&mut self, specifier: &str, span: Span, has_values: bool, doubts: &mut Vec<Doubt>) {
        if modules::is_dotenv_config(specifier) {
            self.step(span, Action::LoadByImport);
            return;
        }
        let is_harmless = if has_values {
            modules::import_is_harmless(specifier)
        } else {
            modules::bare_import_is_harmless(specifier) || specifier.ends_with(".json")
        };
        if !is_harmless {
            doubts.push(Doubt { line: (self.line_of)(span.start), name: None, reach: Reach::All });
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::VariableDeclaration(declaration) => self.variables(declaration),
            Statement::ExportDeclaration(export) => {
                if let Declaration::VariableDeclaration(declaration) = &export.declaration {
                    self.variables(declaration);
                }
            }
            Statement::ExpressionStatement(statement) => drop(self.expression(&statement.expression)),
            Statement::ExportDefaultDeclaration(export) => {
                let known = match &export.declaration {
                    ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return,
                    declaration => declaration.as_expression().map(|expression| self.expression(expression)),
                };
                self.exports.push(known.unwrap_or(Known::Unknown(export.span.start)));
            }
            Statement::TSExportAssignment(export) => {
                let known = self.expression(&export.expression);
                self.exports.push(known);
            }
            Statement::BlockStatement(block) => self.block(&block.body),
            Statement::IfStatement(branch) => {
                let condition = self.condition(&branch.test);
                let negated = condition.clone().map(Condition::negated);
                self.within(condition, |this| this.block(std::slice::from_ref(&branch.consequent)));
                if let Some(alternate) = &branch.alternate {
                    self.within(negated, |this| this.block(std::slice::from_ref(alternate)));
                }
            }
            Statement::TryStatement(attempt) => {
                let before = (self.steps.len(), self.handled.clone());
                let was_caught = std::mem::replace(&mut self.is_caught, attempt.handler.is_some());
                self.block(&attempt.block.body);
                self.is_caught = was_caught;
                let taken = self.steps.get(before.0..).unwrap_or_default();
                let is_certain = attempt.handler.is_none() || self.are_taken(taken, &attempt.block.body);
                if !is_certain {
                    self.steps.truncate(before.0);
                    self.handled = before.1;
                }
            }
            Statement::ForOfStatement(statement) => self.for_each(statement),
            _ => {}
        }
    }

    /// Returns whether the steps of a `try` are taken whatever fails in it: after a statement that does, the others are not run.
    fn are_taken(&self, steps: &[Step], statements: &[Statement<'_>]) -> bool {
        let may_fail = |step: &Step| match &step.action {
            Action::LoadIfAny { .. } => true,
            Action::Assign { value, .. } => value.may_fail(),
            _ => false,
        };
        let is_handled = |expression: &Expression<'_>| {
            let inner = match expression.get_inner_expression() {
                Expression::AwaitExpression(awaited) => awaited.argument.get_inner_expression(),
                inner => inner,
            };
            self.handled.contains(&inner.span())
        };
        // What loads a module that is known, as `const { config } = require('dotenv')`, is expected to find it.
        let is_step = |statement: &Statement<'_>| match statement {
            Statement::ExpressionStatement(statement) => is_handled(&statement.expression),
            Statement::VariableDeclaration(declaration) => {
                declaration.declarations.iter().all(|declarator| declarator.init.as_ref().is_some_and(is_handled))
            }
            _ => false,
        };
        let Some((last, others)) = steps.split_last() else { return true };
        // That the last one loads nothing where there is no file is what it says.
        let last_is_taken = matches!(last.action, Action::LoadIfAny { .. }) || !may_fail(last);
        let is_one = steps.len() == 1 && statements.len() == 1;
        last_is_taken && !others.iter().any(may_fail) && (is_one || statements.iter().all(is_step))
    }

    /// Runs statements whose declarations hold for them alone.
    fn block(&mut self, statements: &[Statement<'_>]) {
        let around = (self.declared.clone(), self.bindings.clone());
        self.declare(statements);
        for statement in statements {
            self.statement(statement);
        }
        (self.declared, self.bindings) = around;
    }

    fn variables(&mut self, declaration: &VariableDeclaration<'_>) {
        for declarator in &declaration.declarations {
            let Some(init) = &declarator.init else { continue };
            let known = self.expression(init);
            // What may be assigned again is not constant.
            if declaration.kind == VariableDeclarationKind::Const {
                self.bind(&declarator.id, known);
            }
        }
    }

    /// `for (const path of ['.env.local', '.env']) config({ path })`
    fn for_each(&mut self, statement: &ForOfStatement<'_>) {
        const MOST: usize = 16;
        let Known::List(list) = self.expression(&statement.right) else { return };
        let ForStatementLeft::VariableDeclaration(declaration) = &statement.left else { return };
        let mut jumps = Jumps::default();
        jumps.visit_statement(&statement.body);
        if list.len() > MOST || jumps.found || statement.r#await {
            return;
        }
        let around = (self.declared.clone(), self.bindings.clone());
        for item in list {
            for declarator in &declaration.declarations {
                let mut names = Declared::default();
                names.visit_binding_pattern(&declarator.id);
                self.declared.extend(names.found);
                self.bind(&declarator.id, item.clone());
            }
            self.block(std::slice::from_ref(&statement.body));
        }
        (self.declared, self.bindings) = around;
    }

    fn export_names(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            let specifiers = match statement {
                Statement::ExportNamedDeclaration(export) => &export.specifiers,
                Statement::ExportFromDeclaration(export) => &export.specifiers,
                _ => continue,
            };
            for specifier in specifiers.iter().filter(|specifier| specifier.exported.name() == "default") {
                let at = specifier.span.start;
                let known = match &specifier.local {
                    ModuleExportName::IdentifierReference(name) => self.identifier(name.name.as_str(), at),
                    _ => Known::Unknown(at),
                };
                self.exports.push(known);
            }
        }
    }

    pub(super) fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Known {
        let at = assignment.span.start;
        let right = self.expression(&assignment.right);
        let Some((object, name)) = self.target(&assignment.left) else {
            let is_plain = assignment.operator == AssignmentOperator::Assign;
            return if is_plain { right } else { Known::Unknown(at) };
        };
        if object == "process:env" {
            let operator = match assignment.operator {
                AssignmentOperator::Assign => Operator::Set,
                AssignmentOperator::LogicalNullish => Operator::IfUnset,
                AssignmentOperator::LogicalOr => Operator::IfEmpty,
                _ => return Known::Unknown(at),
            };
            if let Known::Text(value) = &right
                && *value != Value::Undefined
            {
                self.step(assignment.span, Action::Assign { name, operator, value: value.clone() });
            }
            return right;
        }
        let is_export = matches!(
            (object.as_str(), name.as_str()),
            (":module", "exports") | (":module.exports" | ":exports", "default")
        );
        if is_export && assignment.operator == AssignmentOperator::Assign {
            let is_certain = self.conditions.is_empty();
            self.exports.push(if is_certain { right.clone() } else { Known::Unknown(at) });
            self.handled.insert(assignment.span);
        }
        right
    }

    /// The object and the key of a member that is assigned.
    fn target(&mut self, target: &AssignmentTarget<'_>) -> Option<(String, String)> {
        let inner = target.as_simple_assignment_target()?;
        match inner.as_member_expression() {
            Some(member) => self.named_member(member),
            None => {
                let expression = inner.get_expression()?.get_inner_expression();
                self.named_member(expression.as_member_expression()?)
            }
        }
    }

    /// The object and the key of a member of something that has a name.
    pub(super) fn named_member(&mut self, member: &MemberExpression<'_>) -> Option<(String, String)> {
        let object = self.callee(member.object())?;
        let name = match member {
            MemberExpression::ComputedMemberExpression(computed) => match self.expression(&computed.expression) {
                Known::Text(Value::Literal(name)) => name,
                _ => return None,
            },
            MemberExpression::StaticMemberExpression(member) => member.property.name.to_string(),
            MemberExpression::PrivateFieldExpression(_) => return None,
        };
        Some((object, name))
    }

    pub(super) fn delete(&mut self, span: Span, argument: &Expression<'_>) {
        if let Some(member) = argument.get_inner_expression().as_member_expression()
            && let Some((object, name)) = self.named_member(member)
            && object == "process:env"
        {
            self.step(span, Action::Delete { name });
        }
    }

    /// `Object.assign(process.env, { NAME: 'value' })`
    pub(super) fn assign_all(&mut self, call: &CallExpression<'_>) -> Option<Known> {
        let [first, objects @ ..] = call.arguments.as_slice() else { return None };
        if self.callee(first.as_expression()?)? != "process:env" {
            return None;
        }
        let mut assigned: BTreeMap<String, Value> = BTreeMap::new();
        for object in objects {
            let Known::Object(object) = self.expression(object.as_expression()?) else { return None };
            if object.open.is_some() {
                return None;
            }
            for entry in object.entries {
                match entry.value {
                    Known::Text(value) if value != Value::Undefined => drop(assigned.insert(entry.key, value)),
                    _ => return None,
                }
            }
        }
        for (name, value) in assigned {
            self.step(call.span, Action::Assign { name, operator: Operator::Set, value });
        }
        None
    }
}

/// The module of `require('..')`.
fn required<'a>(call: &'a CallExpression<'_>) -> Option<&'a str> {
    let Expression::Identifier(callee) = &call.callee else { return None };
    let argument = call.arguments.first().filter(|_| callee.name == "require")?.as_expression()?;
    if let Expression::StringLiteral(specifier) = argument { Some(specifier.value.as_str()) } else { None }
}

/// The names that statements declare for what is around them.
#[derive(Default)]
struct Declared {
    found: Vec<String>,
}

impl<'a> Visit<'a> for Declared {
    fn visit_binding_identifier(&mut self, name: &BindingIdentifier<'a>) {
        self.found.push(name.name.to_string());
    }

    fn visit_function(&mut self, function: &Function<'a>, _: ScopeFlags) {
        self.found.extend(function.id.iter().map(|name| name.name.to_string()));
    }

    fn visit_expression(&mut self, _: &Expression<'a>) {}

    fn visit_block_statement(&mut self, _: &oxc_ast::ast::BlockStatement<'a>) {}

    fn visit_class(&mut self, class: &oxc_ast::ast::Class<'a>) {
        self.found.extend(class.id.iter().map(|name| name.name.to_string()));
    }
}

/// Whether a loop may end before its last turn.
#[derive(Default)]
struct Jumps {
    found: bool,
}

impl<'a> Visit<'a> for Jumps {
    fn visit_break_statement(&mut self, _: &BreakStatement<'a>) {
        self.found = true;
    }

    fn visit_continue_statement(&mut self, statement: &ContinueStatement<'a>) {
        self.found = true;
        walk::walk_continue_statement(self, statement);
    }
}
