//! Foreign keys: types, keys, optionality and actions must fit together.

use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::{Draft, FieldDraft, KeyDraft, ModelDraft};
use crate::messages::{FieldPath, keys, relations as messages};
use crate::model::{Action, Arity, FieldId, Link, Provider, Relation, RelationMode};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for relation in &draft.relations {
        if let Some(foreign_key) = ForeignKey::new(draft, &relation.relation, relation.span) {
            if !foreign_key.is_where_expected() {
                foreign_key.required_back_relation(diagnostics);
                continue;
            }
            foreign_key.types(draft.provider, diagnostics);
            foreign_key.references_key(diagnostics);
            foreign_key.one_to_one(diagnostics);
            foreign_key.optionality(diagnostics);
            foreign_key.actions(draft.provider, draft.relation_mode, diagnostics);
            foreign_key.name(draft.provider, diagnostics);
            foreign_key.server_only(diagnostics);
            foreign_key.required_back_relation(diagnostics);
        }
    }
}

/// A relation with a foreign key, its indices followed.
struct ForeignKey<'d, 't> {
    model: &'d ModelDraft<'t>,
    field: &'d FieldDraft<'t>,
    other: &'d ModelDraft<'t>,
    other_field: &'d FieldDraft<'t>,
    columns: &'d [FieldId],
    references: &'d [FieldId],
    actions: [(&'static str, Action); 2],
    map: bool,
    span: Span,
}

impl<'d, 't> ForeignKey<'d, 't> {
    fn new(draft: &'d Draft<'t>, relation: &'d Relation, span: Span) -> Option<Self> {
        let Link::ForeignKey { columns, references, on_delete, on_update, map } = &relation.link else { return None };
        let (model, other) = (draft.model(relation.from.model)?, draft.model(relation.to.model)?);
        Some(Self {
            model,
            field: model.field(relation.from.field)?,
            other,
            other_field: other.field(relation.to.field)?,
            columns,
            references,
            actions: [("onDelete", *on_delete), ("onUpdate", *on_update)],
            map: map.is_some(),
            span,
        })
    }

    fn path(&self) -> FieldPath<'d> {
        self.model.path(self.field)
    }

    fn other_path(&self) -> FieldPath<'d> {
        self.other.path(self.other_field)
    }

    fn argument(&self, name: &str) -> Span {
        let relation = self.field.attribute("relation");
        relation.and_then(|relation| relation.get(name)).map_or(self.span, |argument| argument.span)
    }

    fn scalars(&self) -> impl Iterator<Item = &'d FieldDraft<'t>> {
        self.columns.iter().filter_map(|id| self.model.field(*id))
    }

