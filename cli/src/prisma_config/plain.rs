//! Reads a plain configuration: one whose meaning follows from its text and from the variables, whatever else there is.
//!
//! What is read is a small language, and a file that has anything else in it is not plain ([`NotPlain`]):
//!
//! - imports of `prisma/config`, dotenv, `@next/env`, and Node's `path` and `url`; types from anywhere
//! - calls that load variables, and `process.env.NAME = ..`, before anything is computed from variables
//! - constants, and functions, which nothing calls
//! - one export: an object, with or without `defineConfig`, whose settings are texts
//!
//! Texts are strings, templates, `+`, `??`, `||`, `? :`, `process.env.NAME`, `env('NAME')`, and paths. Nothing else is called, made,
//! or assigned to, so that nothing can change what was read before.

use std::collections::{BTreeMap, HashMap};

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentExpression, AssignmentTarget, BindingPattern, CallExpression,
    ExportDefaultDeclarationKind, Expression, ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind,
    ObjectExpression, ObjectPropertyKind, Program, PropertyKey, PropertyKind, Statement, VariableDeclaration,
    VariableDeclarationKind,
};
use oxc_span::GetSpan;
use oxc_syntax::operator::{AssignmentOperator, BinaryOperator, LogicalOperator, UnaryOperator};

use super::{Action, KEYS, Place, paths};
use crate::value::{Condition, Value};

/// The offset of what is not plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotPlain(pub(super) u32);

type Result<T = ()> = std::result::Result<T, NotPlain>;

/// What a plain file says.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) values: BTreeMap<&'static str, Value>,
    /// The changes of the environment, each with its offset.
    pub(super) steps: Vec<(Action, u32)>,
}

/// Expressions that are nested deeper than this are not a setting that a person wrote.
const DEEPEST: usize = 64;

/// The sizes of values that are copied, together. Constants that double each other would be without end.
const MOST: usize = 1 << 20;

/// What a name or an expression stands for.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    Text(Value),
    Object(Vec<Entry>),
    List(Vec<Known>),
    Flag(bool),
    /// `import.meta.url`
    OwnUrl,
    /// A module or a function that is known.
    Function(Function),
    /// Something without an effect that is no setting.
    Other,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    key: String,
    value: Known,
    at: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    DefineConfig,
    Env,
    Dotenv,
    LoadNext,
    Join,
    Resolve,
    Dirname,
    FileUrlToPath,
    /// A module as a whole.
    Module(Module),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Module {
    Prisma,
    Dotenv,
    Next,
    Path,
    Url,
}

impl Module {
    fn of(specifier: &str) -> Option<Self> {
        Some(match specifier {
            "prisma/config" | "@prisma/config" => Self::Prisma,
            "dotenv" => Self::Dotenv,
            "@next/env" => Self::Next,
            "path" | "node:path" => Self::Path,
            "url" | "node:url" => Self::Url,
            _ => return None,
        })
    }

    fn part(self, name: &str) -> Option<Known> {
        Some(Known::Function(match (self, name) {
            (_, "default") => Function::Module(self),
            (Self::Prisma, "defineConfig") => Function::DefineConfig,
            (Self::Prisma, "env") => Function::Env,
            (Self::Dotenv, "config" | "configDotenv") => Function::Dotenv,
            (Self::Next, "loadEnvConfig") => Function::LoadNext,
            (Self::Path, "join") => Function::Join,
            (Self::Path, "resolve") => Function::Resolve,
            (Self::Path, "dirname") => Function::Dirname,
            (Self::Path, "posix") => Function::Module(Self::Path),
            (Self::Url, "fileURLToPath") => Function::FileUrlToPath,
            _ => return None,
        }))
    }
}

