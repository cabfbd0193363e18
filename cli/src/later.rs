//! Commands that are not there yet, or are typed without the word before them, and options of Prisma that are called
//! otherwise here: who types one is told so, and what to do instead.

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

/// Options that other tools have, and what to do instead. Where several commands have one, the text is right for each.
const OPTIONS: &[(&str, &str)] = &[
    ("--skip-generate", "leave it out: only `purlin generate` writes clients"),
    ("--skip-seed", "leave it out: only `purlin db seed` runs the seed command"),
    ("--no-engine", "leave it out: a generated client holds no engine"),
    ("--no-hints", "leave it out: there are no hints"),
    ("--allow-no-models", "leave it out: a schema may have no models"),
    ("--preview-feature", "leave it out"),
    ("--generator", "leave it out: all generators of Purlin in the schema are run"),
    ("--sql", "leave it out: raw SQL is typed where it is written"),
    ("--skip-url", "leave it out"),
    ("--json", "say `--format json`, where the command has it"),
    ("--yes", "say `--force` to `purlin migrate reset`, `--accept-data-loss` to the commands that may lose values"),
    ("-y", "say `--force` to `purlin migrate reset`, `--accept-data-loss` to the commands that may lose values"),
    ("-w", "say `--watch`"),
    ("-v", "run `purlin --version`"),
    ("--datasource-provider", "say `--provider`"),
    ("--generator-provider", "say `--client typescript` or `--client rust`"),
    ("--script", "say `--file <FILE>`, or `--stdin`"),
    ("--env-file", "put the variables into .env, or into the environment of the command"),
    ("--write", "leave it out: the files are written unless --check is said"),
];

/// What to say, when one of them was typed.
pub(crate) fn failure(error: &Error) -> Option<Failure> {
    if error.kind() == ErrorKind::UnknownArgument {
        return option(error);
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    if let Some((_, name, instead)) = COMMANDS.iter().find(|(word, ..)| word == typed) {
        return Some(Failure::trouble(format!("`{name}` is not supported yet")).with_remedy(*instead));
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

fn option(error: &Error) -> Option<Failure> {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidArg) else { return None };
    // One that is like an option of the command is answered by that.
    if error.get(ContextKind::SuggestedArg).is_some() {
        return None;
    }
    let name = typed.split('=').next().unwrap_or_default();
    let (option, instead) = OPTIONS.iter().find(|(option, _)| *option == name)?;
    Some(Failure::trouble(format!("the command has no option `{option}`")).with_remedy(*instead))
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
