//! The generated TypeScript client, and the tables that the runtime has from the engine.

use std::fs;
use std::path::Path;

use purlin_codegen::lower::lower;
use purlin_codegen::typescript::{Decimal, Options, codes, generate};
use purlin_schema::source::SourceFile;

#[test]
fn the_words_of_the_runtime_are_those_of_the_engine() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node/package/src/codes.ts");
    let text = fs::read_to_string(&path).expect("the file is there");
    assert!(text == codes(), "{} is not what the generator writes: run `cargo xtask regenerate`", path.display());
}

/// The files of a client, by name, for a generator block of this provider and a model with this column.
fn generated(provider: &str, column: &str, rest: &str) -> Vec<(String, String)> {
    let text = format!(
        "datasource db {{\n  provider = \"sqlite\"\n}}\ngenerator client {{\n  provider = \"{provider}\"\n}}\n\
         model Price {{\n  id Int @id\n  amount {column}\n}}\n{rest}"
    );
    let (schema, diagnostics) = purlin_schema::parse(&[SourceFile { path: "schema.prisma".into(), text }]);
    assert!(!diagnostics.iter().any(|diagnostic| diagnostic.severity == purlin_schema::Severity::Error));
    let of_block = Options::of(schema.generators.first().expect("there is one")).expect("its options are valid");
    let options = Options { decimal: Decimal::DecimalJs, ..of_block };
    let files = generate(&schema, &lower(&schema), &options).into_iter();
    files.map(|file| (file.path.to_string_lossy().into_owned(), file.text)).collect()
}

#[test]
fn decimal_js_is_imported_only_for_a_decimal_column() {
    let names_it =
        |column| generated("prisma-client-js", column, "").iter().any(|(_, text)| text.contains("decimal.js"));
    assert!(names_it("Decimal?"));
    assert!(!names_it("Int"));
}

/// Prisma gives some names of the namespace a capital.
#[test]
fn names_of_models_in_small_letters_have_a_capital_where_prisma_has_it() {
    let files = generated("purlin-typescript", "Int", "model apple {\n  id Int @id\n}\n");
    let index = files.iter().find(|(name, _)| name == "index.ts").map(|(_, text)| text.as_str()).unwrap_or_default();
    for name in
        ["AppleScalarFieldEnum", "AppleListRelationFilter", "AppleScalarRelationFilter", "appleFindManyArgs<_ = {}>"]
    {
        assert!(index.contains(&format!("type {name} =")), "{name}");
    }
    assert!(index.contains("\n  get AppleScalarFieldEnum() {"));
}

/// Prisma's clients have all enums as `$Enums`, and a model may be called `Enums`.
#[test]
fn a_model_is_not_taken_for_all_enums() {
    for provider in ["prisma-client-js", "prisma-client"] {
        for (name, text) in generated(provider, "Int", "model Enums {\n  id Int @id\n}\n") {
            assert!(!text.contains("interface $Enums ") && !text.contains("  $Enums,"), "{provider} {name}");
        }
    }
}

#[test]
fn the_modules_of_prisma_client_are_there_for_its_block_alone() {
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let own = generated("purlin-typescript", "Int", "");
    assert_eq!(names(&own), ["browser.ts", "index.ts", "models.ts"]);
    let files = generated("prisma-client", "Int", "enum Role {\n  ADMIN\n}\n");
    assert_eq!(names(&files), ["browser.ts", "client.ts", "enums.ts", "index.ts", "models.ts"]);
    let text = |wanted| files.iter().find(|(name, _)| name == wanted).map(|(_, text)| text.as_str());
    assert_eq!(text("client.ts"), text("index.ts"));
    let enums = text("enums.ts").unwrap_or_default();
    assert!(enums.contains("export const Role = {\n  ADMIN: 'ADMIN',\n} as const\nexport type Role"), "{enums}");
    assert!(!enums.contains("Price"), "{enums}");
}

#[test]
fn the_modules_of_prisma_client_export_the_names_that_code_for_it_imports() {
    let files = generated("prisma-client", "Int", "enum Role {\n  ADMIN\n}\n");
    let text = |wanted| files.iter().find(|(name, _)| name == wanted).map_or("", |(_, text)| text.as_str());
    for name in ["client.ts", "index.ts", "browser.ts"] {
        let text = text(name);
        assert!(text.contains("export const $Enums = {\n  Role,\n} as const\n"), "{name}");
        assert!(text.contains("export declare namespace $Enums {\n  type Role = models.Role\n}\n"), "{name}");
        assert!(text.contains("  type PriceModel = models.Price\n"), "{name}");
    }
    for (name, ty) in [
        ("PriceModel", "Price"),
        ("PriceFindManyArgs<_ = {}>", "p.FindManyArgs<$Price>"),
        ("PriceSelect<_ = {}>", "p.Select<$Price['loads']>"),
        ("PriceGetPayload<A extends p.Selection<$Price>>", "p.Payload<$Price, A>"),
        ("PriceUpdateManyMutationInput", "p.UpdateMany<$Price>"),
        ("PriceListRelationFilter", "p.ListFilter<PriceWhereInput>"),
        ("EnumRoleFilter<_ = never>", "p.EqualityFilter<Role>"),
        ("StringFilter<_ = never>", "p.StringFilter"),
        ("SortOrderInput", "p.SortOrderInput"),
    ] {
        assert!(text("models.ts").contains(&format!("\nexport type {name} = {ty}\n")), "{name}");
    }
    assert!(!text("models.ts").contains("ScalarFieldEnum"), "it is of the namespace");
    let own = generated("purlin-typescript", "Int", "enum Role {\n  ADMIN\n}\n");
    assert!(own.iter().all(|(_, text)| !text.contains("$Enums") && !text.contains("PriceModel")));
}