/// Reads a program.
pub(super) fn read(program: &Program<'_>, place: Place<'_>) -> Result<Plain> {
    let mut reader = Reader { place, names: HashMap::new(), steps: Vec::new(), is_settled: false, depth: 0, size: 0 };
    let mut export = None;
    // Imports and functions are there first, wherever they stand.
    for statement in &program.body {
        match statement {
            Statement::ImportDeclaration(import) => reader.import(import)?,
            Statement::FunctionDeclaration(function) if function.declare => {
                return Err(NotPlain(function.span.start));
            }
            Statement::FunctionDeclaration(function) => {
                let name = function.id.as_ref().map(|name| name.name.as_str()).unwrap_or_default();
                reader.declare(name, Known::Other, function.span.start)?;
            }
            _ => {}
        }
    }
    for statement in &program.body {
        let exported = match statement {
            Statement::ImportDeclaration(_)
            | Statement::FunctionDeclaration(_)
            | Statement::EmptyStatement(_)
            | Statement::TSTypeAliasDeclaration(_)
            | Statement::TSInterfaceDeclaration(_) => None,
            Statement::VariableDeclaration(declaration) => {
                reader.constants(declaration)?;
                None
            }
            Statement::ExpressionStatement(statement) => reader.statement(&statement.expression)?,
            Statement::ExportDefaultDeclaration(declaration) => match &declaration.declaration {
                ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => None,
                other => match other.as_expression() {
                    Some(expression) => Some(reader.expression(expression)?),
                    None => return Err(NotPlain(declaration.span.start)),
                },
            },
            Statement::TSExportAssignment(assignment) => Some(reader.expression(&assignment.expression)?),
            other => return Err(NotPlain(other.span().start)),
        };
        if let Some(known) = exported {
            // What is computed from variables from here on would be computed too late.
            reader.is_settled = true;
            if export.replace(known).is_some() {
                return Err(NotPlain(statement.span().start));
            }
        }
    }
    let has_no_settings = |statement: &Statement<'_>| {
        matches!(
            statement,
            Statement::ImportDeclaration(_)
                | Statement::EmptyStatement(_)
                | Statement::TSTypeAliasDeclaration(_)
                | Statement::TSInterfaceDeclaration(_)
        )
    };
    let whole = match export {
        Some(Known::Object(entries)) => entries,
        // A file whose text is a comment.
        None if program.body.iter().all(has_no_settings) => Vec::new(),
        _ => return Err(NotPlain(program.body.last().map_or(0, |statement| statement.span().start))),
    };
    let values = settings(&whole)?;
    Ok(Plain { values, steps: reader.steps })
}

/// The keys that Prisma knows. It refuses others, of which one may be meant to have the URL, as `datasources` is.
const TOP: [&str; 12] = [
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
];
const OF_DATASOURCE: [&str; 3] = ["url", "directUrl", "shadowDatabaseUrl"];

/// The settings of the exported object.
fn settings(whole: &[Entry]) -> Result<BTreeMap<&'static str, Value>> {
    let entry = |entries: &[Entry], key: &str| entries.iter().find(|entry| entry.key == key).cloned();
    // An adapter chooses a database by itself.
    if let Some(unknown) = whole.iter().find(|entry| !TOP.contains(&entry.key.as_str())) {
        return Err(NotPlain(unknown.at));
    }
    let mut values = BTreeMap::new();
    for key in KEYS {
        let found = match key.split_once('.') {
            None => entry(whole, key),
            Some((outer, inner)) => match entry(whole, outer) {
                Some(Entry { value: Known::Object(entries), .. }) => {
                    if outer == "datasource"
                        && let Some(unknown) = entries.iter().find(|entry| !OF_DATASOURCE.contains(&entry.key.as_str()))
                    {
                        return Err(NotPlain(unknown.at));
                    }
                    entry(&entries, inner)
                }
                Some(other) => return Err(NotPlain(other.at)),
                None => None,
            },
        };
        match found {
            Some(Entry { value: Known::Text(value), at, .. }) => {
                // A path by a variable is looked for before the variables are read.
                if key != "datasource.url" && !matches!(value, Value::Literal(_)) {
                    return Err(NotPlain(at));
                }
                values.insert(key, value);
            }
            Some(other) => return Err(NotPlain(other.at)),
            None => {}
        }
    }
    Ok(values)
}

