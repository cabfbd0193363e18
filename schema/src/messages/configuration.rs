//! `datasource` and `generator` blocks.

use super::use_one_of;
use crate::diagnostic::Diagnostic;
use crate::model::Provider;
use crate::rules::Rule;
use crate::source::Span;
use crate::suggest::closest;
use crate::syntax::{Block, Name, Property};

// Blocks and their properties

pub(crate) fn second_datasource(span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(Rule::SecondDatasource, span, "a schema has only one datasource")
        .label(label)
        .help("remove one of the `datasource` blocks")
}

pub(crate) fn duplicate_generator(name: &Name) -> Diagnostic {
    Diagnostic::error(Rule::DuplicateGenerator, name.span, format!("the generator `{}` is declared twice", name.text))
        .label("the second one")
        .help("give it another name")
}

pub(crate) fn duplicate_property(block: &Block, property: &Name) -> Diagnostic {
    let message = format!("the property `{}` of `{}` is given twice", property.text, block.name.text);
    Diagnostic::error(Rule::DuplicateProperty, property.span, message)
        .label("the second one")
        .help("remove one of them")
}

pub(crate) fn unknown_property(property: &Name, known: &[&'static str]) -> Diagnostic {
    let name = &property.text;
    Diagnostic::error(Rule::UnknownProperty, property.span, format!("a datasource has no property `{name}`"))
        .label("unknown property")
        .help(use_one_of(known.iter().copied()))
        .suggest(closest(name, known.iter().copied()))
}

/// A property that only PostgreSQL has, in the datasource of another database.
pub(crate) fn unsupported_property(property: &Property, provider: Provider) -> Diagnostic {
    let (name, provider) = (&property.name.text, provider.name());
    let message = format!("`{name}` is for postgresql, and this datasource is for {provider}");
    Diagnostic::error(Rule::UnsupportedProperty, property.value.span, message)
        .label(format!("not on {provider}"))
        .help("remove it")
}

// Providers

/// `example` is what to add.
pub(crate) fn missing_provider(block: &Block, example: &str) -> Diagnostic {
    let message = format!("the {} `{}` has no provider", block.kind.keyword(), block.name.text);
    Diagnostic::error(Rule::MissingProvider, block.name.span, message)
        .label("no `provider` in this block")
        .help(format!("add {example}"))
}

/// A datasource whose property `mistyped` is meant to be its provider.
pub(crate) fn mistyped_provider(block: &Block, mistyped: &Name) -> Diagnostic {
    missing_provider(block, "")
        .related(mistyped.span, "not a property of a datasource")
        .help(format!("write `provider` instead of `{}`", mistyped.text))
}

/// `provider = env("..")`
pub(crate) fn provider_from_environment(block: &Block, value: Span) -> Diagnostic {
    let help =
        "write `provider = \"sqlite\"`, `\"postgresql\"` or `\"mysql\"`; only the URL can come from the environment";
    Diagnostic::error(Rule::WrongValue, block.header(), "the `provider` of a datasource must be written out")
        .label("its database must be known")
        .related(value, "`env()` is only known later")
        .help(help)
}

pub(crate) fn unknown_provider(span: Span, name: &str) -> Diagnostic {
    let known = Provider::ALL.map(Provider::name);
    Diagnostic::error(Rule::UnknownProvider, span, format!("there is no provider `{name}`"))
        .label("unknown provider")
        .help(use_one_of(known))
        .suggest(match name {
            "mariadb" => Some("mysql"),
            other if other.starts_with("postgre") || other == "pg" => Some("postgresql"),
            other => closest(other, known),
        })
}

/// A database that Prisma supports and Purlin does not.
pub(crate) fn foreign_provider(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Rule::ForeignProvider, span, format!("Purlin does not run on `{name}`"))
        .label("not a database of Purlin")
        .help(match name {
            "cockroachdb" => {
                "to run on PostgreSQL write `provider = \"postgresql\"`, replace `sequence()` with `autoincrement()`, and \
                 native types such as `String`, `Int4`, `Int8`, `Bool` and `Bytes` with `Text`, `Integer`, `BigInt`, \
                 `Boolean` and `ByteA`"
            }
            _ => "the databases are `sqlite`, `postgresql` and `mysql` (which serves MariaDB too)",
        })
}

// Values

