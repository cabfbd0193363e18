//! The `previewFeatures` of a generator.

use crate::attributes::wrong_kind;
use crate::diagnostic::Diagnostic;
use crate::model::Provider;
use crate::rules::Rule;
use crate::suggest::closest;
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
            diagnostics.push(wrong_kind(value.span, "`previewFeatures`", "a list of strings", other));
            return;
        }
    };
    // Known where it has an effect, and nowhere else.
    let is_preview = |name: &str| {
        PREVIEW.contains(&name) && (name != POSTGRES_ONLY || matches!(provider, Some(Provider::Postgres) | None))
    };
    for item in items {
        let ExpressionKind::String(name) = &item.kind else {
            diagnostics.push(wrong_kind(item.span, "a preview feature", "a string", &item.kind));
            continue;
        };
        // A flag may be spelled in any case.
        let mut known = PREVIEW.into_iter().chain(STABLE);
        let name = known.find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name);
        if STABLE.contains(&name) {
            diagnostics.push(
                Diagnostic::warning(Rule::StableFeature, item.span, format!("`{name}` needs no preview flag any more"))
                    .label("no effect")
                    .help("remove it from the list"),
            );
        } else if !is_preview(name) {
            diagnostics.push(
                Diagnostic::error(Rule::UnknownFeature, item.span, format!("there is no preview feature `{name}`"))
                    .label("unknown feature")
                    .help(match closest(name, STABLE) {
                        Some(stable) => format!("`{stable}` needs no flag any more: remove it"),
                        None => format!("there are {}", PREVIEW.join(", ")),
                    })
                    .suggest(closest(name, PREVIEW)),
            );
        }
    }
}

/// A feature that only PostgreSQL has.
const POSTGRES_ONLY: &str = "fullTextSearchPostgres";
