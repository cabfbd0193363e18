//! The configuration that a draft is made under: the datasource, the generators, and what their flags switch on.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::messages::configuration as messages;
use crate::model::{ConfigValue, Datasource, Generator, Provider, RelationMode};
use crate::source::Span;

/// The configuration of a schema.
pub(crate) struct Config {
    pub(crate) datasource: Option<Datasource>,
    /// The name of the datasource block, also where the rest of it is wrong.
    pub(crate) datasource_name: Option<String>,
    pub(crate) generators: Vec<Generator>,
    /// The features that the preview flags of the generators switch on.
    pub(crate) features: Features,
    /// True if the schema is for a database that Purlin does not know.
    pub(crate) foreign: bool,
}

impl Config {
    /// The database, where it is known.
    pub(crate) fn provider(&self) -> Option<Provider> {
        self.datasource.as_ref().map(|datasource| datasource.provider)
    }

    /// Who keeps the relations whole.
    pub(crate) fn relation_mode(&self) -> RelationMode {
        self.datasource.as_ref().map(|datasource| datasource.relation_mode).unwrap_or_default()
    }

    /// The database's schemas that models may be in.
    pub(crate) fn schemas(&self) -> &[String] {
        self.datasource.as_ref().map_or(&[], |datasource| &datasource.schemas)
    }
}

/// The features that preview flags switch on.
///
/// The flags are those of Prisma's tools, which refuse what they guard without them. Purlin needs none: once a
/// generator of its own is in the schema, everything is on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    flags: HashSet<String>,
    /// True if some generator is Purlin's.
    own: bool,
}

impl Features {
    /// Collects the features that these generators switch on together.
    pub(crate) fn of(generators: &[Generator]) -> Self {
        let mut features = Self::default();
        for generator in generators {
            features.own |= generator.provider.starts_with("purlin");
            for (name, value) in &generator.config {
                match value {
                    _ if name != "previewFeatures" => {}
                    ConfigValue::List(flags) => features.flags.extend(flags.iter().cloned()),
                    ConfigValue::String(flag) => features.flags.extend([flag.clone()]),
                }
            }
        }
        features
    }

    /// Reports `what` where it needs a flag that is not set.
    pub(crate) fn require(&self, flag: &str, what: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
        if self.own || self.flags.iter().any(|set| set.eq_ignore_ascii_case(flag)) {
            return;
        }
        diagnostics.push(messages::preview_feature(span, what, flag));
    }
}
