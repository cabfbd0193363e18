//! The `previewFeatures` of a generator.

use crate::attributes::wrong_kind;
use crate::diagnostic::Diagnostic;
use crate::suggest::closest;
use crate::syntax::{Expression, ExpressionKind};

/// Features behind a flag in Prisma 7.
const PREVIEW: [&str; 10] = [
    "fullTextSearchPostgres",
    "nativeDistinct",
    "partialIndexes",
    "postgresqlExtensions",
    "relationJoins",
    "schemaEngineDriverAdapters",
    "shardKeys",
    "strictUndefinedChecks",
    "typedSql",
    "views",
];

/// Features that once had a flag.
const STABLE: [&str; 49] = [
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
    "insensitiveFilters",
    "interactiveTransactions",
    "jsonProtocol",
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
    "reactNative",
    "referentialActions",
    "referentialIntegrity",
    "relationMode",
    "selectRelationCount",
    "sqlServer",
    "tracing",
    "tracingOpenTelemetry",
    "transactionApi",
    "transaction",
    "uncheckedScalarInputs",
    "aggregations",
];

/// Checks the value of `previewFeatures`.
pub(crate) fn features(value: &Expression, diagnostics: &mut Vec<Diagnostic>) {
    let ExpressionKind::List(items) = &value.kind else {
        diagnostics.push(wrong_kind(value.span, "`previewFeatures`", "a list of strings", &value.kind));
        return;
    };
    for item in items {
        let ExpressionKind::String(name) = &item.kind else {
            diagnostics.push(wrong_kind(item.span, "a preview feature", "a string", &item.kind));
            continue;
        };
        let name = name.as_str();
        if STABLE.contains(&name) {
            diagnostics.push(
                Diagnostic::warning("stable-feature", item.span, format!("`{name}` needs no preview flag any more"))
                    .label("no effect")
                    .help("remove it from the list"),
            );
        } else if !PREVIEW.contains(&name) {
            diagnostics.push(
                Diagnostic::error("unknown-feature", item.span, format!("there is no preview feature `{name}`"))
                    .label("unknown feature")
                    .help(format!("there are {}", PREVIEW.join(", ")))
                    .suggest(closest(name, PREVIEW.into_iter().chain(STABLE))),
            );
        }
    }
}
