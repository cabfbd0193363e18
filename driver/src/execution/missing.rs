//! The errors of rows that must be there and are not, and of rows that must not.

use purlin_query::catalog::{Arity, Catalog, FieldIndex, Model, ModelIndex, Relation};
use purlin_query::plan::{Missing, Param, Plan, Step, WriteKind};
use purlin_query::shape::Code;

use super::PlannedQuery;
use crate::error::{Error, ErrorKind, Meta};

/// Several rows have a key that the schema says is unique.
#[cold]
pub(super) fn not_unique(catalog: &Catalog, model: ModelIndex) -> Error {
    let name = catalog.model(model).map_or("row", |model| &model.name);
    let message = format!(
        "several rows of {name} match the unique key of this query, and nothing was changed: the table lacks a unique index that the schema has; run `purlin db push`, or `purlin migrate status`"
    );
    Error::new(ErrorKind::Constraint, message).with("modelName", Meta::Text(name.to_owned()))
}

/// The error of a query that lacks a row; `step`: the one that requires the row.
#[cold]
pub(super) fn not_found(query: &PlannedQuery<'_>, missing: &Missing, step: Option<&Step>) -> Error {
    let catalog = query.catalog();
    // Prisma names the model of the call, however deep the row is, unless a constraint of a table refused it.
    let called = catalog.model(query.plan.model).map_or("", |model| &*model.name);
    let refused = |kind: ErrorKind, model: ModelIndex| {
        let name = catalog.model(model).map_or("", |model| &model.name);
        Error::missing(kind, name, missing.message(catalog))
    };
    let error = |kind: ErrorKind| Error::missing(kind, called, missing.message(catalog));
    match missing {
        Missing::Target(_) | Missing::Moved(_) | Missing::Gone(_) => {
            let is_delete = query.prepared.shape.first() == Some(&(Code::Delete as u16));
            error(ErrorKind::NotFound).with("operation", text(if is_delete { "a delete" } else { "an update" }))
        }
        Missing::Written(model) => refused(ErrorKind::Constraint, *model),
        Missing::Other { model, fields } => {
            let fields = fields.iter().map(|field| catalog.field_name(*model, *field).to_owned()).collect();
            refused(ErrorKind::Unique, *model).with("target", Meta::List(fields))
        }
        Missing::Agreement { .. } => error(ErrorKind::Relation),
        Missing::Connected { model, field }
        | Missing::Set { model, field }
        | Missing::Related { model, field }
        | Missing::Unrelated { model, field }
        | Missing::Place { model, field } => match Ends::of(catalog, *model, *field) {
            Some(ends) => ends.error(missing, error, step.is_some_and(|step| is_for_a_new_row(query.plan, step))),
            None => error(ErrorKind::NotFound),
        },
    }
}

/// Returns whether a step links to a row that the same query inserts.
fn is_for_a_new_row(plan: &Plan, step: &Step) -> bool {
    let frames = step.params.iter().filter_map(|param| match param {
        Param::Cell { frame, .. } => Some(*frame),
        _ => None,
    });
    let mut steps = frames.filter_map(|frame| plan.steps.get(frame));
    steps.any(|step| step.write.is_some_and(|write| write.kind == WriteKind::Insert))
}

/// The ends of a relation in the words of Prisma's errors.
struct Ends<'c> {
    /// The model that has the relation, and the one that it leads to.
    parent: &'c Model,
    child: &'c Model,
    relation: &'c Relation,
}

impl<'c> Ends<'c> {
    fn of(catalog: &'c Catalog, model: ModelIndex, field: FieldIndex) -> Option<Self> {
        let parent = catalog.model(model)?;
        let relation = parent.relation(field)?;
        Some(Self { parent, child: catalog.model(relation.target)?, relation })
    }

    /// The error of an operation on the relation that lacks a row. `is_new`: the row that has the relation is created.
    fn error(&self, missing: &Missing, error: impl Fn(ErrorKind) -> Error, is_new: bool) -> Error {
        let Self { parent, child, relation, .. } = self;
        let is_list = relation.arity == Arity::Many;
        let (operation, needed_for) = match missing {
            Missing::Place { .. } => {
                // The model that has the foreign key comes first.
                let (a, b) = if relation.holds_key { (parent, child) } else { (child, parent) };
                return self
                    .named(error(ErrorKind::Relation))
                    .with("modelA", text(&a.name))
                    .with("modelB", text(&b.name));
            }
            Missing::Unrelated { .. } if is_list => {
                return self
                    .named(error(ErrorKind::NotRelated))
                    .with("parent", text(&parent.name))
                    .with("child", text(&child.name));
            }
            Missing::Connected { .. } | Missing::Set { .. } if relation.through.is_some() => {
                return error(ErrorKind::NotFound);
            }
            Missing::Connected { .. } | Missing::Set { .. } if is_list => {
                return self.named(error(ErrorKind::ConnectedNotFound)).with("relationType", text(self.kind()));
            }
            Missing::Connected { .. } | Missing::Set { .. } => {
                let needed_for = match relation.holds_key {
                    true => Some(format!("inline the relation on '{}' record(s)", parent.name)),
                    false if is_new => {
                        Some(format!("create or connect inlined relation for '{}' record(s)", parent.name))
                    }
                    false => None,
                };
                ("a nested connect", needed_for)
            }
            Missing::Unrelated { .. } => ("a nested delete", None),
            _ => ("a nested update", None),
        };
        let error = self
            .named(error(ErrorKind::NotFound).with("model", text(&child.name)))
            .with("relationType", text(self.kind()))
            .with("operation", text(operation));
        match needed_for {
            Some(needed_for) => error.with("neededFor", Meta::Text(needed_for)),
            None => error,
        }
    }

    /// Adds the name of the relation, where it is known.
    fn named(&self, error: Error) -> Error {
        match self.name() {
            Some(name) => error.with("relation", Meta::Text(name)),
            None => error,
        }
    }

    /// The name of the relation. The catalog does not have the names that schemas give to relations; where two models have one
    /// relation, it usually has none, and that of Prisma follows from the models.
    fn name(&self) -> Option<String> {
        if let Some(through) = &self.relation.through {
            return Some(through.table.strip_prefix('_').unwrap_or(&through.table).to_owned());
        }
        let (one, other) = (&*self.parent.name, &*self.child.name);
        let joins = self.parent.relations().filter(|(_, relation)| relation.target == self.relation.target).count();
        (one != other && joins == 1).then(|| format!("{}To{}", one.min(other), one.max(other)))
    }

    fn kind(&self) -> &'static str {
        let inverse = self.child.relation(self.relation.inverse).map(|inverse| inverse.arity);
        match (self.relation.arity, inverse) {
            (Arity::Many, Some(Arity::Many)) => "many-to-many",
            (Arity::Many, _) | (_, Some(Arity::Many)) => "one-to-many",
            _ => "one-to-one",
        }
    }
}

fn text(text: &str) -> Meta {
    Meta::Text(text.to_owned())
}
