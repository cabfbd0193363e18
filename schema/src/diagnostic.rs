//! What is wrong with a schema, as data; [`crate::report`] draws it.

use crate::rules::{self, Stage};
use crate::source::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The schema cannot be used.
    Error,
    /// The schema can be used, but something in it deserves a look.
    Warning,
}

/// One finding about a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the rule, in kebab case, for tools and for searching the documentation.
    pub code: &'static str,
    /// What is wrong: names the thing and the place.
    pub message: String,
    /// The exact text that is meant.
    pub span: Span,
    /// A few words beside that text.
    pub label: String,
    /// Other text that has to do with it, with a few words each.
    pub related: Vec<(Span, String)>,
    /// How to put it right, where that is known.
    pub help: Option<String>,
    /// When it was found.
    pub stage: Stage,
}

impl Diagnostic {
    /// An error without label and help.
    pub(crate) fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        debug_assert!(rules::RULES.iter().any(|(known, _)| *known == code), "`{code}` is missing among the rules");
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            stage: rules::stage(code),
        }
    }

    /// A warning without label and help.
    pub(crate) fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Shows other text too.
    pub(crate) fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds `did you mean` where a candidate is close to what was written.
    pub(crate) fn suggest(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The finding of another stage than is usual for its code.
    pub(crate) fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }
}
