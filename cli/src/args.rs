//! The command-line arguments.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

/// One schema for the database, the Rust client and the TypeScript client.
#[derive(Debug, Parser)]
#[command(name = "purlin", version, styles = crate::terminal::HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Global {
    /// The schema: a file, or a folder of .prisma files
    #[arg(long, global = true, value_name = "PATH", help_heading = "Global options")]
    pub(crate) schema: Option<PathBuf>,
    /// The settings: a purlin.toml or a prisma.config.ts
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// The database, for example file:./dev.db
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    pub(crate) url: Option<String>,
    /// When to use colors
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t, help_heading = "Global options")]
    pub(crate) color: Color,
    /// Never prompt for input
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_input: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up a project, or adopt an existing Prisma project
    Init(Init),
    /// Check the schema
    Validate {
        /// The schema: a file or a folder
        path: Option<PathBuf>,
        /// The format of the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Explain a schema error, or list all of them
    Explain {
        /// The code of the error, for example missing-back-relation
        code: Option<String>,
    },
    /// Format the schema, and add the missing sides of relations
    Format {
        /// The schema: a file or a folder; - reads standard input and writes standard output
        path: Option<PathBuf>,
        /// Write nothing; fail if a file is not formatted
        #[arg(long)]
        check: bool,
    },
    /// Write the clients that the schema's generators ask for
    Generate {
        /// Write nothing; fail if a file is out of date
        #[arg(long, conflicts_with = "watch")]
        check: bool,
        /// Keep running, and generate again on every change of the schema
        #[arg(long)]
        watch: bool,
    },
    /// Write shell completions to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Look for anything that puts the data or the project at risk
    Doctor(Doctor),
    /// Work on the database directly
    #[command(subcommand)]
    Db(Db),
    /// Change the database with migrations
    #[command(subcommand)]
    Migrate(Migrate),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
    /// Annotations for GitHub Actions
    Github,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// The folder of the project, which is created if it does not exist
    pub(crate) path: Option<PathBuf>,
    /// The database of a new schema
    #[arg(long, value_enum, value_name = "DATABASE", default_value_t)]
    pub(crate) provider: ProviderName,
    /// The client of a new schema; the default depends on package.json and Cargo.toml
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) client: Option<ClientName>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// Convert the dates and decimals in the database to the form that Purlin writes, after confirmation
    #[arg(long, conflicts_with = "format")]
    pub(crate) fix: bool,
    /// Do not ask for confirmation
    #[arg(short, long, requires = "fix")]
    pub(crate) yes: bool,
}

/// A database, as a schema names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProviderName {
    #[default]
    Sqlite,
    #[value(name = "postgresql", alias = "postgres")]
    Postgres,
    #[value(alias = "mariadb")]
    Mysql,
}

/// The language of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClientName {
    Typescript,
    Rust,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Apply the schema to the database without a migration
    Push {
        /// Proceed even if data will be lost
        #[arg(long)]
        accept_data_loss: bool,
        /// Drop everything in the database first
        #[arg(long)]
        force_reset: bool,
    },
    /// Run the project's seed command
    Seed,
    /// Run an SQL script as one transaction, and print the rows that its statements return
    Execute(Execute),
}

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("script").required(true).args(["file", "stdin"]))]
pub(crate) struct Execute {
    /// The script
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Read the script from standard input
    #[arg(long)]
    pub(crate) stdin: bool,
    /// The format of the rows
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    /// Write a migration for the changes of the schema, and run it
    Dev {
        /// What the migration does, in a few words
        #[arg(short, long)]
        name: Option<String>,
        /// Write the migration without running it
        #[arg(long)]
        create_only: bool,
        /// Proceed even if data will be lost
        #[arg(long)]
        accept_data_loss: bool,
    },
    /// Run all pending migrations
    Deploy,
    /// Show applied and pending migrations, and drift
    Status {
        /// The format of the report
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// Drop everything in the database and run all migrations
    Reset {
        /// Do not ask for confirmation
        #[arg(short, long)]
        force: bool,
    },
    /// Mark a migration as applied or rolled back
    Resolve(Resolve),
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Resolve {
    /// The database already has the changes of this migration
    #[arg(long, value_name = "MIGRATION", num_args = 0..=1, default_missing_value = UNNAMED, hide_default_value = true)]
    pub(crate) applied: Option<String>,
    /// This failed migration was rolled back
    #[arg(long, value_name = "MIGRATION", num_args = 0..=1, default_missing_value = UNNAMED, hide_default_value = true)]
    pub(crate) rolled_back: Option<String>,
}

/// A migration that was not named: the command lists the candidates.
pub(crate) const UNNAMED: &str = "";

/// Returns true if FORCE_COLOR asks for colors and NO_COLOR does not forbid them.
fn forced() -> bool {
    let no = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !no && std::env::var("FORCE_COLOR").is_ok_and(|value| !["", "0", "false"].contains(&value.as_str()))
}

impl Color {
    /// Applies the choice to the whole process.
    pub(crate) fn apply(self) {
        match self {
            // The variable of Node's tools; anstream handles CLICOLOR_FORCE and NO_COLOR itself.
            Self::Auto if forced() => anstream::ColorChoice::Always,
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
