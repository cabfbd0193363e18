//! `index.ts`, the client, and `browser.ts`, what client components may import.

use std::collections::HashSet;
use std::fmt::Write as _;

use heck::ToLowerCamelCase;
use purlin_query::catalog::{FieldKind, Model, Writes};
use purlin_schema::model::{Provider, StringOrEnv};

use super::names::{INPUTS, TAKEN, accessors, member, quote};
use super::{Decimal, HEADER, Source, document};

/// The text of `index.ts`.
pub(super) fn index(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    out.push_str("\nimport * as purlin from 'purlin'\n");
    if source.decimal == Decimal::DecimalJs {
        out.push_str("import { Decimal } from 'decimal.js'\n");
    }
    out.push_str("import type * as models from './models.js'\nimport type { Models } from './models.js'\n");
    let mut names: Vec<String> = vec!["Models".to_owned()];
    names.extend(rows(source));
    types(&mut out, &names);
    enums(&mut out, source);
    enums_together(&mut out, source);
    catalog(&mut out, source);
    settings(&mut out, source);
    client(&mut out, source);
    if source.prisma_client_js && !source.hides("PrismaPromise") {
        out.push_str("\nexport type PrismaPromise<T> = purlin.PurlinPromise<T>\n");
    }
    namespace(&mut out, source);
    out
}

/// The text of `browser.ts`.
pub(super) fn browser(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    out.push_str("// Enums and types, for client components: nothing here reaches the engine.\n");
    // Types alone, of which nothing is left at run time.
    out.push_str(
        "\nimport type * as purlin from 'purlin'\nimport type * as models from './models.js'\nimport type { Models } from './models.js'\n",
    );
    types(&mut out, &rows(source).collect::<Vec<_>>());
    enums(&mut out, source);
    enums_together(&mut out, source);
    out.push_str("\n/** Names that go with the client. */\nexport const Purlin = {\n");
    out.push_str(SHARED_NAMES);
    names(&mut out, source);
    out.push_str("} as const\n");
    namespace_types(&mut out, source, "");
    out
}

/// The text of `enums.ts`.
pub(super) fn enums_alone(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    if source.enums().next().is_some() {
        out.push_str("\nimport type * as models from './models.js'\n");
    } else {
        out.push_str("\nexport {}\n");
    }
    enums(&mut out, source);
    out
}

/// The types of rows, and of what rows have in common.
fn rows(source: &Source<'_>) -> impl Iterator<Item = String> {
    let models = source.models().map(|model| source.type_name(&model.model.name).to_owned());
    models.chain(source.mixins().map(|(mixin, _)| source.type_name(&mixin.name).to_owned()))
}

/// Exports types of `models.ts`.
fn types(out: &mut String, names: &[String]) {
    let line = format!("export type {{ {} }} from './models.js'", names.join(", "));
    let _ = if line.len() <= WIDTH {
        writeln!(out, "\n{line}")
    } else {
        writeln!(out, "\nexport type {{\n  {},\n}} from './models.js'", names.join(",\n  "))
    };
}

/// Longer lists are written one name per line.
const WIDTH: usize = 120;

fn enums(out: &mut String, source: &Source<'_>) {
    for enumeration in source.enums() {
        let name = source.type_name(&enumeration.name);
        out.push('\n');
        document(out, "", enumeration.documentation.as_deref());
        let _ = writeln!(out, "export const {name} = {{");
        for value in &enumeration.values {
            document(out, "  ", value.documentation.as_deref());
            let _ = writeln!(out, "  {}: {},", member(&value.name), quote(&value.name));
        }
        let _ = writeln!(out, "}} as const\nexport type {name} = models.{name}");
    }
}

/// The catalog as text, a line per model, which has no character with a meaning in a template literal.
fn catalog(out: &mut String, source: &Source<'_>) {
    let _ = writeln!(out, "\nconst catalog: purlin.Catalog = `{}`", source.catalog.to_text());
}

