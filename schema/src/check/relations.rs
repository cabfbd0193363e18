//! Foreign keys: types, keys, optionality and actions must fit together.

use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::{Draft, FieldDraft, KeyDraft, ModelDraft};
use crate::model::{Action, Arity, FieldId, Link, Provider, Relation, RelationMode};
use crate::rules::Rule;
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

    fn place(&self) -> String {
        format!("{}.{}", self.model.name(), self.field.name())
    }

    fn argument(&self, name: &str) -> Span {
        let relation = self.field.attribute("relation");
        relation.and_then(|relation| relation.get(name)).map_or(self.span, |argument| argument.span)
    }

    fn scalars(&self) -> impl Iterator<Item = &'d FieldDraft<'t>> {
        self.columns.iter().filter_map(|id| self.model.field(*id))
    }

    fn types(&self, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
        for (from, to) in self.columns.iter().zip(self.references) {
            let (Some(from), Some(to)) = (self.model.field(*from), self.other.field(*to)) else { continue };
            let (Some(column), Some(key)) = (from.column(), to.column()) else { continue };
            let lists = from.arity == Arity::List || to.arity == Arity::List;
            if column.ty == key.ty && !lists {
                continue;
            }
            let describe = |field: &FieldDraft<'_>| {
                let list = if field.arity == Arity::List { "[]" } else { "" };
                format!("`{}{list}`", field.syntax.ty.name.text)
            };
            let diagnostic = Diagnostic::error(
                Rule::ForeignKeyType,
                self.span,
                if column.ty == key.ty {
                    format!(
                        "`{}.{}` or `{}.{}` is a list, so it cannot be part of a foreign key",
                        self.model.name(),
                        from.name(),
                        self.other.name(),
                        to.name()
                    )
                } else {
                    format!(
                        "`{}.{}` is {}, but it refers to `{}.{}`, which is {}",
                        self.model.name(),
                        from.name(),
                        describe(from),
                        self.other.name(),
                        to.name(),
                        describe(to)
                    )
                },
            )
            .label(format!("`{}` and `{}` differ", from.name(), to.name()));
            let is_list = from.arity == Arity::List || to.arity == Arity::List;
            if is_list && matches!(provider, Some(Provider::Sqlite | Provider::Mysql)) {
                // The database has no lists at all, and that is reported.
                continue;
            }
            diagnostics.push(if column.ty == key.ty {
                diagnostic.label("a list in a foreign key").help("take fields that hold a single value")
            } else {
                diagnostic.help(format!("make `{}.{}` {} too", self.model.name(), from.name(), describe(to)))
            });
        }
    }

    /// A column that stays on the server must not be readable by way of the other end of its relation.
    fn server_only(&self, diagnostics: &mut Vec<Diagnostic>) {
        let hidden = |model: &ModelDraft<'_>, field: &FieldDraft<'_>| model.ignored || field.ignored;
        let reachable = !hidden(self.model, self.field) || !hidden(self.other, self.other_field);
        for (from, to) in self.columns.iter().zip(self.references) {
            let (Some(column), Some(key)) = (self.model.field(*from), self.other.field(*to)) else { continue };
            let name = format!("{}.{}", self.model.name(), column.name());
            let key_name = format!("{}.{}", self.other.name(), key.name());
            let span = |field: &FieldDraft<'_>| field.attribute("server").map_or(self.span, |attribute| attribute.span);
            if column.server_only && reachable {
                let (place, other_place) = (self.place(), format!("{}.{}", self.other.name(), self.other_field.name()));
                let diagnostic = Diagnostic::error(
                    Rule::ServerOnlyForeignKey,
                    span(column),
                    format!("`{name}` stays on the server, but the relation `{place}` shows it: it holds `{key_name}`"),
                )
                .label(format!("anyone can read it as `{}` of `{}`", key.name(), self.field.name()))
                .related(self.field.span(), "the relation");
                diagnostics.push(diagnostic.help(format!(
                    "remove `@server` from `{name}`, or add `@ignore` to both `{place}` and `{other_place}`"
                )));
            } else if key.server_only && !column.server_only && !hidden(self.model, column) {
                let diagnostic = Diagnostic::error(
                    Rule::ServerOnlyForeignKey,
                    span(key),
                    format!("`{key_name}` stays on the server, but the foreign key `{name}` shows it: it holds a copy"),
                )
                .label(format!("anyone can read it as `{name}`"))
                .related(column.span(), "the copy");
                diagnostics.push(diagnostic.help(format!(
                    "let `{}` refer to another key of `{}` that is not secret, or remove `@server` from `{key_name}`",
                    self.field.name(),
                    self.other.name()
                )));
            }
        }
    }

    /// What is referred to must identify one record.
    fn references_key(&self, diagnostics: &mut Vec<Diagnostic>) {
        let is_key = self.other.has_key(self.references);
        if is_key || self.other.damaged {
            return;
        }
        let names: Vec<&str> =
            self.references.iter().filter_map(|id| self.other.field(*id)).map(FieldDraft::name).collect();
        let other = self.other.name();
        let (what, mut help) = match names.as_slice() {
            [one] => (format!("`{one}`"), format!("add `@unique` to `{other}.{one}`")),
            several => (
                format!("`[{}]`", several.join(", ")),
                format!("add `@@unique([{}])` to `{other}`", several.join(", ")),
            ),
        };
        // Advice that needs another type of column is no good advice.
        let ty = |field: Option<&FieldDraft<'_>>| field.and_then(FieldDraft::column).map(|column| column.ty.clone());
        let same = |id: FieldId, column: &FieldId| ty(self.other.field(id)) == ty(self.model.field(*column));
        let fits = |id: &&KeyDraft| id.fields().zip(self.columns).all(|(id, column)| same(id, column));
        if let Some(id) = self.other.primary_key.as_ref().filter(fits) {
            let id: Vec<&str> = id.fields().filter_map(|field| self.other.field(field)).map(FieldDraft::name).collect();
            let columns = if id.len() > 1 { format!(", with {} fields in `fields`", id.len()) } else { String::new() };
            help = format!("{help}, or refer to its id: `references: [{}]`{columns}", id.join(", "));
        }
        diagnostics.push(
            Diagnostic::error(
                Rule::ReferencesNoKey,
                self.argument("references"),
                format!("`{}` refers to {what} of `{}`, which is not unique there", self.place(), self.other.name()),
            )
            .label("not a key")
            .help(help),
        );
    }

    fn one_to_one(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.other_field.arity == Arity::List {
            return;
        }
        if self.model.damaged || self.model.has_key_in_order(self.columns) {
            return;
        }
        let names: Vec<&str> = self.scalars().map(FieldDraft::name).collect();
        let help = match names.as_slice() {
            [one] => {
                format!("add `@unique` to `{one}`, or make `{}.{}` a list", self.other.name(), self.other_field.name())
            }
            several => format!(
                "add `@@unique([{}])` to `{}`, or make `{}.{}` a list",
                several.join(", "),
                self.model.name(),
                self.other.name(),
                self.other_field.name()
            ),
        };
        diagnostics.push(
            Diagnostic::error(
                Rule::OneToOneNotUnique,
                self.argument("fields"),
                format!("`{}` is a one-to-one relation, but its foreign key is not unique", self.place()),
            )
            .label("not unique")
            .help(help),
        );
    }

    /// Whether the foreign key is where Prisma looks for it: at the end that is required, and of two such ends at that
    /// which comes first by its name. Elsewhere it looks no further.
    fn is_where_expected(&self) -> bool {
        let is_first = (self.model.name(), self.field.name()) <= (self.other.name(), self.other_field.name());
        self.other_field.arity != Arity::Required || (self.field.arity == Arity::Required && is_first)
    }

    /// An end without the foreign key that is required. It waits until nothing else is wrong with the relation.
    fn required_back_relation(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.other_field.arity != Arity::Required {
            return;
        }
        let (required, foreign_key) = ("required", "has the foreign key");
        let ((field, label), (other, other_label)) = match self.is_where_expected() {
            true => ((self.other_field, required), (self.field, foreign_key)),
            false => ((self.field, foreign_key), (self.other_field, required)),
        };
        let message = format!(
            "`{}.{}` is the end of a one-to-one relation without the foreign key, so it must be optional",
            self.other.name(),
            self.other_field.name()
        );
        diagnostics.push(
            Diagnostic::error(Rule::RequiredBackRelation, field.span(), message)
                .label(label)
                .related(other.span(), other_label)
                .help(format!(
                    "write `{} {}?`: the database cannot make sure that the other record exists",
                    self.other_field.name(),
                    self.model.name()
                )),
        );
    }

    fn optionality(&self, diagnostics: &mut Vec<Diagnostic>) {
        // The reverse, an optional relation over required columns, does no harm: the record is always there.
        let optional = self.scalars().find(|field| field.arity == Arity::Optional);
        if let (Arity::Required, Some(scalar)) = (self.field.arity, optional) {
            diagnostics.push(
                Diagnostic::error(
                    Rule::RelationOptionality,
                    self.field.span(),
                    format!("`{}` is required, but its foreign key `{}` is optional", self.place(), scalar.name()),
                )
                .label("required")
                .related(scalar.syntax.ty.span, "optional")
                .help(format!("write `{}?`, or make `{}` required", self.other.name(), scalar.name())),
            );
        }
    }

    fn actions(&self, provider: Option<Provider>, mode: RelationMode, diagnostics: &mut Vec<Diagnostic>) {
        for (name, action) in self.actions {
            let span = self.argument(name);
            if action == Action::SetNull
                && let Some(scalar) = self.scalars().find(|field| field.arity == Arity::Required)
            {
                // PostgreSQL takes the constraint and fails when the action runs, and older schemas rely on that.
                let severity = match (provider, mode) {
                    (Some(Provider::Postgres), RelationMode::ForeignKeys) => Severity::Warning,
                    _ => Severity::Error,
                };
                let message =
                    format!("`{}` has `{name}: SetNull`, but `{}` cannot be null", self.place(), scalar.name());
                diagnostics.push(Diagnostic {
                    severity,
                    ..Diagnostic::error(Rule::SetNullOnRequired, span, message)
                        .label("sets a required field to null")
                        .help(match self.field.arity {
                            Arity::Required => format!(
                                "make both optional (`{} {}?` and `{} {}?`), or choose another action such as `Cascade`",
                                self.field.name(),
                                self.other.name(),
                                scalar.name(),
                                scalar.syntax.ty.name.text
                            ),
                            _ => format!("make `{}` optional, or choose another action such as `Cascade`", scalar.name()),
                        })
                });
            }
            if (action, provider, mode) == (Action::SetDefault, Some(Provider::Mysql), RelationMode::ForeignKeys) {
                diagnostics.push(
                    Diagnostic::warning(
                        Rule::SetDefaultOnMysql,
                        span,
                        format!("`{}` has `{name}: SetDefault`, which InnoDB refuses", self.place()),
                    )
                    .label("not on mysql")
                    .help("write `SetNull`, `Cascade` or `Restrict`"),
                );
            }
        }
    }

    fn name(&self, provider: Option<Provider>, diagnostics: &mut Vec<Diagnostic>) {
        if self.map && provider == Some(Provider::Sqlite) {
            diagnostics.push(
                Diagnostic::error(
                    Rule::UnnamedConstraint,
                    self.argument("map"),
                    format!("`@relation` of `{}` has a `map`, but sqlite does not name foreign keys", self.place()),
                )
                .label("no name on sqlite")
                .help("remove `map:`"),
            );
        }
    }
}
