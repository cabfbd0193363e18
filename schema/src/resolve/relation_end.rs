//! An end of a relation, with what is written there.

use crate::attributes::Bound;
use crate::draft::{Draft, FieldDraft, ModelDraft};
use crate::messages::FieldPath;
use crate::model::{Arity, RelationEnd};
use crate::syntax::{Argument, ExpressionKind};

/// One end of a pair, with what is written there.
#[derive(Clone, Copy)]
pub(super) struct EndDraft<'d, 't> {
    pub(super) end: RelationEnd,
    pub(super) model: &'d ModelDraft<'t>,
    pub(super) field: &'d FieldDraft<'t>,
    pub(super) attribute: Option<&'d Bound<'t>>,
}

impl<'d, 't> EndDraft<'d, 't> {
    pub(super) fn new(draft: &'d Draft<'t>, end: RelationEnd) -> Option<Self> {
        let model = draft.model(end.model)?;
        let field = model.field(end.field)?;
        Some(Self { end, model, field, attribute: field.attribute("relation") })
    }

    pub(super) fn argument(&self, name: &str) -> Option<&'t Argument> {
        self.attribute?.get(name)
    }

    /// The `fields`. Empty ones of a list say what a list says anyway: it holds no foreign key.
    pub(super) fn foreign_key(&self) -> Option<&'t Argument> {
        let is_empty =
            |argument: &&Argument| matches!(&argument.value.kind, ExpressionKind::List(items) if items.is_empty());
        self.argument("fields").filter(|argument| !(self.is_list() && is_empty(argument)))
    }

    pub(super) fn is_list(&self) -> bool {
        self.field.arity == Arity::List
    }

    /// The field, as messages show it.
    pub(super) fn path(&self) -> FieldPath<'d> {
        self.model.path(self.field)
    }
}
