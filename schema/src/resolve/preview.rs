//! The `previewFeatures` of a generator.

use crate::diagnostic::Diagnostic;
use crate::messages::arguments::wrong_value;
use crate::messages::configuration as messages;
use crate::model::Provider;
use crate::syntax::{Expression, ExpressionKind};

/// Features behind a flag in Prisma 7.
const PREVIEW: [&str; 11] = [
    "fullTextSearchPostgres",
    "nativeDistinct",
    "partialIndexes",
    "postgresqlExtensions",
    "reactNative",
    "relationJoins",
    "schemaEngineDriverAdapters",
    "shardKeys",
    "strictUndefinedChecks",
    "typedSql",
    "views",
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
    // Known where it has an effect, and nowhere else.
    let is_preview = |name: &str| {
        PREVIEW.contains(&name) && (name != POSTGRES_ONLY || matches!(provider, Some(Provider::Postgres) | None))
    };
    for item in items {
        let ExpressionKind::String(name) = &item.kind else {
            diagnostics.push(wrong_value(item.span, "a preview feature", "a string", &item.kind));
            continue;
        };
        // A flag may be spelled in any case.
        let mut known = PREVIEW.into_iter().chain(STABLE);
        let name = known.find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name);
        if STABLE.contains(&name) {
            diagnostics.push(messages::stable_feature(item.span, name));
        } else if !is_preview(name) {
            diagnostics.push(messages::unknown_feature(item.span, name, &PREVIEW, &STABLE));
        }
    }
}

/// A feature that only PostgreSQL has.
const POSTGRES_ONLY: &str = "fullTextSearchPostgres";