#[test]
fn the_client_of_prisma_client_js_exports_its_enums_and_promises() {
    let promise = "\nexport type PrismaPromise<T> = p.PurlinPromise<T>\n";
    let files = generated("prisma-client-js", "Int", "enum Role {\n  ADMIN\n}\nenum Color {\n  RED\n}\n");
    let text = |wanted| files.iter().find(|(name, _)| name == wanted).map_or("", |(_, text)| text.as_str());
    for name in ["index.ts", "browser.ts"] {
        assert!(text(name).contains("export const $Enums = {\n  Role,\n  Color,\n} as const\n"), "{name}");
        let types = "export declare namespace $Enums {\n  type Role = models.Role\n  type Color = models.Color\n}\n";
        assert!(text(name).contains(types), "{name}");
    }
    assert!(text("index.ts").contains(promise));
    assert!(!text("models.ts").contains("PriceModel"), "the names of `prisma-client` are those of its block alone");
    // Without an enum the object is there and empty, as Prisma has it.
    let files = generated("prisma-client-js", "Int", "model PrismaPromise {\n  id Int @id\n}\n");
    let index = files.iter().find(|(name, _)| name == "index.ts").map_or("", |(_, text)| text.as_str());
    assert!(index.contains("export const $Enums = {\n} as const\n"));
    assert!(!index.contains(promise), "a model has the name");
    for provider in ["purlin-typescript", "prisma-client"] {
        let files = generated(provider, "Int", "");
        assert!(files.iter().all(|(_, text)| !text.contains("export type PrismaPromise")), "{provider}");
    }
}

#[test]
fn a_model_keeps_its_name_where_prisma_has_a_type_of_it() {
    let rest = ["PriceModel", "StringFilter", "PriceSelect"].map(|name| format!("model {name} {{\n  id Int @id\n}}\n"));
    let files = generated("prisma-client", "Int", &rest.concat());
    let models = files.iter().find(|(name, _)| name == "models.ts").map_or("", |(_, text)| text.as_str());
    for name in ["PriceModel", "StringFilter", "PriceSelect"] {
        assert!(models.contains(&format!("\nexport interface {name} extends ")), "{name}");
        assert!(!models.contains(&format!("\nexport type {name} =")), "{name}");
    }
    assert!(models.contains("\nexport type PriceModelModel = PriceModel\n"));
}

#[test]
fn linters_leave_every_file_alone_and_the_compiler_does_not() {
    for provider in ["purlin-typescript", "prisma-client", "prisma-client-js"] {
        for (name, text) in generated(provider, "Decimal", "enum Role {\n  ADMIN\n}\n") {
            let mut head = text.lines();
            assert!(head.next().is_some_and(|line| line.contains("Generated by `purlin generate`")), "{name}");
            assert_eq!(head.next(), Some("/* eslint-disable */"), "{provider}: {name}");
            // A directive that disables nothing is reported: each file is longer than this rule allows.
            assert!(
                head.next().is_some_and(|line| line.starts_with("/* eslint max-lines: [\"warn\", 3] --")),
                "{name}"
            );
            assert!(text.lines().count() > 6, "{provider}: {name}");
            for check in ["lint", "format", "assist"] {
                assert!(text.contains(&format!("\n// biome-ignore-all {check}: ")), "{provider}: {name}: {check}");
            }
            assert!(!text.contains("@ts-nocheck") && !text.contains("@ts-ignore"), "{provider}: {name}");
        }
    }
}

/// The lines of the catalog in a generated `index.ts`.
fn catalog_lines(files: &[(String, String)]) -> Vec<String> {
    let (_, index) = files.iter().find(|(name, _)| name == "index.ts").expect("it is generated");
    let (_, rest) = index.split_once("const catalog: p.Catalog = `").expect("it has a catalog");
    let (text, _) = rest.split_once('`').expect("the catalog ends");
    text.lines().map(str::to_owned).collect()
}

/// Who reviews a change of the schema sees it in the generated file, and nothing else.
#[test]
fn a_change_of_a_model_changes_its_line_of_the_catalog_alone() {
    let rest = |first: &str, more: &str| {
        format!(
            "{first}model Shop {{\n  {more}id Int @id\n  goods Good[]\n  kind Kind\n}}\n\
             model Good {{\n  id Int @id\n  shopId Int\n  shop Shop @relation(fields: [shopId], references: [id])\n}}\n\
             enum Kind {{\n  BIG\n}}\n"
        )
    };
    let before = catalog_lines(&generated("purlin-typescript", "Int", &rest("", "")));
    assert_eq!(
        before[1..],
        [
            "enum Kind BIG",
            "model Price id:Int amount:Int | id",
            "model Shop id:Int goods<Good.shop[](id=shopId) kind:enum.Kind | id",
            "model Good id:Int shopId:Int shop>Shop.goods(shopId=id)@indexed | id",
        ]
    );
    let new = |first: &str, more: &str| -> Vec<String> {
        let after = catalog_lines(&generated("purlin-typescript", "Int", &rest(first, more)));
        assert!(after.len() >= before.len());
        after.into_iter().filter(|line| !before.contains(line)).collect()
    };
    let field = new("", "name String? @map(\"full name\")\n  ");
    assert_eq!(field, ["model Shop name:String?=full%20name id:Int goods<Good.shop[](id=shopId) kind:enum.Kind | id"]);
    assert_eq!(new("model First {\n  id Int @id\n}\n", ""), ["model First id:Int | id"]);
    assert_eq!(new("enum First {\n  A\n}\n", ""), ["enum First A"]);
}