struct Reader<'p> {
    place: Place<'p>,
    names: HashMap<String, Known>,
    steps: Vec<(Action, u32)>,
    /// Whether something was computed from variables, which must not change after that.
    is_settled: bool,
    depth: usize,
    /// The size of what was copied so far.
    size: usize,
}

impl Reader<'_> {
    fn declare(&mut self, name: &str, known: Known, at: u32) -> Result {
        // A name that stands for two things, or is one of the language.
        let is_taken = ["process", "undefined"].contains(&name) || self.names.contains_key(name);
        if is_taken {
            return Err(NotPlain(at));
        }
        self.names.insert(name.to_owned(), known);
        Ok(())
    }

    fn step(&mut self, action: Action, at: u32) -> Result {
        if self.is_settled {
            return Err(NotPlain(at));
        }
        self.steps.push((action, at));
        Ok(())
    }

    fn import(&mut self, import: &ImportDeclaration<'_>) -> Result {
        let at = import.span.start;
        let specifier = import.source.value.as_str();
        if import.import_kind == ImportOrExportKind::Type {
            return Ok(());
        }
        if matches!(specifier, "dotenv/config" | "dotenv/config.js") {
            if import.specifiers.as_ref().is_some_and(|parts| !parts.is_empty()) {
                return Err(NotPlain(at));
            }
            return self.step(Action::LoadByImport, at);
        }
        let module = Module::of(specifier);
        for part in import.specifiers.iter().flatten() {
            let (local, name) = match part {
                ImportDeclarationSpecifier::ImportSpecifier(part) => {
                    let name = part.imported.name().to_string();
                    // Types, imported without a word of it.
                    let is_type = part.import_kind == ImportOrExportKind::Type || name == "PrismaConfig";
                    if is_type && module.is_some() {
                        continue;
                    }
                    (part.local.name.as_str(), name)
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(part) => {
                    (part.local.name.as_str(), "default".to_owned())
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(part) => {
                    (part.local.name.as_str(), "default".to_owned())
                }
            };
            let known = module.and_then(|module| module.part(&name)).ok_or(NotPlain(at))?;
            self.declare(local, known, at)?;
        }
        // Of any other module, the import of nothing runs it all the same.
        module.map(drop).ok_or(NotPlain(at))
    }

    /// `const url = ..`, and `const path = require('path')`.
    fn constants(&mut self, declaration: &VariableDeclaration<'_>) -> Result {
        let at = declaration.span.start;
        // An ambient one is declared elsewhere.
        if declaration.kind != VariableDeclarationKind::Const || declaration.declare {
            return Err(NotPlain(at));
        }
        for declarator in &declaration.declarations {
            let init = declarator.init.as_ref().ok_or(NotPlain(at))?;
            let required = match init {
                Expression::CallExpression(call) => self.required(call),
                _ => None,
            };
            match (&declarator.id, required) {
                (BindingPattern::BindingIdentifier(name), None) => {
                    let known = self.any(init)?;
                    self.is_settled |= depends_on_variables(&known);
                    self.declare(name.name.as_str(), known, at)?;
                }
                (BindingPattern::BindingIdentifier(name), Some(module)) => {
                    self.declare(name.name.as_str(), Known::Function(Function::Module(module)), at)?;
                }
                (BindingPattern::ObjectPattern(pattern), Some(module)) if pattern.rest.is_none() => {
                    for property in &pattern.properties {
                        let name = property.key.static_name().ok_or(NotPlain(at))?;
                        let BindingPattern::BindingIdentifier(local) = &property.value else {
                            return Err(NotPlain(at));
                        };
                        let known = module.part(&name).ok_or(NotPlain(at))?;
                        self.declare(local.name.as_str(), known, at)?;
                    }
                }
                _ => return Err(NotPlain(at)),
            }
        }
        Ok(())
    }

    /// The module that `require('..')` loads, where it is known.
    fn required(&self, call: &CallExpression<'_>) -> Option<Module> {
        let Expression::Identifier(callee) = &call.callee else { return None };
        match (callee.name.as_str(), call.arguments.as_slice()) {
            ("require", [Argument::StringLiteral(specifier)]) if !self.names.contains_key("require") => {
                Module::of(specifier.value.as_str())
            }
            _ => None,
        }
    }

    /// A statement that loads variables, sets one, or exports; returns what it exports.
    fn statement(&mut self, expression: &Expression<'_>) -> Result<Option<Known>> {
        let at = expression.span().start;
        match expression {
            Expression::CallExpression(call) => self.load(call).map(|()| None),
            Expression::AssignmentExpression(assignment) => self.assign(assignment),
            _ => Err(NotPlain(at)),
        }
    }

    fn load(&mut self, call: &CallExpression<'_>) -> Result {
        let at = call.span.start;
        if let Expression::Identifier(name) = &call.callee
            && name.name == "require"
            && !self.names.contains_key("require")
            && let [Argument::StringLiteral(specifier)] = call.arguments.as_slice()
            && specifier.value == "dotenv/config"
        {
            return self.step(Action::LoadByImport, at);
        }
        if self.is_member(&call.callee, "process", "loadEnvFile") {
            let path = match call.arguments.as_slice() {
                [] => Value::Literal(".env".to_owned()),
                [path] => self.text_argument(path, at)?,
                _ => return Err(NotPlain(at)),
            };
            return self.step(Action::LoadRequired { path }, at);
        }
        let action = match (self.callee(&call.callee)?, call.arguments.as_slice()) {
            (Function::Dotenv, []) => Action::LoadDefault,
            (Function::Dotenv, [options]) => self.dotenv(options, at)?,
            (Function::LoadNext, [folder]) => {
                Action::LoadForNext { folder: self.text_argument(folder, at)?, development: Condition::Constant(false) }
            }
            (Function::LoadNext, [folder, development]) => {
                let folder = self.text_argument(folder, at)?;
                let development = self.condition(development.as_expression().ok_or(NotPlain(at))?)?;
                Action::LoadForNext { folder, development }
            }
            _ => return Err(NotPlain(at)),
        };
        // Next.js reads the files once.
        let is_next = |action: &Action| matches!(action, Action::LoadForNext { .. });
        if is_next(&action) && self.steps.iter().any(|(earlier, _)| is_next(earlier)) {
            return Err(NotPlain(at));
        }
        self.step(action, at)
    }

    /// The options of `config` of dotenv.
    fn dotenv(&mut self, options: &Argument<'_>, at: u32) -> Result<Action> {
        let Known::Object(options) = self.expression(options.as_expression().ok_or(NotPlain(at))?)? else {
            return Err(NotPlain(at));
        };
        let (mut paths, mut overrides) = (None, false);
        for Entry { key, value, at } in options {
            match (key.as_str(), value) {
                ("path", Known::Text(path)) => paths = Some(vec![path]),
                ("path", Known::List(list)) => {
                    let text = |known| match known {
                        Known::Text(Value::Literal(path)) if !path.is_empty() => Ok(Value::Literal(path)),
                        _ => Err(NotPlain(at)),
                    };
                    paths = Some(list.into_iter().map(text).collect::<Result<_>>()?);
                }
                ("override", Known::Flag(flag)) => overrides = flag,
                ("quiet" | "debug", Known::Flag(_)) => {}
                _ => return Err(NotPlain(at)),
            }
        }
        Ok(match paths {
            None if !overrides => Action::LoadDefault,
            paths => {
                Action::Load { paths: paths.unwrap_or_else(|| vec![Value::Literal(".env".to_owned())]), overrides }
            }
        })
    }

    /// `process.env.NAME = ..`, or `module.exports = ..`.
    fn assign(&mut self, assignment: &AssignmentExpression<'_>) -> Result<Option<Known>> {
        let at = assignment.span.start;
        let (object, name) = match &assignment.left {
            AssignmentTarget::StaticMemberExpression(target) => (&target.object, target.property.name.to_string()),
            AssignmentTarget::ComputedMemberExpression(target) => match &target.expression {
                Expression::StringLiteral(name) => (&target.object, name.value.to_string()),
                _ => return Err(NotPlain(at)),
            },
            _ => return Err(NotPlain(at)),
        };
        if let Expression::Identifier(module) = object
            && module.name == "module"
            && name == "exports"
            && assignment.operator == AssignmentOperator::Assign
            && !self.names.contains_key("module")
        {
            return self.expression(&assignment.right).map(Some);
        }
        if !self.is_environment(object) {
            return Err(NotPlain(at));
        }
        // Whether a variable is set before depends on files, and those of dotenv decide which files are loaded.
        let Known::Text(Value::Literal(value)) = self.expression(&assignment.right)? else { return Err(NotPlain(at)) };
        if assignment.operator != AssignmentOperator::Assign || name.starts_with("DOTENV") || is_inherited(&name) {
            return Err(NotPlain(at));
        }
        self.step(Action::Assign { name, value }, at)?;
        Ok(None)
    }

    /// What an expression stands for. Of one that cannot be a setting it is enough that it has no effect.
    fn any(&mut self, expression: &Expression<'_>) -> Result<Known> {
        match self.expression(expression) {
            Err(NotPlain(at)) => {
                self.has_no_effect(expression).map_err(|NotPlain(inner)| NotPlain(at.max(inner)))?;
                Ok(Known::Other)
            }
            known => known,
        }
    }

    fn expression(&mut self, expression: &Expression<'_>) -> Result<Known> {
        let at = expression.span().start;
        if self.depth >= DEEPEST {
            return Err(NotPlain(at));
        }
        self.depth += 1;
        let known = self.shallow(expression, at);
        self.depth -= 1;
        known
    }

    fn shallow(&mut self, expression: &Expression<'_>, at: u32) -> Result<Known> {
        Ok(match expression {
            Expression::StringLiteral(text) if !text.lone_surrogates => {
                Known::Text(Value::Literal(text.value.to_string()))
            }
            Expression::BooleanLiteral(flag) => Known::Flag(flag.value),
            Expression::TemplateLiteral(template) => {
                let mut parts = Vec::new();
                let mut holes = template.expressions.iter();
                for quasi in &template.quasis {
                    let cooked = quasi.value.cooked.as_ref().filter(|_| !quasi.lone_surrogates);
                    parts.push(Value::Literal(cooked.ok_or(NotPlain(at))?.to_string()));
                    if let Some(hole) = holes.next() {
                        parts.push(self.text(hole)?);
                    }
                }
                Known::Text(joined(parts))
            }
            Expression::Identifier(identifier) => self.name(identifier.name.as_str(), at)?,
            Expression::ParenthesizedExpression(inner) => self.expression(&inner.expression)?,
            Expression::TSAsExpression(inner) => self.expression(&inner.expression)?,
            Expression::TSSatisfiesExpression(inner) => self.expression(&inner.expression)?,
            Expression::TSTypeAssertion(inner) => self.expression(&inner.expression)?,
            Expression::TSNonNullExpression(inner) => self.expression(&inner.expression)?,
            Expression::ArrayExpression(array) => {
                let mut list = Vec::new();
                for element in &array.elements {
                    match element {
                        ArrayExpressionElement::SpreadElement(_) | ArrayExpressionElement::Elision(_) => {
                            return Err(NotPlain(at));
                        }
                        element => list.push(self.any(element.as_expression().ok_or(NotPlain(at))?)?),
                    }
                }
                Known::List(list)
            }
            Expression::ObjectExpression(object) => Known::Object(self.object(object)?),
            Expression::StaticMemberExpression(member) if self.is_environment(&member.object) => {
                variable(member.property.name.to_string(), at)?
            }
            Expression::ComputedMemberExpression(member) if self.is_environment(&member.object) => {
                match self.expression(&member.expression)? {
                    Known::Text(Value::Literal(name)) => variable(name, at)?,
                    _ => return Err(NotPlain(at)),
                }
            }
            Expression::StaticMemberExpression(member) => match (&member.object, member.property.name.as_str()) {
                (Expression::ImportMeta(_), "url") => Known::OwnUrl,
                (Expression::ImportMeta(_), "dirname") => Known::Text(Value::Literal(self.folder(at)?)),
                (Expression::ImportMeta(_), "filename") => Known::Text(Value::Literal(self.own_path(at)?)),
                (object, name) => match self.expression(object)? {
                    Known::Function(Function::Module(module)) => module.part(name).ok_or(NotPlain(at))?,
                    _ => return Err(NotPlain(at)),
                },
            },
            Expression::BinaryExpression(binary) if binary.operator == BinaryOperator::Addition => {
                Known::Text(joined(vec![self.text(&binary.left)?, self.text(&binary.right)?]))
            }
            Expression::LogicalExpression(logical) => {
                let (left, right) = (Box::new(self.optional(&logical.left)?), Box::new(self.text(&logical.right)?));
                Known::Text(match logical.operator {
                    LogicalOperator::Or => Value::Or(left, right),
                    LogicalOperator::Coalesce => Value::Nullish(left, right),
                    LogicalOperator::And => return Err(NotPlain(at)),
                })
            }
            Expression::ConditionalExpression(conditional) => {
                let condition = self.condition(&conditional.test)?;
                let then = Box::new(self.text(&conditional.consequent)?);
                let otherwise = Box::new(self.text(&conditional.alternate)?);
                Known::Text(Value::Choice(Box::new(condition), then, otherwise))
            }
            Expression::CallExpression(call) => self.call(call, at)?,
            _ => return Err(NotPlain(at)),
        })
    }

    fn name(&mut self, name: &str, at: u32) -> Result<Known> {
        if let Some(known) = self.names.get(name) {
            self.size += size(known);
            return if self.size > MOST { Err(NotPlain(at)) } else { Ok(known.clone()) };
        }
        match name {
            "__dirname" => Ok(Known::Text(Value::Literal(self.folder(at)?))),
            "__filename" => Ok(Known::Text(Value::Literal(self.own_path(at)?))),
            // Their imports are missing, which Prisma will say.
            "defineConfig" => Ok(Known::Function(Function::DefineConfig)),
            "env" => Ok(Known::Function(Function::Env)),
            "path" => Ok(Known::Function(Function::Module(Module::Path))),
            _ => Err(NotPlain(at)),
        }
    }

    fn text(&mut self, expression: &Expression<'_>) -> Result<Value> {
        match self.expression(expression)? {
            Known::Text(value) => Ok(value),
            _ => Err(NotPlain(expression.span().start)),
        }
    }

    /// A text that may be missing. A variable that is not set is `undefined` by itself, and a word where it is a part of a text.
    fn optional(&mut self, expression: &Expression<'_>) -> Result<Value> {
        match self.text(expression)? {
            Value::Concatenation(_) => Err(NotPlain(expression.span().start)),
            value => Ok(value),
        }
    }

    fn text_argument(&mut self, argument: &Argument<'_>, at: u32) -> Result<Value> {
        self.text(argument.as_expression().ok_or(NotPlain(at))?)
    }

    /// A condition on variables. A variable is `undefined` or a string, and what it is compared with is a string.
    fn condition(&mut self, expression: &Expression<'_>) -> Result<Condition> {
        let at = expression.span().start;
        match expression {
            Expression::ParenthesizedExpression(inner) => self.condition(&inner.expression),
            Expression::BooleanLiteral(flag) => Ok(Condition::Constant(flag.value)),
            Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::LogicalNot => {
                self.condition(&unary.argument).map(Condition::negated)
            }
            Expression::BinaryExpression(binary) => {
                let is_equal = match binary.operator {
                    BinaryOperator::StrictEquality | BinaryOperator::Equality => true,
                    BinaryOperator::StrictInequality | BinaryOperator::Inequality => false,
                    _ => return Err(NotPlain(at)),
                };
                let equal = Condition::Equal(self.optional(&binary.left)?, self.optional(&binary.right)?);
                Ok(if is_equal { equal } else { equal.negated() })
            }
            other => self.optional(other).map(Condition::Filled),
        }
    }

    fn object(&mut self, object: &ObjectExpression<'_>) -> Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut set = |entry: Entry| {
            entries.retain(|other| other.key != entry.key);
            entries.push(entry);
        };
        for property in &object.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => match self.expression(&spread.argument)? {
                    Known::Object(others) => others.into_iter().for_each(&mut set),
                    _ => return Err(NotPlain(spread.span.start)),
                },
                ObjectPropertyKind::ObjectProperty(property) => {
                    let at = property.span.start;
                    let key = match &property.key {
                        PropertyKey::StaticIdentifier(name) => name.name.to_string(),
                        PropertyKey::StringLiteral(name) => name.value.to_string(),
                        _ => return Err(NotPlain(at)),
                    };
                    if property.computed || property.kind != PropertyKind::Init || key == "__proto__" {
                        return Err(NotPlain(at));
                    }
                    set(Entry { key, value: self.any(&property.value)?, at });
                }
            }
        }
        Ok(entries)
    }

    fn callee(&mut self, callee: &Expression<'_>) -> Result<Function> {
        let at = callee.span().start;
        let known = match callee {
            // `require('dotenv').config()`
            Expression::StaticMemberExpression(member) if matches!(member.object, Expression::CallExpression(_)) => {
                let Expression::CallExpression(call) = &member.object else { return Err(NotPlain(at)) };
                let module = self.required(call).ok_or(NotPlain(at))?;
                module.part(member.property.name.as_str()).ok_or(NotPlain(at))?
            }
            callee => self.expression(callee)?,
        };
        if let Known::Function(function) = known { Ok(function) } else { Err(NotPlain(at)) }
    }

    fn call(&mut self, call: &CallExpression<'_>, at: u32) -> Result<Known> {
        if self.is_member(&call.callee, "process", "cwd") && call.arguments.is_empty() {
            return path_text(self.place.root, at).map(|root| Known::Text(Value::Literal(root)));
        }
        let function = self.callee(&call.callee)?;
        let text = match (function, call.arguments.as_slice()) {
            (Function::DefineConfig, [config]) => return self.expression(config.as_expression().ok_or(NotPlain(at))?),
            (Function::Env, [name]) => match self.text_argument(name, at)? {
                Value::Literal(name) => Value::Required(Box::new(Value::Environment(name))),
                _ => return Err(NotPlain(at)),
            },
            (Function::Join, parts) => Value::Literal(paths::join(&self.literals(parts, at)?)),
            (Function::Resolve, parts) => {
                let root = path_text(self.place.root, at)?;
                Value::Literal(paths::resolve(&root, &self.literals(parts, at)?))
            }
            (Function::Dirname, [Argument::CallExpression(inner)]) => match self.call(inner, at)? {
                Known::Text(Value::Literal(path)) if path == self.own_path(at)? => Value::Literal(self.folder(at)?),
                _ => return Err(NotPlain(at)),
            },
            (Function::Dirname, [Argument::Identifier(name)]) => match self.name(name.name.as_str(), at)? {
                Known::Text(Value::Literal(path)) if path == self.own_path(at)? => Value::Literal(self.folder(at)?),
                _ => return Err(NotPlain(at)),
            },
            (Function::FileUrlToPath, [url]) => match self.expression(url.as_expression().ok_or(NotPlain(at))?)? {
                Known::OwnUrl => Value::Literal(self.own_path(at)?),
                _ => return Err(NotPlain(at)),
            },
            _ => return Err(NotPlain(at)),
        };
        Ok(Known::Text(text))
    }

    fn literals(&mut self, arguments: &[Argument<'_>], at: u32) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for argument in arguments {
            match self.text_argument(argument, at)? {
                Value::Literal(text) => texts.push(text),
                _ => return Err(NotPlain(at)),
            }
        }
        Ok(texts)
    }

    /// Checks that an expression does nothing when it is evaluated: it calls nothing, makes nothing, and assigns nothing.
    fn has_no_effect(&mut self, expression: &Expression<'_>) -> Result {
        let at = expression.span().start;
        if self.depth >= DEEPEST {
            return Err(NotPlain(at));
        }
        self.depth += 1;
        let result = match expression {
            Expression::NumericLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::RegExpLiteral(_)
            | Expression::Identifier(_)
            | Expression::FunctionExpression(_)
            | Expression::ArrowFunctionExpression(_) => Ok(()),
            Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::UnaryNegation => {
                self.has_no_effect(&unary.argument)
            }
            Expression::ParenthesizedExpression(inner) => self.has_no_effect(&inner.expression),
            Expression::TSAsExpression(inner) => self.has_no_effect(&inner.expression),
            Expression::TSSatisfiesExpression(inner) => self.has_no_effect(&inner.expression),
            _ => Err(NotPlain(at)),
        };
        self.depth -= 1;
        result
    }

    /// `process.env`
    fn is_environment(&self, expression: &Expression<'_>) -> bool {
        self.is_member(expression, "process", "env")
    }

    /// Returns whether an expression is `object.name` of a global object.
    fn is_member(&self, expression: &Expression<'_>, object: &str, name: &str) -> bool {
        matches!(expression, Expression::StaticMemberExpression(member)
            if member.property.name == name
                && matches!(&member.object, Expression::Identifier(of) if of.name == object)
                && !self.names.contains_key(object))
    }

    fn folder(&self, at: u32) -> Result<String> {
        path_text(self.place.file.parent().ok_or(NotPlain(at))?, at)
    }

    fn own_path(&self, at: u32) -> Result<String> {
        path_text(self.place.file, at)
    }
}

