//! `models.ts`: what the schema says, as types. Everything that follows from it is in the runtime's own types.

use std::fmt::Write as _;

use purlin_query::catalog::{Arity, Column, FieldIndex, FieldKind, Key, Model, Name, Relation, Type, Writes};
use purlin_query::operators::Types;
use purlin_schema::model::Mixin;

use super::client::prisma_model_types;
use super::names::{absent, inherited, member, optional, quote, union};
use super::{Decimal, Documented, HEADER, Source, document};

/// The text of `models.ts`.
pub(super) fn models(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    out.push_str("\nimport type * as purlin from 'purlin'\n");
    if source.decimal == Decimal::DecimalJs {
        out.push_str("import type { Decimal } from 'decimal.js'\n");
    }
    for enumeration in source.enums() {
        out.push('\n');
        document(&mut out, "", enumeration.documentation.as_deref());
        let values = union(enumeration.values.iter().map(|value| value.name.as_str()));
        let _ = writeln!(out, "export type {} = {values}", source.type_name(&enumeration.name));
    }
    for model in source.models() {
        let types = ModelTypes { source, model: model.model, types: source.type_name(&model.model.name) };
        types.row(&mut out, &model);
        types.filter(&mut out, &model);
        if model.model.writes == Writes::All {
            types.create(&mut out, &model);
        }
        if model.model.writes != Writes::None {
            types.update(&mut out, &model);
        }
    }
    for (mixin, model) in source.mixins() {
        let types = ModelTypes { source, model: model.model, types: source.type_name(&mixin.name) };
        types.mixin(&mut out, mixin, &model);
    }
    out.push_str("\n/** What the schema says of each model; the types of all calls follow from it. */\n");
    out.push_str("export interface Models {\n");
    for model in source.models() {
        ModelTypes { source, model: model.model, types: source.type_name(&model.model.name) }.descriptor(&mut out);
    }
    out.push_str("}\n");
    if source.prisma_modules {
        out.push_str(&prisma_model_types(source));
    }
    out
}

/// What is written: a new row, or one that is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    Update,
}

/// Writes the types of one model.
struct ModelTypes<'a> {
    source: &'a Source<'a>,
    model: &'a Model,
    /// The name of its row type, with which the names of the others begin.
    types: &'a str,
}