fn settings(out: &mut String, source: &Source<'_>) {
    let datasource = source.schema.datasource.as_ref();
    let provider = datasource.map_or(Provider::Sqlite, |datasource| datasource.provider).name();
    out.push_str("\nconst settings: purlin.ClientSettings = {\n");
    let _ = writeln!(out, "  provider: '{provider}',");
    if let Some(datasource) = &source.schema.datasource {
        let _ = writeln!(out, "  datasource: {},", quote(&datasource.name));
    }
    match source.schema.datasource.as_ref().and_then(|datasource| datasource.url.as_ref()) {
        Some(StringOrEnv::Literal(url)) => {
            let _ = writeln!(out, "  url: {{ value: {} }},", quote(url));
        }
        Some(StringOrEnv::Env(name)) => {
            let _ = writeln!(out, "  url: {{ env: {} }},", quote(name));
        }
        None => out.push_str("  url: { env: 'DATABASE_URL' },\n"),
    }
    let decimal = match source.decimal {
        Decimal::String => "'string'",
        Decimal::DecimalJs => "Decimal",
    };
    let _ = writeln!(out, "  decimal: {decimal},");
    options(out, source);
    if let Some(strict) = source.client.strict_undefined_checks {
        let _ = writeln!(out, "  strictUndefinedChecks: {strict},");
    }
    out.push_str("}\n");
}

/// What the project sets for its clients, where it sets something.
fn options(out: &mut String, source: &Source<'_>) {
    let (limits, client) = (source.client.limits(), source.client.client());
    if limits.is_empty() && client.is_empty() {
        return;
    }
    out.push_str("  options: {\n");
    if !limits.is_empty() {
        out.push_str("    limits: {\n");
        for (name, value) in limits {
            let _ = writeln!(out, "      {}: {value},", name.to_lower_camel_case());
        }
        out.push_str("    },\n");
    }
    for (name, value) in client {
        let _ = writeln!(out, "    {}: {value},", name.to_lower_camel_case());
    }
    out.push_str("  },\n");
}

fn client(out: &mut String, source: &Source<'_>) {
    out.push_str("\n/** The models, as the members of a client. */\nexport interface Delegates {\n");
    for (model, accessor) in source.models().zip(accessors(source.catalog)) {
        document(out, "  ", model.documentation);
        let (delegate, name) = (delegate(model.model), quote(&model.model.name));
        let _ = writeln!(out, "  readonly {}: purlin.{delegate}<Models, {name}>", member(&accessor));
    }
    out.push_str(
        "}

/** The client inside a transaction. */
export interface TransactionClient extends Delegates, purlin.AbsentMembers {}

/** A client of the database: `new PurlinClient()` opens nothing, the first query does. */
export interface PurlinClient extends Delegates, purlin.ClientMembers<TransactionClient> {}

export class PurlinClient extends purlin.Client {
  constructor(options: purlin.ClientOptions = {}) {
    super(catalog, settings, options)
  }
}

export { PurlinClient as PrismaClient }
",
    );
}

/// The operations that a model has.
fn delegate(model: &Model) -> &'static str {
    match model.writes {
        Writes::All => "Delegate",
        Writes::NoCreate => "Uncreatable",
        Writes::None if model.keys.is_empty() => "KeylessView",
        Writes::None => "View",
    }
}

/// The namespace that Prisma's users know, under both names.
fn namespace(out: &mut String, source: &Source<'_>) {
    out.push_str("\n/** Values that go with the client. */\nexport const Purlin = {\n  ...purlin.namespace,\n");
    if source.decimal == Decimal::DecimalJs {
        out.push_str("  Decimal,\n");
    }
    names(out, source);
    out.push_str("} as const\n");
    // Of the client, which browsers have not.
    namespace_types(out, source, "  type TransactionClient = Delegates & purlin.AbsentMembers\n");
}