pub(crate) fn empty_url(span: Span, property: &str) -> Diagnostic {
    Diagnostic::error(Rule::EmptyUrl, span, format!("`{property}` is an empty string"))
        .label("an address is needed here")
        .help("write the address, `env(\"NAME\")`, or remove the line")
}

/// `env(name: "..")`
pub(crate) fn named_argument_of_env(span: Span) -> Diagnostic {
    Diagnostic::warning(Rule::ExtraArgument, span, "the argument of `env` has no name")
        .label("no effect")
        .help("write for example `env(\"DATABASE_URL\")`")
}

/// `env()`
pub(crate) fn env_without_variable(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::WrongValue, span, "`env` takes the name of one environment variable")
        .label("expected one string")
        .help("write for example `env(\"DATABASE_URL\")`")
}

/// The shadow database is that of `property`, which migrations must not empty.
pub(crate) fn same_shadow_database(span: Span, property: &str, shadow: Span) -> Diagnostic {
    let message = format!("`shadowDatabaseUrl` is the same as `{property}`");
    Diagnostic::error(Rule::SameShadowDatabase, span, message)
        .label("the database itself")
        .related(shadow, "migrations empty this one")
        .help("name another database as `shadowDatabaseUrl`, or remove it")
}

pub(crate) fn unknown_relation_mode(block: &Block, value: Span, mode: &str) -> Diagnostic {
    Diagnostic::error(Rule::WrongValue, block.header(), format!("there is no relation mode `{mode}`"))
        .label("in this block")
        .related(value, "unknown mode")
        .help("write `\"foreignKeys\"` or `\"prisma\"`")
}

pub(crate) fn renamed_relation_mode(span: Span) -> Diagnostic {
    Diagnostic::warning(Rule::RenamedProperty, span, "`referentialIntegrity` is now called `relationMode`")
        .label("old name")
        .help("write `relationMode`")
}

pub(crate) fn two_relation_modes(span: Span) -> Diagnostic {
    let message = "`referentialIntegrity` is the old name of `relationMode`, and both are given";
    Diagnostic::error(Rule::TwoRelationModes, span, message).label("given twice").help("remove this line")
}

/// `schemas = []`
pub(crate) fn no_schemas(span: Span) -> Diagnostic {
    Diagnostic::error(Rule::EmptyList, span, "`schemas` is empty")
        .label("at least one is needed")
        .help("name the database's schemas, for example `[\"public\"]`, or remove the line")
}

pub(crate) fn repeated_schema(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Rule::RepeatedSchema, span, format!("`schemas` names `{name}` twice"))
        .label("the second time")
        .help("remove one of them")
}

// Preview features

/// `what` needs a preview flag in Prisma's tools.
pub(crate) fn preview_feature(span: Span, what: &str, flag: &str) -> Diagnostic {
    let message = format!("{what} is behind the preview flag `{flag}` of Prisma's tools");
    Diagnostic::error(Rule::PreviewFeature, span, message).label("needs a preview flag").help(format!(
        "write `previewFeatures = [\"{flag}\"]` in the generator, or use a generator of Purlin, which needs no flag"
    ))
}

pub(crate) fn stable_feature(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(Rule::StableFeature, span, format!("`{name}` no longer needs a preview flag"))
        .label("no effect")
        .help("remove it from the list")
}

/// A flag that Prisma knows on `only_on` and nowhere else.
pub(crate) fn feature_of_other_provider(span: Span, name: &str, only_on: Provider) -> Diagnostic {
    let message = format!("the preview feature `{name}` exists only on `{}`", only_on.name());
    Diagnostic::error(Rule::UnknownFeature, span, message)
        .label("does not exist on this database")
        .help("remove it from the list")
}

/// `known`: the names that may be meant; `listed`: those that are proposed where none of them is close.
pub(crate) fn unknown_feature(
    span: Span,
    name: &str,
    known: &[&'static str],
    listed: &[&'static str],
    stable: &[&'static str],
) -> Diagnostic {
    Diagnostic::error(Rule::UnknownFeature, span, format!("there is no preview feature `{name}`"))
        .label("unknown feature")
        .help(match closest(name, stable.iter().copied()) {
            Some(stable) => format!("`{stable}` no longer needs a flag: remove it"),
            None => use_one_of(listed.iter().copied()),
        })
        .suggest(closest(name, known.iter().copied()))
}