impl ModelTypes<'_> {
    fn row(&self, out: &mut String, documented: &Documented<'_>) {
        out.push('\n');
        document(out, "", documented.documentation);
        let _ = writeln!(out, "export interface {} {{", self.types);
        for (name, documentation, column) in self.columns(documented).filter(|(_, _, column)| !column.server_only) {
            document(out, "  ", documentation);
            let null = if column.nullable { " | null" } else { "" };
            let _ = writeln!(out, "  {}: {}{null}", member(name), self.value(column));
        }
        out.push_str("}\n");
        if !self.has_server_only() {
            return;
        }
        let types = self.types;
        let _ =
            writeln!(out, "\n/** All columns: those that stay on the server are loaded where they are asked for. */");
        let _ = writeln!(out, "export interface {types}Columns extends {types} {{");
        for (name, documentation, column) in self.columns(documented).filter(|(_, _, column)| column.server_only) {
            document(out, "  ", documentation);
            let null = if column.nullable { " | null" } else { "" };
            let _ = writeln!(out, "  {}: purlin.ServerOnly<{}>{null}", member(name), self.value(column));
        }
        out.push_str("}\n");
    }

    /// What the rows of all models with a mixin have.
    fn mixin(&self, out: &mut String, mixin: &Mixin, documented: &Documented<'_>) {
        out.push('\n');
        document(out, "", mixin.documentation.as_deref());
        let _ = writeln!(out, "export interface {} {{", self.types);
        let shown = self.columns(documented).filter(|(_, _, column)| !column.server_only);
        for (name, documentation, column) in shown.filter(|(name, ..)| mixin.fields.iter().any(|field| field == *name))
        {
            document(out, "  ", documentation);
            let null = if column.nullable { " | null" } else { "" };
            let _ = writeln!(out, "  {}: {}{null}", member(name), self.value(column));
        }
        out.push_str("}\n");
    }

    fn has_server_only(&self) -> bool {
        self.model.columns().any(|(_, _, column)| column.server_only)
    }

    fn filter(&self, out: &mut String, documented: &Documented<'_>) {
        let _ = writeln!(out, "\nexport interface {}WhereInput {{", self.types);
        let own = format!("{}WhereInput", self.types);
        let group = |name: &str, ty: String| {
            // A field of this name is what the name means.
            let field = self.model.fields.iter().any(|field| field.name == name);
            if field { String::new() } else { format!("  {name}?: {ty}\n") }
        };
        out.push_str(&group("AND", format!("{own} | readonly {own}[]")));
        out.push_str(&group("OR", format!("readonly {own}[]")));
        out.push_str(&group("NOT", format!("{own} | readonly {own}[]")));
        for (field, documentation) in self.model.fields.iter().zip(&documented.fields) {
            document(out, "  ", *documentation);
            let ty = match &field.kind {
                FieldKind::Column(column) if column.list => {
                    let element = self.input(column.ty);
                    format!("purlin.ElementsFilter<{element}> | readonly ({element})[]")
                }
                FieldKind::Column(column) => self.column_filter(column),
                FieldKind::Relation(relation) => {
                    let target = format!("{}WhereInput", self.target(relation));
                    match relation.arity {
                        Arity::Many => format!("purlin.ListFilter<{target}>"),
                        Arity::One => format!("purlin.OneFilter<{target}> | {target}"),
                        Arity::Optional => format!("purlin.OptionalFilter<{target}> | {target} | null"),
                    }
                }
            };
            let _ = writeln!(out, "  {}: {ty}{}", optional(&field.name), inherited(&field.name));
        }
        out.push_str("}\n");
        let keys: Vec<String> = self.model.keys.iter().filter_map(|key| self.key(key)).collect();
        let unique = match keys.as_slice() {
            [] => "never".to_owned(),
            keys => format!("purlin.Unique<{own}, {}>", keys.join(" | ")),
        };
        let _ = writeln!(out, "\nexport type {}WhereUniqueInput = {unique}", self.types);
    }

    fn create(&self, out: &mut String, documented: &Documented<'_>) {
        let _ = writeln!(out, "\nexport interface {}CreateInput {{", self.types);
        for (index, (field, documentation)) in (0..).zip(self.model.fields.iter().zip(&documented.fields)) {
            match &field.kind {
                FieldKind::Column(column) if column.generated => {}
                FieldKind::Column(_) if self.is_foreign_key(index) => {
                    let _ = writeln!(out, "  {}: {}", optional(&field.name), absent(&field.name));
                }
                FieldKind::Column(column) => {
                    document(out, "  ", *documentation);
                    self.new_column(out, &field.name, column);
                }
                FieldKind::Relation(relation) if !self.is_written(relation) => {}
                FieldKind::Relation(relation) => {
                    document(out, "  ", *documentation);
                    let ty = self.related(relation, Verb::Create);
                    let _ = if self.must_be_given(relation) {
                        writeln!(out, "  {}: {ty}", member(&field.name))
                    } else {
                        writeln!(out, "  {}: {ty}{}", optional(&field.name), inherited(&field.name))
                    };
                }
            }
        }
        out.push_str("}\n");
        self.unchecked(out, documented, "Create", |out, name, column| self.new_column(out, name, column));
        let relations = self.relation_names(|relation| self.is_written(relation));
        self.without(out, "CreateManyInput", "UncheckedCreateInput", &relations);
    }

    fn update(&self, out: &mut String, documented: &Documented<'_>) {
        let _ = writeln!(out, "\nexport interface {}UpdateInput {{", self.types);
        for (index, (field, documentation)) in (0..).zip(self.model.fields.iter().zip(&documented.fields)) {
            match &field.kind {
                FieldKind::Column(column) if column.generated => {}
                FieldKind::Column(_) if self.is_foreign_key(index) => {
                    let _ = writeln!(out, "  {}: {}", optional(&field.name), absent(&field.name));
                }
                FieldKind::Column(column) => {
                    document(out, "  ", *documentation);
                    let (name, ty) = (&field.name, self.change(column));
                    let _ = writeln!(out, "  {}: {ty}{}", optional(name), inherited(name));
                }
                FieldKind::Relation(relation) if !self.is_written(relation) => {}
                FieldKind::Relation(relation) => {
                    document(out, "  ", *documentation);
                    let (name, ty) = (&field.name, self.related(relation, Verb::Update));
                    let _ = writeln!(out, "  {}: {ty}{}", optional(name), inherited(name));
                }
            }
        }
        out.push_str("}\n");
        self.unchecked(out, documented, "Update", |out, name, column| {
            let _ = writeln!(out, "  {}: {}{}", optional(name), self.change(column), inherited(name));
        });
        let relations = self.relation_names(|relation| self.is_written(relation));
        self.without(out, "UpdateManyInput", "UncheckedUpdateInput", &relations);
    }

    /// The form of an input that gives foreign keys instead of relations.
    fn unchecked(
        &self,
        out: &mut String,
        documented: &Documented<'_>,
        verb: &str,
        column: impl Fn(&mut String, &str, &Column),
    ) {
        let relations = self.relation_names(|relation| relation.holds_key && self.is_written(relation));
        let checked = format!("{}{verb}Input", self.types);
        if relations.is_empty() {
            let _ = writeln!(out, "\nexport type {}Unchecked{verb}Input = {checked}", self.types);
            return;
        }
        let fields = (0..).zip(self.model.fields.iter().zip(&documented.fields));
        let keys: Vec<_> = fields.filter(|(index, _)| self.is_foreign_key(*index)).map(|(_, field)| field).collect();
        let names = relations.iter().copied().chain(keys.iter().map(|(field, _)| &field.name));
        let left_out = union(names.map(|name| name.as_ref()));
        let _ = writeln!(
            out,
            "\nexport interface {}Unchecked{verb}Input extends {}<{checked}, {left_out}> {{",
            self.types,
            self.global("Omit")
        );
        for (field, documentation) in &keys {
            if let FieldKind::Column(key) = &field.kind
                && !key.generated
            {
                document(out, "  ", **documentation);
                column(out, &field.name, key);
            }
        }
        for name in &relations {
            let _ = writeln!(out, "  {}: {}", optional(name), absent(name));
        }
        out.push_str("}\n");
    }

    fn without(&self, out: &mut String, name: &str, whole: &str, left_out: &[&Name]) {
        let (types, omit) = (self.types, self.global("Omit"));
        let _ = if left_out.is_empty() {
            writeln!(out, "\nexport type {types}{name} = {types}{whole}")
        } else {
            let left_out = union(left_out.iter().map(|name| name.as_ref()));
            writeln!(out, "\nexport type {types}{name} = {omit}<{types}{whole}, {left_out}>")
        };
    }

    fn descriptor(&self, out: &mut String) {
        let types = self.types;
        let writes = self.model.writes;
        let (created, changed) = (writes == Writes::All, writes != Writes::None);
        let _ = writeln!(out, "  {}: {{", member(&self.model.name));
        for (name, suffix, exists) in [
            ("row", "", true),
            ("columns", if self.has_server_only() { "Columns" } else { "" }, true),
            ("where", "WhereInput", true),
            ("unique", "WhereUniqueInput", true),
            ("create", "CreateInput", created),
            ("uncheckedCreate", "UncheckedCreateInput", created),
            ("createMany", "CreateManyInput", created),
            ("update", "UpdateInput", changed),
            ("uncheckedUpdate", "UncheckedUpdateInput", changed),
            ("updateMany", "UpdateManyInput", changed),
        ] {
            let _ =
                if exists { writeln!(out, "    {name}: {types}{suffix}") } else { writeln!(out, "    {name}: never") };
        }
        out.push_str("    relations: {\n");
        for (name, relation) in self.relations() {
            let target = self.source.catalog.model(relation.target).map_or("", |model| &model.name);
            let (many, optional) = (relation.arity == Arity::Many, relation.arity == Arity::Optional);
            let target = quote(target);
            let _ = writeln!(out, "      {}: {{ model: {target}; many: {many}; optional: {optional} }}", member(name));
        }
        let lists = self.relation_names(|relation| relation.arity == Arity::Many);
        let _ = writeln!(out, "    }}\n    lists: {}\n  }}", union(lists.iter().map(|name| name.as_ref())));
    }

    // Parts

    fn columns<'d>(
        &self,
        documented: &'d Documented<'_>,
    ) -> impl Iterator<Item = (&'d Name, Option<&'d str>, &'d Column)> {
        documented.model.fields.iter().zip(&documented.fields).filter_map(|(field, documentation)| match &field.kind {
            FieldKind::Column(column) => Some((&field.name, *documentation, column)),
            FieldKind::Relation(_) => None,
        })
    }

    fn relations(&self) -> impl Iterator<Item = (&Name, &Relation)> {
        self.model.fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Relation(relation) => Some((&field.name, relation)),
            FieldKind::Column(_) => None,
        })
    }

    fn relation_names(&self, which: impl Fn(&Relation) -> bool) -> Vec<&Name> {
        self.relations().filter(|(_, relation)| which(relation)).map(|(name, _)| name).collect()
    }

    /// Not of a relation to a view: it is given by itself.
    fn is_foreign_key(&self, field: FieldIndex) -> bool {
        let mut relations = self.relations().filter(|(_, relation)| self.is_written(relation));
        relations.any(|(_, relation)| relation.holds_key && relation.from.contains(&field))
    }

    /// Returns whether a write may name rows that the relation leads to.
    fn is_written(&self, relation: &Relation) -> bool {
        self.source.catalog.model(relation.target).is_some_and(|target| target.writes != Writes::None)
    }

    /// Returns whether a row cannot be created without this relation.
    fn must_be_given(&self, relation: &Relation) -> bool {
        relation.holds_key && relation.from.iter().any(|field| self.model.column(*field).is_some_and(Column::required))
    }

    fn target(&self, relation: &Relation) -> &str {
        self.source.type_name(self.source.catalog.model(relation.target).map_or("", |model| &model.name))
    }

    /// What a write does to a relation. The related row needs not give what its parent says.
    fn related(&self, relation: &Relation, verb: Verb) -> String {
        let catalog = self.source.catalog;
        let mut known: Vec<&str> = Vec::new();
        let mut name =
            |field: FieldIndex| known.extend(catalog.field(relation.target, field).map(|field| &*field.name));
        name(relation.inverse);
        if !relation.holds_key && relation.through.is_none() {
            relation.to.iter().copied().for_each(name);
        }
        let target = catalog.model(relation.target);
        let creates = target.is_some_and(|target| target.writes == Writes::All);
        let target = target.map_or("", |model| &model.name);
        let place = match relation.arity {
            Arity::Many if creates && relation.through.is_some() => "Joined",
            Arity::Many => "Many",
            Arity::Optional if verb == Verb::Update => "Optional",
            Arity::Optional | Arity::One => "One",
        };
        let (form, known) = match (verb, creates) {
            (Verb::Create, true) => ("Write", Some(known)),
            (Verb::Create, false) => ("Connect", None),
            (Verb::Update, true) => ("Change", Some(known)),
            (Verb::Update, false) => ("Replace", Some(known)),
        };
        let known = known.map_or_else(String::new, |known| format!(", {}", union(known)));
        format!("purlin.{form}{place}<Models, {}{known}>", quote(target))
    }

    /// What names a row by a key; nothing where the name of a compound one is that of a field.
    fn key(&self, key: &Key) -> Option<String> {
        let parts: Vec<String> = key
            .fields
            .iter()
            .filter_map(|index| self.model.fields.get(usize::from(*index)))
            .filter_map(|field| match &field.kind {
                FieldKind::Column(column) => Some(format!("{}: {}", member(&field.name), self.input(column.ty))),
                FieldKind::Relation(_) => None,
            })
            .collect();
        match key.fields.len() {
            1 => Some(format!("{{ {} }}", parts.join("; "))),
            _ if self.model.fields.iter().any(|field| field.name == key.name) => None,
            _ => Some(format!("{{ {}: {{ {} }} }}", member(&key.name), parts.join("; "))),
        }
    }

    fn new_column(&self, out: &mut String, name: &str, column: &Column) {
        if column.list {
            let ty = self.input(column.ty);
            let _ = writeln!(out, "  {}: purlin.NewElements<{ty}>{}", optional(name), inherited(name));
            return;
        }
        let null = match (column.nullable, column.ty) {
            (true, Type::Json) => " | purlin.DbNull",
            (true, _) => " | null",
            (false, _) => "",
        };
        let ty = self.input(column.ty);
        let _ = if column.required() {
            writeln!(out, "  {}: {ty}{null}", member(name))
        } else {
            writeln!(out, "  {}: {ty}{null}{}", optional(name), inherited(name))
        };
    }

    fn change(&self, column: &Column) -> String {
        let ty = self.input(column.ty);
        if column.list {
            return format!("purlin.ElementsChange<{ty}>");
        }
        match (column.ty, column.nullable) {
            (Type::Int | Type::BigInt | Type::Float | Type::Decimal, false) => format!("purlin.NumberChange<{ty}>"),
            (Type::Int | Type::BigInt | Type::Float | Type::Decimal, true) => {
                format!("purlin.NumberChange<{ty}, null>")
            }
            (Type::Json, false) => ty,
            (Type::Json, true) => format!("{ty} | purlin.DbNull"),
            (_, false) => format!("purlin.Change<{ty}>"),
            (_, true) => format!("purlin.Change<{ty} | null>"),
        }
    }

    fn column_filter(&self, column: &Column) -> String {
        let ty = self.input(column.ty);
        let (parameter, only, null) = if column.nullable { (", null", "<null>", " | null") } else { ("", "", "") };
        match column.ty {
            Type::Json if column.nullable => "purlin.JsonFilter<purlin.DbNull | purlin.AnyNull>".to_owned(),
            Type::Json => "purlin.JsonFilter".to_owned(),
            text if Types::Text.has(text) => format!("purlin.StringFilter{only} | string{null}"),
            ordered if Types::Ordered.has(ordered) => format!("purlin.OrderedFilter<{ty}{parameter}> | {ty}{null}"),
            listed if Types::Listed.has(listed) => format!("purlin.EqualityFilter<{ty}{parameter}> | {ty}{null}"),
            _ => format!("purlin.BooleanFilter{only} | boolean{null}"),
        }
    }

    /// What a column holds where it is not null.
    fn value(&self, column: &Column) -> String {
        let value = self.output(column.ty);
        if column.list { format!("{value}[]") } else { value }
    }

    /// What a type of columns holds.
    fn output(&self, ty: Type) -> String {
        match ty {
            Type::Decimal if self.source.decimal == Decimal::DecimalJs => "Decimal".to_owned(),
            Type::Decimal => "string".to_owned(),
            Type::BigInt => "bigint".to_owned(),
            Type::DateTime => self.global("Date"),
            Type::Json => "purlin.JsonValue".to_owned(),
            Type::Bytes => "purlin.Bytes".to_owned(),
            _ => self.input(ty),
        }
    }

    /// What a column takes.
    fn input(&self, ty: Type) -> String {
        match ty {
            Type::String => "string".to_owned(),
            Type::Boolean => "boolean".to_owned(),
            Type::Int | Type::Float => "number".to_owned(),
            Type::BigInt => "bigint | number".to_owned(),
            Type::Decimal => "purlin.DecimalInput".to_owned(),
            Type::DateTime => format!("{} | string", self.global("Date")),
            Type::Json => "purlin.InputJsonValue | purlin.JsonNull".to_owned(),
            Type::Bytes => self.global("Uint8Array"),
            Type::Enum(index) => {
                let name = self.source.catalog.enumeration(index).map_or("", |enumeration| &enumeration.name);
                self.source.type_name(name).to_owned()
            }
        }
    }

    /// A type of JavaScript, also where the schema has a model or an enum of that name.
    fn global(&self, name: &str) -> String {
        if self.source.hides(name) { format!("globalThis.{name}") } else { name.to_owned() }
    }
}
