//! `models.ts`: what the schema says, as types. Everything that follows from it is in the runtime's own types.
//!
//! A model is described by one interface, `$User` for `User`, which names its columns and relations with their kinds. A name
//! with `$` is none that a schema can have.

use std::fmt::Write as _;

use purlin_query::catalog::{Arity, Column, FieldIndex, FieldKind, Key, Model, Relation, Type, Writes};
use purlin_schema::model::Mixin;

use super::client::prisma_model_types;
use super::names::{descriptor, inherited, member, quote, union};
use super::{Decimal, Documented, HEADER, Source, document};

/// The text of `models.ts`.
pub(super) fn models(source: &Source<'_>) -> String {
    let mut out = HEADER.to_owned();
    out.push_str("\nimport type * as p from 'purlin'\nimport type { Purlin } from './index.js'\n");
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
        let types = ModelTypes::of(source, model.model);
        types.row(&mut out, &model);
        types.descriptor(&mut out, &model);
    }
    for (mixin, model) in source.mixins() {
        let types = ModelTypes { source, model: model.model, types: source.type_name(&mixin.name) };
        types.mixin(&mut out, mixin, &model);
    }
    out.push_str("\n/** The descriptors of the models. */\nexport interface Models {\n");
    for model in source.models() {
        let name = &model.model.name;
        let _ = writeln!(out, "  {}: {}", member(name), descriptor(source.type_name(name)));
    }
    out.push_str("}\n");
    if source.prisma_modules {
        out.push_str(&prisma_model_types(source));
    }
    out
}

/// Which fields a group of a model has. The groups are what new rows and changes tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// Columns that are no foreign keys.
    Columns,
    /// Foreign keys.
    Keys,
    /// Relations to rows that the model has the keys of.
    Parents,
    /// Other relations.
    Relations,
}

impl Group {
    const ALL: [Self; 4] = [Self::Columns, Self::Keys, Self::Parents, Self::Relations];

    fn name(self) -> &'static str {
        match self {
            Self::Columns => "Columns",
            Self::Keys => "Keys",
            Self::Parents => "Parents",
            Self::Relations => "Relations",
        }
    }
}

/// Writes the types of one model.
struct ModelTypes<'a> {
    source: &'a Source<'a>,
    model: &'a Model,
    /// The name of its row type, with which the names of the others begin.
    types: &'a str,
}

impl<'a> ModelTypes<'a> {
    fn of(source: &'a Source<'a>, model: &'a Model) -> Self {
        Self { source, model, types: source.type_name(&model.name) }
    }

    fn row(&self, out: &mut String, documented: &Documented<'_>) {
        out.push('\n');
        document(out, "", documented.documentation);
        let columns = if self.has_server_only() {
            let shown = |group: Group| {
                let hidden: Vec<&str> = self
                    .fields(group)
                    .filter_map(|(_, field)| match &field.kind {
                        FieldKind::Column(column) if column.server_only => Some(&*field.name),
                        _ => None,
                    })
                    .collect();
                let whole = self.group_name(group);
                match (self.fields(group).next(), hidden.as_slice()) {
                    (None, _) => None,
                    (_, []) => Some(whole),
                    _ => Some(format!("p.Without<{whole}, {}>", union(hidden))),
                }
            };
            [Group::Columns, Group::Keys].into_iter().filter_map(shown).collect::<Vec<_>>().join(" & ")
        } else {
            format!("{}['columns']", descriptor(self.types))
        };
        let _ = writeln!(out, "export interface {} extends p.Row<{columns}> {{}}", self.types);
    }