    fn types(&self, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
        let written = |field: &FieldDraft<'_>| {
            let list = if field.arity == Arity::List { "[]" } else { "" };
            format!("{}{list}", field.syntax.ty.name.text)
        };
        for (from, to) in self.columns.iter().zip(self.references) {
            let (Some(from), Some(to)) = (self.model.field(*from), self.other.field(*to)) else { continue };
            let (Some(column), Some(key)) = (from.column(), to.column()) else { continue };
            let is_list = from.arity == Arity::List || to.arity == Arity::List;
            if is_list && matches!(provider, Some(Provider::Sqlite | Provider::Mysql)) {
                // The database has no lists at all, and that is reported.
                continue;
            }
            let (from_path, to_path) = (self.model.path(from), self.other.path(to));
            if column.ty != key.ty {
                let (from_type, to_type) = (written(from), written(to));
                let (from, to) = ((from_path, from_type.as_str()), (to_path, to_type.as_str()));
                diagnostics.push(messages::foreign_key_type(self.span, from, to));
            } else if is_list {
                diagnostics.push(messages::list_in_foreign_key(self.span, from_path, to_path));
            }
        }
    }

    /// A column that stays on the server must not be readable by way of the other end of its relation.
    fn server_only(&self, diagnostics: &mut Vec<Diagnostic>) {
        let hidden = |model: &ModelDraft<'_>, field: &FieldDraft<'_>| model.ignored || field.ignored;
        let reachable = !hidden(self.model, self.field) || !hidden(self.other, self.other_field);
        let relation = (self.path(), self.field.span());
        for (from, to) in self.columns.iter().zip(self.references) {
            let (Some(column), Some(key)) = (self.model.field(*from), self.other.field(*to)) else { continue };
            let (column_path, key_path) = (self.model.path(column), self.other.path(key));
            let span = |field: &FieldDraft<'_>| field.attribute("server").map_or(self.span, |attribute| attribute.span);
            if column.server_only && reachable {
                let pair = (column_path, key_path);
                diagnostics.push(messages::server_only_column(span(column), pair, relation, self.other_path()));
            } else if key.server_only && !column.server_only && !hidden(self.model, column) {
                let copy = (column_path, column.span());
                diagnostics.push(messages::server_only_key(span(key), key_path, copy, relation.0));
            }
        }
    }

    /// The referenced fields must identify one record.
    fn references_key(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.other.has_key(self.references) || self.other.damaged {
            return;
        }
        // Advice that needs another type of column is no good advice.
        let ty = |field: Option<&FieldDraft<'_>>| field.and_then(FieldDraft::column).map(|column| column.ty.clone());
        let same = |id: FieldId, column: &FieldId| ty(self.other.field(id)) == ty(self.model.field(*column));
        let fits = |id: &&KeyDraft| id.fields().zip(self.columns).all(|(id, column)| same(id, column));
        let id = self.other.primary_key.as_ref().filter(fits).map(|id| self.other.names(id.fields()));
        diagnostics.push(messages::references_no_key(
            self.argument("references"),
            self.path(),
            self.other.name(),
            &self.other.names(self.references.iter().copied()),
            id.as_deref(),
        ));
    }

    fn one_to_one(&self, diagnostics: &mut Vec<Diagnostic>) {
        let is_one_to_one = self.other_field.arity != Arity::List;
        if is_one_to_one && !self.model.damaged && !self.model.has_key_in_order(self.columns) {
            diagnostics.push(messages::one_to_one_not_unique(
                self.argument("fields"),
                self.path(),
                &self.model.names(self.columns.iter().copied()),
                self.other_path(),
            ));
        }
    }

    /// Returns whether the foreign key is where Prisma looks for it: at the end that is required, and of two such ends
    /// at that which comes first by its name. Elsewhere it looks no further.
    fn is_where_expected(&self) -> bool {
        let is_first = (self.model.name(), self.field.name()) <= (self.other.name(), self.other_field.name());
        self.other_field.arity != Arity::Required || (self.field.arity == Arity::Required && is_first)
    }

    /// An end without the foreign key that is required. It waits until nothing else is wrong with the relation.
    fn required_back_relation(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.other_field.arity != Arity::Required {
            return;
        }
        let required = (self.other_field.span(), "required");
        let foreign_key = (self.field.span(), "has the foreign key");
        let (place, other) = if self.is_where_expected() { (required, foreign_key) } else { (foreign_key, required) };
        diagnostics.push(messages::required_back_relation(place, other, self.other_path(), self.model.name()));
    }

    fn optionality(&self, diagnostics: &mut Vec<Diagnostic>) {
        // The reverse, an optional relation over required columns, does no harm: the record is always there.
        let optional = self.scalars().find(|field| field.arity == Arity::Optional);
        if let (Arity::Required, Some(column)) = (self.field.arity, optional) {
            let column = (column.name(), column.syntax.ty.span);
            diagnostics.push(messages::required_over_optional(
                self.field.span(),
                self.path(),
                self.other.name(),
                column,
            ));
        }
    }

    fn actions(&self, provider: Option<Provider>, mode: RelationMode, diagnostics: &mut Vec<Diagnostic>) {
        for (name, action) in self.actions {
            let span = self.argument(name);
            if action == Action::SetNull
                && let Some(column) = self.scalars().find(|field| field.arity == Arity::Required)
            {
                // PostgreSQL takes the constraint and fails when the action runs, and older schemas rely on that.
                let severity = match (provider, mode) {
                    (Some(Provider::Postgres), RelationMode::ForeignKeys) => Severity::Warning,
                    _ => Severity::Error,
                };
                let place = (self.path(), name);
                let help = self.nullable(column);
                diagnostics.push(messages::set_null_on_required(span, severity, place, column.name(), help));
            }
            if (action, provider, mode) == (Action::SetDefault, Some(Provider::Mysql), RelationMode::ForeignKeys) {
                diagnostics.push(messages::set_default_on_mysql(span, self.path(), name));
            }
        }
    }

    /// The advice to make the required column of a `SetNull` optional.
    fn nullable(&self, column: &FieldDraft<'_>) -> String {
        let another = "or choose another action such as `Cascade`";
        let (name, ty) = (column.name(), &column.syntax.ty.name.text);
        match self.field.arity {
            Arity::Required => format!(
                "make both optional (`{} {}?` and `{name} {ty}?`), {another}",
                self.field.name(),
                self.other.name()
            ),
            Arity::Optional | Arity::List => format!("make `{name}` optional, {another}"),
        }
    }

    fn name(&self, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
        if self.map && provider == Some(Provider::Sqlite) {
            diagnostics.push(keys::foreign_key_name_on_sqlite(self.argument("map"), self.path()));
        }
    }
}
