//! `relationMode = "prisma"`: without foreign keys the client keeps the relations, and can do less than a database.

use crate::diagnostic::Diagnostic;
use crate::draft::{Draft, RelationDraft};
use crate::graph;
use crate::messages::relations as messages;
use crate::model::{Action, Link, Provider, RelationMode};
use crate::source::Span;

pub(crate) fn run(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if draft.relation_mode != RelationMode::Emulated {
        return;
    }
    for relation in &draft.relations {
        actions(draft, relation, diagnostics);
        index(draft, relation, diagnostics);
    }
    cycles(draft, diagnostics);
}

/// The actions that no client can emulate.
fn actions(draft: &Draft<'_>, relation: &RelationDraft, diagnostics: &mut Vec<Diagnostic>) {
    let Link::ForeignKey { on_delete, on_update, .. } = &relation.relation.link else { return };
    for (name, action) in [("onDelete", on_delete), ("onUpdate", on_update)] {
        let (Some(span), Some(provider)) = (argument(draft, relation, name), draft.provider) else { continue };
        let (reason, instead) = match action {
            Action::SetDefault => ("a client does not know the defaults of the database", "`Cascade` or `SetNull`"),
            Action::NoAction if provider != Provider::Mysql => {
                ("without a foreign key nothing looks at the relation later", "`Restrict`")
            }
            _ => continue,
        };
        diagnostics.push(messages::emulated_action(span, name, *action, reason, instead));
    }
}

/// The place of an argument of the `@relation` that holds the foreign key.
fn argument(draft: &Draft<'_>, relation: &RelationDraft, name: &str) -> Option<Span> {
    let field = draft.model(relation.relation.from.model)?.field(relation.relation.from.field)?;
    field.attribute("relation")?.get(name).map(|argument| argument.span)
}

/// A foreign key brings an index on some databases, and is missed where it was the only one.
fn index(draft: &Draft<'_>, relation: &RelationDraft, diagnostics: &mut Vec<Diagnostic>) {
    let Link::ForeignKey { columns, .. } = &relation.relation.link else { return };
    let Some(model) = draft.model(relation.relation.from.model) else { return };
    if model.leading.contains(columns.as_slice()) {
        return;
    }
    diagnostics.push(messages::missing_index(relation.span, model.name(), &model.names(columns.iter().copied())));
}

/// Actions that go round in a circle would never end.
fn cycles(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let changing = || draft.relations.iter().filter(|relation| changes(relation));
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); draft.models.len()];
    for relation in changing() {
        if let Some(targets) = edges.get_mut(relation.relation.from.model.0) {
            targets.push(relation.relation.to.model.0);
        }
    }
    let components = graph::components(&edges);
    let endless = above_loops(&edges);
    for relation in changing() {
        let (from, to) = (relation.relation.from.model, relation.relation.to.model);
        if components.get(from.0) != components.get(to.0) && endless.get(to.0) != Some(&true) {
            continue;
        }
        let (Some(model), Some(other)) = (draft.model(from), draft.model(to)) else { continue };
        let Some(field) = model.field(relation.relation.from.field) else { continue };
        let span = field.syntax.span;
        diagnostics.push(messages::cyclic_actions(span, model.path(field), other.name(), harmless(draft)));
    }
}

/// For each model whether the way from it, along the edges, comes to one that leads to itself.
fn above_loops(edges: &[Vec<usize>]) -> Vec<bool> {
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            if let Some(sources) = back.get_mut(*to) {
                sources.push(from);
            }
        }
    }
    let mut found = vec![false; edges.len()];
    let mut open: Vec<usize> = (0..edges.len()).filter(|at| edges.get(*at).is_some_and(|it| it.contains(at))).collect();
    while let Some(at) = open.pop() {
        if let Some(known) = found.get_mut(at).filter(|known| !**known) {
            *known = true;
            open.extend(back.get(at).into_iter().flatten());
        }
    }
    found
}

/// The action that changes nothing and that the client can emulate on this database.
fn harmless(draft: &Draft<'_>) -> &'static str {
    if draft.provider == Some(Provider::Mysql) { "NoAction" } else { "Restrict" }
}

/// Returns whether a change of the referenced record changes the referring one.
fn changes(relation: &RelationDraft) -> bool {
    match &relation.relation.link {
        Link::ForeignKey { on_delete, on_update, .. } => {
            [on_delete, on_update].into_iter().any(|action| !matches!(action, Action::NoAction | Action::Restrict))
        }
        Link::JoinTable { .. } => false,
    }
}