/// The names of models and of their columns, as members of the namespace.
fn names(out: &mut String, source: &Source<'_>) {
    out.push_str("  ModelName: {\n");
    for model in source.models() {
        let _ = writeln!(out, "    {}: {},", member(&model.model.name), quote(&model.model.name));
    }
    out.push_str("  },\n");
    for model in source.models() {
        let _ = writeln!(out, "  {}ScalarFieldEnum: {{", capitalized(source, &model.model.name));
        for name in columns(model.model) {
            let _ = writeln!(out, "    {}: {},", member(name), quote(name));
        }
        out.push_str("  },\n");
    }
}

/// The name of a model as Prisma writes it in some names of the namespace: with a capital. No two models differ in that
/// alone.
fn capitalized(source: &Source<'_>, model: &str) -> String {
    let mut rest = source.type_name(model).chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// The types of the namespace, and its other name. `client`: those that only a client has.
fn namespace_types(out: &mut String, source: &Source<'_>, client: &str) {
    out.push_str("\n/** Types that go with the client. */\nexport declare namespace Purlin {\n");
    let decimal = match source.decimal {
        Decimal::String => "string",
        Decimal::DecimalJs => "globalThis.InstanceType<typeof import('decimal.js').Decimal>",
    };
    let _ = writeln!(out, "  type Decimal = {decimal}");
    out.push_str(SHARED_TYPES);
    out.push_str(client);
    for (name, ty) in enum_filters(source, "models.") {
        let _ = writeln!(out, "  type {name} = {ty}");
    }
    let names: Vec<String> = source.models().map(|model| quote(&model.model.name)).collect();
    let _ = writeln!(out, "  type ModelName = {}", names.join(" | "));
    for model in source.models() {
        let fields: Vec<String> = columns(model.model).map(quote).collect();
        let _ = writeln!(
            out,
            "\n  type {}ScalarFieldEnum = {}",
            capitalized(source, &model.model.name),
            fields.join(" | ")
        );
        for (name, ty) in model_types(source, model.model, "models.") {
            let _ = writeln!(out, "  type {name} = {ty}");
        }
    }
    out.push_str("}\n\nexport { Purlin as Prisma }\n");
}

/// The types of conditions on enums; `module`: what stands before the names of `models.ts`.
fn enum_filters(source: &Source<'_>, module: &str) -> Vec<(String, String)> {
    let filters = source.enums().flat_map(|enumeration| {
        let name = source.type_name(&enumeration.name);
        [("", ""), ("Nullable", ", null")].map(|(nullable, null)| {
            (format!("Enum{name}{nullable}Filter"), format!("purlin.EqualityFilter<{module}{name}{null}>"))
        })
    });
    filters.collect()
}

/// The types that Prisma has for a model, each with what it stands for; `module`: what stands before the names of
/// `models.ts`.
fn model_types(source: &Source<'_>, model: &Model, module: &str) -> Vec<(String, String)> {
    let (types, name) = (source.type_name(&model.name), quote(&model.name));
    // What a model cannot do has no types.
    let exists = |alias: &str| match model.writes {
        Writes::All => true,
        Writes::NoCreate => !alias.contains("Create") && !alias.contains("Upsert"),
        Writes::None => !["Create", "Update", "Upsert", "Delete"].iter().any(|verb| alias.contains(verb)),
    };
    let mut found = Vec::new();
    if source.prisma_modules {
        found.push((format!("{types}Model"), format!("{module}{types}")));
    }
    for input in INPUTS.into_iter().filter(|input| exists(input)) {
        found.push((format!("{types}{input}"), format!("{module}{types}{input}")));
    }
    if exists("Update") {
        for alias in ["UpdateManyMutationInput", "UncheckedUpdateManyInput"] {
            found.push((format!("{types}{alias}"), format!("{module}{types}UpdateManyInput")));
        }
    }
    for (alias, generic) in [("List", "ListFilter"), ("Scalar", "OneFilter"), ("NullableScalar", "OptionalFilter")] {
        let filter = capitalized(source, &model.name);
        found.push((format!("{filter}{alias}RelationFilter"), format!("purlin.{generic}<{module}{types}WhereInput>")));
    }
    for (alias, generic) in GENERICS.into_iter().filter(|(alias, _)| exists(alias)) {
        if generic == "FindUniqueArgs" && model.keys.is_empty() {
            continue;
        }
        found.push((format!("{types}{alias}"), format!("purlin.{generic}<Models, {name}>")));
    }
    found.push((format!("{types}Delegate"), format!("purlin.{}<Models, {name}>", delegate(model))));
    // As in Prisma, what is no selection of the model is refused: misspelled, it would load nothing.
    let arguments = format!("purlin.SelectionArgs<Models, {name}> | boolean | null | undefined");
    found.push((format!("{types}GetPayload<A extends {arguments}>"), format!("purlin.Payload<Models, {name}, A>")));
    found
}

/// The types that `models.ts` of Prisma's `prisma-client` exports beside its inputs, but for names that the schema gives
/// to something else.
pub(super) fn prisma_model_types(source: &Source<'_>) -> String {
    let mut taken: HashSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    for name in source.types.values() {
        let own = INPUTS.iter().chain(&["", "Columns"]);
        taken.extend(own.map(|suffix| format!("{name}{suffix}")));
    }
    let shared = SHARED_TYPES.lines().filter_map(|line| line.trim().strip_prefix("type ")?.split_once(" = "));
    let of_inputs = |name: &str| name.ends_with("Filter") && name != "JsonNullValueFilter" || name == "SortOrderInput";
    let filters = shared.filter(|(name, _)| of_inputs(name));
    let filters = filters.map(|(name, ty)| (name.to_owned(), ty.to_owned())).chain(enum_filters(source, ""));
    let models = source.models().flat_map(|model| model_types(source, model.model, ""));
    let mut out = "\n// The names of Prisma's own `models` module.\n".to_owned();
    for (name, ty) in filters.chain(models) {
        if taken.insert(name.split('<').next().unwrap_or_default().to_owned()) {
            let _ = writeln!(out, "export type {name} = {ty}");
        }
    }
    out
}

/// All enums in one object, as Prisma's clients have them.
fn enums_together(out: &mut String, source: &Source<'_>) {
    if !(source.prisma_modules || source.prisma_client_js) {
        return;
    }
    let names: Vec<&str> = source.enums().map(|enumeration| source.type_name(&enumeration.name)).collect();
    out.push_str("\n/** All enums. */\nexport const $Enums = {\n");
    for name in &names {
        let _ = writeln!(out, "  {name},");
    }
    out.push_str("} as const\n\n/** The types of all enums. */\nexport declare namespace $Enums {\n");
    for name in &names {
        let _ = writeln!(out, "  type {name} = models.{name}");
    }
    out.push_str("}\n");
}

const GENERICS: [(&str, &str); 19] = [
    ("OrderByInput", "OrderBy"),
    ("OrderByWithRelationInput", "OrderBy"),
    ("Select", "Select"),
    ("Include", "Include"),
    ("Omit", "Omitted"),
    ("FindUniqueArgs", "FindUniqueArgs"),
    ("FindUniqueOrThrowArgs", "FindUniqueArgs"),
    ("FindFirstArgs", "FindFirstArgs"),
    ("FindFirstOrThrowArgs", "FindFirstArgs"),
    ("FindManyArgs", "FindManyArgs"),
    ("CountArgs", "CountArgs"),
    ("CreateArgs", "CreateArgs"),
    ("CreateManyArgs", "CreateManyArgs"),
    ("UpdateArgs", "UpdateArgs"),
    ("UpdateManyArgs", "UpdateManyArgs"),
    ("UpsertArgs", "UpsertArgs"),
    ("DeleteArgs", "DeleteArgs"),
    ("DeleteManyArgs", "DeleteManyArgs"),
    ("DefaultArgs", "SelectionArgs"),
];

/// Names that do not depend on the schema, as the runtime's namespace has them.
const SHARED_NAMES: &str = "  SortOrder: { asc: 'asc', desc: 'desc' },
  NullsOrder: { first: 'first', last: 'last' },
  QueryMode: { default: 'default', insensitive: 'insensitive' },
  TransactionIsolationLevel: { Serializable: 'Serializable' },
";

const SHARED_TYPES: &str = "  type Bytes = purlin.Bytes
  type SortOrder = purlin.SortOrder
  type NullsOrder = purlin.NullsOrder
  type JsonValue = purlin.JsonValue
  type JsonObject = purlin.JsonObject
  type JsonArray = purlin.JsonArray
  type InputJsonValue = purlin.InputJsonValue
  type InputJsonObject = purlin.InputJsonObject
  type InputJsonArray = purlin.InputJsonArray
  type JsonNullValueFilter = purlin.DbNull | purlin.JsonNull | purlin.AnyNull
  type JsonNullValueInput = purlin.JsonNull
  type NullableJsonNullValueInput = purlin.DbNull | purlin.JsonNull
  type DecimalJsLike = purlin.DecimalLike
  type QueryMode = purlin.QueryMode
  type SortOrderInput = purlin.SortOrderInput
  type TransactionIsolationLevel = purlin.TransactionIsolationLevel
  type PrismaClientOptions = purlin.ClientOptions
  type PromiseType<T extends PromiseLike<unknown>> = purlin.PromiseType<T>
  type PromiseReturnType<T extends (...args: never[]) => PromiseLike<unknown>> = purlin.PromiseReturnType<T>
  type Enumerable<T> = purlin.Enumerable<T>
  type Subset<T, U> = purlin.Subset<T, U>
  type SelectSubset<T, U> = purlin.SelectSubset<T, U>
  type Exact<T, U> = purlin.Exact<T, U>
  type Args<T, F extends keyof T> = purlin.Args<T, F>
  type StringFilter = purlin.StringFilter
  type StringNullableFilter = purlin.StringFilter<null>
  type BoolFilter = purlin.BooleanFilter
  type BoolNullableFilter = purlin.BooleanFilter<null>
  type IntFilter = purlin.OrderedFilter<number>
  type IntNullableFilter = purlin.OrderedFilter<number, null>
  type FloatFilter = purlin.OrderedFilter<number>
  type FloatNullableFilter = purlin.OrderedFilter<number, null>
  type BigIntFilter = purlin.OrderedFilter<bigint | number>
  type BigIntNullableFilter = purlin.OrderedFilter<bigint | number, null>
  type DecimalFilter = purlin.OrderedFilter<purlin.DecimalInput>
  type DecimalNullableFilter = purlin.OrderedFilter<purlin.DecimalInput, null>
  type DateTimeFilter = purlin.OrderedFilter<purlin.DateTimeInput>
  type DateTimeNullableFilter = purlin.OrderedFilter<purlin.DateTimeInput, null>
  type BytesFilter = purlin.EqualityFilter<purlin.BytesInput>
  type BytesNullableFilter = purlin.EqualityFilter<purlin.BytesInput, null>
  type JsonFilter = purlin.JsonFilter
  type JsonNullableFilter = purlin.JsonFilter<purlin.DbNull | purlin.AnyNull>
  type BatchPayload = purlin.BatchPayload
  type PrismaPromise<T> = purlin.PurlinPromise<T>
  type PurlinKnownRequestError = purlin.PurlinKnownRequestError
  type PurlinValidationError = purlin.PurlinValidationError
  type PurlinInitializationError = purlin.PurlinInitializationError
  type PrismaClientKnownRequestError = purlin.PurlinKnownRequestError
  type PrismaClientUnknownRequestError = purlin.PurlinUnknownRequestError
  type PrismaClientValidationError = purlin.PurlinValidationError
  type PrismaClientInitializationError = purlin.PurlinInitializationError
  type PrismaClientRustPanicError = purlin.PurlinRustPanicError
";

fn columns(model: &Model) -> impl Iterator<Item = &str> {
    model.fields.iter().filter(|field| matches!(field.kind, FieldKind::Column(_))).map(|field| &*field.name)
}
