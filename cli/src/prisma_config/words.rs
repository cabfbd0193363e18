//! Words after which the rest of a file means something else. A file that has one of them anywhere, as a name or as a text, is
//! not read: what follows from them would have to be known for every place that they reach.

use oxc_ast::ast::{IdentifierName, IdentifierReference, ModuleExportName, Program, StringLiteral};
use oxc_ast_visit::{Visit, walk};

/// The place of the first such word.
pub(super) fn find(program: &Program<'_>) -> Option<u32> {
    let mut finder = Finder { found: None };
    finder.visit_program(program);
    finder.found
}

/// `chdir` moves the folder that relative paths start from. dotenv fills the object `processEnv` instead of the environment,
/// and takes other files and settings from variables that begin with `DOTENV_`.
fn is_one(word: &str) -> bool {
    matches!(word, "chdir" | "processEnv") || word.starts_with("DOTENV_")
}

struct Finder {
    found: Option<u32>,
}

impl Finder {
    fn look(&mut self, word: &str, at: u32) {
        if is_one(word) {
            self.found.get_or_insert(at);
        }
    }
}

impl<'a> Visit<'a> for Finder {
    fn visit_identifier_name(&mut self, name: &IdentifierName<'a>) {
        self.look(name.name.as_str(), name.span.start);
    }

    fn visit_identifier_reference(&mut self, name: &IdentifierReference<'a>) {
        self.look(name.name.as_str(), name.span.start);
    }

    fn visit_module_export_name(&mut self, name: &ModuleExportName<'a>) {
        self.look(name.name().as_str(), oxc_span::GetSpan::span(name).start);
        walk::walk_module_export_name(self, name);
    }

    fn visit_string_literal(&mut self, text: &StringLiteral<'a>) {
        self.look(text.value.as_str(), text.span.start);
    }
}
