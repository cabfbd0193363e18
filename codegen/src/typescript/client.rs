//! `index.ts`, the client, and `browser.ts`, what client components may import.

use std::collections::HashSet;
use std::fmt::Write as _;

use heck::ToLowerCamelCase;
use purlin_query::catalog::{FieldKind, Model, Writes};
use purlin_schema::model::{Provider, StringOrEnv};

use super::models::aliases;
use super::names::{TAKEN, descriptor, member, quote};
use super::{Decimal, HEADER, Source, document};

/// The text of `index.ts`.
pub(super) fn index(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    out.push_str("\nimport * as p from 'purlin'\n");
    if source.decimal == Decimal::DecimalJs {
        out.push_str("import { Decimal } from 'decimal.js'\n");
    }
    out.push_str("import type * as models from './models.js'\n");
    list(&mut out, "import", &descriptors(source).collect::<Vec<_>>());
    let mut names: Vec<String> = vec!["Models".to_owned()];
    names.extend(rows(source));
    out.push('\n');
    list(&mut out, "export", &names);
    enums(&mut out, source);
    enums_together(&mut out, source);
    catalog(&mut out, source);
    settings(&mut out, source);
    client(&mut out, source);
    if source.prisma_client_js && !source.hides("PrismaPromise") {
        out.push_str("\nexport type PrismaPromise<T> = p.PurlinPromise<T>\n");
    }
    namespace(&mut out, source);
    out
}

