//! The blocks of a schema by their names.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::draft::{Config, Draft, TypeName};
use crate::messages;
use crate::model::{EnumId, MixinId, ModelId};
use crate::names;
use crate::syntax::{Block, BlockKind, Lost, Tree};

/// A draft that knows the names of the types, and nothing of what is in them.
pub(super) fn declare<'t>(trees: &'t [Tree], config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Draft<'t> {
    let mut draft = Draft {
        provider: config.provider(),
        datasource: config.datasource_name.clone(),
        relation_mode: config.relation_mode(),
        schemas: config.schemas().iter().cloned().collect(),
        first_schema: config.schemas().first().cloned(),
        features: config.features.clone(),
        composite_blocks: Vec::new(),
        mixin_blocks: Vec::new(),
        mixins: BTreeMap::new(),
        types: HashMap::new(),
        enum_blocks: Vec::new(),
        enums: Vec::new(),
        enum_values: Vec::new(),
        enum_schemas: Vec::new(),
        model_blocks: Vec::new(),
        models: Vec::new(),
        relations: Vec::new(),
        duplicated: Vec::new(),
        duplicated_members: HashSet::new(),
        open: HashSet::new(),
        lost: trees.iter().fold(Lost::default(), |mut lost, tree| {
            lost.extend(&tree.lost);
            lost
        }),
    };
    let mut first: HashMap<&str, &Block> = HashMap::new();
    for block in trees.iter().flat_map(Tree::blocks).filter(|block| !block.kind.is_configuration()) {
        names::block(block, diagnostics);
        let name = block.name.text.as_str();
        if let Some(other) = first.get(name) {
            diagnostics.push(messages::names::duplicate_block(block, other));
            draft.duplicated.push(block);
            let members = block.fields().map(|field| &field.name).chain(block.values().map(|value| &value.name));
            draft.duplicated_members.extend(members.map(|member| (name, member.text.as_str())));
            if block.kind != other.kind {
                draft.open.insert(name);
            }
            continue;
        }
        first.insert(name, block);
        let ty = match block.kind {
            BlockKind::Model | BlockKind::View => {
                if block.kind == BlockKind::View {
                    let header = block.header();
                    draft.features.require("views", "a view", header, diagnostics);
                }
                draft.model_blocks.push(block);
                TypeName::Model(ModelId(draft.model_blocks.len() - 1))
            }
            BlockKind::Enum => {
                draft.enum_blocks.push(block);
                TypeName::Enum(EnumId(draft.enum_blocks.len() - 1))
            }
            BlockKind::Mixin => {
                draft.mixins.insert(name, MixinId(draft.mixin_blocks.len()));
                draft.mixin_blocks.push(block);
                TypeName::Mixin
            }
            BlockKind::Type | BlockKind::Datasource | BlockKind::Generator => {
                draft.composite_blocks.push(block);
                TypeName::Composite
            }
        };
        draft.types.insert(name, ty);
    }
    draft
}
