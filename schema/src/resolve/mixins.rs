//! `mixin` blocks: fields and attributes that models have by `@@include(Name)`, after their own.
//!
//! Wherever the attribute stands: the formatter moves it below the fields.

use std::collections::{HashMap, HashSet};

use crate::attributes::{self, bind};
use crate::diagnostic::Diagnostic;
use crate::draft::Draft;
use crate::messages::arguments::missing_argument;
use crate::messages::arguments::wrong_value;
use crate::messages::types as messages;
use crate::model::MixinId;
use crate::syntax::{Attribute, Block, ExpressionKind, Field, Lost};

/// Most fields that mixins may add to all models together: a few lines that include each other many times over are a
/// mistake, and must not fill the memory.
const MOST_FIELDS: usize = 200_000;

/// The parts of a model, those of its mixins included.
pub(super) struct Expanded<'t> {
    pub(super) fields: Vec<&'t Field>,
    pub(super) attributes: Vec<&'t Attribute>,
    pub(super) mixins: Vec<MixinId>,
    /// The text of the model and its mixins that could not be read.
    pub(super) lost: Lost,
}

/// The parts of each model.
pub(super) fn expand<'t>(draft: &Draft<'t>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Expanded<'t>> {
    let mut expansion = Expansion { draft, used: HashSet::new(), mixed: 0, includes: HashMap::new() };
    let expanded = draft.model_blocks.iter().map(|block| expansion.model(block, diagnostics)).collect();
    let blocks = draft.mixin_blocks.iter().enumerate();
    for (_, block) in blocks.filter(|(index, _)| !expansion.used.contains(&MixinId(*index))) {
        diagnostics.push(messages::unused_mixin(&block.name));
    }
    expanded
}

/// The deepest nesting of mixins that include each other.
const DEEPEST: usize = 32;

/// The way from a model to the mixin at hand.
struct Path<'t> {
    model: &'t Block,
    included: HashSet<MixinId>,
    depth: usize,
}

struct Expansion<'d, 't> {
    draft: &'d Draft<'t>,
    used: HashSet<MixinId>,
    /// The number of fields that came from mixins.
    mixed: usize,
    /// The mixins that each `@@include` names, so that each is reported once, however often its mixin is used.
    includes: HashMap<*const Attribute, Vec<MixinId>>,
}

impl<'t> Expansion<'_, 't> {
    fn model(&mut self, block: &'t Block, diagnostics: &mut Vec<Diagnostic>) -> Expanded<'t> {
        let mut expanded =
            Expanded { fields: Vec::new(), attributes: Vec::new(), mixins: Vec::new(), lost: Lost::default() };
        let mut path = Path { model: block, included: HashSet::new(), depth: 0 };
        self.add(block, &mut path, &mut expanded, diagnostics);
        expanded
    }

    /// Adds the parts of `block`, which is a model or a mixin of it, and then those of its mixins.
    fn add(
        &mut self,
        block: &'t Block,
        path: &mut Path<'t>,
        expanded: &mut Expanded<'t>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        expanded.lost.extend(&block.lost);
        expanded.fields.extend(block.fields());
        let (includes, attributes): (Vec<_>, Vec<_>) =
            block.attributes().partition(|attribute| attribute.name.text == "include");
        expanded.attributes.extend(attributes);
        for attribute in includes {
            for id in self.named(attribute, diagnostics) {
                let Some(mixin) = self.draft.mixin_blocks.get(id.0) else { continue };
                if !path.included.insert(id) {
                    diagnostics.push(messages::repeated_include(
                        attribute.span,
                        &path.model.name.text,
                        &mixin.name.text,
                    ));
                    continue;
                }
                self.used.insert(id);
                expanded.mixins.push(id);
                self.mixed += mixin.members.len();
                if self.mixed > MOST_FIELDS || path.depth >= DEEPEST {
                    expanded.lost.add_all();
                    diagnostics.push(messages::too_many_mixins(attribute.span, DEEPEST, MOST_FIELDS));
                    return;
                }
                path.depth += 1;
                self.add(mixin, path, expanded, diagnostics);
                path.depth -= 1;
            }
        }
    }

    /// The mixins that an `@@include` names.
    fn named(&mut self, attribute: &'t Attribute, diagnostics: &mut Vec<Diagnostic>) -> Vec<MixinId> {
        let key = std::ptr::from_ref(attribute);
        if let Some(known) = self.includes.get(&key) {
            return known.clone();
        }
        let mixins = self.read(attribute, diagnostics);
        self.includes.insert(key, mixins.clone());
        mixins
    }

    fn read(&self, attribute: &'t Attribute, diagnostics: &mut Vec<Diagnostic>) -> Vec<MixinId> {
        let bindings = bind([attribute], &attributes::MODEL, diagnostics);
        let Some(bound) = bindings.get("include") else { return Vec::new() };
        let Some(argument) = bound.get("name") else {
            diagnostics.push(missing_argument(bound.span, "@@include", "name", "@@include(Timestamps)"));
            return Vec::new();
        };
        let items = match &argument.value.kind {
            ExpressionKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&argument.value),
        };
        let mut mixins = Vec::new();
        for item in items {
            let ExpressionKind::Word(name) = &item.kind else {
                diagnostics.push(wrong_value(item.span, "`@@include`", "the name of a mixin", &item.kind));
                continue;
            };
            match self.draft.mixins.get(name.as_str()) {
                Some(mixin) => mixins.push(*mixin),
                None if self.draft.lost.may_hold(name) => {}
                None => diagnostics.push(messages::unknown_mixin(item.span, name, self.draft.mixins.keys().copied())),
            }
        }
        mixins
    }
}
