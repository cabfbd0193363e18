//! Links: which rows of a frame belong to each row of the frame before it.

use purlin_query::catalog::{FieldIndex, ModelIndex, Type};
use purlin_query::plan::{Collation, FrameColumn, Item, Nest, ResultKind};

use super::Execution;
use crate::stitch;

/// A relation some of whose rows have not found their place by the bytes of their texts. The database may compare them in
/// another way.
#[derive(Debug)]
pub(crate) struct Unmatched<'p> {
    parent: usize,
    child: usize,
    parent_key: &'p [usize],
    child_key: &'p [usize],
    types: Vec<Type>,
    link: usize,
    /// The relation.
    pub(crate) relation: (ModelIndex, FieldIndex),
    /// The columns of the parent's key.
    pub(crate) parent_columns: Vec<&'p FrameColumn>,
    /// The columns of the child's key.
    pub(crate) child_columns: Vec<&'p FrameColumn>,
}

impl<'p> Execution<'p> {
    /// Finds the children of each parent. Returns the relations that have to be linked by [`Execution::link_by`] where the
    /// database compares texts otherwise than by their bytes.
    pub(crate) fn link(&mut self) -> Vec<Unmatched<'p>> {
        let mut unmatched = Vec::new();
        if let ResultKind::Rows(nest) | ResultKind::Row(nest) = &self.query.plan.result {
            self.link_nest(nest, &mut unmatched);
        }
        self.linked = true;
        unmatched
    }

    /// Finds the children of each parent by the collations of the key that the rows of one of them refer to.
    pub(crate) fn link_by(&mut self, unmatched: &Unmatched<'_>, collations: &[Collation]) {
        let Unmatched { parent, child, parent_key, child_key, types, link, .. } = unmatched;
        let buffers = &mut self.buffers;
        if let (Some(parent), Some(child), Some(spans)) =
            (buffers.frames.get(*parent), buffers.frames.get(*child), buffers.links.get_mut(*link))
        {
            stitch::spans_by_collation(parent, parent_key, child, child_key, types, collations, spans);
        }
    }

    fn link_nest(&mut self, nest: &'p Nest, unmatched: &mut Vec<Unmatched<'p>>) {
        let plan = self.query.plan;
        for item in &nest.items {
            let Item::Relation { field, parent_key, child_key, link, nest: inner, .. } = item else { continue };
            let (link, buffers) = (*link, &mut self.buffers);
            if buffers.links.len() <= link {
                buffers.links.resize_with(link + 1, Vec::new);
            }
            let columns = |frame: usize| plan.steps.get(frame).map_or(&[][..], |step| &step.columns);
            let types: Vec<Type> =
                parent_key.iter().filter_map(|column| Some(columns(nest.frame).get(*column)?.ty)).collect();
            if let (Some(parent), Some(child), Some(spans)) =
                (buffers.frames.get(nest.frame), buffers.frames.get(inner.frame), buffers.links.get_mut(link))
            {
                let complete = stitch::spans(parent, parent_key, child, child_key, &types, spans);
                if !complete && types.contains(&Type::String) {
                    let of = |frame: usize, key: &[usize]| {
                        key.iter().filter_map(|column| columns(frame).get(*column)).collect::<Vec<_>>()
                    };
                    let (parent, child) = (nest.frame, inner.frame);
                    unmatched.push(Unmatched {
                        parent,
                        child,
                        parent_key,
                        child_key,
                        types,
                        link,
                        relation: (nest.model, *field),
                        parent_columns: of(parent, parent_key),
                        child_columns: of(child, child_key),
                    });
                }
            }
            self.link_nest(inner, unmatched);
        }
    }
}
