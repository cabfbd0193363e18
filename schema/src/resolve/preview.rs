//! The `previewFeatures` of a generator.

use crate::diagnostic::Diagnostic;
use crate::messages::arguments::wrong_value;
use crate::messages::configuration as messages;
use crate::model::Provider;
use crate::syntax::{Expression, ExpressionKind};

/// A feature behind a flag in Prisma 7.
struct PreviewFlag {
    name: &'static str,
    /// The only database on which it is known.
    only_on: Option<Provider>,
    /// Known, but left out where the flags are listed, as Prisma does.
    hidden: bool,
}

impl PreviewFlag {
    const fn new(name: &'static str) -> Self {
        Self { name, only_on: None, hidden: false }
    }
}

/// Features behind a flag in Prisma 7.
const PREVIEW: [PreviewFlag; 11] = [
    PreviewFlag { only_on: Some(Provider::Postgres), ..PreviewFlag::new("fullTextSearchPostgres") },
    PreviewFlag::new("nativeDistinct"),
    PreviewFlag::new("partialIndexes"),
    PreviewFlag::new("postgresqlExtensions"),
    PreviewFlag { hidden: true, ..PreviewFlag::new("reactNative") },
    PreviewFlag::new("relationJoins"),
    PreviewFlag::new("schemaEngineDriverAdapters"),
    PreviewFlag::new("shardKeys"),
    PreviewFlag::new("strictUndefinedChecks"),
    PreviewFlag::new("typedSql"),
    PreviewFlag::new("views"),
];

/// Features that once had a flag.
const STABLE: [&str; 42] = [
    "aggregateApi",
    "atomicNumberOperations",
    "clientExtensions",
    "cockroachdb",
    "connectOrCreate",
    "createMany",
    "dataProxy",
    "deno",
    "distinct",
    "driverAdapters",
    "extendedIndexes",
    "extendedWhereUnique",
    "fieldReference",
    "filterJson",
    "filteredRelationCount",
    "fullTextIndex",
    "fullTextSearch",
    "groupBy",
    "improvedQueryRaw",
    "interactiveTransactions",
    "jsonProtocol",
    // Prisma 7 knows it no longer; schemas of Prisma 6 have it, and to pass it over does no harm.
    "metrics",
    "microsoftSqlServer",
    "middlewares",
    "mongoDb",
    "mongodb",
    "multiSchema",
    "nApi",
    "namedConstraints",
    "nativeTypes",
    "omitApi",
    "orderByAggregateGroup",
    "orderByNulls",
    "orderByRelation",
    "prismaSchemaFolder",
    "queryCompiler",
    "referentialActions",
    "referentialIntegrity",
    "selectRelationCount",
    "tracing",
    "transactionApi",
    "uncheckedScalarInputs",
];

/// Checks the value of `previewFeatures`: a list of strings, or one string. `provider` is the datasource's.
pub(super) fn features(value: &Expression, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
    let items = match &value.kind {
        ExpressionKind::List(items) => items.as_slice(),
        ExpressionKind::String(_) => std::slice::from_ref(value),
        other => {
            diagnostics.push(wrong_value(value.span, "`previewFeatures`", "a list of strings", other));
            return;
        }
    };
    // Without a database, all of them may have an effect.
    let has_effect = |flag: &PreviewFlag| provider.is_none() || flag.only_on.is_none() || flag.only_on == provider;
    let names = |flags: &[&PreviewFlag]| flags.iter().map(|flag| flag.name).collect::<Vec<_>>();
    for item in items {
        let ExpressionKind::String(name) = &item.kind else {
            diagnostics.push(wrong_value(item.span, "a preview feature", "a string", &item.kind));
            continue;
        };
        // A flag may be spelled in any case.
        let is_named = |known: &str| known.eq_ignore_ascii_case(name);
        if let Some(stable) = STABLE.into_iter().find(|stable| is_named(stable)) {
            diagnostics.push(messages::stable_feature(item.span, stable));
        } else if let Some(flag) = PREVIEW.iter().find(|flag| is_named(flag.name)) {
            if let Some(only_on) = flag.only_on.filter(|_| !has_effect(flag)) {
                diagnostics.push(messages::feature_of_other_provider(item.span, flag.name, only_on));
            }
        } else {
            let effective: Vec<&PreviewFlag> = PREVIEW.iter().filter(|flag| has_effect(flag)).collect();
            let listed: Vec<&PreviewFlag> = effective.iter().copied().filter(|flag| !flag.hidden).collect();
            diagnostics.push(messages::unknown_feature(item.span, name, &names(&effective), &names(&listed), &STABLE));
        }
    }
}