/// The text of `browser.ts`.
pub(super) fn browser(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    out.push_str("// Enums and types, for client components: nothing here reaches the engine.\n");
    // Types alone, of which nothing is left at run time.
    out.push_str("\nimport type * as p from 'purlin'\nimport type * as models from './models.js'\n");
    list(&mut out, "import", &descriptors(source).collect::<Vec<_>>());
    out.push('\n');
    list(&mut out, "export", &rows(source).collect::<Vec<_>>());
    enums(&mut out, source);
    enums_together(&mut out, source);
    out.push_str("\n/** Names that go with the client. */\nexport const Purlin = {\n");
    out.push_str(SHARED_NAMES);
    model_names(&mut out, source);
    column_names(&mut out, source);
    out.push_str("} as const\n");
    namespace_types(&mut out, source, None);
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

/// The descriptors of the models.
fn descriptors(source: &Source<'_>) -> impl Iterator<Item = String> {
    source.models().map(|model| descriptor(source.type_name(&model.model.name)))
}

/// Imports or exports types of `models.ts`.
fn list(out: &mut String, verb: &str, names: &[String]) {
    let line = format!("{verb} type {{ {} }} from './models.js'", names.join(", "));
    let _ = if line.len() <= WIDTH {
        writeln!(out, "{line}")
    } else {
        writeln!(out, "{verb} type {{\n  {},\n}} from './models.js'", names.join(",\n  "))
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
    let _ = writeln!(out, "\nconst catalog: p.Catalog = `{}`", source.catalog.to_text());
}

fn settings(out: &mut String, source: &Source<'_>) {
    let datasource = source.schema.datasource.as_ref();
    let provider = datasource.map_or(Provider::Sqlite, |datasource| datasource.provider).name();
    out.push_str("\nconst settings: p.ClientSettings = {\n");
    let _ = writeln!(out, "  provider: '{provider}',");
    if let Some(datasource) = &source.schema.datasource {
        let _ = writeln!(out, "  datasource: {},", quote(&datasource.name));
    }
    match source.url {
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
    for (model, accessor) in source.models().zip(source.catalog.accessors()) {
        document(out, "  ", model.documentation);
        let (delegate, name) = (delegate(model.model), descriptor(source.type_name(&model.model.name)));
        let _ = writeln!(out, "  readonly {}: p.{delegate}<{name}>", member(&accessor));
    }
    out.push_str(
        "}

/** The client inside a transaction. */
export interface TransactionClient extends Delegates, p.AbsentMembers {}

/** A client of the database: `new PurlinClient()` opens nothing, the first query does. */
export interface PurlinClient extends Delegates, p.ClientMembers<TransactionClient> {}

export class PurlinClient extends p.Client {
  constructor(options: p.ClientOptions = {}) {
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
    out.push_str("\nconst columns = p.columnNames(catalog)\n");
    out.push_str("\n/** Values that go with the client. */\nexport const Purlin = {\n  ...p.namespace,\n");
    if source.decimal == Decimal::DecimalJs {
        out.push_str("  Decimal,\n");
    }
    model_names(out, source);
    for model in source.models() {
        let (model, types) = (&model.model.name, descriptor(source.type_name(&model.model.name)));
        let name = capitalized(source, model);
        // The catalog has them already, and most programs never ask.
        let _ = writeln!(out, "  get {name}ScalarFieldEnum() {{ return columns<{types}>({}) }},", quote(model));
    }
    out.push_str("} as const\n");
    // Of the client, which browsers have not.
    namespace_types(out, source, Some("  type TransactionClient = Delegates & p.AbsentMembers\n"));
}

/// The names of models, as a member of the namespace.
fn model_names(out: &mut String, source: &Source<'_>) {
    out.push_str("  ModelName: {\n");
    for model in source.models() {
        let _ = writeln!(out, "    {}: {},", member(&model.model.name), quote(&model.model.name));
    }
    out.push_str("  },\n");
}

/// The names of each model's columns, as members of the namespace.
fn column_names(out: &mut String, source: &Source<'_>) {
    for model in source.models() {
        let name = capitalized(source, &model.model.name);
        let columns: Vec<String> =
            columns(model.model).map(|name| format!("{}: {}", member(name), quote(name))).collect();
        let line = format!("  {name}ScalarFieldEnum: {{ {} }},", columns.join(", "));
        let _ = if line.len() <= WIDTH {
            writeln!(out, "{line}")
        } else {
            writeln!(out, "  {name}ScalarFieldEnum: {{\n    {},\n  }},", columns.join(",\n    "))
        };
    }
}

/// The name of a model as Prisma writes it in some names of the namespace: with a capital. No two models differ in that
/// alone.
fn capitalized(source: &Source<'_>, model: &str) -> String {
    let mut rest = source.type_name(model).chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// The types of the namespace, and its other name. `client`: those that only a client has; none in what browsers import.
/// These have no types of calls and of what only calls take.
fn namespace_types(out: &mut String, source: &Source<'_>, client: Option<&str>) {
    out.push_str("\n/** Types that go with the client. */\nexport declare namespace Purlin {\n");
    let decimal = match source.decimal {
        Decimal::String => "string",
        Decimal::DecimalJs => "globalThis.InstanceType<typeof import('decimal.js').Decimal>",
    };
    let _ = writeln!(out, "  type Decimal = {decimal}");
    out.push_str(SHARED_TYPES);
    out.push_str(client.unwrap_or_default());
    for (name, ty) in filters(source, "models.") {
        let _ = writeln!(out, "  type {name} = {ty}");
    }
    out.push_str("  type ModelName = keyof models.Models\n");
    for model in source.models() {
        let types = source.type_name(&model.model.name);
        let name = capitalized(source, &model.model.name);
        let _ = writeln!(out, "\n  type {name}ScalarFieldEnum = keyof {}['columns']", descriptor(types));
        let of_calls = |name: &str| {
            let name = name.split('<').next().unwrap_or_default();
            ["Args", "Delegate", "RelationFilter", "ManyInput", "ManyMutationInput"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        for (name, ty) in model_types(source, model.model, "models.") {
            if client.is_some() || !of_calls(&name) {
                let _ = writeln!(out, "  type {name} = {ty}");
            }
        }
    }
    out.push_str("}\n\nexport { Purlin as Prisma }\n");
}

/// The types of conditions on columns and enums; `module`: what stands before the names of `models.ts`.
fn filters(source: &Source<'_>, module: &str) -> Vec<(String, String)> {
    let columns = FILTERS.into_iter().map(|(name, ty)| (name.to_owned(), ty.to_owned()));
    let enums = source.enums().flat_map(|enumeration| {
        let name = source.type_name(&enumeration.name);
        [("", ""), ("Nullable", ", null")].map(|(nullable, null)| {
            (format!("Enum{name}{nullable}"), format!("p.EqualityFilter<{module}{name}{null}>"))
        })
    });
    // Those of Prisma take a model, which Purlin does not need.
    columns.chain(enums).map(|(name, ty)| (format!("{name}Filter<_ = never>"), ty)).collect()
}

/// The types that Prisma has for a model, each with what it stands for; `module`: what stands before the names of
/// `models.ts`.
fn model_types(source: &Source<'_>, model: &Model, module: &str) -> Vec<(String, String)> {
    let types = source.type_name(&model.name);
    let d = descriptor(types);
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
    found.extend(aliases(source, model));
    // Those of Prisma take the types of its client's extensions, which Purlin does not have.
    for (name, _) in &mut found {
        if ["Select", "Include", "Omit"].iter().any(|end| name.strip_suffix(end) == Some(types)) {
            name.push_str("<_ = {}>");
        }
    }
    for (alias, filter) in [("List", "ListFilter<"), ("Scalar", "IsFilter<"), ("NullableScalar", "IsFilter<null | ")] {
        let name = capitalized(source, &model.name);
        found.push((format!("{name}{alias}RelationFilter"), format!("p.{filter}{types}WhereInput>")));
    }
    for (alias, generic) in GENERICS.into_iter().filter(|(alias, _)| exists(alias)) {
        if generic == "FindUniqueArgs" && model.keys.is_empty() {
            continue;
        }
        found.push((format!("{types}{alias}<_ = {{}}>"), format!("p.{generic}<{d}>")));
    }
    found.push((format!("{types}Delegate<_ = {{}}, __ = {{}}>"), format!("p.{}<{d}>", delegate(model))));
    // As in Prisma, what is no selection of the model is refused: misspelled, it would load nothing.
    found.push((format!("{types}GetPayload<A extends p.Selection<{d}>>"), format!("p.Payload<{d}, A>")));
    found
}

/// The types that `models.ts` of Prisma's `prisma-client` exports beside its inputs, but for names that the schema gives
/// to something else.
pub(super) fn prisma_model_types(source: &Source<'_>) -> String {
    let mut taken: HashSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(source.types.values().cloned());
    let inputs = [("SortOrderInput".to_owned(), "p.SortOrderInput".to_owned())].into_iter().chain(filters(source, ""));
    let models = source.models().flat_map(|model| model_types(source, model.model, ""));
    let mut out = "\n// The names of Prisma's own `models` module.\n".to_owned();
    for (name, ty) in inputs.chain(models) {
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

const GENERICS: [(&str, &str); 14] = [
    ("FindUniqueArgs", "FindUniqueArgs"),
    ("FindUniqueOrThrowArgs", "FindUniqueArgs"),
    ("FindFirstArgs", "FindManyArgs"),
    ("FindFirstOrThrowArgs", "FindManyArgs"),
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

const SHARED_TYPES: &str = "  type Bytes = p.ByteArray
  type SortOrder = p.SortOrder
  type NullsOrder = p.NullsOrder
  type JsonValue = p.JsonValue
  type JsonObject = p.JsonObject
  type JsonArray = p.JsonArray
  type InputJsonValue = p.InputJsonValue
  type InputJsonObject = p.InputJsonObject
  type InputJsonArray = p.InputJsonArray
  type JsonNullValueFilter = p.DbNull | p.JsonNull | p.AnyNull
  type JsonNullValueInput = p.JsonNull
  type NullableJsonNullValueInput = p.DbNull | p.JsonNull
  type DecimalJsLike = p.DecimalLike
  type QueryMode = p.QueryMode
  type SortOrderInput = p.SortOrderInput
  type TransactionIsolationLevel = p.TransactionIsolationLevel
  type PrismaClientOptions = p.ClientOptions
  type PromiseType<T extends PromiseLike<unknown>> = p.PromiseType<T>
  type PromiseReturnType<T extends (...args: never[]) => PromiseLike<unknown>> = p.PromiseReturnType<T>
  type Enumerable<T> = p.Enumerable<T>
  type Subset<T, U> = p.Subset<T, U>
  type SelectSubset<T, U> = p.SelectSubset<T, U>
  type Exact<T, U> = p.Exact<T, U>
  type Args<T, F extends keyof T> = p.Args<T, F>
  type BatchPayload = p.BatchPayload
  type PrismaPromise<T> = p.PurlinPromise<T>
  type PurlinKnownRequestError = p.PurlinKnownRequestError
  type PurlinValidationError = p.PurlinValidationError
  type PurlinInitializationError = p.PurlinInitializationError
  type PrismaClientKnownRequestError = p.PurlinKnownRequestError
  type PrismaClientUnknownRequestError = p.PurlinUnknownRequestError
  type PrismaClientValidationError = p.PurlinValidationError
  type PrismaClientInitializationError = p.PurlinInitializationError
  type PrismaClientRustPanicError = p.PurlinRustPanicError
";

/// The types of conditions on columns, by what stands before `Filter` in their names.
const FILTERS: [(&str, &str); 18] = [
    ("String", "p.StringFilter"),
    ("StringNullable", "p.StringFilter<null>"),
    ("Bool", "p.BooleanFilter"),
    ("BoolNullable", "p.BooleanFilter<null>"),
    ("Int", "p.OrderedFilter<number>"),
    ("IntNullable", "p.OrderedFilter<number, null>"),
    ("Float", "p.OrderedFilter<number>"),
    ("FloatNullable", "p.OrderedFilter<number, null>"),
    ("BigInt", "p.OrderedFilter<bigint | number>"),
    ("BigIntNullable", "p.OrderedFilter<bigint | number, null>"),
    ("Decimal", "p.OrderedFilter<p.DecimalInput>"),
    ("DecimalNullable", "p.OrderedFilter<p.DecimalInput, null>"),
    ("DateTime", "p.OrderedFilter<p.DateTimeInput>"),
    ("DateTimeNullable", "p.OrderedFilter<p.DateTimeInput, null>"),
    ("Bytes", "p.EqualityFilter<p.BytesInput>"),
    ("BytesNullable", "p.EqualityFilter<p.BytesInput, null>"),
    ("Json", "p.JsonFilter"),
    ("JsonNullable", "p.JsonFilter<p.DbNull | p.AnyNull>"),
];

fn columns(model: &Model) -> impl Iterator<Item = &str> {
    model.fields.iter().filter(|field| matches!(field.kind, FieldKind::Column(_))).map(|field| &*field.name)
}
