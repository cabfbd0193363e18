//! Each `resolve/*.prisma` is a schema; the snapshot beside it is what it resolves to.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod samples;

use std::fmt::Write;

use purlin_schema::model::{
    Arity, ColumnType, End, FieldId, FieldKind, IndexColumn, IndexKind, IndexPart, Key, Link, Model, ModelKind,
    Predicate, RelationMode, Schema,
};
use purlin_schema::{Severity, SourceFile, parse};
use samples::samples;

#[test]
fn each_schema_resolves_as_shown() {
    for (name, file) in samples("resolve") {
        let (schema, diagnostics) = parse(&[file]);
        let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        assert_eq!(has_errors, name == "partial", "{name}: {diagnostics:?}");
        insta::with_settings!({ snapshot_path => "resolve", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, dump(&schema));
        });
    }
}

#[test]
fn files_are_one_namespace() {
    let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
    let files = [
        file("user.prisma", "model User {\n  id Int @id\n  posts Post[]\n  role Role\n}\n"),
        file(
            "post.prisma",
            "model Post {\n  id Int @id\n  user User @relation(fields: [userId], references: [id])\n  userId Int\n}\n",
        ),
        file("role.prisma", "enum Role {\n  A\n}\nmodel User {\n  id Int @id\n}\n"),
    ];
    let (schema, diagnostics) = parse(&files);
    assert_eq!(schema.models.len(), 2);
    assert_eq!(schema.relations.len(), 1);
    let [duplicate] = diagnostics.as_slice() else { panic!("one diagnostic is expected: {diagnostics:?}") };
    assert_eq!((duplicate.code(), duplicate.span.file), ("duplicate-name", 2));
    let [(first, _)] = duplicate.related.as_slice() else { panic!("the first one is shown too: {duplicate:?}") };
    assert_eq!((first.file, first.start), (0, 6));
}

/// A schema in a form that is short to read.
fn dump(schema: &Schema) -> String {
    let mut out = String::new();
    if let Some(datasource) = &schema.datasource {
        let (url, direct) = (&datasource.url, &datasource.direct_url);
        let shadow = &datasource.shadow_database_url;
        writeln!(out, "datasource {} {:?} {url:?} {direct:?} {shadow:?}", datasource.name, datasource.provider)
            .unwrap();
        if !datasource.schemas.is_empty() {
            writeln!(out, "  schemas {:?}", datasource.schemas).unwrap();
        }
        for extension in &datasource.extensions {
            writeln!(out, "  {extension:?}").unwrap();
        }
        if datasource.relation_mode == RelationMode::Emulated {
            writeln!(out, "  relations are emulated").unwrap();
        }
    }
    for generator in &schema.generators {
        writeln!(
            out,
            "generator {} {} {:?} {:?}",
            generator.name, generator.provider, generator.output, generator.config
        )
        .unwrap();
    }
    for model in &schema.models {
        dump_model(&mut out, schema, model);
    }
    for mixin in &schema.mixins {
        writeln!(out, "mixin {} {:?}{}", mixin.name, mixin.fields, doc(&mixin.documentation)).unwrap();
    }
    for enumeration in &schema.enums {
        let name =
            enumeration.schema.iter().chain([&enumeration.db_name]).map(String::as_str).collect::<Vec<_>>().join(".");
        let documentation = doc(&enumeration.documentation);
        writeln!(out, "enum {} ({name}){}{documentation}", enumeration.name, was(&enumeration.was)).unwrap();
        for value in &enumeration.values {
            writeln!(out, "  {} ({}){}{}", value.name, value.db_name, was(&value.was), doc(&value.documentation))
                .unwrap();
        }
    }
    for relation in &schema.relations {
        let end = |model, field: FieldId| {
            let model: &Model = schema.model(model);
            format!("{}.{}", model.name, model.field(field).name)
        };
        let (from, to) = (end(relation.from.model, relation.from.field), end(relation.to.model, relation.to.field));
        writeln!(out, "relation {:?} {from} -> {to}", relation.name).unwrap();
        let names =
            |model, fields: &[FieldId]| fields.iter().map(|field| end(model, *field)).collect::<Vec<_>>().join(", ");
        match &relation.link {
            Link::ForeignKey { columns, references, on_delete, on_update, map } => {
                let columns = names(relation.from.model, columns);
                let references = names(relation.to.model, references);
                writeln!(out, "  [{columns}] -> [{references}] delete {on_delete:?} update {on_update:?} map {map:?}")
            }
            Link::JoinTable { table, from_key, to_key } => {
                let (a, b) = (end(relation.from.model, *from_key), end(relation.to.model, *to_key));
                writeln!(out, "  table {table} A = {a} B = {b}")
            }
        }
        .unwrap();
    }
    out
}

