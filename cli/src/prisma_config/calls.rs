//! The calls of functions that are known.

use std::path::Path;

use oxc_ast::ast::{Argument, CallExpression, Expression};
use oxc_span::Span;

use super::{Action, Step, evaluate::Evaluator, known::Known, modules};
use crate::value::{Condition, Value};

impl Evaluator<'_> {
    pub(super) fn call(&mut self, call: &CallExpression<'_>) -> Known {
        let at = call.span.start;
        self.known_call(call).unwrap_or(Known::Unknown(at))
    }

    fn known_call(&mut self, call: &CallExpression<'_>) -> Option<Known> {
        let name = self.callee(&call.callee)?;
        let first = call.arguments.first().and_then(Argument::as_expression);
        match name.as_str() {
            "prisma/config:defineConfig" | ":Object.freeze" => Some(self.expression(first?)),
            "prisma/config:env" => match self.expression(first?) {
                Known::Text(Value::Literal(name)) => Some(Known::Text(Value::Required(Box::new(self.variable(&name))))),
                _ => None,
            },
            "process:cwd" => Some(self.path_text(self.place.root, call.span.start)),
            "path:join" => {
                let parts = self.paths(&call.arguments)?;
                let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
                Some(path(&parts.join("/")))
            }
            "path:resolve" => {
                let parts = self.paths(&call.arguments)?;
                let root = self.path_text(self.place.root, call.span.start);
                let Known::Text(Value::Literal(root)) = root else { return None };
                let mut whole = Path::new(&root).to_owned();
                whole.extend(parts);
                Some(path(whole.to_str()?))
            }
            "path:dirname" => match self.expression(first?) {
                Known::Text(Value::Literal(text)) => {
                    let folder = Path::new(&text).parent()?.to_str()?;
                    Some(literal(if folder.is_empty() { "." } else { folder }))
                }
                _ => None,
            },
            "url:fileURLToPath" => match self.expression(first?) {
                Known::Location(path) => Some(literal(&path)),
                _ => None,
            },
            "module:createRequire" => Some(Known::Name(":require".to_owned())),
            ":String" => self.text(first?).map(|value| Known::Text(Value::Concatenation(vec![value]))),
            ":Boolean" => self.condition(first?).map(Known::Flag),
            "fs:existsSync" => match self.expression(first?) {
                Known::Text(path) => Some(Known::Flag(Condition::Exists(path))),
                Known::Location(path) => Some(Known::Flag(Condition::Exists(Value::Literal(path)))),
                _ => None,
            },
            ":require" => match self.expression(first?) {
                Known::Text(Value::Literal(specifier)) if !modules::is_own(&specifier) => {
                    Some(self.import(&specifier, call.span))
                }
                _ => None,
            },
            "dotenv-expand:expand" | "dotenv-expand:" => {
                // Its argument loads the variables; all files are expanded.
                let argument = first?;
                let is_load = |this: &mut Self, call: &CallExpression<'_>| {
                    this.callee(&call.callee).is_some_and(|name| is_dotenv(&name))
                };
                if matches!(argument, Expression::CallExpression(inner) if is_load(self, inner)) {
                    let before = self.steps.len();
                    self.expression(argument);
                    if self.steps.len() > before {
                        self.handled.insert(call.span);
                    }
                }
                None
            }
            "process:loadEnvFile" => {
                let path = match first {
                    Some(path) => match self.expression(path) {
                        Known::Text(Value::Undefined) => literal_value(".env"),
                        Known::Text(path) => path,
                        Known::Location(path) => Value::Literal(path),
                        _ => return None,
                    },
                    None => literal_value(".env"),
                };
                let action = if self.is_caught { Action::LoadIfAny { path } } else { Action::LoadRequired { path } };
                self.step(call.span, action);
                None
            }
            "@next/env:loadEnvConfig" => {
                let folder = self.text(first?)?;
                let development = match call.arguments.get(1) {
                    Some(flag) => self.condition(flag.as_expression()?)?,
                    None => Condition::Constant(false),
                };
                // Next.js reads the files once.
                let is_first = !self.steps.iter().any(|step| matches!(step.action, Action::LoadForNext { .. }));
                if is_first && call.arguments.len() <= 3 {
                    self.step(call.span, Action::LoadForNext { folder, development });
                }
                None
            }
            ":Object.assign" => self.assign_all(call),
            name if is_dotenv(name) => {
                let action = self.dotenv(first, call.arguments.len())?;
                self.step(call.span, action);
                None
            }
            _ => None,
        }
    }

    /// The options of `config` of dotenv.
    fn dotenv(&mut self, options: Option<&Expression<'_>>, count: usize) -> Option<Action> {
        // Before anything was read, it makes no difference when the variables are loaded.
        let is_start = self.conditions.is_empty() && !self.has_read_environment;
        let default = if is_start {
            Action::LoadDefault
        } else {
            Action::Load { paths: vec![literal_value(".env")], overrides: false }
        };
        if count == 0 {
            return Some(default);
        }
        let options = match self.expression(options.filter(|_| count == 1)?) {
            Known::Object(options) if options.open.is_none() => options,
            Known::Text(Value::Undefined) => return Some(default),
            _ => return None,
        };
        if ["processEnv", "DOTENV_KEY"].iter().any(|key| options.entry(key).is_some()) {
            return None;
        }
        let overrides = match options.entry("override").map(|entry| &entry.value) {
            None | Some(Known::Text(Value::Undefined)) => false,
            Some(Known::Flag(Condition::Constant(overrides))) => *overrides,
            Some(_) => return None,
        };
        let one = |known: &Known| match known {
            Known::Text(Value::Undefined) => Some(literal_value(".env")),
            Known::Text(path) => Some(path.clone()),
            Known::Location(path) => Some(Value::Literal(path.clone())),
            _ => None,
        };
        match options.entry("path").map(|entry| &entry.value) {
            None | Some(Known::Text(Value::Undefined)) if !overrides => Some(default),
            None => Some(Action::Load { paths: vec![literal_value(".env")], overrides }),
            Some(Known::List(list)) => {
                Some(Action::Load { paths: list.iter().map(one).collect::<Option<_>>()?, overrides })
            }
            Some(path) => Some(Action::Load { paths: vec![one(path)?], overrides }),
        }
    }

    /// A module that is imported by a call.
    pub(super) fn import(&mut self, specifier: &str, span: Span) -> Known {
        if modules::is_dotenv_config(specifier) {
            let is_start = self.conditions.is_empty() && !self.has_read_environment;
            let late = Action::Load { paths: vec![literal_value(".env")], overrides: false };
            self.step(span, if is_start { Action::LoadByImport } else { late });
        } else if modules::import_is_harmless(specifier) {
            self.handled.insert(span);
        }
        Known::Name(modules::module(specifier))
    }

    /// Adds a step, unless it is not known whether it is taken.
    pub(super) fn step(&mut self, span: Span, action: Action) {
        let Some(conditions) = self.conditions.iter().cloned().collect::<Option<Vec<Condition>>>() else { return };
        // What is loaded later does not replace what is set here.
        self.has_read_environment |= matches!(action, Action::Assign { .. } | Action::Delete { .. });
        self.steps.push(Step { line: (self.line_of)(span.start), conditions, action });
        self.handled.insert(span);
    }

    /// The arguments, where each is a path that is known.
    fn paths(&mut self, arguments: &[Argument<'_>]) -> Option<Vec<String>> {
        let mut paths = Vec::new();
        for argument in arguments {
            match self.expression(argument.as_expression()?) {
                Known::Text(Value::Literal(path)) => paths.push(path),
                _ => return None,
            }
        }
        Some(paths)
    }

    /// `new URL('..', import.meta.url)`
    pub(super) fn url(&mut self, arguments: &[Argument<'_>]) -> Option<Known> {
        let [relative, base] = arguments else { return None };
        let Known::Text(Value::Literal(relative)) = self.expression(relative.as_expression()?) else { return None };
        let Known::Location(base) = self.expression(base.as_expression()?) else { return None };
        // Two slashes are the name of a host.
        let is_plain = relative.chars().all(is_plain) && !relative.starts_with("//");
        let folder = if base.ends_with('/') { Path::new(&base) } else { Path::new(&base).parent()? };
        let whole = crate::project::tidy(&folder.join(&relative));
        let whole = whole.to_str()?.replace('\\', "/");
        let is_folder = relative.ends_with('/') || matches!(relative.rsplit('/').next(), Some("." | ".." | ""));
        let end = if is_folder && !whole.ends_with('/') { "/" } else { "" };
        is_plain.then(|| Known::Location(format!("{whole}{end}")))
    }
}

fn is_dotenv(name: &str) -> bool {
    matches!(name, "dotenv:config" | "dotenv:configDotenv")
}

pub(super) fn literal(text: &str) -> Known {
    Known::Text(literal_value(text))
}

fn literal_value(text: &str) -> Value {
    Value::Literal(text.to_owned())
}

/// A path without `a/..` and `./`.
fn path(text: &str) -> Known {
    let path = crate::project::tidy(Path::new(text));
    let path = path.to_string_lossy().replace('\\', "/");
    literal(if path.is_empty() { "." } else { &path })
}

/// The URL of a file, where it has no character that is written in another way in a URL.
pub(super) fn url_text(path: &str) -> Option<String> {
    path.chars().all(is_plain).then(|| format!("file://{path}"))
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/._-~+@=".contains(character)
}
