//! Commands that are not there yet, or are typed without the word before them: who types one is told so, and what to do
//! instead.

use clap::{
    Command, CommandFactory,
    error::{ContextKind, ContextValue, Error, ErrorKind},
};

use crate::{args::Args, failure::Failure};

/// The last word of each, the whole of it, and what to do instead.
const COMMANDS: &[(&str, &str, &str)] = &[
    ("lsp", "purlin lsp", "`purlin validate --format json` tells an editor where the errors are"),
    ("docs", "purlin docs", "the comments of the schema are in the generated clients, where editors show them"),
    ("studio", "purlin studio", "look at the file with any browser of SQLite databases"),
    ("pull", "purlin db pull", "write the models by hand; `purlin migrate status` tells what still differs"),
    ("diff", "purlin migrate diff", "`purlin migrate dev --create-only --name <name>` writes the SQL of what changed"),
    ("lint", "purlin migrate lint", "`purlin migrate dev` itself says which values a migration loses"),
    ("squash", "purlin migrate squash", "keep the migrations as they are"),
    ("down", "purlin migrate down", "take the change out of the schema, and run `purlin migrate dev --name <name>`"),
    (
        "baseline",
        "purlin migrate baseline",
        "`purlin migrate dev --create-only --name init`, then `purlin migrate resolve --applied <migration>`",
    ),
    ("adopt", "purlin migrate adopt", "`purlin init` takes over a project of Prisma, its migrations included"),
];

/// What to say, when one of them was typed.
pub(crate) fn failure(error: &Error) -> Option<Failure> {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    if let Some((_, name, instead)) = COMMANDS.iter().find(|(word, ..)| word == typed) {
        return Some(Failure::trouble(format!("`{name}` is not there yet in this version")).with_remedy(*instead));
    }
    let mut commands = Vec::new();
    named(&Args::command(), typed, &mut Vec::new(), &mut commands);
    let commands: Vec<String> = commands.iter().map(|command| format!("`{command}`")).collect();
    // One that is like no other is answered by the list of all.
    (!commands.is_empty()).then(|| {
        Failure::trouble(format!("there is no command `{typed}` at this place"))
            .with_remedy(format!("run {}", commands.join(" or ")))
    })
}

/// The commands whose last word is this one, as they are typed.
fn named(command: &Command, word: &str, path: &mut Vec<String>, found: &mut Vec<String>) {
    path.push(command.get_name().to_owned());
    for inside in command.get_subcommands() {
        if inside.get_name() == word {
            found.push(format!("{} {word}", path.join(" ")));
        }
        named(inside, word, path, found);
    }
    path.pop();
}