fn dump_model(out: &mut String, schema: &Schema, model: &Model) {
    let ignored = if model.ignored { " ignored" } else { "" };
    let kind = if model.kind == ModelKind::View { "view" } else { "model" };
    let table = model.schema.iter().chain([&model.table]).map(String::as_str).collect::<Vec<_>>().join(".");
    let earlier = was(&model.was);
    writeln!(out, "{kind} {} ({table}){ignored}{earlier}{}", model.name, doc(&model.documentation)).unwrap();
    for field in &model.fields {
        let arity = match field.arity {
            Arity::Required => "",
            Arity::Optional => "?",
            Arity::List => "[]",
        };
        let ignored = if field.ignored { " ignored" } else { "" };
        write!(out, "  {}{arity}{ignored}: ", field.name).unwrap();
        match &field.kind {
            FieldKind::Column(column) => {
                let ty = match &column.ty {
                    ColumnType::Scalar(scalar) => scalar.name().to_owned(),
                    ColumnType::Enum(id) => schema.enumeration(*id).name.clone(),
                    ColumnType::Unsupported(ty) => format!("unsupported {ty:?}"),
                };
                write!(out, "{ty} ({})", column.name).unwrap();
                if let Some(default) = &column.default {
                    write!(out, " = {default:?}").unwrap();
                }
                if column.updated_at {
                    write!(out, " updatedAt").unwrap();
                }
                if let Some(native) = &column.native {
                    write!(out, " native {}{:?}", native.definition.name, native.arguments).unwrap();
                }
                if let Some(generated) = &column.generated {
                    write!(out, " {generated:?}").unwrap();
                }
            }
            FieldKind::Relation(relation, end) => {
                let end = match end {
                    End::From => schema.relation(*relation).to,
                    End::To => schema.relation(*relation).from,
                };
                write!(out, "-> {}.{}", schema.model(end.model).name, schema.model(end.model).field(end.field).name)
                    .unwrap();
            }
        }
        if field.server_only {
            write!(out, " server only").unwrap();
        }
        writeln!(out, "{}{}", was(&field.was), doc(&field.documentation)).unwrap();
    }
    let column = |column: &IndexColumn| {
        let mut text = model.field(column.field).name.clone();
        if column.descending {
            text.push_str(" desc");
        }
        if let Some(length) = column.length {
            text.push_str(&format!(" length {length}"));
        }
        if let Some(class) = &column.operator_class {
            text.push_str(&format!(" ops {class:?}"));
        }
        text
    };
    let predicate =
        |predicate: &Option<Predicate>| predicate.as_ref().map(|it| format!(" where {it:?}")).unwrap_or_default();
    let key = |out: &mut String, kind: &str, key: &Key| {
        let columns = key.columns.iter().map(column).collect::<Vec<_>>().join(", ");
        let predicate = predicate(&key.predicate);
        writeln!(out, "  {kind} [{columns}] name {:?} map {:?}{predicate}", key.name, key.map).unwrap();
    };
    if let Some(id) = &model.primary_key {
        key(out, "id", id);
    }
    for unique in &model.uniques {
        key(out, "unique", unique);
    }
    for index in &model.indexes {
        let part = |part: &IndexPart| match part {
            IndexPart::Column(it) => column(it),
            expression => format!("{expression:?}"),
        };
        let parts = index.parts.iter().map(part).collect::<Vec<_>>().join(", ");
        let kind = if index.kind == IndexKind::Normal { String::new() } else { format!(" {:?}", index.kind) };
        let algorithm = index.algorithm.map(|it| format!(" {it:?}")).unwrap_or_default();
        let predicate = predicate(&index.predicate);
        writeln!(out, "  index{kind}{algorithm} [{parts}] map {:?}{predicate}", index.map).unwrap();
    }
    for field in &model.shard_key {
        writeln!(out, "  shard key {}", model.field(*field).name).unwrap();
    }
    for mixin in &model.mixins {
        let name = schema.mixins.get(mixin.0).map_or("?", |mixin| mixin.name.as_str());
        writeln!(out, "  includes {name}").unwrap();
    }
    for check in &model.checks {
        writeln!(out, "  {check:?}").unwrap();
    }
}

fn was(name: &Option<String>) -> String {
    name.as_ref().map(|name| format!(" was {name}")).unwrap_or_default()
}

fn doc(documentation: &Option<String>) -> String {
    documentation.as_ref().map(|text| format!(" /// {text:?}")).unwrap_or_default()
}
