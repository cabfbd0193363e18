//! Findings about a schema as data; [`crate::report`] draws it.

use crate::rules::{Rule, Stage};
use crate::source::Span;

/// The weight of a finding.
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
    /// The weight of the finding: tells if the schema can be used all the same.
    pub severity: Severity,
    /// The rule that is broken.
    pub rule: Rule,
    /// The mistake: names the thing and the place.
    pub message: String,
    /// The exact text that is meant.
    pub span: Span,
    /// A few words beside that text.
    pub label: String,
    /// Other text that has to do with it, with a few words each.
    pub related: Vec<(Span, String)>,
    /// The way to fix it, where that is known.
    pub help: Option<String>,
    /// The time at which it was found: that of its rule, unless the place says otherwise.
    pub stage: Stage,
}

impl Severity {
    /// The word for it, as reports show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Diagnostic {
    /// The code of its rule: `references-no-key`.
    pub fn code(&self) -> &'static str {
        self.rule.code()
    }

    /// An error without label and help.
    pub(crate) fn error(rule: Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            stage: rule.stage(),
        }
    }

    /// A warning without label and help.
    pub(crate) fn warning(rule: Rule, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, span, message) }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Shows other text too.
    pub(crate) fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds "did you mean" where a candidate is close to what was written.
    pub(crate) fn suggest(self, suggestion: Option<&str>) -> Self {
        match suggestion {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Moves the finding to another stage than that of its rule.
    pub(crate) fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }
}