    /// What the rows of all models with a mixin have.
    fn mixin(&self, out: &mut String, mixin: &Mixin, documented: &Documented<'_>) {
        let _ = writeln!(out, "\ninterface {} {{", self.group_name(Group::Columns));
        let fields = documented.model.fields.iter().zip(&documented.fields);
        for (field, documentation) in fields.filter(|(field, _)| mixin.fields.iter().any(|name| *name == *field.name)) {
            if let FieldKind::Column(column) = &field.kind
                && !column.server_only
            {
                document(out, "  ", *documentation);
                let _ = writeln!(out, "  {}: {}", member(&field.name), self.column_kind(column));
            }
        }
        out.push_str("}\n");
        document(out, "", mixin.documentation.as_deref());
        let (types, columns) = (self.types, self.group_name(Group::Columns));
        let _ = writeln!(out, "export interface {types} extends p.Row<{columns}> {{}}");
    }

    /// The interface of a group of fields. The name of no model has a `$`, so it is the descriptor of none.
    fn group_name(&self, group: Group) -> String {
        format!("${}${}", self.types, group.name())
    }

    /// The interface that describes the model, and those of its groups of fields.
    fn descriptor(&self, out: &mut String, documented: &Documented<'_>) {
        let types = self.types;
        for group in Group::ALL {
            if self.fields(group).next().is_none() {
                continue;
            }
            let _ = writeln!(out, "export interface {} {{", self.group_name(group));
            for (index, field) in self.fields(group) {
                document(out, "  ", documented.fields.get(usize::from(index)).copied().flatten());
                let kind = match &field.kind {
                    FieldKind::Column(column) => self.column_kind(column),
                    FieldKind::Relation(relation) => self.relation_kind(relation),
                };
                let _ = writeln!(out, "  {}: {}", member(&field.name), inherited(&field.name, kind));
            }
            out.push_str("}\n");
        }
        let group = |group: Group| match self.fields(group).next() {
            Some(_) => self.group_name(group),
            None => "{}".to_owned(),
        };
        let [columns, keys, parents, relations] = Group::ALL.map(group);
        let lists: Vec<&str> = self
            .fields(Group::Relations)
            .filter(|(_, field)| matches!(&field.kind, FieldKind::Relation(relation) if relation.arity == Arity::Many))
            .map(|(_, field)| &*field.name)
            .collect();
        let counts = !lists.is_empty() && !self.has_field("_count");
        let mut groups = format!("{columns}, {keys}, {parents}, {relations}");
        // Where all of these relations are counted, the runtime's type says the rest.
        if !counts || lists.len() < self.fields(Group::Relations).count() {
            let mut related: Vec<String> =
                [&parents, &relations].into_iter().filter(|group| *group != "{}").cloned().collect();
            if counts {
                related.push(format!("p.Counted<{relations}, {}>", union(lists)));
            }
            let _ = write!(groups, ", {}", if related.is_empty() { "{}".to_owned() } else { related.join(" & ") });
        }
        let _ = writeln!(
            out,
            "export interface {} extends p.Model<{groups}> {{
  row: {types}
  required: {}
  requiredParents: {}
  requiredKeys: {}
  select: Purlin.{types}Select
  include: Purlin.{types}Include
  omit: Purlin.{types}Omit
  where: Purlin.{types}WhereInput
  orderBy: Purlin.{types}OrderByWithRelationInput
  keys: {}
  inputs: {{ unique: Purlin.{types}WhereUniqueInput{} }}
}}",
            descriptor(types),
            self.required(Group::Columns),
            self.required(Group::Parents),
            self.required(Group::Keys),
            self.keys(),
            self.inputs(&parents),
        );
    }

    /// What calls take of new rows and of changes, where the model is written.
    fn inputs(&self, parents: &str) -> String {
        let types = self.types;
        let input = |verb: &str| {
            let checked = format!("Purlin.{types}{verb}Input");
            let name = verb.to_lowercase();
            if parents == "{}" {
                format!("; {name}: {checked}")
            } else {
                format!("; {name}: {checked} | Purlin.{types}Unchecked{verb}Input")
            }
        };
        match self.model.writes {
            Writes::All => input("Create") + &input("Update"),
            Writes::NoCreate => input("Update"),
            Writes::None => String::new(),
        }
    }

    /// The fields of a group that a new row must give.
    fn required(&self, group: Group) -> String {
        let fields = self.fields(group).filter(|(_, field)| match &field.kind {
            FieldKind::Column(column) => column.required(),
            FieldKind::Relation(relation) => self.must_be_given(relation),
        });
        union(fields.map(|(_, field)| &*field.name).collect::<Vec<_>>())
    }

    /// What names a row: an object per unique key.
    fn keys(&self) -> String {
        let keys: Vec<String> = self.model.keys.iter().filter_map(|key| self.key(key)).collect();
        if keys.is_empty() { "never".to_owned() } else { keys.join(" | ") }
    }

    // Parts

    /// The fields of a group.
    fn fields(&self, group: Group) -> impl Iterator<Item = (FieldIndex, &purlin_query::catalog::Field)> {
        (0..).zip(self.model.fields.iter()).filter(move |(index, field)| {
            group
                == match &field.kind {
                    FieldKind::Column(_) if self.is_foreign_key(*index) => Group::Keys,
                    FieldKind::Column(_) => Group::Columns,
                    FieldKind::Relation(relation) if relation.holds_key && self.is_written(relation) => Group::Parents,
                    FieldKind::Relation(_) => Group::Relations,
                }
        })
    }

    fn has_field(&self, name: &str) -> bool {
        self.model.fields.iter().any(|field| field.name == name)
    }

    fn has_server_only(&self) -> bool {
        self.model.columns().any(|(_, _, column)| column.server_only)
    }

    /// Not of a relation to a view: it is given by itself.
    fn is_foreign_key(&self, field: FieldIndex) -> bool {
        let mut relations = self.model.relations().filter(|(_, relation)| self.is_written(relation));
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

    /// The kind of a relation. The related row needs not give what its parent says.
    fn relation_kind(&self, relation: &Relation) -> String {
        let catalog = self.source.catalog;
        let mut settled: Vec<&str> = Vec::new();
        let mut name =
            |field: FieldIndex| settled.extend(catalog.field(relation.target, field).map(|field| &*field.name));
        name(relation.inverse);
        if !relation.holds_key && relation.through.is_none() {
            relation.to.iter().copied().for_each(name);
        }
        let settled = union(settled);
        let target = catalog.model(relation.target);
        let kind = match relation.arity {
            Arity::Many if relation.through.is_some() => "Joined",
            Arity::Many => "Many",
            Arity::Optional => "Optional",
            Arity::One => "One",
        };
        let target_type = descriptor(self.source.type_name(target.map_or("", |model| &model.name)));
        let kind = format!("p.{kind}<{target_type}, {settled}>");
        match target.map_or(Writes::None, |target| target.writes) {
            Writes::All => kind,
            Writes::NoCreate => format!("p.Existing<{kind}, {settled}>"),
            Writes::None => format!("p.ReadOnly<{kind}>"),
        }
    }

    fn column_kind(&self, column: &Column) -> String {
        let null = if column.nullable { "null" } else { "" };
        let of = |name: &str, parameters: &[&str]| {
            let parameters: Vec<&str> =
                parameters.iter().copied().chain([null]).filter(|parameter| !parameter.is_empty()).collect();
            if parameters.is_empty() { format!("p.{name}") } else { format!("p.{name}<{}>", parameters.join(", ")) }
        };
        let mut kind = match column.ty {
            Type::String => of("Str", &[]),
            Type::Boolean => of("Bool", &[]),
            Type::Int => of("Int", &[]),
            Type::BigInt => of("BigInt", &[]),
            Type::Float => of("Float", &[]),
            Type::Decimal if self.source.decimal == Decimal::DecimalJs => of("Decimal", &["Decimal"]),
            Type::Decimal => of("Decimal", &["string"]),
            Type::DateTime => of("DateTime", &[]),
            Type::Json => of("Json", &[]),
            Type::Bytes => of("Bytes", &[]),
            Type::Enum(index) => {
                let name = self.source.catalog.enumeration(index).map_or("", |enumeration| &enumeration.name);
                of("Enum", &[self.source.type_name(name)])
            }
        };
        if column.list {
            kind = format!("p.List<{kind}>");
        }
        if column.server_only {
            kind = format!("p.Server<{kind}>");
        }
        if column.generated {
            kind = format!("p.ReadOnly<{kind}>");
        }
        kind
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
            _ if self.has_field(&key.name) => None,
            _ => Some(format!("{{ {}: {{ {} }} }}", member(&key.name), parts.join("; "))),
        }
    }

    /// What a column takes.
    fn input(&self, ty: Type) -> String {
        match ty {
            Type::String => "string".to_owned(),
            Type::Boolean => "boolean".to_owned(),
            Type::Int | Type::Float => "number".to_owned(),
            Type::BigInt => "bigint | number".to_owned(),
            Type::Decimal => "p.DecimalInput".to_owned(),
            Type::DateTime => "p.DateTimeInput".to_owned(),
            Type::Json => "p.InputJsonValue | p.JsonNull".to_owned(),
            Type::Bytes => "p.BytesInput".to_owned(),
            Type::Enum(index) => {
                let name = self.source.catalog.enumeration(index).map_or("", |enumeration| &enumeration.name);
                self.source.type_name(name).to_owned()
            }
        }
    }
}