/// A variable, by a name that is none of each object.
fn variable(name: String, at: u32) -> Result<Known> {
    if is_inherited(&name) { Err(NotPlain(at)) } else { Ok(Known::Text(Value::Environment(name))) }
}

/// Returns whether each object of JavaScript has a member of this name.
fn is_inherited(name: &str) -> bool {
    const OF_EACH_OBJECT: [&str; 7] = [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ];
    name.starts_with("__") || OF_EACH_OBJECT.contains(&name)
}

/// Joins texts to one, which is a text whatever its parts are.
fn joined(parts: Vec<Value>) -> Value {
    match Value::concatenation(parts) {
        Value::Literal(text) => Value::Literal(text),
        Value::Concatenation(parts) => Value::Concatenation(parts),
        other => Value::Concatenation(vec![other]),
    }
}

/// A path as JavaScript has it. One that would end a URL's path cannot stand in a URL.
fn path_text(path: &std::path::Path, at: u32) -> Result<String> {
    let text = path.to_str().filter(|path| !path.contains(['?', '#', '\\']));
    text.map(str::to_owned).ok_or(NotPlain(at))
}

fn depends_on_variables(known: &Known) -> bool {
    match known {
        Known::Text(value) => !value.variables().is_empty(),
        Known::Object(entries) => entries.iter().any(|entry| depends_on_variables(&entry.value)),
        Known::List(list) => list.iter().any(depends_on_variables),
        Known::Flag(_) | Known::OwnUrl | Known::Function(_) | Known::Other => false,
    }
}

fn size(known: &Known) -> usize {
    1 + match known {
        Known::Text(value) => value.size(),
        Known::Object(entries) => entries.iter().map(|entry| entry.key.len() + size(&entry.value)).sum(),
        Known::List(list) => list.iter().map(size).sum(),
        Known::Flag(_) | Known::OwnUrl | Known::Function(_) | Known::Other => 0,
    }
}