/// The types of the namespace that follow from a model's descriptor, each with what it is.
pub(super) fn aliases(source: &Source<'_>, model: &Model) -> Vec<(String, String)> {
    let described = ModelTypes::of(source, model);
    let types = described.types;
    let has = |group: Group| described.fields(group).next().is_some();
    let name = |suffix: &str| format!("{types}{suffix}");
    let d = descriptor(types);
    let include = if has(Group::Parents) || has(Group::Relations) {
        format!("p.Select<{d}['related']>")
    } else {
        "p.NoRelations".to_owned()
    };
    let mut aliases = vec![
        (name("Select"), format!("p.Select<{d}['loads']>")),
        (name("Include"), include),
        (name("Omit"), format!("p.Omitted<{d}['columns']>")),
        (name("WhereInput"), where_input(model, &d)),
        (name("WhereUniqueInput"), format!("p.Unique<{types}WhereInput, {d}['keys']>")),
        (name("OrderByWithRelationInput"), format!("p.OrderBy<{d}['fields']>")),
    ];
    let unchecked = |checked: &str, generic: &str| {
        // Without foreign keys there is one form.
        if has(Group::Parents) { format!("p.{generic}<{d}>") } else { format!("{types}{checked}") }
    };
    if model.writes == Writes::All {
        aliases.extend([
            (name("CreateInput"), format!("p.Create<{d}>")),
            (name("UncheckedCreateInput"), unchecked("CreateInput", "UncheckedCreate")),
            (name("CreateManyInput"), format!("p.CreateMany<{d}>")),
        ]);
    }
    if model.writes != Writes::None {
        aliases.extend([
            (name("UpdateInput"), format!("p.Update<{d}>")),
            (name("UncheckedUpdateInput"), unchecked("UpdateInput", "UncheckedUpdate")),
            (name("UpdateManyMutationInput"), format!("p.UpdateMany<{d}>")),
            (name("UncheckedUpdateManyInput"), name("UpdateManyMutationInput")),
        ]);
    }
    aliases
}

/// The conditions on the rows of a model. A field named as an operator is what the name means.
fn where_input(model: &Model, descriptor: &str) -> String {
    let taken = ["AND", "OR", "NOT"].into_iter().filter(|name| model.fields.iter().any(|field| field.name == *name));
    let taken: Vec<String> = taken.map(quote).collect();
    if taken.is_empty() {
        format!("p.Where<{descriptor}['fields'] & p.Logic<{descriptor}>>")
    } else {
        format!("p.Where<{descriptor}['fields'] & p.Without<p.Logic<{descriptor}>, {}>>", taken.join(" | "))
    }
}
